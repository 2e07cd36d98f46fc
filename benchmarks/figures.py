"""What the benchmarks measure: figures with their targets, the one table of them, and what every script does alike.

A script gives ``main`` a function that yields a ``Figure`` for each thing it has measured, or ``LeftOut`` where
something could not be. ``main`` shows them as they come on standard error, prints the table, and writes them as JSON
where ``--json FILE`` asks for it. ``all.py`` reads those files and prints one table of all.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

# From this load on, others had a good part of a core.
BUSY = 0.5


@dataclass(frozen=True)
class Target:
    """What a figure, or its ratio to what it is held beside, should be at most or at least."""

    limit: float
    better: Literal["lower", "higher"]
    of: Literal["value", "ratio"] = "value"

    def met(self, value: float) -> bool:
        """Whether ``value`` is as it should be; the limit itself is."""
        return value <= self.limit if self.better == "lower" else value >= self.limit


def at_most(limit: float) -> Target:
    """A figure of at most ``limit``, in its own unit."""
    return Target(limit, "lower")


def at_least(limit: float) -> Target:
    """A figure of at least ``limit``, in its own unit."""
    return Target(limit, "higher")


def at_most_times(limit: float) -> Target:
    """At most so many times what the figure is held beside."""
    return Target(limit, "lower", "ratio")


def at_least_times(limit: float) -> Target:
    """At least so many times what the figure is held beside."""
    return Target(limit, "higher", "ratio")


@dataclass(frozen=True)
class Beside:
    """What a figure is held beside, measured in the same run and in the same unit."""

    name: str
    value: float


@dataclass(frozen=True)
class Figure:
    """One thing that was measured.

    ``smaller`` says that it was measured with smaller numbers than its target is for; such a figure is not judged.
    Raises ``ValueError`` where the target is of a ratio that there is not.
    """

    name: str
    value: float
    unit: str
    beside: Beside | None = None
    target: Target | None = None
    smaller: bool = False

    def __post_init__(self) -> None:
        if self.beside is not None and self.beside.value <= 0:
            raise ValueError(f"{self.name}: no ratio to {self.beside.name}, which is {self.beside.value:g}")
        if self.target is not None and self.target.of == "ratio" and self.beside is None:
            raise ValueError(f"{self.name}: a target for a ratio, and nothing to be held beside")

    @property
    def ratio(self) -> float | None:
        """The figure as a multiple of what it is held beside."""
        return None if self.beside is None else self.value / self.beside.value

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or it is not judged."""
        if self.target is None or self.smaller:
            return None
        judged = self.value if self.target.of == "value" else self.ratio
        assert judged is not None
        return self.target.met(judged)

    @property
    def full_name(self) -> str:
        """The name, with what the figure is held beside where that is what matters."""
        if self.beside is None or self.target is None or self.target.of != "ratio":
            return self.name
        return f"{self.name}, beside {self.beside.name}"

    def as_json(self) -> dict[str, Any]:
        """The figure with its ratio and whether it meets its target."""
        return dataclasses.asdict(self) | {"ratio": self.ratio, "met": self.met}

    @classmethod
    def of_json(cls, item: dict[str, Any]) -> Figure:
        """The figure that ``as_json`` wrote."""
        beside, target = item["beside"], item["target"]
        return cls(
            item["name"],
            item["value"],
            item["unit"],
            Beside(**beside) if beside else None,
            Target(**target) if target else None,
            item["smaller"],
        )


@dataclass(frozen=True)
class LeftOut:
    """What was not measured, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Part:
    """What one script measured; ``failed`` says why it ended before its end, where it did."""

    script: str
    title: str
    figures: tuple[Figure, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    failed: str = ""

    def as_json(self) -> dict[str, Any]:
        """The part as it is written to a file."""
        return dataclasses.asdict(self) | {"figures": [figure.as_json() for figure in self.figures]}

    @classmethod
    def of_json(cls, item: dict[str, Any]) -> Part:
        """The part that ``as_json`` wrote."""
        return cls(
            item["script"],
            item["title"],
            tuple(Figure.of_json(one) for one in item["figures"]),
            tuple(LeftOut(**one) for one in item["left_out"]),
            item["failed"],
        )


@dataclass(frozen=True)
class Machine:
    """Where was measured: ``memory_gb`` and ``load``, the average of the minute before, where the system tells them."""

    python: str
    system: str
    processor: str
    cores: int
    memory_gb: float | None
    load: float | None

    @classmethod
    def here(cls) -> Machine:
        """The machine that this runs on, with its load now."""
        return cls(
            f"{platform.python_implementation()} {platform.python_version()}",
            platform.system(),
            _processor(),
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            _memory_gb(),
            os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        )

    def text(self) -> str:
        """The machine in one line."""
        memory = f", {self.memory_gb:.0f} GB" if self.memory_gb else ""
        said = f"{self.python}, {self.system}, {self.processor}, {self.cores} cores{memory}"
        if self.load is None:
            return said
        busy = "; others were busy, and what is in seconds is too slow" if self.load >= BUSY else ""
        return f"{said}; load before the run {self.load:.2f}{busy}"


@dataclass(frozen=True)
class Report:
    """All that was measured in one run."""

    machine: Machine
    quick: bool
    parts: tuple[Part, ...]

    @property
    def missed(self) -> list[str]:
        """The names of the figures that miss their target, and the scripts that failed."""
        missed = [f"{part.script}: {one.full_name}" for part in self.parts for one in part.figures if one.met is False]
        return missed + [f"{part.script}: {part.failed}" for part in self.parts if part.failed]

    @property
    def status(self) -> int:
        """The exit status: 1 where a target is missed or a script failed."""
        return 1 if self.missed else 0

    def as_json(self) -> dict[str, Any]:
        """The whole run as it is written to a file."""
        return {
            "machine": dataclasses.asdict(self.machine),
            "quick": self.quick,
            "parts": [part.as_json() for part in self.parts],
            "missed": self.missed,
        }

    def text(self) -> str:
        """The table, with the machine above it, and what was missed and left out beneath it."""
        lines = [self.machine.text()]
        if self.quick:
            lines.append("Quick: smaller numbers and fewer rounds. What has a target for larger ones is not judged.")
        figures = [figure for part in self.parts for figure in part.figures]
        head = ("", "measured", "beside it in the same run", "ratio", "target", "")
        rows = [_cells(figure) for figure in figures]
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        lines += ["", _line(head, widths)]
        for part in self.parts:
            lines.append(f"{part.title} ({part.script}.py)")
            lines += [_line(_cells(figure), widths) for figure in part.figures]
            lines += [f"  failed: {part.failed}"] if part.failed else []
        lines.append("")
        lines += [f"Not measured: {one.name}: {one.why}" for part in self.parts for one in part.left_out]
        judged = sum(figure.met is not None for figure in figures)
        if not self.missed:
            return "\n".join([*lines, f"All of {judged} targets that were judged are met."])
        said = f"{sum(figure.met is False for figure in figures)} of {judged} targets missed"
        if failed := sum(bool(part.failed) for part in self.parts):
            said += f", {failed} of {len(self.parts)} scripts failed"
        return "\n".join([*lines, f"{said}:", *(f"  {name}" for name in self.missed)])


def number(value: float) -> str:
    """A whole number as it is, another with three or more digits that count; commas between thousands."""
    size = abs(value)
    if size >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 1 else f"{value:.3g}"


def main(
    script: str,
    title: str,
    measure: Callable[[argparse.Namespace], Iterable[Figure | LeftOut]],
    options: Callable[[argparse.ArgumentParser], None] = lambda parser: None,
    arguments: Sequence[str] | None = None,
) -> int:
    """Measure, show and print, as every script does; gives the exit status, 1 where a target is missed.

    ``options`` adds those of the script to ``--quick`` and ``--json``. What it measured before it failed is told too.
    """
    parser = argparse.ArgumentParser(prog=f"{script}.py", description=f"Measure: {title}.")
    parser.add_argument("--quick", action="store_true", help="smaller numbers and fewer rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    options(parser)
    given = parser.parse_args(arguments)
    machine = Machine.here()
    figures: list[Figure] = []
    left_out: list[LeftOut] = []
    failed = ""
    try:
        for one in measure(given):
            if isinstance(one, Figure):
                figures.append(one)
                progress(f"{script}: {one.name}: {number(one.value)} {one.unit}")
            else:
                left_out.append(one)
                progress(f"{script}: {one.name} left out: {one.why}")
    except Exception as error:
        # What was measured so far has cost its time.
        traceback.print_exc()
        failed = f"{type(error).__name__}: {error}".partition("\n")[0]
    part = Part(script, title, tuple(figures), tuple(left_out), failed)
    report = Report(machine, given.quick, (part,))
    print(report.text())
    if given.json:
        write_json(given.json, report)
    return report.status


def write_json(path: Path, report: Report) -> None:
    """Write a run to a file."""
    path.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_parts(path: Path) -> Iterator[Part]:
    """What ``write_json`` has written of the scripts."""
    for item in json.loads(path.read_text(encoding="utf-8"))["parts"]:
        yield Part.of_json(item)


def given_file(text: str) -> Path:
    """The type of an option that names a file or a folder."""
    if not Path(text).exists():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return Path(text)


def given_program(text: str) -> str:
    """The type of an option that names a program."""
    if shutil.which(text) is None:
        raise argparse.ArgumentTypeError(f"there is no program {text}")
    return text


def at_least_one(text: str) -> int:
    """The type of an option that says how many."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1")
    return int(text)


def progress(text: str) -> None:
    """Say on standard error how far it is."""
    print(text, file=sys.stderr, flush=True)


def _cells(figure: Figure) -> tuple[str, ...]:
    beside, target = figure.beside, figure.target
    wanted = ""
    if target is not None:
        sign = "≤" if target.better == "lower" else "≥"
        wanted = f"{sign} {number(target.limit)}" + ("×" if target.of == "ratio" else f" {figure.unit}")
    result = {True: "met", False: "MISSED", None: "not judged" if target else ""}[figure.met]
    return (
        f"  {figure.name}",
        f"{number(figure.value)} {figure.unit}",
        f"{beside.name}: {number(beside.value)}" if beside else "",
        "" if figure.ratio is None else f"{number(figure.ratio)}×",
        wanted,
        result,
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if at in (1, 3) else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _memory_gb() -> float | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, OSError, ValueError):
        return None
