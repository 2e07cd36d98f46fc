"""Each lint of a tumour rule set, by a rule set that has this fault and no other."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from resistab.curation.kit.case_mentions import Telling, read_case_mentions
from resistab.curation.kit.lints import CODES as COMMON
from resistab.curation.kit.lints import Lint, overdue_since
from resistab.domains.oncology.curate import codes, lint
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.virus.curate import codes as virus_codes
from tests.paths import SMALL, TESTS

CODES = COMMON | dict(codes()) | dict(virus_codes())
ON = datetime.date(2026, 11, 22)
VEM, GEF, OSI = "tables/vemurafenib.yaml", "tables/gefitinib.yaml", "tables/osimertinib.yaml"
MAPK, BYP = "mechanisms/map_kinase_pathway.yaml", "mechanisms/egfr_bypass.yaml"


def row(name: str, when: str, effect: str = "resistance", tumour: str = "MEL", **more: str) -> str:
    """A row to stand at the end of a table; ``more`` are further lines, and ``evidence`` items on one line each."""
    evidence = more.pop("evidence", support("PMID:23569304", level="B", studied=tumour))
    lines = {"status": "active", "created": "2026-11-21", "reviewed": "2026-11-21"} | more
    further = "".join(f"    {key}: {value}\n" for key, value in lines.items())
    return (
        f"  - id: {name}\n    when: {when}\n    tumour_types: [{tumour}]\n    effect: {effect}\n"
        f"    mechanism: not established\n{further}    evidence: [{evidence}]\n"
    )


def support(reference: str, level: str = "B", studied: str = "MEL", direction: str = "supports", more: str = "") -> str:
    return (
        f"{{reference: {reference}, level: {level}, direction: {direction}, studied_in: {studied}, "
        f"statement: Seen in a study{more}}}"
    )


def rule(name: str, when: str, concludes: str, tumour: str = "MEL", **more: str) -> str:
    """A definition to stand at the end of a mechanism file."""
    lines = {"status": "active", "definition": "true", "evidence": "[]", "reviewed": "2026-11-21"} | more
    further = "".join(f"    {key}: {value}\n" for key, value in lines.items())
    return (
        f"  - id: {name}\n    when: {when}\n    tumour_types: [{tumour}]\n    concludes: {concludes}\n"
        f"    mechanism: not established\n    explanation: For the tests.\n    created: 2026-11-21\n{further}"
    )


def conclusion(name: str) -> tuple[str, str]:
    return "conclusions:\n", f"conclusions:\n  - id: {name}\n    name: {name}\n"


def lints_of(folder: Path, on: datetime.date = ON) -> list[Lint]:
    return sorted(lint(load_rulebase_folder(folder), folder, on))


def aged(folder: Path, on: datetime.date = ON) -> dict[str, str]:
    """What is said of old evidence, by table."""
    return {found.rule: found.message for found in lints_of(folder, on) if found.code == "RT633"}


@pytest.fixture(scope="module")
def before() -> list[Lint]:
    return lints_of(SMALL)


@pytest.fixture
def added(small_rulebase_copy, before):
    """The lints that the small rule set has after texts were put at the end of files, or in the place of others."""

    def lints(
        append: dict[str, str] | None = None, replace: dict[str, tuple[str, str]] | None = None, on: datetime.date = ON
    ) -> list[Lint]:
        folder = small_rulebase_copy(replace=replace)
        for name, text in (append or {}).items():
            (folder / name).parent.mkdir(exist_ok=True)
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(text)
        # What the small rule set rests on is old, and so is what is added; where that is asked, it is asked for.
        return [found for found in lints_of(folder, on) if found not in before and found.code != "RT633"]

    return lints


def shown(lints: list[Lint]) -> list[tuple[str, str, str]]:
    return [(found.code, found.file, found.rule) for found in lints]


def test_the_small_rule_set_has_genes_to_spare_and_no_cases(before):
    assert shown([found for found in before if found.code != "RT633"]) == [
        ("RT620", "genes.yaml", "ABCB1"),
        ("RT628", "genes.yaml", "EGFR"),
        ("RT623", "ruleset.yaml", "small"),
    ]


# --- rows by their conditions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "when",
    [
        "BRAF V600E and not any substitution at BRAF V600",
        "BRAF V600E and not tumour type is SKIN",
        "BRAF wild type and BRAF V600E",
        "at least 2 of (BRAF V600E, BRAF wild type)",
    ],
)
def test_row_that_can_never_fire(added, when):
    assert shown(added({VEM: row("VEM-003", when)})) == [("RT601", VEM, "VEM-003")]


def test_row_that_fires_somewhere_is_not_called_dead(added):
    assert added({VEM: row("VEM-003", "BRAF K601E and not any substitution at BRAF V600")}) == []


def test_draft_and_retired_rows_are_left_alone(added):
    when = "BRAF V600E and not BRAF V600E"
    retired = row("VEM-004", when, status="retired", retired="2026-11-21")
    assert added({VEM: row("VEM-003", when, status="draft") + retired}) == []


def test_extrapolation_inside_the_rows_own_tumour_types(added):
    text = row("VEM-003", "BRAF K601E", tumour="SKIN", extrapolated_to="[MEL]")
    found = added({VEM: text})
    assert shown(found) == [("RT602", VEM, "VEM-003")]
    assert found[0].message == "it is never extrapolated to MEL"


def test_two_rows_that_fire_together_in_different_words(added):
    one = row("VEM-003", "BRAF K601E or BRAF L597Q")
    two = row("VEM-004", "at least 1 of (BRAF L597Q, BRAF K601E)")
    found = added({VEM: one + two})
    assert shown(found) == [("RT603", VEM, "VEM-004")]
    assert found[0].message == "it fires exactly where VEM-003 fires, with the same effect"


def test_narrower_row_on_the_same_evidence(added):
    one, two = row("VEM-003", "BRAF K601E"), row("VEM-004", "any substitution at BRAF K601")
    found = added({VEM: one + two})
    assert shown(found) == [("RT604", VEM, "VEM-003")]
    assert found[0].message == "VEM-004 fires wherever it fires, and counts as much"


def test_narrower_row_on_evidence_of_its_own(added):
    one = row("VEM-003", "BRAF K601E", evidence=support("PMID:21383288"))
    two = row("VEM-004", "any substitution at BRAF K601")
    assert shown(added({VEM: one + two})) == [("RT625", VEM, "VEM-003")]


def test_narrower_row_of_higher_score_is_no_lint(added):
    one = row("VEM-003", "BRAF K601E", evidence=support("PMID:21383288", level="B"))
    two = row("VEM-004", "any substitution at BRAF K601", evidence=support("PMID:23569304", level="D"))
    assert added({VEM: one + two}) == []


def test_narrower_row_extrapolated_further_is_no_lint(added):
    one = row("VEM-003", "BRAF K601E", extrapolated_to="[TISSUE]")
    assert added({VEM: one + row("VEM-004", "any substitution at BRAF K601")}) == []


def test_narrower_marker_of_another_studied_drug_is_no_lint(added):
    wider = support("PMID:23569304", more=", drug: gefitinib")
    one = row("VEM-003", "BRAF K601E", effect="susceptibility")
    two = row("VEM-004", "any substitution at BRAF K601", effect="susceptibility", evidence=wider)
    assert added({VEM: one + two}) == []


def test_scores_that_are_added_make_no_row_redundant(added):
    rows = row("VEM-003", "BRAF K601E") + row("VEM-004", "any substitution at BRAF K601")
    assert added({VEM: rows}, {"ruleset.yaml": ("combine: max", "combine: sum")}) == []


def test_two_rows_that_contradict_each_other(added):
    one = row("VEM-003", "BRAF K601E")
    two = row("VEM-004", "BRAF K601E", effect="susceptibility")
    found = added({VEM: one + two})
    assert shown(found) == [("RT605", VEM, "VEM-004")]
    assert found[0].message == "'BRAF K601E': VEM-003 says resistance, VEM-004 susceptibility"


def test_contradiction_that_the_evidence_shows_is_no_lint(added):
    both = f"{support('PMID:23569304')}, {support('PMID:21383288', direction='against')}"
    one = row("VEM-003", "BRAF K601E", evidence=both)
    assert added({VEM: one + row("VEM-004", "BRAF K601E", effect="susceptibility")}) == []


def test_opposite_effects_in_two_tumours_are_no_contradiction(added):
    one = row("VEM-003", "BRAF K601E")
    two = row("VEM-004", "BRAF K601E", effect="susceptibility", tumour="NSCLC")
    assert added({VEM: one + two}) == []


def test_required_marker_that_is_never_present(added):
    change = (
        "    requires: any substitution at BRAF V600\n",
        "    requires: BRAF V600E and not tumour type is MEL\n",
    )
    assert shown(added(replace={VEM: change})) == [("RT624", VEM, "vemurafenib indication 1")]


# --- evidence and dates -------------------------------------------------------------------------------------------


def test_evidence_from_another_tumour_type_only(added):
    found = added({VEM: row("VEM-003", "BRAF K601E", evidence=support("PMID:23569304", studied="NSCLC"))})
    assert shown(found) == [("RT606", VEM, "VEM-003")]
    assert found[0].message == "it holds in MEL, and its evidence was studied in NSCLC"


@pytest.mark.parametrize("studied", ["MEL", "SKIN", "TISSUE"])
def test_evidence_from_the_type_or_a_wider_one_will_do(added, studied):
    assert added({VEM: row("VEM-003", "BRAF K601E", evidence=support("PMID:23569304", studied=studied))}) == []


def test_evidence_from_a_subtype_will_do(added):
    text = row("VEM-003", "BRAF K601E", tumour="NSCLC", evidence=support("PMID:23569304", studied="LUAD"))
    assert added({VEM: text}) == []


def test_one_of_two_tumour_types_without_evidence(added):
    text = row("VEM-003", "BRAF K601E", tumour="MEL, NSCLC", evidence=support("PMID:23569304"))
    found = added({VEM: text})
    assert shown(found) == [("RT607", VEM, "VEM-003")]
    assert found[0].message == "it holds in NSCLC too, and its evidence was studied in MEL alone"


def test_mechanism_shown_elsewhere(added):
    text = rule(
        "MAPK-005", "MAP2K1 Q56P", "mek-activated", tumour="NSCLC",
        definition="false", evidence=f"[{support('PMID:23569304', more=', drug: vemurafenib')}]",
    )  # fmt: skip
    assert shown(added({MAPK: text})) == [("RT627", "mechanisms", "MAPK-005")]


def test_score_above_what_the_evidence_gives(added):
    text = row("VEM-003", "BRAF K601E", score="60", score_reason="Three centres saw it.",
               evidence=support("PMID:23569304", level="D"))  # fmt: skip
    found = added({VEM: text})
    assert shown(found) == [("RT608", VEM, "VEM-003")]
    assert found[0].message == "its score is 60, and its evidence gives 15"


def test_score_below_what_the_evidence_gives_is_no_lint(added):
    assert added({VEM: row("VEM-003", "BRAF K601E", score="15", score_reason="A small study.")}) == []


def test_review_is_overdue_the_day_after_its_months_have_passed(added):
    text = {VEM: row("VEM-003", "BRAF K601E", created="2024-11-20", reviewed="2024-11-21")}
    assert added(text, on=datetime.date(2026, 11, 21)) == []
    found = added(text, on=datetime.date(2026, 11, 22))
    assert shown(found) == [("RT609", VEM, "VEM-003")]
    assert found[0].message == "it was last reviewed on 2024-11-21, and was to be read again by 2026-11-21"


def test_manifest_says_how_long_a_review_holds(added):
    text = {VEM: row("VEM-003", "BRAF K601E", created="2026-09-01", reviewed="2026-09-01")}
    change = {"ruleset.yaml": ("scoring:", "curation: {review_months: 3}\nscoring:")}
    assert shown(added(text, change, on=datetime.date(2026, 12, 1))) == []
    assert shown(added(text, change, on=datetime.date(2026, 12, 2))) == [("RT609", VEM, "VEM-003")]


def test_overdue_mechanism_rule(added):
    text = {MAPK: rule("MAPK-005", "BRAF K601E", "mek-activated", reviewed="2026-12-30")}
    found = added(text, on=datetime.date(2028, 12, 31))
    assert ("RT609", "mechanisms", "MAPK-005") in shown(found)


@pytest.mark.parametrize(
    ("reviewed", "months", "due"),
    [
        ("2026-11-21", 24, "2028-11-21"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2027-08-31", 6, "2028-02-29"),
        ("9999-11-30", 1, "9999-12-30"),
        ("9999-12-01", 1, "9999-12-31"),
    ],
)
def test_months_are_counted_by_the_calendar(reviewed, months, due):
    assert overdue_since(datetime.date.fromisoformat(reviewed), months) == datetime.date.fromisoformat(due)


def test_review_in_the_future(added):
    text = {VEM: row("VEM-003", "BRAF K601E", reviewed="2026-11-23")}
    found = added(text)
    assert shown(found) == [("RT634", VEM, "VEM-003")]
    assert found[0].message == "it is said to be reviewed on 2026-11-23, and today is 2026-11-22"
    assert added(text, on=datetime.date(2026, 11, 23)) == []


def test_mechanism_rule_reviewed_in_the_future(added):
    found = added({MAPK: rule("MAPK-005", "BRAF K601E", "mek-activated", reviewed="2026-11-23")})
    assert ("RT634", "mechanisms", "MAPK-005") in shown(found)


def test_evidence_older_than_ten_years_is_told_once_for_a_table(small_rulebase_copy):
    folder = small_rulebase_copy()
    assert aged(folder, datetime.date(2024, 11, 22))["vemurafenib"].endswith("is from before 2014")
    assert ("RT633", GEF, "gefitinib") in shown(lints_of(folder))
    text = aged(folder)["gefitinib"]
    assert text.startswith("GEF-001, GEF-003") and text.endswith(": all that supports them is from before 2016")


def test_newer_evidence_beside_the_old_will_do(small_rulebase_copy):
    folder = small_rulebase_copy()
    both = f"{support('PMID:23569304', studied='NSCLC')}, {support('PMID:27959700', level='D', studied='NSCLC')}"
    with (folder / OSI).open("a") as file:
        file.write(row("OSI-009", "EGFR G719S", tumour="NSCLC"))
        file.write(row("OSI-010", "EGFR L861Q", tumour="NSCLC", evidence=both))
    text = aged(folder)["osimertinib"]
    assert "OSI-009" in text and "OSI-010" not in text


def test_rows_of_weaker_evidence_may_rest_on_old_studies(small_rulebase_copy):
    folder = small_rulebase_copy()
    with (folder / OSI).open("a") as file:
        file.write(row("OSI-009", "EGFR G719S", tumour="NSCLC", evidence=support("PMID:23569304", level="C")))
    assert "OSI-009" not in aged(folder).get("osimertinib", "")


SECOND = {"ruleset.yaml": ("scoring:", "curation: {second_reader: [A, B]}\nscoring:")}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "its best evidence is of level B, and nobody is said to have read it"),
        ({"reviewers": "[AB]"}, "its best evidence is of level B, and AB alone is said to have read it"),
        ({"reviewers": "[AB, AB]"}, "its best evidence is of level B, and AB alone is said to have read it"),
    ],
)
def test_second_reader_that_is_asked_for(added, more, said):
    found = added({VEM: row("VEM-003", "BRAF K601E", **more)}, SECOND)
    assert said in [item.message for item in found if (item.code, item.rule) == ("RT635", "VEM-003")]


def test_two_readers_are_enough_and_weaker_rows_need_none(added):
    two = row("VEM-003", "BRAF K601E", reviewers="[AB, 0000-0002-1825-0097]")
    weaker = row("VEM-004", "BRAF L597Q", evidence=support("PMID:23569304", level="C"))
    found = added({VEM: two + weaker}, SECOND)
    assert {"VEM-003", "VEM-004"}.isdisjoint(item.rule for item in found if item.code == "RT635")


def test_no_second_reader_is_needed_where_none_is_asked_for(added):
    assert added({VEM: row("VEM-003", "BRAF K601E", reviewers="[AB]")}) == []


# --- markers that hold for too much -------------------------------------------------------------------------------


def test_any_mutation_as_a_response_marker(added):
    found = added({VEM: row("VEM-003", "BRAF mutation and not NRAS mutation", effect="susceptibility")})
    assert shown(found) == [("RT631", VEM, "VEM-003")]
    assert found[0].message == "it asks for 'BRAF mutation', whatever the mutation is"


def test_any_mutation_as_a_required_marker(added):
    change = ("    requires: any substitution at BRAF V600\n", "    requires: BRAF mutation\n")
    found = added(replace={VEM: change})
    assert shown(found) == [("RT631", VEM, "vemurafenib indication 1")]
    assert found[0].message == "the required marker is 'BRAF mutation', whatever the mutation is"


@pytest.mark.parametrize("when", ["BRAF V600E", "any substitution at BRAF K601", "BRAF exon 15 mutation"])
def test_marker_that_names_its_place_is_no_lint(added, when):
    assert "RT631" not in [code for code, _, _ in shown(added({VEM: row("VEM-003", when, effect="susceptibility")}))]


def test_any_mutation_as_resistance_is_no_lint(added):
    assert "RT631" not in [code for code, _, _ in shown(added({VEM: row("VEM-003", "NRAS mutation")}))]


RESISTANT = row("VEM-003", "BRAF K601E/N")


def test_neighbour_of_resistance_that_a_row_calls_sensitive(added):
    wide = row("VEM-004", "any substitution at BRAF K601", effect="susceptibility")
    found = [item for item in added({VEM: RESISTANT + wide}) if item.code == "RT632"]
    assert shown(found) == [("RT632", VEM, "VEM-004")]
    said = "'any substitution at BRAF K601' is susceptibility, and under vemurafenib E/N resists (VEM-003)"
    assert found[0].message == said


@pytest.mark.parametrize(
    ("when", "more"),
    [
        ("any substitution at BRAF K601 except E/N", {"effect": "susceptibility"}),
        ("BRAF K601Q", {"effect": "susceptibility"}),
        ("any substitution at BRAF K601", {"effect": "resistance"}),
        ("any substitution at BRAF K601", {"effect": "susceptibility", "tumour": "NSCLC"}),
    ],
)
def test_row_that_leaves_the_neighbour_alone_is_no_lint(added, when, more):
    found = added({VEM: RESISTANT + row("VEM-004", when, **more)})
    assert "RT632" not in [code for code, _, _ in shown(found)]


def test_change_that_resists_beside_another_alone_is_no_lint(added):
    beside = row("VEM-003", "BRAF K601E and NRAS Q61K")
    found = added({VEM: beside + row("VEM-004", "any substitution at BRAF K601", effect="susceptibility")})
    assert "RT632" not in [code for code, _, _ in shown(found)]


# --- what is retired or unused ------------------------------------------------------------------------------------


def test_replacement_that_ends_in_nothing_active(added):
    text = row("VEM-003", "BRAF K601E", status="retired", retired="2026-11-21", replaced_by="[VEM-004]")
    text += row("VEM-004", "BRAF K601E", status="retired", retired="2026-11-21", replaced_by="[VEM-003]")
    assert shown(added({VEM: text})) == [("RT610", VEM, "VEM-003"), ("RT610", VEM, "VEM-004")]


def test_replacement_by_way_of_another_retired_row(added):
    text = row("VEM-003", "BRAF K601E", status="retired", retired="2026-11-21", replaced_by="[VEM-004]")
    text += row("VEM-004", "BRAF K601E", status="retired", retired="2026-11-21", replaced_by="[VEM-001]")
    assert added({VEM: text}) == []


def test_note_that_names_a_retired_row(added):
    found = added({VEM: row("VEM-003", "BRAF K601E", note="See also GEF-002.")})
    assert shown(found) == [("RT611", VEM, "VEM-003")]
    assert found[0].message == "it names GEF-002, which is retired since 2026-11-21"
    assert found[0].mend == "Name GEF-003 instead."


def test_note_that_names_an_active_row_is_no_lint(added):
    assert added({VEM: row("VEM-003", "BRAF K601E", note="See also GEF-003.")}) == []


def test_mechanism_rule_that_can_never_fire(added):
    found = added({MAPK: rule("MAPK-005", "BRAF V600E and BRAF wild type", "mek-activated")})
    assert shown(found) == [("RT612", "mechanisms", "MAPK-005")]


def test_row_on_a_conclusion_that_nothing_concludes(added):
    found = added({VEM: row("VEM-003", "conclusion orphan and BRAF V600E")}, {MAPK: conclusion("orphan")})
    assert shown(found) == [("RT613", "mechanisms", "orphan"), ("RT601", VEM, "VEM-003")]


def test_row_that_can_do_without_the_conclusion_is_not_dead(added):
    found = added({VEM: row("VEM-003", "conclusion orphan or BRAF K601E")}, {MAPK: conclusion("orphan")})
    assert shown(found) == [("RT613", "mechanisms", "orphan")]


def test_conclusion_that_nobody_asks_for(added):
    found = added({MAPK: rule("MAPK-005", "BRAF K601E", "spare")}, {MAPK: conclusion("spare")})
    assert shown(found) == [("RT615", "mechanisms", "MAPK-005"), ("RT614", "mechanisms", "spare")]


def test_mechanism_rules_that_lead_to_each_other_and_to_no_table(added):
    both = ("conclusions:\n", "conclusions:\n  - {id: one, name: one}\n  - {id: two, name: two}\n")
    rules = rule("MAPK-005", "BRAF K601E or conclusion two", "one") + rule("MAPK-006", "conclusion one", "two")
    found = added({MAPK: rules}, {MAPK: both})
    assert shown(found) == [("RT615", "mechanisms", "MAPK-005"), ("RT615", "mechanisms", "MAPK-006")]


def test_two_identical_mechanism_rules(added):
    found = added({MAPK: rule("MAPK-005", "MAP2K1 C121S", "mek-activated")})
    assert shown(found) == [("RT616", "mechanisms", "MAPK-005")]
    assert found[0].message == "it leads to mek-activated exactly where MAPK-002 does"


def test_alteration_set_of_a_gene_with_rules_is_for_reports(added):
    text = "sets:\n  - {name: BRAF activating mutation, members: BRAF V600E, basis: For the tests.}\n"
    assert shown(added({"alteration_sets/BRAF.yaml": text})) == [
        ("RT617", "alteration_sets", "BRAF activating mutation")
    ]


def test_alteration_set_of_a_gene_without_rules(added):
    text = "sets:\n  - {name: KRAS activating mutation, members: KRAS G12D, basis: For the tests.}\n"
    assert shown(added({"alteration_sets/KRAS.yaml": text})) == [
        ("RT626", "alteration_sets", "KRAS activating mutation")
    ]


def test_citation_that_no_evidence_names(added):
    found = added({"citations.yaml": '  - {reference: "PMID:1", short: "Nobody, 1901"}\n'})
    assert shown(found) == [("RT618", "citations.yaml", "PMID:1")]


DRUG = "  - {name: binimetinib, classes: [MEK inhibitor], targets: [MAP2K1], approved: true}\n"


def test_drug_without_a_table(added):
    assert shown(added({"drugs.yaml": DRUG})) == [("RT619", "drugs.yaml", "binimetinib")]


@pytest.mark.parametrize("prior", ["binimetinib", "class MEK inhibitor"])
def test_drug_that_a_condition_asks_for_needs_no_table(added, prior):
    text = row("VEM-003", f"BRAF K601E and prior treatment with {prior}")
    assert added({"drugs.yaml": DRUG, VEM: text}) == []


# --- cases --------------------------------------------------------------------------------------------------------

CASES = """\
cases:
  - case: everything
    tumour: NSCLC
    findings: [EGFR T790M]
    expect:
      gefitinib: {verdict: resistant, rows: [GEF-003], silent: [GEF-004]}
      osimertinib: {fires: [OSI-001], silent: [OSI-003]}
      vemurafenib: {rows: []}
  - case: melanoma
    tumour: MEL
    findings: [BRAF V600E]
    expect:
      vemurafenib: {rows: [VEM-001]}
"""


def case_lints(added, text: str) -> list[tuple[str, str, str]]:
    return shown(added({"cases/lung.yaml": text}))


def test_each_drug_has_a_case_that_fires_and_one_that_does_not(added):
    assert case_lints(added, CASES) == []


def test_drug_without_a_case_in_which_a_row_must_fire(added):
    assert case_lints(added, CASES.replace("rows: [VEM-001]", "rows: []")) == [("RT621", VEM, "vemurafenib")]


def test_drug_without_a_case_in_which_a_row_must_not_fire(added):
    text = CASES.replace(", silent: [OSI-003]", "")
    assert case_lints(added, text) == [("RT622", OSI, "osimertinib")]


def test_case_that_names_a_retired_row(added):
    found = added({"cases/lung.yaml": CASES.replace("silent: [GEF-004]", "silent: [GEF-002]")})
    assert shown(found) == [("RT611", "cases/lung.yaml", "everything")]
    assert found[0].message == "under gefitinib the case names GEF-002, which is retired since 2026-11-21"


@pytest.mark.parametrize("text", ["", "cases: nonsense", "- 1", "cases: [1, {case: x, expect: {a: 3}}]", "a: [\n"])
def test_cases_that_cannot_be_read_mention_nothing(tmp_path, text):
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "x.yaml").write_text(text, encoding="utf-8")
    assert not any(mention.fires or mention.silent for mention in read_case_mentions(tmp_path, Telling()) or ())


def test_rule_set_without_cases(before):
    assert [found.severity for found in before if found.code == "RT623"] == ["note"]


# --- the registry -------------------------------------------------------------------------------------------------


def test_codes_and_severities_never_change():
    severities = {code: entry.severity for code, entry in CODES.items()}
    assert [code for code, severity in severities.items() if severity == "error"] == [
        "RT601", "RT612", "RT624", "RT630", "RT635", "RT651",
    ]  # fmt: skip
    assert sorted(code for code, severity in severities.items() if severity == "note") == [
        "RT607", "RT608", "RT617", "RT620", "RT623", "RT625", "RT627", "RT629", "RT631", "RT633", "RT636", "RT656",
        "RT659", "RT661",
    ]  # fmt: skip
    assert len(CODES) == 50


def test_every_code_says_what_why_and_how_to_mend():
    assert all(all((entry.title, entry.why.endswith("."), entry.mend.endswith("."))) for entry in CODES.values())


def test_every_code_has_a_rule_set_that_shows_it():
    tests = "".join(path.read_text("utf-8") for path in TESTS.rglob("test_lints*.py"))
    assert [code for code in CODES if f'("{code}", ' not in tests] == []


def test_lints_come_in_the_same_order_whatever_the_order_of_rows(added):
    rows = [row("VEM-003", "BRAF V600E and BRAF wild type"), row("VEM-004", "BRAF K601E", note="See GEF-002.")]
    assert added({VEM: "".join(rows)}) == added({VEM: "".join(reversed(rows))})


def test_gene_of_much_resistance_without_a_note(before):
    assert ("RT628", "genes.yaml", "EGFR") in shown(before)


def test_gene_without_a_sequence_whose_residues_rules_name(added):
    (found,) = added({VEM: row("VEM-003", "MET D1228N or MET D1228V")})
    assert shown([found]) == [("RT629", "genes.yaml", "MET")]
    assert found.message == (
        "MET has no sequence, so that the residues at 1 place of its protein that rules name are not verified"
    )


def test_table_in_the_folder_of_another_class(small_rulebase_copy):
    folder = small_rulebase_copy()
    wrong = folder / "tables" / "mek-inhibitor" / "vemurafenib.yaml"
    wrong.parent.mkdir()
    (folder / VEM).rename(wrong)
    (folder / "tables" / "egfr-tyrosine-kinase-inhibitor").mkdir()
    for name in (GEF, OSI):
        (folder / name).rename(folder / name.replace("tables/", "tables/egfr-tyrosine-kinase-inhibitor/"))
    (found,) = [one for one in lints_of(folder) if one.code == "RT630"]
    assert shown([found]) == [("RT630", "tables/mek-inhibitor/vemurafenib.yaml", "vemurafenib")]
    assert (
        found.message == "the table of vemurafenib lies in tables/mek-inhibitor/ and belongs in tables/braf-inhibitor/"
    )
