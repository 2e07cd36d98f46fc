"""``resistab lookup``: what the shipped rules say of a change, gene, drug, class, reference or row."""

from __future__ import annotations

import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from resistab.cli import lookup as command
from resistab.core.faults import InputError, OptionsError
from resistab.curation.lookup import find_everywhere
from tests.paths import SMALL


def run(*words: str) -> Result:
    app = typer.Typer()
    command.register(app)
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def meanings(text: str, *words: str) -> list[dict[str, Any]]:
    done = run(text, "--json", "-", *words)
    assert done.exit_code == 0
    return [meaning for one in json.loads(done.stdout)["rulesets"] for meaning in one["meanings"]]


def rows(text: str, *words: str) -> list[dict[str, Any]]:
    return [row for meaning in meanings(text, *words) for row in meaning["rows"]]


def refused(text: str) -> str:
    done = run(text)
    assert done.exit_code == 1
    return done.stderr


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("EGFR T790M", "change", "EGFR T790M"),
        ("EGFR p.Thr790Met", "change", "EGFR T790M"),
        ("T790M", "change", "EGFR T790M"),
        ("EGFR C797", "codon", "EGFR C797"),
        ("EGFR sensitising mutation", "set of changes", "EGFR sensitising mutation"),
        ("Tagrisso", "drug", "osimertinib"),
        ("BRAF inhibitors", "class of drugs", "BRAF inhibitor"),
        ("c-met", "gene", "MET"),
        ("27959700", "reference", "PMID:27959700"),
        ("Mok 2017", "reference", "PMID:27959700"),
        ("osi-003", "row", "OSI-003"),
        ("K103N", "mutation", "RT K103N"),
        ("dolutegravir", "drug", "DTG"),
        ("HLA-B*57:01", "result", "HLA-B*57:01"),
        ("breast cancer", "tumour type", "BRCA (Invasive Breast Carcinoma)"),
    ],
)
def test_a_text_is_found_as_what_it_means(text: str, kind: str, name: str) -> None:
    assert (kind, name) in [(found["kind"], found["name"]) for found in meanings(text)]
    assert rows(text)


def test_resistance_comes_first_by_level_of_evidence() -> None:
    named = [row for row in rows("EGFR T790M") if row["relation"] == "names"]
    effects = [row["effect"].rsplit(" ", 1)[0] for row in named if row["effect"].startswith("resistance")]
    assert named[0]["drug"] == "erlotinib" and named[0]["level"] == "A"
    assert [row["effect"].startswith("resistance") for row in named[: len(effects)]] == [True] * len(effects)
    levels = [row["level"] for row in named[: len(effects)]]
    assert levels == sorted(levels)


def test_a_change_finds_sets_and_kinds_that_hold_it() -> None:
    found = {row["id"]: row for row in rows("EGFR L858R")}
    assert any(row["by_way_of"] == "EGFR sensitising mutation" for row in found.values() if row["relation"] == "holds")


def test_rows_on_its_codon_for_other_residues_are_marked() -> None:
    found = {row["id"]: row["relation"] for row in rows("EGFR T790Q")}
    assert found["ERL-031"] == "codon" and found["DATO-001"] == "holds"


def test_what_mechanisms_conclude_from_it_is_indirect() -> None:
    indirect = [row for row in rows("KRAS G12D") if row["relation"] == "indirect"]
    assert any("RAS active below EGFR" in row["by_way_of"] for row in indirect)
    assert all("conclusion " in row["condition"] for row in indirect)


def test_a_row_that_denies_the_change_is_left_out() -> None:
    """ERL-024 holds for mutations of the kinase domain except T790M."""
    assert "ERL-024" not in {row["id"] for row in rows("EGFR T790M")}
    assert "ERL-024" in {row["id"] for row in rows("EGFR T790Q")}


def test_every_meaning_is_told() -> None:
    found = {(one["kind"], one["name"]) for one in meanings("abacavir")}
    assert found == {("drug", "ABC"), ("drug", "abacavir")}


def test_a_tumour_type_narrows() -> None:
    assert any("PANCREAS" in row["tumour_types"] for row in rows("EGFR T790M"))
    narrowed = rows("EGFR T790M", "--tumour", "LUAD")
    assert narrowed and not any("PANCREAS" in row["tumour_types"] for row in narrowed)
    with pytest.raises(InputError, match="did you mean BRCA"):
        run("EGFR T790M", "--tumour", "brest cancer")


def test_an_option_of_one_domain_asks_that_domain_alone() -> None:
    with pytest.raises(OptionsError):
        find_everywhere("M184V", "hiv1", None, {"tumour": "LUAD"})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("osimertinb", "osimertinib"),
        ("EFGR T790M", "EGFR T790M"),
        ("EGFR L790M", "EGFR T790M"),
        ("cetuximb", "cetuximab"),
        ("BRAF inhibitr", "BRAF inhibitor"),
        ("brest cancer", "Invasive Breast Carcinoma"),
    ],
)
def test_what_is_not_found_is_suggested_rightly(text: str, meant: str) -> None:
    assert f"did you mean {meant}" in refused(text)


@pytest.mark.parametrize("text", ["foo", "PMID:1", "RT K70X"])
def test_nothing_is_suggested_where_nothing_is_near(text: str) -> None:
    assert "did you mean" not in refused(text)


def test_evidence_stands_beside_each_row() -> None:
    (row,) = rows("ERL-031")
    assert {"reference": "PMID:25668228", "short": "Denis et al., 2015"}.items() <= row["evidence"][0].items()
    assert run("ERL-031").stdout.splitlines()[-1].split()[-2:] == ["PMID:25668228", "+5"]


def test_a_rule_set_of_another_folder_is_asked() -> None:
    found = find_everywhere("EGFR T790M", None, SMALL, {})
    assert [one.ruleset for one in found] == ["small"]
    assert found[0].found.meanings[0].rows
