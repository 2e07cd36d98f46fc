"""Processes that work for a server: one that takes too long is ended, and whoever waits behind too many is told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed; the extra 'serve' brings it")
pytest.importorskip("pebble", reason="pebble is not installed; the extra 'serve' brings it")

import anyio

from resistab.server import pages
from resistab.server.application import application
from resistab.server.offered import Offered
from resistab.server.settings import ServerSettings
from resistab.server.workers import BusyError, TooLongError, WorkerDiedError, Workers
from tests.serving import FORMS, Client, sent


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """One process, for which one caller may wait, half a second each."""
    made = Workers(ServerSettings(workers=1, waiting=1, seconds=0.5), time.tzset)
    yield made
    made.close()


def test_what_takes_too_long_is_ended(workers: Workers) -> None:
    first = anyio.run(workers.run, os.getpid)
    with pytest.raises(TooLongError):
        anyio.run(workers.run, time.sleep, 3600)
    # Another process stands in its place.
    assert anyio.run(workers.run, os.getpid) != first


def test_a_process_that_dies_is_told_of(workers: Workers) -> None:
    with pytest.raises(WorkerDiedError):
        anyio.run(workers.run, os._exit, 1)
    assert anyio.run(workers.run, abs, -1) == 1


def test_only_so_many_wait(workers: Workers) -> None:
    ends: list[str] = []

    async def ask() -> None:
        try:
            await workers.run(time.sleep, 3600)
        except (BusyError, TooLongError) as error:
            ends.append(type(error).__name__)

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(ask)

    anyio.run(all_at_once)
    assert sorted(ends) == ["BusyError"] * 3 + ["TooLongError"] * 2


class Ending:
    """What ends every request in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def run(self, function: Callable[..., Any], *given: Any) -> Any:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status"), [(TooLongError(), 504), (BusyError(), 503), (WorkerDiedError(), 503)], ids=repr
)
def test_pages_and_programs_are_told(rulesets: Mapping[str, Offered], error: Exception, status: int) -> None:
    client = Client(application(rulesets, ServerSettings(), Ending(error), FORMS))
    page = sent(client, "hiv1", {"mutations": "RT:M184V"})
    assert page.status_code == status and 'role="alert"' in page.text
    # Nothing that was typed is lost.
    assert "RT:M184V</textarea>" in page.text
    answer = client.post("/api/rulesets/hiv1/evaluate", json={"mutations": "RT:M184V"})
    assert answer.status_code == status and answer.json()["faults"][0]["message"]
    assert ("retry-after" in answer.headers) == (status == 503)


def test_a_slow_report_is_given_up(
    rulesets: Mapping[str, Offered], workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "made", _slow)
    page = sent(Client(application(rulesets, ServerSettings(), workers, FORMS)), "hiv1", {"mutations": "RT:M184V"})
    assert page.status_code == 504 and "took too long" in page.text


def _slow(*given: Any) -> None:
    time.sleep(3600)
