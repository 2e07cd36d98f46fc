"""Two states of a virus's rule set beside each other, applied to the same genotypes by the batch evaluator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, InputError
from resistab.curation.kit.patients import Concluded, Pair, Patients, Progress
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.inputs.mutations_file import read_mutation_genotypes
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.models import ViralRulebase


class VirusComparison:
    """Two states of one rule set."""

    def __init__(self, old: ViralRulebase, new: ViralRulebase) -> None:
        self._sides = (ViralInterpreter(old), ViralInterpreter(new))
        # What is read depends on the genes alone; where they are the same, both sides share it.
        self._shared = (old.sequences, old.genes, old.quality) == (new.sequences, new.genes, new.quality)

    def patients(self, files: Sequence[Path], said: Mapping[str, Any], progress: Progress) -> Patients:
        """The sequences in ``files`` and the mutations in ``said["mutations_file"]``.

        Raises ``InputError`` with every fault of them.
        """
        mutations = said.get("mutations_file")
        sides = self._sides[:1] if self._shared else self._sides
        read = [_genotypes(side, files, mutations, progress) for side in sides]
        pairs = tuple(Pair(one.sample, one, other) for one, other in zip(read[0], read[-1], strict=True))
        return Patients(len(pairs), pairs)

    def conclude(self, pair: Pair, checked: bool) -> tuple[Mapping[str, Concluded], Mapping[str, Concluded]]:
        """What the old and the new state conclude; by every evaluator, which must agree, where ``checked``."""
        old, new = self._sides
        return _concluded(old, pair.old, checked), _concluded(new, pair.new, checked)


def _genotypes(
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


def _concluded(interpreter: ViralInterpreter, genotype: ViralGenotype, checked: bool) -> dict[str, Concluded]:
    """Each drug's verdict; by every evaluator, which must agree, where ``checked``."""
    if checked:
        interpreter.check_batch(genotype)
    batch, found = interpreter.batch, {}
    for verdict in batch.interpret(genotype).verdicts:
        assessed = verdict.level is not None and verdict.verdict != "not_assessable"
        grade = f"level {verdict.level.level}" if verdict.level is not None and assessed else ""
        found[batch.names[verdict.drug]] = Concluded(verdict.verdict, grade, verdict.score, verdict.rows)
    return found
