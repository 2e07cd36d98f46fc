"""A curator who follows docs/from_measurements_to_a_row.md word by word gets from a table to an accepted row."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.running import RESISTAB

pytest.importorskip("sklearn", reason="learning needs scikit-learn, which is not installed")

PAGE = (ROOT / "docs" / "from_measurements_to_a_row.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|yaml)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
(CASES,) = re.findall(r"Put this into `([^`]+)`", PAGE)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command of the page printed, run one after another in a clone."""
    folder = tmp_path_factory.mktemp("clone") / "resistab"
    folder.mkdir()
    for name in ("rulebase", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    run("git init --quiet --initial-branch main && git add . && git commit --quiet -m rules", folder)
    found = {}
    for kind, block in BLOCKS:
        if kind == "yaml":
            (folder / CASES).write_text(block, encoding="utf-8")
            continue
        for command in block.replace("\\\n", " ").splitlines():
            words = " ".join(command.split())
            found[words] = found.get(words, "") + run(words, folder)
    return found


def run(command: str, folder: Path) -> str:
    shim = folder.parent / "bin"
    if not shim.is_dir():
        shim.mkdir()
        (shim / "resistab").write_text(f'#!/bin/sh\nexec {shlex.join(RESISTAB)} "$@"\n')
        (shim / "resistab").chmod(0o755)
    who = {f"GIT_{role}_{what}": "curator" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = os.environ | who | {"PATH": f"{shim}{os.pathsep}{os.environ['PATH']}", "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["sh", "-e", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def of(said: dict[str, str], start: str) -> str:
    (found,) = (text for command, text in said.items() if command.startswith(start))
    return " ".join(found.split())


def test_the_rules_are_held_against_the_table(said: dict[str, str]) -> None:
    assert "177E" in next(text for command, text in said.items() if command.endswith("--rulebase rulebase"))


def test_the_truth_that_was_put_in_is_proposed(said: dict[str, str]) -> None:
    text = of(said, "resistab learn")
    assert "2 changes of the expert table proposed" in text
    assert "+ EFV 177E" in text and "- EFV-108 108I" in text and "283I" not in text


def test_drafts_change_no_verdict(said: dict[str, str]) -> None:
    assert "no verdict can change" in of(said, "resistab diff")


def test_the_rules_are_sound_and_their_cases_hold(said: dict[str, str]) -> None:
    assert "0 errors" in of(said, "resistab check")
    assert "0 cases failed" in of(said, "resistab test")


def test_the_row_is_told_where_changes_are(said: dict[str, str]) -> None:
    assert "EFV-177" in of(said, "resistab changelog")


def test_the_rules_are_better_than_before(said: dict[str, str]) -> None:
    text = next(text for command, text in said.items() if "--against-rulebase" in command)
    assert "beyond chance" in text
