"""The rule sets that a site is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, RulebaseError, nearest
from resistab.domains.loading import load_rules
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_of
from resistab.rulesets.find import default_rulesets, folders_of_rulesets


@dataclass(frozen=True)
class SourceRules:
    """A checked rule set and its domain."""

    rulebase: Any
    pack: Pack

    @property
    def id(self) -> str:
        """The rule set's id."""
        return str(self.rulebase.manifest.ruleset)


def load_rulesets(path: Path | None, ruleset: str | None, overlay: Path | None = None) -> list[SourceRules]:
    """The rule set in ``path``, or those of a folder of rule sets, the shipped one where ``path`` is None; by id.

    With ``ruleset`` only the one in the folder of that name; with ``overlay`` the one rule set that there is with a
    laboratory's own rows. Raises ``RulebaseError`` with every fault of all of
    them, and where there is no such rule set or two have the same id.
    """
    folders = _folders(path or default_rulesets(), ruleset)
    faults: list[Fault] = []
    loaded: dict[str, SourceRules] = {}
    for folder in folders:
        try:
            rulebase, pack = load_rules(folder), pack_of(folder)
            rules = SourceRules(rulebase if overlay is None else pack.kinds.overlaid(rulebase, overlay), pack)
        except RulebaseError as error:
            faults += error.faults
            continue
        name = rules.id
        if name in loaded:
            faults.append(Fault(where=str(folder), message=f"another folder holds the rule set '{name}' too"))
        loaded[name] = rules
    if faults:
        raise RulebaseError(faults)
    return [loaded[name] for name in sorted(loaded)]


def _folders(path: Path, ruleset: str | None) -> list[Path]:
    found = folders_of_rulesets(path)
    if not found:
        expected = "a folder with ruleset.yaml in it, or a folder of such folders"
        raise RulebaseError([Fault(where=str(path), message="no rule set is there", expected=expected)])
    if ruleset is None:
        return found
    named = [folder for folder in found if folder.resolve().name == ruleset]
    if not named:
        known = [folder.resolve().name for folder in found]
        raise RulebaseError(
            [
                Fault(
                    where=str(path),
                    message=f"unknown rule set '{ruleset}'",
                    expected=f"one of {', '.join(known)}",
                    suggestion=nearest(ruleset, known, 1),
                )
            ]
        )
    return named
