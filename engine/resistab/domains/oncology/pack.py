"""Tumours: what the shells must know of the domain before they read any rules."""

from __future__ import annotations

from pathlib import Path

from resistab.domains.pack import Option, Pack

_OPTIONS = (
    Option(
        "tumour",
        ("--tumour", "-t"),
        str | None,
        "OncoTree code or name, such as LUAD.",
        lists="Only the drugs used in this OncoTree type.",
    ),
    Option("finding", ("--finding", "-f"), list[str] | None, "One alteration; repeat for more.", series="none"),
    Option(
        "assayed",
        ("--assayed", "-a"),
        list[str] | None,
        "Genes or regions that were assayed, separated by commas. A gene alone means its mutations and copies.",
    ),
    Option(
        "panel",
        ("--panel",),
        list[str] | None,
        "What was assayed: a published panel, a BED file, or a list of genes; repeat for more.",
    ),
    Option("prior", ("--prior",), list[str] | None, "A drug the patient has had; 'none' for none.", series="none"),
    Option("specimen", ("--specimen",), str | None, "tissue or ctDNA.", series="each"),
    Option(
        "limit_of_detection",
        ("--limit-of-detection",),
        float | None,
        "The smallest allele fraction that the assay finds, 0 to 1.",
        series="each",
    ),
    Option(
        "tumour_fraction",
        ("--tumour-fraction",),
        float | None,
        "The share of the DNA that is the tumour's, 0 to 1.",
        series="each",
    ),
    Option(
        "measured",
        ("--measured",),
        Path | None,
        "A table of measured responses to drugs, to set beside the verdicts.",
        series="none",
    ),
)

PACK = Pack(
    name="oncology",
    one="a tumour",
    many="tumours",
    files="patient files (YAML, JSON), tables of findings (CSV, TSV, xlsx), VCF, MAF, Phenopackets or cBioPortal study "
    "folders",
    options=_OPTIONS,
    only="is for tumours",
)
