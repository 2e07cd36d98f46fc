"""What ``check`` and ``fmt`` know of files from earlier runs: never of other files, of other code or of another day."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from resistab.core.faults import RulebaseError
from resistab.curation import check, fmt, kept
from resistab.curation.check import CheckResult, check_path
from resistab.curation.file_kinds import files_at, ruleset_files
from resistab.curation.fmt import format_files
from resistab.domains.registry import pack_of
from resistab.rulesets.find import data_folder, folders_of_rulesets
from tests.paths import FIXTURES
from tests.rulesets import replace_once

ON = datetime.date(2026, 11, 22)
TABLE = "tables/gefitinib.yaml"
CASES = "cases:\n  - {case: one, tumour: LUAD, findings: [EGFR T790M], expect: {gefitinib: {rows: [GEF-001]}}}\n"

Counting = list[str]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of this test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("RESISTAB_CACHE", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small rule set with a case and a file that nothing reads."""
    made = tmp_path / "small"
    shutil.copytree(FIXTURES / "small_rulebase", made)
    (made / "cases").mkdir()
    (made / "cases" / "some.yaml").write_text(CASES)
    return made


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Counting:
    """Grows by one for each call of a function."""
    calls: Counting = []
    original: Callable[..., Any] = getattr(module, name)

    def counting(*arguments: Any) -> Any:
        calls.append(name)
        return original(*arguments)

    monkeypatch.setattr(module, name, counting)
    return calls


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Grows by one for each rule set that is checked indeed."""
    return counted(monkeypatch, check, "_check")


@pytest.fixture
def formats(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Grows by one for each file that is formatted indeed."""
    return counted(monkeypatch, fmt, "format_text")


def found(folder: Path, on: datetime.date = ON) -> CheckResult:
    return check_path(folder, on)


def fresh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> CheckResult:
    """What is found without any cache."""
    with monkeypatch.context() as patch:
        patch.setattr(check, "entry_of", lambda *_: None)
        return found(folder)


# --- check --------------------------------------------------------------------------------------------------------


def test_unchanged_rule_set_is_not_checked_again(folder: Path, checks: Counting) -> None:
    first, second = found(folder), found(folder)
    assert first == second
    assert first.findings
    assert len(checks) == 1


def touched(folder: Path) -> dict[str, Callable[[], object]]:
    """Edits of every kind that a check can see, by name."""
    return {
        "a row": lambda: replace_once(folder / TABLE, "T790M was found", "T790M had been found"),
        "a fault": lambda: replace_once(folder / TABLE, "when: EGFR T790M", "when: EGFR A790M"),
        "a space": lambda: (folder / "genes.yaml").open("a").write("\n"),
        "a sequence": lambda: (folder / "proteins.fasta").open("a").write("\n"),
        "symbols": lambda: (folder / "symbols.txt").open("a").write("ABC1\n"),
        "a case": lambda: (folder / "cases/some.yaml").write_text(CASES.replace("GEF-001", "GEF-004")),
        "no case": lambda: (folder / "cases/some.yaml").unlink(),
        "no cases": lambda: shutil.rmtree(folder / "cases"),
        "facts": lambda: (folder / "facts.yaml").write_text("counts: [{every: row, at_most: 1}]\n"),
        "a stray file": lambda: (folder / "notes.yml").write_text("a: 1\n"),
        "another name": lambda: (folder / TABLE).rename(folder / "tables/other.yaml"),
        "no table": lambda: (folder / TABLE).unlink(),
    }


@pytest.mark.parametrize("edit", list(touched(Path())))
def test_any_edit_is_checked(folder: Path, checks: Counting, monkeypatch: pytest.MonkeyPatch, edit: str) -> None:
    found(folder)
    touched(folder)[edit]()
    after = found(folder)
    assert len(checks) == 2
    assert after == fresh(folder, monkeypatch)


def test_edit_that_is_taken_back_is_known(folder: Path, checks: Counting) -> None:
    before = found(folder)
    replace_once(folder / TABLE, "when: EGFR T790M", "when: EGFR A790M")
    assert found(folder) != before
    replace_once(folder / TABLE, "when: EGFR A790M", "when: EGFR T790M")
    assert found(folder) == before
    assert len(checks) == 2


def test_what_is_found_on_another_day_is_another_thing(folder: Path, checks: Counting) -> None:
    today, later = found(folder), found(folder, ON.replace(year=ON.year + 9))
    assert len(checks) == 2
    assert today != later


def test_other_code_checks_anew(folder: Path, checks: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    found(folder)
    monkeypatch.setattr(kept, "code_fingerprint", lambda: "other")
    found(folder)
    assert len(checks) == 2


def test_copy_elsewhere_names_its_own_files(folder: Path, tmp_path: Path) -> None:
    found(folder)
    shutil.copytree(folder, tmp_path / "elsewhere" / "small")
    places = {item.where for item in found(tmp_path / "elsewhere" / "small").findings}
    assert places and all(place.startswith(str(tmp_path / "elsewhere")) for place in places)


@pytest.mark.parametrize("content", [b"", b"garbage", b"0" * 64 + b"\nxx"])
def test_damaged_entry_is_read_past(folder: Path, cache: Path, checks: Counting, content: bytes) -> None:
    before = found(folder)
    (entry,) = cache.glob("*.check")
    entry.write_bytes(content)
    assert found(folder) == before
    assert len(checks) == 2


def test_check_without_a_cache_finds_the_same(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = found(folder)
    monkeypatch.setenv("RESISTAB_CACHE", str(cache / next(cache.glob("*.check")).name))
    assert found(folder) == before


def test_file_that_cannot_be_read_is_found_each_time(folder: Path, checks: Counting) -> None:
    (folder / "tables" / "directory.yaml").mkdir()
    assert any(item.severity == "error" for item in found(folder).findings)
    assert any(item.severity == "error" for item in found(folder).findings)
    assert len(checks) == 2


def test_edit_during_a_check_is_not_kept(folder: Path, checks: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    original = check.check_facts

    def editing(*arguments: Any) -> Any:
        (folder / "genes.yaml").open("a").write("\n")
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(check, "check_facts", editing)
        found(folder)
    found(folder)
    assert len(checks) == 2


_OPENED: list[Path] | None = None


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _OPENED is not None and event == "open" and isinstance(arguments[0], str):
        _OPENED.append(Path(os.path.realpath(arguments[0])))


@pytest.fixture
def opened() -> Iterator[list[Path]]:
    """The files that are opened meanwhile. A hook stays as long as the process, so that it is told when to listen."""
    global _OPENED
    sys.addaudithook(_hear)
    _OPENED = []
    yield _OPENED
    _OPENED = None


@pytest.mark.parametrize("ruleset", ["oncology", "hiv1", "pharmacogenomics"])
def test_check_opens_nothing_that_its_digest_leaves_out(ruleset: str, opened: list[Path]) -> None:
    folder = data_folder("rulebase") / ruleset
    assert folder in folders_of_rulesets(folder.parent)
    pack = pack_of(folder)
    check._check(folder, pack, ON, {})
    known = {path.resolve() for kind in pack.kinds.FILE_KINDS for path in kind.paths(folder)}
    read = {path for path in opened if path.suffix not in (".py", ".pyc", ".so")}
    assert (folder / "ruleset.yaml").resolve() in read
    assert not read - known


# --- fmt ----------------------------------------------------------------------------------------------------------


def test_files_known_to_be_canonical_are_not_formatted(folder: Path, formats: Counting) -> None:
    first = format_files(ruleset_files(folder))
    canonical = sum(not item.differs for item in first)
    assert canonical
    seen = len(formats)
    assert format_files(ruleset_files(folder)) == first
    assert len(formats) == seen + len(first) - canonical


def test_known_file_that_changes_is_formatted(folder: Path) -> None:
    format_files(ruleset_files(folder))
    text = (folder / TABLE).read_text()
    (folder / TABLE).write_text(text.replace("mechanism:", "mechanism:   ", 1))
    (one,) = format_files(files_at(folder / TABLE))
    assert one.differs


def test_text_known_in_one_kind_of_file_is_read_in_another(folder: Path, formats: Counting) -> None:
    format_files(ruleset_files(folder))
    before = len(formats)
    shutil.copyfile(folder / "cases" / "some.yaml", folder / "tables" / "some.yaml")
    format_files(files_at(folder / "tables" / "some.yaml"))
    assert len(formats) == before + 1


def test_schema_that_comes_beside_known_files_is_named(folder: Path) -> None:
    format_files(ruleset_files(folder))
    (folder.parent / "schemas").mkdir()
    (folder.parent / "schemas" / "table.json").write_text("{}")
    (one,) = format_files(files_at(folder / TABLE))
    assert one.after.startswith("# yaml-language-server: $schema=../../schemas/table.json")


def test_fault_beside_known_files_is_told_each_time(folder: Path) -> None:
    format_files(ruleset_files(folder))
    (folder / TABLE).write_text("rows: [\n")
    for _ in range(2):
        with pytest.raises(RulebaseError, match=r"gefitinib\.yaml"):
            format_files(ruleset_files(folder))


def test_few_texts_are_known_when_many_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_FORMATTED", 3)
    kept.KnownFormatted().keep(["a", "b", "c"])
    later = kept.KnownFormatted()
    assert later.holds("a")
    later.keep(["d"])
    assert [name for name in "abcd" if kept.KnownFormatted().holds(name)] == ["a", "c", "d"]


def test_two_processes_know_what_both_found() -> None:
    one, other = kept.KnownFormatted(), kept.KnownFormatted()
    one.keep(["a"])
    other.keep(["b"])
    assert all(kept.KnownFormatted().holds(name) for name in "ab")


def test_other_code_knows_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.KnownFormatted().keep(["a"])
    monkeypatch.setattr(kept, "code_fingerprint", lambda: "other")
    assert not kept.KnownFormatted().holds("a")
