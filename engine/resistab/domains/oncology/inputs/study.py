"""A study folder as cBioPortal exports it: mutations, discrete copy numbers, structural variants, clinical data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.inputs.assembly import GivenFinding, GivenSample, GivenText
from resistab.domains.oncology.inputs.consequences import SMALL_VARIANTS, FilteredOut
from resistab.domains.oncology.inputs.maf import maf_samples
from resistab.domains.oncology.inputs.panels import panel_named
from resistab.domains.oncology.kinds.models import Panel, Rulebase
from resistab.files.opening import text_lines
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, read_table, require

# By the alteration type and data type of a meta file: our name of it, and the usual name of the data file.
_KINDS: dict[tuple[str, str], str] = {
    ("MUTATION_EXTENDED", "MAF"): "mutations",
    ("COPY_NUMBER_ALTERATION", "DISCRETE"): "cna",
    ("COPY_NUMBER_ALTERATION", "DISCRETE_LONG"): "cna",
    ("STRUCTURAL_VARIANT", "SV"): "sv",
    ("CLINICAL", "SAMPLE_ATTRIBUTES"): "samples",
    ("GENE_PANEL_MATRIX", "GENE_PANEL_MATRIX"): "panels",
}
_USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "mutations": ("data_mutations.txt", "data_mutations_extended.txt", "data_mutations_mskcc.txt"),
    "cna": ("data_cna.txt", "data_CNA.txt"),
    "sv": ("data_sv.txt", "data_structural_variants.txt"),
    "samples": ("data_clinical_sample.txt", "data_clinical_samples.txt", "data_clinical.txt"),
    "panels": ("data_gene_panel_matrix.txt",),
}
_AMPLIFIED, _DELETED = 2.0, -2.0
_DISCRETE = frozenset({"-2", "-2.0", "-1.5", "-1", "-1.0", "0", "0.0", "1", "1.0", "2", "2.0"})
_PAIR = re.compile(r"(?P<five>[A-Za-z0-9-]+?)\s?(?:::|-|–)\s?(?P<three>[A-Za-z0-9]+)")


@dataclass
class _Sample:
    tumour: GivenText | None = None
    findings: list[GivenFinding] = field(default_factory=list)
    assayed: list[GivenText] = field(default_factory=list)
    filtered_out: Counter[str] = field(default_factory=Counter)
    notes: set[str] = field(default_factory=set)


def read_study(folder: Path, rulebase: Rulebase, wanted: str | None = None) -> list[GivenSample]:
    """The samples of a study, or the one that is ``wanted``; raises ``InputError`` with every fault of every file.

    A gene whose copies are given for a sample was assayed for copies; what else was assayed is known where the study
    names a panel that the rule set knows.
    """
    files = _files(folder)
    if not files.keys() & {"mutations", "cna", "sv"}:
        message = "holds no mutations, copy numbers or structural variants"
        raise InputError([Fault(where=str(folder), message=message, expected="data_mutations.txt or its like")])
    faults: list[Fault] = []
    found: dict[str, _Sample] = {}
    of_mutations: dict[str, GivenSample] = {}

    def taken(name: str) -> _Sample | None:
        return None if wanted is not None and name != wanted else found.setdefault(name, _Sample())

    for kind, read in (("samples", _clinical), ("cna", _copies), ("sv", _fusions), ("panels", _panels)):
        for path in files.get(kind, ()):
            try:
                table = read_table(path)
                for name, item in read(table, rulebase, files.keys()):
                    if (sample := taken(name)) is not None:
                        _add(sample, item)
            except InputError as error:
                faults.extend(error.faults)
    for path in files.get("mutations", ()):
        try:
            for read_sample in maf_samples(read_table(path), rulebase, wanted):
                earlier = of_mutations.get(read_sample.sample)
                of_mutations[read_sample.sample] = _together(earlier, read_sample) if earlier else read_sample
                taken(read_sample.sample)
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    sequenced = _sequenced(folder) | of_mutations.keys()
    given = (_given(name, sample, of_mutations.get(name), name in sequenced) for name, sample in found.items())
    return [sample for sample in given if sample.findings or sample.assayed or sample.filtered_out]


def _files(folder: Path) -> dict[str, list[Path]]:
    """The data files, by what the meta files say of them or by their usual names."""
    found: dict[str, list[Path]] = {}
    for meta in sorted(folder.glob("meta_*.txt")):
        said = {}
        for line in meta.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            said[key.strip()] = value.strip()
        kind = _KINDS.get((said.get("genetic_alteration_type", ""), said.get("datatype", "")))
        name = said.get("data_filename", "")
        # A name alone: a study must not lead out of its folder.
        if kind and name and Path(name).name == name and (folder / name).is_file():
            found.setdefault(kind, []).append(folder / name)
    for kind, names in _USUAL_NAMES.items():
        for name in names:
            if kind not in found and (folder / name).is_file():
                found[kind] = [folder / name]
    return found


@dataclass(frozen=True)
class _Tumour:
    text: GivenText


# What a row says of a sample, by the sample's name.
_Said = Iterator[tuple[str, "_Tumour | GivenFinding | GivenText | FilteredOut"]]


def _add(sample: _Sample, item: _Tumour | GivenFinding | GivenText | FilteredOut) -> None:
    match item:
        case _Tumour():
            sample.tumour = item.text
        case GivenFinding():
            sample.findings.append(item)
        case GivenText():
            sample.assayed.append(item)
        case FilteredOut():
            sample.filtered_out[item.reason] += 1


def _finding(text: str, fallback: str, shown: str, row: TextRow) -> GivenFinding:
    return GivenFinding(text, row.fault_at, fallback=fallback, records=1, shown=shown)


def _clinical(table: TextTable, rulebase: Rulebase, present: Collection[str]) -> _Said:
    require(table, "sample_id")
    for row in table.rows:
        if text := row.first("oncotree_code", "cancer_type_detailed", "cancer_type"):
            yield row["sample_id"], _Tumour(GivenText(text, row.fault_at))


def _copies(table: TextTable, rulebase: Rulebase, present: Collection[str]) -> _Said:
    """Discrete copy numbers, wide (a column a sample) or long; of the genes that rules know."""
    require(table, "hugo_symbol")
    long = {"sample_id", "value"} <= set(table.columns)
    names = _cased_columns(table)
    for row in table.rows:
        symbol = row["hugo_symbol"]
        gene = rulebase.gene_by_name.get(symbol.upper())
        values = [(row["sample_id"], row["value"])] if long else [(name, row[column]) for column, name in names]
        for name, text in values:
            if text.upper() in ("", "NA", "NAN"):
                continue
            if text not in _DISCRETE:
                raise InputError([row.fault(f"'{text}' is no discrete copy number", "-2, -1.5, -1, 0, 1 or 2")])
            value = float(text)
            if gene is not None:
                yield name, GivenText(f"{gene.symbol} copy number", row.fault_at, "copy numbers of the study")
            if value not in (_AMPLIFIED, _DELETED):
                continue
            if gene is None:
                yield name, FilteredOut("a copy number change of a gene with no curated association")
                continue
            text = f"{gene.symbol} {'amplification' if value == _AMPLIFIED else 'deletion'}"
            yield name, _finding(text, f"{gene.symbol} copy number changed", f"{symbol} {value:g}", row)


def _cased_columns(table: TextTable) -> list[tuple[str, str]]:
    """The columns of samples of a wide table, and the samples' names as they are written."""
    fixed = {"hugo_symbol", "entrez_gene_id", "cytoband", ""}
    return [
        (column, written) for column, written in zip(table.columns, table.written, strict=True) if column not in fixed
    ]


def _fusions(table: TextTable, rulebase: Rulebase, present: Collection[str]) -> _Said:
    require(table, "sample_id", "site1_hugo_symbol", "site2_hugo_symbol")
    for row in table.rows:
        name, one, two = row["sample_id"], row["site1_hugo_symbol"], row["site2_hugo_symbol"]
        said = row.first("event_info", "site1_description", "annotation", "comments")
        shown = f"{one}, {two}: {said}"[:80] if said else f"{one}, {two}"
        if row["sv_status"].upper() == "GERMLINE":
            yield name, FilteredOut("SV_Status germline")
        elif one and two and one != two and one.upper() != "NA" and two.upper() != "NA":
            for text in _ordered(one, two, said):
                yield name, _finding(text, text, shown, row)
        elif "viii" in " ".join((said, row["annotation"], row["comments"])).lower() and "EGFR" in (one, two):
            yield name, _finding("EGFRvIII", "EGFR mutation", shown, row)
        else:
            gene = next((name for name in (one, two) if name and name.upper() != "NA"), "")
            # Whether this fuses the gene, or only cuts it, is not said: nothing of it may be called absent.
            reason = "a rearrangement within the gene, or with a partner that is not named"
            text = f"{gene} {shown} {row['event_info']}"
            yield name, GivenFinding(text, row.fault_at, fallback="", records=1, unread=reason)


def _ordered(one: str, two: str, said: str) -> tuple[str, ...]:
    """The fusion in the order in which the event names its genes; that both are rearranged where it names none."""
    for match in _PAIR.finditer(said):
        if {match["five"], match["three"]} == {one, two}:
            return (f"{match['five']}::{match['three']}",)
    return (f"{two} fusion", f"{one} fusion")


def _panels(table: TextTable, rulebase: Rulebase, present: Collection[str]) -> _Said:
    require(table, "sample_id")
    for row in table.rows:
        # What the study holds no file of, it cannot tell of, whatever the panel covered.
        for column, kind in (("mutations", "mutations"), ("structural_variants", "sv")):
            if kind in present and (panel := panel_named(rulebase, row[column])):
                for locus in _of_kind(panel, column, rulebase):
                    yield row["sample_id"], GivenText(locus, row.fault_at, f"panel {panel.name}")


def _of_kind(panel: Panel, column: str, rulebase: Rulebase) -> tuple[str, ...]:
    kind = " fusion" if column == "structural_variants" else " mutation"
    return tuple(locus for locus in panel.loci(rulebase.genes) if locus.endswith(kind))


def _together(one: GivenSample, other: GivenSample) -> GivenSample:
    """A sample's mutations from two files of the study."""
    return replace(
        one,
        findings=[*one.findings, *other.findings],
        faults=[*one.faults, *other.faults],
        filtered_out=dict(Counter(one.filtered_out) + Counter(other.filtered_out)),
        filtered_calls=[*one.filtered_calls, *other.filtered_calls],
    )


def _sequenced(folder: Path) -> set[str]:
    """The samples that the study's case list calls sequenced, whether or not a mutation was found in them."""
    path = folder / "case_lists" / "cases_sequenced.txt"
    if not path.is_file():
        return set()
    for _, line in text_lines(path):
        key, _, value = line.partition(":")
        if key.strip() == "case_list_ids":
            return set(value.split())
    return set()


def _given(name: str, sample: _Sample, mutations: GivenSample | None, sequenced: bool) -> GivenSample:
    if mutations is None:
        # What was not sequenced cannot tell of mutations, whatever a panel covers.
        mutations = GivenSample(name, None, reports=SMALL_VARIANTS if sequenced else frozenset())
    return replace(
        mutations,
        tumour_type=sample.tumour or mutations.tumour_type,
        findings=[*mutations.findings, *sample.findings],
        assayed=sample.assayed,
        filtered_out=dict(Counter(mutations.filtered_out) + sample.filtered_out),
        read_as="cBioPortal study" + (", mutations as " + mutations.read_as if mutations.read_as else ""),
        notes=sorted(sample.notes),
    )
