"""Viruses: what the shells must know of the domain before they read any rules."""

from __future__ import annotations

from pathlib import Path

from resistab.domains.pack import FILES, Command, FormField, Option, Pack

_OPTIONS = (
    Option("assayed", ("--assayed", "-a"), list[str] | None, "genes that were sequenced.", series="none"),
    Option(
        "mutations", ("--mutations",), str | None, 'its mutations, such as "RT:M184V K65R, PR:L90M".', series="none"
    ),
    Option(
        "mutations_file",
        ("--mutations-file",),
        Path | None,
        "a file with a name, a tab and the mutations of one on each line.",
        series="none",
        cohort=True,
    ),
    Option(
        "threshold",
        ("--threshold",),
        str | None,
        "the share of the reads from which a mutation in codfreq or AAVF counts, such as 10%; 20% if not given.",
        cohort=True,
    ),
    Option(
        "prior",
        ("--prior",),
        list[str] | None,
        "a drug the patient has had, 'failed' behind it where it has; 'none' for none. Regimens are ranked by it.",
        series="none",
    ),
    Option(
        "measured",
        ("--measured",),
        Path | None,
        "a table of measured responses to drugs, to set beside the verdicts.",
        series="none",
    ),
)

_FORM = (
    FormField("mutations", "Mutations", "By gene, spaces or commas between them.", "RT:M184V K65R, PR:L90M", rows=4),
    FormField(FILES, "Or files", "Sequences in FASTA, or counted reads as codfreq or AAVF."),
    FormField(
        "assayed", "Sequenced genes", "Commas between them; without, those of which mutations are given.", "PR, RT"
    ),
    FormField("mutations_file", "Lists of mutations", "A file with a name, a tab and the mutations on each line."),
    FormField(
        "threshold",
        "Threshold",
        "The share of counted reads from which a mutation counts, such as 10%; 20% if not given.",
    ),
    FormField(
        "prior",
        "Earlier therapies",
        "Drugs, semicolons between them, 'failed' behind one that has; none for none.",
        "EFV failed; 3TC",
        names="drugs",
    ),
    FormField("measured", "Measured responses", "A table of responses to drugs."),
)

_COMMANDS = (
    Command(
        "asi",
        "commands",
        "import_asi",
        ("resistab import asi HIVDB.xml -o rules\nresistab evaluate --rulebase rules --ruleset hivdb-10-2 …",),
        group="import",
    ),
    Command("asi", "commands", "export_asi", ("resistab export asi --ruleset hiv1 -o hiv1.xml",), group="export"),
)
_EXAMPLES = {
    "evaluate": (
        'resistab evaluate --ruleset hiv1 --mutations "RT:M184V,PR:L90M"',
        "resistab evaluate --ruleset hiv1 sequences.fasta --jsonl cohort.jsonl",
    ),
    "explain": ('resistab explain 3TC --ruleset hiv1 --mutations "RT:M184V"',),
    "drugs": ("resistab drugs --ruleset hiv1 --class NNRTI",),
    "lookup": ('resistab lookup "RT:M184V" --ruleset hiv1',),
    "timeline": (
        "resistab timeline first.fasta second.fasta --ruleset hiv1 --at 2025-01-10 --at 2026-02-11 --html course.html",
    ),
    "regimens": (
        'resistab regimens --ruleset hiv1 --mutations "RT:K103N,RT:M184V" --germline "HLA-B*57:01"',
        "resistab regimens --ruleset hiv1 sequence.fasta --setting pregnancy",
    ),
    "escape": ('resistab escape "DTG + 3TC + TDF" --ruleset hiv1 --mutations "RT:M184V"',),
}

PACK = Pack(
    name="virus",
    one="a virus",
    many="viruses",
    files="sequences in FASTA, counted reads as codfreq or AAVF",
    options=_OPTIONS,
    only="is for the rule set of a virus: give --ruleset hiv1 with it",
    cannot={
        "--expectations": "tables of expectations speak of tumours, and the rule set is that of a virus",
    },
    instead="of a virus give --mutations, --mutations-file, or sequences in FASTA, codfreq or AAVF",
    commands=_COMMANDS,
    examples=_EXAMPLES,
    form=_FORM,
)
