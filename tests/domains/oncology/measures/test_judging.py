"""What the rule set says of many tumours: verdict, step, order, and the response that follows."""

from __future__ import annotations

import pytest

from resistab.curation.kit.measured.data import RuleJudgement
from resistab.domains.oncology import measures
from resistab.domains.oncology.interpreter import TumourInterpreter


@pytest.fixture(scope="module")
def gefitinib(oncology: TumourInterpreter) -> list[RuleJudgement]:
    """On a resistant, a sensitive and a marker-free tumour, and one of which nothing decisive is known."""
    genotypes = [
        oncology.genotype("LUAD", ["EGFR L858R", "EGFR T790M"]),
        oncology.genotype("LUAD", ["EGFR L858R"]),
        oncology.genotype("LUAD", [], ["EGFR", "KRAS"]),
        oncology.genotype("LUAD", ["TP53 R175H"]),
    ]
    return [said["gefitinib"] for said in measures.judged(oncology, genotypes)]


def test_verdicts_predict_a_response(gefitinib: list[RuleJudgement]) -> None:
    assert [(one.verdict, one.predicts) for one in gefitinib] == [
        ("resistant", "resistant"),
        ("sensitive", "sensitive"),
        ("not_indicated", "resistant"),
        ("not_assessable", None),
    ]


def test_order_rises_from_response_to_none(gefitinib: list[RuleJudgement]) -> None:
    resistant, sensitive, not_indicated, _ = (one.order for one in gefitinib)
    assert resistant is not None and sensitive is not None and not_indicated is not None
    assert sensitive < resistant < not_indicated


def test_nothing_said_has_a_reason_and_no_place(gefitinib: list[RuleJudgement]) -> None:
    assert gefitinib[3].order is None
    assert gefitinib[3].level == ""
    assert "EGFR" in gefitinib[3].reason


def test_rows_that_spoke_are_named(gefitinib: list[RuleJudgement]) -> None:
    assert "GEF-001" in gefitinib[1].rows


def test_levels_are_named_in_their_order(oncology: TumourInterpreter, gefitinib: list[RuleJudgement]) -> None:
    names = measures.level_names(oncology.rulebase)
    assert names[0] == "sensitive"
    assert names[-1] == "not indicated"
    assert [one.level_order for one in gefitinib[:3]] == [names.index(one.level) for one in gefitinib[:3]]
    assert measures.threshold(oncology.rulebase) == 10
    assert measures.level_of(oncology.rulebase, 9) == names[1]
    assert measures.level_of(oncology.rulebase, 10) == names[2]


def test_all_are_judged_as_one_alone(oncology: TumourInterpreter) -> None:
    genotypes = [
        oncology.genotype("CML", ["BCR::ABL1", f"ABL1 {change}"], ["ABL1"], sample=change)
        for change in ("T315I", "F317L", "E255K")
    ]
    for genotype, said in zip(genotypes, measures.judged(oncology, genotypes), strict=True):
        alone = {verdict.drug: verdict for verdict in oncology.interpret(genotype).verdicts}
        assert said.keys() == alone.keys()
        assert {drug: (one.verdict, one.rows) for drug, one in said.items()} == {
            drug: (verdict.verdict, verdict.rows) for drug, verdict in alone.items()
        }
