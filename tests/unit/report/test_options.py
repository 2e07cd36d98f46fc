"""Regimens judged for an invented patient: what counts, in what order, and what is said of it."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from resistab.core.escape import Escapes
from resistab.core.regimens import Range
from resistab.core.truth import Truth
from resistab.report.options.judge import Judge
from resistab.report.options.model import Options, RegimenInfo
from resistab.report.options.patient import DrugFacts, EarlierDrug, OptionsAsked
from resistab.rulesets.regimens import (
    Authority,
    CombiningRule,
    LeastActive,
    Regimen,
    RegimenPolicy,
    RegimenSetting,
    SettingWeight,
)

DAY = datetime.date(2026, 11, 30)
GUIDELINE = Authority(authority="guideline", year=2025, references=("PMID:1",))
TRIAL = Authority(authority="trial", year=2020, references=("NCT00000001",))
POLICY = RegimenPolicy(
    activity={"S": 1, "R": 0},
    not_active_to=0,
    settings=(
        SettingWeight(setting="first line", least_gss=2, untreated=True),
        SettingWeight(setting="after failure", least_gss=2, after=("alpha",)),
        SettingWeight(setting="pregnancy", least_gss=2, special=True),
    ),
)
# Drugs a1 and a2 are of the class alpha, and so on.
CLASSES = {"a": "alpha", "b": "beta", "c": "gamma"}


class Entry(Regimen):
    """A regimen with settings that know no domain."""

    settings: tuple[RegimenSetting, ...] = ()


class Rule(CombiningRule):
    """A rule whose biomarkers are a truth value, for the invented patient."""

    when: str = "true"


@dataclass
class Invented:
    """A patient of whom the activities are given: a number, or None where it is not known."""

    activities: dict[str, float | None]
    earlier: Sequence[EarlierDrug] | None = ()
    phenotypes: frozenset[str] | None = None
    meant: bool = True
    known: dict[str, Truth] = field(default_factory=dict)

    def drugs(self, names: Sequence[str]) -> tuple[DrugFacts, ...]:
        return tuple(self._drug(name) for name in names)

    def _drug(self, name: str) -> DrugFacts:
        value = self.activities[name]
        return DrugFacts(
            drug=name,
            classes=(CLASSES[name[0]],),
            activity=Range(0.0, 1.0) if value is None else Range(value, value),
            verdict="invented",
            because="as invented",
            keys=frozenset({CLASSES[name[0]]}),
            target_modes=frozenset({(name[0], "mode")}),
        )

    def holds(self, item: Any) -> Truth:
        return Truth[getattr(item, "when", "true").upper()]

    def is_meant(self, item: Any) -> bool:
        return self.meant

    def where(self, item: Any) -> str:
        return ""


def regimen(drugs: str, setting: str = "first line", by: Authority = GUIDELINE, number: int = 1, **more: Any) -> Entry:
    return Entry(
        id=f"REG-{number:03}",
        status="active",
        created=DAY,
        reviewed=DAY,
        drugs=tuple(drugs.split()),
        settings=(RegimenSetting(setting=setting, authorities=(by,), **more),),
    )


def rule(kind: Any, severity: Any = "broken", of: int = 1, **more: Any) -> Rule:
    return Rule(
        id=f"RULE-{of:03}",
        status="active",
        created=DAY,
        reviewed=DAY,
        kind=kind,
        severity=severity,
        says="it is said",
        evidence=(GUIDELINE,),
        **more,
    )


def options(
    patient: Invented, regimens: Sequence[Entry], rules: Sequence[Rule] = (), asked: OptionsAsked | None = None
) -> Options:
    asked = asked or OptionsAsked()
    return Judge(patient, POLICY, rules, asked).options(regimens, sorted(patient.activities))


def judged(patient: Invented, entry: Entry, *rules: Rule) -> RegimenInfo:
    (found,) = options(patient, [entry], rules).regimens
    return found


# --- activity ---------------------------------------------------------------------------------------------------------


def test_gss_is_the_sum_of_the_activities() -> None:
    found = judged(Invented({"a1": 1.0, "b1": 0.5, "c1": 0.25}), regimen("a1 b1 c1"))

    assert (found.gss.low, found.gss.high) == (1.75, 1.75)


def test_what_is_not_known_makes_the_gss_a_range() -> None:
    found = judged(Invented({"a1": 1.0, "b1": None}), regimen("a1 b1"))

    assert (found.gss.low, found.gss.high) == (1.0, 2.0)
    assert found.status == "not_assessable"
    assert "b1: activity not known (as invented)" in found.why


@pytest.mark.parametrize(
    ("activities", "status"),
    [
        ({"a1": 1.0, "b1": 1.0, "c1": 0.0}, "recommended"),
        ({"a1": 1.0, "b1": 0.5, "c1": 0.0}, "partly_active"),
        ({"a1": 0.0, "b1": 0.0, "c1": 0.0}, "not_active"),
        ({"a1": 1.0, "b1": 0.0, "c1": None}, "not_assessable"),
        ({"a1": 0.0, "b1": 0.0, "c1": None}, "partly_active"),
    ],
)
def test_the_status_says_whether_enough_is_active(activities: dict[str, float | None], status: str) -> None:
    assert judged(Invented(activities), regimen("a1 b1 c1")).status == status


def test_a_regimen_of_trials_alone_is_active() -> None:
    assert judged(Invented({"a1": 1.0, "b1": 1.0}), regimen("a1 b1", by=TRIAL)).status == "active"


def test_a_regimen_that_was_given_up_is_not_recommended() -> None:
    old = GUIDELINE.model_copy(update={"superseded": True})

    assert judged(Invented({"a1": 1.0, "b1": 1.0}), regimen("a1 b1", by=old)).status == "active"


def test_two_drugs_of_a_class_hit_one_target() -> None:
    assert judged(Invented({"a1": 1.0, "a2": 1.0, "b1": 1.0}), regimen("a1 a2 b1")).independent_targets == 2


def test_a_drug_that_is_not_active_hits_no_target() -> None:
    assert judged(Invented({"a1": 1.0, "b1": 0.0}), regimen("a1 b1")).independent_targets == 1


# --- settings ---------------------------------------------------------------------------------------------------------


def test_after_treatment_first_line_is_outside_its_setting() -> None:
    found = judged(Invented({"a1": 1.0, "b1": 1.0}, [EarlierDrug("c1", ("gamma",))]), regimen("a1 b1"))

    assert found.status == "active"
    assert found.why[0] == "outside its setting: for patients who had no treatment yet"


def test_that_earlier_treatment_is_not_known_is_said() -> None:
    found = options(Invented({"a1": 1.0, "b1": 1.0}, None), [regimen("a1 b1")])

    assert found.notes[0].startswith("Earlier treatment was not given")
    assert found.regimens[0].status == "recommended"


@pytest.mark.parametrize(
    ("earlier", "status"),
    [
        ([EarlierDrug("a1", ("alpha",))], "recommended"),
        ([EarlierDrug("c1", ("gamma",))], "active"),
        (None, "not_assessable"),
    ],
)
def test_a_setting_after_treatment_asks_for_it(earlier: list[EarlierDrug] | None, status: str) -> None:
    assert judged(Invented({"b1": 1.0, "c1": 1.0}, earlier), regimen("b1 c1", "after failure")).status == status


def test_a_special_setting_counts_only_where_it_is_asked_for() -> None:
    patient, entry = Invented({"a1": 1.0, "b1": 1.0}), regimen("a1 b1", "pregnancy")

    assert options(patient, [entry]).not_listed == {"for pregnancy, which is judged only where it is asked for": 1}
    assert options(patient, [entry], asked=OptionsAsked(settings=("pregnancy",))).regimens[0].status == "recommended"


def test_a_regimen_for_others_is_counted_and_not_listed() -> None:
    found = options(Invented({"a1": 1.0, "b1": 1.0}, meant=False), [regimen("a1 b1")])

    assert (found.regimens, found.not_listed) == ((), {"for other patients": 1})


# --- rules for combining ----------------------------------------------------------------------------------------------


def test_drugs_that_are_not_to_be_combined_break_a_rule() -> None:
    found = judged(
        Invented({"a1": 1.0, "a2": 1.0, "b1": 1.0}),
        regimen("a1 a2 b1"),
        rule("do not combine", together=(("a1",), ("a2",))),
    )

    assert [one.id for one in found.broken_rules] == ["RULE-001"]
    assert found.status == "active"


def test_each_list_of_a_rule_needs_a_drug_of_its_own() -> None:
    twice = rule("do not combine", together=(("alpha",), ("alpha",)))

    assert not judged(Invented({"a1": 1.0, "b1": 1.0}), regimen("a1 b1"), twice).broken_rules
    assert judged(Invented({"a1": 1.0, "a2": 1.0}), regimen("a1 a2"), twice).broken_rules


def test_a_required_partner_lifts_its_rule() -> None:
    needs = rule("required partner", drugs=("a1",), partners=(("beta",),))

    assert not judged(Invented({"a1": 1.0, "b1": 1.0}), regimen("a1 b1"), needs).broken_rules
    assert judged(Invented({"a1": 1.0, "c1": 1.0}), regimen("a1 c1"), needs).broken_rules


def test_least_active_counts_what_is_active() -> None:
    least = rule("least active", least=LeastActive(active=2, classes=2))

    assert not judged(Invented({"a1": 1.0, "b1": 1.0}), regimen("a1 b1"), least).broken_rules
    assert judged(Invented({"a1": 1.0, "b1": 0.0}), regimen("a1 b1"), least).broken_rules


def test_a_drug_alone_breaks_a_rule_on_drugs_alone() -> None:
    alone = rule("least active", only=("alpha", "beta"), number=1)

    assert judged(Invented({"a1": 1.0}), regimen("a1"), alone).broken_rules
    assert not judged(Invented({"a1": 1.0, "b1": 1.0}), regimen("a1 b1"), alone).broken_rules


def test_a_kept_drug_is_named_and_breaks_nothing() -> None:
    found = judged(Invented({"a1": 0.0, "b1": 1.0, "c1": 1.0}), regimen("a1 b1 c1"), rule("keep", drugs=("a1",)))

    assert [one.id for one in found.kept] == ["RULE-001"]
    assert not found.broken_rules


@pytest.mark.parametrize(
    ("germline", "status", "cautions"),
    [
        (frozenset({"HLA-B *57:01 carrier"}), "contraindicated", 0),
        (frozenset({"HLA-B without *57:01"}), "recommended", 0),
        (None, "recommended", 1),
    ],
)
def test_germline_contraindicates_and_untested_is_said(
    germline: frozenset[str] | None, status: str, cautions: int
) -> None:
    risk = rule("pharmacogenomic risk", "contraindicated", drugs=("a1",), germline=("HLA-B *57:01 carrier",))
    found = judged(Invented({"a1": 1.0, "b1": 1.0}, phenotypes=germline), regimen("a1 b1"), risk)

    assert (found.status, len(found.cautions)) == (status, cautions)


def test_what_cannot_be_seen_is_no_more_than_a_caution() -> None:
    found = judged(
        Invented({"a1": 1.0, "b1": 1.0}),
        regimen("a1 b1"),
        rule("interaction", "contraindicated", drugs=("a1",), comedication="rifampicin"),
    )

    assert (found.status, [one.id for one in found.cautions]) == ("recommended", ["RULE-001"])


def test_a_rule_whose_condition_is_not_known_is_a_caution() -> None:
    found = judged(Invented({"a1": 1.0, "b1": 1.0}), regimen("a1 b1"), rule("not after", drugs=("a1",), when="unknown"))

    assert not found.broken_rules
    assert len(found.cautions) == 1


def test_a_drug_is_not_given_after_another_of_its_kind() -> None:
    after = rule("not after", drugs=("alpha",), after=("a2",))

    assert judged(Invented({"a1": 1.0, "b1": 1.0}, [EarlierDrug("a2")]), regimen("a1 b1"), after).broken_rules
    assert not judged(Invented({"a1": 1.0, "b1": 1.0}, []), regimen("a1 b1"), after).broken_rules


def test_two_drugs_that_bind_alike_are_refused_unless_named() -> None:
    alike = rule("do not combine", same_target_and_mode=True)
    patient = Invented({"a1": 1.0, "a2": 1.0})
    given = options(patient, [], [alike], OptionsAsked(combinations=(("a1", "a2"),))).regimens[0]

    assert given.broken_rules
    assert not judged(patient, regimen("a1 a2"), alike).broken_rules


# --- failure ----------------------------------------------------------------------------------------------------------


def test_a_drug_that_failed_is_not_called_active_again() -> None:
    found = judged(Invented({"b1": 1.0, "a1": 1.0}, [EarlierDrug("a1", ("alpha",), failed=True)]), regimen("a1 b1"))

    assert found.gss.high == 1.0
    assert "a1 not active: the disease progressed on it" in found.why


def test_a_rule_can_keep_a_drug_that_failed() -> None:
    patient = Invented({"b1": 1.0, "a1": 1.0}, [EarlierDrug("a1", ("alpha",), failed=True)])

    assert judged(patient, regimen("a1 b1"), rule("keep", drugs=("a1",))).gss.low == 2.0


# --- order ------------------------------------------------------------------------------------------------------------


def test_regimens_are_ranked_by_rules_activity_and_authority() -> None:
    patient = Invented({"a1": 1.0, "a2": 1.0, "b1": 1.0, "b2": 0.0, "c1": 1.0})
    entries = [
        regimen("a1 b2", number=1),
        regimen("a1 b1", by=TRIAL, number=2),
        regimen("a1 c1", number=3),
        regimen("a2 c1", number=4),
        regimen("a1 a2", number=5),
    ]
    rules = [rule("do not combine", together=(("a1",), ("a2",)))]

    found = options(patient, entries, rules).regimens

    # Ties share a rank: 3 and 4 differ in nothing that decides.
    assert [(one.rank, one.id) for one in found] == [
        (1, "REG-003"),
        (1, "REG-004"),
        (3, "REG-002"),
        (4, "REG-001"),
        (5, "REG-005"),
    ]


def test_a_higher_barrier_is_ranked_first_among_equals() -> None:
    patient = Invented({"a1": 1.0, "b1": 1.0, "c1": 1.0})
    judge = Judge(patient, POLICY, [], OptionsAsked())
    barriers = {("a1", "b1"): 2, ("a1", "c1"): 4}
    entries = [regimen("a1 b1", number=1), regimen("a1 c1", number=2)]

    found = judge.options(entries, escapes=lambda asked: [Escapes((), barriers[drugs]) for drugs in asked])

    assert [one.id for one in found.regimens] == ["REG-002", "REG-001"]


def test_the_order_of_regimens_and_rules_changes_nothing() -> None:
    chance = random.Random(7)
    drugs = ["a1", "a2", "b1", "b2", "c1"]
    for _ in range(40):
        patient = Invented({name: chance.choice([0.0, 0.5, 1.0, None]) for name in drugs})
        entries = [regimen(" ".join(chance.sample(drugs, chance.randint(1, 3))), number=n) for n in range(1, 7)]
        rules = [
            rule("do not combine", of=1, together=(("alpha",), ("alpha",))),
            rule("required partner", of=2, drugs=("b1",), partners=(("gamma",),)),
        ]
        before = options(patient, entries, rules)
        after = options(patient, chance.sample(entries, len(entries)), rules[::-1])
        assert [(one.rank, one.id) for one in before.regimens] == [(one.rank, one.id) for one in after.regimens]


def test_less_activity_never_raises_gss_or_rank() -> None:
    chance = random.Random(11)
    drugs = ["a1", "a2", "b1", "b2", "c1"]
    for _ in range(40):
        activities: dict[str, float | None] = {name: chance.choice([0.25, 0.5, 1.0]) for name in drugs}
        entries = [regimen(" ".join(chance.sample(drugs, 2)), number=n) for n in range(1, 6)]
        less = dict(activities) | {chance.choice(drugs): 0.0}
        before = {one.id: one for one in options(Invented(activities), entries).regimens}
        for one in options(Invented(less), entries).regimens:
            assert one.gss.low <= before[one.id].gss.low
            if one.gss.low < before[one.id].gss.low:
                assert _place(one) >= _place(before[one.id])


def _place(regimen: RegimenInfo) -> tuple[bool, int]:
    """Where a regimen stands by itself: whether it is active enough, and how many targets it hits."""
    return regimen.gss.low < regimen.gss.least, -regimen.independent_targets


# --- combinations that nobody names -----------------------------------------------------------------------------------


def test_a_given_combination_is_judged_and_not_curated() -> None:
    found = options(Invented({"a1": 1.0, "b1": 1.0}), [], asked=OptionsAsked(combinations=(("a1", "b1"),))).regimens[0]

    assert (found.curated, found.setting, found.status) == (False, "not curated", "active")


def test_exploring_keeps_to_active_drugs_and_to_the_rules() -> None:
    patient = Invented({"a1": 1.0, "b1": 1.0, "b2": 0.0, "c1": 1.0})
    forbidden = rule("do not combine", together=(("a1",), ("c1",)))

    found = options(patient, [regimen("a1 b1")], [forbidden], OptionsAsked(explore=2)).regimens

    assert {one.drugs for one in found if not one.curated} == {("a1",), ("b1",), ("c1",), ("b1", "c1")}
