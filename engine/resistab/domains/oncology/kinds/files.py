"""The list of the kinds of files that a rule set for tumours is made of."""

from __future__ import annotations

from resistab.domains.oncology.kinds.cases import TumourCaseFile, TumourExpectation
from resistab.domains.oncology.kinds.citation_exceptions import CitationExceptions
from resistab.domains.oncology.kinds.coding_exons import FILE as CODING_EXONS
from resistab.domains.oncology.kinds.models import (
    REGIMEN_FOLDER,
    TABLE_FOLDER,
    AlterationSet,
    ClassTable,
    Drug,
    Evidence,
    Gene,
    Manifest,
    MechanismFile,
    MechanismRule,
    Numbering,
    Panel,
    Row,
    ScorePolicy,
    Table,
    TumourLevel,
    TumourType,
)
from resistab.domains.oncology.kinds.overlay_models import OverlayTable
from resistab.domains.oncology.kinds.symbols import FILE as SYMBOLS
from resistab.domains.oncology.kinds.unused_evidence import UnusedEvidence
from resistab.rulesets.facts import FACT_FIELDS, FACT_MODELS, FACTS, FactFile
from resistab.rulesets.kinds import FileKind, Form
from resistab.rulesets.models import Citation, RulebaseModel


class GeneFile(RulebaseModel):
    """``genes.yaml``."""

    genes: tuple[Gene, ...]


class DrugFile(RulebaseModel):
    """``drugs.yaml``."""

    drugs: tuple[Drug, ...]


class TumourTypeFile(RulebaseModel):
    """``tumour_types.yaml``."""

    tumour_types: tuple[TumourType, ...]


class CitationFile(RulebaseModel):
    """``citations.yaml``."""

    citations: tuple[Citation, ...]


class AlterationSetFile(RulebaseModel):
    """``alteration_sets/GENE.yaml``."""

    sets: tuple[AlterationSet, ...]


_EVIDENCE = ("reference", "source", "level", "direction", "studied_in", "given_with", "drug", "statement")
_END = ("created", "reviewed", "retired", "replaced_by")
FORM = Form(
    whose="a rule set for tumours",
    # What a reader wants to know first comes first.
    field_order={
        Evidence: _EVIDENCE,
        # It belongs to no drug's table: the drug that was studied comes before what was found.
        (Evidence, MechanismRule): (
            *("reference", "source", "drug", "level", "direction", "studied_in", "given_with", "statement"),
        ),
        Row: (
            *("id", "status", "when", "tumour_types", "extrapolated_to", "effect", "mechanism", "score"),
            *("score_reason", "group", "note", *_END, "evidence"),
        ),
        MechanismRule: (
            *("id", "status", "when", "tumour_types", "concludes", "mechanism", "explanation", "definition"),
            *(*_END, "evidence"),
        ),
        TumourExpectation: ("verdict", "level", "score", "rows", "fires", "through", "names", "silent"),
    },
    flow_models=FACT_MODELS | {TumourLevel, Numbering, TumourType, Citation, TumourExpectation},
    flow_fields=FACT_FIELDS | {(Gene, "exons"), (Gene, "also_written"), (ScorePolicy, "by_level"), (Manifest, "tiers")},
    quoted_fields=frozenset({(TumourType, "name"), (Citation, "short")}),
    help={
        "id": "Permanent, and never given again",
        "status": "draft: not in use yet; retired: no more in use, with the date and what replaced it",
        "tumour_types": "OncoTree codes; a code includes its descendants, TISSUE is any tumour",
        "extrapolated_to": "Where the row may be used only as an extrapolation, one level lower",
        "effect": "The curator's judgement; a reduced response by itself never makes a tumour resistant",
        "Row.score": "Only where it differs from what follows from the evidence, with score_reason",
        "requires": "The response marker without which the drug is not indicated, or: nothing",
        "essential_loci": "What must have been assayed before anything but resistant may be said",
        "absent_if_assayed": "What must all have been assayed before the required marker may be called absent",
        "direction": "Relative to the row's effect",
        "studied_in": "The OncoTree code of the tumours studied; TISSUE: any, or not stated",
        "given_with": "The other drugs of the combination that was studied",
        "statement": "One sentence in our own words that says what this study showed",
        "explanation": "One sentence in our own words: why the one leads to the other",
        "definition": "The rule only names a step; it has no evidence and does not weaken a chain",
    },
)

FILE_KINDS = (
    FileKind("ruleset", "ruleset.yaml", Manifest, FORM, required=True),
    FileKind("genes", "genes.yaml", GeneFile, FORM, required=True, overlay=GeneFile),
    FileKind("drugs", "drugs.yaml", DrugFile, FORM, required=True, overlay=DrugFile),
    FileKind("tumour-types", "tumour_types.yaml", TumourTypeFile, FORM, required=True),
    FileKind("citations", "citations.yaml", CitationFile, FORM, required=True, overlay=CitationFile),
    FileKind("citation-exceptions", "citation_exceptions.yaml", CitationExceptions, FORM),
    FileKind("unused-evidence", "unused_evidence.yaml", UnusedEvidence, FORM),
    FileKind("alteration-sets", "alteration_sets/*.yaml", AlterationSetFile, FORM),
    FileKind("mechanisms", "mechanisms/*.yaml", MechanismFile, FORM),
    FileKind("table", f"{TABLE_FOLDER}/**/*.yaml", Table, FORM, overlay=OverlayTable),
    FileKind("regimen", f"{REGIMEN_FOLDER}/*.yaml", Table, FORM),
    FileKind("class-table", "classes/*.yaml", ClassTable, FORM),
    FileKind("panel", "panels/*.yaml", Panel, FORM),
    FileKind("sequences", "*.fasta", None, FORM),
    FileKind("coding-exons", CODING_EXONS, None, FORM),
    FileKind("symbols", SYMBOLS, None, FORM),
    FileKind("facts", FACTS, FactFile, FORM, rules=False),
    FileKind("cases", "cases/*.yaml", TumourCaseFile, FORM, rules=False),
)
