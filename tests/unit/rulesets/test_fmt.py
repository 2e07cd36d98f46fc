"""``resistab fmt``: one form for every file, what it says unchanged, every comment kept."""

from __future__ import annotations

import random
import re
import shutil
import textwrap
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from resistab.cli import fmt as command
from resistab.core.faults import RulebaseError
from resistab.curation.file_kinds import files_at, yaml_kinds
from resistab.curation.fmt import Shape, format_files, format_text, meaning
from resistab.curation.kit.yaml_writer import WIDTH
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.files.yaml_source import read_yaml
from tests.paths import SMALL, SMALL_VIRUS

SMALL_FILES = [*files_at(SMALL), *files_at(SMALL_VIRUS)]


KINDS = yaml_kinds()


def formatted(text: str, kind: str = "table") -> str:
    """The canonical text, which is canonical itself."""
    once = format_text(textwrap.dedent(text), KINDS[kind], "file.yaml")
    assert format_text(once, KINDS[kind], "file.yaml") == once
    return once


def lines(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


# --- order --------------------------------------------------------------------------------------------------------


def test_fields_come_in_the_order_of_the_manual() -> None:
    before = """\
    rows:
      - reviewed: 2026-11-21
        created: 2026-11-21
        evidence:
          - {statement: Seen., drug: erlotinib, level: B, reference: PMID:1, direction: supports, studied_in: NSCLC}
        effect: resistance
        when: EGFR T790M
        id: GEF-001
        status: active
        mechanism: "target alteration: gatekeeper"
        tumour_types: [NSCLC]
    drug: gefitinib
    """
    after = """
    drug: gefitinib
    rows:
      - id: GEF-001
        status: active
        when: EGFR T790M
        tumour_types: [NSCLC]
        effect: resistance
        mechanism: "target alteration: gatekeeper"
        created: 2026-11-21
        reviewed: 2026-11-21
        evidence:
          - reference: PMID:1
            level: B
            direction: supports
            studied_in: NSCLC
            drug: erlotinib
            statement: Seen.
    """
    assert formatted(before) == lines(after)


def test_in_a_mechanism_the_drug_comes_before_the_findings() -> None:
    before = "rules:\n  - evidence:\n      - {level: B, drug: vemurafenib, reference: PMID:1}\n    id: MAPK-001\n"
    after = """
    rules:
      - id: MAPK-001
        evidence:
          - reference: PMID:1
            drug: vemurafenib
            level: B
    """
    assert formatted(before, "mechanisms") == lines(after)


def test_rows_and_other_items_stay_in_the_curators_order() -> None:
    text = "drug: gefitinib\nrows:\n  - id: GEF-002\n  - id: GEF-001\n"
    assert formatted(text) == text


def test_positions_and_residues_stay_in_their_order() -> None:
    text = "drug: AZT\nscores:\n  215: {Y: 40, F: 40}\n  41: {L: 15}\n"
    assert formatted(text.replace("Y:", '"Y":'), "virus-table") == text.replace("Y:", '"Y":')


def test_an_unknown_field_comes_last_and_is_left_to_the_check() -> None:
    assert formatted("nonsense: 1\ndrug: gefitinib\n") == "drug: gefitinib\nnonsense: 1\n"


def test_the_order_of_fields_has_every_field_of_its_model() -> None:
    orders = [order for kind in KINDS.values() for order in kind.form.field_order.items()]
    assert orders
    for model, order in orders:
        own = model[0] if isinstance(model, tuple) else model
        assert sorted(order) == sorted(info.alias or name for name, info in own.model_fields.items())


# --- spelling -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("any of (EGFR T790M, EGFR C797S)", "EGFR T790M or EGFR C797S"),
        ("EGFR L858R or EGFR T790M or EGFR C797S or EGFR D761Y", None),
        ("EGFR p.Thr790Met", "EGFR T790M"),
        ("EGFR T790M and (EGFR C797S or MET amplification)", "EGFR T790M and (EGFR C797S or MET amplification)"),
    ],
)
def test_conditions_are_spelt_in_one_way(given: str, canonical: str | None) -> None:
    canonical = canonical or f"any of ({given.replace(' or ', ', ')})"
    assert formatted(f"rows:\n  - when: {given}\n") == f"rows:\n  - when: {canonical}\n"


def test_what_is_no_condition_stays_as_it_is() -> None:
    assert formatted("rows:\n  - when: T790M of EGFR\n") == "rows:\n  - when: T790M of EGFR\n"


def test_residues_are_spelt_in_one_way_everywhere() -> None:
    before = 'drug: AZT\nscores:\n  184: {"VI": -10}\ncombinations:\n  - {id: AZT-C01, when: 215YF and 41L, score: 5}\n'
    after = "drug: AZT\nscores:\n  184: {I/V: -10}\ncombinations:\n  - {id: AZT-C01, when: 215F/Y and 41L, score: 5}\n"
    assert formatted(before, "virus-table") == after


def test_essential_loci_are_spelt_in_one_way() -> None:
    assert "[ERBB2 copy number or ERBB2 protein]" in formatted(
        "indications:\n  - essential_loci: [ERBB2 CNV or ERBB2 IHC]\n"
    )


# --- style --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("'plain text'", "plain text"),
        ('"A colon: inside"', '"A colon: inside"'),
        ("'no'", '"no"'),
        ("'12'", '"12"'),
        ("'2026-11-21'", '"2026-11-21"'),
        ("'# no comment'", '"# no comment"'),
        ("'O''Hare'", "O'Hare"),
        ("'[x]'", '"[x]"'),
    ],
)
def test_a_text_is_quoted_only_where_yaml_needs_it(given: str, written: str) -> None:
    assert formatted(f"rows:\n  - note: {given}\n") == f"rows:\n  - note: {written}\n"


def test_names_of_tumour_types_are_always_quoted() -> None:
    after = 'tumour_types:\n  - {code: MEL, name: "Melanoma", parent: SKIN}\n'
    assert formatted("tumour_types:\n- name: Melanoma\n  code: MEL\n  parent: SKIN\n", "tumour-types") == after


def test_numbers_and_dates_stay_as_they_are_written() -> None:
    text = "rows:\n  - score: 30.0\n    created: 2026-11-21\n"
    assert formatted(text) == text


@pytest.mark.parametrize("given", ['"2026-11-21"', "'2026-11-21'", "2026-11-21"])
def test_dates_are_written_without_quotes(given: str) -> None:
    assert formatted(f"rows:\n  - created: {given}\n") == "rows:\n  - created: 2026-11-21\n"
    assert formatted(f"date: {given}\n", "ruleset") == "date: 2026-11-21\n"


@pytest.mark.parametrize("given", ['"2026-02-30"', '"20261121"', "yesterday"])
def test_what_is_no_date_stays_as_it_is_written(given: str) -> None:
    assert formatted(f"rows:\n  - created: {given}\n") == f"rows:\n  - created: {given}\n"


def test_a_text_that_looks_like_a_date_keeps_its_quotes() -> None:
    assert formatted('rows:\n  - note: "2026-11-21"\n') == 'rows:\n  - note: "2026-11-21"\n'


def test_a_long_text_is_folded_at_120_columns() -> None:
    sentence = " ".join(["responded"] * 30)
    written = formatted(f"rows:\n  - note: {sentence}\n").splitlines()
    assert written[1] == "  - note: >-"
    assert all(len(line) <= WIDTH for line in written)
    assert " ".join(line.strip() for line in written[2:]) == sentence


def test_a_folded_text_keeps_its_line_breaks_as_long_as_they_fit() -> None:
    text = "rows:\n  - note: >-\n      One sentence.\n      Another one.\n"
    assert formatted(text) == text


def test_a_text_of_several_lines_keeps_them() -> None:
    text = "rows:\n  - note: |-\n      One line.\n\n      Another line.\n"
    assert formatted(text) == text


def test_a_list_of_words_is_on_one_line_and_goes_on_in_the_next() -> None:
    names = [f"ALIAS{number}" for number in range(20)]
    text = "genes:\n  - aliases:\n" + "".join(f"      - {name}\n" for name in names)
    written = formatted(text, "genes").splitlines()
    assert written[1].startswith("  - aliases: [ALIAS0, ALIAS1,")
    assert len(written) == 3 and max(map(len, written)) <= WIDTH


def test_a_list_of_texts_with_commas_has_one_line_for_each() -> None:
    text = "indications:\n  - essential_loci:\n      - KRAS mutation in 12, 13\n"
    assert formatted("indications:\n- essential_loci: ['KRAS mutation in 12, 13']\n") == text


def test_what_does_not_fit_on_one_line_is_in_block_style() -> None:
    name = "x" * 95
    text = f'citations:\n  - {{reference: PMID:1, short: "{name}"}}\n'
    assert formatted(text, "citations") == f'citations:\n  - reference: PMID:1\n    short: "{name}"\n'


def test_an_empty_list_and_a_missing_value_stay() -> None:
    text = "rows:\n  - note:\n    evidence: []\n"
    assert formatted(text) == text


# --- comments -----------------------------------------------------------------------------------------------------


def test_comments_move_with_what_they_speak_of() -> None:
    before = """\
    # About the file.
    rows:
      # About the first row.
      - status: active  # in use
        # About the id.
        id: GEF-001
      # About the second row.
      - id: GEF-002
      # About the end of the rows.
    # About the drug.
    drug: gefitinib   # a name
    # The end.
    """
    after = """
    # About the file.
    # About the drug.
    drug: gefitinib   # a name
    rows:
      # About the first row.
      # About the id.
      - id: GEF-001
        status: active  # in use
      # About the second row.
      - id: GEF-002
      # About the end of the rows.
    # The end.
    """
    assert formatted(before) == lines(after)


def test_a_comment_inside_a_list_puts_each_item_on_its_line() -> None:
    before = "rows:\n  - tumour_types: [NSCLC, # lung\n      MEL] # skin\n"
    after = "rows:\n  - tumour_types:\n      - NSCLC  # lung\n      - MEL  # skin\n"
    assert formatted(before) == after


def test_a_comment_behind_a_dash_stands_above_it() -> None:
    assert formatted("rows:\n  - # first\n    id: GEF-001\n") == "rows:\n  # first\n  - id: GEF-001\n"


def test_a_sign_inside_a_text_is_no_comment() -> None:
    text = 'rows:\n  - note: "Exon #19: a deletion."\n  - note: >-\n      Exon\n      # 19\n'
    assert formatted(text) == text


def test_a_comment_at_the_head_of_a_folded_text_stays_there() -> None:
    text = "rows:\n  - note: >-  # from the label\n      One sentence.\n"
    assert formatted(text) == text


def test_one_blank_line_stays_and_more_become_one() -> None:
    assert formatted("drug: AZT\n\n\n\nscores:\n  41: {L: 5}\n\n\n", "virus-table") == (
        "drug: AZT\n\nscores:\n  41: {L: 5}\n"
    )


def test_line_ends_and_byte_order_mark_are_those_of_all_files() -> None:
    assert formatted("\ufeffdrug: gefitinib # x\r\nrows:\r\n  - id: GEF-001\r\n") == (
        "drug: gefitinib  # x\nrows:\n  - id: GEF-001\n"
    )


# --- all files ----------------------------------------------------------------------------------------------------


def _shuffled(data: Any, order: random.Random) -> Any:
    """The same data with the fields of every mapping in another order."""
    if isinstance(data, dict):
        keys = list(data)
        order.shuffle(keys)
        return {key: _shuffled(data[key], order) for key in keys}
    return [_shuffled(item, order) for item in data] if isinstance(data, list) else data


@pytest.mark.parametrize("folder", [SMALL, SMALL_VIRUS], ids=lambda folder: folder.name)
def test_a_rule_set_says_the_same_after_it_was_formatted(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    for file in files_at(copy):
        data = _shuffled(yaml.safe_load(file.path.read_text("utf-8")), random.Random(1))
        file.path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "utf-8")
    load: Any = load_viral_folder if folder is SMALL_VIRUS else load_rulebase_folder
    before = load(copy)
    for done in format_files(files_at(copy)):
        assert done.differs
        done.file.path.write_text(done.after, "utf-8")
    assert load(copy).model_copy(update={"digest": before.digest}) == before


@settings(max_examples=60)
@given(st.data())
def test_formatting_twice_changes_nothing_and_no_comment_is_lost(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(SMALL_FILES))
    text = file.path.read_text("utf-8")
    if data.draw(st.booleans()):
        order = random.Random(data.draw(st.integers(0, 99)))
        style = data.draw(st.sampled_from([None, True, False]))
        width = data.draw(st.sampled_from([40, 1000]))
        shuffled = _shuffled(yaml.safe_load(text), order)
        text = yaml.safe_dump(shuffled, sort_keys=False, default_flow_style=style, width=width, allow_unicode=True)
    written = text.splitlines()
    for number in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(written)))
        indent = " " * data.draw(st.sampled_from([0, 2, 3, 4, 6]))
        if data.draw(st.booleans()) and at < len(written):
            written[at] += f"  # note{number}"
        else:
            written.insert(at, data.draw(st.sampled_from(["", f"{indent}# note{number}"])))
    text = "\n".join(written) + "\n"
    source, faults = read_yaml(text, "file.yaml")
    if faults:
        return
    once = format_text(text, file.kind, "file.yaml")
    assert format_text(once, file.kind, "file.yaml") == once
    shape = Shape(model=file.kind.model)
    assert meaning(read_yaml(once, "file.yaml")[0].data, shape) == meaning(source.data, shape)
    # Within a folded text a note is no comment, and may be broken over two lines.
    assert sorted(re.findall(r"#\s+(note\d)", once)) == sorted(re.findall(r"#\s+(note\d)", text))


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one rule set in canonical form but for one file; the current folder is above it."""
    folder = tmp_path / "rules" / "small"
    shutil.copytree(SMALL, folder)
    for done in format_files(files_at(folder)):
        done.file.path.write_text(done.after, "utf-8")
    (folder / "citations.yaml").write_text('citations:\n- {short: "X", reference: PMID:15728811}\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def run(*arguments: str) -> Any:
    app = typer.Typer()
    command.register(app)
    return CliRunner().invoke(app, arguments)


def test_check_names_the_files_that_differ_and_changes_nothing(small: Path) -> None:
    before = (small / "citations.yaml").read_text("utf-8")
    done = run("--check", "rules")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == "rules/small/citations.yaml: is not in canonical form"
    assert re.fullmatch(r"1 of \d+ files would be changed", done.stdout.splitlines()[1])
    assert (small / "citations.yaml").read_text("utf-8") == before


def test_diff_shows_what_would_change_and_changes_nothing(small: Path) -> None:
    before = (small / "citations.yaml").read_text("utf-8")
    done = run("--diff", "rules/small/citations.yaml")
    assert done.exit_code == 1
    assert '-- {short: "X", reference: PMID:15728811}\n+  - {reference: PMID:15728811, short: "X"}\n' in done.stdout
    assert (small / "citations.yaml").read_text("utf-8") == before


def test_the_files_are_written_and_then_pass_the_check(small: Path) -> None:
    done = run("rules")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "rules/small/citations.yaml: formatted"
    assert run("--check", "rules").exit_code == 0


def test_with_a_fault_none_is_written_and_all_are_named(small: Path) -> None:
    before = (small / "citations.yaml").read_text("utf-8")
    (small / "drugs.yaml").write_text("drugs: [\n", "utf-8")
    (small / "genes.yaml").write_bytes(b"genes: \xff\n")
    done = run("rules")
    assert isinstance(done.exception, RulebaseError)
    assert {fault.where for fault in done.exception.faults} == {"rules/small/drugs.yaml", "rules/small/genes.yaml"}
    assert (small / "citations.yaml").read_text("utf-8") == before


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("rules/small/symbols.txt", "is no file of a rule set"),
        ("rules/small/tables", "holds no rule set"),
        ("nowhere", "does not exist"),
    ],
)
def test_what_is_no_rule_set_is_refused(small: Path, path: str, message: str) -> None:
    done = run(path)
    assert isinstance(done.exception, RulebaseError)
    assert message in str(done.exception)


def test_a_file_named_twice_is_formatted_once(small: Path) -> None:
    assert run("rules", "rules/small/citations.yaml", "rules/small").stdout.count("citations.yaml: formatted") == 1


def test_the_first_line_names_the_schema_where_there_is_one(small: Path) -> None:
    schemas = small.parent / "schemas"
    schemas.mkdir()
    (schemas / "table.json").write_text("{}", "utf-8")
    (schemas / "citations.json").write_text("{}", "utf-8")
    run("rules")
    heads = {path: path.read_text("utf-8").splitlines()[0] for path in small.rglob("*.yaml")}
    assert heads[small / "citations.yaml"] == "# yaml-language-server: $schema=../schemas/citations.json"
    tables = [line for path, line in heads.items() if path.parent.name == "tables"]
    assert set(tables) == {"# yaml-language-server: $schema=../../schemas/table.json"}
    assert not heads[small / "genes.yaml"].startswith("# yaml-language-server")
    assert run("--check", "rules").exit_code == 0


def test_the_rules_of_an_installed_package_are_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "_data" / "rulebase"
    shutil.copytree(SMALL, installed / "small")
    monkeypatch.setattr("resistab.curation.file_kinds.default_rulesets", lambda: installed)
    done = run()
    assert isinstance(done.exception, RulebaseError)
    assert "belongs to the installed package" in str(done.exception)
    assert run("--check").exit_code in (0, 1)
