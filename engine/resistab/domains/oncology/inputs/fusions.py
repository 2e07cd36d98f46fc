"""Rearrangements as studies and callers name them: ``EML4-ALK fusion``, ``ALK-intragenic``, ``HLA-A-NRG1``.

A hyphen separates the genes of a fusion and also belongs to symbols (NKX2-1); which of them it is, known symbols say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from resistab.core.faults import FaultAt, shortened
from resistab.core.records import dataclass
from resistab.domains.oncology.inputs.assembly import GivenFinding
from resistab.domains.oncology.kinds.models import Rulebase

IsGene = Callable[[str], bool]
WITHIN = "a rearrangement within the gene"
UNNAMED = "a rearrangement with a partner that is not named"
_MOST_SHOWN = 80

# What separates the genes of a fusion, and whether it says that the first of them begins the transcript.
_SEPARATOR = re.compile(r"::|--|[-–—/_]")
_WITHOUT_ORDER = "/"
_APART = frozenset({"::", "--", "-", "–", "—", "/", "to", "and", "with"})
_VIII = re.compile(r"\bEGFR[\s_-]*(?:v[\s_-]*III|variant[\s_-]*III)\b|\bvIII\b", re.IGNORECASE)
_SKIPPING = re.compile(r"\bexon[\s_-]*(?P<exon>[0-9]{1,3})[\s_-]*skip", re.IGNORECASE)
_AR_V7 = re.compile(r"\bAR[\s_-]*V7\b", re.IGNORECASE)
_WITHIN_GENE = re.compile(r"intragenic|\bKDD\b|\bITD\b|kinase domain duplication|tandem duplication", re.IGNORECASE)
_REARRANGED = re.compile(r"fusion|rearrange|transloc", re.IGNORECASE)
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9-]*$")
# What stands for a gene that is not known.
_NO_GENE = frozenset({"", "NA", "N/A", ".", "-", "NONE", "NULL", "UNKNOWN", "INTERGENIC", "INTRAGENIC"})


def gene_known(rulebase: Rulebase, knows_symbol: IsGene | None) -> IsGene:
    """Tells whether a text is the symbol of a gene, known by rules or by name only."""

    def known(symbol: str) -> bool:
        upper = symbol.upper()
        return upper in rulebase.gene_by_name or (knows_symbol is not None and knows_symbol(upper))

    return known


def is_no_gene(symbol: str) -> bool:
    """Whether what stands in a column of genes names none."""
    return symbol.strip().upper() in _NO_GENE


def speaks_of_fusion(text: str) -> bool:
    """Whether a text calls what it describes a fusion, a rearrangement or a translocation."""
    return _REARRANGED.search(text) is not None


@dataclass(frozen=True)
class Event:
    """What a rearrangement is as alterations, ``unread`` why it is none that is understood.

    ``fallback`` is what is known of it all the same where it is not read.
    """

    texts: tuple[str, ...] = ()
    unread: str | None = None
    fallback: str = ""

    def findings(self, shown: str, fault_at: FaultAt) -> Iterator[GivenFinding]:
        """The event as findings, all of one record."""
        shown = shortened(" ".join(shown.split()), _MOST_SHOWN)
        if self.unread is not None:
            yield GivenFinding(shown, fault_at, fallback=self.fallback, records=1, unread=self.unread)
            return
        for number, text in enumerate(self.texts):
            yield GivenFinding(text, fault_at, fallback=self.fallback, records=int(not number), shown=shown)


def joined(five: str, three: str, ordered: bool, is_gene: IsGene) -> Event:
    """A fusion of the genes that two columns name; of one where the other names none, or what is no symbol."""
    named = [gene for gene in (five, three) if not is_no_gene(gene)]
    genes = [gene for gene in named if _SYMBOL.match(gene)]
    known = [gene for gene in genes if is_gene(gene)]
    if not genes:
        return Event(unread=f"{' and '.join(named)}: no gene that is known" if named else UNNAMED)
    if five.upper() == three.upper():
        return Event(unread=WITHIN)
    # What cannot be read of two genes is a fusion of the one that is known all the same.
    fallback = f"{(known or genes)[-1]} fusion"
    if len(genes) == 1:
        return Event((fallback,), fallback=fallback)
    if ordered:
        return Event((f"{five}::{three}",), fallback=fallback)
    return Event((f"{three} fusion", f"{five} fusion"), fallback=fallback)


def named_event(gene: str, text: str, is_gene: IsGene, is_fusion: bool = True) -> Event:
    """The event that ``text`` describes, in a row of ``gene`` ("" for none).

    Genes are in the order in which the text names them. ``is_fusion`` says that the row is one of fusions, so that a
    gene alone is fused with a partner that is not named.
    """
    gene = "" if is_no_gene(gene) else gene.strip()
    if _VIII.search(text) and gene.upper() in ("", "EGFR"):
        return Event(("EGFRvIII",))
    if _AR_V7.search(text) and gene.upper() in ("", "AR"):
        return Event(("AR splice variant V7",))
    if gene and (skipped := _SKIPPING.search(text)):
        return Event((f"{gene} exon {skipped['exon']} skipping",))
    found = _pairs(text, is_gene)
    # The row's gene is one of the two: it tells how the name is to be cut.
    of_row = {pair for pair in found if gene and gene.upper() in (pair[0].upper(), pair[1].upper())}
    found = of_row or found
    if len(found) == 1:
        five, three, ordered = found.pop()
        return joined(five, three, ordered, is_gene)
    if found:
        shared = set.intersection(*({five, three} for five, three, _ in found))
        may_be = " or ".join(sorted(f"{five}::{three}" for five, three, _ in found))
        fallback = f"{shared.pop()} fusion" if len(shared) == 1 else ""
        return Event(unread=f"may be {may_be}", fallback=fallback)
    if _WITHIN_GENE.search(text):
        return Event(unread=WITHIN)
    if not gene:
        gene = next((word for word in re.split(r"[^A-Za-z0-9-]+", text) if word.isupper() and is_gene(word)), "")
    if gene and (is_fusion or speaks_of_fusion(text)):
        return Event((f"{gene} fusion",))
    return Event(unread=UNNAMED)


def _pairs(text: str, is_gene: IsGene) -> set[tuple[str, str, bool]]:
    """Each way in which words of ``text`` are two known genes, and whether their order is said."""
    words = [word.strip(".,;:()[]\"'") for word in text.split()]
    found: set[tuple[str, str, bool]] = set()
    for number, word in enumerate(words):
        for separator in _SEPARATOR.finditer(word):
            five, three = word[: separator.start()], word[separator.end() :]
            if _are_genes(five, three, is_gene):
                found.add((five, three, separator[0] != _WITHOUT_ORDER))
        if word.lower() in _APART and 0 < number < len(words) - 1:
            five, three = words[number - 1], words[number + 1]
            if _are_genes(five, three, is_gene):
                found.add((five, three, word in ("::", "--", "-", "–", "—")))
    return found


def _are_genes(five: str, three: str, is_gene: IsGene) -> bool:
    return all(_SYMBOL.match(gene) is not None and is_gene(gene) for gene in (five, three))
