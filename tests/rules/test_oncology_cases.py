"""The rules give what a tumour board expects: typical responders, typical resistant tumours, wild types, gaps.

The cases are those of the rule set itself, in ``rulebase/oncology/cases``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import pytest

import resistab
from resistab.core.derivation import Step
from resistab.curation.cases import (
    Judgement,
    case_rules,
    coverage,
    judge,
    read_cases,
    table_rows,
)
from resistab.curation.kit.case_rules import Case, CaseRules, RowFacts
from resistab.domains.oncology.compile import scoped
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.kinds.cases import TumourExpectation
from resistab.domains.oncology.report.model import Report
from resistab.files.yaml_source import read_yaml_file
from resistab.rulesets.find import ruleset_folder
from tools.freezing import DATE, ONCOLOGY_CASES, hash_of, lasting, recorded

FOLDER = ruleset_folder("oncology")
NAMES = [
    case["case"] for path in sorted(FOLDER.glob("cases/*.yaml")) for case in read_yaml_file(path, "")[0].data["cases"]
]


@cache
def oncology() -> resistab.Interpreter:
    return resistab.load("oncology")


@cache
def rules() -> CaseRules:
    return case_rules(FOLDER, oncology().rulebase)


@cache
def cases() -> dict[str, Case]:
    return {case.name: case for case in read_cases(rules())}


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """The name of each case; what is asked of one case is asked together, and its judgement forgotten."""
    found: str = request.param
    return found


@pytest.fixture(scope="module", autouse=True)
def own_engines() -> Iterator[None]:
    """More tumour types than usual have an engine of their own, which is quick and takes memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoped, "MOST_SUBSETS", 40)
        yield


@lru_cache(maxsize=1)
def report(name: str) -> Report:
    """What the program says of a case."""
    found = oncology().interpret(cases()[name].genotype, DATE)
    assert isinstance(found, Report)
    return found


@lru_cache(maxsize=1)
def judged(name: str) -> Judgement:
    class Recalled:
        """Says again what is said of this case, instead of interpreting it anew."""

        def conclude_on(self, genotype: Genotype, drugs: object) -> Report:
            assert genotype == cases()[name].genotype
            return report(name)

        def __getattr__(self, asked: str) -> Any:
            # Regimens are judged by the rules themselves.
            return getattr(oncology(), asked)

    return judge(rules(), Recalled(), cases()[name])


@cache
def recorded_cases() -> dict[str, str]:
    """The hashes of all cases, by name."""
    return {name: said for group in ONCOLOGY_CASES for name, said in recorded()[group].items()}


def leaves(step: Step) -> Iterator[Step]:
    below = [*step.parts, *(rule.condition for rule in step.rules)]
    for part in below:
        yield from leaves(part)
    if not below:
        yield step


def test_every_case_is_read_once() -> None:
    assert list(cases()) == NAMES
    assert NAMES


def test_a_case_gets_what_a_tumour_board_expects(name: str) -> None:
    # Verdict, level, rows, silent rows, chain of mechanism rules and words of the reason: see tests/curation.
    assert [(failure.drug, failure.differences) for failure in judged(name).failures] == []


def test_the_report_of_a_case_is_as_recorded(name: str) -> None:
    assert hash_of(lasting(report(name).to_json())) == recorded_cases().get(name), (
        "'python tools/freeze.py' records what is meant to change, and with '--out FOLDER' shows it"
    )


def test_every_recorded_case_is_there() -> None:
    assert set(recorded_cases()) == set(NAMES)


def test_a_case_asks_something_of_each_drug(name: str) -> None:
    for expected in cases()[name].expect.values():
        assert isinstance(expected, TumourExpectation)
        assert expected.verdict or expected.rows is not None or expected.fires or expected.silent


def test_every_contribution_is_derived_from_findings_and_cited(name: str) -> None:
    for drug, expected in cases()[name].expect.items():
        (verdict,) = (verdict for verdict in report(name).verdicts if verdict.drug == drug)
        rows = tuple(contribution.row for contribution in verdict.contributions)
        assert set(expected.must_fire) <= set(rows)
        assert bool(verdict.citations) == bool(rows)
        for contribution in verdict.contributions:
            assert contribution.derivation.truth == "true"
            assert contribution.derivation.text
            assert any(item.direction == "supports" for item in contribution.evidence)
            for item in contribution.evidence:
                # A label has no page of its own.
                assert item.citation and item.statement and (item.url or item.reference.startswith("LABEL:"))
            # What was found is named; what holds because nothing was found names no finding.
            rests_on_absence = (
                contribution.condition.startswith(("none of", "not ")) or "wild type" in contribution.condition
            )
            assert rests_on_absence or any(leaf.findings for leaf in leaves(contribution.derivation))


def drugs() -> list[str]:
    return sorted(table.drug for table in oncology().rulebase.tables)


@cache
def facts() -> dict[str, dict[str, RowFacts]]:
    return table_rows(rules())


@cache
def against(drug: str) -> set[str]:
    """The active rows of the drug's own table that speak against it."""
    (table,) = [table for table in oncology().rulebase.tables if table.drug == drug]
    rows = facts()[drug]
    return {row.id for row in table.rows if rows[row.id].active and rows[row.id].against}


@cache
def fired(drug: str) -> set[str]:
    expected = [case.expect[drug] for case in cases().values() if drug in case.expect]
    return {row for one in expected for row in one.must_fire}


def ruled() -> list[str]:
    """The drugs of which a row can fire; of others it is known that they are used, and no more."""
    return [drug for drug in drugs() if any(row.active for row in facts()[drug].values())]


def test_each_drug_has_a_case_in_which_a_row_fires() -> None:
    assert len(ruled()) > 450
    assert [drug for drug in ruled() if not fired(drug)] == []


def test_each_drug_has_a_case_with_a_row_against_it() -> None:
    opposed = [drug for drug in drugs() if against(drug)]
    assert opposed
    assert [drug for drug in opposed if not fired(drug) & against(drug)] == []


def test_each_drug_has_a_case_with_an_active_row_silent() -> None:
    for drug in ruled():
        rows = facts()[drug]
        silent = {row for case in cases().values() if drug in case.expect for row in case.expect[drug].silent}
        assert silent, drug
        assert all(rows[row].active for row in silent), drug


def test_every_active_row_is_named_by_a_case() -> None:
    rulebase = oncology().rulebase
    named = {row for case in cases().values() for expected in case.expect.values() for row in expected.must_fire}
    assert sorted({row.id for _, row in rulebase.active_rows()} - named) == []
    assert coverage(rules(), ()).active == len(list(rulebase.active_rows()))


def test_a_drug_with_a_marker_says_what_must_be_assayed() -> None:
    # Otherwise "assayed and absent" would be said of what nobody assayed.
    without = [
        (table.drug, indication.tumour_types)
        for table in oncology().rulebase.tables
        for indication in table.indications
        if indication.requires != "nothing" and not indication.essential_loci
    ]
    assert without == []
