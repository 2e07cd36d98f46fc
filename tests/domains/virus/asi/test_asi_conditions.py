"""The text of ASI2 rules, read as conditions and written back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    CountOf,
    Not,
    condition_text,
)
from resistab.core.faults import RulebaseError
from resistab.core.grammar import ConditionSyntaxError
from resistab.core.scoring import ScoreRange
from resistab.domains.oncology.atoms import WildTypeAtom
from resistab.domains.virus.asi.conditions import (
    AsiRange,
    AsiScore,
    AsiScoreItem,
    LargestOf,
    parse_asi_rule,
    parse_score_ranges,
)
from resistab.domains.virus.asi.tables import flattened
from resistab.domains.virus.asi.text import asi_condition, asi_ranges, asi_score
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.kinds.models import Combination, ScoreRule
from tests.cases import cases_beside

Genotype = dict[int, set[str]]


def holds(condition: Condition, genotype: Genotype) -> bool:
    """What a condition means, written once more: a position that is not listed matches nothing."""
    match condition:
        case ResidueAtom(position=position, residues=residues, inverted=inverted):
            found = genotype.get(position, set())
            return bool(found - set(residues) if inverted else found & set(residues))
        case Not(of=part):
            return not holds(part, genotype)
        case AllOf(of=parts):
            return all(holds(part, genotype) for part in parts)
        case AnyOf(of=parts):
            return any(holds(part, genotype) for part in parts)
        case CountOf(at_least=least, at_most=most, of=parts):
            number = sum(holds(part, genotype) for part in parts)
            return (least is None or number >= least) and (most is None or number <= most)
    raise AssertionError(condition)


def largest(items: tuple[AsiScoreItem | LargestOf, ...], genotype: Genotype) -> float:
    """What MAX means: of what fired the largest, a MAX inside it always counting, 0 where nothing fired."""
    fired = [largest(item.of, genotype) for item in items if isinstance(item, LargestOf)]
    fired += [item.score for item in items if isinstance(item, AsiScoreItem) and holds(item.when, genotype)]
    return max(fired, default=0.0)


def condition_of(text: str) -> Condition:
    rule = parse_asi_rule(text).rule
    assert not isinstance(rule, AsiScore)
    return rule


def read(text: str) -> str:
    return condition_text(condition_of(text))


# --- reading ------------------------------------------------------------------------------------------------------


@cases_beside
def test_a_rule_is_read_as_a_condition(asi: str, ours: str) -> None:
    assert read(asi) == ours


def test_and_and_or_are_joined_from_left_to_right() -> None:
    assert read("41L OR 67N AND 70R") == "(41L or 67N) and 70R"
    assert read("41L AND 67N OR 70R") == "(41L and 67N) or 70R"
    assert read("41L OR (67N AND 70R)") == "41L or (67N and 70R)"
    assert not holds(condition_of("41L OR 67N AND 70R"), {41: {"L"}})


def test_not_and_exclude_are_false_if_any_of_a_mixture_matches() -> None:
    mixture: Genotype = {41: {"L", "F"}}
    assert not holds(condition_of("EXCLUDE 41L"), mixture)
    assert not holds(condition_of("NOT 41L"), mixture)
    assert holds(condition_of("41(NOT L)"), mixture)
    assert holds(condition_of("EXCLUDE 41L"), {})
    assert not holds(condition_of("41(NOT L)"), {})


def test_a_count_that_can_never_hold_is_kept_and_told() -> None:
    parsed = parse_asi_rule("184V OR SELECT ATLEAST 3 FROM (41L, 67N)")
    assert parsed.never == ("SELECT ATLEAST 3 FROM (41L, 67N)",)
    assert not isinstance(parsed.rule, AsiScore)
    assert not holds(parsed.rule, {41: {"L"}, 67: {"N"}})
    assert holds(parsed.rule, {184: {"V"}})


def test_scores_are_read_with_signs_fractions_and_max() -> None:
    parsed = parse_asi_rule("SCORE FROM (41L => 0.5, 65R => -10, MAX ( 74I => 15, (74V AND 184V) => -0 ))").rule
    assert isinstance(parsed, AsiScore)
    one, two, three = parsed.of
    assert isinstance(one, AsiScoreItem) and one.score == 0.5
    assert isinstance(two, AsiScoreItem) and two.score == -10
    assert isinstance(three, LargestOf)
    assert [item.score for item in three.of if isinstance(item, AsiScoreItem)] == [15, 0]


def test_ranges_are_read_with_open_bounds() -> None:
    read_ranges = parse_score_ranges("(-INF TO -5 => 1,  -4.5 TO INF => 2)")
    assert read_ranges == (AsiRange(None, -5, 1, 2, 16), AsiRange(-4.5, None, 2, 20, 35))
    assert parse_score_ranges("0 TO 1=>1")[0].high == 1


@cases_beside
def test_what_cannot_be_read_is_told_with_its_place(text: str, column: int, found: str, expected: str) -> None:
    with pytest.raises(ConditionSyntaxError) as caught:
        parse_asi_rule(text)
    assert (caught.value.column, caught.value.found) == (column, found)
    assert expected in caught.value.expected


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("", 1, "a number or -INF"),
        ("()", 2, "a number or -INF"),
        ("(INF TO 9 => 1)", 2, "a number or -INF"),
        ("(0 TO -INF => 1)", 7, "a number or INF"),
        ("(0 - 9 => 1)", 4, "TO"),
        ("(0 TO 9 = 1)", 9, "=>"),
        ("(0 TO 9 => high)", 12, "the order of a level"),
        ("(0 TO 9 => 1", 13, "a comma or a closing bracket"),
        ("(0 TO 9 => 1) 5", 15, "the end of the ranges"),
    ],
)
def test_ranges_that_cannot_be_read_are_told_with_their_place(text: str, column: int, expected: str) -> None:
    with pytest.raises(ConditionSyntaxError) as caught:
        parse_score_ranges(text)
    assert (caught.value.column, caught.value.expected) == (column, expected)


@pytest.mark.parametrize(
    "text", ["(" * 5000 + "41L" + ")" * 5000, "SCORE FROM " + "(MAX" * 3000, "41L AND 67N OR " * 3000 + "70R"]
)
def test_a_rule_that_is_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(ConditionSyntaxError, match="nested at most 40 deep"):
        parse_asi_rule(text)


def test_a_rule_without_end_is_refused() -> None:
    with pytest.raises(ConditionSyntaxError, match="at most 100,000 characters"):
        parse_asi_rule("41L AND " * 20_000)
    with pytest.raises(ConditionSyntaxError, match="at most 100,000 characters"):
        parse_score_ranges("1 TO 2 => 3, " * 20_000)


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(ConditionSyntaxError):
        parse_asi_rule("9" * 10_000 + "L")


# --- MAX inside MAX -----------------------------------------------------------------------------------------------


def test_a_max_inside_a_max_counts_as_0_where_nothing_holds() -> None:
    group = parse_asi_rule("SCORE FROM (MAX(65R => -10, MAX(69i => -20, 69d => -5)))").rule
    assert isinstance(group, AsiScore)
    items = flattened(group.of[0])
    assert [(condition_text(item.when), item.score) for item in items] == [
        ("65R", -10),
        ("69ins", -20),
        ("69del", -5),
        ("none of (69ins, 69del)", 0),
    ]


def test_a_max_inside_a_max_without_negatives_is_taken_in() -> None:
    group = parse_asi_rule("SCORE FROM (MAX(65R => 10, MAX(69i => 20, 69d => -5)))").rule
    assert isinstance(group, AsiScore)
    assert [item.score for item in flattened(group.of[0])] == [10, 20, -5]


# --- writing, and both --------------------------------------------------------------------------------------------


def test_a_negated_group_is_driven_inwards() -> None:
    atom = {number: ResidueAtom(position=number, residues=("L",)) for number in (1, 2, 3)}
    assert asi_condition(Not(of=AllOf(of=(atom[1], AnyOf(of=(atom[2], Not(of=atom[3]))))))) == (
        "EXCLUDE 1L OR (EXCLUDE 2L AND 3L)"
    )
    between = CountOf(at_least=1, at_most=2, of=tuple(atom.values()))
    assert asi_condition(Not(of=between)) == (
        "SELECT NOTMORETHAN 0 FROM (1L,2L,3L) OR SELECT ATLEAST 3 FROM (1L,2L,3L)"
    )


def test_a_count_over_groups_is_written_as_alternatives() -> None:
    atom = {number: ResidueAtom(position=number, residues=("L",)) for number in (1, 2, 3)}
    pair = AllOf(of=(atom[1], atom[2]))
    assert asi_condition(CountOf(at_least=2, of=(pair, atom[3]))) == "(1L AND 2L) AND 3L"
    assert asi_condition(CountOf(at_least=1, of=(pair, atom[3]))) == "(1L AND 2L) OR 3L"
    assert asi_condition(CountOf(at_most=1, of=(pair, atom[3]))) == "(EXCLUDE 1L OR EXCLUDE 2L) OR EXCLUDE 3L"


def test_what_asi_cannot_say_is_refused() -> None:
    pair = AllOf(of=(ResidueAtom(position=1, residues=("L",)), ResidueAtom(position=2, residues=("L",))))
    with pytest.raises(RulebaseError, match="too many alternatives"):
        asi_condition(CountOf(at_least=10, of=(pair,) * 20))
    with pytest.raises(RulebaseError, match="none of ASI2"):
        asi_condition(ResidueAtom(position=1, residues=("U",)))
    with pytest.raises(RulebaseError, match="no condition on residues"):
        asi_condition(WildTypeAtom(gene="RT"))


def test_a_score_is_written_one_item_a_line() -> None:
    rule = ScoreRule(
        scores={65: {("E",): 10, ("R",): 45.5}},
        combinations=(Combination.model_validate({"id": "X-C01", "when": "41L and 215F/Y", "score": -5}),),
    )
    assert asi_score(rule) == "SCORE FROM (\n  MAX(65E => 10, 65R => 45.5),\n  41L AND 215FY => -5\n)"


def test_ranges_are_written_with_open_bounds() -> None:
    scale = [{"to": 9, "level": 1}, {"from": 10, "to": 12.5, "level": 2}, {"from": 13, "level": 3}]
    written = asi_ranges(ScoreRange.model_validate(item) for item in scale)
    assert written == "(-INF TO 9 => 1, 10 TO 12.5 => 2, 13 TO INF => 3)"


RESIDUES = "LMid*"
residue_items = st.builds(
    lambda position, residues, inverted: ResidueAtom(
        position=position, residues=tuple(sorted(residues)), inverted=inverted
    ),
    st.integers(1, 4),
    st.sets(st.sampled_from(RESIDUES), min_size=1, max_size=3),
    st.booleans(),
)


@st.composite
def counts(draw: st.DrawFn, parts: st.SearchStrategy[Condition]) -> CountOf:
    of = tuple(draw(st.lists(parts, min_size=1, max_size=3)))
    least = draw(st.none() | st.integers(0, len(of)))
    most = draw(st.integers(least or 0, len(of)) if least is None else st.none() | st.integers(least, len(of)))
    return CountOf(at_least=least, at_most=most, of=of)


conditions = st.recursive(
    residue_items,
    lambda parts: st.one_of(
        st.builds(lambda of: Not(of=of), parts),
        st.builds(lambda of: AllOf(of=tuple(of)), st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda of: AnyOf(of=tuple(of)), st.lists(parts, min_size=1, max_size=3)),
        counts(parts),
    ),
    max_leaves=6,
)
genotypes = st.dictionaries(st.integers(1, 4), st.sets(st.sampled_from(RESIDUES + "V"), min_size=1), max_size=4)


@settings(max_examples=150, deadline=None)
@given(conditions, st.lists(genotypes, min_size=5, max_size=10))
def test_a_condition_written_and_read_again_means_the_same(condition: Condition, samples: list[Genotype]) -> None:
    again = condition_of(asi_condition(condition))
    for genotype in samples:
        assert holds(again, genotype) == holds(condition, genotype)


@settings(max_examples=60, deadline=None)
@given(conditions)
def test_what_was_read_is_written_and_read_as_the_very_same(condition: Condition) -> None:
    once = condition_of(asi_condition(condition))
    assert condition_of(asi_condition(once)) == once


score_items = st.recursive(
    st.builds(AsiScoreItem, residue_items, st.sampled_from([-10.0, -2.5, 0.0, 5.0, 20.0])),
    lambda items: st.builds(lambda of: LargestOf(tuple(of)), st.lists(items, min_size=1, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(score_items, st.lists(genotypes, min_size=5, max_size=10))
def test_flattening_nested_max_changes_no_score(item: AsiScoreItem | LargestOf, samples: list[Genotype]) -> None:
    flat = flattened(item)
    for genotype in samples:
        fired = [part.score for part in flat if holds(part.when, genotype)]
        assert max(fired, default=0.0) == largest((item,) if isinstance(item, AsiScoreItem) else item.of, genotype)
