"""Proposals for tumours: what has a row is not proposed, what has none and matters is."""

from __future__ import annotations

import random
from pathlib import Path

from resistab.curation.learning.proposals import proposals_for
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.registry import pack_of
from resistab.rulesets.find import ruleset_folder
from resistab.rulesets.learned import LearnedTable

HEAD = "sample,patient,tumour_type,findings,assayed,drug,value,resistant_from\n"
SHARES = {"EGFR T790M": 0.3, "MAP2K1 K57N": 0.15, "TP53 R175H": 0.4}


def cell_lines(path: Path) -> Path:
    """200 lines: T790M, which has a row, and MAP2K1 K57N make resistant; TP53 does nothing."""
    chance = random.Random(5)
    text = HEAD
    for number in range(200):
        held = ["EGFR L858R", *(name for name, share in SHARES.items() if chance.random() < share)]
        value = 1.2 * ("EGFR T790M" in held) + 0.9 * ("MAP2K1 K57N" in held) + chance.gauss(0, 0.15)
        text += f's{number},s{number},LUAD,"{"; ".join(held)}","EGFR, MAP2K1, TP53",gefitinib,{10**value:.3g},10\n'
    path.write_text(text, encoding="utf-8")
    return path


def test_what_has_no_row_and_matters_is_proposed(oncology: TumourInterpreter, tmp_path: Path) -> None:
    pack = pack_of(ruleset_folder("oncology"))
    measured = pack.measures.read(oncology, [cell_lines(tmp_path / "lines.csv")])
    table = LearnedTable.model_construct(drug="gefitinib", unit=0.05, rows=())
    found = proposals_for(pack, oncology, measured, measured.drugs["gefitinib"], table)
    added = [one for one in found.proposals if one.kind == "add row"]
    assert [one.when for one in added if one.when.startswith("MAP2K1")] == ["MAP2K1 K57N"]
    assert not [one for one in added if one.when.startswith(("EGFR T790M", "TP53"))]
