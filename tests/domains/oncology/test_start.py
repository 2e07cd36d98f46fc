"""What the cache may hold beside the rules, and what a start sets up for a tumour; see also ``rulebase/test_cache``."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

import resistab
from resistab.domains.loading import load_compiled, load_rules
from resistab.domains.oncology.compile import scoped
from resistab.domains.oncology.interpreter import Compiled, TumourInterpreter
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.registry import pack_of
from resistab.rulesets import cache
from resistab.rulesets.cache import read_cached, write_cached
from tests.paths import SMALL


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rule set of its own, with an empty cache beside it."""
    monkeypatch.setenv("RESISTAB_CACHE", str(tmp_path / "cache"))
    return Path(shutil.copytree(SMALL, tmp_path / "rules"))


def entries(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").glob("*"))


def checked(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode() + b"\n" + body


def test_what_was_compiled_comes_back_as_it_was(folder: Path) -> None:
    first = load_compiled(folder, pack_of(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiled, "of", lambda rulebase: pytest.fail("compiled anew"))
        second = load_compiled(folder, pack_of(folder))
    assert second == first


@pytest.mark.parametrize("intruder", [os.system, subprocess.Popen, resistab.load, shutil.rmtree])
def test_an_entry_can_hold_no_code(tmp_path: Path, intruder: object) -> None:
    entry = tmp_path / "entry.pickle"
    entry.write_bytes(checked(pickle.dumps((intruder, None))))
    assert read_cached(entry, "0" * 64, Rulebase) is None


def test_a_name_that_leads_out_of_the_package_is_refused(tmp_path: Path) -> None:
    # Protocol 4 looks a dotted name up inside a module: here what the module itself has imported.
    body = b"\x80\x04\x8c\x26resistab.domains.oncology.kinds.loader\x8c\x04Path\x93."
    with pytest.raises(pickle.UnpicklingError, match="is not data"):
        cache.DataUnpickler(io.BytesIO(body)).load()


def test_a_cache_folder_in_which_others_may_write_is_not_used(folder: Path, tmp_path: Path) -> None:
    shared = tmp_path / "cache"
    shared.mkdir()
    shared.chmod(0o777)
    load_rules(folder)
    assert entries(tmp_path) == []


def test_old_entries_go(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ENTRIES", 2)
    rulebase: Rulebase = load_rulebase_folder(folder)
    for number in range(4):
        write_cached(tmp_path / "cache" / f"entry-{number}.pickle", rulebase)
        os.utime(tmp_path / "cache" / f"entry-{number}.pickle", (number, number))
    write_cached(tmp_path / "cache" / "entry-4.pickle", rulebase)
    assert [entry.name for entry in entries(tmp_path)] == ["entry-3.pickle", "entry-4.pickle"]


@pytest.mark.parametrize("most", [0, 1, 6])
def test_verdicts_are_the_same_with_few_or_many_engines(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = resistab.load()
    monkeypatch.setattr(scoped, "MOST_SUBSETS", most)
    other = TumourInterpreter(usual.rulebase)
    for tumour, finding in [
        ("MEL", "NRAS Q61K"),
        ("LUAD", "EGFR T790M"),
        ("CML", "ABL1 T315I"),
        ("NSCLC", "KRAS G12C"),
    ]:
        genotype = usual.genotype(tumour, [finding])
        assert other.interpret(genotype) == usual.interpret(genotype)


def test_only_the_rules_that_can_hold_are_set_up() -> None:
    interpreter = resistab.load()
    genotype = interpreter.genotype("MEL", ["BRAF V600E"])
    inferred = interpreter.infer(genotype)
    registered = interpreter._rules.for_patient(inferred.observer)
    assert sum(len(unit.unit.heads) for unit in registered.units) < len(inferred.values) / 2
    assert set(inferred.values) == {clause.head for clause in interpreter.program.clauses}
