"""Writing results: files whole or not at all, and standard output without a failure that nobody hears of."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO


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

    def _open(self) -> TextIO:
        if self._stream is None:
            raise OutputError("standard output is closed")
        return self._stream

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # What the stream still holds goes nowhere, or it would fail once more when the process ends.
            with contextlib.suppress(OSError, AttributeError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._open().fileno())
            if isinstance(error, BrokenPipeError):
                self._failure = ReaderGoneError("standard output: the reader has gone")
            else:
                self._failure = OutputError(f"standard output: cannot be written: {error.strerror}")
            raise self._failure from error


def write(target: str, text: str | Iterable[str]) -> None:
    """Write to the file ``target`` as ``write_whole`` does; ``-`` is standard output."""
    if target == "-":
        output = sys.stdout if isinstance(sys.stdout, StandardOutput) else StandardOutput(sys.stdout)
        for part in (text,) if isinstance(text, str) else text:
            output.write_utf8(part)
        return
    write_whole(Path(target), text)


def write_whole(path: Path, text: str | Iterable[str]) -> None:
    """Write ``text``, or one text after another, to ``path`` through a temporary file beside it, then rename.

    A link is followed. A device or a pipe is written to as it is: to rename onto it would put a file in its place.
    Raises ``OutputError`` where the folder is missing, full or not writable; an earlier file then stays as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise OutputError(f"{path}: the folder {target.parent} does not exist")
        if target.is_dir():
            raise OutputError(f"{path}: is a folder")
        texts = (text,) if isinstance(text, str) else text
        content = (part.encode("utf-8", "backslashreplace") for part in texts)
        if target.exists() and not target.is_file():
            with target.open("wb", buffering=0) as device:
                for part in content:
                    _write_all(device.fileno(), part)
        else:
            _write_beside(target, content)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputError(f"{path}: cannot be written: {reason}") from error


def _write_beside(target: Path, content: Iterable[bytes]) -> None:
    # Imported here: a start that writes no file does without it.
    import tempfile

    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".part")
        temporary = Path(name)
        try:
            for part in content:
                _write_all(handle, part)
            os.fsync(handle)
        finally:
            os.close(handle)
        # mkstemp makes files for the owner only; a report is to be as readable as any other file.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except BaseException:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise


def _write_all(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]
