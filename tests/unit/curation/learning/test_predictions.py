"""What learned tables predict of one patient beside the expert verdict: number, interval, side, disagreement."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resistab
from resistab.core.faults import InputError
from resistab.curation.learning.folder import learned_text
from resistab.curation.learning.predict import predictions, read_tables
from resistab.domains.registry import pack_named
from resistab.domains.virus.genotype import GeneCoverage, ViralGenotype
from resistab.report.learned import LearnedPrediction, comparison_words, prediction_words
from resistab.rulesets.learned import LearnedError, LearnedRow, LearnedTable

PACK = pack_named("virus")
# A point is worth a fiftieth of a tenfold; 25 points reach the cutoff.
ROWS = {"65R": 10, "103N": 50, "181C": 20, "184V": -5, "65R and 184V": -10, "190A": 30}
CUTOFF = 10**0.5


def table(rows: Mapping[str, int] = ROWS, **changed: Any) -> LearnedTable:
    """Without any row a fold of 1, resistant from 3.16; below the cutoff errors of 0.1 either way, else of 0.2."""
    fields: dict[str, Any] = {
        "drug": "EFV", "ruleset": "hiv1", "measure": "fold change", "resistant_from": CUTOFF, "intercept": 0.0,
        "unit": 0.02, "floor": -0.05, "ceiling": 2.0,
        "errors": (LearnedError(below=True, low=-0.1, high=0.1, samples=80),
                   LearnedError(below=False, low=-0.2, high=0.2, samples=80)),
        "samples": 160, "patients": 150, "resistant": 60, "r2": 0.9, "auc": 0.95, "accuracy": 0.9, "folds": 5,
        "seed": 1, "learned_on": datetime.date(2026, 11, 30), "learned_from": ("made.tsv",),
        "rows": tuple(LearnedRow(when=when, score=score, low=score - 1, high=score + 1, samples=9, patients=8)
                      for when, score in rows.items()),
    }  # fmt: skip
    return LearnedTable(**(fields | changed))


@pytest.fixture(scope="module")
def hiv1() -> Any:
    return resistab.load("hiv1")


def genotype(hiv1: Any, listed: str, *ranges: tuple[int, int]) -> ViralGenotype:
    """RT as a whole, or of it these positions alone: of a finding elsewhere nothing is known."""
    found: ViralGenotype = hiv1.genotype(listed, sequenced=["RT"])
    if not ranges:
        return found
    coverage = GeneCoverage("RT", ranges)
    findings = tuple(finding for finding in found.findings if coverage.covers(finding.position))
    return dataclasses.replace(found, findings=findings, coverage=(coverage,))


def predicted(hiv1: Any, given_: ViralGenotype | str, of: LearnedTable | None = None) -> LearnedPrediction:
    one = genotype(hiv1, given_) if isinstance(given_, str) else given_
    (found,) = predictions(PACK, hiv1, [of or table()], one)
    return found


@pytest.mark.parametrize(
    ("listed", "score", "log", "call"),
    [
        ("RT:none", 0, 0.0, "sensitive"),
        ("RT:Y181C", 20, 0.4, "sensitive"),
        ("RT:K103N", 50, 1.0, "resistant"),
        ("RT:K103N, Y181C", 70, 1.4, "resistant"),
        ("RT:K65R, M184V", -5, -0.05, "sensitive"),
        ("RT:K65KR", 5, 0.1, "sensitive"),
        ("RT:K103KN", 25, 0.5, "resistant"),
        ("RT:K65KR, M184MV", 0, 0.0, "sensitive"),
    ],
)
def test_the_prediction_is_the_sum_of_the_rows(hiv1: Any, listed: str, score: float, log: float, call: str) -> None:
    found = predicted(hiv1, listed)
    assert found.score == score
    assert found.predicted == pytest.approx(10**log, rel=1e-3)
    assert found.call == call


def test_the_interval_is_that_of_its_side(hiv1: Any) -> None:
    below, above = predicted(hiv1, "RT:Y181C"), predicted(hiv1, "RT:K103N")
    assert (below.low, below.high) == (pytest.approx(10**0.3, rel=1e-3), pytest.approx(10**0.5, rel=1e-3))
    assert (above.low, above.high) == (pytest.approx(10**0.8, rel=1e-3), pytest.approx(10**1.2, rel=1e-3))


def test_no_assay_tells_less_than_the_floor(hiv1: Any) -> None:
    found = predicted(hiv1, "RT:M184V")
    assert found.low == pytest.approx(10**-0.05, rel=1e-3)


def test_no_assay_tells_more_than_the_ceiling(hiv1: Any) -> None:
    found = predicted(hiv1, "RT:K103N, Y181C, G190A, K65R")
    assert (found.predicted, found.high) == (100, 100)


def test_a_prediction_at_the_cutoff_is_resistant(hiv1: Any) -> None:
    assert predicted(hiv1, "RT:none", table({"103N": 1}, resistant_from=1.0)).call == "resistant"


@pytest.mark.parametrize("cutoff", [1.5, 2.5, 3.0, 3.1, 4.0, 7.7])
@pytest.mark.parametrize("intercept", [-0.1234567, 0.0071451, 0.1])
def test_a_score_at_the_threshold_is_resistant(hiv1: Any, cutoff: float, intercept: float) -> None:
    # Figures are written with six digits; what has the score of the cutoff stays on its side.
    told = {"intercept": float(f"{intercept:.6g}"), "unit": float(f"{(math.log10(cutoff) - intercept) / 15:.6g}")}
    found = predicted(hiv1, "RT:K103N", table({"103N": 15, "181C": 20}, resistant_from=cutoff, **told))
    assert (found.score, found.call) == (15, "resistant")


def test_an_error_of_one_sign_leaves_the_prediction_inside(hiv1: Any) -> None:
    errors = tuple(LearnedError(below=below, low=0.1, high=0.2, samples=40) for below in (True, False))
    found = predicted(hiv1, "RT:none", table(errors=errors))
    assert found.low is not None and found.predicted is not None and found.low <= found.predicted


def test_unread_positions_widen_the_interval(hiv1: Any) -> None:
    read = predicted(hiv1, "RT:K103N")
    part = predicted(hiv1, genotype(hiv1, "RT:K103N", (1, 180), (182, 560)))
    # 181C would add 20 points, or 0.4.
    assert part.call == read.call == "resistant"
    assert part.low == read.low
    assert part.high == pytest.approx(10**1.6, rel=1e-3)


def test_what_would_lower_the_score_widens_it_downwards(hiv1: Any) -> None:
    read = predicted(hiv1, "RT:K103N")
    part = predicted(hiv1, genotype(hiv1, "RT:K103N", (1, 183), (185, 560)))
    assert part.high == read.high
    # 184V would take 5 points away; without 65R the pair takes none.
    assert part.low == pytest.approx(10**0.7, rel=1e-3)


def test_no_side_where_it_depends_on_what_was_not_read(hiv1: Any) -> None:
    part = predicted(hiv1, genotype(hiv1, "RT:Y181C", (1, 100), (110, 560)))
    assert (part.predicted, part.low, part.high, part.score, part.call) == (None,) * 5
    assert part.not_predicted == "it depends on what was not read: 103N"
    assert (part.agreement, part.behind) == ("not compared", ())
    assert prediction_words(part) == "not predicted: it depends on what was not read: 103N"


def test_nothing_is_predicted_of_a_gene_that_was_not_read(hiv1: Any) -> None:
    found = predicted(hiv1, hiv1.genotype("PR:L90M", sequenced=["PR"]))
    assert found.not_predicted == "nothing that its rows ask for was read"
    assert (found.call, found.agreement) == (None, "not compared")


def test_an_unread_position_without_a_row_changes_nothing(hiv1: Any) -> None:
    assert predicted(hiv1, genotype(hiv1, "RT:Y181C", (1, 300))) == predicted(hiv1, "RT:Y181C")


MUTATIONS = ("K65R", "K103N", "K103KN", "Y181C", "M184V", "G190A")
POSITIONS = (65, 103, 181, 184, 190)


@given(
    st.sets(st.sampled_from([name for name in MUTATIONS if name != "K103KN"])),
    st.booleans(),
    st.sets(st.sampled_from(POSITIONS)),
)
def test_knowing_less_never_sounds_better(hiv1: Any, mutations: set[str], mixed: bool, unread: set[int]) -> None:
    names = sorted(mutations - {"K103N"} | {"K103KN"} if mixed else mutations)
    whole = genotype(hiv1, f"RT:{', '.join(names)}" if names else "RT:none")
    ranges, first = [], 1
    for position in sorted(unread):
        ranges.append((first, position - 1))
        first = position + 1
    part = genotype(hiv1, f"RT:{', '.join(names)}" if names else "RT:none", *ranges, (first, 560))
    known, less = predicted(hiv1, whole), predicted(hiv1, part)
    assert less.call in (known.call, None)
    if less.call is not None:
        assert less.low is not None and known.low is not None and less.low <= known.low
        assert less.high is not None and known.high is not None and less.high >= known.high


def test_side_and_verdict_that_agree_are_said(hiv1: Any) -> None:
    found = predicted(hiv1, "RT:K103N")
    assert (found.verdict, found.agreement, found.behind) == ("resistant", "agrees", ())
    assert found.reason == "predicted resistant, verdict resistant"


def test_a_disagreement_names_what_carries_it(hiv1: Any) -> None:
    found = predicted(hiv1, "RT:Y181C, L100V")
    # The experts give 30 to 181C and 15 to 100V; the table 20, and nothing.
    assert (found.call, found.verdict_words, found.agreement) == ("sensitive", "Intermediate Resistance", "disagrees")
    assert [(part.when, part.learned, part.expert) for part in found.behind] == [("100V", 0, 15), ("181C", 20, 30)]
    assert comparison_words(found).endswith("carried by 100V (learned 0, expert 15), 181C (learned 20, expert 30)")


def test_what_both_score_alike_carries_no_disagreement(hiv1: Any) -> None:
    found = predicted(hiv1, "RT:Y181C, L100V", table(ROWS | {"100V": 15, "181C": 5}))
    assert found.agreement == "disagrees"
    assert [part.when for part in found.behind] == ["181C"]
    assert {part.when for part in found.parts} == {"100V", "181C"}


def test_a_disagreement_names_at_most_five_places(hiv1: Any) -> None:
    rows = {"41L": 6, "67N": 6, "70R": 6, "210W": 6, "215Y": 6, "219Q": 7}
    found = predicted(hiv1, "RT:M41L, D67N, K70R, L210W, T215Y, K219Q", table(rows))
    assert (found.call, found.agreement) == ("resistant", "disagrees")
    assert found.behind[0].when == "219Q"
    assert (len(found.behind), len(found.parts)) == (5, 6)


def test_a_prediction_says_what_it_rests_on(hiv1: Any) -> None:
    found = predicted(hiv1, "RT:none")
    assert (found.samples, found.patients, found.r2) == (160, 150, 0.9)
    assert prediction_words(found) == "fold change 1 (0.891 to 1.26), resistant from 3.16228"


def draft(folder: Path, *texts: str) -> Path:
    (folder / "learned").mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / "learned" / f"{number}.yaml").write_text(text, "utf-8")
    return folder


def faults(hiv1: Any, folder: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read_tables(PACK, hiv1, folder)
    return [str(fault) for fault in error.value.faults]


def test_tables_are_read_in_the_order_of_the_drugs(hiv1: Any, tmp_path: Path) -> None:
    names = [drug.name for drug in hiv1.rulebase.drugs if drug.name in ("EFV", "RPV", "NVP")]
    folder = draft(tmp_path / "draft", *(learned_text(table(drug=name)) for name in reversed(names)))
    assert [one.drug for one in read_tables(PACK, hiv1, folder)] == names


def test_a_table_is_read_as_it_was_written(hiv1: Any, tmp_path: Path) -> None:
    assert read_tables(PACK, hiv1, draft(tmp_path / "draft", learned_text(table()))) == (table(),)


def test_a_table_for_another_rule_set_is_refused(hiv1: Any, tmp_path: Path) -> None:
    (said,) = faults(hiv1, draft(tmp_path / "draft", learned_text(table(ruleset="hiv2", drug="XYZ"))))
    assert "0.yaml:2:10: the table of XYZ was learned beside hiv2, and the rule set is hiv1" in said
    assert "expected --ruleset hiv2" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("drug: EFV", "drug: EFW", "0.yaml:1:7: the rule set has no drug 'EFW'"),
        ("measure: fold change", "measure: fold", "0.yaml:3:10: unknown measure 'fold'"),
        (f"resistant_from: {CUTOFF}", "resistant_from: 0", "0.yaml:4:17: the cutoff 0 is zero or below"),
        (f"resistant_from: {CUTOFF}", "resistant_from: high", "0.yaml:4:17: "),
        ("floor: -0.05", "floor: 3", "0.yaml:7:8: the floor is above the ceiling"),
        ("unit: 0.02", "unit: 0", "0.yaml:6:7: "),
        ("unit: 0.02", "unit: .nan", "0.yaml:6:7: "),
        ("- below: true", "- below: false", "0.yaml:10:1: the errors are not those of predictions below the cutoff"),
        ("score: 50,", "score: 50.5,", "score"),
        ("when: 103N,", "when: 103 or so,", "0.yaml:"),
        ("when: 103N,", "when: not 103N,", "is none of residues at positions"),
        ("samples: 160", "sample: 160", "sample"),
        ("seed: 1", "seed: [", "0.yaml:"),
    ],
)
def test_a_damaged_table_names_the_line(hiv1: Any, tmp_path: Path, old: str, new: str, said: str) -> None:
    text = learned_text(table())
    assert text.count(old) == 1
    (told,) = faults(hiv1, draft(tmp_path / "draft", text.replace(old, new)))
    assert said in told
    assert told.startswith(f"{tmp_path / 'draft' / 'learned' / '0.yaml'}:")


def test_faults_of_all_tables_come_at_once(hiv1: Any, tmp_path: Path) -> None:
    texts = [
        learned_text(table()).replace("unit: 0.02", "unit: 0").replace("seed: 1", "seed: one"),
        learned_text(table({"103N": 5, "what": 5, "not 184V": 5}, drug="RPV")),
    ]
    told = faults(hiv1, draft(tmp_path / "draft", *texts))
    assert [line.split("learned/")[1][0] for line in told] == ["0", "0", "1", "1"]


def test_two_tables_of_one_drug_are_refused(hiv1: Any, tmp_path: Path) -> None:
    (said,) = faults(hiv1, draft(tmp_path / "draft", learned_text(table()), learned_text(table())))
    assert "1.yaml:1:7: another file holds a table of EFV too" in said


@pytest.mark.parametrize(("made", "said"), [(True, "holds no learned table"), (False, "is no folder")])
def test_a_folder_without_tables_is_refused(hiv1: Any, tmp_path: Path, made: bool, said: str) -> None:
    if made:
        draft(tmp_path / "draft")
    (told,) = faults(hiv1, tmp_path / "draft")
    assert f"draft: {said}" in told
    assert "expected a folder that resistab learn wrote" in told
