"""What README.md, CONTRIBUTING.md and docs/ say is so: commands run, options and fields are the program's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
import yaml

import resistab
from resistab.cli.exit_codes import ExitCode
from resistab.domains.oncology.inputs.findings_table import COLUMNS, RESPONSE_COLUMNS
from resistab.domains.oncology.inputs.patient_file import FindingEntry, PatientEntry, parse_patient_text
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from resistab.domains.oncology.kinds.models import VerdictName
from tests.manual import CONTRIBUTING, MANUAL, PAGES, blocks, code, rows
from tests.paths import ROOT
from tests.running import RESISTAB

COMMANDS = ("evaluate", "explain", "drugs", "version")


# Its commands follow on each other and are run together, in test_contributing.
WALK = CONTRIBUTING[CONTRIBUTING.index("## Add a row") : CONTRIBUTING.index("## Rules for rules")]
SHELL = [block for text in (MANUAL, CONTRIBUTING.replace(WALK, "")) for block in blocks(text, "sh")]
OF_MAKE = [block for block in SHELL if block.startswith("make")]
OF_RESISTAB = [block for block in SHELL if not block.startswith("make")]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "RESISTAB_CACHE": str(folder / "cache"),
    }
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.parametrize("block", OF_RESISTAB, ids=lambda block: block.splitlines()[0][:60])
def test_the_commands_run(block: str, folder: Path) -> None:
    assert block.startswith("resistab ")
    done = run(["sh", "-e", "-c", block], folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for name in re.findall(r"--(?:html|json|jsonl) ([^-\s]\S*)", block):
        assert (folder / name).stat().st_size > 0


def test_the_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = {line.split()[1] for block in OF_MAKE for line in block.splitlines()}
    asked |= set(re.findall(r"(?:`|^)make ([a-z-]+)", MANUAL + CONTRIBUTING, re.MULTILINE))
    assert {"demo", "test"} <= asked <= targets


def test_the_library_example_runs(tmp_path: Path) -> None:
    said = []
    for example in blocks(PAGES["how-to/library.md"], "python"):
        done = run([sys.executable, "-c", example], tmp_path)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    of_tumour, of_virus = said
    assert of_tumour.startswith("resistant ")
    assert of_virus == "60.0\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_are_those_of_the_help(command: str, tmp_path: Path) -> None:
    said = run([*RESISTAB, command, "--help"], tmp_path).stdout
    offered = {name for line in re.findall(r"^  (-.*?)(?:  | <|$)", said, re.MULTILINE) for name in line.split(", ")}
    documented = {
        name
        for options, commands, _ in rows("reference/options.md")
        if commands == "all" or command in commands.split(", ")
        for name in code(options)
    }
    assert documented == offered


def test_the_exit_codes_are_the_programs() -> None:
    *codes, of_signals = (code for code, _ in rows("reference/options.md", "## Exit codes"))
    assert [int(code) for code in codes] == [code.value for code in ExitCode]
    assert of_signals == "128 + n"


def test_the_verdicts_are_the_programs() -> None:
    assert {code(name)[0] for _, name, _ in rows("explanation/verdicts.md")} == set(get_args(VerdictName))


def test_the_patient_file_is_read_and_shows_every_field() -> None:
    (example,) = blocks(PAGES["reference/patient_file.md"], "yaml")
    interpreter = resistab.load()
    (given,) = parse_patient_text(example, "patient_file.md")
    assert interpreter.assemble(given).sample == "lung-plasma"
    shown = yaml.safe_load(example)
    assert set(shown) == set(PatientEntry.model_fields)
    of_findings = {name for finding in shown["findings"] if isinstance(finding, dict) for name in finding}
    assert of_findings == {field.alias or name for name, field in FindingEntry.model_fields.items()}


def test_every_alteration_in_the_table_is_understood() -> None:
    written = [text for _, cell in rows("reference/alterations.md") for text in code(cell) if "…" not in text]
    assert len(written) > 25
    interpreter = resistab.load()
    for text in [*written, "EGFR T790M at 5%", "HER2 amplification"]:
        genotype = interpreter.genotype(tumour="LUAD", findings=[text])
        assert genotype.findings or genotype.assayed


def test_the_number_of_drugs_is_right() -> None:
    assert f"{len(resistab.load().rulebase.tables)} cancer drugs" in PAGES["explanation/limits.md"]
    assert f"{len(resistab.load('hiv1').rulebase.tables)} antiretroviral drugs" in PAGES["explanation/limits.md"]


def test_the_number_of_cases_is_right() -> None:
    files = (ROOT / "rulebase").glob("*/cases/*.yaml")
    cases = sum(len(yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]) for path in files)
    assert f"{cases} patients beside the tables" in PAGES["how-to/curate.md"]


PATIENT_FILES = sorted(
    path
    for path in (ROOT / "examples").iterdir()
    if not path.name.startswith(("hiv", "lung_therapies", "lung_outcomes", "germline"))
)


@pytest.mark.parametrize("path", PATIENT_FILES, ids=lambda path: path.name)
def test_the_examples_are_understood(path: Path) -> None:
    interpreter = resistab.load()
    samples = read_samples(path, interpreter.rulebase)
    assert samples
    for given in samples:
        whole = given if given.tumour_type else with_defaults(given, SampleDefaults(tumour="LUAD"))
        assert interpreter.assemble(whole).not_understood == ()


def test_the_columns_of_a_table_of_findings_are_the_programs() -> None:
    documented = {code(name)[0]: said for name, said in rows("reference/files.md", "## A table of findings")}
    assert documented == COLUMNS | RESPONSE_COLUMNS


def test_the_table_of_findings_that_is_shown_is_read(tmp_path: Path) -> None:
    (shown,) = blocks(PAGES["reference/files.md"], "csv")
    (tmp_path / "shown.csv").write_text(shown, encoding="utf-8")
    (given,) = read_samples(tmp_path / "shown.csv", resistab.load().rulebase)
    assert (given.sample, len(given.findings)) == ("breast-1", 2)


def test_the_panels_that_are_named_are_those_shipped() -> None:
    text = PAGES["reference/files.md"]
    named = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", text[text.index("**What was assayed.**") :][:900]))
    assert named == {panel.panel for panel in resistab.load().rulebase.panels}
