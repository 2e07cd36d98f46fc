"""Rows of a class of drugs, and regimens: what they mean for the drugs that they are about."""

import shutil

import pytest

from resistab.domains.oncology.checks.citation_check import check_citations
from resistab.domains.oncology.checks.civic_export import SourceItem, Sources
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.citation_exceptions import CitationExceptions
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.policy.models import Verdict
from tests.paths import SMALL

CLASS = """
drug_class: EGFR tyrosine kinase inhibitor
rows:
  - id: EGFRTKI-001
    status: active
    when: MET amplification
    tumour_types: [NSCLC]
    effect: resistance
    mechanism: bypass by a parallel receptor
    evidence:
      - reference: PMID:24263064
        source: CIViC:EID1
        level: B
        direction: supports
        studied_in: NSCLC
        statement: One.
      - reference: PMID:24263064
        source: CIViC:EID2
        level: C
        direction: supports
        studied_in: NSCLC
        drug: gefitinib
        statement: Two.
    created: 2026-11-27
    reviewed: 2026-11-27
"""
REGIMEN = """
drug: gefitinib + osimertinib
indications:
  - {tumour_types: [TISSUE], relevant: false, requires: nothing, essential_loci: []}
rows:
  - id: GEFOSI-001
    status: active
    when: EGFR T790M
    tumour_types: [NSCLC]
    effect: resistance
    mechanism: not established
    evidence:
      - reference: PMID:24263064
        source: CIViC:EID3
        level: C
        direction: supports
        studied_in: NSCLC
        statement: Three.
    created: 2026-11-27
    reviewed: 2026-11-27
"""
LUNG_WITH_MET = ("LUAD", ["EGFR L858R", "MET amplification"], ["EGFR", "MET"])


@pytest.fixture(scope="module")
def rulebase(tmp_path_factory: pytest.TempPathFactory) -> Rulebase:
    folder = tmp_path_factory.mktemp("rules") / "small"
    shutil.copytree(SMALL, folder)
    (folder / "classes").mkdir()
    (folder / "classes" / "egfr-tyrosine-kinase-inhibitor.yaml").write_text(CLASS, "utf-8")
    (folder / "tables" / "gefitinib-osimertinib.yaml").write_text(REGIMEN, "utf-8")
    drugs = folder / "drugs.yaml"
    regimen = "  - {name: gefitinib + osimertinib, regimen: [gefitinib, osimertinib], approved: false}\n"
    drugs.write_text(drugs.read_text("utf-8") + regimen, "utf-8")
    return load_rulebase_folder(folder)


@pytest.fixture(scope="module")
def interpreter(rulebase: Rulebase) -> TumourInterpreter:
    return TumourInterpreter(rulebase)


def verdicts(
    interpreter: TumourInterpreter, tumour: str, findings: list[str], assayed: list[str]
) -> dict[str, Verdict]:
    report = interpreter.interpret(interpreter.genotype(tumour, findings, assayed))
    return {verdict.drug: verdict for verdict in report.verdicts}


def contribution(verdict: Verdict, row: str) -> float:
    return next(item.score for item in verdict.contributions if item.row == row)


def test_row_of_a_class_counts_for_its_drugs_and_no_other(interpreter: TumourInterpreter) -> None:
    found = verdicts(interpreter, *LUNG_WITH_MET)
    assert "EGFRTKI-001" in found["gefitinib"].rows
    assert "EGFRTKI-001" in found["osimertinib"].rows
    assert "EGFRTKI-001" not in found["vemurafenib"].rows


def test_evidence_of_the_class_is_an_extrapolation_for_a_drug(interpreter: TumourInterpreter) -> None:
    # Level B is worth 60 and one step lower 30, which is as much as the drug's own level C.
    found = verdicts(interpreter, *LUNG_WITH_MET)
    assert contribution(found["osimertinib"], "EGFRTKI-001") == 30
    (of_class,) = [c for c in found["osimertinib"].contributions if c.row == "EGFRTKI-001"]
    assert of_class.extrapolated
    assert {item.drug for item in of_class.evidence} == {"EGFR tyrosine kinase inhibitor", "gefitinib"}


def test_evidence_of_the_drug_itself_is_none(interpreter: TumourInterpreter) -> None:
    (own,) = [c for c in verdicts(interpreter, *LUNG_WITH_MET)["gefitinib"].contributions if c.row == "EGFRTKI-001"]
    assert not own.extrapolated


def test_row_of_a_class_is_open_where_its_gene_was_unassayed(interpreter: TumourInterpreter) -> None:
    found = verdicts(interpreter, "LUAD", ["EGFR L858R"], ["EGFR"])
    assert "EGFRTKI-001" in found["osimertinib"].undecided.rows


def test_rows_of_a_class_do_not_hold_for_a_regimen(interpreter: TumourInterpreter) -> None:
    assert "EGFRTKI-001" not in verdicts(interpreter, *LUNG_WITH_MET)["gefitinib + osimertinib"].rows


def test_regimen_has_its_own_verdict_and_its_drugs_classes(interpreter: TumourInterpreter) -> None:
    verdict = verdicts(interpreter, "LUAD", ["EGFR T790M"], [])["gefitinib + osimertinib"]
    assert (verdict.verdict, verdict.rows) == ("resistant", ("GEFOSI-001",))
    assert verdict.drug_classes == ("EGFR tyrosine kinase inhibitor",)


def test_prior_regimen_is_prior_treatment_with_each_of_its_drugs(interpreter: TumourInterpreter) -> None:
    genotype = interpreter.genotype("LUAD", ["EGFR L858R"], prior_therapies=["gefitinib + osimertinib"])
    assert [therapy.drug for therapy in genotype.prior_therapies or ()] == ["gefitinib", "osimertinib"]


def source(number: int, drugs: tuple[str, ...], profile: str, combined: bool = False) -> SourceItem:
    level = {1: "B", 2: "C", 3: "C"}[number]
    return SourceItem(
        *(f"EID{number}", "PMID:24263064", "Sutiman et al., 2013", level, profile, drugs, combined),
        *("resistance", "Lung Non-small Cell Carcinoma", ""),
    )


@pytest.mark.parametrize(
    ("drugs", "combined", "fits"),
    [
        (("gefitinib", "osimertinib"), True, True),
        (("gefitinib", "osimertinib"), False, False),
        (("gefitinib",), False, False),
        (("gefitinib", "osimertinib", "bevacizumab"), True, False),
    ],
)
def test_evidence_of_a_regimen_must_be_of_all_its_drugs_together(
    rulebase: Rulebase, drugs: tuple[str, ...], combined: bool, fits: bool
) -> None:
    items = {"EID3": source(3, drugs, "EGFR T790M", combined)}
    faults = check_citations(rulebase, Sources(items, frozenset()), CitationExceptions(at_most=0)).faults
    assert any(fault.startswith("GEFOSI-001, EID3") for fault in faults) is not fits


@pytest.mark.parametrize(
    ("drug", "fits"), [("epidermal growth factor receptor tyrosine kinase inhibitor", True), ("erlotinib", False)]
)
def test_evidence_of_a_class_must_be_of_the_class(rulebase: Rulebase, drug: str, fits: bool) -> None:
    items = {"EID1": source(1, (drug,), "MET Amplification")}
    faults = check_citations(rulebase, Sources(items, frozenset()), CitationExceptions(at_most=0)).faults
    assert any(fault.startswith("EGFRTKI-001, EID1") for fault in faults) is not fits
