"""The kinds of YAML files that rule sets are made of: where each lies, what model it has, how it is laid out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resistab.core.faults import Fault, RulebaseError
from resistab.domains.oncology.checks.evidence_account import UnusedEvidence
from resistab.domains.oncology.kinds.cases import TumourCaseFile, TumourExpectation
from resistab.domains.oncology.kinds.citation_exceptions import CitationExceptions
from resistab.domains.oncology.kinds.models import (
    AlterationSet,
    ClassTable,
    Drug,
    Evidence,
    Gene,
    Level,
    Manifest,
    MechanismFile,
    MechanismRule,
    Numbering,
    Panel,
    Row,
    ScorePolicy,
    Table,
    TumourType,
)
from resistab.domains.virus.kinds.cases import VirusCaseFile, VirusExpectation
from resistab.domains.virus.kinds.models import (
    Combination,
    CommentFile,
    DrugAtLevel,
    LevelRule,
    MutationTypes,
    ResultComment,
    Scored,
    ScoreRange,
    ScoreRule,
    SequenceQuality,
    ViralDrug,
    ViralDrugClass,
    ViralGene,
    ViralLevel,
    ViralManifest,
    ViralTable,
)
from resistab.rulesets.find import folders_of_rulesets, is_virus, rules_at_hand
from resistab.rulesets.kinds import FileKind
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


class ViralGeneFile(RulebaseModel):
    """``genes.yaml`` of a virus."""

    genes: tuple[ViralGene, ...]


class ViralDrugFile(RulebaseModel):
    """``drugs.yaml`` of a virus."""

    drug_classes: tuple[ViralDrugClass, ...]
    drugs: tuple[ViralDrug, ...]


class ResultCommentFile(RulebaseModel):
    """``result_comments.yaml``."""

    result_comments: tuple[ResultComment, ...]


class MutationTypeFile(RulebaseModel):
    """``mutation_types.yaml``."""

    mutation_types: tuple[MutationTypes, ...]


TUMOUR_KINDS = (
    FileKind("ruleset", "ruleset.yaml", Manifest),
    FileKind("genes", "genes.yaml", GeneFile),
    FileKind("drugs", "drugs.yaml", DrugFile),
    FileKind("tumour-types", "tumour_types.yaml", TumourTypeFile),
    FileKind("citations", "citations.yaml", CitationFile),
    FileKind("citation-exceptions", "citation_exceptions.yaml", CitationExceptions),
    FileKind("unused-evidence", "unused_evidence.yaml", UnusedEvidence),
    FileKind("alteration-sets", "alteration_sets/*.yaml", AlterationSetFile),
    FileKind("mechanisms", "mechanisms/*.yaml", MechanismFile),
    FileKind("table", "tables/*.yaml", Table),
    FileKind("class-table", "classes/*.yaml", ClassTable),
    FileKind("panel", "panels/*.yaml", Panel),
    FileKind("cases", "cases/*.yaml", TumourCaseFile),
)
VIRUS_KINDS = (
    FileKind("virus-ruleset", "ruleset.yaml", ViralManifest),
    FileKind("virus-genes", "genes.yaml", ViralGeneFile),
    FileKind("virus-drugs", "drugs.yaml", ViralDrugFile),
    FileKind("virus-comments", "comments/*.yaml", CommentFile),
    FileKind("virus-result-comments", "result_comments.yaml", ResultCommentFile),
    FileKind("virus-mutation-types", "mutation_types.yaml", MutationTypeFile),
    FileKind("virus-sequence-quality", "sequence_quality.yaml", SequenceQuality),
    FileKind("virus-table", "tables/*.yaml", ViralTable),
    FileKind("virus-cases", "cases/*.yaml", VirusCaseFile),
)
KINDS = {kind.name: kind for kind in (*TUMOUR_KINDS, *VIRUS_KINDS)}


# The order of fields where it is not that of the model: what a reader wants to know first comes first, so that the
# logic of a row can be read without its evidence.
_EVIDENCE = ("reference", "source", "level", "direction", "studied_in", "given_with", "drug", "statement")
_END = ("created", "reviewed", "retired", "replaced_by")
FIELD_ORDER: dict[type[RulebaseModel], tuple[str, ...]] = {
    Evidence: _EVIDENCE,
    Row: (
        *("id", "status", "when", "tumour_types", "extrapolated_to", "effect", "mechanism", "score", "score_reason"),
        *("group", "note", *_END, "evidence"),
    ),
    MechanismRule: (
        *("id", "status", "when", "tumour_types", "concludes", "mechanism", "explanation", "definition"),
        *(*_END, "evidence"),
    ),
    TumourExpectation: ("verdict", "level", "score", "rows", "fires", "through", "names", "silent"),
    VirusExpectation: ("verdict", "level", "score", "sir", "rows", "fires", "silent"),
    ViralTable: ("drug", "scores", "combinations", "scale", "further_scores", "rules"),
}
# On a mechanism rule the drug that was studied comes before what was found: it belongs to no drug's table.
EVIDENCE_OF_MECHANISMS = ("reference", "source", "drug", "level", "direction", "studied_in", "given_with", "statement")

# What stands on one line where it fits; fields of lists of words always do.
FLOW_MODELS = frozenset(
    {
        *(Level, Numbering, TumourType, Citation, TumourExpectation, VirusExpectation),
        *(ViralLevel, ScoreRange, ViralDrugClass, ViralDrug, Combination, Scored, LevelRule, DrugAtLevel),
    }
)
FLOW_FIELDS = frozenset(
    {
        *(
            (Gene, "exons"),
            (Gene, "also_written"),
            (ScorePolicy, "by_level"),
            (Manifest, "tiers"),
            (ResultComment, "when"),
        ),
        *((ViralTable, "scores"), (ScoreRule, "scores")),
    }
)
BLOCK_FIELDS = frozenset({(ViralManifest, "without_effect")})
# Columns of prose, of which some lines need quotes: all have them.
QUOTED_FIELDS = frozenset({(TumourType, "name"), (Citation, "short")})


def fields_of(model: type[RulebaseModel], parent: type[RulebaseModel] | None) -> tuple[str, ...]:
    """The fields of a model as files name them, in canonical order; ``parent`` is the model it stands in."""
    if model is Evidence and parent is MechanismRule:
        return EVIDENCE_OF_MECHANISMS
    return FIELD_ORDER.get(model) or tuple(field.alias or name for name, field in model.model_fields.items())


@dataclass(frozen=True)
class RulesetFile:
    """A file of a rule set; ``where`` is its path as messages give it."""

    path: Path
    folder: Path
    kind: FileKind

    @property
    def where(self) -> str:
        """The path from the current folder where it lies in it, else the whole path."""
        path = self.path.resolve()
        return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def default_path(to_write: bool = False) -> Path:
    """The folder of the rule sets at hand.

    Raises ``RulebaseError`` where it is ``to_write`` and lies inside an installed package, which no curator edits.
    """
    folder = rules_at_hand()
    if to_write and folder.parent.name == "_data":
        message = "belongs to the installed package, and is not changed"
        raise RulebaseError(
            [Fault(where=str(folder), message=message, expected="the folder of your rule sets as PATH")]
        )
    return folder


def ruleset_folders(path: Path) -> list[Path]:
    """``path`` if it is the folder of a rule set, else the rule sets in it; raises ``RulebaseError`` for none."""
    folders = folders_of_rulesets(path)
    if not folders:
        message = "holds no rule set" if path.is_dir() else "is not a folder" if path.exists() else "does not exist"
        expected = "a folder with ruleset.yaml in it, or a folder of such folders"
        raise RulebaseError([Fault(where=str(path), message=message, expected=expected)])
    return folders


def ruleset_files(folder: Path) -> Iterator[RulesetFile]:
    """Every file of a rule set that is of a known kind, in the order of the kinds and of their names."""
    for kind in VIRUS_KINDS if is_virus(folder) else TUMOUR_KINDS:
        for path in sorted(folder.glob(kind.files)):
            if path.is_file():
                yield RulesetFile(path, folder, kind)


def files_at(path: Path) -> list[RulesetFile]:
    """The file at ``path``, or all files of the rule sets there.

    Raises ``RulebaseError`` where there is no rule set, or where the file is none of those that a rule set is made of.
    """
    if not path.is_file():
        return [file for folder in ruleset_folders(path) for file in ruleset_files(folder)]
    whole = path.resolve()
    for folder in list(whole.parents)[:2]:
        if (folder / "ruleset.yaml").is_file():
            for file in ruleset_files(folder):
                if file.path == whole:
                    return [file]
    expected = "a YAML file of a rule set, such as tables/gefitinib.yaml"
    raise RulebaseError([Fault(where=str(path), message="is no file of a rule set", expected=expected)])
