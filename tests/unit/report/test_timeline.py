"""Serial samples of one patient: how findings and verdicts moved, and the picture of it."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.report import VERDICTS
from resistab.domains.oncology.report.series import Timeline, tumour_timeline
from resistab.report.timeline.drawing import MOST_LINES, draw_timeline
from resistab.report.timeline.model import TakenSample, Therapy
from resistab.report.timeline.page import render_timeline_html, render_timeline_svg
from resistab.report.timeline.therapies import read_therapies

ASSAYED = ["EGFR", "KRAS", "MET", "TP53"]


def sample(
    oncology: Interpreter, day: str, findings: list[str], assayed: list[str] | None = None, **more: Any
) -> TakenSample:
    genotype = oncology.genotype("LUAD", findings, ASSAYED if assayed is None else assayed, sample=f"s-{day}")
    date = datetime.date.fromisoformat(day)
    genotype = genotype.model_copy(update={"date": date, **more})
    return TakenSample(genotype, oncology.interpret(genotype), date)


@pytest.fixture(scope="module")
def series(oncology: Interpreter) -> Timeline:
    samples = [
        sample(oncology, "2026-05-20", ["EGFR L858R at 19%", "EGFR C797S at 6%", "MET amplification 9 copies"]),
        sample(oncology, "2024-01-08", ["EGFR L858R at 35%", "TP53 R175H at 30%"]),
        sample(oncology, "2025-03-12", ["EGFR L858R at 14%", "EGFR T790M at 9%"], ["EGFR", "KRAS", "MET"]),
    ]
    therapies = [
        Therapy(drug="osimertinib", start=datetime.date(2025, 4, 1), end=None),
        Therapy(drug="gefitinib", start=datetime.date(2024, 2, 1), end=datetime.date(2025, 3, 1)),
    ]
    return tumour_timeline(oncology.rulebase, samples, therapies, datetime.date(2026, 6, 1))


def movements(series: Timeline) -> dict[str, tuple[str, ...]]:
    return {course.finding: course.movements for course in series.findings}


def test_samples_stand_in_the_order_of_their_dates(series: Timeline) -> None:
    assert [point.sample for point in series.samples] == ["s-2024-01-08", "s-2025-03-12", "s-2026-05-20"]


def test_each_movement_of_a_finding_has_its_name(series: Timeline) -> None:
    assert movements(series) == {
        "EGFR L858R": ("fell", "steady"),
        "TP53 R175H": ("not looked for", "not found"),
        "EGFR T790M": ("appeared", "vanished"),
        "EGFR C797S": ("stays absent", "appeared"),
        "MET amplification": ("stays absent", "appeared"),
    }


def test_a_rise_is_more_than_what_two_measurements_differ_by(oncology: Interpreter) -> None:
    found = {}
    for later in ("14%", "15%", "16%", "6%"):
        samples = [
            sample(oncology, "2024-01-01", ["EGFR L858R at 10%"]),
            sample(oncology, "2025-01-01", [f"EGFR L858R at {later}"]),
        ]
        found[later] = movements(tumour_timeline(oncology.rulebase, samples, [], None))["EGFR L858R"]
    assert found == {"14%": ("steady",), "15%": ("steady",), "16%": ("rose",), "6%": ("fell",)}


def test_what_plasma_does_not_show_is_not_detected_not_absent(oncology: Interpreter) -> None:
    samples = [
        sample(oncology, "2024-01-01", ["EGFR L858R at 10%", "EGFR T790M at 5%"]),
        sample(oncology, "2025-01-01", ["EGFR L858R at 1%"], specimen="ctDNA"),
    ]
    courses = tumour_timeline(oncology.rulebase, samples, [], None).findings
    (t790m,) = [course for course in courses if course.finding == "EGFR T790M"]
    assert [point.presence for point in t790m.points] == ["found", "not detected"]


def test_equal_changes_written_otherwise_are_one_course(oncology: Interpreter) -> None:
    samples = [
        sample(oncology, "2024-01-01", ["EGFR A767_V769dup at 10%"]),
        sample(oncology, "2025-01-01", ["EGFR V769_D770insASV at 20%"]),
    ]
    (course,) = tumour_timeline(oncology.rulebase, samples, [], None).findings
    assert course.movements == ("rose",)


def test_what_was_known_by_its_place_may_have_been_the_change(oncology: Interpreter) -> None:
    samples = [
        sample(oncology, "2024-01-01", ["EGFR exon 19 deletion", "MET amplification"]),
        sample(oncology, "2025-01-01", ["EGFR E746_A750del at 20%", "MET amplification 14 copies"]),
    ]
    made = tumour_timeline(oncology.rulebase, samples, [], None)
    assert movements(made) == {
        "EGFR E746_A750del": ("may have been there",),
        "EGFR exon 19 deletion": ("may be there",),
        "MET amplification": ("steady",),
    }
    assert made.emergences == ()


def test_verdicts_move_and_the_drugs_that_were_given_come_first(series: Timeline) -> None:
    courses = {course.drug: course for course in series.verdicts}
    assert [verdict.verdict for verdict in courses["gefitinib"].verdicts] == ["sensitive", "resistant", "resistant"]
    assert [verdict.verdict for verdict in courses["osimertinib"].verdicts] == ["sensitive", "sensitive", "resistant"]
    assert [course.drug for course in series.verdicts[:2]] == ["gefitinib", "osimertinib"]


def test_an_emergence_names_its_therapy_and_the_drugs(series: Timeline) -> None:
    emerged = {item.finding: item for item in series.emergences}
    assert set(emerged) == {"EGFR T790M", "EGFR C797S", "MET amplification"}
    assert (emerged["EGFR T790M"].under, emerged["EGFR C797S"].under) == (("gefitinib",), ("osimertinib",))
    assert "gefitinib" in {pointer.drug for pointer in emerged["EGFR T790M"].points_to}
    assert {"osimertinib", "lazertinib"} <= {pointer.drug for pointer in emerged["EGFR C797S"].points_to}
    assert emerged["MET amplification"].points_to


def test_the_picture_has_a_line_a_finding_and_a_bar_a_therapy(series: Timeline) -> None:
    picture = render_timeline_svg(series)
    assert picture is not None
    root = ElementTree.fromstring(picture)
    space = "{http://www.w3.org/2000/svg}"
    names = {"".join(text.itertext()) for text in root.iter(f"{space}text")}
    assert {"EGFR L858R", "EGFR T790M", "EGFR C797S", "gefitinib", "osimertinib (goes on)"} <= names
    drawing = draw_timeline(series)
    assert drawing is not None
    assert len(list(root.iter(f"{space}polyline"))) == sum(len(line.stretches) for line in drawing.lines)
    inside = [float(x.get("cx", "0")) for x in root.iter(f"{space}circle")]
    assert all(0 <= x <= 900 for x in inside)
    # Where a gene was not looked for, the line breaks off.
    (tp53,) = [line for line in drawing.lines if line.name == "TP53 R175H"]
    assert (len(tp53.marks), tp53.stretches) == (2, ())


def test_labels_do_not_overlap_and_what_has_no_room_is_named(oncology: Interpreter) -> None:
    crowd = [f"TP53 {change} at {n}%" for n, change in enumerate(
        ["R175H", "R248Q", "R248W", "R273H", "R273C", "R282W", "G245S", "Y220C", "R249S", "H179R", "V157F", "C176F",
         "R158L", "Y163C"], 10)]  # fmt: skip
    samples = [sample(oncology, "2024-01-01", crowd), sample(oncology, "2025-01-01", crowd)]
    drawing = draw_timeline(tumour_timeline(oncology.rulebase, samples, [], None))
    assert drawing is not None
    heights = sorted(line.label_y for line in drawing.lines)
    assert len(heights) == MOST_LINES
    assert min(b - a for a, b in pairwise(heights)) >= 14.9
    assert len(drawing.left_out) == 2


def test_the_page_needs_nothing_else_and_escapes_what_was_given(oncology: Interpreter) -> None:
    one = sample(oncology, "2024-01-01", ["EGFR L858R at 10%"])
    evil = one.genotype.model_copy(update={"sample": "<script>x</script>"})
    made = tumour_timeline(oncology.rulebase, [TakenSample(evil, oncology.interpret(evil), one.date)], [], None)
    page = render_timeline_html(made, VERDICTS)
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "&lt;script&gt;" in page


def test_the_same_series_gives_the_same_bytes(series: Timeline) -> None:
    assert Timeline.model_validate_json(series.to_json()).to_json() == series.to_json()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("drug,end\nx,2024-01-01\n", ["t.csv:1: the column 'start' is missing; expected it among the column names"]),
        (
            "drug,start,end\ngefitinib,2025-01-01,2024-01-01\nosimertinb,2024-01-01,\n,2024-01-01,\ngefitinib,1.1.2024,\n",
            [
                "t.csv:2: gefitinib ends on 2024-01-01, before it starts on 2025-01-01; expected the other order",
                "t.csv:3: unknown drug 'osimertinb'; expected a drug name; did you mean osimertinib?",
                "t.csv:4: names no drug or no start; expected both",
                "t.csv:5: '1.1.2024' in column 'start' is no date; expected YYYY-MM-DD",
            ],
        ),
    ],
)
def test_faulty_therapies_are_refused(oncology: Interpreter, tmp_path: Path, content: str, said: list[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content)
    with pytest.raises(InputError) as raised:
        read_therapies(path, oncology.rulebase.drug_by_name)
    assert [str(fault).replace(f"{tmp_path}/", "") for fault in raised.value.faults] == said


def test_a_normal_copy_number_is_no_amplification(oncology: Interpreter) -> None:
    samples = [
        sample(oncology, "2024-01-01", ["EGFR L858R", "MET 2 copies"]),
        sample(oncology, "2025-01-01", ["EGFR L858R", "MET amplification"]),
    ]
    made = tumour_timeline(oncology.rulebase, samples, [], None)
    assert movements(made)["MET amplification"] == ("appeared",)
    assert [item.finding for item in made.emergences] == ["MET amplification"]


def test_a_fusion_with_its_partner_may_be_the_one_without(oncology: Interpreter) -> None:
    samples = [sample(oncology, "2024-01-01", ["EML4::ALK"]), sample(oncology, "2025-01-01", ["ALK fusion"])]
    made = tumour_timeline(oncology.rulebase, samples, [], None)
    assert movements(made) == {"EML4::ALK": ("may be there",), "ALK fusion": ("may have been there",)}


def test_what_plasma_shows_no_more_is_no_longer_detected(oncology: Interpreter) -> None:
    samples = [
        sample(oncology, "2024-01-01", ["EGFR T790M at 5%"]),
        sample(oncology, "2025-01-01", ["EGFR L858R at 1%"], specimen="ctDNA"),
    ]
    assert movements(tumour_timeline(oncology.rulebase, samples, [], None))["EGFR T790M"] == ("no longer detected",)
