"""The cumulative genotype of a virus over its samples, and what it does to regimens."""

from __future__ import annotations

import dataclasses
import datetime
import random
from collections.abc import Sequence

import pytest

import resistab
from resistab.core.regimens import STATUSES
from resistab.domains.virus.genotype import EarlierTherapy, GeneCoverage, ViralGenotype
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.policy.history import cumulative, with_therapies
from resistab.domains.virus.regimens import options
from resistab.report.options.model import Options, RegimenInfo
from resistab.report.options.patient import EarlierSample, OptionsAsked

DAY = datetime.date(2024, 5, 1)
GENES = ("PR", "RT", "IN")
KNOWN = (
    "RT:K65R", "RT:M184V", "RT:M184I", "RT:K103N", "RT:T215Y", "RT:M41L", "RT:L74V", "RT:Y181C", "RT:E138K",
    "RT:D67N", "RT:K70E", "RT:L210W", "IN:Q148H", "IN:G140S", "IN:N155H", "IN:R263K", "IN:E138K", "PR:I50V",
    "PR:L90M", "PR:I84V", "PR:V82A", "PR:M46I",
)  # fmt: skip


@pytest.fixture(scope="module")
def hiv() -> ViralInterpreter:
    interpreter = resistab.load("hiv1")
    assert isinstance(interpreter, ViralInterpreter)
    return interpreter


def earlier(hiv: ViralInterpreter, *lists: str) -> tuple[EarlierSample, ...]:
    """Samples of these mutations, a day after each other."""
    return tuple(
        EarlierSample(hiv.genotype(text, f"s{number}"), DAY + datetime.timedelta(number))
        for number, text in enumerate(lists)
    )


def judged(
    hiv: ViralInterpreter, genotype: ViralGenotype, history: Sequence[EarlierSample] = (), seconds: float = 0
) -> Options:
    asked = OptionsAsked(history=tuple(history), seconds=seconds, barriers=seconds > 0)
    found = options(hiv, genotype, hiv.interpret(genotype), asked)
    assert found is not None
    return found


def of_drugs(found: Options, *drugs: str) -> RegimenInfo:
    return next(regimen for regimen in found.regimens if regimen.drugs == drugs)


# --- the genotype -----------------------------------------------------------------------------------------------------


def test_residues_are_united_by_position(hiv: ViralInterpreter) -> None:
    now = hiv.genotype("RT:M184I, RT:K103N", "now")

    found = cumulative(now, earlier(hiv, "RT:M184V, RT:K65R, RT:K103N"))

    assert [finding.text for finding in found.whole.findings] == ["RT K65KR", "RT K103N", "RT M184IV"]
    assert found.present.findings == now.findings
    assert [(item.finding, item.on) for item in found.archived] == [("RT K65R", DAY), ("RT M184V", DAY)]


def test_the_last_sample_with_a_mutation_gives_its_date(hiv: ViralInterpreter) -> None:
    found = cumulative(hiv.genotype("RT:K103N", "now"), earlier(hiv, "RT:M184V", "RT:M184V", "RT:K65R"))

    dates = {item.finding: (item.sample, item.on) for item in found.archived}
    assert dates == {"RT M184V": ("s1", DAY + datetime.timedelta(1)), "RT K65R": ("s2", DAY + datetime.timedelta(2))}


def test_a_share_of_the_reads_stays_with_its_residue(hiv: ViralInterpreter) -> None:
    (sample,) = earlier(hiv, "RT:M184MV")
    (finding,) = sample.genotype.findings
    counted = dataclasses.replace(sample.genotype, findings=(dataclasses.replace(finding, shares=(0.7, 0.3)),))

    found = cumulative(hiv.genotype("RT:K103N", "now"), [EarlierSample(counted, DAY)])

    assert [(item.finding, item.fraction) for item in found.archived] == [("RT M184V", 0.3)]


def test_what_no_sample_read_stays_unread(hiv: ViralInterpreter) -> None:
    def read(text: str, *ranges: tuple[int, int]) -> ViralGenotype:
        return dataclasses.replace(hiv.genotype(text, "s"), coverage=(GeneCoverage("RT", ranges),))

    now = read("RT:K103N", (90, 120))
    found = cumulative(now, [EarlierSample(read("RT:M184V", (150, 200), (201, 240)))])

    assert [item.ranges for item in found.whole.coverage] == [((90, 120), (150, 240))]
    # Where this sample was not read, the earlier one's residue stands alone.
    assert [finding.text for finding in found.whole.findings] == ["RT K103N", "RT M184V"]


def test_without_anything_archived_there_is_one_genotype(hiv: ViralInterpreter) -> None:
    now = hiv.genotype("RT:K103N", "now")
    found = cumulative(now, earlier(hiv, "RT:K103N"))

    assert found.whole is found.present
    assert (found.archived, found.notes) == ((), ())


def test_a_drug_that_failed_once_has_failed() -> None:
    said, others = (EarlierTherapy("EFV"),), [EarlierTherapy("EFV", failed=True), EarlierTherapy("3TC")]

    assert with_therapies(said, others) == (EarlierTherapy("EFV", failed=True), EarlierTherapy("3TC"))
    assert with_therapies(None, []) is None
    assert with_therapies((), []) == ()


# --- regimens ---------------------------------------------------------------------------------------------------------


def test_archived_resistance_counts_and_is_marked(hiv: ViralInterpreter) -> None:
    now = hiv.genotype("IN:L74M", "now", GENES)
    found = judged(hiv, now, earlier(hiv, "RT:M184V"))

    regimen = of_drugs(found, "DTG", "3TC")
    assert [item.finding for item in found.archived] == ["RT M184V"]
    assert found.archived[0].on == DAY
    (lamivudine,) = [item for item in regimen.activities if item.drug == "3TC"]
    assert (lamivudine.low, lamivudine.because) == (0.0, "with what is archived: M184MV")
    assert of_drugs(judged(hiv, now), "DTG", "3TC").gss.low == 2.0
    assert any("cumulative genotype" in note for note in found.notes)


def test_archived_mutations_favour_no_drug(hiv: ViralInterpreter) -> None:
    """M184V lowers the score of TDF; that it was there once is no reason to trust TDF against K65R."""
    now = hiv.genotype("RT:K65R", "now", GENES)
    activity = {
        history: next(
            item.low
            for regimen in judged(hiv, now, earlier(hiv, *history)).regimens
            for item in regimen.activities
            if item.drug == "TDF"
        )
        for history in ((), ("RT:M184V",))
    }
    assert activity["RT:M184V",] <= activity[()]


def test_reading_more_before_lets_more_be_said(hiv: ViralInterpreter) -> None:
    now = hiv.genotype("RT:K103N", "now")
    (sample,) = earlier(hiv, "IN:L74M")

    alone, whole = judged(hiv, now), judged(hiv, now, [sample])

    assert (of_drugs(alone, "DTG", "3TC").gss.low, of_drugs(whole, "DTG", "3TC").gss.low) == (1.0, 2.0)


@pytest.mark.parametrize("seed", range(12))
def test_an_archived_mutation_never_raises_score_or_status(hiv: ViralInterpreter, seed: int) -> None:
    """Score, independent targets and barrier fall or stay with each mutation that is added to the history."""
    luck = random.Random(seed)
    mutations = luck.sample(KNOWN, 8)
    # Of each position one residue at a time.
    now = hiv.genotype(", ".join(_one_a_position(mutations[:3])) or "RT:K103N", "now", GENES)
    seconds = 10 if seed == 0 else 0
    before = judged(hiv, now, seconds=seconds)
    history: list[str] = []
    for mutation in mutations[3:]:
        history.append(mutation)
        after = judged(hiv, now, earlier(hiv, *history), seconds)
        _no_better(before, after)
        before = after


def _one_a_position(mutations: Sequence[str]) -> list[str]:
    return list({text[:-1]: text for text in mutations}.values())


def _no_better(before: Options, after: Options) -> None:
    known = {regimen.id: regimen for regimen in before.regimens}
    assert {regimen.id for regimen in after.regimens} <= known.keys()
    for regimen in after.regimens:
        was = known[regimen.id]
        assert regimen.gss.low <= was.gss.low and regimen.gss.high <= was.gss.high
        assert regimen.independent_targets <= was.independent_targets
        if "not_assessable" not in (regimen.status, was.status):
            assert STATUSES.index(regimen.status) >= STATUSES.index(was.status)
        # Where the time was over a barrier is known only in part.
        if regimen.genetic_barrier is not None and was.genetic_barrier is not None and was.genetic_barrier.exact:
            assert regimen.genetic_barrier.value <= was.genetic_barrier.value
