"""What a rule set's cases say of its drugs and rows, read leniently: their form is checked where they are run."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class CaseMention:
    """What one case expects of one drug.

    ``rows`` are all ids it names; ``fires`` and ``silent`` say whether it expects rows to fire, or not to; ``whole``
    whether it says the verdict and every row behind it.
    """

    file: str
    case: str
    drug: str
    rows: tuple[str, ...]
    fires: bool
    silent: bool
    whole: bool = False


@dataclass(frozen=True)
class Telling:
    """What an expectation can say without naming a row: values of its fields that tell that rows fire, or none does."""

    fires: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    silent: Mapping[str, frozenset[Any]] = field(default_factory=dict)


def read_case_mentions(ruleset: Path, telling: Telling | None = None) -> tuple[CaseMention, ...] | None:
    """What the cases beside a rule set expect, as far as they can be read; None where there is no folder ``cases``."""
    folder = ruleset / "cases"
    if not folder.is_dir():
        return None
    return tuple(mention for path in sorted(folder.glob("*.yaml")) for mention in _mentions(path, telling or Telling()))


@functools.lru_cache(maxsize=256)
def _loaded(text: str) -> Any:
    """What a file says, which lints and facts both ask for; nobody changes it."""
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _mentions(path: Path, telling: Telling) -> Iterator[CaseMention]:
    try:
        loaded = _loaded(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return
    for case in _list(_field(loaded, "cases")):
        expected = _field(case, "expect")
        # What is expected of a regimen names no row.
        options = _field(case, "options")
        for drug, expectation in expected.items() if isinstance(expected, dict) else ():
            yield _mention(f"cases/{path.name}", str(_field(case, "case")), str(drug), expectation, telling)
        for regimen in options if isinstance(options, dict) else ():
            yield CaseMention(f"cases/{path.name}", str(_field(case, "case")), str(regimen), (), False, False)


def _mention(file: str, case: str, drug: str, expectation: Any, telling: Telling) -> CaseMention:
    rows, fires, silent = (_list(_field(expectation, name)) for name in ("rows", "fires", "silent"))

    def tells(values: Mapping[str, frozenset[Any]]) -> bool:
        return any(_field(expectation, name) in told for name, told in values.items())

    return CaseMention(
        file=file,
        case=case,
        drug=drug,
        rows=tuple(str(row) for row in (*rows, *fires, *silent)),
        fires=bool(rows or fires) or tells(telling.fires),
        silent=bool(silent) or _field(expectation, "rows") == [] or tells(telling.silent),
        whole=bool(_field(expectation, "verdict")) and isinstance(_field(expectation, "rows"), list),
    )


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
