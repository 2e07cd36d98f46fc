"""The rule sets of others on the command line: ``import asi``, ``export asi``, and their use."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from resistab.cli.exit_codes import ExitCode
from tests.paths import COMPLETE_ASI
from tests.unit.cli.virus.virus_runs import (
    POL,
    Done,
    Run,
    evaluate,
    fasta,
    file,
    refused,
    report,
    verdicts,
)

COMPLETE = COMPLETE_ASI.read_text("utf-8")


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
