"""What a genotype says of an atom: true, false or unknown, and never absent where nothing was assayed."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from resistab.core.condition import Atom
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.grammar.loci import parse_essential_locus
from resistab.domains.oncology.observe import Observer
from tests.cases import cases_beside

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.fixture
def observe(oncology: Interpreter):
    def observe(
        atom: str, *findings: str, assayed: tuple[str, ...] = (), tumour: str = "LUAD", prior: list[str] | None = None
    ) -> Observation:
        genotype = oncology.genotype(tumour=tumour, findings=findings, assayed=assayed, prior_therapies=prior)
        parsed = parse_condition(atom)
        if getattr(parsed, "exon", None) is not None:
            exon = oncology.rulebase.gene_by_name[parsed.gene].exon_range(parsed.exon)
            parsed = parsed.model_copy(update={"first": exon[0], "last": exon[1]})
        assert isinstance(parsed, Atom)
        return Observer(genotype, oncology.rulebase).observe(parsed)

    return observe


# --- three truth values ---


def test_what_was_not_assayed_is_unknown_never_absent(observe) -> None:
    assert observe("EGFR T790M", "KRAS G12D").truth is U


def test_what_was_assayed_and_not_found_is_absent(observe) -> None:
    assert observe("EGFR T790M", assayed=("EGFR",)).truth is F


def test_a_finding_makes_its_atom_true_and_is_named(observe) -> None:
    assert observe("EGFR T790M", "EGFR T790M", "EGFR L858R") == Observation(T, (0,))


def test_a_mutation_counts_as_assay_of_mutations_only(observe) -> None:
    assert observe("EGFR T790M", "EGFR L858R").truth is F
    assert observe("EGFR amplification", "EGFR L858R").truth is U
    assert observe("EGFR splice variant vIII", "EGFR L858R").truth is U


def test_a_copy_number_counts_as_assay_of_copies_only(observe) -> None:
    assert observe("ERBB2 deletion", "ERBB2 amplification").truth is F
    assert observe("ERBB2 mutation", "ERBB2 amplification").truth is U


def test_a_gene_named_alone_was_assayed_for_mutations_and_copies(observe) -> None:
    assert observe("MET amplification", assayed=("MET",)).truth is F
    assert observe("MET mutation", assayed=("MET",)).truth is F
    assert observe("MET fusion", assayed=("MET",)).truth is U
    assert observe("MET overexpression", assayed=("MET",)).truth is U
    assert observe("MET protein positive", assayed=("MET",)).truth is U


def test_what_was_inferred_to_be_assayed_is_marked(oncology: Interpreter) -> None:
    genotype = oncology.genotype(tumour="LUAD", findings=["EGFR L858R"], assayed=["KRAS mutation"])
    marked = {(str(item.locus), item.given): item.inferred for item in genotype.assayed}
    assert marked == {("KRAS mutation", "KRAS mutation"): False, ("EGFR mutation", "EGFR L858R"): True}


# --- partial coverage ---


@pytest.mark.parametrize(
    ("atom", "truth"),
    [
        ("KRAS G12D", F),
        ("KRAS G13D", F),
        ("KRAS Q61H", U),
        ("KRAS mutation", U),
        ("KRAS residues 12-13 substitution", F),
        ("KRAS residues 12-14 substitution", U),
        ("any change at KRAS 13", F),
        ("KRAS wild type", U),
    ],
)
def test_partial_coverage_decides_only_what_it_covers(observe, atom: str, truth: Truth) -> None:
    assert observe(atom, assayed=("KRAS mutation in 12, 13",)).truth is truth


def test_neighbouring_ranges_together_cover_more(observe) -> None:
    ranges = ("KRAS mutation in 10-12", "KRAS mutation in 13-20")
    assert observe("KRAS residues 11-15 mutation", assayed=ranges).truth is F
    assert observe("KRAS residues 11-21 mutation", assayed=ranges).truth is U


def test_coverage_by_exon_is_coverage_of_its_residues(observe) -> None:
    assert observe("EGFR exon 19 deletion", assayed=("EGFR mutation in exon 19",)).truth is F
    assert observe("EGFR T790M", assayed=("EGFR mutation in exon 19",)).truth is U


def test_a_finding_does_not_widen_coverage_that_was_said(observe) -> None:
    """An assay of codons 12 and 13 that found G12D has not tested codon 61."""
    assert observe("KRAS Q61H", "KRAS G12D", assayed=("KRAS mutation in 12, 13",)).truth is U
    assert observe("KRAS Q61H", "KRAS G12D").truth is F


def test_an_essential_locus_is_covered_by_one_alternative(oncology: Interpreter) -> None:
    essential = parse_essential_locus("KRAS mutation in 12, 13, 61 or ERBB2 protein")

    def covered(*assayed: str) -> bool:
        genotype = oncology.genotype(tumour="COAD", assayed=assayed)
        return Observer(genotype, oncology.rulebase).covers_essential(essential)

    assert covered("KRAS")
    assert covered("ERBB2 protein")
    assert covered("KRAS mutation in 10-70")
    assert not covered("KRAS mutation in 12, 13")
    assert not covered("ERBB2")


# --- protein changes ---


def test_two_spellings_of_one_change_are_the_same(observe) -> None:
    """ERBB2 Y772_A775dup is the insertion of YVMA after A775."""
    assert observe("ERBB2 Y772_A775dup", "ERBB2 A775_G776insYVMA").truth is T


@cases_beside
def test_a_change_satisfies_what_it_is_an_instance_of(observe, atom: str, finding: str, truth: str) -> None:
    assert observe(atom, finding).truth.value == truth


def test_loss_is_only_absent_where_all_its_ways_were_assayed(observe) -> None:
    assert observe("PTEN loss", assayed=("PTEN",)).truth is U
    assert observe("PTEN loss", assayed=("PTEN", "PTEN protein")).truth is F


def test_wild_type_is_assayed_and_nothing_found(observe) -> None:
    assert observe("KRAS wild type", "KRAS wild type").truth is T
    assert observe("KRAS wild type", assayed=("KRAS",)).truth is T
    assert observe("KRAS wild type", "KRAS G12=").truth is T
    assert observe("KRAS wild type", "KRAS G12D").truth is F
    assert observe("KRAS wild type", assayed=("NRAS",)).truth is U
    assert observe("KRAS wild type", "KRAS amplification").truth is U


def test_wild_type_reported_makes_every_mutation_absent(observe) -> None:
    assert observe("KRAS G12D", "KRAS wild type").truth is F
    assert observe("KRAS amplification", "KRAS wild type").truth is U


# --- findings known only in part ---


@cases_beside
def test_a_finding_known_only_in_part_leaves_open_what_it_may_be(observe, atom: str, finding: str, truth: str) -> None:
    assert observe(atom, finding).truth.value == truth


def test_an_open_atom_names_the_finding_that_leaves_it_open(observe) -> None:
    assert observe("KRAS G12D", "EGFR L858R", "KRAS mutation") == Observation(U, (1,))
    assert observe("KRAS G12D", "EGFR L858R") == Observation(U, ())


# --- measurements ---


@pytest.mark.parametrize(
    ("given", "at_least", "at_most"),
    [("EGFR T790M at 4.9%", F, T), ("EGFR T790M at 5%", T, T), ("EGFR T790M at 5.1%", T, F), ("EGFR T790M", U, U)],
)
def test_a_bound_on_the_allele_fraction_includes_its_value(observe, given, at_least: Truth, at_most: Truth) -> None:
    assert observe("EGFR T790M with allele fraction of at least 5%", given).truth is at_least
    assert observe("EGFR T790M with allele fraction of at most 5%", given).truth is at_most
    assert observe("EGFR T790M", given).truth is T


@pytest.mark.parametrize(
    ("given", "truth"),
    [
        ("ERBB2 amplification 6 copies", T),
        ("ERBB2 amplification 5.9 copies", F),
        ("ERBB2 amplification", U),
        ("ERBB2 amplification 8", T),
        ("ERBB2 deletion 0 copies", F),
    ],
)
def test_a_bound_on_copies_needs_a_count_in_the_same_unit(observe, given: str, truth: Truth) -> None:
    assert observe("ERBB2 amplification of at least 6 copies", given).truth is truth


@pytest.mark.parametrize(
    ("atom", "given", "truth"),
    [
        ("MSI high", "MSI high", T),
        ("MSI high", "MSI stable", F),
        ("MSI stable", "MSI high", F),
        ("TMB of at least 10 mut/Mb", "TMB 12.5 mut/Mb", T),
        ("TMB of at least 10 mut/Mb", "TMB 9.9", F),
        ("TMB of at least 10 mut/Mb", "TMB high", U),
        ("TMB high", "TMB 40 mut/Mb", T),
        ("TMB low", "TMB high", F),
        ("ESR1 protein positive", "ESR1 protein negative", F),
        ("ABCB1 overexpression", "ABCB1 overexpression", T),
        ("ABCB1 underexpression", "ABCB1 overexpression", F),
        ("MET exon 14 skipping", "MET exon 14 skipping", T),
        ("MET splice variant", "MET exon 14 skipping", T),
        ("MET exon 14 skipping", "MET splice variant", U),
    ],
)
def test_states_and_signatures(observe, atom: str, given: str, truth: Truth) -> None:
    assert observe(atom, given).truth is truth


# --- phase ---

PHASE = "EGFR C797S in {} with EGFR T790M"


@pytest.mark.parametrize(
    ("findings", "cis", "trans"),
    [
        (["EGFR C797S", "EGFR T790M"], U, U),
        (["EGFR C797S in cis with EGFR T790M"], T, F),
        (["EGFR C797S in trans with EGFR T790M"], F, T),
        (["EGFR T790M in cis with EGFR C797S"], T, F),
        (["EGFR T790M", "EGFR C797S in cis with EGFR T790M"], T, F),
        (["EGFR C797S"], F, F),
        (["EGFR C797S", "EGFR exon 20 mutation"], U, U),
    ],
)
def test_phase_is_unknown_unless_it_was_measured(observe, findings: list[str], cis: Truth, trans: Truth) -> None:
    assert observe(PHASE.format("cis"), *findings).truth is cis
    assert observe(PHASE.format("trans"), *findings).truth is trans


def test_phase_of_changes_that_were_not_assayed_is_unknown(observe) -> None:
    assert observe(PHASE.format("cis"), "KRAS G12D").truth is U


# --- fusions, histology, therapy, tumour type ---


@pytest.mark.parametrize(
    ("atom", "finding", "truth"),
    [
        ("ALK fusion", "EML4::ALK", T),
        ("EML4::ALK", "KIF5B::ALK", F),
        ("ROS1 fusion", "EML4::ALK", U),
        ("BCR::ABL1", "BCR::ABL1", T),
        ("ABL1 T315I", "BCR::ABL1 T315I", T),
    ],
)
def test_fusions(observe, atom: str, finding: str, truth: Truth) -> None:
    assert observe(atom, finding).truth is truth


def test_a_fusion_is_absent_where_one_partner_was_assayed(observe) -> None:
    assert observe("EML4::ALK", assayed=("ALK fusion",)).truth is F
    assert observe("EML4::ALK", assayed=("ALK",)).truth is U


@pytest.mark.parametrize(
    ("given", "any_change", "to_sclc"),
    [
        ((), U, U),
        (("histological transformation",), T, U),
        (("histological transformation to SCLC",), T, T),
        (("histological transformation to LUSC",), T, F),
    ],
)
def test_histology(observe, given: tuple[str, ...], any_change: Truth, to_sclc: Truth) -> None:
    assert observe("histological transformation", *given, assayed=("EGFR",)).truth is any_change
    assert observe("histological transformation to SCLC", *given, assayed=("EGFR",)).truth is to_sclc


def test_histology_is_absent_where_it_was_looked_at(observe) -> None:
    assert observe("histological transformation to SCLC", assayed=("histology",)).truth is F


@pytest.mark.parametrize(
    ("prior", "drug", "of_class"),
    [(None, U, U), ([], F, F), (["osimertinib"], T, T), (["gefitinib"], F, T), (["Tagrisso"], T, T), (["water"], F, F)],
)
def test_prior_therapies_not_given_are_unknown_and_none_is_none(observe, prior, drug: Truth, of_class: Truth) -> None:
    assert observe("prior treatment with osimertinib", "EGFR T790M", prior=prior).truth is drug
    tki = "prior treatment with class EGFR tyrosine kinase inhibitor"
    assert observe(tki, "EGFR T790M", prior=prior).truth is of_class


@pytest.mark.parametrize(
    ("patient", "asked", "truth"),
    [
        ("LUAD", "LUAD", T),
        ("LUAD", "NSCLC", T),
        ("LUAD", "LUNG", T),
        ("LUAD", "TISSUE", T),
        ("LUAD", "LUSC", F),
        ("LUAD", "MEL", F),
        ("NSCLC", "LUAD", U),
        ("LUNG", "SCLC", U),
    ],
)
def test_a_tumour_type_more_general_than_asked_for_is_unknown(observe, patient: str, asked: str, truth: Truth) -> None:
    assert observe(f"tumour type is {asked}", "EGFR T790M", tumour=patient).truth is truth


def test_a_conclusion_cannot_be_observed(observe) -> None:
    with pytest.raises(ValueError, match="ras-activated is a conclusion: it is derived, not observed"):
        observe("conclusion ras-activated", "KRAS G12D")


def test_where_all_is_assayed_only_findings_leave_open(oncology: Interpreter) -> None:
    genotype = oncology.genotype(tumour="LUAD", findings=["KRAS mutation"])
    closed = Observer(genotype, oncology.rulebase, assume_assayed=True)

    def truth(atom: str) -> Truth:
        return closed.observe(parse_condition(atom)).truth  # type: ignore[arg-type]

    assert truth("EGFR T790M") is F
    assert truth("ALK fusion") is F
    assert truth("KRAS G12D") is U
