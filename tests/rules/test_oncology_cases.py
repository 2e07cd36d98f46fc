"""The rules give what a tumour board expects: typical responders, typical resistant tumours, wild types, gaps.

The cases are those of the rule set itself, in ``rulebase/oncology/cases``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import get_args

import pytest

import resistab
from resistab.core.condition import condition_text
from resistab.core.derivation import Step
from resistab.curation.cases import (
    Judgement,
    case_rules,
    coverage,
    judge,
    mechanism_steps,
    read_cases,
    table_rows,
)
from resistab.curation.kit.case_rules import Case, CaseRules
from resistab.domains.oncology.kinds.cases import TumourExpectation
from resistab.domains.oncology.kinds.models import Mechanism
from resistab.domains.oncology.policy.models import Verdict
from resistab.files.yaml_source import read_yaml_file
from resistab.rulesets.find import ruleset_folder

FOLDER = ruleset_folder("oncology")
NAMES = [
    case["case"] for path in sorted(FOLDER.glob("cases/*.yaml")) for case in read_yaml_file(path, "")[0].data["cases"]
]

# How often a case says everything of a drug; elsewhere it asks after single rows.
WHOLE_EXPECTATIONS = 713


@cache
def oncology() -> resistab.Interpreter:
    return resistab.load("oncology")


@cache
def rules() -> CaseRules:
    return case_rules(FOLDER, oncology().rulebase)


@cache
def cases() -> dict[str, Case]:
    return {case.name: case for case in read_cases(rules())}


@cache
def judged(name: str) -> Judgement:
    return judge(rules(), oncology(), cases()[name])


@cache
def verdicts(tumour: str, findings: tuple[str, ...] = (), assayed: tuple[str, ...] = ()) -> dict[str, Verdict]:
    genotype = oncology().genotype(tumour, findings, assayed)
    return {verdict.drug: verdict for verdict in oncology().interpret(genotype).verdicts}


def leaves(step: Step) -> Iterator[Step]:
    below = [*step.parts, *(rule.condition for rule in step.rules)]
    for part in below:
        yield from leaves(part)
    if not below:
        yield step


def test_every_case_is_read_once() -> None:
    assert list(cases()) == NAMES
    assert len(NAMES) >= 1271


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gets_the_verdicts_and_rows_that_a_tumour_board_expects(name: str) -> None:
    # Verdict, level, rows, silent rows, chain of mechanism rules and words of the reason: see tests/curation.
    assert [(failure.drug, failure.differences) for failure in judged(name).failures] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_case_asks_something_of_each_drug(name: str) -> None:
    for expected in cases()[name].expect.values():
        assert isinstance(expected, TumourExpectation)
        assert expected.verdict or expected.rows is not None or expected.fires or expected.silent


def test_what_is_said_of_a_drug_with_verdict_and_every_row_becomes_no_less() -> None:
    whole = [
        (case.name, drug)
        for case in cases().values()
        for drug, expected in case.expect.items()
        if isinstance(expected, TumourExpectation) and expected.verdict and expected.rows is not None
    ]
    assert len(whole) >= WHOLE_EXPECTATIONS


@pytest.mark.parametrize("name", NAMES)
def test_every_contribution_is_derived_from_findings_and_cited(name: str) -> None:
    for drug, expected in cases()[name].expect.items():
        verdict = judged(name).verdicts[drug]
        assert isinstance(verdict, Verdict)
        rows = tuple(contribution.row for contribution in verdict.contributions)
        assert set(expected.must_fire) <= set(rows)
        assert bool(verdict.citations) == bool(rows)
        for contribution in verdict.contributions:
            assert contribution.derivation.truth == "true"
            assert contribution.derivation.text
            assert any(item.direction == "supports" for item in contribution.evidence)
            assert all(item.citation and item.url and item.statement for item in contribution.evidence)
            # What was found is named; what holds because nothing was found names no finding.
            rests_on_absence = (
                contribution.condition.startswith(("none of", "not ")) or "wild type" in contribution.condition
            )
            assert rests_on_absence or any(leaf.findings for leaf in leaves(contribution.derivation))


def drugs() -> list[str]:
    return sorted(table.drug for table in oncology().rulebase.tables)


@cache
def against(drug: str) -> set[str]:
    """The active rows of the drug's own table that speak against it."""
    (table,) = [table for table in oncology().rulebase.tables if table.drug == drug]
    facts = table_rows(rules())[drug]
    return {row.id for row in table.rows if facts[row.id].active and facts[row.id].against}


@cache
def fired(drug: str) -> set[str]:
    expected = [case.expect[drug] for case in cases().values() if drug in case.expect]
    return {row for one in expected for row in one.must_fire}


@pytest.mark.parametrize("drug", drugs())
def test_each_drug_has_a_case_in_which_a_row_fires(drug: str) -> None:
    assert fired(drug)


@pytest.mark.parametrize("drug", [drug for drug in drugs() if against(drug)])
def test_each_drug_with_rows_against_it_has_a_case_in_which_one_fires(drug: str) -> None:
    assert fired(drug) & against(drug)


@pytest.mark.parametrize("drug", drugs())
def test_each_drug_has_a_case_in_which_an_active_row_stays_silent(drug: str) -> None:
    rows = table_rows(rules())[drug]
    silent = {row for case in cases().values() if drug in case.expect for row in case.expect[drug].silent}
    assert silent
    assert all(rows[row].active for row in silent)


def test_every_active_row_is_named_by_a_case() -> None:
    rulebase = oncology().rulebase
    named = {row for case in cases().values() for expected in case.expect.values() for row in expected.must_fire}
    assert sorted({row.id for _, row in rulebase.active_rows()} - named) == []
    assert coverage(rules(), ()).active == len(list(rulebase.active_rows()))


def test_a_drug_that_needs_a_marker_says_what_must_have_been_assayed() -> None:
    # Otherwise "assayed and absent" would be said of what nobody assayed.
    without = [
        (table.drug, indication.tumour_types)
        for table in oncology().rulebase.tables
        for indication in table.indications
        if indication.requires != "nothing" and not indication.essential_loci
    ]
    assert without == []


# --- the seven routes of resistance to inhibitors of mutant BRAF ---------------------------------------------------

ROUTES = [
    ("MEK1 mutation", "MAP2K1 C121S", "MAPK-001", "PMID:21383288"),
    ("MEK1 mutation, by the review", "MAP2K1 K57N", "MAPK-002", "DOI:10.1038/nrc3297"),
    ("CRAF activity", "RAF1 increased activity", "MAPK-003", "DOI:10.1038/nrc3297"),
    ("NRAS mutation", "NRAS Q61K", "MAPK-004", "PMID:23569304"),
    ("COT up-regulation", "MAP3K8 overexpression", "MAPK-008", "DOI:10.1038/nrc3297"),
    ("PDGFRB up-regulation", "PDGFRB overexpression", "MAPK-009", "PMID:21107323"),
    ("PDGFRB activity", "PDGFRB increased activity", "MAPK-010", "DOI:10.1038/nrc3297"),
    ("IGF1R activity", "IGF1R increased activity", "MAPK-010", "DOI:10.1038/nrc3297"),
    ("BRAF amplification", "BRAF amplification", "MAPK-011", "PMID:24265155"),
    ("BRAF alternative splicing", "BRAF splice variant", "MAPK-012", "PMID:24265155"),
    ("epigenetic route", "STAG2 underexpression", "MAPK-013", "PMID:27500726"),
    ("regulatory route", "MAP2K1 overexpression", "MAPK-015", "DOI:10.1038/nrc3297"),
]


@pytest.mark.parametrize(("drug", "row"), [("vemurafenib", "VEM-017"), ("dabrafenib", "DAB-012")])
@pytest.mark.parametrize(("route", "finding", "rule", "reference"), ROUTES, ids=[route[0] for route in ROUTES])
def test_each_route_past_braf_inhibition_is_reached_through_a_mechanism_rule(
    drug: str, row: str, route: str, finding: str, rule: str, reference: str
) -> None:
    verdict = verdicts("MEL", ("BRAF V600E", finding))[drug]
    assert verdict.verdict in ("resistant", "possible_resistance")
    top = verdict.contributions[0]
    assert top.row == row
    chain = list(mechanism_steps(top.derivation))
    assert chain[0].conclusion.startswith("MAP kinase pathway reactivated")
    (step,) = [step for step in chain if step.rule == rule]
    assert finding in step.condition.findings or any(finding in leaf.findings for leaf in leaves(step.condition))
    assert reference in [item.reference for item in step.evidence]
    assert reference in verdict.citations


@pytest.mark.parametrize("drug", ["vemurafenib", "dabrafenib"])
def test_no_route_is_listed_in_the_table_of_a_drug(drug: str) -> None:
    routes = {"MAP2K1", "RAF1", "NRAS", "MAP3K8", "PDGFRB", "IGF1R", "STAG2"}
    (table,) = [table for table in oncology().rulebase.tables if table.drug == drug]
    listed = [row.id for row in table.rows if routes & set(condition_text(row.when).split())]
    assert listed == []


# --- the mechanism vocabulary --------------------------------------------------------------------------------------

# No item of the evidence on the drugs of this rule set speaks of these.
WITHOUT_EVIDENCE = {"DNA repair restored", "microenvironment"}
WORKING = {
    "target absent": ("LUAD", ("EGFR wild type",), "GEF-014"),
    "target alteration: gatekeeper": ("LUAD", ("EGFR L858R", "EGFR T790M"), "GEF-020"),
    "target alteration: solvent front": ("LUAD", ("EML4::ALK", "ALK G1202R"), "CRI-029"),
    "target alteration: other": ("LUAD", ("EGFR L858R", "EGFR C797S"), "OSI-010"),
    "target amplification": ("COAD", ("BRAF V600E", "BRAF amplification"), "DAB-015"),
    "bypass by a parallel receptor": ("LUAD", ("EGFR L858R", "MET amplification"), "GEF-025"),
    "downstream reactivation": ("COAD", ("KRAS G12D",), "CET-031"),
    "upstream reactivation": ("HCL", ("BRAF V600E", "KRAS G12D"), "VEM-029"),
    "efflux and transport": ("BREAST", ("ABCB1 overexpression",), "PAC-003"),
    "drug activation or metabolism": ("OVARY", ("GSTP1 underexpression",), "PAC-001"),
    "epigenetic change": ("MEL", ("BRAF V600E", "STAG2 underexpression"), "MAPK-013"),
    "apoptosis evasion": ("LUAD", ("TP53 loss", "KRAS G12C"), "DOC-005"),
    "lineage or histological change": ("LUAD", ("EGFR L858R", "histological transformation to SCLC"), "GEF-028"),
    "immune escape": ("MEL", ("B2M L15fs",), "PEM-013"),
    "clonal heterogeneity": ("LUAD", ("EML4::ALK", "EGFR L858R"), "CRI-034"),
}


def test_every_class_of_mechanism_has_a_working_rule_or_no_evidence() -> None:
    vocabulary = set(get_args(Mechanism)) - {"target dependence", "DNA repair deficiency", "not established"}
    assert set(WORKING) | WITHOUT_EVIDENCE == vocabulary
    assert not set(WORKING) & WITHOUT_EVIDENCE


@pytest.mark.parametrize("mechanism", WORKING)
def test_a_rule_of_each_class_of_mechanism_fires(mechanism: str) -> None:
    tumour, findings, rule = WORKING[mechanism]
    fired: dict[str, str] = {}
    for verdict in verdicts(tumour, findings).values():
        for contribution in verdict.contributions:
            fired[contribution.row] = contribution.mechanism
            fired |= {step.rule: step.mechanism for step in mechanism_steps(contribution.derivation)}
    assert fired.get(rule) == mechanism


@pytest.mark.parametrize("mechanism", sorted(WITHOUT_EVIDENCE))
def test_a_class_without_evidence_has_no_rule(mechanism: str) -> None:
    rulebase = oncology().rulebase
    rows = [row.id for _, row in rulebase.active_rows() if row.mechanism == mechanism]
    assert rows + [rule.id for rule in rulebase.mechanism_rules if rule.mechanism == mechanism] == []
