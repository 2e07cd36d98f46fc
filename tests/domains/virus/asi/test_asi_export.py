"""Rule sets written as ASI2: import, export, import is the identity on meaning."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from resistab.core.faults import RulebaseError
from resistab.domains.virus.asi.reader import read_asi
from resistab.domains.virus.asi.writer import write_asi
from resistab.domains.virus.kinds.models import (
    Comment,
    CommentFile,
    DrugAtLevel,
    ResultComment,
    ViralGene,
    ViralRulebase,
)
from tests.paths import COMPLETE_ASI as COMPLETE

TODAY = datetime.date(2026, 1, 2)


@pytest.fixture(scope="module")
def complete() -> ViralRulebase:
    return read_asi(COMPLETE, on=TODAY)[0]


def again(rulebase: ViralRulebase, tmp_path: Path) -> ViralRulebase:
    path = tmp_path / "exported.xml"
    path.write_text(write_asi(rulebase), encoding="utf-8")
    return read_asi(path, on=TODAY)[0]


def without_remarks(rulebase: ViralRulebase) -> ViralRulebase:
    """Remarks name lines of the file that was read."""
    return rulebase.model_copy(update={"manifest": rulebase.manifest.model_copy(update={"without_effect": ()})})


def with_result(rulebase: ViralRulebase, *levels: int) -> ViralRulebase:
    comment = ResultComment(id="R", when=(DrugAtLevel(drug="ABC", levels=levels),), text="A result.")
    return rulebase.model_copy(update={"result_comments": (comment,)})


def test_what_was_imported_is_exported_and_imported_as_the_same(complete: ViralRulebase, tmp_path: Path) -> None:
    assert without_remarks(again(complete, tmp_path)) == without_remarks(complete)


def test_what_was_exported_is_exported_as_the_same_bytes(complete: ViralRulebase, tmp_path: Path) -> None:
    assert write_asi(again(complete, tmp_path)) == write_asi(complete)


def test_the_xml_reads_as_algorithms_do(complete: ViralRulebase) -> None:
    written = write_asi(complete)
    assert written.startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ALGORITHM SYSTEM "ASI2.3.dtd">\n<ALGORITHM>\n'
        "  <ALGNAME>Example</ALGNAME>\n  <ALGVERSION>1.2</ALGVERSION>\n  <ALGDATE>2024-05-06</ALGDATE>\n"
    )
    for part in (
        "<DRUGCLASSLIST>NRTI,NNRTI</DRUGCLASSLIST>",
        "<DRUGLIST>ABC,3TC</DRUGLIST>",
        "<GLOBALRANGE>(-INF TO 9 =&gt; 1, 10 TO 29 =&gt; 2, 30 TO INF =&gt; 3)</GLOBALRANGE>",
        "MAX(67EG =&gt; 5, 67d =&gt; 15),",
        "184IV =&gt; 15,",
        "41L AND 210W =&gt; -2.5\n",
        "<CONDITION>(103N OR 188L) AND 100I</CONDITION>",
        "SELECT ATLEAST 2 AND NOTMORETHAN 3 FROM (98G,101EP,NOT 103R,190(NOT G))",
        "<CONDITION>50L AND EXCLUDE 84V</CONDITION>",
        "SELECT EXACTLY 2 FROM (32I,47V,54Z)",
        "<CONDITION>69i OR (68i AND 70R)</CONDITION>",
        "<TEXT>The commonest change: &lt;5% &amp; more.</TEXT>",
        '<COMMENT ref="FromRule"/>',
        "<USE_GLOBALRANGE/>",
    ):
        assert part in written


@pytest.mark.parametrize(
    ("levels", "comparisons"),
    [
        ((2,), "<EQ>2</EQ>"),
        ((1, 2), "<GTE>1</GTE><LTE>2</LTE>"),
        ((1, 3), "<GTE>1</GTE><LTE>3</LTE><NEQ>2</NEQ>"),
    ],
)
def test_levels_are_written_as_comparisons_that_hold_together(
    complete: ViralRulebase, tmp_path: Path, levels: tuple[int, ...], comparisons: str
) -> None:
    rulebase = with_result(complete, *levels)
    assert comparisons in "".join(line.strip() for line in write_asi(rulebase).splitlines())
    assert again(rulebase, tmp_path).result_comments == rulebase.result_comments


def test_one_comment_of_asi_has_one_text(complete: ViralRulebase) -> None:
    other = CommentFile(gene="PR", comments=(Comment.model_validate({"id": "RT69i", "when": "50L", "text": "Other."}),))
    with pytest.raises(RulebaseError, match="the comment 'RT69i' stands with two texts"):
        write_asi(complete.model_copy(update={"comments": (*complete.comments, other)}))


def test_what_asi_has_no_place_for_is_left_out(complete: ViralRulebase, tmp_path: Path) -> None:
    genes = tuple(gene.model_copy(update={"length": 99, "name": "protease"}) for gene in complete.genes)
    more = complete.model_copy(update={"genes": genes, "sequences": {"PR": "PQITLW"}})
    assert write_asi(more) == write_asi(complete)
    assert again(more, tmp_path).genes[0] == ViralGene(symbol="PR", drug_classes=("PI",))
