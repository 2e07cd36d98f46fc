"""What is suggested for a tumour type that is not known: the nearest by meaning, wherever types are named."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from resistab.core.faults import OptionsError
from resistab.curation.check import check_path
from resistab.domains.loading import load_rules
from resistab.domains.oncology.commands import import_civic
from resistab.domains.oncology.inputs.tumour_types import near_tumour_types, read_tumour_type, suggest_code
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.rulesets.find import ruleset_folder

DAY = datetime.date(2026, 11, 30)


@pytest.fixture(scope="module")
def rules() -> Rulebase:
    loaded = load_rules(ruleset_folder("oncology"))
    assert isinstance(loaded, Rulebase)
    return loaded


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("brest cancer", "BRCA"),
        ("breat cancer", "BRCA"),
        ("metastatic brest cancer", "BRCA"),
        ("triple negative brest cancer", "BRCA"),
        ("colon cancr", "COAD"),
        ("gastric cancr", "STAD"),
        ("prostat cancer", "PRAD"),
        ("melenoma", "MEL"),
        ("multiple myloma", "PCM"),
        ("glioblastma", "GB"),
        ("luad cancer", "LUAD"),
        ("NSCLCC", "NSCLC"),
        ("uretral cancer", "UCA"),
    ],
)
def test_a_slip_is_mended_by_what_the_names_mean(rules: Rulebase, text: str, code: str) -> None:
    assert read_tumour_type(rules, text).tumour is None
    assert near_tumour_types(rules, text)[0].code == code


def test_what_a_mended_name_may_mean_is_told_whole(rules: Rulebase) -> None:
    assert [tumour.code for tumour in near_tumour_types(rules, "lung cancr")] == ["NSCLC", "SCLC"]
    assert near_tumour_types(rules, "Brustkrebs") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [("breast cancer", "BRCA"), ("lung cancer", "NSCLC or SCLC"), ("Melanom", "MEL"), ("LUADD", "LUAD or UAD or LDD")],
)
def test_rules_are_told_the_code_of_a_name(rules: Rulebase, text: str, code: str) -> None:
    assert suggest_code(rules, text) == code


def test_a_row_in_breast_cancer_is_told_its_code(tmp_path: Path) -> None:
    folder = tmp_path / "oncology"
    shutil.copytree(ruleset_folder("oncology"), folder)
    path = folder / "tables" / "egfr-tyrosine-kinase-inhibitor" / "osimertinib.yaml"
    path.write_text(path.read_text("utf-8").replace("[NSCLC]", "[breast cancer]", 1), "utf-8")
    (fault,) = [one for one in check_path(folder, DAY, None).findings if one.severity == "error"]
    assert fault.code == "RT115" and "did you mean BRCA" in fault.text


def test_an_import_reads_names_as_people_write_them(tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match=r"'brest cancer' is not in .*did you mean BRCA \(Invasive Breast"):
        import_civic(tmp_path / "none.tsv", tumour=["breast cancer", "brest cancer"], output=tmp_path / "drafts")
