"""A measured fold change beside what is predicted of a virus."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from resistab.core.measured import MeasuredResponse
from resistab.domains.loading import load
from resistab.domains.virus import report as facet
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.interpreter import ViralInterpreter


@pytest.fixture(scope="module")
def hiv() -> ViralInterpreter:
    return load("hiv1")


@pytest.fixture(scope="module")
def measured(hiv: ViralInterpreter) -> ViralGenotype:
    responses = [
        MeasuredResponse(drug="3TC", assay="recombinant virus", measure="fold change", value=100, resistant_from=3.0),
        MeasuredResponse(drug="AZT", assay="recombinant virus", measure="fold change", value=8, resistant_from=5.0),
        MeasuredResponse(drug="RAL", assay="recombinant virus", measure="fold change", value=1, resistant_from=5.0),
    ]
    genotype = hiv.genotype("RT:M184V", "one", ["RT"])
    return replace(genotype, measured=tuple(response.with_call() for response in responses))


def test_each_is_compared_with_the_verdict_on_its_drug(hiv: ViralInterpreter, measured: ViralGenotype) -> None:
    found = {item.drug: (item.verdict, item.agreement) for item in hiv.interpret(measured).measured}
    assert found == {
        "3TC": ("resistant", "agrees"),
        "AZT": ("no_resistance_found", "disagrees"),
        "RAL": ("not_assessable", "not compared"),
    }


def test_a_line_of_a_cohort_says_the_same_as_the_report(hiv: ViralInterpreter, measured: ViralGenotype) -> None:
    (line,) = facet.lines(hiv, [measured], None, all_drugs=True)
    assert json.loads(line)["measured"] == json.loads(hiv.interpret(measured).to_json())["measured"]


def test_where_nothing_was_measured_no_json_speaks_of_it(hiv: ViralInterpreter, measured: ViralGenotype) -> None:
    silent = replace(measured, measured=())
    (line,) = facet.lines(hiv, [silent], None, all_drugs=True)
    assert "measured" not in json.loads(line)
    assert "measured" not in json.loads(hiv.interpret(silent).to_json())


def test_the_page_and_the_terminal_show_them(
    hiv: ViralInterpreter, measured: ViralGenotype, capsys: pytest.CaptureFixture[str]
) -> None:
    report = hiv.interpret(measured)
    page = facet.html(report)
    assert "fold change 8 (resistant from 5), recombinant virus" in page
    assert '<strong class="against">Disagrees</strong>: measured resistant, predicted no resistance found' in page
    facet.print_report(report, all_drugs=False)
    assert "Measured beside predicted" in capsys.readouterr().out
