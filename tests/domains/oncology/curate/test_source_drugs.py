"""Which drugs, classes and combinations of a source an evidence item may speak of."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from resistab.domains.oncology.checks.source_drugs import SourceDrugs
from resistab.domains.oncology.checks.source_items import SourceItem
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Evidence
from resistab.rulesets.find import ruleset_folder


@cache
def drugs() -> SourceDrugs:
    return SourceDrugs(load_rulebase_folder(ruleset_folder("oncology")))


def aspects(
    name: str, *listed: str, combined: bool | None = None, given_with: tuple[str, ...] = (), shared: bool = False
) -> list[str]:
    evidence: dict[str, Any] = {"reference": "PMID:1", "level": "D", "direction": "supports", "studied_in": "NSCLC"}
    item = Evidence.model_validate(evidence | {"statement": "Said.", "given_with": given_with})
    source = SourceItem(
        id="SUPA-001",
        reference="PMID:1",
        citation="",
        level="D",
        profile="",
        drugs=listed,
        combined=len(listed) > 1 if combined is None else combined,
        outcome="resistance",
        disease="",
        statement="",
    )
    return [aspect for aspect, _ in drugs().compared(name, item, source, shared)]


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("osimertinib", ("osimertinib",)),
        ("EGFR antibody", ("egfr antibody",)),
        ("PD-1 antibody", ("pd-1 inhibitor",)),
        ("MET type I inhibitor", ("met type i tyrosine kinase inhibitor",)),
        ("hedgehog pathway inhibitor", ("smo inhibitor",)),
        ("taxane", ("tubulin inhibitor",)),
        ("vinca alkaloid", ("tubulin inhibitor",)),
        ("dabrafenib + trametinib", ("dabrafenib", "trametinib")),
        ("BRAF with MEK inhibitor", ("braf inhibitor", "mek inhibitor")),
        ("BRAF inhibitor with EGFR antibody", ("braf inhibitor", "egfr antibody")),
        ("fluorouracil + leucovorin + oxaliplatin", ("fluorouracil", "oxaliplatin")),
        ("cetuximab + fluorouracil + leucovorin + oxaliplatin", ("cetuximab", "fluorouracil-based chemotherapy")),
        ("abiraterone", ("abiraterone acetate", "prednisone")),
    ],
)
def test_item_on_drugs_of_its_source_fits(name: str, listed: tuple[str, ...]) -> None:
    assert aspects(name, *listed) == []


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("erlotinib", ("osimertinib",)),
        ("osimertinib", ("egfr tyrosine kinase inhibitor",)),
        ("dabrafenib + trametinib", ("dabrafenib",)),
        ("BRAF with MEK inhibitor", ("braf inhibitor",)),
        ("taxane", ("vinca alkaloid",)),
    ],
)
def test_item_on_other_drugs_than_its_source_is_found(name: str, listed: tuple[str, ...]) -> None:
    assert aspects(name, *listed) == ["drug"]


def test_drug_of_a_combination_is_given_with_the_others() -> None:
    assert aspects("osimertinib", "osimertinib", "met inhibitor") == ["given with"]
    assert aspects("osimertinib", "osimertinib", "met inhibitor", given_with=("met inhibitor",)) == []
    assert aspects("osimertinib", "osimertinib", "met inhibitor", given_with=("met tyrosine kinase inhibitor",)) == []


def test_class_of_a_combination_is_the_drug_of_it() -> None:
    assert aspects("osimertinib + tepotinib", "osimertinib", "met inhibitor") == []
    assert aspects("alpelisib + letrozole", "alpelisib", "aromatase inhibitor") == []
    assert aspects("alpelisib + letrozole", "alpelisib", "met inhibitor") == ["drug"]
    # Where no drug is named, nothing says that it was this combination.
    assert aspects("dabrafenib + trametinib", "braf inhibitor", "mek inhibitor") == ["drug"]


def test_row_on_drugs_that_bind_alike_may_rest_on_their_class() -> None:
    assert aspects("alectinib", "alk inhibitor", shared=True) == []
    assert aspects("entrectinib", "ros1 inhibitor", shared=True) == []
    assert aspects("alectinib", "ros1 inhibitor", shared=True) == ["drug"]


def test_one_of_several_drugs_listed_as_alternatives_is_enough() -> None:
    assert aspects("osimertinib", "erlotinib", "osimertinib", combined=False) == []


def test_members_of_chemotherapy_may_be_named() -> None:
    assert aspects("trastuzumab", "trastuzumab", "chemotherapy", given_with=("docetaxel",)) == []
