"""The names of samples, as files and users give them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from resistab.core.faults import Fault, InputError, nearest, shortened


class Named(Protocol):
    """What has the name of its sample."""

    @property
    def sample(self) -> str: ...


_Named = TypeVar("_Named", bound=Named)
# A list of all that is known of a sample is no name of it.
MOST_NAME = 2_000


def name_fault(name: str) -> str | None:
    """What is wrong with a sample's name, or None."""
    if not name.strip():
        return "is no name"
    if len(name) > MOST_NAME:
        return f"is {len(name):,} characters long; at most {MOST_NAME:,}"
    return None if name.isprintable() else "holds characters that cannot be printed"


def some_of(names: Sequence[str]) -> str:
    """The first of the names, as a message lists them."""
    return ", ".join(shortened(name) for name in names[:5]) + (" …" if len(names) > 5 else "")


def no_such_sample(where: str, wanted: str, names: Sequence[str]) -> InputError:
    """What to say of a file with samples of these ``names`` where another is wanted."""
    expected = f"one of {some_of(names)}" if names else None
    message = f"has no sample '{shortened(wanted)}'"
    return InputError([Fault(where=where, message=message, expected=expected, suggestion=nearest(wanted, names))])


def chosen(samples: Sequence[_Named], wanted: str, where: str) -> list[_Named]:
    """The samples called ``wanted``; raises ``InputError`` where there is none. ``where`` names the file."""
    found = [sample for sample in samples if sample.sample == wanted]
    if not found:
        raise no_such_sample(where, wanted, [sample.sample for sample in samples])
    return found
