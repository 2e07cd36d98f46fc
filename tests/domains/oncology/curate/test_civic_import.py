"""``resistab import civic``: the folder of drafts, and what is printed."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from resistab.cli import of_packs
from resistab.core.faults import InputError
from resistab.domains.oncology.curate.civic.draft_tables import WIDTH, draft_files, write_drafts
from resistab.domains.oncology.curate.civic.drafts import Drafts, draft
from resistab.domains.oncology.curate.civic.file import read_civic_file
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.kinds.overlay import overlaid
from resistab.files.output import OutputError
from resistab.rulesets.find import data_folder
from resistab.rulesets.models import UNWRITTEN
from tests.paths import SMALL

EVIDENCE = Path(__file__).with_name("civic_evidence.tsv")
ON = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def drafts(small: Rulebase) -> Drafts:
    return draft(small, read_civic_file(EVIDENCE), ON)


@pytest.fixture
def folder(drafts: Drafts, tmp_path: Path) -> Path:
    """The drafts as they are written."""
    write_drafts(drafts, "small", tmp_path / "drafts", ON)
    return tmp_path / "drafts"


def run(*arguments: object) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    of_packs.register(app)
    return CliRunner().invoke(app, ["import", "civic", *map(str, arguments)])


# --- the folder ---------------------------------------------------------------------------------------------------


def test_a_table_of_drafts(folder: Path) -> None:
    assert (folder / "tables" / "vemurafenib.yaml").read_text(encoding="utf-8") == (
        """\
# Drafts for vemurafenib. Before a row becomes active: read each study, write the sentence on it, and judge the
# effect, the mechanism and the tumour types, which are proposals.
drug: vemurafenib
rows:
  # CIViC: BRAF Amplification AND ( BRAF V600E OR BRAF V600K ), in Melanoma.
  - id: VEM-003
    status: draft
    when: BRAF amplification and (BRAF V600E or BRAF V600K)
    tumour_types: [MEL]
    effect: resistance
    mechanism: not established
    created: 2026-11-22
    reviewed: 2026-11-22
    evidence:
      - reference: PMID:24265155
        source: CIViC:EID6262
        level: B
        direction: supports
        studied_in: MEL
        statement: (to be written)
  # CIViC: BRAF V600, in Melanoma.
  # The same condition stands in VEM-001: is the evidence better put there?
  - id: VEM-004
    status: draft
    when: any substitution at BRAF V600
    tumour_types: [MEL]
    effect: susceptibility
    mechanism: target dependence
    created: 2026-11-22
    reviewed: 2026-11-22
    evidence:
      - reference: PMID:25265494
        source: CIViC:EID1422
        level: B
        direction: supports
        studied_in: MEL
        given_with: [cobimetinib]
        statement: (to be written)
"""
    )


def test_drafts_load_over_the_rule_set(small: Rulebase, drafts: Drafts, folder: Path) -> None:
    ids = {row.row.id for table in drafts.tables for row in table.rows}
    combined = overlaid(small, folder)
    assert combined.overlay is not None
    assert set(combined.overlay.added) == ids
    read = {row.id: row for table in combined.tables for row in table.rows if row.id in ids}
    assert {row.status for row in read.values()} == {"draft"}
    assert {row.id: row.evidence for row in read.values()} == {
        row.row.id: row.row.evidence for table in drafts.tables for row in table.rows
    }


def test_drafts_appended_to_the_rule_sets_files_load(folder: Path, tmp_path: Path) -> None:
    ruleset = tmp_path / "small"
    shutil.copytree(SMALL, ruleset)
    for name, key in (
        ("tables/gefitinib.yaml", "rows:\n"),
        ("tables/osimertinib.yaml", "rows:\n"),
        ("tables/vemurafenib.yaml", "rows:\n"),
        ("citations.yaml", "citations:\n"),
    ):
        appended = (folder / name).read_text(encoding="utf-8").partition(key)[2]
        with (ruleset / name).open("a", encoding="utf-8") as file:
            file.write(appended)
    rules = load_rulebase_folder(ruleset)
    assert sum(row.status == "draft" for table in rules.tables for row in table.rows) == 7


def test_a_drug_without_a_table_loads_with_a_drafted_indication(small: Rulebase, tmp_path: Path) -> None:
    without = small.model_copy(update={"tables": tuple(t for t in small.tables if t.drug != "vemurafenib")})
    write_drafts(draft(without, read_civic_file(EVIDENCE), ON), "small", tmp_path / "drafts", ON)
    assert "vemurafenib" in {table.drug for table in overlaid(without, tmp_path / "drafts").tables}


def test_no_sentence_of_civic_is_written(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 5
    assert not any("sentence of CIViC" in path.read_text(encoding="utf-8") for path in files)


def test_the_same_drafts_are_written_byte_for_byte(drafts: Drafts) -> None:
    assert draft_files(drafts, "small", ON) == draft_files(drafts, "small", ON)


def test_long_conditions_are_folded_and_read_as_they_were(small: Rulebase) -> None:
    item = next(item for item in read_civic_file(EVIDENCE) if item.id == "EID2159")
    codons = [f"EGFR {change}" for change in ("L858R", "T790M", "C797S", "L861Q", "G719A", "G719S", "S768I", "L747P")]
    long = draft(small, [replace(item, profile=" OR ".join(codons))], ON)
    text = draft_files(long, "small", ON)["tables/gefitinib.yaml"]
    assert max(map(len, text.splitlines())) <= WIDTH
    assert yaml.safe_load(text)["rows"][0]["when"] == f"any of ({', '.join(codons)})"


@pytest.mark.parametrize("name", ["yes", "2024-01-01", "a: b", "x #y", "- z", "[a], b", "1.5", "é", "\u200bnone"])
def test_whatever_a_drug_is_called_it_is_read_as_it_was(small: Rulebase, name: str) -> None:
    item = next(item for item in read_civic_file(EVIDENCE) if item.id == "EID2159")
    combined = replace(item, therapies=("Gefitinib", name), interaction="Combination")
    text = draft_files(draft(small, [combined], ON), "small", ON)["tables/gefitinib.yaml"]
    assert yaml.safe_load(text)["rows"][0]["evidence"][0]["given_with"] == [name]


def test_what_a_profile_or_citation_holds_cannot_break_a_file(small: Rulebase) -> None:
    item = next(item for item in read_civic_file(EVIDENCE) if item.id == "EID2159")
    odd = replace(item, disease="Lung Cancer", phenotypes="a\u2028b\x07: [", citation='Q "et" al., 2006 \x07')
    files = draft_files(draft(small, [odd], ON), "small", ON)
    assert yaml.safe_load(files["citations.yaml"])["citations"][0]["short"] == 'Q "et" al., 2006 \x07'
    assert len(yaml.safe_load(files["tables/gefitinib.yaml"])["rows"]) == 1


# --- what is in the way -------------------------------------------------------------------------------------------


def refused(drafts: Drafts, folder: Path) -> str:
    with pytest.raises(InputError) as refusal:
        write_drafts(drafts, "small", folder, ON)
    return str(refusal.value).removeprefix(str(folder))


def test_a_rule_set_is_never_written_into(drafts: Drafts, tmp_path: Path) -> None:
    ruleset = tmp_path / "small"
    shutil.copytree(SMALL, ruleset)
    before = {path: path.read_bytes() for path in ruleset.rglob("*") if path.is_file()}
    assert refused(drafts, ruleset).startswith(": is a rule set; expected a folder outside")
    assert refused(drafts, ruleset / "tables").startswith(": lies in the rule set small; expected a folder outside")
    assert refused(drafts, ruleset / "drafts" / "new").startswith(": lies in the rule set small")
    assert before == {path: path.read_bytes() for path in ruleset.rglob("*") if path.is_file()}


def test_what_stands_in_a_folder_is_never_written_over(drafts: Drafts, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert refused(drafts, folder) == ": is not empty; expected a name that is free"
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_not_taken_for_a_folder(drafts: Drafts, tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("", encoding="utf-8")
    assert refused(drafts, tmp_path / "drafts") == ": is a file; expected a folder, or a name that is free"


def test_an_empty_folder_is_filled_and_nothing_is_left_beside_it(drafts: Drafts, tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    write_drafts(drafts, "small", tmp_path / "drafts", ON)
    assert [path.name for path in tmp_path.iterdir()] == ["drafts"]
    assert (tmp_path / "drafts" / "overlay.yaml").is_file()


def test_a_folder_is_made_only_where_its_own_folder_is(drafts: Drafts, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"the folder .*none does not exist"):
        write_drafts(drafts, "small", tmp_path / "none" / "drafts", ON)


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_drafts_and_accounts_for_every_item(tmp_path: Path) -> None:
    done = run(EVIDENCE, "-o", tmp_path / "drafts", "--rulebase", SMALL, "--ruleset", "small", "--date", "2026-11-22")
    assert done.exit_code == 0
    assert done.output == (
        f"""\
{EVIDENCE}: 19 evidence items
      8  drafted
      1  in the rule set already
      0  left out as asked
      1  not on the effect of a drug
      1  not accepted by CIViC
      8  not translated
            1  drugs given one after another have no form in a table
            1  no drug is named
            1  speaks neither of response nor of resistance
            1  the alteration has no form in the language
            1  the gene is not in genes.yaml
            1  the reference protein has another residue there
            1  the source has no number to cite it by
            1  the tumour type is not known by this name
{tmp_path}/drafts: 7 draft rows of 3 drugs, 8 new references
      4  gefitinib
      1  osimertinib
      2  vemurafenib

Not translated: drugs given one after another have no form in a table
      1  Gefitinib then Multikinase Inhibitor AEE788: EID642

Not translated: no drug is named
      1  EML4::ALK e2::e20: EID1266

Not translated: speaks neither of response nor of resistance
      1  Adverse Response: EID1317

Not translated: the alteration has no form in the language
      1  EGFR Expression (does not say how much): EID4877

Not translated: the gene is not in genes.yaml
      1  NF1: EID90

Not translated: the reference protein has another residue there
      1  BRAF G496A (the reference residue at 496 is Q, not G): EID5966

Not translated: the source has no number to cite it by
      1  An abstract without a number, 2019, ASCO Annual Meeting: EID999001

Not translated: the tumour type is not known by this name
      1  Colorectal Cancer: EID11670
"""
    )
    assert UNWRITTEN in (tmp_path / "drafts" / "tables" / "gefitinib.yaml").read_text(encoding="utf-8")


def test_the_command_drafts_what_is_asked_for_by_any_name(tmp_path: Path) -> None:
    done = run(
        *(EVIDENCE, "-o", tmp_path / "drafts", "--rulebase", SMALL, "--ruleset", "small"),
        *("--drug", "Iressa", "--gene", "HER1", "--tumour", "lung adenocarcinoma"),
    )
    assert done.exit_code == 0
    assert [path.name for path in (tmp_path / "drafts" / "tables").iterdir()] == ["gefitinib.yaml"]
    assert "1 draft row of 1 drug, 1 new reference" in done.output


def test_where_nothing_is_drafted_nothing_is_written(tmp_path: Path) -> None:
    done = run(*(EVIDENCE, "-o", tmp_path / "drafts", "--rulebase", SMALL, "--ruleset", "small"), *("--gene", "MAP2K1"))
    assert done.exit_code == 0
    assert "Nothing was drafted, and nothing written." in done.output
    assert not (tmp_path / "drafts").exists()


def test_unknown_names_are_all_refused_with_the_nearest(tmp_path: Path) -> None:
    done = run(
        *(EVIDENCE, "-o", tmp_path / "drafts", "--rulebase", SMALL, "--ruleset", "small"),
        *("--drug", "gefitinb", "--gene", "EGRF", "--tumour", "LUADX"),
    )
    assert done.exit_code == 2
    words = " ".join(done.output.replace("│", " ").split())
    assert "--drug 'gefitinb' is not in drugs.yaml, did you mean gefitinib" in words
    assert "--gene 'EGRF' is not in genes.yaml, did you mean EGFR" in words
    assert "--tumour 'LUADX' is not in tumour_types.yaml, did you mean LUAD" in words
    assert not (tmp_path / "drafts").exists()


def test_a_rule_set_of_a_virus_is_refused(tmp_path: Path) -> None:
    done = run(EVIDENCE, "-o", tmp_path / "drafts", "--ruleset", "hiv1")
    assert done.exit_code == 2
    assert "CIViC is of tumours" in done.output


def test_a_folder_in_the_way_is_refused_before_reading(tmp_path: Path) -> None:
    done = run(tmp_path / "none.tsv", "-o", data_folder("rulebase") / "oncology" / "tables")
    assert isinstance(done.exception, InputError)
    assert "lies in the rule set oncology" in str(done.exception)


def test_evidence_of_the_shipped_rules_is_not_drafted_again(tmp_path: Path) -> None:
    done = run(EVIDENCE, "-o", tmp_path / "drafts", "--date", "2026-11-22")
    assert done.exit_code == 0
    assert "\n     12  in the rule set already\n" in done.output
