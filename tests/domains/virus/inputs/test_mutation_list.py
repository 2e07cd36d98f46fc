"""Lists of mutations in the spellings that laboratories use, and files of many patients."""

from __future__ import annotations

import gzip
import itertools
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resistab.core.faults import Fault, InputError
from resistab.domains.virus.genotype import GeneCoverage, ViralGenotype
from resistab.domains.virus.grammar.residues import ALPHABET, residue_order
from resistab.domains.virus.inputs import mutations_file
from resistab.domains.virus.inputs.mutation_list import MOST_CHARACTERS, MOST_FAULTS, MutationReader
from resistab.domains.virus.inputs.mutations_file import read_mutation_genotypes, read_mutations_file
from tests.cases import cases_beside
from tests.domains.virus.inputs.small_rules import PROTEINS, rulebase

READER = MutationReader(rulebase())
UNALIGNED = MutationReader(rulebase(sequences=False))


def fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
    return Fault(where="list", message=message, column=column, expected=expected, suggestion=suggestion)


def read(text: str, reader: MutationReader = READER, **given: Any) -> ViralGenotype:
    return reader.read(text, "p1", fault_at, **given)


def faults(text: str, reader: MutationReader = READER, **given: Any) -> list[str]:
    with pytest.raises(InputError) as error:
        read(text, reader, **given)
    return [str(fault) for fault in error.value.faults]


def said(genotype: ViralGenotype) -> list[tuple[str, int, str, str]]:
    """Gene, position, residues and inserted residues of each finding."""
    return [(f.gene, f.position, "".join(f.residues), f.inserted) for f in genotype.findings]


@cases_beside
def test_a_mutation_is_read_in_this_spelling(text: str, gene: str, position: int, residues: str, inserted: str) -> None:
    assert said(read(text)) == [(gene, position, "".join(sorted(residues, key=residue_order)), inserted)]


@pytest.mark.parametrize("between", [",", " ", ", ", ";", "+", "\t", "\n", " ; "])
def test_mutations_are_separated_in_any_of_these_ways(between: str) -> None:
    genotype = read(between.join(["RT:M184V", "K65R", "PR:L90M"]))
    assert [finding.text for finding in genotype.findings] == ["PR L90M", "RT K65R", "RT M184V"]


def test_a_gene_holds_until_the_next() -> None:
    assert said(read("IN:140S 148H PR: 90M, RT 184V")) == [
        ("PR", 90, "M", ""),
        ("RT", 184, "V", ""),
        ("IN", 140, "S", ""),
        ("IN", 148, "H", ""),
    ]


def test_a_finding_names_the_reference_and_what_was_given() -> None:
    finding = read("RT:184mv").findings[0]
    assert (finding.text, finding.reference, finding.given) == ("RT M184MV", "M", "184mv")


def test_a_gene_with_a_listed_mutation_counts_as_sequenced() -> None:
    assert read("RT:M184V").coverage == (GeneCoverage("RT", None, inferred=True),)


def test_genes_that_were_stated_to_be_sequenced_are_not_inferred() -> None:
    assert read("RT:M184V", genes=["in", "HIV1RT"]).coverage == (GeneCoverage("RT"), GeneCoverage("IN"))


@pytest.mark.parametrize("text", ["RT:none", "RT wt", "rt: None"])
def test_none_says_that_a_gene_was_sequenced(text: str) -> None:
    genotype = read(text)
    assert (genotype.findings, genotype.coverage) == ((), (GeneCoverage("RT"),))


def test_the_only_gene_that_was_sequenced_need_not_be_named() -> None:
    assert said(read("M184V", genes=["RT"])) == [("RT", 184, "V", "")]


def test_the_only_gene_of_a_rule_set_need_not_be_named() -> None:
    assert said(read("T66I", MutationReader(rulebase(genes=("IN",))))) == [("IN", 66, "I", "")]


def test_the_reference_itself_is_no_mutation() -> None:
    genotype = read("RT:M184M")
    assert (genotype.findings, genotype.coverage) == ((), (GeneCoverage("RT", None, inferred=True),))
    assert genotype.notes == ("'M184M' names the reference of RT; it is no mutation",)


def test_a_position_that_was_not_read_is_not_covered() -> None:
    genotype = read("RT:K65X M184V")
    assert said(genotype) == [("RT", 184, "V", "")]
    assert genotype.coverage == (GeneCoverage("RT", ((1, 64), (66, 240)), inferred=True),)
    assert genotype.notes == ("RT 65 was not read ('K65X'); it counts as not covered",)


def test_positions_that_were_not_read_at_an_end_and_side_by_side() -> None:
    assert read("PR:P1X Q2X F99X").coverage[0].ranges == ((3, 98),)


def test_without_a_sequence_the_reference_is_the_letter_given() -> None:
    genotype = read("RT:L184V 65R", UNALIGNED)
    assert [(f.position, f.reference) for f in genotype.findings] == [(65, ""), (184, "L")]
    assert read("RT:K65X", UNALIGNED).coverage[0].ranges == ((1, 64), (66, 9999))


def test_the_same_mutation_twice_counts_once() -> None:
    genotype = read("RT:M184V 184V T69_ T69_SS")
    assert said(genotype) == [("RT", 69, "i", "SS"), ("RT", 184, "V", "")]
    assert genotype.notes == ("RT M184V is listed more than once", "RT T69_SS is listed more than once")


# Lower case: where i and d are residues, and where an insertion and a deletion.


def test_a_lone_i_is_an_insertion_among_upper_case() -> None:
    assert said(read("RT:69i,M184V")) == [("RT", 69, "i", ""), ("RT", 184, "V", "")]
    assert said(read("RT:67d,41L")) == [("RT", 41, "L", ""), ("RT", 67, "d", "")]


@pytest.mark.parametrize("text", ["RT:69i", "RT:69i,m184v", "PR:90m RT:69i"])
def test_a_lone_i_is_refused_where_nothing_is_in_upper_case(text: str) -> None:
    assert faults(text)[0].endswith("'i' may be isoleucine or an insertion; did you mean 69ins or 69I?")


def test_i_behind_a_reference_in_lower_case_is_isoleucine() -> None:
    genotype = read("RT:m184i")
    assert said(genotype) == [("RT", 184, "I", "")]
    assert "was read as RT M184I, a residue" in genotype.notes[0]


@cases_beside
def test_a_fault_says_what_is_wrong(text: str, fault: str) -> None:
    told = faults(text)
    assert len(told) == 1
    assert told[0].removeprefix("list: ").startswith(fault)


@cases_beside
def test_a_refused_spelling_names_one_that_is_read(
    text: str, said: str, instead: list[str], residues: list[str]
) -> None:
    with pytest.raises(InputError) as error:
        read(f"RT:{text}")
    (fault,) = error.value.faults
    assert fault.message == f"'RT:{text}': {said}"
    suggested = (fault.suggestion or "").removesuffix(" for a mixture").split(" or ")
    assert suggested == instead
    assert [meaning(read(f"RT:{spelling}")) for spelling in suggested] == residues


def meaning(genotype: ViralGenotype) -> str:
    """The residues of each finding, and whether a position was not read."""
    unread = ["unread"] if any(coverage.ranges is not None for coverage in genotype.coverage) else []
    return " ".join([*("".join(finding.residues) for finding in genotype.findings), *unread])


PIECES = ("del", "ins", "V", "T", "i", "d", "SS", "gs", "Gly", "(98%)", ":0.98", "~98%", "-", "_", "/", "*", "X", "=",
          "wt", "Z", "B", "dup", ">", "K70", "INS", "na", "5", "fs")  # fmt: skip


@pytest.mark.parametrize("site", ["T69", "69", "t69", "Thr69", "K69"])
def test_every_spelling_that_is_suggested_is_read(site: str) -> None:
    chance = random.Random(site)
    suggested = 0
    for _ in range(2000):
        text = f"RT:{site}{''.join(chance.choices(PIECES, k=chance.randint(1, 4)))}"
        try:
            read(text)
            continue
        except InputError as error:
            (suggestion,) = (fault.suggestion for fault in error.faults)
        for spelling in (suggestion or "").removesuffix(" for a mixture").split(" or "):
            if spelling:
                suggested += 1
                read(spelling if spelling.startswith("RT:") else f"RT:{spelling}")
    assert suggested > 100


def test_a_deletion_beside_an_insertion_is_read() -> None:
    assert [meaning(read(f"RT:D67{text}")) for text in ("del/ins", "del_ins")] == ["di", "di"]


@cases_beside
def test_a_word_behind_a_position_is_no_residues(word: str) -> None:
    for text in (f"RT:M184{word}", f"RT:m184{word}", f"RT:184{word}", f"RT:Met184{word}", f"RT:K65K/{word}"):
        (fault,) = faults(text)
        assert f"'{word}' is a word, and no residues; expected " in fault
        assert "residues in capitals for a mixture" in fault


@pytest.mark.parametrize("share", ["98%", "(98%)", "[98%]", "0.98", "(98.5 %)", "98.5%"])
def test_a_share_of_reads_behind_a_mutation_is_one_fault(share: str) -> None:
    (fault,) = faults(f"RT:M184V {share}")
    assert "a share of reads cannot be said in a list of mutations" in fault
    assert fault.endswith("did you mean RT:M184V alone?")


@pytest.mark.parametrize("sign", ["->", ">", "-", "_", "/", "*", "(", "X", "i", "wt/", "del", "ins", "0", "%", "="])
def test_a_sign_given_very_often_is_read_or_refused(sign: str) -> None:
    genotype = read(f"RT:M184{sign * 5000}"[:MOST_CHARACTERS], keep_going=True)
    assert not genotype.coverage or genotype.findings or not genotype.coverage[0].covers(184)


def test_a_residue_apart_from_its_position_belongs_to_it() -> None:
    assert faults("RT:K65 R")[1].endswith("did you mean RT:K65R?")


def test_an_insertion_that_begins_an_entry_is_none_of_integrase() -> None:
    assert "'ins39A': names the change before its position" in faults("RT:M184V ins39A")[0]
    assert said(read("RT:M184V INS39A")) == [("RT", 184, "V", ""), ("IN", 39, "A", "")]


def test_the_faults_of_a_list_are_bounded() -> None:
    told = faults("RT:" + "K103wt " * 1000)
    assert len(told) == MOST_FAULTS + 1
    assert "900 more entries cannot be taken" in told[-1]


def test_the_spellings_that_contradict_each_other_are_bounded() -> None:
    residues = itertools.combinations("ACDEFGHIKL", 2)
    (fault,) = faults("RT:" + " ".join(f"K103{one}/{other}" for one, other in residues))
    assert "and as K103A/G and as others; expected one entry" in fault


def test_every_fault_of_a_list_is_told_with_its_column() -> None:
    with pytest.raises(InputError) as error:
        read("RT:M184V, K65B, L90M PR:90")
    assert [(fault.column, fault.message.partition(":")[0]) for fault in error.value.faults] == [
        (11, "'K65B'"),
        (17, "'L90M'"),
        (22, "'PR"),
    ]


def test_two_references_for_one_position_contradict_each_other() -> None:
    assert "RT 184 is listed as L184V and as M184V" in faults("RT:M184V RT:L184V", UNALIGNED)[0]


def test_a_gene_said_to_be_sequenced_must_be_known() -> None:
    fault = "list: among the genes that were sequenced: unknown gene 'GAG'; expected one of PR, RT, IN"
    assert faults("RT:M184V", genes=["GAG"]) == [fault]
    assert "'RT:M184V'" in faults("RT:M184V", genes=["RT:M184V"])[0]


def test_a_list_that_is_too_long_is_refused() -> None:
    assert "at most 20,000 in a list of one sample" in faults("RT:M184V " * (MOST_CHARACTERS // 9 + 1))[0]


def test_genes_of_hiv_2_belong_to_a_rule_set_for_it() -> None:
    reader = MutationReader(rulebase(sequences=False, ruleset="hiv2"))
    assert said(read("HIV2ART:M184V", reader)) == [("RT", 184, "V", "")]
    assert "'HIV1RT' is a gene of HIV-1" in faults("HIV1RT:M184V", reader)[0]


# Going on.


def test_what_is_not_understood_is_set_aside() -> None:
    genotype = read("RT:M184V RT:foo GAG:K65R M41L", keep_going=True)
    assert said(genotype) == [("RT", 184, "V", "")]
    assert [item.entry for item in genotype.not_understood] == ["GAG:K65R", "M41L", "RT:foo"]
    assert genotype.not_understood[0].reason == "unknown gene 'GAG'; expected one of PR, RT, IN"


def test_a_position_whose_entry_was_set_aside_is_not_covered() -> None:
    genotype = read("RT:M184V K65B", keep_going=True)
    assert genotype.coverage == (GeneCoverage("RT", ((1, 64), (66, 240)), inferred=True),)


def test_no_position_of_an_entry_set_aside_is_covered() -> None:
    assert read("RT:M184V T69_K70del", keep_going=True).coverage[0].ranges == ((1, 68), (71, 240))
    assert read("RT:M184V K-103-N", keep_going=True).coverage[0].ranges == ((1, 102), (104, 240))


def test_an_entry_of_no_known_gene_leaves_its_position_uncovered() -> None:
    genotype = read("M184V RT:K65R PR:L90M", keep_going=True)
    assert [coverage.ranges for coverage in genotype.coverage] == [None, ((1, 183), (185, 240))]
    genotype = read("RT:K65R K-103-N M184V", keep_going=True)
    assert genotype.coverage[0].ranges == ((1, 102), (104, 183), (185, 240))


def test_contradicting_entries_are_all_set_aside() -> None:
    genotype = read("RT:M184V M184I K65R", keep_going=True)
    assert said(genotype) == [("RT", 65, "R", "")]
    assert [item.entry for item in genotype.not_understood] == ["M184I, RT:M184V"]
    assert not genotype.coverage[0].covers(184)


def test_nothing_at_all_is_noted_when_going_on() -> None:
    genotype = read("", keep_going=True)
    assert (genotype.coverage, len(genotype.notes)) == ((), 1)


# Real lists.


def test_a_list_with_an_insertion() -> None:
    text = "PR:I54V,V82A,L90M RT:D67N,T69_,K70R,L74V,M184V,K219Q IN:T66A,G140S"
    assert [finding.text for finding in read(text).findings] == [
        "PR I54V", "PR V82A", "PR L90M",
        "RT D67N", "RT T69ins", "RT K70R", "RT L74V", "RT M184V", "RT K219Q",
        "IN T66A", "IN G140S",
    ]  # fmt: skip


def test_a_list_with_wide_mixtures_a_deletion_and_a_stop() -> None:
    text = "PR:D30KNVY RT:A62CIKPV A98AGHI D67- Y188* IN:Q148HKR"
    assert [(f.position, "".join(f.residues)) for f in read(text).findings] == [
        (30, "KNVY"),
        (62, "CIKPV"),
        (67, "d"),
        (98, "AGHI"),
        (188, "*"),
        (148, "HKR"),
    ]


# Round trip and order.

SITES = [("PR", 90), ("PR", 54), ("RT", 184), ("RT", 69), ("RT", 65), ("IN", 148), ("IN", 66)]
RESIDUE_SETS = st.sets(st.sampled_from(sorted(ALPHABET - {"U"})), min_size=1, max_size=5)
FOUND = st.dictionaries(st.sampled_from(SITES), RESIDUE_SETS, min_size=1)


@given(FOUND)
def test_the_text_of_a_genotype_reads_back_as_the_same(found: dict[tuple[str, int], set[str]]) -> None:
    words = {"i": "ins", "d": "del"}
    text = ",".join(f"{g}:{p}{'/'.join(words.get(r, r) for r in rs)}" for (g, p), rs in found.items())
    genotype = read(text)
    wanted = {place: rs for place, rs in found.items() if rs != {PROTEINS[place[0]][place[1] - 1]}}
    assert {(f.gene, f.position): set(f.residues) for f in genotype.findings} == wanted
    again = read(", ".join(f.text for f in genotype.findings), genes=[c.gene for c in genotype.coverage])
    assert said(again) == said(genotype)


def test_the_order_of_mutations_changes_nothing() -> None:
    entries = ["RT:M184V", "RT:184V", "RT:69i", "RT:K65X", "PR:L90M", "RT:K65B", "IN:Q148H", "XX:1A"]
    genotypes = {
        read(" ".join(order), keep_going=True)
        for order in itertools.islice(itertools.permutations(entries), 0, None, 97)
    }
    assert len(genotypes) == 1


@given(st.text(alphabet="RTPM184VI_ :,-*idnsX/\t+0", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text)
    except InputError as error:
        assert error.faults
    read(text, keep_going=True)


# Files.


@pytest.fixture
def written(tmp_path: Path):
    def written(content: bytes | str) -> Path:
        path = tmp_path / "lists.tsv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def file_faults(path: Path, **given: Any) -> list[str]:
    with pytest.raises(InputError) as error:
        read_mutation_genotypes(path, READER, **given)
    return [str(fault).replace(str(path), "FILE") for fault in error.value.faults]


def test_a_file_has_one_sample_a_line(written: Any) -> None:
    path = written("p1\tRT:M184V,PR:L90M\n\n# a remark\n p2 \tRT K65R\tPR 90M\n")
    assert list(read_mutations_file(path)) == [("p1", "RT:M184V,PR:L90M", 1), ("p2", "RT K65R\tPR 90M", 4)]
    genotypes = read_mutation_genotypes(path, READER)
    assert [(g.sample, len(g.findings)) for g in genotypes] == [("p1", 2), ("p2", 2)]


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated(written: Any) -> None:
    path = written(b"\xef\xbb\xbfp1\tRT:M184V\r\np2\tPR:L90M")
    assert list(read_mutations_file(path)) == [("p1", "RT:M184V", 1), ("p2", "PR:L90M", 2)]


def test_every_fault_of_a_file_is_told_with_line_and_column(written: Any) -> None:
    path = written("p1\tRT:M184V,K65B\np2 RT:M184V\np1\tRT:M41L\np3\tPR:90\n \tPR:L90M\n")
    starts = [
        "FILE:1:13: 'K65B': there is no residue 'B'",
        "FILE:2: there is no TAB in the line; expected id<TAB>mutations",
        "FILE:3: the sample 'p1' is given twice, first in line 1; expected each sample once",
        "FILE:4:4: 'PR:90': says no residue",
        "FILE:5: the id is no name; expected id<TAB>mutations",
    ]
    told = file_faults(path)
    assert len(told) == len(starts)
    assert all(fault.startswith(start) for fault, start in zip(told, starts, strict=True))


def test_the_lines_of_a_file_are_given_before_its_faults(written: Any) -> None:
    lines = read_mutations_file(written("no tab\np1\tRT:M184V\n"))
    assert next(lines) == ("p1", "RT:M184V", 2)
    with pytest.raises(InputError, match="there is no TAB"):
        next(lines)


def test_a_file_is_read_on_past_what_is_not_understood(written: Any) -> None:
    genotypes = read_mutation_genotypes(written("p1\tRT:M184V,K65B\np2\t\n"), READER, keep_going=True)
    assert [len(g.not_understood) for g in genotypes] == [1, 0]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "FILE: is empty; expected a text file in UTF-8 with lines of id<TAB>mutations"),
        (b"# only a remark\n\n", "FILE: holds no sample"),
        (gzip.compress(b"p1\tRT:M184V\n", mtime=0), "FILE: is compressed (gzip); unpack it first"),
        (b"PK\x03\x04rest", "FILE: is a ZIP archive or a spreadsheet"),
        ("p1\tRT:M184V\n".encode("utf-16"), "FILE: is text in UTF-16, not in UTF-8"),
        (b">p1\nCCTCAGATCACT\n", "FILE: is a FASTA file of sequences, not of mutations"),
        (b"p1\tRT:M184V\0\n", "FILE: holds binary data"),
        ("p\u00e9\tRT:M184V\n".encode("latin-1"), "FILE:1: is not text in UTF-8 (byte 2 of the line cannot be read)"),
        (b"p1\tRT:M184V\rp2\tPR:L90M\r", "FILE:1: holds a carriage return within a line"),
        (b"p\x071\tRT:M184V\n", "FILE:1: the id holds characters that cannot be printed"),
        (b"p1\t" + b"A" * 90_000 + b"\n", "FILE:1: the line is too long; expected at most 20,000 characters"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(written: Any, content: bytes, fault: str) -> None:
    told = file_faults(written(content))
    assert told[0].startswith(fault)
    assert len(told) == 1


def test_a_line_that_is_too_long_hides_no_other(written: Any) -> None:
    told = file_faults(written(b"p1\t" + b"A" * 300_000 + b"\np2\tRT:M184\n"))
    assert [fault.partition(":")[2][:1] for fault in told] == ["1", "2"]


def test_a_file_that_is_a_folder_or_missing_says_so(tmp_path: Path) -> None:
    assert file_faults(tmp_path)[0].startswith("FILE: is a folder")
    assert file_faults(tmp_path / "missing.tsv") == ["FILE: cannot be read: No such file or directory"]


def test_a_file_that_is_too_large_is_refused(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations_file, "MOST_FILE_BYTES", 10)
    assert file_faults(written("p1\tRT:M184V\n"))[0].startswith("FILE: is too large")


def test_a_file_of_something_else_is_given_up_after_many_faults(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations_file, "MOST_FAULTS", 3)
    told = file_faults(written("a line of prose\n" * 9))
    assert len(told) == 4
    assert told[-1].startswith("FILE:3: more than 3 faults; the file was read no further")


@pytest.mark.parametrize("mixture", ["I/N/S", "D/E/L"])
def test_a_mixture_that_spells_a_word_is_read_back_as_one(mixture: str) -> None:
    (finding,) = read(f"RT:K103{mixture}").findings
    assert finding.text == f"RT K103{mixture}"
    assert read(finding.text).findings[0].residues == tuple(mixture.split("/"))
