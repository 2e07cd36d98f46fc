"""Tables of what happened to patients under therapies: a line for each therapy, with the sample taken before it.

    patient,sample,sample_date,mutations,drug,start,end,best_response,progression,last_seen
    p-1,p-1 biopsy,2021-03-02,EGFR L858R,gefitinib,2021-03-20,2022-01-15,PR,2022-01-10,2022-06-30
    p-2,p-2 biopsy,2021-04-11,EGFR L858R; EGFR T790M,gefitinib,2021-04-20,,SD,,2021-12-01

The sample is the last one taken at or before the start; its genotype may be given in any of its lines.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from resistab.core.faults import Fault, InputError, nearest
from resistab.curation.kit.measured.plain import ListedSample, differing, refuse_columns
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, read_table, require
from resistab.report.words import counted

if TYPE_CHECKING:
    from resistab.domains.pack import Pack

COLUMNS: Mapping[str, str] = {
    "patient": "who was treated",
    "sample": "the sample's name; lines of one name are one sample",
    "sample_date": "when it was taken: at or before the start of the therapy",
    "tumour_type": "of a tumour: OncoTree code or name",
    "mutations": "the genotype as a list, as evaluate reads it; findings means the same",
    "findings": "the same as mutations",
    "file": "instead of mutations: a file of the sample, from the folder of the table on",
    "assayed": "genes or regions that were assayed or sequenced, separated by commas",
    "drug": "the drug that was given, or a combination that the rule set has a table for (a + b)",
    "start": "when the therapy began",
    "end": "when it ended; empty while it goes on",
    "best_response": "CR, PR, SD, PD or NE; or suppressed, not suppressed; empty where nobody looked",
    "progression": "when progression, failure or death was seen; empty where neither was",
    "last_seen": "when the patient was last known to be without it",
}
Answer = Literal["responded", "not responded", "not evaluated"]
RESPONSES: Mapping[str, Answer] = {
    "CR": "responded",
    "complete response": "responded",
    "PR": "responded",
    "partial response": "responded",
    "SD": "not responded",
    "stable disease": "not responded",
    "PD": "not responded",
    "progressive disease": "not responded",
    "NE": "not evaluated",
    "not evaluable": "not evaluated",
    "suppressed": "responded",
    "not suppressed": "not responded",
}
_PROGRESSED = frozenset({"pd", "progressive disease"})
_DATE_COLUMNS = ("sample_date", "start", "end", "progression", "last_seen")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})")


@dataclass(frozen=True)
class TherapyResult:
    """One therapy, its drug by the rule set's name, and what came of it.

    ``days`` are those from the start to the progression, or to when the patient was last seen without it; None where no
    date says. ``progressed`` says which of both it was.
    """

    line: int
    patient: str
    sample: str
    genotype: Any
    drug: str
    answer: Answer
    days: int | None
    progressed: bool


@dataclass(frozen=True)
class OutcomeTable:
    """A table of outcomes, read; ``unknown_drugs`` are those that the rule set has no table for."""

    path: Path
    therapies: tuple[TherapyResult, ...]
    unknown_drugs: tuple[str, ...]
    set_aside: tuple[Fault, ...]


@dataclass(frozen=True)
class _Line:
    """A line that says whose therapy it is; its genotype and drug are not yet looked up."""

    row: TextRow
    sample: ListedSample
    answer: Answer
    days: int | None
    progressed: bool


def read_outcomes(
    pack: Pack, interpreter: Any, path: Path, keep_going: bool = False, drugs: Sequence[str] | None = None
) -> OutcomeTable:
    """The therapies of a table; raises ``InputError`` with every fault of it.

    ``drugs`` are those that are asked for, by the rule set's names; None for all. With ``keep_going`` lines that cannot
    be understood are set aside, unless none is left.
    """
    table = read_table(path)
    require(table, "patient", "sample", "drug", "start", ("mutations", "findings", "file"),
            ("best_response", "progression", "last_seen"))  # fmt: skip
    refuse_columns(table, COLUMNS)
    lines, faults = _lines(table, path)
    samples: dict[str, ListedSample] = {}
    for line in lines:
        known = samples.get(line.sample.sample)
        if known is None or not (known.text or known.file):
            samples[line.sample.sample] = line.sample
        if known is not None:
            faults.extend(differing(known, line.sample))
            faults.extend(_other_date(known, line.sample))
    for sample in samples.values():
        if not (sample.text or sample.file):
            message = f"no line gives the genotype of '{sample.sample}'"
            faults.append(sample.row.fault(message, "mutations (none where there are none), or a file"))
    faults.extend(_twice(lines))
    named, unknown = _named(pack, interpreter, lines)
    faults.extend(unknown)
    genotypes, unread = _genotypes(pack, interpreter, lines, samples, named)
    faults.extend(unread)
    faults = sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0)
    bad = {fault.line for fault in faults}
    therapies = tuple(
        TherapyResult(
            line.row.line,
            line.sample.patient,
            line.sample.sample,
            genotypes[line.sample.sample],
            named[line.row["drug"]],
            line.answer,
            line.days,
            line.progressed,
        )
        for line in lines
        if line.row.line not in bad and line.row["drug"] in named and line.sample.sample in genotypes
    )
    if faults and not keep_going:
        raise InputError(faults[:MOST_FAULTS])
    if drugs is not None:
        therapies = tuple(one for one in therapies if one.drug in drugs)
    if not therapies:
        _refuse_empty(table, faults, drugs)
    lost = tuple(dict.fromkeys(line.row["drug"] for line in lines if line.row["drug"] not in named))
    return OutcomeTable(path, therapies, lost, tuple(faults))


def _refuse_empty(table: TextTable, faults: Sequence[Fault], drugs: Sequence[str] | None) -> None:
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    message = f"holds no therapy with {' or '.join(drugs)}" if drugs else "holds no therapy"
    raise InputError([Fault(where=table.where, message=message, expected="a line for each therapy")])


def _lines(table: TextTable, path: Path) -> tuple[list[_Line], list[Fault]]:
    found: list[_Line] = []
    faults: list[Fault] = []
    try:
        for row in table.rows:
            wrong: list[Fault] = []
            dates = _dates(row, wrong)
            answer = _answer(row, dates, wrong)
            for name in ("patient", "sample", "drug", "start"):
                if not row[name]:
                    wrong.append(row.fault(f"no {name} is given", f"it in '{name}'"))
            text, file = row["mutations"] or row["findings"], row["file"]
            if text and file:
                wrong.append(row.fault("gives both a list and a file", "one of them"))
            wrong.extend(_out_of_order(row, dates))
            faults.extend(wrong)
            # Of a line with faults too the genotype is read: all that is wrong is said at once.
            if all(row[name] for name in ("patient", "sample", "drug")) and not (text and file):
                sample = ListedSample(row, row["sample"], row["patient"], text, path.parent / file if file else None)
                found.append(_Line(row, sample, answer, *_followed(dates)))
            if len(faults) >= MOST_FAULTS:
                break
    except InputError as error:
        faults.extend(error.faults)
    return found, faults


def _dates(row: TextRow, faults: list[Fault]) -> dict[str, datetime.date]:
    found = {}
    for column in _DATE_COLUMNS:
        text = row[column]
        if not text:
            continue
        try:
            if len(text) != len("YYYY-MM-DD"):
                raise ValueError(text)
            found[column] = datetime.date.fromisoformat(text)
        except ValueError:
            message = f"'{text}' in column '{column}' is no date"
            faults.append(row.fault(message, "YYYY-MM-DD", _date_meant(text)))
    return found


def _date_meant(text: str) -> str | None:
    """The date in the form that is read, where what is written can mean one alone."""
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _answer(row: TextRow, dates: Mapping[str, datetime.date], faults: list[Fault]) -> Answer:
    text = " ".join(row["best_response"].replace("_", " ").split())
    if not text:
        return "not evaluated"
    known = next((word for word in RESPONSES if word.casefold() == text.casefold()), None)
    if known is None:
        expected = "one of " + ", ".join(word for word in RESPONSES)
        faults.append(row.fault(f"'{text}' in column 'best_response' is no response", expected,
                                nearest(text, RESPONSES)))  # fmt: skip
        return "not evaluated"
    if known.casefold() in _PROGRESSED and not row["progression"]:
        message = f"the best response is {known}, and no date of progression is given"
        faults.append(row.fault(message, "the date in 'progression'"))
    return RESPONSES[known]


def _out_of_order(row: TextRow, dates: Mapping[str, datetime.date]) -> Iterable[Fault]:
    """Faults for dates that contradict each other."""
    said = {
        "sample_date": "the sample was taken",
        "start": "the therapy began",
        "end": "the therapy ended",
        "progression": "progression was seen",
        "last_seen": "the patient was last seen",
    }
    for first, then in (
        ("sample_date", "start"),
        ("start", "end"),
        ("start", "progression"),
        ("start", "last_seen"),
        ("end", "last_seen"),
        ("progression", "last_seen"),
    ):
        if first in dates and then in dates and dates[then] < dates[first]:
            message = f"{said[first]} on {dates[first]}, and {said[then]} on {dates[then]}, before that"
            yield row.fault(message, f"'{first}' on or before '{then}'")


def _followed(dates: Mapping[str, datetime.date]) -> tuple[int | None, bool]:
    """How many days passed to the progression, or to when nothing more is known of the patient, and which it was."""
    if "start" not in dates:
        return None, False
    if "progression" in dates:
        return (dates["progression"] - dates["start"]).days, True
    until = dates.get("last_seen") or dates.get("end")
    return (None if until is None else (until - dates["start"]).days), False


def _other_date(known: ListedSample, other: ListedSample) -> Iterable[Fault]:
    """What two lines of one sample say differently, beside patient and genotype."""
    for column in ("sample_date", "tumour_type", "assayed"):
        one, two = known.row[column], other.row[column]
        if one and two and one != two:
            message = f"'{other.sample}' has '{two}' in column '{column}' here and '{one}' in line {known.row.line}"
            yield other.row.fault(message, f"one {column} for each sample")


def _twice(lines: Sequence[_Line]) -> Iterable[Fault]:
    """Faults for therapies that are given in two lines."""
    seen: dict[tuple[str, str, str], int] = {}
    for line in lines:
        key = (line.sample.patient, line.row["drug"].casefold(), line.row["start"])
        if key in seen:
            message = f"{line.row['drug']} of patient '{key[0]}' from {key[2]} stands in line {seen[key]} already"
            yield line.row.fault(message, "each therapy once")
        seen.setdefault(key, line.row.line)


def _named(pack: Pack, interpreter: Any, lines: Sequence[_Line]) -> tuple[dict[str, str], list[Fault]]:
    """The drugs by the names that are given, and a fault for the first line of each that the rule set does not know."""
    named: dict[str, str] = {}
    faults: dict[str, Fault] = {}
    often = Counter(line.row["drug"] for line in lines)
    for line in lines:
        name = line.row["drug"]
        if name in named or name in faults:
            continue
        try:
            named[name] = pack.report.drug_named(interpreter.rulebase, name)
        except InputError as error:
            (fault,) = error.faults
            more = f", here and in {counted(often[name] - 1, 'more line')}" if often[name] > 1 else ""
            faults[name] = line.row.fault(f"{fault.message}{more}", fault.expected, fault.suggestion)
    return named, list(faults.values())


def _genotypes(
    pack: Pack,
    interpreter: Any,
    lines: Sequence[_Line],
    samples: Mapping[str, ListedSample],
    named: Mapping[str, str],
) -> tuple[dict[str, Any], list[Fault]]:
    """The genotype of each sample, by its name, and the faults of those that cannot be read."""
    given: dict[str, list[str]] = {}
    for line in lines:
        if line.row["drug"] in named:
            given.setdefault(line.sample.sample, []).append(named[line.row["drug"]])
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, drugs in given.items():
        sample = samples[name]
        if not (sample.text or sample.file):
            continue
        try:
            found[name] = pack.measures.genotype(interpreter, sample, sorted(set(drugs)))
        except InputError as error:
            faults.extend(error.faults)
            if len(faults) >= MOST_FAULTS:
                break
    return found, faults
