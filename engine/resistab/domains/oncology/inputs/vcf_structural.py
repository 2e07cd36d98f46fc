"""Structural variants of a VCF: copy changes of whole genes, fusions, and deletions of exons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.builds import Build
from resistab.domains.oncology.inputs.consequences import is_elsewhere
from resistab.domains.oncology.inputs.vcf_annotation import Annotation
from resistab.domains.oncology.inputs.vcf_fields import value_of
from resistab.domains.oncology.kinds.coding_exons import CodingExons
from resistab.domains.oncology.kinds.models import Rulebase

# Intragenic deletions that are known by a name of their own.
_VIII = frozenset(range(2, 8))


@dataclass(frozen=True)
class Structural:
    """An alteration that a structural variant is, what was measured of it, and how it is shown.

    ``unread`` is why it is not understood, where it is not.
    """

    text: str
    fallback: str
    measured: Measured
    shown: str
    unread: str | None = None


def is_structural(alt: str) -> bool:
    """Whether an alternative allele is a breakend or symbolic; one that is written out is a variant like any other."""
    return alt.startswith("<") or "[" in alt or "]" in alt


def structural_alterations(
    record: Any,
    call: Any,
    annotations: Sequence[Annotation],
    rulebase: Rulebase,
    exons: CodingExons | None,
    build: Build | None,
) -> list[Structural]:
    """What a structural variant is as alterations.

    Each of the genes that a breakend joins, or that are annotated as fused, is rearranged; of a whole gene the copies
    change; a deletion of whole exons is known by them. Whatever else cuts a gene may fuse it or not: it is told as not
    understood, so that nothing of the gene counts as assayed.
    """
    kind = _kind(record)
    fused = [a for a in annotations if "&" in a.called.gene or any("fusion" in term for term in a.called.terms)]
    if kind in ("BND", "TRA") or fused:
        return list(_fusions(fused or annotations))
    copies = _copies(record, call)
    terms: dict[str, set[str]] = {}
    for annotation in annotations:
        if annotation.called.gene:
            terms.setdefault(annotation.called.gene, set()).update(annotation.called.terms)
    if exons is not None and build is not None:
        for gene in exons.genes_within(build, record.chrom, record.pos, record.stop):
            terms.setdefault(gene, set())
    found: list[Structural] = []
    for gene, said in sorted(terms.items()):
        known = exons is not None and build is not None and gene in exons.genes(build)
        removed = exons.removed(build, gene, record.pos, record.stop) if known and exons and build else None
        shown = f"{gene} {kind}, {record.chrom}:{record.pos}-{record.stop}"
        if {"transcript_ablation", "transcript_amplification"} & said or (removed is not None and removed.whole):
            found.extend(_copy_change(gene, kind, copies, shown))
        elif kind in ("DEL", "LOSS") and removed is not None and removed.exons and removed.complete:
            found.append(_exons_deleted(gene, removed.exons, removed.residues, shown, rulebase))
        elif (removed is not None and removed.exons) or not all(map(is_elsewhere, said)):
            found.append(Structural(shown, "", Measured(), shown, unread="a rearrangement that cuts the gene"))
    return found


def _kind(record: Any) -> str:
    kind = str(value_of(record.info, "SVTYPE") or "")
    alt = str((record.alts or ("",))[0])
    if not kind:
        kind = "BND" if "[" in alt or "]" in alt else alt.strip("<>").partition(":")[0]
    return kind.partition(":")[0].upper()


def _copies(record: Any, call: Any) -> float | None:
    for holder in (call, record.info):
        if holder is None:
            continue
        value = value_of(holder, "CN")
        value = value[0] if isinstance(value, tuple) and value else value
        if isinstance(value, int | float):
            return float(value)
    return None


def _copy_change(gene: str, kind: str, copies: float | None, shown: str) -> Iterator[Structural]:
    """A change of the copies of a whole gene; how many copies make an amplification, the rule set says."""
    measured = Measured(value=copies, unit="copies") if copies is not None else Measured()
    if copies is None:
        # A deletion may leave one copy, and a duplication is far from an amplification: neither is said.
        if kind in ("DEL", "LOSS", "DUP", "GAIN", "CNV"):
            yield Structural(f"{gene} copy number changed", f"{gene} copy number changed", measured, shown)
        return
    yield Structural(f"{gene} copy number", f"{gene} copy number changed", measured, shown)


def _exons_deleted(
    gene: str, exons: frozenset[int], residues: tuple[int, int], shown: str, rulebase: Rulebase
) -> Structural:
    fallback = f"{gene} mutation"
    if gene == "EGFR" and exons == _VIII:
        return Structural("EGFRvIII", fallback, Measured(), shown)
    if len(exons) == 1 and exons <= rulebase.skipped_exons.get(gene, frozenset()):
        return Structural(f"{gene} exon {min(exons)} skipping", fallback, Measured(), shown)
    return Structural(f"{gene} residues {residues[0]}-{residues[1]} mutation", fallback, Measured(), shown)


def _fusions(annotations: Sequence[Annotation]) -> Iterator[Structural]:
    """The genes that a breakend is in or joins; in which order they are read is not known from one breakend."""
    genes: dict[str, None] = {}
    for annotation in annotations:
        terms = set(annotation.called.terms)
        if terms and terms <= {
            "upstream_gene_variant",
            "downstream_gene_variant",
            "intergenic_variant",
            "intergenic_region",
        }:
            continue
        for gene in annotation.called.gene.split("&"):
            if gene:
                genes[gene] = None
    for gene in genes:
        others = ", ".join(other for other in genes if other != gene)
        shown = f"{gene} breakend" + (f", with {others}" if others else "")
        yield Structural(f"{gene} fusion", f"{gene} fusion", Measured(), shown)
