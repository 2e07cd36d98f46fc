"""From a folder of YAML to a checked ``ViralRulebase``, or every fault at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resistab.faults import RulebaseError
from resistab.rulebase.digest import rulebase_digest
from resistab.rulebase.folder_reader import FolderReader
from resistab.rulebase.models import RulebaseModel
from resistab.rulebase.viral_checks import check_viral
from resistab.rulebase.viral_models import (
    CommentFile,
    MutationTypes,
    ResultComment,
    SequenceQuality,
    ViralDrug,
    ViralDrugClass,
    ViralGene,
    ViralManifest,
    ViralRulebase,
    ViralTable,
)


class _GeneFile(RulebaseModel):
    genes: tuple[ViralGene, ...]


class _DrugFile(RulebaseModel):
    drug_classes: tuple[ViralDrugClass, ...]
    drugs: tuple[ViralDrug, ...]


class _ResultCommentFile(RulebaseModel):
    result_comments: tuple[ResultComment, ...]


class _TypesFile(RulebaseModel):
    mutation_types: tuple[MutationTypes, ...]


def load_viral_folder(folder: Path) -> ViralRulebase:
    """The virus's rule set in ``folder``, checked; raises ``RulebaseError`` with every fault of every file."""
    reader = FolderReader(folder)
    # Not validated again: the parts are, and with faults the manifest may be wanting.
    manifest: Any = reader.required("ruleset.yaml", ViralManifest)
    genes = reader.required("genes.yaml", _GeneFile)
    drugs = reader.required("drugs.yaml", _DrugFile)
    result_comments = reader.optional("result_comments.yaml", _ResultCommentFile)
    types = reader.optional("mutation_types.yaml", _TypesFile)
    quality = reader.optional("sequence_quality.yaml", SequenceQuality)
    rulebase = ViralRulebase.model_construct(
        digest="",
        manifest=manifest,
        genes=genes.genes if genes else (),
        sequences=reader.sequences(),
        drug_classes=drugs.drug_classes if drugs else (),
        drugs=drugs.drugs if drugs else (),
        tables=tuple(reader.all_in("tables", ViralTable)),
        comments=tuple(reader.all_in("comments", CommentFile)),
        result_comments=result_comments.result_comments if result_comments else (),
        mutation_types=types.mutation_types if types else (),
        quality=quality or SequenceQuality(),
    )
    faults = [*reader.faults, *check_viral(rulebase, reader.files, frozenset(reader.unread))]
    if faults:
        raise RulebaseError(faults)
    return ViralRulebase.model_construct(
        **{name: getattr(rulebase, name) for name in ViralRulebase.model_fields} | {"digest": rulebase_digest(folder)}
    )
