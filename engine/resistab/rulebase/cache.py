"""The parsed rulebase, kept between starts in the user's cache folder.

A cached rulebase is found by the digest of the rule set's files, the version of resistab and that of Python, and
is used only if the bytes have the checksum they were written with and name the same digest. Files are written
beside and renamed, so that a concurrent start sees a whole file or none. A cache that cannot be read or written is
done without: it makes a start faster and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path

from pydantic import ValidationError

from resistab import __version__
from resistab.rulebase.loader import load_rulebase_folder, rulebase_digest
from resistab.rulebase.models import Rulebase


def cache_folder() -> Path:
    """The user's cache folder for resistab; ``RESISTAB_CACHE`` overrides it."""
    override = os.environ.get("RESISTAB_CACHE")
    if override:
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("resistab", appauthor=False)


def load_rulebase_cached(folder: Path) -> Rulebase:
    """The rule set in ``folder``, from the cache where its files have not changed; raises ``RulebaseError``."""
    digest = rulebase_digest(folder)
    path = cache_folder() / f"{digest[:32]}-{__version__}-{sys.version_info[0]}.{sys.version_info[1]}.json"
    cached = read_cached(path, digest)
    if cached is not None:
        return cached
    rulebase = load_rulebase_folder(folder)
    if rulebase.digest == digest:
        write_cached(path, rulebase)
    return rulebase


def read_cached(path: Path, digest: str) -> Rulebase | None:
    """The rulebase cached at ``path`` if it is whole and of this digest, else None."""
    try:
        checksum, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        return None
    try:
        rulebase = Rulebase.model_validate_json(body)
    except ValidationError:
        return None
    return rulebase if rulebase.digest == digest else None


def write_cached(path: Path, rulebase: Rulebase) -> None:
    """Write ``rulebase`` to ``path`` in one step; what cannot be written is left out in silence."""
    body = rulebase.model_dump_json().encode()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
