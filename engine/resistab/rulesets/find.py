"""Where the shipped rule sets, templates and symbols lie: in the wheel, or in the checkout beside the code."""

from __future__ import annotations

import re
from pathlib import Path

from resistab.core.faults import Fault, RulebaseError, nearest

_PACKAGE = Path(__file__).resolve().parent.parent


def data_folder(name: str) -> Path:
    """The folder of shipped data: ``rulebase``, ``templates`` or ``translations``; raises ``FileNotFoundError``."""
    in_wheel = _PACKAGE / "_data" / name
    in_checkout = _PACKAGE.parent.parent / (f"reports/{name}" if name in ("templates", "translations") else name)
    for folder in (in_wheel, in_checkout):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the data folder '{name}' is missing from this installation of resistab")


def folders_of_rulesets(path: Path) -> list[Path]:
    """``path`` alone if it is the folder of a rule set, else those in it, by name; empty where there is none."""
    if (path / "ruleset.yaml").is_file():
        return [path]
    return sorted(manifest.parent for manifest in path.glob("*/ruleset.yaml"))


def default_rulesets() -> Path:
    """The rule sets that a curator means without saying which: those of ``rulebase`` here, else the shipped ones."""
    here = Path("rulebase")
    return here if any(here.glob("*/ruleset.yaml")) else data_folder("rulebase")


def ruleset_folder(ruleset: str, rulebase: Path | None = None) -> Path:
    """The folder of a rule set, shipped or in ``rulebase``, a folder of rule sets or that of the rule set itself.

    A folder of rule sets that holds one alone may be named in its stead. Raises ``RulebaseError`` with the known ones.
    """
    root = rulebase or data_folder("rulebase")
    if rulebase is not None and not root.is_dir():
        raise RulebaseError([Fault(where=str(root), message="is not a folder", expected="a folder of rule sets")])
    if Path(ruleset).name == ruleset:
        folder = root / ruleset
        if (folder / "ruleset.yaml").is_file():
            return folder
        if _id_of(root) == ruleset:
            return root
        inside = [path.parent for path in folder.glob("*/ruleset.yaml")]
        if len(inside) == 1:
            return inside[0]
    known = sorted(path.parent.name for path in root.glob("*/ruleset.yaml"))
    raise RulebaseError(
        [
            Fault(
                where=str(root),
                message=f"unknown rule set '{ruleset}'",
                expected=f"one of {', '.join(known)}" if known else "a folder with ruleset.yaml in it",
                suggestion=nearest(ruleset, known, 1),
            )
        ]
    )


def manifest_kind(folder: Path) -> str | None:
    """The kind of rule set that the manifest in ``folder`` names; None where it names none or cannot be read."""
    return _said(folder, "kind")


def _id_of(folder: Path) -> str | None:
    """The id of the rule set in ``folder``, None where there is none."""
    return _said(folder, "ruleset")


def _said(folder: Path, field: str) -> str | None:
    """What a rule set's manifest says in a field of one word, None where it cannot be read."""
    try:
        manifest = (folder / "ruleset.yaml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    # Not parsed: a start on a tumour needs no YAML reader where its rules are cached.
    found = re.search(rf"^{field}:[ \t]*[\"']?([A-Za-z0-9-]+)", manifest, re.MULTILINE)
    return found[1] if found else None
