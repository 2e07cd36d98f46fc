"""A program as rules of CLIPS, for ``peers.py``: what an expert system shell of long standing makes of it.

Every condition made of others has rules of its own, which assert that it holds, or that it fails where that is asked;
equal conditions share them. As in ``resistab.core.answer_set`` each fact bears a grade: 0 for possibly, 1 and above for
certainly and with at least that strength. What negates a conclusion has a lower salience than all that derive it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import clips

from resistab.core.condition import AllOf, AnyOf, Atom, ConclusionAtom, Condition, CountOf, Not
from resistab.core.program import FULL_WEIGHT, Head, Program
from resistab.core.result import NOTHING, HeadValue, Values
from resistab.core.truth import Observation, Truth

# The shell has no counts: a rule is written for each choice of parts that suffices.
MOST_CHOICES = 1000
# To be given a fact takes the shell longer than to derive one, and it compares a fact with each pattern of its relation
# in turn. So atoms are given together, in one fact for each of so many groups.
GROUPS = 40


class ClipsProgram:
    """A program built in an environment of its own; build once, evaluate for many patients."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.strengths = sorted({min(clause.weight, FULL_WEIGHT) for clause in program.clauses} | {FULL_WEIGHT})
        self._heads = {head: f"h{number}" for number, head in enumerate(program.heads)}
        self._named = {name: head for head, name in self._heads.items()}
        self._level = {c.head: number for number, stratum in enumerate(program.strata) for c in stratum}
        self._atoms: dict[tuple[Atom, bool], str] = {}
        self._patterns: dict[tuple[Condition, bool], str] = {}
        self._rules = self._nodes = 0
        self._stratum = 0
        self._environment = clips.Environment()
        grades = " ".join(f"(grade {grade})" for grade in range(len(self.strengths) + 1))
        self._environment.build(f"(deffacts grades {grades})")
        for number in range(GROUPS):
            each = f"(foreach ?atom ?atoms (assert (given-{number} ?atom ?most)))"
            self._environment.build(f"(defrule given-{number} (observed-{number} ?most $?atoms) => {each})")
        self._environment.build("(deftemplate value (slot head) (slot grade))")
        for self._stratum, stratum in enumerate(program.strata):
            for clause in stratum:
                pattern = self._pattern(clause.condition, True)
                most = sum(strength <= clause.weight for strength in self.strengths)
                then = f"(value (head {self._heads[clause.head]}) (grade ?g))"
                self._rule(f"{pattern} (test (<= ?g {most}))", then)

    def evaluate(self, observed: Mapping[Atom, Observation]) -> Values:
        """The value of every head of the program under ``observed``."""
        given: dict[str, list[str]] = {}
        for (atom, wanted), name in self._atoms.items():
            truth = observed[atom].truth
            if truth is (Truth.TRUE if wanted else Truth.FALSE):
                given.setdefault(f"observed-{_group(name)} {len(self.strengths)}", []).append(name)
            elif truth is Truth.UNKNOWN:
                given.setdefault(f"observed-{_group(name)} 0", []).append(name)
        environment = self._environment
        environment.reset()
        if given:
            environment.load_facts("\n".join(f"({group} {' '.join(names)})" for group, names in given.items()))
        environment.run()
        found: dict[Head, list[int]] = {}
        for fact in environment.find_template("value").facts():
            found.setdefault(self._named[str(fact["head"])], []).append(fact["grade"])
        return {head: self._value(found[head]) if head in found else NOTHING for head in self.program.heads}

    def _value(self, grades: list[int]) -> HeadValue:
        highest = max(grades)
        return HeadValue(self.strengths[highest - 1] if highest else 0.0, 0 in grades)

    def _pattern(self, condition: Condition, holds: bool) -> str:
        """The pattern that binds ``?g`` to each grade with which ``condition`` holds, or fails."""
        key = condition, holds
        if key not in self._patterns:
            self._patterns[key] = self._written(condition, holds)
        return self._patterns[key]

    def _written(self, condition: Condition, holds: bool) -> str:
        match condition:
            case ConclusionAtom(id=name):
                return self._conclusion(Head("conclusion", name), holds)
            case Atom():
                name = self._atoms[condition, holds] = f"{'yes' if holds else 'no'}-{len(self._atoms)}"
                given = f"(given-{_group(name)} {name} ?most)"
                self._rule(f"{given} (grade ?g&:(<= ?g ?most))", f"({name} ?g)", 1)
                return f"({name} ?g)"
            case Not(of=part):
                return self._pattern(part, not holds)
            case AllOf(of=parts) | AnyOf(of=parts):
                patterns = [self._pattern(part, holds) for part in parts]
                if isinstance(condition, AllOf) == holds:
                    return self._node([patterns])
                return self._node([[pattern] for pattern in patterns])
            case CountOf(at_least=least, at_most=most, of=parts):
                total = len(parts)
                bounds = [] if least is None else [(least, True) if holds else (total - least + 1, False)]
                bounds += [] if most is None else [(total - most, False) if holds else (most + 1, True)]
                some = [self._some_of(parts, number, positive) for number, positive in bounds]
                return self._node([some] if holds else [[one] for one in some])
        raise TypeError(f"no condition: {condition!r}")

    def _some_of(self, parts: tuple[Condition, ...], number: int, holds: bool) -> str:
        """The pattern for: so many of ``parts`` hold, or fail."""
        if number > len(parts):
            return self._node([])
        if math.comb(len(parts), max(number, 0)) > MOST_CHOICES:
            raise ValueError(f"{number} of {len(parts)} parts can be chosen in too many ways for CLIPS")
        patterns = [self._pattern(part, holds) for part in parts] if number > 0 else []
        return self._node([list(chosen) for chosen in itertools.combinations(patterns, max(number, 0))])

    def _conclusion(self, head: Head, holds: bool) -> str:
        name = self._heads.setdefault(head, f"h{len(self._heads)}")
        if holds:
            return f"(value (head {name}) (grade ?g))"
        after = -2 * self._level.get(head, 0) - 1
        certain = "(grade ?g&:(> ?g 0))"
        self._rule(f"{certain} (not (value (head {name}) (grade 0)))", f"(no-{name} ?g)", after)
        self._rule(f"(not (value (head {name}) (grade 1)))", f"(no-{name} 0)", after)
        return f"(no-{name} ?g)"

    def _node(self, ways: list[list[str]]) -> str:
        """The pattern of what holds wherever all patterns of one of ``ways`` do."""
        name = f"n{self._nodes}"
        self._nodes += 1
        for way in ways:
            self._rule(" ".join(way) or "(grade ?g)", f"({name} ?g)")
        return f"({name} ?g)"

    def _rule(self, when: str, then: str, salience: int | None = None) -> None:
        salience = -2 * self._stratum if salience is None else salience
        self._environment.build(f"(defrule r{self._rules} (declare (salience {salience})) {when} => (assert {then}))")
        self._rules += 1


def _group(name: str) -> int:
    """The group of an atom, by the number in its name."""
    return int(name.partition("-")[2]) % GROUPS
