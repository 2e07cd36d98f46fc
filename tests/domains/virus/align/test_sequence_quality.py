"""The notes on a sequence: one for each problem, with its counts, at the severity that its bound gives."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.domains.virus.align.gene_alignment import FrameShift, GeneAlignment
from resistab.domains.virus.align.sequence_quality import (
    QualityFacts,
    SequenceCounts,
    quality_notes,
    ranges_of,
)
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding
from resistab.report.words import counted

WHOLE = (GeneCoverage("RT", ((1, 560),)),)
FACTS = QualityFacts(
    apobec=frozenset({("RT", 15, "R"), ("RT", 18, "R"), ("RT", 42, "K"), ("RT", 45, "R"), ("RT", 51, "E")}),
    apobec_resistance=frozenset({("RT", 184, "I"), ("RT", 230, "I")}),
    usual={("RT", position): "AKTMVR" for position in range(1, 561) if position != 300} | {("RT", 69): "NSTi"},
)


def finding(position: int, residues: str, reference: str = "A", gene: str = "RT") -> ResidueFinding:
    return ResidueFinding(gene, position, reference, tuple(residues), "")


def gene(
    frame_shifts: tuple[FrameShift, ...] = (),
    long_gaps: tuple[tuple[int, int], ...] = (),
    foreign: tuple[int, int] = (0, 0),
) -> GeneAlignment:
    return GeneAlignment("RT", (), (), (), frame_shifts, long_gaps, frozenset(), foreign, 560, 560, 0)


def notes(
    *findings: ResidueFinding,
    alignment: GeneAlignment | None = None,
    coverage: tuple[GeneCoverage, ...] = WHOLE,
    counts: SequenceCounts | None = None,
) -> list[str]:
    counts = counts or SequenceCounts(1680, 0, 0, False, {})
    found = quality_notes(findings, (alignment or gene(),), coverage, counts, FACTS)
    return [f"{note.severity} {note.kind}: {note.message}" for note in found]


def test_a_good_sequence_has_no_notes() -> None:
    assert notes(finding(184, "V", "M")) == []


@pytest.mark.parametrize(
    ("name", "read", "expected"),
    [
        ("PR", 59, "severe too short: 59 codons of PR were read, fewer than 60"),
        ("PR", 79, "warning too short: 79 codons of PR were read, fewer than 80"),
        ("RT", 149, "severe too short: 149 codons of RT were read, fewer than 150"),
        ("RT", 199, "warning too short: 199 codons of RT were read, fewer than 200"),
        ("IN", 99, "severe too short: 99 codons of IN were read, fewer than 100"),
        ("IN", 199, "warning too short: 199 codons of IN were read, fewer than 200"),
        ("CA", 109, "severe too short: 109 codons of CA were read, fewer than 110"),
        ("CA", 149, "warning too short: 149 codons of CA were read, fewer than 150"),
    ],
)
def test_a_gene_of_which_too_little_was_read(name: str, read: int, expected: str) -> None:
    # In two parts, which count together.
    assert notes(coverage=(GeneCoverage(name, ((2, 21), (30, 9 + read))),)) == [expected]


@pytest.mark.parametrize(("name", "read"), [("PR", 80), ("RT", 200), ("IN", 200), ("CA", 150), ("env", 5)])
def test_a_gene_of_which_enough_was_read(name: str, read: int) -> None:
    assert notes(coverage=(GeneCoverage(name, ((1, read),)),)) == []


def test_one_frame_shift_is_a_warning() -> None:
    assert notes(alignment=gene((FrameShift(101, 1),))) == [
        "warning frame shift: 1 frame shift in RT: at codon 101 (1 base too many); the codons there are not read"
    ]


def test_several_are_severe() -> None:
    assert notes(alignment=gene((FrameShift(101, 1), FrameShift(120, -2)))) == [
        "severe frame shift: 2 frame shifts in RT: at codon 101 (1 base too many), at codon 120 (2 bases missing); "
        "the codons there are not read"
    ]


def test_a_large_gap_is_severe() -> None:
    assert notes(alignment=gene(long_gaps=((99, 160),))) == [
        "severe large gap: between codons 99 and 160 of RT a large part is missing or foreign; were sequences joined "
        "without N for what lies between them?"
    ]


def test_a_stop_codon_is_noted_and_two_are_severe() -> None:
    assert notes(finding(71, "*", "W")) == ["note stop codon: 1 stop codon in RT: W71*"]
    assert notes(finding(71, "W*", "W"), finding(88, "*", "W")) == [
        "severe stop codon: 2 stop codons in RT: W71W*, W88*"
    ]


SIGNATURE = [finding(15, "R", "G"), finding(18, "R", "G"), finding(42, "EK", "E"), finding(45, "R", "G")]


def test_one_mutation_of_the_apobec_pattern_says_nothing() -> None:
    assert notes(SIGNATURE[0], finding(184, "I", "M")) == ["note unusual residues: 1 unusual mutation in RT: M184I"]


@pytest.mark.parametrize(("number", "severity"), [(2, "note"), (3, "warning"), (4, "warning"), (5, "severe")])
def test_from_two_on_it_is_told_and_weighs_more_by_number(number: int, severity: str) -> None:
    found = notes(*[*SIGNATURE, finding(51, "E", "G")][:number])
    assert found[0].startswith(f"{severity} APOBEC signature: {number} mutations of the pattern that APOBEC leaves: ")
    assert len(found) == 1


def test_mutations_that_apobec_can_cause_are_told() -> None:
    assert notes(*SIGNATURE[:3], finding(184, "IM", "M")) == [
        "warning APOBEC signature: 3 mutations of the pattern that APOBEC leaves: RT G15R, RT G18R, RT E42EK",
        "warning APOBEC resistance mutation: 1 resistance mutation that APOBEC may have caused beside its pattern, and "
        "that may be no effect of a drug: RT M184IM",
        "note unusual residues: 1 unusual mutation in RT: M184IM",
    ]


def test_unusual_residues_are_listed() -> None:
    assert notes(finding(10, "W"), finding(11, "K"), finding(12, "AW")) == [
        "note unusual residues: 2 unusual mutations in RT: A10W, A12AW"
    ]


@pytest.mark.parametrize(("number", "severity"), [(4, "note"), (5, "warning"), (8, "warning"), (9, "severe")])
def test_too_many_unusual_residues_at_once_weigh_more(number: int, severity: str) -> None:
    (note,) = notes(*(finding(100 + index, "W") for index in range(number)))
    assert note.startswith(f"{severity} unusual residues: {number} unusual mutations in RT: A100W, ")


def test_a_position_that_the_facts_do_not_name_is_not_judged() -> None:
    assert notes(finding(300, "W")) == []


def test_a_long_list_is_cut_and_counted() -> None:
    (note,) = notes(*(finding(100 + index, "W") for index in range(25)))
    assert note.endswith(", A119W and 5 more")


def test_unusual_insertions_and_deletions_stand_apart() -> None:
    assert notes(finding(69, "Ti", "T")) == []
    assert notes(finding(70, "Ki", "K")) == [
        "warning unusual indel: 1 unusual insertion or deletion in RT: K70K_ins",
    ]
    assert notes(finding(70, "d", "K"), finding(71, "d", "A")) == [
        "severe unusual indel: 2 unusual insertions or deletions in RT: K70del, A71del",
    ]


def test_foreign_ends_are_told() -> None:
    assert notes(alignment=gene(foreign=(12, 1))) == [
        "warning foreign end: 12 codons at the beginning of RT do not fit the gene and are not read",
        "warning foreign end: 1 codon at the end of RT does not fit the gene and is not read",
    ]


def test_undetermined_codons_are_noted_and_many_are_a_warning() -> None:
    assert notes(counts=SequenceCounts(1680, 0, 0, False, {"RT": [3, 4, 5, 9]})) == [
        "note undetermined codons: 4 codons of RT with two or three N not read: 3-5, 9"
    ]
    many = SequenceCounts(1680, 0, 0, False, {"RT": list(range(1, 31))})
    assert notes(counts=many) == ["warning undetermined codons: 30 codons of RT with two or three N not read: 1-30"]


def test_many_ambiguous_bases_are_a_warning() -> None:
    assert notes(counts=SequenceCounts(1000, 50, 0, False, {})) == []
    assert notes(counts=SequenceCounts(1000, 51, 0, False, {})) == [
        "warning many mixtures: 51 of 1,000 bases (5.1%) are ambiguous, more than 5%: two samples mixed, or a poor "
        "reading?"
    ]


def test_the_other_strand_and_removed_gaps_are_noted() -> None:
    assert notes(counts=SequenceCounts(1000, 0, 1, True, {})) == [
        "note reverse complement: the sequence was given from the other strand; its reverse complement was read",
        "note gaps removed: 1 gap character removed",
    ]


def test_the_most_severe_comes_first() -> None:
    found = notes(
        finding(71, "*", "W"),
        alignment=gene((FrameShift(101, 1),), long_gaps=((99, 160),)),
        counts=SequenceCounts(1000, 0, 1, False, {}),
    )
    assert [note.split(":")[0] for note in found] == [
        "severe large gap",
        "warning frame shift",
        "note stop codon",
        "note gaps removed",
    ]


@given(st.sets(st.integers(1, 60)))
def test_ranges_hold_the_positions_and_no_others(positions: set[int]) -> None:
    ranges = ranges_of(positions)
    assert {p for first, last in ranges for p in range(first, last + 1)} == positions
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))


@pytest.mark.parametrize(("number", "text"), [(1, "1 codon"), (0, "0 codons"), (1200, "1,200 codons")])
def test_a_number_goes_with_its_noun(number: int, text: str) -> None:
    assert counted(number, "codon") == text
