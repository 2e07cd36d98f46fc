"""Mutation Annotation Format (MAF), of TCGA, Oncotator, vcf2maf and cBioPortal: a row a mutation, many samples."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import (
    FilteredCall,
    GivenFinding,
    GivenSample,
    GivenText,
)
from resistab.domains.oncology.inputs.builds import one_build
from resistab.domains.oncology.inputs.consequences import (
    MAF_TERMS,
    SMALL_VARIANTS,
    Called,
    FilteredOut,
    Taken,
    UnreadCall,
    alteration_of,
)
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.sample_names import name_fault
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, number_of, read_table, require

GENE, SAMPLE, CLASS = "hugo_symbol", "tumor_sample_barcode", "variant_classification"
_CHANGE = ("hgvsp_short", "protein_change", "hgvsp", "amino_acid_change", "aachange", "aa_change")
_CODING = ("hgvsc", "cdna_change", "c_position", "c_position_wu")
_TRANSCRIPT = ("transcript_id", "i_transcript_name", "refseq", "annotation_transcript")
_TUMOUR = ("oncotree_code", "tumour_type", "tumor_type")
_BUILD = "ncbi_build"
_PASSED = ("", ".", "PASS", "NA")
# Each names the share of reads that carry the change; the last in percent.
_FRACTIONS = ("tumor_f", "t_vaf", "vaf", "allele_fraction")
_PERCENT = ("i_tumorvaf_wu", "tumorvaf_wu")


@dataclass
class _Sample:
    line: TextRow
    findings: list[GivenFinding] = field(default_factory=list)
    filtered_out: Counter[str] = field(default_factory=Counter)
    tumours: dict[str, TextRow] = field(default_factory=dict)
    filtered_calls: list[FilteredCall] = field(default_factory=list)


def looks_like_maf(columns: list[str]) -> bool:
    """Whether these are column names of a MAF file."""
    names = {column.strip().lower() for column in columns}
    return GENE in names and (CLASS in names or bool(names & set(_CHANGE)))


def read_maf(path: Path, rulebase: Rulebase, wanted: str | None = None) -> list[GivenSample]:
    """The samples of a MAF file in the order in which they come, or the one that is ``wanted``.

    Raises ``InputError`` with every fault: missing columns, numbers that are none, two genome builds in one file.
    """
    table = read_table(path)
    return maf_samples(table, rulebase, wanted)


def maf_samples(table: TextTable, rulebase: Rulebase, wanted: str | None = None) -> list[GivenSample]:
    """The samples of a table with the columns of MAF, see ``read_maf``."""
    require(table, GENE, SAMPLE, CLASS, _CHANGE)
    faults: list[Fault] = []
    samples: dict[str, _Sample] = {}
    builds: dict[str, int] = {}
    rows = 0
    try:
        for row in table.rows:
            rows += 1
            name = row[SAMPLE]
            if fault := name_fault(name):
                faults.append(row.fault(f"the sample '{name}' {fault}", "a name in column 'Tumor_Sample_Barcode'"))
                continue
            if row[_BUILD]:
                builds.setdefault(row[_BUILD], row.line)
            if wanted is not None and name != wanted:
                continue
            try:
                _add(samples.setdefault(name, _Sample(row)), row, rulebase)
            except InputError as error:
                faults.extend(error.faults)
                if len(faults) >= MOST_FAULTS:
                    break
    except InputError as error:
        faults.extend(error.faults)
    if not rows and not faults:
        message = "holds column names and no mutation"
        faults.append(Fault(where=table.where, line=table.line, message=message, expected="a row for each mutation"))
    build = one_build(builds, table.where, faults)
    if faults:
        raise InputError(faults)
    return [_given(name, sample, build) for name, sample in samples.items()]


def _add(sample: _Sample, row: TextRow, rulebase: Rulebase) -> None:
    for column in _TUMOUR:
        if row[column]:
            sample.tumours.setdefault(row[column], row)
            break
    # Where genes overlap, some programs name them all: of these the one that rules know.
    names = [name.strip() for name in re.split(r"[;,]", row[GENE])]
    gene = next((name for name in names if name.upper() in rulebase.gene_by_name), row[GENE])
    change = row.first(*_CHANGE)
    kind = row[CLASS].lower()
    called = Called(gene, (MAF_TERMS.get(kind, row[CLASS] or "none"),), change, row.first(*_CODING))
    taken = alteration_of(called, rulebase)
    if reason := _filtered(row):
        sample.filtered_out[reason] += 1
        if isinstance(taken, Taken) and gene.upper() in rulebase.gene_by_name:
            sample.filtered_calls.append(FilteredCall(taken.text, reason, fallback=taken.fallback))
        return
    if isinstance(taken, FilteredOut):
        sample.filtered_out[taken.reason] += 1
    elif isinstance(taken, UnreadCall):
        # Nothing of the gene may be called absent, see ``GivenFinding``.
        entry = GivenFinding(taken.entry, row.fault_at, fallback="", records=1, unread=taken.reason)
        sample.findings.append(entry)
    else:
        measured = Measured(allele_fraction=allele_fraction(row))
        shown = f"{gene} {change}" if change and change != "." else None
        finding = GivenFinding(
            taken.text,
            row.fault_at,
            measured,
            fallback=taken.fallback,
            records=1,
            shown=shown or taken.text,
            transcript=row.first(*_TRANSCRIPT),
        )
        sample.findings.append(finding)
        if taken.also:
            sample.findings.append(replace(finding, text=taken.also, records=0))


def _filtered(row: TextRow) -> str | None:
    """Why a record is not to be interpreted, or None: its caller filtered it, or it is of the germline."""
    status = row["mutation_status"].lower()
    if status in ("germline", "loh", "wildtype"):
        return f"Mutation_Status {status}"
    if row["filter"].upper() not in _PASSED:
        return f"FILTER {row['filter']}"
    return None


def allele_fraction(row: TextRow) -> float | None:
    """The share of reads with the change, 0 to 1, from whichever columns give it; None where none does.

    Raises ``InputError`` for a number that is none.
    """
    alternative, reference = number_of(row, "t_alt_count", 0), number_of(row, "t_ref_count", 0)
    if alternative is not None:
        depth = number_of(row, "t_depth", 0) if reference is None else alternative + reference
        if depth and alternative <= depth:
            return alternative / depth
    for column in _FRACTIONS:
        if (value := number_of(row, column, 0, 1)) is not None:
            return value
    for column in _PERCENT:
        if (value := number_of(row, column, 0, 100)) is not None:
            return value / 100
    return None


def _given(name: str, sample: _Sample, build: str) -> GivenSample:
    own: list[Fault] = []
    if len(sample.tumours) > 1:
        row = list(sample.tumours.values())[1]
        message = f"'{name}' is said to be of the tumour types {' and '.join(sample.tumours)}"
        own.append(row.fault(message, "one tumour type for each sample"))
    tumour = next(iter(sample.tumours.items()), None)
    return GivenSample(
        sample=name,
        tumour_type=None if tumour is None else GivenText(tumour[0], tumour[1].fault_at),
        findings=sample.findings,
        faults=own,
        read_as="MAF" + (f", {build}" if build else ""),
        filtered_out=dict(sample.filtered_out),
        reports=SMALL_VARIANTS,
        filtered_calls=sample.filtered_calls,
    )
