"""The site as a folder: written beside its place and moved there whole, never over anything else's files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from resistab.files.output import OutputError

# Lists every file of the site; a folder with this list and nothing beside it may be replaced.
LIST = "resistab-site.txt"


def write_site(target: Path, files: Iterable[tuple[str, str]]) -> int:
    """Write ``files`` (path below ``target`` and text) as the folder ``target``; how many were written.

    An earlier site in its place is replaced. Raises ``OutputError`` where the folder holds anything else or cannot be
    written; what was there then stays as it was.
    """
    target = Path(os.path.realpath(target))
    _refuse_foreign(target)
    try:
        temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".part"))
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror}") from error
    try:
        paths = _write_all(temporary, files)
        (temporary / LIST).write_text("".join(f"{path}\n" for path in sorted(paths)), encoding="utf-8")
        # mkdtemp makes folders for the owner only; a site is to be as readable as any other folder.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o777 & ~umask)
        _put_in_place(temporary, target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return len(paths)


def _write_all(folder: Path, files: Iterable[tuple[str, str]]) -> list[str]:
    """Write files into ``folder`` while the next ones are made; their paths. Raises ``OSError``."""
    paths: list[str] = []
    made: set[str] = set()
    with ThreadPoolExecutor(max_workers=1) as writer:
        written = []
        for path, text in files:
            inside = path.rpartition("/")[0]
            if inside not in made:
                (folder / inside).mkdir(parents=True, exist_ok=True)
                made.add(inside)
            paths.append(path)
            written.append(writer.submit(_write, folder / path, text))
        for each in written:
            each.result()
    return paths


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _put_in_place(temporary: Path, target: Path) -> None:
    if not target.exists():
        temporary.rename(target)
        return
    earlier = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".old"))
    try:
        # A folder moves onto an empty one in one step; the earlier site is gone only once it has moved.
        target.rename(earlier)
        try:
            temporary.rename(target)
        except OSError:
            earlier.rename(target)
            raise
    finally:
        shutil.rmtree(earlier, ignore_errors=True)


def _refuse_foreign(target: Path) -> None:
    """Raise ``OutputError`` unless ``target`` is missing, empty, or a site and nothing else."""
    if not target.parent.is_dir():
        raise OutputError(f"{target}: the folder {target.parent} does not exist")
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputError(f"{target}: is a file; expected a new folder, an empty one, or an earlier site")
    found = {
        path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir() or path.is_symlink()
    }
    if not found:
        return
    try:
        own = set((target / LIST).read_text(encoding="utf-8").splitlines()) | {LIST}
    except (OSError, UnicodeDecodeError):
        own = set()
    foreign = sorted(found - own) if own else sorted(found)
    if foreign:
        others = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise OutputError(
            f"{target}: holds files that no site was written with: {foreign[0]}{others}; "
            "expected a new folder, an empty one, or an earlier site"
        )
