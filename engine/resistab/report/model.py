"""What the reports of every domain are made of."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from resistab import __version__
from resistab.core.derivation import MechanismStep, reference_url
from resistab.core.faults import NotUnderstood
from resistab.core.verdict import DrugVerdict, ResultModel
from resistab.rulesets.models import OverlayInfo


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
