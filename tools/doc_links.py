"""Links between pages of the project, as Markdown writes them: where they lead, and the anchors that headings have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Where the text of a link ends and its target stands; targets of the web are none of these.
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:)([^)\s#]*)(#[^)\s]*)?(?=\))")
_FENCE = re.compile(r"^( *)(```+|~~~+).*?^\1\2 *$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """The pages that a reader is led to: those of the top folder, those that stand beside code and rules, and docs."""
    own = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md")
    beside = ("benchmarks/README.md", "engine/MATCHING.md", "rulebase/README.md", "rulebase/CHECKS.md")
    return [*(ROOT / name for name in (*own, *beside)), *sorted((ROOT / "docs").rglob("*.md"))]


def _in_code(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _FENCE.finditer(text)]


def links(text: str) -> Iterator[tuple[str, str]]:
    """The path, empty within the page, and the anchor, empty without one, of each relative link outside of code."""
    code = _in_code(text)
    for found in _LINK.finditer(text):
        if not any(first <= found.start() < end for first, end in code):
            yield found[1], (found[2] or "")[1:]


def with_links(text: str, target: Callable[[str], str]) -> str:
    """The text with ``target`` of the path of each relative link in its place; anchors stay."""
    code = _in_code(text)

    def put(found: re.Match[str]) -> str:
        if not found[1] or any(first <= found.start() < end for first, end in code):
            return found[0]
        return target(found[1]) + (found[2] or "")

    return _LINK.sub(put, text)


def slug(heading: str, separator: str = "-") -> str:
    """The anchor of a heading, as forges make it: lower case, without punctuation, a hyphen for each blank."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", separator)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings; of several alike the later ones are numbered."""
    without = re.sub(r"^( *)(```+|~~~+).*?^\1\2 *$", "", text, flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.*?) *#*$", without, re.MULTILINE):
        shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
        name, number = slug(shown), 0
        while (unique := f"{name}-{number}" if number else name) in found:
            number += 1
        found.add(unique)
    return found


def faults(page: Path) -> Iterator[str]:
    """Each link of ``page`` that leads to no file, to no folder, or to no heading of the page it names."""
    text = page.read_text(encoding="utf-8")
    for path, anchor in links(text):
        target = (page.parent / path).resolve() if path else page
        where = f"{page.relative_to(ROOT)}: {path}{'#' if anchor else ''}{anchor}"
        found = target.exists() and target.is_relative_to(ROOT)
        if found and anchor:
            found = target.suffix == ".md" and anchor in anchors(target.read_text(encoding="utf-8"))
        if not found:
            yield where
