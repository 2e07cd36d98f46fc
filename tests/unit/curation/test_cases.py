"""What a case may say, what is wrong with one, what is compared, and what counts as covered."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from resistab.core.faults import RulebaseError
from resistab.curation.cases import Judgement, case_rules, coverage, judge, read_cases, table_rows
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds import FILE_KINDS
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.rulesets.digest import ruleset_digest
from tests.cases import cases_beside
from tests.paths import SMALL, SMALL_VIRUS

T790M = """cases:
  - case: EGFR L858R with T790M
    tumour: LUAD
    findings: [EGFR L858R, EGFR T790M]
    expect:
      gefitinib: {verdict: resistant, level: 5, score: 60, rows: [GEF-003, GEF-001], silent: [GEF-004, GEF-005]}
      osimertinib: {verdict: sensitive, fires: [OSI-001], silent: [OSI-003]}
"""
M184V = """cases:
  - case: M184V with T69ins
    mutations: RT:M184V T69ins
    expect:
      3TC: {verdict: resistant, level: 5, score: 90, sir: R, rows: [3TC-69, 3TC-184], silent: [3TC-65]}
      AZT: {score: 50, fires: [AZT-184]}
"""

Folder = Callable[[str], Path]


@pytest.fixture(scope="module")
def tumours() -> TumourInterpreter:
    return TumourInterpreter(load_rulebase_folder(SMALL))


@pytest.fixture(scope="module")
def virus() -> ViralInterpreter:
    return ViralInterpreter(load_viral_folder(SMALL_VIRUS))


@pytest.fixture
def tumour_folder(tmp_path: Path) -> Folder:
    return lambda text: with_cases(SMALL, tmp_path / "small", text)


@pytest.fixture
def virus_folder(tmp_path: Path) -> Folder:
    return lambda text: with_cases(SMALL_VIRUS, tmp_path / "virus", text)


def with_cases(source: Path, folder: Path, text: str) -> Path:
    """A copy of a rule set, once made, with one file of cases."""
    if not folder.exists():
        shutil.copytree(source, folder)
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases" / "some.yaml").write_text(text, encoding="utf-8")
    return folder


def judged(folder: Path, interpreter: TumourInterpreter | ViralInterpreter) -> list[Judgement]:
    rules = case_rules(folder, interpreter.rulebase)
    return [judge(rules, interpreter, case) for case in read_cases(rules)]


def faults(folder: Path, rulebase: Rulebase | ViralRulebase) -> list[str]:
    with pytest.raises(RulebaseError) as raised:
        read_cases(case_rules(folder, rulebase))
    return [str(fault) for fault in raised.value.faults]


# --- cases that hold ----------------------------------------------------------------------------------------------


def test_a_case_of_a_tumour_that_holds_has_no_failure(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    (item,) = judged(tumour_folder(T790M), tumours)
    assert item.failures == ()
    assert (item.case.name, item.case.where, item.case.line) == ("EGFR L858R with T790M", "small/cases/some.yaml", 2)


def test_a_case_of_a_virus_that_holds_has_no_failure(virus_folder: Folder, virus: ViralInterpreter) -> None:
    (item,) = judged(virus_folder(M184V), virus)
    assert item.failures == ()


def test_a_rule_set_without_cases_has_none(tmp_path: Path, tumours: TumourInterpreter) -> None:
    shutil.copytree(SMALL, tmp_path / "small")
    assert read_cases(case_rules(tmp_path / "small", tumours.rulebase)) == ()


def test_cases_are_no_part_of_the_rules(tumour_folder: Folder) -> None:
    assert ruleset_digest(tumour_folder(T790M), FILE_KINDS) == ruleset_digest(SMALL, FILE_KINDS)


def test_earlier_treatment_may_be_given_none_or_unknown(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    case = "  - {{case: {0}, tumour: LUAD, findings: [EGFR L858R], {1}expect: {{gefitinib: {{rows: [GEF-001]}}}}}}\n"
    priors = (("unknown", ""), ("none", "prior: [], "), ("some", "prior: [gefitinib], "))
    text = "cases:\n" + "".join(case.format(*prior) for prior in priors)
    genotypes = [case.genotype for case in read_cases(case_rules(tumour_folder(text), tumours.rulebase))]
    therapies = [genotype.prior_therapies for genotype in genotypes if isinstance(genotype, Genotype)]
    assert therapies[:2] == [None, ()]
    assert [therapy.drug for therapy in therapies[2] or ()] == ["gefitinib"]


def test_a_gene_may_be_sequenced_without_a_mutation(virus_folder: Folder, virus: ViralInterpreter) -> None:
    text = """cases:
  - {case: RT alone, mutations: RT:M184V, expect: {DTG: {verdict: not_assessable}}}
  - {case: and IN, mutations: RT:M184V, sequenced: [RT, IN], expect: {DTG: {verdict: no_resistance_found}}}
"""
    assert [item.failures for item in judged(virus_folder(text), virus)] == [(), ()]


# --- cases that fail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "what", "expected", "found"),
    [
        ("verdict: resistant", "verdict: sensitive", "verdict", "sensitive", "resistant"),
        ("level: 5", "level: 4", "level", "4", "5"),
        ("score: 60", "score: 30", "score", "30", "60"),
        ("rows: [GEF-003, GEF-001]", "rows: [GEF-001]", "rows", "GEF-001", "GEF-003, GEF-001"),
        ("rows: [GEF-003, GEF-001]", "rows: [GEF-001, GEF-003]", "rows", "GEF-001, GEF-003", "GEF-003, GEF-001"),
        ("rows: [GEF-003, GEF-001]", "rows: []", "rows", "none", "GEF-003, GEF-001"),
        ("fires: [OSI-001]", "fires: [OSI-001, OSI-004]", "fires", "OSI-001, OSI-004", "OSI-002, OSI-001"),
        ("silent: [OSI-003]", "silent: [OSI-003, OSI-002]", "silent", "OSI-003, OSI-002", "OSI-002 fired"),
        ("verdict: sensitive", "names: [T790M, nothing]", "names", "T790M, nothing", "EGFR T790M: response marker"),
    ],
)
def test_what_differs_is_said(
    old: str, new: str, what: str, expected: str, found: str, tumour_folder: Folder, tumours: TumourInterpreter
) -> None:
    assert T790M.count(old) == 1
    (item,) = judged(tumour_folder(T790M.replace(old, new)), tumours)
    (failure,) = item.failures
    (difference,) = failure.differences
    assert (difference.what, difference.expected) == (what, expected)
    assert difference.found.startswith(found)


def test_the_rows_responsible_are_named(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    text = T790M.replace("rows: [GEF-003, GEF-001], silent: [GEF-004, GEF-005]", "rows: [GEF-001, GEF-005]")
    (failure,) = judged(tumour_folder(text), tumours)[0].failures
    assert (failure.drug, failure.fired) == ("gefitinib", ("GEF-003", "GEF-001"))
    assert (failure.missing, failure.unexpected) == (("GEF-005",), ("GEF-003",))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("sir: R", "sir: I", "sir"),
        ("score: 90", "score: 60", "score"),
        ("silent: [3TC-65]", "comments: []", None),
        ("fires: [AZT-184]", "fires: [AZT-65]", "fires"),
    ],
)
def test_what_differs_of_a_virus_is_said(
    old: str, new: str, what: str | None, virus_folder: Folder, virus: ViralInterpreter
) -> None:
    if what is None:
        text = M184V.replace("    expect:", "    comments: [RT-TAMs]\n    expect:")
        what = "comments"
    else:
        text = M184V.replace(old, new)
    (failure,) = judged(virus_folder(text), virus)[0].failures
    assert [difference.what for difference in failure.differences] == [what]


def test_a_chain_of_mechanism_rules_is_compared_whole(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    case = """cases:
  - case: melanoma with NRAS Q61K
    tumour: MEL
    findings: [BRAF V600E, NRAS Q61K]
    expect:
      vemurafenib: {verdict: resistant, through: [MAPK-004, MAPK-003, MAPK-001]}
"""
    (item,) = judged(tumour_folder(case), tumours)
    assert item.failures == ()
    assert item.mechanism_rules == {"MAPK-001", "MAPK-003", "MAPK-004"}
    (item,) = judged(tumour_folder(case.replace(", MAPK-001]", "]")), tumours)
    (difference,) = item.failures[0].differences
    assert (difference.expected, difference.found) == ("MAPK-004 < MAPK-003", "MAPK-004 < MAPK-003 < MAPK-001")


# --- faults -------------------------------------------------------------------------------------------------------

PLACE = "small/cases/some.yaml"


@cases_beside
def test_a_faulty_case_is_refused_where_it_stands(
    old: str, new: str, fault: str, tumour_folder: Folder, tumours: TumourInterpreter
) -> None:
    assert T790M.count(old) == 1
    (found,) = faults(tumour_folder(T790M.replace(old, new)), tumours.rulebase)
    assert found.startswith(PLACE)
    assert fault in found


def test_a_case_without_an_expectation_is_refused(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    text = "cases:\n  - {case: nothing, tumour: LUAD, expect: {}}\n  - {case: less, tumour: LUAD}\n"
    assert faults(tumour_folder(text), tumours.rulebase) == [
        f"{PLACE}:2:5: in item 1 of 'cases': nothing is expected: expect, options or watch_list",
        f"{PLACE}:3:5: in item 2 of 'cases': nothing is expected: expect, options or watch_list",
    ]


def test_a_file_without_a_case_is_refused(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    assert faults(tumour_folder("cases: []\n"), tumours.rulebase) == [
        f"{PLACE}:1:8: 'cases' is empty; expected at least 1 item"
    ]


def test_two_cases_of_one_text_are_refused(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    text = T790M + T790M.removeprefix("cases:\n")
    assert faults(tumour_folder(text), tumours.rulebase) == [
        f"{PLACE}:8:11: the case 'EGFR L858R with T790M' is given twice, first in {PLACE}:2; "
        "expected another text for each case"
    ]


def test_every_fault_of_every_case_is_told_at_once(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    text = T790M.replace("GEF-004", "GEF-044").replace("OSI-003", "OSI-033").replace("LUAD", "LAUD")
    assert len(faults(tumour_folder(text), tumours.rulebase)) == 3


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("RT:M184V", "RT:M984V", "virus/cases/some.yaml:3:16: "),
        ("    expect:", "    sequenced: [gag]\n    expect:", "among the genes that were sequenced"),
        (
            "    expect:",
            "    comments: [RT-TAM]\n    expect:",
            ":4:16: unknown comment 'RT-TAM'; did you mean RT-TAMs?",
        ),
        ("3TC:", "XTC:", ":5:7: no table for 'XTC'; expected a drug with a table; did you mean 3TC?"),
        ("3TC-65", "AZT-65", "the row AZT-65 is one of AZT; expected a row of 3TC"),
        ("sir: R", "sir: X", "'sir' is 'X'; expected one of"),
    ],
)
def test_a_faulty_case_of_a_virus_is_refused(
    old: str, new: str, fault: str, virus_folder: Folder, virus: ViralInterpreter
) -> None:
    assert M184V.count(old) == 1
    (found,) = faults(virus_folder(M184V.replace(old, new)), virus.rulebase)
    assert fault in found


# --- coverage -----------------------------------------------------------------------------------------------------


def test_rows_that_a_case_names_and_that_fired_are_covered(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    covered = coverage(case_rules(SMALL, tumours.rulebase), judged(tumour_folder(T790M), tumours))
    assert [table.name for table in covered.tables] == ["gefitinib", "osimertinib", "vemurafenib"]
    gefitinib, osimertinib, vemurafenib = covered.tables
    # GEF-002 is retired.
    assert (gefitinib.active, gefitinib.fired) == (4, ("GEF-001", "GEF-003"))
    assert (gefitinib.unasked, gefitinib.never) == ((), ("GEF-004", "GEF-005"))
    # OSI-002 fired, but the case would hold without it.
    assert (osimertinib.fired, osimertinib.unasked) == (("OSI-001",), ("OSI-002",))
    assert vemurafenib.never == ("VEM-001", "VEM-002")
    assert (covered.active, covered.fired, covered.share) == (10, 3, 0.3)


def test_rows_against_a_drug_and_silent_rows_are_counted_by_case(
    tumour_folder: Folder, tumours: TumourInterpreter
) -> None:
    covered = coverage(case_rules(SMALL, tumours.rulebase), judged(tumour_folder(T790M), tumours))
    counted = [(table.must_fire, table.must_not_fire) for table in covered.tables]
    assert counted == [(1, 1), (0, 1), (0, 0)]


def test_a_row_that_should_have_fired_and_did_not_is_not_covered(
    tumour_folder: Folder, tumours: TumourInterpreter
) -> None:
    text = T790M.replace("fires: [OSI-001]", "fires: [OSI-004]")
    covered = coverage(case_rules(SMALL, tumours.rulebase), judged(tumour_folder(text), tumours))
    assert (covered.tables[1].fired, covered.tables[1].never) == ((), ("OSI-003", "OSI-004"))


def test_mechanism_rules_that_no_case_has_used_are_named(tumour_folder: Folder, tumours: TumourInterpreter) -> None:
    covered = coverage(case_rules(SMALL, tumours.rulebase), judged(tumour_folder(T790M), tumours))
    assert covered.mechanism_rules == tuple(sorted(rule.id for rule in tumours.rulebase.mechanism_rules))


def test_without_cases_nothing_is_covered(tumours: TumourInterpreter) -> None:
    assert coverage(case_rules(SMALL, tumours.rulebase), ()).share == 0


def test_rows_of_a_virus_are_lines_combinations_and_rules(virus: ViralInterpreter) -> None:
    rows = table_rows(case_rules(SMALL_VIRUS, virus.rulebase))
    assert list(rows["AZT"]) == [
        *("AZT-41", "AZT-65", "AZT-67", "AZT-69", "AZT-184", "AZT-215"),
        *("AZT-41-215", "AZT-without-184"),
    ]
    # The scores of 65 and 184 are negative; AZT-two-TAMs only gives a comment.
    assert [row for row, facts in rows["AZT"].items() if not facts.against] == ["AZT-65", "AZT-184"]
    assert list(rows["ATV/r"]) == ["ATV-50", "ATV-three"]
    assert rows["DTG"]["DTG-118"].condition.endswith("118R: level 4")
