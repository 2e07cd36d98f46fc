"""Alterations in everyday words, and what is made of each; those that have no one meaning are refused."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.inputs.listed import listed, tidy
from resistab.domains.oncology.observe import Observer
from tests.cases import cases_beside


@cases_beside
def test_an_everyday_spelling_is_read(oncology: Interpreter, given: str, found: list[str]) -> None:
    genotype = oncology.genotype("LUAD", [given])
    assert [finding.text for finding in genotype.findings] == found
    assert [item for item in genotype.assayed if not item.inferred] == []


@cases_beside
def test_a_negative_result_says_what_was_assayed(oncology: Interpreter, given: str, assayed: list[str]) -> None:
    genotype = oncology.genotype("LUAD", [given])
    assert genotype.findings == ()
    assert [str(item.locus) for item in genotype.assayed] == assayed


@cases_beside
def test_what_has_no_result_is_listed_and_not_assayed(oncology: Interpreter, given: str, genes: str) -> None:
    genotype = oncology.genotype("LUAD", [given], assayed=[*genes.split(" and "), "NRAS"])
    assert genotype.findings == ()
    assert {item.locus.subject for item in genotype.assayed} == {"NRAS"}
    (listed,) = genotype.not_understood
    assert (listed.entry, listed.reason) == (given, f"is no result; nothing of {genes} counts as assayed")


@cases_beside
def test_what_has_no_one_meaning_is_refused(oncology: Interpreter, given: str, fault: str) -> None:
    with pytest.raises(InputError) as refused:
        oncology.genotype("LUAD", [given])
    assert str(refused.value) == f"finding: '{given}': {fault}"


def test_each_spelling_that_a_refusal_suggests_is_read(oncology: Interpreter) -> None:
    cases = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    faults = [case["fault"] for case in cases["test_what_has_no_one_meaning_is_refused"]]
    spellings = {text for fault in faults for text in re.findall(r"'([^']+)'", fault.partition("; expected ")[2])}
    assert len(spellings) > 30
    for spelling in spellings:
        oncology.genotype("LUAD", [spelling.replace("GENE", "EGFR")])


def test_what_a_laboratory_says_beside_a_change_is_told(oncology: Interpreter) -> None:
    (note,) = oncology.genotype("LUAD", ["KRAS G12D (likely pathogenic)"]).notes
    assert note == "of 'KRAS G12D (likely pathogenic)' the word 'likely pathogenic' is used by no rule"


def test_a_heterozygous_deletion_is_no_loss_of_all_copies(oncology: Interpreter) -> None:
    with pytest.raises(InputError):
        oncology.genotype("LUAD", ["PTEN deletion heterozygous"])


@pytest.mark.parametrize("given", ["EGFR T790M 0%", "EGFR T790M VAF 0", "EGFR T790M with allele fraction 0%"])
def test_a_change_in_none_of_the_dna_is_no_finding(oncology: Interpreter, given: str) -> None:
    genotype = oncology.genotype("LUAD", ["EGFR L858R", given])
    assert [finding.text for finding in genotype.findings] == ["EGFR L858R"]
    assert genotype.notes == (f"'{given}' has an allele fraction of 0, and is no finding",)


@pytest.mark.parametrize(
    ("given", "change", "truth"),
    [
        ("KRAS G12C negative", "KRAS wild type", "unknown"),
        ("KRAS codon 12 negative", "KRAS G12D", "false"),
        ("BRAF V600E negative", "BRAF V600K", "unknown"),
        ("EGFR T790M pending", "EGFR T790M", "unknown"),
        ("KRAS exon 2 wild type", "KRAS wild type", "unknown"),
    ],
)
def test_a_negative_result_rules_out_no_more_than_was_tested(
    oncology: Interpreter, given: str, change: str, truth: str
) -> None:
    observer = Observer(oncology.genotype("LUAD", [given]), oncology.rulebase)
    assert observer.observe(parse_condition(change)).truth.value == truth


def test_other_words_are_told(oncology: Interpreter) -> None:
    assert oncology.genotype("LUAD", ["EML4-ALK fusion"]).notes == ("'EML4-ALK fusion' was read as EML4::ALK",)


def test_the_share_of_reads_in_a_list_is_of_each_its_own(oncology: Interpreter) -> None:
    findings = oncology.genotype("LUAD", ["EGFR L858R (35%), T790M 12%"]).findings
    assert {finding.text: finding.allele_fraction for finding in findings} == {"EGFR L858R": 0.35, "EGFR T790M": 0.12}


@pytest.mark.parametrize(("given", "phase"), [("[T790M;C797S]", "cis"), ("[T790M];[C797S]", "trans")])
def test_alleles_in_square_brackets_say_the_phase(oncology: Interpreter, given: str, phase: str) -> None:
    findings = oncology.genotype("LUAD", [f"EGFR p.{given}"]).findings
    assert sorted(finding.text for finding in findings) == ["EGFR C797S", "EGFR T790M"]
    assert [p.phase for finding in findings for p in getattr(finding, "phases", ())] == [phase]


def test_a_protein_of_its_own_name_is_stained_and_a_gene_is_not(oncology: Interpreter) -> None:
    for given in ("HER2 negative", "PD-L1 negative", "ER negative", "CD20 negative"):
        (finding,) = oncology.genotype("LUAD", [given]).findings
        assert finding.text.endswith("protein negative")
    for given in ("ERBB2 negative", "CD274 gene negative", "ESR1 negative"):
        with pytest.raises(InputError):
            oncology.genotype("LUAD", [given])


@pytest.mark.parametrize(
    ("found", "negative"),
    [
        ("KRAS G12D", "KRAS mutation negative"),
        ("EGFR T790M", "EGFR T790M not detected"),
        ("ALK fusion", "no ALK fusion"),
        ("MET amplification", "MET not amplified"),
        ("BRAF V600E", "BRAF V600 negative"),
    ],
)
def test_what_was_found_contradicts_that_it_was_not(oncology: Interpreter, found: str, negative: str) -> None:
    with pytest.raises(InputError, match=f"'{negative}' contradicts '{found}'"):
        oncology.genotype("LUAD", [found, negative])


@pytest.mark.parametrize(
    ("found", "negative"), [("EGFR L858R", "EGFR T790M negative"), ("BRAF K601E", "BRAF V600E not detected")]
)
def test_a_test_of_one_change_says_nothing_of_others(oncology: Interpreter, found: str, negative: str) -> None:
    assert [finding.text for finding in oncology.genotype("LUAD", [found, negative]).findings] == [found]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("EGFR L858R, EGFR T790M", ["EGFR L858R", "EGFR T790M"]),
        ("EGFR L858R; T790M", ["EGFR L858R", "T790M"]),
        ("EGFR L858R; EGFR T790M not detected", ["EGFR L858R", "EGFR T790M not detected"]),
        ("EGFR L858R + MET amplification", ["EGFR L858R", "MET amplification"]),
        ("EGFR [T790M;C797S]", ["EGFR [T790M;C797S]"]),
        ("EML4-ALK (E13; A20)", ["EML4-ALK (E13; A20)"]),
        ("EGFR p.T790M, c.2369C>T", ["EGFR p.T790M c.2369C>T"]),
        ("HER2 3+", ["HER2 3+"]),
        (" , ", []),
    ],
)
def test_a_list_is_divided_where_no_bracket_holds_it(text: str, parts: list[str]) -> None:
    assert listed(text) == parts


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("EML4\u2013ALK", "EML4-ALK"),
        ("\u201cEGFR T790M\u201d", "EGFR T790M"),
        ("EGFR\u00a0T790M;", "EGFR T790M"),
        ("TMB 12,5 mut/Mb", "TMB 12.5 mut/Mb"),
    ],
)
def test_hyphens_blanks_and_quotation_marks_are_of_one_kind(text: str, plain: str) -> None:
    assert tidy(text) == plain


def test_whatever_is_written_is_read_or_refused(oncology: Interpreter) -> None:
    """Damaged spellings: a genotype or a fault with words, and nothing else."""
    rng = random.Random(13)
    cases = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    spellings = [case["given"] for of_test in cases.values() for case in of_test]
    assert len(spellings) > 100
    refused = 0
    for _ in range(400):
        text = list(rng.choice(spellings))
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(text) + 1)
            text[place : place + rng.randint(0, 2)] = rng.choice(
                ["", " ", ",", "[", ")", "-", "p.", "1", "é", "::", "+"]
            )
        try:
            oncology.genotype("LUAD", ["".join(text)])
        except InputError as error:
            refused += 1
            assert str(error).startswith("finding: ")
    assert 0 < refused < 400
