"""Every evidence item says what its source says; what the citation check refuses, excuses and reports.

The sources are not part of the project. Most tests check one row against a source made up to fit it, and then
change one thing at a time; the check of the whole rulebase is skipped where the sources are absent.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from resistab.domains.oncology.checks.approvals_account import is_left_out
from resistab.domains.oncology.checks.citation_check import (
    CitationResult,
    check_citations,
    check_folder,
    default_evidence_folder,
    main,
    read_exceptions,
)
from resistab.domains.oncology.checks.civic_export import (
    ADDENDUM,
    EXPORT,
    SUPPLEMENT,
    EvidenceAbsentError,
    read_sources,
)
from resistab.domains.oncology.checks.labels import account, named_labels
from resistab.domains.oncology.checks.source_items import SourceItem, Sources
from resistab.domains.oncology.checks.supplement import read_further
from resistab.domains.oncology.curate.evidence_files import read_evidence
from resistab.domains.oncology.kinds.citation_exceptions import CitationException, CitationExceptions
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import BenignVariant, Row, Rulebase
from resistab.domains.oncology.kinds.regimens import TumourRegimens
from resistab.rulesets.find import ruleset_folder
from resistab.rulesets.models import Citation

NONE = CitationExceptions(at_most=0)
SOURCE = SourceItem(
    id="EID12",
    reference="PMID:1",
    citation="A study, 2001",
    level="B",
    profile="EGFR T790M AND EGFR L858R",
    drugs=("gefitinib",),
    combined=False,
    outcome="resistance",
    disease="Lung Non-small Cell Carcinoma",
    statement="The drug did nothing in a tumour that had acquired the second mutation while on treatment.",
)
EVIDENCE: dict[str, Any] = {
    "reference": "PMID:1",
    "source": "CIViC:EID12",
    "level": "B",
    "direction": "supports",
    "studied_in": "NSCLC",
    "statement": "Four of nine patients had T790M at relapse.",
}

# A drug, a condition and a tumour type each.
ROWS = {
    "GEF-020": ("gefitinib", "EGFR T790M", "NSCLC"),
    "IMA-046": ("imatinib", "ABL1 T315I", "CML"),
    "CET-037": ("cetuximab", "MET amplification", "COADREAD"),
    "GEF-028": ("gefitinib", "histological transformation to SCLC", "NSCLC"),
    "VEM-017": ("vemurafenib", "conclusion map-kinase-pathway-reactivated", "MEL"),
}


@cache
def shipped() -> Rulebase:
    return load_rulebase_folder(ruleset_folder("oncology"))


def with_row(evidence: list[dict[str, Any]], row: str = "GEF-020") -> Rulebase:
    """The shipped rulebase with one row only, made for the test, which rests on ``evidence``."""
    drug, when, tumour = ROWS[row]
    made = Row.model_validate(
        {
            **{"id": row, "status": "active", "when": when, "tumour_types": [tumour], "effect": "resistance"},
            **{"mechanism": "not established", "created": "2026-11-21", "reviewed": "2026-11-21", "evidence": evidence},
        }
    )
    (table,) = [table for table in shipped().tables if table.drug == drug]
    citations = tuple(
        Citation(reference=r, short="A study, 2001") for r in sorted({i.reference for i in made.evidence})
    )
    return changed(
        tables=(table.model_copy(update={"rows": (made,)}),),
        class_tables=(),
        mechanism_rules=tuple(r.model_copy(update={"evidence": ()}) for r in shipped().mechanism_rules),
        citations=citations,
        benign_variants=(),
        regimens=TumourRegimens(),
    )


def changed(rulebase: Rulebase | None = None, **fields: Any) -> Rulebase:
    """A rulebase with other ``fields``; made anew, since a copy would keep the tables of the original."""
    rulebase = rulebase or shipped()
    return Rulebase(**{name: getattr(rulebase, name) for name in Rulebase.model_fields} | fields)


def checked(
    evidence: dict[str, Any] | None = None,
    source: dict[str, Any] | None = None,
    exceptions: CitationExceptions = NONE,
    **row: str,
) -> CitationResult:
    """The check of one row, with changes to its evidence and to the source."""
    item = replace(SOURCE, **(source or {}))
    rulebase = with_row([EVIDENCE | (evidence or {})], **row)
    return check_citations(rulebase, Sources({item.id: item}, frozenset()), exceptions)


def test_a_study_of_a_benign_variant_is_known_or_excepted() -> None:
    benign = {"variant": "RET G691S", "references": ["dbSNP:rs1799939", "PMID:22312249"], "basis": "…"}
    rulebase = changed(with_row([EVIDENCE]), benign_variants=(BenignVariant.model_validate(benign),))
    sources = Sources({SOURCE.id: SOURCE}, frozenset())
    unknown = "PMID:22312249: is cited for RET G691S, and is neither in the evidence nor an exception"
    assert check_citations(rulebase, sources, NONE).faults == [unknown]
    study = {"reference": "PMID:22312249", "reason": "…"}
    listed = CitationExceptions.model_validate({"at_most": 0, "variant_studies": [study]})
    assert check_citations(rulebase, sources, listed).ok
    needless = "PMID:22312249: is an exception that no benign variant needs"
    assert check_citations(with_row([EVIDENCE]), sources, listed).faults == [needless]


def excepted(*aspects: str, at_most: int = 1) -> CitationExceptions:
    exception = CitationException.model_validate(
        {"rule": "GEF-020", "item": "EID12", "differs_in": aspects, "reason": "because"}
    )
    return CitationExceptions(at_most=at_most, exceptions=(exception,))


# --- the rulebase as shipped ---------------------------------------------------------------------------------------


def test_every_item_of_the_oncology_rules_is_verified() -> None:
    try:
        result = check_folder()
    except EvidenceAbsentError as absent:
        pytest.skip(f"citations not checked: {absent}")
    assert result.faults == []
    with_evidence = {row.id for table in shipped().row_tables for row in table.rows if row.evidence}
    with_evidence |= {rule.id for rule in shipped().mechanism_rules if rule.evidence}
    assert result.rules == with_evidence
    of_regimens = {reference for said in shipped().regimens.authorities for reference in said.references}
    assert result.references | of_regimens == set(shipped().citation_by_reference)
    assert result.items


def test_every_brand_is_of_a_label_or_listed_with_the_reason() -> None:
    folder = default_evidence_folder().parent
    if not folder.is_dir():
        pytest.skip("brands not checked: no evidence")
    rulebase, sources = shipped(), read_evidence([folder]) | read_further(ruleset_folder("oncology"))
    wrong = [row for row in sources.approval_rows if is_left_out(rulebase.approvals, row)]

    found = account(rulebase, named_labels(sources, wrong), read_exceptions(ruleset_folder("oncology")).brands)

    assert (found.unfounded, found.needless) == ((), ())
    assert found.verified + found.excepted == found.brands
    assert found.verified > 100


# --- one item ------------------------------------------------------------------------------------------------------


def test_an_item_that_fits_its_source_is_verified() -> None:
    result = checked()
    assert result.ok
    assert (result.items, result.excepted) == (1, 0)
    assert (result.references, result.rules) == ({"PMID:1"}, {"GEF-020"})


@pytest.mark.parametrize(
    ("aspect", "source"),
    [
        ("reference", {"reference": "PMID:2"}),
        ("level", {"level": "C"}),
        ("drug", {"drugs": ("erlotinib",)}),
        ("given with", {"drugs": ("gefitinib", "carboplatin"), "combined": True}),
        ("gene", {"profile": "KRAS G12D"}),
        ("alteration", {"profile": "EGFR L858R"}),
        ("alteration", {"profile": "EGFR T790K"}),
        ("alteration", {"profile": "EGFR Amplification"}),
        ("direction", {"outcome": "response"}),
        ("direction", {"outcome": None}),
        ("tumour type", {"disease": "Breast Cancer"}),
        ("tumour type", {"disease": "Cancer"}),
        ("statement", {"statement": "It was seen that four of nine patients had T790M at the time of relapse."}),
    ],
)
def test_what_differs_from_the_source_is_a_fault(aspect: str, source: dict[str, Any]) -> None:
    result = checked(source=source)
    assert not result.ok
    assert [fault for fault in result.faults if fault.startswith(f"GEF-020, EID12: {aspect}: ")]


def test_six_words_of_the_source_in_a_row_are_no_copy() -> None:
    assert checked(source={"statement": "Of nine patients had T790M at the end."}).ok


@pytest.mark.parametrize(
    "source",
    [
        {"drugs": ("erlotinib", "gefitinib")},
        {"profile": "EGFR Mutation"},
        {"profile": "EGFR Exon 20 Mutation"},
        {"profile": "EGFR T790M OR KRAS G12D"},
    ],
)
def test_a_source_may_speak_of_more_than_the_row(source: dict[str, Any]) -> None:
    assert checked(source=source).ok


def test_a_study_may_be_noted_under_a_narrower_disease() -> None:
    assert checked({"studied_in": "LUAD"}).ok


def test_evidence_against_a_row_is_a_source_of_the_opposite() -> None:
    assert checked({"direction": "against"}, {"outcome": "response"}).ok


def test_another_drug_counts_where_the_item_names_it() -> None:
    assert checked({"drug": "erlotinib"}, {"drugs": ("erlotinib",)}).ok


def test_imatinib_mesylate_is_imatinib() -> None:
    source = {"profile": "ABL1 T315I", "drugs": ("imatinib mesylate",), "disease": "Chronic Myeloid Leukemia"}
    evidence = {"studied_in": "CML", "statement": "Nobody with the gatekeeper mutation responded."}
    assert checked(evidence, source, row="IMA-046").ok


def test_a_regimen_is_its_drugs() -> None:
    regimen = ("cetuximab/irinotecan regimen",)
    source = {"profile": "MET Amplification", "drugs": regimen, "disease": "Colorectal Cancer"}
    evidence = {"studied_in": "COADREAD", "given_with": ["irinotecan"], "statement": "Three tumours gained copies."}
    assert checked(evidence, source, row="CET-037").ok
    without = checked(evidence | {"given_with": []}, source, row="CET-037")
    assert without.faults[0] == "CET-037, EID12: given with: irinotecan in the source"


def test_the_genes_of_a_conclusion_are_those_of_its_rules() -> None:
    source = {"profile": "NRAS Q61K", "drugs": ("vemurafenib",), "disease": "Melanoma"}
    evidence = {"studied_in": "MEL", "statement": "A tumour that relapsed had gained the mutation."}
    assert checked(evidence, source, row="VEM-017").ok
    other = checked(evidence, source | {"profile": "TP53 R175H"}, row="VEM-017")
    assert other.faults[0] == "VEM-017, EID12: gene: the source speaks of TP53 R175H"


def test_a_change_of_histology_is_that_of_the_source() -> None:
    evidence = {"statement": "One tumour had turned into small cell carcinoma."}
    assert checked(evidence, {"profile": "histological transformation to SCLC"}, row="GEF-028").ok
    for profile in ("histological transformation to LUSC", "MET Amplification"):
        other = checked(evidence, {"profile": profile}, row="GEF-028")
        assert other.faults[0] == f"GEF-028, EID12: gene: the source speaks of {profile}"


def test_a_source_that_does_not_exist_is_a_fault() -> None:
    result = checked({"source": "CIViC:EID99999"})
    assert "GEF-020, EID99999: source: is no accepted item on a drug in the evidence" in result.faults


def test_a_withdrawn_source_is_a_fault() -> None:
    result = check_citations(with_row([EVIDENCE]), Sources({"EID12": SOURCE}, frozenset({"EID12"})), NONE)
    assert "GEF-020, EID12: source: was withdrawn" in result.faults


def test_every_source_of_an_item_must_fit() -> None:
    result = checked({"source": "CIViC:EID12,EID13"})
    assert [fault.split(":")[0] for fault in result.faults if "EID1" in fault] == ["GEF-020, EID13"]


def test_an_item_without_a_source_is_found_by_what_it_says() -> None:
    assert checked({"source": None}).ok
    result = checked({"source": None}, {"outcome": "response"})
    assert "GEF-020, PMID:1: source: no item of this reference fits the evidence given" in result.faults


# --- exceptions ----------------------------------------------------------------------------------------------------


def test_an_exception_excuses_the_aspect_it_names() -> None:
    fine = {**EVIDENCE, "source": "CIViC:EID13", "statement": "Something else was seen."}
    sources = {"EID12": replace(SOURCE, profile="KRAS G12D"), "EID13": replace(SOURCE, id="EID13")}
    result = check_citations(with_row([EVIDENCE, fine]), Sources(sources, frozenset()), excepted("gene"))
    assert result.faults == []
    assert (result.items, result.excepted) == (1, 1)


def test_an_exception_excuses_nothing_else() -> None:
    result = checked(source={"profile": "KRAS G12D"}, exceptions=excepted("level"))
    assert "GEF-020, EID12: gene: the source speaks of KRAS G12D" in result.faults


def test_an_exception_that_nothing_needs_is_a_fault() -> None:
    assert checked(exceptions=excepted("gene")).faults == [
        "GEF-020, EID12: the exception for 'gene' is no longer needed"
    ]


def test_more_exceptions_than_allowed_are_a_fault() -> None:
    result = checked(source={"profile": "KRAS G12D"}, exceptions=excepted("gene", at_most=0))
    assert "at_most allows 0 exceptions, there are 1" in result.faults


def test_the_number_allowed_follows_the_exceptions_down() -> None:
    result = checked(source={"profile": "KRAS G12D"}, exceptions=excepted("gene", at_most=2))
    assert "at_most allows 2 exceptions, there are 1: lower it" in result.faults


def test_an_item_cannot_be_excepted_twice() -> None:
    one = excepted("gene").exceptions[0]
    with pytest.raises(ValueError, match="GEF-020, EID12 is excepted twice"):
        CitationExceptions(at_most=2, exceptions=(one, one))


def test_nothing_verified_is_a_fault_even_without_another() -> None:
    result = checked(source={"profile": "KRAS G12D"}, exceptions=excepted("gene"))
    assert result.faults == ["no evidence item was verified"]


# --- all items together --------------------------------------------------------------------------------------------


def test_a_sentence_stands_for_one_reference_only() -> None:
    sources = {"EID12": SOURCE, "EID13": replace(SOURCE, id="EID13", reference="PMID:2")}
    second = EVIDENCE | {"reference": "PMID:2", "source": "CIViC:EID13"}
    result = check_citations(with_row([EVIDENCE, second]), Sources(sources, frozenset()), NONE)
    assert "GEF-020, PMID:2: the statement is that of GEF-020, PMID:1" in result.faults


def test_a_statement_says_something() -> None:
    assert "GEF-020, PMID:1: the statement is empty" in checked({"statement": "…"}).faults


def test_citations_are_the_sources_each_used_and_none_missing() -> None:
    rulebase = with_row([EVIDENCE])
    sources = Sources({"EID12": SOURCE}, frozenset())
    entries = {
        "PMID:1: is not in citations.yaml": (),
        "PMID:3: stands in citations.yaml unused": (
            Citation(reference="PMID:1", short="A study, 2001"),
            Citation(reference="PMID:3", short="B study, 2003"),
        ),
        "PMID:1: is cited as 'B study, 2003', in the source as 'A study, 2001'": (
            Citation(reference="PMID:1", short="B study, 2003"),
        ),
    }
    for fault, citations in entries.items():
        assert check_citations(changed(rulebase, citations=citations), sources, NONE).faults == [fault]


# --- the exports and the command -----------------------------------------------------------------------------------

ROW = {
    "molecular_profile": "EGFR T790M",
    "disease": "Lung Adenocarcinoma",
    "therapies": "Gefitinib,Erlotinib",
    "therapy_interaction_type": "Substitutes",
    "evidence_type": "Predictive",
    "evidence_direction": "Does Not Support",
    "evidence_level": "B",
    "significance": "Sensitivity/Response",
    "evidence_statement": 'A bare " quotation mark',
    "citation_id": "5",
    "source_type": "PubMed",
    "asco_abstract_id": "",
    "citation": "A study, 2001",
    "evidence_status": "accepted",
    "evidence_id": "7",
}


def exports(folder: Path, *rows: dict[str, str]) -> Path:
    """A folder of exports with ``rows`` in the first of them."""
    lines = ["\t".join(ROW)] + ["\t".join(row.values()) for row in rows]
    (folder / EXPORT).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / ADDENDUM).write_text("change\tevidence_id\tcitation_id\nremoved\t7363\t\n", encoding="utf-8")
    (folder / SUPPLEMENT).write_text(
        "id\talteration\ttherapy\tdisease\tdirection\tsignificance\tlevel\treference\tshort_citation\tnote\n"
        "SUP-01\tPDGFRB overexpression\tVemurafenib\tMelanoma\tSupports\tResistance\tC\tPMID:9\tA, 2001, Nature\t\n",
        encoding="utf-8",
    )
    return folder


def test_an_export_is_read_with_quoting_off(tmp_path: Path) -> None:
    sources = read_sources(exports(tmp_path, ROW, ROW | {"evidence_id": "8"}))
    assert sorted(sources.items) == ["EID7", "EID8", "SUP-01"]
    assert sources.items["EID7"] == SourceItem(
        id="EID7",
        reference="PMID:5",
        citation="A study, 2001",
        level="B",
        profile="EGFR T790M",
        drugs=("gefitinib", "erlotinib"),
        combined=False,
        outcome="resistance",
        disease="Lung Adenocarcinoma",
        statement='A bare " quotation mark',
        supports=False,
    )


def test_the_addendum_names_what_was_withdrawn(tmp_path: Path) -> None:
    assert read_sources(exports(tmp_path)).withdrawn == {"EID7363"}


def test_an_abstract_is_cited_by_its_number(tmp_path: Path) -> None:
    row = ROW | {"source_type": "ASCO", "citation_id": "5", "asco_abstract_id": "3505"}
    assert read_sources(exports(tmp_path, row)).items["EID7"].reference == "ASCO:3505"


def test_a_supplementary_statement_is_cited_without_the_journal(tmp_path: Path) -> None:
    assert read_sources(exports(tmp_path)).items["SUP-01"].citation == "A, 2001"


@pytest.mark.parametrize("change", [{"evidence_type": "Prognostic"}, {"evidence_status": "submitted"}])
def test_an_item_not_accepted_or_not_on_a_drug_is_no_source(tmp_path: Path, change: dict[str, str]) -> None:
    assert "EID7" not in read_sources(exports(tmp_path, ROW | change)).items


def test_absent_evidence_is_said_and_has_an_exit_code_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--evidence", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"citations not checked: {tmp_path} does not hold {EXPORT}")


def test_faults_are_listed_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--evidence", str(exports(tmp_path, ROW))]) == 1
    printed = capsys.readouterr()
    assert ", EID239: source: is no accepted item on a drug in the evidence" in printed.err
    # What the rule set lists itself has its source with it.
    assert re.match(r"verified \d{1,2} evidence items, 0 more by exception: ", printed.out)
    assert re.search(r"; \d{4} faults$", printed.out.strip())


def test_a_wrong_option_is_told_apart_from_absent_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--evidnce", "x"])
    assert stopped.value.code == 3


def test_a_faulty_rulebase_is_told_apart_from_a_wrong_citation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports(tmp_path)
    (tmp_path / "oncology").mkdir()
    (tmp_path / "oncology" / "ruleset.yaml").write_text("ruleset: [", encoding="utf-8")
    assert main(["--evidence", str(tmp_path), "--rulebase", str(tmp_path)]) == 4
    assert "oncology/ruleset.yaml" in capsys.readouterr().err


def test_the_evidence_is_looked_for_beside_the_checkout() -> None:
    assert default_evidence_folder().parts[-3:] == ("shared", "data", "evidence")


def test_residues_of_a_known_isoform_are_those_of_the_reference() -> None:
    # ABL1 T315 is residue 334 of the longer isoform.
    source = {"profile": "ABL1 T334I", "drugs": ("imatinib",), "disease": "Chronic Myeloid Leukemia"}
    evidence = {"studied_in": "CML", "statement": "Nobody with the gatekeeper mutation responded."}
    assert checked(evidence, source, row="IMA-046").ok
    assert not checked(evidence, source | {"profile": "ABL1 T333I"}, row="IMA-046").ok
