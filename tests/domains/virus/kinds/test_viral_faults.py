"""What a curator is told about each fault that a virus's rule set can have.

Each folder of ``tests/fixtures/broken_virus`` holds the files in which a broken rule set differs from ``small_virus``
(``delete.txt`` names those it lacks), and ``expected.txt`` with everything that must be said about it: this and
nothing more.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from resistab.core.faults import RulebaseError
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.rulesets.folder_reader import PATTERNS
from tests.paths import BROKEN_VIRUS as BROKEN
from tests.paths import SMALL_VIRUS as SMALL
from tests.rulesets import broken_copy

FIXTURES = sorted(path for path in BROKEN.iterdir() if path.is_dir())
MANY = "many_files_at_once"


def expected_of(fixture: Path) -> list[str]:
    return (fixture / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_fault_is_said_exactly(fixture: Path, tmp_path: Path) -> None:
    with pytest.raises(RulebaseError) as raised:
        load_viral_folder(broken_copy(SMALL, fixture, tmp_path / "small"))

    assert str(raised.value).splitlines() == expected_of(fixture)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_one_fault_gives_one_message(fixture: Path) -> None:
    assert len(expected_of(fixture)) == (9 if fixture.name == MANY else 1)


def test_faults_of_several_files_are_all_said_in_one_run() -> None:
    """The table whose comment is misspelt is not blamed: a file of comments could not be read whole."""
    blamed = [line.split(":")[0] for line in expected_of(BROKEN / MANY)]

    assert len(set(blamed)) == 9
    assert "small/tables/AZT.yaml" not in blamed


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_place_named_is_in_the_file(fixture: Path, tmp_path: Path) -> None:
    folder = broken_copy(SMALL, fixture, tmp_path / "small")
    for line in expected_of(fixture):
        place = re.match(r"small/(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): ", line)
        if place is None:
            assert re.match(r"small/[^:]+: is (missing|empty)$", line)
            continue
        text = (folder / place["file"]).read_text(encoding="utf-8").splitlines()
        assert int(place["column"]) <= len(text[int(place["line"]) - 1])


def test_folder_that_is_no_rule_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebaseError) as raised:
        load_viral_folder(tmp_path)

    assert str(raised.value) == f"{tmp_path}: holds no rule set; expected a folder with ruleset.yaml in it"


def test_every_pattern_of_the_models_is_said_in_words() -> None:
    assert _patterns(ViralRulebase.model_json_schema()) <= set(PATTERNS)


def _patterns(schema: object) -> set[str]:
    if isinstance(schema, dict):
        # A language inside a field says in words of its own what it expects.
        said = "description" in schema
        own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) and not said else set()
        return own.union(*map(_patterns, schema.values()))
    return set().union(*map(_patterns, schema)) if isinstance(schema, list) else set()


# --- what is no fault ---------------------------------------------------------------------------------------


def small() -> ViralRulebase:
    return load_viral_folder(SMALL)


def test_small_rule_set_has_no_fault() -> None:
    assert [table.drug for table in small().tables] == ["3TC", "ATV/r", "AZT", "DTG"]


def test_only_three_files_must_be_there(tmp_path: Path) -> None:
    for name in ("ruleset.yaml", "genes.yaml", "drugs.yaml"):
        shutil.copyfile(SMALL / name, tmp_path / name)

    assert load_viral_folder(tmp_path).tables == ()


def test_digest_is_that_of_the_files(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "small")
    before = load_viral_folder(folder).digest
    comments = folder / "comments" / "IN.yaml"
    comments.write_text(comments.read_text().replace("Seldom", "Rarely"))

    assert before == small().digest != load_viral_folder(folder).digest


def test_default_level_is_the_lowest_unless_named(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "small")
    manifest = folder / "ruleset.yaml"
    manifest.write_text(manifest.read_text().replace("  levels:\n", "  default_level: 2\n  levels:\n"))

    assert small().manifest.scoring.lowest.name == "susceptible"
    assert load_viral_folder(folder).manifest.scoring.lowest.name == "potential low-level resistance"


@pytest.mark.parametrize("name", ["AZT", "azt", "ZDV", "zidovudine"])
def test_drug_is_known_by_abbreviation_alias_and_full_name(name: str) -> None:
    assert small().drug_by_name[name.casefold()].name == "AZT"
    assert small().gene_of(name) == "RT"


def test_bound_of_a_range_belongs_to_it() -> None:
    scale = small().manifest.scoring.scale

    assert [[item.level for item in scale if item.holds(score)] for score in (-50, 9, 10, 14, 15, 60, 500)] == [
        [1], [1], [2], [2], [3], [5], [5],
    ]  # fmt: skip


def test_rows_are_named_after_drug_and_position() -> None:
    rules = small()
    rows = {drug: [row for _, row, _ in rules.score_items(rules.table_of[drug])] for drug in ("3TC", "DTG")}

    assert rows == {
        "3TC": ["3TC-65", "3TC-69", "3TC-184"],
        "DTG": ["DTG-148", "DTG-263", "DTG-S2-140", "DTG-140-148"],
    }


def test_scale_need_not_reach_beyond_possible_scores(tmp_path: Path) -> None:
    """Dolutegravir's first score is 0 to 2: of one and a half and a half points, neither of them negative."""
    folder = shutil.copytree(SMALL, tmp_path / "small")
    table = folder / "tables" / "DTG.yaml"
    text = table.read_text().replace("{to: 0.5, level: 1}", "{from: 0, to: 0.5, level: 1}")
    table.write_text(text.replace("{from: 2, level: 5}", "{from: 2, to: 2, level: 5}"))

    assert len(load_viral_folder(folder).tables) == 4


def test_reference_residue_may_be_named_without_a_sequence(tmp_path: Path) -> None:
    """Without proteins.fasta nobody can say that isoleucine is the reference residue at protease 50."""
    folder = shutil.copytree(SMALL, tmp_path / "small")
    (folder / "proteins.fasta").unlink()
    table = folder / "tables" / "ATV_r.yaml"
    table.write_text(table.read_text().replace("50L", "50I/L"))

    assert len(load_viral_folder(folder).tables) == 4
