"""The figure of a gene with several changes: what is drawn, and that no text covers another."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

from resistab.domains.oncology.policy.gene_maps import GeneMap, Span
from resistab.domains.oncology.report.drawing import WIDTH, GeneLabel, draw_protein
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.page import render_html
from tests.report_page import parse_page

MakeReport = Callable[..., Report]


def test_a_gene_with_several_changes_is_drawn(make_report: MakeReport) -> None:
    report = make_report("LUAD", ["EGFR E746_A750del", "EGFR T790M", "KRAS G12C", "MET amplification"])
    (egfr,) = report.gene_maps
    assert (egfr.gene, egfr.length) == ("EGFR", 1210)
    assert {(span.text, span.first, span.last) for span in egfr.changes} == {
        ("E746_A750del", 746, 750),
        ("T790M", 790, 790),
    }
    assert {"T790M", "C797G/S"} <= {span.text for span in egfr.known}
    assert all(span.first <= 790 <= span.last for span in egfr.domains)
    page = parse_page(render_html(report))
    (title,) = page.all("svg", "gene")[0].all("title")
    assert "the patient's changes: E746_A750del, T790M; residues known for resistance: " in title.text


def test_one_change_is_not_drawn_and_json_holds_no_drawing(make_report: MakeReport) -> None:
    assert make_report("LUAD", ["EGFR L858R", "KRAS G12C"]).gene_maps == ()
    assert "gene_maps" not in json.loads(make_report("LUAD", ["EGFR L858R", "EGFR T790M"]).to_json())


def span(number: int) -> Span:
    return Span(first=number, last=number, text=f"A{number}V")


def test_no_text_covers_another_and_the_nearest_are_named() -> None:
    known = tuple(span(number) for number in range(400, 500))
    drawn = draw_protein(GeneMap(gene="X", length=1000, domains=(), changes=(span(450), span(451)), known=known))
    assert len(drawn.ticks) == 100
    assert drawn.left_out == 100 - len(drawn.known) > 0
    assert {"A450V", "A451V"} <= {label.text for label in drawn.known}
    for labels in (drawn.known, drawn.changes):
        for one, other in itertools.combinations(labels, 2):
            assert one.y != other.y or abs(one.x - other.x) >= half(one) + half(other)
        assert all(half(label) <= label.x <= WIDTH - half(label) for label in labels)


def half(label: GeneLabel) -> float:
    return len(label.text) * 3.5
