"""The domains there are. To add one, name its package here."""

from __future__ import annotations

import importlib
from pathlib import Path

from resistab.core.faults import Fault, RulebaseError, nearest
from resistab.domains.pack import Pack
from resistab.rulesets.find import manifest_kind

# A manifest that names no kind is of the first.
NAMES = ("oncology", "virus", "pharmacogenomics")


def packs() -> tuple[Pack, ...]:
    """Every pack, in the order of ``NAMES``."""
    return tuple(pack_named(name) for name in NAMES)


def pack_named(name: str) -> Pack:
    """The pack of that name, which must be one of ``NAMES``."""
    found = importlib.import_module(f"resistab.domains.{name}.pack").PACK
    assert isinstance(found, Pack)
    return found


def pack_of(folder: Path) -> Pack:
    """The pack that the manifest in ``folder`` names; raises ``RulebaseError`` where there is no such."""
    kind = manifest_kind(folder) or NAMES[0]
    if kind not in NAMES:
        raise RulebaseError(
            [
                Fault(
                    where=f"{folder.name}/ruleset.yaml",
                    message=f"unknown kind of rule set '{kind}'",
                    expected=f"one of {', '.join(NAMES)}",
                    suggestion=nearest(kind, NAMES),
                    code="RT014",
                )
            ]
        )
    return pack_named(kind)


def pack_like(folder: Path) -> Pack:
    """The pack that the manifest in ``folder`` names, or the one of the nearest name, whose reader says what is wrong.

    Raises ``RulebaseError`` where no name is near.
    """
    near = nearest(manifest_kind(folder) or "", NAMES)
    return pack_named(near) if near else pack_of(folder)
