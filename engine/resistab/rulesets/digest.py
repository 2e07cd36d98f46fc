"""The digest that names the contents of the files which make up a rule set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from resistab.core.faults import Fault, RulebaseError
from resistab.rulesets.kinds import FileKind, rule_paths


def ruleset_digest(folder: Path, kinds: Iterable[FileKind]) -> str:
    """SHA-256 over the names and contents of the files of ``kinds`` that are part of the rules.

    Raises ``RulebaseError`` with every file that cannot be read.
    """
    digest = hashlib.sha256()
    faults: list[Fault] = []
    for path in rule_paths(folder, kinds):
        name = path.relative_to(folder).as_posix()
        try:
            content = path.read_bytes()
        except OSError as error:
            where = f"{folder.name}/{name}"
            faults.append(Fault(where=where, message=f"cannot be read: {error.strerror}", code="RT002"))
            continue
        # Lengths keep "a" + "bc" apart from "ab" + "c".
        digest.update(f"{len(name)}:{name}:{len(content)}:".encode())
        digest.update(content)
    if faults:
        raise RulebaseError(faults)
    return digest.hexdigest()
