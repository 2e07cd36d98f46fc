"""What is known of a drug for a virus before a verdict: its score, what was not read, and the rows that hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from resistab.core.condition import (
    Atom,
    Condition,
    condition_text,
    replace_atoms,
)
from resistab.core.derivation import Derivation
from resistab.core.program import Head
from resistab.core.result import Values
from resistab.core.said import said
from resistab.core.truth import Observation, Truth
from resistab.domains.virus.compile.program import DrugProgram, residue_atoms
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.kinds.models import ViralDrug, ViralRulebase
from resistab.domains.virus.policy.models import (
    OpenRow,
    ViralContribution,
)
from resistab.domains.virus.policy.scores import (
    DrugScore,
    Scales,
    score_drug,
)


@dataclass(frozen=True)
class ViralInferred:
    """What both evaluators derived for one genotype, and what was observed of its residues.

    ``with_reference`` is what they derive where every position that was not read holds the reference, for the genes
    that were read in part.
    """

    genotype: ViralGenotype
    observed: Mapping[Atom, Observation]
    values: Values
    with_reference: Values


class ViralDerivation(Derivation):
    """Names no gene, which the verdict names, and shows every residue that a row would have held for."""

    every_alternative = True

    def text(self, condition: Condition) -> str:
        return _text(condition)


class JudgedViralDrug:
    """A drug before its verdict.

    ``rules`` are those of its table, None where it has none; ``decisive`` the positions at which one mutation alone
    makes it other than susceptible.
    """

    def __init__(
        self,
        rulebase: ViralRulebase,
        inferred: ViralInferred,
        drug: ViralDrug,
        rules: DrugProgram | None,
        scales: Scales,
        decisive: tuple[int, ...],
        derivation: Derivation,
    ) -> None:
        self.rulebase, self.inferred, self.drug, self.rules = rulebase, inferred, drug, rules
        self.scales = scales
        self.gene = rulebase.gene_of(drug.name)
        self.coverage = next((item for item in inferred.genotype.coverage if item.gene == self.gene), None)
        self.decisive, self.derivation = decisive, derivation
        self.score: DrugScore | None = None
        if rules is not None and self.coverage is not None:
            self.score = score_drug(rules, scales, lambda head: self.truth(head) is Truth.TRUE)

    def truth(self, head: Head) -> Truth:
        return self.inferred.values[head].truth

    # --- what was not read ----------------------------------------------------------------------------------

    @property
    def susceptible(self) -> bool:
        """Whether the level means susceptible, which nobody may say where decisive positions were not read."""
        return self.score is not None and self.score.level.sir == "S"

    def resistant_by_reference(self) -> bool:
        """Whether the reference residue at positions that were not read would mean resistance."""
        if self.rules is None or self.coverage is None or self.coverage.ranges is None:
            return False
        values = self.inferred.with_reference
        return score_drug(self.rules, self.scales, lambda head: values[head].truth is Truth.TRUE).level.sir != "S"

    def not_read(self) -> tuple[int, ...]:
        """The positions that the drug's rules ask for and that were not read."""
        if self.rules is None or self.coverage is None:
            return ()
        return self.unread(*self.rules.conditions)

    def unread(self, *conditions: Condition) -> tuple[int, ...]:
        atoms = (atom for condition in conditions for atom in residue_atoms(condition))
        return tuple(sorted({a.position for a in atoms if self.inferred.observed[a].truth is Truth.UNKNOWN}))

    def left_open(self) -> tuple[OpenRow, ...]:
        """The rows that could not be decided, in the order of the table."""
        if self.rules is None or self.coverage is None or self.coverage.ranges is None:
            return ()
        parts = [(item.row, part) for items in self.rules.scores for item in items for part in item.parts]
        scored = [(row, part.head, part.when, part.score, None) for row, part in parts]
        outright = [(rule.row, rule.head, rule.when, None, rule.level) for rule in self.rules.rules]
        return tuple(
            OpenRow(row=row, condition=_text(when), score=score, level=level, positions=self.unread(when))
            for row, head, when, score, level in [*scored, *outright]
            if self.truth(head) is Truth.UNKNOWN
        )

    # --- what holds -----------------------------------------------------------------------------------------

    def contributions(self) -> tuple[ViralContribution, ...]:
        """The rows that hold and count, in the order of the table."""
        if self.score is None:
            return ()
        scored = [(row, part.when, part.score, None) for row, part in self.score.parts]
        outright = [(rule.row, rule.when, None, rule.level) for rule in self.score.rules if rule.level is not None]
        return tuple(
            ViralContribution(
                row=row,
                overlay=self.rulebase.overlay_of(row),
                condition=_text(condition),
                score=score,
                level=level,
                findings=self.derivation.named(self.derivation.findings(condition)),
                derivation=self.derivation.step(condition),
            )
            for row, condition, score, level in [*scored, *outright]
        )

    def reason(self, name: str, missing: tuple[str, ...], contributions: tuple[ViralContribution, ...]) -> str:
        """The strongest reason, in one line."""
        if name == "not_assessable":
            return "; ".join(missing)
        if not contributions:
            return said("no rule holds")
        assert self.score is not None
        for contribution in contributions:
            if contribution.level == self.score.level.level and contribution.findings:
                named = ", ".join(contribution.findings)
                return said("{findings}: level {number}", findings=named, number=contribution.level)
        raising = _behind(c for c in contributions if (c.score or 0) > 0)
        lowering = [text for text in _behind(c for c in contributions if (c.score or 0) < 0) if text not in raising]
        parts = [", ".join(raising)] if raising else []
        if lowering:
            parts.append(said("score lowered by {findings}", findings=", ".join(lowering)))
        return "; ".join(parts) or contributions[0].condition


def _behind(contributions: Iterable[ViralContribution]) -> list[str]:
    """The mutations behind rows, the weightiest first; the condition of a row that holds by what was not found."""
    weighed = sorted(contributions, key=lambda c: -abs(c.score or 0))
    return list(dict.fromkeys(text for c in weighed for text in (c.findings or (c.condition,))))


def _text(condition: Condition) -> str:
    """``condition`` without its gene, which the verdict names."""
    return condition_text(_nameless(condition))


def _nameless(condition: Condition) -> Condition:
    return replace_atoms(condition, {atom: atom.model_copy(update={"gene": ""}) for atom in residue_atoms(condition)})
