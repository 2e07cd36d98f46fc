"""The score of a row follows from its evidence, one step at a time, each step with its reason."""

from __future__ import annotations

import pytest

from resistab.domains.oncology.kinds.models import MechanismRule, Row, Rulebase, ScorePolicy
from resistab.domains.oncology.policy.scores import mechanism_weight, row_score

POLICY = ScorePolicy(
    by_level={"A": 60, "B": 60, "C": 30, "D": 15, "E": 10},
    steps=(60, 30, 15, 10, 5),
    reduced_response_steps=1,
    reduced_response_highest=25,
    contrary_steps=1,
    extrapolation_steps=1,
)
DATES = {"created": "2026-11-21", "reviewed": "2026-11-21", "status": "active", "id": "TST-001"}


def evidence(*items: str) -> list[dict[str, str]]:
    """``B`` is level B for the row, ``-C`` level C against it, ``B erlotinib`` for another drug, ``!B`` an absence."""
    made = []
    for item in items:
        level, _, drug = item.lstrip("-!").partition(" ")
        direction = "against" if item.startswith("-") else "supports"
        made.append(
            {"reference": "PMID:1", "level": level, "direction": direction, "studied_in": "NSCLC", "statement": "…"}
            | ({"drug": drug} if drug else {})
            | ({"absence": True} if item.startswith("!") else {})
        )
    return made


def row(effect: str, *items: str, **fields: object) -> Row:
    return Row.model_validate(
        DATES
        | {
            "when": "EGFR T790M",
            "tumour_types": ["NSCLC"],
            "effect": effect,
            "mechanism": "not established",
            "evidence": evidence(*items),
        }
        | fields
    )


def score(effect: str, *items: str, extrapolated: bool = False, **fields: object) -> float:
    return row_score(row(effect, *items, **fields), "gefitinib", POLICY, extrapolated).score


@pytest.mark.parametrize(("level", "expected"), [("A", 60), ("B", 60), ("C", 30), ("D", 15), ("E", 10)])
def test_the_best_supporting_level_gives_the_score(level: str, expected: float) -> None:
    assert score("resistance", level) == expected
    assert score("resistance", "E", level, "E") == expected


@pytest.mark.parametrize("effect", ["resistance", "reduced response", "susceptibility", "increased susceptibility"])
def test_evidence_of_absence_alone_weighs_nothing(effect: str) -> None:
    alone = row_score(row(effect, "!A", "!B"), "gefitinib", POLICY)
    assert (alone.score, alone.level) == (0, None)
    assert alone.reasons == ("evidence of absence alone: weighs nothing",)
    assert score(effect, "!A", score=60, score_reason="…") == 0


@pytest.mark.parametrize(("level", "counts_as"), [("A", "C"), ("B", "C"), ("C", "D"), ("D", "E"), ("E", "E")])
def test_a_response_to_a_combination_says_less_of_one_drug(level: str, counts_as: str) -> None:
    policy = POLICY.model_copy(update={"backbones": ("carboplatin",)})
    items = evidence(level)
    found = {}
    for partner in ("trametinib", "carboplatin"):
        made = row("susceptibility", level, evidence=[item | {"given_with": [partner]} for item in items])
        found[partner] = row_score(made, "gefitinib", policy).level
    assert found == {"trametinib": counts_as, "carboplatin": level}


def test_what_resists_a_combination_resists_its_drugs() -> None:
    items = [item | {"given_with": ["trametinib"]} for item in evidence("B")]
    assert row_score(row("resistance", "B", evidence=items), "gefitinib", POLICY).score == 60


def test_evidence_of_absence_is_never_the_best_item() -> None:
    assert score("resistance", "!A", "D") == score("resistance", "D") == 15
    assert row_score(row("susceptibility", "!B", "C"), "gefitinib", POLICY).level == "C"


@pytest.mark.parametrize(("level", "expected"), [("A", 25), ("B", 25), ("C", 15), ("D", 10), ("E", 5)])
def test_a_reduced_response_is_a_step_lower_up_to_level_3(level: str, expected: float) -> None:
    assert score("reduced response", level) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (("B", "-B"), 30),
        (("B", "-A"), 30),
        (("B", "-C"), 60),
        (("C", "-B"), 15),
        (("C", "-D"), 30),
        (("B", "C", "-C"), 60),
        (("E", "-E"), 5),
    ],
)
def test_contrary_evidence_of_similar_weight_is_one_step_lower(items: tuple[str, ...], expected: float) -> None:
    assert score("resistance", *items) == expected


def test_evidence_from_another_drug_is_one_step_lower() -> None:
    assert score("resistance", "B erlotinib") == 30
    assert score("resistance", "B gefitinib") == 60
    assert score("resistance", "B erlotinib", "C") == 30
    assert score("resistance", "B erlotinib", "B") == 60


def test_an_extrapolation_to_another_tumour_is_one_step_lower() -> None:
    assert score("resistance", "B", extrapolated=True) == 30
    assert score("resistance", "B erlotinib", extrapolated=True) == 15
    assert score("resistance", "B erlotinib", "-A", extrapolated=True) == 10


def test_a_lowered_score_stops_at_the_lowest_step() -> None:
    assert POLICY.lowered(10, 9) == 5
    assert POLICY.lowered(5, 1) == 5
    assert POLICY.lowered(60, 0) == 60


def test_a_response_marker_adds_nothing_to_resistance() -> None:
    assert score("susceptibility", "A") == 0


def test_increased_susceptibility_counts_against_resistance() -> None:
    assert score("increased susceptibility", "C") == -30
    assert score("increased susceptibility", "A", score=-7, score_reason="as published") == -7


def test_a_score_set_by_the_curator_stands_with_its_reason() -> None:
    scored = row_score(row("resistance", "B", score=12, score_reason="one patient"), "gefitinib", POLICY)
    assert (scored.score, scored.reasons, scored.level) == (12, ("set by the curator: 12 (one patient)",), "B")


def test_every_step_is_told() -> None:
    scored = row_score(row("reduced response", "B erlotinib", "-B"), "gefitinib", POLICY, extrapolated=True)
    assert scored.reasons == (
        "best evidence is level B: 60",
        "studied with erlotinib, used as an extrapolation: 30",
        "evidence of similar weight against it: 15",
        "a reduced response, not resistance: 10",
        "used outside the tumour types it was shown in, an extrapolation: 5",
    )
    assert scored.outweighed


def test_evidence_that_is_only_matched_does_not_outweigh() -> None:
    assert not row_score(row("susceptibility", "B", "-B"), "gefitinib", POLICY).outweighed
    assert row_score(row("susceptibility", "C", "-B"), "gefitinib", POLICY).outweighed


def mechanism_rule(*items: str, **fields: object) -> MechanismRule:
    return MechanismRule.model_validate(
        DATES
        | {
            "when": "EGFR T790M",
            "concludes": "c",
            "mechanism": "not established",
            "explanation": "…",
            "evidence": evidence(*items),
        }
        | fields
    )


def test_a_mechanism_weighs_its_evidence_whatever_the_drug() -> None:
    assert mechanism_weight(mechanism_rule("D vemurafenib"), POLICY) == 15
    assert mechanism_weight(mechanism_rule("B", "-B"), POLICY) == 30


def test_a_definition_weighs_more_than_any_evidence(small: Rulebase) -> None:
    weight = mechanism_weight(mechanism_rule(definition=True), POLICY)
    assert weight > max(small.manifest.score_policy.by_level.values())


@pytest.mark.parametrize(
    ("value", "level"), [(-30, 1), (0, 1), (9.9, 1), (10, 2), (14, 2), (15, 3), (29, 3), (30, 4), (59, 4), (60, 5)]
)
def test_a_level_begins_at_its_score(small: Rulebase, value: float, level: int) -> None:
    assert small.manifest.scoring.level(value).level == level
