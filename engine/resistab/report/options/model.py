"""The section *Options* of a report: regimens in their order, and what to watch for."""

from __future__ import annotations

from resistab.core.model import Field
from resistab.core.regimens import Status
from resistab.core.verdict import ResultModel


class Gss(ResultModel):
    """The sum of the activities of a regimen's drugs; ``least`` is what its setting asks for."""

    low: float
    high: float
    least: float


class DrugActivity(ResultModel):
    """A drug of a regimen: its verdict, how active it is (0 to 1), why, and what it is active against."""

    drug: str
    verdict: str
    low: float
    high: float
    because: str
    against: tuple[str, ...]


class AuthorityInfo(ResultModel):
    """Who names a regimen or a rule, since when, with what grade; ``verification`` is what was seen of it."""

    authority: str
    year: int | None
    grade: str | None
    citations: tuple[str, ...]
    verification: str
    superseded: bool = False


class SettingInfo(ResultModel):
    """A setting that a regimen is meant for; ``fits`` is None where that cannot be told from what is known.

    ``where`` are the patients it is for, ``provided`` is what no genotype says.
    """

    setting: str
    where: str
    fits: bool | None
    why_not: str
    provided: str | None
    authorities: tuple[AuthorityInfo, ...]


class RuleInfo(ResultModel):
    """A rule for combining drugs that applies to a regimen, in words and by whom it is said."""

    id: str
    kind: str
    severity: str
    says: str
    authorities: tuple[AuthorityInfo, ...]
    citations: tuple[str, ...]


class GeneticBarrier(ResultModel):
    """How many further changes it takes to defeat every drug: ``value``, at least that where it is not ``exact``."""

    value: int
    exact: bool
    note: str = ""


class EscapeChange(ResultModel):
    """One further change and the drugs of the regimen that it defeats, by itself or with the others of its set.

    ``rows`` are the rows of the drugs' tables by which it does, ``citations`` what they rest on.
    """

    finding: str
    defeats: tuple[str, ...]
    rows: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


class RegimenInfo(ResultModel):
    """A regimen in this patient.

    ``rank`` is shared by those between which nothing decides. ``setting`` and ``authority`` are those it is ranked by;
    ``settings`` are all. ``broken_rules`` count against it, ``cautions`` are said only, ``kept`` are rules by which a
    drug stays in spite of resistance. ``curated`` is false for one that nobody names.
    """

    id: str
    rank: int
    drugs: tuple[str, ...]
    together_with: str | None
    curated: bool
    status: Status
    why: tuple[str, ...]
    setting: str
    authority: str
    gss: Gss
    activities: tuple[DrugActivity, ...]
    independent_targets: int
    genetic_barrier: GeneticBarrier | None
    escape_sets: tuple[tuple[EscapeChange, ...], ...]
    broken_rules: tuple[RuleInfo, ...]
    cautions: tuple[RuleInfo, ...]
    kept: tuple[RuleInfo, ...]
    settings: tuple[SettingInfo, ...]
    note: str | None
    citations: tuple[str, ...]


class WatchItem(ResultModel):
    """A change to look for in the next sample, the drugs it would defeat, and what that rests on.

    ``evidence`` are references, or the ids of rows where the rule set cites none for them.
    """

    finding: str
    defeats: tuple[str, ...]
    regimens: tuple[str, ...]
    evidence: tuple[str, ...]


class Overcoming(ResultModel):
    """Drugs that the evidence shows to work in spite of what makes another resistant."""

    drug: str
    findings: tuple[str, ...]
    overcome_by: tuple[str, ...]
    rows: tuple[str, ...]
    citations: tuple[str, ...]


class Options(ResultModel):
    """What is open to a patient.

    ``not_listed`` counts the regimens that are for other patients, by the reason. ``limits`` say what this is not.
    """

    regimens: tuple[RegimenInfo, ...]
    watch_list: tuple[WatchItem, ...]
    overcome: tuple[Overcoming, ...] = ()
    not_listed: dict[str, int] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
