"""A table of findings, one a row, as text or as a spreadsheet; its columns stand in docs/reference/files.md."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from resistab.core.faults import Fault, InputError, nearest
from resistab.core.records import dataclass, field, replace
from resistab.domains.oncology.genotype import Assay
from resistab.domains.oncology.grammar.loci import split_locus_list
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import GivenFinding, GivenSample, GivenText
from resistab.files.responses import RESPONSE_COLUMNS as RESPONSE_COLUMNS_OF_ALL
from resistab.files.responses import GivenResponse, response_of
from resistab.files.sample_names import name_fault
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, number_of, read_table

# What each column holds; the first two say what was found.
COLUMNS: dict[str, str] = {
    "alteration": "the finding as text, such as EGFR T790M; or gene and change apart",
    "gene": "HGNC symbol or alias",
    "change": "what happened to the gene: T790M, amplification, overexpression, IHC 3+, wild type",
    "sample": "the sample's name; rows of one name are one sample",
    "tumour_type": "OncoTree code, name, former code, or another name",
    "specimen": "tissue or ctDNA",
    "date": "of the specimen, YYYY-MM-DD",
    "allele_fraction": "0 to 1",
    "copies": "copy number",
    "value": "any other measurement",
    "unit": "its unit, such as z-score, TPM, %, TPS, CPS, mut/Mb",
    "phase": "cis or trans, to the change in 'with'",
    "with": "the other change, such as EGFR T790M",
    "assayed": "genes or regions, separated by commas",
    "prior_therapies": "drugs, separated by semicolons; none for none",
    "limit_of_detection": "the smallest allele fraction that the assay finds, 0 to 1",
    "tumour_fraction": "the share of the DNA that is the tumour's, 0 to 1",
}
RESPONSE_COLUMNS = RESPONSE_COLUMNS_OF_ALL | {"assay": "cell line, primary culture, organoid or xenograft"}
_SPELLINGS = {
    "tumor_type": "tumour_type", "oncotree_code": "tumour_type", "finding": "alteration", "vaf": "allele_fraction",
    "protein_change": "change", "copy_number": "copies", "tumor_fraction": "tumour_fraction",
    "lod": "limit_of_detection",
    "hugo_symbol": "gene", "hgvsp": "change", "sample_id": "sample",
}  # fmt: skip
_OF_SAMPLE = ("tumour_type", "specimen", "date", "limit_of_detection", "tumour_fraction", "prior_therapies")


def looks_like_findings(columns: list[str]) -> bool:
    """Whether these are column names of a table of findings."""
    names = {_SPELLINGS.get(name, name) for name in (column.strip().lower() for column in columns)}
    return "alteration" in names or {"gene", "change"} <= names or {"drug", "assay"} <= names


@dataclass
class _Sample:
    row: TextRow
    said: dict[str, TextRow] = field(default_factory=dict)
    findings: list[GivenFinding] = field(default_factory=list)
    assayed: list[GivenText] = field(default_factory=list)
    responses: list[GivenResponse] = field(default_factory=list)


def read_findings_table(path: Path, unnamed: str) -> list[GivenSample]:
    """The samples of a table of findings; rows without a sample are of the one called ``unnamed``.

    Raises ``InputError`` with every fault.
    """
    return findings_samples(read_table(path), unnamed, "table of findings")


def findings_samples(table: TextTable, unnamed: str, read_as: str, notes: Sequence[str] = ()) -> list[GivenSample]:
    """The samples of a table with the columns of findings, see ``read_findings_table``; each bears the ``notes``."""
    known = COLUMNS | RESPONSE_COLUMNS
    faults = [
        Fault(
            where=table.where,
            line=table.line,
            message=f"unknown column '{name}'",
            expected="one of " + ", ".join(known),
            suggestion=nearest(name, known),
        )
        for name in table.columns
        if name and _SPELLINGS.get(name, name) not in known
    ]
    read_as_column: dict[str, str] = {}
    for name in table.columns:
        column = _SPELLINGS.get(name, name)
        if column and column in read_as_column:
            message = f"the columns '{read_as_column[column]}' and '{name}' hold the same"
            faults.append(Fault(where=table.where, line=table.line, message=message, expected="one of the two"))
        read_as_column[column] = name
    if not looks_like_findings(list(table.columns)):
        message = "says in no column what was found"
        faults.append(
            Fault(where=table.where, line=table.line, message=message, expected="alteration, or gene and change")
        )
    samples: dict[str, _Sample] = {}
    rows = 0
    named: bool | None = None
    try:
        for row in _renamed(table.rows):
            rows += 1
            name = row["sample"] or unnamed
            if (row["sample"] and named is False) or (not row["sample"] and named):
                message = "names no sample, and other rows do" if named else "names a sample, and rows before it do not"
                faults.append(row.fault(message, "a sample in each row, or in none"))
                continue
            named = bool(row["sample"])
            if fault := name_fault(name):
                faults.append(row.fault(f"the sample '{name}' {fault}", "a name"))
                continue
            faults.extend(_add(samples.setdefault(name, _Sample(row)), row))
            if len(faults) >= MOST_FAULTS:
                break
    except InputError as error:
        faults.extend(error.faults)
    if not rows and not faults:
        message = "holds column names and no finding"
        faults.append(Fault(where=table.where, line=table.line, message=message, expected="a row for each finding"))
    if faults:
        raise InputError(faults)
    return [replace(_given(name, sample, read_as), notes=notes) for name, sample in samples.items()]


def _renamed(rows: Iterable[TextRow]) -> Iterator[TextRow]:
    for row in rows:
        yield TextRow(row.where, row.line, {_SPELLINGS.get(name, name): value for name, value in row.fields.items()})


def _add(sample: _Sample, row: TextRow) -> list[Fault]:
    """Take what a row says; gives its faults."""
    faults: list[Fault] = []
    for column in _OF_SAMPLE:
        if row[column]:
            said = sample.said.setdefault(column, row)
            if said[column] != row[column]:
                message = f"'{column}' is {row[column]} here and {said[column]} in line {said.line}, for one sample"
                faults.append(row.fault(message, "the same in each row of a sample"))
    sample.assayed.extend(GivenText(locus, row.fault_at) for locus in split_locus_list(row["assayed"]))
    try:
        if row["drug"] and (row["alteration"] or row["change"]):
            faults.append(row.fault("gives a finding and a measured response", "a row for each"))
        elif row["drug"]:
            sample.responses.append(response_of(row, get_args(Assay)))
        elif text := row["alteration"] or f"{row['gene']} {row['change']}".strip():
            sample.findings.append(_finding(text, row))
        elif not row["assayed"]:
            faults.append(row.fault("says nothing that was found or assayed", "alteration, or gene and change"))
    except InputError as error:
        faults.extend(error.faults)
    return faults


def _finding(text: str, row: TextRow) -> GivenFinding:
    if row["alteration"] and row["change"]:
        raise InputError([row.fault("gives an alteration and a change", "one of the two")])
    if row["alteration"] and row["gene"] and not _begins_with(row["alteration"], row["gene"]):
        text = f"{row['gene']} {row['alteration']}"
    if text == row["gene"] and row["copies"]:
        text = f"{text} copy number"
    fraction, copies = number_of(row, "allele_fraction", 0, 1), number_of(row, "copies", 0)
    value = number_of(row, "value")
    if copies is not None and value is not None:
        raise InputError([row.fault("gives both copies and a value", "one of the two")])
    phase = row["phase"].lower()
    if phase not in ("", "cis", "trans") or bool(phase) != bool(row["with"]):
        raise InputError(
            [row.fault(f"phase '{row['phase']}' with '{row['with']}'", "cis or trans, and the other change")]
        )
    unit = "copies" if copies is not None else row["unit"]
    return GivenFinding(
        text,
        row.fault_at,
        Measured(fraction, copies if copies is not None else value, unit),
        "cis" if phase == "cis" else "trans" if phase == "trans" else None,
        row["with"] or None,
    )


def _begins_with(alteration: str, gene: str) -> bool:
    """Whether an alteration names the gene itself, and no other whose name goes on (AR, ARID1A)."""
    after = alteration[len(gene) :]
    return alteration.upper().startswith(gene.upper()) and not (after[:1].isdecimal() or after[:1].isupper())


def _given(name: str, sample: _Sample, read_as: str) -> GivenSample:
    said = sample.said
    faults: list[Fault] = []
    specimen: Literal["tissue", "ctDNA"] | None = None
    if row := said.get("specimen"):
        specimen = {"tissue": "tissue", "ctdna": "ctDNA"}.get(row["specimen"].lower())  # type: ignore[assignment]
        if specimen is None:
            faults.append(row.fault(f"the specimen '{row['specimen']}'", "tissue or ctDNA"))
    date = None
    if row := said.get("date"):
        try:
            date = datetime.date.fromisoformat(row["date"])
        except ValueError:
            faults.append(row.fault(f"'{row['date']}' is no date", "YYYY-MM-DD"))
    fractions: dict[str, float | None] = {}
    for column in ("limit_of_detection", "tumour_fraction"):
        try:
            fractions[column] = number_of(said[column], column, 0, 1) if column in said else None
        except InputError as error:
            faults.extend(error.faults)
    therapies = None
    if row := said.get("prior_therapies"):
        drugs = [drug.strip() for drug in row["prior_therapies"].split(";") if drug.strip()]
        therapies = [] if [d.casefold() for d in drugs] == ["none"] else [GivenText(d, row.fault_at) for d in drugs]
    tumour = said.get("tumour_type")
    return GivenSample(
        sample=name,
        tumour_type=None if tumour is None else GivenText(tumour["tumour_type"], tumour.fault_at),
        specimen=specimen,
        date=date,
        findings=sample.findings,
        assayed=sample.assayed,
        prior_therapies=therapies,
        faults=faults,
        limit_of_detection=fractions.get("limit_of_detection"),
        tumour_fraction=fractions.get("tumour_fraction"),
        measured=sample.responses,
        read_as=read_as,
    )
