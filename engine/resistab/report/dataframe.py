"""The rows of a report's table as a data frame, by whichever library is installed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from resistab.core.faults import ExtraMissingError

# The columns that hold numbers; all others are text.
_READ: dict[str, Callable[[str], int | float]] = {"level": int, "score": float}
_KINDS = ("polars", "pandas")


def data_frame(columns: Sequence[str], rows: Sequence[Sequence[str]], kind: str | None) -> Any:
    """The rows as a data frame of ``kind``; an empty field is null.

    Without a kind it is that of the first of polars and pandas that is installed. Raises ``ExtraMissingError`` where it
    is not installed, ``ValueError`` for another kind.
    """
    if kind not in (None, *_KINDS):
        raise ValueError(f"'{kind}' is no kind of data frame; expected polars or pandas")
    name, library = _library(kind)
    fields = zip(*rows, strict=True) if rows else ((),) * len(columns)
    values = {
        column: [_READ.get(column, str)(text) if text else None for text in texts]
        for column, texts in zip(columns, fields, strict=True)
    }
    if name == "polars":
        kinds = {int: library.Int64, float: library.Float64, str: library.String}
        return library.DataFrame(values, schema={column: kinds[_kind(column)] for column in columns})
    kinds = {int: "Int64", float: "Float64", str: "string"}
    return library.DataFrame({column: library.array(values[column], dtype=kinds[_kind(column)]) for column in columns})


def _kind(column: str) -> Any:
    return _READ.get(column, str)


def _library(kind: str | None) -> tuple[str, Any]:
    for name in _KINDS if kind is None else (kind,):
        try:
            return name, importlib.import_module(name)
        except ImportError:
            continue
    if kind is None:
        raise ExtraMissingError("neither polars nor pandas is installed; pip install polars installs one")
    raise ExtraMissingError(f"{kind} is not installed; pip install {kind} installs it")
