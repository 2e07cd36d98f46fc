"""YAML as it is read here: every value with its place, nothing let pass in silence, nothing that ends the process."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.files.yaml_source import MOST_NESTED, Source, read_yaml, read_yaml_file


def faults(text: str) -> list[str]:
    return [str(fault) for fault in read_yaml(text, "file")[1]]


def test_values_keys_and_items_have_their_place():
    source, _ = read_yaml("drug: gefitinib\nrows:\n  - id: GEF-001\n    score: 30\n", "file")

    assert source.data == {"drug": "gefitinib", "rows": [{"id": "GEF-001", "score": 30}]}
    assert source.places[("rows", 0, "score")] == (4, 12)
    assert source.keys[("rows", 0, "score")] == (4, 5)


def test_fault_of_a_value_that_is_not_there_stands_at_its_parent():
    source, _ = read_yaml("rows:\n  - id: GEF-001\n", "file")

    assert str(source.fault(("rows", 0, "score"), "no score")) == "file:2:5: no score"


def test_fault_of_a_file_without_places_names_the_file():
    assert str(Source("file", None).fault(("rows",), "no rows")) == "file: no rows"


def test_key_given_twice_is_told_with_the_line_of_the_first_key():
    text = "rows:\n  - a\n  - b\ndrug: x\nrows: []\n"

    assert faults(text) == ["file:5:1: the key 'rows' is given twice, first on line 1; expected each key once"]


def test_every_key_given_twice_is_told():
    assert len(faults("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n")) == 3


@pytest.mark.parametrize("text", ["a: &x one\nb: *x\n", "a: &x [1]\nb: *x\n", "a: &x {b: 1}\nc: *x\n"])
def test_alias_of_any_kind_of_value_is_refused_where_it_stands(text):
    line = len(text.splitlines())

    assert faults(text) == [f"file:{line}:4: the alias '*x'; expected the value itself, written out"]


def test_billion_laughs_are_refused_before_they_are_told():
    text = "a0: &a0 [ha]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))

    assert len(faults(text)) == 118


def test_value_that_holds_itself_is_refused():
    assert faults("- &a [*a]\n") == ["file:1:7: the alias '*a'; expected the value itself, written out"]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!str", "!own"])
def test_tag_is_refused_and_not_followed(tag):
    assert faults(f"a: {tag} [x]\n") == [f"file:1:4: the tag '{tag}'; expected a value without a tag"]


def test_nesting_up_to_the_bound_is_read():
    source, found = read_yaml("[" * MOST_NESTED + "]" * MOST_NESTED, "file")

    assert not found
    depth, data = 1, source.data
    while data:
        depth, data = depth + 1, data[0]
    assert depth == MOST_NESTED


@pytest.mark.parametrize("depth", [MOST_NESTED + 1, 10 * MOST_NESTED])
def test_nesting_beyond_the_bound_is_refused_at_its_place(depth):
    place = f"file:1:{MOST_NESTED + 1}"
    assert faults("[" * depth) == [f"{place}: malformed YAML: nested too deeply; expected at most 60 levels"]


def test_nesting_far_beyond_the_bound_does_not_end_the_process():
    program = (
        "from resistab.files.yaml_source import read_yaml; print(read_yaml('[' * 200000 + ']' * 200000, 'f')[1][0])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.returncode == 0
    # Newer versions of libyaml refuse at a bound of their own, further on.
    assert re.fullmatch(r"f:1:\d+: malformed YAML: nested too deeply; expected at most 60 levels\n", done.stdout)


def test_what_is_no_date_or_number_is_left_as_written():
    source, found = read_yaml("day: 2026-02-30\n2026-13-01: x\nsign: =\n", "file")

    assert not found
    assert source.data == {"day": "2026-02-30", "2026-13-01": "x", "sign": "="}


def test_key_that_yaml_takes_for_a_truth_value_is_a_word():
    assert read_yaml("yes: 1\nno: 2\n", "file")[0].data == {"yes": 1, "no": 2}


def test_character_that_is_no_text_is_told_by_its_column():
    assert faults("a: é\nü: \x07\n") == ["file:2:4: malformed YAML: the character U+0007 is not text"]


def test_more_than_one_document_is_refused():
    assert faults("a: 1\n---\nb: 2\n") == [
        "file:2:1: malformed YAML: expected a single document in the stream begun on line 1, but found another document"
    ]


def test_byte_order_mark_is_passed_over(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")

    assert read_yaml_file(path, "file")[0].data == {"a": 1}


def test_file_that_is_not_there_is_a_fault(tmp_path):
    _, found = read_yaml_file(tmp_path / "none.yaml", "file")

    assert [str(fault) for fault in found] == ["file: cannot be read: No such file or directory"]


yaml_like = st.lists(
    st.one_of(
        st.text(max_size=4),
        st.sampled_from(
            [
                "a",
                "b",
                ": ",
                "- ",
                "\n",
                "  ",
                "{",
                "}",
                "[",
                "]",
                "&x ",
                "*x",
                "!t ",
                "---\n",
                "...\n",
                "'",
                '"',
                "? ",
                "|",
                ">",
                "%",
                "#",
                "<<",
                "2026-02-30",
                "0x",
                "1e999",
                "~",
                "\t",
                "@",
                "\ud800",
                "\x85",
            ]
        ),
    ),
    max_size=30,
).map("".join)


@given(yaml_like)
def test_no_text_is_met_by_anything_but_data_and_faults(text):
    source, found = read_yaml(text, "file")

    assert all(str(fault).startswith("file") for fault in found)
    assert not found or source.data is None or isinstance(source.data, dict | list)


@given(st.binary(max_size=200))
def test_no_file_is_met_by_anything_but_data_and_faults(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)

    source, found = read_yaml_file(path, "file")
    assert isinstance(source, Source)
    assert all(str(fault).startswith("file") for fault in found)


@pytest.mark.parametrize(
    "written",
    [
        "0x1F",
        "0b11",
        "010",
        "0o10",
        "1_000",
        "1:30",
        "1:30.5",
        ":".join("1" * 200_000),
        "9" * 5000,
        ".inf",
        "-.INF",
        ".nan",
    ],
)
def test_number_that_only_yaml_takes_for_one_stays_as_written(written):
    source, found = read_yaml(f"value: {written}\n{written[:500]}: 1\n", "file")

    assert (source.data["value"], found) == (written, [])


@pytest.mark.parametrize(
    ("written", "value"), [("0", 0), ("-12", -12), ("12.50", 12.5), ("1.0e-3", 0.001), ("'1'", "1")]
)
def test_number_in_digits_is_one(written, value):
    data = read_yaml(f"value: {written}\n", "file")[0].data

    assert (data["value"], type(data["value"])) == (value, type(value))


@pytest.mark.parametrize(
    "written", ["0001-01-01T00:00:00+23:59", "2026-01-01T00:00:00+99:99", "9999-12-31T23:59:59-23:59"]
)
def test_time_at_the_end_of_time_is_no_failure(written):
    assert read_yaml(f"value: {written}\n", "file")[1] == []
