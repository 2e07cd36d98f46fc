"""A folder of reports: a page and a JSON file for each sample, named by the sample."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from resistab.files.output import OutputError, write_whole
from resistab.report.model import PatientReport
from resistab.report.set_aside import SampleSetAside, json_line

_LONGEST_NAME = 100
_Report = TypeVar("_Report", bound=PatientReport)


def file_stem(sample: str) -> str:
    """A sample's name as the name of a file: letters, digits, dots and hyphens; never hidden, never a path."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", sample)
    return plain.lstrip(".")[:_LONGEST_NAME] or "_"


def report_files(folder: Path, samples: Sequence[str]) -> Iterator[Path]:
    """The files that ``write_reports`` makes for these samples."""
    for sample in samples:
        for ending in ("html", "json"):
            yield folder / f"{file_stem(sample)}.{ending}"


def write_reports(
    folder: Path,
    reports: Iterable[_Report],
    samples: Sequence[str],
    html: Callable[[_Report], str],
    aside: Sequence[SampleSetAside] = (),
) -> Iterator[_Report]:
    """Write each report as it passes by, and pass it on; ``samples`` are the names of all, ``html`` makes a page.

    A sample that was set aside has a JSON file that says why, and no page.
    Raises ``OutputError`` before anything is written where two samples would share a file, or no folder can be made.
    """
    stems: dict[str, str] = {}
    for sample in (*samples, *(item.sample for item in aside)):
        stem = file_stem(sample).casefold()
        if stem in stems:
            raise OutputError(f"{folder}: the samples '{stems[stem]}' and '{sample}' would share the file {stem}.html")
        stems[stem] = sample
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror}") from error
    return _written(folder, reports, html, aside)


def _written(
    folder: Path, reports: Iterable[_Report], html: Callable[[_Report], str], aside: Sequence[SampleSetAside]
) -> Iterator[_Report]:
    for item in aside:
        write_whole(folder / f"{file_stem(item.sample)}.json", json_line(item))
    for report in reports:
        stem = file_stem(report.sample.id)
        write_whole(folder / f"{stem}.html", html(report))
        write_whole(folder / f"{stem}.json", report.to_json() + "\n")
        yield report
