"""Genome builds by the names people give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from resistab.core.faults import Fault

Build = Literal["GRCh37", "GRCh38"]
_NAMES: dict[str, Build] = {
    "37": "GRCh37", "grch37": "GRCh37", "hg19": "GRCh37", "b37": "GRCh37", "hs37d5": "GRCh37", "grch37-lite": "GRCh37",
    "38": "GRCh38", "grch38": "GRCh38", "hg38": "GRCh38", "b38": "GRCh38",
}  # fmt: skip
# Lengths of chromosome 1 and 7, which tell the builds apart.
CONTIG_LENGTHS: dict[tuple[str, int], Build] = {
    ("1", 249250621): "GRCh37",
    ("1", 248956422): "GRCh38",
    ("7", 159138663): "GRCh37",
    ("7", 159345973): "GRCh38",
}
# That of chromosome 1 of GRCh37.
LONGEST_CONTIG = 249250621


def build_named(text: str) -> Build | None:
    """The build that a name stands for, with or without a patch (``GRCh38.p14``), or None."""
    folded = text.strip().lower()
    return _NAMES.get(folded) or _NAMES.get(folded.partition(".")[0])


def one_build(named: Mapping[str, int], where: str, faults: list[Fault]) -> str:
    """The one build that ``named`` (name to the line it first stands in) gives, "" for none; faults are added."""
    found: dict[Build, tuple[str, int]] = {}
    for name, line in named.items():
        build = build_named(name)
        if build is None:
            message = f"the genome build '{name}' is not known"
            faults.append(Fault(where=where, line=line, message=message, expected="GRCh37 or GRCh38"))
        else:
            found.setdefault(build, (name, line))
    if len(found) > 1:
        (first, _), (second, line) = found.values()
        message = f"two genome builds in one file: {first} and {second}"
        faults.append(Fault(where=where, line=line, message=message, expected="one build; lift one part over"))
    return next(iter(found), "")
