"""The files of a pharmacogenomic rule set: their models, and from a folder of them to the rule set."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from resistab.core.cached import cached_property
from resistab.core.condition import ConclusionAtom, Condition, atoms, condition_text
from resistab.core.model import BeforeValidator, Field, StringConstraints
from resistab.core.plain import ChainedRule
from resistab.core.scoring import Level, PlainScoring
from resistab.domains.pharmacogenomics.atoms import Function
from resistab.domains.pharmacogenomics.grammar import parse_condition
from resistab.rulesets.cases import Expectation
from resistab.rulesets.facts import FACT_FIELDS, FACT_MODELS, FACTS, FactFile
from resistab.rulesets.folder_reader import FolderReading
from resistab.rulesets.kinds import FileKind, Form, Language
from resistab.rulesets.models import (
    Curation,
    Dated,
    Id,
    RulebaseModel,
    Slug,
    Text,
    refuse_mapping,
)
from resistab.rulesets.overlay_models import Retired
from resistab.rulesets.plain import PlainRulebase, overlaid_plain, read_plain

if TYPE_CHECKING:
    from pydantic import ValidationInfo

VerdictName = Literal["avoid", "reduce_dose", "caution", "not_assessable", "no_action"]
Effect = Literal["avoid", "reduce_dose", "caution", "no_action"]
_REFERENCE, _SYMBOL = r"^(PMID:\d+|CPIC:[A-Z0-9-]+/[a-z]+)$", r"^[A-Z][A-Z0-9-]*$"
Reference = Annotated[str, StringConstraints(pattern=_REFERENCE)]
Symbol = Annotated[str, StringConstraints(pattern=_SYMBOL)]


def _condition(value: Any, info: ValidationInfo) -> Any:
    refuse_mapping(value, info)
    return parse_condition(value) if isinstance(value, str) else value


GermlineCondition = Annotated[
    Condition, BeforeValidator(_condition), Language(parse_condition, condition_text, {"type": "string"})
]


class GermlineManifest(RulebaseModel):
    """``ruleset.yaml``; ``effects`` are the scores of rows by their effect, ``verdicts`` what each verdict means."""

    kind: Literal["pharmacogenomics"]
    ruleset: Slug
    name: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    date: datetime.date
    licence: Text
    description: Text
    effects: dict[Effect, float]
    scoring: PlainScoring
    verdicts: dict[VerdictName, Text]
    curation: Curation = Field(default_factory=Curation)


class Allele(RulebaseModel):
    """An allele, other spellings of its name, its function, and its activity value where the gene is judged by it."""

    name: Text
    aliases: tuple[Text, ...] = ()
    function: Function
    activity: float | None = None


class GermlineGene(RulebaseModel):
    """A gene, its alleles, and the one that it has where no variant was found.

    ``alleles_by`` says what of two alleles makes a phenotype: their functions, the sum of their activity values, or the
    presence of one (an HLA gene, whose alleles are not listed).
    """

    symbol: Symbol
    name: Text
    alleles_by: Literal["function", "activity", "presence"]
    x_linked: bool = False
    reference: Text | None = None
    alleles: tuple[Allele, ...] = ()

    @cached_property
    def allele_of(self) -> dict[str, Allele]:
        """Alleles by name and other spellings, in lower case; a name beats another's spelling."""
        found = {alias.casefold(): allele for allele in self.alleles for alias in allele.aliases}
        return found | {allele.name.casefold(): allele for allele in self.alleles}


class GermlineGeneFile(RulebaseModel):
    """``genes.yaml``."""

    genes: tuple[GermlineGene, ...]


class PhenotypeRule(RulebaseModel):
    """A phenotype, what laboratories call it, and the alleles that make it."""

    id: Id
    when: GermlineCondition
    concludes: Slug
    name: Text
    aliases: tuple[Text, ...] = ()


class PhenotypeFile(RulebaseModel):
    """``phenotypes/GENE.yaml``; ``basis`` says on whose authority alleles make a phenotype."""

    gene: Symbol
    basis: Text
    phenotypes: Annotated[tuple[PhenotypeRule, ...], Field(min_length=1)]


class GermlineDrug(RulebaseModel):
    """A drug as the other rule sets call it."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9 +/-]*$")]
    drug_class: Text
    rxnorm: Text
    atc: tuple[Text, ...]
    aliases: tuple[Text, ...] = ()


class GermlineDrugFile(RulebaseModel):
    """``drugs.yaml``."""

    drugs: tuple[GermlineDrug, ...]


class GermlineEvidence(RulebaseModel):
    """What a row rests on: a guideline on a gene and the table's drug, at CPIC's level."""

    reference: Reference
    gene: Symbol
    level: Literal["A", "B", "C", "D"]
    provisional: bool = False


class GermlineRow(Dated):
    """A row: where its condition holds, its effect is what is to be done, for a ``reason`` in our own words."""

    when: GermlineCondition
    effect: Effect
    reason: Text
    evidence: Annotated[tuple[GermlineEvidence, ...], Field(min_length=1)]


class GermlineTable(RulebaseModel):
    """``tables/DRUG.yaml``."""

    drug: Text
    rows: Annotated[tuple[GermlineRow, ...], Field(min_length=1)]


class GermlineOverlayTable(RulebaseModel):
    """``tables/DRUG.yaml`` of an overlay."""

    drug: Text
    rows: tuple[GermlineRow, ...] = ()
    retire: tuple[Retired, ...] = ()


class GermlineCitation(RulebaseModel):
    """A reference as it is printed; what is no publication says by ``exception`` why it is cited all the same."""

    reference: Reference
    short: Text
    exception: Text | None = None


class GermlineCitationFile(RulebaseModel):
    """``citations.yaml``."""

    citations: tuple[GermlineCitation, ...]


class CaseExpectation(Expectation):
    """What is expected for one drug."""

    verdict: VerdictName | None = None


class GermlineCase(RulebaseModel):
    """A patient: what was found, as a laboratory writes it, and what is to be said of drugs."""

    case: Text
    findings: tuple[Text, ...]
    expect: Annotated[dict[Text, CaseExpectation], Field(min_length=1)]


class CaseFile(RulebaseModel):
    """``cases/*.yaml``."""

    cases: Annotated[tuple[GermlineCase, ...], Field(min_length=1)]


FORM = Form(
    whose="a pharmacogenomic rule set",
    field_order={
        GermlineRow: (
            "id",
            "status",
            "when",
            "effect",
            "reason",
            "created",
            "reviewed",
            "retired",
            "replaced_by",
            "evidence",
        )
    },
    flow_models=FACT_MODELS | {Level, Allele, GermlineDrug, GermlineEvidence, GermlineCitation, CaseExpectation},
    flow_fields=FACT_FIELDS | {(GermlineManifest, "effects")},
    patterns={
        _REFERENCE: "a reference: PMID:29152729, or a pair of CPIC's list, CPIC:UGT1A1/irinotecan",
        _SYMBOL: "the symbol of a gene, such as HLA-B",
    },
    help={
        "id": "Permanent, and never given again",
        "when": "Alleles, functions or activity of a gene, or a conclusion",
        "effect": "What is to be done; the score follows from it",
    },
)

_KIND, _MECHANISM = "pharmacogenomics", "alleles to phenotype"
FILE_KINDS = (
    FileKind(f"{_KIND}-ruleset", "ruleset.yaml", GermlineManifest, FORM, required=True),
    FileKind(f"{_KIND}-genes", "genes.yaml", GermlineGeneFile, FORM, required=True),
    FileKind(f"{_KIND}-drugs", "drugs.yaml", GermlineDrugFile, FORM, required=True),
    FileKind(f"{_KIND}-citations", "citations.yaml", GermlineCitationFile, FORM, required=True),
    FileKind(f"{_KIND}-phenotypes", "phenotypes/*.yaml", PhenotypeFile, FORM),
    FileKind(f"{_KIND}-table", "tables/*.yaml", GermlineTable, FORM, in_overlay=GermlineOverlayTable),
    FileKind(f"{_KIND}-facts", FACTS, FactFile, FORM, rules=False),
    FileKind(f"{_KIND}-cases", "cases/*.yaml", CaseFile, FORM, rules=False),
)


class GermlineRulebase(PlainRulebase):
    """A whole pharmacogenomic rule set, checked."""

    manifest: GermlineManifest
    genes: tuple[GermlineGene, ...]
    phenotypes: tuple[PhenotypeFile, ...]
    drugs: tuple[GermlineDrug, ...]
    tables: tuple[GermlineTable, ...]
    citations: tuple[GermlineCitation, ...]

    @cached_property
    def gene_of(self) -> dict[str, GermlineGene]:
        """Genes by symbol."""
        return {gene.symbol: gene for gene in self.genes}

    @cached_property
    def phenotypes_of(self) -> dict[str, PhenotypeFile]:
        """The phenotypes of each gene."""
        return {file.gene: file for file in self.phenotypes}

    @cached_property
    def phenotype_of(self) -> dict[str, tuple[str, PhenotypeRule]]:
        """The gene and the rule of each phenotype, by what it concludes."""
        return {rule.concludes: (file.gene, rule) for file in self.phenotypes for rule in file.phenotypes}

    @cached_property
    def chained(self) -> dict[str, ChainedRule]:
        """The rules of phenotypes, by what they conclude."""
        return {
            name: ChainedRule(rule.id, rule.when, f"{gene} {rule.name}", self.phenotypes_of[gene].basis, _MECHANISM)
            for name, (gene, rule) in self.phenotype_of.items()
        }

    def genes_of(self, condition: Condition) -> tuple[str, ...]:
        """The genes whose phenotypes a row's condition asks for, each once, in their order."""
        asked = (atom.id for atom in atoms(condition) if isinstance(atom, ConclusionAtom))
        named = (self.phenotype_of[name][0] for name in asked if name in self.phenotype_of)
        return tuple(dict.fromkeys(named))


# As ``KindsModule`` names it.
Rulebase = GermlineRulebase


def read(folder: Path) -> FolderReading[GermlineRulebase]:
    """As ``KindsModule.read``."""
    from resistab.domains.pharmacogenomics.checks import check

    return read_plain(folder, FILE_KINDS, GermlineRulebase, check)


def overlaid(rulebase: GermlineRulebase, folder: Path) -> GermlineRulebase:
    """As ``KindsModule.overlaid``."""
    from resistab.domains.pharmacogenomics.checks import check

    return overlaid_plain(rulebase, folder, FILE_KINDS, check)
