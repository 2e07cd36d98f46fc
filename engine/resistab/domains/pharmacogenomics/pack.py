"""Germline pharmacogenomics: what the shells must know of the domain before they read any rules."""

from __future__ import annotations

from resistab.domains.pack import FILES, FormField, Option, Pack

_GENOTYPE = "a germline genotype does not change in the course of a therapy"

PACK = Pack(
    name="pharmacogenomics",
    one="a germline genotype",
    many="germline genotypes",
    files="patient files (YAML, JSON) or tables of results (CSV, TSV)",
    options=(
        Option(
            "finding",
            ("--finding", "-f"),
            list[str] | None,
            'What was found of a gene, such as "TPMT *1/*3A"; repeat for more.',
            series="none",
        ),
    ),
    only="is for germline genotypes: give --ruleset pharmacogenomics with it",
    instead="of a germline genotype give --finding or a patient file",
    examples={
        "evaluate": (
            'resistab evaluate --ruleset pharmacogenomics --finding "HLA-B*57:01" --finding "DPYD *1/*2A"',
            "resistab evaluate --ruleset pharmacogenomics germline.yaml",
        ),
    },
    form=(
        FormField("finding", "Results", "What was found of a gene, one a line.", "TPMT *1/*3A\nHLA-B*57:01", rows=5),
        FormField(FILES, "Or files", "A patient file (YAML, JSON) or a table of results (CSV, TSV)."),
    ),
    cannot={
        "regimens": "regimens are for tumours and viruses; give what is germline to them with --germline",
        "escape": "a germline genotype does not escape from a drug",
        "timeline": _GENOTYPE,
        "measures": "what a germline genotype means for a dose is no measured resistance",
        "--expectations": "tables of expectations speak of tumours, and the rule set is for germline genotypes",
    },
)
