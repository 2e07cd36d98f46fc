"""The page of proposals for HIV-1: its tables are made, and what a curator wrote stays."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from resistab.curation.learning.proposals import Proposed
from tests.unit.curation.learning.proposed import proposal
from tools.proposals_page import BEGIN, END, OfDrug, page, read_before

RULES = SimpleNamespace(manifest=SimpleNamespace(source=SimpleNamespace(version="10.2")), digest="abc")
FOUND = Proposed((proposal("EFV", "135L"), proposal("EFV", "98G", 0.4, "EFV-98", 10)), 30, 12)
DRUGS = [
    OfDrug("EFV", 400, 350, FOUND),
    OfDrug("BIC", 20, 9, None, ("BIC: 20 samples; expected 50",)),
    OfDrug("RPV", 90, 80, Proposed((), 4, 3)),
]


def test_every_drug_has_its_list_or_the_reason() -> None:
    text = page(RULES, ["NNRTI.tsv"], DRUGS, "Read.")
    assert "2 proposals. The folds are those of NNRTI.tsv" in text
    assert "| add 135L, score 12 | +12.4 | +9.4 to +15.4 | 8e-05 | 3 | 20 | 17 | 4.5 | 1.25 |" in text
    assert "| EFV-98 (98G) scores 10: without support | +0.4 |" in text
    assert "20 samples of 9 patients. Not learned: BIC: 20 samples; expected 50." in text
    assert "4 candidates and 3 rows tested.\n\nNothing is proposed." in text


def test_what_a_curator_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    assert read_before(path) == "Nobody has read through the list."
    path.write_text(page(RULES, ["NNRTI.tsv"], DRUGS, "135L looks right."), "utf-8")
    assert read_before(path) == "135L looks right."
    assert page(RULES, ["NNRTI.tsv"], DRUGS, read_before(path)) == path.read_text("utf-8")
    assert path.read_text("utf-8").count(BEGIN) == path.read_text("utf-8").count(END) == 1
