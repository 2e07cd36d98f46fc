"""What is given of viruses: sequences, counted reads, lists of mutations in a file, or one list in the options."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resistab.core.faults import Fault, InputError, NotUnderstood, OptionsError, nearest
from resistab.domains.pack import Given
from resistab.domains.virus.genotype import EarlierTherapy, ViralGenotype
from resistab.domains.virus.inputs.recognition import Kind, kind_of, sample_named
from resistab.files.sample_names import chosen, name_fault

if TYPE_CHECKING:
    from resistab.core.measured import MeasuredResponse
    from resistab.domains.virus.inputs.fasta import FastaRecord
    from resistab.domains.virus.interpreter import ViralInterpreter
    from resistab.domains.virus.kinds.models import ViralRulebase
    from resistab.files.responses import GivenResponse

# In what a virus's response to a drug is measured.
ASSAYS = ("recombinant virus", "clinical isolate")
# About a second's work.
FEW_SEQUENCES = 60
# From so many on the work is shared among processes, so many at a time.
_SHARED, _AT_ONCE = 200, 100


@dataclass(frozen=True)
class ViralOptions:
    """What the options say; see the pack's options."""

    assayed: Sequence[str] = ()
    mutations: str | None = None
    mutations_file: Path | None = None
    measured: Path | None = None
    threshold: str | None = None
    prior: Sequence[str] | None = None


def genotypes(interpreter: ViralInterpreter, given: Given) -> list[ViralGenotype]:
    """As ``InputsModule.genotypes``."""
    from resistab.files.opening import read_once

    # What a file is, and what is in it, comes of one reading of it.
    with read_once(*given.files):
        return _genotypes(interpreter, given, ViralOptions(**given.said))


def _genotypes(interpreter: ViralInterpreter, given: Given, options: ViralOptions) -> list[ViralGenotype]:
    kinds = {path: kind_of(path) for path in given.files}
    _refuse_mixed(given, options, set(kinds.values()))
    found = _read(interpreter, given, options, kinds)
    one_unnamed = [kind in ("codfreq", "aavf") for kind in kinds.values()] == [True]
    if (given.files or options.mutations_file) and given.sample is not None and not one_unnamed:
        found = chosen(found, given.sample, ", ".join(map(str, given.files or (options.mutations_file,))))
    if options.prior is not None:
        earlier = earlier_therapies(interpreter.rulebase, options.prior, _at_option)
        found = [dataclasses.replace(genotype, prior_therapies=earlier) for genotype in found]
    return with_responses(interpreter, found, options.measured, given.keep_going)


def _at_option(number: int, message: str, expected: str, suggestion: str | None) -> Fault:
    return Fault(where="--prior", message=message, expected=expected, suggestion=suggestion)


def earlier_therapies(
    rulebase: ViralRulebase, said: Sequence[str], at: Callable[[int, str, str, str | None], Fault]
) -> tuple[EarlierTherapy, ...]:
    """The drugs that the patient has had; raises ``InputError`` with every name that is none.

    ``at`` makes a fault of the number of a text, message, what was expected, and what may have been meant.
    """
    if [text.casefold() for text in said] == ["none"]:
        return ()
    found, faults = [], []
    for number, text in enumerate(said):
        name, _, after = text.partition(" ")
        drug = rulebase.drug_by_name.get(name.strip(" ,:").casefold())
        if drug is None or after.strip("() ").casefold() not in ("", "failed"):
            near = None if drug else nearest(name, rulebase.drug_by_name)
            expected = "a drug that 'resistab drugs' lists, 'failed' behind it where it has; or none"
            faults.append(at(number, f"'{text}' is no drug", expected, near))
        else:
            found.append(EarlierTherapy(drug.name, bool(after)))
    if faults:
        raise InputError(faults)
    return tuple(found)


def _refuse_mixed(given: Given, options: ViralOptions, kinds: set[Kind]) -> None:
    ways = [given.files or None, options.mutations, options.mutations_file]
    if sum(way is not None for way in ways) > 1:
        raise OptionsError("give one of --mutations, --mutations-file and sequence files, not several")
    if options.assayed and options.mutations is None and kinds != {"aavf"} and (given.files or options.mutations_file):
        raise OptionsError("--assayed goes with --mutations and AAVF; what a sequence covers is read from it")
    # Of a patient's samples some may be sequences.
    if options.threshold is not None and not given.series and not kinds & {"codfreq", "aavf"}:
        raise OptionsError("--threshold goes with files in which reads were counted, codfreq or AAVF")
    if all(way is None for way in ways) and not options.assayed:
        raise OptionsError("--mutations, --mutations-file or a file of sequences is needed")


def _read(
    interpreter: ViralInterpreter, given: Given, options: ViralOptions, kinds: Mapping[Path, Kind]
) -> list[ViralGenotype]:
    """The genotypes that are given; all faults of all of them at once."""
    reads = _reads_reader(interpreter, given, options)
    if given.series:
        return [genotype for path in given.files for genotype in _of_any_kind(interpreter, path, given, kinds, reads)]
    if given.files:
        return _from_files(interpreter, given.files, given, kinds, reads)
    if options.mutations_file is not None:
        return _from_lists(interpreter, options.mutations_file, given.keep_going)
    sample = "sample" if given.sample is None else given.sample
    if fault := name_fault(sample):
        raise InputError([Fault(where="--sample", message=f"'{sample}' {fault}", expected="a name")])
    genes = _assayed(options)
    return [interpreter.genotype(options.mutations or "", sample, genes, given.keep_going, where="--mutations")]


def _assayed(options: ViralOptions) -> list[str]:
    return [gene.strip() for text in options.assayed for gene in text.split(",") if gene.strip()]


def _of_any_kind(
    interpreter: ViralInterpreter, path: Path, given: Given, kinds: Mapping[Path, Kind], reads: ReadsReader
) -> list[ViralGenotype]:
    """The samples of a file: sequences, counted reads, or lists of mutations."""
    if kinds[path] == "other":
        return _from_lists(interpreter, path, given.keep_going)
    return _from_files(interpreter, (path,), given, kinds, reads)


def _from_lists(interpreter: ViralInterpreter, path: Path, keep_going: bool) -> list[ViralGenotype]:
    from resistab.domains.virus.inputs.mutation_list import MutationReader
    from resistab.domains.virus.inputs.mutations_file import read_mutation_genotypes

    return read_mutation_genotypes(path, MutationReader(interpreter.rulebase), keep_going)


# From a file in which reads were counted to its genotype.
ReadsReader = Callable[[Path, Kind], ViralGenotype]


def _reads_reader(interpreter: ViralInterpreter, given: Given, options: ViralOptions) -> ReadsReader:
    """A reader of files of counted reads; raises ``OptionsError`` where the threshold is none."""
    threshold = None
    if options.threshold is not None:
        # Imported here and below: what reads and aligns sequences is slow to load, and lists of mutations need none.
        from resistab.domains.virus.inputs.reads import threshold_said

        threshold = threshold_said(options.threshold)

    def read(path: Path, kind: Kind) -> ViralGenotype:
        from resistab.domains.virus.inputs.aavf import read_aavf
        from resistab.domains.virus.inputs.codfreq import read_codfreq
        from resistab.domains.virus.inputs.mutation_list import MutationReader
        from resistab.domains.virus.inputs.reads import DEFAULT_THRESHOLD, genotype_of

        interpreter.refuse_without_sequences()
        reader = MutationReader(interpreter.rulebase)
        name = sample_named(path) if given.sample is None or len(given.files) > 1 else given.sample
        if fault := name_fault(name):
            raise InputError([Fault(where=str(path), message=f"the name of the sample {fault}", expected="a name")])
        if kind == "aavf":
            found = read_aavf(path, reader, reader.genes_named(_assayed(options), "--assayed"))
        else:
            found = read_codfreq(path, reader)
        share = DEFAULT_THRESHOLD if threshold is None else threshold
        return genotype_of(found, name, tuple(reader.sequences), reader.sequences, share)

    return read


def _from_files(
    interpreter: ViralInterpreter,
    files: Sequence[Path],
    given: Given,
    kinds: Mapping[Path, Kind],
    reads: ReadsReader,
) -> list[ViralGenotype]:
    """The samples of files of sequences and of counted reads, in their order."""
    from resistab.domains.virus.inputs.fasta import read_fasta

    faults: list[Fault] = []
    samples: list[FastaRecord | ViralGenotype] = []
    seen: dict[str, Path] = {}
    for path in files:
        read: Sequence[FastaRecord | ViralGenotype]
        counted = kinds[path] in ("codfreq", "aavf")
        try:
            read = [reads(path, kinds[path])] if counted else read_fasta(path)
        except InputError as error:
            faults.extend(error.faults)
            continue
        for sample in read:
            name = sample.sample if isinstance(sample, ViralGenotype) else sample.name
            if name in seen:
                what = "sample" if isinstance(sample, ViralGenotype) else "record"
                faults.append(
                    Fault(
                        where=str(path),
                        line=None if isinstance(sample, ViralGenotype) else sample.line,
                        message=f"the {what} '{name}' is given twice, first in {seen[name]}",
                        expected="each name once",
                    )
                )
                continue
            seen[name] = path
            samples.append(sample)
    genotypes = []
    read_alike = _aligned(interpreter, samples)
    # The processes start before a bar, whose thread would keep them from it.
    begun = list(itertools.islice(read_alike, 1))
    read_in_order = itertools.chain(begun, read_alike)
    for sample in given.progress.over(samples, "Aligning", FEW_SEQUENCES):
        genotype = next(read_in_order)
        if isinstance(genotype, ViralGenotype):
            genotypes.append(genotype)
        elif given.keep_going:
            assert not isinstance(sample, ViralGenotype)
            genotypes.append(_set_aside(sample, genotype))
        else:
            faults.extend(genotype)
    if faults:
        raise InputError(faults)
    return genotypes


def _aligned(
    interpreter: ViralInterpreter, samples: Sequence[FastaRecord | ViralGenotype]
) -> Iterator[ViralGenotype | tuple[Fault, ...]]:
    """The samples in their order, sequences aligned, or what is wrong with one; shared among processes if many."""
    if all(isinstance(sample, ViralGenotype) for sample in samples):
        yield from (sample for sample in samples if isinstance(sample, ViralGenotype))
        return
    from resistab.files.processes import in_order

    align = interpreter.sequence_reader().read

    def read(sample: FastaRecord | ViralGenotype) -> ViralGenotype | tuple[Fault, ...]:
        if isinstance(sample, ViralGenotype):
            return sample
        try:
            return align(sample)
        except InputError as error:
            return tuple(error.faults)

    def share(worker: int, workers: int) -> Iterator[list[tuple[int, ViralGenotype | tuple[Fault, ...]]]]:
        for first in range(0, len(samples), _AT_ONCE):
            here = range(first, min(first + _AT_ONCE, len(samples)))
            yield [(place, read(samples[place])) for place in here if place % workers == worker]

    yield from in_order(share, None if len(samples) >= _SHARED else 1)


def _set_aside(record: FastaRecord, faults: Iterable[Fault]) -> ViralGenotype:
    """The genotype of a record that could not be read: nothing is known of it, and the report says why."""
    reasons = tuple(NotUnderstood(entry=record.name, reason=fault.message) for fault in faults)
    return ViralGenotype(sample=record.name, not_understood=reasons, bases=len(record.sequence))


def with_responses(
    interpreter: ViralInterpreter,
    found: list[ViralGenotype],
    measured: Path | Sequence[MeasuredResponse] | None,
    keep_going: bool,
) -> list[ViralGenotype]:
    """The genotypes with measured responses beside them: those of a table, or the responses themselves for each.

    Raises ``InputError`` with every fault of them; with ``keep_going`` a response to an unknown drug is set aside.
    """
    if measured is None:
        return found
    from resistab.files.responses import in_order, read_responses, responses_said

    responses = read_responses(measured, ASSAYS) if isinstance(measured, Path) else responses_said(measured)
    faults = list(responses.of_strangers({genotype.sample for genotype in found}))
    whole = []
    for genotype in found:
        own: list[MeasuredResponse] = []
        aside: list[NotUnderstood] = []
        for given in responses.of(genotype.sample):
            named = _drug(interpreter, given)
            if named is not None:
                own.append(given.response.model_copy(update={"drug": named}))
                continue
            fault = _unknown_drug(interpreter, given)
            if keep_going:
                aside.append(NotUnderstood(entry=given.response.drug, reason=fault.message))
            else:
                faults.append(fault)
        whole.append(
            dataclasses.replace(
                genotype,
                measured=in_order(own),
                not_understood=(*genotype.not_understood, *aside),
            )
        )
    if faults:
        raise InputError(dict.fromkeys(faults))
    return whole


def _drug(interpreter: ViralInterpreter, given: GivenResponse) -> str | None:
    found = interpreter.rulebase.drug_by_name.get(" ".join(given.response.drug.split()).casefold())
    return found.name if found else None


def _unknown_drug(interpreter: ViralInterpreter, given: GivenResponse) -> Fault:
    near = nearest(given.response.drug, interpreter.rulebase.drug_by_name)
    return given.fault_at(f"unknown drug '{given.response.drug}'", "a drug that 'resistab drugs' lists", near)
