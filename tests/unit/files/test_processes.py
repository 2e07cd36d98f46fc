"""Work shared among processes comes back whole, in order, and with its errors."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator

import pytest

from resistab.files.processes import WorkerGoneError, in_order, in_processes


@pytest.mark.parametrize("most", [1, 2, 3])
def test_every_part_is_done_once(most: int) -> None:
    assert sorted(in_processes(lambda part: part * 10, [1, 2, 3, 4, 5], most)) == [
        (0, 10), (1, 20), (2, 30), (3, 40), (4, 50),
    ]  # fmt: skip


@pytest.mark.parametrize("most", [1, 2, 3])
def test_a_stream_that_is_shared_keeps_its_order(most: int) -> None:
    def share(worker: int, workers: int) -> Iterator[list[tuple[int, str]]]:
        for table in range(4):
            places = range(table * 5, table * 5 + 5)
            yield [(place, f"item {place}") for place in places if place % workers == worker]

    assert list(in_order(share, most)) == [f"item {place}" for place in range(20)]


@pytest.mark.parametrize("most", [1, 2])
def test_an_error_in_a_worker_is_raised(most: int) -> None:
    def share(worker: int, workers: int) -> Iterator[list[tuple[int, str]]]:
        yield [(worker, "first")]
        raise ValueError("the second table is wrong")

    with pytest.raises(ValueError, match="the second table is wrong"):
        list(in_order(share, most))


def test_a_worker_that_is_killed_ends_the_work() -> None:
    here = os.getpid()

    def part(number: int) -> int:
        if number == 2 and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    def share(worker: int, workers: int) -> Iterator[list[tuple[int, int]]]:
        yield [(worker, part(worker + 1))]

    for work in (lambda: list(in_processes(part, [1, 2, 3], 2)), lambda: list(in_order(share, 2))):
        with pytest.raises(WorkerGoneError, match="ended"):
            work()


def test_a_process_that_may_have_no_children_does_all_itself() -> None:
    """As the workers of a server, which end with it."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        shared, alone = pool.apply(_shared_by_a_child)
    assert shared == [(0, 1), (1, 2)] and alone == [1, 2]


def _shared_by_a_child() -> tuple[list[tuple[int, int]], list[int]]:
    shared = sorted(in_processes(lambda number: number + 1, [0, 1], most=2))
    return shared, list(in_order(lambda worker, workers: iter([[(0, 1), (1, 2)]]), 2))
