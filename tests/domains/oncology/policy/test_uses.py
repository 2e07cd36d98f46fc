"""Whether a drug is used in a tumour follows from approvals and guidelines, and reports say from which."""

from __future__ import annotations

import pytest

from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.approvals import ApprovalFile
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.policy.models import Verdict
from resistab.rulesets.models import remade
from tests.conftest import MakeReport

APPROVALS = {
    "withdrawn": [
        {"drugs": ["osimertinib"], "tumour_types": ["SCLC"], "authorities": ["FDA"], "year": 2023, "why": "It failed."}
    ],
    "further": [
        {
            "drugs": ["osimertinib"],
            "uses": [
                {"tumour_types": ["LUAD"], "markers": ["EGFR T790M"], "authorities": ["FDA"], "basis": "FDA label"},
                {"tumour_types": ["SCLC"], "authorities": ["FDA"], "basis": "FDA label"},
            ],
        },
        {"drugs": ["gefitinib"], "uses": [{"tumour_types": ["LUNG"], "outside": ["SCLC"], "basis": "a guideline"}]},
        {
            "drugs": ["vemurafenib"],
            "uses": [{"tumour_types": ["TISSUE"], "markers": ["BRAF V600E"], "basis": "FDA label"}],
        },
    ],
}


@pytest.fixture
def used(small: Rulebase) -> Rulebase:
    """The small rule set with uses of its drugs."""
    return remade(small, approvals=ApprovalFile.model_validate(APPROVALS))


def is_used(rulebase: Rulebase, drug: str, code: str) -> bool:
    return rulebase.is_used(rulebase.table_by_drug[drug], code)


def verdict(oncology: TumourInterpreter, tumour: str, drug: str, *findings: str) -> Verdict:
    report = oncology.interpret(oncology.genotype(tumour, findings))
    return next(item for item in report.verdicts if item.drug == drug)


# --- the rule set -------------------------------------------------------------------------------------------------


def test_without_approvals_the_tables_say_what_is_used(small: Rulebase) -> None:
    assert is_used(small, "gefitinib", "LUAD")
    assert not is_used(small, "gefitinib", "MEL")


def test_use_reaches_the_types_below_but_not_those_outside(used: Rulebase) -> None:
    assert is_used(used, "gefitinib", "LUAD")
    assert not is_used(used, "gefitinib", "SCLC")


def test_organ_that_is_no_disease_may_be_the_type_approved(used: Rulebase) -> None:
    assert used.uses_in("osimertinib", "LUNG") != ()
    assert used.uses_in("osimertinib", "NSCLC") == ()


def test_withdrawn_approval_makes_no_drug_one_that_is_used(used: Rulebase) -> None:
    assert not is_used(used, "osimertinib", "SCLC")
    (use,) = used.uses_in("osimertinib", "SCLC")
    assert not use.in_force
    assert [one.year for one in use.withdrawals] == [2023]


def test_table_alone_makes_no_drug_one_that_is_used(used: Rulebase) -> None:
    """The table of vemurafenib calls it relevant in melanoma; what approvals know of it is another thing."""
    table = used.table_by_drug["vemurafenib"]
    bare = remade(used, approvals=ApprovalFile.model_validate({"further": APPROVALS["further"][:2]}))
    assert is_used(bare, "vemurafenib", "MEL"), "approvals that know nothing of the drug say nothing against it"
    of_lung = {"drugs": ["vemurafenib"], "uses": [{"tumour_types": ["LUNG"], "basis": "FDA label"}]}
    other = remade(used, approvals=ApprovalFile.model_validate({"further": [of_lung]}))
    assert not is_used(other, "vemurafenib", "MEL")
    based = [one.model_copy(update={"basis": "a guideline"}) for one in table.indications]
    with_basis = table.model_copy(update={"indications": tuple(based)})
    tables = tuple(with_basis if one is table else one for one in other.tables)
    assert is_used(remade(other, tables=tables), "vemurafenib", "MEL")


def test_only_a_use_without_markers_is_irrespective_of_them(used: Rulebase) -> None:
    assert used.approved_irrespective("gefitinib", "LUAD")
    assert not used.approved_irrespective("osimertinib", "LUAD")
    assert not used.approved_irrespective("osimertinib", "SCLC")


# --- the shipped rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("drug", "tumour"),
    [
        ("nivolumab", "MEL"),
        ("nivolumab", "CCRCC"),
        ("nivolumab", "CHL"),
        ("fluorouracil + leucovorin + oxaliplatin", "COAD"),
        ("gemcitabine", "PAAD"),
        ("docetaxel", "PRAD"),
        ("carboplatin", "HGSOC"),
        ("ruxolitinib", "PV"),
        ("encorafenib + cetuximab", "READ"),
        ("cytarabine", "AML"),
    ],
)
def test_standard_of_care_is_used(oncology: TumourInterpreter, drug: str, tumour: str) -> None:
    assert is_used(oncology.rulebase, drug, tumour)


@pytest.mark.parametrize(
    ("drug", "tumour"),
    [
        ("ruxolitinib", "CML"),
        ("docetaxel", "GIST"),
        ("doxorubicin", "GIST"),
        ("enzalutamide", "IDC"),
        ("letrozole", "PRAD"),
        ("mobocertinib", "LUAD"),
        ("infigratinib", "IHCH"),
        ("copanlisib", "FL"),
        ("pemetrexed", "LUSC"),
        ("larotrectinib", "AML"),
    ],
)
def test_what_nobody_gives_there_is_not_used(oncology: TumourInterpreter, drug: str, tumour: str) -> None:
    assert not is_used(oncology.rulebase, drug, tumour)


def test_drug_of_a_regimen_is_not_used_alone_for_it(oncology: TumourInterpreter) -> None:
    assert is_used(oncology.rulebase, "dabrafenib + trametinib", "THAP")
    assert not is_used(oncology.rulebase, "trametinib", "THAP")


@pytest.mark.parametrize(("findings", "relevant"), [(("ETV6::NTRK3",), True), ((), False)])
def test_use_in_any_tumour_waits_for_its_marker(
    oncology: TumourInterpreter, findings: tuple[str, ...], relevant: bool
) -> None:
    assert verdict(oncology, "PAAD", "larotrectinib", *findings).relevant is relevant


def test_verdict_says_since_when_and_by_whom_it_is_approved(oncology: TumourInterpreter) -> None:
    told = verdict(oncology, "LUAD", "osimertinib", "EGFR L858R").approval
    assert told.startswith("approved since 2016-02-01 (FDA, EMA, ") or told.startswith("approved since 2016-02-01 (EMA")


def test_verdict_says_that_an_approval_was_withdrawn(oncology: TumourInterpreter) -> None:
    told = verdict(oncology, "LUAD", "mobocertinib", "EGFR D770_N771insSVD")
    assert "approval by FDA withdrawn in 2024" in told.approval
    assert not told.relevant


def test_drugs_without_rules_are_named_with_their_use(make_report: MakeReport) -> None:
    report = make_report("IDC", ["ER 90%"])
    tables = {item.drug for item in report.verdicts}
    named = {item.drug: item for item in report.without_rules}
    assert "epirubicin" in named
    assert not tables & named.keys()
    assert all(item.approval for item in report.without_rules)
    assert "dostarlimab" not in named, "its marker was not found"


def test_tumour_of_which_no_more_is_known_has_no_drug_of_a_type(oncology: TumourInterpreter) -> None:
    report = oncology.interpret(oncology.genotype("TISSUE", ["TP53 R175H"]))
    relevant = {item.drug for item in report.verdicts if item.relevant}
    assert relevant.isdisjoint({"osimertinib", "docetaxel", "nivolumab", "larotrectinib"})
