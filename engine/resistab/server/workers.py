"""Processes that work for a server: few, each ended where it takes too long, and only so many callers wait for them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from resistab.server.settings import ServerSettings

_Result = TypeVar("_Result")
# After so many calls a process is replaced, so that none grows without end.
_CALLS = 200


class TooLongError(RuntimeError):
    """What was asked for was not done in time, and was given up."""


class BusyError(RuntimeError):
    """As many callers as may wait are waiting."""


class WorkerDiedError(RuntimeError):
    """The process that worked ended before it was done."""


class Runs(Protocol):
    """What runs a function for a caller that waits."""

    async def run(self, function: Callable[..., _Result], *given: Any) -> _Result:
        """What the function gives; raises ``TooLongError``, ``BusyError``, ``WorkerDiedError``."""
        ...


class Workers:
    """A pool of processes; each is ``prepared`` with what was ``given`` before it works, and so is one in its place."""

    def __init__(self, settings: ServerSettings, prepared: Callable[..., None], *given: Any) -> None:
        # Imported here, as it is in an extra.
        import pebble

        self._seconds = settings.seconds
        self._most = settings.workers + settings.waiting
        self._asked = 0
        # A server has threads, and a process with threads is not to be forked.
        context = multiprocessing.get_context("forkserver" if "forkserver" in _methods() else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload(["resistab.server.evaluation"])
        self._pool = pebble.ProcessPool(
            max_workers=settings.workers, max_tasks=_CALLS, initializer=prepared, initargs=given, context=context
        )

    async def run(self, function: Callable[..., _Result], *given: Any) -> _Result:
        """As ``Runs.run``; the time is counted from when a process is free."""
        import anyio
        import pebble

        if self._asked >= self._most:
            raise BusyError
        self._asked += 1
        try:
            future = self._pool.schedule(function, args=given, timeout=self._seconds)
            result: _Result = await anyio.to_thread.run_sync(future.result)
            return result
        except TimeoutError as error:
            raise TooLongError from error
        except pebble.ProcessExpired as error:
            raise WorkerDiedError from error
        finally:
            self._asked -= 1

    def start(self, function: Callable[[], _Result]) -> _Result:
        """Start the processes by a first call, which may take as long as it takes."""
        result: _Result = self._pool.schedule(function).result()
        return result

    def close(self) -> None:
        """End all processes, whatever they do."""
        self._pool.stop()
        self._pool.join()


def _methods() -> list[str]:
    return multiprocessing.get_all_start_methods()
