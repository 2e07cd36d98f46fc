"""Verdicts that must stay, or become no better, when a genotype is changed: properties over random genotypes.

``python tools/fuzz_verdicts.py`` looks for breaches as long as there is time; here are a few of each.
"""

from __future__ import annotations

import random

import pytest

from resistab.domains.oncology.interpreter import OneEvaluator, TumourInterpreter
from resistab.domains.oncology.policy.models import Verdict
from tools.fuzz_verdicts import ONCOLOGY, Property, Said, Trial, Tumours, found_in, turns_from, turns_good

SEEDS = range(4)


@pytest.fixture(scope="module")
def tumours(oncology: TumourInterpreter) -> Tumours:
    return Tumours(OneEvaluator(oncology.rulebase, ONCOLOGY))


def verdict_of(oncology: TumourInterpreter, drug: str, tumour: str, findings: list[str], assayed: list[str]) -> Verdict:
    report = oncology.interpret(oncology.genotype(tumour, findings, assayed))
    return next(verdict for verdict in report.verdicts if verdict.drug == drug)


@pytest.mark.parametrize(
    "name",
    [
        "order",
        "irrelevant",
        "less-assayed",
        "less-exact",
        "spellings",
        "formats",
        "added-resistance",
        "removed",
        "coarser-tumour",
    ],
)
def test_a_property_holds(tumours: Tumours, name: str) -> None:
    (prop,) = [prop for prop in tumours.properties() if prop.name == name]
    assert found_in(prop, SEEDS) == []


def test_a_breach_is_found_and_made_small(tumours: Tumours) -> None:
    """Removing the resistance mutation does make the drug better, which shows that a breach would be seen."""
    before = tumours.interpreter.genotype("LUAD", ["EGFR L858R", "EGFR T790M", "TP53 R175H"], ["EGFR", "KRAS", "MET"])
    kept = tuple(finding for finding in before.findings if finding.text != "EGFR T790M")
    trial = Trial(before, before.model_copy(update={"findings": kept}), "without T790M", frozenset({"gefitinib"}))
    prop = Property("removed", lambda _: [trial], turns_good, tumours)
    (kind, drug, shown, after) = found_in(prop, [0])
    assert kind == "removed: 1 x resistant (resistant) -> sensitive (response marker)"
    assert drug == "  gefitinib; without T790M"
    assert shown.startswith("    before LUAD: [EGFR T790M, EGFR L858R]; assayed: [EGFR mutation")
    assert "TP53" not in shown + after


def test_knowing_less_makes_no_resistance_not_indicated() -> None:
    broken = turns_from("resistant")
    assert broken(Said("resistant", "level"), Said("not_indicated", "marker absent"))
    assert not broken(Said("resistant", "level"), Said("not_assessable", "marker undecided"))


def test_genotypes_are_drawn_again_alike(tumours: Tumours) -> None:
    drawn = [tumours.random.draw_texts(random.Random(7)) for _ in range(2)]
    assert drawn[0] == drawn[1]


# --- what was found -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("finding", ["any change at ALK C1156", "ALK C1156X", "ALK mutation"])
def test_a_marker_does_not_cover_what_may_be_resistance(oncology: TumourInterpreter, finding: str) -> None:
    """A mutation of the kinase domain beside the fusion is a response marker of ceritinib; C1156Y there resists it."""
    assert verdict_of(oncology, "ceritinib", "LUAD", ["ALK fusion", "ALK C1156Y"], []).verdict == "resistant"
    verdict = verdict_of(oncology, "ceritinib", "LUAD", ["ALK fusion", finding], [])
    assert verdict.verdict == "not_assessable"
    assert "CER-012" in verdict.reason


def test_a_marker_anywhere_in_the_gene_says_nothing_of_a_place(oncology: TumourInterpreter) -> None:
    exact = verdict_of(oncology, "midostaurin", "AML", ["FLT3 F691L"], ["FLT3"])
    assert exact.verdict == "possible_resistance"
    place = verdict_of(oncology, "midostaurin", "AML", ["any substitution at FLT3 F691"], ["FLT3"])
    assert place.verdict == "not_assessable"


@pytest.mark.parametrize("finding", ["EGFR exon 19 deletion", "EGFR sensitising mutation"])
def test_a_marker_at_its_place_outweighs_rarer_exceptions(oncology: TumourInterpreter, finding: str) -> None:
    for drug in ("gefitinib", "erlotinib"):
        assert verdict_of(oncology, drug, "LUAD", [finding], ["EGFR"]).verdict == "sensitive"


def test_resistance_in_a_kind_of_the_tumour_counts(oncology: TumourInterpreter) -> None:
    """In colorectal cancer EGFR takes over when BRAF is inhibited, which follows through a conclusion."""
    assert verdict_of(oncology, "vemurafenib", "COADREAD", ["BRAF V600E"], ["BRAF"]).verdict == "resistant"
    verdict = verdict_of(oncology, "vemurafenib", "BOWEL", ["BRAF V600E"], ["BRAF"])
    assert verdict.verdict == "not_assessable"
    assert "BRAF V600E: resistance by VEM-019 in COADREAD, which this tumour may be" in verdict.not_assessable


def test_resistance_in_all_tumours_but_one_counts(oncology: TumourInterpreter) -> None:
    """TRA-034 holds in every tumour but melanoma; so cross-resistance of selumetinib is possible."""
    for tumour in ("COADREAD", "TISSUE"):
        verdict = verdict_of(oncology, "selumetinib", tumour, ["BRAF G466V"], ["KRAS mutation"])
        assert verdict.verdict == "not_assessable"


@pytest.mark.parametrize("assayed", [["MET mutation"], ["MET mutation", "MET splicing"]])
def test_what_a_kind_of_the_tumour_needs_is_needed(oncology: TumourInterpreter, assayed: list[str]) -> None:
    verdict = verdict_of(oncology, "capmatinib", "LUNG", [], assayed)
    assert verdict.verdict == "not_assessable"
    assert verdict.reason.startswith("in NSCLC, which this tumour may be, ")


def test_the_marker_of_the_type_that_is_said_suffices(oncology: TumourInterpreter) -> None:
    """A kind of lymphoblastic leukaemia needs ABL1 assayed; the fusion of ABL2 was found all the same."""
    assert verdict_of(oncology, "dasatinib", "BLL", ["RCSD1::ABL2"], []).verdict == "sensitive"


def test_the_marker_of_any_tumour_does_not_suffice(oncology: TumourInterpreter) -> None:
    """Entrectinib is for lung cancer with a fusion of ROS1 or NTRK; its marker in any tumour holds that of ALK too."""
    verdict = verdict_of(oncology, "entrectinib", "LUNG", ["ALK fusion"], ["ROS1 fusion"])
    assert verdict.verdict == "not_assessable"
    assert verdict.reason.startswith("in NSCLC, which this tumour may be, the marker is not found: ")
