"""``resistab show``: where a drug's table is, and its rows in the order of residues."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from resistab.cli import show as command
from resistab.core.faults import InputError
from resistab.curation.kit.shown import ShownRow, ShownTable, in_order
from resistab.curation.show import Found, find_tables
from tests.paths import SMALL, SMALL_VIRUS

CLASS = """
drug_class: EGFR tyrosine kinase inhibitor
rows:
  - id: EGFRTKI-001
    status: active
    when: MET amplification
    tumour_types: [NSCLC]
    effect: resistance
    mechanism: bypass by a parallel receptor
    created: 2026-11-27
    reviewed: 2026-11-27
    evidence:
      - {reference: PMID:24263064, level: B, direction: supports, studied_in: NSCLC, statement: Seen.}
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "rules"
    shutil.copytree(SMALL, folder / "small")
    shutil.copytree(SMALL_VIRUS, folder / "virus")
    (folder / "small" / "classes").mkdir()
    (folder / "small" / "classes" / "egfr-tyrosine-kinase-inhibitor.yaml").write_text(CLASS, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def run(*words: str) -> Result:
    app = typer.Typer()
    command.register(app)
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def shown(*words: str) -> list[str]:
    done = run(*words)
    assert done.exit_code == 0
    return done.stdout.splitlines()


def rows_of(*words: str) -> list[dict[str, Any]]:
    (table,) = json.loads(run(*words, "--json", "-").stdout)["tables"]
    return list(table["rows"])


def test_a_table_begins_with_its_file_and_what_holds_of_the_drug(rules: Path) -> None:
    assert shown("gefitinib", "rules")[:4] == [
        "gefitinib (EGFR tyrosine kinase inhibitor), small",
        "rules/small/tables/gefitinib.yaml",
        "  NSCLC: used; needs EGFR L858R or EGFR exon 19 deletion or EGFR T790M; "
        "must have been assayed: EGFR mutation in exon 19, exon 20, exon 21",
        "  TISSUE: not used",
    ]


def test_every_row_has_one_line_in_the_order_of_residues(rules: Path) -> None:
    lines = shown("gefitinib", "rules")
    head = next(number for number, line in enumerate(lines) if line.startswith("row "))
    assert re.split(r" {2,}", lines[head]) == ["row", "condition", "in", "effect", "ev", "refs"]
    ids = [line.split()[0] for line in lines[head + 1 : -1]]
    assert ids == ["GEF-001", "GEF-002", "GEF-003", "GEF-004", "EGFRTKI-001*", "GEF-005"]


def test_a_row_says_condition_effect_score_and_evidence(rules: Path) -> None:
    (line,) = [line for line in shown("gefitinib", "rules") if line.startswith("GEF-003")]
    assert re.split(r" {2,}", line) == ["GEF-003", "EGFR T790M", "NSCLC", "resistance 60", "B", "1"]


def test_what_is_not_in_use_says_so(rules: Path) -> None:
    (line,) = [line for line in shown("gefitinib", "rules") if line.startswith("GEF-002")]
    assert "(retired) any substitution at EGFR T790" in line
    assert {row["id"]: row["status"] for row in rows_of("gefitinib", "rules")}["GEF-002"] == "retired"


def test_rows_of_the_drug_s_class_are_marked_with_their_file(rules: Path) -> None:
    lines = shown("gefitinib", "rules")
    (line,) = [line for line in lines if line.startswith("EGFRTKI-001*")]
    # Of the class as a whole, so that it counts one level lower for each drug.
    assert re.split(r" {2,}", line)[1:4] == ["MET amplification", "NSCLC", "resistance 30"]
    assert lines[-1] == (
        "* of the class EGFR tyrosine kinase inhibitor: rules/small/classes/egfr-tyrosine-kinase-inhibitor.yaml"
    )
    assert not any("EGFRTKI" in line for line in shown("vemurafenib", "rules"))


def test_a_drug_is_found_by_another_name_of_it(rules: Path) -> None:
    assert shown("Iressa", "rules") == shown("gefitinib", "rules")
    assert shown("lamivudine", "rules")[:2] == ["3TC (NRTI), small-virus", "rules/virus/tables/3TC.yaml"]


def test_the_rows_of_a_virus_say_their_scores(rules: Path) -> None:
    rows = {row["id"]: row for row in rows_of("3TC", "rules")}
    assert (rows["3TC-184"]["condition"], rows["3TC-184"]["effect"]) == ("184I/V", "60")
    assert [row["residue"] for row in rows.values()] == sorted(row["residue"] for row in rows.values())
    heads = next(line for line in shown("3TC", "rules") if line.startswith("row "))
    assert heads.split() == ["row", "condition", "effect"]


def test_rules_that_give_a_level_outright_say_it(rules: Path) -> None:
    (row,) = [row for row in rows_of("ATV/r", "rules/virus") if row["id"] == "ATV-50"]
    assert (row["id"], row["condition"], row["effect"]) == ("ATV-50", "50L", "level 5")


def test_the_file_of_json_says_what_the_lines_say(rules: Path) -> None:
    (row,) = [row for row in rows_of("gefitinib", "rules/small") if row["id"] == "GEF-003"]
    assert row == {
        "id": "GEF-003",
        "status": "active",
        "gene": "EGFR",
        "residue": 790,
        "condition": "EGFR T790M",
        "tumour_types": ["NSCLC"],
        "effect": "resistance 60",
        "evidence": "B",
        "references": 1,
        "of_class": None,
    }


def test_an_unknown_drug_is_refused_with_what_is_nearest(rules: Path) -> None:
    with pytest.raises(InputError) as refused:
        find_tables(rules, "gefitnib")
    (fault,) = refused.value.faults
    assert (fault.where, fault.suggestion) == ("small", "gefitinib")


def test_a_drug_unlike_any_is_refused_by_every_rule_set(rules: Path) -> None:
    with pytest.raises(InputError) as refused:
        find_tables(rules, "zzzzzzzz")
    assert [fault.where for fault in refused.value.faults] == ["small", "virus"]


@pytest.mark.parametrize("width", [80, 100, 200])
def test_no_line_is_longer_than_a_terminal_is_wide(rules: Path, width: int) -> None:
    for drug in ("gefitinib", "osimertinib", "vemurafenib", "3TC", "AZT", "DTG"):
        for found in find_tables(rules, drug):
            lines = list(command.lines_of(found, width))
            assert max(map(len, lines)) <= width, drug
            assert sum(row.id in "\n".join(lines) for row in found.table.rows) == len(found.table.rows)


def test_a_condition_too_long_for_the_terminal_is_cut() -> None:
    row = ShownRow("GEF-001", "any of (" + ", ".join(["EGFR T790M"] * 20) + ")", "increased susceptibility -60")
    found = Found(Path(), "small", ShownTable("gefitinib", (), None, (), (row,)))
    *_, line = command.lines_of(found, 80)
    assert len(line) <= 80
    assert line.count("…") == 2
    *_, whole = command.lines_of(found, None)
    assert row.condition in whole and row.effect in whole


def test_rows_without_a_residue_come_after_without_a_gene_last() -> None:
    given = [("a", "", None), ("b", "MET", None), ("c", "EGFR", 858), ("d", "EGFR", None), ("e", "EGFR", 719)]
    rows = [ShownRow(name, "x", "y", gene=gene, residue=residue) for name, gene, residue in given]
    assert [row.id for row in in_order(rows)] == ["e", "c", "d", "b", "a"]
