"""Folders that are written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from resistab.files.output import OutputError


def write_folder(files: Mapping[str, str], folder: Path) -> None:
    """Write ``files``, texts by their paths in ``folder``, which takes the place of what is there.

    The new folder is made beside it and then renamed, so that what was there stays where anything fails; whether it may
    be replaced is for the caller to see. Raises ``OutputError``.
    """
    target = folder.resolve()
    if not target.parent.is_dir():
        raise OutputError(f"{folder}: the folder {target.parent} does not exist")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".part") as beside:
            new = Path(beside) / "new"
            for name, text in files.items():
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            if not target.exists():
                new.rename(target)
                return
            old = Path(beside) / "old"
            target.rename(old)
            try:
                new.rename(target)
            except OSError:
                old.rename(target)
                raise
            shutil.rmtree(old)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
