"""A laboratory's own rows, added to a rule set for tumours."""

from __future__ import annotations

from pathlib import Path

from resistab.core.faults import Fault, RulebaseError
from resistab.domains.oncology.checks.rules import check_rulebase, resolve_backbones, resolve_exons
from resistab.domains.oncology.kinds.files import FILE_KINDS, CitationFile, DrugFile, GeneFile
from resistab.domains.oncology.kinds.models import Row, Rulebase, Table
from resistab.domains.oncology.kinds.overlay_models import OverlayTable
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


def overlaid(rulebase: Rulebase, folder: Path) -> Rulebase:
    """``rulebase`` with the overlay in ``folder``; raises ``RulebaseError`` with every fault of the overlay."""
    reader = FolderReader(folder, overlay_kinds(FILE_KINDS), MANIFEST)
    read = reader.read()
    manifest = read.one("overlay", OverlayManifest)
    citations, drugs = read.one("citations", CitationFile), read.one("drugs", DrugFile)
    genes, overlays = read.one("genes", GeneFile), read.all("table", OverlayTable)
    faults = [*reader.faults, *wrong_ruleset(reader, manifest, rulebase.manifest.ruleset)]
    by_drug = {table.drug: table for table in rulebase.tables}
    known = {row.id for table in rulebase.row_tables for row in table.rows}
    files = [file for file in reader.files if not isinstance(file.content, OverlayTable | OverlayManifest)]
    added: set[str] = set()
    retired: dict[str, str] = {}
    for file in files_of(reader.files, OverlayTable):
        overlay = file.content
        assert isinstance(overlay, OverlayTable)
        base = by_drug.get(overlay.drug)
        faults += retire_faults(file, overlay.retire, {row.id for row in base.rows} if base else set())
        faults += [taken_id(file, ("rows", n, "id"), row.id) for n, row in enumerate(overlay.rows) if row.id in known]
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
    combined = remade(
        rulebase,
        digest=overlaid_digest(rulebase.digest, folder, reader.kinds),
        tables=tuple(by_drug.values()),
        citations=(*rulebase.citations, *(citations.citations if citations else ())),
        drugs=(*rulebase.drugs, *(drugs.drugs if drugs else ())),
        genes=(*rulebase.genes, *(genes.genes if genes else ())),
        overlay=overlay_info(manifest, added, retired),
    )
    faults += check_rulebase(combined, files)
    if not (overlays or citations or drugs or genes):
        faults.append(Fault(where=folder.name, message="the overlay holds nothing", expected="tables/DRUG.yaml"))
    if faults:
        raise RulebaseError(list(dict.fromkeys(faults)))
    return resolve_exons(resolve_backbones(combined))


def _retired(row: Row, manifest: OverlayManifest | None) -> Row:
    return row.model_copy(update={"status": "retired", "retired": manifest.date if manifest else None})
