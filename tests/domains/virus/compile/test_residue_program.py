"""The program of a virus's rule set: a clause for each rule, and what a genotype says of the residues they ask for."""

from __future__ import annotations

import pytest

from resistab.core.condition import ConclusionAtom, condition_text
from resistab.core.program import FULL_WEIGHT, Head
from resistab.core.truth import Observation, Truth
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.compile.program import compile_viral_program, of_gene, residue_atoms
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.conditions import parse_residue_condition
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.observe import observe_residues
from tests.paths import SMALL_VIRUS

SMALL = load_viral_folder(SMALL_VIRUS)
PROGRAM = compile_viral_program(SMALL)
DRUGS = {drug.drug: drug for drug in PROGRAM.drugs}

# --- the program --------------------------------------------------------------------------------------------


def test_drugs_with_a_table_are_in_the_order_of_the_list() -> None:
    assert [drug.drug for drug in PROGRAM.drugs] == ["3TC", "AZT", "ATV/r", "DTG"]


def test_each_rule_is_a_clause_of_its_own() -> None:
    """Lamivudine: 65R and 65N are two rules of one row; 69ins and 184I/V are one each."""
    clauses = [
        (clause.id, clause.head.name, condition_text(clause.condition))
        for clause in PROGRAM.by_gene["RT"].clauses
        if clause.unit == "3TC"
    ]

    assert clauses == [
        ("3TC-65", "3TC-65 1", "RT 65R"),
        ("3TC-65", "3TC-65 2", "RT 65N"),
        ("3TC-69", "3TC-69", "RT 69ins"),
        ("3TC-184", "3TC-184", "RT 184I/V"),
    ]


def test_items_say_their_clauses_and_what_each_adds() -> None:
    (score,) = DRUGS["AZT"].scores
    item = next(item for item in score if item.row == "AZT-41-215")

    assert [(part.head.name, condition_text(part.when), part.score) for part in item.parts] == [
        ("AZT-41-215 1", "RT 41L and RT 215F/Y", 10),
        ("AZT-41-215 2", "RT 41L and RT 215A/C", 5),
    ]


def test_each_score_of_a_drug_has_its_items() -> None:
    assert [[item.row for item in score] for score in DRUGS["DTG"].scores] == [
        ["DTG-148", "DTG-263"],
        ["DTG-S2-140", "DTG-140-148"],
    ]


def test_rules_for_a_level_or_comment_stand_beside_scores() -> None:
    rules = [rule for drug in PROGRAM.drugs for rule in drug.rules]

    assert [(rule.row, rule.level, rule.comment) for rule in rules] == [
        ("AZT-two-TAMs", None, "RT-TAMs"),
        ("ATV-50", 5, None),
        ("ATV-three", 3, None),
        ("DTG-118", 4, "IN-118"),
    ]


def test_comments_with_a_condition_are_clauses_too() -> None:
    assert [(comment.id, comment.gene, condition_text(comment.when)) for comment in PROGRAM.comments] == [
        ("RT-184", "RT", "RT 184I/V"),
        ("RT-65", "RT", "RT 65N/R"),
    ]
    assert {clause.head for clause in PROGRAM.by_gene["RT"].clauses if clause.head.kind == "comment"} == {
        Head("comment", "RT-184"),
        Head("comment", "RT-65"),
    }


def test_clauses_of_a_gene_ask_for_that_gene_alone() -> None:
    for gene, program in PROGRAM.by_gene.items():
        assert {atom.gene for clause in program.clauses for atom in residue_atoms(clause.condition)} == {gene}


def test_heads_are_never_shared_and_carry_full_weight() -> None:
    clauses = [clause for program in PROGRAM.by_gene.values() for clause in program.clauses]

    assert len({clause.head for clause in clauses}) == len(clauses)
    assert {clause.weight for clause in clauses} == {FULL_WEIGHT}


# --- what a genotype says -----------------------------------------------------------------------------------


def observed(condition: str, residues: str, ranges: tuple[tuple[int, int], ...] | None = None) -> Observation:
    """What is observed of one atom where ``residues`` were found at RT 65 and ``ranges`` were read."""
    atom = of_gene(parse_residue_condition(condition), "RT")
    assert isinstance(atom, ResidueAtom)
    findings = (
        ResidueFinding("PR", 65, "", ("R",), "another gene"),
        *((ResidueFinding("RT", 65, "K", tuple(residues), "65"),) if residues else ()),
    )
    sample = ViralGenotype("one", findings, (GeneCoverage("RT", ranges),))
    return observe_residues([atom], sample)[atom]


FOUND = Observation(Truth.TRUE, (1,))
FALSE, UNKNOWN = Observation(Truth.FALSE), Observation(Truth.UNKNOWN)


@pytest.mark.parametrize(
    ("condition", "residues", "expected"),
    [
        ("65R", "R", FOUND),
        ("65R", "KR", FOUND),
        ("65N/R", "KR", FOUND),
        ("65R", "N", FALSE),
        ("65ins", "Ki", FOUND),
        ("65K", "Ki", FOUND),
        ("65ins", "d", FALSE),
        ("65 other than R", "R", FALSE),
        ("65 other than R", "KR", FOUND),
        ("65 other than R", "d", FOUND),
        ("65 other than N/R", "NR", FALSE),
    ],
)
def test_the_residues_found_decide(condition: str, residues: str, expected: Observation) -> None:
    assert observed(condition, residues) == expected


@pytest.mark.parametrize("condition", ["65R", "65 other than R"])
def test_an_atom_is_false_if_its_position_was_read_else_unknown(condition: str) -> None:
    assert observed(condition, "", None) == FALSE
    assert observed(condition, "", ((60, 65),)) == FALSE
    assert observed(condition, "", ((65, 70),)) == FALSE
    assert observed(condition, "", ((60, 64), (66, 70))) == UNKNOWN
    assert observed(condition, "", ()) == UNKNOWN


def test_finding_outside_the_ranges_read_leaves_others_open() -> None:
    assert observed("65R", "R", ((100, 200),)) == FOUND
    assert observed("65R", "N", ((100, 200),)) == UNKNOWN
    assert observed("65 other than K", "N", ((100, 200),)) == FOUND
    assert observed("65 other than N", "N", ((100, 200),)) == UNKNOWN


def test_gene_that_was_not_sequenced_is_unknown() -> None:
    atom = ResidueAtom(gene="IN", position=148, residues=("H",))

    assert observe_residues([atom], ViralGenotype("one", (), (GeneCoverage("RT"),)))[atom] == UNKNOWN


def test_rules_of_a_virus_cannot_ask_for_anything_else() -> None:
    with pytest.raises(TypeError, match="residues only"):
        observe_residues([ConclusionAtom(id="resistance")], ViralGenotype("one"))
