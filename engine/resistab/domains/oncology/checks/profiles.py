"""What the profile of a source names: its words for alterations, read as far as the citation check needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Family = Literal["mutation", "dose", "loss", "fusion", "splicing", "signature", "histology"]
# Words of a source's profile, in lower case, and what they speak of; the first that occurs decides.
_FAMILY_WORDS: tuple[tuple[tuple[str, ...], tuple[Family, ...]], ...] = (
    (("histological transformation",), ("histology",)),
    (("splice", "skipping", "viii", "-v7"), ("splicing", "loss")),
    # CIViC files shortened transcripts of unknown origin, and fusions, under the intron where the gene is broken.
    (("intron",), ("splicing", "fusion")),
    (("gain-of-function", "non-"), ("mutation",)),
    (("wildtype", "wild type"), ("mutation", "dose")),
    (("loss of function", "loss-of-function", "deficiency"), ("mutation", "loss", "dose")),
    (("loss", "loh", "underexpression", "biallelic"), ("loss", "dose")),
    (("amplification", "expression", "phosphorylation", "activity", "double ph"), ("dose",)),
    (("not expressed", "negative", "copy number", "unmethylated"), ("dose",)),
    (("methylation",), ("dose", "loss")),
    (("fusion", "rearrangement", "::"), ("fusion",)),
    (("high", "low", "stable"), ("signature",)),
    (("mutation", "activating", "truncat", "frameshift", "duplication", "itd"), ("mutation", "loss")),
    (("unaltered",), ("mutation", "fusion")),
    (("deletion",), ("mutation", "loss", "dose")),
    (("alteration",), ("mutation", "loss", "dose", "fusion")),
)
_CODING = re.compile(r"\bc\.[^\s)]+")
# Letters of amino acids only: the B2 domain of PML is no residue.
_RESIDUE = re.compile(r"(?<![A-Za-z0-9.])([AC-IK-NP-TVWY])(\d{1,4})(?:_[A-Z]?(\d{1,4}))?")
_SUBSTITUTION = re.compile(r"(?<![A-Za-z0-9.])[A-Z](\d{1,4})([A-Z*])(?![A-Za-z0-9/])")
_EXONS = re.compile(r"exon (\d+(?:[-/]\d+)*)", re.IGNORECASE)


# What lists of evidence in everyday words say otherwise than CIViC, in the order in which it is replaced.
_WORDS: tuple[tuple[str, str], ...] = (
    # What came before, where it was found and what else was not there are no alterations.
    (r",? (?:after|emerging on|resistant to) .*", ""),
    (r"\((?:no|with|half of|broad|alteration upstream|germline|biallelic|in cis|in trans)\b[^()]*\)", ""),
    (r"\bBCR::ABL1 b3a3 \(ABL1 exon 2 deletion\)", "BCR::ABL1 Fusion AND ABL1 exon 2 skipping"),
    (r"\bexon (\d+), (\d+) or (\d+)", r"exon \1/\2/\3"),
    (r"\bER([+-])", r"ESR1 expression AND "),
    (r"\bHER2([+-])", r"ERBB2 expression AND "),
    (r"\bMicrosatellite instability-high\b|\bMismatch repair deficiency\b", "MSI high OR MMR loss"),
    (r"\bAny MMR status\b", "MSI high OR MSI stable OR MMR loss"),
    (r"\bMismatch repair proficient\b", "MSI stable"),
    (r"\bgenomic instability\b", "HRD high"),
    (r"\bHomologous recombination repair gene mutation\b", "HRR mutation OR HRD high"),
)
# Names that stand for several genes. "BRCA1" is none of them.
_GENES: Mapping[str, tuple[str, ...]] = {
    "BRCA": ("BRCA1", "BRCA2"),
    "HRR": ("ATM", "BRCA1", "BRCA2", "BRIP1", "CDK12", "CHEK2", "PALB2", "RAD51B", "RAD51C", "RAD51D"),
    "MMR": ("MLH1", "MSH2", "MSH6", "PMS2"),
    "NTRK": ("NTRK1", "NTRK2", "NTRK3"),
    "RAS": ("HRAS", "KRAS", "NRAS"),
}
_PATHWAYS: Mapping[str, tuple[str, ...]] = {
    "MAPK": ("BRAF", "HRAS", "KRAS", "MAP2K1", "MAP2K2", "MAPK1", "NF1", "NRAS", "RAF1"),
    "PI3K": ("AKT1", "PIK3CA", "PIK3R1", "PTEN"),
    "PI3K/mTOR": ("AKT1", "MTOR", "PIK3CA", "PIK3R1", "PTEN", "TSC1", "TSC2"),
    "HER2": ("EGFR", "ERBB3", "MET"),
}
_PATHWAY = re.compile(r"(?P<names>[A-Z][\w/]*(?: or [A-Z][\w/]*)*) pathway[\w /]*")
# What follows "or" and is an alteration of the gene that was named before.
_CARRIED = re.compile(
    r"(?:secondary )?(?:[A-Z]\d+\w*|mutation|fusion|amplification|deletion|loss)\b(?! of\b).*", re.IGNORECASE
)


def plain_profile(text: str) -> str:
    """An alteration in everyday words as CIViC's profiles would have it, each alternative with its gene.

    ``BRAF V600E or V600K, after a BRAF inhibitor`` is ``BRAF V600E OR BRAF V600K``.
    """
    for pattern, replacement in _WORDS:
        text = re.sub(pattern, replacement, text)
    text = _PATHWAY.sub(_of_pathways, text)
    return " AND ".join(" OR ".join(_alternatives(part)) for part in text.split(" AND "))


def _alternatives(text: str) -> Iterator[str]:
    gene = ""
    # What stands in brackets says which changes are meant.
    for alternative in re.split(r"(?: or | OR |, )(?![^()]*\))", text):
        words = alternative.split()
        if words and gene and _CARRIED.fullmatch(alternative):
            words.insert(0, gene)
        elif words:
            gene = words[0]
        yield from (f"{name} {' '.join(words[1:])}".strip() for name in _GENES.get(gene, (gene,)) if words)


def _of_pathways(found: re.Match[str]) -> str:
    genes = (gene for name in found["names"].split(" or ") for gene in _PATHWAYS.get(name, ()))
    return " OR ".join(f"{gene} alteration" for gene in dict.fromkeys(genes)) or found[0]


@dataclass(frozen=True)
class ProfilePart:
    """One alteration of a source's profile: its words, the residues it names, and the new ones at a position.

    ``letters`` are the residues that it says stand at positions of the reference.
    """

    text: str
    names: frozenset[str]
    residues: tuple[tuple[int, int], ...]
    exons: tuple[int, ...]
    substitutions: Mapping[int, frozenset[str]]
    letters: Mapping[int, str]

    @property
    def families(self) -> tuple[Family, ...]:
        folded = self.text.casefold()
        for words, families in _FAMILY_WORDS:
            if any(word in folded for word in words):
                return families
        return ()

    @property
    def excludes(self) -> bool:
        """Whether it names what must not be there."""
        return self.text.endswith((" negative", " unaltered"))

    def fits(self, sequence: str, shift: int = 0) -> bool:
        """Whether the residues that it names stand in ``sequence`` so many positions further on."""
        return all(sequence[position + shift - 1 :][:1] == letter for position, letter in self.letters.items())

    def moved(self, shift: int) -> ProfilePart:
        """The same counted ``shift`` positions further on."""
        return replace(
            self,
            residues=tuple((first + shift, last + shift) for first, last in self.residues),
            substitutions={position + shift: new for position, new in self.substitutions.items()},
            letters={position + shift: letter for position, letter in self.letters.items()},
        )


def profile_parts(profile: str) -> list[ProfilePart]:
    """The alterations of a profile, those that must be absent too."""
    parts = []
    for text in re.split(r"\b(?:AND|OR|NOT|or)\b", _CODING.sub("", profile)):
        names = frozenset(name.strip("-").upper() for name in re.findall(r"[A-Za-z0-9-]+", text))
        # "Non-V600" speaks of every codon but the one it names.
        named = [] if "non-" in text.casefold() else _RESIDUE.findall(text)
        residues = tuple((int(first), int(last or first)) for _, first, last in named)
        letters = {int(first): letter for letter, first, _ in named}
        exons = tuple(exon for listed in _EXONS.findall(text) for exon in _numbers(listed))
        substitutions: dict[int, frozenset[str]] = {}
        for position, new in _SUBSTITUTION.findall(text):
            substitutions[int(position)] = substitutions.get(int(position), frozenset()) | {new}
        parts.append(ProfilePart(text.strip(), names, residues, exons, substitutions, letters))
    return parts


def _numbers(listed: str) -> Iterator[int]:
    """The exons of ``13``, ``17-19`` or ``13/14``."""
    for part in listed.split("/"):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
