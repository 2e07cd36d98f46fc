"""Regimens, rules for combining drugs and barriers as items of a rule set, in every domain alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from resistab.curation.kit.diff_items import Bump, Item, ItemField, ItemKind, listed, mapped, policy, text_of
from resistab.rulesets.models import Dated
from resistab.rulesets.regimens import (
    Authority,
    BarrierFile,
    ChangeCost,
    CombiningRule,
    DrugBarrier,
    Regimen,
    RegimenPolicy,
    SettingWeight,
)

REGIMEN_KINDS = {
    "regimen": ItemKind("regimen", "regimens"),
    "combining rule": ItemKind("rule for combining", "rules for combining"),
    "barrier": ItemKind("barrier", "barriers"),
    "cost of a change": ItemKind("cost of a change", "costs of changes"),
}

Where = Callable[[Any], str]
"""From a setting or rule to the patients that it is for, in words of the domain; "" where it is for all."""


def regimen_items(
    regimens: Iterable[Regimen],
    rules: Iterable[CombiningRule],
    barriers: BarrierFile,
    policies: RegimenPolicy | None,
    where: Where,
) -> Iterator[Item]:
    """What a rule set says of regimens. No verdict follows from any of it."""
    yield from (_regimen(regimen, where) for regimen in regimens)
    yield from (_rule(rule, where) for rule in rules)
    for of_class in barriers.classes:
        note = ItemField("note", of_class.note, Bump.PATCH)
        yield Item("barrier", of_class.drug_class, (note,), of_class.note, added=Bump.PATCH, removed=Bump.PATCH)
    for drug in barriers.drugs:
        fields = (
            ItemField("grade", drug.grade, Bump.PATCH),
            ItemField("first changes", listed(drug.first_changes), Bump.PATCH),
            ItemField("note", drug.note or "", Bump.PATCH),
            *_cited(drug),
        )
        yield Item("barrier", drug.drug, fields, f"{drug.drug}: {drug.grade}", added=Bump.PATCH, removed=Bump.PATCH)
    for change in barriers.costs:
        told = (
            ItemField("cost", text_of(change.cost), Bump.MINOR),
            ItemField("note", change.note, Bump.PATCH),
            *_cited(change),
        )
        yield Item("cost of a change", change.change, told, change.change)
    if policies is not None:
        yield policy("regimens.activity", mapped(policies.activity), Bump.MINOR)
        yield policy("regimens.not_active_to", text_of(policies.not_active_to), Bump.MINOR)
        heavier = (f"{' '.join(sorted(item.drugs))} {text_of(item.weight)}" for item in policies.heavier)
        yield policy("regimens.heavier", listed(heavier), Bump.MINOR)
        yield policy("regimens.accompanying", listed(policies.accompanying), Bump.MINOR)
        yield policy("regimens.settings", " > ".join(map(_setting, policies.settings)), Bump.MINOR)


def _cited(said: DrugBarrier | ChangeCost) -> tuple[ItemField, ...]:
    return (
        ItemField("cites", listed((*said.references, *([said.named] if said.named else []))), Bump.PATCH),
        ItemField("verification", said.verification, Bump.PATCH),
        ItemField("source", listed(said.source), Bump.PATCH),
    )


def _regimen(regimen: Regimen, where: Where) -> Item:
    settings: tuple[Any, ...] = getattr(regimen, "settings", ())
    fields = (
        ItemField("drugs", listed(regimen.drugs), Bump.MINOR),
        ItemField("together with", regimen.together_with or "", Bump.MINOR),
        ItemField(
            "settings",
            _lines(f"{one.setting} ({place})" if (place := where(one)) else one.setting for one in settings),
            Bump.MINOR,
        ),
        ItemField("after", _lines(f"{one.setting}: {listed(one.after)}" for one in settings if one.after), Bump.MINOR),
        ItemField("provided", _lines(f"{one.setting}: {one.provided}" for one in settings if one.provided), Bump.PATCH),
        ItemField(
            "authorities",
            _lines(f"{one.setting}: {_said(said)}" for one in settings for said in one.authorities),
            Bump.MINOR,
        ),
        ItemField("note", regimen.note or "", Bump.PATCH),
        *_dated(regimen),
    )
    return _permanent("regimen", regimen, fields, " + ".join(regimen.drugs))


def _rule(rule: CombiningRule, where: Where) -> Item:
    fields = (
        ItemField("kind", rule.kind, Bump.MINOR),
        ItemField("severity", rule.severity, Bump.MINOR),
        ItemField("says", rule.says, Bump.PATCH),
        ItemField("patients", where(rule), Bump.MINOR),
        *(ItemField(name, _groups(getattr(rule, name)), Bump.MINOR) for name in ("together", "unless", "partners")),
        *(
            ItemField(name.replace("_", " "), listed(getattr(rule, name)), Bump.MINOR)
            for name in ("drugs", "only", "unless_active", "settings", "after", "germline")
        ),
        ItemField("number", text_of(rule.number), Bump.MINOR),
        ItemField("same target and mode", text_of(rule.same_target_and_mode), Bump.MINOR),
        ItemField("least", _least(rule), Bump.MINOR),
        ItemField("comedication", rule.comedication or "", Bump.MINOR),
        ItemField("provided", rule.provided or "", Bump.MINOR),
        ItemField("authorities", _lines(map(_said, rule.evidence)), Bump.MINOR),
        *_dated(rule),
    )
    return _permanent("combining rule", rule, fields, rule.says)


def _permanent(kind: str, of: Dated, fields: tuple[ItemField, ...], title: str) -> Item:
    return Item(
        kind=kind,
        id=of.id,
        fields=fields,
        title=title,
        status=of.status,
        added=Bump.MINOR if of.status == "active" else Bump.PATCH,
        removed=Bump.MAJOR,
        permanent=True,
    )


def _dated(of: Dated) -> tuple[ItemField, ...]:
    return (
        ItemField("status", of.status, Bump.MINOR),
        ItemField("replaced by", listed(of.replaced_by), Bump.PATCH),
        ItemField("retired", text_of(of.retired), Bump.PATCH),
        ItemField("created", text_of(of.created), Bump.PATCH),
        ItemField("reviewed", text_of(of.reviewed), Bump.PATCH),
    )


def _said(said: Authority) -> str:
    """An authority in one line: who, when, by what."""
    words = [said.authority, text_of(said.year), said.grade or "", "superseded" if said.superseded else ""]
    return f"{' '.join(word for word in words if word)}: {listed(said.cited)} ({said.verification})"


def _groups(groups: Iterable[Iterable[str]]) -> str:
    return listed(" or ".join(sorted(group)) for group in groups)


def _least(rule: CombiningRule) -> str:
    return "" if rule.least is None else f"{text_of(rule.least.active)} of {rule.least.classes} classes"


def _setting(setting: SettingWeight) -> str:
    said = {
        name: value
        for name, value in setting.model_dump().items()
        if name != "setting" and value not in (None, False, ())
    }
    return f"{setting.setting} ({mapped(said)})" if said else setting.setting


def _lines(texts: Iterable[str]) -> str:
    return "; ".join(sorted(set(texts)))
