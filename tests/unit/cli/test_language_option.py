"""``--language``: pages in another language; what programs read stays English, and what cannot be is refused."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import resistab
from resistab.cli.exit_codes import ExitCode
from resistab.core.faults import InputError
from resistab.rulesets.find import data_folder
from tests.extras import require_pdf
from tests.report_page import parse_page
from tests.running import Run

VIRUS = ("evaluate", "--ruleset", "hiv1", "--mutations", "RT:M184V", "--sample", "v-1", "--no-options")
GERMLINE = ("evaluate", "--ruleset", "pharmacogenomics", "--finding", "DPYD *1/*2A")
SERIES = ("timeline", "lung_series.yaml", "--therapies", "lung_therapies.csv", "--no-options")
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def series(run: Run) -> None:
    for name in ("lung_series.yaml", "lung_therapies.csv"):
        Path(name).write_bytes((ROOT / "examples" / name).read_bytes())


@pytest.mark.parametrize(
    "arguments, words",
    [
        (VIRUS, "Hochgradige Resistenz"),
        (GERMLINE, "Dosis reduzieren"),
        (SERIES, "neu nachgewiesen"),
    ],
    ids=["virus", "germline", "series"],
)
def test_a_page_is_in_german_and_says_so(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, "--html", "seite.html", "--language", "de")
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.OK, "", "")
    page = Path("seite.html").read_text("utf-8")
    (html,) = parse_page(page).all("html")
    assert html.attributes["lang"] == "de"
    assert words in html.text
    assert {element.attributes["lang"] for element in html.walk() if "lang" in element.attributes} <= {"en"}
    assert "\ufdd0" not in page and "\ufdd1" not in page


def test_a_picture_is_in_german(run: Run) -> None:
    run(*SERIES, "--svg", "bild.svg", "--language", "de")
    assert "Allelfrequenzen im Verlauf" in Path("bild.svg").read_text("utf-8")


def test_what_programs_read_stays_english(run: Run) -> None:
    run(*VIRUS, "--json", "one.json", "--date", "2026-01-02")
    run(*VIRUS, "--json", "two.json", "--html", "seite.html", "--language", "de", "--date", "2026-01-02")
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()


def test_the_pages_of_a_folder_are_in_german(run: Run) -> None:
    Path("two.tsv").write_text("a\tRT:M184V\nb\tRT:K103N\n", encoding="utf-8")
    done = run("evaluate", "--ruleset", "hiv1", "--mutations-file", "two.tsv", "--reports", "out", "--language", "de")
    assert done.returncode == ExitCode.OK
    for name in ("a", "b"):
        assert '<html lang="de">' in Path("out", f"{name}.html").read_text("utf-8")
        assert "resistance" in Path("out", f"{name}.json").read_text("utf-8").lower()


def test_english_may_be_asked_for_and_changes_nothing(run: Run) -> None:
    run(*VIRUS, "--html", "one.html", "--date", "2026-01-02")
    run(*VIRUS, "--html", "two.html", "--date", "2026-01-02", "--language", "en")
    assert Path("one.html").read_bytes() == Path("two.html").read_bytes()


@pytest.mark.parametrize("arguments", [(*VIRUS, "--json", "-"), VIRUS, (*SERIES, "--json", "-")])
def test_it_is_refused_where_no_page_is_written(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--language", "de")
    assert done.returncode == ExitCode.USAGE
    assert "--language is for --html, --pdf and" in " ".join(done.stderr.split())


def test_an_unknown_language_is_refused_with_those_there_are(run: Run) -> None:
    done = run(*VIRUS, "--html", "page.html", "--language", "fr")
    assert done.returncode == ExitCode.INPUT
    assert "unknown language 'fr'; expected one of de, en, or a file of a translation" in " ".join(done.stderr.split())
    assert not Path("page.html").exists()


def test_a_translation_of_ones_own_is_used(run: Run) -> None:
    text = (data_folder("translations") / "de.po").read_text("utf-8")
    Path("own.po").write_text(text.replace('msgstr "Zusammenfassung"', 'msgstr "Kurz gesagt"'), "utf-8")
    run(*VIRUS, "--html", "page.html", "--language", "own.po")
    assert ">Kurz gesagt</h2>" in Path("page.html").read_text("utf-8")


def test_all_faults_of_a_translation_are_told_at_once(run: Run) -> None:
    text = (data_folder("translations") / "de.po").read_text("utf-8")
    Path("own.po").write_text(
        text.replace('msgstr "Zusammenfassung"', 'msgstr ""').replace("{locus}", "{ort}", 2), "utf-8"
    )
    done = run(*VIRUS, "--html", "page.html", "--language", "own.po")
    assert done.returncode == ExitCode.INPUT
    assert len(re.findall(r"own\.po:\d+: ", done.stderr)) >= 2
    assert not Path("page.html").exists()


def test_the_translation_is_no_place_for_a_page(run: Run) -> None:
    Path("own.po").write_text("", "utf-8")
    done = run(*VIRUS, "--html", "own.po", "--language", "own.po")
    assert done.returncode == ExitCode.USAGE


@pytest.mark.parametrize("arguments", [VIRUS, SERIES], ids=["evaluate", "timeline"])
def test_without_the_extra_it_says_what_installs_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    done = run(*arguments, "--html", "page.html", "--language", "de")
    assert done.returncode == ExitCode.USAGE
    said = " ".join(done.stderr.split())
    assert "--language de: babel is not installed; pip install 'resistab[languages]' installs it" in said
    assert run(*arguments, "--html", "page.html").returncode == ExitCode.OK


def test_a_report_in_python_is_written_in_german(tmp_path: Path) -> None:
    interpreter = resistab.load("hiv1")
    report = interpreter.interpret(interpreter.genotype("RT:M184V"))
    report.to_html(tmp_path / "seite.html", language="de")
    assert "Hochgradige Resistenz" in (tmp_path / "seite.html").read_text("utf-8")
    with pytest.raises(InputError, match="unknown language"):
        report.to_html(tmp_path / "page.html", language="xx")


def test_a_pdf_is_in_german(tmp_path: Path) -> None:
    require_pdf()
    interpreter = resistab.load("hiv1")
    report = interpreter.interpret(interpreter.genotype("RT:M184V"))
    for name, language in (("one.pdf", "de"), ("two.pdf", "en")):
        report.to_pdf(tmp_path / name, language=language)
    assert b"/Lang (de)" in (tmp_path / "one.pdf").read_bytes() or (
        (tmp_path / "one.pdf").read_bytes() != (tmp_path / "two.pdf").read_bytes()
    )
