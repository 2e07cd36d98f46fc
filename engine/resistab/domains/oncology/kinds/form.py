"""How the files of a rule set are laid out, and what an editor says of their fields."""

from __future__ import annotations

from resistab.domains.oncology.kinds.cases import TumourCase, TumourExpectation
from resistab.domains.oncology.kinds.models import (
    Evidence,
    Gene,
    Manifest,
    MechanismRule,
    Numbering,
    Row,
    ScorePolicy,
    TumourLevel,
    TumourType,
)
from resistab.domains.oncology.kinds.regimens import TumourCombiningRule, TumourSetting
from resistab.domains.oncology.kinds.tumour_names import NameList, TumourNameFile
from resistab.rulesets.cases import CASE_OPTIONS, OptionExpectation
from resistab.rulesets.facts import FACT_FIELDS, FACT_MODELS
from resistab.rulesets.kinds import Form
from resistab.rulesets.models import Citation
from resistab.rulesets.regimens import RegimenPolicy, SettingWeight

_EVIDENCE = (
    *("reference", "source", "level", "direction", "absence", "verification", "studied_in"),
    *("given_with", "drug"),
    "statement",
)
_END = ("created", "reviewed", "reviewers", "retired", "replaced_by")
FORM = Form(
    whose="a rule set for tumours",
    # What a reader wants to know first comes first.
    field_order={
        Evidence: _EVIDENCE,
        # It belongs to no drug's table: the drug that was studied comes before what was found.
        (Evidence, MechanismRule): (
            *("reference", "source", "drug", "level", "direction", "absence", "verification", "studied_in"),
            "given_with",
            "statement",
        ),
        Row: (
            *("id", "status", "when", "tumour_types", "extrapolated_to", "effect", "mechanism", "score"),
            *("score_reason", "group", "defeats", "note", *_END, "evidence"),
        ),
        MechanismRule: (
            *("id", "status", "when", "tumour_types", "concludes", "mechanism", "explanation", "definition"),
            *(*_END, "evidence"),
        ),
        TumourSetting: ("setting", "tumour_types", "outside", "when", "after", "provided", "authorities"),
        TumourCombiningRule: (
            *("id", "status", "created", "reviewed", "retired", "replaced_by", "kind", "severity", "says"),
            *("together", "drugs", "only", "number", "same_target_and_mode", "unless", "unless_active", "partners"),
            *("least", "settings", "tumour_types", "when", "after", "germline", "comedication", "provided", "evidence"),
        ),
        TumourCase: (
            "case",
            "tumour",
            "findings",
            "assayed",
            "prior",
            *CASE_OPTIONS[:2],
            "expect",
            *CASE_OPTIONS[2:],
            "source",
        ),
        TumourExpectation: ("verdict", "level", "score", "rows", "fires", "through", "names", "silent"),
    },
    flow_models=FACT_MODELS
    | {TumourLevel, Numbering, TumourType, Citation, TumourExpectation, SettingWeight, OptionExpectation},
    flow_lines=frozenset({(NameList, "names"), (TumourNameFile, "ambiguous")}),
    flow_fields=FACT_FIELDS
    | {
        *((Gene, "exons"), (Gene, "codons"), (Gene, "also_written"), (ScorePolicy, "by_level"), (Manifest, "tiers")),
        (RegimenPolicy, "activity"),
    },
    quoted_fields=frozenset({(TumourType, "name"), (Citation, "short")}),
    help={
        "id": "Permanent, and never given again",
        "status": "draft: not in use yet; retired: no more in use, with the date and what replaced it",
        "tumour_types": "OncoTree codes; a code includes its descendants, TISSUE is any tumour",
        "extrapolated_to": "Where the row may be used only as an extrapolation, one level lower",
        "effect": "The curator's judgement; a reduced response by itself never makes a tumour resistant",
        "Row.score": "Only where it differs from what follows from the evidence, with score_reason",
        "codons": "Of the reference transcript, in IUPAC letters: {790: ACG}; only where the residue says less",
        "requires": "The response marker without which the drug is not indicated, or: nothing",
        "essential_loci": "What must have been assayed before anything but resistant may be said",
        "TumourNameFile.ambiguous": "Names that may mean several codes, the likeliest first; none of them is read",
        "TumourNameFile.remarks": "What the report adds where a code or name may have been meant otherwise",
        "basis": "In words: the guideline or label by which the drug is used, where no approval listed says so",
        "Use.markers": "The biomarkers, of which one suffices, in the words of conditions",
        "Use.other_markers": "Biomarkers for which the language has no words; one suffices",
        "Use.outside": "OncoTree codes that are left out, with those under them",
        "Use.since": "The day of the first approval, where it is known",
        "Use.labels": "The texts that say so: authority, name, day",
        "absent_if_assayed": "What must all have been assayed before the required marker may be called absent",
        "direction": "Relative to the row's effect",
        "absence": "true: the study looked for an effect, did not find it, and showed no more than that",
        "verification": "What was seen of the study: full, secondary (a mention) or partial (not the change itself)",
        "references": "dbSNP:rs…, ClinVar:…, PMID:… or DOI:…",
        "defeats": "The binding mode that this defeats: the row then holds for every drug that binds so",
        "reviewers": "Who read the rule again on the day reviewed: ORCID iDs or initials",
        "Drug.brands": "As labels spell them; reports show them once beside the drug",
        "Drug.aliases": "Other names that inputs may use",
        "binding_modes": "How the drug binds its targets, as far as resistance follows from that",
        "drug_binding": "Where drugs bind the protein: an unexplained change there is no reason for confidence",
        "studied_in": "The OncoTree code of the tumours studied; TISSUE: any, or not stated",
        "given_with": "The other drugs of the combination that was studied",
        "statement": "One sentence in our own words that says what this study showed",
        "explanation": "One sentence in our own words: why the one leads to the other",
        "definition": "The rule only names a step; it has no evidence and does not weaken a chain",
    },
)
