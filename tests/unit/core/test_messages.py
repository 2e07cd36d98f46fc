"""Text that quotes an input: printable, bounded, with suggestions that are the nearest words."""

from __future__ import annotations

import difflib
import random

import pytest

from resistab.core.faults import Fault, NotUnderstood
from resistab.core.nearest import nearest
from resistab.core.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\x07\x00\x7f\x9b", "\\x07\\x00\\x7f\\x9b"),
        ("a\u202eb\u2066c\u2069", "a\\u202eb\\u2066c\\u2069"),
        ("one\ntwo\r\tthree\u2028", "one\\ntwo\\r\\tthree\\u2028"),
        ("\udcff\ud800", "\\xff\\ud800"),
        ("Ünïcode, 肺, naïve\xa0text", "Ünïcode, 肺, naïve\xa0text"),
    ],
)
def test_what_steers_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert str(Fault(where=text, message=text, expected=text, suggestion=text)) == (
        f"{shown}: {shown}; expected {shown}; did you mean {shown}?"
    )
    assert NotUnderstood(entry=text, reason=text).entry == shown


def test_a_message_quotes_no_more_than_is_read() -> None:
    assert len(Fault(where="f", message="x" * 10_000_000).message) <= 4000
    long = Fault(where="f", message=f"the sample '{'s' * 5000}' is given twice").message
    assert long == f"the sample '{'s' * 197}...' is given twice"


def test_suggestions_are_those_of_the_slow_search() -> None:
    chance = random.Random(1)
    known = [
        "".join(chance.choice("ABCDEFGKLMNPRST0123456789-") for _ in range(chance.randint(2, 12))) for _ in range(400)
    ]
    for word in known[:100]:
        given = "".join(letter for letter in word if chance.random() > 0.25) + chance.choice(["", "X", "12"])
        slow = difflib.get_close_matches(given.casefold(), {name.casefold(): name for name in known}, n=3, cutoff=0.6)
        assert (nearest(given, known) or "").casefold() == " or ".join(slow)


def test_few_words_are_compared_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    known = tuple(f"{a}{b}{c}{number}" for a in "ABCDEFGH" for b in "IJKLM" for c in "NOPQR" for number in range(8))
    compared: list[int] = []
    search = difflib.get_close_matches
    monkeypatch.setattr(
        difflib,
        "get_close_matches",
        lambda word, words, **how: compared.append(len(words)) or search(word, words, **how),
    )
    for number in range(50):
        nearest(f"RP11-{number}A4.5", known)
        nearest(f"RP11-{number}A4.5", known)

    assert len(compared) <= 50
    assert sum(compared) < 50 * len(known) / 20


def test_for_what_is_no_word_nothing_is_suggested() -> None:
    assert nearest("E" * 1_000_000, ["EGFR"]) is None
