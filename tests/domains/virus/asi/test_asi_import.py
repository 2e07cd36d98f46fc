"""ASI2 files read as rule sets: what becomes of each part, and what is said of a file that is not in order."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from resistab.core.condition import condition_text
from resistab.core.faults import InputError
from resistab.core.scoring import ScoreRange
from resistab.domains.virus.asi.reader import read_asi
from resistab.domains.virus.asi.xml import MOST_BYTES, MOST_ELEMENTS
from resistab.domains.virus.grammar.residues import residues_text
from resistab.domains.virus.kinds.models import ScoreRule, ViralRulebase
from tests.cases import cases_beside
from tests.paths import COMPLETE_ASI as COMPLETE

TODAY = datetime.date(2026, 1, 2)


def faults_of(path: Path) -> list[str]:
    """Every fault without the file's name: ``12:5: message; expected …``."""
    with pytest.raises(InputError) as caught:
        read_asi(path, on=TODAY)
    assert all(fault.where == str(path) for fault in caught.value.faults)
    return [str(fault).removeprefix(f"{path}:").strip() for fault in caught.value.faults]


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = COMPLETE.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "changed.xml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def complete() -> ViralRulebase:
    return read_asi(COMPLETE, on=TODAY)[0]


def lines(rule: ScoreRule) -> dict[int, dict[str, float]]:
    return {
        position: {residues_text(residues): score for residues, score in line.items()}
        for position, line in rule.scores.items()
    }


# --- what becomes of each part ------------------------------------------------------------------------------------


def test_the_manifest_says_where_the_rules_come_from(complete: ViralRulebase) -> None:
    manifest = complete.manifest
    assert (manifest.ruleset, manifest.name, manifest.version) == ("example-1-2", "Example 1.2", "0.1.0")
    assert (manifest.source.algorithm, manifest.source.version) == ("Example", "1.2")
    assert manifest.date == manifest.source.date == datetime.date(2024, 5, 6)
    assert manifest.licence == "not stated in the file"
    assert [(level.level, level.name, level.sir) for level in manifest.scoring.levels] == [
        (1, "Susceptible", "S"),
        (2, "Intermediate", "I"),
        (3, "Resistant", "R"),
    ]
    assert manifest.scoring.default_level == 1
    assert [(item.from_score, item.to_score, item.level) for item in manifest.scoring.scale] == [
        (None, 9, 1),
        (10, 29, 2),
        (30, None, 3),
    ]


def test_genes_classes_and_drugs_are_named_without_blanks(complete: ViralRulebase) -> None:
    assert [(gene.symbol, gene.drug_classes) for gene in complete.genes] == [
        ("PR", ("PI",)),
        ("RT", ("NRTI", "NNRTI")),
    ]
    assert [(drug.name, drug.full_name, drug.drug_class) for drug in complete.drugs] == [
        ("ABC", "abacavir", "NRTI"),
        ("3TC", "lamivudine", "NRTI"),
        ("EFV", None, "NNRTI"),
        ("ATV/r", None, "PI"),
        ("DRV/r", None, "PI"),
    ]


def test_items_of_one_position_become_its_line(complete: ViralRulebase) -> None:
    assert lines(complete.table_of["ABC"].score_rules[0]) == {
        41: {"L": 5},
        65: {"E": 10, "N": 30, "R": 45},
        67: {"E/G": 5, "del": 15},
        184: {"I/V": 15},
    }


def test_a_second_item_at_a_position_adds(
    complete: ViralRulebase,
) -> None:
    found = [
        (row.id, [(condition_text(item.when), item.score) for item in row.items])
        for row in complete.table_of["ABC"].combinations
    ]
    assert found == [
        ("ABC-C01", [("184V", 5)]),
        ("ABC-C02", [("41L and 215F/Y", 10), ("41L and 215A/C", 5)]),
        ("ABC-C03", [("41L and 210W", -2.5)]),
    ]


def test_each_score_of_a_drug_has_its_own_or_global_ranges(complete: ViralRulebase) -> None:
    table = complete.table_of["ABC"]
    assert [(item.from_score, item.to_score, item.level) for item in table.scale] == [
        (None, 9.5, 1),
        (10, 19.5, 2),
        (20, None, 3),
    ]
    (second,) = table.further_scores
    assert lines(second) == {69: {"ins": 40}, 151: {"M": 20}}
    assert second.scale == ()
    assert complete.scale_of(second) == complete.manifest.scoring.scale


def test_rules_give_levels_and_comments(complete: ViralRulebase) -> None:
    rules = [rule for table in complete.tables for rule in table.rules]
    assert [(rule.id, condition_text(rule.when), rule.level, rule.comment) for rule in rules] == [
        ("EFV-L01", "(103N or 188L) and 100I", 3, "FromRule"),
        ("EFV-L02", "between 2 and 3 of (98G, 101E/P, not 103R, 190 other than G)", 2, None),
        ("ATV/r-L01", "50L and not 84V", 3, None),
        ("DRV/r-L01", "exactly 2 of (32I, 47V, 54*)", 2, None),
    ]


def test_comments_stand_with_their_gene_and_rules_are_joined(complete: ViralRulebase) -> None:
    (file,) = complete.comments
    assert file.gene == "RT"
    assert [(item.id, item.when and condition_text(item.when), item.text, item.sort) for item in file.comments] == [
        ("RT184VI", "184I/V", "The commonest change: <5% & more.", 2),
        ("RT69i", "69ins or (68ins and 70R)", "An insertion at 69.", 1),
        ("FromRule", None, "Given by the rule of a drug.", 1),
    ]


def test_comparisons_of_a_level_become_levels(complete: ViralRulebase) -> None:
    (comment,) = complete.result_comments
    assert comment.id == "BothHigh"
    assert [(item.drug, item.levels) for item in comment.when] == [("ATV/r", (2,)), ("DRV/r", (2, 3))]


@pytest.mark.parametrize(
    ("comparison", "levels"),
    [
        ("<LT>2</LT>", (1,)),
        ("<LTE>2</LTE>", (1, 2)),
        ("<GT>2</GT>", (3,)),
        ("<GTE>2</GTE>", (2, 3)),
        ("<EQ>2</EQ>", (2,)),
        ("<NEQ>2</NEQ>", (1, 3)),
        ("<GTE>2</GTE><LTE>2</LTE>", (2,)),
    ],
)
def test_every_comparison_is_known(tmp_path: Path, comparison: str, levels: tuple[int, ...]) -> None:
    path = changed(tmp_path, ("<GTE>2</GTE><NEQ>3</NEQ>", comparison))
    assert read_asi(path, on=TODAY)[0].result_comments[0].when[0].levels == levels


def test_two_rules_for_a_comment_hold_for_either_level(tmp_path: Path) -> None:
    rule = (
        "<RESULT_COMMENT_RULE><DRUG_LEVEL_CONDITIONS><DRUG_LEVEL_CONDITION><DRUG_NAME>{}</DRUG_NAME><EQ>{}</EQ>"
        "</DRUG_LEVEL_CONDITION></DRUG_LEVEL_CONDITIONS><LEVEL_ACTION><COMMENT ref='RT69i'/></LEVEL_ACTION>"
        "</RESULT_COMMENT_RULE>"
    )
    rules = rule.format("EFV", 1) + rule.format("EFV", 3) + rule.format("ABC", 3)
    rulebase, remarks = read_asi(changed(tmp_path, ("</RESULT_COMMENTS>", f"{rules}</RESULT_COMMENTS>")), on=TODAY)
    found = [(item.id, item.when[0].drug, item.when[0].levels) for item in rulebase.result_comments[1:]]
    # The id itself is that of the comment on mutations.
    assert found == [("RT69i-2", "EFV", (1, 3)), ("RT69i-3", "ABC", (3,))]
    assert "The comment RT69i is given in several places, here also as RT69i-2." in remarks


def test_without_a_date_the_given_one_is_taken(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ("<ALGDATE>2024-05-06</ALGDATE>", ""),
        ("<ALGNAME>Example<", "<ALGNAME>Rega v10.0.0<"),
        ("<ALGVERSION>1.2<", "<ALGVERSION>10.0.0<"),
    )
    manifest = read_asi(path, on=TODAY)[0].manifest
    assert (manifest.ruleset, manifest.name, manifest.date) == ("rega-v10-0-0", "Rega v10.0.0", TODAY)
    assert manifest.source.date is None
    assert read_asi(path, on=TODAY, ruleset="mine")[0].manifest.ruleset == "mine"
    with pytest.raises(InputError, match="'My Rules' cannot name a rule set"):
        read_asi(path, on=TODAY, ruleset="My Rules")


def test_an_end_of_ranges_no_score_can_pass_is_left_open(tmp_path: Path) -> None:
    path = changed(tmp_path, ("-INF TO 9 => 1,  10 TO 29 => 2,  30 TO INF", "0 TO 9 => 1, 10 TO 29 => 2, 30 TO 60"))
    scale = read_asi(path, on=TODAY)[0].manifest.scoring.scale
    assert scale[0] == ScoreRange.model_validate({"to": 9, "level": 1})
    assert scale[-1] == ScoreRange.model_validate({"from": 30, "level": 3})


# --- what has no effect -------------------------------------------------------------------------------------------


def test_the_complete_file_says_one_thing_without_effect(complete: ViralRulebase) -> None:
    assert complete.manifest.without_effect == ("The drug 3TC has no rules (line 61).",)
    assert "3TC" not in complete.table_of


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        ("ABC, 3TC", "ABC, 3TC, TDF", "The class NRTI lists TDF, for which there is no <DRUG>."),
        ("ABC, 3TC", "¦ABC, 3TC, ABC", "The class NRTI lists ABC twice"),
        (
            "<GENE_DEFINITION><NAME>PR",
            "<GENE_DEFINITION><NAME>IN</NAME></GENE_DEFINITION><GENE_DEFINITION><NAME>PR",
            "The gene IN has neither drugs nor comments.",
        ),
        (
            "<GLOBALRANGE>",
            "¦<DRUGCLASS><NAME>EI</NAME><DRUGLIST>T20</DRUGLIST></DRUGCLASS><GLOBALRANGE>",
            "The drug class EI acts on no gene, and is left out with its drugs",
        ),
        ("<USE_GLOBALRANGE/>", "-INF TO INF => 1", "No score uses the <GLOBALRANGE>"),
        ("10 TO 29", "¦5 TO 4 => 3, 10 TO 29", "The range 5 TO 4 holds no score"),
        ('ref="BothHigh"', 'ref="RT69i"', "The comment BothHigh is given by no rule"),
        ("<GTE>2</GTE><NEQ>3", "<GTE>3</GTE><NEQ>3", "The comment BothHigh is for no level of ATV/r"),
        ("FROM (32I, 47V, 54Z)", "¦FROM (32I)", "'SELECT EXACTLY 2 FROM (32I)' can never hold"),
        ("65R => 45", "65R => 45, 65R => 5", "In ABC 65R => 5 stands in a MAX beside a larger score for the same"),
        ("<SIR>S</SIR>", "<SIR>S</SIR>¦<COLOUR>green</COLOUR>", "The element <COLOUR> in <LEVEL_DEFINITION> is not"),
        ("  <DRUG>\n", "  stray <DRUG>\n", "The text 'stray' stands in <ALGORITHM>, which holds only elements"),
        (
            "<FULLNAME>",
            "¦<MUTATION_TYPE><TYPE_NAME>major</TYPE_NAME><MUTATIONS>184V</MUTATIONS></MUTATION_TYPE><FULLNAME>",
            "The types of mutations of a drug are not taken over",
        ),
        ('<COMMENT ref="RT184VI"/>', '¦<LEVEL>2</LEVEL><COMMENT ref="RT184VI"/>', "<LEVEL> stands in a rule for comm"),
    ],
)
def test_what_has_no_effect_is_told(tmp_path: Path, old: str, new: str, remark: str) -> None:
    """``¦`` marks the line that the sentence names."""
    line = COMPLETE.read_text("utf-8").replace(old, new, 1).partition("¦")[0].count("\n") + 1
    rulebase, remarks = read_asi(changed(tmp_path, (old, new.replace("¦", ""))), on=TODAY)
    (told,) = (sentence for sentence in remarks if sentence.startswith(remark))
    assert "¦" not in new or told.endswith(f" (line {line}).")
    assert rulebase.manifest.without_effect == tuple(remarks)


def test_an_empty_list_of_result_comments_is_told(tmp_path: Path) -> None:
    text = COMPLETE.read_text("utf-8")
    begun, _, _ = text.partition("<RESULT_COMMENTS>")
    path = tmp_path / "empty.xml"
    path.write_text(f"{begun}<RESULT_COMMENTS/></ALGORITHM>", encoding="utf-8")
    remarks = read_asi(path, on=TODAY)[1]
    assert any(sentence.startswith("<RESULT_COMMENTS> holds no rule") for sentence in remarks)


# --- files that are not in order ----------------------------------------------------------------------------------


@cases_beside
def test_a_fault_is_told_with_its_place_and_what_was_expected(tmp_path: Path, old: str, new: str, fault: str) -> None:
    """``¦`` marks the place that the fault names."""
    before, mark, _ = COMPLETE.read_text("utf-8").replace(old, new, 1).partition("¦")
    place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}: " if mark else ""
    faults = faults_of(changed(tmp_path, (old, new.replace("¦", ""))))
    assert faults[0].startswith(place) and fault in faults[0]
    assert len(faults) == 1


def test_what_is_missing_altogether_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bare.xml"
    path.write_text("<ALGORITHM><ALGNAME>Bare</ALGNAME><DEFINITIONS/></ALGORITHM>", encoding="utf-8")
    assert faults_of(path) == [
        "1:35: no level is defined; expected <LEVEL_DEFINITION>",
        "1:35: no gene is defined; expected <GENE_DEFINITION>",
    ]


def test_a_score_needs_ranges_to_be_read_by(tmp_path: Path) -> None:
    text = COMPLETE.read_text("utf-8")
    begun, _, rest = text.partition("<GLOBALRANGE>")
    path = tmp_path / "changed.xml"
    path.write_text(begun + rest.partition("</GLOBALRANGE>")[2], encoding="utf-8")
    assert faults_of(path) == [
        "47:16: there is no <GLOBALRANGE> to use; expected ranges, or <GLOBALRANGE> in <DEFINITIONS>"
    ]


def test_all_faults_are_told_in_one_run_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = changed(
        tmp_path, ("<SIR>I<", "<SIR>X<"), ("50L AND", "50L AN"), ('ref="RT69i"', 'ref="RT70"'), ("69i =&gt; 40", "69i")
    )
    assert [fault.partition(": ")[0] for fault in faults_of(path)] == ["12:72", "46:33", "65:25", "80:48"]


# --- XML that is not to be trusted --------------------------------------------------------------------------------


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "given.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


BOMB = (
    '<!DOCTYPE ALGORITHM [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<ALGORITHM><ALGNAME>&b;</ALGNAME></ALGORITHM>"
)
OUTSIDE = '<!DOCTYPE ALGORITHM [<!ENTITY a SYSTEM "file:///etc/passwd">]><ALGORITHM><ALGNAME>&a;</ALGNAME></ALGORITHM>'


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (BOMB, "1:21: the DOCTYPE declares something itself; expected a DOCTYPE without brackets, and no entities"),
        (OUTSIDE, "1:21: the DOCTYPE declares something itself; expected a DOCTYPE without brackets, and no entities"),
        (
            '<!DOCTYPE ALGORITHM SYSTEM "x.dtd">\n<ALGORITHM>&eacute;</ALGORITHM>',
            "2:12: the entity '&eacute;' is not defined; expected the character itself",
        ),
        ("<ALGORITHM><ALGNAME></ALGORITHM>", "1:23: malformed XML: mismatched tag"),
        ("not XML", "1:1: malformed XML: syntax error"),
        ("", "is empty; expected an ASI2 algorithm in XML"),
        (b"\xff\xfe\x00", "1:2: malformed XML: "),
        ('<?xml version="1.0" encoding="utf-9000"?><ALGORITHM/>', "1:"),
        ("<html><body/></html>", "1:1: is XML but no ASI2 algorithm: its root is <html>; expected <ALGORITHM>"),
        ("<ALGORITHM/>", "1:1: <ALGORITHM> has no <DEFINITIONS>; expected <DEFINITIONS>"),
        ("<ALGORITHM>" + "<DRUG>" * 100 + "</DRUG>" * 100 + "</ALGORITHM>", "1:186: elements nested too deeply"),
        ("<ALGORITHM>" + "<DRUG/>" * (MOST_ELEMENTS + 1) + "</ALGORITHM>", "1:350005: too many elements; expected at"),
    ],
)
def test_xml_that_is_no_algorithm_is_one_fault(tmp_path: Path, content: str | bytes, fault: str) -> None:
    (told,) = faults_of(written(tmp_path, content))
    assert told.startswith(fault)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "missing.xml") == ["cannot be read: No such file or directory"]
    assert faults_of(tmp_path) == ["is a folder; expected an ASI2 algorithm in XML"]
    (large,) = faults_of(written(tmp_path, b" " * (MOST_BYTES + 1)))
    assert large.startswith("is larger than 10 MB")


def test_other_encodings_are_read_by_their_declaration(tmp_path: Path) -> None:
    text = (
        COMPLETE.read_text("utf-8")
        .replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
        .replace("An insertion", "Une clé")
    )
    rulebase = read_asi(written(tmp_path, text.encode("latin-1")), on=TODAY)[0]
    assert rulebase.comments[0].comments[1].text == "Une clé at 69."
