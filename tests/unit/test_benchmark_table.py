"""The table of the benchmarks: ratios, targets, what is judged, and the exit status. Nothing is measured here."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.figures import (
    Beside,
    Figure,
    LeftOut,
    Machine,
    Part,
    Report,
    Target,
    at_least,
    at_least_one,
    at_least_times,
    at_most,
    at_most_times,
    given_file,
    given_program,
    main,
    number,
    read_parts,
)

MACHINE = Machine("CPython 3.11.4", "Linux", "a processor", 2, 8.0, 0.1)
PASS = Beside("python -c pass", 10.0)
START = Figure("start", 250.0, "ms", PASS, at_most_times(20))
RATE = Figure("a cohort", 2_400.0, "/s", target=at_least(2_000))


def report(*figures: Figure, failed: str = "", quick: bool = False) -> Report:
    left_out = (LeftOut("CLIPS", "it is not installed"),)
    return Report(MACHINE, quick, (Part("run", "One tumour", figures, left_out, failed),))


@pytest.mark.parametrize(
    ("value", "target", "met"),
    [
        (20.0, at_most(20), True),
        (20.1, at_most(20), False),
        (20.0, at_least(20), True),
        (19.9, at_least(20), False),
        (200.0, at_most_times(20), True),
        (201.0, at_most_times(20), False),
        (200.0, at_least_times(20), True),
        (199.0, at_least_times(20), False),
    ],
)
def test_a_target_is_met_up_to_its_limit(value: float, target: Target, met: bool) -> None:
    assert Figure("start", value, "ms", PASS, target).met is met


def test_a_figure_is_a_multiple_of_what_is_beside_it() -> None:
    assert START.ratio == 25.0
    assert RATE.ratio is None


def test_smaller_numbers_and_no_target_are_not_judged() -> None:
    assert Figure("a cohort", 1.0, "/s", target=at_least(2_000), smaller=True).met is None
    assert Figure("memory", 1.0, "MB").met is None


def test_a_target_for_a_ratio_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="start: a target for a ratio, and nothing"):
        Figure("start", 1.0, "ms", target=at_most_times(20))
    with pytest.raises(ValueError, match="start: no ratio to nothing, which is 0"):
        Figure("start", 1.0, "ms", Beside("nothing", 0.0))


def test_the_table_says_measured_beside_ratio_and_target() -> None:
    said = report(START, RATE).text()
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[0] == "CPython 3.11.4, Linux, a processor, 2 cores, 8 GB; load before the run 0.10"
    assert "One tumour (run.py)" in lines
    assert "start 250 ms python -c pass: 10 25× ≤ 20× MISSED" in lines
    assert "a cohort 2,400 /s ≥ 2,000 /s met" in lines
    assert "Not measured: CLIPS: it is not installed" in lines


def test_what_is_missed_is_listed_and_makes_the_status() -> None:
    missed = report(START, RATE)
    assert missed.status == 1
    assert missed.text().endswith("1 of 2 targets missed:\n  run: start, beside python -c pass")
    assert report(RATE).status == 0
    assert report(RATE).text().endswith("All of 1 targets that were judged are met.")


def test_a_script_that_failed_makes_the_status_too() -> None:
    failed = report(RATE, failed="ProcessError: exit status 3")
    assert failed.status == 1
    assert "0 of 1 targets missed, 1 of 1 scripts failed:\n  run: ProcessError: exit status 3" in failed.text()


def test_a_quick_run_and_a_busy_machine_are_said() -> None:
    assert "Quick: smaller numbers and fewer rounds." in report(RATE, quick=True).text()
    assert "Quick" not in report(RATE).text()
    busy = Machine("CPython 3.11.4", "Linux", "a processor", 2, None, 1.5)
    assert busy.text().endswith(
        "2 cores; load before the run 1.50; others were busy, and what is in seconds is too slow"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (3, "3"), (1234.5, "1,234"), (45.67, "45.7"), (4.567, "4.57"), (0.04567, "0.0457"), (20.0, "20")],
)
def test_numbers_have_the_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def measured(given: argparse.Namespace) -> Iterator[Figure | LeftOut]:
    yield START
    yield LeftOut("CLIPS", "it is not installed")
    yield RATE


def broken(given: argparse.Namespace) -> Iterator[Figure | LeftOut]:
    yield RATE
    raise ValueError("a fault\nand more of it")


def test_what_a_script_writes_is_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "figures.json"
    assert main("run", "One tumour", measured, arguments=["--quick", "--json", str(target)]) == 1
    (part,) = read_parts(target)
    assert part == Part("run", "One tumour", (START, RATE), (LeftOut("CLIPS", "it is not installed"),))
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["quick"] is True
    assert written["missed"] == ["run: start, beside python -c pass"]
    assert [(one["ratio"], one["met"]) for one in written["parts"][0]["figures"]] == [(25.0, False), (None, True)]
    said = capsys.readouterr()
    assert "run: a cohort: 2,400 /s" in said.err
    assert "1 of 2 targets missed" in said.out


def test_what_was_measured_before_a_fault_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    assert main("run", "One tumour", broken, arguments=["--json", str(target)]) == 1
    (part,) = read_parts(target)
    assert part.figures == (RATE,)
    assert part.failed == "ValueError: a fault"


def test_options_name_what_there_is(tmp_path: Path) -> None:
    assert at_least_one("3") == 3
    for kind, text in ((at_least_one, "0"), (at_least_one, "-1"), (given_file, "none"), (given_program, "no-program")):
        with pytest.raises(argparse.ArgumentTypeError):
            kind(text)
    file = tmp_path / "table.tsv"
    file.touch()
    assert given_file(str(file)) == file


def test_this_machine_is_described() -> None:
    machine = Machine.here()
    assert machine.cores >= 1
    assert "Python 3." in machine.text()
