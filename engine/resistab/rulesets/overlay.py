"""A laboratory's own knowledge, laid over a rule set: rows that are added, and rows that are retired.

    my-lab/
      overlay.yaml          name, version, date, and the rule set it is laid over
      tables/DRUG.yaml      rows to add, ids to retire with the reason
      citations.yaml, drugs.yaml, genes.yaml    what the rule set does not have yet (tumours only)

The result is checked as a rule set is, and the report marks what came from the overlay.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from resistab.core.faults import Fault, RulebaseError, nearest
from resistab.domains.oncology.checks.rules import check_rulebase, resolve_exons
from resistab.domains.oncology.kinds.models import (
    Drug,
    Gene,
    Indication,
    Row,
    Rulebase,
    Table,
)
from resistab.domains.virus.checks.rules import check_viral
from resistab.domains.virus.kinds.models import (
    Combination,
    DrugName,
    LevelRule,
    Scores,
    ViralRulebase,
    ViralTable,
    position_row_id,
)
from resistab.rulesets.digest import rulebase_digest
from resistab.rulesets.folder_reader import FolderReader, LoadedFile
from resistab.rulesets.models import (
    Citation,
    OverlayInfo,
    RulebaseModel,
    Slug,
    Text,
)

MANIFEST = "overlay.yaml"


class OverlayManifest(RulebaseModel):
    """``overlay.yaml``."""

    name: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    date: datetime.date
    over: Slug


class Retired(RulebaseModel):
    """A row of the rule set that the laboratory does not use, and why."""

    id: Text
    reason: Text


class OverlayTable(RulebaseModel):
    """``tables/DRUG.yaml`` of an overlay for tumours; a drug without a table needs its ``indications``."""

    drug: Text
    indications: tuple[Indication, ...] = ()
    rows: tuple[Row, ...] = ()
    retire: tuple[Retired, ...] = ()


class ViralOverlayTable(RulebaseModel):
    """``tables/DRUG.yaml`` of an overlay for a virus; a line needs a position without one, or whose is retired."""

    drug: DrugName
    scores: Scores = Field(default_factory=dict)
    combinations: tuple[Combination, ...] = ()
    rules: tuple[LevelRule, ...] = ()
    retire: tuple[Retired, ...] = ()


class _CitationFile(RulebaseModel):
    citations: tuple[Citation, ...]


class _DrugFile(RulebaseModel):
    drugs: tuple[Drug, ...]


class _GeneFile(RulebaseModel):
    genes: tuple[Gene, ...]


def overlaid(rulebase: Rulebase, folder: Path) -> Rulebase:
    """``rulebase`` with the overlay in ``folder``; raises ``RulebaseError`` with every fault of the overlay."""
    reader = FolderReader(folder, MANIFEST)
    manifest = reader.required(MANIFEST, OverlayManifest)
    citations = reader.optional("citations.yaml", _CitationFile)
    drugs = reader.optional("drugs.yaml", _DrugFile)
    genes = reader.optional("genes.yaml", _GeneFile)
    overlays = reader.all_in("tables", OverlayTable)
    faults = [*reader.faults, *_wrong_ruleset(reader, manifest, rulebase.manifest.ruleset)]
    by_drug = {table.drug: table for table in rulebase.tables}
    known = {row.id for table in rulebase.row_tables for row in table.rows}
    files = [file for file in reader.files if not isinstance(file.content, OverlayTable | OverlayManifest)]
    added: set[str] = set()
    retired: dict[str, str] = {}
    for file in _of_kind(reader.files, OverlayTable):
        overlay = file.content
        assert isinstance(overlay, OverlayTable)
        base = by_drug.get(overlay.drug)
        faults += _retire_faults(file, overlay.retire, {row.id for row in base.rows} if base else set())
        faults += [
            file.source.fault(
                ("rows", number, "id"), f"the id '{row.id}' is one of the rule set's", "an id of your own"
            )
            for number, row in enumerate(overlay.rows)
            if row.id in known
        ]
        if base is None and not overlay.indications:
            message = f"the rule set has no table for '{overlay.drug}'"
            faults.append(file.source.fault(("drug",), message, "a drug that has one, or 'indications' with it"))
        gone = {item.id for item in overlay.retire}
        kept = tuple(_retired(row, manifest) if row.id in gone else row for row in base.rows) if base else ()
        added |= {row.id for row in overlay.rows}
        retired |= {item.id: item.reason for item in overlay.retire}
        by_drug[overlay.drug] = Table.model_construct(
            drug=overlay.drug,
            indications=overlay.indications or (base.indications if base else ()),
            rows=(*kept, *overlay.rows),
        )
        # The checks know tables: they are shown what the overlay adds as one.
        own = Table.model_construct(drug=overlay.drug, indications=overlay.indications, rows=overlay.rows)
        files.append(LoadedFile(source=file.source, content=own))
    if reader.faults or manifest is None:
        raise RulebaseError(faults)
    fields = {name: getattr(rulebase, name) for name in Rulebase.model_fields} | {
        "digest": _digest(rulebase.digest, folder),
        "tables": tuple(by_drug.values()),
        "citations": (*rulebase.citations, *(citations.citations if citations else ())),
        "drugs": (*rulebase.drugs, *(drugs.drugs if drugs else ())),
        "genes": (*rulebase.genes, *(genes.genes if genes else ())),
        "overlay": _info(manifest, added, retired),
    }
    combined = Rulebase.model_construct(**fields)
    faults += check_rulebase(combined, files)
    if not (overlays or citations or drugs or genes):
        faults.append(Fault(where=folder.name, message="the overlay holds nothing", expected="tables/DRUG.yaml"))
    if faults:
        raise RulebaseError(list(dict.fromkeys(faults)))
    return resolve_exons(combined)


def overlaid_virus(rulebase: ViralRulebase, folder: Path) -> ViralRulebase:
    """As ``overlaid``, for the rule set of a virus."""
    reader = FolderReader(folder, MANIFEST)
    manifest = reader.required(MANIFEST, OverlayManifest)
    overlays = reader.all_in("tables", ViralOverlayTable)
    faults = [*reader.faults, *_wrong_ruleset(reader, manifest, rulebase.manifest.ruleset)]
    by_drug = dict(rulebase.table_of)
    added: set[str] = set()
    retired: dict[str, str] = {}
    files: list[LoadedFile] = []
    for file in _of_kind(reader.files, ViralOverlayTable):
        overlay = file.content
        assert isinstance(overlay, ViralOverlayTable)
        drug = overlay.drug
        base = by_drug.get(drug) or ViralTable.model_construct(drug=drug)
        gone = {item.id for item in overlay.retire}
        faults += _retire_faults(file, overlay.retire, _row_ids(base))
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
        faults += [_taken(file, (field, number, "id"), id_) for field, number, id_ in given if id_ in taken]
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
        )
        if overlay.scores or overlay.combinations or overlay.rules:
            files.append(LoadedFile(source=file.source, content=own))
    if reader.faults or manifest is None:
        raise RulebaseError(faults)
    fields = {name: getattr(rulebase, name) for name in ViralRulebase.model_fields} | {
        "digest": _digest(rulebase.digest, folder),
        "tables": tuple(by_drug.values()),
        "overlay": _info(manifest, added, retired),
    }
    combined = ViralRulebase.model_construct(**fields)
    faults += check_viral(combined, files)
    if not overlays:
        faults.append(Fault(where=folder.name, message="the overlay holds nothing", expected="tables/DRUG.yaml"))
    if faults:
        raise RulebaseError(list(dict.fromkeys(faults)))
    return combined


def _wrong_ruleset(reader: FolderReader, manifest: OverlayManifest | None, ruleset: str) -> Iterator[Fault]:
    for file in _of_kind(reader.files, OverlayManifest):
        if manifest is not None and manifest.over != ruleset:
            yield file.source.fault(("over",), f"the overlay is for '{manifest.over}', the rule set is '{ruleset}'")


def _taken(file: LoadedFile, path: tuple[str | int, ...], id_: str) -> Fault:
    return file.source.fault(path, f"the id '{id_}' is one of the rule set's", "an id of your own")


def _retire_faults(file: LoadedFile, retire: Iterable[Retired], known: set[str]) -> Iterator[Fault]:
    for number, item in enumerate(retire):
        if item.id not in known:
            yield file.source.fault(
                ("retire", number, "id"),
                f"the rule set's table has no row '{item.id}'",
                "the id of one of its rows",
                nearest(item.id, known),
            )


def _row_ids(table: ViralTable) -> set[str]:
    lines = {position_row_id(table.drug, position) for position in table.scores}
    return lines | {item.id for item in table.combinations} | {item.id for item in table.rules}


def _retired(row: Row, manifest: OverlayManifest | None) -> Row:
    return row.model_copy(update={"status": "retired", "retired": manifest.date if manifest else None})


def _of_kind(files: Iterable[LoadedFile], kind: type[RulebaseModel]) -> list[LoadedFile]:
    return [file for file in files if isinstance(file.content, kind)]


def _digest(of_rulebase: str, folder: Path) -> str:
    """SHA-256 over the digests of the rule set and of the overlay."""
    return hashlib.sha256(f"{of_rulebase}:{rulebase_digest(folder)}".encode()).hexdigest()


def _info(manifest: OverlayManifest, added: set[str], retired: dict[str, str]) -> OverlayInfo:
    return OverlayInfo(
        name=manifest.name,
        version=manifest.version,
        date=manifest.date,
        added=tuple(sorted(added)),
        retired=dict(sorted(retired.items())),
    )
