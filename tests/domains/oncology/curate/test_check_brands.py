"""A brand is the name of a label of its drug, as lists of evidence have it, or listed with the reason."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from resistab.curation.check import check_path
from resistab.domains.oncology.checks.labels import cited_label
from resistab.domains.oncology.checks.source_items import NamedLabel
from tests.paths import SMALL

ON = datetime.date(2026, 11, 22)
APPROVALS = "authority\tdrugs\tbiomarkers\toncotree\tfirst_approved\tlabel\n"
IRESSA = "EMA\tgefitinib\tEGFR p.L858R\tNSCLC\t2009-06-24\tIressa label of 2023-07-06\n"
BESIDE = "EMA\tgefitinib + osimertinib\tEGFR p.L858R\tNSCLC\t2009-06-24\tTarceva label of 2023-07-06\n"
EXPECTED = "tumour\tfindings\tassayed\tdrug\texpected\tbasis\tsource\n"
EXPECTED += "MEL\tBRAF V600E\tBRAF\tvemurafenib\tsensitive\tapproved\t"
EXCEPTION = "at_most: 0\nbrands:\n  - {brand: Iressa, reason: the list misspells it}\n"


def found(folder: Path, brands: str, *lists: str, exceptions: str = "") -> tuple[list[tuple[str, str]], list[str]]:
    """What is wrong with the brands of gefitinib, and what is told of all of them."""
    ruleset = shutil.copytree(SMALL, folder / "small")
    drugs = ruleset / "drugs.yaml"
    drugs.write_text(drugs.read_text().replace("aliases: [iressa]", f"brands: [{brands}]"))
    if exceptions:
        (ruleset / "citation_exceptions.yaml").write_text(exceptions)
    given = [folder / f"{number}.tsv" for number in range(len(lists))]
    for path, text in zip(given, lists, strict=True):
        path.write_text(text)
    result = check_path(ruleset, ON, given)
    told = [line for part in result.evidence or () for line in part.lines if "brands" in line]
    return [(item.code, item.text) for item in result.findings if "RT360" <= item.code < "RT370"], told


def test_brand_of_a_label_of_its_drug_alone_is_verified(tmp_path: Path) -> None:
    assert found(tmp_path, "Iressa", APPROVALS + IRESSA) == (
        [],
        ["1 of 1 brands verified by the names of labels, 0 more by exception"],
    )


def test_brand_is_spelled_as_the_label_spells_it(tmp_path: Path) -> None:
    faults, _ = found(tmp_path, "Irressa", APPROVALS + IRESSA)

    assert sorted(code for code, _ in faults) == ["RT360", "RT362"]
    assert any("'Irressa' is not known as a brand of gefitinib: no label" in text for _, text in faults)


def test_label_that_is_named_with_other_drugs_is_of_none_of_them(tmp_path: Path) -> None:
    faults, _ = found(tmp_path, "Iressa, Tarceva", APPROVALS + IRESSA + IRESSA.replace("Iressa", "Tarceva"))
    assert faults == []
    shutil.rmtree(tmp_path / "small")

    other = IRESSA.replace("Iressa", "Tarceva").replace("gefitinib", "vemurafenib")
    ((code, text),), _ = found(tmp_path, "Iressa, Tarceva", APPROVALS + IRESSA + other)
    assert code == "RT360"
    assert "its label is named with vemurafenib" in text


def test_label_is_named_with_what_is_given_beside_the_drug(tmp_path: Path) -> None:
    assert found(tmp_path, "Tarceva", APPROVALS + BESIDE)[0] == []


def test_exception_lets_a_brand_pass(tmp_path: Path) -> None:
    listed = APPROVALS + IRESSA.replace("Iressa", "Iresa") + IRESSA.replace("Iressa", "Irressa")
    faults, (line,) = found(tmp_path, "Iressa, Irressa", listed, exceptions=EXCEPTION)

    assert faults == []
    assert line.startswith("1 of 2 brands verified by the names of labels, 1 more by exception; ")
    assert line.endswith("labels by whose name no drug is known: Iresa")


def test_exception_that_nothing_needs_is_told(tmp_path: Path) -> None:
    ((code, text),), _ = found(tmp_path, "Iressa", APPROVALS + IRESSA, exceptions=EXCEPTION)

    assert (code, text) == ("RT361", "the exception for Iressa is no longer needed")


def test_where_no_brand_is_verified_the_check_fails(tmp_path: Path) -> None:
    listed = APPROVALS + IRESSA.replace("Iressa", "Iresa")
    faults, _ = found(tmp_path, "Iressa", listed, exceptions=EXCEPTION)

    assert [code for code, _ in faults] == ["RT362"]


@pytest.mark.parametrize("source", ["FDA label Tarceva", "NCCN MEL; Tarceva label", "FDA label Tarceva 2023; PMID:1"])
def test_source_of_an_expected_verdict_names_a_label(tmp_path: Path, source: str) -> None:
    faults, _ = found(tmp_path, "Iressa, Tarceva", APPROVALS + IRESSA, f"{EXPECTED}{source}\n")

    assert [text for _, text in faults if "vemurafenib" in text], "it is vemurafenib's"


@pytest.mark.parametrize(
    ("reference", "short", "label"),
    [
        (
            "LABEL:inavolisib 2024-10",
            "Itovebi package insert",
            NamedLabel("Itovebi", frozenset({"inavolisib"}), exact=True),
        ),
        (
            "LABEL:niraparib and abiraterone acetate 2025-12",
            "Akeega package insert",
            NamedLabel("Akeega", frozenset({"niraparib", "abiraterone acetate"}), exact=True),
        ),
        (
            "LABEL:Hyrnuo 2025-11",
            "Hyrnuo (sevabertinib) prescribing information, section 1",
            NamedLabel("Hyrnuo", frozenset({"sevabertinib"}), exact=True),
        ),
        ("LABEL:EMA Caprelsa 2023-08-16", "Caprelsa label", NamedLabel("Caprelsa", frozenset({"a", "b"}))),
        ("PMID:1", "Label et al., 2001", None),
        ("LABEL:trametinib 2024-03", "package insert of trametinib", None),
    ],
)
def test_short_citation_names_the_label(reference: str, short: str, label: NamedLabel | None) -> None:
    assert cited_label(reference, short, ("a", "b")) == label
