"""What is given of tumours: files of any kind, sample defaults, or one tumour in options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from resistab.core.faults import Fault, InputError, OptionsError, fault_in
from resistab.core.records import dataclass
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.grammar.loci import split_locus_list
from resistab.domains.oncology.inputs.assembly import GivenFinding, GivenSample, GivenText
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults, with_tumour_said
from resistab.domains.oncology.inputs.tumour_types import read_tumour_type
from resistab.domains.pack import Given
from resistab.files.responses import NO_RESPONSES, GivenResponse, Responses, responses_said
from resistab.files.sample_names import name_fault
from resistab.report.set_aside import SampleSetAside

if TYPE_CHECKING:
    from resistab.core.measured import MeasuredResponse
    from resistab.domains.oncology.interpreter import TumourInterpreter

# Responses of a table that names no sample are of each sample.
_EACH = "(each sample)"
_Specimen = Literal["tissue", "ctDNA"]


@dataclass(frozen=True)
class TumourOptions:
    """What the options say; see the pack's options. ``measured`` is a table, or the responses themselves."""

    tumour: str | None = None
    finding: Sequence[str] = ()
    assayed: Sequence[str] = ()
    panel: Sequence[str | Path] = ()
    prior: Sequence[str] | None = None
    specimen: str | None = None
    limit_of_detection: float | None = None
    tumour_fraction: float | None = None
    measured: Path | Sequence[MeasuredResponse] | None = None


def genotypes(interpreter: TumourInterpreter, given: Given) -> list[Genotype]:
    """As ``InputsModule.genotypes``."""
    return assembled(interpreter, given, options_of(given))


def options_of(given: Given) -> TumourOptions:
    """What the options say; raises ``OptionsError`` where they do not go together, ``InputError`` for a bad name."""
    options = TumourOptions(**given.said)
    if given.files and options.finding:
        raise OptionsError("give either patient files or --tumour with --finding, not both")
    if not given.files:
        _refuse_silence(options)
        if given.sample is not None and (fault := name_fault(given.sample)):
            raise InputError([Fault(where="--sample", message=f"'{given.sample}' {fault}", expected="a name")])
    return options


def assembled(interpreter: TumourInterpreter, given: Given, options: TumourOptions) -> list[Genotype]:
    """The genotypes of the files, or of the one tumour that was said; raises as ``genotypes``."""
    intake = Intake(interpreter, given, options)
    samples: list[tuple[GivenSample, Path | None]]
    samples = [(sample, path) for path in given.files for sample in intake.samples_of(path)]
    if not given.files:
        samples = [(_from_options(given, options), None)]
    found = [genotype for sample, path in samples if (genotype := intake.taken(sample, path)) is not None]
    intake.close(len(found))
    return found


class SampleNames:
    """SampleNames of samples, each with the file in which it came first; of a name little more than a hash is kept."""

    def __init__(self) -> None:
        self._first: dict[bytes, Path | None] = {}

    def __len__(self) -> int:
        return len(self._first)

    def __contains__(self, name: object) -> bool:
        return _hashed(str(name)) in self._first

    def add(self, name: str, path: Path | None) -> bool:
        """Take a name; False where it was there before."""
        key = _hashed(name)
        if key in self._first:
            return False
        self._first[key] = path
        return True

    def first(self, name: str) -> Path | None:
        """The file in which it came first."""
        return self._first[_hashed(name)]

    def forget(self, begin: int) -> None:
        """Forget all but the first ``begin`` names."""
        while len(self._first) > begin:
            self._first.popitem()

    def order(self, begin: int) -> Callable[[str], int]:
        """Tells of a name how many came before it, after the first ``begin`` of all."""
        places = {key: place for place, key in enumerate(islice(self._first, begin, None))}
        return lambda name: places.get(_hashed(name), 0)


def _hashed(name: str) -> bytes:
    # No two names of any cohort share so many bits.
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=12).digest()


class Intake:
    """Takes samples, one after another, with what the options say of each; keeps what is wrong until all were taken.

    Raises ``OptionsError`` for values of options that cannot be.
    """

    def __init__(self, interpreter: TumourInterpreter, given: Given, options: TumourOptions) -> None:
        _refuse_values(options)
        self.interpreter, self.given = interpreter, given
        # Of options and of files that cannot be read; then of samples.
        self.of_reading: list[Fault] = []
        self.faults: dict[Fault, None] = {}
        self.defaults = _sample_defaults(interpreter, options, self.of_reading, given.own_files)
        self.responses = _responses(options.measured, self.of_reading)
        self.names = SampleNames()
        self._untyped: dict[Path | None, list[str]] = {}
        # Of a patient's dated samples none may be left out.
        self._aside_goes = given.keep_going and not given.series
        self._of_samples: dict[str, list[Fault]] = {}

    def beside(self) -> Intake:
        """An intake for samples of which it is not yet known whether they count, see ``add``."""
        other = copy(self)
        other.faults, other._untyped, other._of_samples = {}, {}, {}
        return other

    def add(self, other: Intake) -> None:
        """Keep what ``other``, which came of ``beside``, found to be wrong."""
        self.faults |= other.faults
        self._untyped |= other._untyped
        self._of_samples |= other._of_samples

    def samples_of(self, path: Path) -> list[GivenSample]:
        """The samples of a file; the faults of one that cannot be read are kept."""
        from resistab.domains.oncology.inputs.reading import Wanted, read_samples

        interpreter = self.interpreter
        with self.given.progress.reading(path) as progress:
            wanted = Wanted(self.given.sample, lambda: interpreter.coding_exons, progress, interpreter.knows_symbol)
            try:
                return read_samples(path, interpreter.rulebase, wanted)
            except InputError as error:
                self.of_reading.extend(error.faults)
        return []

    def taken(self, sample: GivenSample, path: Path | None) -> Genotype | None:
        """The genotype of the next sample of a file, or None and what is wrong with it kept."""
        if not self.names.add(sample.sample, path) and sample.sample:
            self.given_twice(sample.sample, path)
            return None
        return self.checked(sample, path)

    def given_twice(self, name: str, path: Path | None) -> None:
        """Keep the fault of a sample that was given before."""
        message = f"the sample '{name}' is given twice, first in {self.names.first(name)}"
        self.faults[Fault(where=str(path), message=message, expected="each sample once")] = None

    def checked(self, sample: GivenSample, path: Path | None) -> Genotype | None:
        """As ``taken``, of a sample whose name was taken."""
        whole = self.whole(sample)
        if self._is_untyped(whole):
            self._untyped.setdefault(path, []).append(sample.sample)
            return None
        try:
            return self.interpreter.assemble(whole, self.given.keep_going)
        except InputError as error:
            if self._aside_goes:
                self._of_samples.setdefault(sample.sample, []).extend(error.faults)
            else:
                self.faults.update(dict.fromkeys(error.faults))
            return None

    def again(self, sample: GivenSample) -> Genotype | None:
        """The genotype of a sample that was taken before; None where something is wrong with it, of which that told."""
        whole = self.whole(sample)
        if self._is_untyped(whole):
            return None
        try:
            return self.interpreter.assemble(whole, self.given.keep_going)
        except InputError:
            return None

    def whole(self, sample: GivenSample) -> GivenSample:
        """The sample with what the options say of it."""
        interpreter = self.interpreter
        settled = with_tumour_said(sample, self.defaults.tumour, interpreter.rulebase, interpreter.assembler.tumour)
        return with_defaults(settled, self.defaults, self.responses.of(sample.sample))

    @staticmethod
    def _is_untyped(whole: GivenSample) -> bool:
        return whole.tumour_type is None and not whole.faults

    def close(self, found: int) -> None:
        """After the last sample: tell of those set aside, or raise ``InputError`` with every fault.

        ``found`` is how many genotypes there are.
        """
        for path, names in self._untyped.items():
            which = f"'{names[0]}'" if len(names) == 1 else f"{len(names):,} samples"
            message = f"does not say the tumour type of {which}"
            fault = Fault(where=str(path), message=message, expected="--tumour with an OncoTree code or name")
            if self._aside_goes:
                self._of_samples |= {name: [fault] for name in names}
            else:
                self.faults[fault] = None
        faults = [*self.of_reading, *self.faults, *self.responses.of_strangers(self.names)]
        if found and not faults:
            # A sample that cannot be read is no reason to say nothing of the others.
            self.given.set_aside.extend(
                SampleSetAside(name, tuple(map(str, dict.fromkeys(its)))) for name, its in self._of_samples.items()
            )
            return
        faults.extend(fault for its in self._of_samples.values() for fault in its)
        if faults:
            raise InputError(dict.fromkeys(faults))


def _refuse_silence(options: TumourOptions) -> None:
    """Refuse options that say nothing of a tumour."""
    if not options.tumour:
        raise OptionsError("a patient file, or --tumour with --finding or --assayed, is needed")
    if not (options.finding or options.assayed or options.panel):
        raise OptionsError(
            "at least one --finding or --assayed is needed: with neither, nothing is known of the tumour"
        )
    if not options.finding and not options.panel and not any(text.strip(" ,") for text in options.assayed):
        raise OptionsError("--assayed names nothing: with no finding either, nothing is known of the tumour")


def _refuse_values(options: TumourOptions) -> None:
    if options.specimen is not None and _specimen(options.specimen) is None:
        raise OptionsError(f"--specimen '{options.specimen}' is neither tissue nor ctDNA")
    for name, value in (
        ("--limit-of-detection", options.limit_of_detection),
        ("--tumour-fraction", options.tumour_fraction),
    ):
        if value is not None and not 0 <= value <= 1:
            raise OptionsError(f"{name} {value:g} is no fraction from 0 to 1")


def _specimen(text: str | None) -> _Specimen | None:
    return cast("_Specimen | None", {"tissue": "tissue", "ctdna": "ctDNA"}.get((text or "").lower()))


def _sample_defaults(
    interpreter: TumourInterpreter, options: TumourOptions, faults: list[Fault], own_files: bool
) -> SampleDefaults:
    """What was said of every sample; faults of the panels and of the tumour type are added.

    With ``own_files`` the name of a panel may be that of a file.
    """
    if options.tumour is not None:
        read = read_tumour_type(interpreter.rulebase, options.tumour)
        if read.tumour is None:
            faults.append(read.fault(interpreter.rulebase, fault_in("tumour")))
    loci = [GivenText(text, fault_in("assayed")) for item in options.assayed for text in split_locus_list(item)]
    panels = []
    for name in options.panel:
        # Imported here: most samples name none.
        from resistab.domains.oncology.inputs.panels import read_panel, read_panel_beside

        rules, exons = interpreter.rulebase, interpreter.coding_exons
        try:
            if own_files or isinstance(name, Path):
                panels.append(read_panel(str(name), rules, exons))
            else:
                panels.append(read_panel_beside(name, None, rules, exons))
        except InputError as error:
            faults.extend(error.faults)
    prior = (
        None if options.prior is None else [] if [p.casefold() for p in options.prior] == ["none"] else options.prior
    )
    return SampleDefaults(
        tumour=options.tumour,
        assayed=loci,
        panels=panels,
        prior=prior,
        specimen=_specimen(options.specimen),
        limit_of_detection=options.limit_of_detection,
        tumour_fraction=options.tumour_fraction,
    )


def _responses(measured: Path | Sequence[MeasuredResponse] | None, faults: list[Fault]) -> Responses:
    if measured is None:
        return NO_RESPONSES
    if not isinstance(measured, Path):
        return responses_said(measured)
    from resistab.domains.oncology.inputs.findings_table import read_findings_table

    try:
        samples = read_findings_table(measured, _EACH)
    except InputError as error:
        faults.extend(error.faults)
        return NO_RESPONSES
    expected = "drug, assay, measure, response and cutoffs"
    faults.extend(
        Fault(where=str(measured), message="holds findings beside responses", expected=expected)
        for sample in samples
        if sample.findings
    )
    by_sample: Mapping[str, Sequence[GivenResponse]] = {
        "" if sample.sample == _EACH else sample.sample: sample.measured for sample in samples
    }
    return Responses(str(measured), by_sample)


def _from_options(given: Given, options: TumourOptions) -> GivenSample:
    """The one tumour that the options describe."""
    return GivenSample(
        sample="sample" if given.sample is None else given.sample,
        tumour_type=None,
        findings=[GivenFinding(text, fault_in("finding")) for text in options.finding],
    )
