"""What the two evaluators found, evaluated a third time by clingo.

clingo is an extra that need not be installed. It is given a program once, as ``core/answer_set.py`` writes it; of each
patient only the truth of the atoms changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resistab.core.agreement import DisagreementError
from resistab.core.answer_set import AnswerSetText
from resistab.core.condition import Atom
from resistab.core.extras import require
from resistab.core.program import Head, Program
from resistab.core.result import NOTHING, HeadValue, Values
from resistab.core.truth import Observation, Truth

# More than is needed to see that there is more than one.
_MODELS = "2"
_MOST_SHOWN = 5


class VerificationError(DisagreementError):
    """The third evaluator failed, or came to other values than the two that agreed."""


class ClingoProgram:
    """A program grounded by clingo; build once, evaluate for many patients.

    Construction raises ``ExtraMissingError`` where clingo is not installed.
    """

    def __init__(self, program: Program) -> None:
        require("verify", "clingo")
        import clingo

        self.program = program
        self.written = AnswerSetText(program)
        self._names = {number: head for head, number in self.written.heads.items()}
        self._said: list[str] = []
        # Its type says less than it does.
        self._control: Any = clingo.Control(["--warn=none", _MODELS], logger=lambda code, text: self._said.append(text))
        try:
            self._control.add("base", [], self.written.text)
            self._control.ground([("base", [])])
        except RuntimeError as error:
            raise self._failed(error) from error
        self._atoms = [
            (atom, self._literal("yes", n), self._literal("no", n)) for atom, n in self.written.atoms.items()
        ]
        # Whatever is not said of an atom is what clingo begins with: nothing is known.
        self._truths = [Truth.UNKNOWN] * len(self._atoms)

    def evaluate(self, observed: Mapping[Atom, Observation]) -> Values:
        """The value of every head of the program under ``observed``; raises ``VerificationError`` where it fails."""
        for index, (atom, yes, no) in enumerate(self._atoms):
            truth = observed[atom].truth
            if truth is not self._truths[index]:
                self._truths[index] = truth
                self._control.assign_external(yes, truth is Truth.TRUE)
                self._control.assign_external(no, truth is Truth.FALSE)
        try:
            with self._control.solve(yield_=True) as handle:
                models = [model.symbols(shown=True) for model in handle]
        except RuntimeError as error:
            raise self._failed(error) from error
        if len(models) != 1:
            raise VerificationError("to clingo the program has not one meaning alone")
        grades: dict[Head, list[int]] = {}
        for symbol in models[0]:
            head, grade = symbol.arguments
            grades.setdefault(self._names[head.number], []).append(grade.number)
        return {head: self._value(grades[head]) if head in grades else NOTHING for head in self.program.heads}

    def _value(self, grades: list[int]) -> HeadValue:
        highest = max(grades)
        return HeadValue(self.written.strengths[highest - 1] if highest else 0.0, 0 in grades)

    def _literal(self, name: str, number: int) -> int:
        import clingo

        literal: int = self._control.symbolic_atoms[clingo.Function(name, [clingo.Number(number)])].literal
        return literal

    def _failed(self, error: Exception) -> VerificationError:
        return VerificationError("; ".join([f"clingo failed: {error}", *self._said[:_MOST_SHOWN]]))


class Verifier:
    """Evaluates anew by clingo what is given to it; raises ``ExtraMissingError`` where clingo is not installed."""

    def __init__(self) -> None:
        require("verify", "clingo")
        # By identity, for to compare programs costs more than to solve them; each is kept, so that it stays the same.
        self._programs: dict[int, ClingoProgram] = {}

    @property
    def rules(self) -> int:
        """The number of rules, by their ids, of all programs that were evaluated."""
        return len({clause.id for known in self._programs.values() for clause in known.program.clauses})

    def verify(self, program: Program, observed: Mapping[Atom, Observation], values: Values) -> None:
        """Raises ``VerificationError`` where clingo comes to other values of ``program`` under ``observed``."""
        known = self._programs.get(id(program))
        if known is None:
            known = self._programs[id(program)] = ClingoProgram(program)
        found = known.evaluate(observed)
        if found == values:
            return
        differing = [head for head in sorted({*found, *values}, key=str) if found.get(head) != values.get(head)]
        shown = "; ".join(f"{h}: they {values.get(h)}, clingo {found.get(h)}" for h in differing[:_MOST_SHOWN])
        more = f" and {len(differing) - _MOST_SHOWN} more" if len(differing) > _MOST_SHOWN else ""
        raise VerificationError(f"clingo disagrees with the two evaluators on {len(differing)} heads: {shown}{more}")
