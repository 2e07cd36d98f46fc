"""Opens what a user names: a file or a pipe, plain or gzipped, in UTF-8 or UTF-16; every failure is one message."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any, cast

from resistab.core.faults import Fault, InputError

GZIP = b"\x1f\x8b"
# The empty block at the end of a file of bgzip, see the SAM specification.
_BGZIP_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_HEAD_BYTES = 262_144
_MOST_LINE_BYTES = 50_000_000
_BLOCK_BYTES = 1 << 18
# What a file may hold once it is unpacked: ten times the largest table of mutations that is published.
_MOST_BYTES = 30_000_000_000
# What comes through a pipe is kept until it is read.
_MOST_PIPED = 2_000_000_000
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)

# The file that holds what came through a pipe, by the path of the pipe, see ``read_once``; or what was given in memory
# under the name of a file, see ``in_memory``.
_held: ContextVar[Mapping[Path, Path]] = ContextVar("_held", default={})  # noqa: B039 - never changed in place
# How many bytes what was given in memory may hold once it is unpacked; None while nothing was.
_most_in_memory: ContextVar[int | None] = ContextVar("_most_in_memory", default=None)


@contextmanager
def read_once(*paths: Path) -> Iterator[None]:
    """While this lasts, whoever opens one of ``paths`` here reads the same bytes, also of a pipe that gives them once.

    A pipe is read whole into a temporary file of this user alone, which goes at the end. Raises ``InputError``.
    """
    with ExitStack() as stack:
        held = dict(_held.get())
        for path in paths:
            if path not in held and _is_pipe(path):
                import tempfile

                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="resistab-"))
                held[path] = Path(folder) / "piped"
                with held[path].open("wb") as file:
                    _keep(path, file)
        token = _held.set(held)
        try:
            yield
        finally:
            _held.reset(token)


@contextmanager
def in_memory(contents: Mapping[Path, bytes], most_unpacked: int) -> Iterator[None]:
    """While this lasts, whoever opens one of these paths here reads the content given for it, whatever lies on a disk.

    Neither a content nor a name reaches a disk: each lies in a file of the memory alone, which goes at the end. What
    holds more than ``most_unpacked`` bytes once unpacked is refused where it is read. Raises ``InputError`` where the
    system has no such files (they are Linux's).
    """
    if contents and not (hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir()):
        message = "cannot be read here: this system has no files that lie in memory alone"
        raise InputError([Fault(where=str(path), message=message, expected="the same typed") for path in contents])
    with ExitStack() as stack:
        held = dict(_held.get())
        for path, content in contents.items():
            file = stack.enter_context(_memory_file())
            file.write(content)
            file.flush()
            held[path] = Path(f"/proc/self/fd/{file.fileno()}")
        tokens = _held.set(held), _most_in_memory.set(most_unpacked)
        try:
            yield
        finally:
            _held.reset(tokens[0])
            _most_in_memory.reset(tokens[1])


def _memory_file() -> IO[bytes]:
    # Its name is seen by who looks through /proc, and so says nothing.
    return os.fdopen(os.memfd_create("given"), "w+b")


def _copy_file() -> IO[bytes]:
    """A file without a name for a copy; in memory where what is copied is."""
    import tempfile

    return _memory_file() if _most_in_memory.get() is not None else cast(IO[bytes], tempfile.TemporaryFile())


def _most_bytes() -> int:
    """What a file may hold once it is unpacked."""
    most = _most_in_memory.get()
    return _MOST_BYTES if most is None else most


def at_rest(path: Path) -> Path:
    """The file to open for ``path``: of a pipe that ``read_once`` has read, the one that holds what it gave.

    Of what was given in memory, see ``in_memory``, the file there.
    """
    return _held.get().get(path, path)


def folder_of(path: Path) -> Path | None:
    """The folder in which what a file names is looked for; None for a pipe and for what was given in memory."""
    return path.parent if at_rest(path) == path and path.is_file() else None


def is_folder(path: Path) -> bool:
    """Whether there is a folder of this name; False for what can be no name at all."""
    try:
        return at_rest(path).is_dir()
    except (OSError, ValueError):
        return False


def _is_pipe(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _keep(path: Path, file: IO[bytes], most: int = 0, expected: str = "a file in place of a pipe") -> None:
    """Read a pipe to its end into ``file``; of more bytes than ``most``, where that is given, raise ``InputError``."""
    most = most or _MOST_PIPED
    size = 0
    with open_bytes(path) as pipe:
        while part := read_bytes(pipe, path, 1 << 20):
            size += len(part)
            if size > most:
                raise too_large(path, most, expected)
            try:
                file.write(part)
            except OSError as error:
                message = f"cannot be kept until it is read: {error.strerror}"
                raise InputError([Fault(where=str(path), message=message, expected="a file")]) from error


def open_bytes(path: Path) -> io.BufferedReader:
    """A file or pipe, opened as it is; raises ``InputError`` where it cannot be, also for a folder or a disk."""
    try:
        file = at_rest(path).open("rb")
        mode = os.fstat(file.fileno()).st_mode
        # Of devices only a terminal ends, and the one that is empty.
        if stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and not (file.isatty() or path.samefile(os.devnull))):
            file.close()
            raise InputError([Fault(where=str(path), message="is a device", expected="a file or a pipe")])
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return file


def head(path: Path) -> bytes:
    """The first bytes of a file, unpacked where it is gzipped, in UTF-8 where it is in UTF-16.

    Raises ``InputError`` where it cannot be read. A pipe is used up by it, see ``read_once``.
    """
    with _opened(path) as file:
        return read_bytes(file, path, _HEAD_BYTES)


def unreadable(path: Path, error: OSError | ValueError) -> InputError:
    """What to say of a file that the system does not let us read."""
    if isinstance(error, IsADirectoryError):
        return InputError([Fault(where=str(path), message="is a folder", expected="a file")])
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError([Fault(where=str(path), message=f"cannot be read: {reason}")])


def too_large(path: Path, most: int, expected: str) -> InputError:
    """What to say of a file that holds more than ``most`` bytes."""
    message = f"is larger than {most // 1_000_000:,} MB"
    return InputError([Fault(where=str(path), message=message, expected=expected)])


@contextmanager
def _opened(path: Path, *bound: Any) -> Iterator[IO[bytes]]:
    """A file as it reads once unpacked, in UTF-8 with or without a byte order mark; ``bound`` as of ``_keep``."""
    file: Any
    with ExitStack() as stack:
        if _is_pipe(at_rest(path)):
            # What a pipe gives at once may be too little to tell what it holds.
            import tempfile

            whole = stack.enter_context(tempfile.TemporaryFile())
            _keep(path, whole, *bound)
            whole.seek(0)
            file = stack.enter_context(io.BufferedReader(cast(io.RawIOBase, whole)))
        else:
            file = stack.enter_context(open_bytes(path))
        if _peeked(file, path, 2) == GZIP:
            unzipped = stack.enter_context(gzip.GzipFile(fileobj=file, mode="rb"))
            file = stack.enter_context(io.BufferedReader(cast(io.RawIOBase, unzipped)))
        begin = _peeked(file, path, 4)
        if begin.startswith(_UTF32):
            expected = "text in UTF-8, as 'iconv -f UTF-32 -t UTF-8' makes it"
            raise InputError([Fault(where=str(path), line=1, message="is text in UTF-32", expected=expected)])
        if begin[:2] in _UTF16:
            file = stack.enter_context(io.BufferedReader(_InUtf8(file, _UTF16[begin[:2]])))
        yield file


class _InUtf8(io.RawIOBase):
    """Text in UTF-16 as UTF-8; of text that is none, reading raises ``UnicodeDecodeError``."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        file.read(2)
        self._file, self._decoder, self._ready = file, codecs.getincrementaldecoder(encoding)(), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            part = self._file.read(1 << 16)
            self._ready = self._decoder.decode(part, final=not part).encode("utf-8")
            if not part:
                break
        given, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


def _peeked(file: Any, path: Path, size: int) -> bytes:
    with _told(path):
        begin: bytes = file.peek(size)[:size]
    return begin


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Makes of what goes wrong while a file is read what is said of it."""
    try:
        yield
    except _DAMAGED as error:
        raise damaged(path) from error
    except UnicodeDecodeError as error:
        message = "begins as text in UTF-16, and is none"
        raise InputError([Fault(where=str(path), message=message, expected="text in UTF-8 or UTF-16")]) from error
    except OSError as error:
        raise unreadable(path, error) from error


def read_bytes(file: IO[bytes], path: Path, size: int) -> bytes:
    """The next bytes of an open file, at most ``size``; raises ``InputError`` where they cannot be read."""
    with _told(path):
        return file.read(size)


def damaged(path: Path) -> InputError:
    """What to say of a gzipped file that breaks off or is damaged."""
    message = "is truncated or damaged: its compressed data cannot be unpacked to the end"
    return InputError([Fault(where=str(path), message=message, expected="the whole file; copy it again")])


def whole_text(path: Path, most: int, expected: str) -> str:
    """The text of a file that holds at most ``most`` bytes once unpacked; ``expected`` says what kind of file it is.

    A byte order mark is passed over, ends of lines stay as they are. Raises ``InputError`` where the file cannot be
    read, is larger, or is no text in UTF-8 or UTF-16.
    """
    with _opened(path, most, expected) as file:
        content = read_bytes(file, path, most + 1)
    if len(content) > most:
        raise too_large(path, most, expected)
    if b"\x00" in content:
        line = content[: content.index(b"\x00")].count(b"\n") + 1
        raise InputError([Fault(where=str(path), line=line, message="holds binary data", expected=expected)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        raise _not_utf8(path, before.count(b"\n") + 1, column) from error


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Every line of a text file with its number, from 1, without its end (of Unix, Windows or an old Mac).

    A byte order mark is passed over. Raises ``InputError`` where the file cannot be read or is no text in UTF-8 or
    UTF-16.
    """
    number = 0
    for block in _blocks(path):
        if (text := _plain_text(block)) is not None:
            lines = text.removesuffix("\n").split("\n")
            yield from enumerate(lines, number + 1)
            number += len(lines)
            continue
        # Line by line, so that what stands before a fault is read.
        for raw in block.removesuffix(b"\n").split(b"\n"):
            for part in raw.rstrip(b"\r").split(b"\r"):
                number += 1
                yield number, _decoded(part, path, number)


def _plain_text(block: bytes) -> str | None:
    """The text of a block; None where a line of it is faulty, or lines end otherwise than on Unix."""
    if b"\r" in block or b"\x00" in block:
        return None
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a text file without its byte order mark, in blocks of whole lines; raises as ``text_lines``."""
    line = 1
    size = waiting = 0
    begun: list[bytes] = []
    with _opened(path) as file:
        while True:
            with _told(path):
                part: bytes = file.read1(_BLOCK_BYTES)  # type: ignore[attr-defined]
            size += len(part)
            if size > _most_bytes():
                raise too_large(path, _most_bytes(), "several smaller files")
            end = part.rfind(b"\n") + 1 if part else 0
            if end or not part:
                block = b"".join((*begun, part[:end]))
                block = block.removeprefix(codecs.BOM_UTF8) if line == 1 else block
                if block:
                    yield block
                line += block.count(b"\n")
                begun, waiting = [], 0
            if not part:
                return
            begun.append(part[end:])
            waiting += len(part) - end
            if waiting >= _MOST_LINE_BYTES:
                message = f"a line of more than {_MOST_LINE_BYTES // 1_000_000} MB"
                raise InputError([Fault(where=str(path), line=line, message=message, expected="a text file")])


def _not_utf8(path: Path, line: int, column: int) -> InputError:
    expected = "text in UTF-8, as 'iconv -f LATIN1 -t UTF-8' makes it of text in Latin-1"
    message = "holds a character that is not UTF-8"
    return InputError([Fault(where=str(path), line=line, column=column, message=message, expected=expected)])


def _decoded(raw: bytes, path: Path, line: int) -> str:
    if b"\x00" in raw:
        raise InputError([Fault(where=str(path), line=line, message="holds binary data", expected="a text file")])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, line, len(raw[: error.start].decode("utf-8", "replace")) + 1) from error


@contextmanager
def unpacked(path: Path) -> Iterator[str | IO[bytes]]:
    """What htslib is to open: the path of a plain or bgzipped file, or the content of one packed otherwise.

    htslib reads no other gzip, and no UTF-16; what such a file holds goes through a nameless temporary file. Raises
    ``InputError`` where the compressed data breaks off.
    """
    with open_bytes(path) as plain:
        begin = plain.peek(16)[:16]
    if begin[:2] == GZIP and begin[12:14] == b"BC":
        if not _ends_as_bgzip(at_rest(path)):
            raise damaged(path)
        yield str(at_rest(path))
    elif begin[:2] == GZIP or begin[:2] in _UTF16:
        with _copy_file() as copy:
            with _opened(path) as file:
                size = 0
                while part := read_bytes(file, path, 1 << 20):
                    size += len(part)
                    if size > _most_bytes():
                        raise too_large(path, _most_bytes(), "several smaller files")
                    with _told(path):
                        copy.write(part)
            copy.seek(0)
            yield copy
    else:
        yield str(at_rest(path))


def _ends_as_bgzip(path: Path) -> bool:
    """Whether a file in blocks of bgzip ends with the empty block that marks its end."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - len(_BGZIP_END)))
        return file.read() == _BGZIP_END


def looks_like_fasta(text_head: str) -> bool:
    """Whether a text that begins so is meant as FASTA."""
    return text_head.lstrip("\ufeff \t\r\n").startswith(">")
