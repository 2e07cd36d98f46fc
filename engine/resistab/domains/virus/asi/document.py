"""The elements of an ASI2 file: which may stand where, and what is wrong with them, with its place in the file."""

from __future__ import annotations

import difflib
import re
from typing import Any

from resistab.core.faults import Fault
from resistab.core.grammar import ConditionSyntaxError
from resistab.core.model import adapter, validation_error
from resistab.domains.virus.asi.xml import Element
from resistab.domains.virus.kinds.fields import DrugName, GeneName, RuleId

# Of every element of ASI2 that holds others, those that it may hold.
_COMPARISONS = ("LTE", "LT", "GTE", "GT", "EQ", "NEQ")
_INSIDE: dict[str, tuple[str, ...]] = {
    "ALGORITHM": (
        "ALGNAME", "ALGVERSION", "ALGDATE", "DEFINITIONS", "DRUG", "MUTATION_COMMENTS", "RESULT_COMMENTS",
    ),
    "DEFINITIONS": (
        "GENE_DEFINITION", "LEVEL_DEFINITION", "DRUGCLASS", "GLOBALRANGE", "DEFAULT_LEVEL", "COMMENT_DEFINITIONS",
    ),
    "GENE_DEFINITION": ("NAME", "DRUGCLASSLIST", "INDEL_RANGE_DEFINITION"),
    "LEVEL_DEFINITION": ("ORDER", "ORIGINAL", "SIR"),
    "DRUGCLASS": ("NAME", "DRUGLIST"),
    "COMMENT_DEFINITIONS": ("COMMENT_STRING",),
    "COMMENT_STRING": ("TEXT", "SORT_TAG"),
    "DRUG": ("NAME", "FULLNAME", "MUTATION_TYPE", "RULE"),
    "MUTATION_TYPE": ("TYPE_NAME", "MUTATIONS"),
    "RULE": ("CONDITION", "ACTIONS"),
    "ACTIONS": ("LEVEL", "SCORERANGE", "COMMENT", "DEFAULT_LEVEL"),
    "SCORERANGE": ("USE_GLOBALRANGE",),
    "MUTATION_COMMENTS": ("GENE",),
    "GENE": ("NAME", "RULE"),
    "INDEL_RANGE_DEFINITION": ("INPUT", "OUTPUT"),
    "RESULT_COMMENTS": ("RESULT_COMMENT_RULE",),
    "RESULT_COMMENT_RULE": ("DRUG_LEVEL_CONDITIONS", "LEVEL_ACTION"),
    "DRUG_LEVEL_CONDITIONS": ("DRUG_LEVEL_CONDITION",),
    "DRUG_LEVEL_CONDITION": ("DRUG_NAME", *_COMPARISONS),
    "LEVEL_ACTION": ("COMMENT",),
}  # fmt: skip
COMPARISONS = frozenset(_COMPARISONS)
_KNOWN = {"ALGORITHM"}.union(*_INSIDE.values())
# They change results in a way that our rule sets cannot express.
_NOT_SUPPORTED = {("GENE_DEFINITION", "INDEL_RANGE_DEFINITION"), ("ACTIONS", "DEFAULT_LEVEL")}
_WHOLE = re.compile(r"[0-9]{1,9}$")


class Document:
    """A file's elements, the faults found in them and what they say ``without_effect``; ``level_orders`` once read."""

    def __init__(self, where: str, root: Element) -> None:
        self.where, self.root = where, root
        self.faults: list[Fault] = []
        self.without_effect: list[str] = []
        self.level_orders: list[int] = []

    # --- what is told ---------------------------------------------------------------------------------------

    def fault(
        self,
        at: Element | None,
        message: str,
        expected: str | None = None,
        *,
        offset: int | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Note a fault at an element, or at ``offset`` of its text."""
        line, column = (None, None) if at is None else (at.line, at.column) if offset is None else at.place(offset)
        self.faults.append(
            Fault(where=self.where, line=line, column=column, message=message, expected=expected, suggestion=suggestion)
        )

    def syntax_fault(self, at: Element, what: str, error: ConditionSyntaxError) -> None:
        """Note what is wrong in the text of ``at``, at its place in the file."""
        message = f"in {what}, at column {error.column} of its text: found {error.found}"
        self.fault(at, message, error.expected, offset=error.column - 1)

    def remark(self, at: Element | None, sentence: str) -> None:
        """Note something that has no effect."""
        self.without_effect.append(f"{sentence}." if at is None else f"{sentence} (line {at.line}).")

    # --- elements -------------------------------------------------------------------------------------------

    def check_elements(self) -> None:
        """Note every element, and every text, that does not belong where it stands."""
        waiting = [self.root]
        while waiting:
            element = waiting.pop()
            inside = _INSIDE.get(element.tag, ())
            if inside and element.tag != "SCORERANGE" and element.text.strip():
                shown = " ".join(element.text.split())[:40]
                self.remark(element, f"The text '{shown}' stands in <{element.tag}>, which holds only elements")
            for child in element.children:
                if child.tag in inside:
                    if (element.tag, child.tag) in _NOT_SUPPORTED:
                        self.fault(child, f"<{child.tag}> in <{element.tag}> is not supported", "a file without it")
                    if child.tag == "MUTATION_TYPE":
                        self.remark(child, "The types of mutations of a drug are not taken over")
                    waiting.append(child)
                else:
                    self._stranger(element, child, inside)

    def _stranger(self, element: Element, child: Element, inside: tuple[str, ...]) -> None:
        expected = ", ".join(f"<{tag}>" for tag in inside) or "text only"
        near = difflib.get_close_matches(child.tag.upper(), inside, n=1, cutoff=0.8)
        if near:
            self.fault(child, f"unknown element <{child.tag}>", expected, suggestion=f"<{near[0]}>")
        elif child.tag in _KNOWN:
            self.fault(child, f"<{child.tag}> does not belong in <{element.tag}>", expected)
        else:
            self.remark(child, f"The element <{child.tag[:40]}> in <{element.tag}> is not part of ASI2")

    def one(self, parent: Element, tag: str, required: bool = True) -> Element | None:
        """The element of that name in ``parent``; None, and a fault where it is required or given twice."""
        found = parent.all(tag)
        if not found:
            if required:
                self.fault(parent, f"<{parent.tag}> has no <{tag}>", f"<{tag}>")
            return None
        if len(found) > 1:
            self.fault(found[1], f"<{tag}> is given twice, first on line {found[0].line}", "it once")
        return found[0]

    def text_of(self, parent: Element, tag: str, required: bool = True) -> str:
        """The text of the element of that name, without blanks around it; "" with a fault where it is required."""
        element = self.one(parent, tag, required)
        text = " ".join(element.text.split()) if element is not None else ""
        if element is not None and required and not text:
            self.fault(element, f"<{tag}> is empty", "some text")
        return text

    # --- names and numbers ----------------------------------------------------------------------------------

    def names_in(self, element: Element) -> list[str]:
        """The names in the text of ``element``, separated by commas."""
        return [name for part in element.text.split(",") if (name := part.strip())]

    def gene_name(self, element: Element) -> str | None:
        """The gene that ``element`` names."""
        return self._name(element, element.text.strip(), GeneName, "gene", "letters and digits, such as RT")

    def drug_name(self, element: Element) -> str | None:
        """The drug that ``element`` names."""
        return self._name(element, element.text.strip(), DrugName, "drug", "an abbreviation such as 3TC or LPV/r")

    def comment_id(self, element: Element, text: str) -> str | None:
        """The id of a comment."""
        return self._name(element, text.strip(), RuleId, "comment", "letters, digits, and / _ + . - between them")

    def _name(self, element: Element, name: str, kind: Any, what: str, expected: str) -> str | None:
        try:
            return str(adapter(kind).validate_python(name))
        except validation_error():
            self.fault(element, f"'{name[:40]}' cannot name a {what}", expected)
            return None

    def whole_number(self, element: Element) -> int | None:
        """The whole number that ``element`` holds."""
        text = element.text.strip()
        if _WHOLE.match(text):
            return int(text)
        self.fault(element, f"<{element.tag}> is '{text[:40]}'", "a whole number")
        return None

    def level(self, element: Element) -> int | None:
        """The order of the level that ``element`` names."""
        number = self.whole_number(element)
        if number is None or self.known_level(number):
            return number
        self.unknown_level(element, number)
        return None

    def known_level(self, number: int) -> bool:
        """Whether a level has that order; where none could be read, none is called unknown."""
        return not self.level_orders or number in self.level_orders

    def unknown_level(self, element: Element, number: int, offset: int | None = None) -> None:
        """Note a level that is not defined."""
        known = ", ".join(str(order) for order in self.level_orders)
        self.fault(element, f"level {number} is not defined", f"one of {known}", offset=offset)
