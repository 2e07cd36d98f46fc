"""The cache makes a start faster and nothing else: what it holds is never trusted, and it may always fail."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from resistab.core.faults import RulebaseError
from resistab.domains.loading import load_rules
from resistab.domains.oncology.kinds import FILE_KINDS, loader
from resistab.domains.oncology.kinds.form import FORM
from resistab.domains.oncology.kinds.models import Panel, Rulebase
from resistab.domains.registry import pack_of, packs
from resistab.report.template_cache import template_cache
from resistab.rulesets.cache import cache_folder, private_cache_folder, read_cached
from resistab.rulesets.digest import ruleset_digest
from resistab.rulesets.find import data_folder, folders_of_rulesets
from resistab.rulesets.folder_reader import FolderReader
from resistab.rulesets.kinds import FileKind, rule_files


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of this test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("RESISTAB_CACHE", str(folder))
    return folder


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Grows by one for each time that the files themselves are read."""
    seen: list[Path] = []
    read = loader.read_rulebase_folder

    def counting(folder: Path) -> Rulebase:
        seen.append(folder)
        return read(folder)

    monkeypatch.setattr(loader, "read_rulebase_folder", counting)
    return seen


def entries(cache: Path) -> list[Path]:
    return sorted(path for path in cache.iterdir() if path.is_file())


def said_by(rulebase: Rulebase) -> str:
    return rulebase.model_dump_json()


def test_second_start_reads_the_entry_and_gets_the_same_rules(cache, loads, small_rulebase_copy):
    folder = small_rulebase_copy()

    first, second = load_rules(folder), load_rules(folder)

    assert len(loads) == 1
    assert said_by(first) == said_by(second)


def test_rules_from_the_entry_know_the_exons_of_named_sets(cache, loads, small_rulebase_copy):
    folder = small_rulebase_copy()
    (folder / "alteration_sets/EGFR.yaml").write_text(
        "sets:\n  - name: EGFR sensitising mutation\n    members: EGFR exon 19 deletion\n    basis: Test.\n"
    )

    for rulebase in (load_rules(folder), load_rules(folder)):
        assert rulebase.set_by_name["EGFR sensitising mutation"].members.first == 729
    assert len(loads) == 1


@pytest.mark.parametrize("keep", [0, 1, 40, 64, 65, 66, 500, -1])
def test_truncated_entry_is_read_past(cache, loads, small_rulebase_copy, keep):
    folder = small_rulebase_copy()
    before = said_by(load_rules(folder))
    (entry,) = entries(cache)
    entry.write_bytes(entry.read_bytes()[:keep])

    assert said_by(load_rules(folder)) == before
    assert len(loads) == 2


@pytest.mark.parametrize("position", [0, 64, 70, 1000, -1])
def test_entry_with_one_byte_changed_is_read_past(cache, loads, small_rulebase_copy, position):
    folder = small_rulebase_copy()
    before = said_by(load_rules(folder))
    (entry,) = entries(cache)
    content = bytearray(entry.read_bytes())
    content[position] ^= 0xFF
    entry.write_bytes(content)

    assert said_by(load_rules(folder)) == before
    assert len(loads) == 2


def test_entry_that_is_read_past_is_written_anew(cache, loads, small_rulebase_copy):
    folder = small_rulebase_copy()
    load_rules(folder)
    (entry,) = entries(cache)
    entry.write_bytes(b"garbage")

    load_rules(folder)
    load_rules(folder)

    assert len(loads) == 2


def test_whole_entry_of_other_rules_is_not_taken_for_these(cache, loads, small_rulebase_copy):
    folder = small_rulebase_copy()
    load_rules(folder)
    (old,) = entries(cache)
    content = old.read_bytes()
    changed = small_rulebase_copy(replace={"tables/gefitinib.yaml": ("T790M was found", "T790M had been found")})
    load_rules(changed)
    (new,) = [path for path in entries(cache) if path != old]
    new.write_bytes(content)

    rulebase = load_rules(changed)

    assert rulebase.digest == ruleset_digest(changed, FILE_KINDS)
    assert "T790M had been found" in said_by(rulebase)


@pytest.mark.parametrize(
    "name",
    [
        "ruleset.yaml",
        "genes.yaml",
        "proteins.fasta",
        "symbols.txt",
        "tables/gefitinib.yaml",
        "alteration_sets/NRAS.yaml",
    ],
)
def test_any_changed_file_changes_the_digest(small_rulebase_copy, name):
    folder = small_rulebase_copy()
    before = ruleset_digest(folder, FILE_KINDS)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert ruleset_digest(folder, FILE_KINDS) != before


def test_added_removed_or_renamed_file_changes_the_digest(small_rulebase_copy):
    folder = small_rulebase_copy()
    digests = [ruleset_digest(folder, FILE_KINDS)]
    (folder / "mechanisms/extra.yaml").write_text("conclusions: []\n")
    digests.append(ruleset_digest(folder, FILE_KINDS))
    (folder / "mechanisms/extra.yaml").rename(folder / "mechanisms/other.yaml")
    digests.append(ruleset_digest(folder, FILE_KINDS))
    (folder / "tables/vemurafenib.yaml").unlink()
    digests.append(ruleset_digest(folder, FILE_KINDS))

    assert len(set(digests)) == 4


def test_digest_does_not_depend_on_where_the_folder_lies(small_rulebase_copy, small):
    assert ruleset_digest(small_rulebase_copy(), FILE_KINDS) == small.digest


def test_changed_rules_hold_at_the_next_start(cache, small_rulebase_copy):
    load_rules(small_rulebase_copy())
    folder = small_rulebase_copy(replace={"ruleset.yaml": ("version: 1.0.0", "version: 1.0.1")})

    assert load_rules(folder).manifest.version == "1.0.1"


def test_rules_with_faults_are_not_kept(cache, small_rulebase_copy):
    folder = small_rulebase_copy(replace={"tables/gefitinib.yaml": ("when: EGFR T790M", "when: EGFR A790M")})

    for _ in range(2):
        with pytest.raises(RulebaseError):
            load_rules(folder)
    assert not cache.exists() or not entries(cache)


def test_cache_that_is_a_file_is_done_without(tmp_path, monkeypatch, loads, small_rulebase_copy):
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setenv("RESISTAB_CACHE", str(tmp_path / "cache"))

    load_rules(small_rulebase_copy())
    assert load_rules(small_rulebase_copy()).manifest.ruleset == "small"
    assert len(loads) == 2


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which not even root may write")
def test_cache_in_which_nobody_may_write_is_done_without(monkeypatch, loads, small_rulebase_copy):
    monkeypatch.setenv("RESISTAB_CACHE", "/proc/self/resistab")

    assert load_rules(small_rulebase_copy()).manifest.ruleset == "small"


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_cache_without_permission_is_done_without(cache, loads, small_rulebase_copy):
    cache.mkdir(mode=0o500)

    load_rules(small_rulebase_copy())
    assert load_rules(small_rulebase_copy()).manifest.ruleset == "small"
    assert len(loads) == 2


def test_folder_of_the_user_is_taken_where_none_is_named(monkeypatch):
    monkeypatch.delenv("RESISTAB_CACHE")

    assert cache_folder().name == "resistab"


def test_concurrent_starts_get_the_same_and_leave_one_entry(cache, loads, small_rulebase_copy):
    folder = small_rulebase_copy()
    program = (
        "import sys; from pathlib import Path; from resistab.domains.loading import load_rules\n"
        "for _ in range(5): print(load_rules(Path(sys.argv[1])).digest)"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    printed = [start.communicate()[0].split() for start in starts]

    assert [start.returncode for start in starts] == [0] * 6
    assert {digest for digests in printed for digest in digests} == {ruleset_digest(folder, FILE_KINDS)}
    assert len(entries(cache)) == 1, "no half-written file is left"
    load_rules(folder)
    assert loads == []


# --- the list of kinds ------------------------------------------------------------------------------------------------


def test_a_new_folder_of_rules_is_loaded_and_counts(small_rulebase_copy):
    folder = small_rulebase_copy()
    kind = FileKind("watch-list", "watch_list/*.yaml", Panel, FORM)
    before = ruleset_digest(folder, (*FILE_KINDS, kind))
    (folder / "watch_list").mkdir()
    (folder / "watch_list/one.yaml").write_text("panel: one\nname: One\nspecimen: tissue\nsource: Test.\n")

    read = FolderReader(folder, (*FILE_KINDS, kind)).read()

    assert [item.panel for item in read.all("watch-list", Panel)] == ["one"]
    assert ruleset_digest(folder, (*FILE_KINDS, kind)) != before


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_every_file_that_is_loaded_counts_in_the_digest(pack):
    folders = [path for path in folders_of_rulesets(data_folder("rulebase")) if pack_of(path) is pack]
    assert folders
    for folder in folders:
        opened = set(pack.kinds.read(folder).opened)
        counted = set(rule_files(folder, pack.kinds.FILE_KINDS))
        assert opened <= counted
        assert {name for name in counted if name.endswith(".yaml")} <= opened


@pytest.mark.parametrize(
    "body", [b"", b"\x80\x05K\x01.", b"}q\x00h\x05.", b"\x80\x05\x8e\xff\xff\xff\xff\xff\xff\xff\x7f", b"(" * 9000]
)
def test_damaged_entry_with_a_checksum_that_fits_is_taken_away(tmp_path, body):
    path = tmp_path / "entry.pickle"
    path.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    path.chmod(0o600)

    assert read_cached(path, "digest", Rulebase) is None
    assert not path.exists()


def test_entry_that_others_can_write_is_not_read(cache, loads, small_rulebase_copy):
    folder = small_rulebase_copy()
    load_rules(folder)
    for path in entries(cache):
        path.chmod(0o666)

    load_rules(folder)

    assert len(loads) == 2


def test_folder_below_one_in_which_others_can_write_is_no_cache(tmp_path, monkeypatch):
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    monkeypatch.setenv("RESISTAB_CACHE", str(open_to_all / "cache"))
    open_to_all.chmod(0o777)
    assert private_cache_folder() is None
    open_to_all.chmod(0o1777)
    assert private_cache_folder() == open_to_all / "cache"


def test_folder_of_another_owner_is_no_cache(cache, monkeypatch):
    assert private_cache_folder() == cache
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert private_cache_folder() is None


@pytest.mark.parametrize("keep", [0, 5, 24, 60, 200])
def test_compiled_template_that_breaks_off_is_made_anew(cache, keep):
    environment = Environment(loader=DictLoader({"page": "Hello {{ name }}"}), bytecode_cache=template_cache())
    environment.get_template("page")
    (path,) = entries(cache)
    path.write_bytes(path.read_bytes()[:keep])

    again = Environment(loader=DictLoader({"page": "Hello {{ name }}"}), bytecode_cache=template_cache())
    assert again.get_template("page").render(name="you") == "Hello you"
    assert path.stat().st_size > keep
