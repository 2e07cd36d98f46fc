"""States of the small rule sets, changed as a curator would change them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from resistab.curation.diff.rulesets import Change, RulesetDifference, compare, load_ruleset
from tests.rulesets import Edits, edited


def difference(old: Path, new: Path) -> RulesetDifference:
    """What differs between two folders."""
    return compare("small", load_ruleset(old), load_ruleset(new))


def since(source: Path, folder: Path, edits: Edits) -> RulesetDifference:
    """What ``edits`` make of ``source``; ``folder`` is where the copy goes."""
    return difference(source, edited(source, folder / "new", edits))


def only(found: RulesetDifference) -> Change:
    """The one change there is."""
    (change,) = found.changes
    return change


def fields(change: Change) -> dict[str, tuple[str, str]]:
    """What each field said and says."""
    return {item.field: (item.old, item.new) for item in change.fields}


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody in particular."""
    names = ("-c", "user.name=Curator", "-c", "user.email=curator@example.org", "-c", "commit.gpgsign=false")
    command = ["git", "-C", str(folder), *names, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def committed(folder: Path, message: str) -> str:
    """Commit everything in ``folder``, a repository from then on, and return the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")
