"""A slip in the form of a YAML file is told where it is mended, and in words that need no knowledge of parsers."""

from __future__ import annotations

import pytest

from resistab.files.yaml_source import read_yaml

ROW = """drug: osimertinib
rows:
  - id: OSI-001
    status: active
    when: EGFR T790M
    tumour_types: [NSCLC]
    evidence:
      - reference: PMID:24934779
        level: B
        statement: One man.
"""
PARSER_WORDS = ("malformed", "scanning", "parsing", "token", "scalar", "mapping", "sequence", "stream")


def told(old: str, new: str) -> str:
    assert ROW.count(old) == 1
    source, faults = read_yaml(ROW.replace(old, new), "t.yaml")
    assert source.data is None
    (fault,) = faults
    assert fault.code == "RT006"
    said = str(fault)
    assert not any(word in said for word in PARSER_WORDS)
    return said.removeprefix("t.yaml:")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    status", "\tstatus", "4:1: a tab at the beginning of the line; expected blanks"),
        ("status: active", "status active", "4:5: no colon behind the field 'status'; expected 'status: active'"),
        ("    evidence:", "    evidence", "7:5: no colon behind the field 'evidence'; expected 'evidence:'"),
        ("status: active", "status:active", "4:5: no blank behind the colon of 'status'; expected 'status: active'"),
        ("when: EGFR", "when: 'EGFR", "5:11: the quote that begins here is never closed"),
        ("statement: One", 'statement: "One', "10:20: the quote that begins here is never closed"),
        ("   when", "  when", "5:4: the line is indented as no other around it; expected as many blanks as"),
        ("    when", "      when", "5:11: the line is indented further than the one above, which has a value"),
        ("One man.", "One man: well.", "10:27: the text of 'statement' has a colon in it and is not in quotes"),
        ("[NSCLC]", "[NSCLC", "6:19: the bracket '[' is not closed; expected ']' at the end of the list"),
        ("[NSCLC]", "[NSCLC]]", "6:26: the bracket ']' was never opened"),
        ("- reference", "-reference", "8:7: no blank behind the dash; expected '- ' before the item"),
        ("EGFR T790M", "@EGFR", "5:11: a text cannot begin with '@' unless it is in quotes; expected the text in"),
        ("One man.", '"One" man.', "10:26: text behind the closing quote; expected the whole text in quotes"),
        ("One man.", '"a\\d"', "10:22: a backslash within double quotes begins a special character"),
    ],
)
def test_a_slip_is_told_in_a_curators_words(old: str, new: str, said: str) -> None:
    assert told(old, new).startswith(said)


def test_what_is_expected_can_be_copied() -> None:
    mended = told("One man.", "One man: he stayed.").rpartition("in quotes: ")[2]
    source, faults = read_yaml(ROW.replace("One man.", mended), "t.yaml")
    assert faults == []
    assert source.data["rows"][0]["evidence"][0]["statement"] == "One man: he stayed."
