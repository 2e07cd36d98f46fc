"""What a command does with names, pipes and outputs that would do harm."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.running import RESISTAB, Run

PATIENT = "sample: {name}\ntumour_type: LUAD\nfindings: [EGFR T790M]\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def patient(name: str = "P1", more: str = "", path: str = "p.yaml") -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(PATIENT.format(name=name) + more)
    return Path(path)


def test_an_output_that_is_an_input_is_refused(run: Run) -> None:
    path = patient()
    done = run("evaluate", str(path), "--json", str(path))
    assert (done.returncode, "--json p.yaml is a file that is read" in done.stderr) == (2, True)
    assert path.read_text() == PATIENT.format(name="P1")


def test_a_report_is_not_written_over_the_patient_it_is_of(run: Run) -> None:
    path = patient("P1", path="P1.json")
    done = run("evaluate", str(path), "--reports", ".")
    assert (done.returncode, "P1.json is a file that is read" in done.stderr) == (2, True)
    assert [entry.name for entry in Path().iterdir()] == ["P1.json"]


def test_two_outputs_of_one_name_are_refused(run: Run) -> None:
    done = run("evaluate", str(patient()), "--json", "same", "--html", "./same")
    assert (done.returncode, "are both to go to the file ./same" in done.stderr) == (2, True)
    assert not Path("same").exists()


@pytest.mark.parametrize("panel", ["/etc/passwd", "../secret", "link"])
def test_a_patients_file_opens_nothing_but_what_lies_beside_it(run: Run, panel: str) -> None:
    Path("secret").write_text("confidential\n")
    Path("sub").mkdir()
    Path("sub/link").symlink_to("../secret")
    done = run("evaluate", str(patient(more=f"panel: {panel}\n", path="sub/p.yaml")))
    assert (done.returncode, "leads out of the folder" in done.stderr) == (3, True)
    assert "confidential" not in done.stderr
    assert "root:" not in done.stderr


def test_a_panel_is_looked_for_beside_the_patients_file(run: Run) -> None:
    Path("genes.txt").write_text("BRAF\n")
    path = patient(more="panel: genes.txt\n", path="sub/p.yaml")
    Path("sub/genes.txt").write_text("KRAS\n")
    done = run("evaluate", str(path), "--json", "-")
    assert {item["locus"].split()[0] for item in json.loads(done.stdout)["assayed"]} == {"KRAS", "EGFR"}


@pytest.mark.parametrize("packed", ["cat", "gzip -c"])
def test_every_sample_of_a_pipe_is_read(packed: str) -> None:
    """More than a pipe holds at once: recognised and read from one reading of it."""
    entries = [
        f"- {{sample: s{number}, tumour_type: NO_SUCH_TYPE, findings: [EGFR T790M]}}{' ' * 600}"
        for number in range(150)
    ]
    Path("list.yaml").write_text("\n".join(entries))
    command = f"{packed} list.yaml | {shlex.join(RESISTAB)} evaluate /dev/stdin --jsonl -"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.count("unknown tumour type") == 150


@pytest.mark.parametrize(
    "content",
    [
        'sample: "a\\e[2Jb"\ntumour_type: LUAD\nfindings: [EGFR T790M]\n',
        'sample: a\ntumour_type: "LUAD\\e]0;x\\a"\nfindings: [EGFR T790M]\n',
        'sample: a\ntumour_type: LUAD\nfindings: ["EGFR \\N{0}\\x9b31m"]\n'.replace("\\N{0}", ""),
        'sample: a\ntumour_type: LUAD\nfindings: ["EGFR \\u202eT790M"]\n',
        'sample: a\ntumour_type: LUAD\n"find\\einga": [EGFR T790M]\n',
        'sample: a\ntumour_type: LUAD\nfindings: [EGFR T790M]\npanel: "x\\ey"\n',
        'sample: a\ntumour_type: LUAD\nfindings: [EGFR T790M]\nprior_therapies: ["x\\u2028y"]\n',
    ],
)
def test_nothing_of_an_input_steers_the_terminal(run: Run, content: str) -> None:
    Path("p.yaml").write_text(content)
    for options in ([], ["--keep-going"], ["--keep-going", "--json", "-"], ["--keep-going", "--table", "-"]):
        done = run("evaluate", "p.yaml", *options)
        said = done.stdout + done.stderr
        assert not [char for char in said if not char.isprintable() and char != "\n"]


@pytest.mark.parametrize("name", [b"\xff\xfe.yaml", b"a\x1b[2J.yaml", b"a\nb.yaml"])
def test_a_file_of_any_name_is_read_and_shown(run: Run, name: bytes) -> None:
    path = os.fsdecode(name)
    Path(path).write_text(PATIENT.format(name="a"))
    assert run("evaluate", path, "--json", "-").returncode == 0
    Path(path).write_text("sample: a\n")
    done = run("evaluate", path)
    assert done.returncode == 3
    assert all(line.isprintable() and line.startswith("error: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize("value", ["0_1", "nan", "inf", "٠.٥"])
def test_an_option_takes_numbers_in_digits_alone(run: Run, value: str) -> None:
    done = run("evaluate", "--tumour", "LUAD", "--finding", "EGFR T790M", "--limit-of-detection", value)
    assert (done.returncode, "is no number" in done.stderr) == (2, True)
