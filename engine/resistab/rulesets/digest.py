"""Which files make up a rule set, and the digest that names their contents."""

from __future__ import annotations

import hashlib
from pathlib import Path

from resistab.core.faults import Fault, RulebaseError

# Folders in which each YAML file is a part of the rule set.
FOLDERS = ("alteration_sets", "classes", "comments", "mechanisms", "panels", "tables")


def rulebase_files(folder: Path) -> list[Path]:
    """The files that make up the rule set in ``folder``, in the order of their names."""
    files = [path for pattern in ("*.yaml", "*.fasta", "*.tsv", "*.txt") for path in folder.glob(pattern)]
    for name in FOLDERS:
        files += (folder / name).glob("*.yaml")
    return sorted(files)


def rulebase_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of the rule set's files.

    Raises ``RulebaseError`` with every file that cannot be read.
    """
    digest = hashlib.sha256()
    faults: list[Fault] = []
    for path in rulebase_files(folder):
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
