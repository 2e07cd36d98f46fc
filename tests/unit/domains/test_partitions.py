"""Parts of a cohort in Parquet: what is written is what is read, whatever the domain."""

from __future__ import annotations

import pickle
from pathlib import Path

import pyarrow
import pytest

from resistab.domains.cluster.partitions import PartsFolder, read_genotypes, read_rows, write_genotypes, write_rows
from resistab.domains.cluster.worker import Rules, _digest_here
from resistab.domains.loading import load
from resistab.domains.pack import Given
from resistab.domains.registry import pack_of
from resistab.rulesets.find import ruleset_folder
from tests.paths import EXAMPLES, SMALL_PHARMACOGENOMICS

GIVEN = {
    "oncology": Given(tuple(EXAMPLES / name for name in ("cohort.maf", "cohort.json", "melanoma_phenopacket.json"))),
    "hiv1": Given((EXAMPLES / "hiv_pol.fasta",)),
    "pharmacogenomics": Given((EXAMPLES / "germline.yaml",)),
}

ADDED = """drug: fluorouracil
rows:
  - id: LAB-001
    status: active
    when: conclusion dpyd-poor
    effect: avoid
    reason: Levels are not measured here.
    created: 2026-11-29
    reviewed: 2026-11-29
    evidence:
      - {reference: PMID:29152729, gene: DPYD, level: A}
"""


@pytest.fixture
def place(tmp_path: Path) -> PartsFolder:
    return PartsFolder(str(tmp_path))


@pytest.mark.parametrize("ruleset", GIVEN)
def test_genotypes_are_the_same_and_share_what_they_shared(place: PartsFolder, ruleset: str) -> None:
    interpreter = load(ruleset)
    genotypes = 100 * pack_of(ruleset_folder(ruleset)).inputs.genotypes(interpreter, GIVEN[ruleset])
    write_genotypes(place, "part", genotypes)
    found = read_genotypes(place, "part")
    assert found == genotypes
    assert found[0] is found[len(genotypes) // 100]


class Foreign:
    """Not of the package."""

    sample = "one"


def test_nothing_else_is_read_as_a_genotype(place: PartsFolder) -> None:
    write_genotypes(place, "part", [Foreign()])
    with pytest.raises(pickle.UnpicklingError, match="Foreign is not data"):
        read_genotypes(place, "part")


@pytest.mark.parametrize("number", [0, 1, 5, 600])
def test_rows_are_the_same_with_samples_that_have_none(place: PartsFolder, number: int) -> None:
    rows = [[(f"s{n}", "", "ä\n") for _ in range(n % 3)] for n in range(number)]
    write_rows(place, "made", ("sample", "drug", "reason"), rows)
    assert list(read_rows(place, "made", number)) == rows


def test_a_place_has_an_address_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert PartsFolder("parts").address == f"file://{tmp_path}/parts"
    place = PartsFolder("memory://parts")
    place.make()
    write_rows(place, "made", ("a",), [[("b",)]])
    assert PartsFolder(place.address).has("made")
    place.remove("made")
    assert not place.has("made")
    place.clear()


def test_text_is_held_once(place: PartsFolder) -> None:
    write_rows(place, "made", ("a",), [[("the same",)]] * 3)
    (table,) = place.read("made")
    assert pyarrow.types.is_dictionary(table.schema.field("field a").type)


@pytest.mark.parametrize("ruleset", GIVEN)
def test_a_worker_computes_the_digest_that_loading_gives(ruleset: str, tmp_path: Path) -> None:
    digest = load(ruleset).rulebase.digest
    assert _digest_here(Rules(ruleset, None, None, digest)) == digest
    # Where the rules are not where they were given, the shipped ones may be them.
    assert _digest_here(Rules(ruleset, tmp_path / "gone", None, digest)) == digest
    assert _digest_here(Rules("unknown", None, None, digest)) == ""


def test_so_it_does_of_rules_with_an_overlay(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    manifest = "name: Ours\nversion: 1.0.0\ndate: 2026-11-29\nover: small-pharmacogenomics\n"
    (tmp_path / "overlay.yaml").write_text(manifest, encoding="utf-8")
    (tmp_path / "tables" / "fluorouracil.yaml").write_text(ADDED, encoding="utf-8")
    digest = load("small-pharmacogenomics", SMALL_PHARMACOGENOMICS, tmp_path).rulebase.digest
    assert digest != load("small-pharmacogenomics", SMALL_PHARMACOGENOMICS).rulebase.digest
    assert _digest_here(Rules("small-pharmacogenomics", SMALL_PHARMACOGENOMICS, tmp_path, digest)) == digest
