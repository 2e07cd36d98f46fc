"""Commands run with the rule set of a virus: what they are given, and what comes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from resistab.cli.exit_codes import ExitCode
from tests.paths import SEQUENCES

POL = "".join((SEQUENCES / "pol.fasta").read_text("ascii").splitlines()[1:])
# Where the codons of each gene begin in POL.
START = {"PR": 0, "RT": 297, "IN": 1977}
CASE = ("--ruleset", "hiv1", "--mutations", "RT:M184V,PR:L90M")


class Done(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


def evaluate(run: Run, *arguments: str) -> Done:
    return run("evaluate", "--ruleset", "hiv1", *arguments)


def file(name: str, text: str | bytes) -> str:
    """Writes a file into the folder of the run."""
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def fasta(name: str, *records: tuple[str, str]) -> str:
    return file(name, "".join(f">{record}\n{sequence}\n" for record, sequence in records))


def changed(**codons: str) -> str:
    """POL with other codons: ``RT184="GTG"``."""
    sequence = POL
    for place, codon in codons.items():
        start = START[place[:2]] + 3 * (int(place[2:]) - 1)
        sequence = sequence[:start] + codon + sequence[start + 3 :]
    return sequence


def report(done: Done) -> dict[str, Any]:
    """The report that was printed, and nothing else was."""
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def verdicts(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {verdict["drug"]: verdict for verdict in found["verdicts"]}


def refused(done: Done) -> list[str]:
    """The faults of a run that made nothing: no report, and no file but those that were there."""
    assert (done.code, done.out) == (ExitCode.INPUT, "")
    lines = done.err.splitlines()
    assert all(line.startswith("error: ") for line in lines)
    assert not list(Path().glob("out*"))
    return [line.removeprefix("error: ") for line in lines]
