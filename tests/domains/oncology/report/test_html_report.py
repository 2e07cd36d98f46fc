"""The HTML report: what a clinician must find on it, and that it is safe, self-contained and accessible."""

from __future__ import annotations

import hashlib
import itertools
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resistab.core.derivation import mechanism_steps
from resistab.domains.oncology.report import VERDICTS
from resistab.domains.oncology.report import page as html
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.page import render_html
from resistab.rulesets.find import data_folder
from tests.report_page import Element, contrast, parse_page

MakeReport = Callable[..., Report]

HOSTILE = """<script>alert(1)</script> "O'Neil" </style><b>&amp; \\ {{ 7*7 }}"""


@pytest.fixture(scope="module")
def melanoma_page(melanoma: Report) -> Element:
    return parse_page(render_html(melanoma))


@pytest.fixture(scope="module")
def colon_page(colon: Report) -> Element:
    return parse_page(render_html(colon))


@pytest.fixture(scope="module")
def hostile_page(make_report: MakeReport) -> Element:
    report = make_report(
        "MEL", ["BRAF V600E", "<img src=x onerror=alert(1)>"], ["BRAF"], sample=HOSTILE, keep_going=True
    )
    return parse_page(render_html(report))


@pytest.fixture(scope="module")
def pages(melanoma_page: Element, colon_page: Element, hostile_page: Element) -> list[Element]:
    return [melanoma_page, colon_page, hostile_page]


@pytest.fixture(scope="module")
def css() -> str:
    return (data_folder("templates") / "report.css").read_text(encoding="utf-8")


# --- the header ---------------------------------------------------------------------------------------------


def test_the_header_names_sample_tumour_rule_set_and_software(melanoma: Report, melanoma_page: Element) -> None:
    (header,) = melanoma_page.all("header")
    facts = dict(zip([e.text for e in header.all("dt")], [e.text for e in header.all("dd")], strict=True))
    assert facts["Sample"] == "S-1"
    assert facts["Tumour type"] == "Melanoma (OncoTree MEL)"
    assert facts["Report date"] == "2026-11-21"
    rules = melanoma.ruleset
    assert f"{rules.name} {rules.version}" in facts["Rule set and software"]
    assert f"resistab {melanoma.software.version}" in facts["Rule set and software"]
    assert f"sha256:{rules.digest}" in facts["Rule set and software"]


def test_what_was_not_stated_of_the_sample_is_said_so(melanoma_page: Element) -> None:
    (header,) = melanoma_page.all("header")
    facts = dict(zip([e.text for e in header.all("dt")], [e.text for e in header.all("dd")], strict=True))
    assert facts["Specimen"] == facts["Sample date"] == facts["Earlier therapies"] == "not stated"


def test_no_earlier_therapy_is_not_the_same_as_none_stated(make_report: MakeReport) -> None:
    page = parse_page(render_html(make_report("MEL", ["BRAF V600E"], prior=[])))
    (header,) = page.all("header")
    facts = dict(zip([e.text for e in header.all("dt")], [e.text for e in header.all("dd")], strict=True))
    assert facts["Earlier therapies"] == "none"


# --- the summary --------------------------------------------------------------------------------------------


def groups_of(page: Element, tumour: str) -> dict[str, list[list[str]]]:
    """The rows of the first page's table under the heading of each group."""
    found: dict[str, list[list[str]]] = {}
    for row in page.by_id("summary").table(f"Drugs used in {tumour}"):
        if len(row) == 1:
            rows = found.setdefault(row[0], [])
        else:
            rows.append(row)
    return found


def group(page: Element, tumour: str, heading: str) -> list[list[str]]:
    (rows,) = [rows for title, rows in groups_of(page, tumour).items() if title.startswith(heading)]
    return rows


def test_the_first_page_says_what_fails_is_open_and_is_not_known(melanoma: Report, melanoma_page: Element) -> None:
    headings = list(groups_of(melanoma_page, "Melanoma"))
    order = ["Resistant", "Options", "Not assessable", "Possible resistance", "Not indicated"]
    met = [next(name for name in order if heading.startswith(name)) for heading in headings]
    assert met == sorted(met, key=order.index) and len(set(met)) == len(met)
    table = melanoma_page.by_id("summary").all("table", "first")[0]
    linked = {a.attributes["href"] for a in table.all("a")}
    relevant = [verdict for verdict in melanoma.verdicts if verdict.relevant]
    assert {f"#drug-{verdict.drug.replace(' ', '-')}" for verdict in relevant} <= linked


def test_the_conclusion_is_one_sentence_before_all_else(melanoma_page: Element) -> None:
    (conclusion,) = melanoma_page.by_id("summary").all("p", "conclusion")
    assert conclusion.text.startswith("Resistant to ") and " by NRAS Q61K" in conclusion.text
    assert "cannot be assessed" in conclusion.text and conclusion.text.count(". ") == 0


def test_drugs_not_indicated_are_listed_by_their_marker(make_report: MakeReport) -> None:
    page = parse_page(render_html(make_report("LUAD", ["TP53 R175H"], ["BRAF", "KRAS", "EGFR", "ERBB2"])))
    ((_, markers),) = group(page, "Lung Adenocarcinoma", "Not indicated")
    assert "KRAS G12C: adagrasib (Krazati), sotorasib (Lumakras, Lumykras)" in markers
    assert "ERBB2 kinase domain activating mutation: sevabertinib (Hyrnuo), zongertinib (Hernexeos)" in markers


def test_a_line_tells_drugs_verdict_and_every_reason(make_report: MakeReport) -> None:
    report = make_report("LUAD", ["EGFR L858R", "EGFR C797S", "MET amplification"], prior=["osimertinib"])
    rows = group(parse_page(render_html(report)), "Lung Adenocarcinoma", "Resistant")
    (row,) = [row for row in rows if row[0].casefold().startswith("osimertinib (tagrisso) given before")]
    assert row[1] == "✕ Resistant"
    assert "EGFR C797S (B" in row[2] and "MET amplification (B" in row[2]


def test_brands_stand_once_in_the_first_table_and_nowhere_else(make_report: MakeReport) -> None:
    report = make_report("LUAD", ["EGFR L858R", "EGFR C797S", "MET amplification"], prior=["osimertinib"])
    summary, _, rest = render_html(report).partition('<table class="first"')
    table, _, rest = rest.partition("</table>")

    for brand in ("Tagrisso", "Gilotrif, Giotrif", "Rybrevant", "Lazcluze"):
        assert table.count(f"({brand})") == 1
    named = re.sub(r"<[^>]*>", "", table)
    assert "Osimertinib (Tagrisso)" in named and "erlotinib (Tarceva)" in named
    assert not [brand for brands in report.brands.values() for brand in brands if brand in summary]
    # What is cited of labels goes by their names.
    assert not [brand for brands in report.brands.values() for brand in brands if f"({brand})" in rest]


def test_a_regimen_in_the_first_table_has_brands(make_report: MakeReport) -> None:
    page = parse_page(render_html(make_report("COAD", ["BRAF V600E"], ["KRAS", "NRAS", "BRAF"])))
    drugs = [row[0] for rows in groups_of(page, "Colon Adenocarcinoma").values() for row in rows]
    assert [text for text in drugs if text.startswith("Encorafenib (Braftovi) + cetuximab")], drugs


def test_markers_of_resistance_not_tested_are_named(melanoma_page: Element) -> None:
    rows = [row for rows in groups_of(melanoma_page, "Melanoma").values() for row in rows]
    assert [row for row in rows if "Resistance markers not tested: " in row[-1]]


def test_the_evidence_is_folded_and_printed_on_request(melanoma_page: Element, css: str) -> None:
    folded = melanoma_page.all("details", "drug")
    assert folded and not [item for item in folded if "open" in item.attributes]
    (choice,) = [item for item in melanoma_page.all("input") if item.attributes["id"] == "print-evidence"]
    assert choice.attributes["type"] == "checkbox" and "checked" not in choice.attributes
    assert "body:has(#print-evidence:not(:checked)) .on-request" in css
    (evidence,) = [item for item in melanoma_page.all("section", "on-request") if "Evidence by drug" in item.text]
    assert evidence.all("details", "drug")


def test_every_printed_page_names_report_rules_and_digest(melanoma: Report, melanoma_page: Element) -> None:
    (style,) = melanoma_page.all("style")
    (foot,) = re.findall(r'@bottom-center \{ content: "([^"]*)";', style.text)
    foot = re.sub(r"\\([0-9a-f]{6})", lambda match: chr(int(match[1], 16)), foot)
    number = hashlib.sha256(melanoma.to_json().encode()).hexdigest()[:12]
    rules = melanoma.ruleset
    software = melanoma.software.version
    assert foot == f"Report {number}, resistab {software}, {rules.id} {rules.version} {rules.digest[:12]}"
    assert r'content: "Page " counter(page) "\000020of " counter(pages)' in style.text
    assert [item.text for item in melanoma_page.all("dl", "signature")[0].all("dt")] == [
        "Reviewed by", "Date", "Signature",
    ]  # fmt: skip


def test_the_glossary_stands_at_the_end(melanoma_page: Element) -> None:
    assert melanoma_page.all("h2")[-1].text == "Glossary"
    terms = [term.text for term in melanoma_page.by_id("glossary").all("dt")]
    assert "Minor clone" in terms and "Evidence level" in terms


def test_missing_is_not_wild_type_is_said_in_the_summary(melanoma_page: Element) -> None:
    assert "Missing is not wild type." in melanoma_page.by_id("summary").text


def test_drugs_of_other_tumour_types_stand_apart(melanoma: Report, melanoma_page: Element) -> None:
    rows = melanoma_page.by_id("others").table("Drugs not used in Melanoma")
    others = [verdict.drug for verdict in melanoma.verdicts if not verdict.relevant]
    assert sorted(row[0].lower() for row in rows) == sorted(others)


def test_every_verdict_has_its_own_word_and_symbol() -> None:
    assert len(set(VERDICTS.words.values())) == len(set(VERDICTS.symbols.values())) == 6
    assert VERDICTS.words.keys() == VERDICTS.symbols.keys() == VERDICTS.meanings({}).keys()


# --- drug by drug -------------------------------------------------------------------------------------------


def test_the_derivation_goes_from_finding_to_level(melanoma: Report, melanoma_page: Element) -> None:
    vemurafenib = next(verdict for verdict in melanoma.verdicts if verdict.drug == "vemurafenib")
    strongest = next(item for item in vemurafenib.contributions if [*mechanism_steps(item.derivation)])
    *further, first = (step.rule for step in mechanism_steps(strongest.derivation))
    article = melanoma_page.by_id("drug-vemurafenib")
    steps = [step.text for step in article.all("ol")[0].all("li")]
    assert [re.search(r"rule (\S+):", step)[1] for step in steps] == [first, *reversed(further)]  # type: ignore[index]
    assert steps[0].startswith(f"NRAS Q61K was found, which counts as “NRAS activating mutation”. By rule {first}")
    assert steps[1].startswith(f"Therefore, by rule {further[-1]}: RAF dimers signal to MEK")
    fired = {row[0]: row for row in article.table("Rows that hold for vemurafenib")}
    assert fired[strongest.row][1].startswith("Concluded: MAP kinase pathway reactivated or bypassed")
    assert fired[strongest.row][2] == "Resistance, downstream reactivation"
    assert fired[strongest.row][3] == "Score 60 best evidence is level B: 60"
    assert "The score of 60 means level 5, high-level resistance." in article.text
    assert "Verdict: resistant." in article.text


def test_a_response_marker_is_told_with_tier_and_no_score(melanoma_page: Element) -> None:
    fired = {row[0]: row for row in melanoma_page.by_id("drug-vemurafenib").table("Rows that hold")}
    assert fired["VEM-001"][2:] == ["Response marker", "Tier I-A best evidence is level A"]


def test_every_evidence_item_is_shown_with_all_its_parts(melanoma: Report, melanoma_page: Element) -> None:
    article = melanoma_page.by_id("drug-trametinib")
    (trametinib,) = [verdict for verdict in melanoma.verdicts if verdict.drug == "trametinib"]
    items = [item for row in trametinib.contributions for item in row.evidence]
    shown = article.all("li")
    assert len(shown) == len(items)
    for item, element in zip(items, shown, strict=True):
        direction = "supports" if item.direction == "supports" else "against"
        assert element.text.startswith(f"Level {item.level}, {direction} ")
        assert item.studied_in_name in element.text
        assert " ".join(item.statement.split()) in element.text
        assert all(partner in element.text for partner in item.given_with)
        # A label has no page of its own.
        assert [link.attributes["href"] for link in element.all("a")] == ([item.url] if item.url else [])
        assert item.reference.replace(":", " ") in element.text


def test_the_evidence_of_a_mechanism_stands_at_its_rule(melanoma_page: Element) -> None:
    article = melanoma_page.by_id("drug-vemurafenib")
    assert "#rule-MAPK-004" in [link.attributes["href"] for link in article.all("a")]
    assert "MAPK-004" in melanoma_page.by_id("rule-MAPK-004").text
    details = [d for d in melanoma_page.all("details") if d.text.startswith("Evidence of MAPK-004")]
    assert "https://pubmed.ncbi.nlm.nih.gov/23569304/" in [a.attributes["href"] for a in details[0].all("a")]


def test_contradicting_evidence_is_named_as_a_conflict(melanoma: Report, melanoma_page: Element) -> None:
    (trametinib,) = [verdict for verdict in melanoma.verdicts if verdict.drug == "trametinib"]
    assert trametinib.conflicts
    for conflict in trametinib.conflicts:
        assert f"Conflict: {conflict}" in melanoma_page.by_id("drug-trametinib").text


def test_rows_left_open_are_counted_and_their_loci_named(melanoma: Report, melanoma_page: Element) -> None:
    (vemurafenib,) = [verdict for verdict in melanoma.verdicts if verdict.drug == "vemurafenib"]
    text = melanoma_page.by_id("drug-vemurafenib").text
    assert f"Undecided: {len(vemurafenib.undecided.rows)} rows of resistance could not be decided" in text
    assert all(locus in text for locus in vemurafenib.undecided.loci)


def test_a_drug_of_another_type_is_explained_if_a_row_fired(make_report: MakeReport) -> None:
    report = make_report("LUAD", ["EGFR L858R", "EGFR T790M"])
    fired = [verdict for verdict in report.verdicts if verdict.contributions and not verdict.relevant]
    assert fired
    page = parse_page(render_html(report))
    for verdict in fired:
        assert "not used in this tumour type" in page.by_id(f"drug-{verdict.drug.replace(' ', '-')}").text


# --- what is known and what is not --------------------------------------------------------------------------


def test_a_drug_not_assessable_names_what_was_not_assayed(colon_page: Element) -> None:
    ((number, causes),) = group(colon_page, "Colon", "Not assessable because")
    (drugs,) = re.findall(r"KRAS mutation in 12, 13, 59, 61, 117, 146 not tested: ([^;]*)", causes)
    assert {"cetuximab (Erbitux)", "panitumumab (Vectibix)"} <= set(drugs.split(", "))
    assert re.fullmatch(r"\d+ drugs\s*\? Not assessable", number)


def test_stated_and_inferred_assays_are_told_apart(colon_page: Element) -> None:
    rows = {row[0]: row[1:] for row in colon_page.table("What was assayed")}
    assert rows["Mutation"] == ["BRAF, NRAS", "APC (from APC R213*)"]


def test_a_finding_that_no_rule_knows_is_named(colon_page: Element) -> None:
    assert "No curated association: APC R213*." in colon_page.by_id("summary").text
    (row,) = colon_page.table("Findings")
    assert row == ["APC R213*", "APC R213*", "p.Arg213Ter", "not stated", "not stated", "no curated association"]


def test_an_entry_set_aside_is_listed_with_the_reason(make_report: MakeReport) -> None:
    report = make_report("MEL", ["BRAF V600E", "EGFR A790M"], keep_going=True)
    page = parse_page(render_html(report))
    assert "1 entry was not understood and set aside" in page.by_id("summary").text
    (entry,) = report.not_understood
    assert f"EGFR A790M: {entry.reason}" in page.text


def test_notes_on_the_input_are_shown(melanoma: Report) -> None:
    page = parse_page(render_html(melanoma.model_copy(update={"notes": ("the first of two was used",)})))
    assert "the first of two was used" in [item.text for item in page.all("li")]


def test_method_limits_and_references_are_complete(melanoma: Report, melanoma_page: Element) -> None:
    items = [item.text for item in melanoma_page.all("li")]
    assert all(text in items for text in (*melanoma.method, *melanoma.limits))
    references = melanoma_page.all("ul", "references")[0].all("li")
    assert [item.text for item in references] == [
        f"{citation.short}, {citation.reference.replace(':', ' ', 1)}" for citation in melanoma.citations
    ]
    assert "not a substitute for clinical judgement" in melanoma_page.text


def test_a_report_without_a_relevant_drug_says_so(make_report: MakeReport) -> None:
    report = make_report("MEL", ["BRAF V600E"])
    none = tuple(verdict.model_copy(update={"relevant": False}) for verdict in report.verdicts)
    page = parse_page(render_html(report.model_copy(update={"verdicts": none})))
    assert "No drug of this rule set is used in Melanoma." in page.by_id("summary").text


# --- safe and self-contained --------------------------------------------------------------------------------


def test_a_hostile_sample_name_is_shown_and_does_nothing(hostile_page: Element) -> None:
    assert hostile_page.all("bdi")[0].text == HOSTILE
    assert hostile_page.all("title")[0].text == f"Drug resistance report: {HOSTILE}, Melanoma"
    assert not hostile_page.all("script") and not hostile_page.all("img") and not hostile_page.all("b")


def test_the_sample_name_cannot_leave_its_string_in_the_foot(hostile_page: Element) -> None:
    (style,) = hostile_page.all("style")
    (foot,) = re.findall(r'@bottom-left \{ content: "Sample\\000020([^"]*)";', style.text)
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|\\[0-9a-f]{6})*", foot)
    assert re.sub(r"\\([0-9a-f]{6})", lambda match: chr(int(match[1], 16)), foot) == HOSTILE


def test_the_page_asks_for_nothing_from_outside(pages: list[Element]) -> None:
    for page in pages:
        elements = list(page.walk())
        assert {e.tag for e in elements} & {"script", "link", "img", "iframe", "object", "form", "base"} == set()
        assert not [name for e in elements for name in e.attributes if name.startswith("on") or name == "style"]
        assert not [e for e in elements if "src" in e.attributes]
        (style,) = page.all("style")
        assert "url(" not in style.text and "@import" not in style.text


def test_the_only_links_out_go_to_references(melanoma: Report, melanoma_page: Element) -> None:
    links = {link.attributes["href"] for link in melanoma_page.all("a")}
    out = {link for link in links if not link.startswith("#")}
    assert out == {citation.url for citation in melanoma.citations if citation.url}
    assert all(link.startswith("https://") for link in out)


def test_the_policy_forbids_everything_but_inline_style(melanoma_page: Element) -> None:
    (policy,) = [m for m in melanoma_page.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attributes["content"] == (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )


def test_a_reference_without_a_page_is_named_without_a_link(make_report: MakeReport) -> None:
    report = make_report("MEL", ["BRAF V600E"])
    first = report.citations[0].model_copy(update={"reference": "ASH:1", "url": ""})
    page = parse_page(render_html(report.model_copy(update={"citations": (first,)})))
    (item,) = page.all("ul", "references")[0].all("li")
    assert item.text == f"{first.short}, ASH 1" and not item.all("a")


# --- accessible ---------------------------------------------------------------------------------------------


def test_headings_begin_with_one_h1_and_skip_no_rank(pages: list[Element]) -> None:
    for page in pages:
        ranks = [int(e.tag[1]) for e in page.walk() if re.fullmatch(r"h[1-6]", e.tag)]
        assert ranks[0] == 1 and ranks.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(ranks))


def test_tables_have_a_caption_and_every_heading_cell_a_scope(pages: list[Element]) -> None:
    for page in pages:
        for table in page.all("table"):
            assert table.all("caption")[0].text
            heads = table.all("thead")[0].all("th")
            rows = [row for row in table.all("tr") if row not in table.all("thead")[0].all("tr")]
            assert all(th.attributes.get("scope") == "col" for th in heads)
            for row in rows:
                cells = [cell for cell in row.children if isinstance(cell, Element)]
                if "group" in row.attributes.get("class", ""):
                    assert [cell.attributes.get("scope") for cell in cells] == ["rowgroup"]
                    assert cells[0].attributes["colspan"] == str(len(heads))
                    continue
                assert sum(int(cell.attributes.get("colspan", "1")) for cell in cells) == len(heads)
                assert cells[0].tag == "th" and cells[0].attributes.get("scope") == "row"


def test_ids_are_unique_and_links_within_the_page_arrive(pages: list[Element]) -> None:
    for page in pages:
        ids = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
        assert len(ids) == len(set(ids))
        inside = [a.attributes["href"][1:] for a in page.all("a") if a.attributes["href"].startswith("#")]
        named = [e.attributes["aria-labelledby"] for e in page.walk() if "aria-labelledby" in e.attributes]
        assert set(inside + named) <= set(ids)


def test_the_page_states_its_language_and_has_a_skip_link(pages: list[Element]) -> None:
    for page in pages:
        assert page.all("html")[0].attributes["lang"] == "en"
        assert page.all("a")[0].text == "Skip to the summary"


def test_a_verdict_is_never_told_by_colour_alone(pages: list[Element]) -> None:
    for page in pages:
        for badge in page.all("span", "badge"):
            name = badge.attributes["class"].split()[1]
            assert badge.text == f"{VERDICTS.symbols[name]} {VERDICTS.words[name]}"  # type: ignore[index]


def test_contrast_is_known_for_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


LIGHT = ["#ffffff", "#f5f8fa", "#eef4f8"]
DARK = ["#14191f", "#1b222a", "#1a2630"]


def inks(css: str) -> dict[str, tuple[str, str]]:
    """Ink and ground by selector; neither may be set alone."""
    found = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        rules = dict(re.findall(r"(?<![-\w])([a-z-]+):\s*([^;]+);", body))
        assert ("color" in rules) == ("background" in rules), f"{selector.strip()} sets one of ink and ground only"
        if "color" in rules:
            found.setdefault(selector.strip(), (rules["color"], rules["background"]))
    return found


@pytest.mark.parametrize(("sheet", "grounds"), [("report.css", LIGHT), ("dark.css", DARK)])
def test_every_text_colour_has_at_least_the_contrast_of_wcag_aa(sheet: str, grounds: list[str]) -> None:
    # Text without a ground of its own may stand on any of the grounds that hold running text.
    css = (data_folder("templates") / sheet).read_text(encoding="utf-8")
    pairs = [
        (selector, ink, ground)
        for selector, (ink, own) in inks(css).items()
        for ground in (grounds if own == "transparent" else [own])
    ]
    assert len(pairs) > 15
    assert [pair for pair in pairs if contrast(pair[1], pair[2]) < 4.5] == []


def test_what_has_a_colour_has_one_on_a_dark_screen(css: str) -> None:
    viral = (data_folder("templates") / "viral_report.css").read_text(encoding="utf-8")
    dark = (data_folder("templates") / "dark.css").read_text(encoding="utf-8")
    assert inks(css).keys() | inks(viral).keys() == inks(dark).keys()
    assert dark.count("@media") == 1 and "@media screen and (prefers-color-scheme: dark)" in dark


# --- made quickly, always the same --------------------------------------------------------------------------


@pytest.fixture
def fresh_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    html._environment.cache_clear()
    yield monkeypatch
    html._environment.cache_clear()


def test_a_cold_and_a_warm_cache_give_the_same_text(
    melanoma: Report, fresh_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fresh_environment.setenv("RESISTAB_CACHE", str(tmp_path / "cache"))
    cold = render_html(melanoma)
    assert list((tmp_path / "cache").glob("template-*"))
    html._environment.cache_clear()
    assert render_html(melanoma) == cold


def test_a_cache_folder_that_cannot_be_made_does_no_harm(
    melanoma: Report, fresh_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    expected = render_html(melanoma)
    html._environment.cache_clear()
    fresh_environment.setenv("RESISTAB_CACHE", str(tmp_path / "file" / "cache"))
    assert render_html(melanoma) == expected


def test_damaged_cache_files_are_compiled_anew(
    melanoma: Report, fresh_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fresh_environment.setenv("RESISTAB_CACHE", str(tmp_path))
    expected = render_html(melanoma)
    for path in tmp_path.glob("template-*"):
        path.write_bytes(path.read_bytes()[:100])
    html._environment.cache_clear()
    assert render_html(melanoma) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no write permission for others on Windows")
def test_templates_are_not_taken_from_where_others_can_write(
    melanoma: Report, fresh_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    fresh_environment.setenv("RESISTAB_CACHE", str(tmp_path))
    render_html(melanoma)
    assert not list(tmp_path.iterdir())


def test_the_template_engine_is_loaded_only_when_a_page_is_made() -> None:
    code = "import sys, resistab.domains.oncology.report.page; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
