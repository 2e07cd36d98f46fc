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
from resistab.domains.oncology.policy.verdicts import Judgements


class TumourComparison:
    """Two states of one rule set, read from ``folders``."""

    def __init__(self, old: Rulebase, new: Rulebase, folders: tuple[Path, Path]) -> None:
        self._new = new
        self._sides = [_Side(rules, folder) for rules, folder in zip((old, new), folders, strict=True)]
        self._differing, self._alike = _reached(old, new)

    def patients(self, files: Sequence[Path], said: Mapping[str, Any], progress: Progress) -> Patients:
        """The samples in ``files``, as each side understands them; raises ``InputError`` with every fault of them."""
        samples = _samples(files, self._new)
        pairs, unread = _assembled(samples, self._sides)
        return Patients(len(samples), tuple(pairs), unread)

    def conclude(self, pair: Pair, checked: bool) -> tuple[Mapping[str, Concluded], Mapping[str, Concluded]]:
        """What the old and the new state conclude; by both evaluators, which must agree, where ``checked``."""
        one, other = (side.evaluator(checked) for side in self._sides)

        def concluded(drugs: frozenset[str]) -> tuple[Judgements, Judgements]:
            return one.conclude_on(pair.old, drugs, others=False), other.conclude_on(pair.new, drugs, others=False)

        before, after = concluded(self._differing)
        if before.conferred != after.conferred:
            # What resists those may resist others of their classes.
            before, after = concluded(self._differing | self._alike)
        return _by_drug(before), _by_drug(after)


def _reached(old: Rulebase, new: Rulebase) -> tuple[frozenset[str], frozenset[str]]:
    """The drugs that can come to other verdicts by what differs, and those that share a class with any of them.

    All, where more differs than tables. A verdict follows from the drug's own table, for a regimen from those of its
    drugs too, and from what all tables share; and from the resistance that others of the class confer.
    """
    kept: dict[str, Any] = {"digest": "", "tables": (), "citations": ()}
    stamps = {"version": "", "date": old.manifest.date, "description": "", "name": ""}
    one, other = (
        rules.model_copy(update=kept | {"manifest": rules.manifest.model_copy(update=stamps)}) for rules in (old, new)
    )
    before, after = ({table.drug: (table, rules.rows_of(table)) for table in rules.tables} for rules in (old, new))
    every = before.keys() | after.keys()
    if one != other:
        return frozenset(every), frozenset()
    own = {drug for drug in every if before.get(drug) != after.get(drug)}
    differing = {drug for drug in every if drug in own or any(part.name in own for part in new.parts_of(drug))}
    classes = {name for drug in own for name in new.classes_of(drug)}
    return frozenset(differing), frozenset(drug for drug in every if classes.intersection(new.classes_of(drug)))


class _Side:
    """One side's interpreters: by both evaluators, and by one for most patients."""

    def __init__(self, rulebase: Rulebase, folder: Path) -> None:
        compiled = Compiled.of(rulebase)
        self.interpreter = TumourInterpreter(rulebase, folder, compiled)
        self._by_one = OneEvaluator(rulebase, folder, compiled)

    def evaluator(self, checked: bool) -> TumourInterpreter:
        """By both evaluators, which must agree, where ``checked``."""
        return self.interpreter if checked else self._by_one


def _by_drug(found: Judgements) -> dict[str, Concluded]:
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
