"""From what was given to a genotype: merging, coverage, therapies, and setting aside on request."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import ChangeFinding


def test_two_spellings_of_a_finding_are_one(oncology: Interpreter) -> None:
    genotype = oncology.genotype(tumour="BREAST", findings=["ERBB2 Y772_A775dup", "ERBB2 A775_G776insYVMA"])
    assert [finding.text for finding in genotype.findings] == ["ERBB2 Y772_A775dup"]
    assert genotype.notes == ("ERBB2 A775_G776insYVMA is the same finding as ERBB2 Y772_A775dup",)


def test_the_same_finding_twice_keeps_what_each_says(oncology: Interpreter) -> None:
    (c797s, t790m) = oncology.genotype(
        tumour="LUAD", findings=["EGFR C797S at 8%", "EGFR T790M", "EGFR C797S in cis with EGFR T790M"]
    ).findings[::-1]
    assert isinstance(c797s, ChangeFinding)
    assert (c797s.text, c797s.allele_fraction) == ("EGFR C797S", 0.08)
    assert c797s.phases[0].phase == "cis"
    assert t790m.text == "EGFR T790M"


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_two_allele_fractions_give_the_larger_and_a_note(oncology: Interpreter, order: list[int]) -> None:
    texts = ["EGFR T790M at 3%", "EGFR T790M at 12%"]
    genotype = oncology.genotype(tumour="LUAD", findings=[texts[i] for i in order])
    assert genotype.findings[0].allele_fraction == 0.12
    assert genotype.notes == ("EGFR T790M was given with two allele fractions; the larger, 12.0%, was used",)


def test_findings_stand_by_gene_and_position(oncology: Interpreter) -> None:
    genotype = oncology.genotype(tumour="LUAD", findings=["MET amplification", "EGFR L858R", "EGFR T790M"])
    assert [finding.text for finding in genotype.findings] == ["EGFR T790M", "EGFR L858R", "MET amplification"]


@pytest.mark.parametrize("given", ["LUAD", "luad", "Lung Adenocarcinoma", " lung adenocarcinoma "])
def test_a_tumour_type_by_code_or_name(oncology: Interpreter, given: str) -> None:
    genotype = oncology.genotype(tumour=given, findings=["EGFR L858R"])
    assert genotype.tumour_type == "LUAD"
    assert genotype.lineage == ("LUAD", "NSCLC", "LUNG", "TISSUE")


@pytest.mark.parametrize(
    ("given", "suggestion"),
    [
        ("LUADD", "LUAD (Lung Adenocarcinoma)"),
        ("lung adenocarcinom", "LUAD (Lung Adenocarcinoma)"),
        ("melanom", "MEL (Melanoma)"),
        ("Colon Adenocarcinomaa", "COAD (Colon Adenocarcinoma)"),
    ],
)
def test_the_nearest_tumour_type_is_suggested_first(oncology: Interpreter, given: str, suggestion: str) -> None:
    with pytest.raises(InputError) as refused:
        oncology.genotype(tumour=given, findings=["EGFR L858R"])
    (fault,) = refused.value.faults
    assert fault.message == f"unknown tumour type '{given}'"
    assert (fault.suggestion or "").startswith(suggestion)


def test_nothing_is_suggested_where_nothing_is_near(oncology: Interpreter) -> None:
    with pytest.raises(InputError) as refused:
        oncology.genotype(tumour="qqqqqqqq", findings=["EGFR L858R"])
    assert str(refused.value) == "tumour: unknown tumour type 'qqqqqqqq'; expected an OncoTree code or name"


def test_prior_therapies_by_name_or_alias_carry_their_classes(oncology: Interpreter) -> None:
    genotype = oncology.genotype(tumour="LUAD", findings=["EGFR L858R"], prior_therapies=["Tagrisso", "vindesine"])
    assert genotype.prior_therapies is not None
    tagrisso, vindesine = genotype.prior_therapies
    assert (tagrisso.drug, tagrisso.classes) == ("osimertinib", ("EGFR tyrosine kinase inhibitor",))
    assert (vindesine.drug, vindesine.classes) == ("vindesine", ())
    assert genotype.notes == ("the prior therapy 'vindesine' is not a drug of this rule set; no rule can use it",)


def test_a_prior_therapy_that_is_almost_a_drug_is_a_slip(oncology: Interpreter) -> None:
    with pytest.raises(InputError, match=r"'osimertinb': unknown drug; expected a drug name; did you mean osimertinib"):
        oncology.genotype(tumour="LUAD", findings=["EGFR L858R"], prior_therapies=["osimertinb"])


def test_to_go_on_sets_aside_and_lists_what_was_not_understood(oncology: Interpreter) -> None:
    genotype = oncology.genotype(
        tumour="LUAD",
        findings=["EGFR T790M", "EGFR A790M", "something odd", "EGFR \udcff"],
        assayed=["KRAS", "NOSUCH"],
        prior_therapies=["gefitinb"],
        keep_going=True,
    )
    assert [finding.text for finding in genotype.findings] == ["EGFR T790M"]
    assert genotype.prior_therapies == ()
    report = oncology.interpret(genotype)
    assert [(item.entry, item.reason.partition(";")[0]) for item in report.not_understood] == [
        ("EGFR A790M", "the reference residue at 790 is T, not A (NP_005219.2)"),
        ("EGFR \\xff", "holds characters that cannot be printed"),
        ("NOSUCH", "unknown gene 'NOSUCH'"),
        ("gefitinb", "unknown drug"),
        ("something odd", "unknown gene 'something'"),
    ]
    assert report.to_json()


@pytest.mark.parametrize(
    ("findings", "message"),
    [
        (["KRAS wild type", "KRAS G12D"], "finding: 'KRAS wild type' contradicts 'KRAS G12D'; expected one of the two"),
        (["KRAS G12D", "KRAS WT"], "finding: 'KRAS WT' contradicts 'KRAS G12D'; expected one of the two"),
        (["HLA-A WT", "HLA-A loss", "HLA-A mutation"],
         "finding: 'HLA-A WT' contradicts 'HLA-A mutation'; expected one of the two"),
        (["MSI high", "MSI stable"], "finding: 'MSI stable' contradicts 'MSI high'; expected one of the two"),
        (["TMB 3", "TMB 30"], "finding: 'TMB 30 mut/Mb' contradicts 'TMB 3 mut/Mb'; expected one of the two"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_even_when_going_on(
    oncology: Interpreter, findings: list[str], message: str
) -> None:
    with pytest.raises(InputError) as refused:
        oncology.genotype(tumour="COAD", findings=findings, keep_going=True)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "findings",
    [
        ["KRAS wild type", "KRAS amplification"],
        ["KRAS wild type", "KRAS G12="],
        ["ERBB2 amplification", "ERBB2 amplification 12 copies"],
        ["TMB high", "TMB 30"],
        ["MET exon 14 skipping", "MET splice variant x"],
        ["ERBB2 amplification", "ERBB2 protein negative"],
    ],
)
def test_what_only_seems_to_contradict_is_taken(oncology: Interpreter, findings: list[str]) -> None:
    assert oncology.genotype(tumour="COAD", findings=findings).assayed


def test_all_faults_are_told_at_once(oncology: Interpreter) -> None:
    with pytest.raises(InputError) as refused:
        oncology.genotype(
            tumour="XYZ", findings=["EGFR A790M", "FOO V1A"], assayed=["BAR"], prior_therapies=["gefitinb"]
        )
    assert [fault.where for fault in refused.value.faults] == ["tumour", "finding", "finding", "assayed", "prior"]


def test_a_locus_given_twice_stands_once(oncology: Interpreter) -> None:
    genotype = oncology.genotype(tumour="LUAD", assayed=["KRAS", "KRAS mutation", "KRAS"])
    assert [str(item.locus) for item in genotype.assayed if item.given == "KRAS"] == [
        "KRAS copy number",
        "KRAS mutation",
    ]
