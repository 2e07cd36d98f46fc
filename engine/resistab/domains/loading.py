"""From the name of a rule set to its interpreter, whatever its domain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resistab.core.domain import Interpreter
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_of
from resistab.rulesets.cache import load_cached
from resistab.rulesets.find import ruleset_folder


def load(ruleset: str = "oncology", rulebase: Path | None = None, overlay: Path | None = None) -> Interpreter:
    """An interpreter for a shipped rule set, or for one in a folder of rule sets, with a laboratory's ``overlay``.

    Raises ``RulebaseError`` with every fault where the rule set is unknown or not well-formed, or the overlay is not.
    """
    folder = ruleset_folder(ruleset, rulebase)
    pack = pack_of(folder)
    if overlay is not None:
        return pack.interpreter.make(pack.kinds.overlaid(load_rules(folder), overlay), folder)
    rules, compiled = load_compiled(folder, pack)
    return pack.interpreter.make(rules, folder, compiled)


def load_rules(folder: Path) -> Any:
    """The rule set in ``folder``, from the cache where its files have not changed; raises ``RulebaseError``."""
    pack = pack_of(folder)
    kinds = pack.kinds
    rules, _ = load_cached(
        folder, f"{pack.name}-rules", kinds.FILE_KINDS, kinds.Rulebase, lambda of: kinds.read(of).validated(), _nothing
    )
    return rules


def load_compiled(folder: Path, pack: Pack) -> tuple[Any, Any]:
    """The rule set in ``folder`` and what its interpreter makes of it, from the cache; raises ``RulebaseError``."""
    kinds = pack.kinds
    return load_cached(
        folder,
        f"{pack.name}-compiled",
        kinds.FILE_KINDS,
        kinds.Rulebase,
        lambda of: kinds.read(of).validated(),
        pack.interpreter.compile_rules,
    )


def _nothing(rules: Any) -> None:
    """What is derived where only the rules are wanted."""
