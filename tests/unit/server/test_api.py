"""The HTTP API: what it offers, what it refuses and how, and that its description says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed; the extra 'serve' brings it")

from resistab.domains.registry import packs
from resistab.server.application import application
from resistab.server.offered import Offered
from resistab.server.settings import ServerSettings
from tests.paths import REPORTS
from tests.serving import FORMS, Client, Here

EVALUATE = "/api/rulesets/oncology/evaluate"
SCHEMAS = {"oncology": "report", "virus": "viral_report", "pharmacogenomics": "plain_report"}


@pytest.fixture(scope="module")
def described(server: Any) -> dict[str, Any]:
    answer = Client(server).get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_rule_sets_say_what_may_be_said(client: Client) -> None:
    offered = {one["id"]: one for one in client.get("/api/rulesets").json()["rulesets"]}
    assert list(offered) == ["oncology", "hiv1", "pharmacogenomics"]
    assert len(offered["oncology"]["digest"]) == 64 and offered["oncology"]["formats"] == list(FORMS)
    fields = {field["name"]: field for field in offered["oncology"]["fields"]}
    assert (fields["tumour"]["kind"], fields["tumour"]["names"]) == ("text", "tumours")
    assert (fields["finding"]["kind"], fields["measured"]["kind"]) == ("list", "file")


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("oncology/tumours", "lung adeno", "LUAD"),
        ("oncology/tumours", "Breast canc", "BRCA"),
        ("oncology/tumours", "luad", "LUAD"),
        ("oncology/tumours", "melanom of the skn", "MEL"),
        ("oncology/panels", "FoundationOne", "foundationone-cdx"),
        ("oncology/drugs", "osim", "osimertinib"),
        ("oncology/drugs", "AZD9291", "osimertinib"),
        ("hiv1/drugs", "lamiv", "3TC"),
    ],
)
def test_names_are_completed(client: Client, path: str, text: str, name: str) -> None:
    found = client.get(f"/api/rulesets/{path}", params={"q": text}).json()["names"]
    assert name in [one["name"] for one in found]


def test_a_page_is_in_the_language_that_is_asked_for(client: Client) -> None:
    pytest.importorskip("babel", reason="Babel is not installed; the extra 'languages' brings it")
    body = {"mutations": "RT:M184V", "format": "html", "language": "de", "no_options": True}
    answer = client.post("/api/rulesets/hiv1/evaluate", json=body)
    assert answer.status_code == 200 and '<html lang="de">' in answer.text
    assert client.post("/api/rulesets/hiv1/evaluate", json=body | {"language": "xx"}).status_code == 422


def test_a_text_that_begins_no_name_finds_none(client: Client) -> None:
    for text in ("§§§", "x" * 100, "\x00"):
        assert client.get("/api/rulesets/oncology/panels", params={"q": text}).json() == {"names": []}
    assert len(client.get("/api/rulesets/hiv1/drugs").json()["names"]) > 20
    assert client.get("/api/rulesets/oncology/tumours", params={"q": "x" * 121}).status_code == 422


def test_a_change_is_looked_up(client: Client) -> None:
    found = client.get("/api/rulesets/oncology/lookup", params={"q": "EGFR T790M"}).json()
    assert found["meanings"][0]["name"] == "EGFR T790M" and found["meanings"][0]["rows"]
    nothing = client.get("/api/rulesets/oncology/lookup", params={"q": "osimertinb"}).json()
    assert nothing["meanings"] == [] and "osimertinib" in nothing["suggestions"]
    assert client.get("/api/rulesets/oncology/lookup").status_code == 422


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"tumor": "LUAD"}, "tumor"),
        ({"tumour": 1}, "tumour"),
        ({"finding": "EGFR L858R"}, "finding"),
        ({"finding": [1]}, "finding.0"),
        ({"keep_going": "yes"}, "keep_going"),
        ({"limit_of_detection": "0.1"}, "limit_of_detection"),
        ({"format": "docx"}, "format"),
        ({"date": "tomorrow"}, "date"),
        ({"date": 0}, "date"),
        ({"files": [{"name": "a.vcf"}]}, "files.0"),
        ({"files": [{"name": "a.vcf", "base64": "?"}]}, "files.0"),
        ({"files": [{"name": "a.vcf", "text": "", "base64": ""}]}, "files.0"),
        ({"files": [{"name": "a.vcf", "text": "x", "option": "tumour"}]}, "a.vcf"),
        ([], ""),
    ],
)
def test_a_body_that_is_none_is_refused(client: Client, body: Any, where: str) -> None:
    answer = client.post(EVALUATE, json=body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["where"] == where and answer.json()["faults"][0]["message"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"\\ud800": 1}', b'{"tumour": "\\ud800", "finding": ["\\ud800"]}'],
)
def test_what_is_no_json_is_refused(client: Client, content: bytes) -> None:
    answer = client.post(EVALUATE, content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422) and answer.json()["faults"]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e999", b"-1", b"2"])
def test_a_number_that_is_no_fraction_is_refused(client: Client, number: bytes) -> None:
    content = b'{"tumour": "LUAD", "finding": ["EGFR L858R"], "tumour_fraction": ' + number + b"}"
    answer = client.post(EVALUATE, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422 and "no fraction from 0 to 1" in answer.json()["faults"][0]["message"]


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_page_elsewhere_could_send_is_refused(client: Client, kind: str) -> None:
    answer = client.post(EVALUATE, content=b'{"tumour": "LUAD"}', headers={"content-type": kind})
    assert answer.status_code == 415 and answer.json()["faults"]


def test_of_several_samples_the_names_are_told(client: Client) -> None:
    text = "sample\talteration\ttumour_type\na\tEGFR L858R\tLUAD\nb\tEGFR L858R\tLUAD\n"
    answer = client.post(EVALUATE, json={"files": [{"name": "a.tsv", "text": text}]})
    assert answer.status_code == 422 and answer.json()["samples"] == ["a", "b"]


def test_too_large_files_are_refused(rulesets: Mapping[str, Offered]) -> None:
    client = Client(application(rulesets, ServerSettings(most_bytes=10_000), Here(), FORMS))
    answer = client.post(EVALUATE, json={"files": [{"name": "a.vcf", "text": "x" * 7001}]})
    assert answer.status_code == 422 and answer.json()["faults"][0]["message"] == "too much is given"


def test_unknown_addresses_and_methods_are_told(client: Client) -> None:
    for path in ("/api/nothing", "/api/rulesets/nothing/evaluate", "/api/rulesets/oncology"):
        assert client.get(path).status_code == 404 and client.get(path).json()["faults"]
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        refused = client.request(method, "/api/rulesets", headers={"content-type": "application/json"})
        assert refused.status_code == 405 and refused.headers["allow"] == "GET"


def test_the_description_names_every_refusal(described: dict[str, Any]) -> None:
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    assert len(operations) > 10
    for one in operations:
        assert {"200", "400", "408", "413", "421", "422", "500"} <= one["responses"].keys()
    posted = described["paths"][EVALUATE]["post"]["responses"]
    assert {"403", "415", "503", "504"} <= posted.keys()
    assert posted["200"]["content"].keys() == {"application/json", "text/html", "text/csv"}


@pytest.mark.parametrize("ruleset", ["oncology", "hiv1", "pharmacogenomics"])
def test_the_examples_of_a_form_are_a_patient(client: Client, described: dict[str, Any], ruleset: str) -> None:
    (example,) = described["components"]["schemas"][f"Patient-{ruleset}"]["examples"]
    answer = client.post(f"/api/rulesets/{ruleset}/evaluate", json={**example, "no_options": True})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_reports_are_described_as_they_are_published(pack: Any, described: dict[str, Any]) -> None:
    published = json.loads((REPORTS / f"{SCHEMAS[pack.name]}.schema.json").read_text(encoding="utf-8"))
    told = json.dumps(described["components"]["schemas"][f"{pack.name}-report"])
    whole = json.loads(told.replace(f"#/components/schemas/{pack.name}-", "#/$defs/"))
    assert {key: published[key] for key in whole} == whole
    assert {f"{pack.name}-{name}" for name in published["$defs"]} <= described["components"]["schemas"].keys()


def test_the_page_of_the_api_lists_it(client: Client, described: dict[str, Any]) -> None:
    page = client.get("/api").text
    assert all(path in page for path in described["paths"])
