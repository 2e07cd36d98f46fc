"""Several outputs of one ``evaluate``: each is what it is alone, and every patient is interpreted once."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab.core.domain import Interpreter
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter
from resistab.domains.virus.interpreter import ViralInterpreter
from tests.running import Run

TUMOURS = "".join(f"P-{number}\tLUAD\tEGFR L858R\n" for number in range(3))
COHORTS = {
    "tumours": (
        TumourInterpreter,
        ("--ruleset", "oncology"),
        ("tumours.tsv", f"sample\ttumour_type\talteration\n{TUMOURS}"),
    ),
    "viruses": (ViralInterpreter, ("--ruleset", "hiv1"), ("viruses.tsv", "a\tRT:M184V\nb\tRT:K103N, PR:none\n")),
    "germline": (GermlineInterpreter, ("--ruleset", "pharmacogenomics"), None),
}
OUTPUTS = (("--jsonl", "--table"), ("--jsonl", "--reports"), ("--jsonl", "--table", "--reports"))


def contents(target: str) -> dict[str, bytes]:
    path = Path(target)
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files}


@pytest.mark.parametrize("outputs", OUTPUTS, ids=" ".join)
@pytest.mark.parametrize("kind", COHORTS)
def test_each_is_as_alone_and_each_patient_is_seen_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, kind: str, outputs: tuple[str, ...]
) -> None:
    interpreter, patients, file = COHORTS[kind]
    if file is None:
        patients = (*patients, "--finding", "DPYD *1/*2A")
    else:
        Path(file[0]).write_text(file[1], encoding="utf-8")
        patients = (*patients, *(("--mutations-file",) if kind == "viruses" else ()), file[0])
    asked = counted(monkeypatch, interpreter)
    together = [part for option in outputs for part in (option, f"both{option}")]
    done = run("evaluate", *patients, "--date", "2026-01-01", *together)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(asked) == len(set(asked))
    for option in outputs:
        assert run("evaluate", *patients, "--date", "2026-01-01", option, f"alone{option}").returncode == 0
        assert contents(f"both{option}") == contents(f"alone{option}")


def counted(monkeypatch: pytest.MonkeyPatch, interpreter: type[Interpreter]) -> list[str]:
    """The samples of which something is concluded, as they come."""
    asked: list[str] = []
    name = "conclude" if hasattr(interpreter, "conclude") else "interpret"
    conclude = getattr(interpreter, name)

    def noted(self: Interpreter, genotype, *more: object, **named: object) -> object:  # type: ignore[no-untyped-def]
        asked.append(genotype.sample)
        return conclude(self, genotype, *more, **named)

    monkeypatch.setattr(interpreter, name, noted)
    return asked


def test_samples_set_aside_stand_behind_the_lines(run: Run) -> None:
    Path("some.tsv").write_text(
        "sample\ttumour_type\talteration\nA\tLUAD\tEGFR L858R\nB\tnowhere\tEGFR L858R\n", "utf-8"
    )
    outputs = ("--jsonl", "both.jsonl", "--table", "both.csv")
    assert run("evaluate", "some.tsv", "--keep-going", *outputs).returncode == 0
    lines = Path("both.jsonl").read_text(encoding="utf-8").splitlines()
    assert ["set_aside" in line for line in lines] == [False, True]
    assert Path("both.csv").read_text(encoding="utf-8").splitlines()[-1].startswith("B,")


def test_no_lines_are_left_where_the_table_cannot_be_written(run: Run) -> None:
    Path("one.tsv").write_text("sample\ttumour_type\talteration\nA\tLUAD\tEGFR L858R\n", "utf-8")
    done = run("evaluate", "one.tsv", "--jsonl", "lines.jsonl", "--table", "nowhere/table.csv")
    assert done.returncode != 0 and "nowhere" in done.stderr
    assert not Path("lines.jsonl").exists() and not list(Path().glob(".*.part"))
