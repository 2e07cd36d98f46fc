"""A virus's rule set written as YAML that people edit, and read back as the same."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.faults import InputError
from resistab.domains.virus.asi import yaml as viral_yaml
from resistab.domains.virus.asi.reader import read_asi
from resistab.domains.virus.asi.yaml import WIDTH, ruleset_files, write_ruleset_folder
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.kinds.models import ViralDrug, ViralRulebase, ViralTable
from resistab.files.output import OutputError
from tests.paths import COMPLETE_ASI as COMPLETE


@pytest.fixture(scope="module")
def complete() -> ViralRulebase:
    return read_asi(COMPLETE, on=datetime.date(2026, 1, 2))[0]


def test_what_is_written_is_read_back_as_the_same(complete: ViralRulebase, tmp_path: Path) -> None:
    write_ruleset_folder(complete, tmp_path / "set")
    loaded = load_viral_folder(tmp_path / "set")
    by_file = tuple(sorted(complete.tables, key=lambda table: table.drug.replace("/", "")))
    assert loaded == complete.model_copy(update={"digest": loaded.digest, "tables": by_file})


def test_each_drug_with_rules_and_gene_with_comments_has_a_file(complete: ViralRulebase) -> None:
    assert sorted(ruleset_files(complete)) == [
        "comments/RT.yaml",
        "drugs.yaml",
        "genes.yaml",
        "result_comments.yaml",
        "ruleset.yaml",
        "tables/ABC.yaml",
        "tables/ATVr.yaml",
        "tables/DRVr.yaml",
        "tables/EFV.yaml",
    ]


def test_a_table_has_one_line_for_each_position_and_combination(complete: ViralRulebase) -> None:
    assert (
        ruleset_files(complete)["tables/ABC.yaml"]
        == """\
# abacavir: scores and rules.
drug: ABC
scale:
  - {to: 9.5, level: 1}
  - {from: 10, to: 19.5, level: 2}
  - {from: 20, level: 3}

scores:
  41: {L: 5}
  65: {E: 10, "N": 30, R: 45}
  67: {E/G: 5, del: 15}
  184: {I/V: 15}

combinations:
  - {id: ABC-C01, when: 184V, score: 5}
  - id: ABC-C02
    largest_of:
      - {when: 41L and 215F/Y, score: 10}
      - {when: 41L and 215A/C, score: 5}
  - {id: ABC-C03, when: 41L and 210W, score: -2.5}

further_scores:
  - scores:
      69: {ins: 40}
      151: {M: 20}
"""
    )


def test_rules_are_on_one_line_and_quoted_where_needed(complete: ViralRulebase) -> None:
    assert (
        ruleset_files(complete)["tables/EFV.yaml"]
        == """\
# EFV: scores and rules.
drug: EFV

rules:
  - {id: EFV-L01, when: (103N or 188L) and 100I, level: 3, comment: FromRule}
  - {id: EFV-L02, when: "between 2 and 3 of (98G, 101E/P, not 103R, 190 other than G)", level: 2}
"""
    )


def test_the_other_files_leave_out_what_has_its_default(complete: ViralRulebase) -> None:
    files = ruleset_files(complete)
    assert "  - {symbol: RT, drug_classes: [NRTI, NNRTI]}\n" in files["genes.yaml"]
    assert "  - {name: ATV/r, drug_class: PI}\n" in files["drugs.yaml"]
    assert '  version: "1.2"\n  date: 2024-05-06\n' in files["ruleset.yaml"]
    assert "    - {level: 2, name: Intermediate, " in files["ruleset.yaml"]
    assert "verdict: possible_resistance, sir: I}\n" in files["ruleset.yaml"]
    assert "      - {drug: DRV/r, levels: [2, 3]}\n" in files["result_comments.yaml"]
    assert '    text: "The commonest change: <5% & more."\n    sort: 2\n' in files["comments/RT.yaml"]


def test_what_is_too_long_for_a_line_is_folded(complete: ViralRulebase, tmp_path: Path) -> None:
    text = "A long comment: with 'quotes', # signs and  two blanks, " * 8 + "end"
    (file,) = complete.comments
    comment = file.comments[0].model_copy(update={"text": text})
    rule = complete.table_of["EFV"].rules[1]
    long = rule.model_copy(update={"when": rule.when.model_copy(update={"of": rule.when.of * 6})})
    table = complete.table_of["EFV"].model_copy(update={"rules": (long,)})
    changed = complete.model_copy(
        update={"comments": (file.model_copy(update={"comments": (comment, *file.comments[1:])}),), "tables": (table,)}
    )
    assert all(len(line) <= WIDTH for content in ruleset_files(changed).values() for line in content.splitlines())
    write_ruleset_folder(changed, tmp_path / "set")
    loaded = load_viral_folder(tmp_path / "set")
    assert loaded.comments[0].comments[0].text == text
    assert loaded.tables == (table,)


@pytest.mark.parametrize("word", ["y", "N", "on", "Off", "yes", "NO", "null", "~", "true", "*", "*/del", "1.5", "12"])
def test_what_yaml_would_take_for_something_else_is_quoted(word: str) -> None:
    assert viral_yaml._scalar(word) == f'"{word}"'
    assert viral_yaml._scalar("I/V") == "I/V"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | st.text(alphabet="ab:,#-?&*!|>'\"%@`{}[] \n", max_size=12), st.booleans())
def test_every_text_is_read_back_as_it_was(text: str, flow: bool) -> None:
    written = viral_yaml._scalar(text, flow=flow)
    assert yaml.safe_load(f"[{written}]" if flow else f"- {written}") == [text]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="abc:#-' ", min_size=1, max_size=30), min_size=20, max_size=40))
def test_every_folded_text_is_read_back_as_it_was(words: list[str]) -> None:
    text = " ".join(words).strip()
    lines = viral_yaml._folded("text: ", "  ", text)
    assert yaml.safe_load("\n".join(lines)) == {"text": text}


def test_two_drugs_of_one_file_name_have_two_files(complete: ViralRulebase, tmp_path: Path) -> None:
    drugs = tuple(ViralDrug(name=name, drug_class="PI") for name in ("ATV/r", "ATVr", "atv"))
    tables = tuple(ViralTable.model_validate({"drug": drug.name, "scores": {"50": {"L": 10}}}) for drug in drugs)
    files = ruleset_files(complete.model_copy(update={"drugs": drugs, "tables": tables}))
    assert [name for name in files if name.startswith("tables/")] == [
        "tables/ATVr.yaml",
        "tables/ATVr-2.yaml",
        "tables/atv.yaml",
    ]


def test_an_existing_folder_is_overwritten_only_when_told_to(complete: ViralRulebase, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    write_ruleset_folder(complete, folder)
    with pytest.raises(InputError, match="exists; expected a name that is free"):
        write_ruleset_folder(complete, folder)
    (folder / "tables" / "OLD.yaml").write_text("drug: OLD\n")
    write_ruleset_folder(complete, folder, overwrite=True)
    assert not (folder / "tables" / "OLD.yaml").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set"]


def test_what_is_no_imported_rule_set_is_never_overwritten(complete: ViralRulebase, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    write_ruleset_folder(complete, folder)
    (folder / "proteins.fasta").write_text(">PR\nPQ\n")
    with pytest.raises(InputError, match=r"holds proteins\.fasta, which would be lost"):
        write_ruleset_folder(complete, folder, overwrite=True)
    other = tmp_path / "other"
    other.mkdir()
    (other / "genes.yaml").write_text("genes: []\n")
    with pytest.raises(InputError, match="holds no rule set"):
        write_ruleset_folder(complete, other, overwrite=True)
    with pytest.raises(InputError, match="is a file"):
        write_ruleset_folder(complete, other / "genes.yaml", overwrite=True)


def test_where_nothing_can_be_written_nothing_is_left(
    complete: ViralRulebase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OutputError, match=r"the folder .* does not exist"):
        write_ruleset_folder(complete, tmp_path / "missing" / "set")
    write_ruleset_folder(complete, tmp_path / "set")
    before = {path: path.read_bytes() for path in (tmp_path / "set").rglob("*.yaml")}
    rename = os.rename
    monkeypatch.setattr(
        "os.rename", lambda source, target: rename(source, target) if "old" in str((source, target)) else _full()
    )
    with pytest.raises(OutputError, match="No space left on device"):
        write_ruleset_folder(complete, tmp_path / "set", overwrite=True)
    assert {path: path.read_bytes() for path in (tmp_path / "set").rglob("*.yaml")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set"]


def _full() -> None:
    raise OSError(28, "No space left on device")
