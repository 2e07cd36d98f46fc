"""The plain table of measurements: a line for each sample and drug.

    sample,patient,mutations,drug,measure,value,resistant_from
    iso-1,p-1,"RT:K103N M184V",EFV,fold change,>100,3
    iso-2,p-2,RT:none,EFV,fold change,0.8,3

``mutations`` (or ``findings``) may be given in one of the lines of a sample; ``file`` names a file of one sample
beside the table instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from resistab.core.faults import Fault, InputError, nearest
from resistab.core.measured import Response
from resistab.core.numbers import plain_number
from resistab.curation.kit.measured.data import SCALES, Bound, MeasureScale
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, read_table, require

COLUMNS: Mapping[str, str] = {
    "sample": "the sample's name; lines of one name are one sample",
    "patient": "whose sample it is; samples of one patient stay together when a table is tried",
    "mutations": "the genotype as a list, as evaluate reads it; findings means the same",
    "findings": "the same as mutations",
    "file": "instead of mutations: a file of the sample, from the folder of the table on",
    "tumour_type": "of a tumour: OncoTree code or name",
    "assayed": "genes or regions that were assayed or sequenced, separated by commas",
    "drug": "the drug",
    "measure": "fold change (if not given), IC50 ratio, IC50, ln IC50, AUC or viability; larger is more resistant",
    "value": "the value; < or > before it where the assay told no more than that",
    "resistant_from": "the value from which the assay calls resistance, the same in all lines of a drug",
    "call": "resistant, intermediate or sensitive, if the laboratory says so",
}
_BOUNDED = re.compile(r"(?P<bound>[<>≤≥]|<=|>=)?\s*(?P<number>.+)")
_BOUNDS: Mapping[str, Bound] = {"<": "<", "<=": "<", "≤": "<", ">": ">", ">=": ">", "≥": ">"}
_NOT_MEASURED = frozenset({"", "na", "n/a", "nan", ".", "-", "nd"})


@dataclass(frozen=True)
class PlainRow:
    """One line: whose genotype it is, as text or as a file, and what was measured; ``drug`` by whatever name."""

    row: TextRow
    sample: str
    patient: str
    drug: str
    scale: MeasureScale
    value: float
    bound: Bound
    resistant_from: float | None
    call: Response | None

    def fault(self, message: str, expected: str | None, suggestion: str | None = None) -> Fault:
        """A fault in this line."""
        return self.row.fault(message, expected, suggestion)


@dataclass(frozen=True)
class ListedSample:
    """A sample of the table: the line that gives its genotype, and in which column."""

    row: TextRow
    sample: str
    patient: str
    text: str
    file: Path | None


@dataclass(frozen=True)
class PlainTable:
    """The lines of a table, its samples in the order in which they come, and what is wrong with other lines."""

    where: str
    rows: tuple[PlainRow, ...]
    samples: tuple[ListedSample, ...]
    faults: tuple[Fault, ...] = ()


def is_plain(table: TextTable) -> bool:
    """Whether the columns are those of the plain table."""
    return {"sample", "drug", "value"} <= set(table.columns)


def bounded(row: TextRow, column: str, scale: MeasureScale) -> tuple[float, Bound] | None:
    """The value in a field and whether it is only a bound; None where nothing was measured; raises ``InputError``."""
    text = row[column].strip()
    if text.casefold() in _NOT_MEASURED:
        return None
    match = _BOUNDED.fullmatch(text)
    value = plain_number(match["number"]) if match else None
    if match is None or value is None:
        expected = "a number, with < or > before it where the assay told no more"
        comma = text.replace(",", ".")
        near = comma if comma != text and plain_number(comma.lstrip("<>≤≥= ")) is not None else None
        raise InputError([row.fault(f"'{text}' in column '{column}' is no number", expected, near)])
    fault = scale.fault_in(value)
    if fault is not None:
        expected = "a number above 0, or < and the smallest that the assay tells" if scale.log else scale.unit
        raise InputError([row.fault(f"'{text}' in column '{column}' {fault}", expected)])
    return value, _BOUNDS[match["bound"]] if match["bound"] else "="


def read_plain(path: Path, given: TextTable | None = None) -> PlainTable:
    """The lines of a plain table; raises ``InputError`` where its columns are not those of one.

    What is wrong with lines is among the table's faults, so that it is told together with what is wrong with genotypes.
    Lines in which nothing was measured give a sample and no value.
    """
    table = given or read_table(path)
    require(table, "sample", "patient", "drug", "value", ("mutations", "findings", "file"))
    refuse_columns(table, COLUMNS)
    faults: list[Fault] = []
    rows: list[PlainRow] = []
    samples: dict[str, ListedSample] = {}
    doubtful: set[str] = set()
    for row in _all_rows(table, faults):
        try:
            sample = _sample(row, path)
            known = samples.get(sample.sample)
            if known is None or not (known.text or known.file):
                samples[sample.sample] = sample
            if known is not None:
                contradictions = differing(known, sample)
                faults.extend(contradictions)
                doubtful |= {sample.sample} if contradictions else set()
            measured = _measured(row, sample)
            if measured is not None:
                rows.append(measured)
        except InputError as error:
            faults.extend(error.faults)
        if len(faults) >= MOST_FAULTS:
            break
    for sample in samples.values():
        if not (sample.text or sample.file):
            message = f"no line gives the genotype of '{sample.sample}'"
            faults.append(sample.row.fault(message, "mutations (none where there are none), or a file"))
            doubtful.add(sample.sample)
    if not faults and not rows:
        faults.append(Fault(where=table.where, message="holds no measured value", expected="numbers in 'value'"))
    return PlainTable(
        table.where,
        tuple(row for row in rows if row.sample not in doubtful),
        tuple(sample for name, sample in samples.items() if name not in doubtful),
        tuple(faults[:MOST_FAULTS]),
    )


def refuse_columns(table: TextTable, known: Mapping[str, str]) -> None:
    """Raise ``InputError`` for each column that is none of ``known``, and where a genotype has two."""
    faults = [
        Fault(
            where=table.where,
            line=table.line,
            message=f"unknown column '{name}'",
            expected="one of " + ", ".join(known),
            suggestion=nearest(name, known),
        )
        for name in table.columns
        if name and name not in known
    ]
    if {"mutations", "findings"} <= set(table.columns):
        faults.append(
            Fault(where=table.where, line=table.line, message="has both 'mutations' and 'findings'", expected="one")
        )
    if faults:
        raise InputError(faults)


def _all_rows(table: TextTable, faults: list[Fault]) -> Iterator[TextRow]:
    """The rows of a table; those that do not fit its columns are added to ``faults``."""
    try:
        yield from table.rows
    except InputError as error:
        faults.extend(error.faults)


def _sample(row: TextRow, path: Path) -> ListedSample:
    faults = [
        row.fault(f"no {name} is given", f"a name in '{name}'") for name in ("sample", "patient") if not row[name]
    ]
    if not row["drug"] and row["value"]:
        faults.append(row.fault("no drug is given", "a name in 'drug'"))
    text, file = row["mutations"] or row["findings"], row["file"]
    if text and file:
        faults.append(row.fault("gives both a list and a file", "one of them"))
    if faults:
        raise InputError(faults)
    return ListedSample(row, row["sample"], row["patient"], text, path.parent / file if file else None)


def differing(known: ListedSample, other: ListedSample) -> list[Fault]:
    """What two lines of one sample say differently."""
    found = []
    if known.patient != other.patient:
        message = f"'{other.sample}' is of patient '{other.patient}' here and of '{known.patient}' in line"
        found.append(other.row.fault(f"{message} {known.row.line}", "one patient for each sample"))
    for name, one, two in (("list", known.text, other.text), ("file", known.file, other.file)):
        if one and two and one != two:
            message = f"'{other.sample}' has another {name} here than in line {known.row.line}"
            found.append(other.row.fault(message, "one genotype for each sample"))
    return found


def _measured(row: TextRow, sample: ListedSample) -> PlainRow | None:
    scale = _one_of(row, "measure", SCALES, "fold change")
    found = bounded(row, "value", SCALES[scale])
    if found is None:
        return None
    call = row["call"]
    named = _one_of(row, "call", dict.fromkeys(get_args(Response)), "") if call else None
    cutoff = bounded(row, "resistant_from", SCALES[scale]) if row["resistant_from"] else None
    if cutoff is not None and cutoff[1] != "=":
        raise InputError([row.fault("a cutoff with < or >", "the value from which the assay calls resistance")])
    value, bound = found
    least = cutoff[0] if cutoff else None
    made: Response | None = named if named in get_args(Response) else None  # type: ignore[assignment]
    if made is None and least is not None:
        if (bound == "<" and value > least) or (bound == ">" and value < least):
            message = f"'{row['value']}' does not tell on which side of the cutoff {least:g} the value lies"
            raise InputError([row.fault(message, "a bound beyond the cutoff, or a call")])
        made = "resistant" if value >= least and bound != "<" else "sensitive"
    return PlainRow(row, sample.sample, sample.patient, row["drug"], SCALES[scale], value, bound, least, made)


def _one_of(row: TextRow, column: str, allowed: Mapping[str, object], default: str) -> str:
    text = row[column] or default
    found = next((word for word in allowed if word.casefold() == text.casefold()), None)
    if found is None:
        raise InputError([row.fault(f"'{text}' in column '{column}'", f"one of {', '.join(allowed)}",
                                    nearest(text, allowed))])  # fmt: skip
    return found


def by_drug(rows: Sequence[PlainRow], named: Mapping[str, str]) -> dict[str, list[PlainRow]]:
    """The lines by the rule set's name of their drug (``named`` by the name given); raises ``InputError``.

    All lines of a drug must have one measure and one cutoff, and each sample one value.
    """
    found: dict[str, list[PlainRow]] = {}
    faults = []
    for row in rows:
        if row.drug not in named:
            continue
        of = found.setdefault(named[row.drug], [])
        if of and of[0].scale != row.scale:
            message = f"{row.drug} is measured as {row.scale.name} here and as {of[0].scale.name} in line"
            faults.append(row.fault(f"{message} {of[0].row.line}", "one measure for each drug"))
        cutoff = next((one for one in of if one.resistant_from is not None), None)
        if cutoff and row.resistant_from is not None and row.resistant_from != cutoff.resistant_from:
            message = f"the cutoff of {row.drug} is {row.resistant_from:g} here and {cutoff.resistant_from:g} in line"
            faults.append(row.fault(f"{message} {cutoff.row.line}", "one cutoff for each drug"))
        of.append(row)
    for drug, of in found.items():
        seen: dict[str, int] = {}
        for row in of:
            if row.sample in seen:
                message = f"{drug} was measured in '{row.sample}' in line {seen[row.sample]} already"
                faults.append(row.fault(message, "one value for each sample and drug"))
            seen.setdefault(row.sample, row.row.line)
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    return found
