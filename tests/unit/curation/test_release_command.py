"""``resistab release``: a rule set is stamped and told in the changelog, or nothing is written."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from resistab.cli import release
from resistab.core.faults import RulebaseError
from resistab.curation import check as checking
from resistab.curation import release as releasing
from resistab.curation.check import Finding
from resistab.curation.kit.diff_items import Bump
from resistab.curation.release import bump_between, lowest_version, stamp, with_section
from resistab.files.output import OutputError
from tests.paths import SMALL
from tests.paths import SMALL_VIRUS as VIRUS
from tests.rulesets import edited, replace_once
from tests.unit.curation.diff_states import committed, git

CHANGELOG = (
    "# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n### Rules\n\n- As before.\n\n## 0.1.0\n\n- Old.\n"
)
STRICTER = ("when: EGFR T790M\n", "when: EGFR T790M and MET amplification\n")
DATE = ("--date", "2026-12-01")
Released = tuple[int, str]
Run = Callable[..., Released]


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the checks find of every rule set in a test; to be filled by it."""
    found: list[Finding] = []
    monkeypatch.setattr(checking, "check_ruleset", lambda folder: found)
    return found


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], findings: list[Finding]) -> Run:
    """Runs the command in this process: the exit code and what is printed; errors are raised."""

    def run(*arguments: object) -> Released:
        app = typer.Typer()
        app.callback()(lambda: None)
        release.register(app)
        code = app(["release", *map(str, arguments)], standalone_mode=False)
        return int(code or 0), capsys.readouterr().out

    return run


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two rule sets and a changelog; what is edited later is not yet released."""
    root = tmp_path / "repository"
    edited(SMALL, root / "rulebase" / "small", {})
    edited(VIRUS, root / "rulebase" / "small-virus", {})
    (root / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    committed(root, "first")
    return root


def edit(repository: Path, name: str, old: str, new: str) -> None:
    replace_once(repository / "rulebase" / name, old, new)


def released(run: Run, repository: Path, *arguments: object, ruleset: str = "small") -> Released:
    return run(*arguments, "--rulebase", repository / "rulebase", "--ruleset", ruleset, *DATE)


# --- a release ---


def test_the_manifest_is_stamped_and_the_changelog_grows(run: Run, repository: Path) -> None:
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    code, printed = released(run, repository, "1.1.0")
    assert (code, printed[:27]) == (0, "small 1.1.0 of 2026-12-01: ")
    manifest = git(repository, "diff", "-U0", "rulebase/small/ruleset.yaml").splitlines()
    assert [line for line in manifest if line[0] in "+-" and line[:3] not in ("+++", "---")] == [
        "-version: 1.0.0",
        "-date: 2026-11-21",
        "+version: 1.1.0",
        "+date: 2026-12-01",
    ]
    assert (repository / "CHANGELOG.md").read_text("utf-8") == CHANGELOG.replace(
        "- As before.\n",
        "- As before.\n"
        "\n"
        "#### small 1.1.0, 2026-12-01\n"
        "\n"
        "- Changed GEF-003 (gefitinib): condition: EGFR T790M → EGFR T790M and MET amplification.\n",
    )


def test_a_release_counts_from_the_commit_of_the_version(run: Run, repository: Path) -> None:
    """Later commits that leave the version alone are part of the next release."""
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    assert released(run, repository, "1.1.0")[0] == 0
    committed(repository, "released")
    edit(repository, "small/tables/osimertinib.yaml", "when: EGFR C797S\n", "when: EGFR C797S or EGFR C797G\n")
    committed(repository, "more")
    code, printed = released(run, repository, "1.2.0", "--dry-run")
    assert code == 0
    assert "OSI-003" in printed
    assert "GEF-003" not in printed


def test_a_virus(run: Run, repository: Path) -> None:
    edit(repository, "small-virus/tables/3TC.yaml", "184: {I/V: 60}", "184: {I/V: 65}")
    assert released(run, repository, "1.1.0", ruleset="small-virus")[0] == 0
    assert "- Changed 3TC-184 (3TC): scores: I/V 60 → I/V 65." in (repository / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("previous", ["HEAD", "folder"])
def test_the_last_release_can_be_named(
    previous: str, run: Run, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(repository / "rulebase", tmp_path / "folder")
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    monkeypatch.chdir(repository)
    given = tmp_path / "folder" if previous == "folder" else previous
    code, printed = released(run, repository, "1.1.0", "--previous", given, "--dry-run")
    assert (code, "GEF-003" in printed) == (0, True)


def test_a_dry_run_writes_nothing(run: Run, repository: Path) -> None:
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    before = git(repository, "diff")
    code, printed = released(run, repository, "1.1.0", "--dry-run")
    assert code == 0
    assert "#### small 1.1.0, 2026-12-01" in printed
    assert git(repository, "diff") == before


# --- what stops it ---


@pytest.mark.parametrize(
    ("name", "old", "new", "version", "message"),
    [
        ("gefitinib", *STRICTER, "1.0.1",
         "small: from 1.0.0 to 1.0.1 is a patch step, and a verdict can change: GEF-003 changed; "
         "expected a minor step: 1.1.0 or higher"),
        ("gefitinib", *STRICTER, "1.0.0", "small: 1.0.0 is not above 1.0.0; expected 1.1.0 or higher"),
        ("gefitinib", *STRICTER, "0.9.9", "small: 0.9.9 is not above 1.0.0; expected 1.1.0 or higher"),
        ("gefitinib", "T790M was found", "T790M was seen", "0.9.9",
         "small: 0.9.9 is not above 1.0.0; expected 1.0.1 or higher"),
        ("gefitinib", "id: GEF-004", "id: GEF-014", "1.9.0",
         "small: from 1.0.0 to 1.9.0 is a minor step, and an id goes or a level means something else: GEF-004 removed; "
         "expected a major step: 2.0.0 or higher"),
        ("gefitinib", "rows:\n", "rows: \n", "1.0.1",
         "small: nothing has changed since 1.0.0: there is nothing to release"),
        ("gefitinib", *STRICTER, "1.1", "VERSION: '1.1' is no version; expected three numbers such as 1.2.0"),
        ("gefitinib", *STRICTER, "v1.1.0", "VERSION: 'v1.1.0' is no version; expected three numbers such as 1.2.0"),
    ],
)  # fmt: skip
def test_a_version_that_does_not_fit(
    name: str, old: str, new: str, version: str, message: str, run: Run, repository: Path
) -> None:
    edit(repository, f"small/tables/{name}.yaml", old, new)
    before = git(repository, "diff")
    code, printed = released(run, repository, version)
    assert (code, printed.splitlines()) == (1, [message, "small was not released."])
    assert git(repository, "diff") == before


def test_a_higher_step_than_needed_is_allowed(run: Run, repository: Path) -> None:
    edit(repository, "small/tables/gefitinib.yaml", "T790M was found", "T790M was seen")
    assert released(run, repository, "2.0.0", "--dry-run")[0] == 0


def test_errors_of_the_checks_stop_it_and_warnings_do_not(run: Run, repository: Path, findings: list[Finding]) -> None:
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    findings.append(Finding("RT901", "warning", "small/tables/gefitinib.yaml", 9, 3, "a row of doubt"))
    assert released(run, repository, "1.1.0", "--dry-run")[0] == 0
    findings.append(Finding("RT999", "error", "small/tables/gefitinib.yaml", 9, 3, "a wrong row"))
    before = git(repository, "diff")
    code, printed = released(run, repository, "1.1.0")
    assert (code, printed) == (1, "small/tables/gefitinib.yaml:9:3: RT999 a wrong row\nsmall was not released.\n")
    assert git(repository, "diff") == before


def test_a_case_that_fails_stops_it(run: Run, repository: Path) -> None:
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    cases = repository / "rulebase" / "small" / "cases"
    cases.mkdir()
    (cases / "gefitinib.yaml").write_text(
        "cases:\n  - case: T790M alone\n    tumour: LUAD\n    findings: [EGFR L858R, EGFR T790M]\n"
        "    expect:\n      gefitinib: {verdict: resistant}\n",
        "utf-8",
    )
    code, printed = released(run, repository, "1.1.0")
    assert code == 1
    assert "gefitinib.yaml:2: the case 'T790M alone' fails; see resistab test" in printed


def test_too_few_cases_stop_it(run: Run, repository: Path) -> None:
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    edit(repository, "small/ruleset.yaml", "licence:", "curation: {least_coverage: 0.5}\nlicence:")
    code, printed = released(run, repository, "1.1.0")
    assert (code, "the cases fire 0.0% of the active rows; at least 50.0% is asked" in printed) == (1, True)


def test_rules_that_are_not_well_formed(run: Run, repository: Path) -> None:
    edit(repository, "small/tables/gefitinib.yaml", "drug: gefitinib\nind", "drug: gefitinab\nind")
    with pytest.raises(RulebaseError, match="unknown drug 'gefitinab'"):
        released(run, repository, "1.1.0")


OLDER = ("scoring:", "score_rules:")


@pytest.fixture
def older_form(repository: Path) -> Path:
    """The last release has a manifest of a form that is not read any more."""
    edit(repository, "small/ruleset.yaml", *OLDER)
    edit(repository, "small/ruleset.yaml", "version: 1.0.0", "version: 1.0.1")
    committed(repository, "of an older form")
    edit(repository, "small/ruleset.yaml", *reversed(OLDER))
    return repository


def test_a_release_of_an_older_form_counts_as_changed(run: Run, older_form: Path) -> None:
    code, printed = released(run, older_form, "1.1.0")
    assert code == 0
    (note, done) = printed.splitlines()
    assert note.startswith("note: 1.0.1 was not compared item by item: its files have an older form")
    assert done.startswith("small 1.1.0 of 2026-12-01")
    log = (older_form / "CHANGELOG.md").read_text("utf-8")
    assert "- The files of 1.0.1 have an older form: what changed is not listed by id.\n" in log


def test_of_an_older_form_a_patch_step_is_too_little(run: Run, older_form: Path) -> None:
    code, printed = released(run, older_form, "1.0.2")
    assert code == 1
    assert "a verdict can change: 1.0.1 cannot be compared; expected a minor step: 1.1.0 or higher" in printed


def test_of_an_older_form_ids_that_went_ask_for_a_major_step(run: Run, older_form: Path) -> None:
    edit(older_form, "small/tables/gefitinib.yaml", "id: GEF-005", "id: GEF-105")
    code, printed = released(run, older_form, "1.1.0")
    assert code == 1
    assert "an id goes or a level means something else: GEF-005 removed; expected a major step" in printed


def test_a_rule_set_that_was_never_committed(run: Run, repository: Path) -> None:
    shutil.copytree(SMALL, repository / "rulebase" / "new")
    with pytest.raises(RulebaseError, match="was never committed, so that its last release is not known; expected the"):
        released(run, repository, "1.1.0", ruleset="new")


def test_a_shallow_clone(run: Run, repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    with pytest.raises(RulebaseError, match="the clone is shallow, so that the last release is not known"):
        released(run, tmp_path / "shallow", "1.1.0")


def test_several_rule_sets_and_none_named(run: Run, repository: Path) -> None:
    with pytest.raises(typer.BadParameter, match="say which rule set with --ruleset: small, small-virus"):
        run("1.1.0", "--rulebase", repository / "rulebase")


def test_no_changelog(run: Run, repository: Path) -> None:
    (repository / "CHANGELOG.md").rename(repository / "rulebase" / "other.md")
    with pytest.raises(OutputError, match=r"no folder above holds CHANGELOG\.md"):
        released(run, repository, "1.1.0")
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    log = repository / "rulebase" / "other.md"
    assert released(run, repository, "1.1.0", "--changelog", log)[0] == 0
    assert "#### small 1.1.0" in log.read_text("utf-8")


def test_with_an_unwritable_changelog_the_manifest_stays(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(repository, "small/tables/gefitinib.yaml", *STRICTER)
    before = git(repository, "diff")
    write = releasing.write_whole

    def failing(path: Path, text: str) -> None:
        if path.name == "CHANGELOG.md":
            raise OutputError("no space left")
        write(path, text)

    monkeypatch.setattr(releasing, "write_whole", failing)
    with pytest.raises(OutputError, match="no space left"):
        released(run, repository, "1.1.0")
    assert git(repository, "diff") == before


# --- the parts ---


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ("0.1.0", "0.1.1", Bump.PATCH),
        ("0.1.9", "0.2.0", Bump.MINOR),
        ("0.9.9", "1.0.0", Bump.MAJOR),
        ("1.0.0", "1.0.0", Bump.NONE),
        ("0.10.0", "0.9.0", Bump.NONE),
        ("0.9.0", "0.10.0", Bump.MINOR),
    ],
)
def test_steps_between_versions(old: str, new: str, bump: Bump) -> None:
    assert bump_between(old, new) is bump
    if bump:
        assert bump_between(old, lowest_version(old, bump)) is bump


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 0.1.0\ndate: 2026-01-01\n", "version: 0.2.0\ndate: 2026-12-01\n"),
        ("version: \"0.1.0\"  # first\r\ndate: '2026-01-01'\r\n",
         "version: \"0.2.0\"  # first\r\ndate: '2026-12-01'\r\n"),
        ('version: 0.1.0\ndate: 2026-01-01\nsource:\n  version: "10.2"\n  date: 2026-04-26\n',
         'version: 0.2.0\ndate: 2026-12-01\nsource:\n  version: "10.2"\n  date: 2026-04-26\n'),
    ],
    ids=["plain", "quotes, comment, CRLF", "not the source's"],
)  # fmt: skip
def test_a_stamp_changes_two_values_only(text: str, expected: str) -> None:
    assert stamp(text, "ruleset.yaml", "0.2.0", datetime.date(2026, 12, 1)) == (expected, [])


def test_a_manifest_without_a_line_to_stamp() -> None:
    _, faults = stamp("{version: 0.1.0, date: 2026-01-01}\n", "ruleset.yaml", "0.2.0", datetime.date(2026, 12, 1))
    assert [str(fault) for fault in faults] == [
        "ruleset.yaml: has no lines 'version: …'; expected exactly one",
        "ruleset.yaml: has no lines 'date: …'; expected exactly one",
    ]


SECTION = "#### small 1.1.0, 2026-12-01\n\n- New.\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Unreleased\n", f"## Unreleased\n\n### Rules\n\n{SECTION}"),
        ("## [Unreleased]\n\n### Rules\n\n### Fixed\n\n- A.\n",
         f"## [Unreleased]\n\n### Rules\n\n{SECTION}\n### Fixed\n\n- A.\n"),
        # The latest release stands above the earlier ones.
        ("## Unreleased\n\n### Rules\n\n- Text.\n\n#### small 1.0.0, 2026-11-21\n\n- Old.\n",
         f"## Unreleased\n\n### Rules\n\n- Text.\n\n{SECTION}\n#### small 1.0.0, 2026-11-21\n\n- Old.\n"),
        # The rules of an earlier version of the software are not the place.
        ("## Unreleased\n\n- A.\n\n## 0.1.0\n\n### Rules\n\n- B.\n",
         f"## Unreleased\n\n- A.\n\n### Rules\n\n{SECTION}\n## 0.1.0\n\n### Rules\n\n- B.\n"),
        # Nor is a heading in an example.
        ("## Unreleased\n\n```\n### Rules\n```\n", f"## Unreleased\n\n```\n### Rules\n```\n\n### Rules\n\n{SECTION}"),
        ("## Unreleased\r\n\r\n### Rules\r\n\r\n- A.\r\n",
         f"## Unreleased\n\n### Rules\n\n- A.\n\n{SECTION}".replace("\n", "\r\n")),
    ],
)  # fmt: skip
def test_where_a_section_goes(text: str, expected: str) -> None:
    assert with_section(text, "CHANGELOG.md", SECTION) == (expected, [])


def test_a_version_is_told_once() -> None:
    text, _ = with_section("## Unreleased\n", "CHANGELOG.md", SECTION)
    _, faults = with_section(text, "CHANGELOG.md", SECTION)
    assert [str(fault) for fault in faults] == [
        "CHANGELOG.md: already has a section 'small 1.1.0'; expected a version that was not released"
    ]


def test_a_changelog_without_a_place_for_what_is_not_released() -> None:
    _, faults = with_section("# Changelog\n", "CHANGELOG.md", SECTION)
    assert [str(fault) for fault in faults] == [
        "CHANGELOG.md: has no section '## Unreleased'; expected one as Keep a Changelog has"
    ]
