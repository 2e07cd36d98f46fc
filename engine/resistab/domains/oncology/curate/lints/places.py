"""Tables that lie in another folder than that of their drug's class."""

from __future__ import annotations

from collections.abc import Iterator

from resistab.curation.kit.lints import Lint
from resistab.domains.oncology.curate.lints.codes import finding
from resistab.domains.oncology.kinds.models import TABLE_FOLDER, Rulebase, table_place


def place_lints(rulebase: Rulebase) -> Iterator[Lint]:
    """The tables of drugs and regimens in the wrong folder, unless all lie in one."""
    folders = {table.drug: _folder(rulebase.file_of(table)) for table in rulebase.tables}
    if set(folders.values()) == {TABLE_FOLDER}:
        return
    for table in rulebase.tables:
        drug = rulebase.drug_by_name[table.drug]
        right = _folder(table_place(drug.name, drug.classes, bool(drug.regimen)))
        if folders[table.drug] != right:
            text = f"the table of {table.drug} lies in {folders[table.drug]}/ and belongs in {right}/"
            yield finding("RT630", rulebase.file_of(table), table.drug, text)


def _folder(file: str) -> str:
    return file.rpartition("/")[0]
