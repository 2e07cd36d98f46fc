"""Codons found in a sequence: where each gene lies, and what indels, frame shifts and undetermined bases do to it.

The sequence is the pol of HXB2 with the consensus of subtype B, whose proteins are the references.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.amino_acids import IUPAC_BASES
from resistab.domains.virus.align.codon_alignment import CodonAligner
from resistab.domains.virus.align.codons import (
    GENETIC_CODE,
    codon_letters,
    codon_residues,
    reverse_complement,
)
from resistab.domains.virus.align.gene_alignment import FrameShift, GeneAlignment, Insertion
from resistab.domains.virus.inputs.fasta import read_fasta
from resistab.domains.virus.kinds.models import PreferredIndels
from tests.paths import SEQUENCES as DATA


def protein_references() -> dict[str, str]:
    parts = (DATA / "proteins.fasta").read_text("ascii").split(">")[1:]
    return {name: text.replace("\n", "") for name, _, text in (part.partition("\n") for part in parts)}


REFERENCES = protein_references()
POL = read_fasta(DATA / "pol.fasta")[0].sequence
CAPSID = read_fasta(DATA / "capsid.fasta")[0].sequence
# The first base of each gene in POL.
START = {"PR": 0, "RT": 297, "IN": 1977}
ALIGNER = CodonAligner(
    REFERENCES, {"RT": PreferredIndels(insertion=(69,), deletion=(67, 69)), "IN": PreferredIndels(insertion=(255,))}
)
SYNONYMS = {residue: [c for c, r in GENETIC_CODE.items() if r == residue] for residue in set(GENETIC_CODE.values())}


def at(gene: str, position: int) -> int:
    """The base of POL at which a codon begins."""
    return START[gene] + 3 * (position - 1)


def changed(gene: str, position: int, codons: str, instead_of: int = 1) -> str:
    """POL with ``instead_of`` codons from a position on replaced."""
    return POL[: at(gene, position)] + codons + POL[at(gene, position + instead_of) :]


def aligned(sequence: str) -> dict[str, GeneAlignment]:
    return {gene.gene: gene for gene in ALIGNER.align(ALIGNER.strand(sequence))}


def read_range(gene: GeneAlignment) -> tuple[int, int]:
    return gene.blocks[0].start + 1, gene.blocks[-1].end


@pytest.mark.parametrize(
    ("codon", "residues"),
    [
        ("ATG", ("M",)),
        ("RTG", ("M", "V")),
        ("TAR", ("*",)),
        ("TAN", ("*", "Y")),
        ("GGN", ("G",)),
        ("NTG", ("L", "M", "V")),
        ("WSN", ("*", "C", "R", "S", "T", "W")),
        ("NNG", ()),
        ("ANN", ()),
        ("NNN", ()),
    ],
)
def test_a_codon_encodes_all_its_letters_allow(codon: str, residues: tuple[str, ...]) -> None:
    assert set(codon_residues(codon)) == set(residues)


def test_the_code_has_64_codons_three_of_which_stop() -> None:
    assert len(GENETIC_CODE) == 64
    assert {codon for codon, residue in GENETIC_CODE.items() if residue == "*"} == {"TAA", "TAG", "TGA"}


def test_each_base_begins_a_codon_but_the_last_two() -> None:
    assert codon_letters("ATGGRTGC") == "MWGXXCXX"


@given(st.text("".join(IUPAC_BASES), max_size=60))
def test_the_complement_of_the_complement_is_the_sequence(sequence: str) -> None:
    assert reverse_complement(reverse_complement(sequence)) == sequence
    for one, other in zip(sequence, reversed(reverse_complement(sequence)), strict=True):
        assert {reverse_complement(base) for base in IUPAC_BASES[one]} == set(IUPAC_BASES[other])


def test_the_reference_aligns_with_itself() -> None:
    genes = aligned(POL)
    assert list(genes) == ["PR", "RT", "IN"]
    for name, gene in genes.items():
        assert read_range(gene) == (1, len(REFERENCES[name]))
        assert gene.matches == gene.compared == len(REFERENCES[name])
        assert not (gene.insertions or gene.deletions or gene.frame_shifts or gene.unread or gene.long_gaps)


def test_capsid_aligns_alone_and_before_pol() -> None:
    assert list(aligned(CAPSID)) == ["CA"]
    assert list(aligned(CAPSID + "ACGT" * 90 + POL)) == ["CA", "PR", "RT", "IN"]


@pytest.mark.parametrize(("first", "last"), [(0, 2841), (1, 2840), (2, 2839), (100, 1300), (700, 1000)])
def test_a_part_that_cuts_codons_has_its_whole_ones_read(first: int, last: int) -> None:
    for name, gene in aligned(POL[first:last]).items():
        length = len(REFERENCES[name])
        whole = [p for p in range(1, length + 1) if first <= at(name, p) and at(name, p) + 3 <= last]
        assert read_range(gene) == (whole[0], whole[-1])


def test_two_codons_more_after_69_are_an_insertion_there() -> None:
    assert aligned(changed("RT", 70, "AGCAGC" + POL[at("RT", 70) : at("RT", 71)]))["RT"].insertions == (
        Insertion(69, "AGCAGC"),
    )


@pytest.mark.parametrize("position", [67, 68, 69, 70])
def test_an_insertion_near_69_is_put_there_by_convention(position: int) -> None:
    # TCC encodes serine as codon 68 does, so that the place is open within a few codons.
    rt = aligned(changed("RT", position + 1, "TCCTCC", instead_of=0))["RT"]
    assert [(insertion.position, len(insertion.bases)) for insertion in rt.insertions] == [(69, 6)]


def test_without_a_convention_it_is_put_where_it_fits_best() -> None:
    plain = CodonAligner(REFERENCES)
    genes = plain.align(plain.strand(changed("RT", 68, "CCACCA", instead_of=0)))
    assert [gene.insertions for gene in genes if gene.gene == "RT"] == [(Insertion(67, "CCACCA"),)]


@pytest.mark.parametrize("positions", [(67,), (69,), (67, 68), (67, 68, 69)])
def test_codons_left_out_are_deletions(positions: tuple[int, ...]) -> None:
    rt = aligned(changed("RT", positions[0], "", instead_of=len(positions)))["RT"]
    assert rt.deletions == positions
    assert not (rt.frame_shifts or rt.insertions)


def test_a_deletion_across_two_codons_is_one_of_a_codon() -> None:
    # GAC AGT ACT (D67 S68 T69) without its bases 2 to 4 is GGT ACT.
    sequence = POL[: at("RT", 67) + 1] + POL[at("RT", 68) + 1 :]
    rt = aligned(sequence)["RT"]
    assert len(rt.deletions) == 1
    assert not rt.frame_shifts


def test_a_deletion_of_several_places_is_put_at_67() -> None:
    # D67 S68 T69 K70 made S S S S: leaving out any of the four leaves the same.
    sequence = changed("RT", 67, "AGTAGTAGT", instead_of=4)
    assert aligned(sequence)["RT"].deletions == (67,)


def test_a_base_too_many_is_a_frame_shift() -> None:
    sequence = POL[: at("RT", 101)] + "T" + POL[at("RT", 101) :]
    rt = aligned(sequence)["RT"]
    assert [shift.bases for shift in rt.frame_shifts] == [1]
    assert abs(rt.frame_shifts[0].position - 101) <= 1
    assert {100, 101} <= rt.unread <= {99, 100, 101, 102}
    assert read_range(rt) == (1, 560)


def test_a_base_missing_is_a_frame_shift() -> None:
    rt = aligned(POL[: at("RT", 181) + 1] + POL[at("RT", 181) + 2 :])["RT"]
    assert rt.frame_shifts == (FrameShift(181, -1),)
    assert 181 in rt.unread
    assert rt.compared == rt.matches


@pytest.mark.parametrize("codons", [7, 12, 25])
def test_a_stretch_out_of_frame_between_two_shifts_is_not_read(codons: int) -> None:
    first = at("RT", 200)
    sequence = POL[:first] + "T" + POL[first : first + 3 * codons] + POL[first + 3 * codons + 1 :]
    rt = aligned(sequence)["RT"]
    assert len(rt.frame_shifts) == 2
    assert set(range(201, 200 + codons)) <= rt.unread
    assert rt.matches == rt.compared


def test_a_frame_shift_between_two_genes_is_told() -> None:
    # A base too many after the last codon of PR, before the first of RT.
    pr = aligned(POL[:297] + "G" + POL[297:])["PR"]
    assert pr.frame_shifts == (FrameShift(99, 1),)
    assert 99 in pr.unread


def test_undetermined_bases_are_neither_indel_nor_frame_shift() -> None:
    for number in (27, 28, 30, 31, 33):
        rt = aligned(POL[: at("RT", 100)] + "N" * number + POL[at("RT", 110) :])["RT"]
        assert not (rt.deletions or rt.insertions or rt.frame_shifts), number


def test_parts_joined_without_n_have_a_gap_and_no_deletions() -> None:
    rt = aligned(changed("RT", 100, "", instead_of=60))["RT"]
    assert rt.long_gaps == ((99, 160),)
    assert rt.deletions == ()
    assert set(range(100, 160)) <= rt.unread


def test_foreign_bases_at_an_end_are_left_away() -> None:
    vector = "GGATCCGGTACCGAGCTCGAATTCACTGGCCGTCGTTTTACAACGTCGTGA"
    pr = aligned(vector + POL[at("PR", 20) : 297])["PR"]
    assert read_range(pr) == (20, 99)
    assert pr.foreign == (17, 0)


def test_chance_likeness_is_no_gene() -> None:
    for seed in range(10):
        rng = random.Random(seed)
        assert aligned("".join(rng.choice("ACGT") for _ in range(3000))) == {}


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.floats(0.0, 1.0))
def test_synonymous_codons_change_nothing(seed: int, share: float) -> None:
    rng = random.Random(seed)
    codons = [POL[i : i + 3] for i in range(0, len(POL), 3)]
    sequence = "".join(rng.choice(SYNONYMS[GENETIC_CODE[c]]) if rng.random() < share else c for c in codons)
    for name, gene in aligned(sequence).items():
        assert read_range(gene) == (1, len(REFERENCES[name]))
        assert gene.matches == gene.compared


@pytest.mark.parametrize("seed", range(10))
def test_a_seventh_of_the_residues_changed_still_aligns(seed: int) -> None:
    # The subtypes of group M differ less from the reference.
    rng = random.Random(seed)
    sense = [codon for codon, residue in GENETIC_CODE.items() if residue != "*"]
    codons = [POL[i : i + 3] for i in range(0, len(POL), 3)]
    sequence = "".join(rng.choice(sense) if rng.random() < 1 / 7 else codon for codon in codons)
    for name, gene in aligned(sequence).items():
        assert read_range(gene) == (1, len(REFERENCES[name]))
        assert len(gene.blocks) == 1
