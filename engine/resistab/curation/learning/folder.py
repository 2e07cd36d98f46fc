"""The folder of a draft: its tables, what each row rests on, and the page that tells of both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from resistab.core.faults import Fault, InputError
from resistab.curation.learning.page import render_learned_html
from resistab.files.output import OutputError
from resistab.files.whole_folder import write_folder
from resistab.rulesets.learned import LearnedTable
from resistab.rulesets.models import slug

if TYPE_CHECKING:
    from resistab.curation.learning.model import Learned
    from resistab.domains.pack import Pack

LEARNED, PAGE = "learned", "report.html"
# tables/EFV.yaml
_DEEPEST = 2


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
    """Raise ``InputError`` where ``folder`` is in the way, ``OutputError`` where there is no folder to make it in.

    It must not exist, or be empty; with ``overwrite`` it may hold a draft that was made in the same way, and no more.
    """
    parent = folder.resolve().parent
    if not parent.is_dir():
        # Learning takes minutes: it is said before and not after.
        raise OutputError(f"{folder}: the folder {parent} does not exist")
    if not folder.exists():
        return
    where = str(folder)
    if not folder.is_dir():
        raise InputError([Fault(where=where, message="is a file", expected="a folder, or a name that is free")])
    try:
        present = sorted(path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
        empty = next(folder.iterdir(), None) is None
    except OSError as error:
        raise InputError([Fault(where=where, message=f"cannot be read: {error.strerror}")]) from error
    if empty:
        return
    if not overwrite:
        raise InputError([Fault(where=where, message="exists", expected="a name that is free, or --overwrite")])
    foreign = next((path for path in present if not _may_be_of_draft(path)), None)
    if foreign or not any(path.parts[0] == LEARNED for path in present):
        message = f"holds {foreign}" if foreign else f"holds no {LEARNED}/DRUG.yaml"
        expected = "a draft that learn made, with nothing else in it, or a free name"
        raise InputError([Fault(where=where, message=f"{message} and was not made by learn", expected=expected)])


def _may_be_of_draft(path: Path) -> bool:
    """Whether a draft may hold this file: a draft is YAML, in its folder or in one below, and the page."""
    return path == Path(PAGE) or (path.suffix == ".yaml" and len(path.parts) <= _DEEPEST)


def learned_text(table: LearnedTable) -> str:
    """``learned/DRUG.yaml``: a field a line, each row on one."""
    fields = table.model_dump(mode="json", exclude={"rows"})
    head = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=118)
    rows = [yaml.safe_dump(row.model_dump(mode="json"), default_flow_style=True, sort_keys=False, width=1000)
            for row in table.rows]  # fmt: skip
    lines = "".join(f"  - {row.strip()}\n" for row in rows)
    return f"{head}rows:{' []' if not rows else ''}\n{lines}"
