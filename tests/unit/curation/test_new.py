"""``resistab new``: scaffolds with the next free id, in which nothing that is still to be filled in passes."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner

from resistab.cli import new as command
from resistab.core.faults import RulebaseError
from resistab.curation.file_kinds import files_at
from resistab.curation.fmt import format_files
from resistab.curation.new import Scaffold, new_case, new_row, new_rule, new_table
from resistab.domains.oncology.kinds.cases import TumourCaseFile
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.virus.kinds.cases import VirusCaseFile
from resistab.domains.virus.kinds.loader import load_viral_folder
from tests.paths import SMALL, SMALL_VIRUS

DAY = datetime.date(2026, 11, 22)

# What a curator writes in place of each placeholder of a row, rule or table about gefitinib.
FILLED = {
    "<condition>": "EGFR T790M",
    "<condition, or nothing>": "nothing",
    "<OncoTree code>": "NSCLC",
    "<true or false>": "true",
    "<locus>": "EGFR mutation",
    "<resistance, reduced response, susceptibility or increased susceptibility>": "resistance",
    "<mechanism>": "immune escape",
    "<PMID:… or DOI:…>": "PMID:15728811",
    "<CIViC:EID… or SUP-…>": "CIViC:EID239",
    "<A to E>": "B",
    "<supports or against>": "supports",
    "<drug>": "gefitinib",
    "<conclusion>": "bypass",
    "statement:\n": "statement: Seen.\n",
    "explanation:\n": "explanation: It is so.\n",
    "name:\n": "name: A bypass\n",
}


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a rule set for tumours and one of a virus; the current folder is above it."""
    folder = tmp_path / "rules"
    shutil.copytree(SMALL, folder / "small")
    shutil.copytree(SMALL_VIRUS, folder / "virus")
    for done in format_files(files_at(folder)):
        done.file.path.write_text(done.after, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def save(scaffold: Scaffold, text: str | None = None) -> None:
    scaffold.file.path.parent.mkdir(exist_ok=True)
    scaffold.file.path.write_text(text or scaffold.text, "utf-8")


def item(scaffold: Scaffold, name: str) -> Any:
    """The last item of a list of the scaffold's file."""
    return yaml.safe_load(scaffold.text)[name][-1]


def without_table(rules: Path, drug: str) -> None:
    """Remove a drug's table, with what names its rows."""
    (rules / "small" / "tables" / f"{drug}.yaml").unlink()


# --- ids ----------------------------------------------------------------------------------------------------------


def test_a_row_has_the_next_number_and_is_a_draft_of_today(rules: Path) -> None:
    text = (rules / "small/tables/gefitinib.yaml").read_text("utf-8")
    last = max(row["id"] for row in yaml.safe_load(text)["rows"])
    row = item(new_row(rules, "gefitinib", DAY), "rows")
    assert row["id"] == f"GEF-{int(last[-3:]) + 1:03d}"
    assert (row["status"], row["created"], row["reviewed"]) == ("draft", DAY, DAY)


def test_an_id_that_is_only_named_somewhere_is_not_given_again(rules: Path) -> None:
    path = rules / "small/tables/osimertinib.yaml"
    path.write_text(path.read_text("utf-8") + "# GEF-041 stood for what OSI-001 says now.\n", "utf-8")
    assert new_row(rules, "gefitinib", DAY).name == "GEF-042"


def test_numbers_of_another_prefix_do_not_count(rules: Path) -> None:
    path = rules / "small/tables/osimertinib.yaml"
    before = new_row(rules, "gefitinib", DAY).name
    path.write_text(path.read_text("utf-8") + "# XGEF-099\n", "utf-8")
    assert new_row(rules, "gefitinib", DAY).name == before


def test_the_prefix_of_a_new_table_is_the_shortest_that_is_free(rules: Path) -> None:
    drugs = rules / "small/drugs.yaml"
    drugs.write_text(drugs.read_text("utf-8").replace("name: vemurafenib", "name: gefotinib"), "utf-8")
    assert item(new_table(rules, "gefotinib", None, DAY), "rows")["id"] == "GEFO-001"
    assert item(new_table(rules, "gefotinib", "GFT", DAY), "rows")["id"] == "GFT-001"


def test_of_a_virus_a_row_is_a_combination(rules: Path) -> None:
    combination = item(new_row(rules, "DTG", DAY), "combinations")
    assert combination == {"id": "DTG-C01", "when": "<condition>", "score": "<number>"}
    save(new_row(rules, "DTG", DAY))
    assert new_row(rules, "DTG", DAY).name == "DTG-C02"


def test_a_mechanism_rule_goes_on_counting_in_its_file(rules: Path) -> None:
    assert new_rule(rules, "mechanism", "egfr_bypass", None, DAY).name == "BYP-004"


def test_a_regimen_or_rule_for_combining_has_a_file_of_its_group(rules: Path) -> None:
    made = new_rule(rules / "small", "regimen", "melanoma", None, DAY)
    assert made.file.where == "rules/small/regimens/melanoma.yaml"
    assert made.name == "the regimen REG-MELANOMA-001"
    save(made)
    assert new_rule(rules / "small", "regimen", "melanoma", None, DAY).name == "REG-MELANOMA-002"
    rule = new_rule(rules / "virus", "combining rule", "keep", "HIV", DAY)
    assert (rule.file.kind.name, rule.name) == ("virus-combining-rules", "the combining rule CMB-HIV-001")


def test_a_new_mechanism_file_begins_with_a_conclusion(rules: Path) -> None:
    made = new_rule(rules, "mechanism", "wnt_pathway", None, DAY)
    assert made.file.where == "rules/small/mechanisms/wnt_pathway.yaml"
    assert item(made, "rules")["id"] == "WNT-001"
    assert item(made, "conclusions") == {"id": "<conclusion>", "name": None}


# --- what is left to fill in --------------------------------------------------------------------------------------


def filled(text: str, first: int, but: int | None = None) -> tuple[str, int]:
    """``text`` with the placeholders from line ``first`` on filled in, but for the ``but``-th; how many there are."""
    head, body = text.splitlines(keepends=True)[: first - 1], "".join(text.splitlines(keepends=True)[first - 1 :])
    places = [(at, old) for old in FILLED for at in range(len(body)) if body.startswith(old, at)]
    places = [(at, old) for at, old in places if old[0] == "<" or body[at - 1] == " "]
    for number, (at, old) in sorted(enumerate(sorted(places)), reverse=True):
        if number != but:
            body = body[:at] + FILLED[old] + body[at + len(old) :]
    return "".join(head) + body, len(places)


def row(rules: Path) -> Scaffold:
    return new_row(rules, "gefitinib", DAY)


def table(rules: Path) -> Scaffold:
    without_table(rules, "gefitinib")
    return new_table(rules, "gefitinib", None, DAY)


def mechanism(rules: Path) -> Scaffold:
    return new_rule(rules, "mechanism", "wnt_pathway", None, DAY)


@pytest.mark.parametrize(("make", "places"), [(row, 10), (table, 14), (mechanism, 14)])
def test_each_place_to_fill_in_is_a_fault_until_it_was(
    rules: Path, make: Callable[[Path], Scaffold], places: int
) -> None:
    scaffold = make(rules)
    whole, found = filled(scaffold.text, scaffold.line)
    assert found == places
    save(scaffold, whole)
    load_rulebase_folder(rules / "small")
    for number in range(places):
        save(scaffold, filled(scaffold.text, scaffold.line, but=number)[0])
        with pytest.raises(RulebaseError) as caught:
            load_rulebase_folder(rules / "small")
        assert {fault.where.split("/")[-1] for fault in caught.value.faults} == {scaffold.file.path.name}


@pytest.mark.parametrize("left", ["<condition>", "<number>"])
def test_of_a_virus_too_each_place_is_a_fault_until_filled_in(rules: Path, left: str) -> None:
    scaffold = new_row(rules, "DTG", DAY)
    good = {"<condition>": "118R and 263K", "<number>": "10"}
    text = scaffold.text
    for placeholder, value in good.items():
        if placeholder != left:
            text = text.replace(placeholder, value)
    save(scaffold, text)
    with pytest.raises(RulebaseError):
        load_viral_folder(rules / "virus")
    save(scaffold, text.replace(left, good[left]))
    load_viral_folder(rules / "virus")


def test_of_a_virus_a_table_is_empty_which_is_a_fault(rules: Path) -> None:
    scaffold = new_table(rules, "DRV/r", None, DAY)
    assert scaffold.text == "drug: DRV/r\n"
    assert scaffold.file.where == "rules/virus/tables/DRVr.yaml"
    save(scaffold)
    with pytest.raises(RulebaseError, match="DRVr"):
        load_viral_folder(rules / "virus")


@pytest.mark.parametrize(
    ("drug", "model", "good"),
    [
        (
            "gefitinib",
            TumourCaseFile,
            {
                "case": "T790M",
                "tumour": "NSCLC",
                "expect": {"gefitinib": {"verdict": "resistant", "rows": ["GEF-003"]}},
            },
        ),
        (
            "3TC",
            VirusCaseFile,
            {"case": "M184V", "mutations": "RT:M184V", "expect": {"3TC": {"level": 5, "rows": ["3TC-184"]}}},
        ),
    ],
)
def test_a_case_has_the_form_of_cases_and_does_not_pass_as_it_is(
    rules: Path, drug: str, model: Any, good: dict[str, Any]
) -> None:
    data = yaml.safe_load(new_case(rules, drug, None).text)
    with pytest.raises(ValueError, match="case"):
        model.model_validate(data)
    data["cases"][0].update(good)
    model.model_validate(data)


# --- where it is put ----------------------------------------------------------------------------------------------


def test_a_row_is_put_at_the_end_and_comments_stay(rules: Path) -> None:
    path = rules / "small/tables/gefitinib.yaml"
    before = "# About gefitinib.\n" + path.read_text("utf-8") + "  # The rows end here.\n"
    path.write_text(before, "utf-8")
    made = new_row(rules, "gefitinib", DAY)
    assert made.text.startswith(before.removesuffix("  # The rows end here.\n"))
    assert made.text.endswith("        statement:\n  # The rows end here.\n")
    assert made.text.splitlines()[made.line - 1] == f"  - id: {made.name}"


def test_a_case_is_put_where_most_cases_of_the_drug_are(rules: Path) -> None:
    folder = rules / "small/cases"
    folder.mkdir()
    one = "  - {case: A, tumour: MEL, expect: {vemurafenib: {level: 1}}}\n"
    (folder / "braf.yaml").write_text("cases:\n" + one + one, "utf-8")
    (folder / "egfr.yaml").write_text("cases:\n" + one, "utf-8")
    assert new_case(rules, "vemurafenib", None).file.path.name == "braf.yaml"
    assert new_case(rules, "vemurafenib", "egfr").file.path.name == "egfr.yaml"
    assert new_case(rules, "gefitinib", None).file.path.name == "gefitinib.yaml"


def test_a_drug_is_known_by_its_other_names(rules: Path) -> None:
    assert new_row(rules, "Iressa", DAY).file.path.name == "gefitinib.yaml"
    assert new_row(rules, "lamivudine", DAY).file.path.name == "3TC.yaml"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda rules: new_row(rules, "gefitinob", DAY), "unknown drug 'gefitinob'.*did you mean gefitinib?"),
        (
            lambda rules: new_table(rules, "gefitinib", None, DAY),
            "is the table of gefitinib; expected resistab new",
        ),
        (lambda rules: new_row(rules, "DRV/r", DAY), "has no table of DRV/r; expected resistab new table DRV/r"),
        (lambda rules: new_rule(rules, "mechanism", "wnt", "BYP", DAY), "the prefix 'BYP' is in use"),
        (lambda rules: new_rule(rules, "mechanism", "wnt", "byp", DAY), "'byp' is no prefix of ids"),
        (lambda rules: new_rule(rules, "mechanism", "../wnt", None, DAY), "'../wnt' is no name for a mechanism file"),
        (
            lambda rules: new_rule(rules / "virus", "mechanism", "wnt", None, DAY),
            "holds no rule set that can have mechanisms",
        ),
        (lambda rules: new_case(rules, "3TC", "../nrti"), "'../nrti' is no name for a file of cases"),
        (lambda rules: new_row(rules / "nowhere", "3TC", DAY), "does not exist"),
    ],
)
def test_what_cannot_be_made_is_refused(rules: Path, make: Callable[[Path], Scaffold], message: str) -> None:
    with pytest.raises(RulebaseError, match=message):
        make(rules)


def test_a_drug_of_two_rule_sets_asks_for_one_of_them(rules: Path) -> None:
    shutil.copytree(rules / "small", rules / "other")
    with pytest.raises(RulebaseError, match="'gefitinib' is a drug of other and of small"):
        new_row(rules, "gefitinib", DAY)
    assert new_row(rules / "other", "gefitinib", DAY).file.folder.name == "other"


# --- the command --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (("row", "gefitinib", "rules"), "rules/small/tables/gefitinib.yaml:"),
        (("row", "3TC", "rules"), "rules/virus/tables/3TC.yaml:"),
        (("table", "DRV/r", "rules/virus"), "rules/virus/tables/DRVr.yaml:1: the table of DRV/r, to be filled in"),
        (("mechanism", "wnt", "rules", "--prefix", "WN"), "rules/small/mechanisms/wnt.yaml:1: the mechanism WN-001"),
        (("case", "gefitinib", "rules"), "rules/small/cases/gefitinib.yaml:2: a case about gefitinib"),
    ],
)
def test_the_command_writes_the_file_and_says_where(rules: Path, arguments: tuple[str, ...], printed: str) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)
    before = {path: path.read_text("utf-8") for path in rules.rglob("*.yaml")}
    dated = () if arguments[0] == "case" else ("--date", "2026-11-22")
    done = CliRunner().invoke(app, ["new", *arguments, *dated])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(printed)
    after = {path: path.read_text("utf-8") for path in rules.rglob("*.yaml")}
    assert [path for path in after if after[path] != before.get(path)] == [Path(done.stdout.split(":")[0]).absolute()]
    assert not any(one.differs for one in format_files(files_at(rules)))


# --- a drug that is not known yet ---


@pytest.mark.parametrize(
    ("ruleset", "drug", "drug_class", "table", "entry"),
    [
        ("small", "Newdrugib", "MEK inhibitor", "newdrugib.yaml", ["name: newdrugib", "classes: [MEK inhibitor]"]),
        ("small", "newdrugib", "", "newdrugib.yaml", ["name: newdrugib", "classes: [<class>]", "targets: [<gene>]"]),
        ("virus", "XYZ", "NRTI", "XYZ.yaml", ["name: XYZ", "full_name:", "drug_class: NRTI"]),
    ],
)
def test_a_new_table_enters_its_drug(
    rules: Path, ruleset: str, drug: str, drug_class: str, table: str, entry: list[str]
) -> None:
    scaffold = new_table(rules / ruleset, drug, None, DAY, drug_class)
    assert scaffold.file.path.name == table
    assert scaffold.before is not None and scaffold.before.file.path.name == "drugs.yaml"
    lines = scaffold.before.text.splitlines()[scaffold.before.line - 1 :]
    assert [line.strip(" -") for line in lines[: len(entry)]] == entry


def test_a_new_table_lies_in_the_folder_of_its_class(rules: Path) -> None:
    folder = rules / "small" / "tables" / "some-class"
    folder.mkdir()
    for path in (rules / "small" / "tables").glob("*.yaml"):
        path.rename(folder / path.name)
    assert new_table(rules / "small", "newdrugib", None, DAY, "MEK inhibitor").file.path.parent.name == "mek-inhibitor"


def test_a_name_like_a_known_one_is_no_new_drug_unaided(rules: Path) -> None:
    with pytest.raises(RulebaseError, match=r"--new where it is another drug.*did you mean gefitinib"):
        new_table(rules / "small", "gefitinob", None, DAY)
    assert new_table(rules / "small", "gefitinob", None, DAY, is_new=True).before is not None


def test_a_new_drug_needs_to_know_its_rule_set(rules: Path) -> None:
    with pytest.raises(RulebaseError, match="the folder of one rule set as PATH, to which the drug is then added"):
        new_table(rules, "newdrugib", None, DAY)


def test_the_command_writes_drug_and_table(rules: Path) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)
    done = CliRunner().invoke(app, ["new", "table", "newdrugib", "rules/small", "--class", "MEK inhibitor"])
    written = [line.partition(":")[0] for line in done.stdout.splitlines()]
    assert written == ["rules/small/drugs.yaml", "rules/small/tables/newdrugib.yaml"]
    assert "newdrugib" in (rules / "small" / "drugs.yaml").read_text("utf-8")
    assert (rules / "small" / "tables" / "newdrugib.yaml").is_file()
