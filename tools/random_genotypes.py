"""Random genotypes that provoke the rules for tumours: what they name, near misses of it, and gaps."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from resistab.core.condition import AllOf, AnyOf, Atom, ConclusionAtom, Condition, CountOf, atoms, condition_text
from resistab.core.faults import InputError
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
from resistab.domains.oncology.interpreter import TumourInterpreter


@dataclass(frozen=True)
class Texts:
    """A tumour as a user writes it down."""

    tumour: str
    findings: tuple[str, ...]
    assayed: tuple[str, ...]
    prior: tuple[str, ...] | None

    def genotype(self, interpreter: TumourInterpreter, sample: str = "sample", keep_going: bool = False) -> Genotype:
        """The genotype of it; raises ``InputError`` where it contradicts itself or is not understood."""
        return interpreter.genotype(
            self.tumour, self.findings, self.assayed, self.prior, sample=sample, keep_going=keep_going
        )


class RandomGenotypes:
    """Draws genotypes that provoke the rules of a rule set: the atoms it names, near misses, and gaps."""

    def __init__(self, interpreter: TumourInterpreter) -> None:
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
        self.tables = [table for table in rules.tables if any(i.relevant for i in table.indications)]

    def draw(self, seed: int) -> Genotype:
        """The genotype of ``seed``; what contradicts itself is drawn again, from the same stream."""
        chance = random.Random(seed)
        while True:
            try:
                return self.anything(chance).genotype(self.interpreter, f"seed {seed}", keep_going=True)
            except InputError:
                continue

    def draw_texts(self, chance: random.Random) -> tuple[Texts, Genotype]:
        """What a user may write down, mostly around one drug, and the genotype of it."""
        while True:
            texts = self.around_a_drug(chance) if chance.random() < 0.85 else self.anything(chance)
            try:
                return texts, texts.genotype(self.interpreter)
            except InputError:
                continue

    def anything(self, chance: random.Random) -> Texts:
        """A tumour that may contradict itself: some of what a row asks for, and much besides."""
        row = chance.choice(self.rows)
        wanted = [list(_findings(atom)) for atom in atoms(row.when) if not isinstance(atom, ConclusionAtom)]
        findings = [chance.choice(texts) for texts in wanted if texts and chance.random() < 0.7]
        findings += chance.sample(self.texts, chance.randint(0, 6))
        findings += [self.near_miss(chance) for _ in range(chance.randint(0, 2))]
        findings += [f"{gene} wild type" for gene in chance.sample(self.genes, chance.choice([0, 0, 1, 3]))]
        findings = [_with_fraction(text, chance) for text in findings]
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
        return Texts(
            tumour=chance.choice(chance.choice([row.tumour_types, self.named_tumours, self.tumours])),
            findings=tuple(dict.fromkeys(findings)),
            assayed=tuple(assayed),
            prior=chance.choice([None, (), tuple(chance.sample(self.drugs, 2))]),
        )

    def around_a_drug(self, chance: random.Random) -> Texts:
        """A tumour of a type that a drug is for, with its marker, and some of what speaks against it or nearly does."""
        table = chance.choice(self.tables)
        indication = chance.choice([i for i in table.indications if i.relevant])
        rules = self.interpreter.rulebase
        rows = [row for row in rules.rows_of(table) if row.status == "active"]
        findings: list[str] = []
        if indication.requires != "nothing" and chance.random() < 0.85:
            findings += self.stated(indication.requires, chance)
        markers = [row for row in rows if row.effect == "susceptibility"]
        if markers and chance.random() < 0.6:
            findings += self.stated(chance.choice(markers).when, chance)
        against = [row for row in rows if row.effect in ("resistance", "reduced response")]
        for row in chance.sample(against, min(len(against), chance.choice([0, 1, 1, 2]))):
            stated = self.stated(row.when, chance)
            named = [atom for atom in atoms(row.when) if isinstance(atom, ChangeAtom)]
            near = chance.random() < 0.4 and named
            findings += [self.beside(chance.choice(named), chance)] if near else stated
        findings += chance.sample(self.texts, chance.choice([0, 0, 0, 1, 2]))
        findings = [_with_fraction(text, chance) for text in findings]
        essential = [str(locus) for e in indication.essential_loci for locus in e.any_of]
        decisive = [str(locus) for e in indication.absent_if_assayed for locus in e.any_of]
        genes = sorted({subject for row in rows for atom in atoms(row.when) for subject in atom.subjects
                        if subject in self.genes})  # fmt: skip
        assayed: list[str] = chance.choice(
            [
                [],
                essential,
                [*essential, *decisive],
                [*essential, *decisive, *genes],
                [*essential, *chance.sample(genes, chance.randint(0, len(genes)))],
                [*essential, *genes, *(f"{gene} fusion" for gene in genes), *(f"{gene} protein" for gene in genes)],
                chance.sample(genes, chance.randint(0, len(genes))),
            ]
        )
        if assayed and chance.random() < 0.25:
            findings.append(f"{chance.choice(self.genes)} wild type")
        lineage = list(indication.tumour_types)
        below = [code for code in self.tumours if rules.tumour_by_code[code].parent in lineage]
        return Texts(
            tumour=chance.choice(below if below and chance.random() < 0.4 else lineage),
            findings=tuple(dict.fromkeys(findings)),
            assayed=tuple(dict.fromkeys(assayed)),
            prior=chance.choice([None, None, (), tuple(chance.sample(self.drugs, 2))]),
        )

    def stated(self, condition: Condition, chance: random.Random, depth: int = 3) -> list[str]:
        """Findings by which ``condition`` would hold, as far as findings can make it so."""
        match condition:
            case AllOf(of=parts):
                return [text for part in parts for text in self.stated(part, chance, depth)]
            case AnyOf(of=parts):
                return self.stated(chance.choice(parts), chance, depth)
            case CountOf(at_least=least, of=parts):
                chosen = chance.sample(parts, least or 0)
                return [text for part in chosen for text in self.stated(part, chance, depth)]
            case ConclusionAtom(id=name):
                rules = [rule for rule in self.interpreter.rulebase.mechanism_rules if rule.concludes == name]
                return self.stated(chance.choice(rules).when, chance, depth - 1) if rules and depth else []
            case Atom():
                texts = _findings(condition)
                return [chance.choice(texts)] if texts else []
        return []

    def beside(self, atom: ChangeAtom, chance: random.Random) -> str:
        """A change at the place of one that a rule names: another, a larger that holds it, one known less exactly."""
        gene, change = atom.gene, atom.change
        first, last = f"{change.start_residue}{change.start}", f"{change.end_residue}{change.end}"
        span = first if change.start == change.end else f"{first}_{last}"
        new = atom.residues[0] if atom.residues else change.inserted or "A"
        sequence = self.interpreter.rulebase.sequences.get(gene, "")
        others = [residue for residue in "ACDEFGHIKLMNPQRSTVWY" if residue != change.start_residue]
        choices = [
            f"{gene} {first}{chance.choice(others)}",
            f"{gene} {first}*",
            f"{gene} {first}X",
            f"{gene} {span}del",
            f"{gene} {span}delins{new}{chance.choice(others)}",
            f"{gene} {span}dup",
            f"{gene} {first}fs",
            f"{gene} {first}=",
            f"{gene} mutation",
            f"any substitution at {gene} {first}",
            f"any change at {gene} {first}",
            f"{gene} residues {change.start}-{change.end + 2} deletion",
            f"{gene} residues {max(change.start - 1, 1)}-{change.end} insertion",
            f"{gene} {first}{new} not detected",
        ]
        if change.end < len(sequence):
            after = f"{sequence[change.end]}{change.end + 1}"
            choices += [
                f"{gene} {first}_{after}delins{new}{chance.choice(others)}",
                f"{gene} {last}_{after}ins{new}{chance.choice(others)}",
                f"{gene} {first}_{after}del",
            ]
        return chance.choice(choices)

    def near_miss(self, chance: random.Random) -> str:
        """A substitution beside one that some rule names, or at it to another residue."""
        atom = chance.choice(self.changes)
        sequence = self.interpreter.rulebase.sequences.get(atom.gene, "")
        position = atom.change.start + chance.choice([-1, 0, 0, 1])
        if not 0 < position <= len(sequence):
            return f"{atom.gene} mutation"
        return f"{atom.gene} {sequence[position - 1]}{position}{chance.choice('ACDEFGHIKLMNPQRSTVWY*')}"


def _with_fraction(text: str, chance: random.Random) -> str:
    return f"{text} at {chance.choice([0.5, 4, 5, 30, 90])}%" if chance.random() < 0.2 else text


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
