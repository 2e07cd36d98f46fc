"""The command line with the rule set of a virus: what it prints and writes, and how a wrong command line ends."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resistab.cli.exit_codes import ExitCode
from resistab.core import agreement
from tests.cases import cases_beside
from tests.paths import EXAMPLES
from tests.running import Result
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

DRUGS = {"RT": 14, "PR": 8, "IN": 5, "CA": 1}


# --- the contract for scripts -------------------------------------------------------------------------------------


def test_json_on_standard_output_and_nothing_else(run: Run) -> None:
    done = run("evaluate", *CASE, "--json", "-")
    found = report(done)
    assert done.out == json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
    lamivudine = verdicts(found)["3TC"]
    assert (lamivudine["verdict"], lamivudine["level"], lamivudine["score"]) == ("resistant", 5, 60)
    assert (lamivudine["level_name"], lamivudine["sir"]) == ("High-Level Resistance", "R")
    assert (lamivudine["rows"], lamivudine["citations"]) == (["3TC-184"], [])
    nelfinavir = verdicts(found)["NFV"]
    assert (nelfinavir["verdict"], nelfinavir["level"], nelfinavir["score"]) == ("resistant", 5, 60)
    zidovudine = verdicts(found)["AZT"]
    assert (zidovudine["verdict"], zidovudine["level"], zidovudine["score"]) == ("no_resistance_found", 1, -10)
    assert {drug: verdicts(found)[drug]["level"] for drug in ("ABC", "DDI", "ISL")} == {"ABC": 3, "DDI": 2, "ISL": 4}
    assert {verdicts(found)[drug]["verdict"] for drug in ("ABC", "DDI", "ISL")} == {"possible_resistance"}


def test_a_gene_with_a_mutation_alone_counts_as_sequenced(run: Run) -> None:
    found = report(run("evaluate", *CASE, "--json", "-"))
    assert {gene["gene"]: (gene["sequenced"], gene["inferred"]) for gene in found["genes"]} == {
        "CA": (False, False), "PR": (True, True), "RT": (True, True), "IN": (False, False),
    }  # fmt: skip
    by_gene: dict[str, list[dict[str, Any]]] = {gene: [] for gene in DRUGS}
    for verdict in found["verdicts"]:
        by_gene[verdict["gene"]].append(verdict)
    assert {gene: len(of_gene) for gene, of_gene in by_gene.items()} == DRUGS
    for gene, of_gene in by_gene.items():
        for verdict in of_gene:
            assert (verdict["verdict"] == "not_assessable") == (gene in ("IN", "CA"))
            assert (verdict["level"] is None) == (gene in ("IN", "CA"))
            assert bool(verdict["not_assessable"]) == (gene in ("IN", "CA"))


def test_a_gene_sequenced_without_a_mutation_is_assessed(run: Run) -> None:
    for options in (("--assayed", "IN, CA"), ("--assayed", "IN", "--assayed", "integrase,CA")):
        found = report(run("evaluate", *CASE, *options, "--json", "-"))
        assert {verdicts(found)[drug]["level"] for drug in ("DTG", "RAL", "LEN")} == {1}
    found = report(evaluate(run, "--assayed", "IN", "--json", "-"))
    assert [verdict["drug"] for verdict in found["verdicts"] if verdict["level"]] == ["BIC", "CAB", "DTG", "EVG", "RAL"]
    found = report(evaluate(run, "--mutations", "RT:none", "--json", "-"))
    assert verdicts(found)["3TC"]["level"] == 1


@pytest.mark.parametrize(
    "written", ["RT:184V PR:90M", "rt m184v; pr l90m", "RT=M184V, Protease: Leu90Met", "HIV-1-RT M184V PR+L90M"]
)
def test_mutations_as_laboratories_write_them(run: Run, written: str) -> None:
    expected = verdicts(report(run("evaluate", *CASE, "--json", "-")))
    found = verdicts(report(evaluate(run, "--mutations", written, "--json", "-")))
    assert {drug: (v["level"], v["score"]) for drug, v in found.items()} == {
        drug: (v["level"], v["score"]) for drug, v in expected.items()
    }


def test_many_patients_are_one_line_each_in_input_order(run: Run) -> None:
    name = file("cohort.tsv", "zoe\tRT:M184V\n\n# a remark\nadam\tIN:140S 148H\nmia\tRT 69Insertion, PR 90M\n")
    done = evaluate(run, "--mutations-file", name, "--jsonl", "-")
    assert (done.code, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["sample"]["id"] for line in lines] == ["zoe", "adam", "mia"]
    assert [verdicts(line)["3TC"]["score"] for line in lines] == [60, None, 30]
    assert [verdicts(line)["DTG"]["level"] for line in lines] == [None, 4, None]
    assert [verdicts(line)["NFV"]["level"] for line in lines] == [None, None, 5]


def test_a_sequence_is_read_and_interpreted(run: Run) -> None:
    name = fasta("patient.fasta", ("patient", changed(RT184="GTG", RT65="ARA", IN148="CAT")))
    found = report(evaluate(run, name, "--json", "-"))
    assert found["sample"] == {"id": "patient", "given": "sequence", "bases": len(POL)}
    assert [(gene["gene"], mutation["text"]) for gene in found["genes"] for mutation in gene["mutations"]] == [
        ("RT", "K65KR"), ("RT", "M184V"), ("IN", "Q148H"),
    ]  # fmt: skip
    assert {gene["gene"]: gene["read"] for gene in found["genes"]} == {
        "CA": [], "PR": [[1, 99]], "RT": [[1, 560]], "IN": [[1, 288]],
    }  # fmt: skip
    assert (verdicts(found)["TDF"]["score"], verdicts(found)["3TC"]["score"]) == (35, 75)
    assert verdicts(found)["RAL"]["level"] == 5
    assert verdicts(found)["LEN"]["verdict"] == "not_assessable"


def test_sequences_of_several_files_in_input_order(run: Run) -> None:
    two = fasta("two.fasta", ("zoe", POL), ("adam", changed(RT184="GTG")))
    one = fasta("one.fasta", ("mia", changed(RT103="AAC")))
    done = evaluate(run, two, one, "--jsonl", "-")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [(line["sample"]["id"], line["mutations"]) for line in lines] == [
        ("zoe", []), ("adam", ["RT:M184V"]), ("mia", ["RT:K103N"]),
    ]  # fmt: skip


def projected(whole: dict[str, Any]) -> dict[str, Any]:
    """What a line of a cohort says, taken from the full report of the same genotype."""
    of_verdict = (
        "drug", "drug_class", "gene", "verdict", "level", "level_name", "sir", "score", "rows", "citations",
        "not_assessable",
    )  # fmt: skip
    return {
        **{field: whole[field] for field in ("format", "software", "generated_on", "quality", "notes")},
        "ruleset": {field: whole["ruleset"][field] for field in ("id", "version", "digest", "overlay")},
        "sample": {field: whole["sample"][field] for field in ("id", "bases")},
        "genes": [
            {field: gene[field] for field in ("gene", "inferred", "read")}
            for gene in whole["genes"]
            if gene["sequenced"]
        ],
        "mutations": {f"{gene['gene']}:{m['text']}" for gene in whole["genes"] for m in gene["mutations"]},
        "not_understood": whole["not_understood"],
        "verdicts": [{field: verdict[field] for field in of_verdict} for verdict in whole["verdicts"]],
        "comments": [comment["id"] for comment in whole["comments"]],
    }


@pytest.mark.parametrize(
    "given",
    [
        ("--mutations", "RT:M184V,PR:L90M"),
        ("--mutations", "RT:M184V K65X T69S_SS, IN:none", "--sample", 'Müller "A"'),
        ("--mutations", "RT:M41L M184V L210W T215Y K103N, IN:G140S Q148H, CA:M66I, PR:V32I I47A I50L"),
        ("--mutations", "RT:M184V A65R, XY:L90M", "--keep-going"),
        # Drugs without a position that was not read, and drugs that such a position could make resistant.
        ("part.fasta",),
        ("stops.fasta",),
        ("holes.fasta",),
    ],
    ids=" ".join,
)
def test_a_line_of_a_cohort_says_what_the_full_report_says(run: Run, given: tuple[str, ...]) -> None:
    fasta("part.fasta", ("part", changed(RT184="GTG")[297 : 297 + 600]))
    fasta("stops.fasta", ("stops", changed(RT26="TAG", RT184="RTG", IN148="CAT", PR30="AAT")))
    fasta("holes.fasta", ("holes", changed(RT184="NNN", RT103="NNN", RT65="AGA")))
    whole = report(evaluate(run, *given, "--date", "2026-11-22", "--json", "-"))
    line = report(evaluate(run, *given, "--date", "2026-11-22", "--jsonl", "-"))
    assert sorted(line["mutations"]) == sorted(set(line["mutations"]))
    assert line | {"mutations": set(line["mutations"])} == projected(whole)


def test_the_same_input_gives_the_same_bytes_in_every_process(run_process: Callable[..., Result]) -> None:
    many = ("--mutations", "RT:M184V K65R T69ins, PR:V82AT L90M, IN:Q148HK")
    one, other = (
        run_process("evaluate", *CASE, *many, "--date", "2026-11-22", "--json", "-", PYTHONHASHSEED=seed)
        for seed in "12"
    )
    assert (one.returncode, other.returncode) == (0, 0)
    assert one.stdout == other.stdout
    assert json.loads(one.stdout)["generated_on"] == "2026-11-22"


# --- files and renderings -----------------------------------------------------------------------------------------


def test_files_are_written_whole(run: Run) -> None:
    options = ("--json", "out.json", "--jsonl", "out.jsonl", "--html", "out.html")
    assert run("evaluate", *CASE, "--date", "2026-11-22", *options) == (0, "", "")
    printed = {option: run("evaluate", *CASE, "--date", "2026-11-22", option, "-").out for option in options[::2]}
    assert {option: Path(f"out.{option[2:]}").read_text("utf-8") for option in options[::2]} == printed
    assert sorted(path.name for path in Path().iterdir()) == ["out.html", "out.json", "out.jsonl"]


def test_html_is_one_page_that_names_what_was_found(run: Run) -> None:
    done = run("evaluate", *CASE, "--sample", "<b>A & B</b>", "--html", "-")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("<!DOCTYPE html>")
    assert done.out.rstrip().endswith("</html>")
    for shown in ("3TC", "lamivudine", "High-Level Resistance", "M184V", "L90M", "HIVDB 10.2", "&lt;b&gt;A &amp; B"):
        assert shown in done.out
    assert "<b>A" not in done.out
    # References are links that a reader may follow; nothing is loaded from elsewhere.
    assert not re.search(r"src=[\"']?https?://|<link|@import|<script", done.out)


def test_the_terminal_shows_the_drugs_by_class(run: Run) -> None:
    done = run("evaluate", *CASE)
    assert (done.code, done.err) == (0, "")
    assert re.search(r"3TC\s+\S+ High-Level Resistance\s+R\s+60\s+M184V", done.out)
    assert re.search(r"TDF\s+\S+ Susceptible\s+S\s+-10", done.out)
    assert [
        done.out.index(name) for name in ("NRTI (RT)", "NNRTI (RT)", "PI (PR)", "INSTI (IN)", "CAI (CA)")
    ] == sorted(done.out.index(name) for name in ("NRTI (RT)", "NNRTI (RT)", "PI (PR)", "INSTI (IN)", "CAI (CA)"))
    assert "not assessable" in done.out


def test_drugs_of_genes_not_sequenced_only_when_asked_for(run: Run) -> None:
    short, long = run("evaluate", *CASE).out, run("evaluate", *CASE, "--all-drugs").out
    assert len(long.splitlines()) > len(short.splitlines())
    assert re.search(r"^\s*DTG\s+\? ", long, re.MULTILINE)
    assert not re.search(r"^\s*DTG\s+\? ", short, re.MULTILINE)


def test_several_patients_in_the_terminal(run: Run) -> None:
    done = evaluate(run, "--mutations-file", file("two.tsv", "zoe\tRT:M184V\nadam\tPR:L90M\n"))
    assert done.code == 0
    assert [match[1] for match in re.finditer(r"report: (\w+)", done.out)] == ["zoe", "adam"]


@pytest.mark.parametrize("name", ["3TC", "3tc", "lamivudine", "LMV"])
def test_explain_shows_how_a_level_was_derived(run: Run, name: str) -> None:
    done = run("explain", name, *CASE)
    assert (done.code, done.err) == (0, "")
    shown = " ".join(done.out.split())
    for said in ("3TC (lamivudine)", "High-Level Resistance", "Row 3TC-184: score 60", "found M184V", "Score: 60"):
        assert said in shown


def test_explain_says_why_a_drug_is_not_assessable(run: Run) -> None:
    done = run("explain", "DTG", *CASE)
    assert "Not assessable" in done.out
    assert "IN was not sequenced" in done.out


def test_drugs_are_listed_by_class(run: Run) -> None:
    done = run("drugs", "--ruleset", "hiv1")
    assert (done.code, done.err) == (0, "")
    for shown in ("NRTI", "NNRTI", "INSTI", "CAI", "3TC", "lamivudine", "DRV/r", "DTG", "LEN", "lenacapavir"):
        assert shown in done.out


def test_version_names_rule_set_digest_and_algorithm(run: Run) -> None:
    lines = run("version", "--ruleset", "hiv1").out.splitlines()
    assert re.fullmatch(r"resistab \d+\.\d+\.\d+", lines[0])
    assert re.fullmatch(r"rule set hiv1 \S+ of \d{4}-\d\d-\d\d, digest sha256:[0-9a-f]{64}", lines[1])
    assert re.fullmatch(r"algorithm HIVDB 10\.2 of \d{4}-\d\d-\d\d", lines[2])


@pytest.mark.parametrize(
    ("given", "patients"),
    [
        (("hiv_pol.fasta",), {"example-pol": ["PR:L90M", "RT:K65KR", "RT:K103N", "RT:M184V", "IN:G140S", "IN:Q148H"]}),
        (
            ("--mutations-file", "hiv_mutations.tsv"),
            {
                "patient-1": ["RT:K103N", "RT:M184V"],
                "patient-2": [
                    "PR:M46I", "PR:I54V", "PR:V82A", "PR:L90M", "RT:M41L", "RT:T69S_SS", "RT:L210W", "RT:T215Y",
                ],
                "patient-3": ["RT:K65KR", "IN:G140S", "IN:Q148H", "IN:R263K"],
            },
        ),
    ],
)  # fmt: skip
def test_the_examples_say_what_they_are_to_show(
    run: Run, given: tuple[str, ...], patients: dict[str, list[str]]
) -> None:
    done = evaluate(run, *given[:-1], str(EXAMPLES / given[-1]), "--jsonl", "-")
    assert (done.code, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert {line["sample"]["id"]: line["mutations"] for line in lines} == patients
    assert all(not line["quality"] and not line["not_understood"] for line in lines)


@pytest.mark.parametrize(
    ("given", "mutations", "quality"),
    [
        ("hiv_reads.codfreq", ["RT:M184MV"], {"few reads", "undetermined", "below the threshold"}),
        ("hiv_reads.codfreq --threshold 10%", ["RT:K103KN", "RT:M184MV"], {"few reads", "undetermined",
                                                                         "below the threshold"}),
        ("hiv_variants.aavf --assayed RT", ["RT:M41LM", "RT:M184V", "RT:T215TY"],
         {"few reads", "undetermined", "filtered", "below the threshold"}),
    ],
)  # fmt: skip
def test_the_examples_of_counted_reads_say_what_they_are_to_show(
    run: Run, given: str, mutations: list[str], quality: set[str]
) -> None:
    name, *options = given.split()
    done = evaluate(run, str(EXAMPLES / name), *options, "--jsonl", "-")
    assert (done.code, done.err) == (0, "")
    (line,) = [json.loads(line) for line in done.out.splitlines()]
    assert line["mutations"] == mutations
    assert {note["kind"] for note in line["quality"]} == quality


# --- what every domain has ----------------------------------------------------------------------------------------

TWO = "zoe\tRT:M184V\nadam\tPR:L90M\n"


def test_a_page_and_a_json_file_for_each_sample_and_one_table(run: Run) -> None:
    options = ("--mutations-file", file("two.tsv", TWO), "--reports", "reports", "--table", "verdicts.csv")
    assert evaluate(run, *options) == (0, "", "")
    written = sorted(path.name for path in Path("reports").iterdir())
    assert written == ["adam.html", "adam.json", "zoe.html", "zoe.json"]
    with Path("verdicts.csv").open(newline="") as table:
        found = {(row["sample"], row["drug"]): row for row in csv.DictReader(table)}
    assert (found["zoe", "3TC"]["verdict"], found["zoe", "3TC"]["score"]) == ("resistant", "60")
    assert found["zoe", "TDF"]["score"] == "-10"
    assert found["zoe", "DTG"]["level"] == ""


def test_a_cohort_is_summed_up(run: Run) -> None:
    evaluate(run, "--mutations-file", file("two.tsv", TWO), "--jsonl", "lines.jsonl")
    done = run("cohort", "lines.jsonl")
    assert (done.code, done.err) == (0, "")
    assert "2 samples" in done.out
    assert re.search(r"3TC\s+50% resistant", done.out)


def test_samples_of_sequences_and_of_lists_over_time(run: Run) -> None:
    files = (fasta("first.fasta", ("pol", POL)), file("second.tsv", "later\tRT:M184V K103N, PR:none\n"))
    dates = ("--at", "2025-01-10", "--at", "2026-02-11")
    therapies = file("t.csv", "drug,start,end\nlamivudine,2025-02-01,\n")
    done = run("timeline", "--ruleset", "hiv1", *files, *dates, "--therapies", therapies, "--json", "-")
    made = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert [sample["sample"] for sample in made["samples"]] == ["pol", "later"]
    assert [therapy["drug"] for therapy in made["therapies"]] == ["3TC"]
    moved = {course["drug"]: [point["verdict"] for point in course["verdicts"]] for course in made["verdicts"]}
    assert moved["3TC"] == ["no_resistance_found", "resistant"]


def test_a_timeline_needs_a_date_of_each_file(run: Run) -> None:
    done = run("timeline", "--ruleset", "hiv1", fasta("first.fasta", ("pol", POL)))
    assert done.code == ExitCode.INPUT
    assert "does not say when the sample 'pol' was taken; expected a date in the file, or --at" in done.err


def test_measured_responses_stand_beside_the_verdicts(run: Run) -> None:
    table = "sample,drug,assay,measure,response,resistant_from\nzoe,lamivudine,recombinant virus,fold change,80,3\n"
    options = ("--mutations-file", file("two.tsv", TWO), "--measured", file("m.csv", table))
    assert evaluate(run, *options, "--reports", "reports").code == 0
    (measured,) = json.loads(Path("reports/zoe.json").read_text())["measured"]
    assert (measured["drug"], measured["call"], measured["agreement"]) == ("3TC", "resistant", "agrees")
    assert not json.loads(Path("reports/adam.json").read_text()).get("measured")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            "drug,assay,call\n3TC,organoid,resistant\n",
            "'organoid' in column 'assay'; expected one of recombinant virus",
        ),
        ("drug,assay,call\nX3X,recombinant virus,resistant\n", "unknown drug 'X3X'"),
        ("sample,drug,assay,call\neve,3TC,recombinant virus,resistant\n", "there is no sample 'eve'"),
        ("drug,assay,cal\n3TC,recombinant virus,resistant\n", "unknown column 'cal'"),
        ("drug,assay,call\n", "holds column names and no response"),
    ],
)
def test_a_faulty_table_of_responses_is_told(run: Run, table: str, said: str) -> None:
    options = ("--mutations-file", file("two.tsv", TWO), "--measured", file("m.csv", table))
    assert said in refused(evaluate(run, *options, "--jsonl", "out"))[0]


def test_the_one_sample_of_several_that_is_named(run: Run) -> None:
    options = ("--mutations-file", file("two.tsv", TWO), "--sample")
    assert report(evaluate(run, *options, "adam", "--json", "-"))["sample"]["id"] == "adam"
    assert refused(evaluate(run, *options, "eve", "--json", "-")) == [
        "two.tsv: has no sample 'eve'; expected one of zoe, adam"
    ]


# --- a command line that is wrong ---------------------------------------------------------------------------------


@cases_beside
def test_a_wrong_command_line_is_2(run: Run, arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert said in " ".join(done.err.replace("│", " ").split())


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_one_report_is_for_one_patient(run: Run, option: str) -> None:
    done = evaluate(run, "--mutations-file", file("two.tsv", "a\tRT:M184V\nb\tRT:M184V\n"), option, "out")
    assert done.code == ExitCode.USAGE
    assert "are for one patient; use --jsonl or --reports for several" in " ".join(done.err.split())
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("drug", "suggested"), [("XYZ", ""), ("3TX", "; did you mean 3TC?"), ("lamivudin", "; did you mean lamivudine")]
)
def test_an_unknown_drug_is_told(run: Run, drug: str, suggested: str) -> None:
    (fault,) = refused(run("explain", drug, *CASE))
    assert fault.startswith(f"drug: unknown drug '{drug}'; expected a drug that 'resistab drugs' lists{suggested}")
    assert ("did you mean" in fault) == bool(suggested)


# --- evaluators that disagree -------------------------------------------------------------------------------------


def test_a_disagreement_is_6_and_nothing_is_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "evaluate_by_fixpoint", lambda program, observed, since=None: {})
    for option in ("--json", "--jsonl", "--html"):
        done = run("evaluate", *CASE, option, "out")
        assert (done.code, done.out) == (ExitCode.ENGINE, "")
        assert done.err.startswith("error: no report was made: the two evaluators disagree on ")
        assert not Path("out").exists()
