"""CIViC's file of evidence: what is read of it, and what is said of one that is no such file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.domains.oncology.curate.civic.file import MOST_FAULTS, read_civic_file

EVIDENCE = Path(__file__).with_name("civic_evidence.tsv")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The evidence with ``old``, which stands there once, replaced."""
    text = EVIDENCE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file = tmp_path / "evidence.tsv"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def told(file: Path) -> list[str]:
    with pytest.raises(InputError) as refusal:
        read_civic_file(file)
    return [str(fault).removeprefix(str(file)) for fault in refusal.value.faults]


def test_a_bare_quotation_mark_joins_no_lines() -> None:
    assert len(read_civic_file(EVIDENCE)) == EVIDENCE.read_text(encoding="utf-8").count("\n") - 1


def test_an_item_as_it_stands_in_the_file() -> None:
    item = next(item for item in read_civic_file(EVIDENCE) if item.id == "EID977")
    assert (item.profile, item.disease) == ("EGFR Amplification", "Lung Non-small Cell Carcinoma")
    assert (item.therapies, item.interaction) == (("Gefitinib", "Erlotinib"), "Substitutes")
    assert (item.significance, item.supports, item.level) == ("Sensitivity/Response", False, "B")
    assert (item.reference, item.citation) == ("PMID:26722081", "Fiala et al., 2016")
    assert (item.predictive, item.accepted, item.origin, item.flagged) == (True, True, "Somatic", False)


def test_no_sentence_of_civic_is_kept() -> None:
    assert "sentence" not in repr(read_civic_file(EVIDENCE))


@pytest.mark.parametrize(
    ("citation", "reference"),
    [
        ("17020982\tPubMed\t", "PMID:17020982"),
        ("169315\tASCO\t187", "ASCO:187"),
        ("231047\tASCO\t", None),
        ("177193\tASCO\t0", None),
        ("10.1182/blood-2022-163099\tASH\t", "DOI:10.1182/blood-2022-163099"),
        ("4500\tASH\t", "ASH:4500"),
        ("\tPubMed\t", None),
    ],
)
def test_references_as_the_rulebase_writes_them(tmp_path: Path, citation: str, reference: str | None) -> None:
    file = changed(tmp_path, "17020982\tPubMed\t", citation)
    assert next(item.reference for item in read_civic_file(file) if item.id == "EID2159") == reference


def test_a_mark_of_the_byte_order_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "evidence.tsv"
    file.write_bytes(b"\xef\xbb\xbf" + EVIDENCE.read_bytes())
    assert read_civic_file(file) == read_civic_file(EVIDENCE)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("rejected\t7363", "rejected\tEID7363", ":18: evidence_id 'EID7363'; expected a number"),
        ("rejected\t7363", "rejected\t239", ":18: the item EID239 stands here for the second time"),
        (
            "Predictive\tSupports\tE",
            "Predictive\tSupports\tF",
            ":7: evidence_level 'F'; expected A or B or C or D or E",
        ),
        (
            "Does Not Support\tC",
            "Refutes\tC",
            ":16: evidence_direction 'Refutes'; expected Supports or Does Not Support",
        ),
        (
            "AEE788\tSequential",
            "AEE788\tBoth",
            ":5: therapy_interaction_type 'Both'; expected nothing or Combination or Substitutes or Sequential",
        ),
        (
            "Melanoma\t1909\t\tVemurafenib\t\t",
            "Melanoma\t1909\tVemurafenib\t\t",
            ":3: fewer columns than the first line; expected a tab between all columns, and none in them",
        ),
        (
            "Melanoma\t1909\t\tVemurafenib\t\t",
            "Melanoma\t1909\t\t\tVemurafenib\t\t",
            ":3: more columns than the first line; expected a tab between all columns, and none in them",
        ),
        (
            "evidence_level\tsignificance",
            "level\tmeaning",
            ":1: no column evidence_level, significance; expected CIViC's evidence as tab-separated values",
        ),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert told(changed(tmp_path, old, new)) == [fault]


def test_the_faults_of_all_lines_are_named_at_once(tmp_path: Path) -> None:
    file = changed(tmp_path, "rejected\t7363", "rejected\tEID7363")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Predictive\tSupports\tE", "Predictive\tsupports\tF"), encoding="utf-8")
    assert [fault.split(";")[0] for fault in told(file)] == [
        ":7: evidence_level 'F'",
        ":7: evidence_direction 'supports'",
        ":18: evidence_id 'EID7363'",
    ]


def test_a_file_of_faults_is_not_read_to_its_end(tmp_path: Path) -> None:
    header = EVIDENCE.read_text(encoding="utf-8").partition("\n")[0]
    file = tmp_path / "evidence.tsv"
    file.write_text("\n".join([header, *("no columns" for _ in range(3 * MOST_FAULTS))]), encoding="utf-8")
    assert len(told(file)) == MOST_FAULTS


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ":1: no evidence of CIViC"),
        (b"a,b\n1,2\n", ":1: no evidence of CIViC"),
        (b"\xff\xfe\x00", ": is not text in UTF-8"),
        (EVIDENCE.read_bytes().partition(b"\n")[0], ": holds no evidence item"),
        (EVIDENCE.read_bytes().partition(b"\n")[0] + b"\n" + b"a" * 200_000, ": cannot be read: field larger than"),
    ],
    ids=["empty", "another table", "UTF-16", "no items", "a field too large"],
)
def test_what_is_no_file_of_evidence_is_said_to_be_none(tmp_path: Path, content: bytes, fault: str) -> None:
    file = tmp_path / "evidence.tsv"
    file.write_bytes(content)
    # The limit is one of the whole process, and may have been raised in it for other files.
    before = csv.field_size_limit(131_072)
    try:
        (only,) = told(file)
    finally:
        csv.field_size_limit(before)
    assert only.startswith(fault)
    assert only.endswith("expected CIViC's evidence as tab-separated values")


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert told(tmp_path / "none.tsv")[0].startswith(": cannot be read: No such file or directory")
