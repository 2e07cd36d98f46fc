"""The recipes of ``packaging/`` are well-formed and say what the project says: versions, dependencies, files.

What needs Docker, conda, Nextflow or Snakemake is not run here; see ``packaging/docker/smoke.sh`` and the recipes' own
tests.
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import resistab
from tests.paths import ROOT

PACKAGING = ROOT / "packaging"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MODULE = PACKAGING / "nf-core" / "modules" / "local" / "resistab" / "evaluate"
DOCKERFILE = (PACKAGING / "docker" / "Dockerfile").read_text(encoding="utf-8")
YAML = sorted(path for path in PACKAGING.rglob("*") if path.suffix in (".yaml", ".yml"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def normal(requirement: str) -> tuple[str, str]:
    """The name of a requirement and its bounds in order, however they are spaced."""
    name, bounds = re.fullmatch(r"([\w.-]+)\s*(.*)", requirement).groups()  # type: ignore[union-attr]
    return name.lower(), ",".join(sorted(bounds.replace(" ", "").split(",")))


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile in order, each with its arguments on one line."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return [(line.split()[0], line.partition(" ")[2]) for line in joined.splitlines() if line.strip()]


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for instruction in instructions(DOCKERFILE):
        if instruction[0] == "FROM":
            found.append([])
        found[-1].append(instruction)
    return found


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.relative_to(PACKAGING).as_posix())
def test_each_file_is_yaml(path: Path) -> None:
    assert isinstance(read(path), dict)


def test_conda_asks_for_what_the_project_asks_for() -> None:
    recipe = read(PACKAGING / "conda" / "resistab" / "meta.yaml")
    wanted = {normal(item) for item in PROJECT["dependencies"]} | {
        ("python", normal("python " + PROJECT["requires-python"])[1])
    }
    assert {normal(item) for item in recipe["requirements"]["run"]} == wanted
    assert recipe["build"]["entry_points"] == [f"{name} = {place}" for name, place in PROJECT["scripts"].items()]


def test_conda_builds_this_checkout_in_its_version() -> None:
    folder = PACKAGING / "conda" / "resistab"
    recipe = read(folder / "meta.yaml")
    assert recipe["package"] == {"name": PROJECT["name"], "version": resistab.__version__}
    assert (folder / recipe["source"]["path"]).resolve() == ROOT
    assert recipe["about"]["license"] == PROJECT["license"]
    assert recipe["about"]["license_file"] == PROJECT["license-files"]


def test_durable_rules_is_the_version_that_is_asked_for() -> None:
    folder = PACKAGING / "conda" / "durable-rules"
    recipe = read(folder / "meta.yaml")
    assert f"durable-rules=={recipe['package']['version']}" in PROJECT["dependencies"]
    assert recipe["requirements"]["build"] == ["{{ compiler('c') }}"]
    fetched = (folder / "fetch.sh").read_text(encoding="utf-8")
    assert (
        f"durable-rules=={recipe['package']['version']}" in fetched and f"name={recipe['source']['path']}\n" in fetched
    )


def test_every_recipe_names_the_version_of_the_program() -> None:
    version = resistab.__version__
    assert read(MODULE / "environment.yml")["dependencies"] == [f"resistab={version}"]
    assert read(PACKAGING / "snakemake" / "environment.yaml")["dependencies"] == [f"resistab ={version}"]
    assert f'container "resistab:{version}"' in (MODULE / "main.nf").read_text(encoding="utf-8")
    assert read(ROOT / "CITATION.cff")["version"] == version
    assert f"resistab-{version}-py3" in (ROOT / "docs" / "how-to" / "install.md").read_text(encoding="utf-8")


def test_the_citation_has_what_its_format_requires() -> None:
    citation = read(ROOT / "CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0" and citation["type"] == "software"
    assert all({"name"} == set(author) for author in citation["authors"])
    assert citation["license"] == PROJECT["license"].split(" AND ")
    assert citation["keywords"] == PROJECT["keywords"]


def test_the_compiler_is_in_the_build_stage_alone() -> None:
    build, last = stages()
    assert build[0] == ("FROM", "python:3.12-slim AS build") and last[0] == ("FROM", "python:3.12-slim")
    assert any("gcc" in said for _, said in build)
    assert not any(word in said for _, said in last for word in ("apt-get", "gcc", "[dev]", "COPY --from"))


def test_the_container_is_nobody_special() -> None:
    _, last = stages()
    said = dict(last)
    assert [name for name, _ in last].count("USER") == 1 and re.fullmatch(r"[1-9]\d*:[1-9]\d*", said["USER"])
    assert said["ENTRYPOINT"] == '["resistab"]'
    of_user = [name for name, _ in last].index("USER")
    assert "RUN" not in [name for name, _ in last][of_user:]


def test_the_pages_name_files_of_recipes_that_exist() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *YAML, MODULE / "main.nf"]
    pages += [PACKAGING / "docker" / name for name in ("Dockerfile", "smoke.sh")]
    named = {
        found for page in pages for found in re.findall(r"packaging/[\w./-]+\w/?", page.read_text(encoding="utf-8"))
    }
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_page_on_installing_has_every_extra() -> None:
    text = (ROOT / "docs" / "how-to" / "install.md").read_text(encoding="utf-8")
    table = text.split("| extra | for |\n|---|---|\n")[1].split("\n\n")[0]
    listed = {name for line in table.splitlines() for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert listed == set(PROJECT["optional-dependencies"])


def test_the_tools_for_documents_are_those_of_dev() -> None:
    extras = PROJECT["optional-dependencies"]
    assert set(extras["docs"]) <= set(extras["dev"])


def test_what_the_container_copies_is_there_and_sent() -> None:
    build, _ = stages()
    sources = [source for name, said in build if name == "COPY" for source in said.split()[:-1]]
    assert {"pyproject.toml", "engine", "rulebase", "reports/templates", "reports/translations"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists()] == []
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert [source for source in sources if not sent(source, rules)] == []
    assert not sent("tests", rules) and not sent(".git", rules) and not sent(".venv", rules)


def sent(name: str, rules: list[str]) -> bool:
    """Whether a file is sent to the engine by the lines of ``.dockerignore``: the last that fits decides."""
    kept = True
    for rule in rules:
        if rule and not rule.startswith("#"):
            pattern = rule.removeprefix("!").removeprefix("**/")
            if any(fnmatch.fnmatchcase(part, pattern) for part in (name, name.split("/")[0])):
                kept = rule.startswith("!")
    return kept


def test_the_module_describes_its_inputs_and_outputs() -> None:
    described = read(MODULE / "meta.yml")
    process = (MODULE / "main.nf").read_text(encoding="utf-8")
    assert described["name"].upper() in process
    assert set(described["output"]) == set(re.findall(r"emit: (\w+)", process))
    assert [name for item in described["input"][0] for name in item] == re.findall(r"(?:val|path)\((\w+)\)", process)[
        :2
    ]


def test_the_wrapper_names_every_output_it_takes() -> None:
    described = read(PACKAGING / "snakemake" / "meta.yaml")
    wrapper = (PACKAGING / "snakemake" / "wrapper.py").read_text(encoding="utf-8")
    names = re.findall(r"\"(\w+)\"", wrapper.split("WRITTEN = ")[1].splitlines()[0])
    assert names and described["output"] == [f"any of these, by name: {', '.join(names)}"]
