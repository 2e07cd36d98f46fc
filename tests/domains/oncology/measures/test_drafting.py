"""Learned tables become an overlay that loads, and whose rows have no effect."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path

import pytest
import yaml

from resistab.domains.oncology import kinds, measures
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.rulesets.learned import LearnedRow, LearnedTable
from tests.running import RESISTAB


def learned(drug: str, reference: str = "") -> LearnedTable:
    rows = (
        LearnedRow(when="EGFR T790M", score=25, low=12.0, high=40.0, samples=9, patients=8),
        LearnedRow(when="EGFR L858R and KRAS mutation", score=-12, low=-20.0, high=-3.5, samples=11, patients=11),
    )
    return LearnedTable(
        drug=drug, ruleset="oncology", measure="fold change", resistant_from=10.0, intercept=0.0, unit=0.05, floor=-1.0,
        ceiling=3.0, errors=(), samples=120, patients=100, resistant=30, r2=0.5, auc=0.8, accuracy=0.75, folds=5,
        seed=1, learned_on=datetime.date(2026, 11, 30), learned_from=("lines.csv",), reference=reference, rows=rows,
    )  # fmt: skip


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("reference", ["", "PMID:25686603", "DOI:10.1234/never-cited-here"])
def test_drafts_load_as_an_overlay(oncology: TumourInterpreter, tmp_path: Path, reference: str) -> None:
    files = measures.drafted(oncology.rulebase, [learned("gefitinib", reference), learned("dabrafenib", reference)])
    rulebase = kinds.overlaid(oncology.rulebase, written(tmp_path, files))
    rows = {row.id: row for row in rulebase.table_by_drug["gefitinib"].rows}
    first, second = rows["LEARNED-GEFITINIB-001"], rows["LEARNED-GEFITINIB-002"]
    assert (first.status, first.effect, first.score) == ("draft", "resistance", 25)
    assert (second.status, second.effect, second.score) == ("draft", "susceptibility", -12)
    assert first.score_reason == "learned from 9 samples of 8 patients that have this"
    assert [item.reference for item in first.evidence] == ([reference] if reference else [])
    assert ("citations.yaml" in files) == (reference == "DOI:10.1234/never-cited-here")


def test_an_overlay_may_carry_what_was_learned(oncology: TumourInterpreter, tmp_path: Path) -> None:
    table = learned("gefitinib")
    files = measures.drafted(oncology.rulebase, [table])
    files["learned/gefitinib.yaml"] = yaml.safe_dump(table.model_dump(mode="json"), sort_keys=False)
    rulebase = kinds.overlaid(oncology.rulebase, written(tmp_path, files))
    without = kinds.overlaid(oncology.rulebase, written(tmp_path / "without", measures.drafted(rulebase, [table])))
    # It is no rule: the digest says nothing of it.
    assert rulebase.digest == without.digest


def test_drafts_change_no_verdict(oncology: TumourInterpreter, tmp_path: Path) -> None:
    files = measures.drafted(oncology.rulebase, [learned("gefitinib")])
    overlaid = TumourInterpreter(kinds.overlaid(oncology.rulebase, written(tmp_path, files)))
    before, after = (
        {
            verdict.drug: (verdict.verdict, verdict.score, verdict.rows)
            for verdict in interpreter.interpret(interpreter.genotype("LUAD", ["EGFR T790M"])).verdicts
        }
        for interpreter in (oncology, overlaid)
    )
    assert before == after


def test_an_evaluation_takes_the_draft(oncology: TumourInterpreter, tmp_path: Path) -> None:
    folder = written(tmp_path / "draft", measures.drafted(oncology.rulebase, [learned("gefitinib")]))
    tumour = ("--tumour", "LUAD", "--finding", "EGFR T790M", "--json", "-")
    command = [*RESISTAB, "evaluate", "--overlay", str(folder), *tumour]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    (verdict,) = [verdict for verdict in report["verdicts"] if verdict["drug"] == "gefitinib"]
    assert verdict["verdict"] == "resistant"
    assert "LEARNED" not in " ".join(verdict["rows"])
