"""Coding changes: what they say of a protein whose message is not known."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.inputs.coding import CodingError, on_protein
from resistab.domains.oncology.kinds.models import Rulebase


@pytest.mark.parametrize(
    ("gene", "coding", "text", "residues"),
    [
        # Threonine is ACN: with T in the middle it is isoleucine, or methionine if the third base is G.
        ("EGFR", "c.2369C>T", "any substitution at EGFR T790", ("I", "M")),
        # Methionine has one codon.
        ("ERBB2", "c.2320A>G", "ERBB2 M774V", ()),
        # GTN to AAN.
        ("BRAF", "c.1798_1799delinsAA", "any substitution at BRAF V600", ("K", "N")),
        ("BRAF", "c.1798_1799delGTinsAA", "any substitution at BRAF V600", ("K", "N")),
        ("EGFR", "c.2235_2249del", "EGFR residues 745-750 deletion", ()),
        ("EGFR", "c.2236_2250del15", "EGFR residues 746-750 deletion", ()),
        ("EGFR", "c.2310_2311insGGT", "EGFR residues 770-771 insertion", ()),
        ("PTEN", "c.800del", "PTEN truncation", ()),
        ("TP53", "c.375+1G>A", "TP53 X125_splice", ()),
    ],
)
def test_a_coding_change_is_read_as_far_as_it_goes(
    oncology: Interpreter, gene: str, coding: str, text: str, residues: tuple[str, ...]
) -> None:
    found = on_protein(gene, coding, oncology.rulebase.sequences[gene])
    assert (found.text, found.residues) == (text, residues)


@pytest.mark.parametrize(
    ("coding", "message"),
    [
        ("c.2369G>T", "no codon of T has G there"),
        ("c.9999A>T", "lies in codon 3333, and the protein has 1210 residues"),
        ("c.2283+20G>A", "does not say what becomes of the protein"),
        ("c.-216G>T", "does not say what becomes of the protein"),
    ],
)
def test_bases_that_do_not_fit_the_protein_are_refused(oncology: Interpreter, coding: str, message: str) -> None:
    with pytest.raises(CodingError, match=message):
        on_protein("EGFR", coding, oncology.rulebase.sequences["EGFR"])
    with pytest.raises(InputError, match="finding: 'EGFR c"):
        oncology.genotype("LUAD", [f"EGFR {coding}"])


def test_an_open_residue_is_told_and_stays_open(oncology: Interpreter) -> None:
    genotype = oncology.genotype("LUAD", ["EGFR L858R", "EGFR c.2369C>T"])
    assert "'EGFR c.2369C>T' was read as any substitution at EGFR T790 (I or M)" in genotype.notes
    gefitinib = next(v for v in oncology.interpret(genotype).verdicts if v.drug == "gefitinib")
    assert gefitinib.verdict == "not_assessable"


def test_every_gene_with_an_accession_is_found_by_it(oncology: Interpreter) -> None:
    rulebase: Rulebase = oncology.rulebase
    for gene in (gene for gene in rulebase.genes if gene.symbol in ("EGFR", "KRAS", "ABL1")):
        residue = rulebase.sequences[gene.symbol][19]
        for accession in (gene.protein, gene.transcript, gene.ensembl):
            (finding,) = oncology.genotype("LUAD", [f"{accession}:p.{residue}20del"]).findings
            assert finding.text == f"{gene.symbol} {residue}20del"
