"""Consequences in a VCF as VEP (``CSQ``) and SnpEff (``ANN``) write them, on the rule set's transcript."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from resistab.domains.oncology.inputs.consequences import ONE_RESIDUE, Called, from_residues
from resistab.domains.oncology.kinds.models import Rulebase

# SnpEff names its fields in a description of which only the order is fixed.
_SNPEFF_FIELDS = (
    "Allele", "Annotation", "Annotation_Impact", "Gene_Name", "Gene_ID", "Feature_Type", "Feature_ID",
    "Transcript_BioType", "Rank", "HGVS.c", "HGVS.p", "cDNA.pos / cDNA.length", "CDS.pos / CDS.length",
    "AA.pos / AA.length",
)  # fmt: skip
_FORMAT = re.compile(r"Format:\s*\"?(?P<fields>[^\"]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Annotation:
    """A variant's consequence on one transcript, with what tells transcripts apart."""

    called: Called
    transcript: str
    allele: str
    allele_number: str
    mane: str
    picked: bool
    canonical: bool
    coding: bool


@dataclass(frozen=True)
class Scheme:
    """How a file annotates consequences: by which INFO field, of which program, with which columns."""

    key: str
    program: str
    fields: tuple[str, ...]

    def consequences(self, values: Iterable[str]) -> set[str]:
        """The consequences of a record's annotations as they are written, joined by & where there are several."""
        at = self.fields.index("Consequence" if self.program == "VEP" else "Annotation")
        return {value.split("|", at + 1)[at] for value in values if value.count("|") > at}

    def annotations(self, values: Iterable[str]) -> list[Annotation]:
        """The annotations of a record."""
        read = _of_vep if self.program == "VEP" else _of_snpeff
        return [read(dict(zip(self.fields, value.split("|"), strict=False))) for value in values if value]


def scheme_of(descriptions: Mapping[str, str]) -> Scheme | None:
    """The scheme that the header's INFO descriptions declare, or None where consequences are not annotated."""
    for key in sorted(descriptions, key=lambda name: name != "CSQ"):
        if match := _FORMAT.search(descriptions[key]):
            fields = tuple(field.strip() for field in match["fields"].split("|"))
            # Other programs write columns called Consequence too, and without these nothing can be placed.
            if {"Consequence", "SYMBOL", "Feature"} <= set(fields):
                return Scheme(key, "VEP", fields)
    if "ANN" in descriptions and "Gene_Name" in descriptions["ANN"]:
        return Scheme("ANN", "SnpEff", _SNPEFF_FIELDS)
    return None


def _of_vep(entry: dict[str, str]) -> Annotation:
    named, position = _unescaped(entry.get("HGVSp", "")), entry.get("Protein_position", "")
    counted = from_residues(entry.get("Amino_acids", ""), position)
    mane = entry.get("MANE_SELECT", "") or entry.get("MANE", "")
    return Annotation(
        Called(
            entry.get("SYMBOL", ""),
            tuple(entry.get("Consequence", "").split("&")),
            named or counted,
            _unescaped(entry.get("HGVSc", "")),
            # What is longer than a residue is shifted in HGVS, and not there.
            others=(counted,) if named and ONE_RESIDUE.fullmatch(counted) else (),
            position=position,
        ),
        transcript=entry.get("Feature", "") if entry.get("Feature_type", "Transcript") == "Transcript" else "",
        allele=entry.get("Allele", ""),
        allele_number=entry.get("ALLELE_NUM", ""),
        mane=mane,
        picked=entry.get("PICK", "") == "1",
        canonical=entry.get("CANONICAL", "") == "YES",
        coding=entry.get("BIOTYPE", "protein_coding") == "protein_coding",
    )


def _of_snpeff(entry: dict[str, str]) -> Annotation:
    return Annotation(
        Called(
            entry.get("Gene_Name", ""),
            tuple(entry.get("Annotation", "").split("&")),
            _unescaped(entry.get("HGVS.p", "")),
            entry.get("HGVS.c", ""),
            position=entry.get("AA.pos / AA.length", ""),
        ),
        transcript=entry.get("Feature_ID", "") if entry.get("Feature_Type", "").lower() == "transcript" else "",
        allele=entry.get("Allele", "").partition("-")[0] or entry.get("Allele", ""),
        allele_number="",
        mane="",
        picked=False,
        canonical=False,
        coding=entry.get("Transcript_BioType", "protein_coding") in ("protein_coding", "Coding", ""),
    )


def _unescaped(text: str) -> str:
    """``text`` without the escapes of what may not stand in INFO, see the VCF specification."""
    for escape, character in (("%3D", "="), ("%3B", ";"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def for_allele(annotations: Sequence[Annotation], ref: str, alts: Sequence[str], number: int) -> list[Annotation]:
    """The annotations of the alternative allele ``number``, from 1.

    A record that was split keeps the annotations of all its alleles, and numbers of alleles that are no more.
    """
    if len(alts) > 1 and any(annotation.allele_number for annotation in annotations):
        return [annotation for annotation in annotations if annotation.allele_number == str(number)]
    alt = alts[number - 1]
    names = {alt, _as_vep_writes(ref, alts, alt), _as_vep_writes(ref, [alt], alt)}
    own = [annotation for annotation in annotations if annotation.allele in names]
    if own or len(alts) > 1 or len({annotation.allele for annotation in annotations}) > 1:
        return own
    return list(annotations)


def _as_vep_writes(ref: str, alts: Sequence[str], alt: str) -> str:
    """An allele as VEP names it: without the first base that all share where one is inserted or deleted."""
    plain = [allele for allele in alts if not allele.startswith(("<", "*"))]
    shared = all(allele[:1] == ref[:1] for allele in plain)
    if shared and any(len(allele) != len(ref) for allele in plain):
        return alt[1:] or "-"
    return alt


def by_gene(annotations: Iterable[Annotation], rulebase: Rulebase) -> list[Annotation]:
    """For each gene the one annotation to be read: that on the rule set's transcript, or the nearest to it.

    An annotation that names no gene is of the gene whose transcript it is on; what is of none stands under "".
    """
    groups: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        groups.setdefault(annotation.called.gene or _gene_of(annotation.transcript, rulebase), []).append(annotation)
    chosen = ((gene, min(group, key=lambda a: _rank(a, rulebase))) for gene, group in groups.items())
    return [replace(one, called=replace(one.called, gene=gene)) for gene, one in chosen]


def _gene_of(transcript: str, rulebase: Rulebase) -> str:
    base = transcript.partition(".")[0]
    return next((gene.symbol for gene in rulebase.genes if base and base in gene.transcripts), "")


def _rank(annotation: Annotation, rulebase: Rulebase) -> int:
    gene = rulebase.gene_by_name.get(annotation.called.gene.upper())
    if gene is not None:
        if annotation.transcript.partition(".")[0] in gene.transcripts:
            return 0
        if annotation.mane.partition(".")[0] in gene.transcripts:
            return 1
        if gene.numbering_on(annotation.transcript):
            return 2
    for rank, holds in enumerate((annotation.mane, annotation.picked, annotation.canonical, annotation.coding), 3):
        if holds:
            return rank
    return 7


def accession(annotation: Annotation, rulebase: Rulebase) -> str:
    """The transcript's accession as the rule set knows it: its own, or that of MANE Select which it is said to be."""
    gene = rulebase.gene_by_name.get(annotation.called.gene.upper())
    own = gene is None or annotation.transcript.partition(".")[0] in gene.transcripts
    if gene is not None and not own and annotation.mane.partition(".")[0] in gene.transcripts:
        return annotation.mane
    return annotation.transcript
