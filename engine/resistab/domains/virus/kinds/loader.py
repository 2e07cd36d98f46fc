"""From a folder of YAML to a checked ``ViralRulebase``, or every fault at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resistab.domains.virus.checks.rules import check_viral
from resistab.domains.virus.kinds.models import (
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
from resistab.rulesets.folder_reader import FolderReader, FolderReading
from resistab.rulesets.models import RulebaseModel


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
    return read_viral_folder(folder).sound()


def read_viral_folder(folder: Path) -> FolderReading[ViralRulebase]:
    """The virus's rule set in ``folder`` or its faults.

    Raises ``RulebaseError`` only where the folder holds no rule set.
    """
    reader = FolderReader(folder)
    # Not validated again: the parts are, and with faults the manifest may be wanting.
    manifest: Any = reader.required("ruleset.yaml", ViralManifest)
    genes = reader.required("genes.yaml", _GeneFile)
    drugs = reader.required("drugs.yaml", _DrugFile)
    result_comments = reader.optional("result_comments.yaml", _ResultCommentFile)
    types = reader.optional("mutation_types.yaml", _TypesFile)
    quality = reader.optional("sequence_quality.yaml", SequenceQuality)
    rulebase = ViralRulebase.model_construct(
        digest=reader.digest(),
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
    unread = frozenset(reader.unread)
    faults = [*reader.faults, *check_viral(rulebase, reader.files, unread, reader.records)]
    # Made anew without the look-ups that the checks have asked for.
    fields = {name: getattr(rulebase, name) for name in ViralRulebase.model_fields}
    sound = None if faults else ViralRulebase.model_construct(**fields)
    return FolderReading(sound, tuple(faults), tuple(reader.files), tuple(reader.opened))
