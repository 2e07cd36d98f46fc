"""Escape sets and genetic barrier: which further mutations would leave no drug of a regimen active.

Each gene is a program of its own, and a mutation of one bears on no drug of another: the sets of a regimen are those
of its drugs on each gene, put together. A change of residue weighs as many nucleotides as it takes from the patient's
codon, where the sequence is known, or else from the reference's; a codon inserted or deleted is three. Where the
codon is not known, a change weighs 1.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from resistab.core.amino_acids import GENETIC_CODE, codons_of
from resistab.core.condition import Atom
from resistab.core.escape import (
    Behind,
    Escapes,
    EscapeSet,
    EscapeSolver,
    FurtherChange,
    Inactive,
    Part,
    Total,
    require_known,
    require_solver,
    together,
)
from resistab.core.truth import Observation
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.compile.program import DrugProgram, residue_atoms
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.residues import AMINO_ACIDS, DELETION, INSERTION, STOP, residues_text
from resistab.domains.virus.inputs.further import FurtherMutations
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.kinds.models import ViralManifest
from resistab.domains.virus.observe import observe_residues
from resistab.domains.virus.policy.judged import JudgedViralDrug, ViralDerivation, ViralInferred
from resistab.domains.virus.policy.models import ViralVerdict
from resistab.domains.virus.policy.verdicts import verdict_of

if TYPE_CHECKING:
    from resistab.domains.virus.interpreter import ViralInterpreter

# A codon more or less is three nucleotides.
_INDEL = 3
# Cost of a residue beyond its nucleotides, by gene, position and residue.
Costs = Mapping[tuple[str, int, str], int]


def not_active_levels(manifest: ViralManifest) -> frozenset[int]:
    """The levels at which a drug is not active: those of resistance, and the highest of several intermediate ones."""
    levels = sorted(manifest.scoring.levels, key=lambda level: level.level)
    intermediate = [level.level for level in levels if level.sir == "I"]
    least = [level.level for level in levels if level.sir == "R"] + (intermediate[-1:] if len(intermediate) > 1 else [])
    return frozenset(level.level for level in levels if level.level >= min(least, default=math.inf))


class ViralEscapes:
    """Finds the escape sets of drugs and regimens by one rule set; make it once, ask it of many patients.

    ``not_active`` gives, by drug, the levels at which it is not active, the highest among them and none left out above
    the lowest; of a drug that it does not name they are those of ``not_active_levels``. ``costs`` add to the weight of
    a mutation what it costs the virus beside its nucleotides. At most ``limit`` sets of a regimen are shown.
    Construction raises ``ExtraMissingError`` where clingo is not installed.
    """

    def __init__(
        self,
        interpreter: ViralInterpreter,
        not_active: Mapping[str, frozenset[int]] = MappingProxyType({}),
        costs: Costs = MappingProxyType({}),
        limit: int = 5,
    ) -> None:
        require_solver()
        self.interpreter, self.limit = interpreter, limit
        self.rulebase = interpreter.rulebase
        usual = not_active_levels(self.rulebase.manifest)
        self.not_active = {drug.name: not_active.get(drug.name, usual) for drug in self.rulebase.drugs}
        self.costs = costs
        self.reader = MutationReader(self.rulebase)
        self.further = FurtherMutations(self.reader)
        self.programs = {drug.drug: drug for drug in interpreter.program.drugs}

    def escapes(self, genotype: ViralGenotype, drugs: Sequence[str], seconds: float = 10.0) -> Escapes:
        """The smallest escape sets of ``drugs`` given together; raises ``InputError`` for a drug that is not known."""
        return self.escapes_of_all(genotype, [drugs], seconds)[0]

    def escapes_of_all(
        self, genotype: ViralGenotype, regimens: Sequence[Sequence[str]], seconds: float = 10.0
    ) -> list[Escapes]:
        """The smallest escape sets of each of ``regimens``, within so many seconds for all of them together.

        Raises ``InputError`` for a drug that is not known, ``DisagreementError`` where the two evaluators differ.
        """
        until = time.monotonic() + seconds
        known = [self._drugs(regimen) for regimen in regimens]
        asked: dict[str, set[str]] = {}
        for regimen in known:
            for drug in regimen:
                asked.setdefault(self.rulebase.gene_of(drug), set()).add(drug)
        genes = {
            gene: _GeneSearch(self, genotype, gene, frozenset(drugs), until) for gene, drugs in sorted(asked.items())
        }
        found = []
        for regimen in known:
            of_gene: dict[str, list[str]] = {}
            for drug in regimen:
                of_gene.setdefault(self.rulebase.gene_of(drug), []).append(drug)
            parts = [genes[gene].escapes(tuple(sorted(drugs))) for gene, drugs in sorted(of_gene.items())]
            found.append(together(parts, self.limit))
        return found

    def _drugs(self, names: Sequence[str]) -> list[str]:
        known = self.rulebase.drug_by_name
        require_known(names, known)
        return sorted({known[name.casefold()].name for name in names})

    def inactive(self, verdict: ViralVerdict) -> bool:
        """Whether a verdict says that its drug is not active."""
        return verdict.level in self.not_active[verdict.drug]

    def verdict(self, drug: str, inferred: ViralInferred) -> ViralVerdict:
        """The verdict on a drug in what both evaluators derived."""
        of, rules = self.rulebase.drug_by_name[drug.casefold()], self.programs.get(drug)
        decisive = self.interpreter.decisive.get(drug, ())
        findings = [finding.mutation for finding in inferred.genotype.findings]
        derivation = ViralDerivation(inferred.observed, inferred.values, findings)
        scales = self.interpreter.scales
        return verdict_of(JudgedViralDrug(self.rulebase, inferred, of, rules, scales, decisive, derivation))

    def defeat(self, drug: DrugProgram) -> Inactive:
        """When a drug is not active, from the rules that its verdict is made of."""
        levels = self.not_active[drug.drug]
        outright = tuple((rule.head, 0.0) for rule in drug.rules if rule.level in levels)
        scales = self.interpreter.scales
        totals: list[Total] = []
        for items, scale in zip(drug.scores, scales.of_drug[drug.drug], strict=True):
            ranges = tuple((of.from_score, of.to_score) for of in scale if of.level in levels)
            if not ranges:
                continue
            parts = tuple(tuple(Part(part.head, part.score) for part in item.parts) for item in items)
            if scales.combine == "max":
                # Of all that holds only the largest counts, as of one item.
                parts = (tuple(part for item in parts for part in item),)
            totals.append(Total(parts, ranges))
        return Inactive(any_of=outright, totals=tuple(totals))


class _GeneSearch:
    """The drugs on one gene in one patient."""

    def __init__(
        self, search: ViralEscapes, genotype: ViralGenotype, gene: str, drugs: frozenset[str], until: float
    ) -> None:
        self.search, self.gene, self.until = search, gene, until
        coverage = [item for item in genotype.coverage if item.gene == gene] or [GeneCoverage(gene, inferred=True)]
        # What was not read of a whole gene is taken as the reference once a mutation of it is found, as in any list.
        self.genotype = replace(
            genotype,
            findings=tuple(f for f in genotype.findings if f.gene == gene),
            coverage=tuple(coverage),
            measured=(),
        )
        self.sequenced = any(item.gene == gene for item in genotype.coverage)
        self.found: dict[tuple[str, ...], Escapes] = {}
        self.inferences: dict[tuple[str, ...], ViralInferred] = {}
        self.verdicts: dict[tuple[tuple[str, ...], str], ViralVerdict] = {}
        self.with_rules = frozenset(drug for drug in drugs if drug in search.programs)
        programs = [search.programs[drug] for drug in sorted(self.with_rules)]
        program = search.interpreter.program.by_gene[gene]
        asked = tuple(dict.fromkeys(a for of in programs for when in of.conditions for a in residue_atoms(when)))
        observed = observe_residues(asked, self.genotype)
        self.solver = EscapeSolver(
            program,
            {atom: seen.truth for atom, seen in observed.items()},
            self._changes(asked, observed),
            {of.drug: search.defeat(of) for of in programs},
        )

    # --- changes ------------------------------------------------------------------------------------------------

    def _changes(self, asked: Sequence[ResidueAtom], observed: Mapping[Atom, Observation]) -> Iterator[FurtherChange]:
        """Each residue that some rule names at a position, in place of what is there."""
        at: dict[int, list[ResidueAtom]] = {}
        for atom in asked:
            at.setdefault(atom.position, []).append(atom)
        there = {finding.position: finding for finding in self.genotype.findings}
        for position, atoms in sorted(at.items()):
            reference = self.search.reader.residue(self.gene, position)
            finding = there.get(position)
            present = set(finding.residues) if finding is not None else {reference}
            named: set[str] = set()
            for atom in atoms:
                named |= AMINO_ACIDS - {"X"} - set(atom.residues) if atom.inverted else set(atom.residues)
            for residue in sorted(named - present - {reference, STOP}):
                text = f"{reference}{position}{residues_text((residue,))}"
                new = ResidueFinding(self.gene, position, reference, (residue,), text)
                seen = observe_residues(atoms, replace(self.genotype, findings=(new,)))
                changed = [atom for atom in atoms if seen[atom].truth is not observed[atom].truth]
                if not changed:
                    continue
                nucleotides = self._nucleotides(finding, position, residue)
                added = self.search.costs.get((self.gene, position, residue), 0)
                yield FurtherChange(
                    id=f"{self.gene} {position:04} {residue}",
                    text=f"{self.gene}:{text}",
                    makes_true=frozenset(atom for atom in changed if seen[atom].truth.value == "true"),
                    makes_false=frozenset(atom for atom in changed if seen[atom].truth.value == "false"),
                    makes_open=frozenset(atom for atom in changed if seen[atom].truth.value == "unknown"),
                    slot=str(position),
                    weight=(1 if nucleotides is None else nucleotides) + added,
                    weight_known=nucleotides is not None,
                )

    def _nucleotides(self, finding: ResidueFinding | None, position: int, residue: str) -> int | None:
        """How many nucleotides must change, None where the codon is not known."""
        if residue in (INSERTION, DELETION):
            return _INDEL
        codon = self._codon(finding, position)
        if codon is None:
            return None
        targets = [target for target, encoded in GENETIC_CODE.items() if encoded == residue]
        return min(
            (sum(a != b for a, b in zip(own, target, strict=True)) for own in codons_of(codon) for target in targets),
            default=None,
        )

    def _codon(self, finding: ResidueFinding | None, position: int) -> str | None:
        """The patient's codon; the reference's where nothing else was found there and there is no sequence."""
        own = next((codon for of in self.genotype.codons if of.gene == self.gene and (codon := of.at(position))), "")
        if own and own.count("N") < 2:
            return own
        if finding is not None:
            return None
        codons: Mapping[int, str] = next(g.codon_at for g in self.search.rulebase.genes if g.symbol == self.gene)
        return codons.get(position)

    # --- sets ---------------------------------------------------------------------------------------------------

    def escapes(self, drugs: tuple[str, ...]) -> Escapes:
        """The escape sets of drugs on this gene."""
        if drugs not in self.found:
            self.found[drugs] = self._escapes(drugs)
        return self.found[drugs]

    def _escapes(self, drugs: tuple[str, ...]) -> Escapes:
        # Of a gene that was not sequenced nothing is known as it is.
        active = [drug for drug in drugs if not self.sequenced or not self.search.inactive(self.verdict(drug, ()))]
        able = tuple(drug for drug in active if drug in self.with_rules and self.solver.can_defeat((drug,), self.until))
        undefeated = tuple(drug for drug in active if drug not in able)
        if not able:
            return Escapes((), len(undefeated) and 1, known=not undefeated, undefeated=undefeated)
        goal = tuple((drug,) for drug in able)
        smallest = self.solver.smallest(goal, lambda changes: self._works(changes, able), self.search.limit, self.until)
        if smallest is None:
            return Escapes((), 1, known=False, undefeated=tuple(active))
        return Escapes(
            sets=tuple(self._shown(changes, able) for changes in smallest.sets),
            barrier=max(smallest.weight, 1),
            exact=smallest.exact,
            known=not undefeated,
            undefeated=undefeated,
            found=smallest.found,
            disagreements=smallest.failed,
        )

    def _works(self, changes: tuple[FurtherChange, ...], drugs: Sequence[str]) -> bool:
        """Whether by both evaluators and the whole policy no drug is active once the changes are there."""
        mutations = tuple(change.text for change in changes)
        return all(self.search.inactive(self.verdict(drug, mutations)) for drug in drugs)

    def verdict(self, drug: str, mutations: tuple[str, ...]) -> ViralVerdict:
        """The verdict on a drug with further mutations."""
        key = mutations, drug
        if key not in self.verdicts:
            if mutations not in self.inferences:
                further = self.search.further.added(self.genotype, ", ".join(mutations)) if mutations else self.genotype
                self.inferences[mutations] = self.search.interpreter.infer(further)
            self.verdicts[key] = self.search.verdict(drug, self.inferences[mutations])
        return self.verdicts[key]

    def _shown(self, changes: tuple[FurtherChange, ...], drugs: Sequence[str]) -> EscapeSet:
        defeats = self.solver.defeats(changes, {drug: (drug,) for drug in drugs})
        mutations = tuple(change.text for change in changes)
        behind = []
        for change in changes:
            written = change.text.partition(":")[2]
            for drug in defeats[change.id]:
                for contribution in self.verdict(drug, mutations).contributions:
                    if written in contribution.findings and (contribution.score or 1) > 0:
                        behind.append(Behind(change.id, drug, contribution.row))
        return EscapeSet(changes, sum(change.weight for change in changes), defeats, tuple(behind))
