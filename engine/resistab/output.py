"""Writing results: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class OutputError(Exception):
    """A result could not be written; nothing was left behind."""


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` through a temporary file beside it, then rename.

    A link is followed. A device or a pipe is written to as it is: to rename onto it would put a file in its place.
    Raises ``OutputError`` where the folder is missing, full or not writable; an earlier file then stays as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise OutputError(f"{path}: the folder {target.parent} does not exist")
        if target.is_dir():
            raise OutputError(f"{path}: is a folder")
        content = text.encode("utf-8", "backslashreplace")
        if target.exists() and not target.is_file():
            with target.open("wb", buffering=0) as device:
                _write_all(device.fileno(), content)
        else:
            _write_beside(target, content)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputError(f"{path}: cannot be written: {reason}") from error


def _write_beside(target: Path, content: bytes) -> None:
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".part")
        temporary = Path(name)
        try:
            _write_all(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        # mkstemp makes files for the owner only; a report is to be as readable as any other file.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except BaseException:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise


def _write_all(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
