"""Looking something up in one rule set, or in all that are at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from resistab.core.faults import OptionsError
from resistab.core.records import dataclass
from resistab.curation.kit.looked_up import LookedUp, as_data
from resistab.domains.loading import load_rules
from resistab.domains.registry import pack_of
from resistab.rulesets.find import data_folder, folders_of_rulesets, ruleset_folder


@dataclass(frozen=True)
class FoundIn:
    """What was found in one rule set."""

    ruleset: str
    version: str
    digest: str
    found: LookedUp


def find_everywhere(text: str, ruleset: str | None, root: Path | None, chosen: Mapping[str, Any]) -> list[FoundIn]:
    """What each rule set has of ``text``; with ``chosen`` options, those rule sets that know these.

    Raises ``RulebaseError`` for faulty or unknown rule sets, ``InputError`` where an option names nothing.
    """
    if ruleset is not None:
        folders = [ruleset_folder(ruleset, root)]
    else:
        folders = folders_of_rulesets(root or data_folder("rulebase")) or [ruleset_folder("", root)]
    found = []
    for folder in folders:
        pack = pack_of(folder)
        if not {option.name for option in pack.options if option.lists} >= chosen.keys():
            continue
        rules = load_rules(folder)
        said = pack.curate.looked_up(rules, folder, text, chosen)
        found.append(FoundIn(rules.manifest.ruleset, rules.manifest.version, rules.digest, said))
    if not found:
        raise OptionsError("no rule set that is asked has such an option")
    return found


def document(text: str, found: Sequence[FoundIn]) -> dict[str, Any]:
    """All of it as data."""
    return {
        "text": text,
        "rulesets": [
            {"ruleset": one.ruleset, "version": one.version, "digest": one.digest, **as_data(one.found)}
            for one in found
            if one.found.meanings
        ],
        "suggestions": list(dict.fromkeys(name for one in found for name in one.found.near)),
    }
