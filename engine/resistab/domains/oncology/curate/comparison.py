"""Two states of a rule set for tumours beside each other, applied to the same patients by one evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.core.condition import AllOf, Atom, atoms
from resistab.core.derivation import mechanism_steps
from resistab.core.faults import Fault, InputError
from resistab.core.fixpoint import evaluate_by_fixpoint, evaluate_condition
from resistab.core.program import Clause, Program
from resistab.core.result import HeadValue
from resistab.core.truth import Observation
from resistab.curation.kit.patients import Concluded, Pair, Patients, Progress, Unread
from resistab.domains.oncology.atoms import TumourTypeAtom
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.assembly import GivenSample
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.interpreter import Compiled, TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.observe import Observer, observe_all
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.policy.verdicts import all_verdicts


class TumourComparison:
    """Two states of one rule set, read from ``folders``."""

    def __init__(self, old: Rulebase, new: Rulebase, folders: tuple[Path, Path]) -> None:
        self._old, self._new = old, new
        self._sides = [_Side(rules, folder) for rules, folder in zip(_differing(old, new), folders, strict=True)]
        observables = (atom for side in self._sides for atom in side.compiled.program.observables)
        self._asked = tuple(dict.fromkeys(observables))
        self._shared = _facts(old) == _facts(new)

    def patients(self, files: Sequence[Path], said: Mapping[str, Any], progress: Progress) -> Patients:
        """The samples in ``files``, as each side understands them; raises ``InputError`` with every fault of them."""
        samples = _samples(files, self._new)
        pairs, unread = _assembled(samples, self._sides)
        return Patients(len(samples), tuple(pairs), unread)

    def conclude(self, pair: Pair, checked: bool) -> tuple[Mapping[str, Concluded], Mapping[str, Concluded]]:
        """What the old and the new state conclude; by both evaluators, which must agree, where ``checked``."""
        seen = _Seen.of(pair.old, self._old, self._asked)
        # What is observed in a patient depends on names and sets alone, not on the rules that ask for it.
        alike = self._shared and pair.old == pair.new
        seen_by_new = seen if alike else _Seen.of(pair.new, self._new, self._asked)
        one, other = self._sides
        return one.conclude(pair.old, seen, checked), other.conclude(pair.new, seen_by_new, checked)


def _differing(old: Rulebase, new: Rulebase) -> tuple[Rulebase, Rulebase]:
    """Both rule sets with only the tables that can come to other verdicts.

    A verdict follows from the drug's own table and from what all tables share, so that a table that is the same on
    both sides is left out where what they share is the same.
    """
    kept: dict[str, Any] = {"digest": "", "tables": (), "citations": ()}
    stamps = {"version": "", "date": old.manifest.date, "description": "", "name": ""}
    one, other = (
        rules.model_copy(update=kept | {"manifest": rules.manifest.model_copy(update=stamps)}) for rules in (old, new)
    )
    if one != other:
        return old, new
    before, after = ({table.drug: (table, rules.rows_of(table)) for table in rules.tables} for rules in (old, new))
    same = {drug for drug, table in before.items() if after.get(drug) == table}

    def without_same(rules: Rulebase) -> Rulebase:
        return rules.model_copy(update={"tables": tuple(table for table in rules.tables if table.drug not in same)})

    return without_same(old), without_same(new)


def _facts(rules: Rulebase) -> tuple[Any, ...]:
    return rules.genes, rules.sequences, rules.drugs, rules.tumour_types, rules.alteration_sets


@dataclass(frozen=True)
class _Seen:
    """What is observed in a patient; ``closed`` where all that was not assayed is taken as absent."""

    observer: Observer
    observed: dict[Atom, Observation]
    closed: dict[Atom, Observation]

    @classmethod
    def of(cls, genotype: Genotype, rulebase: Rulebase, asked: tuple[Atom, ...]) -> _Seen:
        """What is observed of the atoms ``asked``."""
        observer = Observer(genotype, rulebase)
        closed = Observer(genotype, rulebase, assume_assayed=True)
        return cls(observer, observe_all(asked, observer), observe_all(asked, closed))


class _Side:
    """One side's interpreter."""

    def __init__(self, rulebase: Rulebase, folder: Path) -> None:
        self.rulebase = rulebase
        self.compiled = Compiled.of(rulebase)
        self.interpreter = TumourInterpreter(rulebase, folder, self.compiled)
        self._in_scope: dict[str, tuple[Program, Program]] = {}
        nothing = HeadValue(strength=0.0, possible=False)
        self._out_of_scope = {clause.head: nothing for clause in self.compiled.program.clauses}

    def conclude(self, genotype: Genotype, seen: _Seen, checked: bool) -> dict[str, Concluded]:
        """Each drug's verdict; by both evaluators, which must agree, where ``checked``."""
        if not self.rulebase.tables:
            return {}
        inferred = self.interpreter.infer(genotype) if checked else self._infer(genotype, seen)
        verdicts = all_verdicts(self.interpreter.prepared, inferred)
        return {verdict.drug: _concluded(verdict) for verdict in verdicts}

    def _infer(self, genotype: Genotype, seen: _Seen) -> Inferred:
        """What one evaluator derives."""
        code = genotype.tumour_type
        if code not in self._in_scope:
            whole = self.compiled.program, self.compiled.beneath
            program, beneath = (_in_scope(program, seen.observed) for program in whole)
            self._in_scope[code] = program, beneath
        program, beneath = self._in_scope[code]
        values = self._out_of_scope | evaluate_by_fixpoint(program, seen.observed)
        closed = self._out_of_scope | evaluate_by_fixpoint(beneath, seen.closed)
        return Inferred(genotype, seen.observer, seen.observed, values, seen.closed, closed)


def _in_scope(program: Program, observed: Mapping[Atom, Observation]) -> Program:
    """``program`` without the clauses whose first part, their scope, rules the tumour type out."""

    def possible(clause: Clause) -> bool:
        scope = clause.condition.of[0] if isinstance(clause.condition, AllOf) else clause.condition
        by_type_alone = all(isinstance(atom, TumourTypeAtom) for atom in atoms(scope))
        return not by_type_alone or evaluate_condition(scope, observed, {})[1]

    return Program(digest=program.digest, strata=tuple(tuple(filter(possible, stratum)) for stratum in program.strata))


def _concluded(verdict: Verdict) -> Concluded:
    grades = [f"level {verdict.level}"] if verdict.level is not None else []
    grades += [verdict.marker.tier] if verdict.verdict == "sensitive" and verdict.marker.tier else []
    rows = list(verdict.rows)
    rows += [step.rule for contribution in verdict.contributions for step in mechanism_steps(contribution.derivation)]
    if verdict.verdict == "not_assessable":
        rows += verdict.undecided.rows
    return Concluded(verdict.verdict, ", ".join(grades), verdict.score, tuple(dict.fromkeys(rows)))


def _samples(files: Sequence[Path], rulebase: Rulebase) -> list[GivenSample]:
    """The samples of every file, of whichever kind ``resistab evaluate`` reads; each must say its tumour type."""
    faults: list[Fault] = []
    samples: list[GivenSample] = []
    seen: dict[str, Path] = {}
    for path in files:
        try:
            read = read_samples(path, rulebase)
        except InputError as error:
            faults.extend(error.faults)
            continue
        for sample in read:
            faults.extend(sample.faults)
            if sample.sample and sample.sample in seen:
                message = f"the sample '{sample.sample}' is given twice, first in {seen[sample.sample]}"
                faults.append(Fault(where=str(path), message=message, expected="each sample once"))
            seen.setdefault(sample.sample, path)
            if sample.tumour_type is None and not sample.faults:
                message = f"does not say the tumour type of '{sample.sample}'"
                faults.append(Fault(where=str(path), message=message, expected="a file that does"))
            samples.append(sample)
    if faults:
        raise InputError(faults)
    return samples


def _assembled(samples: Sequence[GivenSample], sides: Sequence[_Side]) -> tuple[list[Pair], tuple[Unread, ...]]:
    """Each sample as both sides understand it; what only one side understands is set aside on the other."""
    pairs: list[Pair] = []
    unread: list[Unread] = []
    faults: list[Fault] = []
    for sample in samples:
        genotypes: list[Genotype] = []
        refused: list[tuple[str, InputError]] = []
        for name, side in zip(("old", "new"), sides, strict=True):
            try:
                genotypes.append(side.interpreter.assemble(sample))
            except InputError as error:
                refused.append((name, error))
        if len(refused) == len(sides):
            faults.extend(refused[-1][1].faults)
            continue
        if refused:
            name, refusal = refused[0]
            unread.append(Unread(sample.sample, name, tuple(fault.message for fault in refusal.faults)))
            try:
                aside = sides[name == "new"].interpreter.assemble(sample, keep_going=True)
            except InputError:
                continue
            genotypes.insert(name == "new", aside)
        pairs.append(Pair(genotypes[0].sample, *genotypes))
    if faults:
        raise InputError(faults)
    return pairs, tuple(unread)
