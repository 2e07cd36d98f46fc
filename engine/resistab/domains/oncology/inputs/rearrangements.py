"""Rearrangements by the names that cytogenetics gives them, as the fusions or deletions that they bring about."""

from __future__ import annotations

import re

# By the name without bands: ``t(11;14)(q13;q32)`` is ``t(11;14)``. The partners are those of the recurrent
# rearrangement of that name (WHO classification of haematolymphoid and soft tissue tumours); where a name is that of
# several, it is left out and asked for.
_NAMED = {
    "t(9;22)": "BCR::ABL1",
    "t(15;17)": "PML::RARA",
    "t(8;21)": "RUNX1::RUNX1T1",
    "inv(16)": "CBFB::MYH11",
    "t(16;16)": "CBFB::MYH11",
    "t(12;21)": "ETV6::RUNX1",
    "t(1;19)": "TCF3::PBX1",
    "t(6;9)": "DEK::NUP214",
    "t(9;11)": "KMT2A::MLLT3",
    "t(4;11)": "KMT2A::AFF1",
    "t(11;19)": "KMT2A fusion",
    "t(2;5)": "NPM1::ALK",
    "t(11;14)": "IGH::CCND1",
    "t(4;14)": "IGH::NSD2",
    "t(14;16)": "IGH::MAF",
    "t(14;20)": "IGH::MAFB",
    "t(14;18)": "IGH::BCL2",
    "t(8;14)": "IGH::MYC",
    "t(11;18)": "BIRC3::MALT1",
    "t(11;22)": "EWSR1::FLI1",
    "t(21;22)": "EWSR1::ERG",
    "t(2;13)": "PAX3::FOXO1",
    "t(1;13)": "PAX7::FOXO1",
    "t(12;16)": "FUS::DDIT3",
    "t(12;15)": "ETV6::NTRK3",
    "t(17;22)": "COL1A1::PDGFB",
    "t(15;19)": "BRD4::NUTM1",
    "t(x;17)": "ASPSCR1::TFE3",
    "t(5;12)": "ETV6::PDGFRB",
    "del(17p)": "TP53 deletion",
    "del(17)(p13)": "TP53 deletion",
    "17p deletion": "TP53 deletion",
    "17p-": "TP53 deletion",
    # Fusions of RET by the order of their discovery.
    "ret/ptc1": "CCDC6::RET",
    "ret/ptc2": "PRKAR1A::RET",
    "ret/ptc3": "NCOA4::RET",
}
_BANDS = re.compile(r"(?<=\))\([pqcentr0-9.;~?-]+\)")
_BEHIND = re.compile(r"[ (]+(?:translocation|rearrangement|fusion|positive|detected|present|by fish|fish|ish)\)?$")


def rearrangement(text: str) -> str | None:
    """The fusion or deletion that a name of cytogenetics means, in the words of the grammar; None for other text."""
    plain = _BANDS.sub("", " ".join(text.casefold().split()))
    while (shorter := _BEHIND.sub("", plain)) != plain:
        plain = shorter
    named = _NAMED.get(plain) or _NAMED.get(plain.replace(" ", ""))
    if named is None and (arm := re.match(r"del\(17\)\(p[0-9.]*(?:p[0-9.]+)?\)?", " ".join(text.casefold().split()))):
        return _NAMED["del(17p)"] if arm else None
    return named
