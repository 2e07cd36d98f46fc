"""The command line as a user and a script meet it: what it prints, where, and with which exit code."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from resistab.cli import app as cli
from resistab.cli.exit_codes import EXIT_CODES, ExitCode
from resistab.core import agreement
from resistab.files.output import OutputError, StandardOutput, write_whole
from tests.paths import ROOT
from tests.running import RESISTAB, Result, Run

CASE = ("--tumour", "LUAD", "--finding", "EGFR L858R", "--finding", "EGFR T790M")


def patient(folder: Path, name: str, text: str = "") -> str:
    text = text or f"sample: {name}\ntumour_type: LUAD\nfindings: [EGFR L858R, EGFR T790M]\n"
    (folder / name).write_text(text, encoding="utf-8")
    return name


# --- the contract for scripts ---


def test_json_on_standard_output_and_nothing_else(run_process: Run) -> None:
    done = run_process("evaluate", *CASE, "--assayed", "EGFR,KRAS", "--json", "-")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert done.stdout == json.dumps(report, ensure_ascii=False, separators=(",", ":")) + "\n"
    verdicts = {verdict["drug"]: verdict for verdict in report["verdicts"]}
    gefitinib = verdicts["gefitinib"]
    assert (gefitinib["verdict"], gefitinib["level"], gefitinib["score"]) == ("resistant", 5, 60)
    assert all(re.fullmatch(r"GEF-\d{3}", row) for row in gefitinib["rows"])
    assert "PMID:15728811" in gefitinib["citations"]
    assert verdicts["osimertinib"]["verdict"] == "sensitive"
    for verdict in verdicts.values():
        assert (verdict["level"] is None) == (verdict["verdict"] in ("not_assessable", "not_indicated"))
    assert set(verdicts) == {drug.lower() for drug in verdicts}


def test_jsonl_is_one_report_a_line_in_input_order(run: Run, tmp_path: Path) -> None:
    both = "- {sample: C, tumour_type: MEL, assayed: [BRAF]}\n- {sample: A, tumour_type: MEL, assayed: [BRAF]}\n"
    done = run("evaluate", patient(tmp_path, "B.yaml"), patient(tmp_path, "more.yaml", both), "--jsonl", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["sample"]["id"] for line in done.stdout.splitlines()] == ["B.yaml", "C", "A"]


def test_the_same_input_gives_the_same_bytes_in_every_process(run_process: Run) -> None:
    """Whatever the process's hash seed, and wherever the words come from that leave rows open."""
    many = ("--finding", "KRAS mutation", "--finding", "PIK3CA mutation", "--finding", "MET exon 14 skipping")
    one, other = (
        run_process("evaluate", *CASE, *many, "--date", "2026-11-21", "--json", "-", PYTHONHASHSEED=seed)
        for seed in "12"
    )
    assert one.stdout == other.stdout
    assert json.loads(one.stdout)["generated_on"] == "2026-11-21"


def test_files_and_options_give_the_same_report(run: Run, tmp_path: Path) -> None:
    name = patient(tmp_path, "sample")
    from_file = run("evaluate", name, "--date", "2026-11-21", "--json", "-")
    from_options = run("evaluate", *CASE, "--sample", "sample", "--date", "2026-11-21", "--json", "-")
    assert from_file.stdout == from_options.stdout.replace('"read_as":""', '"read_as":"patient file"')


@pytest.mark.parametrize(("prior", "shown"), [(["none"], []), (["Tagrisso"], ["osimertinib"]), ([], None)])
def test_prior_therapies_given_none_and_unknown(run: Run, prior: list[str], shown: list[str] | None) -> None:
    options = [word for drug in prior for word in ("--prior", drug)]
    done = run("evaluate", *CASE, *options, "--json", "-")
    assert json.loads(done.stdout)["sample"]["prior_therapies"] == shown


def test_json_is_utf_8_whatever_the_terminal_speaks(run_process: Run) -> None:
    done = run_process("evaluate", *CASE, "--sample", "Müller", "--json", "-", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)["sample"]["id"] == "Müller"


def test_a_terminal_that_speaks_only_ascii_gets_a_report_too(run_process: Run) -> None:
    done = run_process("evaluate", *CASE, "--sample", "Müller", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "M\\xfcller" in done.stdout


# --- help ---

COMMANDS = ("evaluate", "explain", "drugs", "version")


def examples_of(help_text: str) -> list[str]:
    """The command lines of a help text, lines that end in a backslash joined."""
    joined = help_text.replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if re.match(r" +resistab \w", line)]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_examples_and_exit_codes(run: Run, command: str) -> None:
    done = run(command, "--help", COLUMNS="80")
    assert done.returncode == 0
    assert examples_of(done.stdout)
    plain = " ".join(done.stdout.split())
    assert " ".join(EXIT_CODES.split()) in plain
    for code in ExitCode:
        assert re.search(rf"\b{int(code)} ", EXIT_CODES)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_in_the_help_works_as_it_is_printed(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "bin").mkdir()
    shims = {
        "resistab": f'exec {shlex.join(RESISTAB)} "$@"',
        # Stands in for jq, which need not be on the machine.
        "jq": f"exec {shlex.quote(sys.executable)} -c 'import json, sys; print(json.load(sys.stdin)[\"verdicts\"])'",
    }
    for name, line in shims.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    for name in ("patient.yaml", "one.yaml", "two.yaml"):
        patient(tmp_path, name)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "examples" / "hiv_pol.fasta", tmp_path / "sequences.fasta")
    shutil.copy(ROOT / "examples" / "germline.yaml", tmp_path)
    shutil.copy(ROOT / "examples" / "cohort.maf", tmp_path / "mutations.maf")
    (tmp_path / "tumour.vcf.gz").write_bytes(gzip.compress((ROOT / "examples" / "lung_tumour.vcf").read_bytes()))
    for example in examples_of(run(command, "--help", COLUMNS="80").stdout):
        done = subprocess.run(
            ["sh", "-e", "-c", example],
            cwd=tmp_path,
            env=os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), example
        written = [name for name in ("report.html", "cohort.jsonl") if name in example]
        assert all((tmp_path / name).stat().st_size > 1000 for name in written)
        written += list((tmp_path / "reports").glob("*.html")) if "--reports" in example else []
        assert done.stdout or written


def test_the_help_lists_the_commands(run: Run) -> None:
    done = run("--help")
    assert all(command in done.stdout + done.stderr for command in COMMANDS)


def test_version_names_software_rule_set_and_digest(run: Run) -> None:
    first, second = run("version").stdout.splitlines()
    assert re.fullmatch(r"resistab \d+\.\d+\.\d+", first)
    assert re.fullmatch(r"rule set oncology \S+ of \d{4}-\d\d-\d\d, digest sha256:[0-9a-f]{64}", second)


# --- exit codes ---


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evaluate"], "a patient file, or --tumour with --finding or --assayed, is needed"),
        (["evaluate", "--tumour", "LUAD"], "at least one --finding or --assayed is needed"),
        (["evaluate", "--tumour", "LUAD", "--assayed", " , "], "--assayed names nothing"),
        (["evaluate", "x.yaml", "--finding", "KRAS G12D"], "give either patient files or --tumour"),
        (["evaluate", *CASE, "--date", "2026-02-30"], "--date '2026-02-30' is no date; expected YYYY-MM-DD"),
        (["evaluate", *CASE, "--json", "-", "--html", "-"], "--json and --html are both to go to standard output"),
        (["evaluate", "--tumr", "LUAD"], "No such option: --tumr"),
        (["explain"], "Missing argument"),
        (["interpret"], "No such command 'interpret'"),
    ],
)
def test_a_wrong_command_line_is_2(run: Run, arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert said in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["evaluate", "--tumour", "LUADD", "--finding", "EGFR A790M", "--assayed", "EGRF"],
            [
                "error: tumour: unknown tumour type 'LUADD'; expected an OncoTree code or name; "
                "did you mean LUAD (Lung Adenocarcinoma)",
                "error: finding: 'EGFR A790M': the reference residue at 790 is T, not A (NP_005219.2); "
                "did you mean EGFR T790M?",
                "error: assayed: 'EGRF': unknown gene 'EGRF'; expected an HGNC symbol or a known alias; did you mean ",
            ],
        ),
        (
            ["explain", "ginger", *CASE],
            ["error: drug: no table for 'ginger'; expected a drug that 'resistab drugs' lists"],
        ),
        (
            ["explain", "gefitinb", *CASE],
            [
                "error: drug: no table for 'gefitinb'; expected a drug that 'resistab drugs' lists; "
                "did you mean gefitinib",
            ],
        ),
        (["drugs", "--tumour", "XYZ123"], ["error: --tumour: unknown tumour type 'XYZ123'; expected an OncoTree"]),
        (["evaluate", *CASE, "--sample", ""], ["error: --sample: '' is no name; expected a name"]),
        (["evaluate", "missing.yaml"], ["error: missing.yaml: cannot be read: No such file or directory"]),
        (
            ["evaluate", "."],
            ["error: .: is a folder without the files of a cBioPortal study; expected data_mutations.txt"],
        ),
    ],
)
def test_faulty_patient_data_is_3_with_every_fault_on_a_line(run: Run, arguments: list[str], said: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (ExitCode.INPUT, "")
    lines = done.stderr.splitlines()
    assert len(lines) == len(said)
    for line, start in zip(lines, said, strict=True):
        assert line.startswith(start)


def test_all_faults_of_several_files_in_one_run_and_no_report(run: Run, tmp_path: Path) -> None:
    files = [
        patient(tmp_path, "good.yaml"),
        patient(tmp_path, "empty.yaml", " "),
        patient(tmp_path, "one.yaml", "sample: A\ntumour_type: LUAD\nfindings: [EGFR A790M, EGFR T9999M]\n"),
        patient(tmp_path, "two.yaml", "sample: B\ntumor_type: LUAD\n"),
        patient(tmp_path, "again.yaml", "sample: good.yaml\ntumour_type: LUAD\nassayed: [EGFR]\n"),
    ]
    done = run("evaluate", *files, "--jsonl", "out.jsonl")
    assert (done.returncode, done.stdout) == (ExitCode.INPUT, "")
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == [
        "empty.yaml", "one.yaml", "one.yaml", "two.yaml", "again.yaml",
    ]  # fmt: skip
    assert done.stderr.splitlines()[-1] == (
        "error: again.yaml: the sample 'good.yaml' is given twice, first in good.yaml; expected each sample once"
    )
    assert not (tmp_path / "out.jsonl").exists()


def test_to_keep_going_lists_in_the_report_what_was_set_aside(run: Run, tmp_path: Path) -> None:
    text = "sample: A\ntumour_type: LUAD\nfindings: [EGFR T790M, EGFR A790M]\nassayed: [QQQQQQ]\n"
    done = run("evaluate", patient(tmp_path, "a.yaml", text), "--keep-going", "--json", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["not_understood"] == [
        {
            "entry": "EGFR A790M",
            "reason": "the reference residue at 790 is T, not A (NP_005219.2); did you mean EGFR T790M?",
        },
        {"entry": "QQQQQQ", "reason": "unknown gene 'QQQQQQ'; expected an HGNC symbol or a known alias"},
    ]
    shown = run("evaluate", "a.yaml", "--keep-going", COLUMNS="200").stdout
    assert "EGFR A790M" in shown
    assert "QQQQQQ" in shown


def test_bytes_that_are_no_text_are_refused_or_shown_as_numbers(run_process: Run) -> None:
    odd = os.fsdecode(b"EGFR \xff")
    assert run_process("evaluate", *CASE, "--finding", odd).returncode == ExitCode.INPUT
    done = run_process("evaluate", *CASE, "--finding", odd, "--keep-going", "--json", "-")
    assert json.loads(done.stdout)["not_understood"][0]["entry"] == "EGFR \\xff"
    assert run_process("evaluate", *CASE, "--sample", odd).returncode == ExitCode.INPUT


def test_a_faulty_rule_set_is_4(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rules" / "mine").mkdir(parents=True)
    (tmp_path / "rules" / "mine" / "ruleset.yaml").write_text("ruleset: [\n")
    done = run("evaluate", *CASE, "--rulebase", "rules", "--ruleset", "mine")
    assert (done.returncode, done.stdout) == (ExitCode.RULEBASE, "")
    assert "error: mine/ruleset.yaml:2:1: malformed YAML" in done.stderr
    done = run("evaluate", *CASE, "--ruleset", "oncolgy")
    assert done.returncode == ExitCode.RULEBASE
    assert "unknown rule set 'oncolgy'" in done.stderr
    assert done.stderr.endswith("did you mean oncology?\n")
    assert run("evaluate", *CASE, "--rulebase", "nowhere").stderr == (
        "error: nowhere: is not a folder; expected a folder of rule sets\n"
    )


def test_a_disagreement_is_6_and_nothing_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(agreement, "evaluate_by_fixpoint", lambda program, observed, since=None: {})
    monkeypatch.setattr(sys, "argv", ["resistab", "evaluate", *CASE, "--json", str(tmp_path / "report.json")])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == ExitCode.ENGINE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: no report was made: the two evaluators disagree on ")
    assert list(tmp_path.iterdir()) == []


# --- writing ---


def test_a_missing_output_folder_is_5(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", *CASE, "--json", "nowhere/report.json")
    assert (done.returncode, done.stdout) == (ExitCode.OUTPUT, "")
    assert done.stderr == f"error: nowhere/report.json: the folder {tmp_path}/nowhere does not exist\n"


def test_an_output_that_is_a_folder_is_5(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", *CASE, "--html", ".")
    assert (done.returncode, done.stderr) == (ExitCode.OUTPUT, "error: .: is a folder\n")
    assert list(tmp_path.iterdir()) == []


needs_dev_full = pytest.mark.skipif(
    not Path("/dev/full").is_char_device(), reason="this system has no /dev/full to write to"
)


@needs_dev_full
def test_a_full_device_is_5_and_stays_a_device(run: Run) -> None:
    done = run("evaluate", *CASE, "--json", "/dev/full")
    assert done.returncode == ExitCode.OUTPUT
    assert done.stderr == "error: /dev/full: cannot be written: No space left on device\n"
    assert Path("/dev/full").is_char_device()


@needs_dev_full
@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", *CASE, "--json", "-"],
        ["evaluate", *CASE, "--html", "-"],
        ["evaluate", *CASE],
        ["explain", "gefitinib", *CASE],
        ["drugs"],
        ["version"],
        ["evaluate", "--help"],
    ],
    ids=" ".join,
)
def test_a_full_standard_output_is_5(run_process: Run, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = run_process(*arguments, stdout=full)
    assert done.returncode == ExitCode.OUTPUT
    assert done.stderr == "error: standard output: cannot be written: No space left on device\n"


@pytest.mark.parametrize("arguments", [["evaluate", *CASE, "--json", "-"], ["evaluate", *CASE], ["drugs"]])
def test_a_reader_that_has_gone_ends_it_quietly_with_141(run_process: Run, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run_process(*arguments, stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_closed_standard_output_is_5_unless_nothing_goes_there(tmp_path: Path) -> None:
    def closed(*arguments: str) -> Result:
        command = shlex.join([*RESISTAB, *arguments]) + " >&-"
        return subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)

    done = closed("evaluate", *CASE, "--json", "-")
    assert (done.returncode, done.stderr) == (ExitCode.OUTPUT, "error: standard output is closed\n")
    assert closed("evaluate", *CASE, "--json", "report.json").returncode == 0
    assert (tmp_path / "report.json").is_file()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.json"
    target.write_text("the earlier report")

    def full(handle: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OutputError, match=r"report\.json: cannot be written: No space left on device"):
        write_whole(target, "the new report")
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert target.read_text() == "the earlier report"


def test_a_write_that_takes_several_turns_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: whole(handle, bytes(content)[:3]))
    write_whole(tmp_path / "report.json", "the new report")
    assert (tmp_path / "report.json").read_text() == "the new report"


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    link = tmp_path / "latest.json"
    link.symlink_to(tmp_path / "reports" / "today.json")
    write_whole(link, "report")
    assert link.is_symlink()
    assert (tmp_path / "reports" / "today.json").read_text() == "report"


def test_a_report_is_as_readable_as_other_files(tmp_path: Path) -> None:
    write_whole(tmp_path / "report.json", "report")
    (tmp_path / "other").write_text("other")
    assert (tmp_path / "report.json").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_standard_output_may_be_any_stream() -> None:
    buffer = io.BytesIO()
    output = StandardOutput(io.TextIOWrapper(buffer, encoding="ascii", newline="\r\n"))
    output.write("é\n")
    output.write_utf8("é\n")
    assert buffer.getvalue() == b"\\xe9\r\n" + "é\n".encode()
    assert output.encoding == "ascii"
