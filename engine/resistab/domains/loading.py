"""From the name of a rule set to its interpreter, whatever its domain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resistab.domains.registry import pack_of
from resistab.rulesets.find import ruleset_folder


def load(ruleset: str = "oncology", rulebase: Path | None = None, overlay: Path | None = None) -> Any:
    """An interpreter for a shipped rule set, or for one in a folder of rule sets, with a laboratory's ``overlay``.

    Raises ``RulebaseError`` with every fault where the rule set is unknown or not well-formed, or the overlay is not.
    """
    from resistab.domains.oncology.interpreter import load as load_oncology
    from resistab.domains.virus.interpreter import load_virus

    opened: dict[str, Any] = {"oncology": load_oncology, "virus": load_virus}
    return opened[pack_of(ruleset_folder(ruleset, rulebase)).name](ruleset, rulebase, overlay)


def load_rules(folder: Path) -> Any:
    """The rule set in ``folder``; raises ``RulebaseError``."""
    return load(folder.name, folder.parent).rulebase
