"""From what a caller annotated of a variant (its consequence, its protein change) to an alteration, or why to none.

Consequences are terms of the Sequence Ontology, as VEP and SnpEff write them; those of MAF files are put into them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from resistab.core.records import dataclass
from resistab.core.said import said
from resistab.domains.oncology.grammar.loci import LocusKind
from resistab.domains.oncology.grammar.protein_change import (
    IN_FRAME,
    TRUNCATING,
    ProteinChange,
    normal_form,
    parse_protein_change,
)
from resistab.domains.oncology.kinds.models import Gene, Rulebase

# What a Variant_Classification of a MAF file is in the Sequence Ontology.
MAF_TERMS: dict[str, str] = {
    "missense_mutation": "missense_variant",
    "missense": "missense_variant",
    "nonsense_mutation": "stop_gained",
    "nonsense": "stop_gained",
    "frame_shift_del": "frameshift_variant",
    "frame_shift_ins": "frameshift_variant",
    "frameshift_variant": "frameshift_variant",
    "in_frame_del": "inframe_deletion",
    "in_frame_ins": "inframe_insertion",
    "splice_site": "splice_site_variant",
    "splice_region": "splice_region_variant",
    "translation_start_site": "start_lost",
    "start_codon_snp": "start_lost",
    "start_codon_del": "start_lost",
    "start_codon_ins": "start_lost",
    "nonstop_mutation": "stop_lost",
    "stop_codon_del": "stop_lost",
    "stop_codon_ins": "stop_lost",
    "silent": "synonymous_variant",
    "intron": "intron_variant",
    "rna": "non_coding_transcript_exon_variant",
    "lincrna": "non_coding_transcript_exon_variant",
    "3'utr": "3_prime_UTR_variant",
    "5'utr": "5_prime_UTR_variant",
    "3'flank": "downstream_gene_variant",
    "5'flank": "upstream_gene_variant",
    "de_novo_start_inframe": "5_prime_UTR_variant",
    "de_novo_start_outofframe": "5_prime_UTR_variant",
    "igr": "intergenic_variant",
    "targeted_region": "TFBS_variant",
    "multi_hit": "coding_sequence_variant",
}  # fmt: skip

# What a list of small variants can tell of; it is silent of copies, fusions and levels.
SMALL_VARIANTS: frozenset[LocusKind] = frozenset({"mutation", "splicing"})

_SPLICE_SITE = frozenset(
    {"splice_site_variant", "splice_acceptor_variant", "splice_donor_variant", "exon_loss_variant"}
)
_TRUNCATING = frozenset({"stop_gained", "frameshift_variant", "feature_truncation", "frameshift_truncation"})
_ALTERING = frozenset(
    {
        "missense_variant", "inframe_insertion", "inframe_deletion", "conservative_inframe_insertion",
        "conservative_inframe_deletion", "disruptive_inframe_insertion", "disruptive_inframe_deletion", "start_lost",
        "initiator_codon_variant", "stop_lost", "protein_altering_variant", "incomplete_terminal_codon_variant",
        "coding_sequence_variant", "rare_amino_acid_variant", "selenocysteine_loss",
        "inframe_indel", "start_retained", "frameshift_elongation",
    }
)  # fmt: skip
# What touches a splice site without lying in its two bases may still change splicing.
_NEAR_SPLICE_SITE = frozenset(
    {
        "splice_region_variant", "splice_polypyrimidine_tract_variant", "splice_donor_5th_base_variant",
        "splice_donor_region_variant", "splice_branch_variant",
    }
)  # fmt: skip
_SILENT = frozenset({"synonymous_variant", "stop_retained_variant", "start_retained_variant"})
_ELSEWHERE = frozenset(
    {
        "intron_variant", "3_prime_utr_variant", "5_prime_utr_variant", "upstream_gene_variant",
        "downstream_gene_variant", "intergenic_variant", "non_coding_transcript_exon_variant",
        "non_coding_transcript_variant", "nmd_transcript_variant", "mature_mirna_variant", "regulatory_region_variant",
        "tf_binding_site_variant", "tfbs_variant", "intragenic_variant", "intergenic_region",
        "conserved_intron_variant", "non_coding_exon_variant", "custom", "tfbs_ablation", "regulatory_region_ablation",
        "genic_upstream_transcript_variant", "5_prime_utr_premature_start_codon_gain_variant",
    }
)  # fmt: skip
_CODING_SPLICE = re.compile(r"c\.\*?-?(?P<base>[0-9]{1,9})[+-][0-9]+")
_SPLICE_CODON = re.compile(r"(?:p\.)?[A-Za-z*]*(?P<codon>[0-9]{1,9})_splice", re.IGNORECASE)
# A residue exchanged for one other, or for a stop.
ONE_RESIDUE = re.compile(r"[A-Z][0-9]+[A-Z*]")
_NO_CHANGE = frozenset({"", ".", "-", "p.?", "?", "NA", "p.", "NULL", "null", "None"})


@dataclass(frozen=True)
class Called:
    """A variant as annotated on one transcript; ``change`` and ``coding`` are HGVS, "" where they are not given.

    ``terms`` are those of the Sequence Ontology, the gravest first or in any order. ``others`` are the change as other
    columns of the same record spell it, ``position`` the residues that it touches as VEP and SnpEff count them
    (``790``, ``790/1210``, ``745-750/1210``).
    """

    gene: str
    terms: tuple[str, ...]
    change: str = ""
    coding: str = ""
    others: tuple[str, ...] = ()
    position: str = ""


@dataclass(frozen=True)
class Taken:
    """The alteration that a variant is; ``fallback`` what is known of it where the first cannot be read.

    ``also`` is a second alteration that the same variant is: a change at the edge of an exon that changes the residue
    and may change splicing.
    """

    text: str
    fallback: str
    also: str | None = None


@dataclass(frozen=True)
class FilteredOut:
    """Why a variant is no finding."""

    reason: str


@dataclass(frozen=True)
class UnreadCall:
    """What of a variant is not understood; ``fallback`` what is known of it all the same, "" for nothing."""

    entry: str
    reason: str
    fallback: str = ""


@lru_cache(maxsize=4096)
def is_elsewhere(consequence: str) -> bool:
    """Whether a consequence, of one term or several joined by &, is outside the coding sequence altogether."""
    return {term.strip().lower() for term in consequence.split("&")} <= _ELSEWHERE


OUTSIDE = said("outside the coding sequence")
# Why a change that was looked for in a sample is no finding: it was not there, or nothing was read there.
NO_READS = said("no supporting reads")
NO_READ_AT_ALL = "no reads at the position"


def alteration_of(called: Called, rulebase: Rulebase) -> Taken | FilteredOut | UnreadCall:
    """What a variant is as an alteration, by the genes of the rule set."""
    terms = {term.strip().lower() for term in called.terms}
    change = "" if says_no_change(called.change) else _plain(called.change)
    if dispute := _dispute(called, terms, rulebase):
        return UnreadCall(f"{called.gene} {change}".strip(), dispute, f"{called.gene} mutation")
    known = _SPLICE_SITE | _TRUNCATING | _ALTERING | _NEAR_SPLICE_SITE | _SILENT | _ELSEWHERE
    if terms & _SPLICE_SITE:
        return _at_splice_site(called, change)
    if terms & _TRUNCATING:
        # Where the consequence is a stop, an X can be nothing else.
        change = re.sub(r"(?<=[0-9])(?:X|Xaa)$", "*", change)
        return Taken(f"{called.gene} {change or 'truncation'}", f"{called.gene} truncation")
    if terms & _ALTERING:
        also = _near_skipped_exon(called.gene, change, rulebase) if terms & _NEAR_SPLICE_SITE else None
        return Taken(f"{called.gene} {change or 'mutation'}", f"{called.gene} mutation", also)
    if terms & _NEAR_SPLICE_SITE:
        return _near_splice_site(called, change, rulebase)
    if terms & _SILENT:
        return FilteredOut(said("synonymous"))
    if terms & _ELSEWHERE:
        return FilteredOut(OUTSIDE)
    unknown = ", ".join(sorted(called.terms)) or "none"
    if change and not terms & known:
        # What its consequence is was not said, and its protein change was.
        return Taken(f"{called.gene} {change}", f"{called.gene} mutation")
    return UnreadCall(f"{called.gene} {change or unknown}".strip(), f"the consequence '{unknown}' is not known")


def says_no_change(change: str) -> bool:
    """Whether what stands for a protein change names none."""
    return change in _NO_CHANGE or _plain(change) in _NO_CHANGE


def names_change(change: str) -> bool:
    """Whether a protein change, or the codon beside a splice site, is spelled so that it can be read."""
    return _parsed(change) is not None or _SPLICE_CODON.fullmatch(_plain(change)) is not None


def from_residues(residues: str, position: str) -> str:
    """A protein change from VEP's residues (``T/M``) and position (``790``, ``790/1210``), "" where they do not say it.

    The number after a slash is the length of the protein, as VEP writes it with ``--total_length``.
    """
    old, slash, new = residues.partition("/")
    bounds = residues_touched(position)
    if not slash or bounds is None or not old.strip("-"):
        return ""
    first, last = bounds
    if new.endswith("X") and old != "X":
        return f"{old[0]}{first}fs"
    if last - first + 1 not in (1, len(old)):
        return ""
    if len(old) == len(new) == 1 and new != "-":
        return f"{old}{first}{new}"
    span = f"{old[0]}{first}" if len(old) == 1 else f"{old[0]}{first}_{old[-1]}{first + len(old) - 1}"
    return f"{span}del" if new == "-" else f"{span}delins{new}"


def residues_touched(position: str) -> tuple[int, int] | None:
    """The first and last residue of ``790``, ``790/1210`` or ``745-750/1210``; None where one is ``?``."""
    first, _, last = position.partition("/")[0].strip().partition("-")
    last = last or first
    if not (first.isascii() and first.isdecimal() and last.isascii() and last.isdecimal()):
        return None
    return int(first), int(last)


# Which kinds of protein change a consequence can be; any other in the same record contradicts it.
_IN_FRAME_CHANGES = IN_FRAME | {"stop gained", "stop lost", "start lost"}
_SAME_PROTEIN = frozenset({"synonymous"})
_POSSIBLE: dict[str, frozenset[str]] = {
    "missense_variant": frozenset({"substitution", "delins", "start lost", "stop lost"}),
    "stop_gained": frozenset({"stop gained", "frame shift", "delins"}),
    "frameshift_variant": frozenset({"frame shift", "stop gained", "stop lost", "start lost"}),
    **dict.fromkeys(
        (
            "inframe_insertion", "inframe_deletion", "conservative_inframe_insertion", "conservative_inframe_deletion",
            "disruptive_inframe_insertion", "disruptive_inframe_deletion",
        ),
        _IN_FRAME_CHANGES,
    ),
    **dict.fromkeys(_SILENT | _ELSEWHERE, _SAME_PROTEIN),
}  # fmt: skip


def _dispute(called: Called, terms: set[str], rulebase: Rulebase) -> str | None:
    """Why what one record says of a change cannot all be so, or None. What cannot be read is compared with nothing."""
    change = _parsed(called.change)
    if change is None:
        return None
    gene = rulebase.gene_by_name.get(called.gene.upper())
    for spelling in called.others:
        other = _parsed(spelling)
        if other is not None and not _same(change, other, gene, rulebase):
            return f"the record names two changes, {_plain(called.change)} and {_plain(spelling)}"
    touched = residues_touched(called.position)
    if touched and change.kind in _AT_ONE_RESIDUE and not touched[0] <= change.start <= touched[1]:
        return f"the record names {_plain(called.change)}, and as its position {called.position}"
    telling = terms - _NEAR_SPLICE_SITE - {"nmd_transcript_variant"}
    if telling and telling <= _POSSIBLE.keys() and not any(change.kind in _POSSIBLE[term] for term in telling):
        return f"the record names {_plain(called.change)}, and as its consequence {', '.join(sorted(telling))}"
    return None


_AT_ONE_RESIDUE = frozenset({"substitution", "stop gained", "synonymous", "start lost"})


def _parsed(change: str) -> ProteinChange | None:
    """The protein change that is spelled; None for none, for one that cannot be, and for those of several isoforms."""
    if says_no_change(change) or "," in change:
        return None
    try:
        return parse_protein_change(_plain(change))
    except ValueError:
        return None


def _same(one: ProteinChange, other: ProteinChange, gene: Gene | None, rulebase: Rulebase) -> bool:
    """Whether two spellings can be of one change: the same protein, on the reference or by an isoform's numbers."""
    if one.kind in TRUNCATING and other.kind in TRUNCATING and one.start == other.start:
        return True
    sequence = rulebase.sequences.get(gene.symbol) if gene else None
    if normal_form(one, sequence) == normal_form(other, sequence):
        return True
    if gene and str(other) in (gene.also_written.get(str(one)), str(one)):
        return True
    if gene and gene.also_written.get(str(other)) == str(one):
        return True
    shifts = {isoform.shift for isoform in gene.other_numbering} if gene else set()
    return any(
        normal_form(_moved(first, shift), sequence) == normal_form(second, sequence)
        for shift in shifts
        for first, second in ((one, other), (other, one))
        if first.start + shift > 0
    )


def _moved(change: ProteinChange, shift: int) -> ProteinChange:
    return change.model_copy(update={"start": change.start + shift, "end": change.end + shift})


def _plain(change: str) -> str:
    """A protein change without its accession, and with ``=`` as VEP escapes it."""
    return change.rpartition(":")[2].replace("%3D", "=").replace(" ", "")


def _at_splice_site(called: Called, change: str) -> Taken:
    site = f"{called.gene} splice site mutation"
    codon = _splice_codon(change, called.coding)
    splice = f"{called.gene} X{codon}_splice" if codon else site
    if not change or _SPLICE_CODON.fullmatch(change) or _is_synonymous(change):
        return Taken(splice, site)
    return Taken(f"{called.gene} {change}", site, also=splice)


def _near_skipped_exon(gene: str, change: str, rulebase: Rulebase) -> str | None:
    """That a change of a residue may change splicing too, where it lies at an exon whose skipping matters."""
    codon = re.search(r"[0-9]{1,9}", change)
    if codon is not None and rulebase.exon_skipped_by_splice_site(gene, int(codon[0])) is not None:
        return f"{gene} splice site mutation"
    return None


def _is_synonymous(change: str) -> bool:
    try:
        read = parse_protein_change(change)
    except ValueError:
        return False
    return read is not None and read.kind == "synonymous"


def _near_splice_site(called: Called, change: str, rulebase: Rulebase) -> Taken | FilteredOut:
    """Beside a splice site: known only in part where the exon is one whose skipping matters, else filtered out."""
    codon = _splice_codon("", called.coding)
    site = _near_skipped_exon(called.gene, change if codon is None else str(codon), rulebase)
    if site is not None:
        return Taken(site, site)
    return FilteredOut(said("beside a splice site, not at it"))


def _splice_codon(change: str, coding: str) -> int | None:
    """The codon beside a splice site, from ``X125_splice`` or from the coding change ``c.375+1G>A``."""
    if match := _SPLICE_CODON.fullmatch(change):
        return int(match["codon"])
    if match := _CODING_SPLICE.search(coding):
        return (int(match["base"]) + 2) // 3
    return None
