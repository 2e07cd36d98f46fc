"""A laboratory's own rows, added to a virus's rule set."""

from __future__ import annotations

from pathlib import Path

from resistab.core.faults import Fault, RulebaseError
from resistab.domains.virus.checks.rules import check_viral
from resistab.domains.virus.kinds.files import FILE_KINDS
from resistab.domains.virus.kinds.models import ViralRulebase, ViralTable, position_row_id
from resistab.domains.virus.kinds.overlay_models import ViralOverlayTable
from resistab.rulesets.folder_reader import FolderReader, LoadedFile
from resistab.rulesets.models import remade
from resistab.rulesets.overlay import (
    MANIFEST,
    files_of,
    overlaid_digest,
    overlay_info,
    overlay_kinds,
    retire_faults,
    taken_id,
    wrong_ruleset,
)
from resistab.rulesets.overlay_models import OverlayManifest


def overlaid(rulebase: ViralRulebase, folder: Path) -> ViralRulebase:
    """``rulebase`` with the overlay in ``folder``; raises ``RulebaseError`` with every fault of the overlay."""
    reader = FolderReader(folder, overlay_kinds(FILE_KINDS), MANIFEST)
    read = reader.read()
    manifest = read.one("overlay", OverlayManifest)
    overlays = read.all("virus-table", ViralOverlayTable)
    faults = [*reader.faults, *wrong_ruleset(reader, manifest, rulebase.manifest.ruleset)]
    by_drug = dict(rulebase.table_of)
    added: set[str] = set()
    retired: dict[str, str] = {}
    files: list[LoadedFile] = []
    for file in files_of(reader.files, ViralOverlayTable):
        overlay = file.content
        assert isinstance(overlay, ViralOverlayTable)
        drug = overlay.drug
        base = by_drug.get(drug) or ViralTable.model_construct(drug=drug)
        gone = {item.id for item in overlay.retire}
        faults += retire_faults(file, overlay.retire, _row_ids(base))
        scores = {at: line for at, line in base.scores.items() if position_row_id(drug, at) not in gone}
        faults += [
            file.source.fault(
                ("scores", at), f"{drug} has a line for {at}", f"{position_row_id(drug, at)} under 'retire' as well"
            )
            for at in overlay.scores
            if at in scores
        ]
        combinations = tuple(item for item in base.combinations if item.id not in gone)
        rules = tuple(item for item in base.rules if item.id not in gone)
        taken = {item.id for item in combinations} | {item.id for item in rules}
        given = [("combinations", number, item.id) for number, item in enumerate(overlay.combinations)]
        given += [("rules", number, item.id) for number, item in enumerate(overlay.rules)]
        faults += [taken_id(file, (field, number, "id"), id_) for field, number, id_ in given if id_ in taken]
        own = ViralTable.model_construct(
            drug=drug, scores=overlay.scores, combinations=overlay.combinations, rules=overlay.rules
        )
        added |= _row_ids(own)
        retired |= {item.id: item.reason for item in overlay.retire}
        # Not a copy, which would take along the look-ups already made of the table.
        by_drug[drug] = ViralTable.model_construct(
            drug=drug,
            scores=scores | overlay.scores,
            combinations=(*combinations, *overlay.combinations),
            scale=base.scale,
            further_scores=base.further_scores,
            rules=(*rules, *overlay.rules),
            drafts=base.drafts,
        )
        if overlay.scores or overlay.combinations or overlay.rules:
            files.append(LoadedFile(source=file.source, content=own))
    if reader.faults or manifest is None:
        raise RulebaseError(faults)
    combined = remade(
        rulebase,
        digest=overlaid_digest(rulebase.digest, folder, reader.kinds),
        tables=tuple(by_drug.values()),
        overlay=overlay_info(manifest, added, retired),
    )
    faults += check_viral(combined, files)
    if not overlays:
        faults.append(Fault(where=folder.name, message="the overlay holds nothing", expected="tables/DRUG.yaml"))
    if faults:
        raise RulebaseError(list(dict.fromkeys(faults)))
    return combined


def _row_ids(table: ViralTable) -> set[str]:
    lines = {position_row_id(table.drug, position) for position in table.scores}
    return lines | {item.id for item in table.combinations} | {item.id for item in table.rules}
