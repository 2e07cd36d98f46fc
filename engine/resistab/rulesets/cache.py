"""The parsed rulebase and what is compiled from it, kept between starts in the user's cache folder.

An entry is found by the digest of the rule set's files and by a fingerprint of the code that made it, and is used
only if its bytes have the checksum they were written with and name the same digest. Entries are written beside and
renamed, so that a concurrent start sees a whole entry or none. A cache that cannot be read or written is done
without: it makes a start faster and nothing else.

Entries are pickles, which load several times faster than anything that is validated anew. So that they can hold
nothing but data, only the classes of resistab's own frozen models and records are let through, and neither a folder in
which another user could write nor an entry of another user is used.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import os
import pickle
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from resistab import __version__
from resistab.core.faults import RulebaseError
from resistab.rulesets.digest import ruleset_digest
from resistab.rulesets.kinds import FileKind
from resistab.rulesets.models import HasDigest, remade

# As many as a machine has use for that keeps several rule sets, and a few versions of one that is being edited.
MOST_ENTRIES = 12

_Derived = TypeVar("_Derived")
_Rulebase = TypeVar("_Rulebase", bound="HasDigest")
_PACKAGE = Path(__file__).resolve().parent.parent


def cache_folder() -> Path:
    """The user's cache folder for resistab; ``RESISTAB_CACHE`` overrides it."""
    override = os.environ.get("RESISTAB_CACHE")
    if override:
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("resistab", appauthor=False)


def private_cache_folder() -> Path | None:
    """The cache folder, made if need be; None where that cannot be, or where other users may write in it.

    Nor may they be able to put another folder in its place: of each folder above it they are neither the owner, nor
    may they write there, but where only the owner of a file can take it away (as in /tmp).
    """
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole = folder.resolve(strict=True)
        if not is_private(whole) or not all(_is_trusted(parent) for parent in whole.parents):
            return None
    except (OSError, RuntimeError):
        return None
    return folder


def is_private(path: Path) -> bool:
    """Whether a file or folder is the user's, and no one else may write to it; raises ``OSError``."""
    status = path.lstat()
    return not hasattr(os, "getuid") or (
        status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def _is_trusted(folder: Path) -> bool:
    """Whether what lies in ``folder`` stays there until the user or the administrator takes it away."""
    if not hasattr(os, "getuid"):
        return True
    status = folder.stat()
    mode = status.st_mode
    if status.st_uid not in (0, os.getuid()):
        return False
    # A group of one's own is how many systems set up a user's home.
    by_group = mode & stat.S_IWGRP and status.st_gid not in (0, os.getgid())
    return bool(mode & stat.S_ISVTX) or not (by_group or mode & stat.S_IWOTH)


def throw_away(path: Path) -> None:
    """Take away an entry of the cache, if it can be."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def load_cached(
    folder: Path,
    name: str,
    kinds: Sequence[FileKind],
    model: type[_Rulebase],
    load: Callable[[Path], _Rulebase],
    derive: Callable[[_Rulebase], _Derived],
) -> tuple[_Rulebase, _Derived]:
    """What ``load`` reads from ``folder`` and ``derive`` makes of it, from the cache where nothing has changed.

    ``kinds`` are the files that count, ``name`` tells entries apart that are derived in different ways. Raises
    ``RulebaseError``, and what ``derive`` raises.
    """
    try:
        digest = ruleset_digest(folder, kinds)
    except RulebaseError:
        # The loader says what cannot be read, and all other faults with it.
        load(folder)
        raise
    cache = private_cache_folder()
    path = cache / f"{name}-{digest[:32]}-{code_fingerprint()}.pickle" if cache else None
    if path is not None:
        cached = read_cached(path, digest, model)
        if cached is not None:
            return cached
    rulebase = load(folder)
    derived = derive(rulebase)
    if path is not None and rulebase.digest == digest:
        write_cached(path, rulebase, derived)
    return rulebase, derived


def code_fingerprint() -> str:
    """What an entry depends on beside the rules: the versions of resistab, Python and pydantic, and the code itself.

    The code's files count by size and time of change, so that an editable installation never reads an entry that
    older code has made.
    """
    parts = [__version__, _pydantic_code(), sys.implementation.cache_tag or ""]
    for entry in _code_files(str(_PACKAGE)):
        status = entry.stat()
        parts.append(f"{entry.name}:{status.st_size}:{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _pydantic_code() -> str:
    """What tells versions of pydantic apart, without importing it."""
    spec = importlib.util.find_spec("pydantic")
    if spec is None or spec.origin is None:
        return ""
    status = Path(spec.origin).with_name("version.py").stat()
    return f"{status.st_size}:{status.st_mtime_ns}"


def _code_files(folder: str) -> Iterator[os.DirEntry[str]]:
    """The files of code in ``folder`` and below it, in one order."""
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda entry: entry.name)
    for entry in inside:
        if entry.name.endswith(".py"):
            yield entry
        elif entry.name[0] not in "._" and entry.is_dir():
            yield from _code_files(entry.path)


class DataUnpickler(pickle.Unpickler):
    """Loads resistab's models and records, dates, and plain containers; refuses every other class and function."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "date") or module.startswith("resistab."):
            found = super().find_class(module, name)
            # A name may lead out of its module, to what the module itself has imported.
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not data")


def read_cached(path: Path, digest: str, model: type[_Rulebase]) -> tuple[_Rulebase, Any] | None:
    """The rulebase cached at ``path``, and what was derived from it, if whole and of this digest, else None.

    An entry that is damaged is taken away.
    """
    entry = read_entry(path)
    if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[0], model) and entry[0].digest == digest:
        return entry
    if entry is not None:
        throw_away(path)
    return None


def read_entry(path: Path) -> Any | None:
    """What the entry at ``path`` holds if it is the user's own and whole, else None; a damaged one is taken away."""
    try:
        if not is_private(path):
            return None
        checksum, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    entry = _unpickled(body) if hashlib.sha256(body).hexdigest().encode() == checksum else None
    if entry is None:
        throw_away(path)
    return entry


def _unpickled(body: bytes) -> Any:
    """What an entry holds, None where it is damaged."""
    try:
        return DataUnpickler(io.BytesIO(body)).load()
    except Exception:
        # A pickle that is none raises what its bytes bring: KeyError, MemoryError, OverflowError, ….
        return None


def write_cached(path: Path, rulebase: HasDigest, derived: Any = None) -> None:
    """Write the entry of a rule set to ``path``, see ``write_entry``."""
    # Imported here, as is whatever a start needs only once.
    from resistab.rulesets.sharing import Sharing

    # Written once, an entry is read at many a start: what can be done for these is done now.
    write_entry(path, Sharing().of((remade(rulebase), derived)))


def write_entry(path: Path, content: Any) -> None:
    """Write an entry to ``path`` in one step; what cannot be written is left out in silence.

    Of all entries whose names end alike only the ``MOST_ENTRIES`` that were written last are kept.
    """
    import pickletools
    import tempfile

    body = pickletools.optimize(pickle.dumps(content, pickle.HIGHEST_PROTOCOL))
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _forget_oldest(path)


def _forget_oldest(written: Path) -> None:
    alike = written.parent.glob(f"*{written.suffix}")
    entries = sorted(alike, key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
    for entry in entries[MOST_ENTRIES:]:
        entry.unlink(missing_ok=True)
