"""Which verdicts of which patients two states of a rule set give differently, and by which rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.core.condition import AllOf, Atom, atoms
from resistab.core.derivation import Step
from resistab.core.faults import Fault, InputError
from resistab.core.fixpoint import evaluate_by_fixpoint, evaluate_condition
from resistab.core.program import Clause, Program
from resistab.core.result import HeadValue
from resistab.core.truth import Observation
from resistab.domains.oncology.atoms import TumourTypeAtom
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.assembly import GivenSample
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.interpreter import Compiled, TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.observe import Observer, observe_all
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.policy.verdicts import Inferred, all_verdicts
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.inputs.mutations_file import read_mutation_genotypes
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.models import ViralRulebase

# A cohort is interpreted by one evaluator, and these of it by all, which must agree.
FIRST_CHECKED = 3
EVERY_CHECKED = 500

Progress = Callable[[Sequence[Any], str], Iterable[Any]]


@dataclass(frozen=True)
class Concluded:
    """What one side concludes for a drug: the verdict with its level or tier in words, the score, and its rows."""

    verdict: str
    grade: str
    score: float | None
    rows: tuple[str, ...]

    @property
    def text(self) -> str:
        """The verdict for people."""
        return self.verdict.replace("_", " ") + (f" ({self.grade})" if self.grade else "")


@dataclass(frozen=True)
class VerdictChange:
    """A verdict that is another; a side that is None has no table for the drug.

    ``old_rows`` and ``new_rows`` are responsible: the rows that hold on one side only or were changed themselves, all
    that hold where there is none such.
    """

    sample: str
    drug: str
    old: Concluded | None
    new: Concluded | None
    old_rows: tuple[str, ...]
    new_rows: tuple[str, ...]

    @property
    def transition(self) -> tuple[str, str, str]:
        """The drug and both verdicts, as people read them."""
        return self.drug, told(self.old), told(self.new)


@dataclass(frozen=True)
class Unread:
    """A sample that only one side understands: which side does not, and why."""

    sample: str
    side: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PatientDifferences:
    """What becomes of a cohort; ``same_verdict`` counts verdicts that stay, with another score or by other rows."""

    patients: int
    changes: tuple[VerdictChange, ...]
    same_verdict: int
    unread: tuple[Unread, ...] = ()

    @property
    def patients_changed(self) -> int:
        """How many patients have a verdict that changes."""
        return len({change.sample for change in self.changes})

    def transitions(self) -> list[tuple[tuple[str, str, str], int]]:
        """Each drug's changes of verdict with the number of patients, the commonest first."""
        return sorted(Counter(change.transition for change in self.changes).items(), key=lambda item: (-item[1], item))

    def as_data(self) -> dict[str, Any]:
        """The differences as JSON has them."""
        return {
            "patients": self.patients,
            "patients_changed": self.patients_changed,
            "verdicts_changed": len(self.changes),
            "same_verdict_by_other_rows_or_score": self.same_verdict,
            "transitions": [
                {"drug": drug, "old": old, "new": new, "patients": count}
                for (drug, old, new), count in self.transitions()
            ],
            "changes": [
                {
                    "sample": change.sample,
                    "drug": change.drug,
                    "old": None if change.old is None else vars(change.old) | {"rows": list(change.old.rows)},
                    "new": None if change.new is None else vars(change.new) | {"rows": list(change.new.rows)},
                    "rows_responsible_old": list(change.old_rows),
                    "rows_responsible_new": list(change.new_rows),
                }
                for change in self.changes
            ],
            "not_understood_by_one_side": [vars(item) | {"reasons": list(item.reasons)} for item in self.unread],
        }


def told(concluded: Concluded | None) -> str:
    """A verdict for people, also where there is none."""
    return "no table" if concluded is None else concluded.text


@dataclass
class _Tally:
    """What is found sample by sample; ``changed`` are the ids of rows that were changed themselves."""

    changed: frozenset[str]
    changes: list[VerdictChange]
    same_verdict: int = 0

    def add(self, sample: str, old: Mapping[str, Concluded], new: Mapping[str, Concluded]) -> None:
        for drug in sorted({*old, *new}):
            one, other = old.get(drug), new.get(drug)
            if one == other:
                continue
            if one is not None and other is not None and (one.verdict, one.grade) == (other.verdict, other.grade):
                self.same_verdict += 1
                continue
            old_rows, new_rows = one.rows if one else (), other.rows if other else ()
            only_old = tuple(row for row in old_rows if row not in new_rows or row in self.changed)
            only_new = tuple(row for row in new_rows if row not in old_rows or row in self.changed)
            if not only_old and not only_new:
                only_old, only_new = old_rows, new_rows
            self.changes.append(VerdictChange(sample, drug, one, other, only_old, only_new))


# --- tumours ------------------------------------------------------------------------------------------------------


def compare_tumours(
    old: Rulebase,
    new: Rulebase,
    folders: tuple[Path, Path],
    files: Sequence[Path],
    changed: frozenset[str],
    progress: Progress,
) -> PatientDifferences:
    """The verdicts that differ for the patients in ``files``; raises ``InputError`` with every fault of them.

    ``folders`` are those the two sides were read from; ``changed`` are the ids of the rows that were changed.
    """
    samples = _samples(files, new)
    sides = [_Tumours(rules, folder) for rules, folder in zip(_differing(old, new), folders, strict=True)]
    pairs, unread = _assembled(samples, sides)
    asked = tuple(dict.fromkeys(atom for side in sides for atom in side.compiled.program.observables))
    shared = _facts(old) == _facts(new)
    tally = _Tally(changed, [])
    for number, (one, other) in enumerate(progress(pairs, "Interpreting by both")):
        checked = number < FIRST_CHECKED or number % EVERY_CHECKED == 0
        seen = _Seen.of(one, old, asked)
        # What is observed in a patient depends on names and sets alone, not on the rules that ask for it.
        seen_by_new = seen if shared and one == other else _Seen.of(other, new, asked)
        tally.add(one.sample, sides[0].conclude(one, seen, checked), sides[1].conclude(other, seen_by_new, checked))
    return PatientDifferences(len(samples), tuple(tally.changes), tally.same_verdict, unread)


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


class _Tumours:
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
        verdicts = all_verdicts(self.rulebase, inferred, self.compiled.weights)
        return {verdict.drug: _of_tumour(verdict) for verdict in verdicts}

    def _infer(self, genotype: Genotype, seen: _Seen) -> Inferred:
        """What one evaluator derives."""
        code = genotype.tumour_type
        if code not in self._in_scope:
            whole = self.compiled.program, self.compiled.markers
            program, markers = (_in_scope(program, seen.observed) for program in whole)
            self._in_scope[code] = program, markers
        program, markers = self._in_scope[code]
        values = self._out_of_scope | evaluate_by_fixpoint(program, seen.observed)
        closed = self._out_of_scope | evaluate_by_fixpoint(markers, seen.closed)
        return Inferred(genotype, seen.observer, seen.observed, values, seen.closed, closed)


def _in_scope(program: Program, observed: Mapping[Atom, Observation]) -> Program:
    """``program`` without the clauses whose first part, their scope, rules the tumour type out."""

    def possible(clause: Clause) -> bool:
        scope = clause.condition.of[0] if isinstance(clause.condition, AllOf) else clause.condition
        by_type_alone = all(isinstance(atom, TumourTypeAtom) for atom in atoms(scope))
        return not by_type_alone or evaluate_condition(scope, observed, {})[1]

    return Program(digest=program.digest, strata=tuple(tuple(filter(possible, stratum)) for stratum in program.strata))


def _of_tumour(verdict: Verdict) -> Concluded:
    grades = [f"level {verdict.level}"] if verdict.level is not None else []
    grades += [verdict.marker.tier] if verdict.verdict == "sensitive" and verdict.marker.tier else []
    rows = list(verdict.rows)
    rows += [rule for contribution in verdict.contributions for rule in _rules(contribution.derivation)]
    if verdict.verdict == "not_assessable":
        rows += verdict.undecided.rows
    return Concluded(verdict.verdict, ", ".join(grades), verdict.score, tuple(dict.fromkeys(rows)))


def _rules(step: Step) -> Iterator[str]:
    """The mechanism rules behind a step."""
    for part in step.parts:
        yield from _rules(part)
    for rule in step.rules:
        yield rule.rule
        yield from _rules(rule.condition)


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


def _assembled(
    samples: Sequence[GivenSample], sides: Sequence[_Tumours]
) -> tuple[list[tuple[Genotype, Genotype]], tuple[Unread, ...]]:
    """Each sample as both sides understand it; what only one side understands is set aside on the other."""
    pairs: list[tuple[Genotype, Genotype]] = []
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
        pairs.append((genotypes[0], genotypes[1]))
    if faults:
        raise InputError(faults)
    return pairs, tuple(unread)


# --- viruses ------------------------------------------------------------------------------------------------------


def compare_viruses(
    old: ViralRulebase,
    new: ViralRulebase,
    files: Sequence[Path],
    mutations_file: Path | None,
    changed: frozenset[str],
    progress: Progress,
) -> PatientDifferences:
    """The verdicts that differ for sequences in ``files`` and mutations in ``mutations_file``.

    Raises ``InputError`` with every fault of them.
    """
    sides = [ViralInterpreter(old), ViralInterpreter(new)]
    # What is read depends on the genes alone; where they are the same, both sides share it.
    shared = (old.sequences, old.genes, old.quality) == (new.sequences, new.genes, new.quality)
    read = [_viral_genotypes(side, files, mutations_file, progress) for side in (sides[:1] if shared else sides)]
    tally = _Tally(changed, [])
    pairs = list(zip(read[0], read[-1], strict=True))
    for number, pair in enumerate(progress(pairs, "Interpreting by both")):
        checked = number < FIRST_CHECKED or number % EVERY_CHECKED == 0
        one, other = (_of_virus(side, genotype, checked) for side, genotype in zip(sides, pair, strict=True))
        tally.add(pair[0].sample, one, other)
    return PatientDifferences(len(pairs), tuple(tally.changes), tally.same_verdict)


def _viral_genotypes(
    interpreter: ViralInterpreter, files: Sequence[Path], mutations_file: Path | None, progress: Progress
) -> list[ViralGenotype]:
    from resistab.domains.virus.inputs.fasta import read_fasta

    faults: list[Fault] = []
    genotypes: list[ViralGenotype] = []
    if files:
        reader = interpreter.sequence_reader()
        records = []
        for path in files:
            try:
                records += read_fasta(path)
            except InputError as error:
                faults.extend(error.faults)
        for record in progress(records, "Aligning"):
            try:
                genotypes.append(reader.read(record))
            except InputError as error:
                faults.extend(error.faults)
    if mutations_file is not None:
        try:
            genotypes += read_mutation_genotypes(mutations_file, MutationReader(interpreter.rulebase))
        except InputError as error:
            faults.extend(error.faults)
    twice = [sample for sample, count in Counter(genotype.sample for genotype in genotypes).items() if count > 1]
    faults += [
        Fault(where=sample, message=f"the sample '{sample}' is given twice", expected="each sample once")
        for sample in twice
    ]
    if faults:
        raise InputError(faults)
    return genotypes


def _of_virus(interpreter: ViralInterpreter, genotype: ViralGenotype, checked: bool) -> dict[str, Concluded]:
    """Each drug's verdict; by every evaluator, which must agree, where ``checked``."""
    if checked:
        interpreter.check_batch(genotype)
    batch, found = interpreter.batch, {}
    for verdict in batch.interpret(genotype).verdicts:
        assessed = verdict.level is not None and verdict.verdict != "not_assessable"
        grade = f"level {verdict.level.level}" if verdict.level is not None and assessed else ""
        found[batch.names[verdict.drug]] = Concluded(verdict.verdict, grade, verdict.score, verdict.rows)
    return found
