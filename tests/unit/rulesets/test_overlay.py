"""A laboratory's overlay adds rows to a rule set and retires others; the report says which rows are its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import resistab
from resistab.core.faults import RulebaseError
from resistab.domains.oncology.report.page import render_html
from resistab.domains.virus.report.page import render_viral_html

MANIFEST = "name: Example laboratory\nversion: 1.0.0\ndate: 2026-11-22\nover: {over}\n"
ROW = """  - id: {id}
    status: active
    when: {when}
    tumour_types: [NSCLC]
    effect: resistance
    mechanism: "target alteration: other"
    evidence:
      - reference: PMID:24893891
        level: B
        direction: supports
        studied_in: NSCLC
        statement: Our own series.
    created: 2026-11-22
    reviewed: 2026-11-22
"""
OSIMERTINIB = "drug: osimertinib\nrows:\n" + ROW.format(id="LAB-001", when="EGFR L792H")
LAMIVUDINE = """drug: 3TC
scores:
  184: {I: 60, V: 45}
combinations:
  - {id: LAB-3TC-1, when: 41L and 215Y, score: 5}
retire:
  - {id: 3TC-184, reason: our own fold changes}
"""


def overlay(folder: Path, over: str, **tables: str) -> Path:
    (folder / "tables").mkdir()
    (folder / "overlay.yaml").write_text(MANIFEST.format(over=over))
    for name, text in tables.items():
        (folder / "tables" / f"{name}.yaml").write_text(text)
    return folder


def faults_of(folder: Path, over: str = "oncology") -> list[str]:
    load = resistab.load
    with pytest.raises(RulebaseError) as raised:
        load(over, overlay=folder)
    return [line.removeprefix(f"{folder.name}/") for line in str(raised.value).splitlines()]


def osimertinib(folder: Path, *findings: str) -> resistab.Report:
    interpreter = resistab.load(overlay=folder)
    return interpreter.interpret(interpreter.genotype("LUAD", findings))


def test_a_row_of_the_laboratory_counts_and_is_marked(tmp_path: Path) -> None:
    report = osimertinib(overlay(tmp_path, "oncology", osimertinib=OSIMERTINIB), "EGFR L858R", "EGFR L792H")
    (verdict,) = [v for v in report.verdicts if v.drug == "osimertinib"]
    assert verdict.verdict == "resistant"
    assert {c.row for c in verdict.contributions if c.overlay == "Example laboratory"} == {"LAB-001"}
    assert {c.overlay for c in verdict.contributions if c.row != "LAB-001"} == {None}
    assert report.ruleset.overlay is not None
    assert (report.ruleset.overlay.name, report.ruleset.overlay.rows) == ("Example laboratory", 1)


def test_the_page_names_the_overlay_and_its_rows(tmp_path: Path) -> None:
    retiring = OSIMERTINIB + "retire:\n  - {id: OSI-003, reason: <not used here>}\n"
    page = render_html(osimertinib(overlay(tmp_path, "oncology", osimertinib=retiring), "EGFR L858R", "EGFR L792H"))
    assert "With the overlay Example laboratory</strong> 1.0.0 of 2026-11-22, which adds 1 row" in page
    assert "retires OSI-003 (&lt;not used here&gt;)" in page
    assert "from the overlay Example laboratory" in page


def test_a_retired_row_counts_no_more(tmp_path: Path) -> None:
    shipped = resistab.load()
    rows = {v.drug: v.rows for v in shipped.interpret(shipped.genotype("LUAD", ["EGFR T790M"])).verdicts}
    fired = next(row for row in rows["gefitinib"] if row.startswith("GEF-"))
    folder = overlay(tmp_path, "oncology", gefitinib=f"drug: gefitinib\nretire: [{{id: {fired}, reason: a test}}]\n")
    with_overlay = osimertinib(folder, "EGFR T790M")
    assert fired not in {v.drug: v.rows for v in with_overlay.verdicts}["gefitinib"]


def test_the_digest_changes_with_an_overlay(tmp_path: Path) -> None:
    folder = overlay(tmp_path, "oncology", osimertinib=OSIMERTINIB)
    first = resistab.load(overlay=folder).rulebase.digest
    (folder / "tables" / "osimertinib.yaml").write_text(OSIMERTINIB.replace("L792H", "L718Q"))
    assert len({first, resistab.load(overlay=folder).rulebase.digest, resistab.load().rulebase.digest}) == 3


def test_without_an_overlay_no_report_speaks_of_one() -> None:
    interpreter = resistab.load()
    report = interpreter.interpret(interpreter.genotype("LUAD", ["EGFR T790M"]))
    assert report.ruleset.overlay is None and "overlay" not in render_html(report)


def test_of_a_virus_a_line_is_replaced_and_a_combination_added(tmp_path: Path) -> None:
    interpreter = resistab.load("hiv1", overlay=overlay(tmp_path, "hiv1", **{"3TC": LAMIVUDINE}))
    report = interpreter.interpret(interpreter.genotype("RT:M184V M41L T215Y"))
    (verdict,) = [v for v in report.verdicts if v.drug == "3TC"]
    # 41L and 215Y 5, 184V 45; the shipped line for 184 would have given 60.
    shipped = resistab.load("hiv1")
    before = {v.drug: v.score for v in shipped.interpret(shipped.genotype("RT:M184V M41L T215Y")).verdicts}["3TC"]
    assert before is not None and verdict.score == before - 60 + 45 + 5
    assert {c.row for c in verdict.contributions if c.overlay == "Example laboratory"} == {"3TC-184", "LAB-3TC-1"}
    interpreter.check_batch(interpreter.genotype("RT:M184V M41L T215Y"))
    assert "row LAB-3TC-1 (41L and 215Y) counts for 3TC." in render_viral_html(report)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            OSIMERTINIB.replace("LAB-001", "OSI-001"),
            "tables/osimertinib.yaml:3:9: the id 'OSI-001' is one of the rule set's; expected an id of your own",
        ),
        (
            "drug: osimertinib\nretire: [{id: OSI-999, reason: none}]\n",
            "tables/osimertinib.yaml:2:15: the rule set's table has no row 'OSI-999'; expected the id of one of its",
        ),
        (
            OSIMERTINIB.replace("L792H", "A792H"),
            "tables/osimertinib.yaml:5:11: 'EGFR A792H': the reference residue at 792 is L, not A",
        ),
        (
            OSIMERTINIB.replace("drug: osimertinib", "drug: procarbazine"),
            "tables/osimertinib.yaml:1:7: the rule set has no table for 'procarbazine'; "
            "expected a drug that has one, or 'indications' with it",
        ),
    ],
)
def test_a_fault_of_the_overlay_is_told(tmp_path: Path, text: str, fault: str) -> None:
    told = faults_of(overlay(tmp_path, "oncology", osimertinib=text))
    assert any(line.startswith(fault) for line in told), told


def test_a_line_that_the_drug_has_must_be_retired_first(tmp_path: Path) -> None:
    kept = LAMIVUDINE.partition("retire:")[0]
    assert faults_of(overlay(tmp_path, "hiv1", **{"3TC": kept}), "hiv1") == [
        "tables/3TC.yaml:3:8: 3TC has a line for 184; expected 3TC-184 under 'retire' as well"
    ]


def test_an_overlay_for_another_rule_set_is_refused(tmp_path: Path) -> None:
    folder = overlay(tmp_path, "hiv1", osimertinib=OSIMERTINIB)
    assert "overlay.yaml:4:7: the overlay is for 'hiv1', the rule set is 'oncology'" in faults_of(folder)


def test_an_overlay_that_holds_nothing_is_refused(tmp_path: Path) -> None:
    assert faults_of(overlay(tmp_path, "oncology")) == [
        f"{tmp_path.name}: the overlay holds nothing; expected tables/DRUG.yaml"
    ]


def test_a_folder_without_a_manifest_is_no_overlay(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == [f"{tmp_path}: holds no overlay; expected a folder with overlay.yaml in it"]
