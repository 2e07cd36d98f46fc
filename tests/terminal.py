"""What is printed in a terminal, as tests read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Printed = Callable[..., str]


def verdict_of(report: Any, drug: str) -> Any:
    """The one verdict that a report of any domain has on ``drug``."""
    (found,) = [verdict for verdict in report.verdicts if verdict.drug == drug]
    return found


def flat(text: str) -> str:
    """The words of a tree or table that was broken into lines."""
    return " ".join(text.translate(str.maketrans("│├└─", "    ")).split())
