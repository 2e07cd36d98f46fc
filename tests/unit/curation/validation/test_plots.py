"""Plots and the page: the same bytes each time, text for who does not see them, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from resistab.curation.validation.measured import validated
from resistab.curation.validation.model import MeasuredValidation
from resistab.curation.validation.outcomes import read_outcomes
from resistab.curation.validation.page import render
from resistab.curation.validation.plots import levels_plot, survival_plot
from resistab.curation.validation.survival import validated as outcomes_validated
from tests.unit.curation.validation.tables import opened, side, written
from tests.unit.curation.validation.test_survival import COLUMNS, ROWS


@pytest.fixture
def measured(tmp_path: Path) -> MeasuredValidation:
    path = written(tmp_path)
    own = side(path)
    return validated(own, own, [path])


def test_the_same_figures_give_the_same_bytes(measured: MeasuredValidation) -> None:
    assert levels_plot(measured.drugs[0]) == levels_plot(measured.drugs[0])


def test_a_plot_is_svg_with_a_text_for_who_does_not_see_it(measured: MeasuredValidation) -> None:
    root = ElementTree.fromstring(levels_plot(measured.drugs[0]).replace("<svg ", _NAMESPACES, 1))
    assert root.get("role") == "img"
    assert "High-Level Resistance, 2 samples, median 75, quartiles 62.5 and 87.5" in str(root.get("aria-label"))


# Within a page they need not be said.
_NAMESPACES = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


def test_folds_stand_on_a_logarithmic_axis(measured: MeasuredValidation) -> None:
    plot = levels_plot(measured.drugs[0])
    assert ">10</text>" in plot and ">100</text>" in plot and ">40</text>" not in plot


def test_shares_stand_on_a_plain_axis(measured: MeasuredValidation) -> None:
    levels = tuple(level.model_copy(update={"quartile_1": 0.2, "median": 0.5, "quartile_3": 0.7})
                   for level in measured.drugs[0].levels)  # fmt: skip
    drug = measured.drugs[0].model_copy(update={"log": False, "levels": levels, "resistant_from": None})
    assert ">0.4</text>" in levels_plot(drug)


def test_curves_tell_how_many_are_still_followed(tmp_path: Path) -> None:
    pack, interpreter = opened()
    table = read_outcomes(pack, interpreter, written(tmp_path, ROWS, COLUMNS))
    (drug,) = outcomes_validated(pack, interpreter, table).drugs
    plot = survival_plot(drug, pack.report.VERDICTS.tones)
    assert "still followed" in plot and "Resistant (3)" in plot
    assert "No resistance found, 3 therapies, median 365 days" in plot


def test_a_page_needs_nothing_from_elsewhere(measured: MeasuredValidation) -> None:
    page = render(measured, opened()[0].report.VERDICTS)
    assert "default-src 'none'" in page and "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', page)


def test_ids_of_a_page_are_there_once(measured: MeasuredValidation) -> None:
    page = render(measured, opened()[0].report.VERDICTS)
    ids = re.findall(r'<(?:article|section|h\d|[a-z]+) id="([^"]+)"', page)
    own = [name for name in ids if name.startswith(("h-", "drug-", "against-", "summary"))]
    assert len(own) == len(set(own)) > 4


def test_a_page_escapes_what_the_data_hold(tmp_path: Path) -> None:
    path = written(tmp_path, ["<b>s1</b>,p1,RT:Y181C,EFV,fold change,1,3"])
    page = render(validated(side(path), None, [path]), opened()[0].report.VERDICTS)
    assert "&lt;b&gt;s1" in page and "<b>s1" not in page
