"""What became of every evidence item of an export: behind a row, or listed with the reason why no row rests on it.

``unused_evidence.yaml`` is that list. An item that is in neither place was never curated, which a curator must see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from resistab.domains.oncology.checks.civic_names import drug_or_class, regimen_parts
from resistab.domains.oncology.checks.source_items import Sources
from resistab.domains.oncology.kinds.models import MechanismRule, Row, Rulebase
from resistab.domains.oncology.kinds.unused_evidence import Reason, UnusedEvidence
from resistab.rulesets.models import Status

"""Why no row rests on an item; ``rulebase/README.md`` says what each means."""


@dataclass(frozen=True)
class Account:
    """What became of the items of an export and its addenda.

    ``items`` is their number, ``behind`` of how many of them a row or rule that is not retired names them, ``listed``
    how many are listed by reason. ``nowhere``, ``twice`` and ``unknown`` are faults: items that are in neither place,
    in both, or listed and not in the evidence. ``resistance`` counts the items that support resistance with level A
    to D, ``resistance_behind`` those of them behind an active row. ``without_marker`` names the drugs with an active
    row of resistance and none of a response marker, though the evidence has an item that supports one.
    """

    items: int
    behind: int
    listed: Mapping[Reason, int]
    nowhere: tuple[str, ...]
    twice: tuple[str, ...]
    unknown: tuple[str, ...]
    resistance: int
    resistance_behind: int
    without_marker: tuple[str, ...]

    @property
    def accounted(self) -> int:
        """How many items are in their place."""
        return self.items - len(self.nowhere)

    @property
    def resistance_share(self) -> float:
        """The share of the items of resistance behind active rows, from 0 to 1; 1 where there is none."""
        return self.resistance_behind / self.resistance if self.resistance else 1.0


def account(rulebase: Rulebase, sources: Sources, unused: UnusedEvidence) -> Account:
    """Where each item of ``sources`` went."""
    live = named_items(rulebase, "active", "draft")
    active = named_items(rulebase, "active")
    listed = {item: part.reason for part in unused.unused for item in part.items}
    times = Counter(item for part in unused.unused for item in part.items)
    items = set(sources.items)
    resistance = {name for name, item in sources.items.items() if item.supports_resistance and item.level != "E"}
    resistance -= sources.withdrawn
    counted = Counter(listed[item] for item in listed if item in items and item not in live)
    return Account(
        items=len(items),
        behind=len(items & live),
        listed=dict(sorted(counted.items())),
        nowhere=_sorted(items - live - listed.keys()),
        twice=_sorted({item for item in listed if item in live or times[item] > 1}),
        unknown=_sorted(set(listed) - items),
        resistance=len(resistance),
        resistance_behind=len(resistance & active),
        without_marker=tuple(sorted(_without_marker(rulebase, sources))),
    )


def _without_marker(rulebase: Rulebase, sources: Sources) -> Iterator[str]:
    """Drugs with a row of resistance and no response marker, though a study of the drug alone showed a response."""
    studied = {
        drug_or_class(rulebase, part)
        for item in sources.items.values()
        if item.outcome == "response" and item.supports and item.id not in sources.withdrawn and not item.combined
        for name in item.drugs
        for part in regimen_parts(name)
    }
    for table in rulebase.tables:
        effects = {row.effect for row in rulebase.rows_of(table) if row.status == "active"}
        if "resistance" in effects and not any("susceptib" in name for name in effects) and table.drug in studied:
            yield table.drug


def named_items(rulebase: Rulebase, *states: Status) -> frozenset[str]:
    """The numbers of the items that rows and rules of the rule set name: those in these states, or all."""
    holders: list[Row | MechanismRule] = [row for table in rulebase.row_tables for row in table.rows]
    holders += rulebase.mechanism_rules
    return frozenset(
        number
        for holder in holders
        if not states or holder.status in states
        for item in holder.evidence
        if item.source
        for number in item.source.removeprefix("CIViC:").split(",")
    )


def _sorted(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (name.rstrip("0123456789"), len(name), name)))
