"""What was found out about files, kept in the cache until they or the code change.

What ``check`` finds in a rule set, and which files ``fmt`` knows to be in canonical form. Both follow from the contents
of files and from the code, so that an entry is named by a digest of these and can never be of others.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import yaml

from resistab.domains.pack import Pack
from resistab.rulesets.cache import code_fingerprint, private_cache_folder, read_entry, write_entry

# More than there are files in the rule sets that one curator works on, in several states of each.
MOST_FORMATTED = 20_000


def state_of(folder: Path, pack: Pack, *further: str) -> str | None:
    """A digest of all that a check of the rule set in ``folder`` reads, and of ``further``; None where it has none.

    These are the contents of every file of a known kind, the names of folders and of all other YAML files, where the
    folder lies (findings name files by it), and the code. Where a file cannot be read, or is none, there is none.
    """
    digest = hashlib.sha256()
    read = {path for kind in pack.kinds.FILE_KINDS for path in kind.paths(folder)}
    about = (code_fingerprint(), yaml.__version__, str(folder), *further, f"{len(read)} files")
    _add(digest, *map(os.fsencode, about))
    try:
        for path in sorted(read):
            if not path.is_file():
                return None
            _add(digest, os.fsencode(path.relative_to(folder)), path.read_bytes())
        # Of these only the names count: folders that may be empty, and YAML that nothing reads.
        named = [path for ending in ("yaml", "yml") for path in folder.rglob(f"*.{ending}")]
        for path in sorted((*(path for path in folder.iterdir() if path.is_dir()), *named)):
            _add(digest, os.fsencode(path.relative_to(folder)))
    except OSError:
        return None
    return digest.hexdigest()


def _add(digest: Any, *parts: bytes) -> None:
    for part in parts:
        # Lengths keep "a" + "bc" apart from "ab" + "c".
        digest.update(b"%d:" % len(part))
        digest.update(part)


def entry_of(name: str, state: str | None) -> Path | None:
    """Where what is known of a state is kept; None where nothing can be."""
    cache = private_cache_folder() if state is not None else None
    return cache / f"{name}-{state}.{name}" if cache else None


class KnownFormatted:
    """The digests of texts that are in canonical form: what was found so once need not be formatted again."""

    def __init__(self) -> None:
        version = hashlib.sha256(f"{code_fingerprint()} {yaml.__version__}".encode()).hexdigest()
        self._entry = entry_of("formatted", version)
        self._known = dict.fromkeys(self._read())
        self._used: dict[str, None] = {}

    def holds(self, digest: str) -> bool:
        """Whether a text of that digest is known to be in canonical form."""
        if digest not in self._known:
            return False
        self._used[digest] = None
        return True

    def keep(self, digests: Collection[str]) -> None:
        """Know these from now on; the ones longest out of use are forgotten where there are too many."""
        if self._entry is None or not digests:
            return
        # Another process may have written meanwhile.
        every = dict.fromkeys((*self._known, *self._read()))
        last = dict.fromkeys((*self._used, *digests))
        known = [*(digest for digest in every if digest not in last), *last]
        write_entry(self._entry, tuple(known[-MOST_FORMATTED:]))

    def _read(self) -> Iterable[str]:
        found = read_entry(self._entry) if self._entry is not None else None
        return (digest for digest in found if isinstance(digest, str)) if isinstance(found, tuple) else ()


def digest_of_text(text: str, *about: str) -> str:
    """What names a text and whatever else its canonical form depends on."""
    digest = hashlib.sha256()
    _add(digest, *(part.encode("utf-8", "surrogatepass") for part in (*about, text)))
    return digest.hexdigest()
