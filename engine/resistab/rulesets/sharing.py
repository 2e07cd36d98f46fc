"""One object for all that are alike in what is kept of a rule set: fewer to write, to read back and to compare."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from resistab.core.model import Model


class Sharing:
    """Gives values anew, each part of them that never changes as one object with all parts that are the same.

    The same is what is of one type and has the same parts: 1, 1.0 and true stay what they are.
    """

    def __init__(self) -> None:
        self._alike: dict[Any, Any] = {}
        # What was shared before, by identity; held, so that no identity is given twice.
        self._done: dict[int, tuple[Any, Any]] = {}

    def of(self, value: Any) -> Any:
        """``value`` with shared parts."""
        if type(value) is str:
            return self._alike.setdefault(value, value)
        found = self._done.get(id(value))
        if found is None:
            found = self._done[id(value)] = value, self._shared(value)
        return found[1]

    def _shared(self, value: Any) -> Any:
        if value is None or isinstance(value, (str, int, float, bytes, datetime.date)):
            return self._alike.setdefault((type(value), repr(value)), value)
        if isinstance(value, Model):
            fields = {name: self.of(item) for name, item in value.__getstate__().items()}
            return self._one((type(value), *fields, *map(id, fields.values())), type(value).model_construct, fields)
        if isinstance(value, tuple):
            parts = [self.of(item) for item in value]
            make = getattr(type(value), "_make", type(value))
            return self._alike.setdefault((type(value), *map(id, parts)), make(parts))
        if isinstance(value, dict):
            return {self.of(key): self.of(item) for key, item in value.items()}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {field.name: self.of(getattr(value, field.name)) for field in dataclasses.fields(value)}
            return dataclasses.replace(value, **fields)
        return value

    def _one(self, key: tuple[Any, ...], make: Any, fields: dict[str, Any]) -> Any:
        found = self._alike.get(key)
        if found is None:
            found = self._alike[key] = make(**fields)
        return found
