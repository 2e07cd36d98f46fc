"""Rearrangements by the names that studies and callers give them."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from resistab.domains.oncology.inputs.fusions import Event, gene_known, joined, named_event
from tests.cases import cases_beside


@cases_beside
def test_an_event_is_what_its_name_says(oncology: Interpreter, gene: str, text: str, found: list[str]) -> None:
    event = named_event(gene, text, gene_known(oncology.rulebase, oncology.knows_symbol))
    assert (list(event.texts), event.unread) == (found, None)


@pytest.mark.parametrize("text", ["ALK-intragenic", "ALK-ALK", "EGFR-KDD"])
def test_what_lies_within_one_gene_is_no_fusion(oncology: Interpreter, text: str) -> None:
    gene = text.partition("-")[0]
    event = named_event(gene, text, gene_known(oncology.rulebase, oncology.knows_symbol))
    assert (event.texts, event.unread) == ((), "a rearrangement within the gene")


def test_a_name_that_can_be_cut_in_two_ways_leaves_both_open() -> None:
    genes = {"AA", "AA-BB", "BB-CC", "CC"}
    event = named_event("", "AA-BB-CC fusion", genes.__contains__)
    assert event.unread == "may be AA-BB::CC or AA::BB-CC"
    assert named_event("CC", "AA-BB-CC fusion", genes.__contains__).texts == ("AA-BB::CC",)


def test_a_partner_that_is_no_symbol_is_left_out(oncology: Interpreter) -> None:
    is_gene = gene_known(oncology.rulebase, oncology.knows_symbol)
    assert joined("IGH@", "CRLF2", True, is_gene) == Event(("CRLF2 fusion",), fallback="CRLF2 fusion")
    assert joined("", "NA", True, is_gene).unread == "a rearrangement with a partner that is not named"
