"""A server as it is used: a process of its own, asked by a browser without a window, by schemathesis, and wrongly."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("uvicorn", reason="uvicorn is not installed; the extra 'serve' brings it")
pytest.importorskip("httpx", reason="httpx is not installed; the extra 'dev' brings it")

import httpx

from resistab.cli.exit_codes import ExitCode
from tests.browser import DESK, PHONE, SCHEMES, Scheme, barriers, browser, shown
from tests.extras import pdf_lacks
from tests.paths import EXAMPLES
from tests.running import RESISTAB

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
pytestmark = pytest.mark.xdist_group("serve")

LUNG = ("LUAD", "EGFR L858R\nEGFR T790M")


@pytest.fixture(scope="module")
def server() -> Iterator[subprocess.Popen[str]]:
    """A server of its own on a port that is free; it waits for what others on a busy machine hold up."""
    started = subprocess.Popen(
        [*RESISTAB, "serve", "--port", "0", "--seconds", "600"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        _, said = started.communicate()
    # It ends in order, and has said nothing.
    assert (started.returncode, said) == (128 + signal.SIGTERM, "")


@pytest.fixture(scope="module")
def address(server: subprocess.Popen[str]) -> str:
    """Where it can be asked."""
    assert server.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
    assert found is not None
    return found[0]


def asks_only(page: Page, address: str) -> list[str]:
    """The requests of a page that go to another server, as they come."""
    others: list[str] = []

    def note(request: object) -> None:
        if not request.url.startswith((address, "data:")):  # type: ignore[attr-defined]
            others.append(request.url)  # type: ignore[attr-defined]

    page.on("request", note)
    return others


def fill(page: Page, tumour: str, findings: str) -> None:
    page.get_by_label("Tumour type").fill(tumour)
    page.get_by_label("Findings", exact=True).fill(findings)


def ask(page: Page) -> None:
    page.get_by_role("button", name="Show the report").click()


def test_a_report_is_asked_for_read_and_downloaded(browser: Browser, address: str, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": DESK, "height": 800})
    page = context.new_page()
    others = asks_only(page, address)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address)
    page.get_by_role("link", name="resistab oncology rules").click()
    page.get_by_label("Tumour type").press_sequentially("lung adenoca")
    page.get_by_role("option", name="LUAD: Lung Adenocarcinoma").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.get_by_label("Tumour type").input_value() == "LUAD"
    page.get_by_label("Panel", exact=True).press_sequentially("foundation")
    page.get_by_role("option", name="foundationone-cdx").click()
    page.get_by_label("Findings", exact=True).fill(LUNG[1])
    ask(page)
    page.get_by_role("heading", name="Drug resistance report").wait_for()
    assert "Resistant to afatinib" in page.locator("#summary").inner_text()
    assert "FoundationOne CDx" in page.locator("dl.facts").inner_text()
    with page.expect_download() as begun:
        page.get_by_role("button", name="JSON").click()
    begun.value.save_as(tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert {one["drug"]: one["verdict"] for one in report["verdicts"]}["gefitinib"] == "resistant"
    assert re.fullmatch(r"report-[0-9a-f]{12}\.json", begun.value.suggested_filename)
    if not pdf_lacks():
        with page.expect_download() as begun:
            page.get_by_role("button", name="PDF").click()
        begun.value.save_as(tmp_path / "report.pdf")
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="Change what was given").click()
    assert page.get_by_label("Findings", exact=True).input_value() == LUNG[1]
    # The page is as it was meant under the policy that it is sent with.
    assert others == [] and complaints == []
    context.close()


def test_a_file_is_dropped_and_a_sample_chosen(browser: Browser, address: str) -> None:
    page = browser.new_context().new_page()
    others = asks_only(page, address)
    page.goto(f"{address}rulesets/oncology")
    content = (EXAMPLES / "cohort.maf").read_text(encoding="utf-8")
    dropped = page.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'cohort.maf')); return data; }",
        content,
    )
    page.dispatch_event(".drop:has(#f-files)", "drop", {"dataTransfer": dropped})
    ask(page)
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "one of colon-1, melanoma-1" in alert.inner_text()
    assert page.evaluate("document.activeElement.id") == "faults"
    alert.get_by_role("link").click()
    page.get_by_label("Name of the sample").fill("colon-1")
    ask(page)
    page.get_by_role("heading", name="Drug resistance report").wait_for()
    assert "colon-1" in page.locator("dl.facts").inner_text()
    assert others == []
    page.context.close()


def test_it_works_without_scripts(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}rulesets/hiv1")
    page.get_by_label("Mutations", exact=True).fill("RT:M184V K65R")
    page.get_by_label("Leave out the section on regimens").check()
    ask(page)
    assert "RT" in page.locator("main").inner_text()
    with page.expect_download() as begun:
        page.get_by_role("button", name="JSON").click()
    assert begun.value.suggested_filename.endswith(".json")
    page.get_by_role("link", name="Another patient").click()
    assert page.get_by_label("Mutations", exact=True).input_value() == ""
    page.context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_everybody_can_use_every_page(browser: Browser, address: str, width: int, scheme: Scheme) -> None:
    page = shown(browser, address, width, scheme)

    def sound(at: str) -> None:
        assert barriers(page) == [], at
        assert page.evaluate("document.documentElement.scrollWidth") <= width, at

    sound("the first page")
    for path in ("api", "rulesets/hiv1", "rulesets/pharmacogenomics", "rulesets/nothing", "rulesets/oncology"):
        page.goto(f"{address}{path}")
        sound(path)
    page.get_by_label("Tumour type").press_sequentially("carcinoma")
    page.get_by_role("option").first.wait_for()
    sound("a list of names")
    fill(page, "luungg", "EGFR L85R\n" + "x" * 300)
    ask(page)
    page.get_by_role("alert").wait_for()
    sound("faults")
    fill(page, *LUNG)
    page.get_by_label("Leave out the section on regimens").check()
    ask(page)
    page.get_by_role("heading", name="Drug resistance report").wait_for()
    sound("a report")
    page.context.close()


def test_another_name_and_another_origin_are_refused(address: str) -> None:
    assert httpx.get(address, headers={"host": "evil.example"}).status_code == 421
    asked = {"tumour": "LUAD", "finding": ["EGFR L858R"]}
    at = f"{address}api/rulesets/oncology/evaluate"
    assert httpx.post(at, json=asked, headers={"origin": "http://evil.example"}).status_code == 403
    large = httpx.post(at, content=b"x" * 20_000_001, headers={"content-type": "application/json"})
    assert large.status_code == 413


def test_a_head_that_does_not_come_is_not_waited_for(address: str) -> None:
    """As many connections as there may be would else be held for ever."""
    port = int(address.rstrip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1")
        assert connection.recv(1000) == b""


def test_an_address_that_is_taken_is_told(address: str) -> None:
    port = address.rstrip("/").rpartition(":")[2]
    done = subprocess.run(
        [*RESISTAB, "serve", "--port", port, "--ruleset", "pharmacogenomics"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.USAGE and "ddress already in use" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_no_process_outlives_the_server() -> None:
    started = subprocess.Popen(
        [*RESISTAB, "serve", "--port", "0", "--ruleset", "pharmacogenomics"], stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None and "http://" in started.stdout.readline()
    of_it = {path.parent for path in Path("/proc").glob("[0-9]*/stat") if _parent(path) == started.pid}
    started.send_signal(signal.SIGINT)
    started.communicate()
    assert started.returncode == 128 + signal.SIGINT
    assert of_it and not [folder for folder in of_it if folder.exists() and "Z" not in _state(folder)]


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _state(folder: Path) -> str:
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_the_api_is_as_it_is_described(address: str, tmp_path: Path) -> None:
    """schemathesis asks every operation rightly and wrongly, and holds every answer against the description."""
    pytest.importorskip("schemathesis", reason="schemathesis is not installed; the extra 'dev' brings it")
    # A text that the schema allows may name no tumour type, and is refused: no data is right by its shape alone.
    options = ["--checks", "all", "--exclude-checks", "positive_data_acceptance,ignored_auth"]
    # A PDF is long in the making where others work on the same machine.
    options += ["--request-timeout", "300", "--max-examples", "12", "--seed", "1"]
    options += ["--no-color", "--generation-database", "none"]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{address}api/openapi.json", *options],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
