"""Loci: what an assay covers and what a table says must have been covered.

A locus is a gene (or a signature) and a kind of alteration, for mutations perhaps bounded to residues:
``EGFR mutation``, ``KRAS mutation in 12, 13, 59-61``, ``ERBB2 copy number``, ``ABL1 fusion``, ``MSI``.
"""

from __future__ import annotations

import re
from typing import Literal, cast, get_args

from resistab.core.model import ConfigDict, Model
from resistab.domains.oncology.atoms import SIGNATURES
from resistab.domains.oncology.grammar.protein_change import ProteinChange

LocusKind = Literal[
    "mutation",
    "copy number",
    "fusion",
    "expression",
    "protein",
    "methylation",
    "splicing",
    "activity",
    "histology",
    "signature",
]
LOCUS_KINDS: tuple[str, ...] = get_args(LocusKind)
# A gene named without a kind was assayed on DNA for small variants and copies. Fusions, expression and the rest
# need assays of their own, so they must be said: what was not said to be assayed is unknown.
DEFAULT_KINDS: tuple[LocusKind, ...] = ("mutation", "copy number")

_SPELLINGS: dict[str, LocusKind] = {
    "mutations": "mutation", "snv": "mutation", "sequence": "mutation", "cnv": "copy number", "cna": "copy number",
    "copy-number": "copy number", "amplification": "copy number", "fusions": "fusion",
    "rearrangement": "fusion", "ihc": "protein", "rna": "expression",
}  # fmt: skip
_LOCUS = re.compile(
    r"(?P<gene>[A-Za-z][A-Za-z0-9-]*)(?:\s*:\s*|\s+)?(?P<kind>[A-Za-z][A-Za-z -]*?)?(?:\s+in\s+(?P<where>.+))?$"
)
_RESIDUES = re.compile(r"(?P<first>[1-9][0-9]{0,5})(?:-(?P<last>[1-9][0-9]{0,5}))?$")
_EXON = re.compile(r"exon\s+(?P<exon>[1-9][0-9]{0,5})$", re.IGNORECASE)


class Locus(Model):
    """A place where something can be measured.

    ``residues`` are inclusive ranges and ``exons`` exon numbers that bound a mutation locus; both empty: the whole
    gene. ``exon_residues`` are the residues of the exons, once they were looked up in the gene. A signature has its
    name as ``subject`` and the kind "signature". ``change`` is the one change that a test looked for there, and
    ``change_type`` the only type, where it would have shown no other.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    subject: str
    kind: LocusKind
    residues: tuple[tuple[int, int], ...] = ()
    exons: tuple[int, ...] = ()
    exon_residues: tuple[tuple[int, int], ...] = ()
    change: ProteinChange | None = None
    change_type: Literal["", "insertion", "deletion"] = ""

    @property
    def of_some(self) -> bool:
        """Whether only a change, or changes of one type, would have been found there."""
        return self.change is not None or bool(self.change_type)

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """All residues that bound the locus, those of its exons too; empty for the whole gene."""
        return self.residues + self.exon_residues

    def __str__(self) -> str:
        if self.kind == "signature":
            return self.subject
        if self.kind == "histology":
            return "histology"
        if self.change is not None:
            return f"{self.subject} {self.change}"
        places = [f"{a}" if a == b else f"{a}-{b}" for a, b in self.residues]
        places += [f"exon {exon}" for exon in self.exons]
        return f"{self.subject} {self.change_type or self.kind}" + (f" in {', '.join(places)}" if places else "")


class EssentialLocus(Model):
    """Loci of which at least one must have been assayed."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    any_of: tuple[Locus, ...]

    def __str__(self) -> str:
        return " or ".join(str(locus) for locus in self.any_of)


def parse_loci(text: str) -> tuple[Locus, ...]:
    """The loci that ``text`` names: one, or those of ``DEFAULT_KINDS`` where only a gene is named.

    Raises ``ValueError`` with what was found and what was expected.
    """
    text = text.strip()
    if text.upper() in SIGNATURES:
        return (Locus(subject=text.upper(), kind="signature"),)
    if text.casefold() == "histology":
        return (Locus(subject="tumour", kind="histology"),)
    match = _LOCUS.match(text)
    if match is None:
        raise ValueError(
            f"found '{text}', expected a gene, MSI, TMB, HRD or histology, such as 'KRAS mutation in 12, 13'"
        )
    kind_word = (match["kind"] or "").strip().casefold()
    if not kind_word:
        if match["where"]:
            return (_bounded(match["gene"], "mutation", match["where"], text),)
        return tuple(Locus(subject=match["gene"], kind=kind) for kind in DEFAULT_KINDS)
    kind = _SPELLINGS.get(kind_word, kind_word)
    if kind not in LOCUS_KINDS or kind in ("signature", "histology"):
        raise ValueError(
            f"found '{match['kind']}' in '{text}', expected one of "
            + ", ".join(k for k in LOCUS_KINDS if k not in ("signature", "histology"))
        )
    if match["where"]:
        if kind != "mutation":
            raise ValueError(f"found 'in {match['where']}' in '{text}', expected it only after 'mutation'")
        return (_bounded(match["gene"], "mutation", match["where"], text),)
    return (Locus(subject=match["gene"], kind=cast(LocusKind, kind)),)


def _bounded(gene: str, kind: LocusKind, where: str, text: str) -> Locus:
    residues: list[tuple[int, int]] = []
    exons: list[int] = []
    for part in where.split(","):
        part = part.strip()
        if exon := _EXON.match(part):
            exons.append(int(exon["exon"]))
            continue
        bounds = _RESIDUES.match(part)
        if bounds is None or int(bounds["last"] or bounds["first"]) < int(bounds["first"]):
            raise ValueError(f"found '{part}' in '{text}', expected residues such as 12 or 746-759, or 'exon 19'")
        residues.append((int(bounds["first"]), int(bounds["last"] or bounds["first"])))
    return Locus(subject=gene, kind=kind, residues=tuple(residues), exons=tuple(exons))


def parse_essential_locus(text: str) -> EssentialLocus:
    """Loci joined by ``or``, each with its kind said; raises ``ValueError``."""
    found: list[Locus] = []
    for part in re.split(r"\s+or\s+", text.strip()):
        loci = parse_loci(part)
        if len(loci) != 1:
            raise ValueError(
                f"found '{part}', expected the kind too, such as '{part} mutation' or '{part} copy number'"
            )
        found.extend(loci)
    return EssentialLocus(any_of=tuple(found))


def split_locus_list(text: str) -> list[str]:
    """Split ``EGFR, KRAS mutation in 12, 13, MSI`` at the commas that separate loci, not residues."""
    pieces: list[str] = []
    for piece in (part.strip() for part in text.split(",")):
        continues = pieces and (_RESIDUES.match(piece) or _EXON.match(piece)) and " in " in pieces[-1]
        if continues:
            pieces[-1] += f", {piece}"
        elif piece:
            pieces.append(piece)
    return pieces
