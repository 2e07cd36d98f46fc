"""Whether what ``facts.yaml`` says of a rule set holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.core.cached import cached_property
from resistab.core.condition import number_text
from resistab.core.faults import Fault, nearest
from resistab.curation.kit.case_mentions import CaseMention, read_case_mentions
from resistab.curation.kit.diff_items import Bump, Item, ItemField, listed
from resistab.curation.kit.lints import Lint
from resistab.domains.pack import Pack
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.facts import CountFact, FactFile, FindingFact, ItemFact, Said
from resistab.rulesets.folder_reader import FolderReader

# What can be counted beside the items of a rule set.
EVIDENCE, CASE, EXPECTATION = "evidence item", "case", "expectation"


def check_facts(folder: Path, pack: Pack, rulebase: Any, lints: Sequence[Lint], codes: Iterable[str]) -> list[Fault]:
    """What ``facts.yaml`` in ``folder`` says of a sound rule set and what does not hold; its faults of form too.

    ``lints`` are what was found wrong with the rule set, ``codes`` those that such findings can have.
    """
    reader = FolderReader(folder, [kind for kind in pack.kinds.FILE_KINDS if kind.model is FactFile])
    reader.read(rules=False)
    faults = list(reader.faults)
    for file in reader.files:
        assert isinstance(file.content, FactFile)
        items = tuple(pack.curate.items(rulebase, folder))
        known = Knowledge(
            items=(*items, *further_items(items, read_case_mentions(folder) or ())),
            kinds=frozenset((*pack.curate.item_kinds(), EVIDENCE, CASE, EXPECTATION)),
            lints=tuple(lints),
            codes=frozenset(codes),
        )
        faults += fact_faults(file.source, file.content, known)
    return faults


def further_items(items: Iterable[Item], cases: Iterable[CaseMention]) -> Iterator[Item]:
    """Evidence items, cases and what these expect of single drugs, as items that facts can count."""
    for item in items:
        for evidence in item.evidence:
            fields = tuple(ItemField(name, text, Bump.NONE) for name, text in (("of", item.id), *evidence.fields))
            yield Item(EVIDENCE, evidence.reference, fields, evidence.reference, of=item.id, status=item.status)
    seen: set[tuple[str, str]] = set()
    for mention in cases:
        whole = ItemField("whole", "yes" if mention.whole else "no", Bump.NONE)
        yield Item(EXPECTATION, mention.drug, (whole,), mention.case, of=mention.case)
        if (mention.file, mention.case) not in seen:
            seen.add((mention.file, mention.case))
            yield Item(CASE, mention.case, (), mention.case, of=mention.file)


@dataclass(frozen=True)
class Knowledge:
    """What facts can speak of: the items of a rule set, the kinds there may be of them, and what ``check`` found."""

    items: tuple[Item, ...]
    kinds: frozenset[str]
    lints: tuple[Lint, ...]
    codes: frozenset[str]

    @cached_property
    def by_kind(self) -> dict[str, tuple[Item, ...]]:
        """The items of each kind."""
        found: dict[str, list[Item]] = {kind: [] for kind in self.kinds}
        for item in self.items:
            found.setdefault(item.kind, []).append(item)
        return {kind: tuple(items) for kind, items in found.items()}


def fact_faults(source: Source, facts: FactFile, known: Knowledge) -> list[Fault]:
    """The facts of a file that do not hold, and those that speak of nothing there is, in the order of the file."""
    faults: list[Fault] = []
    for number, count in enumerate(facts.counts):
        faults += _count_faults(source, ("counts", number), count, known)
    for number, item in enumerate(facts.items):
        faults += _item_faults(source, ("items", number), item, known)
    for number, finding in enumerate(facts.findings):
        faults += _finding_faults(source, ("findings", number), finding, known)
    return faults


def _count_faults(source: Source, path: Path_, fact: CountFact, known: Knowledge) -> Iterator[Fault]:
    items = known.by_kind.get(fact.every)
    if items is None:
        yield _unknown(source, (*path, "every"), f"there is no kind of item '{fact.every}'", fact.every, known.by_kind)
        return
    fields = {field.name for item in items for field in item.fields} if fact.where else set()
    for name in fact.where:
        if items and name not in fields:
            yield _unknown(source, (*path, "where", name), f"no {fact.every} says its '{name}'", name, fields)
            return
    number = sum(all(_says(item, name, said) for name, said in fact.where.items()) for item in items)
    told = f"{number} of '{fact.every}'" + (f" with {_where(fact.where)}" if fact.where else "")
    if fact.at_least is not None and number < fact.at_least:
        yield source.fault((*path, "at_least"), told, f"at least {fact.at_least}", code="RT350")
    if fact.at_most is not None and number > fact.at_most:
        yield source.fault((*path, "at_most"), told, f"at most {fact.at_most}", code="RT350")


def _item_faults(source: Source, path: Path_, fact: ItemFact, known: Knowledge) -> Iterator[Fault]:
    items = known.by_kind.get(fact.item)
    if items is None:
        yield _unknown(source, (*path, "item"), f"there is no kind of item '{fact.item}'", fact.item, known.by_kind)
        return
    found = next((item for item in items if (item.id, item.of) == (fact.id, fact.of)), None)
    if found is None:
        of = f" of '{fact.of}'" if fact.of else ""
        ids = [item.id for item in items if item.of == fact.of]
        yield _unknown(source, (*path, "id"), f"there is no {fact.item} '{fact.id}'{of}", fact.id, ids)
        return
    fields = _fields(found)
    for name, said in fact.says.items():
        if name not in fields:
            yield _unknown(source, (*path, "says", name), f"no {fact.item} says its '{name}'", name, fields)
        elif not _says(found, name, said):
            message = f"of {fact.item} {fact.id} '{name}' is '{fields[name].printed}'"
            yield source.fault((*path, "says", name), message, f"'{_text(said)}'", code="RT350")


def _finding_faults(source: Source, path: Path_, fact: FindingFact, known: Knowledge) -> Iterator[Fault]:
    if fact.finding not in known.codes:
        yield _unknown(source, (*path, "finding"), f"there is no finding '{fact.finding}'", fact.finding, known.codes)
        return
    found = {lint.rule for lint in known.lints if lint.code == fact.finding}
    if more := sorted(found - set(fact.about)):
        message = f"{fact.finding} is found of {', '.join(more)} too"
        yield source.fault((*path, "about"), message, "what this file names and no more", code="RT350")
    if gone := sorted(set(fact.about) - found):
        message = f"{fact.finding} is not found of {', '.join(gone)}"
        yield source.fault((*path, "about"), message, "only what it is found of", code="RT350")


def _unknown(source: Source, path: Path_, message: str, word: str, known: Iterable[str]) -> Fault:
    known = sorted(known)
    expected = f"one of {', '.join(known)}" if 0 < len(known) <= 30 else None
    return source.key_fault(path, message, expected, nearest(word, known), code="RT351")


def _fields(item: Item) -> Mapping[str, ItemField]:
    return {field.name: field for field in item.fields}


def _says(item: Item, name: str, said: Said) -> bool:
    field = next((field for field in item.fields if field.name == name), None)
    # Domains part the items of a list in one of two ways.
    texts = {_text(said), "; ".join(sorted(said))} if isinstance(said, tuple) else {_text(said)}
    return field is not None and not texts.isdisjoint((field.text, field.printed))


def _text(said: Said) -> str:
    """What a fact says as an item would say it."""
    if isinstance(said, float):
        return number_text(said)
    return said if isinstance(said, str) else listed(said)


def _where(where: Mapping[str, Said]) -> str:
    return ", ".join(f"{name} '{_text(said)}'" for name, said in where.items())
