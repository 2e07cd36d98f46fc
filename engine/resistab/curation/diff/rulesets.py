"""What differs between two states of a rule set, by meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from resistab.core.faults import Fault, RulebaseError
from resistab.curation.diff.patients import PatientDifferences
from resistab.curation.kit.diff_items import Bump, EvidenceText, Item, ItemKind
from resistab.domains.loading import load_rules
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_of

FORMAT = 1
_WRITTEN_ID = re.compile(r"^[ \t]*(?:- +)?(?:\{)?id:[ \t]*([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d{3,})\b", re.MULTILINE)
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
class RulesetDifference:
    """What differs between two states of one rule set; a side that is None does not have it.

    ``kind`` is what its domain calls a patient's sample, ``kinds`` are the kinds of items in the order of telling.
    ``unread`` says why the old state could not be compared item by item; all that it says then counts as changed, and
    ``changes`` are only what its text shows.
    """

    ruleset: str
    kind: str
    kinds: Mapping[str, ItemKind]
    old: State | None
    new: State | None
    changes: tuple[Change, ...]
    patients: PatientDifferences | None = None
    unread: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing differs in meaning; the version and date alone do not count."""
        return self.old is not None and self.new is not None and not self.changes and not self.unread

    @property
    def bump(self) -> Bump:
        """By how much the version must rise at least."""
        if self.old is None or self.new is None:
            return Bump.MAJOR
        least = Bump.MINOR if self.unread else Bump.NONE
        return max((change.bump for change in self.changes), default=least)

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs whose verdicts some change can reach."""
        reaching = (change for change in self.changes if change.bump > Bump.PATCH)
        return tuple(sorted({drug for change in reaching for drug in change.drugs}))

    def counts(self) -> Iterator[tuple[str, What, int]]:
        """How many items of each kind had what become of them."""
        found = Counter((change.kind, change.what) for change in self.changes)
        for kind in self.kinds:
            yield from ((kind, what, found[kind, what]) for what in _ORDER if found[kind, what])


@dataclass(frozen=True)
class LoadedRuleset:
    """A rule set with the folder it was read from, and its domain."""

    folder: Path
    rulebase: Any
    pack: Pack

    @property
    def state(self) -> State:
        """Its version, date and digest."""
        manifest = self.rulebase.manifest
        return State(manifest.version, str(manifest.date), self.rulebase.digest)

    def items(self) -> Iterable[Item]:
        """Everything that it says."""
        return self.pack.curate.items(self.rulebase, self.folder)


def load_ruleset(folder: Path, label: str = "") -> LoadedRuleset:
    """The rule set in ``folder``; raises ``RulebaseError``, whose places begin with ``label`` where one is given."""
    try:
        return LoadedRuleset(folder, load_rules(folder), pack_of(folder))
    except RulebaseError as error:
        if not label:
            raise
        raise RulebaseError(
            fault.model_copy(update={"where": f"{label}: {fault.where}"}) for fault in error.faults
        ) from error


def compare(ruleset: str, old: LoadedRuleset | None, new: LoadedRuleset | None) -> RulesetDifference:
    """What differs between two states; raises ``RulebaseError`` where they are of different domains."""
    present = old or new
    if present is None:
        raise ValueError("nothing to compare")
    pack = present.pack
    kinds = pack.curate.item_kinds()
    if old is None or new is None:
        return RulesetDifference(
            ruleset, pack.sample, kinds, old.state if old else None, new.state if new else None, ()
        )
    if old.pack.name != new.pack.name:
        message = f"one side is a rule set for {old.pack.many} and the other one for {new.pack.many}"
        raise RulebaseError([Fault(where=ruleset, message=message, expected="two states of one rule set")])
    changes = compare_items(old.items(), new.items(), kinds)
    return RulesetDifference(ruleset, pack.sample, kinds, old.state, new.state, changes)


def compare_unread(ruleset: str, old: Path, new: LoadedRuleset, error: RulebaseError) -> RulesetDifference:
    """What differs from a state in ``old`` that cannot be read today, such as one of an older form.

    Of it only the ids of its rules are known: those that went ask for a major step, all else for a minor one. Raises
    ``error`` again where not even its version can be told.
    """
    manifest = (old / "ruleset.yaml").read_text(encoding="utf-8", errors="replace")
    said = {name: re.search(rf"^{name}:[ \t]*[\"']?([0-9.-]+)", manifest, re.MULTILINE) for name in ("version", "date")}
    version, date = said["version"], said["date"]
    if version is None:
        raise error
    count = len(error.faults)
    unread = (
        f"{version[1]} was not compared item by item: its files have an older form, which cannot be read any more "
        f"({count} {'fault' if count == 1 else 'faults'}, the first: {error.faults[0]}). All counts as changed"
    )
    known = {item.id for item in new.items()}
    gone = [found for found in _ids_written(old) if found not in known]
    changes = tuple(
        Change("row", name, "", "removed", "known by its id alone", (), Bump.MAJOR, unretired=True) for name in gone
    )
    state = State(version[1], date[1] if date else "", "")
    kinds = new.pack.curate.item_kinds()
    return RulesetDifference(ruleset, new.pack.sample, kinds, state, new.state, changes, unread=unread)


def _ids_written(folder: Path) -> list[str]:
    """The permanent ids in the files of a rule set, cases apart."""
    found: set[str] = set()
    for path in folder.rglob("*.yaml"):
        if "cases" not in path.relative_to(folder).parts:
            found.update(_WRITTEN_ID.findall(path.read_text(encoding="utf-8", errors="replace")))
    return sorted(found, key=_natural)


def compare_items(old: Iterable[Item], new: Iterable[Item], kinds: Iterable[str]) -> tuple[Change, ...]:
    """What became of each item, by kind in the order of ``kinds``, then by what became of it, then by id."""
    before = {item.key: item for item in old}
    after = {item.key: item for item in new}
    changes = [_gone(item) for key, item in before.items() if key not in after]
    for key, item in after.items():
        change = _changed(before[key], item) if key in before else _come(item)
        if change is not None:
            changes.append(change)
    order = list(kinds)
    return tuple(sorted(changes, key=lambda c: (order.index(c.kind), _ORDER.index(c.what), c.of, _natural(c.id))))


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


def _evidence_changes(old: Iterable[EvidenceText], new: Iterable[EvidenceText]) -> Iterator[tuple[FieldChange, Bump]]:
    """Evidence by what it cites; what an item weighs shows in its rule's score, so that it asks for a patch only."""
    gone, come = list(old), []
    for item in new:
        if item in gone:
            gone.remove(item)
        else:
            come.append(item)
    for item in come:
        earlier = next((e for e in gone if (e.reference, e.source) == (item.reference, item.source)), None)
        if earlier is None:
            yield FieldChange("evidence added", "", item.text), Bump.PATCH
            continue
        gone.remove(earlier)
        differing = [pair for pair in zip(earlier.fields, item.fields, strict=True) if pair[0] != pair[1]]
        before, after = (
            "; ".join(f"{name}: {text}" for name, text in (pair[side] for pair in differing)) for side in (0, 1)
        )
        yield FieldChange(f"evidence {item.reference}", before, after), Bump.PATCH
    for item in gone:
        yield FieldChange("evidence removed", item.text, ""), Bump.PATCH


# --- as data ------------------------------------------------------------------------------------------------------


def as_data(differences: Iterable[RulesetDifference]) -> dict[str, Any]:
    """The differences as JSON has them."""
    return {"format": FORMAT, "rulesets": [_data(difference) for difference in differences]}


def _data(difference: RulesetDifference) -> dict[str, Any]:
    patients = difference.patients
    return {
        "ruleset": difference.ruleset,
        "kind": difference.kind,
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


def with_patients(difference: RulesetDifference, patients: PatientDifferences) -> RulesetDifference:
    """``difference`` with what it does to patients."""
    return replace(difference, patients=patients)


def changed_rows(difference: RulesetDifference) -> frozenset[str]:
    """The ids of the rows and other rules that some change is about."""
    rules = {name for name, kind in difference.kinds.items() if kind.row or kind.rule}
    return frozenset(change.id for change in difference.changes if change.kind in rules)
