"""``make examples``: every patient file gives its report, which keeps to its schema and says what is known."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from resistab.rulesets.find import data_folder
from tests.paths import EXAMPLES, REPORTS
from tools import examples

SERIES = "lung_series"
VIRUSES = {path.stem for path in EXAMPLES.glob("*.fasta")}
GERMLINE = {"germline"}
TUMOURS = {path.stem for path in EXAMPLES.iterdir() if path.suffix in (".yaml", ".vcf")} - {SERIES} - GERMLINE
SCHEMAS = {
    **dict.fromkeys(TUMOURS, "report.schema.json"),
    **dict.fromkeys(VIRUSES, "viral_report.schema.json"),
    **dict.fromkeys(GERMLINE, "plain_report.schema.json"),
    SERIES: "timeline.schema.json",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of reports of a checkout with the examples alone, after ``make examples``."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(EXAMPLES, checkout / "examples")
    (checkout / "reports" / "examples").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "data_folder", lambda name: checkout / "reports" / name)
        examples.main()
    return checkout / "reports"


def schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((REPORTS / SCHEMAS[name]).read_text(encoding="utf-8")))


def report_of(made: Path, name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((made / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    return read


def verdicts_of(made: Path, name: str) -> dict[str, str]:
    return {verdict["drug"]: verdict["verdict"] for verdict in report_of(made, name)["verdicts"]}


def test_every_patient_file_gives_its_reports(made: Path) -> None:
    written = {path.name for path in (made / "examples").iterdir()}
    one = {f"{name}.{kind}" for name in SCHEMAS for kind in ("html", "json")}
    assert written == one | {f"{SERIES}.svg", "melanoma_nras_q61k.de.html"}
    assert set(examples.COMMITTED) < written
    assert TUMOURS and VIRUSES


def test_json_is_indented(made: Path) -> None:
    text = (made / "examples" / "cml_t315i.json").read_text(encoding="utf-8")
    assert text.startswith('{\n  "') and text.endswith("\n}\n")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_report_keeps_to_its_schema(made: Path, name: str) -> None:
    schema(name).validate(report_of(made, name))


def test_the_series_shows_what_emerged(made: Path) -> None:
    emerged = {item["finding"] for item in report_of(made, SERIES)["emergences"]}
    assert emerged == {"EGFR T790M", "EGFR C797S", "MET amplification"}


def test_a_verdict_that_does_not_exist_is_refused(made: Path) -> None:
    report = report_of(made, "cml_t315i")
    report["verdicts"][0]["verdict"] = "cured"
    assert not schema("cml_t315i").is_valid(report)


def test_nras_makes_the_melanoma_resistant(made: Path) -> None:
    verdicts = verdicts_of(made, "melanoma_nras_q61k")
    assert verdicts["vemurafenib"] == verdicts["dabrafenib"] == "resistant"


def test_c797s_in_cis_leaves_no_egfr_inhibitor(made: Path) -> None:
    verdicts = verdicts_of(made, "lung_osimertinib_c797s")
    assert {verdicts[drug] for drug in ("gefitinib", "erlotinib", "afatinib", "osimertinib")} == {"resistant"}


def test_t315i_leaves_ponatinib(made: Path) -> None:
    verdicts = verdicts_of(made, "cml_t315i")
    assert verdicts["ponatinib"] == "sensitive"
    assert {verdicts[drug] for drug in ("imatinib", "dasatinib", "nilotinib", "bosutinib")} == {"resistant"}


def test_without_kras_cetuximab_is_not_assessable(made: Path) -> None:
    (cetuximab,) = [v for v in report_of(made, "colon_kras_not_assayed")["verdicts"] if v["drug"] == "cetuximab"]
    assert cetuximab["verdict"] == "not_assessable" and "KRAS" in cetuximab["reason"]


def test_outside_a_checkout_it_says_why_it_cannot_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "data_folder", lambda name: tmp_path / "templates")
    with pytest.raises(SystemExit, match="in a checkout of the repository"):
        examples.main()


def test_the_checkout_is_where_the_examples_are_written() -> None:
    assert data_folder("templates").parent == REPORTS
