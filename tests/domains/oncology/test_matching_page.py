"""The page of what is matched is what the code does."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from tests.paths import ROOT
from tools.matching_page import EXAMPLES, PAIRS, page, truth

PAGE = ROOT / "engine" / "MATCHING.md"


def test_the_page_is_current(oncology: Interpreter) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(oncology), "run 'make matching-page'"


# Checked by hand, so that a page made anew does not simply agree with itself.
EXPECTED = {
    ("KRAS G12_G13delinsDV", "KRAS G12D"): "true",
    ("KRAS G12_G13delinsDV", "any substitution at KRAS G13"): "true",
    ("BRAF V600_K601delinsE", "BRAF V600E"): "true",
    ("EGFR L747_P753delinsS", "EGFR L747S"): "false",
    ("KRAS A11_G12dup", "any substitution at KRAS G12"): "unknown",
    ("KRAS A11_G12dup", "KRAS G12D"): "false",
    ("KRAS G12X", "any substitution at KRAS G12"): "true",
    ("KRAS G12X", "KRAS G12D"): "unknown",
    ("PTEN R130X", "PTEN loss"): "unknown",
    ("FLT3-ITD", "FLT3 residues 572-630 insertion"): "true",
    ("ERBB2 gain", "ERBB2 amplification"): "unknown",
    ("EGFR T790_Q791delinsMQ", "EGFR T790M"): "true",
    ("EGFR A767_V769dup", "EGFR V769_D770insASV"): "true",
    ("EGFR V769_D770insASV", "EGFR A767_V769dup"): "true",
    ("EGFR E746_A750del", "EGFR exon 19 deletion"): "true",
    ("EGFR L747_P753delinsS", "EGFR exon 19 deletion"): "true",
    ("EGFR E746_A750del", "any change at EGFR L747"): "true",
    ("EGFR exon 19 deletion", "EGFR E746_A750del"): "unknown",
    ("KRAS mutation", "KRAS G12D"): "unknown",
    ("KRAS mutation", "KRAS wild type"): "false",
    ("PTEN K267fs", "PTEN loss"): "true",
    ("PTEN K267fs", "PTEN truncation"): "true",
    ("PTEN M1?", "PTEN loss"): "true",
    ("PTEN *404Lext*?", "PTEN truncation"): "false",
    ("PTEN splice site mutation", "PTEN loss"): "unknown",
    ("MET splice site mutation", "MET exon 14 skipping"): "unknown",
    ("MET X1010_splice", "MET exon 14 skipping"): "true",
    ("EGFR splice site mutation", "EGFR T790M"): "false",
    ("TP53 splice site mutation", "TP53 mutation"): "true",
    ("ALK fusion", "EML4::ALK"): "unknown",
    ("EML4::ALK", "ALK fusion"): "true",
    ("PTEN 0 copies", "PTEN loss"): "true",
    ("MET 7 copies", "MET amplification"): "true",
    ("MET 5 copies", "MET amplification"): "unknown",
    ("MET 3 copies", "MET amplification"): "false",
}


@pytest.mark.parametrize(("finding", "condition"), PAIRS)
def test_what_a_finding_says_of_a_condition(oncology: Interpreter, finding: str, condition: str) -> None:
    assert truth(oncology, finding, condition) == EXPECTED[finding, condition]


def test_every_kind_is_told_once() -> None:
    kinds = [example.kind for example in EXAMPLES]
    assert len(set(kinds)) == len(kinds) >= 25
