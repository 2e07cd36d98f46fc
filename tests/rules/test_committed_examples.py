"""The example reports under version control are what the code and the rules make now; ``make examples`` renews them."""

from __future__ import annotations

import pytest

from tests.paths import EXAMPLES, REPORTS
from tools.examples import COMMITTED, example_texts


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return example_texts(EXAMPLES)


@pytest.mark.parametrize("name", COMMITTED)
def test_it_is_what_is_made_now(made: dict[str, str], name: str) -> None:
    assert (REPORTS / "examples" / name).read_text(encoding="utf-8") == made[name], "run 'make examples'"
