"""``resistab diff``: its sides (folders and git revisions), its formats, and what it says of mistakes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from resistab.cli import diff
from resistab.core.faults import InputError, RulebaseError
from resistab.curation.diff.rulesets import Change, RulesetDifference, State
from resistab.curation.diff.text import MOST_SHOWN, markdown
from resistab.curation.kit.diff_items import Bump
from resistab.curation.revisions import opened, paired, rulesets_in
from resistab.domains.oncology.curate.diff_items import KINDS
from tests.paths import SMALL
from tests.paths import SMALL_VIRUS as VIRUS
from tests.rulesets import edited
from tests.unit.curation.diff_states import committed, git

Run = Callable[..., str]
STRICTER = {"tables/gefitinib.yaml": ("when: EGFR T790M\n", "when: EGFR T790M and MET amplification\n")}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process and returns what it prints; errors are raised."""

    def run(*arguments: object) -> str:
        app = typer.Typer()
        app.callback()(lambda: None)
        diff.register(app)
        app(["diff", *map(str, arguments)], standalone_mode=False)
        return capsys.readouterr().out

    return run


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with ``rulebase/small`` in two commits, of which the second asks for more; the current folder."""
    root = tmp_path / "repository"
    edited(SMALL, root / "rulebase" / "small", {})
    committed(root, "first")
    shutil.rmtree(root / "rulebase" / "small")
    edited(SMALL, root / "rulebase" / "small", STRICTER)
    committed(root, "second")
    monkeypatch.chdir(root)
    return root


# --- sides ---


def test_two_folders_of_one_rule_set(run: Run, tmp_path: Path) -> None:
    printed = run(SMALL, edited(SMALL, tmp_path / "other", STRICTER))
    assert "small 1.0.0: 1 row changed; gefitinib affected; the version must rise" in " ".join(printed.split())
    assert re.search(r"changed\s+GEF-003\s+gefitinib\s+condition: EGFR T790M → EGFR T790M and", printed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("HEAD~1", "HEAD"),
        ("HEAD~1", "WORKTREE"),
        ("HEAD~1", "."),
        ("main~1", "rulebase"),
        ("HEAD~1", "rulebase/small"),
        ("HEAD~1:rulebase", "HEAD:rulebase/small"),
    ],
)
def test_revisions_and_folders_mixed(old: str, new: str, run: Run, repository: Path) -> None:
    (ruleset,) = json.loads(run(old, new, "--format", "json"))["rulesets"]
    assert (ruleset["ruleset"], [change["id"] for change in ruleset["changes"]]) == ("small", ["GEF-003"])


def test_a_revision_with_itself_does_not_differ(run: Run, repository: Path) -> None:
    assert run("HEAD", "HEAD") == "small 1.0.0: no difference\n"


def test_the_work_tree_is_left_as_it_is(run: Run, repository: Path) -> None:
    (repository / "rulebase" / "small" / "mine.txt").write_text("not committed", "utf-8")
    before = (git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD"))
    index = (repository / ".git" / "index").read_bytes()
    run("HEAD~1", "HEAD")
    assert (git(repository, "status", "--porcelain"), git(repository, "rev-parse", "HEAD")) == before
    assert (repository / ".git" / "index").read_bytes() == index


def test_from_a_folder_within_the_repository(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "rulebase")
    assert "1 row changed" in run("HEAD~1", "HEAD")


def test_in_a_hook_git_names_a_repository_of_its_own(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "elsewhere/.git")
    assert "1 row changed" in run("HEAD~1", "HEAD")


def test_rules_that_lie_at_the_root_of_a_repository(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = edited(SMALL, tmp_path / "rules", {})
    committed(root, "first")
    monkeypatch.chdir(root)
    assert run("HEAD", ".") == "small 1.0.0: no difference\n"


def test_each_of_several_rule_sets_is_compared_or_the_named(run: Run, tmp_path: Path) -> None:
    for side in ("old", "new"):
        edited(SMALL, tmp_path / side / "small", {})
        edited(VIRUS, tmp_path / side / "virus", {})
    both = run(tmp_path / "old", tmp_path / "new")
    assert both == "small 1.0.0: no difference\nsmall-virus 1.0.0: no difference\n"
    one = run(tmp_path / "old", tmp_path / "new", "--ruleset", "small-virus")
    assert one == "small-virus 1.0.0: no difference\n"


def test_a_rule_set_that_only_one_side_has(run: Run, tmp_path: Path) -> None:
    edited(SMALL, tmp_path / "old" / "small", {})
    edited(SMALL, tmp_path / "new" / "small", {})
    edited(VIRUS, tmp_path / "new" / "virus", {})
    assert "small-virus 1.0.0: the whole rule set is new" in run(tmp_path / "old", tmp_path / "new")
    assert "small-virus 1.0.0: the whole rule set is gone" in run(tmp_path / "new", tmp_path / "old")


def test_folders_are_known_by_the_id_in_their_manifest(tmp_path: Path) -> None:
    edited(SMALL, tmp_path / "under another name", {})
    assert list(rulesets_in(tmp_path)) == ["small"]


# --- mistakes ---


def test_a_revision_that_does_not_exist(run: Run, repository: Path) -> None:
    git(repository, "tag", "v1.0.0")
    with pytest.raises(RulebaseError, match=r"no git revision 'v1.0.1'.*did you mean v1.0.0\?"):
        run("v1.0.1", "HEAD")


def test_an_option_is_not_handed_to_git(repository: Path) -> None:
    with pytest.raises(RulebaseError, match="no git revision '--all'"), opened("--all", "HEAD"):
        pass


def test_faults_of_both_sides_are_told_together(run: Run, repository: Path) -> None:
    with pytest.raises(RulebaseError) as raised:
        run("mian", "nowhere")
    assert [fault.where for fault in raised.value.faults] == ["mian", "nowhere"]


def test_a_revision_without_rules(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "empty"
    root.mkdir()
    (root / "file").write_text("no rules", "utf-8")
    committed(root, "first")
    monkeypatch.chdir(root)
    with pytest.raises(RulebaseError, match=r"at this revision there are no rules in 'rulebase' or '\.'"):
        run("HEAD", SMALL)


def test_a_folder_without_rules(run: Run, tmp_path: Path) -> None:
    with pytest.raises(RulebaseError, match="holds no rule set"):
        run(tmp_path, SMALL)


def test_git_is_not_installed(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RulebaseError, match="git: cannot be run: is it installed"):
        run("HEAD~1", "HEAD")


def test_a_rule_set_that_neither_side_has() -> None:
    with (
        opened(str(SMALL), str(VIRUS.parent / "small_virus")) as sides,
        pytest.raises(RulebaseError, match=r"neither side holds a rule set 'smal'.*did you mean small"),
    ):
        paired(*sides, "smal")


def test_a_rule_set_with_faults_names_the_revision(run: Run, repository: Path) -> None:
    table = repository / "rulebase" / "small" / "tables" / "gefitinib.yaml"
    table.write_text(table.read_text("utf-8").replace("drug: gefitinib\nind", "drug: gefitinab\nind"), "utf-8")
    committed(repository, "broken")
    with pytest.raises(RulebaseError, match=r"^HEAD: small/tables/gefitinib.yaml:1:7: unknown drug 'gefitinab'"):
        run("HEAD~1", "HEAD")


# --- patients ---


def test_patients_are_read_by_the_rule_set_they_are_for(run: Run, tmp_path: Path) -> None:
    for side, edits in (("old", {}), ("new", STRICTER)):
        edited(SMALL, tmp_path / side / "small", edits)
        edited(VIRUS, tmp_path / side / "virus", {})
    (tmp_path / "one.yaml").write_text("{sample: A, tumour_type: LUAD, findings: [EGFR L858R, EGFR T790M]}", "utf-8")
    (tmp_path / "many.tsv").write_text("V\tRT:M184V\n", "utf-8")
    printed = run(
        tmp_path / "old", tmp_path / "new", "--patients", tmp_path / "one.yaml",
        "--mutations-file", tmp_path / "many.tsv",
    )  # fmt: skip
    words = " ".join(printed.split())
    assert "Patients: 1 verdict of 1 of 1 patient change" in words
    assert "GEF-003 → none" in words
    assert "Patients: no verdict of 1 patient changes" in words


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (VIRUS, ("--patients", "one.yaml"), "describes tumours, and no rule set for tumours is compared"),
        (SMALL, ("--patients", "one.fasta"), "describes viruses, and no rule set for viruses is compared"),
        (SMALL, ("--mutations-file", "one.tsv"), "describes viruses, and no rule set for viruses is compared"),
    ],
)
def test_patients_for_whom_there_are_no_rules(
    source: Path, options: tuple[str, str], message: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "one.yaml").write_text("{sample: A, tumour_type: LUAD, findings: [EGFR L858R]}", "utf-8")
    (tmp_path / "one.fasta").write_text(">A\nACGT\n", "utf-8")
    with pytest.raises(typer.BadParameter, match=message):
        run(source, source, options[0], tmp_path / options[1])


def test_an_option_that_does_not_go_with_the_patients(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.fasta").write_text(">A\nACGT\n", "utf-8")
    with pytest.raises(typer.BadParameter, match="--threshold goes with files in which reads were counted"):
        run(VIRUS, VIRUS, "--patients", tmp_path / "one.fasta", "--threshold", "10%")


def test_a_patient_file_that_is_missing(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        run(SMALL, SMALL, "--patients", tmp_path / "none.yaml")


# --- Markdown ---


def test_markdown_begins_with_a_summary_and_folds_the_details(run: Run, tmp_path: Path) -> None:
    new = edited(SMALL, tmp_path / "new", STRICTER)
    (tmp_path / "one.yaml").write_text("{sample: A|B, tumour_type: LUAD, findings: [EGFR L858R, EGFR T790M]}", "utf-8")
    assert run(SMALL, new, "--patients", tmp_path / "one.yaml", "--format", "markdown") == (
        "## Changes of the rules\n"
        "\n"
        "**small 1.0.0**: 1 row changed; gefitinib affected; the version must rise by a minor step at least.\n"
        "\n"
        "**Patients**: 1 verdict of 1 of 1 patient change.\n"
        "\n"
        "| Patients | Drug | Old | New |\n"
        "| --- | --- | --- | --- |\n"
        "| 1 | gefitinib | resistant (level 5) | sensitive (level 1, Tier I-A) |\n"
        "\n"
        "<details><summary>By patient</summary>\n"
        "\n"
        "| Patient | Drug | Old | New | Rows responsible |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| A\\|B | gefitinib | resistant (level 5) | sensitive (level 1, Tier I-A) | GEF-003 → none |\n"
        "\n"
        "</details>\n"
        "\n"
        "<details><summary>1 row</summary>\n"
        "\n"
        "| What | Id | Drugs | Change |\n"
        "| --- | --- | --- | --- |\n"
        "| changed | `GEF-003` | gefitinib | condition: EGFR T790M → EGFR T790M and MET amplification |\n"
        "\n"
        "</details>\n"
    )


def state(version: str) -> State:
    return State(version, "2026-11-21", "")


def change(id_: str, title: str = "", unretired: bool = False) -> Change:
    return Change("row", id_, "", "removed", title, ("gefitinib",), Bump.MAJOR, unretired=unretired)


def test_markdown_of_many_changes_is_short_enough_for_a_comment() -> None:
    rows = tuple(change(f"GEF-{number:03}", "x" * 900) for number in range(500))
    text = markdown([RulesetDifference("small", "tumour", KINDS, state("1.0.0"), state("2.0.0"), rows)])
    assert "**small 1.0.0 → 2.0.0**: 500 rows removed" in text
    assert f"… and {500 - MOST_SHOWN} more" in text
    assert len(text) < 65_536


def test_markdown_warns_of_unretired_ids_and_notifies_nobody() -> None:
    rows = (change("GEF-001", "@somebody <b> *", unretired=True),)
    text = markdown([RulesetDifference("small", "tumour", KINDS, state("1.0.0"), state("1.0.0"), rows)])
    assert "Removed without having been retired, though ids are permanent: `GEF-001`." in text
    assert "@somebody" not in text
    assert "\\<b\\> \\*" in text


def test_a_removed_row_is_flagged_in_the_terminal(run: Run, tmp_path: Path) -> None:
    new = edited(SMALL, tmp_path / "new", {"tables/gefitinib.yaml": ("id: GEF-004", "id: GEF-014")})
    words = " ".join(run(SMALL, new).split())
    assert "removed without having been retired: ids are permanent" in words
    assert "by a major step at least" in words


def test_a_row_of_a_virus_cannot_be_retired_and_is_not_flagged(run: Run, tmp_path: Path) -> None:
    new = edited(VIRUS, tmp_path / "new", {"tables/ATV_r.yaml": ("  - id: ATV-50\n    when: 50L\n    level: 5\n", "")})
    words = " ".join(run(VIRUS, new).split())
    assert "permanent" not in words
    assert "by a major step at least" in words


def test_json_of_no_difference(run: Run) -> None:
    (ruleset,) = json.loads(run(SMALL, SMALL, "--format", "json"))["rulesets"]
    assert (ruleset["changes"], ruleset["bump"], ruleset["patients"]) == ([], "none", None)
