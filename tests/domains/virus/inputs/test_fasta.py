"""FASTA: what is read from good files, and the exact message for each bad one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.core.faults import InputError
from resistab.domains.virus.inputs.fasta import (
    IUPAC,
    MOST_BASES,
    MOST_BYTES,
    MOST_NAME,
    FastaRecord,
    parse_fasta,
    read_fasta,
)
from resistab.files.opening import looks_like_fasta

HEADER = "FASTA: '>' and a name, then lines of nucleotides"
LETTERS = "nucleotides in IUPAC letters (A C G T U R Y S W K M B D H V N)"


def messages(text: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        parse_fasta(text, "x.fasta")
    return [str(fault) for fault in refused.value.faults]


def messages_of_bytes(folder: Path, content: bytes) -> list[str]:
    path = folder / "x.fasta"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_fasta(path)
    return [str(fault).removeprefix(str(path)) for fault in refused.value.faults]


def test_a_record_is_its_lines_put_together_in_upper_case() -> None:
    (record,) = parse_fasta(">patient 1\nacgt\n ac gt\n\nACGT\n", "x.fasta")
    assert record == FastaRecord("patient 1", "ACGTACGTACGT", 1, "x.fasta")


def test_records_keep_their_order_and_know_their_lines() -> None:
    records = parse_fasta("; made by hand\n>b\nA\n>a\nC\n", "x.fasta")
    assert [(record.name, record.line) for record in records] == [("b", 2), ("a", 4)]


@pytest.mark.parametrize("mark", [";", "#", " # ", "##"])
def test_lines_of_comments_are_no_part_of_a_sequence(mark: str) -> None:
    (record,) = parse_fasta(f"{mark}made by hand\n>a\nACG\n{mark} ACGT\n\nTTT\n{mark}", "x.fasta")
    assert (record.name, record.sequence, record.line) == ("a", "ACGTTT", 2)


def test_a_file_of_comments_alone_is_empty() -> None:
    assert messages("# nothing\n; at all\n") == [f"x.fasta: is empty; expected {HEADER}"]


def test_uracil_is_read_as_thymine() -> None:
    assert parse_fasta(">a\nAUGu", "x")[0].sequence == "ATGT"


def test_gaps_are_removed_and_counted() -> None:
    record = parse_fasta(">a\n--AC.GT~\n", "x")[0]
    assert (record.sequence, record.gaps) == ("ACGT", 4)


def test_every_iupac_letter_is_a_nucleotide() -> None:
    assert set(parse_fasta(">a\nACGTRYSWKMBDHVN\n", "x")[0].sequence) == IUPAC


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str) -> None:
    records = parse_fasta(end.join([">a", "AC", "GT", ">b", "TT", ""]), "x")
    assert [(r.name, r.sequence, r.line) for r in records] == [("a", "ACGT", 1), ("b", "TT", 4)]


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "x.fasta"
    path.write_bytes(b"\xef\xbb\xbf>a\r\nACGT\r\n")
    assert [(r.name, r.sequence) for r in read_fasta(path)] == [("a", "ACGT")]


def test_ten_thousand_records_are_read() -> None:
    assert len(parse_fasta("".join(f">s{i}\nACGTACGT\n" for i in range(10_000)), "x")) == 10_000


@given(st.lists(st.text("ACGTRYSWKMBDHVN", min_size=1), min_size=1, max_size=6), st.integers(1, 9))
def test_what_is_written_is_read_whatever_the_length_of_lines(sequences: list[str], width: int) -> None:
    lines = []
    for number, sequence in enumerate(sequences):
        lines += [f">s{number}", *(sequence[at : at + width] for at in range(0, len(sequence), width))]
    assert [record.sequence for record in parse_fasta("\n".join(lines), "x")] == sequences


@pytest.mark.parametrize("head", [">a\nACGT", "\ufeff>a", "\n\n  >a"])
def test_text_that_begins_with_a_header_looks_like_fasta(head: str) -> None:
    assert looks_like_fasta(head)


@pytest.mark.parametrize("head", ["", "RT:M184V", "sample: a", "s1\tM184V > K65R"])
def test_other_text_does_not(head: str) -> None:
    assert not looks_like_fasta(head)


def test_an_empty_file() -> None:
    assert messages(" \n\n") == [f"x.fasta: is empty; expected {HEADER}"]


def test_a_sequence_without_a_header_is_told_once() -> None:
    assert messages("\nACGT\nACGT\n>a\nAC\n") == [f"x.fasta:2: a sequence without a header; expected {HEADER}"]


def test_an_empty_record() -> None:
    assert messages(">a\n>b\nAC\n") == [f"x.fasta:1: the record 'a' is empty; expected {LETTERS}"]


def test_a_record_of_gaps_alone_is_empty() -> None:
    assert messages(">a\n----\n") == [f"x.fasta:1: the record 'a' is empty; expected {LETTERS}"]


def test_a_record_without_a_name() -> None:
    assert messages(">\nAC\n") == [f"x.fasta:1: the record's name is no name; expected {HEADER}"]


def test_a_name_that_cannot_be_printed() -> None:
    assert messages(">a\x07\nAC\n") == [
        f"x.fasta:1: the record's name holds characters that cannot be printed; expected {HEADER}"
    ]


def test_a_name_that_is_no_name() -> None:
    assert messages(">" + "a" * (MOST_NAME + 1) + "\nAC\n") == [
        "x.fasta:1: the record's name is 1,001 characters long; expected at most 1,000"
    ]


def test_a_name_given_twice() -> None:
    assert messages(">a\nAC\n>a\nAC\n") == [
        "x.fasta:3: the record 'a' is given twice, first in line 1; expected a name of its own for each record"
    ]


def test_a_protein_is_named_as_such() -> None:
    assert messages(">a\nPQITLWQRPLVTIKIGGQLKEALLDTGADDTVLEE\n") == [
        "x.fasta:1: the record 'a' is a protein sequence; expected the nucleotides that encode it"
    ]


def test_a_letter_that_is_no_nucleotide_has_its_place() -> None:
    assert messages(">a\nACGTACGTACGT\nACGJACGTACGT\n") == [
        f"x.fasta:3:4: the record 'a' holds 'J', which stands for no nucleotide; expected {LETTERS}"
    ]


def test_several_are_counted() -> None:
    assert messages(">a\nACG?ACGTACG1ACGT\x00?\n") == [
        f"x.fasta:2:4: the record 'a' holds U+0000, '1', '?', which stands for no nucleotide, 4 times in all; "
        f"expected {LETTERS}"
    ]


def test_a_record_of_five_million_bases() -> None:
    assert messages(">a\n" + "A" * 5_000_000) == [
        f"x.fasta:1: the record 'a' is 5,000,000 letters long; expected one virus of at most {MOST_BASES:,} bases"
    ]


def test_all_faults_are_told_in_one_run() -> None:
    assert [text.split(";")[0] for text in messages("AC\n>a\n>b\nA!\n>b\nAC\n>c\nMEEPQ\n")] == [
        "x.fasta:1: a sequence without a header",
        "x.fasta:2: the record 'a' is empty",
        "x.fasta:4:2: the record 'b' holds '!', which stands for no nucleotide",
        "x.fasta:5: the record 'b' is given twice, first in line 3",
        "x.fasta:7: the record 'c' is a protein sequence",
    ]


def test_a_compressed_file(tmp_path: Path) -> None:
    assert messages_of_bytes(tmp_path, gzip.compress(b">a\nAC\n")) == [
        f": is compressed by gzip; unpack it first; expected {HEADER}"
    ]


def test_a_binary_file(tmp_path: Path) -> None:
    assert messages_of_bytes(tmp_path, b">a\nAC\x00GT") == [f": holds binary data; expected {HEADER}"]


def test_text_in_another_coding(tmp_path: Path) -> None:
    assert messages_of_bytes(tmp_path, ">Müller\nAC".encode("latin-1")) == [
        f": is not text in UTF-8 (byte 2 cannot be read); expected {HEADER}"
    ]


def test_a_file_beyond_all_measure(tmp_path: Path) -> None:
    path = tmp_path / "x.fasta"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(InputError, match=r"is larger than 200 MB; expected several smaller files"):
        read_fasta(path)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; expected FASTA"):
        read_fasta(tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file or directory"):
        read_fasta(tmp_path / "none.fasta")


def test_a_file_of_mutation_lists_is_sent_to_its_option() -> None:
    with pytest.raises(InputError, match=r"a sequence without a header; .* goes with --mutations-file"):
        parse_fasta("patient-1\tRT:M184V\n", "lists.tsv")
