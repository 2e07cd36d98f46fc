"""Files in which reads were counted: what of them counts, what was not read, and what is refused."""

from __future__ import annotations

import gzip
from fractions import Fraction
from pathlib import Path

import pytest

from resistab.core.faults import InputError, OptionsError
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.aavf import read_aavf
from resistab.domains.virus.inputs.codfreq import read_codfreq
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.inputs.reads import DEFAULT_THRESHOLD, MOST_FAULTS, genotype_of, threshold_said
from resistab.domains.virus.inputs.recognition import kind_of, sample_named
from tests.cases import cases_beside
from tests.domains.virus.inputs.counted_files import AAVF_COLUMNS, aavf, codfreq
from tests.domains.virus.inputs.small_rules import PROTEINS, rulebase

READER = MutationReader(rulebase())
M184 = ("RT", 184)


def genotype(
    folder: Path, content: str | bytes, threshold: Fraction = DEFAULT_THRESHOLD, whole: tuple[str, ...] = ()
) -> ViralGenotype:
    """What a file says; it is AAVF where it begins so, and else codfreq."""
    path = folder / "p1.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    counted = read_aavf(path, READER, whole) if kind_of(path) == "aavf" else read_codfreq(path, READER)
    return genotype_of(counted, "p1", READER.genes, READER.sequences, threshold)


def found(genotype: ViralGenotype) -> list[tuple[str, str]]:
    """Each finding, and the shares of its residues in percent."""
    return [(f.text, " ".join(f"{share * 100:g}" for share in f.shares)) for f in genotype.findings]


def said(genotype: ViralGenotype, kind: str) -> list[str]:
    return [note.message for note in genotype.quality if note.kind == kind]


def faults(folder: Path, content: str | bytes) -> list[str]:
    with pytest.raises(InputError) as refused:
        genotype(folder, content)
    return [str(fault).replace(str(folder / "p1.txt"), "FILE") for fault in refused.value.faults]


def unread(genotype: ViralGenotype, gene: str = "RT") -> list[int]:
    (coverage,) = (coverage for coverage in genotype.coverage if coverage.gene == gene)
    return [position for position in range(1, len(PROTEINS[gene]) + 1) if not coverage.covers(position)]


# Codfreq.


def test_a_residue_in_reads_enough_is_found_with_its_share(tmp_path: Path) -> None:
    one = genotype(tmp_path, codfreq({M184: {"GTG": 980, "GTA": 15, "ATG": 5}}))
    assert found(one) == [("RT M184V", "99.5")]
    assert [(c.gene, c.ranges) for c in one.coverage] == [("RT", ((1, 240),))]


def test_codons_of_one_residue_count_together(tmp_path: Path) -> None:
    one = genotype(tmp_path, codfreq({M184: {"ATG": 700, "GTG": 150, "GTA": 150}}))
    assert found(one) == [("RT M184MV", "70 30")]


@pytest.mark.parametrize(("reads", "counts"), [(199, False), (200, True)])
def test_a_residue_counts_from_the_threshold_on(tmp_path: Path, reads: int, counts: bool) -> None:
    one = genotype(tmp_path, codfreq({M184: {"ATG": 1000 - reads, "GTG": reads}}))
    assert bool(one.findings) is counts
    assert unread(one) == []
    assert said(one, "below the threshold") == (
        [] if counts else ["Not counted, in less than 20% of the reads: RT M184V in 19.9%"]
    )


def test_a_share_below_the_threshold_is_not_rounded_up_to_it(tmp_path: Path) -> None:
    one = genotype(tmp_path, codfreq({M184: {"ATG": 8004, "GTG": 1996}}))
    assert said(one, "below the threshold") == ["Not counted, in less than 20% of the reads: RT M184V in 19.9%"]


def test_a_lower_threshold_finds_more(tmp_path: Path) -> None:
    text = codfreq({M184: {"ATG": 900, "GTG": 100}})
    assert found(genotype(tmp_path, text, Fraction(1, 10))) == [("RT M184MV", "90 10")]


def test_residues_in_few_of_the_reads_are_counted_and_not_named(tmp_path: Path) -> None:
    one = genotype(tmp_path, codfreq({M184: {"ATG": 955, "GTG": 40, "ATA": 5}, ("RT", 65): {"AAA": 991, "AGA": 9}}))
    assert said(one, "below the threshold") == [
        "Not counted, in less than 20% of the reads: RT M184V in 4%; 2 residues in less than 1%"
    ]


def test_three_dashes_are_a_deletion_and_more_bases_an_insertion(tmp_path: Path) -> None:
    text = codfreq({("RT", 67): {"---": 300, "GAC": 700}, ("RT", 69): {"AGTAGTTCC": 900, "ACT": 100}})
    assert found(genotype(tmp_path, text)) == [("RT D67D_del", "70 30"), ("RT T69S_SS", "90 90")]


@pytest.mark.parametrize("reads", [0, 99])
def test_a_position_with_few_reads_was_not_read(tmp_path: Path, reads: int) -> None:
    one = genotype(tmp_path, codfreq({M184: {"GTG": reads}}))
    assert (one.findings, unread(one)) == ((), [184])
    told = ["RT 184: fewer than 100 reads; taken as not read"]
    told += ["Not counted, in too few reads: RT M184V in 99 reads"] if reads else []
    assert said(one, "few reads") == told


def test_a_position_that_is_not_in_the_file_was_not_read(tmp_path: Path) -> None:
    text = "".join(line for line in codfreq().splitlines(keepends=True) if not line.startswith("RT,184,"))
    one = genotype(tmp_path, text)
    assert unread(one) == [184]
    assert [coverage.gene for coverage in one.coverage] == ["RT"]


@pytest.mark.parametrize("codons", [{"ATG": 700, "AT-": 300}, {"ATG": 700, "NNN": 300}, {"ATG": 700, "ATGA": 300},
                                    {"ATG": 700, "ATR": 300}])  # fmt: skip
def test_reads_that_cannot_be_told_leave_the_reference_open(tmp_path: Path, codons: dict[str, int]) -> None:
    one = genotype(tmp_path, codfreq({M184: codons}))
    assert (one.findings, unread(one)) == ((), [184])
    told = "RT 184: with the reads in doubt a mutation may reach 20%; taken as not read"
    assert said(one, "undetermined") == [told]


@pytest.mark.parametrize(("untold", "read"), [(49, True), (50, False)])
def test_reads_in_doubt_may_hold_a_mutation_that_is_in_some(tmp_path: Path, untold: int, read: bool) -> None:
    one = genotype(tmp_path, codfreq({M184: {"ATG": 850 - untold, "GTG": 150, "NNN": untold}}))
    assert (one.findings, unread(one)) == ((), [] if read else [184])
    assert said(one, "below the threshold") == ["Not counted, in less than 20% of the reads: RT M184V in 15%"]


def test_reads_in_doubt_leave_others_open_beside_a_mutation(tmp_path: Path) -> None:
    one = genotype(tmp_path, codfreq({M184: {"ATA": 600, "NNN": 400}}))
    assert (found(one), unread(one)) == ([("RT M184I", "60")], [184])
    told = "RT 184: with the reads in doubt another mutation may reach 20%; not read beside what was found"
    assert said(one, "undetermined") == [told]


def test_a_few_reads_that_cannot_be_told_are_told_of(tmp_path: Path) -> None:
    one = genotype(tmp_path, codfreq({M184: {"ATG": 950, "NNN": 50}, ("RT", 65): {"AAA": 990, "AA-": 10}}))
    assert unread(one) == []
    told = "Reads are in doubt at 2 positions, most at RT 184: 5%; too few for another residue to reach 20%"
    assert said(one, "undetermined") == [told]


def test_reads_that_the_file_does_not_list_cannot_be_told(tmp_path: Path) -> None:
    assert unread(genotype(tmp_path, codfreq().replace("RT,184,1000,ATG,1000", "RT,184,1000,ATG,700"))) == [184]
    assert unread(genotype(tmp_path, codfreq().replace("RT,184,1000,ATG,1000", "RT,184,1000,ATG,900"))) == []


def test_a_position_without_a_frequent_residue_was_not_read(tmp_path: Path) -> None:
    codons = {"ATG": 190, "GTG": 190, "ATA": 190, "CTG": 190, "ACG": 190, "AAG": 50}
    one = genotype(tmp_path, codfreq({M184: codons}))
    assert unread(one) == [184]
    assert said(one, "undetermined") == ["RT 184: no residue reaches 20% of the reads; taken as not read"]


@pytest.mark.parametrize(
    ("columns", "separator"),
    [
        (("Gene", "Position", "TotalReads", "Codon", "CodonReads"), ","),
        (("gene", "position", "total_reads", "codon", "codon_reads"), "\t"),
        (("gene", "position", "total", "codon", "count"), ","),
        (("gene", "aaPosition", "totalReads", "codon", "codonReads"), ";"),
        ((), ","),
        ((), "\t"),
    ],
)
def test_columns_may_be_named_in_several_ways_or_not_at_all(
    tmp_path: Path, columns: tuple[str, ...], separator: str
) -> None:
    text = codfreq({M184: {"GTG": 1000}}, columns=columns, separator=separator)
    assert found(genotype(tmp_path, text)) == [("RT M184V", "100")]


def test_columns_with_names_may_stand_in_any_order(tmp_path: Path) -> None:
    rows = [line.split(",") for line in codfreq({M184: {"GTG": 1000}}).splitlines()]
    text = "\n".join(",".join(['"x"', *(f'"{field}"' for field in reversed(row))]) for row in rows)
    assert found(genotype(tmp_path, text)) == [("RT M184V", "100")]


def test_remarks_windows_line_ends_and_gzip_are_tolerated(tmp_path: Path) -> None:
    text = "\ufeff# --- untranslated regions begin ---\n" + codfreq({M184: {"gtg": 1000}}) + "\n\n"
    packed = gzip.compress(text.replace("\n", "\r\n").encode(), mtime=0)
    assert found(genotype(tmp_path, packed)) == [("RT M184V", "100")]


def test_genes_of_no_rule_are_passed_over_and_told(tmp_path: Path) -> None:
    one = genotype(tmp_path, codfreq() + "gp41,1,500,GCA,500\ngp41,2,500,GCA,500\n")
    assert one.notes == ("Not read, as the rule set has no such gene: gp41 (2 positions)",)


@cases_beside
def test_a_row_that_cannot_be_taken_is_told_with_its_line(tmp_path: Path, row: str, fault: str) -> None:
    (told,) = faults(tmp_path, codfreq() + row + "\n")
    assert told.startswith(fault)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "FILE: holds no codon; expected the columns gene, position, total reads, codon, codon reads"),
        ("Gene,Position,TotalReads,Codon,CodonReads\n", "FILE: holds no codon"),
        ("Gene,Position,TotalReads,Codon\n", "FILE:1: the column 'codon reads' is missing, or there twice"),
        ("gp41,1,500,GCA,500\n", "FILE: has no reads of a gene of the rule set; it has gp41; expected reads of PR, RT"),
        (codfreq(reads=5).replace("RT,", "IN,"), "FILE:162: IN has no position 161"),
        (b"RT,1,500,\xff,500\n", "FILE:1:10: holds a character that is not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(tmp_path: Path, content: str | bytes, fault: str) -> None:
    assert faults(tmp_path, content)[0].startswith(fault)


def test_a_table_of_several_samples_is_refused(tmp_path: Path) -> None:
    header, *rows = codfreq().splitlines()
    lines = [f"Sample ID,{header}", *(f"{'p1' if n < 239 else 'p2'},{row}" for n, row in enumerate(rows))]
    assert faults(tmp_path, "\n".join(lines)) == [
        "FILE:241: is of another sample than line 2, 'p1'; expected one sample in a file"
    ]
    assert genotype(tmp_path, "\n".join(lines[:240])).coverage[0].ranges == ((1, 239),)


def test_every_fault_of_a_table_is_told_up_to_a_bound(tmp_path: Path) -> None:
    assert len(faults(tmp_path, codfreq() + "RT,0,9,ATG,9\n" * 3)) == 3
    told = faults(tmp_path, codfreq() + "RT,0,9,ATG,9\n" * 1000)
    assert len(told) == MOST_FAULTS + 1
    assert told[-1] == "FILE:341: more than 99 faults; the file was read no further"


def test_a_table_in_another_numbering_is_refused(tmp_path: Path) -> None:
    shifted = codfreq().replace("RT,240,", "RT,0,")
    lines = [line.split(",") for line in shifted.splitlines()[1:240]]
    text = "\n".join(",".join([gene, str(int(position) + 1), *rest]) for gene, position, *rest in lines)
    (told,) = faults(tmp_path, text)
    assert told.startswith("FILE: has the residue of the reference at only ")


# AAVF.


def test_the_reference_holds_the_rest_of_the_reads(tmp_path: Path) -> None:
    one = genotype(tmp_path, aavf("RT 103 K N PASS 0.0779 1540", "RT 184 M V PASS 0.75 1540", "RT 65 K R . 1 900"))
    assert found(one) == [("RT K65R", "100"), ("RT M184MV", "25 75")]
    assert said(one, "below the threshold") == ["Not counted, in less than 20% of the reads: RT K103N in 7.79%"]


def test_only_positions_with_a_record_were_read(tmp_path: Path) -> None:
    one = genotype(tmp_path, aavf("RT 103 K N PASS 0.0779 1540", "RT 184 M V PASS 0.95 1540"))
    assert [(coverage.gene, coverage.ranges) for coverage in one.coverage] == [("RT", ((103, 103), (184, 184)))]


def test_a_sequenced_gene_was_read_where_it_has_no_record(tmp_path: Path) -> None:
    text = aavf("RT 181 Y C PASS 0.9 50", "RT 184 M V PASS 0.95 1540")
    one = genotype(tmp_path, text, whole=("RT", "PR"))
    assert [(coverage.gene, coverage.ranges) for coverage in one.coverage] == [
        ("PR", ((1, 99),)),
        ("RT", ((1, 180), (182, 240))),
    ]


def test_where_a_variant_did_not_pass_nothing_was_read(tmp_path: Path) -> None:
    one = genotype(tmp_path, aavf("RT 184 M V strand 0.35 1540", "RT 65 K R af0.01 0.005 1540"))
    assert [(coverage.gene, coverage.ranges) for coverage in one.coverage] == [("RT", ((65, 65),))]
    assert one.findings == ()


def test_variants_that_did_not_pass_are_weighed_each_by_itself(tmp_path: Path) -> None:
    """Isoleucine in 10 % does not make valine, which passed in 15 %, reach 20 %; in 5 % more valine would."""
    passed = "RT 184 M V PASS 0.15 1540"
    one = genotype(tmp_path, aavf(passed, "RT 184 M I af 0.10 1540", "RT 65 K R PASS 1 1540"))
    assert [coverage.ranges for coverage in one.coverage] == [((65, 65), (184, 184))]
    assert genotype(tmp_path, aavf(passed, "RT 184 M X PASS 0.05 1540")).coverage == ()


def test_beside_a_variant_another_that_did_not_pass_stays_open(tmp_path: Path) -> None:
    one = genotype(tmp_path, aavf("RT 184 M I PASS 0.5 1540", "RT 184 M V af 0.3 1540"))
    assert found(one) == [("RT M184IM", "50 20")]
    assert [(coverage.gene, coverage.ranges) for coverage in one.coverage] == [("RT", ())]


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("RT 66 KD K PASS 0.9 500", "RT D67del"),
        ("RT 66 KDS K PASS 0.9 500", "RT D67del"),
        ("RT 69 T TSS PASS 0.9 500", "RT T69T_SS"),
        ("RT 69 T SSS PASS 0.9 500", "RT T69S_SS"),
        ("RT 181 Y * PASS 0.9 500", "RT Y181*"),
        ("rt 184 m v PASS 9e-1 500", "RT M184V"),
    ],
)
def test_insertions_deletions_and_stops(tmp_path: Path, record: str, text: str) -> None:
    assert found(genotype(tmp_path, aavf(record)))[0][0] == text


def test_the_reference_may_have_a_record_of_its_own(tmp_path: Path) -> None:
    one = genotype(tmp_path, aavf("RT 184 M M PASS 0.6 500", "RT 65 K K PASS 0.95 500"))
    assert [(coverage.gene, coverage.ranges) for coverage in one.coverage] == [("RT", ((65, 65),))]


@cases_beside
def test_a_record_that_cannot_be_taken_is_told_with_its_line(tmp_path: Path, record: str, fault: str) -> None:
    (told,) = faults(tmp_path, aavf(record))
    assert told.startswith(fault)


def test_records_given_twice_or_of_too_many_reads_are_refused(tmp_path: Path) -> None:
    record = "RT 184 M V PASS 0.6 500"
    assert faults(tmp_path, aavf(record, record)) == ["FILE:5: RT M184V is given twice, first in line 4"]
    (told,) = faults(tmp_path, aavf(record, "RT 184 M I PASS 0.5 500"))
    assert told == "FILE:4: the shares at RT 184 add up to 1.1; expected at most 1 at one position"


def test_a_file_without_column_names_is_refused(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, "##fileformat=AAVFv1.0\n")
    assert told.startswith("FILE: holds no line of column names; expected a line of column names that begins with #CH")
    (told,) = faults(tmp_path, aavf().replace("ALT_FREQ", "FREQ"))
    assert told.startswith("FILE:3: the column ALT_FREQ is missing")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("INFO\tFORMAT\tp1\tp2", "FILE:3: the column FORMAT is none of AAVF, which holds one sample"),
        ("ALT_FREQ", "FILE:3: the column ALT_FREQ is there twice"),
    ],
)
def test_a_file_with_columns_of_samples_is_refused(tmp_path: Path, name: str, fault: str) -> None:
    (told,) = faults(tmp_path, aavf("RT 184 M V PASS 0.95 500").replace("INFO", name))
    assert told.startswith(fault)


def test_files_put_together_are_refused(tmp_path: Path) -> None:
    one = aavf("RT 184 M V PASS 0.95 500")
    assert faults(tmp_path, one + aavf("RT 65 K R PASS 0.95 500")) == [
        "FILE:7: has column names again; expected one sample in a file"
    ]
    (told,) = faults(tmp_path, one + "other\tRT\t65\tK\tR\tPASS\t0.95\t500\n")
    assert (
        told
        == "FILE:5: RT is of the reference 'other', and of 'hxb2' before; expected one sample against one reference"
    )
    (told,) = faults(tmp_path, aavf("RT 184 M V PASS 0.4 500", "RT 184 V V PASS 0.6 500"))
    assert told == "FILE:5: the reference at RT 184 is V, and M in line 4; expected one reference in a file"


def test_a_file_without_information_on_its_variants_is_read(tmp_path: Path) -> None:
    text = aavf("RT 184 M V PASS 0.95 500")
    for without in (text.replace("\t.\n", "\n"), text.replace("\tINFO", "").replace("\t.\n", "\n")):
        assert found(genotype(tmp_path, without)) == [("RT M184V", "95")]


def test_what_did_not_pass_is_named(tmp_path: Path) -> None:
    one = genotype(tmp_path, aavf("RT 184 M V strand 0.35 1540", "RT 65 K R af 0.005 1540"))
    assert said(one, "filtered") == [
        "Not counted, as it did not pass the filters of the file: RT M184V in 35%; 1 residue in less than 1%"
    ]


def test_another_reference_is_told_and_another_numbering_refused(tmp_path: Path) -> None:
    one = genotype(tmp_path, aavf("RT 184 K V PASS 0.95 500", "RT 65 K R PASS 1 500", "RT 41 M L PASS 1 500"))
    told = "The reference of the file differs from that of the rule set at RT 184 (K, not M)"
    assert (found(one)[2], said(one, "reference")) == (("RT M184V", "95"), [told])
    (fault,) = faults(tmp_path, aavf("RT 185 M V PASS 0.95 500", "RT 66 K R PASS 1 500", "RT 42 M L PASS 1 500"))
    assert fault.startswith("FILE: has the residue of the reference at only 1 of 3 positions; expected this virus, in")


def test_columns_may_be_parted_by_blanks(tmp_path: Path) -> None:
    assert found(genotype(tmp_path, aavf("RT 184 M V PASS 0.95 500").replace("\t", "   "))) == [("RT M184V", "95")]


# What kind of file it is, and the threshold.


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("p1.codfreq", "", "codfreq"),
        ("p1.codfreq.gz", "", "codfreq"),
        ("p1.CODFREQ.txt", "", "codfreq"),
        ("p1.aavf", "", "aavf"),
        ("p1.csv", "gene,position,total,codon,count\n", "codfreq"),
        ("p1.csv", "\ufeff# remark\nRT,184,1000,GTG,900\n", "codfreq"),
        ("p1.tsv", "RT\t184\t1000\t---\t900\n", "codfreq"),
        ("p1.txt", "\n##fileformat=AAVFv1.0\n", "aavf"),
        ("p1.txt", "\t".join(AAVF_COLUMNS), "aavf"),
        ("p1.txt", "; remark\n# remark\n >p1\nACGT", "fasta"),
        ("p1.txt", "p1\tRT:M184V\n", "other"),
        ("p1.txt", "", "other"),
    ],
)
def test_a_file_is_known_by_its_name_or_how_it_begins(tmp_path: Path, name: str, content: str, kind: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert kind_of(path) == kind


def test_a_sample_is_named_as_its_file() -> None:
    named = [sample_named(Path(name)) for name in ("a/p1.codfreq.txt", "p.1.aavf.gz", "p1.csv")]
    assert named == ["p1", "p.1", "p1"]


@pytest.mark.parametrize(
    ("text", "share"), [("10%", (1, 10)), (" 2.5 % ", (1, 40)), ("0.2", (1, 5)), ("50%", (1, 2)), (None, (1, 5))]
)
def test_a_threshold_is_a_share_of_the_reads(text: str | None, share: tuple[int, int]) -> None:
    assert threshold_said(text) == Fraction(*share)


@pytest.mark.parametrize("text", ["5", "1", "0%", "0.5%", "51%", "100%", "-5%", "ten", "", "10%%", "1e-1"])
def test_anything_else_is_no_threshold(text: str) -> None:
    with pytest.raises(OptionsError, match="is no share of reads; expected one from 1% to 50%, such as 20%"):
        threshold_said(text)
