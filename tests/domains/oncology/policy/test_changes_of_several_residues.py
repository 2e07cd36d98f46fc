"""A change of several residues is each substitution in it, and an in-frame change at a hot spot is no wild type."""

from __future__ import annotations

import pytest

from resistab import Interpreter

RAS = ["KRAS", "NRAS", "BRAF"]


def verdict_of(oncology: Interpreter, tumour: str, drug: str, findings: list[str], assayed: list[str]) -> str:
    genotype = oncology.genotype(tumour, findings, assayed)
    return next(item.verdict for item in oncology.interpret(genotype).verdicts if item.drug == drug)


@pytest.mark.parametrize(
    ("tumour", "findings", "assayed", "drugs"),
    [
        ("COADREAD", ["KRAS G12_G13delinsDV"], RAS, ["cetuximab", "panitumumab"]),
        ("CML", ["ABL1 T315_E316delinsIK"], ["ABL1"], ["imatinib", "dasatinib", "nilotinib", "bosutinib"]),
        ("LUAD", ["EGFR L858R", "EGFR T790_Q791delinsMH"], ["EGFR"], ["gefitinib", "erlotinib", "afatinib"]),
        # The methionine stands where threonine 790 stood; a residue after it is gone.
        ("LUAD", ["EGFR L858R", "EGFR T790_Q791delinsM"], ["EGFR"], ["gefitinib", "erlotinib"]),
    ],
)
def test_a_delins_that_holds_a_resistance_mutation_is_resistant(
    oncology: Interpreter, tumour: str, findings: list[str], assayed: list[str], drugs: list[str]
) -> None:
    for drug in drugs:
        assert verdict_of(oncology, tumour, drug, findings, assayed) == "resistant", drug


def test_a_delins_that_holds_the_marker_is_treated_as_the_marker(oncology: Interpreter) -> None:
    findings = ["BRAF p.Val600_Ser602delinsGluLysThr"]
    for drug in ("vemurafenib", "dabrafenib + trametinib"):
        marked = verdict_of(oncology, "MEL", drug, ["BRAF V600E"], [])
        assert verdict_of(oncology, "MEL", drug, findings, []) == marked


def test_a_long_deletion_with_a_new_residue_is_no_substitution(oncology: Interpreter) -> None:
    """L747_P753delinsS is an exon 19 deletion, and not L747S, which resists gefitinib."""
    assert verdict_of(oncology, "LUAD", "gefitinib", ["EGFR L747_P753delinsS"], ["EGFR"]) == "sensitive"


@pytest.mark.parametrize(
    "finding",
    ["KRAS A11_G12dup", "KRAS G12_G13insG", "KRAS G13dup", "KRAS A59_G60insG", "KRAS Q61_E62insK", "KRAS T58_A59insT",
     "NRAS G12_G13insA"],
)  # fmt: skip
def test_an_in_frame_change_at_a_hot_spot_leaves_the_gene_open(oncology: Interpreter, finding: str) -> None:
    for drug in ("cetuximab", "panitumumab"):
        assert verdict_of(oncology, "COADREAD", drug, [finding], RAS) == "not_assessable"


def test_what_leaves_it_open_is_named(oncology: Interpreter) -> None:
    genotype = oncology.genotype("COADREAD", ["KRAS A11_G12dup"], RAS)
    cetuximab = next(item for item in oncology.interpret(genotype).verdicts if item.drug == "cetuximab")
    assert cetuximab.reason == "'KRAS A11_G12dup' has no curated association and may be what is asked for by CET-031"


def test_an_in_frame_change_is_what_a_rule_that_names_it_says(oncology: Interpreter) -> None:
    assert verdict_of(oncology, "LUAD", "gefitinib", ["EGFR E746_A750del"], ["EGFR"]) == "sensitive"


@pytest.mark.parametrize(
    ("tumour", "findings", "assayed", "drug", "verdict"),
    [
        ("LUAD", ["EGFR L858R", "EGFR C797X"], ["EGFR"], "osimertinib", "not_assessable"),
        ("LUAD", ["EGFR L858R", "EGFR p.Cys797Xaa"], ["EGFR"], "osimertinib", "not_assessable"),
        ("COADREAD", ["KRAS G12X"], RAS, "cetuximab", "resistant"),
        ("COADREAD", ["KRAS G12X"], RAS, "panitumumab", "resistant"),
        ("GIST", ["PDGFRA D842X"], ["KIT", "PDGFRA"], "imatinib", "not_assessable"),
    ],
)
def test_x_is_any_residue(
    oncology: Interpreter, tumour: str, findings: list[str], assayed: list[str], drug: str, verdict: str
) -> None:
    assert verdict_of(oncology, tumour, drug, findings, assayed) == verdict


def test_an_x_that_may_be_a_stop_leaves_a_loss_open(oncology: Interpreter) -> None:
    lost = verdict_of(oncology, "LUAD", "pembrolizumab", ["B2M p.Arg117X", "MSI high"], ["B2M"])
    assert lost == verdict_of(oncology, "LUAD", "pembrolizumab", ["B2M splice site mutation", "MSI high"], ["B2M"])


@pytest.mark.parametrize("finding", ["ERBB2 gain", "ERBB2 3 copies", "HER2 polysomy", "ERBB2 low-level gain"])
def test_a_gain_is_no_amplification(oncology: Interpreter, finding: str) -> None:
    assert verdict_of(oncology, "BRCA", "trastuzumab", [finding], []) != "sensitive"


def test_two_exchanges_of_one_residue_leave_it_open(oncology: Interpreter) -> None:
    """V600M and V600E called apart may be V600K."""
    genotype = oncology.genotype("MEL", ["BRAF V600M", "BRAF V600E"])
    assert [finding.text for finding in genotype.findings] == [
        "BRAF V600E",
        "BRAF V600M",
        "any substitution at BRAF V600",
    ]
    apart = oncology.genotype("MEL", ["BRAF V600M in trans with BRAF V600E"])
    assert len(apart.findings) == 2
