"""The folder of a draft: its tables, what each row rests on, and the page that tells of both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from resistab.core.faults import Fault, InputError
from resistab.curation.learning.page import render_learned_html
from resistab.files.whole_folder import write_folder
from resistab.rulesets.learned import LearnedTable
from resistab.rulesets.models import slug

if TYPE_CHECKING:
    from resistab.curation.learning.model import Learned
    from resistab.domains.pack import Pack

LEARNED, PAGE = "learned", "report.html"


def write_draft(pack: Pack, rulebase: Any, learned: Learned, folder: Path, overwrite: bool) -> None:
    """Write the draft into ``folder``, whole or not at all; see ``refuse_target``. Raises ``OutputError``."""
    refuse_target(folder, overwrite)
    tables = [drug.table for drug in learned.drugs]
    files = dict(pack.measures.drafted(rulebase, tables))
    for table in tables:
        files[f"{LEARNED}/{slug(table.drug)}.yaml"] = learned_text(table)
    files[PAGE] = render_learned_html(learned)
    write_folder(files, folder)


def refuse_target(folder: Path, overwrite: bool) -> None:
    """Raise ``InputError`` where ``folder`` is in the way.

    It must not exist, or be empty; with ``overwrite`` it may hold a draft that was made in the same way.
    """
    if not folder.exists():
        return
    where = str(folder)
    if not folder.is_dir():
        raise InputError([Fault(where=where, message="is a file", expected="a folder, or a name that is free")])
    try:
        present = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise InputError([Fault(where=where, message=f"cannot be read: {error.strerror}")]) from error
    if not present:
        return
    if not overwrite:
        raise InputError([Fault(where=where, message="exists", expected="a name that is free, or --overwrite")])
    if LEARNED not in present:
        message = f"holds {sorted(present)[0]} and was not made by learn"
        raise InputError([Fault(where=where, message=message, expected="a draft that learn made, or a free name")])


def learned_text(table: LearnedTable) -> str:
    """``learned/DRUG.yaml``: a field a line, each row on one."""
    fields = table.model_dump(mode="json", exclude={"rows"})
    head = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=118)
    rows = [yaml.safe_dump(row.model_dump(mode="json"), default_flow_style=True, sort_keys=False, width=1000)
            for row in table.rows]  # fmt: skip
    lines = "".join(f"  - {row.strip()}\n" for row in rows)
    return f"{head}rows:{' []' if not rows else ''}\n{lines}"
