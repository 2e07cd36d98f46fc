"""Facts that must hold of a rule set: what ``facts.yaml`` can say, and what ``check`` says where it does not hold."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path

import pytest

from resistab.curation.check import Finding, check_ruleset
from resistab.rulesets.find import data_folder
from tests.paths import SMALL, SMALL_VIRUS

ON = datetime.date(2026, 11, 22)
CASES = """
cases:
  - case: EGFR L858R
    tumour: LUAD
    findings: [EGFR L858R]
    expect:
      gefitinib: {verdict: sensitive, rows: [GEF-001], silent: [GEF-003]}
      osimertinib: {verdict: sensitive}
"""


def findings(folder: Path, small: Path, facts: str) -> list[Finding]:
    shutil.copytree(small, folder / "small")
    (folder / "small" / "cases").mkdir()
    (folder / "small" / "cases" / "lung.yaml").write_text(CASES, "utf-8")
    (folder / "small" / "facts.yaml").write_text(facts, "utf-8")
    found = check_ruleset(folder / "small", ON)
    return [one for one in found if one.where.endswith("facts.yaml")]


def said(folder: Path, fact: str, small: Path = SMALL) -> list[str]:
    """What check says of one fact, with its code."""
    return [f"{one.code} {one.text}" for one in findings(folder, small, fact)]


@pytest.mark.parametrize(
    "fact",
    [
        "counts: [{every: drug, at_least: 3, at_most: 3}]",
        "counts: [{every: row, where: {drug: gefitinib, status: retired}, at_least: 1, at_most: 1}]",
        "counts: [{every: row, where: {drug: gefitinib, score: 60}, at_least: 1}]",
        "counts: [{every: row, where: {status: draft}, at_most: 0}]",
        "counts: [{every: evidence item, where: {of: GEF-003, reference: PMID:15728811, level: B}, at_least: 1}]",
        "counts: [{every: case, at_least: 1, at_most: 1}]",
        "counts: [{every: expectation, at_least: 2}, {every: expectation, where: {whole: 'yes'}, at_most: 1}]",
        "items: [{item: drug, id: gefitinib, says: {classes: [EGFR tyrosine kinase inhibitor], approved: 'yes'}}]",
        "items: [{item: indication, id: TISSUE, of: gefitinib, says: {requires: nothing, in use: 'no'}}]",
        "items: [{item: row, id: GEF-003, says: {condition: EGFR T790M, score: 60}}]",
        "findings: [{finding: RT601, about: []}]",
    ],
)
def test_a_fact_that_holds_is_no_finding(tmp_path: Path, fact: str) -> None:
    assert said(tmp_path, fact) == []


@pytest.mark.parametrize(
    ("fact", "finding"),
    [
        ("counts: [{every: drug, at_least: 4}]", "3 of 'drug'; expected at least 4"),
        ("counts: [{every: drug, at_most: 2}]", "3 of 'drug'; expected at most 2"),
        (
            "counts: [{every: row, where: {effect: resistance, drug: vemurafenib, status: retired}, at_least: 1}]",
            "0 of 'row' with effect 'resistance', drug 'vemurafenib', status 'retired'; expected at least 1",
        ),
        (
            "items: [{item: drug, id: gefitinib, says: {classes: [MEK inhibitor]}}]",
            "of drug gefitinib 'classes' is 'EGFR tyrosine kinase inhibitor'; expected 'MEK inhibitor'",
        ),
        (
            "findings: [{finding: RT622, about: []}]",
            "RT622 is found of osimertinib, vemurafenib too; expected what this file names and no more",
        ),
        (
            "findings: [{finding: RT622, about: [osimertinib, vemurafenib, gefitinib]}]",
            "RT622 is not found of gefitinib; expected only what it is found of",
        ),
    ],
)
def test_a_fact_that_does_not_hold_is_an_error(tmp_path: Path, fact: str, finding: str) -> None:
    assert said(tmp_path, fact) == ["RT350 " + finding]


@pytest.mark.parametrize(
    ("fact", "message", "meant"),
    [
        ("counts: [{every: row, where: {statsu: draft}, at_most: 0}]", "no row says its 'statsu'", "status"),
        ("items: [{item: drug, id: gefitnib, says: {classes: x}}]", "there is no drug 'gefitnib'", "gefitinib"),
        ("items: [{item: drug, id: gefitinib, says: {clases: x}}]", "no drug says its 'clases'", "classes or aliases"),
        ("items: [{item: durg, id: gefitinib, says: {a: b}}]", "there is no kind of item 'durg'", "drug"),
    ],
)
def test_a_fact_about_nothing_is_an_error(tmp_path: Path, fact: str, message: str, meant: str) -> None:
    (line,) = said(tmp_path, fact)
    assert line.startswith("RT351 " + message)
    assert f"did you mean {meant}?" in line


def test_an_item_that_belongs_to_a_drug_is_named_with_it(tmp_path: Path) -> None:
    (line,) = said(tmp_path, "items: [{item: indication, id: TISSUE, says: {requires: nothing}}]")
    assert line == "RT351 there is no indication 'TISSUE'"


def test_an_unknown_kind_and_an_unknown_finding_are_refused(tmp_path: Path) -> None:
    lines = said(tmp_path, "counts: [{every: rows, at_least: 1}]\nfindings: [{finding: RT999, about: []}]")
    assert [line[:5] for line in lines] == ["RT351", "RT351"]
    assert "did you mean row?" in lines[0]


def test_a_finding_names_the_line_of_the_fact(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, SMALL, "counts:\n  - {every: drug, at_least: 1}\n  - {every: drug, at_least: 9}\n")
    assert (found.line, found.severity) == (3, "error")


def test_a_fact_that_says_nothing_is_a_fault_of_form(tmp_path: Path) -> None:
    (line,) = said(tmp_path, "counts: [{every: drug}]")
    assert line.startswith("RT029 ")
    assert "neither at_least nor at_most" in line


def test_facts_of_a_virus_s_rules_are_checked_too(tmp_path: Path) -> None:
    fact = "items: [{item: drug, id: 3TC, says: {class: NNRTI}}]"
    assert said(tmp_path, fact, SMALL_VIRUS) == ["RT350 of drug 3TC 'class' is 'NRTI'; expected 'NNRTI'"]


@pytest.mark.parametrize("ruleset", ["oncology", "hiv1"])
def test_the_shipped_rule_sets_have_facts(ruleset: str) -> None:
    text = (data_folder("rulebase") / ruleset / "facts.yaml").read_text("utf-8")
    assert {"counts", "items"} <= set(re.findall(r"^(\w+):$", text, re.MULTILINE))
