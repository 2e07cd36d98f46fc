"""The recipes of ``packaging/`` as far as they run without Docker, conda, Nextflow and Snakemake: their commands."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest
import yaml

from tests.paths import EXAMPLES, ROOT
from tests.running import RESISTAB

PACKAGING = ROOT / "packaging"
MODULE = PACKAGING / "nf-core" / "modules" / "local" / "resistab" / "evaluate"


@pytest.fixture
def path(tmp_path: Path) -> str:
    """What PATH is where ``resistab`` is a command."""
    shim = tmp_path / "bin"
    shim.mkdir()
    program(shim / "resistab", f'exec {shlex.join(RESISTAB)} "$@"')
    return f"{shim}{os.pathsep}{os.environ['PATH']}"


def program(place: Path, text: str) -> None:
    place.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    place.chmod(0o755)


def shell(command: list[str], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=os.environ | env, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def script(part: str, values: dict[str, str]) -> str:
    """What Nextflow would give to bash of a part of the process: values put in, backslashes resolved."""
    text = (MODULE / "main.nf").read_text(encoding="utf-8")
    block = text.split(f"    {part}:\n")[1].split('"""')[1]
    put = re.sub(r"(?<!\\)\$(?:\{([\w.]+)\}|(\w+))", lambda found: values[found[1] or found[2]], block)
    # Of a block of several lines Nextflow takes away what all are indented by.
    return re.sub(r"^    ", "", re.sub(r"\\([\\$])", r"\1", put), flags=re.MULTILINE)


def values(prefix: str, genotype: str, tumour: str = "") -> dict[str, str]:
    put = {"args": "", "tumour": tumour, "prefix": prefix, "genotype": genotype}
    return put | {"task.process": "RESISTAB_EVALUATE"}


def test_the_module_for_nextflow_makes_a_report(path: str, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "lung_tumour.vcf", tmp_path)
    asked = script("script", values("patient 1", "lung_tumour.vcf", "--tumour 'LUAD'"))
    done = shell(["bash", "-ue", "-c", asked], tmp_path, PATH=path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "patient 1.resistab.json").read_text(encoding="utf-8"))["verdicts"]
    assert (tmp_path / "patient 1.resistab.html").is_file()
    versions = yaml.safe_load((tmp_path / "versions.yml").read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", versions["RESISTAB_EVALUATE"]["resistab"])


def test_the_stub_for_nextflow_names_every_output(path: str, tmp_path: Path) -> None:
    done = shell(["bash", "-ue", "-c", script("stub", values("stub", ""))], tmp_path, PATH=path)
    assert done.returncode == 0, done.stderr
    assert {"stub.resistab.json", "stub.resistab.html", "versions.yml"} <= {item.name for item in tmp_path.iterdir()}


class Named(dict[str, str]):
    """As Snakemake gives outputs and parameters: by name."""


class Asked(types.SimpleNamespace):
    """As Snakemake gives a wrapper what its rule says."""

    def log_fmt_shell(self, stdout: bool, stderr: bool) -> str:
        return "> log 2>&1"


def wrapped(monkeypatch: pytest.MonkeyPatch, **rule: object) -> list[str]:
    """The commands that the wrapper gives to Snakemake's shell."""
    commands: list[str] = []
    stand_in = types.ModuleType("snakemake.shell")

    def take(text: str) -> None:
        # Names in braces are those of the caller, as Snakemake has it.
        commands.append(text.format(**sys._getframe(1).f_globals))

    stand_in.shell = take  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "snakemake", types.ModuleType("snakemake"))
    monkeypatch.setitem(sys.modules, "snakemake.shell", stand_in)
    runpy.run_path(str(PACKAGING / "snakemake" / "wrapper.py"), {"snakemake": Asked(**rule)})
    return commands


def test_the_wrapper_for_snakemake_makes_a_report(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = Named(json=str(tmp_path / "a b.json"), html="report.html")
    params = Named(tumour="LUAD", extra="--panel foundationone-cdx")
    (command,) = wrapped(monkeypatch, input=[EXAMPLES / "lung_tumour.vcf"], output=outputs, params=params)
    done = shell(["bash", "-ue", "-c", command], tmp_path, PATH=path)
    assert done.returncode == 0, (tmp_path / "log").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "a b.json").read_text(encoding="utf-8"))["verdicts"]
    assert (tmp_path / "report.html").is_file()


@pytest.mark.parametrize("outputs", [{}, {"pdf": "a.pdf"}], ids=["none", "unknown"])
def test_the_wrapper_refuses_other_outputs(outputs: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="each one of json, jsonl, html, table"):
        wrapped(monkeypatch, input=["a.yaml"], output=Named(outputs), params=Named())


def test_the_rules_for_snakemake_name_files_that_exist() -> None:
    rules = (PACKAGING / "snakemake" / "test" / "Snakefile").read_text(encoding="utf-8")
    (examples,) = re.findall(r'^EXAMPLES = "(.*)"', rules, re.MULTILINE)
    assert (PACKAGING / "snakemake" / "test" / examples).resolve() == EXAMPLES
    assert (EXAMPLES / "lung_tumour.vcf").is_file() and (EXAMPLES / "cohort.json").is_file()


# Stands for an engine: what is to run in the container runs here, a user and a lack of programs are made up.
ENGINE = """
case "$1" in build) exit 0 ;; esac
case "$*" in
    *"id -u"*) echo "${SMOKE_USER:-10001}" ;;
    *"command -v gcc"*) [ -n "${SMOKE_GCC:-}" ] ;;
    *"command -v"*) exit 1 ;;
    *) while [ "$1" != resistab:smoke ]; do shift; done
       shift
       cd examples && exec resistab "$@" ;;
esac
"""


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, None), ({"SMOKE_USER": "0"}, "it runs as root"), ({"SMOKE_GCC": "yes"}, "it has gcc")],
    ids=["sound", "root", "compiler"],
)
def test_the_smoke_test_tells_good_from_bad(
    settings: dict[str, str], said: str | None, path: str, tmp_path: Path
) -> None:
    program(tmp_path / "bin" / "engine", ENGINE)
    done = shell(["sh", str(PACKAGING / "docker" / "smoke.sh")], tmp_path, PATH=path, ENGINE="engine", **settings)
    assert (done.returncode, done.stderr) == ((0, "") if said is None else (1, f"error: {said}\n"))


def test_a_wheel_comes_of_what_the_container_copies(tmp_path: Path) -> None:
    """The first stage without its network: what it copies, and nothing else, is enough to build the wheel."""
    text = re.sub(r"\\\n\s*", " ", (PACKAGING / "docker" / "Dockerfile").read_text(encoding="utf-8"))
    source = tmp_path / "source"
    for words in (line.split()[1:] for line in text.splitlines() if line.startswith("COPY")):
        for name in words[:-1]:
            place = source / (words[-1] if (ROOT / name).is_dir() else name)
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, place)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    done = shell([*command, "--wheel-dir", str(tmp_path / "wheels"), "."], source)
    assert done.returncode == 0, done.stderr
    assert [item.suffix for item in (tmp_path / "wheels").iterdir()] == [".whl"]
