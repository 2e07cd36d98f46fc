"""Names of genes: symbols of today, former ones, what may mean two genes, dates of spreadsheets, and slips."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError


def gene_of(interpreter: Interpreter, name: str) -> tuple[str, tuple[str, ...]]:
    genotype = interpreter.genotype("LUAD", [f"{name} loss"])
    return genotype.findings[0].text.split()[0], genotype.notes


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("MLL2", "KMT2D"),
        ("PARK2", "PRKN"),
        ("WHSC1", "NSD2"),
        ("C11orf30", "EMSY"),
        ("HIST1H3B", "H3C2"),
        ("SEPT9", "SEPTIN9"),
        ("MRE11A", "MRE11"),
        ("FAM46C", "TENT5C"),
        ("MGEA5", "OGA"),
    ],
)
def test_a_symbol_that_was_given_up_is_read_as_that_of_today(oncology: Interpreter, former: str, today: str) -> None:
    symbol, notes = gene_of(oncology, former)
    assert symbol == today
    assert f"{former} was read as {today}" in notes


def test_a_symbol_of_today_comes_before_an_alias(oncology: Interpreter) -> None:
    """FLG is filaggrin, and was once a name of FGFR1; TKT is transketolase, and was once one of DDR2."""
    assert gene_of(oncology, "FLG") == ("FLG", ())
    assert gene_of(oncology, "TKT") == ("TKT", ())


def test_symbols_are_known_in_whatever_case(oncology: Interpreter) -> None:
    assert gene_of(oncology, "C6ORF15")[0] == gene_of(oncology, "C6orf15")[0] == "C6orf15"


def test_a_symbol_that_another_gene_once_had_is_read_and_told(oncology: Interpreter) -> None:
    symbol, notes = gene_of(oncology, "TCF4")
    assert symbol == "TCF4"
    assert notes == ("TCF4 is a gene of its own; TCF7L2 also had this symbol once",)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CDC2", "'CDC2' may mean POLD1 or CDK1"),
        ("MTS1", "'MTS1' may mean CDKN2A or S100A4"),
        ("FANCD", "BRCA2 or FANCD2"),
    ],
)
def test_what_may_mean_two_genes_is_refused_with_both(oncology: Interpreter, name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        gene_of(oncology, name)


@pytest.mark.parametrize(
    ("date", "symbols"),
    [
        ("9-Sep", "SEPTIN9"),
        ("Sep-09", "SEPTIN9"),
        ("2024-09-09", "SEPTIN9"),
        ("1-Mar", "MARCHF1 or MTARC1"),
    ],
)
def test_a_date_made_by_a_spreadsheet_is_refused_with_the_symbol(
    oncology: Interpreter, date: str, symbols: str
) -> None:
    with pytest.raises(InputError, match=rf"'{date}' is a date.*did you mean {symbols}\?"):
        gene_of(oncology, date)


@pytest.mark.parametrize(
    ("slip", "first"), [("EGRF", "EGFR"), ("KRSA", "KRAS"), ("MLLL2", "KMT2D"), ("PARRK2", "PRKN"), ("TP54", "TP53")]
)
def test_a_slip_is_answered_with_the_symbol_of_today(oncology: Interpreter, slip: str, first: str) -> None:
    with pytest.raises(InputError) as raised:
        gene_of(oncology, slip)
    (fault,) = raised.value.faults
    assert fault.suggestion is not None
    assert fault.suggestion.split(" or ")[0] == first


def test_no_alias_is_another_genes_symbol(oncology: Interpreter) -> None:
    own = {gene.symbol.upper() for gene in oncology.rulebase.genes}
    aliases = {alias.upper() for gene in oncology.rulebase.genes for alias in gene.aliases}
    assert {alias for alias in aliases - own if oncology.knows_symbol(alias)} == set()
