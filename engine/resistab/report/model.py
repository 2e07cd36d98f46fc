"""What the reports of every domain are made of."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from resistab import __version__
from resistab.core.derivation import MechanismStep, reference_url
from resistab.core.faults import NotUnderstood
from resistab.core.verdict import DrugVerdict, ResultModel
from resistab.report.language import ENGLISH
from resistab.rulesets.models import OverlayInfo

if TYPE_CHECKING:
    from resistab.report.words import Vocabulary


class Software(ResultModel):
    """The program that made the report."""

    name: str
    version: str


class RetiredByOverlay(ResultModel):
    """A row of the rule set that an overlay retires, and why."""

    row: str
    reason: str


class ReportedOverlay(ResultModel):
    """A laboratory's overlay: how many rows it adds, and which it retires."""

    name: str
    version: str
    date: datetime.date
    rows: int
    retired: tuple[RetiredByOverlay, ...]


class RulesetInfo(ResultModel):
    """The rule set: its id, version and date, the SHA-256 of its files, and how many rules it holds."""

    id: str
    name: str
    version: str
    date: datetime.date
    licence: str
    digest: str
    drugs: int
    rows: int
    mechanism_rules: int
    citations: int
    overlay: ReportedOverlay | None


class NotUnderstoodInfo(ResultModel):
    """An entry that was set aside at the user's wish, and why."""

    entry: str
    reason: str


class ConclusionInfo(ResultModel):
    """A conclusion that was reached, by which mechanism rules, resting on which findings."""

    id: str
    name: str
    findings: tuple[str, ...]
    rules: tuple[MechanismStep, ...]


class CitationInfo(ResultModel):
    """A reference that some verdict rests on."""

    reference: str
    short: str
    url: str


class SampleName(Protocol):
    """What every report says of its sample."""

    @property
    def id(self) -> str: ...


class PatientReport(Protocol):
    """What every domain's report has."""

    @property
    def sample(self) -> SampleName: ...
    @property
    def verdicts(self) -> Sequence[DrugVerdict]: ...
    def to_json(self) -> str:
        """The report as JSON on one line; the same report always gives the same bytes."""
        ...


class Rendering(Protocol):
    """What a report is shown by: the ``report`` of its pack."""

    @property
    def VERDICTS(self) -> Vocabulary: ...  # noqa: N802
    @property
    def TABLE_COLUMNS(self) -> tuple[str, ...]: ...  # noqa: N802
    def leading(self, report: Any) -> Any: ...
    def table_rows(self, report: Any) -> Iterable[tuple[str, ...]]: ...
    def html(self, report: Any) -> str: ...
    def fhir(self, report: Any, rules: Any) -> str: ...


class ShownReport(ResultModel):
    """What the reports of every pack can do for whoever works in Python; each says by ``rendering`` how it is shown.

    What is written is what the command line writes: without ``all_drugs`` of the drugs that a report leads with. A file
    is written whole or not at all; ``OutputError`` is raised where it cannot be.
    """

    def rendering(self) -> Rendering:
        """The ``report`` of the pack that made this; raises ``NotImplementedError`` where no pack did."""
        raise NotImplementedError(f"{type(self).__name__} is of no pack that says how it is shown")

    def _shown(self, all_drugs: bool) -> Any:
        return self if all_drugs else self.rendering().leading(self)

    def to_frame(self, kind: Literal["polars", "pandas"] | None = None, *, all_drugs: bool = False) -> Any:
        """A row for each drug with the columns of ``--table``, as a data frame of polars, or of pandas.

        Without ``kind`` it is that of the two which is installed, of both polars. Raises ``ExtraMissingError`` where
        it is not installed, ``ValueError`` for another kind.
        """
        from resistab.report.dataframe import data_frame

        shown = self.rendering()
        return data_frame(shown.TABLE_COLUMNS, list(shown.table_rows(self._shown(all_drugs))), kind)

    def to_html(self, path: str | Path, *, all_drugs: bool = False, language: str | Path = ENGLISH) -> None:
        """Write the report as one self-contained HTML page, in the language with a code, or of a translation's file.

        Raises ``InputError`` for a language that there is not, or a file with faults, and ``ExtraMissingError`` where
        what reads translations is not installed.
        """
        from resistab.files.output import write_whole

        write_whole(Path(path), self._html(all_drugs, language))

    def to_pdf(self, path: str | Path, *, all_drugs: bool = False, language: str | Path = ENGLISH) -> None:
        """Write the report as a PDF; raises ``ExtraMissingError`` where what writes one is not installed.

        Of its ``language`` see ``to_html``.
        """
        from resistab.files.output import write_whole
        from resistab.report.pdf import pdf

        on: datetime.date | None = getattr(self, "generated_on", None)
        write_whole(Path(path), [pdf(self._html(all_drugs, language), on)])

    def _html(self, all_drugs: bool, language: str | Path) -> str:
        from resistab.report.language import speaking
        from resistab.report.translations import language_named

        with speaking(language_named(language)):
            return self.rendering().html(self._shown(all_drugs))

    def to_fhir(self, path: str | Path, rules: Any = None, *, all_drugs: bool = False) -> None:
        """Write the report as a FHIR Bundle; raises ``ExtraMissingError`` where what checks one is not installed.

        With ``rules``, the ``rulebase`` of the interpreter, genes and drugs have the identifiers that it knows, as on
        the command line.
        """
        from resistab.files.output import write_whole

        write_whole(Path(path), self.rendering().fhir(self._shown(all_drugs), rules) + "\n")

    def __repr__(self) -> str:
        report: Any = self
        try:
            report = self._shown(all_drugs=False)
            told = self.rendering().VERDICTS.tally(verdict.verdict for verdict in report.verdicts)
        except NotImplementedError:
            told = f"{len(report.verdicts)} drugs"
        return f"<{type(self).__name__} on {report.sample.id}: {told or 'no drugs'}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: a table of the drugs that the report leads with."""
        from resistab.report.notebook import notebook_html

        return notebook_html(self._shown(all_drugs=False), self.rendering().VERDICTS)


def reported_overlay(overlay: OverlayInfo | None) -> ReportedOverlay | None:
    """An overlay as a report names it."""
    if overlay is None:
        return None
    retired = tuple(RetiredByOverlay(row=row, reason=reason) for row, reason in overlay.retired.items())
    return ReportedOverlay(
        name=overlay.name, version=overlay.version, date=overlay.date, rows=len(overlay.added), retired=retired
    )


def ruleset_info(
    manifest: Any,
    digest: str,
    overlay: OverlayInfo | None,
    *,
    drugs: int,
    rows: int,
    mechanism_rules: int,
    citations: int,
) -> RulesetInfo:
    """The rule set that ``manifest`` heads, as a report names it, with how many of each it holds."""
    return RulesetInfo(
        id=manifest.ruleset,
        name=manifest.name,
        version=manifest.version,
        date=manifest.date,
        licence=manifest.licence,
        digest=digest,
        drugs=drugs,
        rows=rows,
        mechanism_rules=mechanism_rules,
        citations=citations,
        overlay=reported_overlay(overlay),
    )


def software_info() -> Software:
    """The program that is running."""
    return Software(name="resistab", version=__version__)


def cited(verdicts: Iterable[DrugVerdict], short_of: Callable[[str], str]) -> tuple[CitationInfo, ...]:
    """The references that ``verdicts`` rest on, each once, by kind and number; ``short_of`` prints one."""
    references = sorted({reference for verdict in verdicts for reference in verdict.citations}, key=reference_key)
    return tuple(citation(reference, short_of(reference)) for reference in references)


def citation(reference: str, short: str) -> CitationInfo:
    """A reference that is printed as ``short``."""
    return CitationInfo(reference=reference, short=short, url=reference_url(reference))


def set_aside(entries: Iterable[NotUnderstood]) -> tuple[NotUnderstoodInfo, ...]:
    """What was not understood, as a report names it."""
    return tuple(NotUnderstoodInfo(entry=item.entry, reason=item.reason) for item in entries)


def reference_key(reference: str) -> tuple[str, int, str]:
    """By what references are sorted: kind and number."""
    kind, _, number = reference.partition(":")
    return kind, int(number) if number.isdigit() else 0, number
