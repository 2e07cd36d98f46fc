"""Stanford's genotype-phenotype sets as they stand, and the plain table of viruses: what is read, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import resistab
from resistab.core.faults import InputError
from resistab.curation.kit.measured.data import MeasuredData
from resistab.domains.virus import measures
from resistab.domains.virus.interpreter import ViralInterpreter
from tests.paths import SEQUENCES

HEAD = "SeqID\tPtID\tPubYear\tEFV\tEFV_res\tNVP\tNVP_res\tCompMutList"
SUSCEPTIBLE = "{}\tP{}\t2002\t0.5\tSusceptible\tNA\tNA\tM41L, T215Y"
PLAIN = "sample,patient,mutations,drug,value,resistant_from"


@pytest.fixture(scope="module")
def hiv1() -> ViralInterpreter:
    interpreter = resistab.load("hiv1")
    assert isinstance(interpreter, ViralInterpreter)
    return interpreter


def table(folder: Path, *lines: str, head: str = HEAD, name: str = "set.tsv") -> Path:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in (head, *lines)), "utf-8")
    return path


def many(number: int) -> list[str]:
    return [SUSCEPTIBLE.format(1000 + each, 1000 + each) for each in range(number)]


def faults(interpreter: ViralInterpreter, path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        measures.read(interpreter, [path])
    return [str(fault) for fault in error.value.faults]


def values(read: MeasuredData, drug: str) -> list[tuple[float, str, str | None]]:
    return [(item.value, item.bound, item.call) for item in read.drugs[drug].measurements]


def test_a_set_is_read_as_it_stands(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    read = measures.read(
        hiv1,
        [
            table(
                tmp_path,
                "12836\t11630\t2002\t0.5\tSusceptible\t7.5\tIntermediate\tM41L, K103KN",
                "12837\t11631\t2002\t100.0\tResistant\tNA\tNA\tK103N, Y181C",
                "12838\t11631\t2002\tNA\tNA\tNA\tNA\tK103N",
                "12839\t11632\t2002\t>200\tNA\tNA\tNA\tK103N",
            )
        ],
    )
    # Of the third isolate nothing was measured.
    assert [(one.sample, one.patient) for one in read.samples] == [
        ("12836", "11630"), ("12837", "11631"), ("12839", "11632"),
    ]  # fmt: skip
    assert values(read, "EFV") == [(0.5, "=", "sensitive"), (100.0, "=", "resistant"), (200.0, ">", None)]
    assert values(read, "NVP") == [(7.5, "=", "intermediate")]
    assert [finding.text for finding in read.samples[0].genotype.findings] == ["RT M41L", "RT K103KN"]
    assert [item.gene for item in read.samples[0].genotype.coverage] == ["RT"]
    assert (read.notes, read.set_aside, read.unknown_drugs) == ((), (), ())


def test_patients_stand_beside_the_values(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    read = measures.read(hiv1, [table(tmp_path, *many(2), "9\tP1000\t2002\t2.5\tSusceptible\tNA\tNA\tK103N")])
    assert list(read.patients(read.drugs["EFV"])) == ["P1000", "P1001", "P1000"]


def test_folds_of_nothing_are_below_the_smallest(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    read = measures.read(hiv1, [table(tmp_path, "1\tP1\t2002\t0.0\tSusceptible\tNA\tNA\tM41L")])
    assert values(read, "EFV") == [(0.1, "<", "sensitive")]
    assert read.notes == ("1 fold of 0.0, which is what is left of one decimal: read as below 0.1",)


def test_folds_of_nothing_of_other_drugs_are_not_told(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    path = table(tmp_path, "1\tP1\t2002\t1.0\tSusceptible\t0.0\tSusceptible\tM41L")
    assert measures.read(hiv1, [path], drugs=["EFV"]).notes == ()


@pytest.mark.parametrize("listed", ["NA", "", "none"])
def test_no_list_is_no_mutation_and_said(hiv1: ViralInterpreter, tmp_path: Path, listed: str) -> None:
    read = measures.read(hiv1, [table(tmp_path, f"1\tP1\t2002\t1.0\tSusceptible\tNA\tNA\t{listed}")])
    assert read.samples[0].genotype.findings == ()
    assert [item.gene for item in read.samples[0].genotype.coverage] == ["RT"]
    assert read.notes == ("1 isolate without a list of mutations (NA): taken to have none",)


def test_drugs_that_the_rules_do_not_know_are_listed(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    head = HEAD.replace("NVP", "XYZ")
    read = measures.read(hiv1, [table(tmp_path, *many(1), head=head)])
    assert (read.unknown_drugs, list(read.drugs)) == (("XYZ",), ["EFV"])


def test_without_a_known_drug_a_set_is_refused(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    head = HEAD.replace("NVP", "XYZ").replace("EFV", "ABCD")
    (said,) = faults(hiv1, table(tmp_path, *many(1), head=head))
    assert "set.tsv: holds no value of a drug of the rule set: it has ABCD, XYZ; expected one of " in said


def test_drugs_of_several_genes_are_refused(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    (said,) = faults(hiv1, table(tmp_path, *many(1), head=HEAD.replace("NVP", "RAL")))
    assert "set.tsv:1: the drugs act on several genes: IN, RT" in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("1\tP1\t2002\t0\tSusceptible\tNA\tNA\tM41L", "'0' in column 'efv' is zero or below, and has no logarithm"),
        ("1\tP1\t2002\t-2\tSusceptible\tNA\tNA\tM41L", "'-2' in column 'efv' is zero or below, and has no logarithm"),
        ("1\tP1\t2002\thigh\tResistant\tNA\tNA\tM41L", "'high' in column 'efv' is no number"),
        ("1\tP1\t2002\tinf\tResistant\tNA\tNA\tM41L", "'inf' in column 'efv' is no number"),
        ("1\tP1\t2002\t3,5\tResistant\tNA\tNA\tM41L", "did you mean 3.5?"),
        ("1\tP1\t2002\t3\tResistent\tNA\tNA\tM41L", "'Resistent' in column 'efv_res' is no call"),
        ("1\tP1\t2002\t3\tResistent\tNA\tNA\tM41L", "did you mean resistant?"),
        ("\tP1\t2002\t3\tResistant\tNA\tNA\tM41L", "no SeqID is given"),
        ("1\t\t2002\t3\tResistant\tNA\tNA\tM41L", "no PtID is given"),
        ("1000\tP1\t2002\t3\tResistant\tNA\tNA\tM41L", "the isolate 1000 is given in line 2 already"),
        ("1\tP1\t2002\t3\tResistant\tNA\tNA\tL41M", "RT has M at 41, not L"),
        ("1\tP1\t2002\t3\tResistant\tNA\tNA\tK103N, K103S", "103"),
    ],
)
def test_what_is_wrong_names_file_and_line(hiv1: ViralInterpreter, tmp_path: Path, fields: str, said: str) -> None:
    (told,) = faults(hiv1, table(tmp_path, *many(1), fields))
    assert told.startswith(f"{tmp_path / 'set.tsv'}:3: ")
    assert said in told


def test_faults_of_several_lines_come_at_once(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    told = faults(
        hiv1,
        table(
            tmp_path,
            "1\tP1\t2002\t0\tSusceptible\tlow\tNA\tM41L",
            *many(1),
            "3\tP3\t2002\t1\tmaybe\tNA\tNA\tM41L",
        ),
    )
    assert [line.split(": ")[0].rsplit(":", 1)[1] for line in told] == ["2", "2", "4"]


def test_faults_of_several_tables_come_at_once(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    one = table(tmp_path, "1\tP1\t2002\t0\tSusceptible\tNA\tNA\tM41L", name="one.tsv")
    two = table(tmp_path, "1,P1,RT:M41L,EFV,low,3", head=PLAIN, name="two.csv")
    with pytest.raises(InputError) as error:
        measures.read(hiv1, [one, two])
    assert [Path(fault.where).name for fault in error.value.faults] == ["one.tsv", "two.csv"]


def test_a_missing_column_is_told(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    (said,) = faults(hiv1, table(tmp_path, "1\t0.5\tSusceptible\tM41L", head="SeqID\tEFV\tEFV_res\tCompMutList"))
    assert "set.tsv:1: the column 'ptid' is missing" in said


def test_another_table_altogether_is_told_what_is_read(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    (said,) = faults(hiv1, table(tmp_path, "1\t2", head="gene\tvalue"))
    assert "the columns are gene, value; expected Stanford's columns (SeqID, PtID, CompMutList" in said


def test_a_few_isolates_of_another_virus_are_set_aside(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    read = measures.read(hiv1, [table(tmp_path, *many(120), "7\tP7\t2002\t1.0\tSusceptible\tNA\tNA\tL41M")])
    assert len(read.samples) == 120
    assert [fault.line for fault in read.set_aside] == [122]
    assert read.notes[0].startswith("1 isolate set aside, whose mutations are not counted from the reference")


def test_many_isolates_of_another_virus_are_refused(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    strange = [f"{each}\tP{each}\t2002\t1.0\tSusceptible\tNA\tNA\tL41M" for each in range(2)]
    told = faults(hiv1, table(tmp_path, *many(120), *strange))
    assert [line.split(": ")[0].rsplit(":", 1)[1] for line in told] == ["122", "123"]


def test_lines_set_aside_leave_the_others(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "1\tP1\t2002\t0\tSusceptible\tNA\tNA\tM41L",
        "2\tP2\t2002\t1.0\tSusceptible\tNA\tNA\tL41M",
        *many(1),
    )
    read = measures.read(hiv1, [path], keep_going=True)
    assert [one.sample for one in read.samples] == ["1000"]
    assert [fault.line for fault in read.set_aside] == [2, 3]
    assert read.drugs["EFV"].samples == (0,)


def test_only_drugs_asked_for_are_read(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    path = table(tmp_path, "1\tP1\t2002\t0\tSusceptible\t4.0\tResistant\tM41L")
    assert list(measures.read(hiv1, [path], drugs=["NVP"]).drugs) == ["NVP"]


def test_boosted_inhibitors_have_the_names_of_the_sets(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    head = "SeqID\tPtID\tATV\tATV_res\tCompMutList"
    read = measures.read(hiv1, [table(tmp_path, "1\tP1\t4.0\tResistant\tI50L", head=head)])
    assert list(read.drugs) == ["ATV/r"]


def test_the_plain_table_takes_calls_from_its_cutoff(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    lines = ["1,P1,RT:K103N,EFV,3,3", "2,P2,none,EFV,2.9,3", "3,P3,RT:K103N,EFV,>100,3", "4,P4,RT:M41L,EFV,<0.5,3"]
    read = measures.read(hiv1, [table(tmp_path, *lines, head=PLAIN, name="plain.csv")])
    assert values(read, "EFV") == [
        (3.0, "=", "resistant"),
        (2.9, "=", "sensitive"),
        (100.0, ">", "resistant"),
        (0.5, "<", "sensitive"),
    ]
    assert read.drugs["EFV"].resistant_from == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1,P1,RT:K103N,EFV,0,3", "is zero or below"),
        ("1,P1,RT:K103N,EFV,lots,3", "'lots' in column 'value' is no number"),
        ("1,P1,RT:N103K,EFV,2,3", "K103"),
        ("1,P1,,EFV,2,3", "no line gives the genotype of '1'"),
        ("1,,RT:K103N,EFV,2,3", "no patient is given"),
        ("1,P1,RT:K103N,,2,3", "no drug is given"),
        ("1,P1,RT:K103N,EFV,>2,3", "does not tell on which side of the cutoff 3 the value lies"),
        ("1,P1,RT:K103N,EFV,2,<3", "a cutoff with < or >"),
        ("0,P9,,NVP,2,3", "'0' is of patient 'P9' here and of 'P0' in line 2"),
        ("0,P0,RT:K103N,NVP,2,3", "'0' has another list here than in line 2"),
        ("0,P0,RT:M41L,EFV,2,3", "EFV was measured in '0' in line 2 already"),
        ("1,P1,RT:K103N,EFV,2,4", "the cutoff of EFV is 4 here and 3 in line 2"),
    ],
)
def test_a_plain_table_names_what_is_wrong(hiv1: ViralInterpreter, tmp_path: Path, line: str, said: str) -> None:
    told = faults(hiv1, table(tmp_path, "0,P0,RT:M41L,EFV,1,3", line, head=PLAIN, name="plain.csv"))
    assert len(told) == 1
    assert told[0].startswith(f"{tmp_path / 'plain.csv'}:3: ")
    assert said in told[0]


def test_a_file_beside_the_table_gives_the_genotype(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    # PR, and of RT the first two hundred codons.
    lines = (SEQUENCES / "pol.fasta").read_text("utf-8").splitlines()
    (tmp_path / "one.fasta").write_text(f">one\n{''.join(lines[1:])[: 3 * (99 + 200)]}\n", "utf-8")
    head = "sample,patient,file,drug,value"
    read = measures.read(hiv1, [table(tmp_path, "1,P1,one.fasta,EFV,2", head=head, name="plain.csv")])
    coverage = {item.gene: item.ranges for item in read.samples[0].genotype.coverage}
    assert coverage["RT"] == ((1, 200),)


def test_a_file_that_cannot_be_read_names_the_line(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    head = "sample,patient,file,drug,value"
    (said,) = faults(hiv1, table(tmp_path, "1,P1,one.fasta,EFV,2", head=head, name="plain.csv"))
    assert "plain.csv:2: " in said and "one.fasta" in said
    (tmp_path / "one.fasta").write_text(">a\nACGT\n>b\nACGT\n", "utf-8")
    assert faults(hiv1, table(tmp_path, "1,P1,one.fasta,EFV,2", head=head, name="plain.csv"))


def test_sets_and_plain_tables_are_one(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    stanford = table(tmp_path, *many(1))
    plain = table(tmp_path, "A,P1,RT:K103N,EFV,20,3", head=PLAIN, name="plain.csv")
    read = measures.read(hiv1, [stanford, plain])
    assert [one.sample for one in read.samples] == ["1000", "A"]
    assert (read.drugs["EFV"].samples, read.drugs["EFV"].resistant_from) == ((0, 1), 3)


def test_tables_of_a_drug_have_one_cutoff(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    one = table(tmp_path, "A,P1,RT:K103N,EFV,20,3", head=PLAIN, name="one.csv")
    two = table(tmp_path, "B,P2,RT:K103N,EFV,20,10", head=PLAIN, name="two.csv")
    with pytest.raises(InputError, match=r"two.csv: the cutoff of EFV is 10 here and 3 in another table"):
        measures.read(hiv1, [one, two])


def test_an_isolate_in_two_tables_is_refused(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    one, two = table(tmp_path, *many(2), name="one.tsv"), table(tmp_path, *many(1), name="two.tsv")
    with pytest.raises(InputError, match=r"two.tsv:2: EFV was measured in '1000' in another table already"):
        measures.read(hiv1, [one, two])


def test_isolates_of_one_name_may_be_of_two_patients(hiv1: ViralInterpreter, tmp_path: Path) -> None:
    one = table(tmp_path, "A,P1,RT:K103N,EFV,20,3", head=PLAIN, name="one.csv")
    two = table(tmp_path, "A,P2,RT:none,EFV,1,3", head=PLAIN, name="two.csv")
    assert [item.patient for item in measures.read(hiv1, [one, two]).samples] == ["P1", "P2"]
