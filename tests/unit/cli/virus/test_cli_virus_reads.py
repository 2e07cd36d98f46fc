"""Viruses of which reads were counted, from the command line: codfreq and AAVF, the threshold, and what is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.virus.virus_runs import POL, START, Run, evaluate, fasta, file, refused, report, verdicts

VARIANTS = "##fileformat=AAVFv1.0\n#CHROM\tGENE\tPOS\tREF\tALT\tFILTER\tALT_FREQ\tCOVERAGE\tINFO\n"


def counted(name: str = "p1.codfreq", **codons: dict[str, int]) -> str:
    """A table of protease and reverse transcriptase as in POL, but for some: ``RT184={"ATG": 600, "GTG": 400}``."""
    rows = ["Gene,Position,TotalReads,Codon,CodonReads"]
    for gene, last in (("PR", 99), ("RT", 440)):
        for position in range(1, last + 1):
            start = START[gene] + 3 * (position - 1)
            found = codons.get(f"{gene}{position}", {POL[start : start + 3]: 1000})
            total = sum(found.values())
            rows += [f"{gene},{position},{total},{codon},{reads}" for codon, reads in found.items()]
    return file(name, "\n".join(rows) + "\n")


def variants(*records: str, name: str = "p1.aavf") -> str:
    return file(name, VARIANTS + "".join("hxb2\t" + "\t".join(record.split()) + "\t.\n" for record in records))


def test_mutations_are_reported_with_shares_and_threshold(run: Run) -> None:
    found = report(evaluate(run, counted(RT184={"ATG": 600, "GTG": 400}), "--json", "-"))
    assert found["sample"] == {
        "id": "p1", "given": "codfreq", "bases": None, "threshold": 0.2, "fewest_reads": 100,
    }  # fmt: skip
    (mutation,) = [m for gene in found["genes"] for m in gene["mutations"] if m["position"] == 184]
    assert (mutation["text"], mutation["shares"]) == ("M184MV", [0.6, 0.4])
    assert verdicts(found)["3TC"]["verdict"] == "resistant"


@pytest.mark.parametrize(("threshold", "verdict"), [((), "no_resistance_found"), (("--threshold", "10%"), "resistant")])
def test_what_counts_is_said_by_the_threshold(run: Run, threshold: tuple[str, ...], verdict: str) -> None:
    done = evaluate(run, counted(RT103={"AAA": 850, "AAC": 150}), *threshold, "--json", "-")
    found = report(done)
    assert verdicts(found)["NVP"]["verdict"] == verdict
    told = [note["message"] for note in found["quality"] if note["kind"] == "below the threshold"]
    assert told == ([] if threshold else ["Not counted, in less than 20% of the reads: RT K103N in 15%"])


def test_a_position_with_few_reads_leaves_a_drug_not_assessable(run: Run) -> None:
    found = verdicts(report(evaluate(run, counted(RT184={"ATG": 99}), "--json", "-")))
    assert found["3TC"]["verdict"] == "not_assessable"
    assert found["3TC"]["not_assessable"] == ["RT 184 not read, where one mutation alone may mean resistance"]
    assert found["NVP"]["verdict"] == "no_resistance_found"


def test_the_terminal_names_threshold_and_shares(run: Run) -> None:
    done = evaluate(run, counted(RT184={"ATG": 600, "GTG": 400}))
    said = " ".join(done.out.split())
    assert "Read as codfreq, mutations from 20% of reads on, positions from 100 reads on; read: PR 1-99" in said
    assert "RT M184MV (M 60%, V 40%)" in said


def test_the_page_names_threshold_and_shares(run: Run) -> None:
    name = counted(RT184={"ATG": 600, "GTG": 400}, RT200={"GCA": 1000})
    assert evaluate(run, name, "--threshold", "15%", "--html", "out.html").code == 0
    page = Path("out.html").read_text("utf-8")
    assert "Read as codfreq, mutations from 15% of reads on, positions from 100 reads on" in page
    assert "M 60%, V 40% of reads" in page
    assert "T200A (100%)" in page


def test_a_line_of_a_cohort_names_the_threshold(run: Run) -> None:
    names = (counted("p1.codfreq"), fasta("p2.fasta", ("p2", POL)), variants("RT 184 M V PASS 0.9 500", name="p3.aavf"))
    assert evaluate(run, *names, "--jsonl", "out.jsonl").code == 0
    lines = [json.loads(line) for line in Path("out.jsonl").read_text("utf-8").splitlines()]
    assert [line["sample"]["id"] for line in lines] == ["p1", "p2", "p3"]
    assert [line["sample"].get("given") for line in lines] == ["codfreq", None, "AAVF"]
    assert [line["sample"].get("threshold") for line in lines] == [0.2, None, 0.2]


def test_variants_say_nothing_of_positions_without_a_record(run: Run) -> None:
    name = variants("RT 184 M V PASS 0.9 500")
    found = verdicts(report(evaluate(run, name, "--json", "-")))
    assert (found["3TC"]["verdict"], found["NVP"]["verdict"]) == ("resistant", "not_assessable")
    found = verdicts(report(evaluate(run, name, "--assayed", "RT", "--json", "-")))
    assert (found["NVP"]["verdict"], found["ATV/r"]["verdict"]) == ("no_resistance_found", "not_assessable")


def test_a_sample_may_be_given_a_name(run: Run) -> None:
    assert report(evaluate(run, counted(), "--sample", "Q1", "--json", "-"))["sample"]["id"] == "Q1"


def test_samples_of_one_name_are_refused(run: Run) -> None:
    Path("other").mkdir()
    one, two = counted("p1.codfreq"), counted("other/p1.codfreq")
    assert refused(evaluate(run, one, two, "--jsonl", "out.jsonl")) == [
        "other/p1.codfreq: the sample 'p1' is given twice, first in p1.codfreq; expected each name once"
    ]


def test_the_faults_of_all_files_are_told_at_once(run: Run) -> None:
    one = file("p1.codfreq", "RT,184,1000,GTG,x\nRT,600,1000,GTG,9\n")
    two = variants("RT 184 M V PASS 95 500", name="p2.aavf")
    assert [fault.split(" ", 1)[0] for fault in refused(evaluate(run, one, two, "--jsonl", "out.jsonl"))] == [
        "p1.codfreq:1:", "p1.codfreq:2:", "p2.aavf:3:",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("p1.codfreq", "--threshold", "10"), "--threshold '10' is no share of reads; expected one from 1% to 50%"),
        (("p1.codfreq", "--assayed", "RT"), "--assayed goes with --mutations and AAVF"),
        (("--mutations", "RT:M184V", "--threshold", "10%"), "--threshold goes with files in which reads were counted"),
    ],
)
def test_options_that_do_not_go_together_are_refused(run: Run, arguments: tuple[str, ...], said: str) -> None:
    counted()
    done = evaluate(run, *arguments)
    assert done.code == 2
    assert said in " ".join(done.err.split())


@pytest.mark.parametrize("names", [("p1.codfreq", "p2.aavf"), ("p2.aavf", "p1.codfreq")])
def test_counted_reads_are_members_of_a_timeline(run: Run, names: tuple[str, str]) -> None:
    counted("p1.codfreq", RT184={"GTG": 1000})
    variants("RT 184 M V PASS 0.9 500", name="p2.aavf")
    dates = ("--at", "2025-01-10", "--at", "2026-02-11")
    done = run("timeline", *names, "--ruleset", "hiv1", *dates, "--threshold", "10%", "--json", "-")
    assert done.code == 0
    samples = json.loads(done.out)["samples"]
    assert {sample["given"] for sample in samples} == {"codfreq", "AAVF"}
    assert all("mutations from 10% of reads on" in sample["read_as"] for sample in samples)


# What laboratories write beside a position, which is no residue.


def test_a_word_for_the_wild_type_makes_no_drug_fail(run: Run) -> None:
    (fault,) = refused(evaluate(run, "--mutations", "RT:K103wt, M184V", "--json", "out.json"))
    assert fault.startswith("--mutations: 'RT:K103wt': 'wt' is a word, and no residues; expected K103K or no entry")
    found = verdicts(report(evaluate(run, "--mutations", "RT:K103K, M184V", "--json", "-")))
    assert (found["NVP"]["verdict"], found["3TC"]["verdict"]) == ("no_resistance_found", "resistant")


def test_what_was_not_read_is_not_taken_as_the_wild_type(run: Run) -> None:
    found = verdicts(report(evaluate(run, "--mutations", "RT:M184X", "--json", "-")))
    assert found["3TC"]["verdict"] == "not_assessable"
    done = evaluate(run, "--mutations", "RT:M184na K103N", "--keep-going", "--json", "-")
    assert verdicts(json.loads(done.out))["3TC"]["not_assessable"]


def test_a_deletion_is_read_anywhere_in_a_mixture(run: Run) -> None:
    found = report(evaluate(run, "--mutations", "RT:D67-N, K70-T", "--json", "-"))
    same = report(evaluate(run, "--mutations", "RT:D67N-, K70T-", "--json", "-"))
    assert found["verdicts"] == same["verdicts"]
    assert [m["text"] for gene in found["genes"] for m in gene["mutations"]] == ["D67N_del", "K70T_del"]
