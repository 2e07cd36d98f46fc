"""``check --evidence`` of regimens: what they cite beside the lists that they come from.

The rule set has two regimens, a rule for combining and a barrier, each with the row behind it; each test changes one
thing in either.
"""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from resistab.core.faults import InputError
from resistab.curation.check import CheckResult, check_path
from tests.domains.virus.curate.regimen_files import FILES, UNVERIFIED, with_regimens
from tests.paths import SMALL_VIRUS

ON = datetime.date(2026, 11, 30)
LISTS = {
    "regimens.tsv": """id	drugs	setting	condition	authority	year	reference	short_citation	verification
HRG-015	DTG + XTC	first line	none	trial	2020	PMID:31834000	Cahn et al., 2020	full
HRG-016	3TC + DTG	first line	none	WHO	2025	WHO guideline of 2025	WHO, 2025	secondary
HRG-099	DTG + AZT	first line	another virus	WHO	2025	PMID:5	WHO, 2025	full
""",
    "rules.tsv": """id	domain	rule_kind	drugs_or_classes	condition	authority	reference	verification
CMB-001	hiv	do not combine	AZT + lamivudine	always	label	LABEL:Combivir 2024-03-01 (section 4)	full
CMB-070	oncology	not after	osimertinib	always	trial	PMID:2	full
""",
    "barriers.tsv": """id	drug_class	drug	barrier	reference	verification
HBR-001	NRTI	3TC	low	a remark; PMID:1	full
""",
}


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    return with_regimens(tmp_path / "virus")


def lists(folder: Path, name: str = "", old: str = "", new: str = "") -> Path:
    """A folder with the lists, in one of which a text was put in the place of another."""
    (folder / "deep").mkdir(parents=True)
    for file, text in LISTS.items():
        assert file != name or old in text
        (folder / "deep" / file).write_text(text.replace(old, new) if file == name else text, encoding="utf-8")
    return folder


def checked(ruleset: Path, name: str = "", old: str = "", new: str = "") -> CheckResult:
    return check_path(ruleset, ON, [lists(ruleset.parent / "lists", name, old, new)])


def errors(ruleset: Path, name: str = "", old: str = "", new: str = "") -> list[tuple[str, str]]:
    """The errors where one text, in a file of the rule set or in a list, is another."""
    if name in FILES:
        file = ruleset / name
        assert old in file.read_text(encoding="utf-8")
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        name = ""
    found = checked(ruleset, name, old, new).findings
    return [(finding.code, finding.message) for finding in found if finding.severity == "error"]


def test_what_fits_is_verified_and_counted(ruleset: Path) -> None:
    result = checked(ruleset)
    assert not result.count("error")
    (evidence,) = result.evidence or ()
    assert (evidence.verified, evidence.references) == (3, 3)
    assert evidence.lines == (
        "virus: references of regimens verified: 3 (3 different ones); named for want of an identifier: 1; "
        "differences with a reason: 0",
        "virus: 5 of 5 rows on regimens accounted for: 4 behind entries, 1 listed with a reason",
    )


INSTI, ALL = "regimens/insti.yaml", "regimens/rules/all.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "message"),
    [
        (INSTI, "HRG-015", "HRG-777", "RT346", "REG-INSTI-001 names HRG-777, which is not in the lists"),
        (INSTI, "31834000", "31834001", "RT346", "REG-INSTI-001: PMID:31834001 is not in HRG-015"),
        (INSTI, ", source: [HRG-015]", "", "RT346", "REG-INSTI-001: PMID:31834000 is no approval of these drugs"),
        (INSTI, "[DTG, 3TC]", "[DTG, AZT]", "RT347", "drugs: AZT + DTG here, DTG + XTC in the list"),
        (INSTI, "authority: trial", "authority: EACS", "RT347", "authority: EACS here, trial in the list"),
        (INSTI, "secondary", "full", "RT347", "verification: full here, secondary in the list"),
        (INSTI, "of 2025,", "of 2024,", "RT348", "'WHO guideline of 2024' is but named"),
        (ALL, "together: [[AZT], [3TC]]", "drugs: [DTG]", "RT347", "drugs: DTG here, AZT + lamivudine in the list"),
        (ALL, "Combivir", "Trizivir", "RT346", "LABEL:FDA Trizivir 2024-03-01 is not in CMB-001"),
        ("barriers.yaml", "drug: 3TC", "drug: AZT", "RT347", "AZT, HBR-001: drugs: AZT here, 3TC in the list"),
        ("unused_regimens.yaml", "HRG-099", "HRG-098", "RT349", "HRG-099 is behind no entry"),
        ("unused_regimens.yaml", "[HRG-099]", "[HRG-099, HRG-015]", "RT349", "HRG-015 stands in two places"),
        (
            "regimens.tsv",
            "	full\nHRG-016",
            "	partial\nHRG-016",
            "RT347",
            "verification: full here, partial in the list",
        ),
    ],
)
def test_what_differs_is_a_fault(ruleset: Path, name: str, old: str, new: str, code: str, message: str) -> None:
    found = errors(ruleset, name, old, new)
    assert [text for given, text in found if given == code and message in text], found


def test_what_replaces_a_drug_may_stand_in_the_remarks(ruleset: Path) -> None:
    found = errors(
        ruleset, "regimens.tsv", "DTG + XTC	first line	none", "DTG + ZDV	first line	or lamivudine"
    )
    assert not found


def test_a_difference_with_a_reason_is_excused(ruleset: Path) -> None:
    differs = "differs:\n  - {entries: [REG-INSTI-001], source: HRG-015, differs_in: [drugs], reason: Told in words.}\n"
    (ruleset / "unverified_citations.yaml").write_text(UNVERIFIED + differs, encoding="utf-8")
    assert not errors(ruleset, "regimens.tsv", "DTG + XTC", "DTG")


def test_what_is_excused_for_nothing_is_a_fault(ruleset: Path) -> None:
    differs = "differs:\n  - {entries: [REG-INSTI-001], source: HRG-015, differs_in: [drugs], reason: Told in words.}\n"
    unverified = UNVERIFIED.replace("[WHO guideline of 2025]", "[WHO guideline of 2025, A book]") + differs
    (ruleset / "unverified_citations.yaml").write_text(unverified, encoding="utf-8")
    assert errors(ruleset) == [
        ("RT330", "'A book' is listed, and nothing that needs it cites it"),
        ("RT330", "REG-INSTI-001, HRG-015: the exception for 'drugs' is no longer needed"),
    ]


def test_nothing_verified_is_a_fault(ruleset: Path) -> None:
    for name in ("regimens/rules/all.yaml", "barriers.yaml"):
        (ruleset / name).unlink()
    found = errors(ruleset, INSTI, "references: [PMID:31834000]", "named: WHO guideline of 2025")
    assert ("RT336", "no reference of a regimen was verified") in found


def test_rules_without_regimens_have_nothing_to_verify(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL_VIRUS, tmp_path / "virus")
    found = check_path(folder, ON, [lists(tmp_path / "lists")]).findings
    assert [finding.message for finding in found if finding.code == "RT336"] == ["no evidence item was verified"]


def test_a_folder_without_lists_is_refused(ruleset: Path) -> None:
    with pytest.raises(InputError, match="holds no list of regimens"):
        check_path(ruleset, ON, [ruleset])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("HRG-016	", "HRG-015	", "HRG-015 stands here a second time"),
        ("HRG-016	", "16	", "id is '16'"),
        ("	secondary", "	seen", "verification is 'seen'"),
        ("	secondary", "", "has 8 columns"),
    ],
)
def test_a_list_that_is_wrong_is_refused(ruleset: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        checked(ruleset, "regimens.tsv", old, new)
