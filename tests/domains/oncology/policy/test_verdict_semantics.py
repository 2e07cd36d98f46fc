"""What is said of a drug, on rule sets of a few rows made for each question.

All are for gefitinib in NSCLC; a row's number is its score: 60 is level 5, 30 level 4, 15 level 3, 10 level 2.
"""

from __future__ import annotations

import itertools
import json

import pytest

from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from tests.domains.oncology.policy.made import EVIDENCE, Made, marker, row, rule

# --- levels and their verdicts ---


@pytest.mark.parametrize(
    ("score", "level", "verdict"),
    [(60, 5, "resistant"), (30, 4, "resistant"), (15, 3, "possible_resistance"), (10, 2, "possible_resistance")],
)
def test_the_heaviest_row_gives_level_and_verdict(small: Rulebase, score: int, level: int, verdict: str) -> None:
    said = Made(small, [row("EGFR T790M", score), row("MET amplification", 10)])("EGFR T790M", "MET amplification")
    assert (said.verdict, said.level, said.score) == (verdict, level, score)


def test_a_response_marker_without_resistance_is_sensitive(small: Rulebase) -> None:
    said = Made(small, [marker("EGFR L858R"), row("EGFR T790M")])("EGFR L858R")
    assert (said.verdict, said.level, said.marker.tier) == ("sensitive", 1, "Tier I-B")


def test_neither_marker_nor_resistance_is_no_resistance_found(small: Rulebase) -> None:
    said = Made(small, [marker("EGFR L858R"), row("EGFR T790M")])(assayed=("EGFR",))
    assert (said.verdict, said.level, said.score) == ("no_resistance_found", 1, 0)


def test_resistance_beats_a_marker_and_the_conflict_is_shown(small: Rulebase) -> None:
    rules = Made(small, [marker("EGFR mutation"), row("EGFR T790M")])
    said = rules("EGFR T790M")
    assert said.verdict == "resistant"
    assert said.conflicts == ("EGFR T790M: resistance by TST-002, response marker by TST-001; the resistance decides",)


def test_a_reduced_response_alone_is_never_resistant(small: Rulebase) -> None:
    said = Made(small, [row("EGFR T790M", 60, "reduced response")])("EGFR T790M")
    assert (said.verdict, said.level, said.score) == ("possible_resistance", 3, 25)


def test_two_reduced_responses_are_no_resistance_under_max(small: Rulebase) -> None:
    rows = [row("EGFR T790M", 60, "reduced response"), row("MET amplification", 60, "reduced response")]
    assert Made(small, rows)("EGFR T790M", "MET amplification").level == 3


def test_contrary_evidence_takes_a_level_and_is_shown(small: Rulebase) -> None:
    against = [EVIDENCE | {"level": "B"}, EVIDENCE | {"level": "B", "direction": "against"}]
    said = Made(small, [row("EGFR T790M", evidence=against)])("EGFR T790M")
    assert (said.level, said.score) == (4, 30)
    assert said.conflicts == ("TST-001 (EGFR T790M, resistance): 1 evidence item for it, 1 against",)


def test_an_outweighed_marker_makes_nothing_sensitive(small: Rulebase) -> None:
    disputed = [EVIDENCE | {"level": "C"}, EVIDENCE | {"level": "B", "direction": "against"}]
    said = Made(small, [marker("EGFR L858R", evidence=disputed), row("EGFR T790M")])("EGFR L858R")
    assert (said.verdict, said.marker.tier) == ("no_resistance_found", None)
    assert said.rows == ("TST-001",)


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_row_that_is_not_active_never_fires(small: Rulebase, status: str) -> None:
    dates = {"status": status} | ({"retired": "2026-11-21"} if status == "retired" else {})
    said = Made(small, [row("EGFR T790M", **dates), row("MET amplification")])("EGFR T790M", assayed=("MET",))
    assert (said.verdict, said.rows) == ("no_resistance_found", ())


# --- combining ---


def test_max_takes_the_largest_and_sum_adds(small: Rulebase) -> None:
    rows = [row("EGFR T790M", 15), row("MET amplification", 10), row("KRAS G12D", 10)]
    findings = ("EGFR T790M", "MET amplification", "KRAS G12D")
    assert Made(small, rows)(*findings).score == 15
    summed = Made(small, rows, combine="sum")(*findings)
    assert (summed.score, summed.level, summed.verdict) == (35, 4, "resistant")


def test_of_a_group_only_the_largest_counts(small: Rulebase) -> None:
    rows = [row("EGFR T790M", 15, group="g"), row("KRAS G12D", 10, group="g"), row("MET amplification", 10)]
    said = Made(small, rows, combine="sum")("EGFR T790M", "MET amplification", "KRAS G12D")
    assert said.score == 25
    assert said.rows == ("TST-001", "TST-002", "TST-003")


def test_increased_susceptibility_takes_from_a_sum(small: Rulebase) -> None:
    rows = [row("EGFR T790M", 30), row("MET amplification", 15, "increased susceptibility")]
    said = Made(small, rows, combine="sum")("EGFR T790M", "MET amplification")
    assert (said.score, said.level) == (15, 3)
    alone = Made(small, rows, combine="sum")("MET amplification", assayed=("EGFR",))
    assert (alone.score, alone.level, alone.verdict) == (-15, 1, "no_resistance_found")


# --- essential loci ---


def test_an_unassayed_essential_locus_blocks_the_verdict(small: Rulebase) -> None:
    rules = Made(small, [row("KRAS G12D", 15)], essential=["KRAS mutation in 12, 13", "NRAS mutation"])
    said = rules(assayed=("KRAS",))
    assert (said.verdict, said.level, said.level_name) == ("not_assessable", None, None)
    assert said.not_assessable == ("NRAS mutation not tested",)
    assert said.reason == "NRAS mutation not tested"
    assert rules("EGFR T790M").not_assessable == ("KRAS mutation in 12, 13 not tested", "NRAS mutation not tested")


def test_possible_resistance_too_needs_the_essential_loci(small: Rulebase) -> None:
    rules = Made(small, [row("EGFR T790M", 15)], essential=["NRAS mutation"])
    assert rules("EGFR T790M").verdict == "not_assessable"
    assert rules("EGFR T790M", assayed=("NRAS",)).verdict == "possible_resistance"


def test_resistant_may_be_said_without_the_essential_loci(small: Rulebase) -> None:
    rules = Made(small, [row("EGFR T790M", 30)], essential=["NRAS mutation"])
    said = rules("EGFR T790M")
    assert (said.verdict, said.level, said.not_assessable) == ("resistant", 4, ("NRAS mutation not tested",))


def test_a_finding_in_an_essential_gene_is_its_assay(small: Rulebase) -> None:
    rules = Made(small, [row("KRAS Q61H", 15)], essential=["KRAS mutation in 12, 61"])
    assert rules("KRAS G13D").verdict == "no_resistance_found"
    said = rules("KRAS G13D", assayed=("KRAS mutation in 12, 13",))
    assert said.not_assessable == ("KRAS mutation in 12, 61 not tested",)


def test_wild_type_of_a_partial_assay_covers_that_part_only(small: Rulebase) -> None:
    rules = Made(small, [row("KRAS Q61H", 15)], essential=["KRAS mutation in 12, 61"])
    assert rules("KRAS wild type").verdict == "no_resistance_found"
    report = rules.report("KRAS wild type", assayed=("KRAS mutation in 12, 13",))
    assert report.verdicts[0].verdict == "not_assessable"
    assert report.notes == ("'KRAS wild type' was taken to hold where KRAS was said to be assayed",)


def test_rows_over_other_loci_are_counted_and_named(small: Rulebase) -> None:
    rows = [row("KRAS G12D", 15), row("MET amplification"), row("NRAS activating mutation and MAP2K1 C121S")]
    said = Made(small, rows, essential=["KRAS mutation"])(assayed=("KRAS",))
    assert said.verdict == "no_resistance_found"
    assert said.undecided.rows == ("TST-002", "TST-003")
    assert said.undecided.loci == ("MAP2K1 mutation", "MET copy number", "NRAS mutation")


def test_no_resistance_is_not_found_where_nothing_was_looked_for(small: Rulebase) -> None:
    said = Made(small, [row("MET amplification")], relevant=False)("EGFR L858R")
    assert said.verdict == "not_assessable"
    assert said.reason == "none of its resistance markers was tested: MET copy number"


def test_no_resistance_is_not_found_where_no_rule_looks_for_any(small: Rulebase) -> None:
    made = Made(small, [row("NRAS Q61K", tumour_types=["MEL"])], relevant=False)
    verdict = made("NRAS Q61K", assayed=("EGFR", "MET"))
    assert verdict.verdict == "not_assessable"
    assert verdict.reason == "no resistance markers curated in Lung Adenocarcinoma"


def test_a_table_without_a_word_on_the_tumour_says_so(small: Rulebase) -> None:
    said = Made(small, [row("EGFR T790M")])("EGFR T790M", tumour="MEL")
    assert (said.verdict, said.relevant) == ("not_assessable", False)
    assert said.reason == "the table makes no statement for Melanoma"


# --- the required marker ---

REQUIRED = {"requires": "EGFR exon 19 deletion or EGFR L858R", "essential": ["EGFR mutation"]}


def test_a_required_marker_absent_means_not_indicated(small: Rulebase) -> None:
    said = Made(small, [row("MET amplification")], **REQUIRED)(assayed=("EGFR", "MET"))
    assert (said.verdict, said.level, said.marker.status) == ("not_indicated", None, "required and absent")
    assert said.reason == "required marker tested and absent: EGFR exon 19 deletion or EGFR L858R"


def test_a_required_marker_that_was_not_assayed_is_undecided(small: Rulebase) -> None:
    said = Made(small, [row("MET amplification")], **REQUIRED)(assayed=("MET",))
    assert (said.verdict, said.marker.status) == ("not_assessable", "undecided")


def test_a_required_marker_left_open_is_undecided(small: Rulebase) -> None:
    """A mere "EGFR mutation" may or may not be the L858R that is required; assayed it was."""
    said = Made(small, [row("MET amplification", 15)], **REQUIRED)("EGFR mutation", assayed=("MET",))
    assert (said.verdict, said.marker.status) == ("not_assessable", "undecided")
    assert said.reason == ("whether the required marker is present is not decided: EGFR exon 19 deletion or EGFR L858R")


def test_a_required_marker_that_is_there_lets_resistance_decide(small: Rulebase) -> None:
    rules = Made(small, [row("MET amplification", 15), marker("EGFR L858R")], **REQUIRED)
    assert rules("EGFR L858R").marker.status == "present"
    assert rules("EGFR L858R", assayed=("MET",)).verdict == "sensitive"
    assert rules("EGFR L858R", "MET amplification").verdict == "possible_resistance"


def test_an_absent_marker_beats_resistance_by_another_route(small: Rulebase) -> None:
    said = Made(small, [row("MET amplification")], **REQUIRED)("MET amplification", assayed=("EGFR",))
    assert (said.verdict, said.level, said.score) == ("not_indicated", None, 60)


def test_resistance_by_an_altered_target_beats_an_absent_marker(small: Rulebase) -> None:
    gatekeeper = row("EGFR T790M", mechanism="target alteration: gatekeeper")
    assert Made(small, [gatekeeper], **REQUIRED)("EGFR T790M").verdict == "resistant"


def test_a_target_that_only_reduces_the_response_does_not(small: Rulebase) -> None:
    weak = row("EGFR T790M", 15, mechanism="target alteration: gatekeeper")
    assert Made(small, [weak, row("MET amplification")], **REQUIRED)("EGFR T790M", "MET amplification").verdict == (
        "not_indicated"
    )


def test_a_finding_known_in_part_is_never_no_resistance_found(small: Rulebase) -> None:
    said = Made(small, [row("KRAS G12D"), row("KRAS G13D", 10)], essential=["KRAS mutation"])("KRAS mutation")
    assert said.verdict == "not_assessable"
    assert said.reason == "'KRAS mutation' is known only in part and may be what is asked for by TST-001, TST-002"


# --- tumour types ---


def test_a_row_holds_for_a_type_and_its_descendants_alone(small: Rulebase) -> None:
    rules = Made(small, [row("EGFR T790M")], indications=ANYWHERE)
    assert rules("EGFR T790M", tumour="LUAD").level == 5
    assert rules("EGFR T790M", tumour="NSCLC").level == 5
    assert rules("EGFR T790M", tumour="SCLC").rows == ()
    assert rules("EGFR T790M", tumour="MEL").rows == ()


ANYWHERE = [
    {"tumour_types": ["LUNG"], "relevant": True, "requires": "nothing", "essential_loci": []},
    {"tumour_types": ["TISSUE"], "relevant": False, "requires": "nothing", "essential_loci": []},
]


def test_an_extrapolation_is_marked_and_one_level_lower(small: Rulebase) -> None:
    rules = Made(small, [row("EGFR T790M", extrapolated_to=["TISSUE"])], indications=ANYWHERE)
    here, elsewhere = rules("EGFR T790M", tumour="LUAD"), rules("EGFR T790M", tumour="MEL")
    assert (here.level, here.contributions[0].extrapolated) == (5, False)
    assert (elsewhere.level, elsewhere.contributions[0].extrapolated) == (4, True)
    assert elsewhere.rows == ("TST-001",)


def test_a_marker_used_outside_its_tumour_types_loses_a_tier(small: Rulebase) -> None:
    rules = Made(small, [marker("BRAF V600E", extrapolated_to=["TISSUE"]), row("KRAS G12D")], indications=ANYWHERE)
    assert rules("BRAF V600E", tumour="LUAD").marker.tier == "Tier I-B"
    assert rules("BRAF V600E", tumour="MEL").marker.tier == "Tier II-C"


def test_in_a_more_general_tumour_type_a_row_is_undecided(small: Rulebase) -> None:
    rules = Made(small, [row("EGFR T790M", tumour_types=["LUAD"])], indications=ANYWHERE)
    said = rules("EGFR T790M", tumour="NSCLC")
    assert said.rows == ()
    assert said.undecided.rows == ("TST-001",)
    assert said.verdict == "not_assessable"


def test_the_most_specific_indication_holds(small: Rulebase) -> None:
    indications = [
        {"tumour_types": ["LUNG"], "relevant": False, "requires": "nothing", "essential_loci": []},
        {"tumour_types": ["NSCLC"], "relevant": True, "requires": "nothing", "essential_loci": ["MET copy number"]},
    ]
    rules = Made(small, [row("EGFR T790M")], indications=indications)
    assert rules("EGFR L858R", tumour="LUAD").reason == "MET copy number not tested"
    assert (
        rules("EGFR L858R", assayed=("MET",), tumour="SCLC").reason
        == "no resistance markers curated in Small Cell Lung Cancer"
    )


# --- chains, phase, fractions, therapies ---


def test_a_chain_counts_no_more_than_its_weakest_link(small: Rulebase) -> None:
    rules = [rule("NRAS Q61K", "ras", 15), rule("conclusion ras", "pathway"), rule("MAP2K1 C121S", "pathway", 30)]
    made = Made(small, [row("conclusion pathway")], rules)
    assert made("NRAS Q61K").score == 15
    assert made("MAP2K1 C121S").score == 30
    assert made("NRAS Q61K", "MAP2K1 C121S").score == 30
    reached = made("NRAS Q61K").contributions[0]
    assert reached.score_reasons == (
        "best evidence is level B: 60",
        "reached through a conclusion whose evidence is worth level D: 15",
    )
    assert reached.findings == ("NRAS Q61K",)


def test_a_chain_does_not_make_a_weak_row_strong(small: Rulebase) -> None:
    assert Made(small, [row("conclusion ras", 10)], [rule("NRAS Q61K", "ras", 60)])("NRAS Q61K").score == 10


def test_the_derivation_shows_each_step_down_to_the_finding(small: Rulebase) -> None:
    made = Made(small, [row("conclusion pathway")], [rule("NRAS Q61K", "ras", 15), rule("conclusion ras", "pathway")])
    top = made("NRAS Q61K").contributions[0].derivation
    assert (top.text, top.truth) == ("conclusion pathway (pathway)", "true")
    second = top.rules[0]
    assert (second.rule, second.weight) == ("MEC-002", None)
    first = second.condition.rules[0]
    assert (first.rule, first.weight, first.condition.findings) == ("MEC-001", 15, ("NRAS Q61K",))


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        (["EGFR C797S in cis with EGFR T790M"], "resistant"),
        (["EGFR C797S in trans with EGFR T790M"], "no_resistance_found"),
        (["EGFR C797S", "EGFR T790M"], "not_assessable"),
        (["EGFR C797S"], "no_resistance_found"),
    ],
)
def test_phase(small: Rulebase, findings: list[str], verdict: str) -> None:
    rules = Made(small, [row("EGFR C797S in cis with EGFR T790M"), row("EGFR L718Q")], essential=["EGFR mutation"])
    said = rules(*findings)
    if verdict == "not_assessable":
        assert said.undecided.rows == ("TST-001",)
        assert said.undecided.loci == ("EGFR phase",)
    else:
        assert said.verdict == verdict


@pytest.mark.parametrize(
    ("given", "rows"), [("EGFR T790M at 5%", ("TST-001",)), ("EGFR T790M at 4%", ()), ("EGFR T790M", ())]
)
def test_a_bound_on_the_allele_fraction(small: Rulebase, given: str, rows: tuple[str, ...]) -> None:
    made = Made(small, [row("EGFR T790M with allele fraction of at least 5%")])
    assert made(given).rows == rows
    assert bool(made(given).undecided.rows) == (given == "EGFR T790M")


def test_prior_therapies_unknown_are_not_none(small: Rulebase) -> None:
    made = Made(small, [row("EGFR T790M and prior treatment with osimertinib")])
    assert made("EGFR T790M", prior_therapies=["osimertinib"]).verdict == "resistant"
    assert made("EGFR T790M", prior_therapies=[]).undecided.rows == ()
    assert made("EGFR T790M").undecided.rows == ("TST-001",)
    assert made("EGFR T790M").undecided.loci == ("prior therapies",)


# --- order ---


def test_the_order_of_findings_and_assays_changes_no_byte(oncology: TumourInterpreter) -> None:
    findings = ["EGFR T790M at 3%", "EGFR L858R", "HGFR amplification", "KRAS wild type", "EGFR T790M at 4%"]
    assayed = ["NRAS", "BRAF", "ALK fusion"]
    # Every fifth of the 120: each finding comes in each place.
    orders = itertools.islice(itertools.permutations(findings), 0, None, 5)
    reports = {
        oncology.interpret(oncology.genotype(tumour="LUAD", findings=order, assayed=loci, keep_going=True)).to_json()
        for order, loci in zip(orders, itertools.cycle(itertools.permutations(assayed)))
    }
    assert len(reports) == 1
    assert json.loads(reports.pop())["findings"][0]["allele_fraction"] == 0.04


def test_the_order_of_rows_and_rules_changes_no_verdict(small: Rulebase) -> None:
    rows = [row("EGFR T790M", 15, id="TST-101"), row("MET amplification", 30, id="TST-102"),
            marker("EGFR L858R", id="TST-103"), row("conclusion ras", 60, id="TST-104")]  # fmt: skip
    rules = [rule("KRAS G12D", "ras", 15, id="MEC-101"), rule("NRAS Q61K", "ras", 30, id="MEC-102")]
    findings = ("EGFR T790M", "EGFR L858R", "KRAS G12D", "NRAS Q61K", "MET amplification")
    said = {Made(small, list(order), rules)(*findings).model_dump_json() for order in itertools.permutations(rows)}
    said.add(Made(small, rows, rules[::-1])(*findings).model_dump_json())
    assert len(said) == 1


def test_a_report_on_ctdna_says_what_may_be_there_unseen(oncology: TumourInterpreter) -> None:
    genotype = oncology.genotype(tumour="BRCA", assayed=["ERBB2"])
    tissue, plasma = (genotype.model_copy(update={"specimen": specimen}) for specimen in ("tissue", "ctDNA"))

    assert "circulating tumour DNA" in oncology.interpret(plasma).cautions[0]
    assert oncology.interpret(tissue).cautions == ()


def test_an_extrapolated_row_is_open_where_unassayed(
    oncology: TumourInterpreter,
) -> None:
    genotype = oncology.genotype(tumour="OVARY", assayed=["TUBB3 expression", "SYK activity", "SYK expression"])
    (paclitaxel,) = [v for v in oncology.interpret(genotype).verdicts if v.drug == "paclitaxel"]

    by_extrapolation = {row.id for _, row in oncology.rulebase.active_rows() if "TISSUE" in row.extrapolated_to}
    assert by_extrapolation & set(paclitaxel.undecided.rows)
    assert "ABCB1 expression" in paclitaxel.undecided.loci


def test_a_finding_known_in_part_may_be_an_extrapolated_row(oncology: TumourInterpreter) -> None:
    genotype = oncology.genotype(tumour="MPALBCRABL1", findings=["BCR::ABL1", "ABL1 mutation"])
    (imatinib,) = [v for v in oncology.interpret(genotype).verdicts if v.drug == "imatinib"]

    assert imatinib.verdict == "not_assessable"
    assert "ABL1 mutation" in imatinib.reason
