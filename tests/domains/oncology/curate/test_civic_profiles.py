"""CIViC's molecular profiles, and the conditions that say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.core.condition import condition_text
from resistab.domains.oncology.curate.civic.profiles import (
    REVIEWED,
    UNKNOWN_GENE,
    ProfileReader,
    UntranslatableError,
)
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from tests.cases import cases_beside


@pytest.fixture(scope="module")
def reader(oncology: TumourInterpreter) -> ProfileReader:
    return ProfileReader(oncology.rulebase, frozenset({"AAK1"}))


@cases_beside
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


@cases_beside
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
