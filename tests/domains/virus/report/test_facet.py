"""What every domain's report gives, of a virus: table, cohort and timeline."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

import pytest
from pydantic import ValidationError

from resistab.core.faults import InputError
from resistab.domains.loading import load
from resistab.domains.virus import report as facet
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.report.series import ViralTimeline
from resistab.report.cohort import print_cohort, summarise
from resistab.report.timeline.drawing import MOST_LANES, draw_timeline
from resistab.report.timeline.model import TakenSample, Therapy
from resistab.report.timeline.page import render_timeline_html, render_timeline_svg
from resistab.report.timeline.terminal import print_timeline


@pytest.fixture(scope="module")
def hiv() -> ViralInterpreter:
    return load("hiv1")


def dated(hiv: ViralInterpreter, day: str, mutations: str, sequenced: Sequence[str] = ()) -> TakenSample:
    genotype = hiv.genotype(mutations, f"s-{day}", sequenced)
    return TakenSample(genotype, hiv.interpret(genotype), datetime.date.fromisoformat(day))


@pytest.fixture(scope="module")
def series(hiv: ViralInterpreter) -> ViralTimeline:
    samples = [
        dated(hiv, "2022-03-01", "RT:M184MV"),
        dated(hiv, "2020-01-01", "RT:K103N", ["PR"]),
        dated(hiv, "2021-05-01", "RT:M184V K103N, PR:L90M"),
    ]
    therapies = [Therapy(drug="3TC", start=datetime.date(2020, 6, 1), end=None)]
    return facet.timeline(hiv.rulebase, samples, therapies, None)


def test_the_table_has_a_field_for_each_column(hiv: ViralInterpreter) -> None:
    report = hiv.interpret(hiv.genotype("RT:M184V", "one"))
    rows = [dict(zip(facet.TABLE_COLUMNS, row, strict=True)) for row in facet.table_rows(report)]
    by_drug = {row["drug"]: row for row in rows}
    assert len(rows) == len(report.verdicts) == len(by_drug)
    assert by_drug["3TC"] == {
        "sample": "one", "drug": "3TC", "drug_class": "NRTI", "gene": "RT", "verdict": "resistant", "level": "5",
        "sir": "R", "score": "60", "reason": "M184V", "rows": "3TC-184",
    }  # fmt: skip
    assert (by_drug["RAL"]["verdict"], by_drug["RAL"]["level"], by_drug["RAL"]["score"]) == ("not_assessable", "", "")


def test_a_cohort_counts_lines_and_whole_reports_alike(hiv: ViralInterpreter) -> None:
    genotypes = [hiv.genotype("RT:M184V", "one"), hiv.genotype("RT:none", "two")]
    lines = [*facet.lines(hiv, genotypes, None, all_drugs=True)]
    whole = [hiv.interpret(genotype).to_json() for genotype in genotypes]
    cohort = summarise(map(facet.cohort_entry, lines))
    assert cohort == summarise(map(facet.cohort_entry, whole))
    (group,) = cohort.groups
    shares = {drug.drug: drug.share("resistant") for drug in group.drugs}
    assert (group.code, group.samples, shares["3TC"], shares["EFV"]) == ("hiv1", 2, 0.5, 0.0)
    assert "rulesets" in cohort.as_json(facet.GROUPS) and "groups" not in cohort.as_json(facet.GROUPS)


def test_a_cohort_is_printed_in_the_words_of_the_domain(
    hiv: ViralInterpreter, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = facet.lines(hiv, [hiv.genotype("RT:M184V", "one")], None, all_drugs=True)
    print_cohort(summarise(map(facet.cohort_entry, lines)), facet.VERDICTS, facet.GROUPS, 20)
    printed = capsys.readouterr().out
    assert "1 sample of 1 rule set" in printed and "100% resistant" in printed
    assert "tumour" not in printed and "reference protein" not in printed


def test_a_line_of_another_domain_is_no_report_on_a_virus() -> None:
    with pytest.raises(ValidationError):
        facet.cohort_entry('{"format": 1, "verdicts": [{"drug": "gefitinib", "verdict": "sensitive"}]}')


def test_mutations_are_followed_a_residue_at_a_time(series: ViralTimeline) -> None:
    assert {course.finding: course.movements for course in series.findings} == {
        "RT K103N": ("steady", "vanished"),
        "RT M184V": ("appeared", "steady"),
        "PR L90M": ("appeared", "not looked for"),
    }


def test_what_emerged_points_to_drugs_under_the_therapy(series: ViralTimeline) -> None:
    emerged = {item.finding: item for item in series.emergences}
    assert emerged.keys() == {"RT M184V", "PR L90M"}
    assert emerged["RT M184V"].under == ("3TC",)
    against = {pointer.drug: pointer.effect for pointer in emerged["RT M184V"].points_to}
    assert against["3TC"] == "score 60" and "AZT" not in against


def test_the_drug_that_was_given_comes_first(series: ViralTimeline) -> None:
    first = series.verdicts[0]
    assert (first.drug, first.given, [item.verdict for item in first.verdicts]) == (
        "3TC", True, ["no_resistance_found", "resistant", "resistant"],
    )  # fmt: skip


def test_each_mutation_has_a_lane(series: ViralTimeline) -> None:
    drawing = draw_timeline(series)
    assert drawing is not None and drawing.levels == ()
    marks = {line.name: [mark.found for mark in line.marks] for line in drawing.lines}
    assert marks == {
        "RT K103N": [True, True, False], "RT M184V": [False, True, True], "PR L90M": [False, True],
    }  # fmt: skip
    assert len({mark.y for line in drawing.lines for mark in line.marks}) == 3


def test_lanes_beyond_the_room_are_named(hiv: ViralInterpreter) -> None:
    mutations = "RT:" + " ".join(f"{position}A" for position in range(200, 210 + MOST_LANES))
    timeline = facet.timeline(hiv.rulebase, [dated(hiv, "2020-01-01", mutations)], [], None)
    drawing = draw_timeline(timeline)
    assert drawing is not None and len(drawing.lines) == MOST_LANES < len(timeline.findings)
    names = [line.name for line in drawing.lines] + list(drawing.left_out)
    assert names == [course.finding for course in timeline.findings]


def test_without_a_mutation_there_is_no_picture(hiv: ViralInterpreter) -> None:
    nothing = facet.timeline(hiv.rulebase, [dated(hiv, "2020-01-01", "RT:none")], [], None)
    assert render_timeline_svg(nothing) is None
    assert "No finding with a curated association was newly detected or rose." in render_timeline_html(
        nothing, facet.VERDICTS
    )


def test_page_and_picture_speak_of_no_tumour(series: ViralTimeline, capsys: pytest.CaptureFixture[str]) -> None:
    page, picture = render_timeline_html(series, facet.VERDICTS), render_timeline_svg(series)
    print_timeline(series, facet.VERDICTS)
    said = page + (picture or "") + capsys.readouterr().out
    assert "umour" not in said and "llele" not in said
    assert ElementTree.fromstring(picture or "").tag.endswith("svg")


def test_an_unknown_drug_is_refused_with_the_nearest(hiv: ViralInterpreter) -> None:
    assert facet.drug_named(hiv.rulebase, " lamivudine ") == "3TC"
    with pytest.raises(InputError, match=r"did you mean .*lamivudine"):
        facet.drug_named(hiv.rulebase, "lamivudin")
