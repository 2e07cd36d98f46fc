"""The texts of ASI2 rules: conditions, scores and score ranges, read as ours and written from ours.

ASI2 joins by AND and OR strictly from left to right, neither binding tighter; EXCLUDE and NOT stand before one residue
item; SELECT counts over residue items. Keywords are in capitals, white space means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    CountOf,
    Not,
)
from resistab.core.faults import shortened
from resistab.core.grammar import MOST_NESTED, ConditionSyntaxError
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.residues import ALPHABET, STOP, residue_order

_KEYWORDS = ("AND", "OR", "NOT", "EXCLUDE", "SELECT", "EXACTLY", "ATLEAST", "NOTMORETHAN", "FROM", "SCORE", "MAX")
# As in the reference grammar the longest keyword wins over residues: "69AND" is 69 and the word AND.
_TOKEN = re.compile(
    rf"\s*(?:(?P<word>{'|'.join(sorted(_KEYWORDS, key=len, reverse=True))})|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<mark>=>|[(),-])|(?P<residue>[A-Za-z*])|(?P<other>\S))"
)
_RANGE_TOKEN = re.compile(r"\s*(?P<all>-?(?:INF|[0-9]+(?:\.[0-9]+)?)|TO|=>|[(),]|[^\s(),=]+|\S)")
_BOUND = re.compile(r"-?[0-9]+(?:\.[0-9]+)?$")
# ASI2 writes a stop as Z.
_ASI_STOP = "Z"
# Selenocysteine (U) is unknown to ASI2.
_RESIDUE_OF = {residue: residue for residue in ALPHABET - {"U"}} | {_ASI_STOP: STOP}
MOST_POSITION = 9999
# The longest rule of a published algorithm has 3,000 characters.
MOST_LONG = 100_000

_ITEM = "a residue item such as 184IV, EXCLUDE, SELECT or an opening bracket"
_RESIDUES = "amino acids in capitals, Z (stop), i (insertion) or d (deletion)"


@dataclass(frozen=True)
class AsiScoreItem:
    """``41L AND 215FY => 10``."""

    when: Condition
    score: float


@dataclass(frozen=True)
class LargestOf:
    """``MAX ( … )``: of the items that hold the largest score counts, 0 where none holds."""

    of: tuple[AsiScoreItem | LargestOf, ...]


@dataclass(frozen=True)
class AsiScore:
    """``SCORE FROM ( … )``: the sum of its items."""

    of: tuple[AsiScoreItem | LargestOf, ...]


@dataclass(frozen=True)
class AsiRange:
    """``10 TO 14 => 2``; a bound of None is open, ``column`` is where the range begins, ``level_column`` its level."""

    low: float | None
    high: float | None
    level: int
    column: int
    level_column: int


@dataclass(frozen=True)
class ParsedRule:
    """What a rule says; ``never`` are the counts in it that can never hold, as they are written."""

    rule: Condition | AsiScore
    never: tuple[str, ...] = ()


def parse_asi_rule(text: str) -> ParsedRule:
    """What the text of a CONDITION element says; raises ``ConditionSyntaxError`` with the column in ``text``."""
    parser = _Parser(text)
    return ParsedRule(parser.whole(), tuple(parser.never))


def parse_score_ranges(text: str) -> tuple[AsiRange, ...]:
    """The ranges of a GLOBALRANGE or SCORERANGE element, at least one; raises ``ConditionSyntaxError``."""
    return _RangeParser(text).whole()


def nesting(condition: Condition) -> int:
    """How deep the connectives of ``condition`` are nested."""
    if isinstance(condition, Not):
        return 1 + nesting(condition.of)
    if isinstance(condition, AllOf | AnyOf | CountOf):
        return 1 + max((nesting(part) for part in condition.of), default=0)
    return 1


def joined(kind: type[AllOf] | type[AnyOf], parts: Iterable[Condition]) -> Condition:
    """``parts`` joined by one connective, without brackets around parts that it joins already."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.of if isinstance(part, kind) else (part,))
    return flat[0] if len(flat) == 1 else kind(of=tuple(flat))


@dataclass(frozen=True)
class _Token:
    text: str
    kind: str
    column: int


class _Parser:
    def __init__(self, text: str) -> None:
        if len(text) > MOST_LONG:
            raise ConditionSyntaxError(MOST_LONG + 1, "more", f"a rule of at most {MOST_LONG:,} characters")
        self.text = text
        self.tokens = [
            _Token(match[match.lastgroup], match.lastgroup, match.start(match.lastgroup) + 1)
            for match in _TOKEN.finditer(text.rstrip())
            if match.lastgroup
        ]
        self.index = 0
        self.depth = 0
        self.never: list[str] = []

    def whole(self) -> Condition | AsiScore:
        if not self.tokens:
            raise ConditionSyntaxError(1, "nothing", f"SCORE FROM, or {_ITEM}")
        rule = self.score() if self.taken("SCORE") else self.condition()
        if self.index < len(self.tokens):
            self.refuse("the end of the rule" if isinstance(rule, AsiScore) else "AND, OR or the end of the rule")
        return rule

    # --- tokens ---------------------------------------------------------------------------------------------

    @property
    def token(self) -> _Token:
        if self.index < len(self.tokens):
            return self.tokens[self.index]
        return _Token("", "end", len(self.text.rstrip()) + 1)

    def taken(self, text: str) -> bool:
        if self.token.text != text or self.token.kind not in ("word", "mark"):
            return False
        self.index += 1
        return True

    def take(self, text: str, expected: str = "") -> None:
        if not self.taken(text):
            self.refuse(expected or text)

    def refuse(self, expected: str, token: _Token | None = None) -> NoReturn:
        token = token or self.token
        if token.kind == "end":
            raise ConditionSyntaxError(token.column, "the end of the rule", expected)
        word = re.match(r"[A-Za-z*]+", self.text[token.column - 1 :]) if token.kind == "residue" else None
        raise ConditionSyntaxError(token.column, f"'{shortened(word[0] if word else token.text)}'", expected)

    def whole_number(self, expected: str, least: int, most: int) -> int:
        token = self.token
        if token.kind != "number" or "." in token.text:
            self.refuse(expected)
        # Compared by length first: the interpreter refuses to convert a number of thousands of digits.
        if len(token.text) > 9 or not least <= int(token.text) <= most:
            self.refuse(f"{expected} from {least} to {most}")
        self.index += 1
        return int(token.text)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MOST_NESTED:
            self.refuse(f"a rule nested at most {MOST_NESTED} deep")

    # --- conditions -----------------------------------------------------------------------------------------

    def condition(self) -> Condition:
        kind: type[AllOf] | type[AnyOf] = AllOf
        parts = [self.unary()]
        while self.token.text in ("AND", "OR"):
            word = self.token
            self.index += 1
            wanted = AllOf if word.text == "AND" else AnyOf
            if wanted is not kind and len(parts) > 1:
                # What stands to the left belongs together.
                parts = [joined(kind, parts)]
                if nesting(parts[0]) >= MOST_NESTED:
                    self.refuse(f"a rule nested at most {MOST_NESTED} deep", word)
            kind = wanted
            parts.append(self.unary())
        return joined(kind, parts)

    def unary(self) -> Condition:
        if self.taken("("):
            self.deeper()
            inner = self.condition()
            self.take(")", "AND, OR or a closing bracket")
            self.depth -= 1
            return inner
        if self.taken("EXCLUDE"):
            excluded = self.residue_item("a residue item such as 184IV")
            return excluded.of if isinstance(excluded, Not) else Not(of=excluded)
        if self.taken("SELECT"):
            return self.select()
        return self.residue_item(_ITEM)

    def residue_item(self, expected: str) -> ResidueAtom | Not:
        """``41L``, ``M41L``, ``NOT 41L`` or ``41(NOT L)``; the letter before the position means nothing."""
        negated = self.taken("NOT")
        if self.token.kind == "residue":
            self.index += 1
            position = self.whole_number("a position", 1, MOST_POSITION)
        elif self.token.kind == "number":
            position = self.whole_number("a position", 1, MOST_POSITION)
        else:
            self.refuse("a position and residues such as 184IV" if negated else expected)
        if not negated and self.taken("("):
            self.take("NOT")
            residues = self.residues(_RESIDUES)
            self.take(")", f"{_RESIDUES}, or a closing bracket")
            return ResidueAtom(position=position, residues=residues, inverted=True)
        atom = ResidueAtom(position=position, residues=self.residues(_RESIDUES if negated else f"{_RESIDUES}, or (NOT"))
        return Not(of=atom) if negated else atom

    def residues(self, expected: str) -> tuple[str, ...]:
        found: set[str] = set()
        while self.token.kind == "residue":
            if self.token.text not in _RESIDUE_OF:
                if found and self.text[self.token.column - 2].isspace():
                    # A word of its own, such as "and" in small letters.
                    break
                self.refuse(_RESIDUES)
            found.add(_RESIDUE_OF[self.token.text])
            self.index += 1
        if not found:
            self.refuse(expected)
        return tuple(sorted(found, key=residue_order))

    def select(self) -> Condition:
        begun = self.tokens[self.index - 1]
        least: int | None = None
        most: int | None = None
        either = False
        if self.taken("EXACTLY"):
            least = most = self.count()
        elif self.taken("NOTMORETHAN"):
            most = self.count()
        elif self.taken("ATLEAST"):
            least = self.count()
            if self.token.text in ("AND", "OR"):
                either = self.token.text == "OR"
                self.index += 1
                self.take("NOTMORETHAN")
                most = self.count()
        else:
            self.refuse("EXACTLY, ATLEAST or NOTMORETHAN")
        self.take("FROM", "FROM" if most is not None else "FROM, or AND or OR and NOTMORETHAN")
        self.take("(")
        parts: list[Condition] = [self.residue_item("a residue item such as 184IV")]
        while self.taken(","):
            parts.append(self.residue_item("a residue item such as 184IV"))
        self.take(")", "a comma or a closing bracket")
        return self.counted(least, most, either, tuple(parts), begun)

    def count(self) -> int:
        return self.whole_number("a whole number", 0, 999_999)

    def counted(
        self, least: int | None, most: int | None, either: bool, parts: tuple[Condition, ...], begun: _Token
    ) -> Condition:
        if either:
            one, two = (self.counted(a, b, False, parts, begun) for a, b in ((least, None), (None, most)))
            return joined(AnyOf, (one, two))
        if (least or 0) > min(len(parts), len(parts) if most is None else most):
            end = self.tokens[self.index - 1]
            self.never.append(shortened(" ".join(self.text[begun.column - 1 : end.column].split()), 100))
            return Not(of=CountOf(at_least=0, of=parts))
        return CountOf(at_least=least, at_most=None if most is None else min(most, len(parts)), of=parts)

    # --- scores ---------------------------------------------------------------------------------------------

    def score(self) -> AsiScore:
        self.take("FROM")
        return AsiScore(self.score_list())

    def score_list(self) -> tuple[AsiScoreItem | LargestOf, ...]:
        self.take("(")
        self.deeper()
        items = [self.score_item()]
        while self.taken(","):
            items.append(self.score_item())
        self.take(")", "a comma or a closing bracket")
        self.depth -= 1
        return tuple(items)

    def score_item(self) -> AsiScoreItem | LargestOf:
        if self.taken("MAX"):
            return LargestOf(self.score_list())
        when = self.condition()
        self.take("=>", "AND, OR or =>")
        sign = -1.0 if self.taken("-") else 1.0
        number = self.token
        if number.kind != "number" or len(number.text) > 15:
            self.refuse("a number")
        self.index += 1
        # Zero has no sign here: -0 would be printed.
        return AsiScoreItem(when, sign * float(number.text) if float(number.text) else 0.0)


class _RangeParser:
    def __init__(self, text: str) -> None:
        if len(text) > MOST_LONG:
            raise ConditionSyntaxError(MOST_LONG + 1, "more", f"ranges of at most {MOST_LONG:,} characters")
        self.tokens = [(match["all"], match.start("all") + 1) for match in _RANGE_TOKEN.finditer(text.rstrip())]
        self.tokens.append(("", len(text.rstrip()) + 1))
        self.index = 0

    def whole(self) -> tuple[AsiRange, ...]:
        bracketed = self.taken("(")
        ranges = [self.range()]
        while self.taken(","):
            ranges.append(self.range())
        if bracketed and not self.taken(")"):
            self.refuse("a comma or a closing bracket")
        if self.tokens[self.index][0]:
            self.refuse("the end of the ranges" if bracketed else "a comma or the end of the ranges")
        return tuple(ranges)

    def taken(self, text: str) -> bool:
        if self.tokens[self.index][0] != text:
            return False
        self.index += 1
        return True

    def refuse(self, expected: str) -> NoReturn:
        text, column = self.tokens[self.index]
        raise ConditionSyntaxError(column, f"'{shortened(text)}'" if text else "the end of the ranges", expected)

    def range(self) -> AsiRange:
        column = self.tokens[self.index][1]
        low = self.bound("-INF")
        if not self.taken("TO"):
            self.refuse("TO")
        high = self.bound("INF")
        if not self.taken("=>"):
            self.refuse("=>")
        text, level_column = self.tokens[self.index]
        if not re.fullmatch(r"[0-9]{1,9}", text):
            self.refuse("the order of a level")
        self.index += 1
        return AsiRange(low, high, int(text), column, level_column)

    def bound(self, infinite: str) -> float | None:
        text = self.tokens[self.index][0]
        if text != infinite and (not _BOUND.match(text) or len(text) > 15):
            self.refuse(f"a number or {infinite}")
        self.index += 1
        # Adding zero takes the sign from -0.
        return None if text == infinite else float(text) + 0.0
