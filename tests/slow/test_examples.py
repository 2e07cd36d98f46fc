"""The committed examples and the published schema are what the code makes now; ``make examples`` renews them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from resistab.domains.loading import load
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.report.model import Report
from resistab.rulesets.find import data_folder
from tests.paths import REPORTS
from tools import examples

EXAMPLES = {path.stem for path in (REPORTS.parent / "examples").glob("*") if path.suffix in (".yaml", ".vcf")} - {
    "lung_series"
}
VIRAL_EXAMPLES = {path.stem for path in (REPORTS.parent / "examples").glob("*.fasta")}


@pytest.fixture(scope="module")
def made(oncology: TumourInterpreter) -> dict[Path, str]:
    return examples.example_texts(REPORTS, oncology, load("hiv1"))


def report_of(name: str) -> Report:
    return Report.model_validate_json((REPORTS / "examples" / f"{name}.json").read_text(encoding="utf-8"))


def verdicts_of(name: str) -> dict[str, str]:
    return {verdict.drug: verdict.verdict for verdict in report_of(name).verdicts}


def test_the_committed_files_are_what_the_code_makes_now(made: dict[Path, str]) -> None:
    stale = [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run 'make examples'"


def test_nothing_lies_among_the_examples_that_the_code_does_not_make(made: dict[Path, str]) -> None:
    lying = {path for path in (REPORTS / "examples").iterdir() if path.suffix in (".html", ".json", ".svg")}
    assert lying == {path for path in made if path.parent.name == "examples"}
    assert (len(EXAMPLES), len(VIRAL_EXAMPLES)) == (5, 1)


@pytest.mark.parametrize("name", ["report.schema.json", "viral_report.schema.json", "timeline.schema.json"])
def test_the_schema_is_a_valid_one_and_names_its_dialect(name: str) -> None:
    schema = json.loads((REPORTS / name).read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema" and "$id" not in schema
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", sorted(EXAMPLES | VIRAL_EXAMPLES))
def test_an_example_keeps_to_the_schema(name: str) -> None:
    of_virus = name in VIRAL_EXAMPLES
    file = "viral_report.schema.json" if of_virus else "report.schema.json"
    schema = json.loads((REPORTS / file).read_text(encoding="utf-8"))
    report = json.loads((REPORTS / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)


def test_the_example_of_serial_samples_keeps_to_its_schema_and_shows_what_emerged() -> None:
    schema = json.loads((REPORTS / "timeline.schema.json").read_text(encoding="utf-8"))
    timeline = json.loads((REPORTS / "examples" / "lung_series.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(timeline)
    assert {item["finding"] for item in timeline["emergences"]} == {
        "EGFR T790M", "EGFR C797S", "MET amplification",
    }  # fmt: skip


def test_the_schema_refuses_a_verdict_that_does_not_exist() -> None:
    schema = json.loads((REPORTS / "report.schema.json").read_text(encoding="utf-8"))
    report = report_of("cml_t315i").model_dump(mode="json")
    report["verdicts"][0]["verdict"] = "cured"
    assert not jsonschema.Draft202012Validator(schema).is_valid(report)


def test_the_melanoma_is_resistant_to_the_braf_inhibitors_through_nras() -> None:
    verdicts = verdicts_of("melanoma_nras_q61k")
    assert verdicts["vemurafenib"] == verdicts["dabrafenib"] == "resistant"


def test_the_lung_cancer_with_c797s_in_cis_is_resistant_to_every_egfr_inhibitor() -> None:
    verdicts = verdicts_of("lung_osimertinib_c797s")
    assert {verdicts[drug] for drug in ("gefitinib", "erlotinib", "afatinib", "osimertinib")} == {"resistant"}


def test_t315i_leaves_ponatinib() -> None:
    verdicts = verdicts_of("cml_t315i")
    assert verdicts["ponatinib"] == "sensitive"
    assert {verdicts[drug] for drug in ("imatinib", "dasatinib", "nilotinib", "bosutinib")} == {"resistant"}


def test_without_kras_cetuximab_is_not_assessable() -> None:
    (cetuximab,) = [v for v in report_of("colon_kras_not_assayed").verdicts if v.drug == "cetuximab"]
    assert cetuximab.verdict == "not_assessable" and "KRAS" in cetuximab.reason


def test_outside_a_checkout_the_command_says_why_it_cannot_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "data_folder", lambda name: tmp_path / "templates")
    with pytest.raises(SystemExit, match="in a checkout of the repository"):
        examples.main()


def test_the_checkout_is_where_the_examples_are_written() -> None:
    assert data_folder("templates").parent == REPORTS
