"""Earlier samples count against regimens and never for them, in an invented patient."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from resistab.core.escape import Escapes
from resistab.core.regimens import Range, independent_groups
from resistab.core.truth import Truth
from resistab.report.options.history import drugs_with_history, escapes_with_history, stronger, weaker
from resistab.report.options.judge import Judge
from resistab.report.options.model import RegimenInfo
from resistab.report.options.patient import EarlierDrug, OptionsAsked
from tests.unit.report.test_options import POLICY, Entry, Invented, Rule, regimen, rule

NAMES = ("a1", "a2", "b1", "b2", "c1")


@dataclass
class Dated(Invented):
    """An invented patient of whom also the biomarkers are given, by the setting's or rule's own word."""

    markers: dict[str, Truth] = field(default_factory=dict)

    def holds(self, item: Any) -> Truth:
        return self.markers.get(getattr(item, "setting", getattr(item, "when", "")), Truth.TRUE)


def judged(now: Invented, ever: Invented, entry: Entry, *rules: Rule) -> RegimenInfo:
    (found,) = Judge(now, POLICY, rules, OptionsAsked(), ever).options([entry]).regimens
    return found


def test_a_drug_is_as_active_as_the_worse_says() -> None:
    now, ever = Invented({"a1": 1.0, "b1": 0.5, "c1": None}), Invented({"a1": 0.25, "b1": 1.0, "c1": 0.0})

    found = drugs_with_history(now.drugs(["a1", "b1", "c1"]), ever.drugs(["a1", "b1", "c1"]))

    assert [fact.activity for fact in found] == [Range(0.25, 0.25), Range(0.5, 0.5), Range(0.0, 0.0)]
    assert [fact.because for fact in found] == [
        "with what is archived: as invented", "as invented", "with what is archived: as invented",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "ever", "fits"),
    [
        (Truth.TRUE, Truth.TRUE, True),
        (Truth.UNKNOWN, Truth.TRUE, None),
        (Truth.TRUE, Truth.UNKNOWN, None),
        (Truth.UNKNOWN, Truth.UNKNOWN, None),
    ],
)
def test_a_marker_that_was_there_once_makes_no_setting_fit(now: Truth, ever: Truth, fits: bool | None) -> None:
    active = {"a1": 1.0, "b1": 1.0}
    patients = [Dated(active, markers={"first line": truth}) for truth in (now, ever)]

    found = judged(patients[0], patients[1], regimen("a1 b1"))

    assert found.settings[0].fits is fits
    assert ("in this sample" in found.settings[0].why_not) == (now is Truth.UNKNOWN and ever is Truth.TRUE)


@pytest.mark.parametrize(("now", "ever"), [(Truth.TRUE, Truth.FALSE), (Truth.FALSE, Truth.TRUE)])
def test_a_marker_that_is_denied_once_lists_no_regimen(now: Truth, ever: Truth) -> None:
    active = {"a1": 1.0, "b1": 1.0}
    patients = [Dated(active, markers={"first line": truth}) for truth in (now, ever)]

    found = Judge(patients[0], POLICY, (), OptionsAsked(), patients[1]).options([regimen("a1 b1")])

    assert found.regimens == ()
    assert found.not_listed == {"the biomarker it is for was not found": 1}


def test_a_rule_is_broken_by_what_was_there_once() -> None:
    active = {"a1": 1.0, "b1": 1.0}
    now, ever = Dated(active, markers={"mutated": Truth.FALSE}), Dated(active, markers={"mutated": Truth.TRUE})

    found = judged(now, ever, regimen("a1 b1"), rule("do not combine", drugs=("a1",), when="mutated"))

    assert [broken.id for broken in found.broken_rules] == ["RULE-001"]


def test_a_drug_that_failed_is_kept_by_what_is_there_now_alone() -> None:
    active = {"a1": 1.0, "b1": 1.0}
    keep = rule("keep", drugs=("a1",), when="mutated")
    for now, low in ((Truth.TRUE, 2.0), (Truth.FALSE, 1.0)):
        patients = [
            Dated(active, earlier=[EarlierDrug("a1", failed=True)], markers={"mutated": truth})
            for truth in (now, Truth.TRUE)
        ]
        assert judged(patients[0], patients[1], regimen("a1 b1", "after failure"), keep).gss.low == low


def test_a_drug_that_failed_needs_no_escape() -> None:
    asked: list[tuple[str, ...]] = []

    def escapes(regimens: Any) -> list[Escapes]:
        asked.extend(regimens)
        return [Escapes((), 1, known=False) for _ in regimens]

    patient = Invented({"a1": 1.0, "b1": 1.0}, earlier=[EarlierDrug("a1", failed=True), EarlierDrug("b1")])
    (found,) = Judge(patient, POLICY, (), OptionsAsked()).options([regimen("a1 b1")], escapes=escapes).regimens

    assert asked == [("b1",)]
    assert (found.gss.low, found.status) == (1.0, "partly_active")
    assert "a1 not active: the disease progressed on it" in found.why


def test_of_two_barriers_the_lower_counts() -> None:
    low, high = Escapes((), 1, exact=True), Escapes((), 3, exact=False)

    assert escapes_with_history([low, high], [high, low]) == [low, low]


def test_what_is_so_by_all_and_by_one() -> None:
    assert weaker(Truth.TRUE, Truth.UNKNOWN) is Truth.UNKNOWN
    assert weaker(Truth.UNKNOWN, Truth.FALSE) is Truth.FALSE
    assert stronger(Truth.FALSE, Truth.UNKNOWN) is Truth.UNKNOWN
    assert stronger(Truth.UNKNOWN, Truth.TRUE) is Truth.TRUE


def test_targets_are_no_more_where_a_drug_between_two_is_lost() -> None:
    keys = [{"x"}, {"x", "y"}, {"y"}, {"z"}]

    assert independent_groups(keys) == 3
    assert independent_groups([keys[0], *keys[2:]]) == 3
    assert independent_groups(keys[1:2]) == 1
    assert independent_groups([]) == 0


@pytest.mark.parametrize("seed", range(15))
def test_history_never_raises_score_or_standing(seed: int) -> None:
    luck = random.Random(seed)
    for _ in range(20):
        now = Invented({name: luck.choice([0.0, 0.5, 1.0, None]) for name in NAMES})
        ever = Invented({name: luck.choice([0.0, 0.5, 1.0, None]) for name in NAMES})
        entry = regimen(" ".join(luck.sample(NAMES, luck.randint(1, 4))))
        judge, alone = Judge(now, POLICY, (), OptionsAsked(), ever), Judge(now, POLICY, (), OptionsAsked())
        settings, _ = judge._settings(entry)
        before = alone._judged(entry.id, entry.drugs, entry, settings)
        after = judge._judged(entry.id, entry.drugs, entry, settings)
        assert after.gss.low <= before.gss.low and after.gss.high <= before.gss.high
        assert after.standing.key >= before.standing.key
