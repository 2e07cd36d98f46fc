"""Coding changes: what they say of a protein, of whose message some codons are known."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.inputs.coding import CodingError, Message, on_protein
from resistab.domains.oncology.kinds.models import Rulebase
from tests.cases import cases_beside


def message_of(oncology: Interpreter, gene: str) -> Message:
    rulebase: Rulebase = oncology.rulebase
    return Message(rulebase.sequences[gene], rulebase.gene_by_name[gene].codons)


@cases_beside
def test_a_coding_change_is_read_as_far_as_it_goes(
    oncology: Interpreter, gene: str, coding: str, text: str, residues: list[str]
) -> None:
    found = on_protein(gene, coding, message_of(oncology, gene))
    assert (found.text, list(found.residues)) == (text, residues)


def test_a_codon_that_is_not_known_leaves_open_what_it_becomes(oncology: Interpreter) -> None:
    # Threonine is ACN: with T in the middle it is isoleucine, or methionine if the third base is G.
    found = on_protein("EGFR", "c.2369C>T", Message(oncology.rulebase.sequences["EGFR"]))
    assert (found.text, found.residues) == ("any substitution at EGFR T790", ("I", "M"))


@pytest.mark.parametrize(
    ("coding", "message"),
    [
        ("c.2369G>T", "lies in codon 790, which is ACG"),
        ("c.2370A>T", "lies in codon 790, which is ACG"),
        ("c.2155A>T", "lies in codon 719, which is GGC or GGT"),
        ("c.2389C>A", "lies in codon 797, and no codon of C has C there"),
        ("c.2369_2371delAGCinsTAA", "lies in codon 790, which is ACG"),
        ("c.2368_2370delACA", "lies in codon 790, which is ACG"),
        ("c.2368_2370dupACA", "lies in codon 790, which is ACG"),
        ("c.2368_2370delACGCTC", "names 6 bases for 3"),
        ("c.9999A>T", "lies in codon 3333, and the protein has 1210 residues"),
        ("c.2283+20G>A", "does not say what becomes of the protein"),
        ("c.-216G>T", "does not say what becomes of the protein"),
    ],
)
def test_bases_that_do_not_fit_the_protein_are_refused(oncology: Interpreter, coding: str, message: str) -> None:
    with pytest.raises(CodingError, match=message):
        on_protein("EGFR", coding, message_of(oncology, "EGFR"))
    with pytest.raises(InputError, match="finding: 'EGFR c"):
        oncology.genotype("LUAD", [f"EGFR {coding}"])


def test_an_open_residue_is_told_and_stays_open(oncology: Interpreter) -> None:
    genotype = oncology.genotype("LUAD", ["CD74::ROS1", "ROS1 c.6094G>A"])
    assert "'ROS1 c.6094G>A' was read as any substitution at ROS1 G2032 (R or S)" in genotype.notes
    crizotinib = next(v for v in oncology.interpret(genotype).verdicts if v.drug == "crizotinib")
    assert crizotinib.verdict == "not_assessable"


def test_a_known_codon_makes_a_coding_change_a_protein_change(oncology: Interpreter) -> None:
    coding = oncology.genotype("LUAD", ["EGFR L858R", "NM_005228.5:c.2369C>T"])
    assert "'NM_005228.5:c.2369C>T' was read as EGFR T790M" in coding.notes
    protein = oncology.genotype("LUAD", ["EGFR L858R", "EGFR T790M"])
    verdicts = [{v.drug: v.verdict for v in oncology.interpret(one).verdicts} for one in (coding, protein)]
    assert verdicts[0] == verdicts[1]
    assert verdicts[0]["gefitinib"] == "resistant"


def test_every_gene_with_an_accession_is_found_by_it(oncology: Interpreter) -> None:
    rulebase: Rulebase = oncology.rulebase
    for gene in (gene for gene in rulebase.genes if gene.symbol in ("EGFR", "KRAS", "ABL1")):
        residue = rulebase.sequences[gene.symbol][19]
        for accession in (gene.protein, gene.transcript, gene.ensembl):
            (finding,) = oncology.genotype("LUAD", [f"{accession}:p.{residue}20del"]).findings
            assert finding.text == f"{gene.symbol} {residue}20del"
