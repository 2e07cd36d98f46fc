"""What is given of tumours: files of any kind, sample defaults, or one tumour in options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    panel: Sequence[str] = ()
    prior: Sequence[str] | None = None
    specimen: str | None = None
    limit_of_detection: float | None = None
    tumour_fraction: float | None = None
    measured: Path | Sequence[MeasuredResponse] | None = None


def genotypes(interpreter: TumourInterpreter, given: Given) -> list[Genotype]:
    """As ``InputsModule.genotypes``."""
    options = TumourOptions(**given.said)
    if given.files and options.finding:
        raise OptionsError("give either patient files or --tumour with --finding, not both")
    if not given.files:
        _refuse_silence(options)
        if given.sample is not None and (fault := name_fault(given.sample)):
            raise InputError([Fault(where="--sample", message=f"'{given.sample}' {fault}", expected="a name")])
    return assembled(interpreter, given, options)


def assembled(interpreter: TumourInterpreter, given: Given, options: TumourOptions) -> list[Genotype]:
    """The genotypes of the files, or of the one tumour that was said; raises as ``genotypes``."""
    _refuse_values(options)
    faults: list[Fault] = []
    defaults = _sample_defaults(interpreter, options, faults)
    responses = _responses(options.measured, faults)
    samples = _from_files(interpreter, given, faults) if given.files else [(_from_options(given, options), None)]
    seen: dict[str, Path | None] = {}
    untyped: dict[Path | None, list[str]] = {}
    # Of a patient's dated samples none may be left out.
    aside_goes = given.keep_going and not given.series
    of_samples: dict[str, list[Fault]] = {}
    found: list[Genotype] = []
    for sample, path in samples:
        if sample.sample and sample.sample in seen:
            message = f"the sample '{sample.sample}' is given twice, first in {seen[sample.sample]}"
            faults.append(Fault(where=str(path), message=message, expected="each sample once"))
            continue
        seen[sample.sample] = path
        settled = with_tumour_said(sample, defaults.tumour, interpreter.rulebase)
        whole = with_defaults(settled, defaults, responses.of(sample.sample))
        if whole.tumour_type is None and not whole.faults:
            untyped.setdefault(path, []).append(sample.sample)
            continue
        try:
            found.append(interpreter.assemble(whole, given.keep_going))
        except InputError as error:
            if aside_goes:
                of_samples.setdefault(sample.sample, []).extend(error.faults)
            else:
                faults.extend(error.faults)
    for path, names in untyped.items():
        which = f"'{names[0]}'" if len(names) == 1 else f"{len(names):,} samples"
        message = f"does not say the tumour type of {which}"
        fault = Fault(where=str(path), message=message, expected="--tumour with an OncoTree code or name")
        if aside_goes:
            of_samples |= {name: [fault] for name in names}
        else:
            faults.append(fault)
    faults.extend(responses.of_strangers(seen))
    if found and not faults:
        # A sample that cannot be read is no reason to say nothing of the others.
        given.set_aside.extend(
            SampleSetAside(name, tuple(map(str, dict.fromkeys(its)))) for name, its in of_samples.items()
        )
        return found
    faults.extend(fault for its in of_samples.values() for fault in its)
    if faults:
        raise InputError(dict.fromkeys(faults))
    return found


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


def _sample_defaults(interpreter: TumourInterpreter, options: TumourOptions, faults: list[Fault]) -> SampleDefaults:
    """What was said of every sample; faults of the panels and of the tumour type are added."""
    if options.tumour is not None:
        read = read_tumour_type(interpreter.rulebase, options.tumour)
        if read.tumour is None:
            faults.append(read.fault(interpreter.rulebase, fault_in("tumour")))
    loci = [GivenText(text, fault_in("assayed")) for item in options.assayed for text in split_locus_list(item)]
    panels = []
    for name in options.panel:
        # Imported here: most samples name none.
        from resistab.domains.oncology.inputs.panels import read_panel

        try:
            panels.append(read_panel(name, interpreter.rulebase, interpreter.coding_exons))
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


def _from_files(
    interpreter: TumourInterpreter, given: Given, faults: list[Fault]
) -> list[tuple[GivenSample, Path | None]]:
    """The samples of every file; the faults of a file that cannot be read are added."""
    from resistab.domains.oncology.inputs.reading import Wanted, read_samples

    samples: list[tuple[GivenSample, Path | None]] = []
    for path in given.files:
        with given.progress.reading(path) as progress:
            wanted = Wanted(given.sample, lambda: interpreter.coding_exons, progress, interpreter.knows_symbol)
            try:
                samples.extend((sample, path) for sample in read_samples(path, interpreter.rulebase, wanted))
            except InputError as error:
                faults.extend(error.faults)
    return samples
