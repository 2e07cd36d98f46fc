"""What is wrong with a condition whatever its atoms are."""

from __future__ import annotations

from collections.abc import Iterator

from resistab.core.condition import AllOf, AnyOf, Condition, CountOf, Not, condition_text
from resistab.core.faults import Fault
from resistab.files.yaml_source import Path_, Source


def count_faults(source: Source, path: Path_, condition: Condition) -> Iterator[Fault]:
    """Counts that can never, or always, hold, because their bounds do not fit the number of their parts."""
    if isinstance(condition, CountOf):
        bounds = [bound for bound in (condition.at_least, condition.at_most) if bound is not None]
        if any(bound > len(condition.of) for bound in bounds) or bounds != sorted(bounds):
            parts = f"{len(condition.of)} part{'s' if len(condition.of) > 1 else ''}"
            counted = condition_text(condition).partition(" of (")[0]
            order = ", the lower first" if len(bounds) == 2 and bounds[0] != bounds[1] else ""
            expected = f"0 to {len(condition.of)}{order}"
            yield source.fault(path, f"'{counted} of' counts over {parts}", expected, code="RT207")
    if isinstance(condition, Not):
        yield from count_faults(source, path, condition.of)
    elif isinstance(condition, AllOf | AnyOf | CountOf):
        for part in condition.of:
            yield from count_faults(source, path, part)
