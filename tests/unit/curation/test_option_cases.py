"""What a case may expect of regimens, what is wrong with one, and what is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab.core.faults import ExtraMissingError, RulebaseError
from resistab.core.model import Model
from resistab.curation import option_cases
from resistab.curation.cases import Judgement, case_rules, judge, read_cases
from resistab.curation.changed import reached_cases
from resistab.curation.diff.rulesets import load_ruleset
from resistab.domains.registry import pack_of
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.rulesets.regimens import CombiningRule, Regimen
from tests.domains.virus.curate.regimen_files import REGIMENS, with_regimens

WILD = "RT:none PR:none IN:none"


def folder_with(tmp_path: Path, options: str, mutations: str = WILD, more: str = "", further: str = "") -> Path:
    """A rule set with one case; ``further`` is put into a file of regimens."""
    folder = tmp_path / "virus"
    if not folder.exists():
        with_regimens(folder)
    case = f"cases:\n  - case: one\n    mutations: {mutations}\n{more}    options:\n      {options}\n"
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases" / "one.yaml").write_text(case, encoding="utf-8")
    if further:
        (folder / "regimens" / "more.yaml").write_text(further, encoding="utf-8")
    return folder


def judged(folder: Path) -> Judgement:
    interpreter = ViralInterpreter(load_viral_folder(folder))
    rules = case_rules(folder, interpreter.rulebase)
    (case,) = read_cases(rules)
    return judge(rules, interpreter, case)


def differences(folder: Path) -> list[tuple[str | None, str, str, str]]:
    return [
        (failure.drug, one.what, one.expected, one.found)
        for failure in judged(folder).failures
        for one in failure.differences
    ]


@pytest.mark.parametrize(
    "options",
    [
        "REG-INSTI-001: {status: recommended, gss: 2, broken: [], active: [DTG, 3TC]}",
        "dolutegravir + XTC: {status: recommended, gss: [2, 2]}",
        "AZT + 3TC: {status: active, broken: [CMB-HIV-001], names: [not curated, the same first step]}",
        "DTG + 3TC: {before: [AZT + 3TC]}",
        "AZT + 3TC: {status: not_listed}",
        "3TC: {names: [not curated]}",
    ],
)
def test_what_is_so_holds(tmp_path: Path, options: str) -> None:
    assert not differences(folder_with(tmp_path, options))


@pytest.mark.parametrize(
    ("options", "what", "expected", "found"),
    [
        ("DTG + 3TC: {gss: 1}", "gss", "1", "2"),
        ("DTG + 3TC: {gss: [1, 2]}", "gss", "1 to 2", "2"),
        ("DTG + 3TC: {status: not_listed}", "status", "not listed", "recommended"),
        ("DTG + 3TC: {broken: [CMB-HIV-001]}", "broken", "CMB-HIV-001", "none"),
        ("DTG + 3TC: {kept: [CMB-HIV-001]}", "kept", "CMB-HIV-001", "none"),
        ("DTG + 3TC: {cautions: [CMB-HIV-001]}", "cautions", "CMB-HIV-001", "none"),
        ("DTG + 3TC: {active: [DTG]}", "active", "DTG", "DTG, 3TC"),
        ("AZT + 3TC: {before: [DTG + 3TC]}", "before", "DTG + 3TC", "rank 2, DTG + 3TC has 1"),
        ("AZT + 3TC: {broken: []}", "broken", "none", "CMB-HIV-001"),
    ],
)
def test_what_is_otherwise_is_told(tmp_path: Path, options: str, what: str, expected: str, found: str) -> None:
    assert differences(folder_with(tmp_path, options)) == [(options.split(":")[0], what, expected, found)]


def test_reasons_are_told_with_a_status_that_is_another(tmp_path: Path) -> None:
    found = differences(folder_with(tmp_path, "DTG + 3TC: {status: recommended}", "RT:M184V PR:none IN:none"))
    assert [(what, expected) for _, what, expected, _ in found] == [("status", "recommended")]
    assert found[0][3].startswith("partly_active (3TC not active: ")


def test_barriers_and_changes_that_defeat(tmp_path: Path) -> None:
    pytest.importorskip("clingo")
    options = "DTG + 3TC: {barrier_above: [3TC], watch: ['RT:184V', IN]}"
    folder = folder_with(tmp_path, f"{options}\n    watch_list: ['RT:184V']")
    assert not judged(folder).left_out
    assert not differences(folder)
    folder = folder_with(tmp_path, "3TC: {barrier_above: [DTG + 3TC]}\n    watch_list: ['PR:L90M']")
    assert [(drug, what) for drug, what, _, _ in differences(folder)] == [
        ("3TC", "barrier above"),
        (None, "watch list"),
    ]


def test_barriers_are_left_out_without_a_solver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ExtraMissingError("clingo is not installed: pip install 'resistab[verify]'")

    monkeypatch.setattr(option_cases, "require_solver", missing)
    found = judged(folder_with(tmp_path, "DTG + 3TC: {gss: 2, barrier: 99}\n    watch_list: [PR]"))
    assert not found.failures
    assert found.left_out.startswith("barriers and watch lists were not judged: clingo is not installed")


def test_earlier_treatment_phenotypes_and_settings_count(tmp_path: Path) -> None:
    more = "    prior: [3TC failed]\n    settings: [first line]\n"
    options = "DTG + 3TC: {active: [DTG], names: [the disease progressed on it]}"
    assert not differences(folder_with(tmp_path, options, more=more))


@pytest.mark.parametrize(
    ("options", "more", "message"),
    [
        ("DTG + 4TC: {gss: 1}", "", "unknown drug '4TC'"),
        ("REG-INSTI-009: {gss: 1}", "", "unknown drug 'REG-INSTI-009'"),
        ("DTG: {broken: [CMB-HIV-009]}", "", "unknown rule for combining 'CMB-HIV-009'"),
        ("DTG: {before: [X]}", "", "unknown drug 'X'"),
        ("DTG: {}", "", "nothing is expected"),
        ("DTG: {status: not_listed, gss: 1}", "", "of a regimen that is not listed nothing else can be expected"),
        ("DTG: {gss: 1}", "    settings: [switch]\n", "unknown setting 'switch'"),
        ("DTG: {gss: 1}", "    germline: [HLA-B *57:01 carrier]\n", "unknown gene 'HLA-B'"),
        ("DTG: {gss: 1}", "    prior: [4TC]\n", "'4TC' is no drug"),
    ],
)
def test_what_is_wrong_with_a_case_is_told(tmp_path: Path, options: str, more: str, message: str) -> None:
    folder = folder_with(tmp_path, options, more=more)
    with pytest.raises(RulebaseError) as raised:
        read_cases(case_rules(folder, load_viral_folder(folder)))
    assert message in str(raised.value)


def test_a_case_reaches_what_regimens_are_judged_by(tmp_path: Path) -> None:
    """A regimen that changed reaches the cases that expect options, and no other."""
    folder = folder_with(tmp_path, "DTG + 3TC: {gss: 2}")
    with (folder / "cases" / "one.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  - {{case: two, mutations: '{WILD}', expect: {{3TC: {{level: 1}}}}}}\n")
    old = load_ruleset(folder, "old")
    (folder / "regimens" / "insti.yaml").write_text(REGIMENS.replace("[DTG, 3TC]", "[DTG, AZT]"), encoding="utf-8")
    rules = case_rules(folder, load_viral_folder(folder))
    reached = reached_cases(rules, read_cases(rules), pack_of(folder), old)
    assert [case.name for case in reached.cases] == ["one"]
    assert list(reached.changes) == ["regimens"]


def test_regimens_and_rules_are_items_of_a_difference(tmp_path: Path) -> None:
    folder = with_regimens(tmp_path / "virus")
    items = {(item.kind, item.id): item for item in pack_of(folder).curate.items(load_viral_folder(folder), folder)}
    regimen = {field.name: field.text for field in items["regimen", "REG-INSTI-001"].fields}
    assert regimen["drugs"] == "3TC, DTG"
    assert regimen["authorities"] == (
        "first line: WHO: WHO guideline of 2025 (secondary); first line: trial: PMID:31834000 (full)"
    )
    assert items["combining rule", "CMB-HIV-001"].title == "Both need the same first step."
    assert items["barrier", "3TC"].title == "3TC: low"
    assert items["policy", "regimens.settings"].fields[0].text == "first line (least_gss 2)"
    # No field of either is forgotten.
    assert fields_of(Regimen) <= {name.replace(" ", "_") for name in regimen}
    rule = {field.name.replace(" ", "_") for field in items["combining rule", "CMB-HIV-001"].fields}
    assert fields_of(CombiningRule) <= rule | {"evidence"}


def fields_of(model: type[Model]) -> set[str]:
    return set(model.model_fields) - {"id"}
