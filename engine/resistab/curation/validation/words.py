"""The words in which figures of a validation are told."""

from __future__ import annotations

from resistab.curation.validation.model import FalseCalls
from resistab.report.words import counted


def share(value: float | None) -> str:
    """A share in percent, a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f}%"


def interval(bounds: tuple[float, float] | None, digits: int | None = None) -> str:
    """A 95% interval in brackets, in percent where no number of ``digits`` is given; nothing where there is none."""
    if bounds is None:
        return ""
    low, high = bounds
    return f"({100 * low:.1f}–{100 * high:.1f})" if digits is None else f"({low:.{digits}f}–{high:.{digits}f})"


def chance(p: float) -> str:
    """A p-value as it is read."""
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.2g}"


def days(median: float | None, between: tuple[float | None, float | None] = (None, None)) -> str:
    """A median time in days with its interval, of which an end may not be reached."""
    low, high = ("not reached" if end is None else f"{end:.0f}" for end in between)
    if median is None:
        return "not reached" if between[0] is None else f"not reached (from {low} days)"
    return f"{counted(round(median), 'day')} ({low} to {high})"


def false_rows(calls: FalseCalls) -> str:
    """The rows behind false calls, each with its condition."""
    if not calls.rows:
        return "no row"
    return " + ".join(
        f"{row} [{condition}]" if condition else row
        for row, condition in zip(calls.rows, calls.conditions, strict=True)
    )
