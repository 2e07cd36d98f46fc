"""Work shared among processes, where that can be done without starting Python anew in each."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

_Part = TypeVar("_Part")
_Done = TypeVar("_Done")

# What a forked process finds of its parent: the function and the parts, which need not be sent to it.
_work: tuple[Callable[[Any], Any], Sequence[Any]] | None = None


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(
    function: Callable[[_Part], _Done], parts: Sequence[_Part], most: int | None = None
) -> Iterator[tuple[int, _Done]]:
    """What ``function`` makes of each part, with the part's number, in whatever order they are done.

    At most ``most`` processes share the parts, by default one for each processor. Each is forked from this one, so that
    nothing is loaded twice; where a process cannot be forked safely (other systems than Linux, other threads running)
    all parts are done here. An exception of ``function`` ends the work and is raised here.
    """
    global _work
    number = min(processors() if most is None else most, len(parts))
    if number < 2 or sys.platform != "linux" or threading.active_count() > 1:
        yield from ((index, function(part)) for index, part in enumerate(parts))
        return
    _work = function, parts
    try:
        with multiprocessing.get_context("fork").Pool(number) as pool:
            yield from pool.imap_unordered(_done, range(len(parts)))
    finally:
        _work = None


def _done(index: int) -> tuple[int, Any]:
    assert _work is not None
    function, parts = _work
    return index, function(parts[index])
