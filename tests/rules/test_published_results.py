"""Published results of HIV genotypes, where they are at hand: all of them are ours, of every algorithm."""

from __future__ import annotations

import pytest

import resistab
from tests.paths import SHARED
from tools.conformance import compare

PUBLISHED = SHARED / "data" / "hiv"
ALGORITHMS = ("ANRS_33", "HIVDB_10.2", "HIVDB_9.4", "Rega_10.0")


@pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published results are not part of the project; see 'make conformance'"
)
def test_every_published_value_of_every_algorithm() -> None:
    whole = compare(PUBLISHED, resistab.load("hiv1"), every=40)
    assert [difference for item in whole for difference in item.differences] == []
    assert all(item.values == item.agreed > 0 for item in whole)
    genotypes = {item.what: item.genotypes for item in whole if item.by == "batch"}
    assert genotypes == {
        **{f"{algorithm}: genotypes": 2000 for algorithm in ALGORITHMS},
        **{f"{of}: INSTI patterns": 661 for of in ("HIVDB_10.2", "shipped hiv1")},
        **{f"{of}: NNRTI patterns": 4890 for of in ("HIVDB_10.2", "shipped hiv1")},
        "shipped hiv1: genotypes": 2000,
    }
