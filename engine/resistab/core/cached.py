"""``functools.cached_property`` as it is from Python 3.12 on: without a lock.

Before, each such property has a lock that a process forked meanwhile finds held for ever, by a thread that it lacks.
What is cached here is computed from what never changes, so that two threads may compute it, and get the same.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["cached_property"]

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from functools import cached_property
else:
    _Value = TypeVar("_Value")

    class cached_property(functools.cached_property[_Value]):  # noqa: N801 - the name of what it stands for
        """See the module's text."""

        # By this pydantic tells that what is cached is no field of a model.
        __module__ = "functools"

        def __get__(self, instance: Any, owner: type[Any] | None = None) -> Any:
            """The value, computed where it is asked for first."""
            if instance is None:
                return self
            name: Any = self.attrname
            values = instance.__dict__
            if name not in values:
                values[name] = self.func(instance)
            return values[name]
