"""The cumulative genotype of a tumour over its samples, and what it does to regimens."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from typing import Any

import pytest

from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.policy.history import cumulative, therapies_of, with_therapies
from resistab.domains.oncology.policy.series import TumourSeries
from resistab.domains.oncology.regimens import after, options
from resistab.report.options.history import Cumulative
from resistab.report.options.model import Options
from resistab.report.options.patient import EarlierSample, OptionsAsked
from resistab.report.timeline.building import Followed
from resistab.report.timeline.model import Therapy

DAY = datetime.date(2024, 5, 1)
ASSAYED = ["EGFR, KRAS, BRAF, MET, ERBB2, TP53, BRCA1, BRCA2"]


def tumour(oncology: TumourInterpreter, *findings: str, **more: Any) -> Genotype:
    return oncology.genotype("LUAD", findings, more.pop("assayed", ASSAYED), **more)


def earlier(oncology: TumourInterpreter, *samples: Sequence[str]) -> list[EarlierSample]:
    """Samples with these findings, a day after each other."""
    return [
        EarlierSample(tumour(oncology, *findings, sample=f"s{number}"), DAY + datetime.timedelta(number))
        for number, findings in enumerate(samples)
    ]


def known(oncology: TumourInterpreter, now: Genotype, *samples: Sequence[str]) -> Cumulative:
    return cumulative(now, earlier(oncology, *samples), oncology.rulebase)


def texts(genotype: Genotype) -> list[str]:
    return [finding.text for finding in genotype.findings]


# --- the genotype -----------------------------------------------------------------------------------------------------


def test_a_change_that_is_no_longer_found_is_archived(oncology: TumourInterpreter) -> None:
    found = known(oncology, tumour(oncology, "EGFR L858R at 20%"), ["EGFR L858R at 35%", "EGFR T790M at 9%"])

    assert [(item.finding, item.on, item.fraction) for item in found.archived] == [("EGFR T790M", DAY, 0.09)]
    assert texts(found.whole) == ["EGFR L858R", "EGFR T790M"]
    assert texts(found.present) == ["EGFR L858R"]
    # A share of another sample says nothing beside those of this one.
    assert [finding.allele_fraction for finding in found.whole.findings] == [0.2, None]


@pytest.mark.parametrize(
    ("now", "before", "archived"),
    [
        (["MSI stable"], ["MSI high"], []),
        ([], ["MSI stable"], []),
        ([], ["KRAS wild type"], []),
        ([], ["MET amplification 9 copies"], ["MET amplification"]),
        (["MET 2 copies"], ["MET amplification"], ["MET amplification"]),
        (["MET amplification 7 copies"], ["MET amplification 9 copies"], []),
        (["EGFR E746_A750del"], ["EGFR exon 19 deletion"], []),
        (["EGFR L858R"], ["EGFR exon 19 deletion"], ["EGFR exon 19 deletion"]),
        (["EML4::ALK"], ["ALK fusion"], []),
        (["EGFR c.2369C>T (p.T790M)"], ["EGFR T790M"], []),
    ],
)
def test_what_is_archived(oncology: TumourInterpreter, now: list[str], before: list[str], archived: list[str]) -> None:
    genotypes = [tumour(oncology, *findings, assayed=["EGFR"], sample="s") for findings in (now, before)]
    found = cumulative(genotypes[0], [EarlierSample(genotypes[1], DAY)], oncology.rulebase)

    assert [item.finding for item in found.archived] == archived
    assert set(archived) <= {text.partition(" 9")[0] for text in texts(found.whole)}


def test_the_latest_state_of_earlier_samples_holds(oncology: TumourInterpreter) -> None:
    assert known(oncology, tumour(oncology), ["MSI high"], ["MSI stable"]).archived == ()
    (archived,) = known(oncology, tumour(oncology), ["MSI stable"], ["MSI high"]).archived
    assert archived.finding == "MSI high"


def test_an_amplification_stands_in_place_of_normal_copies(oncology: TumourInterpreter) -> None:
    found = known(oncology, tumour(oncology, "MET 2 copies"), ["MET amplification"])

    assert texts(found.whole) == ["MET amplification"]
    assert len(texts(found.present)) == 1


def test_a_germline_variant_stays(oncology: TumourInterpreter) -> None:
    found = known(oncology, tumour(oncology), ["BRCA2 K3326* (germline)", "EGFR T790M"])

    assert [(item.finding.split()[0], item.standing) for item in found.archived] == [("BRCA2", True), ("EGFR", False)]
    assert [text.split()[0] for text in texts(found.present)] == ["BRCA2"]


def test_earlier_therapies_are_those_of_all_samples(oncology: TumourInterpreter) -> None:
    before = EarlierSample(tumour(oncology, prior_therapies=["gefitinib (progression)"], sample="s"), DAY)
    untreated = EarlierSample(tumour(oncology, prior_therapies=[], sample="t"), DAY)

    silent = cumulative(tumour(oncology), [untreated, before], oncology.rulebase).present
    said = cumulative(tumour(oncology, prior_therapies=["gefitinib"]), [before], oncology.rulebase).present

    for genotype in (silent, said):
        (therapy,) = genotype.prior_therapies or ()
        assert (therapy.drug, therapy.outcome) == ("gefitinib", "progression")
    # That nothing had been given before a sample says nothing of what came after it.
    assert cumulative(tumour(oncology), [untreated], oncology.rulebase).present.prior_therapies is None
    assert with_therapies((), []) == ()


def test_a_table_of_therapies_says_how_they_ended(oncology: TumourInterpreter) -> None:
    therapies = [
        Therapy(drug="erlotinib + bevacizumab", start=DAY, end=None, outcome="progression"),
        Therapy(drug="a trial drug", start=DAY, end=None),
    ]

    found = therapies_of(therapies, oncology.rulebase)
    assert [(item.drug, item.outcome) for item in found] == [
        ("erlotinib", "progression"), ("bevacizumab", "progression"),
    ]  # fmt: skip
    genotype = after(tumour(oncology, prior_therapies=["carboplatin"]), therapies, oncology.rulebase)
    assert [item.drug for item in genotype.prior_therapies or ()] == ["carboplatin", "erlotinib", "bevacizumab"]


@pytest.mark.parametrize(
    ("change", "finding", "same"),
    [
        ("EGFR T790M", "EGFR T790M", True),
        ("EGFR C797S in cis with EGFR T790M", "EGFR C797S", True),
        ("EGFR exon 20 insertion", "EGFR D770_N771insSVD", True),
        ("EGFR exon 20 insertion", "EGFR T790M", False),
        ("MET amplification", "MET amplification 9 copies", True),
        ("KRAS G12C", "KRAS G12D", False),
        ("what nobody reads", "KRAS G12D", False),
    ],
)
def test_a_finding_is_what_was_watched_for(oncology: TumourInterpreter, change: str, finding: str, same: bool) -> None:
    from resistab.domains.oncology.policy.series import identity

    (found,) = tumour(oncology, finding).findings
    followed = Followed(identity(found, oncology.rulebase), finding, True, found)

    assert TumourSeries(oncology.rulebase, []).is_watched(change, followed) is same


# --- regimens ---------------------------------------------------------------------------------------------------------


def judged(
    oncology: TumourInterpreter, genotype: Genotype, history: Sequence[EarlierSample] = (), seconds: float = 0
) -> Options:
    asked = OptionsAsked(history=tuple(history), seconds=seconds, barriers=seconds > 0)
    found = options(oncology, genotype, oncology.interpret(genotype), asked)
    assert found is not None
    return found


def activities(found: Options, drug: str) -> set[tuple[float, str]]:
    return {(item.high, item.because) for one in found.regimens for item in one.activities if item.drug == drug}


def test_archived_resistance_counts_and_is_marked(oncology: TumourInterpreter) -> None:
    now = tumour(oncology, "EGFR L858R")
    history = earlier(oncology, ["EGFR L858R", "EGFR T790M"])

    found = judged(oncology, now, history)

    assert max(high for high, _ in activities(judged(oncology, now), "gefitinib")) == 1
    assert all(high == 0 and "with what is archived: EGFR T790M" in why for high, why in activities(found, "gefitinib"))
    assert max(high for high, _ in activities(found, "osimertinib")) == 1
    assert any("cumulative genotype" in note for note in found.notes)


def test_an_archived_marker_makes_no_regimen_fit(oncology: TumourInterpreter) -> None:
    now = tumour(oncology, assayed=["KRAS"])
    found = judged(oncology, now, earlier(oncology, ["EGFR L858R"]))

    whys = [text for one in found.regimens if "osimertinib" in one.drugs for text in one.why]
    assert any(text.startswith("not known in this sample: ") for text in whys)
    assert all(one.status != "recommended" for one in found.regimens if "osimertinib" in one.drugs)


def test_a_drug_of_progression_is_not_active_again(oncology: TumourInterpreter) -> None:
    findings = ("EGFR L858R",)
    failed = tumour(oncology, *findings, prior_therapies=["osimertinib (progression)"])
    had = tumour(oncology, *findings, prior_therapies=["osimertinib (completed)"])

    assert activities(judged(oncology, failed), "osimertinib") == {(0, "the disease progressed on it")}
    assert max(high for high, _ in activities(judged(oncology, had), "osimertinib")) == 1


POOL = (
    "EGFR L858R", "EGFR T790M", "EGFR C797S", "MET amplification", "KRAS G12C", "BRAF V600E", "ERBB2 amplification",
    "EML4::ALK", "ALK G1202R", "TP53 R175H", "RET fusion", "PIK3CA E545K", "NRAS Q61K", "MET exon 14 deletion",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_history_never_raises_score_barrier_or_rank(oncology: TumourInterpreter, seed: int) -> None:
    luck = random.Random(seed)
    findings = luck.sample(POOL, 6)
    now = oncology.genotype(luck.choice(["LUAD", "MEL", "COAD"]), findings[:2], ASSAYED)
    past = oncology.genotype(now.tumour_type, findings[2:], ASSAYED, sample="past")
    seconds = 10 if seed == 0 else 0

    before = judged(oncology, now, seconds=seconds)
    after_it = judged(oncology, now, [EarlierSample(past, DAY)], seconds)

    was = {regimen.id: regimen for regimen in before.regimens}
    assert {regimen.id for regimen in after_it.regimens} <= was.keys()
    for regimen in after_it.regimens:
        one = was[regimen.id]
        assert regimen.gss.low <= one.gss.low and regimen.gss.high <= one.gss.high
        assert regimen.independent_targets <= one.independent_targets
        assert len(regimen.broken_rules) >= len(one.broken_rules)
        # Where the time was over a barrier is known only in part.
        if regimen.genetic_barrier is not None and one.genetic_barrier is not None and one.genetic_barrier.exact:
            assert regimen.genetic_barrier.value <= one.genetic_barrier.value
