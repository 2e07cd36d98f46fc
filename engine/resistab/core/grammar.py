"""What every condition is made of besides its atoms: words, brackets and connectives, read by recursive descent.

A grammar of atoms is a subclass that reads one atom. Every refusal says where (column, from 1), what was found and
what was expected.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import NoReturn

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    CountOf,
    Not,
)
from resistab.core.faults import shortened
from resistab.core.records import dataclass

_TOKEN = re.compile(r"\s*(?:(?P<punct>[(),])|(?P<word>p\.\([^)\s]*\)|[^\s(),]+))")
_WHOLE = re.compile(r"[0-9]{1,6}$")
# Nobody reads a deeper sentence aloud, and the parser's own calls nest as deep.
MOST_NESTED = 40


class ConditionSyntaxError(ValueError):
    """A text is not a condition: ``column`` (from 1), what was ``found`` and what was ``expected``."""

    def __init__(self, column: int, found: str, expected: str) -> None:
        self.column, self.found, self.expected = column, found, expected
        super().__init__(f"at column {column}: found {found}, expected {expected}")


@dataclass(frozen=True)
class Token:
    """A word or bracket as it is written, where it stands, and what it means as a word of the grammar."""

    text: str
    column: int
    word: str


class ConditionParser(ABC):
    """Reads one text; ``expected_atom`` names what may stand where an atom is expected.

    ``spellings`` maps further spellings, in lower case, to the words of the grammar; ``expanded`` words to the
    several words they stand for.
    """

    expected_atom: str
    spellings: Mapping[str, str] = {}
    expanded: Mapping[str, str] = {}

    def __init__(self, text: str) -> None:
        self.tokens: list[Token] = []
        position = 0
        stripped = text.rstrip()
        while position < len(stripped):
            match = _TOKEN.match(stripped, position)
            if match is None:  # pragma: no cover - every character is of one of the two kinds
                raise ConditionSyntaxError(position + 1, repr(stripped[position]), self.expected_atom)
            start = match.start("punct") if match["punct"] else match.start("word")
            self._add(match["punct"] or match["word"], start + 1)
            position = match.end()
        self.end_column = len(stripped) + 1
        self.index = 0
        self.depth = 0

    def whole(self) -> Condition:
        """The condition that the whole text states; raises ``ConditionSyntaxError``."""
        condition = self.condition()
        if self.peek() is not None:
            self.refuse("and, or, or the end of the condition")
        return condition

    @abstractmethod
    def atom(self) -> Condition:
        """Read one atom."""

    def _add(self, text: str, column: int) -> None:
        spelled = self.expanded.get(text.casefold())
        for part in spelled.split() if spelled else [text]:
            folded = part.casefold()
            self.tokens.append(Token(part, column, self.spellings.get(folded, folded)))

    # --- tokens ---------------------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> Token | None:
        """The next token, or one further ahead; None at the end."""
        index = self.index + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def words(self, *words: str) -> bool:
        """Whether the next tokens are these words; if so they are taken."""
        for ahead, word in enumerate(words):
            token = self.peek(ahead)
            if token is None or token.word != word:
                return False
        self.index += len(words)
        return True

    def next(self, expected: str) -> Token:
        """Take the next word; raises ``ConditionSyntaxError`` at the end and at a bracket."""
        token = self.peek()
        if token is None or token.text in "(),":
            self.refuse(expected)
        self.index += 1
        return token

    def refuse(self, expected: str, token: Token | None = None) -> NoReturn:
        """Raise ``ConditionSyntaxError`` for ``token``, or for the next one."""
        token = token or self.peek()
        if token is None:
            raise ConditionSyntaxError(self.end_column, "the end", expected)
        raise ConditionSyntaxError(token.column, f"'{shortened(token.text)}'", expected)

    def punctuation(self, mark: str, expected: str) -> None:
        """Take a bracket or comma; raises ``ConditionSyntaxError`` where another token stands."""
        token = self.peek()
        if token is None or token.text != mark:
            self.refuse(expected)
        self.index += 1

    # --- connectives ----------------------------------------------------------------------------------------

    def condition(self) -> Condition:
        """Parts joined by ``and``, or by ``or``; both together need brackets."""
        parts = [self.unary()]
        joined_by = ""
        while (token := self.peek()) is not None and token.word in ("and", "or"):
            if joined_by and token.word != joined_by:
                self.refuse(f"'{joined_by}', or brackets that say how 'and' and 'or' belong together")
            joined_by = token.word
            self.index += 1
            parts.append(self.unary())
        if not joined_by:
            return parts[0]
        return AllOf(of=tuple(parts)) if joined_by == "and" else AnyOf(of=tuple(parts))

    def unary(self) -> Condition:
        """A negation, a group, a count or an atom."""
        self.depth += 1
        if self.depth > MOST_NESTED:
            self.refuse(f"a condition nested at most {MOST_NESTED} deep")
        try:
            return self._negated_or_group()
        finally:
            self.depth -= 1

    def _negated_or_group(self) -> Condition:
        if self.words("not"):
            return Not(of=self.unary())
        token = self.peek()
        if token is not None and token.text == "(":
            self.index += 1
            inner = self.condition()
            self.punctuation(")", "and, or, or a closing bracket")
            return inner
        if self.words("all", "of"):
            return AllOf(of=self.group())
        if self.words("any", "of"):
            return AnyOf(of=self.group())
        if self.words("none", "of"):
            return Not(of=AnyOf(of=self.group()))
        if self.words("at", "least"):
            number = self._count()
            return CountOf(at_least=number, of=self.group())
        if self.words("at", "most"):
            number = self._count()
            return CountOf(at_most=number, of=self.group())
        if self.words("exactly"):
            number = self._count()
            return CountOf(at_least=number, at_most=number, of=self.group())
        if self.words("between"):
            least = self.number_of("a whole number")
            if not self.words("and"):
                self.refuse("and")
            most = self._count()
            return CountOf(at_least=least, at_most=most, of=self.group())
        return self.atom()

    def number_of(self, expected: str) -> int:
        """Take a whole number."""
        token = self.next(expected)
        if not _WHOLE.match(token.text):
            self.refuse(expected, token)
        return int(token.text)

    def _count(self) -> int:
        number = self.number_of("a whole number")
        if not self.words("of"):
            self.refuse("of")
        return number

    def group(self) -> tuple[Condition, ...]:
        """Take conditions in brackets, separated by commas."""
        self.punctuation("(", "an opening bracket")
        parts = [self.condition()]
        while (token := self.peek()) is not None and token.text == ",":
            self.index += 1
            parts.append(self.condition())
        self.punctuation(")", "a comma or a closing bracket")
        return tuple(parts)
