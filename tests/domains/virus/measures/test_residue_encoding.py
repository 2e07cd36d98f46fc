"""Genotypes of viruses in numbers: shares of residues, what was not read, pairs, and rows that do not overlap."""

from __future__ import annotations

import numpy as np
import pytest

import resistab
from resistab.curation.kit.measured.data import Feature
from resistab.domains.virus import measures
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.interpreter import ViralInterpreter

ALL_READ = (GeneCoverage("RT"),)


@pytest.fixture(scope="module")
def hiv1() -> ViralInterpreter:
    interpreter = resistab.load("hiv1")
    assert isinstance(interpreter, ViralInterpreter)
    return interpreter


def values(interpreter: ViralInterpreter, genotype: ViralGenotype | str, *conditions: str) -> list[float]:
    """How far each condition holds under efavirenz; of a list RT was read as a whole."""
    given = interpreter.genotype(genotype, sequenced=["RT"]) if isinstance(genotype, str) else genotype
    features = [measures.feature(text) for text in conditions]
    found: list[float] = measures.values(interpreter, "EFV", features, [given])[0].tolist()
    return found


def whens(interpreter: ViralInterpreter, *lists: str) -> list[str]:
    genotypes = [interpreter.genotype(text, sequenced=["RT"]) for text in lists]
    return [feature.when for feature in measures.candidates(interpreter, "EFV", genotypes)]


def scored(*rows: tuple[str, float]) -> list[tuple[Feature, float]]:
    return [(measures.feature(when), score) for when, score in rows]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("RT:K103N", [1, 0, 1]),
        ("RT:K103S", [0, 1, 1]),
        ("RT:K103KN", [1 / 2, 0, 1 / 2]),
        ("RT:K103NS", [1 / 2, 1 / 2, 1]),
        ("RT:K103KNS", [1 / 3, 1 / 3, 2 / 3]),
        ("RT:K103R", [0, 0, 0]),
        ("RT:none", [0, 0, 0]),
        ("PR:L90M", [0, 0, 0]),
    ],
)
def test_a_mixture_holds_residues_in_equal_shares(hiv1: ViralInterpreter, listed: str, expected: list[float]) -> None:
    assert values(hiv1, listed, "103N", "103S", "103N/S") == pytest.approx(expected)


def test_counted_reads_give_their_shares(hiv1: ViralInterpreter) -> None:
    finding = ResidueFinding("RT", 103, "K", ("K", "N", "S"), "K103KNS", shares=(0.5, 0.3, 0.2))
    counted = ViralGenotype("counted", (finding,), ALL_READ)
    assert values(hiv1, counted, "103N", "103S", "103N/S", "103K") == pytest.approx([0.3, 0.2, 0.5, 0.5])


def test_counted_shares_are_of_what_counts(hiv1: ViralInterpreter) -> None:
    # A fifth of the reads held residues below the threshold.
    finding = ResidueFinding("RT", 103, "K", ("K", "N"), "K103KN", shares=(0.6, 0.2))
    assert values(hiv1, ViralGenotype("counted", (finding,), ALL_READ), "103N") == pytest.approx([0.25])


def test_a_position_that_was_not_read_is_no_number(hiv1: ViralInterpreter) -> None:
    part = ViralGenotype("part", (), (GeneCoverage("RT", ((1, 120), (185, 240))),))
    assert values(hiv1, part, "103N", "190A") == [0, 0]
    assert np.isnan(values(hiv1, part, "181C", "181C/I")).all()


def test_a_pair_is_unknown_unless_a_part_is_absent(hiv1: ViralInterpreter) -> None:
    finding = ResidueFinding("RT", 103, "K", ("N",), "K103N")
    part = ViralGenotype("part", (finding,), (GeneCoverage("RT", ((1, 120),)),))
    # 103 was read and is N, 181 was not; whatever is there, 65 is not R.
    assert np.isnan(values(hiv1, part, "103N and 181C")).all()
    assert values(hiv1, part, "65R and 181C") == [0]


def test_of_a_gene_that_was_not_read_nothing_is_known(hiv1: ViralInterpreter) -> None:
    other = hiv1.genotype("PR:L90M", sequenced=["PR"])
    assert np.isnan(values(hiv1, other, "103N", "103N and 181C")).all()


def test_a_finding_counts_where_nobody_says_what_was_read(hiv1: ViralInterpreter) -> None:
    finding = ResidueFinding("RT", 181, "Y", ("C",), "Y181C")
    part = ViralGenotype("part", (finding,), (GeneCoverage("RT", ((1, 120),)),))
    assert values(hiv1, part, "181C", "181I", "103N") == [1, 0, 0]


@pytest.mark.parametrize(
    ("listed", "condition"),
    [("RT:T69S_SS", "69ins"), ("RT:T69ins", "69ins"), ("RT:D67del", "67del"), ("RT:K103*", "103*")],
)
def test_insertions_deletions_and_stops_are_residues(hiv1: ViralInterpreter, listed: str, condition: str) -> None:
    (found,) = values(hiv1, listed, condition)
    assert found > 0


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("RT:K103N, Y181C", 1),
        ("RT:K103KN, Y181YC", 1 / 4),
        ("RT:K103N, Y181YC", 1 / 2),
        ("RT:K103N", 0),
    ],
)
def test_a_pair_is_the_product_of_its_parts(hiv1: ViralInterpreter, listed: str, expected: float) -> None:
    assert values(hiv1, listed, "103N and 181C") == [pytest.approx(expected)]


def test_candidates_are_residues_that_were_found(hiv1: ViralInterpreter) -> None:
    # Of several residues at a position all together may be a row too; the reference's own is none.
    assert whens(hiv1, "RT:K103N", "RT:K103KS, Y181C", "PR:L90M") == ["103N", "103S", "103N/S", "181C"]


def test_candidates_do_not_hang_on_the_order(hiv1: ViralInterpreter) -> None:
    lists = ["RT:Y181C, K103S", "RT:K103N", "RT:G190A, K103T"]
    assert whens(hiv1, *lists) == whens(hiv1, *reversed(lists))


@pytest.mark.parametrize("text", ["103N", "103N/S", "69ins", "65R and 184I/V"])
def test_a_feature_is_named_as_rules_are(text: str) -> None:
    assert measures.feature(text).when == text


@pytest.mark.parametrize("text", ["103 other than K", "not 103N", "103N or 181C", "at least 2 of (103N, 181C)", "what"])
def test_what_is_no_residue_or_pair_is_no_feature(text: str) -> None:
    with pytest.raises(ValueError):
        measures.feature(text)


def test_features_of_one_position_share_their_place() -> None:
    one, all_, pair = (measures.feature(text) for text in ("103N", "103N/S", "103N and 181C"))
    assert one.place == all_.place != pair.place


def test_what_overlaps_at_a_position_is_added() -> None:
    rows = measures.disjoint(scored(("103N", 30), ("103N/S", 10)))
    assert [(feature.when, score) for feature, score in rows] == [("103N", 40), ("103S", 10)]


def test_residues_of_one_score_stand_in_one_row() -> None:
    rows = measures.disjoint(scored(("103N", 30), ("103S", 20), ("103S/T", 10), ("103T", 20)))
    assert [(feature.when, score) for feature, score in rows] == [("103N/S/T", 30)]


def test_pairs_are_left_as_they_are() -> None:
    rows = measures.disjoint(scored(("103N and 181C", -10), ("103N", 30)))
    assert [(feature.when, score) for feature, score in rows] == [("103N", 30), ("103N and 181C", -10)]


@pytest.mark.parametrize("listed", ["RT:K103N", "RT:K103S", "RT:K103KNS, Y181C", "RT:K103NT", "RT:none"])
def test_rows_without_overlap_score_the_same(hiv1: ViralInterpreter, listed: str) -> None:
    given = scored(("103N", 30), ("103N/S", 10), ("103S/T", -4), ("181C", 7), ("103N and 181C", 5))

    def score(rows: list[tuple[Feature, float]]) -> float:
        held = values(hiv1, listed, *(feature.when for feature, _ in rows))
        return sum(share * points for share, (_, points) in zip(held, rows, strict=True))

    assert score(measures.disjoint(given)) == pytest.approx(score(given))


def test_mixtures_and_unread_positions_are_said(hiv1: ViralInterpreter) -> None:
    genotypes = [
        hiv1.genotype("RT:K103KN, Y181YC, M184V", sequenced=["RT"]),
        ViralGenotype("part", (), (GeneCoverage("RT", ((1, 120),)),)),
        hiv1.genotype("PR:L90LM", sequenced=["PR", "RT"]),
    ]
    mixed, unread = measures.described(genotypes, "EFV", hiv1)
    assert mixed.startswith("1 sample with mixtures, at 2 positions")
    assert unread.startswith("1 sample not read at every position of RT")
    assert measures.described(genotypes[2:], "EFV", hiv1) == []


def test_expert_rows_are_told_in_the_same_language(hiv1: ViralInterpreter) -> None:
    rows = {(id_, feature.when): score for id_, feature, score in measures.expert_rows(hiv1, "EFV")}
    assert rows["EFV-103", "103H/N"] == 60
    assert rows["EFV-C01", "98G and 234I"] == 5
    assert rows["EFV-C02", "106A and 227C/L"] == 15


def test_the_threshold_is_the_first_level_that_is_not_s(hiv1: ViralInterpreter) -> None:
    assert measures.threshold(hiv1.rulebase) == 15
    assert [measures.level_of(hiv1.rulebase, score) for score in (-5, 9, 10, 15, 60)] == [
        "Susceptible",
        "Susceptible",
        "Potential Low-Level Resistance",
        "Low-Level Resistance",
        "High-Level Resistance",
    ]
