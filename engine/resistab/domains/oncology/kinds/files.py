"""The list of the kinds of files that a rule set for tumours is made of."""

from __future__ import annotations

from resistab.domains.oncology.kinds.approvals import ApprovalFile
from resistab.domains.oncology.kinds.models import (
    TABLE_FOLDER,
    AlterationSet,
    BenignVariantFile,
    ClassTable,
    Drug,
    Gene,
    Manifest,
    MechanismFile,
    Panel,
    Table,
    TumourType,
)
from resistab.domains.oncology.kinds.tumour_names import TumourNameFile
from resistab.rulesets.kinds import FileKind, Later
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


def _later(module: str, name: str) -> Later:
    return Later(f"resistab.domains.oncology.kinds.{module}", name)


FORM = _later("form", "FORM")
FILE_KINDS = (
    FileKind("ruleset", "ruleset.yaml", Manifest, FORM, required=True),
    FileKind("genes", "genes.yaml", GeneFile, FORM, required=True, in_overlay=GeneFile),
    FileKind("drugs", "drugs.yaml", DrugFile, FORM, required=True, in_overlay=DrugFile),
    FileKind("tumour-types", "tumour_types.yaml", TumourTypeFile, FORM, required=True),
    FileKind("tumour-names", "tumour_names.yaml", TumourNameFile, FORM),
    FileKind("citations", "citations.yaml", CitationFile, FORM, required=True, in_overlay=CitationFile),
    FileKind(
        "citation-exceptions", "citation_exceptions.yaml", _later("citation_exceptions", "CitationExceptions"), FORM
    ),
    FileKind("unused-evidence", "unused_evidence.yaml", _later("unused_evidence", "UnusedEvidence"), FORM),
    FileKind("approvals", "approvals.yaml", ApprovalFile, FORM),
    FileKind("alteration-sets", "alteration_sets/*.yaml", AlterationSetFile, FORM),
    FileKind("benign-variants", "benign_variants.yaml", BenignVariantFile, FORM),
    FileKind("mechanisms", "mechanisms/*.yaml", MechanismFile, FORM),
    FileKind("table", f"{TABLE_FOLDER}/**/*.yaml", Table, FORM, in_overlay=_later("overlay_models", "OverlayTable")),
    FileKind("regimens", "regimens/*.yaml", _later("regimens", "TumourRegimenFile"), FORM),
    FileKind("combining-rules", "regimens/rules/*.yaml", _later("regimens", "TumourCombiningFile"), FORM),
    FileKind("barriers", "barriers.yaml", Later("resistab.rulesets.regimens", "BarrierFile"), FORM),
    FileKind("unused-regimens", "unused_regimens.yaml", Later("resistab.rulesets.regimens", "UnusedRegimenFile"), FORM),
    FileKind(
        "unverified-citations",
        "unverified_citations.yaml",
        Later("resistab.rulesets.regimens", "UnverifiedCitations"),
        FORM,
    ),
    FileKind("class-table", "classes/*.yaml", ClassTable, FORM),
    FileKind("panel", "panels/*.yaml", Panel, FORM),
    FileKind("sequences", "*.fasta", None, FORM),
    FileKind("coding-exons", "coding_exons.tsv", None, FORM),
    FileKind("symbols", "symbols.txt", None, FORM),
    FileKind("former-symbols", "former_symbols.tsv", None, FORM),
    FileKind("facts", "facts.yaml", Later("resistab.rulesets.facts", "FactFile"), FORM, rules=False),
    FileKind(
        "learned",
        "learned/*.yaml",
        Later("resistab.rulesets.learned", "LearnedTable"),
        FORM,
        rules=False,
        in_overlay=Later("resistab.rulesets.learned", "LearnedTable"),
    ),
    FileKind("cases", "cases/*.yaml", _later("cases", "TumourCaseFile"), FORM, rules=False),
)
