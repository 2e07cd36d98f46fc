"""Rule sets as tests change them, and their files as an editor sees them."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Edits = Mapping[str, tuple[str, str]]


def replace_once(path: Path, old: str, new: str) -> None:
    """Puts ``new`` in the place of ``old``, which must stand in the file exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"'{old}' stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def edited(source: Path, target: Path, edits: Edits) -> Path:
    """A copy of ``source`` at ``target``, with one text replaced in each file named."""
    shutil.copytree(source, target)
    for name, (old, new) in edits.items():
        replace_once(target / name, old, new)
    return target


def lay_over(overlay: Path, folder: Path) -> None:
    """Replaces or adds the files of ``overlay`` in ``folder``.

    ``delete.txt`` names files to leave out, ``expected.txt`` is passed over.
    """
    for source in sorted(path for path in overlay.rglob("*") if path.is_file()):
        target = folder / source.relative_to(overlay)
        if source.name == "delete.txt":
            for name in source.read_text(encoding="utf-8").split():
                (folder / name).unlink()
        elif source.name != "expected.txt":
            if target.parent.is_file():
                target.parent.unlink()
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def broken_copy(small: Path, overlay: Path, folder: Path) -> Path:
    """A copy of a small rule set at ``folder`` with an overlay laid over it."""
    shutil.copytree(small, folder)
    lay_over(overlay, folder)
    return folder


def as_json(data: Any) -> Any:
    """YAML's data as an editor sees it: keys and dates are texts."""
    if isinstance(data, dict):
        return {str(key): as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(item) for item in data]
    return data.isoformat() if isinstance(data, datetime.date) else data
