"""What differs between two states of a rule set, by meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from resistab.core.faults import Fault, RulebaseError
from resistab.curation.diff.patients import PatientDifferences
from resistab.curation.kit.diff_items import KINDS, ROWS, Bump, Item, evidence_text
from resistab.domains.loading import load_rules
from resistab.domains.oncology.curate.diff_items import tumour_items
from resistab.domains.oncology.kinds.coding_exons import coding_exons
from resistab.domains.oncology.kinds.models import Evidence, Rulebase
from resistab.domains.oncology.kinds.symbols import gene_symbols
from resistab.domains.virus.curate.diff_items import virus_items
from resistab.domains.virus.kinds.models import ViralRulebase

FORMAT = 1
What = Literal["added", "removed", "retired", "restored", "changed"]
_ORDER: tuple[What, ...] = ("added", "removed", "retired", "restored", "changed")


@dataclass(frozen=True)
class FieldChange:
    """What an item said before and says now; empty where it said nothing."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """What became of one item.

    ``of`` is the drug or gene that it belongs to, where that is part of its name; ``drugs`` are all whose verdicts it
    can change. ``bump`` is what it asks of the version. ``unretired`` says that an id went that should have been
    retired: ids are permanent.
    """

    kind: str
    id: str
    of: str
    what: What
    title: str
    drugs: tuple[str, ...]
    bump: Bump
    fields: tuple[FieldChange, ...] = ()
    unretired: bool = False


@dataclass(frozen=True)
class State:
    """One side: the rule set's version, its date and the digest of its files."""

    version: str
    date: str
    digest: str


@dataclass(frozen=True)
class Difference:
    """What differs between two states of one rule set; a side that is None does not have it."""

    ruleset: str
    virus: bool
    old: State | None
    new: State | None
    changes: tuple[Change, ...]
    patients: PatientDifferences | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing differs in meaning; the version and date alone do not count."""
        return self.old is not None and self.new is not None and not self.changes

    @property
    def bump(self) -> Bump:
        """By how much the version must rise at least."""
        if self.old is None or self.new is None:
            return Bump.MAJOR
        return max((change.bump for change in self.changes), default=Bump.NONE)

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs whose verdicts some change can reach."""
        reaching = (change for change in self.changes if change.bump > Bump.PATCH)
        return tuple(sorted({drug for change in reaching for drug in change.drugs}))

    def counts(self) -> Iterator[tuple[str, What, int]]:
        """How many items of each kind had what become of them."""
        found = Counter((change.kind, change.what) for change in self.changes)
        for kind in KINDS:
            yield from ((kind, what, found[kind, what]) for what in _ORDER if found[kind, what])


@dataclass(frozen=True)
class LoadedRuleset:
    """A rule set with the folder it was read from."""

    folder: Path
    rulebase: Rulebase | ViralRulebase

    @property
    def virus(self) -> bool:
        """Whether it is that of a virus."""
        return isinstance(self.rulebase, ViralRulebase)

    @property
    def state(self) -> State:
        """Its version, date and digest."""
        manifest = self.rulebase.manifest
        return State(manifest.version, str(manifest.date), self.rulebase.digest)

    def items(self) -> Iterable[Item]:
        """Everything that it says."""
        if isinstance(self.rulebase, ViralRulebase):
            return virus_items(self.rulebase)
        return tumour_items(self.rulebase, gene_symbols(self.folder), coding_exons(self.folder))


def load_ruleset(folder: Path, label: str = "") -> LoadedRuleset:
    """The rule set in ``folder``; raises ``RulebaseError``, whose places begin with ``label`` where one is given."""
    try:
        return LoadedRuleset(folder, load_rules(folder))
    except RulebaseError as error:
        if not label:
            raise
        raise RulebaseError(
            fault.model_copy(update={"where": f"{label}: {fault.where}"}) for fault in error.faults
        ) from error


def compare(ruleset: str, old: LoadedRuleset | None, new: LoadedRuleset | None) -> Difference:
    """What differs between two states; raises ``RulebaseError`` where one is of a virus and the other is not."""
    present = old or new
    if present is None:
        raise ValueError("nothing to compare")
    virus = present.virus
    if old is None or new is None:
        return Difference(ruleset, virus, old.state if old else None, new.state if new else None, ())
    if old.virus != new.virus:
        message = "one side is a virus's rule set and the other one for tumours"
        raise RulebaseError([Fault(where=ruleset, message=message, expected="two states of one rule set")])
    return Difference(ruleset, virus, old.state, new.state, compare_items(old.items(), new.items()))


def compare_items(old: Iterable[Item], new: Iterable[Item]) -> tuple[Change, ...]:
    """What became of each item, by kind, then by what became of it, then by id."""
    before = {item.key: item for item in old}
    after = {item.key: item for item in new}
    changes = [_gone(item) for key, item in before.items() if key not in after]
    for key, item in after.items():
        change = _changed(before[key], item) if key in before else _come(item)
        if change is not None:
            changes.append(change)
    kinds = list(KINDS)
    return tuple(sorted(changes, key=lambda c: (kinds.index(c.kind), _ORDER.index(c.what), c.of, _natural(c.id))))


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key that puts 3TC-9 before 3TC-65."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def _come(item: Item) -> Change:
    return Change(item.kind, item.id, item.of, "added", item.title, tuple(sorted(item.drugs)), item.added)


def _gone(item: Item) -> Change:
    drugs = tuple(sorted(item.drugs))
    unretired = item.permanent and item.status != "retired"
    return Change(item.kind, item.id, item.of, "removed", item.title, drugs, item.removed, unretired=unretired)


def _changed(old: Item, new: Item) -> Change | None:
    fields = [*_field_changes(old, new), *_evidence_changes(old.evidence, new.evidence)]
    if not fields:
        return None
    bump = max((bump for _, bump in fields), default=Bump.NONE)
    if "active" not in (old.status, new.status):
        # What is drafted or retired decides nothing.
        bump = Bump.PATCH
    elif old.status != new.status:
        bump = max(bump, Bump.MINOR)
    what: What = "changed"
    if old.status != new.status and "retired" in (old.status, new.status):
        what = "retired" if new.status == "retired" else "restored"
    drugs = tuple(sorted(old.drugs | new.drugs))
    return Change(new.kind, new.id, new.of, what, new.title, drugs, bump, tuple(change for change, _ in fields))


def _field_changes(old: Item, new: Item) -> Iterator[tuple[FieldChange, Bump]]:
    before = {item.name: item for item in old.fields}
    after = {item.name: item for item in new.fields}
    for name in dict.fromkeys([*after, *before]):
        one, other = before.get(name), after.get(name)
        if (one.text if one else "") == (other.text if other else ""):
            continue
        bump = max(item.bump for item in (one, other) if item is not None)
        old_text, new_text = one.printed if one else "", other.printed if other else ""
        yield FieldChange(name, old_text, f"{new_text} (others)" if old_text == new_text else new_text), bump


def _evidence_changes(old: Iterable[Evidence], new: Iterable[Evidence]) -> Iterator[tuple[FieldChange, Bump]]:
    """Evidence by what it cites; what an item weighs shows in its rule's score, so that it asks for a patch only."""
    gone, come = [_unordered(item) for item in old], []
    for item in map(_unordered, new):
        if item in gone:
            gone.remove(item)
        else:
            come.append(item)
    for item in come:
        earlier = next((e for e in gone if (e.reference, e.source) == (item.reference, item.source)), None)
        if earlier is None:
            yield FieldChange("evidence added", "", evidence_text(item)), Bump.PATCH
            continue
        gone.remove(earlier)
        names = [name for name in Evidence.model_fields if getattr(earlier, name) != getattr(item, name)]
        yield FieldChange(f"evidence {item.reference}", _told(earlier, names), _told(item, names)), Bump.PATCH
    for item in gone:
        yield FieldChange("evidence removed", evidence_text(item), ""), Bump.PATCH


def _unordered(item: Evidence) -> Evidence:
    return item.model_copy(update={"given_with": tuple(sorted(item.given_with))})


def _told(item: Evidence, names: Iterable[str]) -> str:
    def value(name: str) -> str:
        found = getattr(item, name)
        return ", ".join(found) if isinstance(found, tuple) else str(found)

    return "; ".join(f"{name.replace('_', ' ')}: {value(name)}" for name in names)


# --- as data ------------------------------------------------------------------------------------------------------


def as_data(differences: Iterable[Difference]) -> dict[str, Any]:
    """The differences as JSON has them."""
    return {"format": FORMAT, "rulesets": [_data(difference) for difference in differences]}


def _data(difference: Difference) -> dict[str, Any]:
    patients = difference.patients
    return {
        "ruleset": difference.ruleset,
        "kind": "virus" if difference.virus else "tumour",
        "old": None if difference.old is None else vars(difference.old),
        "new": None if difference.new is None else vars(difference.new),
        "bump": difference.bump.word,
        "drugs": list(difference.drugs),
        "changes": [
            {
                **{name: value for name, value in vars(change).items() if name not in ("fields", "bump")},
                "drugs": list(change.drugs),
                "bump": change.bump.word,
                "fields": [vars(item) for item in change.fields],
            }
            for change in difference.changes
        ],
        "patients": None if patients is None else patients.as_data(),
    }


def with_patients(difference: Difference, patients: PatientDifferences) -> Difference:
    """``difference`` with what it does to patients."""
    return replace(difference, patients=patients)


def changed_rows(difference: Difference) -> frozenset[str]:
    """The ids of the rows and mechanism rules that some change is about."""
    return frozenset(change.id for change in difference.changes if change.kind in (*ROWS, "mechanism"))
