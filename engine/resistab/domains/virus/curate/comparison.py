"""Two states of a virus's rule set beside each other, applied to the same genotypes by the batch evaluator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resistab.core.faults import Fault, InputError, OptionsError
from resistab.curation.kit.patients import Concluded, Pair, Patients, Progress
from resistab.domains.pack import Given, Silent
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.given import genotypes as read_genotypes
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.models import ViralRulebase

if TYPE_CHECKING:
    from resistab.domains.virus.policy.batch import BatchResult


class VirusComparison:
    """Two states of one rule set."""

    def __init__(self, old: ViralRulebase, new: ViralRulebase) -> None:
        self._sides = (ViralInterpreter(old), ViralInterpreter(new))
        # What is read depends on the genes alone; where they are the same, both sides share it.
        self._shared = (old.sequences, old.genes, old.quality) == (new.sequences, new.genes, new.quality)

    def patients(self, files: Sequence[Path], said: Mapping[str, Any], progress: Progress) -> Patients:
        """The samples in ``files`` and in ``said["mutations_file"]``; raises ``InputError`` with every fault of them.

        Raises ``OptionsError`` where an option does not go with what is given.
        """
        sides = self._sides[:1] if self._shared else self._sides
        read = [_genotypes(side, files, said, progress) for side in sides]
        old, new = (
            list(zip(genotypes, side.batch.interpret_all(genotypes), strict=True))
            for side, genotypes in zip(self._sides, (read[0], read[-1]), strict=True)
        )
        pairs = tuple(Pair(one[0].sample, one, other) for one, other in zip(old, new, strict=True))
        return Patients(len(pairs), pairs)

    def conclude(self, pair: Pair, checked: bool) -> tuple[Mapping[str, Concluded], Mapping[str, Concluded]]:
        """What the old and the new state conclude; by every evaluator, which must agree, where ``checked``."""
        old, new = self._sides
        return _concluded(old, pair.old, checked), _concluded(new, pair.new, checked)


class _Shown(Silent):
    """Progress as readers of patients want it, by that of a comparison."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def over(self, items: Sequence[Any], title: str, few: int) -> Iterable[Any]:
        return self._progress(items, title)


def _genotypes(
    interpreter: ViralInterpreter, files: Sequence[Path], said: Mapping[str, Any], progress: Progress
) -> list[ViralGenotype]:
    faults: list[Fault] = []
    genotypes: list[ViralGenotype] = []
    for given in _given(tuple(files), said, _Shown(progress)):
        try:
            genotypes += read_genotypes(interpreter, given)
        except OptionsError:
            # A mistake in the call, and none in a file.
            raise
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


def _given(files: tuple[Path, ...], said: Mapping[str, Any], progress: _Shown) -> Iterator[Given]:
    """The files of samples with the options that are theirs, and the file of lists by itself."""
    lists = {name: value for name, value in said.items() if name == "mutations_file"}
    others = {name: value for name, value in said.items() if name not in lists}
    if files or not lists:
        yield Given(files, said=others, progress=progress)
    if lists:
        yield Given(said=lists if files else said, progress=progress)


def _concluded(
    interpreter: ViralInterpreter, told: tuple[ViralGenotype, BatchResult], checked: bool
) -> dict[str, Concluded]:
    """Each drug's verdict; by every evaluator, which must agree, where ``checked``."""
    genotype, result = told
    if checked:
        interpreter.check_batch(genotype)
    batch, found = interpreter.batch, {}
    for verdict in result.verdicts:
        assessed = verdict.level is not None and verdict.verdict != "not_assessable"
        grade = f"level {verdict.level.level}" if verdict.level is not None and assessed else ""
        found[batch.names[verdict.drug]] = Concluded(verdict.verdict, grade, verdict.score, verdict.rows)
    return found
