"""Attributes of samples in a study's clinical table that are findings: MSI, TMB, HRD, receptors, PD-L1.

Of each kind several columns may speak; where they contradict each other none is taken, and that is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from resistab.core.faults import InputError
from resistab.core.said import lists, said
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import GivenFinding
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.tables import TextRow, TextTable, number_of

_POSITIVE = ("positive", "pos", "+", "yes")
_NEGATIVE = ("negative", "neg", "no")


def _stained(protein: str) -> dict[str, str]:
    return dict.fromkeys(_POSITIVE, f"{protein} protein positive") | dict.fromkeys(
        _NEGATIVE, f"{protein} protein negative"
    )


_MSI = {
    "instable": "MSI high", "unstable": "MSI high", "high": "MSI high", "msi-h": "MSI high", "msi-high": "MSI high",
    "msi high": "MSI high", "msih": "MSI high", "msi": "MSI high", "dmmr": "MSI high",
    "stable": "MSI stable", "mss": "MSI stable", "msi-s": "MSI stable", "microsatellite stable": "MSI stable",
    "msi stable": "MSI stable", "pmmr": "MSI stable",
    "low": "MSI low", "msi-l": "MSI low", "msi-low": "MSI low", "msi low": "MSI low",
}  # fmt: skip
_HRD = {
    **dict.fromkeys((*_POSITIVE, "hrd", "hrd positive", "hrd-positive", "deficient", "hr deficient"), "HRD positive"),
    **dict.fromkeys((*_NEGATIVE, "hrp", "hrd negative", "hrd-negative", "proficient", "hr proficient"), "HRD negative"),
}
_AMPLIFIED = dict.fromkeys(("amplified", "positive", "amplification"), "ERBB2 amplification")

# By the name of the column: what its values are as findings.
_WORDS: dict[str, Mapping[str, str]] = {
    **dict.fromkeys(("msi_type", "msi_status", "msi", "msi_call", "msi_sensor_type", "msisensor_type"), _MSI),
    **dict.fromkeys(("hrd_status", "hrd", "hrd_call"), _HRD),
    **dict.fromkeys(("er_status_by_ihc", "er_status", "er_ihc"), _stained("ESR1")),
    **dict.fromkeys(("pr_status_by_ihc", "pr_status", "pr_ihc"), _stained("PGR")),
    **dict.fromkeys(("her2_status_by_ihc", "her2_status", "ihc_her2", "her2_ihc"), _stained("ERBB2")),
    **dict.fromkeys(("her2_fish_status", "her2_fish"), _AMPLIFIED),
    **dict.fromkeys(("pdl1_positive", "pd_l1_positive", "pdl1_status", "pd_l1_status", "pdl1_ihc"), _stained("CD274")),
}
# By the name of the column: the finding that is measured, and its unit. Of TMB the first that is given is taken.
_NUMBERS: dict[str, tuple[str, str]] = {
    "tmb_score": ("TMB", "mut/Mb"),
    "cvr_tmb_score": ("TMB", "mut/Mb"),
    "tmb_nonsynonymous": ("TMB", "mut/Mb"),
    "tmb": ("TMB", "mut/Mb"),
    "tumor_mutational_burden": ("TMB", "mut/Mb"),
    "her2_ihc_score": ("ERBB2 IHC", "IHC"),
    **dict.fromkeys(("pdl1_tps", "pd_l1_tps"), ("CD274 TPS", "TPS")),
    **dict.fromkeys(("pdl1_cps", "pd_l1_cps"), ("CD274 CPS", "CPS")),
    "er_status_ihc_percent_positive": ("ESR1 protein", "%"),
}
_EMPTY = frozenset({"", "NA", "N/A", "NAN", ".", "-", "[NOT AVAILABLE]", "NOT AVAILABLE", "UNKNOWN", "[NOT EVALUATED]"})
# What a column must be of, by its name, to be told with its value where it is not read.
_TELLING = re.compile(
    r"msi|tmb|mutational_burden|hrd|her2|(^|_)(er|pr|ar)_|pd_?l1|mmr|fusion|rearrang|methyl|ihc|fish|mutation|amplif|"
    r"copy_number|expression|signature|biomarker|karyotype|mgmt|idh",
    re.IGNORECASE,
)
# Columns that name the sample, or count and score what is read elsewhere.
# As notes tell what a column says.
SAYS = lists("{column} says {finding}")
_NAMES = frozenset({"patient_id", "sample_id", "oncotree_code", "cancer_type_detailed", "mutation_count", ""})


@dataclass
class Attributes:
    """What a row of the clinical table says of its sample: findings, and what is not read of it."""

    findings: list[GivenFinding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def attributes_of(row: TextRow, table: TextTable, rulebase: Rulebase) -> Attributes:
    """What a row says of its sample; raises ``InputError`` for a number that is none."""
    found = Attributes()
    kinds: dict[str, list[tuple[str, str]]] = {}
    measured: dict[str, list[tuple[str, float]]] = {}
    for column, written in zip(table.columns, table.written, strict=True):
        value = row[column]
        if value.upper() in _EMPTY or column in _NAMES:
            continue
        if words := _WORDS.get(column):
            text = words.get(value.casefold())
            if text is None:
                untaken = "{column} '{given}' is no finding and was not taken"
                found.notes.append(said(untaken, column=written, given=value))
            else:
                kinds.setdefault(_kind(text), []).append((written, text))
        elif column in _NUMBERS:
            try:
                number = number_of(row, column, 0)
            except InputError as error:
                unread = "{column} '{given}' was not read: {quoted}"
                found.notes.append(said(unread, column=written, given=value, quoted=error.faults[0].message))
                continue
            if number is not None:
                measured.setdefault(column, []).append((written, number))
        elif _is_telling(column, rulebase):
            found.notes.append(said("{column} '{given}' was not read", column=written, given=value))
    for entries in kinds.values():
        texts = list(dict.fromkeys(text for _, text in entries))
        if len(texts) > 1:
            columns = _listed(f"{name} says {text}" for name, text in entries)
            found.notes.append(said("{names}: neither is taken", names=columns))
        else:
            found.findings.append(_finding(texts[0], row, f"{texts[0]} ({entries[0][0]})"))
    found.findings.extend(_measurements(row, measured, rulebase, found.notes))
    return found


def columns_not_read(table: TextTable, rulebase: Rulebase) -> list[str]:
    """The columns that are neither read nor told of with their values."""
    return [
        written
        for column, written in zip(table.columns, table.written, strict=True)
        if column not in _NAMES | _WORDS.keys() | _NUMBERS.keys() and not _is_telling(column, rulebase)
    ]


def telling_columns(table: TextTable, rulebase: Rulebase) -> list[str]:
    """The columns whose names say that they hold findings."""
    return [
        written
        for column, written in zip(table.columns, table.written, strict=True)
        if column not in _NAMES and (column in _WORDS or column in _NUMBERS or _is_telling(column, rulebase))
    ]


def _kind(text: str) -> str:
    """What a finding is of, so that two of one kind can contradict each other: ``MSI``, ``ERBB2 protein``."""
    return text.rpartition(" ")[0]


def _is_telling(column: str, rulebase: Rulebase) -> bool:
    return bool(_TELLING.search(column)) or any(
        len(word) > 2 and word.upper() in rulebase.gene_by_name for word in re.split(r"[^a-z0-9-]+", column)
    )


def _measurements(
    row: TextRow, measured: Mapping[str, list[tuple[str, float]]], rulebase: Rulebase, notes: list[str]
) -> Iterator[GivenFinding]:
    """The findings of columns of numbers, of each kind one; of those that part no value."""
    kinds: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for column, (kind, unit) in _NUMBERS.items():
        kinds.setdefault((kind, unit), []).extend(measured.get(column, ()))
    for (kind, unit), entries in kinds.items():
        if not entries:
            continue
        written, number = entries[0]
        told = _listed(f"{name} {value:g}" for name, value in entries)
        if len({value for _, value in entries}) > 1:
            state = _state_by(rulebase, kind, unit)
            if len({state(value) for _, value in entries}) > 1:
                notes.append(said("{columns}: the columns differ, and neither is taken", columns=told))
                continue
            notes.append(said("{columns}: the columns differ, and {column} was taken", columns=told, column=written))
        text = kind if kind == "TMB" else f"{kind} {number:g}" + {"IHC": "+", "%": "%", "TPS": "%", "CPS": ""}[unit]
        value = Measured(value=number, unit=unit) if kind == "TMB" else None
        yield _finding(text, row, f"{kind} {number:g} ({written})", value)


def _state_by(rulebase: Rulebase, kind: str, unit: str) -> Callable[[float], str]:
    analyte, subject = ("signature", kind) if kind == "TMB" else ("protein", kind.partition(" ")[0])
    cutoff = rulebase.manifest.cutoff(analyte, subject, unit)
    return (lambda value: str(value)) if cutoff is None else cutoff.state


def _finding(text: str, row: TextRow, shown: str, measured: Measured | None = None) -> GivenFinding:
    return GivenFinding(text, row.fault_at, measured, fallback="", shown=shown)


def _listed(parts: Iterable[str]) -> str:
    return " and ".join(parts)
