"""``regimens`` and ``escape``, and the section Options of a report, as a user meets them."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.running import RESISTAB

MELANOMA = ("--tumour", "MEL", "--finding", "BRAF V600E", "--assayed", "BRAF, NRAS, KRAS, HRAS, MAP2K1, MAP2K2")
ALK = ("--tumour", "LUAD", "--finding", "EML4::ALK fusion", "--finding", "ALK G1202R", "--prior", "alectinib")
HIV = ("--ruleset", "hiv1", "--mutations", "RT:K103N, RT:M184V", "--assayed", "PR,RT,IN,CA")


def resistab(*arguments: str, code: int = 0) -> str:
    done = subprocess.run([*RESISTAB, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def of(found: dict[str, Any], drugs: set[str]) -> dict[str, Any]:
    (one,) = (one for one in found["regimens"] if set(one["drugs"]) == drugs)
    assert isinstance(one, dict)
    return one


def test_regimens_as_json_has_what_programs_count_on() -> None:
    found = json.loads(resistab("regimens", *MELANOMA, "--json", "-"))

    first = of(found, {"dabrafenib", "trametinib"})
    assert first["status"] == "recommended"
    assert first["gss"] == {"low": 2.0, "high": 2.0, "least": 1.5}
    assert first["genetic_barrier"]["value"] == 1 and first["genetic_barrier"]["exact"] is True
    assert {"id", "setting", "authority", "independent_targets", "broken_rules", "citations"} <= first.keys()
    assert all({"finding", "defeats"} <= one.keys() for changes in first["escape_sets"] for one in changes)
    watched = {item["finding"]: item for item in found["watch_list"]}
    assert {"dabrafenib", "trametinib"} <= set(watched["NRAS activating mutation"]["defeats"])
    assert watched["NRAS activating mutation"]["evidence"]


def test_a_risk_allele_forbids_a_regimen() -> None:
    found = json.loads(resistab("regimens", *HIV, "--germline", "HLA-B*57:01", "--seconds", "0", "--json", "-"))

    assert of(found, {"DTG", "ABC", "3TC"})["status"] == "contraindicated"
    assert of(found, {"DTG", "3TC", "TDF"})["status"] == "recommended"


def test_without_time_barriers_are_said_not_to_be_computed() -> None:
    found = json.loads(resistab("regimens", *HIV, "--seconds", "0", "--json", "-"))

    assert {one["genetic_barrier"] for one in found["regimens"]} == {None}
    assert any("were not computed" in note for note in found["notes"])


def test_escape_shows_what_each_change_does() -> None:
    said = resistab("escape", "DTG + 3TC + TDF", "--ruleset", "hiv1", "--mutations", "RT:M184V")

    assert said.startswith("What defeats DTG + 3TC + TDF in sample\nGenetic barrier: ")
    assert "defeats TDF" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("regimens", *HIV, "--setting", "firstline"), "unknown setting 'firstline'"),
        (("regimens", "--ruleset", "pharmacogenomics", "--finding", "HLA-B*57:01"), "regimens are for tumours"),
        (("regimens", *HIV, "--explore", "4"), "--explore"),
    ],
)
def test_a_wrong_command_line_says_so(arguments: tuple[str, ...], said: str) -> None:
    assert said in " ".join(resistab(*arguments, code=2).replace("│", " ").split())


def test_an_unknown_drug_of_a_regimen_is_a_fault_of_the_data() -> None:
    assert "unknown drug 'DTX'" in resistab("escape", "DTX + 3TC", *HIV, code=3)


def test_a_report_names_what_works_in_spite_of_a_resistance() -> None:
    page = resistab("evaluate", *ALK, "--html", "-")

    assert page.index('id="summary"') < page.index('id="options"') < page.index("Evidence by drug")
    assert "Works in spite of it: lorlatinib" in page


def test_options_stand_in_json_and_can_be_left_out() -> None:
    told = json.loads(resistab("evaluate", *ALK, "--json", "-"))
    without = json.loads(resistab("evaluate", *ALK, "--no-options", "--json", "-"))

    assert of(told["options"], {"lorlatinib"})["status"] == "recommended"
    assert told["options"]["limits"]
    assert without == {name: value for name, value in told.items() if name != "options"}
