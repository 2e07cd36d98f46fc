"""Lists of evidence that CIViC lacks: what their lines say, and how their words are read as profiles and drugs."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.domains.oncology.checks.profiles import plain_profile, profile_parts
from resistab.domains.oncology.checks.source_items import SourceItem
from resistab.domains.oncology.checks.supplement import COLUMNS, FURTHER, FURTHER_COLUMNS, read_further, read_supplement

ROW = {
    "id": "SUPA-001",
    "alteration": "ERBB2 amplification",
    "therapy": "Tucatinib + Trastuzumab",
    "disease": "Breast Cancer",
    "direction": "Supports",
    "significance": "Sensitivity/Response",
    "level": "A",
    "reference": "LABEL:tucatinib 2023-01 (section 1, indications)",
    "short_citation": "Tukysa package insert",
    "note": "Given after another drug.",
    "verification": "full",
}


def listed(folder: Path, *rows: dict[str, str], name: str = "list.tsv") -> Path:
    """A list of ``rows``."""
    file = folder / name
    lines = [tuple(rows[0]), *(tuple(row.values()) for row in rows)]
    file.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return file


def item(folder: Path, **changed: str) -> SourceItem:
    (found,) = read_supplement(listed(folder, ROW | changed)).items.values()
    return found


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as raised:
        read_supplement(path)
    return [str(fault).removeprefix(str(path)) for fault in raised.value.faults]


def test_line_of_a_later_list_is_an_item_with_what_was_seen(tmp_path: Path) -> None:
    assert item(tmp_path, verification="secondary") == SourceItem(
        id="SUPA-001",
        reference="LABEL:tucatinib 2023-01",
        citation="",
        level="A",
        profile="ERBB2 amplification",
        drugs=("tucatinib", "trastuzumab"),
        combined=True,
        outcome="response",
        disease="Breast Cancer",
        statement="Given after another drug.",
        verification="secondary",
    )


def test_list_that_does_not_say_what_was_seen_saw_it_all(tmp_path: Path) -> None:
    row = {name: ROW[name] for name in COLUMNS}

    (found,) = read_supplement(listed(tmp_path, row)).items.values()

    assert found.verification == "full"


@pytest.mark.parametrize(
    ("significance", "direction", "outcome", "supports_resistance"),
    [
        ("Resistance", "Supports", "resistance", True),
        ("Reduced Response", "Supports", "resistance", False),
        ("Sensitivity/Response", "Supports", "response", False),
        ("Resistance", "Does Not Support", "response", False),
        ("Sensitivity/Response", "Does Not Support", "resistance", False),
    ],
)
def test_words_of_significance_are_response_or_resistance(
    tmp_path: Path, significance: str, direction: str, outcome: str, supports_resistance: bool
) -> None:
    found = item(tmp_path, significance=significance, direction=direction)

    assert (found.outcome, found.supports_resistance) == (outcome, supports_resistance)


@pytest.mark.parametrize(
    ("written", "citation"),
    [
        ("Kobayashi et al., 2005, N Engl J Med", "Kobayashi et al., 2005"),
        ("Bock and Lengauer, 2012, Nat Rev Cancer", "Bock and Lengauer, 2012"),
        ("Egan et al., 2013 (CIViC citation)", "Egan et al., 2013"),
        ("Nat Commun, 2016 (authors not shown)", ""),
        ("as cited in CGI 2017", ""),
        ("ARROS-1 trial", ""),
    ],
)
def test_citation_is_compared_where_it_names_author_and_year(tmp_path: Path, written: str, citation: str) -> None:
    assert item(tmp_path, short_citation=written).citation == citation


@pytest.mark.parametrize(
    ("therapy", "drugs"),
    [
        ("MEK inhibitor", ("mek inhibitor",)),
        ("Dabrafenib + Trametinib", ("dabrafenib", "trametinib")),
        ("Fluorouracil + Oxaliplatin (adjuvant)", ("fluorouracil", "oxaliplatin")),
        ("Alpelisib + Aromatase inhibitor", ("alpelisib", "aromatase inhibitor")),
        ("PD-1/PD-L1 inhibitor + Chemotherapy", ("pd-1/pd-l1 inhibitor", "chemotherapy")),
    ],
)
def test_therapy_is_its_drugs_and_classes(tmp_path: Path, therapy: str, drugs: tuple[str, ...]) -> None:
    found = item(tmp_path, therapy=therapy)

    assert (found.drugs, found.combined) == (drugs, len(drugs) > 1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": "SUP1"}, "id is 'SUP1'; expected an id such as SUP-01 or SUPA-001"),
        ({"alteration": ""}, "alteration is empty; expected a value"),
        ({"direction": "supports"}, "direction is 'supports'; expected one of Supports, Does Not Support"),
        ({"significance": "Poor Outcome"}, "significance is 'Poor Outcome'; expected one of Resistance, "),
        ({"level": "1"}, "level is '1'; expected one of A, B, C, D, E"),
        ({"verification": "seen"}, "verification is 'seen'; expected one of full, secondary, partial"),
        ({"reference": "Nature 2010"}, "reference is 'Nature 2010'; expected PMID:"),
    ],
)
def test_line_that_is_not_understood_is_named(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    (found,) = faults(listed(tmp_path, ROW | changed))

    assert found.startswith(f":2: {said}")


def test_item_that_stands_twice_is_named(tmp_path: Path) -> None:
    assert faults(listed(tmp_path, ROW, ROW)) == [":3: SUPA-001 stands here a second time"]


def test_all_faults_of_a_list_are_told_at_once(tmp_path: Path) -> None:
    file = listed(tmp_path, ROW | {"level": "1", "id": "x"}, ROW)
    file.write_text(file.read_text(encoding="utf-8") + "a\tb\n", encoding="utf-8")

    assert [fault.split(" ")[0] for fault in faults(file)] == [":2:", ":2:", ":4:"]


def test_list_without_a_column_is_refused(tmp_path: Path) -> None:
    row = {name: cell for name, cell in ROW.items() if name != "level"}

    assert faults(listed(tmp_path, row))[0].startswith(":1: has no column level")


# --- the project's own list -------------------------------------------------------------------------------------


def test_rule_set_need_not_have_a_list_of_its_own(tmp_path: Path) -> None:
    assert read_further(tmp_path).items == {}


def test_list_of_the_rule_set_may_hold_nothing_but_its_columns(tmp_path: Path) -> None:
    (tmp_path / FURTHER).write_text("\t".join(FURTHER_COLUMNS) + "\n")

    assert read_further(tmp_path).items == {}


def test_further_evidence_says_where_it_was_seen(tmp_path: Path) -> None:
    own = ROW | {"id": "SUPR-001", "seen_in": "PMC1"}
    listed(tmp_path, own, name=FURTHER)
    assert list(read_further(tmp_path).items) == ["SUPR-001"]

    listed(tmp_path, own | {"seen_in": ""}, name=FURTHER)
    with pytest.raises(InputError, match="seen_in is empty"):
        read_further(tmp_path)


def test_further_evidence_has_numbers_of_its_own(tmp_path: Path) -> None:
    listed(tmp_path, ROW | {"seen_in": "PMC1"}, name=FURTHER)

    with pytest.raises(InputError, match="id is 'SUPA-001'; expected an id such as SUPR-001"):
        read_further(tmp_path)


# --- everyday words as profiles ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "profile"),
    [
        ("EGFR L858R AND EGFR C797S", "EGFR L858R AND EGFR C797S"),
        ("EGFR T790M AND EGFR C797S (in cis)", "EGFR T790M AND EGFR C797S"),
        ("BRAF V600E or V600K, after a BRAF inhibitor", "BRAF V600E OR BRAF V600K"),
        ("EGFR exon 19 deletion or L858R", "EGFR exon 19 deletion OR EGFR L858R"),
        ("KRAS amplification or mutation", "KRAS amplification OR KRAS mutation"),
        ("KIT mutation (no PDGFRA D842V)", "KIT mutation"),
        ("KIT exon 13, 14 or 17 secondary mutation", "KIT exon 13/14/17 secondary mutation"),
        ("PIK3CA, AKT1 or PTEN alteration", "PIK3CA OR AKT1 OR PTEN alteration"),
        ("BRCA mutation or genomic instability", "BRCA1 mutation OR BRCA2 mutation OR HRD high"),
        ("NTRK Solvent-front Mutation", "NTRK1 Solvent-front Mutation OR NTRK2 Solvent-front Mutation OR "),
        ("Mismatch repair deficiency", "MSI high OR MLH1 loss OR MSH2 loss OR MSH6 loss OR PMS2 loss"),
        ("ERBB2 amplification AND RAS wildtype", "ERBB2 amplification AND HRAS wildtype OR KRAS wildtype OR "),
        ("PIK3CA mutation AND PI3K pathway alteration", "PIK3CA mutation AND AKT1 alteration OR PIK3CA alteration OR "),
        ("ESR1 mutation emerging on aromatase inhibitor", "ESR1 mutation"),
    ],
)
def test_everyday_words_are_a_profile(words: str, profile: str) -> None:
    assert plain_profile(words).startswith(profile)


def test_changes_in_brackets_are_those_of_the_gene() -> None:
    (part,) = profile_parts(plain_profile("BTK kinase-impaired mutation (V416L, C481F, C481Y)"))

    assert part.substitutions == {416: {"L"}, 481: {"F", "Y"}}


@pytest.mark.parametrize(
    ("profile", "exons"), [("KIT exon 13/14 mutation", (13, 14)), ("MET exon 14-16 deletion", (14, 15, 16))]
)
def test_exons_are_read_singly_and_in_ranges(profile: str, exons: tuple[int, ...]) -> None:
    (part,) = profile_parts(profile)

    assert part.exons == exons


@pytest.mark.parametrize(
    ("profile", "family"),
    [
        ("JAK1 loss-of-function", "mutation"),
        ("JAK1 loss-of-function", "loss"),
        ("BRCA1 deficiency", "loss"),
        ("BRCA1 reversion mutation", "mutation"),
        ("ERBB2 not expressed (IHC 0)", "dose"),
        ("ERBB2 low copy number", "dose"),
        ("MGMT promoter unmethylated", "dose"),
        ("BRAF V600E splice variant lacking the RAS-binding domain", "splicing"),
    ],
)
def test_words_of_an_alteration_tell_its_kind(profile: str, family: str) -> None:
    (part,) = profile_parts(profile)

    assert family in part.families
