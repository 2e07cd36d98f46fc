"""Why a condition holds, said in words."""

from __future__ import annotations

import pytest

from resistab.core.derivation import MechanismStep, Step
from resistab.domains.oncology.report.wording import grounds
from resistab.report.words import percent


def found(text: str, *findings: str) -> Step:
    return Step(text=text, truth="true", findings=findings or (text,))


def absent(text: str) -> Step:
    return Step(text=text, truth="false")


def test_a_finding_was_found() -> None:
    assert grounds(found("EGFR T790M")) == ("EGFR T790M was found",)


def test_a_finding_counts_as_what_the_row_asks_for() -> None:
    assert grounds(found("KRAS activating mutation", "KRAS G12D")) == (
        "KRAS G12D was found, which counts as “KRAS activating mutation”",
    )


def test_several_findings_count_together() -> None:
    step = found("RB1 loss", "RB1 R320*", "RB1 deletion")
    assert grounds(step) == ("RB1 R320* and RB1 deletion were found, which count as “RB1 loss”",)


def test_what_holds_without_a_finding_is_said_to_hold() -> None:
    assert grounds(Step(text="KRAS wild type", truth="true")) == ("“KRAS wild type” holds",)


def test_a_negation_names_what_does_not_hold() -> None:
    negation = Step(text="not KIT D816V", truth="true", parts=(absent("KIT D816V"),))
    both = Step(text="KIT amplification and not KIT D816V", truth="true", parts=(found("KIT amplification"), negation))
    assert grounds(both) == ("KIT amplification was found", "“KIT D816V” does not hold")


def test_a_tumour_type_that_is_excluded_is_said_plainly() -> None:
    step = Step(text="not tumour type is MEL", truth="true", parts=(absent("tumour type is MEL"),))
    assert grounds(step) == ("the tumour type is not MEL",)


def test_a_count_names_only_what_was_found() -> None:
    step = Step(text="at least 1 of (A, B)", truth="true", parts=(found("ALK fusion"), absent("ROS1 fusion")))
    assert grounds(step) == ("ALK fusion was found",)


def test_a_count_of_which_nothing_was_found_is_said_as_a_whole() -> None:
    step = Step(text="at most 0 of (A, B)", truth="true", parts=(absent("A"), absent("B")))
    assert grounds(step) == ("“at most 0 of (A, B)” holds",)


def test_the_same_ground_is_named_once() -> None:
    step = Step(text="EGFR L858R and EGFR L858R", truth="true", parts=(found("EGFR L858R"), found("EGFR L858R")))
    assert grounds(step) == ("EGFR L858R was found",)


def test_a_conclusion_is_named_in_words() -> None:
    rule = MechanismStep(
        rule="M-001",
        conclusion="RAS active",
        explanation="It is.",
        mechanism="upstream reactivation",
        weight=None,
        evidence=(),
        condition=found("NRAS Q61K"),
    )
    assert grounds(Step(text="conclusion ras (RAS active)", truth="true", rules=(rule,))) == ("concluded: RAS active",)


@pytest.mark.parametrize(("fraction", "shown"), [(0.09, "9%"), (0.125, "12.5%"), (1.0, "100%"), (0.0004, "0.04%")])
def test_an_allele_fraction_is_shown_in_percent(fraction: float, shown: str) -> None:
    assert percent(fraction) == shown
