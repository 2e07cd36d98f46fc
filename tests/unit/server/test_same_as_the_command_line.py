"""One patient of each domain: page, API and command line give the same report, byte for byte, and the same faults."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed; the extra 'serve' brings it")

from resistab.cli.exit_codes import ExitCode
from resistab.core.faults import Fault
from resistab.domains import one_patient
from tests.paths import EXAMPLES
from tests.running import Run
from tests.serving import Client, Send, given_file

ON = "2026-11-21"
# By the rule set: what the command line, a form and a program say of the same patient.
TYPED: dict[str, tuple[tuple[str, ...], dict[str, str], dict[str, Any]]] = {
    "oncology": (
        ("--tumour", "Breast cancer", "--finding", "PIK3CA H1047R", "--assayed", "ESR1, PIK3CA", "--prior", "none"),
        {"tumour": "Breast cancer", "finding": "PIK3CA H1047R\r\n", "assayed": "ESR1, PIK3CA", "prior": " none "},
        {"tumour": "Breast cancer", "finding": ["PIK3CA H1047R"], "assayed": ["ESR1, PIK3CA"], "prior": ["none"]},
    ),
    "hiv1": (
        ("--mutations", "RT:M184V K65R, PR:L90M", "--sample", "v-1"),
        {"mutations": "RT:M184V K65R, PR:L90M", "sample": "v-1"},
        {"mutations": "RT:M184V K65R, PR:L90M", "sample": "v-1"},
    ),
    "pharmacogenomics": (
        ("--finding", "TPMT *1/*3A", "--finding", "HLA-B*57:01"),
        {"finding": "TPMT *1/*3A\nHLA-B*57:01"},
        {"finding": ["TPMT *1/*3A", "HLA-B*57:01"]},
    ),
}
FILES = {
    "oncology": ("lung_tumour.vcf", ("--tumour", "LUAD"), {"tumour": "LUAD"}),
    "hiv1": ("hiv_reads.codfreq", ("--threshold", "10%"), {"threshold": "10%"}),
    "pharmacogenomics": ("germline.yaml", (), {}),
}
FAULTY: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "oncology": (
        ("--tumour", "luungg", "--finding", "EGFR L85R", "--finding", "FOO", "--prior", "osimertinb"),
        {"tumour": "luungg", "finding": ["EGFR L85R", "FOO"], "prior": ["osimertinb"]},
    ),
    "hiv1": (("--mutations", "RT:M184ZZ, XX:L1A"), {"mutations": "RT:M184ZZ, XX:L1A"}),
    "pharmacogenomics": (
        ("--finding", "TPMT *1/*99", "--finding", "FOO *1"),
        {"finding": ["TPMT *1/*99", "FOO *1"]},
    ),
}


def of_command_line(run: Run, ruleset: str, *said: str) -> bytes:
    done = run("evaluate", "--ruleset", ruleset, *said, "--date", ON, "--json", "-")
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    return done.stdout.encode("utf-8")


@pytest.mark.parametrize("ruleset", TYPED)
def test_what_is_typed_gives_the_same_report(ruleset: str, run: Run, client: Client, send: Send) -> None:
    line, form, body = TYPED[ruleset]
    expected = of_command_line(run, ruleset, *line, "--no-options")
    answer = send(ruleset, {**form, "date": ON, "no_options": "on", "format": "json"})
    assert answer.content == expected
    asked = client.post(f"/api/rulesets/{ruleset}/evaluate", json={**body, "date": ON, "no_options": True})
    assert asked.content == expected
    assert asked.headers["content-type"] == answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("ruleset", FILES)
def test_a_file_gives_the_same_report(ruleset: str, run: Run, client: Client, send: Send) -> None:
    name, line, form = FILES[ruleset]
    expected = of_command_line(run, ruleset, str(EXAMPLES / name), *line, "--no-options")
    file = given_file(name, EXAMPLES / name)
    assert send(ruleset, {**form, "date": ON, "no_options": "on", "format": "json"}, [file]).content == expected
    encoded = base64.b64encode(file[1][1]).decode()
    body = {**form, "date": ON, "no_options": True, "files": [{"name": name, "base64": encoded}]}
    assert client.post(f"/api/rulesets/{ruleset}/evaluate", json=body).content == expected


def test_the_options_are_the_same(run: Run, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # A busy machine is to find as much as an idle one.
    monkeypatch.setattr(one_patient, "_SECONDS", 600.0)
    expected = of_command_line(run, "hiv1", "--mutations", "RT:M184V")
    body = {"mutations": "RT:M184V", "date": ON}
    assert client.post("/api/rulesets/hiv1/evaluate", json=body).content == expected
    assert json.loads(expected)["options"]["regimens"]


def test_the_table_and_the_page_are_the_same(run: Run, client: Client, tmp_path: Path) -> None:
    line, _, body = TYPED["pharmacogenomics"]
    told = run(
        *("evaluate", "--ruleset", "pharmacogenomics", *line, "--date", ON),
        *("--table", str(tmp_path / "table.csv"), "--html", str(tmp_path / "page.html")),
    )
    assert told.returncode == ExitCode.OK
    for form, name in (("table", "table.csv"), ("html", "page.html")):
        answer = client.post("/api/rulesets/pharmacogenomics/evaluate", json={**body, "date": ON, "format": form})
        assert answer.content == (tmp_path / name).read_bytes()


@pytest.mark.parametrize("ruleset", FAULTY)
def test_every_fault_is_told_as_there(ruleset: str, run: Run, client: Client) -> None:
    line, body = FAULTY[ruleset]
    done = run("evaluate", "--ruleset", ruleset, *line)
    assert done.returncode == ExitCode.INPUT
    answer = client.post(f"/api/rulesets/{ruleset}/evaluate", json=body)
    assert answer.status_code == 422
    faults = answer.json()["faults"]
    assert len(faults) > 1
    assert [f"error: {Fault(**one)}" for one in faults] == done.stderr.splitlines()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.vcf", b"##fileformat=VCFv4.2\n#CHROM\tPOS\n1\t2\n"),
        ("a.vcf.gz", b"\x1f\x8b\x08\x04broken"),
        ("a.yaml", b"sample: x\ntumour_type: LUAD\nfindings: [EGFR L85R, FOO]\nmore: 1\n"),
        ("a.yaml", b"\xff\xfe\x00"),
        ("a.csv", b"alteration\nEGFR L85R\nnothing at all\n"),
        ("a.xlsx", b"PK\x03\x04 and no more"),
        ("a.fasta", b">x\nACGT\n"),
        ("a.maf", b"Hugo_Symbol\tHGVSp_Short\nEGFR\n"),
        ("a.txt", b""),
        ("a.bin", bytes(range(256))),
    ],
)
def test_a_faulty_file_is_refused_as_there(run: Run, client: Client, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("evaluate", "--tumour", "LUAD", name)
    encoded = base64.b64encode(content).decode()
    body = {"tumour": "LUAD", "files": [{"name": name, "base64": encoded}]}
    answer = client.post("/api/rulesets/oncology/evaluate", json=body)
    assert (done.returncode, answer.status_code) == (ExitCode.INPUT, 422)
    assert [f"error: {Fault(**one)}" for one in answer.json()["faults"]] == done.stderr.splitlines()
