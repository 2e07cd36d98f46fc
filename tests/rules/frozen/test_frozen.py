"""The program says of every case, example and pattern what it said when their hashes were recorded.

What changes on purpose is recorded anew with ``python tools/freeze.py``. The cases of tumours are compared where they
are judged, in ``test_oncology_cases``.
"""

from __future__ import annotations

import pytest

from tools.freezing import (
    EXAMPLES,
    GROUPS,
    MOST_NAMED,
    ONCOLOGY_CASES,
    ROOT,
    complaint,
    hash_of,
    hashes,
    lasting,
    patterns,
    recorded,
)


@pytest.mark.parametrize("group", [group for group in GROUPS if group not in ONCOLOGY_CASES])
def test_what_is_said_stays_as_recorded(group: str) -> None:
    said = complaint(group, recorded().get(group, {}), hashes(GROUPS[group]()))
    assert not said, said


def test_every_group_was_recorded() -> None:
    assert list(recorded()) == list(GROUPS)
    assert all(recorded().values())


def test_every_example_is_among_the_commands() -> None:
    named = {word for command in EXAMPLES for word in command.split() if word.startswith("examples/")}
    # Tables of many patients, of which there are figures and no reports; pages that tests follow use them.
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    named |= {name for name in ("examples/hiv_phenotypes.csv", "examples/lung_outcomes.csv") if name in pages}
    assert named == {f"examples/{path.name}" for path in (ROOT / "examples").iterdir()}


def test_there_are_500_patterns_each_its_own() -> None:
    assert len(patterns()) == len(set(patterns())) == 500


def test_the_same_hashes_are_no_complaint() -> None:
    assert complaint("cases", {"one": "a"}, {"one": "a"}) == ""


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"one": "a", "two": "b"}, {"one": "a", "two": "c"}, "differs: two"),
        ({"one": "a", "two": "b"}, {"one": "a"}, "missing: two"),
        ({"one": "a"}, {"one": "a", "two": "b"}, "new: two"),
        ({}, {}, "nothing to compare: 0 entries recorded, 0 found"),
    ],
)
def test_what_differs_is_named(before: dict[str, str], now: dict[str, str], said: str) -> None:
    found = complaint("cases", before, now)
    assert said in found and "one\n" not in found
    assert "python tools/freeze.py cases --out" in found


def test_no_more_than_twenty_are_named() -> None:
    before = {f"entry {number}": "a" for number in range(30)}
    found = complaint("cases", before, dict.fromkeys(before, "b"))
    assert found.count("differs:") == MOST_NAMED == 20
    assert "and 10 more" in found


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two entries are called 'one'"):
        hashes([("one", {}), ("one", {"score": 1})])


def test_neither_digest_nor_version_counts() -> None:
    one = '{"software": {"version": "1"}, "ruleset": {"id": "x", "digest": "a"}, "score": 1}'
    other = '{"score": 1, "ruleset": {"digest": "b", "id": "x"}, "software": {"version": "2"}}'
    assert hash_of(lasting(one)) == hash_of(lasting(other))
    assert hash_of(lasting(one)) != hash_of(lasting(other.replace(": 1", ": 2")))
