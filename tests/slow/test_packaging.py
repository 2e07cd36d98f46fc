"""The built wheel works by itself, in an environment that knows nothing of the checkout.

Builds the sdist and, from that, the wheel. Needs no network and compiles nothing, since the dependencies
are those of the running environment.
"""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from resistab.domains.oncology.kinds import FILE_KINDS
from resistab.rulesets.digest import ruleset_digest
from resistab.rulesets.kinds import rule_files
from tests.paths import ROOT


def project_files() -> Iterator[Path]:
    """The files that are, or are about to be, under version control; without git, all that are not generated."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        names = [name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        generated = {".venv", ".venvs", ".git", "build", "dist", "demo", "__pycache__", ".hypothesis"}
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [path.as_posix() for path in paths if generated.isdisjoint(path.parts)]
    return (ROOT / name for name in names if (ROOT / name).is_file())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist, and the wheel that was built from it."""
    copy = tmp_path_factory.mktemp("source")
    for path in project_files():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(copy)], copy)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment with the wheel in it, and nothing else of resistab."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False, symlinks=True)
    python = environment / "bin" / "python"
    install = ["-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    run([sys.executable, *install], environment)
    (packages,) = environment.glob("lib/python*/site-packages")
    # Of a folder that a .pth file names, no .pth file is read: the editable installation stays unknown.
    dependencies = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    (packages / "dependencies.pth").write_text("\n".join(sorted(dependencies)) + "\n")
    return environment / "bin"


def run(command: list[str], folder: Path) -> str:
    """Standard output of ``command``, run in ``folder`` with nothing on Python's path but its own."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env["RESISTAB_CACHE"] = str(folder / "cache")
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_carries_the_rulebase_and_the_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = rule_files(ROOT / "rulebase" / "oncology", FILE_KINDS)
    templates = [path for path in (ROOT / "reports" / "templates").iterdir() if path.suffix in (".j2", ".css")]
    assert len(rules) > 20 and templates
    assert {f"resistab/_data/rulebase/oncology/{name}" for name in rules} <= names
    assert {f"resistab/_data/templates/{path.name}" for path in templates} <= names
    assert {"resistab/_data/translations/resistab.pot", "resistab/_data/translations/de.po"} <= names


def test_the_wheel_says_that_the_package_is_typed(wheel: Path) -> None:
    assert "resistab/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_carries_its_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    licences = {name.partition(".dist-info/licenses/")[2] for name in names}
    assert {"LICENSE", "rulebase/LICENSE", "rulebase/NOTICE"} <= licences


def test_the_wheel_holds_no_tests_and_nothing_generated(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"resistab"}
    assert [name for name in names if "__pycache__" in name or "cache/" in name or name.endswith(".pyc")] == []
    assert [name for name in names if "/tests/" in name or "test_" in name] == []


def test_the_source_distribution_holds_what_its_own_tests_need(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", ".ci/run", "tests/slow/test_packaging.py", "examples/cohort.json", "rulebase/NOTICE"} <= names
    assert {"docs/index.md", "docs/tutorial/first_report.md", "mkdocs.yml", "SECURITY.md", "CITATION.cff"} <= names
    assert {"packaging/docker/Dockerfile", ".dockerignore", "packaging/conda/resistab/meta.yaml"} <= names


def test_the_wheel_says_what_an_index_shows(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    said = message_from_bytes(archive.read(name))
    assert said["Description-Content-Type"] == "text/markdown"
    assert str(said.get_payload()).lstrip().startswith("# resistab\n")
    assert (said["License-Expression"], said["Requires-Python"]) == ("Apache-2.0 AND CC-BY-4.0", "<3.14,>=3.11")
    versions = {line.rpartition(" ")[2] for line in said.get_all("Classifier", []) if ":: Python :: 3." in line}
    assert versions == {"3.11", "3.12", "3.13"}
    extras = set(said.get_all("Provides-Extra", []))
    assert {"cluster", "dev", "docs", "learn", "serve", "validate", "verify"} <= extras


def test_the_installed_package_is_the_wheels(installed: Path, tmp_path: Path) -> None:
    found = run([str(installed / "python"), "-c", "import resistab; print(resistab.__file__)"], tmp_path)
    assert Path(found.strip()).is_relative_to(installed.parent)
    assert not Path(found.strip()).is_relative_to(ROOT)


def test_the_installed_command_has_the_rules_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    said = run([str(installed / "resistab"), "version"], tmp_path)
    assert ruleset_digest(ROOT / "rulebase" / "oncology", FILE_KINDS) in said


def test_the_installed_command_writes_a_report_elsewhere(installed: Path, tmp_path: Path) -> None:
    patient = tmp_path / "patient.yaml"
    patient.write_text("sample: s\ntumour_type: MEL\nfindings: [BRAF V600E, NRAS Q61K]\n")
    command = [str(installed / "resistab"), "evaluate", str(patient), "--html", "report.html", "--json", "report.json"]
    run(command, tmp_path)
    assert "vemurafenib" in (tmp_path / "report.html").read_text(encoding="utf-8")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    verdicts = {verdict["drug"]: verdict["verdict"] for verdict in report["verdicts"]}
    assert verdicts["vemurafenib"] == "resistant"
