"""How a condition came to be true: the tree of steps behind it, down to findings and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, assert_never

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
from resistab.core.evidence import EvidenceLevel
from resistab.core.fixpoint import evaluate_condition
from resistab.core.program import Head
from resistab.core.result import KnownValues
from resistab.core.truth import Observation, Truth
from resistab.core.verdict import ResultModel

TruthName = Literal["true", "false", "unknown"]


class EvidenceItem(ResultModel):
    """One evidence item; ``studied_in`` is the code of what was studied, ``drug`` the one studied where another."""

    reference: str
    citation: str
    url: str
    level: EvidenceLevel
    direction: Literal["supports", "against"]
    studied_in: str
    studied_in_name: str
    drug: str | None
    given_with: tuple[str, ...]
    statement: str
    source: str | None


class Step(ResultModel):
    """A condition as it was evaluated: its text, its truth, and what made it so.

    ``findings`` are the patient's findings behind an atom; ``rules`` the mechanism rules behind a conclusion;
    ``parts`` the parts of a compound condition.
    """

    text: str
    truth: TruthName
    findings: tuple[str, ...] = ()
    parts: tuple[Step, ...] = ()
    rules: tuple[MechanismStep, ...] = ()


class MechanismStep(ResultModel):
    """A mechanism rule that led to a conclusion; ``weight`` is None for a definition, which weighs nothing."""

    rule: str
    conclusion: str
    explanation: str
    mechanism: str
    weight: float | None
    evidence: tuple[EvidenceItem, ...]
    condition: Step


def mechanism_steps(step: Step) -> Iterator[MechanismStep]:
    """Every mechanism rule below a step of a derivation, the last of a chain first."""
    for part in step.parts:
        yield from mechanism_steps(part)
    for rule in step.rules:
        yield rule
        yield from mechanism_steps(rule.condition)


def reference_url(reference: str) -> str:
    """The public page of a reference; "" where there is none."""
    kind, _, number = reference.partition(":")
    match kind:
        case "PMID":
            return f"https://pubmed.ncbi.nlm.nih.gov/{number}/"
        case "PMCID":
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{number}/"
        case "DOI":
            return f"https://doi.org/{number}"
        case "ASCO":
            return f"https://meetings.asco.org/abstracts-presentations/{number}"
    if reference.startswith("NCT"):
        return f"https://clinicaltrials.gov/study/{reference}"
    return ""


class Derivation:
    """Builds the derivations of one patient's verdicts from what both evaluators derived.

    ``findings`` are the patient's findings as they are shown, in the order of the genotype. A domain in whose
    conditions conclusions stand says by ``rules_held``, ``rules_for``, ``rule_step`` and ``conclusion_name`` how they
    were reached.
    """

    def __init__(self, observed: Mapping[Atom, Observation], values: KnownValues, findings: Sequence[str]) -> None:
        self.observed, self.values, self.shown = observed, values, findings

    # --- what a domain says of its own --------------------------------------------------------------------------

    # Whether of alternatives all are shown, and not those alone that hold, where one holds.
    every_alternative = False

    def text(self, condition: Condition) -> str:
        """``condition`` as it is shown."""
        return condition_text(condition)

    def conclusion_name(self, conclusion: str) -> str:
        """What a conclusion is called."""
        return conclusion

    def rules_for(self, conclusion: str) -> Sequence[Any]:
        """The rules in force that conclude ``conclusion``, each with its condition ``when``, the weightiest first."""
        return ()

    def holds_here(self, rule: Any) -> bool:
        """Whether ``rule`` is meant for such a patient at all."""
        return True

    def rule_step(self, rule: Any, conclusion: str, seen: frozenset[str]) -> MechanismStep:
        """One rule that holds, as it is reported; its condition is ``self.step(rule.when, seen)``."""
        raise NotImplementedError("this domain has no conclusions")

    # --- what is the same in every domain -----------------------------------------------------------------------

    def truth(self, condition: Condition) -> TruthName:
        """The truth of ``condition`` under what was derived."""
        strength, possible = evaluate_condition(condition, self.observed, self.values)
        return "true" if strength > 0 else "unknown" if possible else "false"

    def step(self, condition: Condition, seen: frozenset[str] = frozenset()) -> Step:
        """The derivation of ``condition``; ``seen`` are the conclusions already unfolded above it."""
        text, truth = self.text(condition), self.truth(condition)
        match condition:
            case AllOf(of=parts) | AnyOf(of=parts) | CountOf(of=parts):
                steps = [self.step(part, seen) for part in parts]
                if isinstance(condition, AnyOf) and truth == "true" and not self.every_alternative:
                    # What holds is the reason; what else would have done is noise.
                    steps = [step for step in steps if step.truth == "true"]
                return Step(text=text, truth=truth, parts=tuple(steps))
            case Not(of=part):
                return Step(text=text, truth=truth, parts=(self.step(part, seen),))
            case ConclusionAtom(id=name):
                title = f"conclusion {name} ({self.conclusion_name(name)})"
                rules = () if name in seen else self.mechanisms(name, seen | {name})
                return Step(text=title, truth=truth, rules=rules)
            case Atom():
                return Step(text=text, truth=truth, findings=self.named(self.observed[condition].findings))
            case _:
                assert_never(condition)

    def named(self, findings: Sequence[int]) -> tuple[str, ...]:
        """Findings, given by index, as they are shown."""
        return tuple(self.shown[index] for index in findings)

    def mechanisms(self, conclusion: str, seen: frozenset[str]) -> tuple[MechanismStep, ...]:
        """The rules by which a conclusion was reached."""
        return tuple(self.rule_step(rule, conclusion, seen) for rule in self.rules_held(conclusion))

    def rules_held(self, conclusion: str) -> Iterator[Any]:
        """The rules for a conclusion that hold in this patient, the weightiest first."""
        for rule in self.rules_for(conclusion):
            if self.holds_here(rule) and self.truth(rule.when) == "true":
                yield rule

    def findings(self, condition: Condition, seen: frozenset[str] = frozenset()) -> tuple[int, ...]:
        """The findings, by index, on which a true condition rests, through conclusions too."""
        found: set[int] = set()
        for atom in atoms(condition):
            if isinstance(atom, ConclusionAtom):
                if atom.id in seen:
                    continue
                for rule in self.rules_held(atom.id):
                    found.update(self.findings(rule.when, seen | {atom.id}))
            elif self.observed[atom].truth is Truth.TRUE:
                found.update(self.observed[atom].findings)
        return tuple(sorted(found))

    def unknown_atoms(self, condition: Condition, seen: frozenset[str] = frozenset()) -> set[Atom]:
        """The atoms whose being unknown leaves ``condition`` undecided."""
        unknown: set[Atom] = set()
        for atom in atoms(condition):
            if isinstance(atom, ConclusionAtom):
                value = self.values.get(Head(kind="conclusion", name=atom.id))
                if value is None or value.truth is not Truth.UNKNOWN or atom.id in seen:
                    continue
                for rule in self.rules_for(atom.id):
                    unknown |= self.unknown_atoms(rule.when, seen | {atom.id})
            elif self.observed[atom].truth is Truth.UNKNOWN:
                unknown.add(atom)
        return unknown
