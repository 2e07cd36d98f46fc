"""``dataclass`` as that of ``dataclasses``, done to a class when it is first made or looked at, and not on import.

To write the methods of a dataclass takes Python a third of a millisecond. A start imports some seventy of which it
makes few.
"""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """See the module's text; the options are those of ``dataclasses.dataclass``, but for ``slots``."""
        return partial(_later, options=options) if cls is None else _later(cls, options)


__all__ = ["dataclass"]


class _Unfinished:
    """Stands for the fields of a dataclass until someone asks for them: ``fields``, ``replace``, or a class below."""

    def __init__(self, cls: type, options: dict[str, Any]) -> None:
        self.cls, self.options = cls, options

    def __get__(self, instance: Any, owner: type) -> Any:
        cls: Any = self.cls
        if cls.__dict__["__dataclass_fields__"] is self:
            del cls.__init__, cls.__dataclass_fields__
            dataclasses.dataclass(**self.options)(cls)
        return cls.__dict__["__dataclass_fields__"]


def _later(cls: Any, options: dict[str, Any]) -> Any:
    if "__init__" in cls.__dict__:
        return dataclasses.dataclass(**options)(cls)
    unfinished = _Unfinished(cls, options)

    def begin(self: Any, *values: Any, **named: Any) -> None:
        unfinished.__get__(None, cls)
        self.__init__(*values, **named)

    cls.__init__ = begin
    cls.__dataclass_fields__ = unfinished
    return cls
