"""HIVDB, ANRS and Rega beside published isolates: the documentation says what is found. Skipped without the data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resistab.curation.validation.measured import JudgedMeasures, read_side
from resistab.domains.loading import load
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_of
from resistab.rulesets.find import ruleset_folder
from tests.paths import ROOT, SHARED
from tests.running import RESISTAB
from tools import validation_tables

HIV = SHARED / "data" / "hiv"
TABLES = [HIV / "phenotypes" / f"{name}.tsv" for name in ("PI", "NRTI", "NNRTI", "INI")]
ALGORITHMS = {"hivdb-10-2": "HIVDB_10.2", "anrs-34": "ANRS_34", "rega-v10-0-0": "Rega_10.0"}

pytestmark = pytest.mark.skipif(not TABLES[0].exists(), reason="needs Stanford's isolates beside the checkout")


def resistab(*arguments: str) -> None:
    import subprocess

    subprocess.run([*RESISTAB, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imported")
    for name in ALGORITHMS.values():
        resistab("import", "asi", str(HIV / f"{name}.xml"), "-o", str(folder))
    return folder


def sides(imported: Path) -> Iterator[JudgedMeasures]:
    pack: Pack = pack_of(ruleset_folder("hiv1"))
    yield read_side(pack, load("hiv1"), TABLES, False, None)
    yield read_side(pack, load("hivdb-10-2", imported), TABLES, True, None)


def test_hiv1_is_hivdb_on_every_isolate(imported: Path) -> None:
    """The same level and score for each of 28 drugs, measured or not."""
    own, theirs = sides(imported)
    place = {(sample.sample, sample.line): at for at, sample in enumerate(theirs.measured.samples)}
    pairs = 0
    for at, sample in enumerate(own.measured.samples):
        other = theirs.judged[place[sample.sample, sample.line]]
        for drug, judgement in own.judged[at].items():
            assert (judgement.level, judgement.order) == (other[drug].level, other[drug].order), (sample.sample, drug)
            pairs += 1
    assert pairs == 6162 * 28


def test_the_tables_of_the_page_are_what_is_found(imported: Path, tmp_path: Path) -> None:
    measured = [part for path in TABLES for part in ("--measured", str(path))]
    found: list[Any] = []
    for name in ALGORITHMS:
        target = tmp_path / f"{name}.json"
        resistab(
            "validate", *measured, "--ruleset", "hiv1", "--against", name, "--against-rulebase", str(imported),
            "--json", str(target),
        )  # fmt: skip
        found.append(json.loads(target.read_text(encoding="utf-8")))
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    assert validation_tables.with_tables(page, found) == page
