"""A curator who follows CONTRIBUTING.md word by word gets a row, checked, tested and shown, on a branch."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.running import RESISTAB

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WALK = TEXT[TEXT.index("## Add a row") : TEXT.index("## Rules for rules")]
BLOCKS = [(kind, block) for kind, block in re.findall(r"^```(sh|yaml)\n(.*?)^```", WALK, re.MULTILINE | re.DOTALL)]
TABLES = "rulebase/oncology"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the rules and the examples, as a curator has cloned it."""
    for name in ("rulebase", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    run("git init --quiet --initial-branch main && git add . && git commit --quiet -m rules", tmp_path)
    return tmp_path


def run(command: str, folder: Path) -> str:
    shim = folder.parent / f"{folder.name}-bin"
    if not shim.is_dir():
        shim.mkdir()
        start = f'#!/bin/sh\nexec {shlex.join(RESISTAB)} "$@"\n'
        (shim / "resistab").write_text(start)
        (shim / "resistab").chmod(0o755)
    who = {f"GIT_{role}_{what}": "curator" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = os.environ | who | {"PATH": f"{shim}{os.pathsep}{os.environ['PATH']}", "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["sh", "-e", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def fill_in(path: Path, start: str, block: str) -> None:
    """Put a block of the text in the place of the scaffold that begins with ``start`` and ends the file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(start) == 1
    path.write_text(text[: text.index(start)] + textwrap.indent(block, "  "), encoding="utf-8")


def test_every_command_of_the_walk_through_works(clone: Path) -> None:
    said: dict[str, str] = {}
    row, _ = (block for kind, block in BLOCKS if kind == "yaml")
    for kind, block in BLOCKS:
        if kind == "sh":
            if not block.startswith("make"):
                said |= {line: run(line, clone) for line in block.splitlines()}
        elif block == row:
            fill_in(clone / TABLES / "tables" / "egfr-antibody" / "cetuximab.yaml", "  - id: CET-054", row)
        else:
            fill_in(clone / TABLES / "cases" / "egfr_antibodies.yaml", "  - case:\n", block)
    assert "0 errors, 0 warnings" in said["resistab check rulebase"]
    assert "CET-054" in said["resistab diff HEAD~1 HEAD --format markdown"]
    assert "CET-054" in said["resistab changelog HEAD~1 HEAD"]
    run("resistab check --strict rulebase && resistab fmt --check rulebase", clone)
