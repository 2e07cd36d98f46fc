"""Signals that ask the process to end: what was being written is cleaned up, and nothing is said but the exit code."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

# By convention a process that a signal ends has the status 128 and the number of the signal.
BY_SIGNAL = 128
READER_GONE = BY_SIGNAL + 13
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")

_received: list[int] = []


def ending() -> int | None:
    """The exit code of the signal that was received, None while there was none."""
    return BY_SIGNAL + _received[0] if _received else None


def _end(number: int, frame: FrameType | None) -> None:
    """End the process by an exception, so that all that is open is closed on the way out."""
    _received.append(number)
    # A library that catches whatever comes may log it, with a traceback; the signal is no failure of its.
    sys.unraisablehook = lambda _: None
    if (logging := sys.modules.get("logging")) is not None:
        logging.disable()
    raise SystemExit(BY_SIGNAL + number)


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """While this lasts, SIGINT, SIGTERM and SIGHUP end the process in order; one that is ignored stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        if not _received:
            for number, handler in before.items():
                signal.signal(number, handler)
