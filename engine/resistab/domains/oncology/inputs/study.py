"""A study folder as cBioPortal exports it: mutations, discrete copy numbers, structural variants, clinical data.

Every other file of the study that holds data is named in the report as not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from resistab.core.faults import Fault, InputError, shortened
from resistab.core.said import said
from resistab.domains.oncology.inputs.assembly import GivenFinding, GivenSample, GivenText
from resistab.domains.oncology.inputs.consequences import NO_READS, SMALL_VARIANTS, FilteredOut
from resistab.domains.oncology.inputs.fusions import (
    UNNAMED,
    WITHIN,
    Event,
    IsGene,
    gene_known,
    is_no_gene,
    joined,
    named_event,
)
from resistab.domains.oncology.inputs.maf import read_maf
from resistab.domains.oncology.inputs.panels import panel_named
from resistab.domains.oncology.inputs.study_attributes import attributes_of, columns_not_read, telling_columns
from resistab.domains.oncology.kinds.models import Panel, Rulebase
from resistab.files.beside import NotBesideError, file_beside
from resistab.files.opening import text_lines, whole_text
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, number_of, read_table, require
from resistab.report.words import few

# By the alteration type and data type of a meta file: our name of it, and the usual name of the data file.
_KINDS: dict[tuple[str, str], str] = {
    ("MUTATION_EXTENDED", "MAF"): "mutations",
    ("COPY_NUMBER_ALTERATION", "DISCRETE"): "cna",
    ("COPY_NUMBER_ALTERATION", "DISCRETE_LONG"): "cna",
    ("STRUCTURAL_VARIANT", "SV"): "sv",
    ("FUSION", "FUSION"): "fusions",
    ("CLINICAL", "SAMPLE_ATTRIBUTES"): "samples",
    ("CLINICAL", "PATIENT_ATTRIBUTES"): "patients",
    ("GENE_PANEL_MATRIX", "GENE_PANEL_MATRIX"): "panels",
}
_USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "mutations": ("data_mutations.txt", "data_mutations_extended.txt", "data_mutations_mskcc.txt"),
    "cna": ("data_cna.txt", "data_CNA.txt"),
    "sv": ("data_sv.txt", "data_structural_variants.txt"),
    "fusions": ("data_fusions.txt", "data_fusion.txt"),
    "samples": ("data_clinical_sample.txt", "data_clinical_samples.txt", "data_clinical.txt"),
    "patients": ("data_clinical_patient.txt", "data_clinical_patients.txt"),
    "panels": ("data_gene_panel_matrix.txt",),
}
_CONTINUOUS = said("continuous copy numbers; export the discrete file data_cna.txt")
_MOST_COLUMNS = 12
_MOST_META = 1_000_000
_AMPLIFIED, _DELETED = 2.0, -2.0
_DISCRETE = frozenset({"-2", "-2.0", "-1.5", "-1", "-1.0", "0", "0.0", "1", "1.0", "2", "2.0"})
# What a file holds that is not read, by what is in its name, the first that fits.
_NOT_READ: tuple[tuple[str, str], ...] = (
    ("log2", _CONTINUOUS),
    ("linear_cna", _CONTINUOUS),
    ("continuous", _CONTINUOUS),
    ("cna_hg", said("copy numbers of segments; export the discrete file data_cna.txt for its genes")),
    (".seg", said("copy numbers of segments; export the discrete file data_cna.txt for its genes")),
    ("armlevel", said("copy numbers of chromosome arms")),
    ("gistic", said("copy number changes of the whole study, by GISTIC")),
    ("mutsig", said("genes mutated often in the whole study, by MutSig")),
    ("mutational_signature", said("mutational signatures")),
    ("mrna", said("expression of genes")),
    ("rna_seq", said("expression of genes")),
    ("expression", said("expression of genes")),
    ("mirna", said("expression of microRNAs")),
    ("methylation", said("methylation of genes")),
    ("rppa", said("protein levels")),
    ("protein", said("protein levels")),
    ("timeline_treatment", said("treatments of patients; say prior therapies with --prior")),
    ("timeline", said("events of patients, which may be treatments; say prior therapies with --prior")),
    ("gene_set", said("scores of sets of genes")),
    ("gsva", said("scores of sets of genes")),
    ("clinical", said("further clinical attributes")),
    ("resource", said("links to further resources")),
    ("mutations", said("mutations beside those that were read")),
    ("cna", said("copy numbers beside those that were read")),
    ("fusion", said("fusions beside those that were read")),
    ("sv", said("structural variants beside those that were read")),
)


@dataclass
class _Sample:
    tumour: GivenText | None = None
    findings: list[GivenFinding] = field(default_factory=list)
    assayed: list[GivenText] = field(default_factory=list)
    filtered_out: Counter[str] = field(default_factory=Counter)
    notes: set[str] = field(default_factory=set)


def read_study(
    folder: Path, rulebase: Rulebase, wanted: str | None = None, knows_symbol: IsGene | None = None
) -> list[GivenSample]:
    """The samples of a study, or the one that is ``wanted``; raises ``InputError`` with every fault of every file.

    A gene whose copies are given for a sample was assayed for copies; what else was assayed is known where the study
    names a panel that the rule set knows. ``knows_symbol`` tells symbols of genes without rules. What the study holds
    and is not read is in the notes of each sample.
    """
    files, notes = _files(folder)
    if not files.keys() & {"mutations", "cna", "sv", "fusions"}:
        message = "holds no mutations, copy numbers or structural variants"
        raise InputError([Fault(where=str(folder), message=message, expected="data_mutations.txt or its like")])
    faults: list[Fault] = []
    found: dict[str, _Sample] = {}
    of_mutations: dict[str, GivenSample] = {}
    context = _Context(rulebase, gene_known(rulebase, knows_symbol), frozenset(files), notes)

    def taken(name: str) -> _Sample | None:
        return None if wanted is not None and name != wanted else found.setdefault(name, _Sample())

    for path in files.pop("patients", ()):
        notes.append(_of_patients(path, rulebase))
    readers = (("samples", _clinical), ("cna", _copies), ("sv", _variants), ("fusions", _fusions), ("panels", _panels))
    for kind, read in readers:
        for path in files.get(kind, ()):
            try:
                table = read_table(path)
                for name, item in read(table, context):
                    if (sample := taken(name)) is not None:
                        _add(sample, item)
            except InputError as error:
                faults.extend(error.faults)
    for path in files.get("mutations", ()):
        try:
            for read_sample in read_maf(path, rulebase, wanted, knows_symbol):
                earlier = of_mutations.get(read_sample.sample)
                of_mutations[read_sample.sample] = _together(earlier, read_sample) if earlier else read_sample
                taken(read_sample.sample)
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    sequenced = _sequenced(folder) | of_mutations.keys()
    given = (_given(name, sample, of_mutations.get(name), name in sequenced, notes) for name, sample in found.items())
    return [sample for sample in given if sample.findings or sample.assayed or sample.filtered_out]


@dataclass(frozen=True)
class _Context:
    """What the readers of all files need; ``present`` are the kinds of files, and ``notes`` are of the whole study."""

    rulebase: Rulebase
    is_gene: IsGene
    present: frozenset[str]
    notes: list[str]


def _files(folder: Path) -> tuple[dict[str, list[Path]], list[str]]:
    """The data files, by what the meta files say of them or by their usual names, and notes on those not read."""
    found: dict[str, list[Path]] = {}
    present = {item.name for item in folder.iterdir()}
    faults: list[Fault] = []

    def beside(name: str, named_by: Path) -> Path | None:
        """The file of the study called so; where it is none, that is a fault."""
        try:
            return file_beside(folder, name)
        except NotBesideError as error:
            message = f"the file '{shortened(name)}' {error}"
            faults.append(Fault(where=str(named_by), message=message, expected="a regular file in the study's folder"))
            return None

    for named in sorted(folder.glob("meta_*.txt")):
        if (meta := beside(named.name, folder)) is None:
            continue
        fields: dict[str, str] = {}
        for line in whole_text(meta, _MOST_META, "a meta file of a study").splitlines():
            key, _, value = line.partition(":")
            fields[key.strip()] = value.strip()
        kind = _KINDS.get((fields.get("genetic_alteration_type", ""), fields.get("datatype", "")))
        name = fields.get("data_filename", "")
        if kind and name and (path := beside(name, meta)) is not None and path not in found.setdefault(kind, []):
            found[kind].append(path)
    for kind, names in _USUAL_NAMES.items():
        for name in names:
            # A link that leads nowhere is there all the same.
            if not found.get(kind) and name in present and (path := beside(name, folder)) is not None:
                found[kind] = [path]
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    # Two fields files may name one data file, and a file system may not tell data_cna.txt from data_CNA.txt.
    found = {kind: list(dict.fromkeys(paths)) for kind, paths in found.items()}
    read = {path.name.lower() for paths in found.values() for path in paths}
    others = sorted(path.name for path in folder.glob("*") if path.is_file() and path.name.lower() not in read)
    unread = [name for name in others if name.lower().startswith("data")]
    unread += [name for name in others if name.lower().endswith(".seg")]
    notes = [said("{file} was not read: {why}", file=name, why=_held_by(name)) for name in unread]
    return found, list(dict.fromkeys(notes))


def _held_by(name: str) -> str:
    """What a file of a study holds, by its name."""
    return next((what for part, what in _NOT_READ if part in name.lower()), said("what it holds is not known"))


@dataclass(frozen=True)
class _Tumour:
    text: GivenText


# What a row says of a sample, by the sample's name; a text is a note.
_Said = Iterator[tuple[str, "_Tumour | GivenFinding | GivenText | FilteredOut | str"]]


def _add(sample: _Sample, item: _Tumour | GivenFinding | GivenText | FilteredOut | str) -> None:
    match item:
        case str():
            sample.notes.add(item)
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


def _clinical(table: TextTable, context: _Context) -> _Said:
    require(table, "sample_id")
    name = Path(table.where).name
    if unread := columns_not_read(table, context.rulebase):
        columns = few(unread, _MOST_COLUMNS)
        context.notes.append(said("of {file} these columns were not read: {names}", file=name, names=columns))
    for row in table.rows:
        if text := row.first("oncotree_code", "cancer_type_detailed", "cancer_type"):
            yield row["sample_id"], _Tumour(GivenText(text, row.fault_at))
        attributes = attributes_of(row, table, context.rulebase)
        for finding in attributes.findings:
            yield row["sample_id"], finding
        for note in attributes.notes:
            yield row["sample_id"], note


def _of_patients(path: Path, rulebase: Rulebase) -> str:
    """What to say of a table of patients, which is not read: of which sample its attributes are is not said there."""
    try:
        columns = telling_columns(read_table(path), rulebase)
    except InputError:
        columns = []
    if not columns:
        return said("{file} was not read: attributes of patients; those of samples are read", file=path.name)
    return said(
        "{file} was not read: attributes of patients, among them {columns}; those of samples are read",
        file=path.name,
        columns=", ".join(columns[:_MOST_COLUMNS]),
    )


def _copies(table: TextTable, context: _Context) -> _Said:
    """Discrete copy numbers, wide (a column a sample) or long; of the genes that rules know."""
    require(table, "hugo_symbol")
    long = {"sample_id", "value"} <= set(table.columns)
    names = _cased_columns(table)
    for row in table.rows:
        symbol = row["hugo_symbol"]
        gene = context.rulebase.gene_by_name.get(symbol.upper())
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
                yield name, FilteredOut(said("a copy number change of a gene with no curated association"))
                continue
            text = f"{gene.symbol} {'amplification' if value == _AMPLIFIED else 'deletion'}"
            yield name, _finding(text, f"{gene.symbol} copy number changed", f"{symbol} {value:g}", row)


def _cased_columns(table: TextTable) -> list[tuple[str, str]]:
    """The columns of samples of a wide table, and the samples' names as they are written."""
    fixed = {"hugo_symbol", "entrez_gene_id", "cytoband", ""}
    return [
        (column, written) for column, written in zip(table.columns, table.written, strict=True) if column not in fixed
    ]


def _variants(table: TextTable, context: _Context) -> _Said:
    """Structural variants, of which fusions are read."""
    require(table, "sample_id", "site1_hugo_symbol", "site2_hugo_symbol")
    for row in table.rows:
        name, one, two = row["sample_id"], row["site1_hugo_symbol"], row["site2_hugo_symbol"]
        said = row.first("event_info", "site1_description", "annotation", "comments")
        if row["sv_status"].upper() == "GERMLINE":
            yield name, FilteredOut("SV_Status germline")
        elif reason := _unsupported(row, _READS_OF_VARIANTS):
            yield name, FilteredOut(reason)
        else:
            genes = ", ".join(dict.fromkeys(gene for gene in (one, two) if not is_no_gene(gene)))
            parts = (genes, said or row["class"], row.first("site2_effect_on_frame", "frame"))
            shown = ": ".join(part for part in parts if part)
            for finding in _variant(row, one, two, said, context).findings(shown or "no gene", row.fault_at):
                yield name, finding


def _variant(row: TextRow, one: str, two: str, said: str, context: _Context) -> Event:
    """What a structural variant is: a fusion in the order in which the event names its genes, where it names them."""
    texts = " ".join((said, row["annotation"], row["comments"], row["class"]))
    named = [gene for gene in (one, two) if not is_no_gene(gene)]
    if len(named) == 2 and one.upper() != two.upper():
        event = named_event(one, said, context.is_gene)
        pair = {f"{one}::{two}".upper(), f"{two}::{one}".upper()}
        if event.texts and event.texts[0].upper() in pair:
            return event
        return joined(one, two, False, context.is_gene)
    event = named_event(named[0] if named else "", texts, context.is_gene, is_fusion=False)
    if len(named) == 2 and event.texts == (f"{one} fusion",):
        # Both ends lie in one gene: that it is called rearranged does not fuse it with another.
        return Event(unread=WITHIN)
    if event.unread == UNNAMED and named:
        return Event(unread=f"{WITHIN}, or with a partner that is not named")
    return event


def _fusions(table: TextTable, context: _Context) -> _Said:
    """Fusions in the older file, a row for each partner."""
    require(table, "hugo_symbol", ("tumor_sample_barcode", "sample_id"), "fusion")
    for row in table.rows:
        name = row.first("tumor_sample_barcode", "sample_id")
        if reason := _unsupported(row):
            yield name, FilteredOut(reason)
            continue
        text = row["fusion"] or row["comments"]
        event = named_event(row["hugo_symbol"], text, context.is_gene)
        described = (f"{row['hugo_symbol']} {text}".strip(), row["frame"])
        shown = ", ".join(part for part in described if not is_no_gene(part))
        for finding in event.findings(shown or "a fusion without a name", row.fault_at):
            yield name, finding


_READS_OF_VARIANTS = ("tumor_variant_count", "tumor_split_read_count", "tumor_paired_end_read_count")


def _unsupported(row: TextRow, counts: tuple[str, ...] = ()) -> str | None:
    """Why a rearrangement was not found: neither DNA nor RNA supports it, or no read does; None where it was found."""
    support = [row.first(f"{kind}_support").lower() for kind in ("dna", "rna")]
    if support == ["no", "no"]:
        return "no support in DNA or RNA"
    reads = [number for column in counts if (number := number_of(row, column, 0)) is not None]
    return NO_READS if reads and not any(reads) else None


def _panels(table: TextTable, context: _Context) -> _Said:
    require(table, "sample_id")
    kinds = (("mutations", "mutations"), ("structural_variants", "sv"), ("structural_variants", "fusions"))
    known = cache(lambda name: panel_named(context.rulebase, name))
    for row in table.rows:
        # What the study holds no file of, it cannot tell of, whatever the panel covered.
        for column, kind in kinds:
            if kind in context.present and (panel := known(row[column])):
                for locus in _of_kind(panel, column, context.rulebase):
                    yield row["sample_id"], GivenText(locus, row.fault_at, f"panel {panel.name}")
        for column, written in zip(table.columns, table.written, strict=True):
            value = row[column]
            if column != "sample_id" and not is_no_gene(value) and known(value) is None:
                unknown = "the panel {panel} ({column}) is not known to the rule set: which genes it covers is not said"
                note = said(unknown, panel=value, column=written)
                yield row["sample_id"], note


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
    try:
        path = file_beside(folder, "case_lists/cases_sequenced.txt")
    except NotBesideError:
        return set()
    for _, line in text_lines(path):
        key, _, value = line.partition(":")
        if key.strip() == "case_list_ids":
            return set(value.split())
    return set()


def _given(
    name: str, sample: _Sample, mutations: GivenSample | None, sequenced: bool, notes: Sequence[str]
) -> GivenSample:
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
        notes=[*sorted(sample.notes), *notes],
    )
