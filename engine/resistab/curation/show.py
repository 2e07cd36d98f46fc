"""A drug's table in every rule set that knows the drug, by name or by another name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, InputError
from resistab.curation.file_kinds import ruleset_folders
from resistab.curation.kit.shown import ShownRow, ShownTable
from resistab.domains.loading import load_rules
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_of
from resistab.files.yaml_source import read_yaml_file


@dataclass(frozen=True)
class Found:
    """A table, with the folder and the name of the rule set that has it."""

    folder: Path
    ruleset: str
    table: ShownTable

    def where(self, file: str) -> str:
        """A file of the rule set as one types it: from the current folder where it lies in it, else the whole path."""
        path, here = (self.folder / file).resolve(), Path.cwd().resolve()
        return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def find_tables(path: Path, drug: str) -> list[Found]:
    """The tables of ``drug`` in the rule set in ``path``, or in every rule set below it; never none.

    Raises ``RulebaseError`` for faulty rules, ``InputError`` with what is nearest where no rule set knows the drug.
    """
    found: list[Found] = []
    faults: list[Fault] = []
    for folder in ruleset_folders(path):
        pack = pack_of(folder)
        rules = load_rules(folder)
        try:
            name = pack.report.drug_named(rules, drug)
        except InputError as error:
            faults += (fault.model_copy(update={"where": folder.name}) for fault in error.faults)
            continue
        table = pack.curate.shown(rules, name)
        if table.file is None:
            table = replace(table, file=_file_of(folder, pack, name))
        found.append(Found(folder, rules.manifest.ruleset, table))
    if not found:
        # Where one rule set has something like it, what the others do not know says nothing more.
        raise InputError([fault for fault in faults if fault.suggestion] or faults)
    return found


def _file_of(folder: Path, pack: Pack, drug: str) -> str | None:
    """The file of a drug's table, where the domain does not say it; None where there is none."""
    for kind in pack.kinds.FILE_KINDS:
        if kind.model is not None and "drug" in kind.model.model_fields:
            for path in kind.paths(folder):
                data = read_yaml_file(path, path.name)[0].data
                if isinstance(data, dict) and data.get("drug") == drug:
                    return path.relative_to(folder).as_posix()
    return None


def document(found: Iterable[Found]) -> dict[str, Any]:
    """The tables as data."""
    return {"tables": [_table(one) for one in found]}


def _table(found: Found) -> dict[str, Any]:
    table = found.table
    return {
        "ruleset": found.ruleset,
        "drug": table.drug,
        "classes": list(table.classes),
        "file": found.where(table.file) if table.file else None,
        "about": [{"of": label, "text": text} for label, text in table.about],
        "rows": [_row(row) for row in table.rows],
        "class_files": {name: found.where(file) for name, file in table.files},
    }


def _row(row: ShownRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status,
        "gene": row.gene or None,
        "residue": row.residue,
        "condition": row.condition,
        "tumour_types": list(row.tumour_types),
        "effect": row.effect,
        "evidence": row.evidence or None,
        "references": row.references,
        "of_class": row.of or None,
    }
