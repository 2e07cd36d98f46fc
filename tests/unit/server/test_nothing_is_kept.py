"""Nothing of a patient reaches a disk or a log: neither what is typed, nor a file, nor its name."""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed; the extra 'serve' brings it")

from resistab.core.faults import InputError
from resistab.files import opening
from resistab.files.opening import in_memory, text_lines
from tests.paths import EXAMPLES
from tests.serving import Client, Files, Send, given_file

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
VCF = (EXAMPLES / "lung_tumour.vcf").read_bytes()
# More than a part of a form may hold before it is usually written to a disk.
LARGE = VCF + b"".join(b"7\t%d\t.\tA\tC\t.\tLowQual\t.\tGT\t0/1\n" % (60_000_000 + number) for number in range(60_000))

_seen: list[str] | None = None


def _watch(event: str, given: tuple[Any, ...]) -> None:
    if _seen is None:
        return
    if event == "open" and isinstance(given[2], int) and given[2] & WRITING and not isinstance(given[0], int):
        _seen.append(str(given[0]))
    elif event in ("os.mkdir", "os.rename", "os.symlink", "os.link", "tempfile.mkstemp", "tempfile.mkdtemp"):
        _seen.append(f"{event} {given[0]}")


@pytest.fixture(scope="module", autouse=True)
def _hook() -> None:
    # It cannot be taken away again, and sees nothing outside of ``written``.
    sys.addaudithook(_watch)


@contextmanager
def watched(cache: Path) -> Iterator[list[str]]:
    """What is opened to be written, or made, meanwhile; but for compiled templates, which hold nothing of a patient."""
    global _seen
    found: list[str] = []
    _seen = []
    try:
        yield found
    finally:
        found += [path for path in _seen if str(cache) not in path]
        _seen = None


@pytest.mark.parametrize(
    ("ruleset", "texts", "files"),
    [
        ("oncology", {"tumour": "LUAD", "finding": "EGFR L858R", "sample": "Jane-Doe"}, []),
        ("oncology", {"tumour": "LUAD"}, [given_file("Jane-Doe.vcf", VCF)]),
        ("oncology", {"tumour": "LUAD"}, [given_file("Jane-Doe.vcf", LARGE)]),
        ("oncology", {"tumour": "LUAD"}, [given_file("Jane-Doe.vcf.gz", gzip.compress(VCF))]),
        ("oncology", {"tumour": "LUAD"}, [given_file("Jane-Doe.vcf", VCF.decode().encode("utf-16"))]),
        ("oncology", {"tumour": "Jane-Doe"}, [given_file("Jane-Doe.vcf", VCF)]),
        ("hiv1", {}, [given_file("Jane-Doe.codfreq", EXAMPLES / "hiv_reads.codfreq")]),
        ("hiv1", {}, [given_file("Jane-Doe.fasta", EXAMPLES / "hiv_pol.fasta")]),
        ("pharmacogenomics", {}, [given_file("Jane-Doe.csv", b"gene,result\nTPMT,*1/*3A\n")]),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value if isinstance(value, str) else str(len(value)),
)
def test_nothing_is_written(
    send: Send, cache_of_this_run: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ruleset: str, texts: dict[str, str], files: Files,
) -> None:  # fmt: skip
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with watched(cache_of_this_run) as written:
        answer = send(ruleset, {**texts, "no_options": "on"}, files)
    assert answer.status_code == (422 if texts.get("tumour") == "Jane-Doe" else 200)
    assert written == [] and list(tmp_path.iterdir()) == []
    said = capfd.readouterr()
    assert "Jane" not in said.out + said.err + caplog.text
    # Nor do compiled templates name anyone.
    assert not [path for path in cache_of_this_run.rglob("*") if path.is_file() and b"Jane" in path.read_bytes()]


def test_a_name_in_memory_stands_for_what_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("on the disk")
    with in_memory({Path("a.txt"): b"in memory"}, 100):
        assert [line for _, line in text_lines(Path("a.txt"))] == ["in memory"]
        assert opening.folder_of(Path("a.txt")) is None
        number = str(opening.at_rest(Path("a.txt")).readlink())
        assert number.startswith("/memfd:given")
    assert [line for _, line in text_lines(Path("a.txt"))] == ["on the disk"]
    assert opening.folder_of(Path("a.txt")) == Path()


def test_what_unfolds_to_too_much_is_refused() -> None:
    bomb = gzip.compress(b"x\n" * 1_000_000)
    with in_memory({Path("a.gz"): bomb}, 100_000), pytest.raises(InputError, match="larger than"):
        list(text_lines(Path("a.gz")))


def test_without_files_in_memory_none_is_taken(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.delattr(os, "memfd_create")
    body = {"files": [{"name": "a.yaml", "text": "sample: x"}]}
    answer = client.post("/api/rulesets/oncology/evaluate", json=body)
    assert answer.status_code == 422 and "no files that lie in memory" in answer.json()["faults"][0]["message"]
    assert client.post("/api/rulesets/hiv1/evaluate", json={"mutations": "RT:M184V"}).status_code == 200
