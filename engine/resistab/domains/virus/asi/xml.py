"""XML of unknown origin read into a tree that knows where everything stands.

Nothing is fetched and nothing expanded: a DOCTYPE may name an external definition, which is never read, and may
declare nothing itself. Size, number of elements and nesting are bounded.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from resistab.core.faults import Fault, InputError

# The largest published algorithm has 0.2 MB and 3,000 elements.
MOST_BYTES = 10_000_000
MOST_ELEMENTS = 50_000
MOST_DEEP = 30


@dataclass
class Element:
    """An element with its place (line and column from 1), and its text in the pieces in which it was read."""

    tag: str
    attributes: dict[str, str]
    line: int
    column: int
    children: list[Element] = field(default_factory=list)
    pieces: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the element itself, without that of the elements in it."""
        return "".join(piece for piece, _, _ in self.pieces)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column in the file of the character at ``offset`` of the text, or of its end."""
        starts: list[int] = []
        begun = 0
        for piece, _, _ in self.pieces:
            starts.append(begun)
            begun += len(piece)
        if not starts:
            return self.line, self.column
        index = max(bisect_right(starts, offset) - 1, 0)
        _, line, column = self.pieces[index]
        return line, column + offset - starts[index]

    def all(self, tag: str) -> list[Element]:
        """The elements of that name directly in this one."""
        return [child for child in self.children if child.tag == tag]


def read_xml_file(path: Path, expected: str) -> Element:
    """The root element of a file; raises ``InputError``. ``expected`` says in words what the file should be."""
    where = str(path)
    try:
        if path.is_dir():
            raise InputError([Fault(where=where, message="is a folder", expected=expected)])
        with path.open("rb") as file:
            # A pipe says nothing of its size beforehand.
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError([Fault(where=where, message=f"cannot be read: {error.strerror}")]) from error
    if len(content) > MOST_BYTES:
        size = f"{expected} of at most {MOST_BYTES // 1_000_000} MB"
        raise InputError([Fault(where=where, message=f"is larger than {MOST_BYTES // 1_000_000} MB", expected=size)])
    if not content.strip():
        raise InputError([Fault(where=where, message="is empty", expected=expected)])
    return parse_xml(content, where)


def parse_xml(content: bytes, where: str) -> Element:
    """The root element of ``content``; raises ``InputError`` where it is not well-formed, or not to be trusted."""
    reader = _Reader(where)
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        message = f"malformed XML: {expat.ErrorString(error.code)}"
        raise InputError([Fault(where=where, line=error.lineno, column=error.offset + 1, message=message)]) from error
    except (LookupError, ValueError) as error:
        raise InputError([Fault(where=where, line=1, message="its encoding is not known", expected="UTF-8")]) from error
    return reader.roots[0]


class _Reader:
    def __init__(self, where: str) -> None:
        self.where = where
        self.roots: list[Element] = []
        self.open: list[Element] = []
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.entity
        self.parser.ExternalEntityRefHandler = self.external
        self.parser.SkippedEntityHandler = self.skipped

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise self.fault("too many elements", f"at most {MOST_ELEMENTS:,} elements")
        if len(self.open) >= MOST_DEEP:
            raise self.fault("elements nested too deeply", f"at most {MOST_DEEP} levels")
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        element = Element(tag, attributes, line, column)
        (self.open[-1].children if self.open else self.roots).append(element)
        self.open.append(element)

    def end(self, tag: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        place = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        self.open[-1].pieces.append((text, *place))

    def doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if internal:
            raise self.fault("the DOCTYPE declares something itself", "a DOCTYPE without brackets, and no entities")

    def entity(self, *declaration: object) -> None:
        raise self.fault("declares an entity", "no entities")

    def external(self, *reference: object) -> int:
        raise self.fault("refers to something outside the file", "no external entities")

    def skipped(self, name: str, is_parameter: int) -> None:
        raise self.fault(f"the entity '&{name};' is not defined", "the character itself")

    def fault(self, message: str, expected: str) -> InputError:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        return InputError([Fault(where=self.where, line=line, column=column, message=message, expected=expected)])
