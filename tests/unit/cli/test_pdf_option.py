"""``--pdf``: a page as a PDF, which is the same each time, fetches nothing, and is refused where it cannot be made."""

from __future__ import annotations

import contextlib
import re
import socket
import sys
import zlib
from pathlib import Path

import pytest

from resistab.cli.exit_codes import ExitCode
from resistab.report import pdf as module
from resistab.report.pdf import pdf
from tests.extras import require_pdf
from tests.running import Run

require_pdf()
VIRUS = ("--ruleset", "hiv1", "--mutations", "RT:M184V", "--sample", "v-1", "--no-options", "--date", "2026-01-02")
GERMLINE = ("--ruleset", "pharmacogenomics", "--finding", "DPYD *1/*2A", "--date", "2026-01-02")
SERIES = ("examples/lung_series.yaml", "--therapies", "examples/lung_therapies.csv", "--no-options")
ROOT = Path(__file__).parents[3]


def inflated(content: bytes) -> bytes:
    """What the streams of a PDF hold, objects among them."""
    parts = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts)


@pytest.mark.parametrize("patient", [VIRUS, GERMLINE], ids=["virus", "germline"])
def test_a_report_is_a_pdf_on_a4_of_its_date(run: Run, patient: tuple[str, ...]) -> None:
    done = run("evaluate", *patient, "--pdf", "report.pdf")
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.OK, "", "")
    content = Path("report.pdf").read_bytes()
    assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    content = inflated(content)
    assert set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)) == {(b"595.275591", b"841.889764")}
    assert re.search(rb"/Creator \(resistab [^)]+\)/CreationDate \(D:20260102\)", content)
    # A layout that comes apart shows by its many pages.
    assert 1 <= len(re.findall(rb"/Type\s?/Page\b", content)) <= 5


def test_the_same_report_is_the_same_bytes(run: Run) -> None:
    for name, more in (("one", ()), ("two", ("--html", "page.html", "--json", "report.json"))):
        assert run("evaluate", *VIRUS, "--pdf", name, *more).returncode == ExitCode.OK
    assert Path("one").read_bytes() == Path("two").read_bytes()
    assert run("evaluate", *VIRUS, "--pdf", "other", "--sample", "v-2").returncode == ExitCode.OK
    assert Path("other").read_bytes() != Path("one").read_bytes()


def test_the_verdicts_are_on_the_page_that_is_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(module, "pdf", lambda html, on: asked.append(html) or b"%PDF-")
    assert run("evaluate", *VIRUS, "--pdf", "report.pdf", "--html", "page.html").returncode == ExitCode.OK
    assert asked == [Path("page.html").read_text("utf-8")]
    assert "High-Level Resistance" in asked[0]


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither from the network nor from this machine, and the page is written all the same."""

    def closed(*arguments: object, **named: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", closed)
    plain = "<html><head></head><body><p>text</p></body></html>"
    (tmp_path / "big.css").write_text("p { font-size: 300pt }")
    refers = plain.replace(
        "</head>", f'<link rel="stylesheet" href="{(tmp_path / "big.css").as_uri()}"></head>'
    ).replace("</p>", '</p><img src="https://example.org/a.png">')
    content = inflated(pdf(refers))
    assert content.startswith(b"%PDF-")
    assert b"/Image" not in content and b"300 0 0" not in content
    fetcher = module._fetcher()
    for url in ("https://example.org/a.png", (tmp_path / "big.css").as_uri(), "data:text/css,p{}"):
        for asked in (fetcher, fetcher.fetch):
            with pytest.raises(ValueError, match="is not fetched"):
                asked(url)


def test_a_drawing_has_the_colours_of_the_page(run: Run) -> None:
    """What was read is filled, and what was not is empty: without its styles all of it would be black."""
    assert run("evaluate", *VIRUS, "--pdf", "report.pdf").returncode == ExitCode.OK
    content = inflated(Path("report.pdf").read_bytes())
    # Of a gene that was taken as sequenced, #e3edf4.
    assert re.search(rb"0\.890196 0\.929412 0\.956863 rg", content)


def test_where_a_layout_fails_all_may_break(monkeypatch: pytest.MonkeyPatch) -> None:
    import weasyprint

    write, asked = weasyprint.HTML.write_pdf, []

    def failing(self: object, **named: object) -> bytes:
        asked.append(self)
        assert len(asked) > 1
        return write(self, **named)

    monkeypatch.setattr(weasyprint.HTML, "write_pdf", failing)
    assert pdf("<html><head></head><body><p>text</p></body></html>").startswith(b"%PDF-")
    assert len(asked) == 2


def test_a_timeline_is_a_pdf_too(run: Run) -> None:
    files = [str(ROOT / word) if word.startswith("examples/") else word for word in SERIES]
    done = run("timeline", *files, "--date", "2026-01-02", "--pdf", "timeline.pdf")
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.OK, "", "")
    assert Path("timeline.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--pdf", "-"), "--pdf - is standard output; a PDF is no text and goes into a file"),
        (("--pdf", "out", "--html", "out"), "--html and --pdf are both to go to the file out"),
        (("--pdf", "out", "--table", "t.csv", "--cluster", "local"), "--pdf cannot be shared"),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, options: tuple[str, ...], said: str) -> None:
    done = run("evaluate", *VIRUS, *options)
    assert done.returncode == ExitCode.USAGE
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert not Path("out").exists()


def test_a_pdf_is_for_one_patient(run: Run) -> None:
    Path("two.tsv").write_text("a\tRT:M184V\nb\tRT:K103N\n", encoding="utf-8")
    done = run("evaluate", "--ruleset", "hiv1", "--mutations-file", "two.tsv", "--pdf", "out")
    assert done.returncode == ExitCode.USAGE
    assert "are for one patient" in " ".join(done.stderr.split())
    assert not Path("out").exists()


@pytest.mark.parametrize("command", ["evaluate", "timeline"])
def test_without_the_extra_it_says_what_installs_it(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    patient = VIRUS if command == "evaluate" else ("none.yaml",)
    done = run(command, *patient, "--pdf", "out")
    assert done.returncode == ExitCode.USAGE
    assert "--pdf out: weasyprint is not installed; pip install 'resistab[pdf]'" in " ".join(done.stderr.split())
    assert not Path("out").exists()


def test_without_the_system_s_libraries_it_says_which(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint raises OSError, over several lines, where it is imported and finds no Pango."""
    Path("broken").mkdir()
    Path("broken/weasyprint.py").write_text("raise OSError('cannot load library\\nlibpango')", encoding="utf-8")
    monkeypatch.syspath_prepend("broken")
    monkeypatch.delitem(sys.modules, "weasyprint")
    done = run("evaluate", *VIRUS, "--pdf", "out")
    assert done.returncode == ExitCode.USAGE
    assert "--pdf out: weasyprint does not find Pango" in " ".join(done.stderr.split())
