"""What a pack without wishes of its own shows: every rendering of a report of the plain form."""

from __future__ import annotations

import datetime
from itertools import pairwise
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from resistab.core.derivation import EvidenceItem, MechanismStep, Step
from resistab.core.faults import InputError
from resistab.core.measured import MeasuredComparison
from resistab.core.plain import PlainContribution, PlainVerdict
from resistab.report.cohort import summarise
from resistab.report.frame import TABLE_COLUMNS, Frame, SubjectWords
from resistab.report.frame.model import PLAIN_REPORT_FORMAT, Fact, PlainReport, PlainSample, Subject
from resistab.report.model import NotUnderstoodInfo, cited, ruleset_info, software_info
from resistab.report.words import VerdictWords, Vocabulary
from tests.report_page import Element, parse_page

FRAME = Frame(
    vocabulary=Vocabulary(
        (
            VerdictWords("stop", "Stop", "✕", "red", "not to be given"),
            VerdictWords("go", "Go", "○", "blue", "may be given"),
            VerdictWords("open", "Open", "?", "violet", "nothing is said"),
        )
    ),
    subjects=SubjectWords("Gene", "genes", "Phenotype"),
    nothing="open",
    note=("Not tested is not normal.", "What was not tested is unknown."),
    title="Small report",
)
MEANINGS = {"stop": "is not to be given", "go": "may be given", "open": "nothing is said"}
MANIFEST = SimpleNamespace(
    ruleset="small", name="small rules", version="0.2.0", date=datetime.date(2026, 1, 2), licence="CC0-1.0"
)


def item(statement: str = "The drug is hardly broken down.") -> EvidenceItem:
    return EvidenceItem(
        reference="PMID:29152729", citation="Amstutz et al. 2018", url="https://pubmed.ncbi.nlm.nih.gov/29152729/",
        level="A", direction="supports", studied_in="DPYD", studied_in_name="dihydropyrimidine dehydrogenase",
        drug=None, given_with=(), statement=statement, source="level A",
    )  # fmt: skip


def held() -> PlainContribution:
    found = Step(text="two alleles without function", truth="true", findings=("DPYD *2A/*2A",))
    rule = MechanismStep(
        rule="PHE-001", conclusion="DPYD poor", explanation="No activity is left.", mechanism="alleles to phenotype",
        weight=None, evidence=(), condition=found,
    )  # fmt: skip
    return PlainContribution(
        row="FU-001", overlay=None, condition="conclusion dpyd-poor", effect="no_drug", score=60,
        reason="The toxicity can be fatal.", findings=("DPYD *2A/*2A",), evidence=(item(),),
        derivation=Step(text="conclusion dpyd-poor (DPYD poor)", truth="true", rules=(rule,)),
    )  # fmt: skip


def verdict(drug: str, name: str, contributions: tuple[PlainContribution, ...] = (), missing: str = "") -> PlainVerdict:
    said = name != "open"
    return PlainVerdict(
        drug=drug, drug_class="fluoropyrimidine", verdict=name, level=4 if said else None,
        level_name="Another drug" if said else None, score=60 if said else None, decided_by="gravest row",
        reason=missing or f"{drug} for DPYD poor", rows=tuple(c.row for c in contributions),
        citations=tuple(e.reference for c in contributions for e in c.evidence),
        not_assessable=(missing,) if missing else (), contributions=contributions, left_open=(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def report() -> PlainReport:
    verdicts = (
        verdict("abacavir", "open", missing="HLA-B was not tested"),
        verdict("tamoxifen", "go"),
        verdict("fluorouracil", "stop", (held(),)),
    )
    return PlainReport(
        format=PLAIN_REPORT_FORMAT,
        software=software_info(),
        ruleset=ruleset_info(MANIFEST, "ab" * 32, None, drugs=3, rows=1, mechanism_rules=1, citations=1),
        generated_on=datetime.date(2026, 2, 3),
        sample=PlainSample(id="P <1>", facts=(Fact(label="Specimen", text="blood"),)),
        cautions=("Read this first.",),
        subjects=(
            Subject(name="DPYD", about="an enzyme", given=("DPYD *2A/*2A",), found=("*2A",), concluded="Poor"),
            Subject(name="HLA-B", about="an antigen", given=(), found=(), concluded=None),
            Subject(name="TPMT", about="an enzyme", given=("TPMT *1/*9",), found=("*9",), concluded=None),
        ),
        notes=("A note.",),
        not_understood=(NotUnderstoodInfo(entry="DPYD *999", reason="unknown allele"),),
        verdicts=verdicts,
        measured=(
            MeasuredComparison(
                drug="fluorouracil", assay="plasma", measure=None, value=None, resistant_from=None, sensitive_to=None,
                call="resistant", verdict="stop", agreement="not compared", reason="nothing is predicted: stop",
            ),
        ),
        citations=cited(verdicts, {"PMID:29152729": "Amstutz et al. 2018"}.__getitem__),
        glossary=FRAME.glossary(MEANINGS, {"stop": (3, 4), "go": (1,)}),
        method=("How it is done.",),
        limits=("What is not considered.",),
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(report: PlainReport) -> Element:
    return parse_page(FRAME.html(report))


def test_the_json_gives_the_report_back(report: PlainReport) -> None:
    assert PlainReport.model_validate_json(report.to_json()) == report


def test_page_and_terminal_begin_with_one_sentence(
    page: Element, report: PlainReport, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "Stop: fluorouracil; go: tamoxifen; open: abacavir."
    assert [p.text for p in page.by_id("summary").all("p", "conclusion")] == [sentence]
    FRAME.print_report(report, all_drugs=False)
    assert sentence in capsys.readouterr().out


def test_the_summary_lists_the_gravest_first_and_the_open_apart(page: Element) -> None:
    assert [row[:2] for row in page.table("Drugs of which something can be said")] == [
        ["Fluorouracil fluoropyrimidine", "✕ Stop level 4, Another drug"],
        ["Tamoxifen fluoropyrimidine", "○ Go level 4, Another drug"],
    ]
    assert page.table("Open") == [["HLA-B was not tested", "Abacavir"]]


def test_the_head_names_rules_software_and_sample(page: Element) -> None:
    assert page.all("h1")[0].text == "Small report"
    (facts,) = page.all("dl", "facts")
    said = [entry.text for entry in facts.all("dd")]
    assert said[0] == "P <1>" and "blood" in said and "2026-02-03" in said
    assert said[-1].startswith("small rules 0.2.0 of 2026-01-02; resistab") and "sha256:" + "ab" * 32 in said[-1]


def test_what_was_tested_and_what_was_not_stand_apart(page: Element) -> None:
    assert page.table("Genes that were tested") == [
        ["DPYD an enzyme", "DPYD *2A/*2A", "*2A", "Poor"],
        ["TPMT an enzyme", "TPMT *1/*9", "*9", "open"],
    ]
    assert "Not tested: HLA-B." in page.text


def test_a_drug_shows_its_rows_the_chain_and_the_evidence(page: Element) -> None:
    article = page.by_id("drug-fluorouracil")
    assert "DPYD *2A/*2A was found, which counts as “two alleles without function”" in article.text
    assert article.table("Rows that hold for fluorouracil") == [
        ["FU-001", "Concluded: DPYD poor.", "No drug. The toxicity can be fatal.", "Score 60"]
    ]
    links = [link.attributes["href"] for link in article.all("a")]
    assert links == ["https://pubmed.ncbi.nlm.nih.gov/29152729/"]
    assert "Decided by the policy's rule 'gravest row'. Verdict: stop." in article.text


def test_the_glossary_tells_the_verdicts_with_their_levels(page: Element) -> None:
    (legend,) = page.all("dl", "legend")
    assert [dd.text for dd in legend.all("dd")] == [
        "is not to be given (levels 3 and 4)", "may be given (level 1)", "nothing is said",
    ]  # fmt: skip


def test_links_lead_somewhere_and_ids_are_unique(page: Element) -> None:
    ids = [element.attributes["id"] for element in page.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = [a.attributes["href"][1:] for a in page.all("a") if a.attributes["href"].startswith("#")]
    assert targets and set(targets) <= set(ids)
    labels = [
        element.attributes["aria-labelledby"] for element in page.walk() if "aria-labelledby" in element.attributes
    ]
    assert labels and set(labels) <= set(ids)


def test_headings_nest_and_every_header_cell_has_a_scope(page: Element) -> None:
    levels = [int(element.tag[1]) for element in page.walk() if element.tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(cell.attributes.get("scope") in ("row", "col") for cell in page.all("th"))


def test_a_badge_has_the_tone_of_its_verdict(page: Element) -> None:
    badges = {badge.text: badge.attributes["class"] for badge in page.all("span", "badge")}
    assert badges == {"✕ Stop": "badge tone-red", "○ Go": "badge tone-blue", "? Open": "badge tone-violet"}


def test_the_terminal_shows_the_same(report: PlainReport, capsys: pytest.CaptureFixture[str]) -> None:
    FRAME.print_report(report, all_drugs=False)
    printed = capsys.readouterr().out
    for text in ("Small report: P <1>", "Specimen: blood", "Caution: Read this first.", "DPYD: DPYD *2A/*2A; Poor",
                 "TPMT: TPMT *1/*9; phenotype open", "Not tested: HLA-B", "Set aside: DPYD *999: unknown allele",
                 "✕ Stop", "HLA-B was not tested", "Not tested is not normal."):  # fmt: skip
        assert text in printed
    assert printed.index("fluorouracil") < printed.index("tamoxifen") < printed.index("abacavir")


def test_the_derivation_goes_down_to_findings_and_evidence(
    report: PlainReport, capsys: pytest.CaptureFixture[str]
) -> None:
    FRAME.print_derivation(report, "fluorouracil")
    printed = " ".join(capsys.readouterr().out.split())
    for text in ("fluorouracil: ✕ Stop, level 4, Another drug", "Row FU-001: no drug; score 60", "Rule PHE-001",
                 "found DPYD *2A/*2A", "PMID 29152729"):  # fmt: skip
        assert text in printed


def test_the_table_has_a_field_for_each_column(report: PlainReport) -> None:
    rows = [dict(zip(TABLE_COLUMNS, row, strict=True)) for row in FRAME.table_rows(report)]
    assert [(row["drug"], row["verdict"], row["level"]) for row in rows] == [
        ("abacavir", "open", ""), ("tamoxifen", "go", "4"), ("fluorouracil", "stop", "4"),
    ]  # fmt: skip


def test_a_cohort_counts_verdicts_and_refuses_those_of_others(report: PlainReport) -> None:
    cohort = summarise([FRAME.cohort_entry(report.to_json())] * 2)
    (group,) = cohort.groups
    assert (group.code, group.samples, [drug.drug for drug in group.drugs]) == (
        "small", 2, ["abacavir", "fluorouracil", "tamoxifen"],
    )  # fmt: skip
    with pytest.raises(ValidationError, match="verdicts of another domain"):
        FRAME.cohort_entry(report.to_json().replace('"verdict":"go"', '"verdict":"resistant"'))


def test_drugs_are_listed_and_found_by_any_name(capsys: pytest.CaptureFixture[str]) -> None:
    drug = SimpleNamespace(name="fluorouracil", drug_class="fluoropyrimidine", aliases=("5-fu",))
    rules = SimpleNamespace(
        manifest=MANIFEST, drugs=(drug,), drug_by_name={"fluorouracil": drug, "5-fu": drug}, rows_of=lambda name: [1, 2]
    )
    FRAME.print_drugs(rules, {})
    assert "fluorouracil" in (printed := capsys.readouterr().out) and "5-fu" in printed
    assert FRAME.drug_named(rules, " 5-FU ") == "fluorouracil"
    with pytest.raises(InputError, match="did you mean fluorouracil"):
        FRAME.drug_named(rules, "flurouracil")
