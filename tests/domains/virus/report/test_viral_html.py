"""The HTML report on a virus: what a clinician must find on it, and that it is safe, self-contained and accessible."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from resistab.core.faults import NotUnderstood
from resistab.domains.virus.genotype import GeneCoverage, QualityNote, ViralGenotype
from resistab.domains.virus.report.drawing import draw_gene
from resistab.domains.virus.report.model import ViralReport
from resistab.domains.virus.report.page import render_viral_html
from resistab.rulesets.find import data_folder
from tests.domains.virus.report.viral_samples import (
    DIGEST,
    HOSTILE,
    LISTED,
    PARTIAL,
    found,
    levelled_rulebase,
    report_on,
    scored_rulebase,
)
from tests.report_page import Element, contrast, parse_page

SEVERE = QualityNote("stop codons", "severe", "3 stop codons in PR")
WARNING = QualityNote("frame shift", "warning", "1 frame shift in RT")
NOTE = QualityNote("unusual residues", "note", "1 unusual residue")


def page_of(genotype: ViralGenotype) -> Element:
    return parse_page(render_viral_html(report_on(genotype)))


@pytest.fixture(scope="module")
def partial() -> Element:
    return page_of(PARTIAL)


@pytest.fixture(scope="module")
def listed() -> Element:
    return page_of(LISTED)


@pytest.fixture(scope="module")
def doubtful() -> Element:
    setaside = (NotUnderstood(entry="RT:X9<Q", reason="no such residue"),)
    return page_of(replace(PARTIAL, quality=(NOTE, WARNING, SEVERE), not_understood=setaside, notes=("two were one",)))


@pytest.fixture(scope="module")
def levelled() -> Element:
    return parse_page(render_viral_html(levelled_report()))


@pytest.fixture(scope="module")
def hostile() -> Element:
    rulebase = scored_rulebase(full_name=HOSTILE, comment=HOSTILE)
    sample = replace(
        PARTIAL,
        sample=HOSTILE,
        findings=(found("RT", 184, "V", HOSTILE),),
        notes=(HOSTILE,),
        quality=(replace(SEVERE, message=HOSTILE),),
    )
    return parse_page(render_viral_html(report_on(sample, rulebase)))


@pytest.fixture(scope="module")
def pages(partial: Element, listed: Element, doubtful: Element, levelled: Element, hostile: Element) -> list[Element]:
    return [partial, listed, doubtful, levelled, hostile]


def levelled_report() -> ViralReport:
    sample = ViralGenotype(
        "S-3",
        (found("RT", 184, "V"), found("RT", 41, "L"), found("RT", 103, "N")),
        (GeneCoverage("RT", None, inferred=True),),
    )
    return report_on(sample, levelled_rulebase())


def facts_of(page: Element) -> dict[str, str]:
    (header,) = page.all("header")
    return dict(zip([e.text for e in header.all("dt")], [e.text for e in header.all("dd")], strict=True))


def summary_of(page: Element, drug_class: str) -> dict[str, list[str]]:
    return {row[0].split()[0]: row[1:] for row in page.by_id("summary").table(f"{drug_class} (")}


# --- the header ---------------------------------------------------------------------------------------------


def test_the_header_names_sample_genes_rules_and_software(partial: Element) -> None:
    facts = facts_of(partial)
    assert facts["Sample"] == "S-1" and facts["Report date"] == "2026-11-21"
    assert facts["What was given"] == "A sequence of 1,017 bases"
    assert facts["Genes read"] == "PR 1-99, all of it; RT 1-240 of 560; IN not sequenced"
    assert facts["Algorithm"] == "HIVDB 10.2 of 2026-02-01"
    assert facts["Rule set and software"].startswith("Scores of a few drugs 1.2.3 of 2026-03-01; resistab ")
    assert facts["Rule set and software"].endswith(f"sha256:{DIGEST}")


def test_a_list_of_mutations_is_told_from_a_sequence(listed: Element) -> None:
    assert facts_of(listed)["What was given"] == "A list of mutations"
    genes = "RT 1-560, all of it (inferred); IN 1-288, all of it (inferred); PR not sequenced"
    assert facts_of(listed)["Genes read"] == genes


# --- quality first ------------------------------------------------------------------------------------------


def test_quality_and_coverage_come_before_the_summary(doubtful: Element) -> None:
    headings = [heading.text for heading in doubtful.all("h2")]
    assert headings[:3] == ["✕ Do not use this interpretation as it stands", "Sequence quality", "Summary"]


def test_a_severe_problem_has_a_box_and_is_recalled(doubtful: Element) -> None:
    (box,) = doubtful.all("section", "severe")
    assert [item.text for item in box.all("li")] == ["Stop codons: 3 stop codons in PR"]
    assert "must be solved first" in doubtful.by_id("summary").text


def test_warnings_stand_out_from_notes(doubtful: Element) -> None:
    (box,) = doubtful.all("div", "warning")
    assert box.text == "▲ Warning Frame shift: 1 frame shift in RT"
    assert "Unusual residues: 1 unusual residue" in doubtful.by_id("quality").text


def test_a_sequence_without_problems_says_so(partial: Element) -> None:
    assert "No problem was found in the sequence." in partial.by_id("quality").text
    assert not partial.all("section", "severe")


def test_what_was_read_and_not_read_of_each_gene_is_told(partial: Element) -> None:
    assert partial.table("What was read of each gene") == [
        ["PR protease", "1-99, all of it", "–", "0"],
        ["RT reverse transcriptase", "1-240 of 560", "241-560", "6"],
        ["IN integrase", "Not sequenced", "All of it", "–"],
    ]


def test_coverage_inferred_from_a_listed_mutation_is_said(listed: Element) -> None:
    quality = listed.by_id("quality")
    assert quality.all("h2")[0].text == "What was read"
    assert "Nobody stated what of RT and IN was sequenced." in quality.text
    assert listed.table("What was read of each gene")[1][1] == "1-560, all of it (inferred)"


def test_a_gap_inside_what_was_read_is_named() -> None:
    page = page_of(replace(PARTIAL, coverage=(GeneCoverage("RT", ((1, 60), (64, 64), (70, 240))),)))
    assert page.table("What was read of each gene")[1][1:3] == ["1-60, 64, 70-240 of 560", "61-63, 65-69, 241-560"]


def test_entries_set_aside_are_counted_first_and_listed_below(doubtful: Element) -> None:
    quality = doubtful.by_id("quality")
    assert "1 entry was not understood and set aside" in quality.text
    assert "#set-aside" in [link.attributes["href"] for link in quality.all("a")]
    assert "RT:X9<Q: no such residue" in [item.text for item in doubtful.all("li")]
    assert "two were one" in [item.text for item in doubtful.all("li")]


# --- the summary --------------------------------------------------------------------------------------------


def test_drugs_stand_under_their_class_in_order(partial: Element) -> None:
    captions = [table.all("caption")[0].text for table in partial.by_id("summary").all("table")]
    assert captions == ["NRTI (RT)", "NNRTI (RT)", "PI (PR)", "INSTI (IN)"]
    assert list(summary_of(partial, "NRTI")) == ["3TC", "AZT"]


def test_a_drug_has_level_sir_score_and_the_mutations_behind_it(partial: Element) -> None:
    assert summary_of(partial, "NRTI")["3TC"] == ["✕ High-level resistance", "R", "60", "M184MV"]


def test_a_mutation_that_lowers_the_score_is_told_apart(partial: Element) -> None:
    # 41L 15, 215Y 60, both together 10, 184V -10.
    assert summary_of(partial, "NRTI")["AZT"][1:] == ["R", "75", "T215Y, M41L; score lowered by M184MV"]


def test_a_drug_for_which_nothing_was_found_is_susceptible(partial: Element) -> None:
    assert summary_of(partial, "PI")["ATV/r"] == ["○ Susceptible", "S", "0", "No rule holds"]


def test_a_susceptible_level_above_the_lowest_looks_different() -> None:
    page = page_of(ViralGenotype("S-4", (found("PR", 10, "F"),), (GeneCoverage("PR"),), bases=297))
    assert summary_of(page, "PI")["ATV/r"][:3] == ["△ Potential low-level resistance", "S", "10"]


def test_not_assessable_has_its_reason_but_no_score(partial: Element) -> None:
    level, sir, score, reason = summary_of(partial, "NNRTI")["DOR"]
    assert (level, sir, score) == ("? Not assessable", "–", "–")
    assert reason.startswith("RT 318 not read, where one mutation alone may mean resistance")
    assert "In what was read: V106I, score 5" in reason and "1 row undecided, RT 318 not tested" in reason


def test_drugs_of_a_gene_that_was_not_sequenced_share_one_line(partial: Element) -> None:
    assert partial.by_id("summary").table("INSTI") == [["DTG, RAL", "? Not assessable", "–", "IN was not sequenced"]]


def test_open_rows_are_told_where_they_may_change_the_level(partial: Element) -> None:
    rows = {row[0]: row[1:] for row in partial.by_id("missing").table("Rows that could not be decided")}
    assert rows["DOR"] == ["1 row undecided, RT 318 not tested 318F (score 60)", "yes"]
    assert rows["EFV"] == ["1 row undecided, RT 318 not tested 318F (score 10)", "no"]
    assert "undecided" not in summary_of(partial, "NNRTI")["EFV"][3]


def test_the_bar_has_as_many_steps_as_the_rule_set_has_levels(partial: Element, levelled: Element) -> None:
    for page, steps in ((partial, 5), (levelled, 3)):
        for filled in range(steps + 1):
            bars = page.by_id(f"steps-{filled}").all("rect")
            assert [bar.attributes["fill"] for bar in bars] == ["currentColor"] * filled + ["none"] * (steps - filled)


def test_every_badge_has_the_bar_of_its_level(partial: Element) -> None:
    (row,) = [row for row in partial.by_id("summary").all("tr") if row.text.startswith("3TC")]
    assert row.all("use")[0].attributes["href"] == "#steps-5"


def test_the_legend_names_every_level_with_its_sir(partial: Element) -> None:
    (legend,) = partial.all("dl", "legend")
    meanings = dict(zip([e.text for e in legend.all("dt")], [e.text for e in legend.all("dd")], strict=True))
    assert meanings["△ Potential low-level resistance"] == "level 2 of 5; S, susceptible"
    assert meanings["✕ High-level resistance"] == "level 5 of 5; R, resistant"


def test_the_conclusion_begins_with_the_gravest_level(partial: Element) -> None:
    (said,) = partial.by_id("summary").all("p", "conclusion")
    names = [part.partition(": ")[0] for part in said.text.removesuffix(".").split("; ")]
    order = ["high-level", "intermediate", "low-level", "potential low-level", "susceptible", "not assessable"]
    met = [next(n for n, name in enumerate(order) if told.lower().startswith(name)) for told in names]
    assert met == sorted(met) and len(met) > 1


def test_the_glossary_is_last_and_what_counted_is_on_request(partial: Element) -> None:
    assert partial.all("h2")[-1].text == "Glossary"
    assert partial.by_id("contributions").attributes["class"] == "on-request"
    assert partial.by_id("print-evidence").attributes["type"] == "checkbox"


# --- mutations ----------------------------------------------------------------------------------------------


def test_a_mutation_has_its_types_and_drugs(partial: Element) -> None:
    rows = {row[0].split()[0]: row[1:] for row in partial.by_id("mutations").table("Mutations of RT")}
    assert rows["M41L"] == ["M41L", "Accessory", "Other", "AZT2 rowsAZT-41, AZT-C1"]
    assert rows["K103N"][1:3] == ["Other", "Major"]
    assert rows["T215Y"][3].startswith("AZT")


def test_a_mixture_is_shown_as_such_with_what_was_given(partial: Element) -> None:
    rows = {row[0]: row[1] for row in partial.by_id("mutations").table("Mutations of RT")}
    assert rows["M184MV mixture of M, V"] == "184MV"


def test_an_insertion_is_named_in_a_mixture() -> None:
    page = page_of(replace(LISTED, findings=(found("RT", 69, "Ti"),)))
    rows = [row[0] for row in page.by_id("mutations").table("Mutations of RT")]
    assert rows == ["T69T_ins mixture of T, insertion"]


def test_mutations_that_count_for_no_drug_are_listed_compactly(partial: Element) -> None:
    assert "Other mutations, which count for no drug here: I135T." in partial.by_id("mutations").text


def test_a_gene_without_mutations_is_named(partial: Element) -> None:
    assert "No mutation was found in what was read of PR." in partial.by_id("mutations").text


def test_the_drawing_has_a_text_for_those_who_do_not_see_it(partial: Element) -> None:
    (drawing,) = partial.all("svg", "gene")
    assert drawing.attributes["role"] == "img"
    title = drawing.all("title")[0].text
    assert title.startswith("RT, 560 positions; read: 1-240 of 560; mutations: M41L, K103N")


def test_the_drawing_shows_what_was_read_to_scale() -> None:
    gene = report_on(PARTIAL).genes[1]
    drawing = draw_gene(gene)
    assert drawing is not None
    ((start, wide),) = drawing.read
    assert start == 12 and wide == pytest.approx(876 * 240 / 560, abs=0.1)
    assert [label.text for label in drawing.labels] == ["M41L", "K103N", "V106I", "M184MV", "T215Y"]
    assert len(drawing.ticks) == 1


def test_names_in_a_drawing_do_not_overlap() -> None:
    gene = report_on(PARTIAL).genes[1]
    drawing = draw_gene(gene)
    assert drawing is not None
    for one, other in itertools.combinations(drawing.labels, 2):
        apart = abs(one.x - other.x) >= (len(one.text) + len(other.text)) * 7 / 2
        assert apart or one.y != other.y


def test_a_gene_of_unknown_length_has_no_drawing(levelled: Element) -> None:
    assert not levelled.all("svg", "gene")
    assert levelled.table("What was read of each gene") == [["RT", "All of it (inferred)", "–", "3"]]


# --- what counted -------------------------------------------------------------------------------------------


def matrix_of(page: Element, drug_class: str) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in page.by_id("contributions").table(f"{drug_class}: what")}


def totals_of(page: Element, drug_class: str) -> list[list[str]]:
    (table,) = [t for t in page.all("table", "matrix") if t.all("caption")[0].text.startswith(f"{drug_class}:")]
    return [
        [cell.text for cell in row.children if isinstance(cell, Element)] for row in table.all("tfoot")[0].all("tr")
    ]


def test_the_matrix_has_each_mutation_and_keeps_the_sign(partial: Element) -> None:
    assert matrix_of(partial, "NRTI") == {
        "M41L": ["·", "15"],
        "M184MV 184I/V": ["60", "-10"],
        "T215Y 215F/Y": ["·", "60"],
        "M41L + T215Y 41L and 215F/Y": ["·", "10"],
    }


def test_below_the_matrix_stand_the_scores_and_levels(partial: Element) -> None:
    assert totals_of(partial, "NRTI") == [["Score", "60", "75"], ["Level, SIR", "✕ 5 R", "✕ 5 R"]]
    assert totals_of(partial, "NNRTI") == [["Score", "60", "5"], ["Level, SIR", "✕ 5 R", "? Not assessable"]]


def test_each_cell_names_its_rows(partial: Element) -> None:
    assert "AZT-C1" in [cell.attributes.get("title") for cell in partial.by_id("contributions").all("td")]


def test_a_rule_set_without_scores_shows_levels(levelled: Element) -> None:
    assert matrix_of(levelled, "NRTI") == {
        "M184V 184I/V": ["level 3", "·"],
        "M41L + K103N at least 2 of (41L, 69ins, 103N)": ["·", "level 2"],
    }
    assert totals_of(levelled, "NRTI") == [["Level, SIR", "✕ 3 R", "▲ 2 I"]]


def test_without_scores_the_summary_has_no_column_for_them(levelled: Element) -> None:
    heads = [head.text for head in levelled.by_id("summary").all("thead")[0].all("th")]
    assert heads == ["Drug", "Level", "SIR", "Reason"]


def test_classes_for_which_nothing_holds_are_named(partial: Element) -> None:
    lines = [paragraph.text for paragraph in partial.by_id("contributions").all("p")]
    assert lines[-2:] == ["PI: no row holds.", "INSTI: IN was not sequenced."]


# --- comments, what is missing, method ----------------------------------------------------------------------


def test_comments_have_gene_id_and_text(partial: Element) -> None:
    (comments,) = partial.all("dl", "comments")
    assert [e.text for e in comments.all("div")] == [
        "RT RT184VILowers fitness.",
        "On the result 3TC-highAsk before stopping lamivudine.",
    ]


def test_each_cause_of_not_assessable_names_its_drugs(partial: Element) -> None:
    assert partial.by_id("missing").table("Why drugs are not assessable") == [
        ["RT 318 not read, where one mutation alone may mean resistance", "DOR"],
        ["IN was not sequenced", "DTG, RAL"],
    ]


def test_of_many_open_rows_the_weightiest_are_named() -> None:
    report = report_on(PARTIAL)
    verdict = next(v for v in report.verdicts if v.drug == "DOR")
    rows = tuple(
        verdict.left_open[0].model_copy(update={"condition": f"{n}F", "score": float(n)}) for n in range(1, 31)
    )
    changed = tuple(v.model_copy(update={"left_open": rows}) if v is verdict else v for v in report.verdicts)
    page = parse_page(render_viral_html(report.model_copy(update={"verdicts": changed})))
    text = page.by_id("open-DOR").text
    assert "30F (score 30); 29F (score 29)" in text and "; and 18 more" in text and "18F" not in text


def test_method_and_limits_are_complete(partial: Element) -> None:
    report = report_on(PARTIAL)
    items = [item.text for item in partial.all("li")]
    assert all(text in items for text in (*report.method, *report.limits))
    assert "The rule set holds 7 drugs, 17 rows and 2 comments (licence CC0)." in items


# --- safe and self-contained --------------------------------------------------------------------------------


def test_hostile_names_are_shown_as_they_are_and_do_nothing(hostile: Element) -> None:
    assert hostile.all("bdi")[0].text == HOSTILE
    assert hostile.all("title")[0].text == f"Drug resistance report: {HOSTILE}, Scores of a few drugs"
    assert HOSTILE in hostile.by_id("summary").text and HOSTILE in hostile.all("dl", "comments")[0].text
    assert not hostile.all("script") and not hostile.all("b")


def test_a_drug_with_a_slash_has_a_heading_that_its_link_reaches() -> None:
    page = page_of(ViralGenotype("S-4", (found("PR", 10, "F"),), (GeneCoverage("PR"),), bases=297))
    assert "#drug-ATV/r" in [link.attributes["href"] for link in page.by_id("summary").all("a")]
    assert page.by_id("drug-ATV/r").text == "ATV/r"


def test_the_page_asks_for_nothing_from_outside(pages: list[Element]) -> None:
    for page in pages:
        elements = list(page.walk())
        assert {e.tag for e in elements} & {"script", "link", "img", "iframe", "object", "form", "base"} == set()
        assert not [name for e in elements for name in e.attributes if name.startswith("on") or name == "style"]
        assert all(e.attributes["href"].startswith("#") for e in elements if "href" in e.attributes)
        (style,) = page.all("style")
        assert "url(" not in style.text and "@import" not in style.text


def test_the_policy_forbids_everything_but_inline_style(partial: Element) -> None:
    (policy,) = [m for m in partial.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attributes["content"].startswith("default-src 'none'; style-src 'unsafe-inline'")


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
            assert all(th.attributes.get("scope") == "col" for th in heads)
            for row in [row for part in ("tbody", "tfoot") for body in table.all(part) for row in body.all("tr")]:
                cells = [cell for cell in row.children if isinstance(cell, Element)]
                assert len(cells) == len(heads)
                assert cells[0].tag == "th" and cells[0].attributes.get("scope") == "row"


def test_ids_are_unique_and_links_within_the_page_arrive(pages: list[Element]) -> None:
    for page in pages:
        ids = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
        assert len(ids) == len(set(ids))
        inside = [e.attributes["href"][1:] for e in page.walk() if "href" in e.attributes]
        named = [e.attributes["aria-labelledby"] for e in page.walk() if "aria-labelledby" in e.attributes]
        assert set(inside + named) <= set(ids)


def test_a_level_is_never_told_by_colour_alone(pages: list[Element]) -> None:
    for page in pages:
        for badge in page.all("span", "badge") + page.all("span", "mark"):
            assert re.match(r"[✕▲△○?] \S", badge.text)


def test_every_text_colour_has_at_least_the_contrast_of_wcag_aa() -> None:
    css = (data_folder("templates") / "viral_report.css").read_text(encoding="utf-8")
    inks = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        rules = dict(re.findall(r"(?<![-\w])([a-z-]+):\s*([^;]+);", body))
        assert ("color" in rules) == ("background" in rules), f"{selector.strip()} sets one of ink and ground only"
        if "color" in rules:
            inks.append((selector.strip(), rules["color"], rules["background"]))
    assert len(inks) >= 4
    assert [ink for ink in inks if contrast(ink[1], ink[2]) < 4.5] == []


def test_the_same_report_gives_the_same_text_of_moderate_size() -> None:
    text = render_viral_html(report_on(PARTIAL))
    assert text == render_viral_html(report_on(PARTIAL))
    assert len(text.encode()) < 40_000
