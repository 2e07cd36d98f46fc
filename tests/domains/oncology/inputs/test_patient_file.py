"""Patient files: what is read from good ones, and the exact message for each bad one in ``bad/``."""

from __future__ import annotations

import datetime
import json
import os
import threading
from pathlib import Path

import pytest
import yaml

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.inputs.assembly import GivenSample
from resistab.domains.oncology.inputs.patient_file import parse_patient_text, read_patient_file
from resistab.files.patient_file import MOST_BYTES

BAD = Path(__file__).parent / "bad"
EXPECTED: dict[str, list[str]] = yaml.safe_load((BAD / "expected.yaml").read_text("utf-8"))

WHOLE = """\
sample: S-1
tumour_type: LUAD
specimen: ctDNA
date: 2026-03-04
findings:
  - EGFR L858R
  - {alteration: EGFR T790M, allele_fraction: 0.12}
  - {alteration: EGFR C797S, phase: cis, with: EGFR T790M}
  - {alteration: ERBB2 amplification, copies: 9}
  - {alteration: ABCB1 overexpression, value: 2.5, unit: z-score}
assayed: [KRAS, "BRAF mutation in 600", MSI]
prior_therapies: [gefitinib]
"""


def faults_of(interpreter: Interpreter, path: Path) -> list[str]:
    """Every fault of a file, those of its form and those of what it says."""
    found: list[str] = []
    try:
        samples = read_patient_file(path)
    except InputError as error:
        return [str(fault) for fault in error.faults]
    for given in samples:
        try:
            interpreter.assemble(given)
        except InputError as error:
            found.extend(str(fault) for fault in error.faults)
    return found


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_bad_file_is_refused_with_these_words(
    oncology: Interpreter, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(BAD)
    assert faults_of(oncology, Path(name)) == EXPECTED[name]
    assert EXPECTED[name]


def test_every_bad_file_has_its_words() -> None:
    assert {path.name for path in BAD.iterdir()} == {*EXPECTED, "expected.yaml"}


# --- what is read ---


def one(text: str) -> GivenSample:
    (sample,) = parse_patient_text(text, "test")
    return sample


def test_everything_a_file_can_say() -> None:
    given = one(WHOLE)
    assert (given.sample, given.tumour_type.text, given.specimen) == ("S-1", "LUAD", "ctDNA")
    assert given.date == datetime.date(2026, 3, 4)
    assert [finding.text for finding in given.findings] == [
        "EGFR L858R",
        "EGFR T790M",
        "EGFR C797S",
        "ERBB2 amplification",
        "ABCB1 overexpression",
    ]
    t790m, c797s, erbb2, abcb1 = given.findings[1:]
    assert t790m.measured is not None
    assert t790m.measured.allele_fraction == 0.12
    assert (c797s.phase, c797s.phase_with) == ("cis", "EGFR T790M")
    assert erbb2.measured is not None
    assert (erbb2.measured.value, erbb2.measured.unit) == (9, "copies")
    assert abcb1.measured is not None
    assert (abcb1.measured.value, abcb1.measured.unit) == (2.5, "z-score")
    assert [locus.text for locus in given.assayed] == ["KRAS", "BRAF mutation in 600", "MSI"]
    assert given.prior_therapies is not None
    assert [drug.text for drug in given.prior_therapies] == ["gefitinib"]


def test_the_same_in_json_with_tabs() -> None:
    data = yaml.safe_load(WHOLE) | {"date": "2026-03-04"}
    from_json = one(json.dumps(data, indent="\t"))
    assert [(f.text, f.measured, f.phase) for f in from_json.findings] == [
        (f.text, f.measured, f.phase) for f in one(WHOLE).findings
    ]
    assert from_json.date == datetime.date(2026, 3, 4)


def test_prior_therapies_left_out_are_not_the_same_as_none() -> None:
    short = "sample: A\ntumour_type: LUAD\nfindings: [EGFR L858R]\n"
    assert one(short).prior_therapies is None
    assert one(short + "prior_therapies: []\n").prior_therapies == []


@pytest.mark.parametrize(
    "text",
    [
        "patients:\n- {sample: A, tumour_type: LUAD, assayed: [ALK]}\n- {sample: B, tumour_type: MEL, assayed: [ALK]}",
        "- {sample: A, tumour_type: LUAD, assayed: [ALK]}\n- {sample: B, tumour_type: MEL, assayed: [ALK]}",
    ],
)
def test_several_samples_in_one_file_keep_their_order(text: str) -> None:
    assert [given.sample for given in parse_patient_text(text, "test")] == ["A", "B"]


def test_words_special_to_yaml_stay_as_written() -> None:
    given = one('sample: "007"\ntumour_type: LUAD\nfindings: [EGFR L858R]\nprior_therapies: ["no"]\n')
    assert given.sample == "007"


def test_a_fault_is_placed_at_its_entry() -> None:
    given = one(WHOLE)
    assert str(given.findings[1].fault_at("wrong", None, None)) == "test:7:5: wrong"
    assert str(given.assayed[2].fault_at("wrong", None, None)) == "test:11:41: wrong"


# --- files as they come ---


def written(path: Path, content: bytes) -> list[GivenSample]:
    path.write_bytes(content)
    return read_patient_file(path)


@pytest.mark.parametrize(
    "content",
    [WHOLE.encode(), b"\xef\xbb\xbf" + WHOLE.encode(), WHOLE.replace("\n", "\r\n").encode(), WHOLE.strip().encode()],
    ids=["plain", "byte order mark", "Windows line ends", "no last line end"],
)
def test_line_ends_and_byte_order_marks_do_not_matter(tmp_path: Path, content: bytes) -> None:
    (given,) = written(tmp_path / "patient.yaml", content)
    assert given.sample == "S-1"
    assert len(given.findings) == 5


def test_names_in_other_scripts_are_names(tmp_path: Path) -> None:
    text = 'sample: "Müller 試料"\ntumour_type: LUAD\nfindings: [EGFR L858R]\n'
    assert written(tmp_path / "Müller.yaml", text.encode())[0].sample == "Müller 試料"


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        read_patient_file(path)
    return str(refused.value)


def test_a_file_of_200_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert refusal(path) == (f"{path}: is larger than 20 MB; expected a patient file in YAML or JSON of at most 20 MB")


def test_an_endless_pipe_is_read_as_far_as_a_file_may_go(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def pour() -> None:
        with pipe.open("wb", buffering=0) as end:
            try:
                while True:
                    end.write(b"#" * 65536)
            except BrokenPipeError:
                return

    pouring = threading.Thread(target=pour, daemon=True)
    pouring.start()
    assert refusal(pipe) == (f"{pipe}: is larger than 20 MB; expected a patient file in YAML or JSON of at most 20 MB")
    pouring.join(10)
    assert not pouring.is_alive()


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_text, args=(WHOLE,), daemon=True).start()
    assert read_patient_file(pipe)[0].sample == "S-1"


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: is a folder; expected a file"
    missing = tmp_path / "missing.yaml"
    assert refusal(missing) == f"{missing}: cannot be read: No such file or directory"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said by the system to root, whom it would otherwise let read everything."""
    path = tmp_path / "secret.yaml"
    path.write_text(WHOLE)

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert refusal(path) == f"{path}: cannot be read: Permission denied"


def test_deep_nesting_is_refused() -> None:
    for text in ("[" * 100_000, "sample: A\nfindings: " + "[" * 5000 + "]" * 5000):
        with pytest.raises(InputError, match="nested too deeply"):
            parse_patient_text(text, "test")


def test_thousands_of_findings_are_all_read(oncology: Interpreter) -> None:
    """A hypermutated exome."""
    sequence = oncology.rulebase.sequences["EGFR"]
    findings = [f"EGFR {old}{n}{new}" for n, old in enumerate(sequence, 1) for new in "W" if new != old and n > 1]
    given = one(json.dumps({"sample": "A", "tumour_type": "LUAD", "findings": findings}))
    assert len(oncology.assemble(given).findings) == len(findings) > 1000


def test_the_largest_file_is_larger_than_any_real_one() -> None:
    assert 1_000_000 < MOST_BYTES < 100_000_000


def test_faults_of_form_and_of_content_are_told_in_one_run(oncology: Interpreter) -> None:
    text = """\
sample: S-1
tumour_type: LUADX
findings:
  - EGFR A790M
  - {alteration: KRAS G12D, allele_frac: 0.2}
  - {alteration: EGFR L858R, allele_fraction: 1.5}
  - TP53 R213*
specimen: blood
"""
    (sample,) = parse_patient_text(text, "test")

    with pytest.raises(InputError) as raised:
        oncology.assemble(sample)

    assert sorted(fault.line or 0 for fault in raised.value.faults) == [2, 4, 5, 6, 8]


def test_unreadable_samples_do_not_hide_faults_of_others(oncology: Interpreter) -> None:
    samples = parse_patient_text("- 12\n- {sample: B, tumour_type: LUAD, findings: [EGFR A790M]}\n", "test")
    faults = []
    for sample in samples:
        with pytest.raises(InputError) as raised:
            oncology.assemble(sample)
        faults.extend(raised.value.faults)

    assert [fault.line for fault in faults] == [1, 2]


def test_sequences_are_sent_to_the_rule_set_of_a_virus(tmp_path: Path) -> None:
    path = tmp_path / "virus.fasta"
    path.write_text(">one\nACGT\n")
    with pytest.raises(
        InputError, match=r":1: is a FASTA file of sequences; .* for sequences of HIV give --ruleset hiv1"
    ):
        read_patient_file(path)
