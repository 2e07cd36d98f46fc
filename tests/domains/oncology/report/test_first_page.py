"""What the first page says: one sentence, and lines that select and order what was concluded."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from resistab.core.derivation import Step
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.report import first_page
from resistab.domains.oncology.report.first_page import DrugGroup, ReasonedDrugs, conclusion, groups, had_before
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.wording import FirstMentions, cause_words, field_words
from resistab.report.words import drug_words

MakeReport = Callable[..., Report]


def group(report: Report, title: str) -> DrugGroup:
    (found,) = [group for group in groups(report) if group.title == title]
    return found


def line(report: Report, title: str, drug: str) -> ReasonedDrugs:
    """The line that names ``drug``."""
    shown = group(report, title)
    (found,) = [line for line in (*shown.lead, *shown.lines) if drug in [verdict.drug for verdict in line.drugs]]
    return found


def findings(line: ReasonedDrugs) -> list[str]:
    return [finding for reason in line.reasons for finding, _ in reason.findings]


@pytest.fixture(scope="module")
def lung(make_report: MakeReport) -> Report:
    return make_report(
        "LUAD",
        ["EGFR L858R", "EGFR C797S", "MET amplification"],
        ["EGFR", "MET copy number"],
        prior=["Osimertinib"],
    )


def test_every_drug_used_there_stands_in_one_group(lung: Report) -> None:
    shown = [
        verdict.drug
        for group in groups(lung)
        for verdicts in (*(line.drugs for line in (*group.lead, *group.lines)), *(drugs for _, drugs in group.causes))
        for verdict in verdicts
    ]
    assert set(shown) == {verdict.drug for verdict in lung.verdicts if verdict.relevant}
    told_once = [verdict.drug for verdict in lung.verdicts if verdict.relevant and not verdict.not_assessable]
    assert [drug for drug in told_once if shown.count(drug) != 1] == []


def test_every_reason_is_told_and_not_the_strongest_alone(lung: Report) -> None:
    assert {"EGFR C797S", "MET amplification"} <= set(findings(line(lung, "Resistant", "osimertinib")))


def test_drugs_given_before_are_marked_in_combinations_too(lung: Report) -> None:
    had = had_before(lung)
    assert "osimertinib" in had and "osimertinib + carboplatin + pemetrexed" in had
    assert "gefitinib" not in had


def test_the_approved_come_first_then_by_line(lung: Report) -> None:
    orders = [first_page._approval(line.drugs[0])[0] for line in group(lung, "Resistant").lines]
    assert orders == sorted(orders)


def test_a_minor_clone_is_marked_on_response_markers_too(oncology: TumourInterpreter) -> None:
    given = ["TP53 R175H 40%", "KRAS G12C 1%"]
    report = oncology.interpret(oncology.genotype("LUAD", given, ["KRAS", "EGFR", "BRAF"]))
    assert "KRAS G12C (minor clone)" in findings(line(report, "Options", "sotorasib"))


def test_a_verdict_of_the_policy_tells_its_reason(make_report: MakeReport) -> None:
    report = make_report("LUAD", ["EGFR L858R", "EGFR V843I"], ["EGFR"], prior=["afatinib"])
    (told,) = findings(line(report, "Possible resistance", "afatinib"))
    assert told == ("EGFR V843I lies where drugs bind EGFR, and no rule says what it does; it is found after afatinib")


def test_the_conclusion_names_findings_once(make_report: MakeReport) -> None:
    text = conclusion(make_report("MEL", ["BRAF V600E", "NRAS Q61K"]))
    assert text.startswith("Resistant to dabrafenib, vemurafenib and dabrafenib + trametinib by NRAS Q61K; ")
    assert text.endswith(" not tested.")


def test_without_a_drug_the_conclusion_says_so(lung: Report) -> None:
    none = tuple(verdict.model_copy(update={"relevant": False}) for verdict in lung.verdicts)
    bare = lung.model_copy(update={"verdicts": none})
    assert conclusion(bare) == "No drug of this rule set is used in Lung Adenocarcinoma."
    assert groups(bare) == []


def leaf(text: str) -> Step:
    return Step(text=text, truth="true", findings=(text,))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A and B", "A with B"),
        ("A or B", "A, B"),
        ("all of (A, B, X)", "A with B"),
        ("any of (A, B, C)", "A, B"),
        ("between 2 and 3 of (A, B, C)", "A with B"),
        ("at least 2 of (A, B, C)", "A with B"),
        ("at least 1 of (A, B, C)", "A, B"),
        ("(A and X) or B", "A, B"),
    ],
)
def test_findings_are_told_together_or_each_by_itself(text: str, told: str) -> None:
    step = Step(text=text, truth="true", parts=(leaf("A"), leaf("B")))
    assert first_page._together(step, frozenset()) == told


def test_a_minor_clone_is_marked_in_a_combination() -> None:
    step = Step(text="A and B", truth="true", parts=(leaf("A"), leaf("B")))
    assert first_page._together(step, frozenset({"B"})) == "A with B (minor clone)"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("amgmds3", "AMGMDS3"),
        ("vemurafenib + mk-2206", "vemurafenib + MK-2206"),
        ("peginterferon alfa-2a", "peginterferon alfa-2a"),
        ("nab-paclitaxel", "nab-paclitaxel"),
        ("lutetium (177lu) vipivotide tetraxetan", "lutetium (177Lu) vipivotide tetraxetan"),
    ],
)
def test_codes_of_drugs_are_written_in_capitals(given: str, told: str) -> None:
    assert drug_words(given) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("CD274 protein 60 TPS", "PD-L1 TPS 60%"),
        ("CD274 protein 10 CPS", "PD-L1 CPS 10"),
        ("CD274 protein positive of at least 50 TPS", "PD-L1 TPS at least 50%"),
        ("CD274 protein not tested", "PD-L1 not tested"),
        ("CD274 copy number", "CD274 copy number"),
    ],
)
def test_pd_l1_is_named_as_it_is_reported(given: str, told: str) -> None:
    assert field_words(given) == told


def test_cross_resistance_is_told_without_the_drug_itself() -> None:
    text = (
        "cross-resistance possible: EGFR L792H confers resistance to osimertinib (OSI-031) and has no curated "
        "association with lazertinib"
    )
    assert cause_words(text) == ("cross-resistance possible, EGFR L792H confers resistance to osimertinib; no data for")


def test_brands_stand_where_a_drug_is_named_first() -> None:
    mentions = FirstMentions({"a": ("A", "Aa", "Aaa"), "c": ("C",), "b + c": ("Both",)})

    assert mentions.named("a + b") == (("a", "A, Aa"), ("b", "")), "two are enough"
    assert mentions.named("a") == (("a", ""),)
    assert mentions.named("b + c") == (("b", ""), ("c", "as Both")), "a product of both"
    assert mentions.named("b + c") == (("b", ""), ("c", "")), "told by now, and none of them was named by itself"
    assert mentions.named("c") == (("c", "C"),)
    assert mentions.named("mk-2206") == (("MK-2206", ""),)
