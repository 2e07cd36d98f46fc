"""The pages that say how the program is used: README.md, and what stands in ``docs/`` by kind of page."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from tests.paths import ROOT

DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# By name, such as how-to/evaluate.md. A tutorial is followed as a whole by a test of its own.
PAGES: dict[str, str] = {
    path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
    for folder in ("how-to", "reference", "explanation")
    for path in sorted((DOCS / folder).glob("*.md"))
}
MANUAL = "\n".join([README, *PAGES.values()])


def page(path: Path | str) -> str:
    """The text of a page of the project, by its path from the top folder."""
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """What stands in the fenced blocks of ``language``, one after another."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def rows(name: str, heading: str = "# ") -> list[list[str]]:
    """The cells of the first table after ``heading`` on the page ``name`` of ``PAGES``, without its head."""
    after = PAGES[name][PAGES[name].index(heading) :]
    table = re.search(r"^\|.*?(?=\n\n|\n\Z)", after, re.MULTILINE | re.DOTALL)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]]


def code(cell: str) -> list[str]:
    """What stands in the marks of code."""
    return re.findall(r"`([^`]+)`", cell)
