"""Verdicts of the plain form: what a domain concludes of a drug that has nothing to say beyond it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from resistab.core.condition import Atom, Condition, condition_text
from resistab.core.derivation import Derivation, EvidenceItem, MechanismStep, Step
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program, sharing_atoms, stratify
from resistab.core.result import Values
from resistab.core.truth import Observation
from resistab.core.verdict import ResultModel


class PlainContribution(ResultModel):
    """A row that holds: what it says (``effect``) and counts, why, on whose evidence, and how it came to hold.

    ``overlay`` names the laboratory's overlay that it came from, if any.
    """

    row: str
    overlay: str | None
    condition: str
    effect: str
    score: float
    reason: str
    findings: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    derivation: Step


class PlainVerdict(ResultModel):
    """What is concluded for one drug; ``decided_by`` names the rule of the domain's policy that spoke, or the level.

    ``level``, ``level_name`` and ``score`` are None where nothing can be said: ``not_assessable`` holds what would
    have had to be known. ``left_open`` are the rows that could not be decided.
    """

    drug: str
    drug_class: str
    verdict: str
    level: int | None
    level_name: str | None
    score: float | None
    decided_by: str
    reason: str
    rows: tuple[str, ...]
    citations: tuple[str, ...]
    not_assessable: tuple[str, ...]
    contributions: tuple[PlainContribution, ...]
    left_open: tuple[str, ...]


class ChainedRule(NamedTuple):
    """A rule from what is observed to a conclusion: what that is called, on whose authority, and what it leads to."""

    id: str
    when: Condition
    name: str
    basis: str
    mechanism: str


class Rows(NamedTuple):
    """The rows of a drug's table that are in use, each with ``id`` and ``when``."""

    drug: str
    rows: Sequence[Any]


def plain_program(digest: str, rules: Mapping[str, ChainedRule], tables: Iterable[Rows]) -> Program:
    """The program of a rule set of the plain form: ``rules`` by what they conclude below, the rows of drugs above."""

    def clause(unit: str, head: Head, id_: str, when: Condition) -> Clause:
        return Clause(id=id_, unit=unit, head=head, condition=when, weight=FULL_WEIGHT)

    below = [clause("rules", Head("conclusion", name), rule.id, rule.when) for name, rule in rules.items()]
    above = tuple(clause(drug, Head("row", row.id), row.id, row.when) for drug, rows in tables for row in rows)
    return Program(digest=digest, strata=sharing_atoms(stratum for stratum in (*stratify(below), above) if stratum))


class PlainDerivation(Derivation):
    """Derivations in the plain form; ``rules`` are those that conclude something, by what they conclude."""

    def __init__(
        self,
        observed: Mapping[Atom, Observation],
        values: Values,
        findings: Sequence[str],
        rules: Mapping[str, ChainedRule],
    ) -> None:
        super().__init__(observed, values, findings)
        self.rules = rules

    def conclusion_name(self, conclusion: str) -> str:
        """What a conclusion is called."""
        return self.rules[conclusion].name

    def rules_for(self, conclusion: str) -> Sequence[ChainedRule]:
        """The one rule that concludes it."""
        return (self.rules[conclusion],)

    def rule_step(self, rule: ChainedRule, conclusion: str, seen: frozenset[str]) -> MechanismStep:
        """One rule that holds, as it is reported."""
        return MechanismStep(
            rule=rule.id,
            conclusion=conclusion,
            explanation=rule.basis,
            mechanism=rule.mechanism,
            weight=None,
            evidence=(),
            condition=self.step(rule.when, seen),
        )

    def contribution(
        self, row: Any, *, score: float, evidence: tuple[EvidenceItem, ...], overlay: str | None
    ) -> PlainContribution:
        """A row that holds, with ``id``, ``when``, ``effect`` and ``reason``, as it is reported."""
        return PlainContribution(
            row=row.id,
            overlay=overlay,
            condition=condition_text(row.when),
            effect=row.effect,
            score=score,
            reason=row.reason,
            findings=self.named(self.findings(row.when)),
            evidence=evidence,
            derivation=self.step(row.when),
        )
