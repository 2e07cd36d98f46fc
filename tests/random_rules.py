"""Random programs and observations for Hypothesis, and random genotypes for the shipped rule set."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

from hypothesis import strategies as st

from resistab import Interpreter
from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
    atoms,
    condition_text,
)
from resistab.core.faults import InputError
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program, stratify
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.atoms import (
    ChangeAtom,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    PhaseAtom,
    PriorTherapyAtom,
    SiteAtom,
    StateAtom,
    WildTypeAtom,
)
from resistab.domains.oncology.genotype import Genotype

ATOMS: tuple[Atom, ...] = tuple(WildTypeAtom(gene=f"G{number}") for number in range(6))
CONCLUSIONS = tuple(f"c{number}" for number in range(6))
# Two conclusions in each layer; negation reaches only below its own layer.
LAYER = {name: number // 2 for number, name in enumerate(CONCLUSIONS)}
WEIGHTS = (FULL_WEIGHT, 60.0, 30.0, 15.0, 10.0)


@cache
def conditions(layer: int, negated: bool = False, depth: int = 3) -> st.SearchStrategy[Condition]:
    """Condition trees for a clause of ``layer``; ``negated`` says that they will stand under a negation."""
    within_reach = [name for name in CONCLUSIONS if (LAYER[name] < layer or (LAYER[name] == layer and not negated))]
    leaves: list[st.SearchStrategy[Condition]] = [st.sampled_from(ATOMS)]
    if within_reach:
        leaves.append(st.sampled_from(within_reach).map(lambda name: ConclusionAtom(id=name)))
    leaf = st.one_of(leaves)
    if depth == 0:
        return leaf

    def parts(under_negation: bool) -> st.SearchStrategy[tuple[Condition, ...]]:
        return st.lists(conditions(layer, under_negation, depth - 1), min_size=1, max_size=4).map(tuple)

    bound = st.integers(0, 5)
    return st.one_of(
        leaf,
        parts(negated).map(lambda of: AllOf(of=of)),
        parts(negated).map(lambda of: AnyOf(of=of)),
        # What stands under a negation may only ask for lower layers, however often it is negated again.
        conditions(layer, True, depth - 1).map(lambda of: Not(of=of)),
        st.builds(lambda n, of: CountOf(at_least=n, of=of), bound, parts(negated)),
        st.builds(lambda n, of: CountOf(at_most=n, of=of), bound, parts(True)),
        st.builds(lambda n, of: CountOf(at_least=n, at_most=n, of=of), bound, parts(True)),
        st.builds(lambda n, m, of: CountOf(at_least=n, at_most=m, of=of), bound, bound, parts(True)),
    )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Stratified programs: mechanism clauses in three layers, with cycles inside a layer, and rows above them."""
    mechanism = []
    for number in range(draw(st.integers(0, 7))):
        name = draw(st.sampled_from(CONCLUSIONS))
        mechanism.append(
            Clause(
                id=f"M-{number:03}",
                unit=draw(st.sampled_from(["mechanisms", "more mechanisms"])),
                head=Head("conclusion", name),
                condition=draw(conditions(LAYER[name])),
                weight=draw(st.sampled_from(WEIGHTS)),
            )
        )
    rows = tuple(
        Clause(
            id=f"R-{number:03}",
            unit=draw(st.sampled_from(["one", "other"])),
            head=Head("row", f"R-{number:03}"),
            condition=draw(conditions(3)),
            weight=draw(st.sampled_from(WEIGHTS)),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    return Program(digest="", strata=(*stratify(mechanism), rows))


observations: st.SearchStrategy[dict[Atom, Observation]] = st.fixed_dictionaries(
    {atom: st.sampled_from(Truth).map(Observation) for atom in ATOMS}
)


class RandomGenotypes:
    """Draws genotypes that provoke the rules of a rule set: the atoms it names, near misses, and gaps."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        rules = interpreter.rulebase
        self.texts = sorted({text for atom in interpreter.program.observables for text in _findings(atom)})
        self.genes = sorted(gene.symbol for gene in rules.genes)
        self.loci = sorted(
            {str(locus) for table in rules.tables for i in table.indications for e in i.essential_loci
             for locus in e.any_of}
        )  # fmt: skip
        named = {code for table in rules.tables for i in table.indications for code in i.tumour_types}
        named |= {code for _, row in rules.active_rows() for code in row.tumour_types}
        self.named_tumours = sorted(named)
        self.tumours = sorted(rules.tumour_by_code)
        self.drugs = sorted(drug.name for drug in rules.drugs)
        self.rows = [row for _, row in rules.active_rows()]
        self.changes = [atom for atom in interpreter.program.observables if isinstance(atom, ChangeAtom)]

    def draw(self, seed: int) -> Genotype:
        """The genotype of ``seed``; what contradicts itself is drawn again, from the same stream."""
        chance = random.Random(seed)
        while True:
            try:
                return self._attempt(chance, seed)
            except InputError:
                continue

    def _attempt(self, chance: random.Random, seed: int) -> Genotype:
        row = chance.choice(self.rows)
        wanted = [list(_findings(atom)) for atom in atoms(row.when) if not isinstance(atom, ConclusionAtom)]
        findings = [chance.choice(texts) for texts in wanted if texts and chance.random() < 0.7]
        findings += chance.sample(self.texts, chance.randint(0, 6))
        findings += [self._near_miss(chance) for _ in range(chance.randint(0, 2))]
        findings += [f"{gene} wild type" for gene in chance.sample(self.genes, chance.choice([0, 0, 1, 3]))]
        findings = [
            f"{text} at {chance.choice([0.5, 4, 5, 30, 90])}%" if chance.random() < 0.2 else text for text in findings
        ]
        assayed: list[str] = chance.choice(
            [
                [],
                chance.sample(self.genes, 5),
                chance.sample(self.loci, min(8, len(self.loci))),
                [f"{gene} {kind}" for gene in chance.sample(self.genes, 25) for kind in ("mutation", "copy number")],
                [f"{gene} mutation in {chance.randint(1, 200)}-900" for gene in chance.sample(self.genes, 6)],
                [*self.genes, *(f"{gene} fusion" for gene in self.genes), "MSI", "TMB", "histology"],
            ]
        )
        return self.interpreter.genotype(
            tumour=chance.choice(chance.choice([row.tumour_types, self.named_tumours, self.tumours])),
            findings=list(dict.fromkeys(findings)),
            assayed=assayed,
            prior_therapies=chance.choice([None, [], chance.sample(self.drugs, 2)]),
            sample=f"seed {seed}",
            keep_going=True,
        )

    def _near_miss(self, chance: random.Random) -> str:
        """A substitution beside one that some rule names, or at it to another residue."""
        atom = chance.choice(self.changes)
        sequence = self.interpreter.rulebase.sequences.get(atom.gene, "")
        position = atom.change.start + chance.choice([-1, 0, 0, 1])
        if not 0 < position <= len(sequence):
            return f"{atom.gene} mutation"
        return f"{atom.gene} {sequence[position - 1]}{position}{chance.choice('ACDEFGHIKLMNPQRSTVWY*')}"


def _findings(atom: Atom) -> Sequence[str]:
    """How a patient's report would state what ``atom`` asks for, exactly or less exactly."""
    match atom:
        case ChangeAtom(residues=residues) if residues:
            start = f"{atom.gene} {atom.change.start_residue}{atom.change.start}"
            return [start + residue for residue in residues]
        case ChangeAtom():
            return [f"{atom.gene} {atom.change}", f"{atom.gene} mutation"]
        case SiteAtom(type="any change" | "substitution"):
            return [f"any change at {atom.gene} {atom.first}"] if atom.first else []
        case SiteAtom(first=first, last=last) if first is not None:
            return [f"{atom.gene} residues {first}-{last} {atom.type}"]
        case SiteAtom():
            return [f"{atom.gene} {atom.type}"]
        case StateAtom(state="value"):
            return [f"{atom.subject} 3 mut/Mb", f"{atom.subject} 40 mut/Mb"]
        case StateAtom(bound=bound) if bound is not None:
            base = condition_text(atom.model_copy(update={"bound": None}))
            return [base, f"{base} {bound.value:g}", f"{base} {bound.value + 3:g}"]
        case FusionAtom():
            return [condition_text(atom), f"{atom.genes[-1]} fusion"]
        case PhaseAtom() | NamedSetAtom() | LossAtom() | HistologyAtom() | StateAtom():
            return [condition_text(atom)]
        case PriorTherapyAtom() | WildTypeAtom():
            return []
    return []
