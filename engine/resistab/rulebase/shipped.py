"""Where the shipped rule sets, templates and symbols lie: in the wheel, or in the checkout beside the code."""

from __future__ import annotations

import re
from pathlib import Path

from resistab.faults import Fault, RulebaseError, nearest

_PACKAGE = Path(__file__).resolve().parent.parent


def data_folder(name: str) -> Path:
    """The folder of shipped data called ``rulebase`` or ``templates``; raises ``FileNotFoundError``."""
    in_wheel = _PACKAGE / "_data" / name
    in_checkout = _PACKAGE.parent.parent / {"templates": "reports/templates"}.get(name, name)
    for folder in (in_wheel, in_checkout):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the data folder '{name}' is missing from this installation of resistab")


def ruleset_folder(ruleset: str, rulebase: Path | None = None) -> Path:
    """The folder of a rule set, shipped or under ``rulebase``; raises ``RulebaseError`` with the known ones."""
    root = rulebase or data_folder("rulebase")
    if rulebase is not None and not root.is_dir():
        raise RulebaseError([Fault(where=str(root), message="is not a folder", expected="a folder of rule sets")])
    folder = root / ruleset
    if Path(ruleset).name == ruleset and (folder / "ruleset.yaml").is_file():
        return folder
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


def is_virus(folder: Path) -> bool:
    """Whether the rule set in ``folder`` is that of a virus; a manifest that cannot be read is not."""
    try:
        manifest = (folder / "ruleset.yaml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    # Not parsed: a start on a tumour needs no YAML reader where its rules are cached.
    return re.search(r"^kind:\s*[\"']?virus\b", manifest, re.MULTILINE) is not None


def gene_symbols(folder: Path) -> frozenset[str]:
    """HGNC symbols of genes that the rule set knows by name only (``symbols.txt``); empty where there is none."""
    path = folder / "symbols.txt"
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()
