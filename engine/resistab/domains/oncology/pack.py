"""Tumours: what the shells must know of the domain before they read any rules."""

from __future__ import annotations

from pathlib import Path

from resistab.domains.pack import FILES, Command, FormField, Option, Pack

_OPTIONS = (
    Option(
        "tumour",
        ("--tumour", "--tumor", "-t"),
        str | None,
        "OncoTree code or name, such as LUAD.",
        lists="only the drugs used in this OncoTree type.",
    ),
    Option("finding", ("--finding", "-f"), list[str] | None, "one alteration; repeat for more.", series="none"),
    Option(
        "assayed",
        ("--assayed", "-a"),
        list[str] | None,
        "genes or regions that were assayed, separated by commas. A gene alone means its mutations and copies.",
    ),
    Option(
        "panel",
        ("--panel",),
        list[str] | None,
        "what was assayed: a published panel, a BED file, or a list of genes; repeat for more.",
    ),
    Option("prior", ("--prior",), list[str] | None, "a drug the patient has had; 'none' for none.", series="none"),
    Option("specimen", ("--specimen",), str | None, "tissue or ctDNA.", series="each"),
    Option(
        "limit_of_detection",
        ("--limit-of-detection",),
        float | None,
        "the smallest allele fraction that the assay finds, 0 to 1.",
        series="each",
    ),
    Option(
        "tumour_fraction",
        ("--tumour-fraction", "--tumor-fraction"),
        float | None,
        "the share of the DNA that is the tumour's, 0 to 1.",
        series="each",
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
    FormField("tumour", "Tumour type", "An OncoTree code or a name.", "LUAD", names="tumours"),
    FormField("finding", "Findings", "One alteration a line.", "EGFR L858R\nEGFR T790M", rows=6),
    FormField(
        FILES,
        "Or files",
        "A patient file (YAML, JSON), a table of findings (CSV, TSV, xlsx), VCF, MAF, a Phenopacket, a combined output "
        "of TruSight Oncology 500, or fusions of STAR-Fusion or Arriba.",
    ),
    FormField(
        "panel",
        "Panel",
        "What was assayed: a published panel; of several, semicolons between them. Or a BED file, or a list of genes.",
        "foundationone-cdx",
        names="panels",
        file=True,
    ),
    FormField(
        "assayed",
        "Assayed",
        "Genes or regions, commas between them. What was not assayed is unknown, never absent.",
        "EGFR, KRAS, MET",
        rows=2,
    ),
    FormField("specimen", "Specimen", choices=("tissue", "ctDNA")),
    FormField(
        "prior", "Earlier therapies", "Drugs, semicolons between them; none for none.", "osimertinib", names="drugs"
    ),
    FormField(
        "limit_of_detection", "Limit of detection", "The smallest allele fraction that is found, 0 to 1.", "0.005"
    ),
    FormField("tumour_fraction", "Tumour fraction", "The share of the DNA that is the tumour's, 0 to 1.", "0.2"),
    FormField("measured", "Measured responses", "A table of responses to drugs."),
)

_COMMANDS = (
    Command(
        "civic",
        "commands",
        "import_civic",
        (
            "resistab import civic AcceptedClinicalEvidenceSummaries.tsv -o drafts",
            "resistab import civic AcceptedClinicalEvidenceSummaries.tsv --drug osimertinib --tumour NSCLC -o drafts",
            "resistab evaluate --overlay drafts --tumour LUAD --finding 'EGFR T790M'",
        ),
        group="import",
    ),
    Command("conflicts", "commands", "conflicts", ("resistab conflicts", "resistab conflicts --format json")),
)
_EXAMPLES = {
    "evaluate": (
        'resistab evaluate --tumour LUAD --finding "EGFR L858R" --finding "EGFR T790M"',
        'resistab evaluate --tumour COAD --finding "KRAS G12D" \\\n  --assayed "KRAS, NRAS, BRAF" --html report.html',
        "resistab evaluate patient.yaml --json - | jq .verdicts",
        "resistab evaluate one.yaml two.yaml --jsonl cohort.jsonl",
        "resistab evaluate tumour.vcf.gz --tumour LUAD --panel foundationone-cdx --html report.html",
        "resistab evaluate mutations.maf --reports reports --table verdicts.csv",
    ),
    "explain": (
        "resistab explain osimertinib --tumour LUAD \\\n"
        '  --finding "EGFR C797S in cis with EGFR T790M" --finding "EGFR T790M"',
    ),
    "drugs": ("resistab drugs --tumour MEL", "resistab drugs --target EGFR --tumour LUAD"),
    "lookup": (
        'resistab lookup "EGFR T790M"',
        "resistab lookup osimertinib --tumour LUAD",
        "resistab lookup PMID:27959700",
    ),
    "timeline": (
        "resistab timeline examples/lung_series.yaml --therapies examples/lung_therapies.csv --html timeline.html",
        "resistab timeline first.vcf second.vcf --at 2025-01-10 --at 2026-02-11 --tumour LUAD --svg timeline.svg",
    ),
    "regimens": (
        'resistab regimens --tumour MEL --finding "BRAF V600E" --assayed "BRAF, NRAS, MAP2K1"',
        "resistab regimens patient.yaml --json - | jq .watch_list",
        'resistab regimens patient.yaml --combination "osimertinib + savolitinib" --explore 2',
    ),
    "escape": ('resistab escape "dabrafenib + trametinib" --tumour MEL --finding "BRAF V600E"',),
}

PACK = Pack(
    name="oncology",
    one="a tumour",
    many="tumours",
    files="patient files (YAML, JSON), tables of findings (CSV, TSV, xlsx), VCF, MAF, Phenopackets, cBioPortal study "
    "folders, combined outputs of TruSight Oncology 500, or fusions of STAR-Fusion or Arriba",
    options=_OPTIONS,
    only="is for tumours",
    commands=_COMMANDS,
    examples=_EXAMPLES,
    form=_FORM,
)
