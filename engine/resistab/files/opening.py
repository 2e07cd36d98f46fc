"""Opens what a user names: plain or gzipped text, line by line, whatever its size; every failure is one message."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from resistab.core.faults import Fault, InputError

GZIP = b"\x1f\x8b"
# The empty block at the end of a file of bgzip, see the SAM specification.
_BGZIP_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_HEAD_BYTES = 262_144
_MOST_LINE_BYTES = 50_000_000
_OTHER_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}


def head(path: Path) -> bytes:
    """The first bytes of a file, unpacked where it is gzipped; raises ``InputError`` where it cannot be read."""
    with _opened(path) as file:
        return _read(file, path, _HEAD_BYTES)


def is_gzipped(path: Path) -> bool:
    """Whether a file begins as gzip does, which bgzip is a kind of; raises ``InputError``."""
    try:
        with path.open("rb") as file:
            return file.read(2) == GZIP
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> InputError:
    """What to say of a file that the system does not let us read."""
    return InputError([Fault(where=str(path), message=f"cannot be read: {error.strerror or error}")])


def _opened(path: Path) -> IO[bytes]:
    try:
        if is_gzipped(path):
            return cast(IO[bytes], gzip.open(path, "rb"))
        return path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error


def _read(file: IO[bytes], path: Path, size: int) -> bytes:
    try:
        return file.read(size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged(path) from error
    except OSError as error:
        raise unreadable(path, error) from error


def damaged(path: Path) -> InputError:
    """What to say of a gzipped file that breaks off or is damaged."""
    message = "is truncated or damaged: its compressed data cannot be unpacked to the end"
    return InputError([Fault(where=str(path), message=message, expected="the whole file; copy it again")])


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Every line of a text file with its number, from 1, without its end (of Unix, Windows or an old Mac).

    A byte order mark is passed over. Raises ``InputError`` where the file cannot be read or is no text in UTF-8.
    """
    number = 0
    with _opened(path) as file:
        while True:
            try:
                raw = file.readline(_MOST_LINE_BYTES)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise damaged(path) from error
            except OSError as error:
                raise unreadable(path, error) from error
            if not raw:
                return
            if number == 0:
                _refuse_other_encodings(raw, path)
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if len(raw) == _MOST_LINE_BYTES:
                message = f"a line of more than {_MOST_LINE_BYTES // 1_000_000} MB"
                raise InputError([Fault(where=str(path), line=number + 1, message=message, expected="a text file")])
            for part in raw.rstrip(b"\r\n").split(b"\r"):
                number += 1
                yield number, _decoded(part, path, number)


def _refuse_other_encodings(first: bytes, path: Path) -> None:
    for mark, name in _OTHER_ENCODINGS.items():
        if first.startswith(mark):
            expected = f"text in UTF-8, as 'iconv -f {name} -t UTF-8' makes it"
            raise InputError([Fault(where=str(path), line=1, message=f"is text in {name}", expected=expected)])


def _decoded(raw: bytes, path: Path, line: int) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(raw[: error.start].decode("utf-8", "replace")) + 1
        expected = "text in UTF-8, as 'iconv -f LATIN1 -t UTF-8' makes it of text in Latin-1"
        message = "holds a character that is not UTF-8"
        raise InputError(
            [Fault(where=str(path), line=line, column=column, message=message, expected=expected)]
        ) from error
    if "\x00" in text:
        raise InputError([Fault(where=str(path), line=line, message="holds binary data", expected="a text file")])
    return text


@contextmanager
def unpacked(path: Path) -> Iterator[str | IO[bytes]]:
    """What htslib is to open: the path of a plain or bgzipped file, or the content of one packed otherwise.

    htslib reads no other gzip; what such a file holds goes through a nameless temporary file. Raises ``InputError``
    where the compressed data breaks off.
    """
    if not is_gzipped(path):
        yield str(path)
    elif _is_bgzip(path):
        if not _ends_as_bgzip(path):
            raise damaged(path)
        yield str(path)
    else:
        with tempfile.TemporaryFile() as plain:
            try:
                with gzip.open(path, "rb") as file:
                    shutil.copyfileobj(file, plain, 1 << 20)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise damaged(path) from error
            plain.seek(0)
            yield plain


def _is_bgzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16)[12:14] == b"BC"


def _ends_as_bgzip(path: Path) -> bool:
    """Whether a file in blocks of bgzip ends with the empty block that marks its end."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - len(_BGZIP_END)))
        return file.read() == _BGZIP_END


def looks_like_fasta(text_head: str) -> bool:
    """Whether a text that begins so is meant as FASTA."""
    return text_head.lstrip("\ufeff \t\r\n").startswith(">")
