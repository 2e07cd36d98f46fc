"""Tables of measured responses of tumours: what is read, and how what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.curation.kit.measured.plain import read_plain
from resistab.domains.oncology import measures
from resistab.domains.oncology.interpreter import TumourInterpreter

HEAD = "sample,patient,tumour_type,findings,assayed,drug,measure,value,resistant_from\n"


def table(folder: Path, *lines: str) -> Path:
    path = folder / "measured.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def faults(interpreter: TumourInterpreter, path: Path) -> str:
    with pytest.raises(InputError) as error:
        measures.read(interpreter, [path])
    return "\n".join(map(str, error.value.faults))


def test_lines_become_samples_and_values(oncology: TumourInterpreter, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "L1,P1,LUAD,EGFR L858R; EGFR T790M,EGFR,Iressa,fold change,>100,10",
        'L2,P2,LUAD,none,"EGFR, KRAS",gefitinib,fold change,0.8,10',
        "L2,P2,LUAD,,,osimertinib,IC50,30,",
        "L2,P2,LUAD,,,unheard-of,IC50,30,",
    )
    read = measures.read(oncology, [path])
    assert [(sample.sample, sample.patient) for sample in read.samples] == [("L1", "P1"), ("L2", "P2")]
    assert [finding.text for finding in read.samples[0].genotype.findings] == ["EGFR T790M", "EGFR L858R"]
    assert read.samples[1].genotype.findings == ()
    gefitinib = read.drugs["gefitinib"]
    assert [(m.value, m.bound, m.call) for m in gefitinib.measurements] == [
        (100.0, ">", "resistant"),
        (0.8, "=", "sensitive"),
    ]
    assert gefitinib.resistant_from == 10
    assert read.drugs["osimertinib"].scale.name == "IC50"
    assert read.unknown_drugs == ("unheard-of",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("L1,P1,LUNGISH,EGFR L858R,,gefitinib,IC50,1,", "LUNGISH"),
        ("L1,P1,,EGFR L858R,,gefitinib,IC50,1,", "no tumour type is given"),
        ("L1,,LUAD,EGFR L858R,,gefitinib,IC50,1,", "no patient is given"),
        ("L1,P1,LUAD,EGFR A790M,,gefitinib,IC50,1,", "T790M"),
        ("L1,P1,LUAD,EGFR L858R,,gefitinib,IC50,0,", "is zero or below"),
        ("L1,P1,LUAD,EGFR L858R,,gefitinib,IC50,high,", "'high' in column 'value' is no number"),
        ("L1,P1,LUAD,EGFR L858R,,gefitinib,AUC,1.5,", "is not from 0 to 1"),
        ("L1,P1,LUAD,none,,gefitinib,IC50,1,", "nothing is known of the tumour of 'L1'"),
        ("L1,P1,LUAD,EGFR L858R,NOGENE9,gefitinib,IC50,1,", "NOGENE9"),
    ],
)
def test_what_is_wrong_names_file_and_line(oncology: TumourInterpreter, tmp_path: Path, line: str, said: str) -> None:
    told = faults(oncology, table(tmp_path, line))
    assert said in told
    assert "measured.csv, line 2" in told or "measured.csv:2" in told, told


def test_samples_set_aside_leave_the_others(oncology: TumourInterpreter, tmp_path: Path) -> None:
    path = table(tmp_path, "L1,P1,LUAD,EGFR A790M,,gefitinib,IC50,1,", "L2,P2,LUAD,EGFR L858R,,gefitinib,IC50,2,")
    read = measures.read(oncology, [path], keep_going=True)
    assert [sample.sample for sample in read.samples] == ["L2"]
    assert len(read.set_aside) == 1
    assert read.drugs["gefitinib"].samples == (0,)


def test_a_file_beside_the_table_gives_the_genotype(oncology: TumourInterpreter, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("sample: X\ntumour_type: MEL\nfindings: [BRAF V600E]\n", "utf-8")
    path = tmp_path / "measured.csv"
    path.write_text("sample,patient,file,drug,value\nL1,P1,one.yaml,vemurafenib,2\n", "utf-8")
    (sample,) = measures.read(oncology, [path]).samples
    assert (sample.sample, sample.genotype.tumour_type) == ("L1", "MEL")
    path.write_text("sample,patient,file,drug,value\nL1,P1,two.yaml,vemurafenib,2\n", "utf-8")
    assert "two.yaml" in faults(oncology, path)


def test_several_tables_are_one(oncology: TumourInterpreter, tmp_path: Path) -> None:
    paths = []
    for number, line in enumerate(
        ("L1,P1,LUAD,EGFR L858R,,gefitinib,IC50,1,", "M1,P9,MEL,BRAF V600E,,gefitinib,IC50,8,")
    ):
        (tmp_path / str(number)).mkdir()
        paths.append(table(tmp_path / str(number), line))
    read = measures.read(oncology, paths)
    assert [sample.sample for sample in read.samples] == ["L1", "M1"]
    assert read.drugs["gefitinib"].samples == (0, 1)
    assert list(read.patients(read.drugs["gefitinib"])) == ["P1", "P9"]


def test_tables_of_a_drug_have_one_measure(oncology: TumourInterpreter, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one = table(tmp_path, "L1,P1,LUAD,EGFR L858R,,gefitinib,IC50,1,")
    other = table(tmp_path / "other", "L2,P2,LUAD,EGFR L858R,,gefitinib,AUC,0.5,")
    with pytest.raises(InputError, match="gefitinib is measured as IC50 and as AUC"):
        measures.read(oncology, [one, other])


def test_no_known_drug_is_a_fault(oncology: TumourInterpreter, tmp_path: Path) -> None:
    told = faults(oncology, table(tmp_path, "L1,P1,LUAD,EGFR L858R,,unheard-of,IC50,1,"))
    assert "holds no value of a drug of the rule set: it has unheard-of" in told


def test_only_the_drugs_asked_for_are_read(oncology: TumourInterpreter, tmp_path: Path) -> None:
    path = table(tmp_path, "L1,P1,LUAD,EGFR L858R,,gefitinib,IC50,1,", "L2,P2,LUAD,EGFR A790M,,osimertinib,IC50,2,")
    read = measures.read(oncology, [path], drugs=["gefitinib"])
    assert (list(read.drugs), len(read.samples)) == (["gefitinib"], 1)


def test_a_line_gives_its_genotype(oncology: TumourInterpreter, tmp_path: Path) -> None:
    path = table(tmp_path, "L1,P1,LUAD,EGFR L858R,EGFR,gefitinib,IC50,1,")
    (line,) = read_plain(path).samples
    assert measures.genotype(oncology, line, ["gefitinib"]) == measures.read(oncology, [path]).samples[0].genotype
