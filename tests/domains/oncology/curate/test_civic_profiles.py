"""CIViC's molecular profiles, and the conditions that say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.core.condition import condition_text
from resistab.domains.oncology.curate.civic.profiles import (
    NO_FORM,
    REVIEWED,
    UNCLEAR_LOGIC,
    UNKNOWN_EXON,
    UNKNOWN_GENE,
    UNKNOWN_SET,
    WRONG_RESIDUE,
    ProfileReader,
    UntranslatableError,
)
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase


@pytest.fixture(scope="module")
def reader(oncology: TumourInterpreter) -> ProfileReader:
    return ProfileReader(oncology.rulebase, frozenset({"AAK1"}))


@pytest.mark.parametrize(
    ("profile", "condition"),
    [
        ("EGFR T790M", "EGFR T790M"),
        ("ERBB2 Y772_A775DUP", "ERBB2 Y772_A775dup"),
        ("PMS2 K706FS*19", "PMS2 K706fs"),
        ("EGFR E746_T751>I", "EGFR E746_T751delinsI"),
        ("EGFR D770delinsGY", "EGFR D770delinsGY"),
        ("ERBB2 S310F/Y", "ERBB2 S310F/Y"),
        ("EGFR p.L858R (c.2573T>G)", "EGFR L858R"),
        ("PTEN R130*", "PTEN R130*"),
        ("BRAF V600", "any substitution at BRAF V600"),
        ("KRAS G12/G13", "any substitution at KRAS G12 or any substitution at KRAS G13"),
        ("BRAF Non-V600", "BRAF mutation and not any change at BRAF V600"),
        ("EGFR Exon 19 Deletion", "EGFR exon 19 deletion"),
        ("EGFR Exon 19 del", "EGFR exon 19 deletion"),
        ("EGFR Exon 20 Insertion", "EGFR exon 20 insertion"),
        ("KIT EXON 11 MUTATION", "KIT exon 11 mutation"),
        ("MET Exon 14 Skipping Mutation", "MET exon 14 skipping"),
        ("NRAS Mutation", "NRAS mutation"),
        ("ERBB2 Amplification", "ERBB2 amplification"),
        ("PTEN Loss", "PTEN loss"),
        ("RB1 Loss-of-function", "RB1 loss"),
        ("PTEN Deletion", "PTEN deletion"),
        ("LYN OVEREXPRESSION", "LYN overexpression"),
        ("TP53 Wildtype", "TP53 wild type"),
        ("EGFR VIII", "EGFR splice variant vIII"),
        ("TMB High", "TMB high"),
        ("EML4::ALK Fusion", "EML4::ALK"),
        ("v::NTRK1 Fusion", "NTRK1 fusion"),
        ("FGFR2::v Fusion", "FGFR2 fusion"),
        ("ALK Rearrangement", "ALK fusion"),
        ("ABL1 TKD Mutation", "ABL1 kinase domain mutation"),
        ("ERBB2 Activating Mutation", "ERBB2 activating mutation"),
    ],
)
def test_an_alteration_becomes_the_condition_that_says_the_same(
    reader: ProfileReader, profile: str, condition: str
) -> None:
    assert condition_text(reader.condition(profile)) == condition


@pytest.mark.parametrize(
    ("profile", "condition"),
    [
        ("BCR::ABL1 Fusion AND ABL1 T315I", "BCR::ABL1 and ABL1 T315I"),
        ("EGFR L858R OR EGFR Exon 19 Deletion", "EGFR L858R or EGFR exon 19 deletion"),
        ("MET Amplification AND NOT KRAS Mutation", "MET amplification and not KRAS mutation"),
        ("NOT KIT D816V", "not KIT D816V"),
        (
            "BRAF Amplification AND ( BRAF V600E OR BRAF V600K )",
            "BRAF amplification and (BRAF V600E or BRAF V600K)",
        ),
        ("NOT ( EGFR L858R OR EGFR T790M )", "none of (EGFR L858R, EGFR T790M)"),
        (
            "EGFR T790M AND EGFR Exon 19 Deletion AND EGFR C797S",
            "EGFR T790M and EGFR exon 19 deletion and EGFR C797S",
        ),
        ("( ( EGFR T790M ) )", "EGFR T790M"),
        ("EGFR T790M OR EGFR T790M", "EGFR T790M"),
    ],
)
def test_connectives_and_brackets_keep_their_meaning(reader: ProfileReader, profile: str, condition: str) -> None:
    assert condition_text(reader.condition(profile)) == condition


def test_a_gene_may_go_by_its_alias(reader: ProfileReader) -> None:
    assert condition_text(reader.condition("HER2 Amplification")) == "ERBB2 amplification"


def test_an_alias_is_no_gene_where_another_has_that_symbol(oncology: TumourInterpreter) -> None:
    assert ProfileReader(oncology.rulebase).genes("ARG Mutation") == {"ABL2"}
    assert ProfileReader(oncology.rulebase, frozenset({"ARG"})).genes("ARG Mutation") == set()


def test_an_alias_of_two_genes_is_of_neither(oncology: TumourInterpreter) -> None:
    egfr, erbb2 = (oncology.rulebase.gene_by_name[name] for name in ("EGFR", "ERBB2"))
    genes = [gene.model_copy(update={"aliases": ("HER",)}) for gene in (egfr, erbb2)]
    rules = oncology.rulebase.model_copy(update={"genes": tuple(genes)})
    assert ProfileReader(rules).genes("HER Mutation") == set()


@pytest.mark.parametrize(
    ("profile", "reason", "told"),
    [
        ("AAK1 Mutation", UNKNOWN_GENE, "AAK1"),
        ("EML4::AAK1 Fusion", UNKNOWN_GENE, "AAK1"),
        ("BRAF G496A", WRONG_RESIDUE, "the reference residue at 496 is Q, not G"),
        ("EGFR A790", WRONG_RESIDUE, "any substitution at EGFR A790"),
        ("EGFR T9790", WRONG_RESIDUE, "any substitution at EGFR T9790"),
        ("PIK3CA Exon 21 Mutation", UNKNOWN_EXON, "PIK3CA Exon 21 Mutation"),
        ("CTNNB1 Gain-of-function", UNKNOWN_SET, "CTNNB1 activating mutation"),
        ("EML4::ALK e2::e20", NO_FORM, "the exons that are joined"),
        ("CD274 Expression", NO_FORM, "how much"),
        ("KRAS RS61764370", NO_FORM, "polymorphism"),
        ("UGT1A1 UGT1A1*28", NO_FORM, "inherited"),
        ("ATM c.902-1G>T", NO_FORM, "change of the DNA"),
        ("JAK2 Splice Site (c.1641+2T>G)", NO_FORM, "change of the DNA"),
        ("BRAF intron 9 rearrangement", NO_FORM, "change of the DNA"),
        ("EGFR Rare Exon 18-21 Mutation", NO_FORM, "several exons"),
        ("EGFR Rare Mutation", NO_FORM, "does not say which"),
        ("BRCA1 Deleterious Mutation", NO_FORM, "does not say which"),
        ("ERBB4 NUCLEAR TRANSLOCATION", NO_FORM, "a level or place"),
        ("ABL1 P-Loop Mutation", NO_FORM, "domain's residues"),
        ("KIT Internal Duplication", NO_FORM, "where the duplication lies"),
        ("TSC1 Frameshift Truncation", NO_FORM, "would be wider"),
        ("PTCH1 LOH", NO_FORM, "one allele"),
        ("EGFR P772_V774insPHV", NO_FORM, "EGFR P772_V774insPHV"),
        ("EGFR", NO_FORM, "EGFR"),
        ("TMB mTMB", NO_FORM, "TMB mTMB"),
        ("EGFR T790M AND EGFR L858R OR EGFR C797S", UNCLEAR_LOGIC, "AND EGFR L858R OR"),
        ("EGFR T790M AND", UNCLEAR_LOGIC, "EGFR T790M AND"),
        ("( EGFR T790M", UNCLEAR_LOGIC, "( EGFR T790M"),
        ("EGFR T790M )", UNCLEAR_LOGIC, "EGFR T790M )"),
        ("", UNCLEAR_LOGIC, "no alteration is named"),
        ("NOT " * 5000 + "EGFR T790M", UNCLEAR_LOGIC, "NOT NOT"),
    ],
)
def test_what_the_language_cannot_say_is_refused_with_the_reason(
    reader: ProfileReader, profile: str, reason: str, told: str
) -> None:
    with pytest.raises(UntranslatableError) as refusal:
        reader.condition(profile)
    assert refusal.value.reason == reason
    assert told in refusal.value.detail


def test_one_part_that_cannot_be_said_leaves_nothing(reader: ProfileReader) -> None:
    with pytest.raises(UntranslatableError):
        reader.condition("EGFR L858R AND CD274 Expression")


@pytest.mark.parametrize("alteration", sorted(REVIEWED))
def test_each_reviewed_translation_is_a_condition_with_a_reason(reader: ProfileReader, alteration: str) -> None:
    condition, reason = REVIEWED[alteration]
    assert reader.condition(alteration) == parse_condition(condition)
    assert reason


def test_a_reviewed_translation_needs_the_gene_too(small: Rulebase) -> None:
    with pytest.raises(UntranslatableError) as refusal:
        ProfileReader(small).condition("FLT3 ITD")
    assert refusal.value.reason == UNKNOWN_GENE


ALTERATIONS = st.sampled_from(["EGFR T790M", "EGFR L858R", "KRAS Mutation", "MET Amplification", "EML4::ALK Fusion"])
PROFILES = st.recursive(
    ALTERATIONS,
    lambda part: st.one_of(
        part.map(lambda text: f"NOT ( {text} )"),
        st.lists(part, min_size=2, max_size=3).map(lambda parts: " AND ".join(f"( {text} )" for text in parts)),
        st.lists(part, min_size=2, max_size=3).map(lambda parts: " OR ".join(f"( {text} )" for text in parts)),
    ),
    max_leaves=6,
)


@given(profile=PROFILES)
def test_every_condition_is_read_back_as_the_same(reader: ProfileReader, profile: str) -> None:
    condition = reader.condition(profile)
    assert parse_condition(condition_text(condition)) == condition


@given(profile=st.text(alphabet="EGFRT790M ANDOR()NOT::v*>_/-.exon19é\t", max_size=40))
def test_no_text_does_more_than_be_refused(reader: ProfileReader, profile: str) -> None:
    try:
        reader.condition(profile)
    except UntranslatableError as refusal:
        assert refusal.detail
    reader.genes(profile)
