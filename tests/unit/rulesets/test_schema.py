"""``resistab schema``: what editors are told about the files, held against the files and the models."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from resistab.cli import schema as command
from resistab.curation.file_kinds import RulesetFile, files_at, yaml_kinds
from resistab.curation.schemas import DIALECT, schema_files, schema_of
from resistab.domains.registry import packs
from tests.paths import FIXTURES, ROOT
from tests.rulesets import as_json
from tools.editor_settings import FILE, settings_text

FILES = [file for folder in ("small_rulebase", "small_virus") for file in files_at(FIXTURES / folder)]
KINDS = yaml_kinds()
VALIDATORS = {name: Draft202012Validator(schema_of(kind)) for name, kind in KINDS.items()}


def faults(kind: str, data: Any) -> list[str]:
    return [error.message for error in VALIDATORS[kind].iter_errors(as_json(data))]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_valid_schema(kind: str) -> None:
    schema = schema_of(KINDS[kind])
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.path.parts[-3:]))
def test_every_file_satisfies_the_schema_of_its_kind(file: RulesetFile) -> None:
    data = yaml.load(file.path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert faults(file.kind.name, data) == []


TABLE: dict[str, Any] = {
    "drug": "gefitinib",
    "indications": [
        {"tumour_types": ["NSCLC"], "relevant": True, "requires": "nothing", "essential_loci": ["EGFR mutation"]}
    ],
    "rows": [
        {
            "id": "GEF-001",
            "status": "active",
            "when": "EGFR T790M",
            "tumour_types": ["NSCLC"],
            "effect": "resistance",
            "mechanism": "target alteration: gatekeeper",
            "evidence": [],
            "created": "2026-11-21",
            "reviewed": "2026-11-21",
        }
    ],
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "gef-1"}, "'gef-1' does not match"),
        ({"status": "aktive"}, "'aktive' is not one of ['draft', 'active', 'retired']"),
        ({"effect": "resistant"}, "'resistant' is not one of"),
        ({"when": {"gene": "EGFR"}}, "is not of type 'string'"),
        ({"tumour_types": []}, "[] should be non-empty"),
        ({"score": "high"}, "'high' is not of type 'number'"),
        ({"nots": "x"}, "'nots' was unexpected"),
    ],
)
def test_a_fault_is_found_while_one_types(change: dict[str, Any], message: str) -> None:
    assert faults("table", TABLE) == []
    data = copy.deepcopy(TABLE)
    data["rows"][0] |= change
    (found,) = faults("table", data)
    assert message in found


@pytest.mark.parametrize(
    ("scores", "good"),
    [
        ({184: {"I/V": 60}}, True),
        ({69: {"G": 5, "ins": 60, "*": 1}}, True),
        ({0: {"V": 60}}, False),
        ({12345: {"V": 60}}, False),
        ({184: {"M184V": 60}}, False),
        ({184: {"V": "high"}}, False),
        ({184: {}}, False),
    ],
)
def test_positions_and_residues_are_checked_as_keys(scores: Any, good: bool) -> None:
    assert (faults("virus-table", {"drug": "3TC", "scores": scores}) == []) is good


def test_conditions_are_texts_with_an_explanation() -> None:
    when = schema_of(KINDS["table"])["$defs"]["Row"]["properties"]["when"]
    assert when["type"] == "string"
    assert when["description"].startswith("A condition, one sentence: EGFR T790M")
    assert "AllOf" not in json.dumps(schema_of(KINDS["table"]))


def test_the_schemas_beside_the_rules_are_those_of_the_models() -> None:
    folder = ROOT / "rulebase" / "schemas"
    present = {path.name: path.read_text("utf-8") for path in folder.glob("*.json")}
    assert present == schema_files(), "run: resistab schema -o rulebase/schemas"


def test_the_editors_settings_name_the_schema_of_every_file() -> None:
    text = FILE.read_text("utf-8")
    assert text == settings_text(), "run: python tools/editor_settings.py"
    settings = json.loads(text)
    for schema, globs in settings["yaml.schemas"].items():
        assert (ROOT / schema).is_file()
        assert len(globs) == 1
    assert len(settings["yaml.schemas"]) == len(KINDS)


def test_the_command_prints_one_schema_and_writes_them_all(tmp_path: Path) -> None:
    app = typer.Typer()
    command.register(app)
    runner = CliRunner()
    assert json.loads(runner.invoke(app, ["table"]).stdout) == schema_of(KINDS["table"])
    listed = runner.invoke(app, []).stdout.splitlines()
    assert [line.split() for line in listed] == [[kind.name, kind.files] for kind in KINDS.values()]
    assert runner.invoke(app, ["-o", str(tmp_path / "new")]).exit_code == 0
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "new").iterdir()} == schema_files()


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    app = typer.Typer()
    command.register(app)
    done = CliRunner().invoke(app, ["tables"])
    assert done.exit_code == 2
    assert "unknown kind 'tables'" in " ".join(done.output.split())


def test_domains_share_no_kind() -> None:
    names = [kind.name for pack in packs() for kind in pack.kinds.FILE_KINDS]
    assert len(names) == len(set(names)) > len(KINDS)
