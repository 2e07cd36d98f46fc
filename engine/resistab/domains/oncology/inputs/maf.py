"""Mutation Annotation Format (MAF), of TCGA, Oncotator, vcf2maf and cBioPortal: a row a mutation, many samples."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.core.records import dataclass, field, replace
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
    NO_READ_AT_ALL,
    NO_READS,
    ONE_RESIDUE,
    SMALL_VARIANTS,
    Called,
    FilteredOut,
    Taken,
    UnreadCall,
    alteration_of,
    from_residues,
    names_change,
    says_no_change,
)
from resistab.domains.oncology.inputs.fusions import Event, IsGene, gene_known, named_event, speaks_of_fusion
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
# Reads with the change, without it, and in all.
_COUNTS = (
    ("t_alt_count", "tumor_alt_count", "alt_count"),
    ("t_ref_count", "tumor_ref_count", "ref_count"),
    ("t_depth", "tumor_depth"),
)
# Both counts in one column, as in a VCF.
_ALLELE_DEPTHS = ("t_ad", "tumor_ad")
_ALLELES = re.compile(r"(?P<reference>[0-9]+)[,:|/](?P<alternative>[0-9]+)")
# Each names the share of reads that carry the change; the last in percent.
_FRACTIONS = ("tumor_f", "t_vaf", "vaf", "allele_fraction")
_PERCENT = ("i_tumorvaf_wu", "tumorvaf_wu")
_FUSED = frozenset({"fusion", "fusion_gene", "gene_fusion", "structural_variant", "rearrangement", "translocation"})


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


def read_maf(
    path: Path, rulebase: Rulebase, wanted: str | None = None, knows_symbol: IsGene | None = None
) -> list[GivenSample]:
    """The samples of a MAF file in the order in which they come, or the one that is ``wanted``.

    ``knows_symbol`` tells symbols of genes without rules, by which partners of fusions are told apart. Raises
    ``InputError`` with every fault: missing columns, numbers that are none, two genome builds in one file.
    """
    table = read_table(path)
    return maf_samples(table, rulebase, wanted, knows_symbol)


def maf_samples(
    table: TextTable, rulebase: Rulebase, wanted: str | None = None, knows_symbol: IsGene | None = None
) -> list[GivenSample]:
    """The samples of a table with the columns of MAF, see ``read_maf``."""
    is_gene = gene_known(rulebase, knows_symbol)
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
                _add(samples.setdefault(name, _Sample(row)), row, rulebase, is_gene)
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


def _add(sample: _Sample, row: TextRow, rulebase: Rulebase, is_gene: IsGene) -> None:
    for column in _TUMOUR:
        if row[column]:
            sample.tumours.setdefault(row[column], row)
            break
    # Where genes overlap, some programs name them all: of these the one that rules know.
    names = [name.strip() for name in re.split(r"[;,]", row[GENE])]
    gene = next((name for name in names if name.upper() in rulebase.gene_by_name), row[GENE])
    called = _called(gene, row)
    reason = _filtered(row)
    if _is_fused(row, called.change):
        event = named_event(gene, _description(row, called.change), is_gene)
        _add_event(sample, row, event, reason or _without_reads(_seen(row)))
        return
    taken = alteration_of(called, rulebase)
    seen = None if reason or isinstance(taken, FilteredOut) else _seen(row)
    if reason := reason or _without_reads(seen):
        sample.filtered_out[reason] += 1
        # Where the place was read, and no read carries the change, nothing may be there all the same.
        known = gene.upper() in rulebase.gene_by_name and not (seen and seen.deep)
        if isinstance(taken, Taken) and known:
            uncalled = seen is not None and seen.uncalled
            sample.filtered_calls.append(FilteredCall(taken.text, reason, uncalled, taken.fallback))
        return
    if seen is not None and seen.dispute:
        taken = UnreadCall(f"{gene} {called.change}".strip(), seen.dispute, f"{gene} mutation")
    if isinstance(taken, FilteredOut):
        sample.filtered_out[taken.reason] += 1
    elif isinstance(taken, UnreadCall):
        # Nothing of the gene may be called absent, see ``GivenFinding``.
        entry = GivenFinding(taken.entry, row.fault_at, fallback=taken.fallback, records=1, unread=taken.reason)
        sample.findings.append(entry)
    else:
        # A share that was rounded to nothing, of reads that were counted, is not known.
        measured = Measured(allele_fraction=allele_fraction(row) or None)
        shown = f"{gene} {called.change}" if called.change else None
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


def _called(gene: str, row: TextRow) -> Called:
    """The row's variant; its change from the first column that spells one, compared with what the others say."""
    spelled = [value for column in _CHANGE if (value := row[column]) and not says_no_change(value)]
    position = row["protein_position"]
    counted = from_residues(row["amino_acids"], position)
    change = next(filter(names_change, spelled), next(iter(spelled), counted))
    others = [other for other in spelled if other != change]
    if ONE_RESIDUE.fullmatch(counted):
        others.append(counted)
    term = MAF_TERMS.get(row[CLASS].lower(), row[CLASS] or "none")
    return Called(gene, (term,), change, row.first(*_CODING), tuple(others), position)


def _is_fused(row: TextRow, change: str) -> bool:
    """Whether a row is of a rearrangement and of no small variant: by its class, or by what stands for its change."""
    if names_change(change):
        return False
    return row[CLASS].lower().replace(" ", "_") in _FUSED or speaks_of_fusion(change) or "vIII" in change


def _description(row: TextRow, change: str) -> str:
    return change or row.first("fusion", "comments", "event_info")


def _add_event(sample: _Sample, row: TextRow, event: Event, reason: str | None) -> None:
    if reason:
        sample.filtered_out[reason] += 1
        sample.filtered_calls.extend(FilteredCall(text, reason) for text in event.texts)
        return
    shown = f"{row[GENE]} {_description(row, row.first(*_CHANGE)) or row[CLASS]}"
    sample.findings.extend(event.findings(shown, row.fault_at))


@dataclass(frozen=True)
class _Seen:
    """What a row says of reads: whether any carry the change, and how deep the place was read.

    ``dispute`` is why what it says cannot all be so.
    """

    reads: bool
    deep: bool = False
    uncalled: bool = False
    dispute: str | None = None


def _without_reads(seen: _Seen | None) -> str | None:
    """Why a record is no finding by what was seen of it, or None."""
    if seen is None or seen.reads:
        return None
    return NO_READ_AT_ALL if seen.uncalled else NO_READS


def _seen(row: TextRow) -> _Seen | None:
    """What the row says of supporting reads, None for nothing; raises ``InputError`` for a number that is none."""
    alternative, reference, depth = _counts(row)
    deep = any(number for number in (reference, depth))
    share = _fraction(row)
    if alternative is None:
        # A share that was rounded to nothing is no count; where it alone is given, it is all that is known.
        return None if share is None else _Seen(share > 0, deep)
    if alternative == 0 and share:
        return _Seen(True, dispute=f"the record counts no supporting read, and an allele fraction of {share:.1%}")
    empty = depth == 0 if reference is None else reference == 0 and not depth
    return _Seen(alternative > 0, deep, uncalled=alternative == 0 and empty)


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
    alternative, reference, total = _counts(row)
    if alternative is not None:
        depth = total if reference is None else alternative + reference
        if depth and alternative <= depth:
            return alternative / depth
    return _fraction(row)


def _counts(row: TextRow) -> tuple[float | None, float | None, float | None]:
    """The tumour's reads with the change, without it, and in all, each None where it is not given."""
    given = (next((n for name in names if (n := number_of(row, name, 0)) is not None), None) for names in _COUNTS)
    alternative, reference, depth = given
    if alternative is None and (match := _ALLELES.fullmatch(row.first(*_ALLELE_DEPTHS))):
        alternative, reference = float(match["alternative"]), float(match["reference"])
    return alternative, reference, depth


def _fraction(row: TextRow) -> float | None:
    """The share of reads with the change as a column says it, 0 to 1."""
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
