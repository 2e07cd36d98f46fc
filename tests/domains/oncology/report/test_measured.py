"""Measured responses beside predicted ones."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from resistab.core.measured import MeasuredResponse, Response
from resistab.domains.oncology.policy.models import MeasuredInfo
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.page import render_html


def report(oncology: Interpreter, *responses: MeasuredResponse) -> Report:
    genotype = oncology.genotype("LUAD", ["EGFR L858R", "EGFR T790M"], ["EGFR"])
    return oncology.interpret(genotype.model_copy(update={"measured": responses}))


def compared(oncology: Interpreter, drug: str, call: Response | None) -> MeasuredInfo:
    (found,) = report(oncology, MeasuredResponse(drug=drug, assay="organoid", call=call)).measured
    return found


@pytest.mark.parametrize(
    ("drug", "call", "agreement"),
    [
        ("gefitinib", "resistant", "agrees"),
        ("gefitinib", "sensitive", "disagrees"),
        ("gefitinib", "intermediate", "disagrees"),
        ("osimertinib", "sensitive", "agrees"),
        ("osimertinib", "resistant", "disagrees"),
        ("osimertinib", None, "not compared"),
        ("brigatinib", "resistant", "not compared"),
    ],
)
def test_agreement(oncology: Interpreter, drug: str, call: Response | None, agreement: str) -> None:
    assert compared(oncology, drug, call).agreement == agreement


@pytest.mark.parametrize(
    ("value", "resistant_from", "sensitive_to", "call"),
    [
        (12, 5, None, "resistant"), (5, 5, None, "resistant"), (4.9, 5, None, "sensitive"),
        (3, 5, 2, "intermediate"), (2, 5, 2, "sensitive"), (12, None, None, None),
    ],
)  # fmt: skip
def test_a_call_follows_from_the_cutoffs_of_the_assay_alone(
    value: float, resistant_from: float | None, sensitive_to: float | None, call: str | None
) -> None:
    given = MeasuredResponse(
        drug="gefitinib", assay="cell line", measure="fold change", value=value,
        resistant_from=resistant_from, sensitive_to=sensitive_to,
    )  # fmt: skip
    assert given.with_call().call == call


def test_a_disagreement_stands_out_and_changes_no_verdict(oncology: Interpreter) -> None:
    response = MeasuredResponse(
        drug="osimertinib", assay="organoid", measure="fold change", value=12, resistant_from=5
    ).with_call()
    with_it, without = report(oncology, response), report(oncology)
    assert with_it.verdicts == without.verdicts
    page = render_html(with_it)
    assert "Measured responses beside the predicted ones" in page
    assert '<strong class="against">Disagrees</strong>: measured resistant, predicted sensitive' in page
    assert "fold change 12 (resistant from 5), organoid" in page
