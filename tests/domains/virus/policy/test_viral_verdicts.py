"""The verdicts of ``tests/small_virus``, with what led to them, what was not read, and the comments.

``RT:K65KR`` says that lysine, the reference residue, and arginine were found at position 65 of reverse transcriptase.
Every genotype is also interpreted by the batch evaluator, which must agree.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations

import pytest

from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.residues import residue_order
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.policy.models import ViralVerdict
from resistab.domains.virus.policy.scores import positions_text
from resistab.domains.virus.policy.verdicts import Interpreted
from tests.paths import SMALL_VIRUS

SMALL = load_viral_folder(SMALL_VIRUS)
Ranges = tuple[tuple[int, int], ...] | None
ALL: dict[str, Ranges] = {"RT": None, "PR": None, "IN": None}


@cache
def interpreter() -> ViralInterpreter:
    return ViralInterpreter(SMALL)


def finding(text: str) -> ResidueFinding:
    match = re.fullmatch(r"(\w+):([A-Z])(\d+)(\S+)", text)
    assert match is not None
    residues = tuple(sorted(match[4], key=residue_order))
    return ResidueFinding(match[1], int(match[3]), match[2], residues, text)


def genotype(text: str, read: dict[str, Ranges]) -> ViralGenotype:
    coverage = tuple(GeneCoverage(gene, ranges) for gene, ranges in read.items())
    return ViralGenotype(sample="one", findings=tuple(map(finding, text.split())), coverage=coverage)


def interpreted(text: str, read: dict[str, Ranges] = ALL) -> Interpreted:
    interpreter().check_batch(genotype(text, read))
    return interpreter().conclude(genotype(text, read))


def verdict(drug: str, text: str, read: dict[str, Ranges] = ALL) -> ViralVerdict:
    (found,) = (one for one in interpreted(text, read).verdicts if one.drug == drug)
    return found


def comments(text: str, read: dict[str, Ranges] = ALL) -> list[str]:
    return [comment.id for comment in interpreted(text, read).comments]


# --- verdict and level --------------------------------------------------------------------------------------


def test_every_drug_has_a_verdict_in_the_order_of_the_drug_list() -> None:
    assert [one.drug for one in interpreted("").verdicts] == ["3TC", "AZT", "ATV/r", "DRV/r", "DTG"]


def test_m184v_is_resistance_to_lamivudine_and_helps_zidovudine() -> None:
    lamivudine, zidovudine = verdict("3TC", "RT:M184V RT:T215Y"), verdict("AZT", "RT:M184V RT:T215Y")

    assert (lamivudine.verdict, lamivudine.level, lamivudine.score) == ("resistant", 5, 60)
    # 40 for 215Y, less 10 for 184V.
    assert (zidovudine.verdict, zidovudine.level, zidovudine.score) == ("possible_resistance", 4, 30)


def test_verdict_says_what_its_level_is_called() -> None:
    found = verdict("AZT", "RT:M41L")

    assert (found.full_name, found.drug_class, found.gene) == ("zidovudine", "NRTI", "RT")
    assert (found.level, found.level_name, found.sir) == (3, "low-level resistance", "I")


def test_drug_without_scores_has_a_level_and_no_score() -> None:
    found = verdict("ATV/r", "PR:I50L")

    assert (found.verdict, found.level, found.score) == ("resistant", 5, None)
    assert found.reason == "I50L: level 5"


def test_drug_for_which_no_rule_holds_is_susceptible() -> None:
    found = verdict("ATV/r", "PR:L10F PR:L90M")

    assert (found.verdict, found.level, found.sir, found.reason) == ("no_resistance_found", 1, "S", "no rule holds")


def test_drug_without_rules_cannot_be_assessed() -> None:
    found = verdict("DRV/r", "PR:I84V")

    assert (found.verdict, found.level, found.level_name, found.sir) == ("not_assessable", None, None, None)
    assert found.not_assessable == ("the rule set has no rules for it",)
    assert found.reason == "the rule set has no rules for it"


# --- derivation ---------------------------------------------------------------------------------------------


def test_contributions_are_the_rows_in_table_order() -> None:
    found = verdict("AZT", "RT:T215CY RT:M41L RT:D67N")

    assert [(c.row, c.condition, c.score, c.findings) for c in found.contributions] == [
        ("AZT-41", "41L", 15, ("M41L",)),
        ("AZT-67", "67N", 15, ("D67N",)),
        # Of tyrosine and cysteine tyrosine counts, in both rows.
        ("AZT-215", "215F/Y", 40, ("T215CY",)),
        ("AZT-41-215", "41L and 215F/Y", 10, ("T215CY", "M41L")),
        ("AZT-without-184", "67N and not 184I/V", 5, ("D67N",)),
    ]
    assert found.score == 15 + 15 + 40 + 10 + 5
    assert found.rows == ("AZT-41", "AZT-67", "AZT-215", "AZT-41-215", "AZT-without-184")


def test_row_that_gives_only_a_comment_contributes_nothing() -> None:
    assert "AZT-two-TAMs" not in verdict("AZT", "RT:M41L RT:D67N").rows


def test_row_that_gives_a_level_says_which() -> None:
    (contribution,) = verdict("DTG", "IN:G118R").contributions

    assert (contribution.row, contribution.score, contribution.level) == ("DTG-118", None, 4)


def test_derivation_goes_down_to_the_findings() -> None:
    found = verdict("AZT", "RT:D67N")
    derivation = {contribution.row: contribution.derivation for contribution in found.contributions}["AZT-without-184"]

    assert (derivation.text, derivation.truth) == ("67N and not 184I/V", "true")
    first, second = derivation.parts
    assert (first.text, first.truth, first.findings) == ("67N", "true", ("D67N",))
    assert (second.text, second.truth) == ("not 184I/V", "true")
    (inner,) = second.parts
    assert (inner.text, inner.truth, inner.findings) == ("184I/V", "false", ())


def test_derivation_of_a_count_shows_each_part() -> None:
    (contribution,) = verdict("ATV/r", "PR:L10F PR:I54V PR:L90M").contributions

    assert contribution.row == "ATV-three"
    assert [(part.text, part.truth, part.findings) for part in contribution.derivation.parts] == [
        ("10F/I/V", "true", ("L10F",)),
        ("46I/L", "false", ()),
        ("54 other than I", "true", ("I54V",)),
        ("90M", "true", ("L90M",)),
    ]


def test_derivation_shows_what_stayed_unknown() -> None:
    (contribution,) = verdict("ATV/r", "PR:L10F PR:I54V PR:L90M", {"PR": ((50, 99),)}).contributions

    # Position 10 counts as read, since something was found there; 46 does not.
    assert [part.truth for part in contribution.derivation.parts] == ["true", "unknown", "true", "true"]


def test_reason_names_the_mutations_behind_the_score() -> None:
    assert verdict("AZT", "RT:M41L RT:M184V").reason == "M41L; score lowered by M184V"


def test_insertion_and_deletion_are_shown_with_neighbours() -> None:
    assert verdict("AZT", "RT:T69Gi RT:D67Ed").reason == "T69G_ins, D67E_del"


# --- what was not read --------------------------------------------------------------------------------------


def test_gene_that_was_not_sequenced_cannot_be_assessed() -> None:
    found = verdict("DTG", "RT:M184V", {"RT": None})

    assert (found.verdict, found.score, found.level) == ("not_assessable", None, None)
    assert found.not_assessable == ("IN was not sequenced",)
    assert found.left_open == found.not_read == ()


def test_decisive_positions_are_those_of_one_mutation_alone() -> None:
    """Of zidovudine's, 65 and 184 only take away. Of dolutegravir's, 263K alone comes to half a point, level 1, and
    140S alone to 8.
    """
    assert interpreter().decisive == {"3TC": (65, 69, 184), "AZT": (41, 67, 69, 215), "ATV/r": (50,), "DTG": (118, 148)}


def test_an_unread_decisive_position_is_no_lack_of_resistance() -> None:
    found = verdict("AZT", "RT:K65R", {"RT": ((60, 100), (180, 214), (216, 300))})

    assert found.verdict == "not_assessable"
    assert (found.level, found.level_name, found.sir) == (None, None, None)
    assert found.not_assessable == ("RT 41, 215 not read, where one mutation alone may mean resistance",)
    # What was read is shown all the same.
    assert (found.score, found.rows) == (-10, ("AZT-65",))


@pytest.mark.parametrize("unread", [41, 67, 69, 215])
def test_one_decisive_position_is_enough(unread: int) -> None:
    found = verdict("AZT", "", {"RT": ((1, unread - 1), (unread + 1, 560))})

    assert found.not_assessable == (f"RT {unread} not read, where one mutation alone may mean resistance",)


def test_position_that_is_not_decisive_prevents_nothing() -> None:
    found = verdict("AZT", "", {"RT": ((41, 183), (185, 240))})

    assert (found.verdict, found.level) == ("no_resistance_found", 1)
    assert found.not_read == (184,)


def test_a_finding_where_nothing_was_read_leaves_others_open() -> None:
    """The ranges leave out 41: M41V was seen, and M41L may be there too."""
    found = verdict("AZT", "RT:M41V", {"RT": ((60, 300),)})

    assert (found.verdict, found.not_read) == ("not_assessable", (41,))
    assert verdict("AZT", "RT:M41V", {"RT": ((41, 41), (60, 300))}).verdict == "no_resistance_found"


def test_resistance_stands_though_positions_were_not_read() -> None:
    found = verdict("3TC", "RT:M184V", {"RT": ((180, 190),)})

    assert (found.verdict, found.level, found.score, found.not_assessable) == ("resistant", 5, 60, ())
    assert found.not_read == (65, 69)


def test_possible_resistance_stands_with_positions_unread() -> None:
    found = verdict("3TC", "RT:K65N", {"RT": ((60, 70),)})

    assert (found.verdict, found.level, found.not_assessable) == ("possible_resistance", 3, ())
    assert [(row.row, row.condition, row.score, row.positions) for row in found.left_open] == [
        ("3TC-184", "184I/V", 60, (184,))
    ]


def test_a_susceptible_level_does_not_stand_though_reported() -> None:
    """67H: 10 points, level 2. With 215 read the same is possible resistance."""
    assert verdict("AZT", "RT:D67H", {"RT": ((41, 220),)}).verdict == "possible_resistance"
    assert verdict("AZT", "RT:D67H", {"RT": ((41, 200),)}).not_assessable == (
        "RT 215 not read, where one mutation alone may mean resistance",
    )


def test_rows_left_open_name_the_positions_they_lack() -> None:
    found = verdict("AZT", "RT:M41L RT:D67N", {"RT": ((1, 183),)})

    assert [(row.row, row.condition, row.positions) for row in found.left_open] == [
        ("AZT-184", "184I/V", (184,)),
        ("AZT-215", "215F/Y", (215,)),
        ("AZT-215", "215A/C", (215,)),
        ("AZT-41-215", "41L and 215F/Y", (215,)),
        ("AZT-41-215", "41L and 215A/C", (215,)),
        # 67N is there; whether 184 is without mutation nobody knows. The two TAMs are certain already.
        ("AZT-without-184", "67N and not 184I/V", (184,)),
    ]
    assert found.not_read == (184, 215)
    assert found.score == 30


def test_row_that_cannot_hold_any_more_is_not_left_open() -> None:
    """Without 67N the row asks for nothing, whatever stands at 184."""
    found = verdict("AZT", "RT:M41L", {"RT": ((1, 183), (200, 300))})

    assert [row.row for row in found.left_open] == ["AZT-184"]


def test_nothing_is_left_open_where_the_whole_gene_was_read() -> None:
    found = verdict("AZT", "RT:M41L")

    assert found.left_open == found.not_read == ()


@pytest.mark.parametrize(
    ("positions", "text"),
    [([41], "41"), ([65, 66, 67], "65-67"), ([41, 65, 66, 184], "41, 65-66, 184"), ([], "")],
)
def test_neighbouring_positions_are_drawn_together(positions: list[int], text: str) -> None:
    assert positions_text(positions) == text


# --- comments -----------------------------------------------------------------------------------------------


def test_comments_are_given_in_their_order() -> None:
    """RT-65 has the lower ``sort`` and stands after RT-184 in the file."""
    assert comments("RT:M184V RT:K65R") == ["RT-65", "RT-184", "zidovudine-kept"]


def test_comment_bears_its_gene_and_text() -> None:
    (comment,) = interpreted("RT:K65N").comments

    assert (comment.id, comment.gene, comment.text) == ("RT-65", "RT", "Selected by tenofovir.")


def test_comment_may_be_given_by_a_rule() -> None:
    assert comments("RT:M41L RT:T215F") == ["RT-TAMs"]
    assert comments("IN:G118R") == ["IN-118"]


def test_comment_without_a_condition_is_given_by_rules_only() -> None:
    assert comments("RT:M41L") == []


def test_comment_at_a_position_that_was_not_read_is_not_given() -> None:
    assert comments("", {"RT": ((100, 300),)}) == []


def test_comments_of_a_gene_that_was_not_sequenced_are_not_given() -> None:
    assert comments("RT:K65R", {"IN": None}) == []


def test_comment_on_the_result_needs_a_level_of_every_drug() -> None:
    """184V: lamivudine 5, zidovudine 1. With 215Y zidovudine has 4; K65N alone gives lamivudine 3."""
    given = {text: "zidovudine-kept" in comments(text) for text in ("RT:M184V", "RT:M184V RT:T215Y", "RT:K65N", "")}

    assert given == {"RT:M184V": True, "RT:M184V RT:T215Y": False, "RT:K65N": False, "": False}


def test_comment_on_the_result_has_no_gene() -> None:
    *_, comment = interpreted("RT:M184V").comments

    assert (comment.id, comment.gene) == ("zidovudine-kept", None)


def test_comment_on_the_result_needs_drugs_assessed() -> None:
    """Nobody may say that zidovudine remains active where 41, 67, 69 and 215 were not read."""
    read: dict[str, Ranges] = {"RT": ((180, 190),)}

    assert verdict("AZT", "RT:M184V", read).verdict == "not_assessable"
    assert comments("RT:M184V", read) == ["RT-184"]


# --- order --------------------------------------------------------------------------------------------------

BUSY = "RT:M41L RT:D67N RT:M184IV RT:T215CY"


def test_the_order_of_findings_changes_nothing() -> None:
    seen = {
        tuple((one.drug, one.verdict, one.level, one.score, one.rows) for one in interpreted(" ".join(order)).verdicts)
        for order in permutations(BUSY.split())
    }

    assert len(seen) == 1


def test_the_order_of_genes_read_changes_nothing() -> None:
    backwards = dict(reversed(ALL.items()))

    assert interpreted(BUSY, backwards) == interpreted(BUSY)


def test_the_order_of_tables_and_rows_changes_no_verdict() -> None:
    """Rows are listed as the table has them; what they come to is the same in any order."""

    def turned(rules: ViralRulebase) -> ViralRulebase:
        tables = tuple(
            table.model_copy(
                update={
                    "scores": {
                        position: dict(reversed(line.items())) for position, line in reversed(table.scores.items())
                    },
                    "combinations": table.combinations[::-1],
                    "rules": table.rules[::-1],
                }
            )
            for table in reversed(rules.tables)
        )
        files = tuple(file.model_copy(update={"comments": file.comments[::-1]}) for file in reversed(rules.comments))
        fields = {name: getattr(rules, name) for name in ViralRulebase.model_fields}
        return ViralRulebase.model_construct(**fields | {"tables": tables, "comments": files})

    other = ViralInterpreter(turned(SMALL))
    for read in (ALL, {"RT": ((1, 100), (200, 300)), "IN": ((130, 288),)}):
        sample = genotype(f"{BUSY} IN:Q148H IN:G140S", read)
        one, two = interpreter().conclude(sample), other.conclude(sample)
        other.check_batch(sample)

        assert one.comments == two.comments
        for first, second in zip(one.verdicts, two.verdicts, strict=True):
            assert (first.drug, first.verdict, first.level, first.score, first.not_assessable, first.not_read) == (
                second.drug, second.verdict, second.level, second.score, second.not_assessable, second.not_read,
            )  # fmt: skip
            assert set(first.rows) == set(second.rows)
            assert set(first.left_open) == set(second.left_open)
