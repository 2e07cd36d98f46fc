"""Every code of a fault: it is listed, explained, and triggered by a broken rule set that has this fault and no other.

``codes.txt`` in ``tests/broken`` and ``tests/broken_virus`` says which codes each broken rule set there has.
"""

from __future__ import annotations

import ast
import datetime
import re
from pathlib import Path

import pytest

import resistab
from resistab.curation.check import all_codes, check_ruleset
from resistab.curation.check_formats import explained
from resistab.rulesets.fault_codes import CODES, GROUPS
from tests.paths import FIXTURES as FOLDERS
from tests.paths import TESTS
from tests.rulesets import broken_copy
from tools.checks_page import page, page_file

PACKAGE = Path(resistab.__file__).parent
ON = datetime.date(2026, 11, 22)
# The tests of test_check_rulesets, _evidence, _facts, _approvals, _brands and _regimens make their broken rule sets.
MADE_BY_TESTS = {"RT001", "RT013", "RT014", *(f"RT{number}" for number in (*range(320, 352), *range(360, 363)))}
# A code never changes its meaning and is never taken away: this list only grows at the end of its groups.
LISTED = """
RT001 RT002 RT003 RT004 RT005 RT006 RT007 RT008 RT009 RT010 RT011 RT012 RT013 RT014
RT020 RT021 RT022 RT023 RT024 RT025 RT026 RT027 RT028 RT029 RT040 RT041 RT042 RT043 RT044 RT045
RT101 RT102 RT110 RT111 RT112 RT113 RT114 RT115 RT116 RT117 RT118 RT119 RT120 RT121 RT122 RT123 RT124 RT125
RT126 RT127 RT128 RT129 RT130 RT131
RT201 RT202 RT203 RT204 RT205 RT206 RT207 RT208 RT209 RT210 RT211 RT212 RT213 RT214 RT215 RT216 RT217
RT301 RT302 RT303 RT304 RT305 RT306 RT307 RT308 RT309 RT310 RT311 RT312
RT320 RT321 RT322 RT323 RT324 RT325 RT326 RT327 RT328 RT329 RT330 RT331 RT332 RT333 RT334 RT335 RT336
RT337 RT338 RT339 RT340 RT341 RT342 RT343 RT344 RT345 RT346 RT347 RT348 RT349
RT350 RT351
RT360 RT361 RT362
RT401
RT501 RT502 RT503 RT504 RT505 RT506 RT507 RT508 RT509 RT510 RT511 RT512 RT513 RT514 RT515
"""


def expected_codes(root: str) -> dict[str, list[str]]:
    lines = (FOLDERS / root / "codes.txt").read_text(encoding="utf-8").splitlines()
    return {name: codes.split() for name, codes in (line.split(": ") for line in lines)}


FIXTURES = [
    (small, root, name, codes)
    for small, root in (("small_rulebase", "broken"), ("small_virus", "broken_virus"))
    for name, codes in expected_codes(root).items()
]


@pytest.mark.parametrize(("small", "root", "name", "codes"), FIXTURES, ids=[f"{f[1]}-{f[2]}" for f in FIXTURES])
def test_broken_rule_set_has_exactly_its_faults(
    small: str, root: str, name: str, codes: list[str], tmp_path: Path
) -> None:
    folder = broken_copy(FOLDERS / small, FOLDERS / root / name, tmp_path / "small")

    findings = check_ruleset(folder, ON)

    assert sorted(finding.code for finding in findings) == sorted(codes)
    said = (FOLDERS / root / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(f"{tmp_path}/{line}" for line in said) == sorted(
        ":".join(str(part) for part in (f.where, f.line, f.column) if part is not None) + f": {f.text}"
        for f in findings
    )


def test_every_broken_rule_set_has_its_codes_written_down() -> None:
    for root in ("broken", "broken_virus"):
        assert set(expected_codes(root)) == {path.name for path in (FOLDERS / root).iterdir() if path.is_dir()}


def test_every_code_has_a_broken_rule_set_of_its_own() -> None:
    alone = {codes[0] for _, _, _, codes in FIXTURES if len(codes) == 1}

    assert alone | MADE_BY_TESTS == set(CODES)


def test_codes_without_a_folder_are_triggered_by_these_tests() -> None:
    files = [
        path
        for name in ("rulesets", "evidence", "facts", "approvals", "brands", "regimens")
        for path in TESTS.rglob(f"test_check_{name}.py")
    ]
    named = {code for file in files for code in re.findall(r'"(RT\d{3})[ "]', file.read_text(encoding="utf-8"))}

    assert named >= MADE_BY_TESTS


@pytest.mark.parametrize(
    "module",
    [
        *("files/yaml_source", "rulesets/folder_reader", "rulesets/digest", "rulesets/checks"),
        *("domains/oncology/checks/rules", "domains/virus/checks/rules"),
    ],
)
def test_every_fault_is_made_with_its_code(module: str) -> None:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    # FASTA files have a function of their own, which takes the code first.
    without = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("Fault", "fault", "key_fault", "_fault")
        and "code" not in {keyword.arg for keyword in node.keywords}
        and not (node.args and isinstance(node.args[0], ast.Constant) and str(node.args[0].value).startswith("RT"))
    ]

    assert without == []


def test_codes_are_those_listed_and_none_is_lost() -> None:
    assert list(CODES) == LISTED.split()


def test_codes_given_and_codes_registered_are_the_same() -> None:
    registry = {"fault_codes.py", "lints.py"}
    sources = [path for path in PACKAGE.rglob("*.py") if path.name not in registry and "lints" not in path.parts]
    given = {code for path in sources for code in re.findall(r'"(RT\d{3})"', path.read_text(encoding="utf-8"))}

    assert set(CODES) <= given <= set(all_codes())


def test_codes_of_lints_and_faults_do_not_meet() -> None:
    assert all((code > "RT600") == (code not in CODES) for code in all_codes())


@pytest.mark.parametrize("code", all_codes())
def test_code_says_what_why_and_how_to_mend_it(code: str) -> None:
    entry = all_codes()[code]

    assert entry.title[0].islower() or entry.title.startswith("YAML")
    assert not entry.title.endswith(".")
    assert entry.why.endswith(".")
    assert entry.mend.endswith(".")
    assert explained(code, entry).startswith(f"{code}: {entry.title} ({entry.severity})\n")


def test_page_of_all_codes_is_current() -> None:
    assert page_file().read_text(encoding="utf-8") == page(), "make checks-page writes it anew"


def test_page_has_every_code_once_and_every_group() -> None:
    titles = [line for line in page().splitlines() if line.startswith("### ")]

    assert [title[4:9] for title in titles] == list(all_codes())
    titles = [line[3:] for line in page().splitlines() if line.startswith("## ")]
    assert {title.casefold() for title in GROUPS.values()} < {title.casefold() for title in titles}
    assert len(titles) == len(set(titles))
