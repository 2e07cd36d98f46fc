"""The rule sets that a server offers, each with what can be asked of it without a patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.core.completion import KnownName, completed
from resistab.core.faults import OptionsError
from resistab.domains.loading import load_compiled, load_rules
from resistab.domains.pack import Pack
from resistab.domains.registry import NAMES, pack_of
from resistab.rulesets.find import data_folder, folders_of_rulesets, ruleset_folder
from resistab.server.settings import ServerSettings

_DRUGS = "drugs"
# So many drugs are told of whoever has begun to type one; all to whoever asks for any.
_COMPLETED = 20


@dataclass(frozen=True)
class Offered:
    """A rule set that may be chosen; ``id`` is its name on the command line."""

    id: str
    folder: Path
    pack: Pack
    rules: Any

    @property
    def facts(self) -> dict[str, str]:
        """What a page or program is told of it."""
        manifest = self.rules.manifest
        return {
            "id": self.id,
            "name": manifest.name,
            "kind": self.pack.name,
            "many": self.pack.many,
            "version": manifest.version,
            "date": str(manifest.date),
            "status": str(getattr(manifest, "status", "")),
            "digest": self.rules.digest,
        }

    @property
    def kinds_of_names(self) -> tuple[str, ...]:
        """The kinds of names that can be completed, drugs among them."""
        return tuple(dict.fromkeys((*(one.names for one in self.pack.form if one.names), _DRUGS)))

    def names(self, kind: str, text: str) -> tuple[KnownName, ...]:
        """The names of that kind that ``text`` may become, the likeliest first."""
        if kind != _DRUGS:
            return tuple(self.pack.inputs.names(self.rules, kind, text))
        listed = self.pack.report.listed_drugs(self.rules)
        most = _COMPLETED if text.strip() else len(listed)
        return completed(text, ((KnownName(one.name, ", ".join(one.classes)), one.names) for one in listed), most)


def offered(settings: ServerSettings) -> Mapping[str, Offered]:
    """The rule sets by their ids, in the order of their packs.

    Raises ``RulebaseError`` where one is unknown or faulty, ``OptionsError`` where an overlay is for several.
    """
    root = settings.rulebase
    if settings.rulesets:
        folders = {name: ruleset_folder(name, root) for name in settings.rulesets}
    else:
        # Where there is none, this says so.
        found = folders_of_rulesets(root or data_folder("rulebase")) or [ruleset_folder("", root)]
        folders = {folder.name: folder for folder in found}
    if settings.overlay is not None and len(folders) != 1:
        raise OptionsError("--overlay is for one rule set; give --ruleset with it")
    all_ = [_offered(name, folder, settings) for name, folder in folders.items()]
    return {one.id: one for one in sorted(all_, key=lambda one: NAMES.index(one.pack.name))}


def _offered(name: str, folder: Path, settings: ServerSettings) -> Offered:
    rules = _rules(folder, settings)
    # The folder of a rule set, given in place of one that holds it, may have any name.
    return Offered(rules.manifest.ruleset if folder == settings.rulebase else name, folder, pack_of(folder), rules)


def _rules(folder: Path, settings: ServerSettings) -> Any:
    pack = pack_of(folder)
    if settings.overlay is not None:
        return pack.kinds.overlaid(load_rules(folder), settings.overlay)
    # Compiled here once, they lie in the cache when the workers load them.
    rules, _ = load_compiled(folder, pack)
    return rules
