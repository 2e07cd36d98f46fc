"""What a virus's rules mean, one rule at a time: mixtures, insertions, deletions, sums, largest scores, levels.

Each table here has only the rule in question. ``65KR`` says that lysine and arginine were found at position 65; ``i``
is an insertion, ``d`` a deletion. Every verdict is also computed by the batch evaluator, which must agree.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
import yaml

from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.residues import residue_order
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.kinds.models import ViralManifest, ViralRulebase, ViralScoring, ViralTable
from resistab.domains.virus.policy.models import ViralVerdict
from tests.paths import SMALL_VIRUS

SMALL = load_viral_folder(SMALL_VIRUS)


@cache
def rules(table: str, manifest: ViralManifest = SMALL.manifest) -> ViralInterpreter:
    """The small rule set with ``table``, one for zidovudine, as its only rules."""
    fields = {name: getattr(SMALL, name) for name in ViralRulebase.model_fields}
    only = ViralTable.model_validate({"drug": "AZT"} | yaml.safe_load(table))
    own = {"manifest": manifest, "tables": (only,), "comments": (), "result_comments": ()}
    return ViralInterpreter(ViralRulebase.model_construct(**fields | own))


def found(text: str) -> ViralGenotype:
    """A genotype whose whole reverse transcriptase was read: ``65KR 69Gi``."""
    findings = []
    for written in text.split():
        match = re.fullmatch(r"(\d+)(\S+)", written)
        assert match is not None
        residues = tuple(sorted(match[2], key=residue_order))
        findings.append(ResidueFinding("RT", int(match[1]), "", residues, written))
    return ViralGenotype(sample="one", findings=tuple(findings), coverage=(GeneCoverage("RT"),))


def verdict(table: str, text: str, manifest: ViralManifest = SMALL.manifest) -> ViralVerdict:
    interpreter = rules(table, manifest)
    interpreter.check_batch(found(text))
    (of_azt,) = (one for one in interpreter.conclude(found(text)).verdicts if one.drug == "AZT")
    return of_azt


def score(table: str, text: str) -> float | None:
    return verdict(table, text).score


def holds(condition: str, text: str) -> bool:
    return verdict(f"rules: [{{id: it, when: '{condition}', level: 5}}]", text).level == 5


# --- residues of a mixture ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("65R", "65KR"),
        ("65R", "65R"),
        ("69G", "69Gi"),
        ("69ins", "69Gi"),
        ("67E", "67Ed"),
        ("67del", "67Ed"),
        ("67del", "67di"),
        ("67ins", "67di"),
        ("230*", "230*W"),
        ("184I/V", "184I"),
        ("184I/V", "184MV"),
        # Six residues at one position, more than sequencers usually allow for.
        ("215Y", "215CDEFSTY"),
    ],
)
def test_item_holds_where_any_of_its_residues_was_found(condition: str, text: str) -> None:
    assert holds(condition, text)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("65R", "65KN"),
        ("69ins", "69G"),
        ("69G", "69i"),
        ("67del", "67i"),
        ("230*", "230W"),
        ("65R", "66R"),
        ("65R", ""),
    ],
)
def test_item_does_not_hold_where_none_of_its_residues_was_found(condition: str, text: str) -> None:
    assert not holds(condition, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("41LF", True), ("41F", True), ("41LM", True), ("41Li", True), ("41L", False), ("", False)],
)
def test_other_than_holds_where_any_other_residue_was_found(text: str, expected: bool) -> None:
    assert holds("41 other than L", text) is expected


@pytest.mark.parametrize(("text", "expected"), [("41LF", False), ("41L", False), ("41F", True), ("", True)])
def test_not_fails_where_any_member_of_a_mixture_matches(text: str, expected: bool) -> None:
    """A position that is not listed holds the reference residue, which no rule names."""
    assert holds("not 41L", text) is expected


def test_not_other_than_holds_where_nothing_else_was_found() -> None:
    assert [holds("not 41 other than L", text) for text in ("41L", "", "41LF")] == [True, True, False]


# --- sums and largest scores --------------------------------------------------------------------------------


def test_scores_of_positions_add_up() -> None:
    assert score("scores: {41: {L: 15}, 210: {W: 15}, 215: {F/Y: 40}}", "41L 210W 215Y") == 70


def test_item_of_several_residues_counts_once() -> None:
    assert score("scores: {184: {I/V: 60}}", "184IV") == 60


def test_in_one_line_only_the_largest_counts() -> None:
    assert score("scores: {184: {I: 10, V: 15}}", "184IV") == 15


def test_separate_items_for_one_position_add_up() -> None:
    table = "combinations: [{id: one, when: 184I, score: 10}, {id: other, when: 184V, score: 15}]"

    assert score(table, "184IV") == 25


def test_insertion_and_residue_in_separate_items_add_up() -> None:
    table = "combinations: [{id: one, when: 69G, score: 5}, {id: other, when: 69ins, score: 60}]"

    assert score(table, "69Gi") == 65


@pytest.mark.parametrize(("text", "expected"), [("65NR", -10), ("65R", -15), ("65N", -10), ("65K", 0), ("", 0)])
def test_largest_is_that_of_the_items_that_hold(text: str, expected: float) -> None:
    """The larger of -10 and -15 is -10; an item that does not hold does not take part with 0."""
    assert score("scores: {65: {R: -15, N: -10}}", text) == expected
    assert score("combinations: [{id: it, largest_of: [{when: 65R, score: -15}, {when: 65N, score: -10}]}]", text) == (
        expected
    )


@pytest.mark.parametrize(("text", "expected"), [("41L 215Y", 40), ("41L", 15), ("215Y", 40), ("", 0)])
def test_largest_may_be_taken_across_positions(text: str, expected: float) -> None:
    table = "combinations: [{id: it, largest_of: [{when: 41L, score: 15}, {when: 215F/Y, score: 40}]}]"

    assert score(table, text) == expected


def test_largest_may_be_taken_across_combinations() -> None:
    table = (
        "combinations: [{id: it, largest_of: [{when: 41L and 215F/Y, score: 10}, {when: 41L and 215A/C, score: 5}]}]"
    )

    assert [score(table, text) for text in ("41L 215CY", "41L 215C", "41L", "215CY")] == [10, 5, 0, 0]


def test_equal_scores_of_one_item_count_once() -> None:
    assert score("combinations: [{id: it, largest_of: [{when: 41L, score: 5}, {when: 67N, score: 5}]}]", "41L 67N") == 5


def test_negative_scores_take_away() -> None:
    of_both = verdict("scores: {184: {V: -10}, 215: {Y: 40}}", "184V 215Y")

    assert (of_both.score, of_both.level) == (30, 4)
    assert verdict("scores: {184: {V: -10}}", "184V").level == 1


def test_scores_may_be_fractions() -> None:
    table = "{scores: {41: {L: 0.5}, 215: {Y: 1.25}}, scale: [{to: 1, level: 1}, {from: 1.25, level: 5}]}"

    assert [verdict(table, text).level for text in ("41L", "215Y", "41L 215Y")] == [1, 5, 5]
    assert score(table, "41L 215Y") == 1.75


@pytest.mark.parametrize("text", ["41L 215Y", "215Y 41L"])
def test_a_tenth_and_seven_tenths_are_eight_tenths(text: str) -> None:
    """As binary fractions they come to 0.7999999999999999, which lies in neither range."""
    table = "{scores: {41: {L: 0.1}, 215: {Y: 0.7}}, scale: [{to: 0.7, level: 1}, {from: 0.8, level: 5}]}"

    assert (verdict(table, text).level, score(table, text)) == (5, 0.8)


def test_sum_does_not_depend_on_the_order_of_its_parts() -> None:
    table = "{scores: {41: {L: 0.1}, 67: {N: 0.2}, 215: {Y: 0.3}}, scale: [{to: 0.5, level: 1}, {from: 0.6, level: 5}]}"

    assert {(verdict(table, text).level, score(table, text)) for text in ("41L 67N 215Y", "215Y 67N 41L")} == {(5, 0.6)}


# --- connectives --------------------------------------------------------------------------------------------

THREE = "(41L, 67N, 215F/Y)"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # Whether it holds where none, one, two and three of the three were found.
        (f"at least 2 of {THREE}", [False, False, True, True]),
        (f"at most 1 of {THREE}", [True, True, False, False]),
        (f"exactly 1 of {THREE}", [False, True, False, False]),
        (f"exactly 0 of {THREE}", [True, False, False, False]),
        (f"between 1 and 2 of {THREE}", [False, True, True, False]),
        (f"at least 0 of {THREE}", [True, True, True, True]),
        (f"at most 3 of {THREE}", [True, True, True, True]),
        (f"not at least 2 of {THREE}", [True, True, False, False]),
        (f"all of {THREE}", [False, False, False, True]),
        (f"any of {THREE}", [False, True, True, True]),
        (f"none of {THREE}", [True, False, False, False]),
    ],
)
def test_counts(condition: str, expected: list[bool]) -> None:
    assert [holds(condition, text) for text in ("", "67N", "41L 215Y", "41L 67N 215F")] == expected


def test_a_mixture_counts_as_often_as_parts_of_the_count_hold() -> None:
    assert not holds("at least 2 of (184I/V, 41L)", "184IV")
    assert holds("at least 2 of (184I, 184V)", "184IV")
    assert holds("exactly 2 of (184I, 184V, 41L)", "184IV")


def test_what_is_named_twice_counts_twice() -> None:
    assert holds("at least 2 of (41L, 41L, 67N)", "41L")
    assert not holds("at most 1 of (41L, 41L, 67N)", "41L")


def test_a_count_may_be_of_combinations() -> None:
    condition = "at least 1 of (41L and 215Y, 67N and not 70R)"

    assert [holds(condition, text) for text in ("41L", "41L 215Y", "67N", "67N 70R")] == [False, True, True, False]


def test_brackets_say_how_and_and_or_belong_together() -> None:
    assert holds("(41L and 67N) or 215Y", "215Y")
    assert not holds("41L and (67N or 215Y)", "215Y")


# --- levels -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "level"), [(-5, 1), (9, 1), (10, 2), (14, 2), (15, 3), (29, 3), (30, 4), (59, 4), (60, 5), (1000, 5)]
)
def test_scale_gives_a_score_its_level(points: int, level: int) -> None:
    assert verdict(f"scores: {{184: {{V: {points}}}}}", "184V").level == level


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (9, "no_resistance_found"),
        # The second level is susceptible, and is said to be reported as possible resistance.
        (10, "possible_resistance"),
        (15, "possible_resistance"),
        (30, "possible_resistance"),
        (60, "resistant"),
    ],
)
def test_verdict_follows_from_the_level(points: int, name: str) -> None:
    assert verdict(f"scores: {{184: {{V: {points}}}}}", "184V").verdict == name


def test_highest_level_wins() -> None:
    table = "rules: [{id: a, when: 41L, level: 2}, {id: b, when: 67N, level: 4}, {id: c, when: 215Y, level: 3}]"

    assert [verdict(table, text).level for text in ("41L 67N 215Y", "41L 215Y", "41L")] == [4, 3, 2]


def test_the_higher_of_given_level_and_scored_level_wins() -> None:
    table = "{scores: {41: {L: 30}, 65: {R: 10}}, rules: [{id: a, when: 67N, level: 3}]}"

    assert [verdict(table, text).level for text in ("41L 67N", "65R 67N", "67N", "65R")] == [4, 3, 3, 2]


def test_drug_for_which_no_rule_gives_a_level_has_the_lowest() -> None:
    of_none = verdict("rules: [{id: a, when: 41L, level: 5}]", "67N")

    assert (of_none.level, of_none.score, of_none.verdict) == (1, None, "no_resistance_found")


def test_manifest_may_name_another_level_for_it() -> None:
    scoring = ViralScoring(combine="sum", levels=SMALL.manifest.scoring.levels, default_level=2)
    manifest = SMALL.manifest.model_copy(update={"scoring": scoring})
    table = "rules: [{id: a, when: 41L, level: 5}, {id: b, when: 67N, level: 1}]"

    assert [verdict(table, text, manifest).level for text in ("", "67N", "41L")] == [2, 1, 5]


def test_level_zero_is_a_level_like_any_other() -> None:
    levels = tuple(level.model_copy(update={"level": level.level - 1}) for level in SMALL.manifest.scoring.levels)
    scoring = ViralScoring(combine="sum", levels=levels, default_level=1)
    manifest = SMALL.manifest.model_copy(update={"scoring": scoring})
    table = "rules: [{id: a, when: 41L, level: 4}, {id: b, when: 67N, level: 0}]"

    assert [verdict(table, text, manifest).level for text in ("", "67N", "41L")] == [1, 0, 4]


# --- several scores -----------------------------------------------------------------------------------------

TWO_SCORES = """
scores: {41: {L: 1}, 67: {N: 4}}
scale: [{to: 3, level: 1}, {from: 4, level: 4}]
further_scores:
  - scores: {41: {L: 10}, 215: {Y: 50}}
"""


@pytest.mark.parametrize(
    ("text", "points", "level"),
    [
        # The first score, by its own scale, and the second by that of the rule set: 1 and 10 points.
        ("41L", 10, 2),
        ("67N", 4, 4),
        ("215Y", 50, 4),
        ("41L 215Y", 60, 5),
        ("41L 67N", 5, 4),
        ("", 0, 1),
    ],
)
def test_scores_are_summed_apart_and_the_highest_reported(text: str, points: float, level: int) -> None:
    of_azt = verdict(TWO_SCORES, text)

    assert (of_azt.score, of_azt.level) == (points, level)


# --- what was not read --------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", ["67N and not 184I/V", "67N and at most 0 of (184I/V, 210W)"])
def test_no_resistance_is_not_claimed_over_an_unread_position(
    condition: str,
) -> None:
    """At 184 the reference residue, which is what one would expect there, makes the drug resistant."""
    interpreter = rules(f"rules: [{{id: it, when: '{condition}', level: 5}}]")
    partial = ViralGenotype("one", found("67N").findings, (GeneCoverage("RT", ((41, 100),)),))
    whole, batch = interpreter.conclude(partial).verdicts, interpreter.batch.interpret(partial).verdicts

    assert {one.verdict for one in whole if one.drug == "AZT"} == {"not_assessable"}
    assert {one.verdict for one in batch if interpreter.batch.names[one.drug] == "AZT"} == {"not_assessable"}
