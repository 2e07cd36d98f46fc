"""Outcomes of patients: the table as it is read, and every fault of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.curation.validation.outcomes import OutcomeTable, read_outcomes
from tests.unit.curation.validation.tables import opened, written

COLUMNS = "patient,sample,sample_date,mutations,assayed,drug,start,end,best_response,progression,last_seen"
GOOD = "p1,s1,2020-01-01,RT:K103N,,EFV,2020-02-01,2020-05-10,not suppressed,2020-05-01,2020-06-01"


def read(folder: Path, *rows: str, keep_going: bool = False) -> OutcomeTable:
    pack, interpreter = opened()
    return read_outcomes(pack, interpreter, written(folder, rows, COLUMNS), keep_going)


def faults(folder: Path, *rows: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, *rows)
    return [f"{fault.line}: {str(fault).partition(': ')[2]}" for fault in caught.value.faults]


def changed(**fields: str) -> str:
    values = dict(zip(COLUMNS.split(","), GOOD.split(","), strict=True))
    return ",".join({**values, **fields}.values())


def test_time_runs_from_start_to_progression(tmp_path: Path) -> None:
    (one,) = read(tmp_path, GOOD).therapies
    assert (one.drug, one.answer, one.days, one.progressed) == ("EFV", "not responded", 90, True)


@pytest.mark.parametrize(
    ("end", "last_seen", "days"),
    [("2020-03-01", "2020-06-01", 121), ("2020-03-01", "", 29), ("", "", None)],
)
def test_without_progression_time_is_censored(tmp_path: Path, end: str, last_seen: str, days: int | None) -> None:
    (one,) = read(tmp_path, changed(end=end, last_seen=last_seen, progression="")).therapies
    assert (one.days, one.progressed) == (days, False)


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("CR", "responded"),
        ("partial response", "responded"),
        ("Suppressed", "responded"),
        ("sd", "not responded"),
        ("PD", "not responded"),
        ("not_suppressed", "not responded"),
        ("NE", "not evaluated"),
        ("", "not evaluated"),
    ],
)
def test_words_for_responses(tmp_path: Path, word: str, answer: str) -> None:
    assert read(tmp_path, changed(best_response=word)).therapies[0].answer == answer


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"end": "2020-01-15"}, "2: the therapy began on 2020-02-01, and the therapy ended on 2020-01-15, before that"),
        ({"progression": "2020-01-15"}, "progression was seen on 2020-01-15, before that"),
        ({"sample_date": "2020-02-02"}, "2: the sample was taken on 2020-02-02, and the therapy began on 2020-02-01"),
        ({"last_seen": "2020-04-01"}, "and the patient was last seen on 2020-04-01, before that"),
        ({"start": "01.02.2020"}, "'01.02.2020' in column 'start' is no date; expected YYYY-MM-DD; did you mean 2020-"),
        ({"start": "2020-02-30"}, "'2020-02-30' in column 'start' is no date"),
        ({"best_response": "supressed"}, "is no response; expected one of CR, complete response"),
        ({"best_response": "PD", "progression": ""}, "the best response is PD, and no date of progression is given"),
        ({"drug": "EFW"}, "unknown drug 'EFW'; expected a drug that 'resistab drugs' lists; did you mean EFV?"),
        ({"mutations": "RT:A103N"}, "RT has K at 103, not A; did you mean RT:K103N?"),
        ({"patient": ""}, "2: no patient is given"),
        ({"mutations": ""}, "no line gives the genotype of 's1'"),
    ],
)
def test_a_fault_names_its_line_and_what_is_meant(tmp_path: Path, fields: dict[str, str], said: str) -> None:
    assert any(said in text for text in faults(tmp_path, changed(**fields)))


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    rows = [
        changed(end="2020-01-15", mutations="RT:A103N"),
        changed(sample="s2", patient="p2", drug="EFW"),
        changed(sample="s3", patient="p3", best_response="better"),
    ]
    assert [text[0] for text in faults(tmp_path, *rows)] == ["2", "2", "3", "4"]


def test_one_sample_has_one_genotype(tmp_path: Path) -> None:
    other = changed(mutations="RT:none", drug="NVP")
    assert "'s1' has another list here than in line 2" in faults(tmp_path, GOOD, other)[0]


def test_a_genotype_may_stand_in_any_line_of_its_sample(tmp_path: Path) -> None:
    found = read(tmp_path, changed(mutations=""), changed(drug="NVP"))
    assert [one.genotype.sample for one in found.therapies] == ["s1", "s1"]


def test_a_therapy_is_given_once(tmp_path: Path) -> None:
    assert "EFV of patient 'p1' from 2020-02-01 stands in line 2 already" in faults(tmp_path, GOOD, GOOD)[0]


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    pack, interpreter = opened()
    path = written(tmp_path, [GOOD + ",x"], COLUMNS + ",progresion")
    with pytest.raises(InputError, match=r"unknown column 'progresion'.*did you mean progression"):
        read_outcomes(pack, interpreter, path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    pack, interpreter = opened()
    path = written(tmp_path, ["p1,s1,none,EFV,CR"], "patient,sample,mutations,drug,best_response")
    with pytest.raises(InputError, match="the column 'start' is missing"):
        read_outcomes(pack, interpreter, path)


def test_faulty_lines_can_be_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, changed(sample="s2", patient="p2", drug="EFW"), keep_going=True)
    assert [one.sample for one in found.therapies] == ["s1"]
    assert [fault.line for fault in found.set_aside] == [3]
    assert found.unknown_drugs == ("EFW",)


def test_a_table_without_any_good_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown drug"):
        read(tmp_path, changed(drug="EFW"), keep_going=True)


def test_a_drug_that_nobody_was_given_is_refused(tmp_path: Path) -> None:
    pack, interpreter = opened()
    with pytest.raises(InputError, match="holds no therapy with NVP"):
        read_outcomes(pack, interpreter, written(tmp_path, [GOOD], COLUMNS), drugs=["NVP"])
