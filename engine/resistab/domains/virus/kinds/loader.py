"""From a folder of YAML to a checked ``ViralRulebase``, or every fault at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resistab.domains.virus.checks.rules import check_viral
from resistab.domains.virus.kinds.files import (
    FILE_KINDS,
    MutationTypeFile,
    ResultCommentFile,
    ViralDrugFile,
    ViralGeneFile,
)
from resistab.domains.virus.kinds.models import (
    CommentFile,
    SequenceQuality,
    ViralManifest,
    ViralRulebase,
    ViralTable,
)
from resistab.domains.virus.kinds.regimens import ViralCombiningFile, ViralRegimenFile, ViralRegimens
from resistab.rulesets.folder_reader import FolderReader, FolderReading
from resistab.rulesets.models import remade
from resistab.rulesets.regimens import BarrierFile


def load_viral_folder(folder: Path) -> ViralRulebase:
    """The virus's rule set in ``folder``, checked; raises ``RulebaseError`` with every fault of every file."""
    return read_viral_folder(folder).validated()


def read_viral_folder(folder: Path) -> FolderReading[ViralRulebase]:
    """The virus's rule set in ``folder`` or its faults.

    Raises ``RulebaseError`` only where the folder holds no rule set.
    """
    reader = FolderReader(folder, FILE_KINDS)
    read = reader.read()
    # Not validated again: the parts are, and with faults the manifest may be wanting.
    manifest: Any = read.one("virus-ruleset", ViralManifest)
    genes, drugs = read.one("virus-genes", ViralGeneFile), read.one("virus-drugs", ViralDrugFile)
    result_comments = read.one("virus-result-comments", ResultCommentFile)
    types = read.one("virus-mutation-types", MutationTypeFile)
    quality = read.one("virus-sequence-quality", SequenceQuality)
    rulebase = ViralRulebase.model_construct(
        digest=reader.digest(),
        manifest=manifest,
        genes=genes.genes if genes else (),
        sequences=reader.sequences(),
        drug_classes=drugs.drug_classes if drugs else (),
        drugs=drugs.drugs if drugs else (),
        tables=read.all("virus-table", ViralTable),
        comments=read.all("virus-comments", CommentFile),
        result_comments=result_comments.result_comments if result_comments else (),
        mutation_types=types.mutation_types if types else (),
        quality=quality or SequenceQuality(),
        regimens=ViralRegimens(
            regimens=tuple(one for file in read.all("virus-regimens", ViralRegimenFile) for one in file.regimens),
            rules=tuple(one for file in read.all("virus-combining-rules", ViralCombiningFile) for one in file.rules),
            barriers=read.one("virus-barriers", BarrierFile) or BarrierFile(),
        ),
    )
    unread = frozenset(reader.unread)
    faults = [*reader.faults, *check_viral(rulebase, reader.files, unread, reader.records)]
    return FolderReading(None if faults else remade(rulebase), tuple(faults), tuple(reader.files), tuple(reader.opened))
