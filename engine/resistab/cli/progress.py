"""What shows on a terminal that work goes on, where there is so much of it that one waits."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from resistab.core.printable import printable

_Item = TypeVar("_Item")

# About a second's work.
FEW_PATIENTS = 40
# From here on reading takes long enough that one wants to see it go on.
_LARGE_FILE = 50_000_000


def with_progress(
    items: Iterable[_Item], title: str, few: int = FEW_PATIENTS, number: int | None = None
) -> Iterable[_Item]:
    """``items``, with a bar on a terminal where there are not ``few``; ``number`` says how many where they do not."""
    number = len(items) if number is None and isinstance(items, Sequence) else number
    if number is None or number < few or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, title, total=number, console=Console(stderr=True), transient=True)


@contextlib.contextmanager
def counting(title: str, number: int, few: int = FEW_PATIENTS) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal for ``number`` things of which several may be done at once; it is told how many more are."""
    if number < few or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    # Without a thread that draws: processes are forked meanwhile.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task(title, total=number)

        def done(more: int) -> None:
            progress.update(task, advance=more)
            progress.refresh()

        yield done


class OnTerminal:
    """Progress as ``resistab.domains.pack.Progress``, on standard error where that is a terminal."""

    def over(self, items: Sequence[_Item], title: str, few: int) -> Iterable[_Item]:
        """``items``, with a bar where there are not ``few``."""
        return with_progress(items, title, few)

    @contextlib.contextmanager
    def reading(self, path: Path) -> Iterator[Callable[[int], None] | None]:
        """While a large file is read, how many records were."""
        try:
            large = path.is_file() and path.stat().st_size > _LARGE_FILE
        except OSError:
            large = False
        if not (large and sys.stderr.isatty()):
            yield None
            return
        from rich.console import Console
        from rich.status import Status

        name = printable(path.name)
        with Status(f"Reading {name}", console=Console(stderr=True, markup=False)) as status:
            yield lambda records: status.update(f"Reading {name}: {records:,} records")
