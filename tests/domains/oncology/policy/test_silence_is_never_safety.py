"""Where no rule speaks of a finding, that is no reason for confidence in a drug: the policy, rule by rule."""

from __future__ import annotations

from typing import Any

import pytest

from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import BenignVariant, DrugBinding, Rulebase
from tests.domains.oncology.policy.made import Made, marker, row

TARGET: dict[str, Any] = {"mechanism": "target alteration: other"}


@pytest.fixture
def bound(small: Rulebase) -> Rulebase:
    """The small rule set, with the place where drugs bind EGFR, and a benign variant there."""
    kinase = DrugBinding(residues="712-979", basis="the kinase domain")
    genes = tuple(
        gene.model_copy(update={"drug_binding": (kinase,)}) if gene.symbol == "EGFR" else gene for gene in small.genes
    )
    benign = BenignVariant.model_validate({"variant": "EGFR A955V", "references": ["PMID:15728811"], "basis": "…"})
    return small.model_copy(update={"genes": genes, "benign_variants": (benign,)})


@pytest.fixture
def of_loss(small: Rulebase, oncology: TumourInterpreter) -> Rulebase:
    """The small rule set with two genes whose loss matters."""
    genes = tuple(gene for gene in oncology.rulebase.genes if gene.symbol in ("BRCA1", "B2M"))
    sequences = {name: oncology.rulebase.sequences.get(name, "") for name in ("BRCA1",)}
    update = {"genes": (*small.genes, *genes), "sequences": small.sequences | sequences}
    return small.model_copy(update=update)


# --- an unexplained change in the target ---


def test_a_change_where_the_drug_binds_is_not_sensitive(bound: Rulebase) -> None:
    said = Made(bound, [marker("EGFR L858R"), row("EGFR T790M", **TARGET)])("EGFR L858R", "EGFR V843I")
    assert (said.verdict, said.decided_by) == ("not_assessable", "unexplained change in the target")
    assert said.reason == "EGFR V843I lies where drugs bind EGFR, and no rule says what it does"


@pytest.mark.parametrize("prior", ["gefitinib", "osimertinib"])
def test_found_after_treatment_it_is_possible_resistance(bound: Rulebase, prior: str) -> None:
    rules = Made(bound, [marker("EGFR L858R"), row("EGFR T790M", **TARGET)])
    said = rules("EGFR L858R", "EGFR V843I", prior_therapies=[prior])
    assert (said.verdict, said.level) == ("possible_resistance", None)
    assert said.reason.endswith(f"; it is found after {prior}")


def test_of_drugs_that_bind_otherwise_it_says_nothing(bound: Rulebase) -> None:
    modes = {"gefitinib": ("reversible",), "osimertinib": ("covalent",)}
    drugs = tuple(drug.model_copy(update={"binding_modes": modes.get(drug.name, ())}) for drug in bound.drugs)
    rules = Made(bound.model_copy(update={"drugs": drugs}), [marker("EGFR L858R")])
    assert rules("EGFR L858R", "EGFR V843I", prior_therapies=["osimertinib"]).verdict == "not_assessable"


@pytest.mark.parametrize("finding", ["EGFR R521K", "EGFR A955V", "EGFR V843=", "EGFR V843*", "KRAS Q61H"])
def test_elsewhere_benign_or_without_protein_it_is_no_doubt(bound: Rulebase, finding: str) -> None:
    assert Made(bound, [marker("EGFR L858R")])("EGFR L858R", finding).verdict == "sensitive"


@pytest.mark.parametrize("effect", ["susceptibility", "no effect"])
def test_what_a_row_names_is_explained(bound: Rulebase, effect: str) -> None:
    rules = Made(bound, [marker("EGFR L858R"), row("EGFR V843I", 15, effect, **TARGET)])
    assert rules("EGFR L858R", "EGFR V843I").verdict == "sensitive"


def test_without_a_driver_it_counts_where_the_target_resists(bound: Rulebase) -> None:
    assert Made(bound, [row("EGFR T790M", **TARGET)])("EGFR V843I").decided_by == "unexplained change in the target"
    assert Made(bound, [row("MET amplification")])("EGFR V843I", assayed=("MET",)).verdict == "no_resistance_found"


# --- a resistance mutation is no response marker ---


def test_a_resistance_mutation_is_not_any_mutation(small: Rulebase) -> None:
    rules = Made(small, [marker("EGFR mutation"), row("EGFR T790M", 15, **TARGET)])
    said = rules("EGFR T790M")
    assert said.marker.tier is None
    assert said.rows == ("TST-002",)
    assert (
        Made(small, [marker("EGFR mutation")], others={"osimertinib": [row("EGFR T790M", 10, **TARGET)]})(
            "EGFR T790M"
        ).decided_by
        == "resistance mutation is no marker"
    )
    assert rules("EGFR T790M", "EGFR L858R").marker.tier == "Tier I-B"


def test_a_required_mutation_is_not_the_resistance_mutation(small: Rulebase) -> None:
    rules = Made(
        small, [marker("EGFR mutation"), row("EGFR T790M", 15, **TARGET)], requires="EGFR mutation",
        essential=["EGFR mutation"],
    )  # fmt: skip
    assert rules("EGFR T790M", assayed=("EGFR",)).verdict == "not_indicated"
    assert rules("EGFR L858R", assayed=("EGFR",)).verdict == "sensitive"


def test_a_marker_that_names_the_mutation_stays_one(small: Rulebase) -> None:
    rules = Made(small, [marker("EGFR T790M"), row("EGFR T790M", 10, tumour_types=["MEL"], **TARGET)])
    assert rules("EGFR T790M").verdict == "sensitive"


def test_a_benign_variant_is_not_any_mutation(bound: Rulebase) -> None:
    rules = Made(bound, [marker("EGFR mutation"), row("EGFR mutation", 15)])
    assert rules("EGFR A955V").rows == ()


def test_what_a_laboratory_does_not_know_is_not_any_mutation(small: Rulebase) -> None:
    said = Made(small, [marker("EGFR mutation")])("EGFR V843I VUS")
    assert (said.verdict, said.marker.tier) == ("no_resistance_found", None)


# --- binding modes ---


def test_what_defeats_a_binding_mode_holds_for_all_that_bind_so(small: Rulebase) -> None:
    rules = two_drugs(small, ("covalent",), ("covalent",))
    gefitinib = rules("EGFR C797S")
    assert (gefitinib.verdict, gefitinib.decided_by) == ("resistant", "binding mode")
    assert gefitinib.contributions[0].extrapolated
    assert gefitinib.contributions[0].score == 30


def test_it_says_nothing_of_what_binds_otherwise(small: Rulebase) -> None:
    assert two_drugs(small, ("reversible",), ("covalent",))("EGFR C797S").rows == ()


def test_a_row_of_its_own_on_the_change_decides(small: Rulebase) -> None:
    own = row("EGFR C797S", 15, "no effect", **TARGET)
    assert two_drugs(small, ("covalent",), ("covalent",), own)("EGFR C797S").rows == ("TST-001",)


def two_drugs(small: Rulebase, gefitinib: tuple[str, ...], osimertinib: tuple[str, ...], *rows: Any) -> Made:
    """A table of osimertinib, whose row on C797S defeats its binding mode, beside one of gefitinib."""
    modes = {"gefitinib": gefitinib, "osimertinib": osimertinib}
    drugs = tuple(drug.model_copy(update={"binding_modes": modes.get(drug.name, ())}) for drug in small.drugs)
    other = row("EGFR C797S", defeats="covalent", **TARGET)
    return Made(small.model_copy(update={"drugs": drugs}), list(rows), others={"osimertinib": [other]})


# --- what no clinic needs to test ---


def test_a_drug_used_whatever_the_genome_waits_for_no_test(small: Rulebase) -> None:
    said = Made(small, [row("MET amplification")])("EGFR L858R")
    assert said.verdict == "no_resistance_found"
    assert said.decided_by == "used irrespective of any marker"
    assert said.reason == "used in this tumour type irrespective of any marker; not tested: MET copy number"


def test_without_rules_it_says_that_no_marker_is_established(small: Rulebase) -> None:
    said = Made(small, [row("NRAS Q61K", tumour_types=["MEL"])])("EGFR L858R")
    assert said.verdict == "no_resistance_found"
    assert said.reason == "used in this tumour type irrespective of any marker: no genomic marker is established"


def test_a_drug_with_essential_loci_waits_for_them(small: Rulebase) -> None:
    said = Made(small, [row("MET amplification")], essential=["KRAS mutation"])("EGFR L858R")
    assert said.verdict == "not_assessable"


def test_a_marker_without_rules_of_resistance_says_so(small: Rulebase) -> None:
    assert Made(small, [marker("EGFR L858R")])("EGFR L858R").reason == (
        "EGFR L858R: response marker (Tier I-B); no resistance markers curated"
    )


def test_what_was_never_assayed_was_not_looked_for_in_plasma(small: Rulebase) -> None:
    rules = Made(small, [row("MET amplification"), row("KRAS G12C")], relevant=False)
    said = rules("EGFR L858R", assayed=("KRAS",), specimen="ctDNA")
    assert said.reason == (
        "not detected in circulating tumour DNA, which does not rule it out: KRAS mutation; "
        "none of its resistance markers was tested: MET copy number"
    )


# --- clones ---


def test_a_marker_of_a_minor_clone_is_marked(small: Rulebase) -> None:
    said = Made(small, [marker("BRAF V600E"), row("MET amplification")])("EGFR L858R 42%", "BRAF V600E 4%")
    assert said.reason == "BRAF V600E, in a minor clone: response marker (Tier I-B)"


# --- what is said of a finding ---


@pytest.mark.parametrize(
    ("finding", "truth"),
    [
        ("BRCA1 E23fs", False), ("BRCA1 E23fs germline", True), ("BRCA1 E23fs somatic", False),
    ],
)  # fmt: skip
def test_a_germline_marker_asks_for_the_germline(of_loss: Rulebase, finding: str, truth: bool) -> None:
    said = Made(of_loss, [marker("germline BRCA1 truncation")])(finding)
    assert bool(said.rows) is truth


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        (["B2M L15fs homozygous"], "resistant"),
        (["B2M L15fs heterozygous"], "no_resistance_found"),
        (["B2M L15fs"], "not_assessable"),
        (["B2M L15fs", "B2M S14fs"], "not_assessable"),
        (["B2M protein negative"], "resistant"),
    ],
)
def test_loss_of_both_copies_is_asked_for(of_loss: Rulebase, findings: list[str], verdict: str) -> None:
    assert Made(of_loss, [row("biallelic B2M loss")])(*findings).verdict == verdict


@pytest.mark.parametrize(
    ("findings", "prior", "verdict"),
    [
        (["BRCA1 E23fs", "BRCA1 reversion"], ["olaparib"], "resistant"),
        (["BRCA1 E23fs", "BRCA1 P25fs"], ["olaparib"], "not_assessable"),
        (["BRCA1 E23fs", "BRCA1 P25fs"], [], "sensitive"),
        (["BRCA1 E23fs", "BRCA1 S1655F"], ["olaparib"], "sensitive"),
    ],
)
def test_a_second_change_may_restore_the_frame(
    of_loss: Rulebase, findings: list[str], prior: list[str], verdict: str
) -> None:
    rules = Made(of_loss, [marker("BRCA1 loss"), row("BRCA1 reversion")])
    assert rules(*findings, prior_therapies=prior).verdict == verdict


@pytest.mark.parametrize(
    ("prior", "verdict"),
    [
        (["osimertinib (progression)"], "resistant"),
        (["osimertinib (stable disease, 2026-03)"], "no_resistance_found"),
        (["osimertinib"], "not_assessable"),
        ([], "no_resistance_found"),
    ],
)
def test_progression_on_a_drug_is_more_than_treatment(small: Rulebase, prior: list[str], verdict: str) -> None:
    rules = Made(small, [row("EGFR L858R and progression on osimertinib")])
    assert rules("EGFR L858R", prior_therapies=prior).verdict == verdict


@pytest.mark.parametrize(
    ("prior", "verdict"),
    [
        (["osimertinib (line 1)", "gefitinib (line 2)"], "resistant"),
        (["osimertinib (line 1)"], "no_resistance_found"),
        (["osimertinib", "gefitinib"], "not_assessable"),
        ([], "no_resistance_found"),
    ],
)
def test_lines_of_therapy_are_counted(small: Rulebase, prior: list[str], verdict: str) -> None:
    rules = Made(small, [row("EGFR L858R and prior treatment in at least 2 lines")])
    assert rules("EGFR L858R", prior_therapies=prior).verdict == verdict
