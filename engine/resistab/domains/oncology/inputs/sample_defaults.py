"""What is said of every sample of a file outside it, and holds where the file says nothing: the sample defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeVar

from resistab.core.cached import cached_property
from resistab.core.faults import Fault, fault_in
from resistab.core.records import dataclass, replace
from resistab.core.said import said
from resistab.domains.oncology.grammar.loci import LocusKind, parse_loci
from resistab.domains.oncology.inputs.assembly import GivenSample, GivenText
from resistab.domains.oncology.inputs.tumour_types import TumourReading, listed
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.responses import GivenResponse

if TYPE_CHECKING:
    from resistab.domains.oncology.inputs.panels import GivenPanel

_Value = TypeVar("_Value")
_Covering = tuple[tuple[GivenText, ...], tuple[str, ...]]


@dataclass(frozen=True)
class SampleDefaults:
    """Said on the command line of every sample of the files; None and empty where nothing was said.

    A panel's own specimen and limit of detection hold where neither file nor command line says otherwise.
    """

    tumour: str | None = None
    assayed: Sequence[GivenText] = ()
    panels: Sequence[GivenPanel] = ()
    prior: Sequence[str] | None = None
    specimen: Literal["tissue", "ctDNA"] | None = None
    limit_of_detection: float | None = None
    tumour_fraction: float | None = None

    @cached_property
    def covering(self) -> Callable[[frozenset[LocusKind] | None, frozenset[str], str], _Covering]:
        """What is said of coverage: loci, and notes on them, for an input that could have told of certain kinds.

        Given are these kinds, genes of which the file tells itself, and what the file is. All samples of which these
        are the same have the very same loci, by which one sees that they need be read once.
        """
        return lru_cache(64)(self._covering)

    def _covering(self, reports: frozenset[LocusKind] | None, covered: frozenset[str], read_as: str) -> _Covering:
        loci = list(self.assayed)
        notes: list[str] = []
        for panel in self.panels:
            told, silent = _told(panel, reports, covered)
            loci += told
            notes += panel.notes
            if silent:
                notes.append(
                    said(
                        "{panel} also covers {names}, of which a {format} says nothing: they count as unknown unless "
                        "--assayed names them",
                        panel=panel.name,
                        names=", ".join(silent),
                        format=read_as,
                    )
                )
        return tuple(loci), tuple(notes)


def with_defaults(sample: GivenSample, defaults: SampleDefaults, measured: Sequence[GivenResponse] = ()) -> GivenSample:
    """The sample with the defaults where its file says nothing; where both say something else, that is a fault.

    Of the tumour type see ``with_tumour_said``.
    """
    faults = list(sample.faults)

    def one(name: str, of_file: _Value | None, of_user: _Value | None) -> _Value | None:
        if None not in (of_file, of_user) and of_file != of_user:
            message = f"'{of_user}' is given, and the file says {of_file} of '{sample.sample}'"
            faults.append(Fault(where=name, message=message, expected="one of the two"))
        return of_user if of_file is None else of_file

    tumour = sample.tumour_type
    if tumour is None and defaults.tumour is not None and not _blames_tumour(sample):
        tumour = GivenText(defaults.tumour, fault_in("tumour"))
    therapies = sample.prior_therapies
    if therapies is None and defaults.prior is not None:
        therapies = [GivenText(text, fault_in("prior")) for text in defaults.prior]
    specimen: Literal["tissue", "ctDNA"] | None = one("--specimen", sample.specimen, defaults.specimen)
    limit = one("--limit-of-detection", sample.limit_of_detection, defaults.limit_of_detection)
    specimens = {panel.specimen for panel in defaults.panels if panel.specimen is not None}
    if specimen is None and len(specimens) > 1:
        names = " and ".join(panel.name for panel in defaults.panels)
        message = f"{names} are of different specimens"
        faults.append(Fault(where="--panel", message=message, expected="--specimen tissue or ctDNA with them"))
    for panel in defaults.panels:
        specimen = specimen or panel.specimen
        limit = panel.limit_of_detection if limit is None else limit
    loci, notes = defaults.covering(sample.reports, sample.covered_genes, sample.read_as.partition(",")[0])
    return replace(
        sample,
        tumour_type=tumour,
        assayed=(*sample.assayed, *loci) if sample.assayed else loci,
        prior_therapies=therapies,
        specimen=specimen,
        limit_of_detection=limit,
        notes=[*sample.notes, *notes],
        tumour_fraction=one("--tumour-fraction", sample.tumour_fraction, defaults.tumour_fraction),
        measured=[*sample.measured, *measured],
        faults=faults,
    )


def with_tumour_said(
    sample: GivenSample, tumour: str | None, rulebase: Rulebase, read: Callable[[str], TumourReading]
) -> GivenSample:
    """The sample where the user says a tumour type beside its file's.

    A type of the file that is not clear gives way to the user's, which is noted; where the file's may mean several, the
    user's must be of these. Two types that are clear and differ are a fault. ``read`` reads a tumour type.
    """
    if sample.tumour_type is None or tumour is None:
        return sample
    of_file, of_user = read(sample.tumour_type.text), read(tumour)
    if of_user.tumour is None or (of_file.tumour is not None and of_file.tumour.code == of_user.tumour.code):
        return sample
    lineage = rulebase.lineage(of_user.tumour.code)
    fits = any(candidate.code in lineage for candidate in of_file.candidates)
    if of_file.tumour is None and (fits or not of_file.candidates):
        note = said(
            "the file says '{given}', which is not understood; --tumour {code} is used",
            given=of_file.text,
            code=of_user.tumour.code,
        )
        if of_file.candidates:
            note = said(
                "the file says '{given}', which may mean {candidates}; --tumour {code} is used",
                given=of_file.text,
                candidates=listed(of_file.candidates),
                code=of_user.tumour.code,
            )
        return replace(sample, tumour_type=None, notes=[*sample.notes, note])
    message = f"'{tumour}' is given, and the file says {of_file.text} of '{sample.sample}'"
    fault = Fault(where="--tumour", message=message, expected="one of the two")
    return replace(sample, faults=[*sample.faults, fault])


def _told(
    panel: GivenPanel, reports: frozenset[LocusKind] | None, covered: frozenset[str]
) -> tuple[list[GivenText], list[str]]:
    """What of a panel an input could have told of, as loci, and the kinds of which it is silent.

    Mutations of the genes in ``covered`` are not among them: the file itself says what of these was read.
    """
    if reports is None and not covered:
        return list(panel.loci), []
    told: list[GivenText] = []
    silent: dict[str, None] = {}
    for entry in panel.loci:
        try:
            loci = parse_loci(entry.text)
        except ValueError:
            # Told as a fault where the loci are read.
            told.append(entry)
            continue
        within = [locus for locus in loci if reports is None or locus.kind in reports]
        loci = tuple(locus for locus in loci if locus.kind != "mutation" or locus.subject not in covered)
        within = [locus for locus in within if locus in loci]
        if not loci:
            continue
        silent |= {
            locus.kind if locus.kind != "signature" else locus.subject: None for locus in loci if locus not in within
        }
        told += [replace(entry, text=str(locus)) for locus in within]
    return told, list(silent)


def _blames_tumour(sample: GivenSample) -> bool:
    """Whether the file said a tumour type that is at fault, which is told already."""
    return any("tumour_type" in fault.message for fault in sample.faults)
