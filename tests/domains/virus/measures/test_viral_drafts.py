"""Learned tables of viruses become a rule set of their own, which is sound and scores as the tables do."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest

import resistab
from resistab.curation.check import check_path
from resistab.curation.learning.folder import learned_text
from resistab.domains.virus import measures
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.rulesets.learned import LearnedRow, LearnedTable

ROWS = {
    "65R": 9, "67del": 5, "69ins": 12, "101E/P": 14, "103N": 47, "103S": 20, "103H/T": 8, "181C": 17, "184V": 7,
    "190A": 27, "190E/Q/S": 33, "65R and 184V": -12, "103N and 190A": -9, "101P and 181C": 4,
}  # fmt: skip
# Residues at positions that rows ask for, and at one of which none does.
SEEN = {
    65: "RN", 101: "EPQ", 103: "NSHTR", 135: "T", 181: "CI", 184: "VI", 190: "AESQ",
}  # fmt: skip
REFERENCE = {65: "K", 101: "K", 103: "K", 135: "I", 181: "Y", 184: "M", 190: "G"}


def learned(drug: str = "EFV", rows: dict[str, int] = ROWS) -> LearnedTable:
    return LearnedTable(
        drug=drug, ruleset="hiv1", measure="fold change", resistant_from=3.0, intercept=0.0, unit=0.0318, floor=-1.0,
        ceiling=2.0, errors=(), samples=160, patients=150, resistant=60, r2=0.9, auc=0.95, accuracy=0.9, folds=5,
        seed=1, learned_on=datetime.date(2026, 11, 30), learned_from=("made.tsv",),
        rows=tuple(LearnedRow(when=when, score=score, low=score - 1, high=score + 1, samples=9, patients=8)
                   for when, score in rows.items()),
    )  # fmt: skip


@pytest.fixture(scope="module")
def hiv1() -> ViralInterpreter:
    interpreter = resistab.load("hiv1")
    assert isinstance(interpreter, ViralInterpreter)
    return interpreter


def written(hiv1: ViralInterpreter, folder: Path, *tables: LearnedTable) -> Path:
    files = measures.drafted(hiv1.rulebase, tables) | {"learned/table.yaml": learned_text(tables[0])}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def draft(hiv1: ViralInterpreter, tmp_path_factory: pytest.TempPathFactory) -> ViralInterpreter:
    folder = written(hiv1, tmp_path_factory.mktemp("draft") / "hiv1-learned", learned())
    return ViralInterpreter(load_viral_folder(folder))


def random_list(chance: random.Random) -> str:
    """A whole list without mixtures."""
    found = [
        f"{REFERENCE[position]}{position}{chance.choice(residues)}"
        for position, residues in SEEN.items()
        if chance.random() < 0.5
    ]
    found += [text for text in ("D67del", "T69ins") if chance.random() < 0.2]
    return ", ".join(found)


def own_score(hiv1: ViralInterpreter, table: LearnedTable, genotype: ViralGenotype) -> float:
    """The score by the table itself: of each row its score times the share in which it holds."""
    features = [measures.feature(row.when) for row in table.rows]
    (held,) = measures.values(hiv1, table.drug, features, [genotype])
    return sum(row.score * share for row, share in zip(table.rows, held, strict=True))


@pytest.mark.parametrize("seed", range(8))
def test_the_engine_scores_as_the_table_does(hiv1: ViralInterpreter, draft: ViralInterpreter, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        listed = random_list(chance)
        genotype = draft.genotype(listed, sequenced=["RT"])
        (verdict,) = draft.interpret(genotype).verdicts
        assert verdict.score == own_score(hiv1, learned(), genotype), listed


def test_a_draft_is_a_rule_set_without_faults(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    folder = written(hiv1, tmp_path / "hiv1-learned", learned(), learned("RPV", {"181C": 12}))
    found = check_path(folder, datetime.date(2026, 11, 30)).findings
    assert [str(finding) for finding in found if finding.severity == "error"] == []


def test_a_draft_says_what_it_is(draft: ViralInterpreter) -> None:
    manifest = draft.rulebase.manifest
    assert (manifest.ruleset, manifest.status, manifest.version) == ("hiv1-learned", "draft", "0.1.0")
    assert "made.tsv" in (manifest.description or "")
    assert "No row has been read by a curator" in (manifest.description or "")


def test_a_draft_holds_the_drugs_that_were_learned(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    folder = written(hiv1, tmp_path / "hiv1-learned", learned(), learned("RAL", {"155H": 30}))
    rulebase = load_viral_folder(folder)
    assert [drug.name for drug in rulebase.drugs] == ["EFV", "RAL"]
    assert {gene.symbol: gene.drug_classes for gene in rulebase.genes} == {"RT": ("NNRTI",), "IN": ("INSTI",)}


def test_levels_are_those_of_the_expert_rules(hiv1: ViralInterpreter, draft: ViralInterpreter) -> None:
    assert draft.rulebase.manifest.scoring == hiv1.rulebase.manifest.scoring


def test_each_row_is_in_the_table_once(draft: ViralInterpreter) -> None:
    table = draft.rulebase.table_of["EFV"]
    written_rows = {
        f"{position}{'ins' if residues == ('i',) else 'del' if residues == ('d',) else '/'.join(residues)}": score
        for position, scores in table.scores.items()
        for residues, score in scores.items()
    }
    assert written_rows == {when: score for when, score in ROWS.items() if " and " not in when}
    assert [item.score for combination in table.combinations for item in combination.items] == [-12, -9, 4]


def test_boosted_drugs_have_file_names(hiv1: ViralInterpreter) -> None:
    files = measures.drafted(hiv1.rulebase, [learned("ATV/r", {"50L": 30, "50L and 88S": 5})])
    assert "tables/ATVr.yaml" in files
    assert "ATVr-C01" in files["tables/ATVr.yaml"]
