"""Two states of a rule set for tumours beside each other, applied to the same patients by one evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from resistab.core.derivation import mechanism_steps
from resistab.core.faults import Fault, InputError
from resistab.curation.kit.patients import Concluded, Pair, Patients, Progress, Unread
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.assembly import GivenSample
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.interpreter import Compiled, OneEvaluator, TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.policy.models import Verdict


class TumourComparison:
    """Two states of one rule set, read from ``folders``."""

    def __init__(self, old: Rulebase, new: Rulebase, folders: tuple[Path, Path]) -> None:
        self._new = new
        self._sides = [_Side(rules, folder) for rules, folder in zip((old, new), folders, strict=True)]
        self._asked = _reached(old, new)

    def patients(self, files: Sequence[Path], said: Mapping[str, Any], progress: Progress) -> Patients:
        """The samples in ``files``, as each side understands them; raises ``InputError`` with every fault of them."""
        samples = _samples(files, self._new)
        pairs, unread = _assembled(samples, self._sides)
        return Patients(len(samples), tuple(pairs), unread)

    def conclude(self, pair: Pair, checked: bool) -> tuple[Mapping[str, Concluded], Mapping[str, Concluded]]:
        """What the old and the new state conclude; by both evaluators, which must agree, where ``checked``."""
        one, other = self._sides
        return one.conclude(pair.old, self._asked, checked), other.conclude(pair.new, self._asked, checked)


def _reached(old: Rulebase, new: Rulebase) -> frozenset[str]:
    """The drugs that can come to other verdicts: all, where more differs than tables.

    A verdict follows from the drug's own table, from what all tables share, from what resists others of its class, and
    for a regimen from the tables of its drugs.
    """
    kept: dict[str, Any] = {"digest": "", "tables": (), "citations": ()}
    stamps = {"version": "", "date": old.manifest.date, "description": "", "name": ""}
    one, other = (
        rules.model_copy(update=kept | {"manifest": rules.manifest.model_copy(update=stamps)}) for rules in (old, new)
    )
    before, after = ({table.drug: (table, rules.rows_of(table)) for table in rules.tables} for rules in (old, new))
    every = before.keys() | after.keys()
    if one != other:
        return frozenset(every)
    differing = {drug for drug in every if before.get(drug) != after.get(drug)}
    classes = {name for drug in differing for name in new.classes_of(drug)}
    return frozenset(
        drug
        for drug in every
        if drug in differing
        or classes.intersection(new.classes_of(drug))
        or any(part.name in differing for part in new.parts_of(drug))
    )


class _Side:
    """One side's interpreters: of both evaluators, and of one for most patients."""

    def __init__(self, rulebase: Rulebase, folder: Path) -> None:
        self.rulebase = rulebase
        compiled = Compiled.of(rulebase)
        self.interpreter = TumourInterpreter(rulebase, folder, compiled)
        self.by_one = OneEvaluator(rulebase, folder, compiled)

    def conclude(self, genotype: Genotype, asked: frozenset[str], checked: bool) -> dict[str, Concluded]:
        """The verdict on each drug ``asked`` that has a table; by both evaluators, which must agree, where ``checked``."""
        drugs = asked & self.rulebase.table_by_drug.keys()
        if not drugs:
            return {}
        found = (self.interpreter if checked else self.by_one).conclude_on(genotype, drugs)
        return {verdict.drug: _concluded(verdict) for verdict in found.verdicts}


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
