"""What the command line says of sequences and mutations of a virus that are wrong: each fault, and no file."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.unit.cli.virus.virus_runs import (
    CASE,
    POL,
    Run,
    changed,
    evaluate,
    fasta,
    file,
    refused,
    report,
    verdicts,
)

# --- sequences that are wrong -------------------------------------------------------------------------------------

_random = random.Random(7)
# Of no virus: bases at random, as many as a small human gene has.
STRANGER = "".join(_random.choice("ACGT") for _ in range(1500))
PROTEIN = "PQITLWQRPLVTIKIGGQLKEALLDTGADDTVLEEMNLPGRWKPKMIGGIGGFIKVRQYDQILIEICGHKAIGTVLVGPTPVNIIGRNLLTQIGCTLNF"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "bad.fasta: is empty; expected FASTA: '>' and a name, then lines of nucleotides"),
        (">a\n", "bad.fasta:1: the record 'a' is empty; expected nucleotides in IUPAC letters"),
        (">a\n" + 900 * "N" + "\n", "bad.fasta:1: the record 'a' holds nothing but N; expected a sequence"),
        (f">a\n{PROTEIN}\n", "bad.fasta:1: the record 'a' is a protein sequence; expected the nucleotides that encode"),
        (f">a\n{STRANGER}\n", "bad.fasta:1: the record 'a' aligns with none of CA, PR, RT, IN; expected a sequence of"),
        (">a\nCCTCAGATC\n", "bad.fasta:1: the record 'a' has 9 bases, too few to align; expected at least 45"),
        (POL, "bad.fasta:1: a sequence without a header; expected FASTA"),
        (f">a\n{POL[:300]}J{POL[300:]}\n", "bad.fasta:2:301: the record 'a' holds 'J', which stands for no nucleotide"),
        (b"\x1f\x8b\x08binary", "bad.fasta: is compressed by gzip; unpack it first"),
        (b">a\n\xff\xfe\xfa\n", "bad.fasta: is not text in UTF-8 (byte 3 cannot be read)"),
    ],
    ids=["empty file", "empty record", "all N", "protein", "wrong organism", "short", "no header", "letter", "gzip",
         "not text"],
)  # fmt: skip
def test_a_sequence_that_cannot_be_read_is_one_clear_fault(run: Run, content: str | bytes, said: str) -> None:
    faults = refused(evaluate(run, file("bad.fasta", content), "--json", "out.json"))
    assert len(faults) == 1
    assert faults[0].startswith(said)


def test_every_faulty_record_is_told_and_nothing_is_written(run: Run) -> None:
    one = fasta("one.fasta", ("good", POL), ("void", ""), ("protein", PROTEIN), ("good", POL))
    two = fasta("two.fasta", ("n", 900 * "N"), ("stranger", STRANGER))
    faults = refused(evaluate(run, one, "missing.fasta", two, "--jsonl", "out.jsonl"))
    assert [fault.split(" ", 1)[0] for fault in faults] == [
        "one.fasta:3:", "one.fasta:5:", "one.fasta:7:", "missing.fasta:", "two.fasta:1:", "two.fasta:3:",
    ]  # fmt: skip
    assert faults[2] == (
        "one.fasta:7: the record 'good' is given twice, first in line 1; expected a name of its own for each record"
    )


def test_a_record_of_two_files_is_told(run: Run) -> None:
    one, two = fasta("one.fasta", ("a", POL)), fasta("two.fasta", ("a", POL))
    assert refused(evaluate(run, one, two, "--jsonl", "out.jsonl")) == [
        "two.fasta:1: the record 'a' is given twice, first in one.fasta; expected each name once"
    ]


def test_a_record_of_5_mb_is_refused_at_once(run: Run) -> None:
    assert refused(evaluate(run, fasta("long.fasta", ("long", 5_000_000 * "A")), "--json", "out.json")) == [
        "long.fasta:1: the record 'long' is 5,000,000 letters long; expected one virus of at most 100,000 bases"
    ]


def test_10_000_short_sequences(run: Run) -> None:
    piece = changed(RT184="GTG")[297 + 3 * 180 : 297 + 3 * 220]
    # Every other one with another silent codon, so that not all are the same.
    records = ((f"s{number}", piece if number % 2 else piece[:12] + "GAC" + piece[15:]) for number in range(10_000))
    done = evaluate(run, fasta("many.fasta", *records), "--jsonl", "out.jsonl")
    assert done == (0, "", "")
    lines = Path("out.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 10_000
    assert json.loads(lines[-1])["sample"]["id"] == "s9999"
    assert all("RT:M184V" in line for line in lines)


def test_10_000_lists_of_mutations(run: Run) -> None:
    name = file("many.tsv", "".join(f"s{number}\tRT:M184V K103N, PR:L90M\n" for number in range(10_000)))
    assert evaluate(run, "--mutations-file", name, "--jsonl", "out.jsonl") == (0, "", "")
    with Path("out.jsonl").open(encoding="utf-8") as lines:
        assert sum(1 for _ in lines) == 10_000


def test_a_fault_in_the_last_of_many_patients_leaves_no_file(run: Run) -> None:
    lines = [f"s{number}\tRT:M184V\n" for number in range(2000)]
    name = file("many.tsv", "".join([*lines, "last\tRT:A184V\n"]))
    file("earlier.jsonl", "kept")
    assert refused(evaluate(run, "--mutations-file", name, "--jsonl", "earlier.jsonl")) == [
        "many.tsv:2001:6: 'RT:A184V': RT has M at 184, not A; did you mean RT:M184V?"
    ]
    assert Path("earlier.jsonl").read_text() == "kept"


# --- mutations that are wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mutations", "said"),
    [
        ("", ["--mutations: no mutation and no sequenced gene is given; nothing can be assessed; expected mutations"]),
        ("RT:184V 184I", ["'184I, RT:184V': RT 184 is listed as M184I and as M184V; expected one entry for each "
                          "position; did you mean RT:M184I/V for a mixture?"]),
        ("RT:M184V none", ["contradicts RT M184V; expected one of the two"]),
        ("RT:M184B", ["'RT:M184B': there is no residue 'B'; expected the 20 amino acids in one-letter code, * (stop), "
                      "ins or del; did you mean M184D/N?"]),
        ("RT:M184O PR:L90J", ["there is no residue 'O'", "there is no residue 'J'"]),
        ("RT:A184V", ["'RT:A184V': RT has M at 184, not A; did you mean RT:M184V?"]),
        ("PR:L100M", ["PR has no position 100; expected a position of PR, which has 99 residues; did you mean RT:"]),
        ("XY:M184V L90M", ["'XY:M184V': unknown gene 'XY'; expected one of CA, PR, RT, IN"]),
        ("env:V3L", ["unknown gene 'env'; expected one of CA, PR, RT, IN"]),
        ("HIV2RT:M184V", ["is a gene of HIV-2, and this rule set is for HIV-1"]),
        ("M184V", ["has no gene; expected one of CA, PR, RT, IN before it; did you mean RT:M184V?"]),
        (f"RT:{POL[:60]}", ["is neither a gene nor a mutation; expected a gene (CA, PR, RT, IN), or a mutation such"]),
        (f"RT:{PROTEIN[:60]}", ["is neither a gene nor a mutation; expected a gene (CA, PR, RT, IN), or a mutation"]),
        ("RT:M184V " * 3000, ["the list has 27,000 characters; expected at most 20,000 in a list of one sample"]),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)  # fmt: skip
def test_mutations_that_cannot_be_read_are_told_each(run: Run, mutations: str, said: list[str]) -> None:
    faults = refused(evaluate(run, "--mutations", mutations, "--json", "out.json"))
    assert len(faults) == len(said)
    for fault, words in zip(faults, said, strict=True):
        assert fault.startswith("--mutations")
        assert words in fault


def test_a_gene_that_was_not_sequenced_because_there_is_none(run: Run) -> None:
    faults = refused(run("evaluate", *CASE, "--assayed", "RT,XY", "--json", "out.json"))
    assert len(faults) == 1
    assert "unknown gene 'XY'; expected one of CA, PR, RT, IN" in faults[0]


def test_a_name_that_is_none(run: Run) -> None:
    assert refused(run("evaluate", *CASE, "--sample", "", "--json", "out.json")) == [
        "--sample: '' is no name; expected a name"
    ]


def test_every_faulty_line_of_a_file_is_told_with_its_place(run: Run) -> None:
    content = "a\tRT:M184V\nb RT:M184V\nc\tRT:M184V A65R\na\tPR:L90M\n\tRT:M184V\nf\tXY:M184V\n"
    faults = refused(evaluate(run, "--mutations-file", file("bad.tsv", content), "--jsonl", "out.jsonl"))
    assert faults == [
        "bad.tsv:2: there is no TAB in the line; expected id<TAB>mutations",
        "bad.tsv:3:12: 'A65R': RT has K at 65, not A; did you mean RT:K65R or CA:A65R?",
        "bad.tsv:4: the sample 'a' is given twice, first in line 1; expected each sample once",
        "bad.tsv:5: the id is no name; expected id<TAB>mutations",
        "bad.tsv:6:3: 'XY:M184V': unknown gene 'XY'; expected one of CA, PR, RT, IN",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n# nothing\n", "holds no sample"),
        (b">a\nCCTCAGATC\n", "is a FASTA file of sequences, not of mutations"),
        (b"PK\x03\x04 a spreadsheet", "is a ZIP archive or a spreadsheet"),
        (b"a\tRT:M184V\x00\n", "holds binary data"),
    ],
)
def test_a_file_that_holds_no_lists_is_one_clear_fault(run: Run, content: bytes, said: str) -> None:
    faults = refused(evaluate(run, "--mutations-file", file("bad.tsv", content), "--jsonl", "out.jsonl"))
    assert len(faults) == 1
    assert faults[0].startswith(f"bad.tsv: {said}")


def test_what_cannot_be_read_is_told_for_both_kinds_of_files(run: Run) -> None:
    assert refused(evaluate(run, "missing.fasta")) == ["missing.fasta: cannot be read: No such file or directory"]
    assert refused(evaluate(run, "--mutations-file", "missing.tsv")) == [
        "missing.tsv: cannot be read: No such file or directory"
    ]
    assert refused(evaluate(run, "."))[0].startswith(".: is a folder; expected FASTA")
    assert refused(evaluate(run, "--mutations-file", "."))[0].startswith(".: is a folder; expected a text file")


def test_to_keep_going_lists_in_the_report_what_was_set_aside(run: Run) -> None:
    found = report(evaluate(run, "--mutations", "RT:M184V A65R, XY:L90M", "--keep-going", "--json", "-"))
    assert [item["entry"] for item in found["not_understood"]] == ["A65R", "XY:L90M"]
    assert verdicts(found)["3TC"]["score"] == 60
    # A position that was listed and could not be understood is not covered.
    assert next(gene["read"] for gene in found["genes"] if gene["gene"] == "RT") == [[1, 64], [66, 560]]
