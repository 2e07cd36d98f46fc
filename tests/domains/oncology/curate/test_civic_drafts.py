"""Drafts of rows from CIViC's evidence: what is proposed, and what becomes of every item."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.core.condition import condition_text
from resistab.domains.oncology.checks.civic_names import (
    FURTHER_DISEASES,
    FURTHER_REGIMENS,
    CivicTherapy,
    Interaction,
    therapies,
    tumour_codes,
)
from resistab.domains.oncology.curate.civic.drafts import (
    DRAFTED,
    FILTERED,
    NO_DRUG,
    NO_EFFECT,
    NO_REFERENCE,
    NOT_ACCEPTED,
    NOT_PREDICTIVE,
    PRESENT,
    SEQUENTIAL,
    UNKNOWN_DRUG,
    UNKNOWN_TUMOUR,
    DraftRow,
    Drafts,
    WantedDrafts,
    draft,
)
from resistab.domains.oncology.curate.civic.file import CivicItem, read_civic_file
from resistab.domains.oncology.curate.civic.profiles import NO_FORM, UNKNOWN_GENE, WRONG_RESIDUE
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.rulesets.models import UNWRITTEN

EVIDENCE = Path(__file__).with_name("civic_evidence.tsv")
ON = datetime.date(2026, 11, 22)
ITEM = CivicItem(
    id="EID900001",
    profile="EGFR L858R",
    disease="Lung Non-small Cell Carcinoma",
    therapies=("Gefitinib",),
    interaction="",
    predictive=True,
    accepted=True,
    significance="Sensitivity/Response",
    supports=True,
    level="B",
    reference="PMID:24457318",
    citation="Fukihara et al., 2014",
    origin="Somatic",
    phenotypes="",
    flagged=False,
)


def drafts_of(small: Rulebase, *items: CivicItem) -> Drafts:
    numbered = [replace(item, id=f"EID{900001 + number}") for number, item in enumerate(items)]
    return draft(small, numbered, ON)


def row_of(small: Rulebase, *items: CivicItem) -> DraftRow:
    """The only row that is drafted from ``items``."""
    drafts = drafts_of(small, *items)
    ((row,),) = (table.rows for table in drafts.tables)
    return row


# --- the account --------------------------------------------------------------------------------------------------


def test_every_item_of_a_file_is_accounted_for(small: Rulebase) -> None:
    drafts = draft(small, read_civic_file(EVIDENCE), ON)
    assert drafts.counts == {DRAFTED: 8, PRESENT: 1, FILTERED: 0, NOT_PREDICTIVE: 1, NOT_ACCEPTED: 1}
    assert [(part.reason, part.detail, part.items) for part in drafts.untranslated] == [
        (SEQUENTIAL, "Gefitinib then Multikinase Inhibitor AEE788", ("EID642",)),
        (NO_DRUG, "EML4::ALK e2::e20", ("EID1266",)),
        (NO_EFFECT, "Adverse Response", ("EID1317",)),
        (NO_FORM, "EGFR Expression (does not say how much)", ("EID4877",)),
        (UNKNOWN_GENE, "NF1", ("EID90",)),
        (WRONG_RESIDUE, "BRAF G496A (the reference residue at 496 is Q, not G)", ("EID5966",)),
        (NO_REFERENCE, "An abstract without a number, 2019, ASCO Annual Meeting", ("EID999001",)),
        (UNKNOWN_TUMOUR, "Colorectal Cancer", ("EID11670",)),
    ]
    untranslated = sum(len(part.items) for part in drafts.untranslated)
    assert drafts.read == sum(drafts.counts.values()) + untranslated == 19


def test_the_drafts_of_a_file(small: Rulebase) -> None:
    drafts = draft(small, read_civic_file(EVIDENCE), ON)
    told = [
        (
            draft_row.row.id,
            condition_text(draft_row.row.when),
            draft_row.row.tumour_types,
            draft_row.row.effect,
            [(item.source, item.direction) for item in draft_row.row.evidence],
        )
        for table in drafts.tables
        for draft_row in table.rows
    ]
    amplified = "BRAF amplification and (BRAF V600E or BRAF V600K)"
    thrice = "EGFR T790M and EGFR exon 19 deletion and EGFR C797S"
    assert told == [
        ("GEF-006", "EGFR T790M", ("LUAD",), "resistance", [("CIViC:EID1391", "supports")]),
        ("GEF-007", "EGFR T790M", ("NSCLC",), "resistance", [("CIViC:EID2159", "supports")]),
        (
            "GEF-008",
            "EGFR amplification",
            ("NSCLC",),
            "susceptibility",
            [("CIViC:EID977", "against"), ("CIViC:EID5924", "supports")],
        ),
        ("GEF-009", "KRAS mutation", ("NSCLC",), "resistance", [("CIViC:EID2385", "supports")]),
        ("OSI-005", thrice, ("LUAD",), "resistance", [("CIViC:EID1396", "supports")]),
        ("VEM-003", amplified, ("MEL",), "resistance", [("CIViC:EID6262", "supports")]),
        ("VEM-004", "any substitution at BRAF V600", ("MEL",), "susceptibility", [("CIViC:EID1422", "supports")]),
    ]


def test_citations_are_drafted_that_the_rule_set_lacks(small: Rulebase) -> None:
    drafts = draft(small, read_civic_file(EVIDENCE), ON)
    assert [(item.reference, item.short) for item in drafts.citations][:2] == [
        ("PMID:17020982", "Kosaka et al., 2006"),
        ("PMID:20826716", "Dahabreh et al., 2011"),
    ]
    assert not {item.reference for item in drafts.citations} & small.citation_by_reference.keys()


@given(items=st.permutations(read_civic_file(EVIDENCE)))
def test_the_order_of_the_items_changes_nothing(small: Rulebase, items: list[CivicItem]) -> None:
    assert draft(small, items, ON) == draft(small, read_civic_file(EVIDENCE), ON)


def test_an_item_that_a_mechanism_names_is_in_the_rule_set(small: Rulebase) -> None:
    sources = {evidence.source for rule in small.mechanism_rules for evidence in rule.evidence}
    assert "CIViC:EID14" in sources
    assert draft(small, [replace(ITEM, id="EID14")], ON).counts[PRESENT] == 1


# --- what is asked for --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "drugs"),
    [
        (WantedDrafts(drugs=frozenset({"gefitinib"})), {"gefitinib"}),
        (WantedDrafts(drugs=frozenset({"gefitinib", "osimertinib"})), {"gefitinib", "osimertinib"}),
        (WantedDrafts(genes=frozenset({"BRAF"})), {"vemurafenib"}),
        (WantedDrafts(genes=frozenset({"EGFR", "KRAS"})), {"gefitinib", "osimertinib"}),
        (WantedDrafts(tumours=frozenset({"MEL"})), {"vemurafenib"}),
        (WantedDrafts(tumours=frozenset({"LUNG"})), {"gefitinib", "osimertinib"}),
        (WantedDrafts(drugs=frozenset({"gefitinib"}), tumours=frozenset({"MEL"})), set()),
    ],
)
def test_only_what_is_asked_for_is_drafted(small: Rulebase, wanted: WantedDrafts, drugs: set[str]) -> None:
    drafts = draft(small, read_civic_file(EVIDENCE), ON, wanted)
    assert {table.drug for table in drafts.tables} == drugs
    assert drafts.counts[FILTERED] > 0
    assert drafts.read == sum(drafts.counts.values()) + sum(len(part.items) for part in drafts.untranslated)


def test_a_tumour_type_holds_those_under_it_and_none_above(small: Rulebase) -> None:
    drafts = draft(small, read_civic_file(EVIDENCE), ON, WantedDrafts(tumours=frozenset({"LUAD"})))
    assert [row.row.tumour_types for table in drafts.tables for row in table.rows] == [("LUAD",), ("LUAD",)]


def test_an_unknown_tumour_type_is_told_and_not_filtered_out(small: Rulebase) -> None:
    drafts = draft(small, [replace(ITEM, disease="Warthin Tumor")], ON, WantedDrafts(tumours=frozenset({"NSCLC"})))
    assert [part.reason for part in drafts.untranslated] == [UNKNOWN_TUMOUR]


def test_an_item_on_several_drugs_is_drafted_for_those_wanted(small: Rulebase) -> None:
    item = replace(ITEM, therapies=("Gefitinib", "Osimertinib"), interaction="Substitutes")
    drafts = draft(small, [item], ON, WantedDrafts(drugs=frozenset({"osimertinib"})))
    assert [table.drug for table in drafts.tables] == ["osimertinib"]


# --- a row --------------------------------------------------------------------------------------------------------


def test_a_draft_leaves_the_sentence_to_the_curator(small: Rulebase) -> None:
    row = row_of(small, ITEM).row
    assert (row.status, row.created, row.reviewed) == ("draft", ON, ON)
    assert [item.statement for item in row.evidence] == [UNWRITTEN]


def test_items_on_the_same_make_one_row_the_best_level_first(small: Rulebase) -> None:
    row = row_of(small, ITEM, replace(ITEM, level="D"), replace(ITEM, level="A")).row
    assert [(item.source, item.level) for item in row.evidence] == [
        ("CIViC:EID900003", "A"),
        ("CIViC:EID900001", "B"),
        ("CIViC:EID900002", "D"),
    ]


@pytest.mark.parametrize(
    ("significance", "effect", "mechanism"),
    [
        ("Sensitivity/Response", "susceptibility", "target dependence"),
        ("Resistance", "resistance", "not established"),
        ("Reduced Sensitivity", "reduced response", "not established"),
    ],
)
def test_the_effect_proposed_follows_from_the_significance(
    small: Rulebase, significance: str, effect: str, mechanism: str
) -> None:
    row = row_of(small, replace(ITEM, significance=significance)).row
    assert (row.effect, row.mechanism, row.evidence[0].direction) == (effect, mechanism, "supports")


def test_resistance_is_proposed_beside_reduced_sensitivity(small: Rulebase) -> None:
    reduced, resistant = replace(ITEM, significance="Reduced Sensitivity"), replace(ITEM, significance="Resistance")
    assert row_of(small, reduced, resistant).row.effect == "resistance"


def test_the_claim_of_the_better_level_is_proposed(small: Rulebase) -> None:
    draft_row = row_of(small, ITEM, replace(ITEM, significance="Resistance", level="D"))
    assert draft_row.row.effect == "susceptibility"
    assert [item.direction for item in draft_row.row.evidence] == ["supports", "against"]
    assert "The evidence is divided." in draft_row.remarks


def test_at_one_level_more_items_decide_and_else_resistance(small: Rulebase) -> None:
    resistant = replace(ITEM, significance="Resistance")
    assert row_of(small, ITEM, ITEM, resistant).row.effect == "susceptibility"
    assert row_of(small, ITEM, resistant).row.effect == "resistance"


def test_a_claim_only_denied_has_nothing_but_evidence_against(small: Rulebase) -> None:
    draft_row = row_of(small, replace(ITEM, supports=False))
    assert draft_row.row.effect == "susceptibility"
    assert [item.direction for item in draft_row.row.evidence] == ["against"]
    assert "Nothing but evidence against the effect: is it the contrary?" in draft_row.remarks


def test_resistance_that_was_not_found_supports_susceptibility(small: Rulebase) -> None:
    row = row_of(small, ITEM, replace(ITEM, significance="Resistance", supports=False)).row
    assert [item.direction for item in row.evidence] == ["supports", "supports"]


def test_a_draft_tells_of_unretired_rows_of_the_same_condition(small: Rulebase) -> None:
    told = "The same condition stands in GEF-003: is the evidence better put there?"
    assert told in row_of(small, replace(ITEM, profile="EGFR T790M")).remarks
    assert not any("same condition" in text for text in row_of(small, replace(ITEM, profile="EGFR T790")).remarks)


def test_a_draft_tells_what_no_field_of_a_row_can(small: Rulebase) -> None:
    item = replace(ITEM, origin="Rare Germline", phenotypes="Pediatric onset,Adult onset", flagged=True)
    assert row_of(small, item).remarks == (
        "CIViC: EGFR L858R, in Lung Non-small Cell Carcinoma.",
        "EID900001: rare germline variant.",
        "EID900001: studied in those with Pediatric onset, Adult onset.",
        "EID900001: flagged in CIViC.",
    )


def test_a_fusion_with_any_partner_is_told_to_be_wider(small: Rulebase) -> None:
    remarks = row_of(small, replace(ITEM, profile="v::MET Fusion")).remarks
    assert "CIViC means a fusion with any partner at one end, the condition at either end." in remarks


# --- ids ----------------------------------------------------------------------------------------------------------


def test_a_retired_rows_id_is_not_given_again(small: Rulebase) -> None:
    rows = [row.id for table in small.tables if table.drug == "gefitinib" for row in table.rows]
    assert rows[-1] == "GEF-005"
    table = next(table for table in small.tables if table.drug == "gefitinib")
    retired = table.rows[-1].model_copy(update={"id": "GEF-017", "status": "retired", "retired": ON})
    tables = tuple(
        item.model_copy(update={"rows": (*item.rows, retired)}) if item is table else item for item in small.tables
    )
    assert row_of(small.model_copy(update={"tables": tables}), ITEM).row.id == "GEF-018"


def test_a_drug_without_a_table_gets_ids_and_an_indication(small: Rulebase) -> None:
    tables = tuple(table for table in small.tables if table.drug != "gefitinib")
    (table,) = drafts_of(small.model_copy(update={"tables": tables}), ITEM).tables
    assert [row.row.id for row in table.rows] == ["GEF-001"]
    assert [(item.tumour_types, item.relevant, item.requires) for item in table.indications] == [
        (("TISSUE",), False, "nothing")
    ]


def test_the_prefix_of_new_ids_is_no_other_drugs(small: Rulebase) -> None:
    drugs = (*small.drugs, small.drugs[0].model_copy(update={"name": "gefarnate", "aliases": ()}))
    (table,) = drafts_of(small.model_copy(update={"drugs": drugs}), replace(ITEM, therapies=("Gefarnate",))).tables
    assert [row.row.id for row in table.rows] == ["GEFA-001"]


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "interaction", "expected"),
    [
        (("Gefitinib",), "", [CivicTherapy("gefitinib")]),
        (("Iressa",), "", [CivicTherapy("gefitinib")]),
        (("Gefitinib", "Erlotinib"), "Substitutes", [CivicTherapy("erlotinib"), CivicTherapy("gefitinib")]),
        (
            ("Gefitinib", "Carboplatin"),
            "Combination",
            [CivicTherapy("carboplatin", ("gefitinib",)), CivicTherapy("gefitinib", ("carboplatin",))],
        ),
        (("Chemotherapy", "Osimertinib"), "Combination", [CivicTherapy("osimertinib", ("chemotherapy",))]),
        (
            ("Dabrafenib/Trametinib Regimen",),
            "",
            [CivicTherapy("dabrafenib", ("trametinib",)), CivicTherapy("trametinib", ("dabrafenib",))],
        ),
        (
            ("Dabrafenib/Trametinib Regimen", "Vemurafenib"),
            "Substitutes",
            [
                CivicTherapy("dabrafenib", ("trametinib",)),
                CivicTherapy("trametinib", ("dabrafenib",)),
                CivicTherapy("vemurafenib"),
            ],
        ),
        (
            ("Cetuximab", "Cetuximab/Irinotecan Regimen"),
            "Substitutes",
            [CivicTherapy("cetuximab"), CivicTherapy("irinotecan", ("cetuximab",))],
        ),
        (
            ("FAC Regimen",),
            "",
            [
                CivicTherapy("cyclophosphamide", ("doxorubicin", "fluorouracil")),
                CivicTherapy("doxorubicin", ("cyclophosphamide", "fluorouracil")),
                CivicTherapy("fluorouracil", ("cyclophosphamide", "doxorubicin")),
            ],
        ),
        (
            ("FEC Regimen", "FAC Regimen"),
            "Substitutes",
            [
                CivicTherapy("cyclophosphamide", ("epirubicin", "fluorouracil")),
                CivicTherapy("doxorubicin", ("cyclophosphamide", "fluorouracil")),
                CivicTherapy("epirubicin", ("cyclophosphamide", "fluorouracil")),
                CivicTherapy("fluorouracil", ("cyclophosphamide", "epirubicin")),
            ],
        ),
        (("Nonamed",), "", []),
    ],
)
def test_drugs_go_by_our_names_and_stay_together_where_combined(
    oncology: TumourInterpreter, names: tuple[str, ...], interaction: Interaction, expected: list[CivicTherapy]
) -> None:
    assert list(therapies(oncology.rulebase, names, interaction)) == expected


def test_a_drug_that_the_rule_set_does_not_know_is_told_by_name(small: Rulebase) -> None:
    item = replace(ITEM, therapies=("Crizotinib", "Lorlatinib"), interaction="Combination")
    assert [(part.reason, part.detail) for part in drafts_of(small, item).untranslated] == [
        (UNKNOWN_DRUG, "Crizotinib + Lorlatinib")
    ]


@pytest.mark.parametrize(
    ("disease", "codes"),
    [
        ("Lung Adenocarcinoma", ("LUAD",)),
        ("Lung Non-small Cell Carcinoma", ("NSCLC",)),
        ("Colorectal Cancer", ("COADREAD",)),
        ("Prostate Cancer", ("PROSTATE",)),
        ("Mucosal Melanoma", ("MEL", "ARMM")),
        ("Leukemia", ("TISSUE",)),
        ("", ()),
    ],
)
def test_diseases_become_oncotree_codes(oncology: TumourInterpreter, disease: str, codes: tuple[str, ...]) -> None:
    assert tumour_codes(oncology.rulebase, disease) == codes


def test_every_reviewed_name_is_known_and_has_a_reason(oncology: TumourInterpreter) -> None:
    known = oncology.rulebase.tumour_by_code
    assert [code for code, _ in FURTHER_DISEASES.values() if code not in known] == []
    assert all(reason for _, reason in (*FURTHER_DISEASES.values(), *FURTHER_REGIMENS.values()))
    assert all(name == name.casefold() for name in (*FURTHER_DISEASES, *FURTHER_REGIMENS))


def test_no_reviewed_name_is_there_for_nothing(oncology: TumourInterpreter) -> None:
    names = {tumour.name.casefold() for tumour in oncology.rulebase.tumour_types}
    assert names.isdisjoint(FURTHER_DISEASES)
