"""Writing results: files whole or not at all, and standard output without a failure that nobody hears of."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

# Where a link to it leads differs from call to call.
_STANDARD_OUTPUT = "/dev/stdout"
_STANDARD_OUTPUTS = (_STANDARD_OUTPUT, "/dev/fd/1", "/proc/self/fd/1")
# What the names of files end with that are written here.
_OUTPUTS = (".json", ".jsonl", ".html", ".csv", ".svg", ".pdf")
_BINARY = getattr(os, "O_BINARY", 0)


class OutputError(Exception):
    """A result could not be written; no part of a file was left behind."""


class ReaderGoneError(OutputError):
    """What reads standard output has had enough, as ``head`` has."""


class StandardOutput:
    """Standard output whose failures are ``OutputError``; in all else it is the stream it stands for."""

    def __init__(self, stream: TextIO | None) -> None:
        """``stream`` is None where the process was started with its standard output closed."""
        self._stream = stream
        self._failure: OutputError | None = None
        if stream is not None and hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character shows its number.
            stream.reconfigure(errors="backslashreplace")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write ``text`` in the encoding of the terminal; raises ``OutputError``."""
        with self._guarded():
            return self._open().write(text)

    def write_utf8(self, text: str) -> None:
        """Write ``text`` in UTF-8 with plain line ends, whatever the terminal's are; raises ``OutputError``."""
        with self._guarded():
            self._open().flush()
            self._open().buffer.write(text.encode("utf-8"))
            self._open().flush()

    def flush(self) -> None:
        """Hand on what is still held back; raises ``OutputError``, also for an earlier failure that nobody saw."""
        if self._failure is not None:
            raise self._failure
        if self._stream is not None:
            with self._guarded():
                self._stream.flush()

    def abandon(self) -> None:
        """Let what is still held back, and all that follows, go nowhere."""
        with contextlib.suppress(OSError, AttributeError, ValueError, OutputError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._open().fileno())

    def _open(self) -> TextIO:
        if self._stream is None:
            raise OutputError("standard output is closed")
        return self._stream

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # What the stream still holds would fail once more when the process ends.
            self.abandon()
            if isinstance(error, BrokenPipeError):
                self._failure = ReaderGoneError("standard output: the reader has gone")
            else:
                self._failure = OutputError(f"standard output: cannot be written: {error.strerror}")
            raise self._failure from error


def clash(inputs: Iterable[Path], **targets: str | None) -> str | None:
    """What is wrong with where results are to go, or None; ``targets`` by the names of their options.

    An output must not be an input, nor lie as a file that is there already in a folder that is one, but for what was
    written there before; and no two may be one file. Devices such as /dev/null take whatever comes.
    """
    given = list(inputs)
    seen: dict[Path, str] = {}
    for name, target in targets.items():
        if target is None:
            continue
        flag = f"--{name}"
        place = Path(os.path.realpath(target if target != "-" else _STANDARD_OUTPUT))
        standard = target == "-" or (target in _STANDARD_OUTPUTS)
        if standard:
            place = Path(_STANDARD_OUTPUT)
        elif _is(Path.exists, place) and not _is(Path.is_file, place):
            continue
        if place in seen:
            where = "standard output" if standard else f"the file {target}"
            return f"{seen[place]} and {flag} are both to go to {where}"
        seen[place] = flag
        for path in () if standard else given:
            if _is_same(place, path):
                return f"{flag} {target} is a file that is read"
            if place.suffix not in _OUTPUTS and _is(Path.is_dir, path) and _is(Path.is_file, place):
                if not place.is_relative_to(os.path.realpath(path)):
                    continue
                return f"{flag} {target} is a file of the folder that is read"
    return None


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


def _is(test: Callable[[Path], bool], path: Path) -> bool:
    """Whether ``path`` is what the test says; it is not where it is too long for any file, or no name at all."""
    try:
        return test(path)
    except (OSError, ValueError):
        return False


def require_place(target: str | None) -> None:
    """Raise ``OutputError`` where ``target`` is a file in a folder that does not exist; ``-`` and None are no file."""
    if target not in (None, "-") and not Path(os.path.realpath(target or "")).parent.is_dir():
        raise OutputError(f"{target}: the folder {Path(os.path.realpath(target or '')).parent} does not exist")


def write(target: str, text: str | Iterable[str]) -> None:
    """Write to the file ``target`` as ``write_whole`` does; ``-`` is standard output."""
    if target == "-":
        with opened(target) as put:
            for part in (text,) if isinstance(text, str) else text:
                put(part)
        return
    write_whole(Path(target), text)


def write_whole(path: Path, text: str | Iterable[str | bytes]) -> None:
    """Write ``text``, or one text after another, to ``path``, see ``writing``."""
    with _reported(path), writing(path) as put:
        for part in (text,) if isinstance(text, str) else text:
            put(part)


@contextlib.contextmanager
def opened(target: str) -> Iterator[Callable[[str], Any]]:
    """What writes one text after another to the file ``target``; ``-`` is standard output. See ``writing``."""
    if target != "-":
        with writing(Path(target)) as put:
            yield put
        return
    output = sys.stdout if isinstance(sys.stdout, StandardOutput) else StandardOutput(sys.stdout)
    yield output.write_utf8


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Callable[[str | bytes], None]]:
    """What writes one text after another to ``path``, through a temporary file beside it that is then renamed.

    What is bytes already is written as it is. Where something is raised meanwhile nothing is left of it.
    A link is followed. A device or a pipe is written to as it is: to rename onto it would put a file in its place.
    Raises ``OutputError`` where the folder is missing, full or not writable; an earlier file then stays as it was.
    """
    with _reported(path):
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise OutputError(f"{path}: the folder {target.parent} does not exist")
        if target.is_dir():
            raise OutputError(f"{path}: is a folder")
        in_place = target.exists() and not target.is_file()
        earlier = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    beside = target if in_place else target.parent / f".{target.name[:100]}.{os.urandom(8).hex()}.part"
    flags = os.O_WRONLY | _BINARY | (os.O_TRUNC if in_place else os.O_CREAT | os.O_EXCL)
    try:
        with _reported(path):
            # The mode is that of the file replaced, and never wider while it is written; of a new one that of any file.
            handle = os.open(beside, flags, 0o666 if earlier is None else 0o600 & earlier)

        def put(part: str | bytes) -> None:
            with _reported(path):
                _write_all(handle, part if isinstance(part, bytes) else part.encode("utf-8", "backslashreplace"))

        try:
            yield put
            with _reported(path):
                if not in_place:
                    os.fsync(handle)
        finally:
            os.close(handle)
        with _reported(path):
            if not in_place:
                if earlier is not None:
                    beside.chmod(earlier)
                beside.replace(target)
    except BaseException:
        # Its name was known before it was made: whatever ends the writing, a signal too, leaves nothing behind.
        if not in_place:
            beside.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputError(f"{path}: cannot be written: {reason}") from error


def _write_all(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
