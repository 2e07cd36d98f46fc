"""Thousands of random tumours are told the same from nothing, beside others of their kind, and in a cohort."""

from __future__ import annotations

import os

import pytest

from tests.many_tumours import differing, tumour

TUMOURS = int(os.environ.get("RESISTAB_GENOTYPES", "10000")) // 10
BLOCKS = 10


@pytest.mark.parametrize("block", range(BLOCKS))
def test_thousands_are_told_the_same_in_any_company(block: int) -> None:
    seeds = range(1000 + block * TUMOURS // BLOCKS, 1000 + (block + 1) * TUMOURS // BLOCKS)
    assert len(seeds) > 0
    assert differing([tumour(seed) for seed in seeds]) == []
