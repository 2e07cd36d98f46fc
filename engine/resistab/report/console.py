"""What every text for a person in a terminal is made of; nothing that is printed can steer the terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from resistab.core.printable import printable
from resistab.report.words import counted

if TYPE_CHECKING:
    from resistab.report.model import NotUnderstoodInfo, Software

# JSON and HTML give all of them.
_MOST_ENTRIES = 15


def open_console() -> Console:
    """Standard output as rich's console, without markup, emoji names and highlighting."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.encoding.lower().startswith("utf"):
        # A terminal that cannot show a character shows a question mark rather than a traceback.
        sys.stdout.reconfigure(errors="replace")
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def with_symbol(console: Console, symbol: str, words: str) -> str:
    """``words`` after ``symbol``, or alone where the terminal cannot show it."""
    return f"{symbol} {words}" if console.encoding.startswith("utf") else words


def plain(text: str, style: str = "") -> Text:
    """``text`` with what would steer the terminal (escape sequences, direction marks) written out."""
    return Text(printable(text), style)


def say(console: Console, text: str, style: str = "") -> None:
    """Print one paragraph."""
    console.print(plain(text, style))


def labelled(console: Console, label: str, text: str) -> None:
    """Print ``text`` after a bold label."""
    console.print(Text.assemble((f"{label}: ", "bold"), plain(text)))


def leaf(tree: Tree, text: str, style: str = "") -> Tree:
    """A new branch of ``tree``."""
    return tree.add(plain(text, style))


def grid(title: str, *columns: str) -> Grid:
    """An empty table whose cells break anywhere rather than be cut."""
    from rich.box import SIMPLE_HEAD

    made = Grid(title=plain(title, "bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def made_by(software: Software, rules: Any) -> str:
    """With what a report was made: the software, the digest of the rule set, and the overlay over it."""
    # The first twelve digits tell rule sets apart; JSON, HTML and 'resistab version' give all of them.
    overlay = f", with the overlay {rules.overlay.name}" if rules.overlay else ""
    return f"{software.name} {software.version}, digest {rules.digest[:12]}{overlay}"


def print_set_aside(console: Console, not_understood: Sequence[NotUnderstoodInfo], notes: Sequence[str]) -> None:
    """Print the first entries that were set aside, the first notes, and how many more of both there are."""
    for entry in not_understood[:_MOST_ENTRIES]:
        labelled(console, "Set aside", f"{entry.entry}: {entry.reason}")
    for note in notes[:_MOST_ENTRIES]:
        labelled(console, "Note", note)
    if more := max(0, len(not_understood) - _MOST_ENTRIES) + max(0, len(notes) - _MOST_ENTRIES):
        say(console, f"{counted(more, 'further entry', 'further entries')} stand in --json and --html.", "dim")
