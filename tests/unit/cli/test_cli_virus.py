"""The command line with the rule set of a virus: what it prints and writes, and what it says of input that is wrong."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from resistab.cli.exit_codes import ExitCode
from resistab.core import agreement
from tests.cases import cases_beside
from tests.paths import COMPLETE_ASI, EXAMPLES, SEQUENCES
from tests.unit.cli.running import Result

COMPLETE = COMPLETE_ASI.read_text("utf-8")
POL = "".join((SEQUENCES / "pol.fasta").read_text("ascii").splitlines()[1:])
# Where the codons of each gene begin in POL.
START = {"PR": 0, "RT": 297, "IN": 1977}
CASE = ("--ruleset", "hiv1", "--mutations", "RT:M184V,PR:L90M")
DRUGS = {"RT": 14, "PR": 8, "IN": 5, "CA": 1}


class Done(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(run: Callable[..., Result]) -> Run:
    """As ``run`` of the other tests, in a terminal of 100 columns."""

    def run_wide(*arguments: str) -> Done:
        done = run(*arguments, COLUMNS="100")
        return Done(done.returncode, done.stdout, done.stderr)

    return run_wide


def evaluate(run: Run, *arguments: str) -> Done:
    return run("evaluate", "--ruleset", "hiv1", *arguments)


def file(name: str, text: str | bytes) -> str:
    """Writes a file into the folder of the run."""
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def fasta(name: str, *records: tuple[str, str]) -> str:
    return file(name, "".join(f">{record}\n{sequence}\n" for record, sequence in records))


def changed(**codons: str) -> str:
    """POL with other codons: ``RT184="GTG"``."""
    sequence = POL
    for place, codon in codons.items():
        start = START[place[:2]] + 3 * (int(place[2:]) - 1)
        sequence = sequence[:start] + codon + sequence[start + 3 :]
    return sequence


def report(done: Done) -> dict[str, Any]:
    """The report that was printed, and nothing else was."""
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def verdicts(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {verdict["drug"]: verdict for verdict in found["verdicts"]}


def refused(done: Done) -> list[str]:
    """The faults of a run that made nothing: no report, and no file but those that were there."""
    assert (done.code, done.out) == (ExitCode.INPUT, "")
    lines = done.err.splitlines()
    assert all(line.startswith("error: ") for line in lines)
    assert not list(Path().glob("out*"))
    return [line.removeprefix("error: ") for line in lines]


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
    assert not re.search(r"(?:src|href)=[\"']?https?://|@import|<script", done.out)


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
    assert "--json and --html are for one patient; use --jsonl or --reports for several" in " ".join(done.err.split())
    assert not Path("out").exists()


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


@pytest.mark.parametrize(
    ("drug", "suggested"), [("XYZ", ""), ("3TX", "; did you mean 3TC?"), ("lamivudin", "; did you mean lamivudine")]
)
def test_an_unknown_drug_is_told(run: Run, drug: str, suggested: str) -> None:
    (fault,) = refused(run("explain", drug, *CASE))
    assert fault.startswith(f"drug: unknown drug '{drug}'; expected a drug that 'resistab drugs' lists{suggested}")
    assert ("did you mean" in fault) == bool(suggested)


def test_a_disagreement_is_6_and_nothing_is_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "evaluate_by_fixpoint", lambda program, observed: {})
    for option in ("--json", "--jsonl", "--html"):
        done = run("evaluate", *CASE, option, "out")
        assert (done.code, done.out) == (ExitCode.ENGINE, "")
        assert done.err.startswith("error: no report was made: the two evaluators disagree on ")
        assert not Path("out").exists()


# --- rule sets of others ------------------------------------------------------------------------------------------


def imported(run: Run, *options: str, text: str = COMPLETE, output: str = "rules") -> Done:
    return run("import", "asi", file("algorithm.xml", text), "-o", output, *options)


def test_an_imported_algorithm_is_used_like_the_shipped_one(run: Run) -> None:
    done = imported(run)
    assert (done.code, done.err) == (0, "")
    line = COMPLETE[: COMPLETE.index("<NAME>3TC")].count("\n") + 1
    assert done.out.splitlines() == [
        "rules/example-1-2: Example 1.2, 5 drugs, 13 rows, 4 comments",
        "Use it with --rulebase rules --ruleset example-1-2",
        "Without effect in the file, and so in the rule set:",
        f"  The drug 3TC has no rules (line {line}).",
    ]
    mine = ("--rulebase", "rules", "--ruleset", "example-1-2")
    # 65R 45, the larger of 184I and 184V 15, 184V once more 5.
    found = report(run("evaluate", *mine, "--mutations", "RT:M184V K65R", "--json", "-"))
    assert found["ruleset"]["id"] == "example-1-2"
    assert {drug: (v["level"], v["score"]) for drug, v in verdicts(found).items()} == {
        "ABC": (3, 65), "3TC": (None, None), "EFV": (1, None), "ATV/r": (None, None), "DRV/r": (None, None),
    }  # fmt: skip
    assert [comment["id"] for comment in found["comments"]] == ["RT184VI"]
    assert "ABC-65" in run("explain", "abacavir", *mine, "--mutations", "RT:K65R").out
    assert "abacavir" in run("drugs", *mine).out
    assert run("version", *mine).out.splitlines()[2] == "algorithm Example 1.2 of 2024-05-06"


def test_an_imported_rule_set_has_no_sequences_to_align_with(run: Run) -> None:
    imported(run)
    done = run("evaluate", "--rulebase", "rules", "--ruleset", "example-1-2", fasta("a.fasta", ("a", POL)))
    assert refused(done)[0].startswith("example-1-2: the rule set holds no reference sequences")


def test_an_earlier_import_is_kept_unless_told_otherwise(run: Run) -> None:
    assert imported(run).code == 0
    file("rules/example-1-2/note.txt", "mine")
    done = imported(run)
    assert done.code == ExitCode.INPUT
    assert done.err.startswith("error: rules/example-1-2: exists; expected ")
    assert Path("rules/example-1-2/note.txt").exists()
    assert imported(run, "--ruleset", "another").code == 0
    assert imported(run, "--overwrite", "--ruleset", "another").code == 0


def test_import_export_import_keeps_every_word(run: Run) -> None:
    imported(run)
    assert run("export", "asi", "--rulebase", "rules", "--ruleset", "example-1-2", "-o", "again.xml") == (0, "", "")
    printed = run("export", "asi", "--rulebase", "rules", "--ruleset", "example-1-2").out
    assert Path("again.xml").read_text("utf-8") == printed
    assert run("import", "asi", "again.xml", "-o", "again").code == 0

    def words(folder: str) -> dict[str, str]:
        # Where in the file something stood is not kept.
        return {
            str(path.relative_to(folder)): re.sub(r"\(line \d+\)", "", path.read_text("utf-8"))
            for path in Path(folder).rglob("*.yaml")
        }

    assert words("again") == words("rules")


def test_the_shipped_rules_exported_and_imported_say_the_same(run: Run) -> None:
    assert run("export", "asi", "--ruleset", "hiv1", "-o", "hiv1.xml").code == 0
    assert run("import", "asi", "hiv1.xml", "-o", "rules", "--ruleset", "mine").code == 0
    mutations = "RT:M41L M184V L210W T215Y K103N T69ins, PR:V82AT L90M, IN:G140S Q148HK, CA:Q67H K70R"
    shipped = report(evaluate(run, "--mutations", mutations, "--json", "-"))
    mine = report(run("evaluate", "--rulebase", "rules", "--ruleset", "mine", "--mutations", mutations, "--json", "-"))
    said = [
        {drug: (v["verdict"], v["level"], v["sir"], v["score"]) for drug, v in verdicts(found).items()}
        for found in (shipped, mine)
    ]
    # A scale of ASI2 does not say that a level means possible resistance.
    assert {drug: v[1:] for drug, v in said[0].items()} == {drug: v[1:] for drug, v in said[1].items()}
    assert [c["text"] for c in shipped["comments"]] == [c["text"] for c in mine["comments"]]


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "bomb"}">' for n in range(12))
NO_DECLARATIONS = "the DOCTYPE declares something itself; expected a DOCTYPE without brackets, and no entities"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "algorithm.xml: is empty; expected an ASI2 algorithm in XML"),
        ("no XML", "algorithm.xml:1:1: malformed XML: syntax error"),
        ("<ALGORITHM><ALGNAME>A</ALGORITHM>", "algorithm.xml:1:24: malformed XML: mismatched tag"),
        (
            "<html><body/></html>",
            "algorithm.xml:1:1: is XML but no ASI2 algorithm: its root is <html>; expected <ALGORITHM>",
        ),
        (
            f"<!DOCTYPE ALGORITHM [{ENTITIES}]>\n<ALGORITHM><ALGNAME>&e11;</ALGNAME></ALGORITHM>",
            f"algorithm.xml:1:21: {NO_DECLARATIONS}",
        ),
        (
            '<!DOCTYPE ALGORITHM [<!ENTITY x SYSTEM "secret.txt">]>\n<ALGORITHM><ALGNAME>&x;</ALGNAME></ALGORITHM>',
            f"algorithm.xml:1:21: {NO_DECLARATIONS}",
        ),
        (
            '<!DOCTYPE ALGORITHM SYSTEM "definition.dtd">\n<ALGORITHM><ALGNAME>&x;</ALGNAME></ALGORITHM>',
            "algorithm.xml:2:21: the entity '&x;' is not defined; expected the character itself",
        ),
        ("<ALGORITHM/>", "algorithm.xml:1:1: <ALGORITHM> has no <DEFINITIONS>; expected <DEFINITIONS>"),
    ],
    ids=["empty", "no XML", "torn", "HTML", "entity bomb", "external entity", "undefined entity", "nothing in it"],
)
def test_a_file_that_is_no_algorithm_is_one_clear_fault(run: Run, text: str, said: str) -> None:
    file("secret.txt", "a secret")
    file("definition.dtd", '<!ENTITY x "read">')
    assert refused(imported(run, text=text, output="out")) == [said]


def marked(text: str) -> tuple[str, str]:
    """A text without its mark ``@``, and the line and column where the mark was."""
    before, _, after = text.partition("@")
    return before + after, f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("103N OR 188L AND 100I@)", "column 22 of its text: found ')'; expected AND, OR or the end of the rule"),
        ("103N OR@", "column 8 of its text: found the end of the rule; expected a residue item such as 184IV"),
        ("103@B", "column 4 of its text: found 'B'; expected amino acids in capitals, Z (stop), i (insertion) or d"),
        ("(103N AND 188L@", "column 15 of its text: found the end of the rule; expected AND, OR or a closing bracket"),
        ("SELECT @SOME 2 FROM (41L)", "column 8 of its text: found 'SOME'; expected EXACTLY, ATLEAST or NOTMORETHAN"),
        ("SELECT ATLEAST 1 FROM @41L", "column 23 of its text: found '41'; expected ("),
        ("103N @=&gt; 10", "column 6 of its text: found '=>'; expected AND, OR or the end of the rule"),
        ("SCORE FROM (103N@)", "column 17 of its text: found ')'; expected AND, OR or =>"),
        ("SCORE FROM (103N =&gt; @high)", "column 21 of its text: found 'high'; expected a number"),
    ],
)
def test_a_rule_that_cannot_be_parsed_is_told_with_its_place(run: Run, rule: str, said: str) -> None:
    assert COMPLETE.count("103N OR 188L AND 100I") == 1
    text, place = marked(COMPLETE.replace("103N OR 188L AND 100I", rule))
    (fault,) = refused(imported(run, text=text, output="out"))
    assert fault.startswith(f"algorithm.xml:{place}: in the ")
    assert said in fault


def test_every_rule_that_cannot_be_parsed_is_told(run: Run) -> None:
    text = COMPLETE.replace("41L AND 210W) =>", "41L && 210W) =>").replace("184VI</CONDITION>", "184</CONDITION>")
    places = [marked(text.replace(old, new))[1] for old, new in (("&& 210W", "@&& 210W"), ("184</", "184@</"))]
    faults = refused(imported(run, text=text, output="out"))
    assert [fault.split(" ")[0] for fault in faults] == [f"algorithm.xml:{place}:" for place in places]
    assert all("; expected " in fault for fault in faults)


def test_a_missing_file_and_a_name_that_is_none(run: Run) -> None:
    assert refused(run("import", "asi", "missing.xml", "-o", "out")) == [
        "missing.xml: cannot be read: No such file or directory"
    ]
    faults = refused(imported(run, "--ruleset", "../elsewhere", output="out"))
    assert faults == [
        "algorithm.xml: '../elsewhere' cannot name a rule set; expected words in lower case joined by hyphens, "
        "such as hivdb-10-2"
    ]
    assert not Path("../elsewhere").exists()


def test_an_import_into_what_is_a_file_is_told(run: Run) -> None:
    file("taken", "a file")
    done = imported(run, output="taken")
    assert done.code in (ExitCode.INPUT, ExitCode.OUTPUT)
    assert done.err.startswith("error: taken: ")
    assert Path("taken").read_text() == "a file"


def test_a_rule_set_that_is_not_there_is_4(run: Run) -> None:
    done = run("evaluate", "--ruleset", "hiv", "--mutations", "RT:M184V")
    assert (done.code, done.out) == (ExitCode.RULEBASE, "")
    assert "unknown rule set 'hiv'; expected one of hiv1, oncology, pharmacogenomics; did you mean hiv1?" in done.err
    done = run("export", "asi", "--ruleset", "nope", "-o", "out.xml")
    assert (done.code, done.out) == (ExitCode.RULEBASE, "")
    assert not Path("out.xml").exists()


def test_a_faulty_rule_set_of_a_virus_is_4_with_its_place(run: Run) -> None:
    imported(run)
    table = Path("rules/example-1-2/tables/ABC.yaml")
    table.write_text(table.read_text("utf-8").replace("65: {", "0: {", 1), encoding="utf-8")
    for command in (("evaluate", "--mutations", "RT:M184V", "--json", "out.json"), ("drugs",), ("version",)):
        done = run(*command, "--rulebase", "rules", "--ruleset", "example-1-2")
        assert (done.code, done.out) == (ExitCode.RULEBASE, "")
        assert re.match(r"error: example-1-2/tables/ABC\.yaml:\d+:\d+: ", done.err)
    assert not Path("out.json").exists()


@pytest.mark.parametrize("rulebase", ["rules", "rules/hivdb-10-2", "."])
def test_an_imported_rule_set_is_found_by_either_folder(run: Run, tmp_path: Path, rulebase: str) -> None:
    run("export", "asi", "-o", str(tmp_path / "hiv1.xml"))
    run("import", "asi", str(tmp_path / "hiv1.xml"), "-o", str(tmp_path / "rules"))
    ruleset = "rules" if rulebase == "." else "hivdb-10-2"
    done = run(
        "evaluate",
        "--rulebase",
        str(tmp_path / rulebase),
        "--ruleset",
        ruleset,
        "--mutations",
        "RT:M184V",
        "--json",
        "-",
    )
    assert {v["drug"]: v["score"] for v in json.loads(done.out)["verdicts"]}["3TC"] == 60
