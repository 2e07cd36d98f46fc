"""The pages as a browser without scripts has them: choose, fill in, mend, read, have it in other forms."""

from __future__ import annotations

import json
import re

import pytest

pytest.importorskip("fastapi", reason="FastAPI is not installed; the extra 'serve' brings it")

from resistab.core.faults import InputError
from resistab.domains.pack import FILES
from resistab.domains.registry import packs
from resistab.server.asked import GivenFile
from resistab.server.form import file_name, kinds_of, packed, unpacked_file
from tests.paths import EXAMPLES
from tests.report_page import Element, parse_page
from tests.serving import Client, Send, given_file

LUNG = {"tumour": "LUAD", "finding": "EGFR L858R", "no_options": "on"}


def faults(page: Element) -> list[tuple[str, str]]:
    """The faults that a page lists, each with the field that it leads to."""
    (alert,) = [element for element in page.walk() if element.attributes.get("role") == "alert"]
    found = []
    for item in alert.all("li"):
        links = item.all("a")
        found.append((item.text, links[0].attributes["href"].removeprefix("#f-") if links else ""))
    return found


def value(page: Element, field: str) -> str:
    element = page.by_id(f"f-{field}")
    return element.text if element.tag == "textarea" else element.attributes["value"]


def test_the_first_page_offers_every_rule_set(client: Client) -> None:
    page = parse_page(client.get("/").text)
    links = [link.attributes["href"] for link in page.all("a")]
    assert {"/rulesets/oncology", "/rulesets/hiv1", "/rulesets/pharmacogenomics"} <= set(links)


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_a_form_asks_for_every_option_of_its_pack(pack: object) -> None:
    asked = [one.option for one in pack.form]  # type: ignore[attr-defined]
    assert len(asked) == len(set(asked))
    assert set(asked) == {option.name for option in pack.options} | {FILES}  # type: ignore[attr-defined]
    assert kinds_of(pack).keys() == set(asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("ruleset", ["oncology", "hiv1", "pharmacogenomics"])
def test_every_field_has_a_label_and_its_description(client: Client, ruleset: str) -> None:
    page = parse_page(client.get(f"/rulesets/{ruleset}").text)
    ids = [element.attributes["id"] for element in page.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    labelled = {label.attributes["for"] for label in page.all("label")}
    fields = [element for tag in ("input", "textarea", "select") for element in page.all(tag)]
    shown = [field for field in fields if field.attributes.get("type") != "hidden"]
    assert len(shown) > 5 and {field.attributes["id"] for field in shown} <= labelled
    described = [name for field in shown for name in field.attributes.get("aria-describedby", "").split()]
    assert set(described) <= set(ids)


def test_a_report_is_in_the_language_that_is_chosen(send: Send) -> None:
    pytest.importorskip("babel", reason="Babel is not installed; the extra 'languages' brings it")
    page = parse_page(send("oncology", LUNG | {"language": "de"}).text)
    assert page.all("h1")[0].text == "Resistenzbericht"
    kept = {field.attributes["name"]: field.text.strip() for field in page.all("textarea")}
    assert kept["language"] == "de"


def test_a_language_that_there_is_not_is_a_fault_of_its_field(send: Send) -> None:
    answer = send("oncology", LUNG | {"language": "xx"})
    assert answer.status_code == 422
    ((text, field),) = faults(parse_page(answer.text))
    assert "unknown language 'xx'" in text and field == "language"


def test_a_report_is_shown_with_what_can_be_had_of_it(send: Send) -> None:
    answer = send("oncology", LUNG)
    assert answer.status_code == 200
    page = parse_page(answer.text)
    assert page.all("h1")[0].text == "Drug resistance report"
    (bar,) = page.all("nav", "serve-bar")
    assert [button.attributes["value"] for button in bar.all("button")] == ["form", "json", "table"]
    assert {field.attributes["name"]: field.text for field in bar.all("textarea")} == {
        "tumour": "LUAD",
        "finding": "EGFR L858R",
    }
    # The report is styled as it is, by the hashes of what it brings.
    styles = len(page.all("style"))
    assert styles and answer.headers["content-security-policy"].count("'sha256-") == styles
    assert "http-equiv" not in answer.text


@pytest.mark.parametrize(("form", "ending"), [("json", "json"), ("table", "csv")])
def test_a_download_is_named_by_the_report_alone(send: Send, form: str, ending: str) -> None:
    answer = send("oncology", {**LUNG, "sample": 'Jane "Doe"\r\nX: 1', "format": form})
    assert answer.status_code == 422 and 'id="f-sample"' in answer.text
    answer = send("oncology", {**LUNG, "sample": 'Jane "Doe"', "format": form})
    name = answer.headers["content-disposition"]
    assert re.fullmatch(rf'attachment; filename="report-[0-9a-f]{{12}}\.{ending}"', name)


def test_what_was_typed_is_given_back_with_every_fault(send: Send) -> None:
    typed = {"tumour": "LUAD", "finding": "EGFR L85R\nFOO", "limit_of_detection": "half", "date": "tomorrow"}
    answer = send("oncology", {**typed, "all_drugs": "on", "prior": "osimertinb"})
    assert answer.status_code == 422
    page = parse_page(answer.text)
    told = faults(page)
    assert [field for _, field in told] == ["limit_of_detection", "date", "finding", "finding", "prior"]
    assert value(page, "finding") == "EGFR L85R FOO" and value(page, "date") == "tomorrow"
    assert "checked" in page.by_id("f-all_drugs").attributes
    assert page.by_id("f-finding").attributes["aria-invalid"] == "true"
    assert page.by_id("e-finding").text.count("EGFR L85R") == 1
    assert "autofocus" in page.by_id("faults").attributes


def test_of_very_many_faults_the_first_are_listed(send: Send) -> None:
    answer = send("pharmacogenomics", {"finding": "\n".join(f"TPMT *{number}/*99" for number in range(500, 750))})
    assert len(parse_page(answer.text).by_id("faults").all("li")) == 201
    assert "250 things are to be mended" in answer.text and "and 50 more" in answer.text


def test_options_are_named_by_the_labels_of_their_fields(send: Send) -> None:
    (told,) = faults(parse_page(send("oncology", {}).text))
    assert told == ("Tumour type: a patient file, or “Tumour type” with “Findings” or “Assayed”, is needed", "tumour")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><b>", "'{{ 7*7 }}"]
)
def test_what_is_typed_stays_text(send: Send, text: str) -> None:
    page = parse_page(send("oncology", {"tumour": text, "finding": text, "sample": text, "prior": text}).text)
    assert value(page, "tumour") == text and value(page, "finding") == text
    assert not page.all("img") and not page.all("b")
    assert [script.attributes.get("src") for script in page.all("script")] == ["/static/serve.js"]


def test_a_name_that_is_markup_stays_text_in_the_report(send: Send) -> None:
    name = "<script>alert('x')</script>"
    page = parse_page(send("oncology", {**LUNG, "sample": name}).text)
    assert not page.all("script")
    assert name in page.all("h1")[0].text + page.text


@pytest.mark.parametrize("text", ["EGFR\x00 L858R", "EGFR \u202eL858R", "EGFR \x1b[31mL858R"])
def test_characters_that_cannot_be_shown_are_refused(send: Send, text: str) -> None:
    answer = send("oncology", {**LUNG, "finding": text})
    (told,) = faults(parse_page(answer.text))
    assert answer.status_code == 422 and told[1] == "finding" and "cannot be printed" in told[0]


def test_of_a_file_of_several_one_is_asked_for(send: Send) -> None:
    file = given_file("cohort.maf", EXAMPLES / "cohort.maf")
    answer = send("oncology", {}, [file])
    page = parse_page(answer.text)
    ((text, field),) = faults(page)
    assert answer.status_code == 422 and field == "sample" and "colon-1, melanoma-1" in text
    assert [option.attributes["value"] for option in page.by_id("samples").all("option")] == ["colon-1", "melanoma-1"]
    # With another fault beside it that is told too.
    told = faults(parse_page(send("oncology", {"limit_of_detection": "half"}, [file]).text))
    assert [field for _, field in told] == ["limit_of_detection", "sample"]
    # The file is in the page, and need not be chosen again.
    (kept,) = [element for element in page.all("input") if element.attributes.get("name") == "kept"]
    answer = send(
        "oncology", {"sample": "colon-1", "no_options": "on", "format": "json", "kept": kept.attributes["value"]}
    )
    assert json.loads(answer.content)["sample"]["id"] == "colon-1"


def test_a_report_on_a_file_is_downloaded_without_it(send: Send) -> None:
    said = {"tumour": "LUAD", "no_options": "on"}
    shown = send("oncology", said, [given_file("tumour.vcf", EXAMPLES / "lung_tumour.vcf")])
    page = parse_page(shown.text)
    (kept,) = [element for element in page.all("input") if element.attributes.get("name") == "kept"]
    again = send("oncology", {**said, "format": "json", "kept": kept.attributes["value"]})
    assert json.loads(again.content)["sample"]["id"] == "lung-tumour"
    changed = parse_page(send("oncology", {**said, "format": "form", "kept": kept.attributes["value"]}).text)
    assert value(changed, "tumour") == "LUAD" and "tumour.vcf" in changed.by_id("asked").text


def test_a_panel_is_a_file_only_where_it_is_given_as_one(send: Send) -> None:
    """A name that somebody types is never looked for on this machine."""
    answer = send("oncology", {**LUNG, "panel": "/etc/passwd"})
    ((text, field),) = faults(parse_page(answer.text))
    assert answer.status_code == 422 and field == "panel" and "none of the rule set" in text
    given = send("oncology", {**LUNG, "format": "json"}, [given_file("genes.txt", b"EGFR\nALK\n", "file.panel")])
    assert "genes.txt" in given.text
    faulty = send("oncology", LUNG, [given_file("genes.txt", b"EGFR\nNOGENE\n", "file.panel")])
    assert faults(parse_page(faulty.text)) == [
        ("genes.txt:2: 'NOGENE': unknown gene 'NOGENE'; expected an HGNC symbol or a known alias", "panel")
    ]


def test_a_patient_file_opens_nothing_of_this_machine(send: Send) -> None:
    patient = b"sample: x\ntumour_type: LUAD\npanel: pyproject.toml\nfindings: [EGFR L858R]\n"
    ((text, field),) = faults(parse_page(send("oncology", {}, [given_file("a.yaml", patient)]).text))
    assert text.startswith("a.yaml:3:8: ") and "no file beside which to look" in text and field == "files"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\patients\\a.vcf", "a.vcf"),
        ("..", "file"),
        ("", "file"),
        ("a\x00\nb", "ab"),
    ],
)
def test_the_name_of_a_file_leads_nowhere(given: str, name: str) -> None:
    assert file_name(given) == name


def test_a_kept_file_is_bounded_and_whole() -> None:
    file = GivenFile("a.vcf", b"x" * 1000, "panel")
    assert unpacked_file(packed(file), 1000) == file
    bomb = packed(GivenFile("a.vcf", bytes(1_000_000)))
    for damaged in (bomb, packed(file)[:-8], "", "é", "AAAA"):
        with pytest.raises(InputError, match="damaged"):
            unpacked_file(damaged, 1000)


def test_a_mended_file_stands_in_place_of_the_kept_one(send: Send) -> None:
    faulty = b"sample: x\ntumour_type: LUAD\nfindings: [EGFR L85R]\n"
    page = parse_page(send("oncology", {}, [given_file("a.yaml", faulty)]).text)
    (kept,) = [element for element in page.all("input") if element.attributes.get("name") == "kept"]
    said = {"kept": kept.attributes["value"], "no_options": "on"}
    mended = given_file("a.yaml", faulty.replace(b"L85R", b"L858R"))
    assert send("oncology", said, [mended]).status_code == 200


def test_two_files_of_one_name_are_refused(send: Send) -> None:
    files = [given_file("a.yaml", b"x"), given_file("b/a.yaml", b"y")]
    ((text, field),) = faults(parse_page(send("oncology", {}, files).text))
    assert text == "a.yaml: is the name of two files; expected each name once" and field == "files"


def test_what_is_no_form_is_refused(client: Client) -> None:
    assert client.post("/rulesets/oncology", data={"tumour": "LUAD"}).status_code == 415
    for boundary in ("", "; boundary=x"):
        headers = {"content-type": f"multipart/form-data{boundary}"}
        assert client.post("/rulesets/oncology", content=b"--x\r\nno", headers=headers).status_code in (400, 403)
    assert client.get("/rulesets/nothing").status_code == 404
    refused = client.request("PUT", "/rulesets/oncology")
    assert refused.status_code == 405 and set(refused.headers["allow"].split(", ")) >= {"GET", "POST"}


def test_a_form_that_nobody_has_is_refused(send: Send) -> None:
    answer = send("oncology", {**LUNG, "format": "docx"})
    assert answer.status_code == 422 and "is no form of a report" in answer.text
