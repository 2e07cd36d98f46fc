"""What a curator is told about each fault that a rule set can have.

Each folder of ``tests/fixtures/broken`` holds the files in which a broken rule set differs from ``small_rulebase``, and
``expected.txt`` with everything that must be said about it: this and nothing more.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from resistab.core.faults import RulebaseError
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds import citation_exceptions, models
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.rulesets.folder_reader import PATTERNS
from tests.paths import BROKEN

FIXTURES = sorted(path for path in BROKEN.iterdir() if path.is_dir())


def said_of(folder: Path) -> str:
    with pytest.raises(RulebaseError) as raised:
        TumourInterpreter(load_rulebase_folder(folder))
    return str(raised.value)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_fault_is_said_exactly(fixture, small_rulebase_copy):
    expected = (fixture / "expected.txt").read_text(encoding="utf-8").rstrip("\n")

    assert said_of(small_rulebase_copy(fixture)) == expected


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_one_fault_gives_one_message(fixture):
    lines = (fixture / "expected.txt").read_text(encoding="utf-8").splitlines()

    assert len(lines) == (6 if fixture.name == "many_files_at_once" else 1)


def test_faults_of_several_files_are_all_said_in_one_run():
    lines = (BROKEN / "many_files_at_once" / "expected.txt").read_text(encoding="utf-8").splitlines()

    assert len({line.split(":")[0] for line in lines}) == 6


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_place_named_is_in_the_file(fixture, small_rulebase_copy):
    folder = small_rulebase_copy(fixture)
    for line in (fixture / "expected.txt").read_text(encoding="utf-8").splitlines():
        place = re.match(r"small/(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): ", line)
        if place is None:
            assert re.match(r"(small/[^:]+|mechanisms)(:\d+)?: ", line)
            continue
        text = (folder / place["file"]).read_bytes().decode("utf-8", errors="replace").splitlines()
        assert int(place["column"]) <= len(text[int(place["line"]) - 1]) + 1


def test_small_rule_set_has_no_fault(small):
    assert small.manifest.ruleset == "small"
    assert {row.effect for table in small.tables for row in table.rows} == {
        "resistance",
        "reduced response",
        "susceptibility",
        "increased susceptibility",
    }


def test_folder_that_is_no_rule_set_is_refused(tmp_path):
    assert said_of(tmp_path) == f"{tmp_path}: holds no rule set; expected a folder with ruleset.yaml in it"


def test_folder_that_does_not_exist_is_refused(tmp_path):
    folder = tmp_path / "none"

    assert said_of(folder) == f"{folder}: holds no rule set; expected a folder with ruleset.yaml in it"


def test_draft_row_may_be_without_evidence(small_rulebase_copy):
    evidence = """evidence:
      - reference: PMID:17463250
        source: CIViC:EID733
        level: D
        direction: supports
        studied_in: NSCLC
        statement: HCC827 cells selected on gefitinib became resistant through MET amplification.
"""
    folder = small_rulebase_copy(replace={"tables/gefitinib.yaml": (evidence, "evidence: []\n")})
    text = (
        (folder / "tables/gefitinib.yaml")
        .read_text()
        .replace("GEF-005\n    status: active", "GEF-005\n    status: draft")
    )
    (folder / "tables/gefitinib.yaml").write_text(text)

    assert len(load_rulebase_folder(folder).tables) == 3


def test_named_set_knows_the_residues_of_its_exons(small_rulebase_copy):
    """A set that forgot them would take a deletion anywhere in the gene for a member."""
    folder = small_rulebase_copy()
    (folder / "alteration_sets/EGFR.yaml").write_text(
        "sets:\n  - name: EGFR sensitising mutation\n"
        "    members: EGFR L858R or EGFR exon 19 deletion\n    basis: Test.\n"
    )
    rulebase = load_rulebase_folder(folder)

    _, deletion = rulebase.set_by_name["EGFR sensitising mutation"].members.of
    assert (deletion.first, deletion.last) == (729, 761)


def test_every_pattern_of_the_models_is_said_in_words():
    models_read = (Rulebase, ViralRulebase, citation_exceptions.CitationExceptions)
    schemas = [model.model_json_schema() for model in models_read]
    patterns = {pattern for schema in schemas for pattern in _patterns(schema)}

    assert patterns == set(PATTERNS)


def _patterns(schema: object) -> set[str]:
    if isinstance(schema, dict):
        # A language inside a field says in words of its own what it expects.
        said = "description" in schema
        own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) and not said else set()
        return own.union(*map(_patterns, schema.values()))
    return set().union(*map(_patterns, schema)) if isinstance(schema, list) else set()


def test_rule_set_survives_json_unchanged(small):
    again = models.Rulebase.model_validate_json(small.model_dump_json())

    assert json.loads(again.model_dump_json()) == json.loads(small.model_dump_json())
