"""What ``import resistab`` offers, and that a genotype made in Python is that of the command line."""

from __future__ import annotations

import csv
import datetime
import io
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import resistab
from resistab.core.faults import ExtraMissingError
from resistab.core.measured import MeasuredResponse
from tests.extras import require_pdf
from tests.running import Run

PANEL = "foundationone-cdx"


def test_dir_lists_the_public_names_and_each_is_there() -> None:
    public = [name for name in dir(resistab) if not name.startswith("_")]
    assert public == sorted(resistab.__all__)
    assert all(getattr(resistab, name) is not None for name in public)


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(resistab.__file__).parent / "py.typed").is_file()


def test_a_tumour_genotype_takes_what_the_command_line_takes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("drug,assay,call\nosimertinib,organoid,resistant\n")
    interpreter = resistab.load("oncology")
    genotype = interpreter.genotype(
        "LUAD",
        ["EGFR L858R"],
        ["MET copy number"],
        ["none"],
        "one",
        panels=[PANEL],
        specimen="CTDNA",
        limit_of_detection=0.001,
        tumour_fraction=0.3,
        measured=tmp_path / "m.csv",
    )
    options = ("--tumour", "LUAD", "--finding", "EGFR L858R", "--assayed", "MET copy number", "--prior", "none",
               "--sample", "one", "--panel", PANEL, "--specimen", "CTDNA", "--limit-of-detection", "0.001",
               "--tumour-fraction", "0.3", "--measured", "m.csv", "--date", "2026-01-01")  # fmt: skip
    printed = json.loads(run("evaluate", *options, "--all-drugs", "--no-options", "--json", "-").stdout)
    made = json.loads(interpreter.interpret(genotype).to_json())
    assert made | {"generated_on": "2026-01-01"} == printed
    assert printed["measured"] and printed["sample"]["specimen"] == "ctDNA"


def test_measured_responses_may_be_given_as_they_are() -> None:
    response = MeasuredResponse(drug="Tagrisso", assay="organoid", measure="fold change", value=12, resistant_from=5)
    genotype = resistab.load("oncology").genotype("LUAD", ["EGFR L858R"], measured=[response])
    assert [(item.drug, item.call) for item in genotype.measured] == [("osimertinib", "resistant")]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"specimen": "blood"}, "--specimen 'blood' is neither tissue nor ctDNA"),
        ({"tumour_fraction": 5}, "--tumour-fraction 5 is no fraction from 0 to 1"),
        ({"panels": ["x"]}, "there is no panel and no file 'x'"),
        ({"measured": "no.csv"}, "no.csv: cannot be read"),
    ],
)
def test_what_cannot_be_taken_is_an_input_error(options: dict[str, object], said: str) -> None:
    with pytest.raises(resistab.InputError, match=said):
        resistab.load("oncology").genotype("LUAD", ["EGFR L858R"], **options)


MADE = {
    "tumour": ("oncology", ("LUAD", ["EGFR L858R", "EGFR T790M"], ["EGFR", "KRAS"])),
    "virus": ("hiv1", ("RT:M184V",)),
    "germline": ("pharmacogenomics", (["DPYD *1/*2A"],)),
}
PATIENTS = {
    "tumour": ("--tumour", "LUAD", "--finding", "EGFR L858R", "--finding", "EGFR T790M", "--assayed", "EGFR, KRAS"),
    "virus": ("--ruleset", "hiv1", "--mutations", "RT:M184V"),
    "germline": ("--ruleset", "pharmacogenomics", "--finding", "DPYD *1/*2A"),
}
ON = datetime.date(2026, 1, 2)


@cache
def made(kind: str) -> Any:
    """A report of each pack, and the interpreter that made it."""
    ruleset, given = MADE[kind]
    interpreter: Any = resistab.load(ruleset)
    return interpreter.interpret(interpreter.genotype(*given), ON), interpreter


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("form", ["html", "fhir"])
def test_a_report_writes_what_the_command_line_writes(run: Run, kind: str, form: str) -> None:
    if form == "fhir":
        pytest.importorskip("fhir.resources")
    writes_the_same(run, kind, form)


@pytest.mark.parametrize("kind", ["virus", "germline"])
def test_a_report_writes_the_pdf_of_the_command_line(run: Run, kind: str) -> None:
    require_pdf()
    writes_the_same(run, kind, "pdf")


def writes_the_same(run: Run, kind: str, form: str) -> None:
    report, interpreter = made(kind)
    done = run("evaluate", *PATIENTS[kind], "--no-options", "--date", str(ON), f"--{form}", "printed")
    assert done.returncode == 0, done.stderr
    getattr(report, f"to_{form}")("made", *([interpreter.rulebase] if form == "fhir" else []))
    assert Path("made").read_bytes() == Path("printed").read_bytes()


@pytest.mark.parametrize("kind", MADE)
def test_a_bundle_needs_no_rules(tmp_path: Path, kind: str) -> None:
    bundles = pytest.importorskip("fhir.resources.R4B.bundle")
    report, _ = made(kind)
    report.to_fhir(tmp_path / "bundle.json")
    assert bundles.Bundle.model_validate_json((tmp_path / "bundle.json").read_text("utf-8")).entry


@pytest.mark.parametrize("library", ["polars", "pandas", None])
@pytest.mark.parametrize("kind", MADE)
def test_a_frame_holds_the_table_with_numbers_as_numbers(run: Run, kind: str, library: Any) -> None:
    pytest.importorskip(library or "polars")
    report, _ = made(kind)
    frame = report.to_frame(library)
    rows = list(csv.DictReader(io.StringIO(run("evaluate", *PATIENTS[kind], "--table", "-").stdout)))
    assert list(frame.columns) == list(rows[0])
    assert list(frame["drug"]) == [row["drug"] for row in rows]
    # pandas has a value of its own for what is missing.
    levels = [int(level) if str(level).isdigit() else None for level in frame["level"]]
    assert levels == [int(row["level"]) if row["level"] else None for row in rows]
    assert "int" in str(frame["level"].dtype).lower()
    assert type(frame).__module__.partition(".")[0] == (library or "polars")


def test_a_frame_of_all_drugs_and_one_of_neither_library(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    report, _ = made("tumour")
    assert len(report.to_frame("pandas", all_drugs=True)) == len(report.verdicts) > len(report.to_frame("pandas"))
    monkeypatch.setitem(sys.modules, "polars", None)
    assert type(report.to_frame()).__module__.startswith("pandas")
    with pytest.raises(ExtraMissingError, match="pip install polars"):
        report.to_frame("polars")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ExtraMissingError, match="neither polars nor pandas"):
        report.to_frame()
    with pytest.raises(ValueError, match="'excel' is no kind of data frame"):
        report.to_frame("excel")


@pytest.mark.parametrize("kind", MADE)
def test_a_report_is_short_in_a_shell_and_a_table_in_a_notebook(kind: str) -> None:
    report, _ = made(kind)
    assert repr(report).startswith(f"<{type(report).__name__} on sample: ")
    assert len(repr(report)) < 200 and "not assessable" in repr(report)
    shown = report._repr_html_()
    table = ElementTree.fromstring(shown)
    drugs = [cell.text for cell in table.findall("./table/tbody/tr/th")]
    assert sorted(drugs) == sorted(report.to_frame()["drug"])
    # What it says of styles stays within it.
    assert "<style" not in shown and "<script" not in shown


def test_what_a_user_wrote_is_text_in_a_notebook() -> None:
    interpreter: Any = resistab.load("hiv1")
    report = interpreter.interpret(interpreter.genotype("RT:M184V", "<b>P & Q</b>"))
    assert "&lt;b&gt;P &amp; Q&lt;/b&gt;" in report._repr_html_()


def test_half_a_character_in_a_name_stops_no_file(tmp_path: Path) -> None:
    pytest.importorskip("fhir.resources")
    require_pdf()
    interpreter: Any = resistab.load("hiv1")
    report = interpreter.interpret(interpreter.genotype("RT:M184V", "a\ud800b"))
    for form in ("html", "pdf", "fhir"):
        getattr(report, f"to_{form}")(tmp_path / form)
    assert '"identifier":[{"value":"a?b"}]' in (tmp_path / "fhir").read_text("utf-8")


def test_faults_are_data_too() -> None:
    with pytest.raises(resistab.InputError) as raised:
        resistab.load("oncology").genotype("LUAD", ["KRAX G12C", "BRAX V600E"])
    data = raised.value.as_data()
    assert len(data) == len(raised.value.faults) == 2
    assert json.loads(json.dumps(data)) == data
    assert data[1].keys() == {"where", "message", "line", "column", "expected", "suggestion", "code"}
    assert data[0]["message"] == "'KRAX G12C': unknown gene 'KRAX'"
    assert data[0]["suggestion"].startswith("KRAS")


def test_a_report_costs_no_library_until_it_is_asked_for_one() -> None:
    code = (
        "import resistab, sys; i = resistab.load('hiv1'); r = i.interpret(i.genotype('RT:M184V')); repr(r); "
        "print([m for m in sys.modules if m.partition('.')[0] in ('polars', 'pandas', 'weasyprint', 'fhir')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
