"""The files of the shipped rule sets: in canonical form, as their schemas say, and without error or warning."""

from __future__ import annotations

import datetime

import yaml
from jsonschema import Draft202012Validator

from resistab.curation.check import check_path
from resistab.curation.file_kinds import files_at, yaml_kinds
from resistab.curation.fmt import difference, format_files
from resistab.curation.schemas import schema_of
from resistab.rulesets.find import data_folder
from tests.rulesets import as_json

RULEBASE = data_folder("rulebase")
FILES = files_at(RULEBASE)
RULESETS = sorted(path.parent.name for path in RULEBASE.glob("*/ruleset.yaml"))


def test_every_rule_set_has_files() -> None:
    assert RULESETS
    assert {file.path.relative_to(RULEBASE).parts[0] for file in FILES} == set(RULESETS)


def test_every_file_is_in_canonical_form() -> None:
    differing = [difference(done)[:500] for done in format_files(FILES) if done.differs]
    assert differing == []


def test_every_file_satisfies_the_schema_of_its_kind() -> None:
    validators = {name: Draft202012Validator(schema_of(kind)) for name, kind in yaml_kinds().items()}
    faults = {}
    for file in FILES:
        data = as_json(yaml.load(file.path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
        if found := [error.message for error in validators[file.kind.name].iter_errors(data)]:
            faults[str(file.path)] = found
    assert faults == {}


def test_no_rule_set_has_an_error_or_a_warning() -> None:
    result = check_path(RULEBASE, datetime.date(2026, 12, 1))
    assert [finding for finding in result.findings if finding.severity != "note"] == []
    assert result.passed(strict=True)
    assert result.rulesets == len(RULESETS) and result.rows
