"""Sequences to genotypes: the findings, the coverage and the notes of one record, and the records that are refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.faults import InputError
from resistab.domains.virus.align.codons import GENETIC_CODE, reverse_complement
from resistab.domains.virus.align.sequence import SequenceReader
from resistab.domains.virus.align.sequence_quality import QualityFacts
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.fasta import FastaRecord, read_fasta
from resistab.domains.virus.kinds.models import PreferredIndels
from tests.paths import SEQUENCES as DATA

POL = read_fasta(DATA / "pol.fasta")[0].sequence
CAPSID = read_fasta(DATA / "capsid.fasta")[0].sequence
START = {"PR": 0, "RT": 297, "IN": 1977}
# The first half of the RT of HIV-2 group A.
HIV2_RT = (
    "PVAKVEPIKIMLKPGKDGPKLRQWPLTKEKIEALKEICEKMEKEGQLEEAPPTNPYNTPT"
    "FAIKKKDKNKWRMLIDFRELNKVTQDFTEIQLGIPHPAGLAKKRRITVLDVGDAYFSIPL"
    "HEDFRPYTAFTLPSVNNAEPGKRYIYKVLPQGWKGSPAIFQHTMRQVLEPFRKANKDVII"
    "IQYMDDILIASDRTDLEHDRVVLQLKELLNGLGFSTPDEKFQKDPPYHWMGYELWPTKWK"
    "LQKIQLPQKEIWTVNDIQKLVGVLNWAAQLYPGIKTKHLCRLIRGKMTLTEEVQWTELAE"
    "AELEEN"
)
CODON = {residue: codon for codon, residue in sorted(GENETIC_CODE.items())}


def protein_references() -> dict[str, str]:
    parts = (DATA / "proteins.fasta").read_text("ascii").split(">")[1:]
    return {name: text.replace("\n", "") for name, _, text in (part.partition("\n") for part in parts)}


REFERENCES = protein_references()
READER = SequenceReader(
    REFERENCES, QualityFacts(preferred_indels={"RT": PreferredIndels(insertion=(69,), deletion=(67, 69))})
)


def at(gene: str, position: int) -> int:
    """The base of POL at which a codon begins."""
    return START[gene] + 3 * (position - 1)


def with_codons(codons: dict[tuple[str, int], str]) -> str:
    """POL with codons replaced, by none or by several too."""
    sequence = POL
    for (gene, position), codon in sorted(codons.items(), key=lambda item: -at(*item[0])):
        sequence = sequence[: at(gene, position)] + codon + sequence[at(gene, position) + 3 :]
    return sequence


def read(sequence: str, gaps: int = 0) -> ViralGenotype:
    return READER.read(FastaRecord("s1", sequence, 3, "x.fasta", gaps))


def texts(genotype: ViralGenotype) -> list[str]:
    return [finding.text for finding in genotype.findings]


def notes(genotype: ViralGenotype) -> list[str]:
    return [f"{note.severity} {note.kind}: {note.message}" for note in genotype.quality]


def refusal(sequence: str) -> str:
    with pytest.raises(InputError) as refused:
        read(sequence)
    (fault,) = refused.value.faults
    return str(fault)


def test_the_reference_has_no_findings_and_is_covered_whole() -> None:
    genotype = read(POL)
    assert genotype.sample == "s1"
    assert genotype.bases == 2841
    assert genotype.findings == genotype.quality == ()
    assert [(gene.gene, gene.ranges, gene.inferred) for gene in genotype.coverage] == [
        ("PR", ((1, 99),), False),
        ("RT", ((1, 560),), False),
        ("IN", ((1, 288),), False),
    ]


def test_resistance_mutations_are_found() -> None:
    # M184V by GTG, K103N by AAC, L90M by ATG, Q148H by CAC.
    sequence = with_codons({("RT", 184): "GTG", ("RT", 103): "AAC", ("PR", 90): "ATG", ("IN", 148): "CAC"})
    assert texts(read(sequence)) == ["PR L90M", "RT K103N", "RT M184V", "IN Q148H"]


def test_a_finding_tells_its_codon() -> None:
    (finding,) = read(with_codons({("RT", 184): "GTG"})).findings
    assert (finding.reference, finding.residues, finding.given) == ("M", ("V",), "codon GTG")


def test_a_mixture_holds_the_residue_of_the_reference_too() -> None:
    # R is A or G: ATG (M) and GTG (V).
    assert read(with_codons({("RT", 184): "RTG"})).findings[0].residues == ("M", "V")


def test_a_mixture_of_synonymous_codons_is_no_finding() -> None:
    # AAR is lysine whatever R is.
    assert texts(read(with_codons({("RT", 103): "AAR"}))) == []


def test_a_position_of_more_than_four_residues_is_kept() -> None:
    # NWG: A or T in the middle, any base before it.
    assert read(with_codons({("RT", 184): "NWG"})).findings[0].residues == ("E", "K", "L", "M", "Q", "V", "*")


def test_a_codon_with_two_n_is_not_covered() -> None:
    genotype = read(with_codons({("RT", 184): "NNG", ("RT", 185): "NNN", ("RT", 190): "GNA"}))
    assert texts(genotype) == ["RT G190AEGV"]
    assert genotype.coverage[1].ranges == ((1, 183), (186, 560))
    assert notes(genotype) == ["note undetermined codons: 2 codons of RT with two or three N not read: 184-185"]


def test_an_insertion_stands_at_the_position_before_it() -> None:
    # T69S and two serines after it, as in the resistant 69 insertion complex.
    (finding,) = read(with_codons({("RT", 69): "AGTAGCTCC"})).findings
    assert (finding.text, finding.residues, finding.inserted) == ("RT T69S_SS", ("S", "i"), "SS")
    assert finding.given == "codon AGT and AGCTCC after it"


def test_an_insertion_after_an_unchanged_residue_holds_it() -> None:
    (finding,) = read(with_codons({("RT", 69): "ACTAGCTCC"})).findings
    assert (finding.residues, finding.inserted) == (("T", "i"), "SS")


def test_deletions_are_one_finding_a_position_and_are_covered() -> None:
    genotype = read(with_codons({("RT", 67): "", ("RT", 68): ""}))
    assert texts(genotype) == ["RT D67del", "RT S68del"]
    assert genotype.coverage[1].ranges == ((1, 560),)


def test_a_part_of_a_gene_is_covered_by_its_whole_codons() -> None:
    # From the second base of RT 40 to the first of RT 241.
    genotype = read(POL[at("RT", 40) + 1 : at("RT", 241) + 1])
    assert [(gene.gene, gene.ranges) for gene in genotype.coverage] == [("RT", ((41, 240),))]
    assert genotype.findings == ()


def test_what_was_not_read_at_the_ends_is_no_deletion() -> None:
    assert read(POL[at("RT", 40) : at("RT", 300)]).findings == ()


def test_capsid_is_read() -> None:
    # M66I, the mutation of most effect against lenacapavir: ATG to ATA.
    genotype = read(CAPSID[: 3 * 65] + "ATA" + CAPSID[3 * 66 :])
    assert texts(genotype) == ["CA M66I"]


def test_genes_come_in_the_order_of_the_references() -> None:
    assert [gene.gene for gene in read(POL[297:] + CAPSID + POL[:297]).coverage] == ["CA", "PR", "RT", "IN"]


def test_the_other_strand_is_read_with_a_note() -> None:
    genotype = read(reverse_complement(with_codons({("RT", 184): "GTG"})))
    assert texts(genotype) == ["RT M184V"]
    assert notes(genotype) == [
        "note reverse complement: the sequence was given from the other strand; its reverse complement was read"
    ]


def test_codons_at_a_frame_shift_are_not_covered() -> None:
    genotype = read(POL[: at("RT", 184)] + "C" + POL[at("RT", 184) :])
    assert texts(genotype) == []
    assert not genotype.coverage[1].covers(184)
    assert genotype.coverage[1].covers(150)
    assert notes(genotype) == [
        "warning frame shift: 1 frame shift in RT: at codon 184 (1 base too many); the codons there are not read"
    ]


def test_removed_gaps_are_told() -> None:
    assert notes(read(POL, gaps=3)) == ["note gaps removed: 3 gap characters removed"]


def test_a_record_of_n_alone() -> None:
    assert refusal("N" * 900) == "x.fasta:3: the record 's1' holds nothing but N; expected a sequence"


def test_a_record_too_short_to_align() -> None:
    assert refusal(POL[:40]) == "x.fasta:3: the record 's1' has 40 bases, too few to align; expected at least 45"


def test_a_record_of_few_bases_among_n() -> None:
    assert (
        refusal("N" * 300 + "ACGT")
        == "x.fasta:3: the record 's1' has 4 bases that are not N, too few to align; expected at least 45"
    )


def test_a_sequence_of_another_organism() -> None:
    rng = random.Random(7)
    assert refusal("".join(rng.choice("ACGT") for _ in range(1500))) == (
        "x.fasta:3: the record 's1' aligns with none of CA, PR, RT, IN; "
        "expected a sequence of this virus that holds one of them"
    )


def test_hiv_2_is_refused() -> None:
    message = refusal("".join(CODON[residue] for residue in HIV2_RT))
    assert message.startswith("x.fasta:3: the record 's1' has only 6")
    assert message.endswith("% of the residues of RT; expected this virus, not a relative of it (as HIV-2 is of HIV-1)")


@settings(max_examples=40)
@given(st.dictionaries(st.integers(1, 288), st.sampled_from(sorted(GENETIC_CODE)), max_size=20))
def test_every_codon_put_in_is_found_again(codons: dict[int, str]) -> None:
    # Far enough from each other and from the ends that the place of each is certain.
    chosen = {p: c for p, c in codons.items() if 5 < p < 284 and not any(0 < abs(p - q) < 8 for q in codons)}
    expected = [
        f"IN {REFERENCES['IN'][p - 1]}{p}{GENETIC_CODE[codon]}"
        for p, codon in sorted(chosen.items())
        if GENETIC_CODE[codon] != REFERENCES["IN"][p - 1]
    ]
    assert texts(read(with_codons({("IN", p): codon for p, codon in chosen.items()}))) == expected


@settings(max_examples=40)
@given(st.integers(0, 2700), st.integers(141, 2841))
def test_any_part_of_the_reference_is_read_without_findings(first: int, length: int) -> None:
    part = POL[first : first + length]
    if len(part) < 141:
        return
    assert read(part).findings == ()
