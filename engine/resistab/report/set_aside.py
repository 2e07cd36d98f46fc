"""Samples of a cohort that could not be read and were set aside, as each of the outputs names them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from resistab.core.records import dataclass

VERDICT = "set aside"


@dataclass(frozen=True)
class SampleSetAside:
    """A sample that could not be read, and why, a reason each."""

    sample: str
    reasons: tuple[str, ...]


def json_line(aside: SampleSetAside) -> str:
    """What stands for the sample among reports, with the end of its line; see ``from_json_line``."""
    said = {"set_aside": list(aside.reasons), "sample": {"id": aside.sample}}
    return json.dumps(said, ensure_ascii=False) + "\n"


def from_json_line(line: str) -> SampleSetAside | None:
    """The sample that a line of ``json_line`` names; None where it is a report, or anything else."""
    if not line.startswith('{"set_aside"'):
        return None
    try:
        said = json.loads(line)
        return SampleSetAside(str(said["sample"]["id"]), tuple(map(str, said["set_aside"])))
    except (ValueError, KeyError, TypeError):
        return None


def table_row(aside: SampleSetAside, columns: Sequence[str]) -> tuple[str, ...]:
    """The row of a table of verdicts that names the sample and, where there is a column for it, why."""
    said = {"sample": aside.sample, "verdict": VERDICT, "reason": "; ".join(aside.reasons)}
    return tuple(said.get(column, "") for column in columns)
