"""Work shared among processes, where that can be done without starting Python anew in each."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Any, TypeVar

_Part = TypeVar("_Part")
_Done = TypeVar("_Done")


class WorkerGoneError(RuntimeError):
    """A process that shared in the work was ended from outside, for want of memory perhaps."""


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
    or may have no children, all parts are done here. An exception of ``function`` ends the work and is raised here,
    ``WorkerGoneError`` where a process was ended from outside.
    """
    global _work
    number = min(processors() if most is None else most, len(parts))
    if number < 2 or not _may_fork():
        yield from ((index, function(part)) for index, part in enumerate(parts))
        return
    _work = function, parts
    # Other than a pool of ``multiprocessing`` it tells of a process that is gone instead of waiting for it.
    pool = ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("fork"))
    try:
        for done in as_completed([pool.submit(_done, index) for index in range(len(parts))]):
            yield done.result()
    except BrokenProcessPool as gone:
        raise WorkerGoneError("a process that did a part of the work ended before it was done") from gone
    finally:
        pool.shutdown(cancel_futures=True)
        _work = None


def in_order(
    share: Callable[[int, int], Iterator[list[tuple[int, _Done]]]], most: int | None = None
) -> Iterator[_Done]:
    """What several processes make of one stream, in its order.

    ``share(worker, workers)`` goes through the whole stream in tables, and gives of each table what that worker has of
    it, by place; together the workers have all of it. One process does all where none can be forked, see
    ``in_processes``. An exception in a worker is raised here, and ends the others; ``WorkerGoneError`` where one was
    ended from outside.
    """
    number = processors() if most is None else most
    if number < 2 or not _may_fork():
        for table in share(0, 1):
            yield from (item for _, item in sorted(table, key=_place))
        return
    context = multiprocessing.get_context("fork")
    workers = []
    try:
        for worker in range(number):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_send, args=(theirs, share, worker, number), daemon=True)
            process.start()
            theirs.close()
            workers.append((process, ours))
        while True:
            tables = [_received(process, connection) for process, connection in workers]
            if all(table is None for table in tables):
                return
            yield from (item for _, item in sorted(itertools.chain(*(t or () for t in tables)), key=_place))
    finally:
        for process, connection in workers:
            process.terminate()
            connection.close()
            process.join()


def _may_fork() -> bool:
    """Whether this process can be forked safely, and is none that ends with its parent, which may have no children."""
    alone = threading.active_count() == 1 and not multiprocessing.current_process().daemon
    return sys.platform == "linux" and alone


def _place(item: tuple[int, Any]) -> int:
    return item[0]


def _send(connection: Connection, share: Callable[[int, int], Iterator[Any]], worker: int, workers: int) -> None:
    try:
        for table in share(worker, workers):
            connection.send((table, None))
        connection.send((None, None))
    except Exception as error:
        connection.send((None, error))


def _received(process: multiprocessing.process.BaseProcess, connection: Connection) -> list[tuple[int, Any]] | None:
    """The next table of a worker, None where it has no more; raises what ended the worker."""
    try:
        table, error = connection.recv()
    except EOFError as gone:
        process.join()
        raise WorkerGoneError(f"a process that did a share of the work ended with {process.exitcode}") from gone
    if error is not None:
        raise error
    found: list[tuple[int, Any]] | None = table
    return found


def _done(index: int) -> tuple[int, Any]:
    assert _work is not None
    function, parts = _work
    return index, function(parts[index])
