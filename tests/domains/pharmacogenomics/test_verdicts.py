"""From results to advice: three truth values, chained rules, and the policy's rules by name."""

from __future__ import annotations

import pytest

from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter, make
from tests.domains.pharmacogenomics.conftest import Judge


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        ("DPYD *2A/*2A", "avoid"),
        ("DPYD *2A/c.2846A>T", "avoid"),
        ("DPYD *1/*2A", "reduce_dose"),
        ("DPYD c.2846A>T/c.2846A>T", "reduce_dose"),
        ("DPYD *1/c.2846A>T", "reduce_dose"),
        ("DPYD *1/*1", "no_action"),
        ("DPYD poor metabolizer", "avoid"),
    ],
)
def test_the_sum_of_activity_makes_the_advice(judge: Judge, finding: str, verdict: str) -> None:
    assert judge("fluorouracil", finding).verdict == verdict


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        ("HLA-B*57:01", "avoid"),
        ("HLA-B*57:01 negative", "no_action"),
        ("HLA-B*57:03/*07:02", "no_action"),
        ("HLA-B*57:03", "not_assessable"),
        ("HLA-B*57/*07:02", "not_assessable"),
        ("TPMT *1/*1", "not_assessable"),
    ],
)
def test_an_hla_allele_is_carried_absent_or_unknown(judge: Judge, finding: str, verdict: str) -> None:
    assert judge("abacavir", finding).verdict == verdict


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [("G6PD Mediterranean", "avoid"), ("G6PD B", "no_action"), ("G6PD B/Mediterranean", "avoid")],
)
def test_the_one_allele_of_a_man_counts_as_two(judge: Judge, finding: str, verdict: str) -> None:
    assert judge("rasburicase", finding).verdict == verdict


def test_a_gene_that_was_not_tested_is_unknown(judge: Judge) -> None:
    verdict = judge("mercaptopurine", "TPMT *1/*1")
    assert (verdict.verdict, verdict.decided_by) == ("not_assessable", "phenotype not known")
    assert verdict.not_assessable == ("NUDT15 was not tested",)


def test_an_allele_of_uncertain_function_leaves_it_open(judge: Judge) -> None:
    verdict = judge("fluorouracil", "DPYD *2A/*98")
    assert verdict.not_assessable == ("DPYD *2A/*98 leaves the phenotype of DPYD open",)
    assert verdict.left_open == ("FU-001", "FU-002")


def test_a_graver_row_that_is_open_leaves_nothing_to_say(judge: Judge) -> None:
    verdict = judge("mercaptopurine", "TPMT *3A/*5", "NUDT15 *1/*1")
    assert (verdict.verdict, verdict.decided_by, verdict.rows) == (
        "not_assessable",
        "graver advice possible",
        ("MP-003",),
    )


def test_an_open_row_of_no_graver_advice_changes_nothing(judge: Judge) -> None:
    verdict = judge("mercaptopurine", "TPMT *1/*3A")
    assert (verdict.verdict, verdict.decided_by, verdict.rows) == ("reduce_dose", "level", ("MP-003",))
    assert verdict.left_open == ("MP-002", "MP-004")


def test_where_all_that_is_possible_agrees_it_is_said(judge: Judge) -> None:
    # An allele of uncertain function beside a decreased one is decreased or worse with whatever it turns out to be.
    verdict = judge("efavirenz", "CYP2B6 *3/*6")
    assert (verdict.verdict, verdict.decided_by, verdict.rows) == ("reduce_dose", "every possibility agrees", ())


def test_the_gravest_of_several_rows_decides(judge: Judge) -> None:
    verdict = judge("mercaptopurine", "TPMT *3A/*3A", "NUDT15 *1/*2")
    assert (verdict.verdict, verdict.rows) == ("avoid", ("MP-001", "MP-004"))


def test_a_drug_without_a_table_is_not_assessable(judge: Judge) -> None:
    assert judge("irinotecan", "DPYD *1/*1").decided_by == "no rows"


def test_the_derivation_goes_from_row_to_finding(judge: Judge) -> None:
    (contribution,) = judge("fluorouracil", "DPYD *1/*2A").contributions
    step = contribution.derivation
    assert step.text == "conclusion dpyd-intermediate (DPYD intermediate metabolizer)"
    assert step.rules[0].rule == "DPYD-002"
    assert step.rules[0].condition.text == "DPYD activity 1 to 1.5"
    assert step.rules[0].condition.findings == ("DPYD *1/*2A",)
    assert contribution.findings == ("DPYD *1/*2A",)


def test_the_order_of_findings_changes_nothing(germline: GermlineInterpreter) -> None:
    findings = ["TPMT *1/*3A", "NUDT15 *1/*1", "DPYD *1/*2A"]
    there = germline.interpret(germline.genotype(findings))
    back = germline.interpret(germline.genotype(findings[::-1]))
    assert there.verdicts == back.verdicts


def test_agreement_is_no_answer_where_nothing_was_tested(germline: GermlineInterpreter) -> None:
    rules = germline.rulebase
    rows = tuple(row.model_copy(update={"effect": "avoid"}) for row in rules.rows_of("fluorouracil"))
    tables = tuple(
        table.model_copy(update={"rows": rows}) if table.drug == "fluorouracil" else table for table in rules.tables
    )
    interpreter = make(rules.model_copy(update={"tables": tables}))
    verdicts = interpreter.interpret(interpreter.genotype(["TPMT *1/*1"])).verdicts
    assert next(verdict for verdict in verdicts if verdict.drug == "fluorouracil").verdict == "not_assessable"
