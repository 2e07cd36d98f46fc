"""Viruses: what the shells must know of the domain before they read any rules."""

from __future__ import annotations

from pathlib import Path

from resistab.domains.pack import Option, Pack

_OPTIONS = (
    Option("assayed", ("--assayed", "-a"), list[str] | None, "genes that were sequenced.", series="none"),
    Option(
        "mutations", ("--mutations",), str | None, 'its mutations, such as "RT:M184V K65R, PR:L90M".', series="none"
    ),
    Option(
        "mutations_file",
        ("--mutations-file",),
        Path | None,
        "of many, a file with a name, a tab and the mutations on each line.",
        series="none",
    ),
)

PACK = Pack(
    name="virus",
    one="a virus",
    many="viruses",
    files="sequences in FASTA",
    options=_OPTIONS,
    only="is for the rule set of a virus: give --ruleset hiv1 with it",
    instead="of a virus give --mutations, --mutations-file or sequences in FASTA",
)
