"""Residues at a position: twenty amino acids, a stop, an insertion, a deletion; how they are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.domains.virus.grammar.residues import ALPHABET, parse_residues, residue_order, residues_text
from tests.cases import cases_beside

sets_of_residues = st.sets(st.sampled_from(sorted(ALPHABET)), min_size=1)


def test_a_residue_is_one_of_twenty_three() -> None:
    assert "".join(sorted(ALPHABET, key=residue_order)) == "ACDEFGHIKLMNPQRSTVWY*di"


@pytest.mark.parametrize(
    ("text", "residues"),
    [
        ("V", ("V",)),
        ("I/V", ("I", "V")),
        ("V/I", ("I", "V")),
        ("IV", ("I", "V")),
        ("V/V/I", ("I", "V")),
        ("ins", ("i",)),
        ("del", ("d",)),
        ("*", ("*",)),
        ("G/ins", ("G", "i")),
        ("Gins", ("G", "i")),
        ("E/del", ("E", "d")),
        # In capitals it is three amino acids.
        ("INS", ("I", "N", "S")),
        ("insdel*Y", ("Y", "*", "d", "i")),
        # Six residues at one position: more than four are no reason to leave any out.
        ("S/T/C/D/E/V", ("C", "D", "E", "S", "T", "V")),
    ],
)
def test_residues_are_read_in_order(text: str, residues: tuple[str, ...]) -> None:
    assert parse_residues(text) == residues


@cases_beside
def test_anything_else_is_no_residue(text: str) -> None:
    """X, B and Z stand for what was not read for certain, and no rule can ask for that."""
    assert parse_residues(text) is None


@pytest.mark.parametrize(
    ("residues", "with_slashes", "together"),
    [
        (("V", "I"), "I/V", "IV"),
        (("i", "T", "G"), "G/T/ins", "GT_ins"),
        (("d", "i"), "del/ins", "del_ins"),
        (("*", "W"), "W/*", "W*"),
        (("d",), "del", "del"),
    ],
)
def test_residues_are_written_in_order(residues: tuple[str, ...], with_slashes: str, together: str) -> None:
    assert residues_text(residues) == with_slashes
    assert residues_text(residues, "") == together


@given(sets_of_residues)
def test_what_is_written_is_read_back(residues: set[str]) -> None:
    assert parse_residues(residues_text(residues)) == tuple(sorted(residues, key=residue_order))


@given(sets_of_residues, st.randoms(use_true_random=False))
def test_the_order_in_which_residues_are_written_changes_nothing(residues: set[str], chance) -> None:
    words = [{"i": "ins", "d": "del"}.get(residue, residue) for residue in residues]
    chance.shuffle(words)

    assert parse_residues("/".join(words)) == parse_residues(residues_text(residues))
