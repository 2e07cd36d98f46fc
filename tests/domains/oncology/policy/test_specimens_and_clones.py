"""Circulating tumour DNA shows presence, and absence only where it must have; small clones are marked."""

from __future__ import annotations

from typing import Any

import pytest

from resistab import Interpreter
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.policy.models import Verdict


def plasma(oncology: Interpreter, tumour: str, findings: list[str], assayed: list[str], **more: Any) -> Genotype:
    genotype = oncology.genotype(tumour, findings, assayed)
    return genotype.model_copy(update={"specimen": "ctDNA", **more})


def verdict(oncology: Interpreter, genotype: Genotype, drug: str) -> Verdict:
    return next(item for item in oncology.interpret(genotype).verdicts if item.drug == drug)


RAS = ["KRAS", "NRAS", "BRAF"]


def test_ras_that_was_not_detected_in_plasma_is_not_wild_type(oncology: Interpreter) -> None:
    tissue = verdict(oncology, oncology.genotype("COAD", [], RAS), "cetuximab")
    assert tissue.verdict in ("sensitive", "no_resistance_found")
    found = verdict(oncology, plasma(oncology, "COAD", [], RAS), "cetuximab")
    assert found.verdict == "not_assessable"
    assert "not detected in circulating tumour DNA" in found.reason


@pytest.mark.parametrize(
    ("limit", "fraction", "shown"),
    [(0.001, 0.2, True), (0.01, 0.08, True), (0.01, 0.079, False), (None, 0.2, False), (0.001, None, False)],
)
def test_it_is_absent_where_a_quarter_would_be_detected(
    oncology: Interpreter, limit: float | None, fraction: float | None, shown: bool
) -> None:
    """A quarter of the cells, one copy of two: an eighth of the tumour fraction is to reach the limit."""
    genotype = plasma(oncology, "COAD", [], RAS, limit_of_detection=limit, tumour_fraction=fraction)
    assert genotype.shows_absence(0.25) is shown
    assert (verdict(oncology, genotype, "cetuximab").verdict == "not_assessable") is not shown
    (caution,) = oncology.interpret(genotype).cautions
    assert ("counts as absent" in caution) is shown


def test_what_was_detected_in_plasma_counts_in_full(oncology: Interpreter) -> None:
    assert verdict(oncology, plasma(oncology, "COAD", ["KRAS G12D"], RAS), "cetuximab").verdict == "resistant"
    lung = plasma(oncology, "LUAD", ["EGFR L858R"], ["EGFR"])
    assert verdict(oncology, lung, "osimertinib").verdict == "sensitive"
    assert verdict(oncology, lung, "osimertinib").undecided.rows


def test_a_marker_that_plasma_does_not_show_may_be_there(oncology: Interpreter) -> None:
    """Not detected, a required marker is no reason to call a drug not indicated."""
    assert verdict(oncology, oncology.genotype("LUAD", [], ["EGFR"]), "osimertinib").verdict == "not_indicated"
    found = verdict(oncology, plasma(oncology, "LUAD", [], ["EGFR"]), "osimertinib")
    assert found.verdict == "not_assessable"


def test_the_share_of_cells_follows_from_the_tumour_fraction(oncology: Interpreter) -> None:
    genotype = oncology.genotype("LUAD", ["EGFR L858R at 30%", "EGFR T790M at 5%"], ["EGFR"])
    report = oncology.interpret(genotype.model_copy(update={"tumour_fraction": 0.6}))
    clones = {finding.text: finding.clonality for finding in report.findings}
    l858r, t790m = clones["EGFR L858R"], clones["EGFR T790M"]
    assert l858r is not None
    assert t790m is not None
    assert (l858r.share, l858r.of, l858r.minor) == (1.0, "tumour cells", False)
    assert (round(t790m.share, 3), t790m.minor) == (0.167, True)


def test_without_it_findings_are_measured_by_the_largest(oncology: Interpreter) -> None:
    report = oncology.interpret(oncology.genotype("LUAD", ["EGFR L858R at 30%", "EGFR T790M at 5%"], ["EGFR"]))
    (t790m,) = [finding for finding in report.findings if finding.text == "EGFR T790M"]
    assert t790m.clonality is not None
    assert (t790m.clonality.of, round(t790m.clonality.share, 3)) == ("largest allele fraction", 0.167)
    alone = oncology.interpret(oncology.genotype("LUAD", ["EGFR T790M at 5%"], ["EGFR"]))
    assert alone.findings[0].clonality is None


def test_resistance_in_a_minor_clone_is_marked_and_stays(oncology: Interpreter) -> None:
    genotype = oncology.genotype("LUAD", ["EGFR L858R at 30%", "EGFR T790M at 5%"], ["EGFR"])
    gefitinib = verdict(oncology, genotype, "gefitinib")
    assert gefitinib.verdict == "resistant"
    assert gefitinib.reason.startswith("EGFR T790M, in a minor clone: resistance")
    assert [c.minor_clone for c in gefitinib.contributions if c.findings == ("EGFR T790M",)] == [True]


def test_without_coverage_the_report_says_so_once_at_the_top(oncology: Interpreter) -> None:
    report = oncology.interpret(oncology.genotype("LUAD", ["EGFR L858R"]))
    assert len([caution for caution in report.cautions if caution.startswith("What was assayed was not said")]) == 1
    assert oncology.interpret(oncology.genotype("LUAD", ["EGFR L858R"], ["EGFR"])).cautions == ()
