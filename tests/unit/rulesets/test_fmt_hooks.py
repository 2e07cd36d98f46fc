"""The hooks of pre-commit and the workflow call commands and options that exist."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
from typing import Any

import pytest
import typer
import yaml
from typer.main import get_command

from resistab import cli as commands
from resistab.curation.file_kinds import files_at
from resistab.rulesets.find import data_folder
from tests.paths import ROOT

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/rules.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = WORKFLOW["jobs"]["rules"]["steps"]
CALLED = [f"{hook['entry']} {' '.join(hook.get('args', []))}" for hook in HOOKS]
CALLED += [
    line.split(" > ")[0].strip()
    for step in STEPS
    for line in step.get("run", "").splitlines()
    if line.strip().startswith("resistab ")
]


@pytest.mark.parametrize("line", sorted(set(CALLED)))
def test_a_command_that_is_called_exists_and_has_the_options(line: str) -> None:
    _, name, *words = shlex.split(line)
    assert name in {module.name for module in pkgutil.iter_modules(commands.__path__)}
    app = typer.Typer()
    importlib.import_module(f"resistab.cli.{name}").register(app)
    known = {option for parameter in get_command(app).params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_there_are_hooks_for_format_faults_and_cases() -> None:
    assert [hook["entry"] for hook in HOOKS] == ["resistab fmt", "resistab check", "resistab test"]


def test_the_workflow_checks_tests_formats_and_compares() -> None:
    assert [line.split()[1] for line in CALLED[len(HOOKS) :]] == ["check", "test", "fmt", "diff"]
    # What a pull request brings along is data here: none of it is put into a script.
    assert not any(re.search(r"\$\{\{\s*github\.event", step.get("run", "")) for step in STEPS)


def test_the_hook_is_given_the_files_of_rule_sets_alone() -> None:
    (fmt,) = (hook for hook in HOOKS if hook["id"] == "resistab-fmt")
    folder = data_folder("rulebase")
    known = {file.path for file in files_at(folder)}
    given = {path for path in folder.rglob("*.yaml") if re.match(fmt["files"], f"rulebase/{path.relative_to(folder)}")}
    assert given == known
