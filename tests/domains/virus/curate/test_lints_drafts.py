"""Drafts in the table of a virus: they are seen by curators, and change nothing that is said of a patient."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from resistab.curation.diff.rulesets import compare, load_ruleset
from resistab.curation.drafts import take_up
from resistab.curation.kit.diff_items import Bump
from resistab.domains.virus.asi.writer import write_asi
from resistab.domains.virus.compile.program import compile_viral_program
from resistab.domains.virus.curate import lint, shown
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds import overlaid
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.kinds.models import ViralRulebase
from tests.paths import SMALL_VIRUS
from tests.unit.curation.learning.proposed import ON, proposal, proposal_file

MUTATIONS = ("RT:T215Y, RT:K219Q", "RT:M41L, RT:M184V", "RT:D67N, RT:K219Q", "PR:I50L")


@pytest.fixture(scope="module")
def before() -> ViralRulebase:
    return load_viral_folder(SMALL_VIRUS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, before: ViralRulebase) -> Path:
    made = tmp_path_factory.mktemp("rulebase") / "small-virus"
    shutil.copytree(SMALL_VIRUS, made)
    two = (proposal("AZT", "219Q", 60.0), proposal("AZT", "41L", 0.4, "AZT-41", 15))
    take_up(made, proposal_file(load_viral_folder(made), *two), "p.yaml", ON)[1].write()
    return made


@pytest.fixture(scope="module")
def after(folder: Path) -> ViralRulebase:
    return load_viral_folder(folder)


def test_the_compiled_program_is_the_same(before: ViralRulebase, after: ViralRulebase) -> None:
    assert before.digest != after.digest
    one, other = compile_viral_program(before), compile_viral_program(after)
    assert (other.drugs, other.comments) == (one.drugs, one.comments)
    assert {gene: program.strata for gene, program in other.by_gene.items()} == {
        gene: program.strata for gene, program in one.by_gene.items()
    }


@pytest.mark.parametrize("mutations", MUTATIONS)
def test_verdicts_are_the_same(before: ViralRulebase, after: ViralRulebase, mutations: str) -> None:
    one, other = ViralInterpreter(before), ViralInterpreter(after)
    genotype = one.genotype(mutations, sequenced=["RT", "PR", "IN"])
    assert other.interpret(genotype).verdicts == one.interpret(genotype).verdicts


def test_the_algorithm_that_is_exported_is_the_same(before: ViralRulebase, after: ViralRulebase) -> None:
    assert write_asi(after) == write_asi(before)


def test_check_notes_that_they_wait(folder: Path, after: ViralRulebase) -> None:
    (note,) = [one for one in lint(after, folder, datetime.date(2026, 11, 30)) if one.code == "RT661"]
    told = (note.code, note.file, note.rule, note.severity)
    assert told == ("RT661", "tables/AZT.yaml", "AZT", "note")
    assert note.message == "2 drafts wait: AZT-D01, AZT-D02"


def test_show_lists_them_as_drafts(after: ViralRulebase) -> None:
    drafts = {row.id: (row.condition, row.effect) for row in shown(after, "AZT").rows if row.status == "draft"}
    assert drafts == {"AZT-D01": ("219Q", "score 60"), "AZT-D02": ("41L", "no score, instead of AZT-41")}


def test_diff_tells_them_and_asks_for_a_patch(folder: Path) -> None:
    difference = compare("small-virus", load_ruleset(SMALL_VIRUS), load_ruleset(folder))
    assert {(one.kind, one.id, one.what) for one in difference.changes} == {
        ("draft", "AZT-D01", "added"),
        ("draft", "AZT-D02", "added"),
    }
    assert difference.bump is Bump.PATCH and not difference.drugs


def test_they_stay_beneath_an_overlay(after: ViralRulebase, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    manifest = "name: ours\nversion: 0.1.0\ndate: 2026-11-30\nover: small-virus\n"
    (tmp_path / "overlay.yaml").write_text(manifest, "utf-8")
    (tmp_path / "tables" / "AZT.yaml").write_text("drug: AZT\nscores:\n  70: {R: 10}\n", "utf-8")
    table = overlaid(after, tmp_path).table_of["AZT"]
    assert len(table.drafts) == 2 and 70 in table.scores
