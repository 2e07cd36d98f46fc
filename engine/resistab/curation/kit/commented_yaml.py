"""YAML read as a tree that keeps what data forgets: comments, blank lines and where a curator broke a text.

A comment on lines of its own belongs to the entry below it, or to the end of the list or mapping that it is indented
with; one at the end of a line belongs to the entry that begins there. ``resistab.files.yaml_source`` remains the judge
of what a file says: this reader is given only texts that it accepts.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from resistab.core.faults import Fault
from resistab.files.yaml_source import read_yaml

_TEXT_TAG = "tag:yaml.org,2002:str"
_RESOLVER: Any = yaml.SafeLoader("")
_BLOCK_HEADER = re.compile(r"[>|][-+0-9]*")
LEAST_GAP = 2


@functools.cache
def reads_as_text(text: str) -> bool:
    """Whether YAML takes ``text``, without quotes, for a text and not for a number, a date or nothing."""
    return bool(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT_TAG)


@dataclass
class Scalar:
    """A key or value: its text, and whether that is a text to YAML and not a number, a date or nothing.

    ``lines`` are those of a folded text as they stand in the file; with ``quoted`` it is written in quotes always.
    """

    text: str
    is_text: bool
    lines: tuple[str, ...] = ()
    quoted: bool = False


@dataclass
class CommentedEntry:
    """An item of a list, or a key of a mapping with its value.

    ``before`` are the comments above it, an empty text for a blank line; ``after`` is the comment at the end of its
    first line, with the spaces before it.
    """

    value: Scalar | Collection
    key: Scalar | None = None
    before: list[str] = field(default_factory=list)
    after: str = ""


@dataclass
class Collection:
    """A list or mapping; ``foot`` are the comments behind its last entry; with ``flow`` it is put on one line."""

    is_mapping: bool
    entries: list[CommentedEntry] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    flow: bool = False

    def value(self, key: str) -> Scalar | Collection | None:
        """The value of a key of the mapping, or None."""
        return next((entry.value for entry in self.entries if entry.key and entry.key.text == key), None)


@dataclass
class CommentedDocument:
    """A file: its head is the comment at its top, which stays there whatever comes first below it.

    ``comments`` are all that the file had when it was read, in their order.
    """

    root: Collection
    head: list[str] = field(default_factory=list)
    comments: tuple[str, ...] = ()


def read_document(text: str, where: str) -> tuple[CommentedDocument | None, list[Fault]]:
    """The tree of a file that holds a mapping; None, and the faults, where it is no YAML or no mapping."""
    source, faults = read_yaml(text, where)
    if faults:
        return None, faults
    if not isinstance(source.data, dict):
        return None, [Fault(where=where, message="holds no mapping", expected="a mapping of fields")]
    try:
        node = YAML(typ="rt", pure=True).compose(text)
    except YAMLError as error:
        # The two readers follow different versions of YAML; what both understand is little less than either.
        mark = getattr(error, "problem_mark", None)
        message = f"malformed YAML: {getattr(error, 'problem', None) or 'cannot be read'}"
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        return None, [Fault(where=where, line=place[0], column=place[1], message=message)]
    reader = _Reader(text.split("\n"))
    root = reader.build(node, ())
    assert isinstance(root, Collection)
    found = list(reader.comments())
    reader.place_comments(root, found)
    head = root.entries[0].before if root.entries else []
    if root.entries:
        root.entries[0].before = []
    return CommentedDocument(root, head, tuple(comment.strip() for _, _, comment, _ in found if comment)), []


@dataclass(frozen=True)
class _Place:
    """Where an entry begins, the column of its key or dash (-1 in flow style) and the collections around it."""

    line: int
    column: int
    entry: CommentedEntry
    around: tuple[tuple[Collection, int], ...]
    flow_end: tuple[int, int] | None
    on_one_line: bool


class _Reader:
    """Builds the tree, noting where each entry stands and which characters belong to a text."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.masked: list[list[tuple[int, int]]] = [[] for _ in lines]
        self.places: list[_Place] = []

    def build(self, node: Any, around: tuple[tuple[Collection, int], ...]) -> Scalar | Collection:
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        collection = Collection(is_mapping=isinstance(node, MappingNode))
        start, end = node.start_mark, node.end_mark
        flow = bool(node.flow_style)
        indent = -1 if flow else start.column
        here = (*around, (collection, indent))
        for part in node.value:
            key_node, value_node = part if isinstance(node, MappingNode) else (None, part)
            first = key_node or value_node
            entry = CommentedEntry(value=Scalar("", False), key=self._scalar(key_node) if key_node else None)
            collection.entries.append(entry)
            self.places.append(
                _Place(
                    first.start_mark.line,
                    indent,
                    entry,
                    here,
                    (end.line, end.column) if flow else None,
                    flow and start.line == end.line,
                )
            )
            entry.value = self.build(value_node, here)
        assert collection.is_mapping or isinstance(node, SequenceNode)
        return collection

    def _scalar(self, node: Any) -> Scalar:
        # The library marks with a bell where a folded text was broken; the character itself is refused before.
        text, style, start, end = str(node.value).replace("\a", ""), node.style, node.start_mark, node.end_mark
        if style in (">", "|"):
            last = end.line if end.column else end.line - 1
            while last > start.line and not self.lines[last].strip():
                last -= 1
            header = _BLOCK_HEADER.match(self.lines[start.line], start.column)
            self.masked[start.line].append((start.column, header.end() if header else start.column))
            for line in range(start.line + 1, last + 1):
                self.masked[line].append((0, len(self.lines[line])))
            lines = tuple(line.strip() for line in self.lines[start.line + 1 : last + 1])
            kept = lines if style == ">" and " ".join(lines) == text.removesuffix("\n") else ()
            return Scalar(text, True, lines=kept)
        for line in range(start.line, end.line + 1):
            first = start.column if line == start.line else 0
            self.masked[line].append((first, end.column if line == end.line else len(self.lines[line])))
        return Scalar(text, style in ('"', "'") or reads_as_text(text))

    def comments(self) -> Iterator[tuple[int, int, str, bool]]:
        """Line, column, text and whether it stands alone, of every comment; a blank line is an empty one."""
        for number, line in enumerate(self.lines):
            masked = self.masked[number]
            if not line.strip():
                if not masked and number < len(self.lines) - 1:
                    yield number, 0, "", True
                continue
            for found in re.finditer(r"(?:^|(?<=\s))#", line):
                column = found.start()
                if not any(first <= column < end for first, end in masked):
                    alone = not line[:column].strip(" \t-")
                    gap = "" if alone else " " * max(LEAST_GAP, column - len(line[:column].rstrip()))
                    yield number, column, gap + line[column:].rstrip(), alone
                    break

    def place_comments(self, root: Collection, found: list[tuple[int, int, str, bool]]) -> None:
        """Give every comment to the entry or collection that it belongs to."""
        pending: list[tuple[int, int, str]] = []
        following = 0
        for line, column, text, alone in found:
            if not alone:
                self._at_end_of_line(line, text)
                continue
            while following < len(self.places) and self.places[following].line <= line:
                self._above(pending, following, root)
                pending = []
                following += 1
            pending.append((line, column, text))
        self._above(pending, following, root)

    def _at_end_of_line(self, line: int, text: str) -> None:
        before = [place for place in self.places if place.line <= line and not place.on_one_line]
        owner = next((place.entry for place in reversed(before)), self.places[0].entry)
        if owner.after:
            owner.before.append(text.strip())
        else:
            owner.after = text

    def _above(self, pending: list[tuple[int, int, str]], following: int, root: Collection) -> None:
        """Give comments between two entries to what they are indented with."""
        if not pending:
            return
        after = self.places[following] if following < len(self.places) else None
        previous = self.places[following - 1] if following else None
        around = list(previous.around) if previous else []
        blank: list[str] = []
        for number, (line, column, text) in enumerate(pending):
            if not text:
                blank.append("")
                continue
            if previous and previous.flow_end and (line, column) < previous.flow_end:
                same = after is not None and after.flow_end is not None and (line, column) < after.flow_end
                owner = None if same else previous.around[-1][0]
            else:
                owner = _foot_owner(around, column, after, self.lines[line])
            if owner is None and after is not None:
                after.entry.before.extend([*blank, *(rest for _, _, rest in pending[number:])])
                return
            owner = owner or root
            owner.foot.extend([*blank, text])
            blank = []
            while around and around[-1][0] is not owner:
                around.pop()
        if after is not None:
            after.entry.before.extend(blank)


def _foot_owner(
    around: list[tuple[Collection, int]], column: int, after: _Place | None, line: str
) -> Collection | None:
    """The innermost collection around the entry before that a comment in ``column`` closes, if any does.

    None where it is not indented deeper than the entry that follows, or stands behind a dash.
    """
    if line.lstrip().startswith("-") or (after is not None and column <= after.column):
        return None
    least = after.column if after is not None else -1
    fitting = [collection for collection, indent in around if least < indent <= column]
    return fitting[-1] if fitting else None
