"""What laboratories write of a gene, and what is understood of it."""

from __future__ import annotations

import pytest

from resistab.core.faults import InputError
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter


@pytest.mark.parametrize(
    ("text", "alleles"),
    [
        ("HLA-B*57:01", ("57:01",)),
        ("hla-b *57:01 positive", ("57:01",)),
        ("HLA-B*5701", ("57:01",)),
        ("HLA-B*57:01:01", ("57:01",)),
        ("HLA-B*57:03/*07:02", ("57:03", "07:02")),
        ("DPYD *1/*2A", ("*1", "*2A")),
        ("DPYD:c.1905+1G>A heterozygous", ("*1", "*2A")),
        ("DPYD 1905+1G>A/Reference", ("*2A", "*1")),
        ("DPYD rs3918290 homozygous", ("*2A", "*2A")),
        ("DPYD wild type", ("*1", "*1")),
        ("TPMT*3A/TPMT*3A", ("*3A", "*3A")),
        ("TPMT *1|3A", ("*1", "*3A")),
        ("G6PD Mediterranean hemizygous", ("Mediterranean",)),
        ("G6PD B (reference)/MALE", ("B",)),
        ("G6PD B/Mediterranean heterozygous", ("B", "Mediterranean")),
    ],
)
def test_alleles_are_read_by_the_names_of_the_rules(
    germline: GermlineInterpreter, text: str, alleles: tuple[str, ...]
) -> None:
    (result,) = germline.genotype([text]).results
    assert result.alleles == alleles


def test_a_negative_test_of_one_allele_excludes_that_one(germline: GermlineInterpreter) -> None:
    (result,) = germline.genotype(["HLA-B*57:01 negative"]).results
    assert (result.alleles, result.absent) == ((), ("57:01",))


@pytest.mark.parametrize("text", ["G6PD deficient", "g6pd Deficient"])
def test_a_phenotype_is_taken_as_the_laboratory_has_it(germline: GermlineInterpreter, text: str) -> None:
    (result,) = germline.genotype([text]).results
    assert (result.phenotype, result.alleles) == ("g6pd-deficient", ())


def test_what_was_not_tested_is_no_result(germline: GermlineInterpreter) -> None:
    assert germline.genotype(["TPMT not tested"]).results == ()


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("DPYD *2A heterozygous", "DPYD: the other allele counts as *1, no other variant was reported"),
        ("G6PD B", "G6PD: one allele is given, as of a man, who has one copy of the gene"),
    ],
)
def test_what_was_inferred_is_said(germline: GermlineInterpreter, text: str, note: str) -> None:
    report = germline.interpret(germline.genotype([text]))
    assert report.notes == (note,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DPYD *1/*2B", "unknown allele '*2B' of DPYD; expected an allele of genes.yaml; did you mean *2A?"),
        ("TPTM *1/*1", "'TPTM *1/*1' is no gene and what was found of it; expected one of HLA-B"),
        ("TPMT", "'TPMT' is no gene and what was found of it"),
        ("TPMT *3A", "one allele of two; expected both, such as *1/*2, or heterozygous or homozygous"),
        ("TPMT *1/*3A homozygous", "its zygosity contradicts its alleles"),
        ("TPMT *1/*1/*3A", "3 alleles; expected at most 2"),
        ("TPMT *1x2/*3A", "the rule set has no activity for copies ('*1x2')"),
        ("HLA-B*foo", "'*foo' is no allele; expected two fields, such as HLA-B*57:01"),
    ],
)
def test_what_is_not_understood_is_refused(germline: GermlineInterpreter, text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        germline.genotype([text])
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DPYD *1/*1", "DPYD *1/*2A"),
        ("DPYD *1/*2A", "DPYD poor metabolizer"),
        ("HLA-B*57:01", "HLA-B*57:01 negative"),
        ("DPYD *2A heterozygous", "DPYD *2A not detected"),
    ],
)
def test_results_that_contradict_each_other_are_refused(germline: GermlineInterpreter, one: str, other: str) -> None:
    with pytest.raises(InputError, match="is given twice"):
        germline.genotype([one, other])


def test_two_alleles_of_an_hla_gene_may_be_given_apart(germline: GermlineInterpreter) -> None:
    assert len(germline.genotype(["HLA-B*57:01", "HLA-B*07:02"]).results) == 2


def test_at_wish_what_is_not_understood_is_set_aside(germline: GermlineInterpreter) -> None:
    genotype = germline.genotype(["DPYD *1/*77", "TPMT *1/*1"], keep_going=True)
    assert [item.entry for item in genotype.not_understood] == ["DPYD *1/*77"]
    assert [result.gene for result in genotype.results] == ["TPMT"]
