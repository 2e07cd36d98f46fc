"""What is wrong with the form of a YAML file, in the words of who wrote it rather than of the program that reads it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_INDENT = re.compile(r"[ \t]*")
_FIELD_AND_TEXT = re.compile(r"\s*(?:- +)*(?P<name>[A-Za-z_]\w*): +(?P<text>\S.*?)\s*$")
_GLUED = re.compile(r"\s*(?:- +)*(?P<name>[a-z_]+):(?P<text>\S.*)$")
_WITHOUT_COLON = re.compile(r"\s*(?:- +)*(?P<name>[a-z_]+)(?: +(?P<text>\S.*)| *)$")
_CLOSING = {"[": "]", "{": "}"}
_LONGEST = 40


class FormFault(NamedTuple):
    """What is wrong, what was expected, and the line and column, from 1, on which it is to be mended."""

    message: str
    expected: str | None
    line: int
    column: int


def form_fault(text: str, error: Any) -> FormFault | None:
    """The fault that a parser's ``error`` tells of ``text``; None where there are no better words for it."""
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    problem, context = getattr(error, "problem", None) or "", getattr(error, "context", None) or ""
    # As the parser counts them; a mark may lie behind the last.
    lines = re.split("\r\n|[\r\n\x85\u2028\u2029]", text)
    if mark is None or not _within(lines, mark) or (begun is not None and not _within(lines, begun)):
        return None
    first = begun.line if begun is not None else mark.line
    for number in range(first, mark.line + 1):
        indent = _INDENT.match(lines[number])
        if indent is not None and "\t" in indent[0]:
            return FormFault(
                "a tab at the beginning of the line", "blanks, as many as the fields beside it have", number + 1, 1
            )
    here = lines[mark.line]
    if "quoted scalar" in context and begun is not None:
        return _of_quotes(problem, mark, begun)
    if "cannot start any token" in problem and mark.column < len(here):
        return _quote_needed(here, here[mark.column], mark)
    if begun is not None and ("scanning an anchor" in context or "scanning an alias" in context):
        return _quote_needed(lines[begun.line], lines[begun.line][begun.column : begun.column + 1], begun)
    if "simple key" in context and begun is not None:
        return _of_colon(lines[begun.line], begun)
    if "flow" in context and begun is not None:
        bracket = lines[begun.line][begun.column : begun.column + 1]
        if bracket not in _CLOSING:
            return None
        expected = f"'{_CLOSING[bracket]}' at the end of the list, and commas between what is in it"
        return FormFault(f"the bracket '{bracket}' is not closed", expected, begun.line + 1, begun.column + 1)
    if "mapping values are not allowed" in problem:
        return _of_value(lines, mark)
    if "block" in context:
        return _of_block(lines, mark)
    return None


def _within(lines: list[str], mark: Any) -> bool:
    return bool(mark.line < len(lines) and mark.column <= len(lines[mark.line]))


def _of_quotes(problem: str, mark: Any, begun: Any) -> FormFault | None:
    if "end of stream" in problem or "document indicator" in problem:
        expected = "the same quote at the end of the text, and within '…' every single quote written twice"
        return FormFault("the quote that begins here is never closed", expected, begun.line + 1, begun.column + 1)
    if "escape" in problem:
        expected = "the text in single quotes, or each backslash written twice"
        message = "a backslash within double quotes begins a special character, and this is none"
        return FormFault(message, expected, mark.line + 1, mark.column + 1)
    return None


def _quote_needed(line: str, sign: str, mark: Any) -> FormFault:
    value = line[mark.column :].strip()
    expected = f"the text in quotes: {_quoted(value)}" if len(value) <= _LONGEST else "the text in quotes"
    return FormFault(
        f"a text cannot begin with '{sign}' unless it is in quotes", expected, mark.line + 1, mark.column + 1
    )


def _quoted(text: str) -> str:
    return '"' + text + '"' if "'" in text else f"'{text}'"


def _of_colon(line: str, begun: Any) -> FormFault:
    place = begun.line + 1, begun.column + 1
    if glued := _GLUED.match(line):
        fixed = f"'{glued['name']}: {_shortened(glued['text'])}'"
        return FormFault(f"no blank behind the colon of '{glued['name']}'", fixed, *place)
    if bare := _WITHOUT_COLON.match(line):
        fixed = f"'{bare['name']}: {_shortened(bare['text'])}'" if bare["text"] else f"'{bare['name']}:'"
        return FormFault(f"no colon behind the field '{bare['name']}'", fixed, *place)
    return FormFault("a line without a field", "the field, a colon, a blank and the value", *place)


def _of_value(lines: list[str], mark: Any) -> FormFault:
    """A colon where no field can be: within a text, or on a line that is indented too far."""
    line, place = lines[mark.line], (mark.line + 1, mark.column + 1)
    if (told := _FIELD_AND_TEXT.match(line)) and told.start("text") < mark.column:
        text = told["text"]
        expected = f"the text in quotes: {_quoted(text)}" if len(text) <= _LONGEST else "the text in quotes"
        return FormFault(f"the text of '{told['name']}' has a colon in it and is not in quotes", expected, *place)
    above = _above(lines, mark.line)
    if above is not None:
        indent, dash = len(_indent(line)), re.match(r"\s*-(?=\w)", lines[above])
        if (word := re.fullmatch(r"\s*(?:- +)*(?P<name>[a-z_]+)\s*", lines[above])) is not None:
            message = f"no colon behind the field '{word['name']}'"
            return FormFault(message, f"'{word['name']}:'", above + 1, word.start("name") + 1)
        if dash is not None:
            return FormFault("no blank behind the dash", "'- ' before the item", above + 1, dash.end())
        if indent > len(_indent(lines[above])):
            expected = f"the indentation of the line above ({_columns(lines[above])} blanks)"
            return FormFault("the line is indented further than the one above, which has a value", expected, *place)
    return FormFault("a colon where no field can begin", "a text with a colon in it in quotes", *place)


def _of_block(lines: list[str], mark: Any) -> FormFault | None:
    line, place = lines[mark.line], (mark.line + 1, mark.column + 1)
    before = line[: mark.column].rstrip()
    if before[-1:] in ("'", '"'):
        return FormFault("text behind the closing quote", "the whole text in quotes, or none of it", *place)
    if line[mark.column : mark.column + 1] in ("]", "}"):
        return FormFault(f"the bracket '{line[mark.column]}' was never opened", None, *place)
    above = _above(lines, mark.line)
    if not before and above is not None:
        expected = f"as many blanks as the fields that it belongs to, such as {_columns(lines[above])}"
        return FormFault("the line is indented as no other around it", expected, *place)
    return None


def _above(lines: list[str], number: int) -> int | None:
    """The nearest line above that says something."""
    said = (index for index in range(number - 1, -1, -1) if lines[index].strip() and lines[index].lstrip()[:1] != "#")
    return next(said, None)


def _indent(line: str) -> str:
    found = _INDENT.match(line)
    return found[0] if found is not None else ""


def _columns(line: str) -> int:
    """How many columns stand before a line's field: the dash of an item is one of them."""
    found = re.match(r"\s*(?:- +)*", line)
    return len(found[0]) if found is not None else 0


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
