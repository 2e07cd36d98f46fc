"""The text of a tree of YAML, in the one style that all rule sets share.

Lines are at most 120 columns long. A list or mapping that may stand on one line does where it fits. A text is quoted
only where YAML would read something else, and is folded where it is too long for a line; a text that a curator has
folded keeps its line breaks as long as every line fits.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

import yaml

from resistab.curation.kit.commented_yaml import Collection, CommentedDocument, CommentedEntry, Scalar, reads_as_text

WIDTH = 120
# Words that one version of YAML or another reads as a truth value.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"})
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=][^\n\t]*$")
_ONE_SPACE = re.compile(r"(?<=\S) (?=\S)")
_STEP = "  "


def document_text(document: CommentedDocument) -> str:
    """The file as it is written, with a line end at its end."""
    lines = [*_comments(document.head, ""), *_collection(document.root, "")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(_single_blanks(lines)) + "\n"


def _single_blanks(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if line or (number and lines[number - 1]):
            yield line


def _comments(texts: Sequence[str], indent: str) -> Iterator[str]:
    yield from (f"{indent}{text}" if text else "" for text in texts)


def _collection(collection: Collection, indent: str) -> Iterator[str]:
    """The lines of a list or mapping in block style; nothing stands above the first entry of an item but the dash."""
    for number, entry in enumerate(collection.entries):
        before = list(entry.before)
        while number == 0 and before and not before[0]:
            before.pop(0)
        yield from _comments(before, indent)
        yield from _mapped(entry, indent) if collection.is_mapping else _item(entry, indent)
    yield from _comments(collection.foot, indent)


def _mapped(entry: CommentedEntry, indent: str) -> Iterator[str]:
    assert entry.key is not None
    start = f"{indent}{_scalar(entry.key)}:"
    value = entry.value
    if isinstance(value, Scalar):
        yield from _scalar_lines(value, start, indent + _STEP, entry.after)
    elif (lines := _flow_lines(value, start, indent + _STEP, entry.after)) is not None:
        yield from lines
    else:
        yield start + entry.after
        yield from _collection(value, indent + _STEP)


def _item(entry: CommentedEntry, indent: str) -> Iterator[str]:
    start = f"{indent}-"
    value = entry.value
    if isinstance(value, Scalar):
        yield from _scalar_lines(value, start, indent + _STEP, entry.after)
        return
    if (lines := _flow_lines(value, start, indent + _STEP, entry.after)) is not None:
        yield from lines
        return
    first = value.entries[0]
    # Its comments already stand above the dash.
    bare = Collection(
        value.is_mapping, [CommentedEntry(first.value, first.key, [], first.after), *value.entries[1:]], value.foot
    )
    lines = list(_collection(bare, indent + _STEP))
    yield f"{start} {lines[0].lstrip()}{entry.after}"
    yield from lines[1:]


def _scalar_lines(value: Scalar, start: str, indent: str, after: str) -> list[str]:
    """A scalar behind ``start``, on one line or folded."""
    text = value.text
    body = text.removesuffix("\n")
    header = f"{start} {'>' if body != text else '>-'}{after}"
    if value.lines and all(len(indent) + len(line) <= WIDTH for line in value.lines):
        return [header, *(indent + line for line in value.lines)]
    if value.is_text and "\n" in body and _is_literal(body):
        header = f"{start} {'|' if body != text else '|-'}{after}"
        return [header, *(indent + line if line else "" for line in body.split("\n"))]
    one_line = f"{start} {_scalar(value)}".rstrip()
    foldable = value.is_text and body == body.strip() and body.isprintable() and bool(body)
    if not foldable or (body == text and len(one_line) <= WIDTH):
        return [one_line + after]
    lines: list[str] = []
    for word in _ONE_SPACE.split(body):
        if lines and len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return [header, *lines]


def _is_literal(body: str) -> bool:
    lines = body.split("\n")
    return all(line.isprintable() and line == line.rstrip() for line in lines) and bool(lines[0]) and lines[0][0] != " "


def _flow_lines(value: Collection, start: str, indent: str, after: str) -> list[str] | None:
    """A collection behind ``start`` in flow style; None where it has to be in block style.

    A list of words that is too long for a line goes on in the next.
    """
    if not _fits_flow(value):
        return None
    text = _flow(value)
    if len(start) + 1 + len(text) <= WIDTH or not value.entries:
        return [f"{start} {text}{after}"]
    if value.is_mapping or any(" " in _flow(entry.value) for entry in value.entries):
        return None
    lines = [f"{start} "]
    items = [_flow(entry.value) for entry in value.entries]
    for number, item in enumerate(items):
        word = f"{'[' if number == 0 else ''}{item}{']' if number == len(items) - 1 else ','}"
        if len(lines[-1]) + len(word) <= WIDTH or number == 0:
            lines[-1] += f"{word} "
        else:
            lines.append(f"{indent}{word} ")
    return [f"{lines[0].rstrip()}{after}", *(line.rstrip() for line in lines[1:])]


def _fits_flow(value: Collection) -> bool:
    """Whether a collection may be written in flow style: nothing in it has a comment, or needs a line of its own."""
    if not value.entries and not value.foot:
        return True
    if not value.flow or value.foot:
        return False
    for entry in value.entries:
        if any(entry.before) or entry.after:
            return False
        inner = entry.value
        if isinstance(inner, Collection):
            if not _fits_flow(inner):
                return False
        elif "\n" in inner.text or not (inner.text or inner.is_text):
            # Nothing at all, as where a curator has yet to fill in a value, is not seen on a line with others.
            return False
        elif not value.is_mapping and "," in inner.text:
            # Nor are the items of a list told apart that have commas themselves.
            return False
    return True


def _flow(value: Scalar | Collection) -> str:
    if isinstance(value, Scalar):
        return _scalar(value, flow=True)
    items = (
        f"{_scalar(entry.key, flow=True)}: {_flow(entry.value)}".rstrip() if entry.key else _flow(entry.value)
        for entry in value.entries
    )
    return ("{%s}" if value.is_mapping else "[%s]") % ", ".join(items)


def _scalar(value: Scalar, flow: bool = False) -> str:
    if not value.is_text or (not value.quoted and _is_plain(value.text, flow)):
        return value.text
    return _quoted(value.text)


@functools.cache
def _is_plain(text: str, flow: bool) -> bool:
    if text.casefold() in _WORDS or not _PLAIN.match(text) or not text.isprintable():
        return False
    if text != text.strip() or ": " in text or " #" in text or text.endswith(":"):
        return False
    # Between brackets some readers take two colons for the end of a key.
    if flow and re.search(r"[,\[\]{}?]|::", text):
        return False
    return reads_as_text(text)


def _quoted(text: str) -> str:
    dumped: str = yaml.safe_dump(text, default_style='"', width=10**9, allow_unicode=True)
    return dumped.rstrip("\n")
