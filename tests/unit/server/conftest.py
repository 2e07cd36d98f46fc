"""Fixtures of the tests of the server; without what it needs there are none, and the tests are skipped."""

from __future__ import annotations

import contextlib

import pytest

from tests.unit.cli.conftest import run

with contextlib.suppress(pytest.skip.Exception):
    from tests.serving import client, rulesets, send, server

__all__ = ["client", "rulesets", "run", "send", "server"]
