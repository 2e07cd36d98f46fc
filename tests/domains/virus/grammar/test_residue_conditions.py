"""Conditions over a virus's residues: what is meant by them, and what is refused at which column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    CountOf,
    Not,
    condition_text,
)
from resistab.core.grammar import MOST_NESTED, ConditionSyntaxError
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.conditions import parse_residue_condition
from resistab.domains.virus.grammar.residues import ALPHABET, residue_order
from tests.cases import cases_beside

ATOM = "a position and residues such as 184I/V, 69ins or 67del"
RESIDUES = "residues in one-letter code, * (stop), ins or del, such as 184I/V, 69ins or 41 other than L"


def residue(position: int, residues: str, inverted: bool = False) -> ResidueAtom:
    return ResidueAtom(position=position, residues=tuple(residues), inverted=inverted)


L41, N67, FY215 = residue(41, "L"), residue(67, "N"), residue(215, "FY")


# --- what is meant ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("41L", L41),
        ("184I/V", residue(184, "IV")),
        ("184VI", residue(184, "IV")),
        ("69ins", residue(69, "i")),
        ("67del", residue(67, "d")),
        ("67E/del", residue(67, "Ed")),
        ("230*", residue(230, "*")),
        ("41 other than L", residue(41, "L", inverted=True)),
        ("54 OTHER THAN I/V", residue(54, "IV", inverted=True)),
        ("69 other than T/ins", residue(69, "Ti", inverted=True)),
    ],
)
def test_residues_at_a_position_are_read(text: str, condition: Condition) -> None:
    assert parse_residue_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("not 41L", Not(of=L41)),
        ("not 41 other than L", Not(of=residue(41, "L", inverted=True))),
        ("41L and 67N", AllOf(of=(L41, N67))),
        ("41L or 67N or 215F/Y", AnyOf(of=(L41, N67, FY215))),
        ("41L and (67N or 215F/Y)", AllOf(of=(L41, AnyOf(of=(N67, FY215))))),
        ("(41L or 67N) and not 215Y/F", AllOf(of=(AnyOf(of=(L41, N67)), Not(of=FY215)))),
        ("none of (41L, 67N)", Not(of=AnyOf(of=(L41, N67)))),
        ("at least 2 of (41L, 67N, 215F/Y)", CountOf(at_least=2, of=(L41, N67, FY215))),
        ("at least 0 of (41L)", CountOf(at_least=0, of=(L41,))),
        ("at most 1 of (41L, 67N)", CountOf(at_most=1, of=(L41, N67))),
        ("exactly 1 of (41L, 67N)", CountOf(at_least=1, at_most=1, of=(L41, N67))),
        ("between 1 and 2 of (41L, 67N, 215F/Y)", CountOf(at_least=1, at_most=2, of=(L41, N67, FY215))),
        ("at least 1 of (41L and 67N, 215F/Y)", CountOf(at_least=1, of=(AllOf(of=(L41, N67)), FY215))),
    ],
)
def test_connectives_and_counts_are_read(text: str, condition: Condition) -> None:
    assert parse_residue_condition(text) == condition


def test_the_gene_is_left_to_the_table() -> None:
    atom = parse_residue_condition("184V")

    assert isinstance(atom, ResidueAtom)
    assert atom.gene == ""
    assert condition_text(atom.model_copy(update={"gene": "RT"})) == "RT 184V"


# --- what is written is read back ---------------------------------------------------------------------------

atoms = st.builds(
    lambda position, residues, inverted: residue(position, "".join(sorted(residues, key=residue_order)), inverted),
    st.integers(1, 9999),
    st.sets(st.sampled_from(sorted(ALPHABET)), min_size=1, max_size=6),
    st.booleans(),
)


def _compound(of: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(of, min_size=2, max_size=5).map(tuple)
    some = st.lists(of, min_size=1, max_size=5).map(tuple)
    bound = st.integers(0, 6)
    return st.one_of(
        several.map(lambda parts: AllOf(of=parts)),
        several.map(lambda parts: AnyOf(of=parts)),
        of.map(lambda part: Not(of=part)),
        st.builds(lambda least, parts: CountOf(at_least=least, of=parts), bound, some),
        st.builds(lambda most, parts: CountOf(at_most=most, of=parts), bound, some),
        st.builds(lambda least, most, parts: CountOf(at_least=least, at_most=most, of=parts), bound, bound, some),
    )


@given(st.recursive(atoms, _compound, max_leaves=12))
def test_what_is_written_is_read_back(condition: Condition) -> None:
    assert parse_residue_condition(condition_text(condition)) == condition


# --- what is refused ----------------------------------------------------------------------------------------


@cases_beside
def test_refusal_says_where_what_was_found_and_what_was_expected(
    text: str, column: int, found: str, expected: str
) -> None:
    with pytest.raises(ConditionSyntaxError) as raised:
        parse_residue_condition(text)

    assert (raised.value.column, raised.value.found, raised.value.expected) == (column, found, expected)


def test_nesting_has_a_bound() -> None:
    assert parse_residue_condition("(" * (MOST_NESTED - 1) + "41L" + ")" * (MOST_NESTED - 1)) == L41
    with pytest.raises(ConditionSyntaxError, match=f"nested at most {MOST_NESTED} deep"):
        parse_residue_condition("(" * MOST_NESTED + "41L" + ")" * MOST_NESTED)


@given(st.text(max_size=30))
def test_any_other_text_is_refused_and_nothing_worse(text: str) -> None:
    try:
        parse_residue_condition(text)
    except ConditionSyntaxError as error:
        assert 1 <= error.column <= len(text) + 1
