"""A command with the rule set of a virus, run in a terminal of one width."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.running import Result
from tests.unit.cli.virus.virus_runs import Done, Run


@pytest.fixture
def run(run: Callable[..., Result]) -> Run:
    """As ``run`` of the other tests, in a terminal of 100 columns."""

    def run_wide(*arguments: str) -> Done:
        done = run(*arguments, COLUMNS="100")
        return Done(done.returncode, done.stdout, done.stderr)

    return run_wide
