"""Alterations in the ways people write them, and what is made of each."""

from __future__ import annotations

from typing import Any

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import ChangeFinding, Genotype, StateFinding
from tests.cases import cases_beside


@pytest.fixture
def read(oncology: Interpreter):
    def read(*texts: str, **given: Any) -> Genotype:
        return oncology.genotype(tumour="LUAD", findings=texts, **given)

    return read


@cases_beside
def test_protein_changes(read, given: str, text: str, hgvs: str) -> None:
    (finding,) = read(given).findings
    assert isinstance(finding, ChangeFinding)
    assert (finding.text, finding.change.hgvs) == (text, hgvs)


@cases_beside
def test_other_alterations(read, given: str, text: str) -> None:
    (finding,) = read(given).findings
    assert (finding.text, finding.given) == (text, given)


@pytest.mark.parametrize("given", ["KRAS wild type", "KRAS wild-type", "KRAS WT", "kras wildtype"])
def test_wild_type_is_no_finding_but_an_assay(read, given: str) -> None:
    genotype = read(given)
    assert genotype.findings == ()
    assert [(str(item.locus), item.given, item.inferred) for item in genotype.assayed] == [
        ("KRAS mutation", given, False)
    ]


@pytest.mark.parametrize(
    ("given", "fraction"),
    [
        ("EGFR T790M at 5%", 0.05),
        ("EGFR T790M VAF 5%", 0.05),
        ("EGFR T790M AF=12.5%", 0.125),
        ("EGFR T790M at 100%", 1),
        ("EGFR T790M", None),
    ],
)
def test_an_allele_fraction_may_follow(read, given: str, fraction: float | None) -> None:
    assert read(given).findings[0].allele_fraction == fraction


def test_phase_gives_both_changes(read) -> None:
    c797s, t790m = sorted(read("EGFR C797S in cis with EGFR T790M").findings, key=lambda finding: finding.text)
    assert (c797s.text, t790m.text) == ("EGFR C797S", "EGFR T790M")
    assert [(p.phase, str(p.change)) for p in c797s.phases] == [("cis", "T790M")]
    assert t790m.phases == ()


def test_a_fusion_with_a_change_gives_both(read) -> None:
    assert [finding.text for finding in read("BCR::ABL1 T315I").findings] == ["ABL1 T315I", "BCR::ABL1"]


def test_an_alias_is_read_as_the_symbol_and_noted(read) -> None:
    genotype = read("HER2 amplification")
    assert genotype.findings[0].text == "ERBB2 amplification"
    assert genotype.notes == ("HER2 was read as ERBB2",)


def test_a_gene_that_no_rule_knows_is_still_a_gene(read) -> None:
    genotype = read("TP53 R175H")
    assert genotype.findings[0].text == "TP53 R175H"
    assert genotype.notes == ()


def test_a_symbol_beats_an_alias_of_another_gene(oncology: Interpreter) -> None:
    aliases = {alias.upper() for gene in oncology.rulebase.genes for alias in gene.aliases}
    for gene in oncology.rulebase.genes:
        assert oncology.rulebase.gene_by_name[gene.symbol.upper()] is gene
    assert aliases


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("MYD88 L265P", "MYD88 L252P"),
        ("MYD88 p.Leu265Pro", "MYD88 L252P"),
        ("FGFR2 N550K", "FGFR2 N549K"),
        ("H3F3A K27M", "H3-3A K28M"),
    ],
)
def test_a_change_under_its_usual_number_is_of_the_reference(oncology: Interpreter, given: str, read_as: str) -> None:
    genotype = oncology.genotype("DLBCLNOS", [given])
    assert [finding.text for finding in genotype.findings] == [read_as]
    assert any(f"was read as {read_as}, which is the same change" in note for note in genotype.notes)


def test_a_measured_value_keeps_its_unit(read) -> None:
    (finding,) = read("ABCB1 overexpression 3 TPM").findings
    assert isinstance(finding, StateFinding)
    assert (finding.state, finding.value, finding.unit) == ("overexpression", 3, "TPM")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("EGFR A790M", "the reference residue at 790 is T, not A (NP_005219.2); did you mean EGFR T790M?"),
        # Numbered on another isoform as like as not: a change that no rule names is not proposed.
        (
            "EGFR E746_L750del",
            "the reference residue at 750 is A, not L (NP_005219.2); did you mean EGFR E746_A750del?",
        ),
        ("EGFR A791M", "the reference residue at 791 is Q, not A (NP_005219.2)"),
        ("EGFR M790T", "the reference residue at 790 is T, not M (NP_005219.2)"),
        ("EGFR T1790M", "position 1790 lies beyond the protein, which has 1210 residues (NP_005219.2)"),
        ("EGFR *500L", "the protein ends at 1210, so its stop is 1211, not 500 (NP_005219.2)"),
        ("any change at EGFR K790", "the reference residue at 790 is T, not K"),
        ("TMB of at least 10", "no value is given; expected a number, such as 'TMB 12.5 mut/Mb'"),
        (
            "EML4-ALX fusion",
            "unknown gene 'EML4-ALX'; expected an HGNC symbol or a known alias",
        ),
        ("TMB", "at column 4: found the end; expected TMB high or low"),
    ],
)
def test_what_is_impossible_is_refused(read, given: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        read(given)
    assert str(refused.value) == f"finding: '{given}': {message}"
