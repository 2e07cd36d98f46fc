"""Loci as patients and tables write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.domains.oncology.grammar.loci import (
    DEFAULT_KINDS,
    LOCUS_KINDS,
    Locus,
    parse_essential_locus,
    parse_loci,
    split_locus_list,
)
from tests.cases import cases_beside


@cases_beside
def test_locus_is_read(text, canonical):
    assert [str(locus) for locus in parse_loci(text)] == [canonical]


def test_gene_alone_is_small_variants_and_copies_alone():
    assert [(locus.subject, locus.kind) for locus in parse_loci("EGFR")] == [("EGFR", kind) for kind in DEFAULT_KINDS]
    assert DEFAULT_KINDS == ("mutation", "copy number")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found '', expected a gene, MSI, TMB, HRD or histology, such as 'KRAS mutation in 12, 13'"),
        ("12", "found '12', expected a gene, MSI, TMB, HRD or histology, such as 'KRAS mutation in 12, 13'"),
        (
            "EGFR karyotype",
            "found 'karyotype' in 'EGFR karyotype', expected one of mutation, copy number, fusion, expression, "
            "protein, methylation, splicing, activity",
        ),
        (
            "EGFR copy number in 12",
            "found 'in 12' in 'EGFR copy number in 12', expected it only after 'mutation'",
        ),
        (
            "EGFR mutation in 21-19",
            "found '21-19' in 'EGFR mutation in 21-19', expected residues such as 12 or 746-759, or 'exon 19'",
        ),
        (
            "EGFR mutation in 0",
            "found '0' in 'EGFR mutation in 0', expected residues such as 12 or 746-759, or 'exon 19'",
        ),
    ],
)
def test_what_is_no_locus_is_refused(text, message):
    with pytest.raises(ValueError) as raised:
        parse_loci(text)

    assert str(raised.value) == message


def test_essential_locus_may_name_several_of_which_one_suffices():
    assert str(parse_essential_locus("ERBB2 copy number or ERBB2 protein")) == "ERBB2 copy number or ERBB2 protein"


def test_essential_locus_must_name_its_kind():
    with pytest.raises(ValueError) as raised:
        parse_essential_locus("KRAS mutation or NRAS")

    assert str(raised.value) == "found 'NRAS', expected the kind too, such as 'NRAS mutation' or 'NRAS copy number'"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("EGFR,KRAS", ["EGFR", "KRAS"]),
        ("EGFR, KRAS mutation in 12, 13, 59-61, MSI", ["EGFR", "KRAS mutation in 12, 13, 59-61", "MSI"]),
        ("EGFR mutation in exon 19, exon 20, ALK fusion", ["EGFR mutation in exon 19, exon 20", "ALK fusion"]),
        ("EGFR, , KRAS,", ["EGFR", "KRAS"]),
        ("", []),
    ],
)
def test_list_is_split_between_loci_and_not_between_residues(text, pieces):
    assert split_locus_list(text) == pieces


ranges = st.tuples(st.integers(1, 3000), st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + pair[1]))
loci = st.one_of(
    st.builds(
        Locus,
        subject=st.sampled_from(["EGFR", "KRAS", "HLA-A", "B2M"]),
        kind=st.just("mutation"),
        residues=st.lists(ranges, max_size=3).map(tuple),
        exons=st.lists(st.integers(1, 40), max_size=2).map(tuple),
    ),
    st.builds(
        Locus,
        subject=st.sampled_from(["EGFR", "ERBB2"]),
        kind=st.sampled_from([kind for kind in LOCUS_KINDS if kind not in ("signature", "histology", "mutation")]),
    ),
    st.builds(Locus, subject=st.sampled_from(["MSI", "TMB", "HRD"]), kind=st.just("signature")),
)


@given(loci)
def test_every_locus_reads_back_from_its_text(locus):
    assert parse_loci(str(locus)) == (locus,)


@given(st.lists(loci, max_size=5))
def test_list_of_loci_is_split_into_the_same_loci(given_loci):
    assert split_locus_list(", ".join(map(str, given_loci))) == [str(locus) for locus in given_loci]


@given(
    st.one_of(st.text(max_size=40), st.from_regex(r"(EGFR|MSI)( mutation)?( in )?[0-9exon ,-]{0,12}", fullmatch=True))
)
def test_no_text_raises_anything_but_value_error(text):
    for read in (parse_loci, parse_essential_locus):
        try:
            read(text)
        except ValueError as refusal:
            assert str(refusal).startswith("found ")
