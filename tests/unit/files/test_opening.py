"""Files and pipes as they are opened: compressed, in other encodings, damaged, endless, or no files at all."""

from __future__ import annotations

import contextlib
import gzip
import os
import threading
from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.files import opening
from resistab.files.opening import at_rest, head, read_once, text_lines, unpacked, whole_text

TEXT = "gene\tchange\nEGFR\tT790M ü\n"


def said(path: Path) -> str:
    with pytest.raises(InputError) as raised:
        list(text_lines(path))
    (fault,) = raised.value.faults
    return str(fault).removeprefix(str(path))


def piped(folder: Path, content: bytes) -> Path:
    pipe = folder / "pipe"
    os.mkfifo(pipe)

    def pour() -> None:
        with contextlib.suppress(BrokenPipeError):
            pipe.write_bytes(content)

    threading.Thread(target=pour, daemon=True).start()
    return pipe


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        gzip.compress(TEXT.encode("utf-16"), mtime=0),
        TEXT.replace("\n", "\r\n").encode("utf-16"),
    ],
)
def test_text_reads_alike_in_each_encoding_of_spreadsheets(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(content)

    assert list(text_lines(path)) == [(1, "gene\tchange"), (2, "EGFR\tT790M ü")]
    assert head(path).decode("utf-8-sig").splitlines() == TEXT.splitlines()
    assert whole_text(path, 1000, "a table").splitlines() == TEXT.splitlines()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"gene\n\xe9\n", ":2:1: holds a character that is not UTF-8; expected text in UTF-8, as 'iconv -f LATIN1"),
        (b"gene\n\x00\n", ":2: holds binary data"),
        ("gene".encode("utf-32"), ":1: is text in UTF-32; expected text in UTF-8, as 'iconv -f UTF-32"),
        (b"\xff\xfe\x00\xd8", ": begins as text in UTF-16, and is none"),
        (gzip.compress(TEXT.encode() * 50, mtime=0)[:-9], ": is truncated or damaged"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(content)

    assert said(path).startswith(message)


def test_what_a_file_may_hold_once_unpacked_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"EGFR\n" * 1_000_000, mtime=0))
    monkeypatch.setattr(opening, "_MOST_BYTES", 1_000_000)

    assert said(path) == ": is larger than 1 MB; expected several smaller files"
    with pytest.raises(InputError, match="is larger than 1 MB"), unpacked(path):
        pass
    with pytest.raises(InputError, match="is larger than 2 MB; expected a page"):
        whole_text(path, 2_000_000, "a page")


@pytest.mark.parametrize("content", [TEXT.encode() * 20_000, gzip.compress(TEXT.encode() * 20_000, mtime=0)])
def test_a_pipe_is_read_once_and_whole(tmp_path: Path, content: bytes) -> None:
    pipe = piped(tmp_path, content)

    with read_once(pipe):
        assert head(pipe).startswith(b"gene")
        assert sum(1 for _ in text_lines(pipe)) == 40_000
        kept = at_rest(pipe)
        assert kept.stat().st_mode & 0o077 == 0 or kept.parent.stat().st_mode & 0o077 == 0
    assert not kept.exists()


def test_a_pipe_without_end_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_MOST_PIPED", 2_000_000)
    pipe = piped(tmp_path, b"#" * 5_000_000)

    with pytest.raises(InputError, match=r"is larger than 2 MB; expected a file in place of a pipe"), read_once(pipe):
        pass


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
def test_a_device_is_no_file(tmp_path: Path) -> None:
    assert said(Path("/dev/zero")) == ": is a device; expected a file or a pipe"
    assert list(text_lines(Path("/dev/null"))) == []


def test_what_can_be_no_file_is_told(tmp_path: Path) -> None:
    assert said(tmp_path) == ": is a folder; expected a file"
    assert said(tmp_path / "missing") == ": cannot be read: No such file or directory"
    assert said(tmp_path / ("a" * 5000)).endswith("File name too long")


def test_a_name_that_is_no_utf8_is_shown_by_its_bytes(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b.tsv"))

    with pytest.raises(InputError) as raised:
        list(text_lines(path))
    assert str(raised.value) == f"{tmp_path}/\\xff\\x1b.tsv: cannot be read: No such file or directory"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("packed", [False, True])
def test_lines_are_the_same_however_a_file_is_cut_into_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, packed: bool
) -> None:
    monkeypatch.setattr(opening, "_BLOCK_BYTES", size)
    path = tmp_path / "a.tsv"
    for content, lines in (
        (b"\xef\xbb\xbfa\tb\nc\xc3\xbc\n\nd", ["a\tb", "cü", "", "d"]),
        (b"a\r\nb\r\n\r\nc\rd\re\r\r\n", ["a", "b", "", "c", "d", "e"]),
        (b"\n\n", ["", ""]),
        (b"a\x0bb\x1cc\n\xe2\x80\xa8d\n", ["a\x0bb\x1cc", "\u2028d"]),
        (b"", []),
    ):
        path.write_bytes(gzip.compress(content, mtime=0) if packed else content)
        assert list(text_lines(path)) == list(enumerate(lines, 1))


def test_lines_before_a_faulty_one_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    for faulty in (b"c\xff", b"c\x00"):
        path.write_bytes(b"a\nb\rb2\n" + faulty + b"\nd\n")
        lines = text_lines(path)
        assert [next(lines), next(lines), next(lines)] == [(1, "a"), (2, "b"), (3, "b2")]
        with pytest.raises(InputError, match=":4"):
            next(lines)


def test_a_line_without_end_is_refused_with_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_MOST_LINE_BYTES", 1_000_000)
    path = tmp_path / "a.tsv"
    path.write_bytes(b"a\n" + b"b" * 2_000_000)
    assert said(path) == ":2: a line of more than 1 MB; expected a text file"
