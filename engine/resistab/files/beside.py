"""Files that another file names: only regular ones that lie beside it, so that what others wrote opens nothing else."""

from __future__ import annotations

import stat
from pathlib import Path


class NotBesideError(Exception):
    """A name that is no regular file beside the one that names it; the text says why, and nothing of any content."""


def file_beside(folder: Path, name: str) -> Path:
    """The regular file called ``name`` in ``folder`` or below it; raises ``NotBesideError`` where it is none.

    Refused are absolute names, names that lead upwards, links that lead out of the folder, and what is no regular
    file: a folder, a pipe, a device.
    """
    if not name.strip() or not name.isprintable():
        raise NotBesideError("is no name of a file")
    given = Path(name)
    if given.is_absolute() or ".." in given.parts:
        raise NotBesideError("leads out of the folder of the file that names it")
    path = folder / given
    try:
        whole = path.resolve(strict=True)
        mode = whole.stat().st_mode
        within = whole.is_relative_to(folder.resolve(strict=True))
    except (OSError, ValueError, RuntimeError) as error:
        raise NotBesideError("is not there") from error
    if not within:
        raise NotBesideError("leads out of the folder of the file that names it")
    if not stat.S_ISREG(mode):
        raise NotBesideError("is no regular file")
    return path
