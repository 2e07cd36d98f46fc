"""Who follows docs/tutorial/first_report.md word by word has, from nothing, a report of a file of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.extras import pdf_lacks, require_pdf
from tests.paths import ROOT

TEXT = (ROOT / "docs" / "tutorial" / "first_report.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|yaml|console)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
(FILE,) = set(re.findall(r"into a file `([^`]+)`", TEXT))
WRONG, RIGHT = re.findall(r"write `([^`]+)` in the place of `([^`]+)`", TEXT)[0]
# The shell is one for all commands, as a reader's is; after each it says what ended it.
DONE = "<<done"


class Reader:
    """A shell in a copy of the repository, without a network: what is downloaded is that of this environment."""

    def __init__(self, folder: Path) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
        env |= {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "TERM": "dumb"}
        env |= {"PIP_NO_BUILD_ISOLATION": "0", "RESISTAB_CACHE": str(folder.parent / "cache")}
        self.folder = folder
        self.shell = subprocess.Popen(
            ["sh"], cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8",
        )  # fmt: skip

    def run(self, command: str) -> tuple[int, str]:
        """The exit code of one command, and what it printed."""
        assert self.shell.stdin is not None and self.shell.stdout is not None
        self.shell.stdin.write(f"{command} </dev/null\necho '{DONE}' $?\n")
        self.shell.stdin.flush()
        said = ""
        for line in self.shell.stdout:
            before, mark, code = line.rpartition(DONE)
            if mark:
                return int(code), said + before
            said += line
        raise AssertionError(f"the shell ended with: {said}")

    def close(self) -> None:
        self.shell.communicate()


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The folder of a reader who did all that the page says, and what each command printed."""
    folder = tmp_path_factory.mktemp("reader") / "resistab"
    for name in ("engine", "rulebase", "reports/templates", "reports/translations"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    reader = Reader(folder)
    said: dict[str, str] = {}
    for kind, block in BLOCKS:
        if kind == "yaml":
            (folder / FILE).write_text(block, encoding="utf-8")
        elif kind == "console":
            patient = (folder / FILE).read_text(encoding="utf-8")
            assert patient.count(RIGHT) == 1
            (folder / FILE).write_text(patient.replace(RIGHT, WRONG), encoding="utf-8")
            asked, _, shown = block.partition("\n")
            assert reader.run(asked.removeprefix("$ ")) == (3, shown)
        elif "--pdf" not in block or not pdf_lacks():
            for command in block.splitlines():
                code, said[command] = reader.run(command)
                assert code == 0, f"{command}\n{said[command]}"
                if " -m venv " in command:
                    with_dependencies(folder / command.split()[-1])
    yield folder, said
    reader.close()


def with_dependencies(environment: Path) -> None:
    """Let an environment find what this one has, but not what a .pth file leads to, such as this checkout."""
    (packages,) = environment.glob("lib/python*/site-packages")
    found = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    (packages / "dependencies.pth").write_text("\n".join(sorted(found)) + "\n")


Followed = tuple[Path, dict[str, str]]


def test_the_program_that_was_installed_is_used(followed: Followed) -> None:
    _, said = followed
    assert "rule set oncology" in said["resistab version"]


def test_the_summary_says_what_the_page_says(followed: Followed) -> None:
    _, said = followed
    (summary,) = (text for command, text in said.items() if command == f"resistab evaluate {FILE}")
    lines = {words[0]: line for line in summary.splitlines() if (words := line.split())}
    assert "Resistant" in lines["gefitinib"]
    assert "Sensitive" in re.search(r"^ *osimertinib +[^+\n]*$", summary, re.MULTILINE)[0]  # type: ignore[index]
    assert re.search(r"Not assessable.*crizotinib", summary, re.DOTALL)


def test_the_report_was_written(followed: Followed) -> None:
    folder, _ = followed
    assert "gefitinib" in (folder / "report.html").read_text(encoding="utf-8")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    verdicts = {verdict["drug"]: verdict["verdict"] for verdict in report["verdicts"]}
    shown = {"gefitinib": "resistant", "osimertinib": "sensitive", "crizotinib": "not_assessable"}
    assert {drug: verdicts[drug] for drug in shown} == shown


def test_the_pdf_was_written(followed: Followed) -> None:
    require_pdf()
    assert (followed[0] / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_explanation_has_a_row_and_its_evidence(followed: Followed) -> None:
    _, said = followed
    tree = said[f"resistab explain gefitinib {FILE}"]
    assert re.search(r"Row GEF-\d+", tree) and "PMID" in tree and "Decided by the policy's rule" in tree
