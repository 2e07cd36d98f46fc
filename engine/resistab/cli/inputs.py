"""What the command line gives of tumours: files of any kind, what is said beside them, or one tumour in options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from resistab.cli.support import usage

if TYPE_CHECKING:
    from resistab.core.faults import Fault
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.inputs.assembly import GivenSample
    from resistab.domains.oncology.inputs.sample_defaults import Beside
    from resistab.domains.oncology.interpreter import Interpreter
    from resistab.files.responses import GivenResponse

# From here on reading takes long enough that one wants to see it go on.
_LARGE_FILE = 50_000_000
# Responses of a table that names no sample are of each sample.
_EACH = "(each sample)"


@dataclass(frozen=True)
class TumourGiven:
    """The options of a command that interprets tumours, as they were given."""

    files: Sequence[Path] = ()
    tumour: str | None = None
    findings: Sequence[str] = ()
    assayed: Sequence[str] = ()
    panels: Sequence[str] = ()
    prior: Sequence[str] | None = None
    sample: str | None = None
    specimen: str | None = None
    limit_of_detection: float | None = None
    tumour_fraction: float | None = None
    measured: Path | None = None
    keep_going: bool = False


def genotypes(interpreter: Interpreter, given: TumourGiven) -> list[Genotype]:
    """The genotypes of the files, or the one that the options describe; raises ``InputError`` with all faults."""
    from resistab.core.faults import Fault, InputError

    if given.specimen is not None and given.specimen.lower() not in ("tissue", "ctdna"):
        usage(f"--specimen '{given.specimen}' is neither tissue nor ctDNA")
    for name, value in (
        ("--limit-of-detection", given.limit_of_detection),
        ("--tumour-fraction", given.tumour_fraction),
    ):
        if value is not None and not 0 <= value <= 1:
            usage(f"{name} {value:g} is no fraction from 0 to 1")
    faults: list[Fault] = []
    said = _said(interpreter, given, faults)
    responses = _responses(given.measured, faults)
    samples = _from_files(interpreter, given, faults) if given.files else [(_from_options(interpreter, given), None)]
    seen: dict[str, Path | None] = {}
    untyped: dict[Path | None, list[str]] = {}
    found: list[Genotype] = []
    from resistab.domains.oncology.inputs.sample_defaults import laid_over

    for sample, path in samples:
        if sample.sample and sample.sample in seen:
            message = f"the sample '{sample.sample}' is given twice, first in {seen[sample.sample]}"
            faults.append(Fault(where=str(path), message=message, expected="each sample once"))
            continue
        seen[sample.sample] = path
        own = [*responses.get(sample.sample, ()), *responses.get("", ())]
        whole = laid_over(sample, said, own)
        if whole.tumour_type is None and not whole.faults:
            untyped.setdefault(path, []).append(sample.sample)
            continue
        try:
            found.append(interpreter.assemble(whole, given.keep_going))
        except InputError as error:
            faults.extend(error.faults)
    for path, names in untyped.items():
        which = f"'{names[0]}'" if len(names) == 1 else f"{len(names):,} samples"
        message = f"does not say the tumour type of {which}"
        faults.append(Fault(where=str(path), message=message, expected="--tumour with an OncoTree code or name"))
    strangers = sorted(name for name in responses if name and name not in seen)
    faults.extend(
        Fault(where=str(given.measured), message=f"there is no sample '{name}'", expected="the name of a sample given")
        for name in strangers
    )
    if faults:
        raise InputError(dict.fromkeys(faults))
    return found


def _said(interpreter: Interpreter, given: TumourGiven, faults: list[Fault]) -> Beside:
    """What was said of every sample; faults of the panels are added."""
    from resistab.core.faults import InputError, fault_in
    from resistab.domains.oncology.grammar.loci import split_locus_list
    from resistab.domains.oncology.inputs.assembly import GivenText
    from resistab.domains.oncology.inputs.panels import read_panel
    from resistab.domains.oncology.inputs.sample_defaults import Beside

    loci = [GivenText(text, fault_in("assayed")) for item in given.assayed for text in split_locus_list(item)]
    panels = []
    for name in given.panels:
        try:
            panels.append(read_panel(name, interpreter.rulebase, interpreter.coding_exons))
        except InputError as error:
            faults.extend(error.faults)
    prior = None if given.prior is None else [] if [p.casefold() for p in given.prior] == ["none"] else given.prior
    stated = {"tissue": "tissue", "ctdna": "ctDNA"}.get((given.specimen or "").lower())
    return Beside(
        tumour=given.tumour,
        assayed=loci,
        panels=panels,
        prior=prior,
        specimen=cast('Literal["tissue", "ctDNA"] | None', stated),
        limit_of_detection=given.limit_of_detection,
        tumour_fraction=given.tumour_fraction,
    )


def _responses(path: Path | None, faults: list[Fault]) -> dict[str, list[GivenResponse]]:
    """The measured responses of a file by the sample's name; those without one are under ""."""
    from resistab.core.faults import Fault, InputError

    if path is None:
        return {}
    from resistab.domains.oncology.inputs.findings_table import read_findings_table

    try:
        samples = read_findings_table(path, _EACH)
    except InputError as error:
        faults.extend(error.faults)
        return {}
    for sample in samples:
        if sample.findings:
            message = "holds findings beside responses"
            faults.append(
                Fault(where=str(path), message=message, expected="drug, assay, measure, response and cutoffs")
            )
    return {"" if sample.sample == _EACH else sample.sample: list(sample.measured) for sample in samples}


def _from_options(interpreter: Interpreter, given: TumourGiven) -> GivenSample:
    """The one tumour that the options describe."""
    from resistab.core.faults import Fault, InputError, fault_in
    from resistab.domains.oncology.inputs.assembly import GivenFinding, GivenSample
    from resistab.files.sample_names import name_fault

    if not given.tumour:
        usage("a patient file, or --tumour with --finding or --assayed, is needed")
    if not (given.findings or given.assayed or given.panels):
        usage("at least one --finding or --assayed is needed: with neither, nothing is known of the tumour")
    if not given.findings and not given.panels and not any(text.strip(" ,") for text in given.assayed):
        usage("--assayed names nothing: with no finding either, nothing is known of the tumour")
    name = "sample" if given.sample is None else given.sample
    if fault := name_fault(name):
        raise InputError([Fault(where="--sample", message=f"'{name}' {fault}", expected="a name")])
    return GivenSample(
        sample=name,
        tumour_type=None,
        findings=[GivenFinding(text, fault_in("finding")) for text in given.findings],
    )


def _from_files(
    interpreter: Interpreter, given: TumourGiven, faults: list[Fault]
) -> list[tuple[GivenSample, Path | None]]:
    """The samples of every file; the faults of a file that cannot be read are added."""
    from resistab.core.faults import InputError
    from resistab.domains.oncology.inputs.reading import Wanted, read_samples

    if given.findings:
        usage("give either patient files or --tumour with --finding, not both")
    samples: list[tuple[GivenSample, Path | None]] = []
    for path in given.files:
        with _Progress(path) as progress:
            wanted = Wanted(given.sample, interpreter.coding_exons, progress)
            try:
                samples.extend((sample, path) for sample in read_samples(path, interpreter.rulebase, wanted))
            except InputError as error:
                faults.extend(error.faults)
    return samples


class _Progress:
    """Shows on a terminal how many records of a large file were read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._shown: object = None

    def __enter__(self) -> Callable[[int], None] | None:
        import sys

        try:
            large = self._path.is_file() and self._path.stat().st_size > _LARGE_FILE
        except OSError:
            large = False
        if not (large and sys.stderr.isatty()):
            return None
        from rich.console import Console
        from rich.status import Status

        status = Status(f"Reading {self._path.name}", console=Console(stderr=True))
        status.start()
        self._shown = status
        return lambda records: status.update(f"Reading {self._path.name}: {records:,} records")

    def __exit__(self, *failure: object) -> None:
        from rich.status import Status

        if isinstance(self._shown, Status):
            self._shown.stop()
