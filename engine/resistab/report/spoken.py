"""A language other than English: its messages, what is concluded found again by its templates, and its numbers.

It is read by ``report/translations.py``. A start that speaks English needs nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from resistab.core.cached import cached_property
from resistab.core.records import dataclass, field
from resistab.core.said import BARE, CODES, DRUGS, FREE, LISTED, NUMBERS, OF_TERMS, QUOTED, RANGES, SENTENCES, SUBJECT
from resistab.report.language import DRUG_EXAMPLE, marked_english

_FIELD = re.compile(r"\{(\w+)\}")
_NUMBER = r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?%?"
# Of more characters no word of a value is.
_LONGEST_TERM = 40
# The first letter of each of several drugs.
_DRUG = re.compile(r"(?:^|(?<=, )|(?<= \+ )|(?<= and )|(?<= or ))[a-z](?=[a-z]{2})")


class Plural(NamedTuple):
    """The forms of a message for numbers, in the order of the language's rule."""

    forms: tuple[str, ...]


@dataclass(frozen=True)
class SpokenLanguage:
    """A language: its ``code``, its messages by their English, and how it writes numbers.

    ``templates`` are those of what is concluded, of a plural both, and ``lists`` how values in it are joined, each with
    its translation. ``form`` is which form of a plural a number takes. ``percent`` stands behind a number of per cent.
    """

    code: str
    messages: Mapping[str, str | Plural]
    templates: Mapping[str, str | Plural]
    lists: Mapping[str, str | Plural]
    form: Callable[[int], int]
    decimal: str = "."
    group: str = ","
    percent: str = "%"
    _found: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def patterns(self) -> tuple[SaidPattern, ...]:
        """The templates with values, the most literal first."""
        return _patterns(self.templates, self.templates)

    @cached_property
    def joining(self) -> tuple[SaidPattern, ...]:
        """The ways in which values are joined, the most literal first."""
        return _patterns(self.lists, self.templates)

    def number(self, text: str) -> str:
        """A number, as it is written in English, in the language's way; what is no number stays as it is."""
        if not re.fullmatch(_NUMBER, text):
            return text
        bare = text.removesuffix("%").translate({ord("."): self.decimal, ord(","): self.group})
        return bare + self.percent if text.endswith("%") else bare

    def drug(self, names: str) -> str:
        """Drugs as the language writes them in a sentence, by the example of one."""
        example = self.messages.get(DRUG_EXAMPLE)
        if not isinstance(example, str) or example[:1].islower():
            return names
        return _DRUG.sub(lambda found: found[0].upper(), names)

    def concluded(self, text: str) -> str | None:
        """The translation of what was concluded; None where no template, or more than one reading, fits it."""
        if text not in self._found:
            # Of a cohort no text comes again so often that all must be kept.
            if len(self._found) > 50_000:
                self._found.clear()
            self._found[text] = self._translated(text)
        return self._found[text]

    def _translated(self, text: str) -> str | None:
        plain = self.templates.get(text)
        if isinstance(plain, str) and not _FIELD.search(text):
            return plain
        several: list[tuple[SaidPattern, dict[str, str]]] = []
        for pattern in self.patterns:
            values = pattern.values(text)
            if values is None:
                continue
            if SUBJECT not in values and not any("; " in values[name] for name in FREE.intersection(values)):
                return self._filled(self.templates[pattern.template], values)
            several.append((pattern, values))
        # Several sentences come before one that takes whatever stands behind a colon.
        parts = [self.concluded(part) for part in text.split("; ")] if "; " in text else [None]
        if None not in parts:
            return "; ".join(filter(None, parts))
        for pattern, values in several:
            # Of a name and a sentence that is not the program's nothing is to be translated.
            if SUBJECT not in values or any(self._value(name, value) != value for name, value in values.items()):
                return self._filled(self.templates[pattern.template], values)
        return None

    def _filled(self, translation: str | Plural, values: Mapping[str, str]) -> str:
        if isinstance(translation, Plural):
            number = values["number"].replace(",", "")
            translation = translation.forms[self.form(int(number) if number.isdigit() else 2)]
        return translation.format_map({name: self._shown(name, value) for name, value in values.items()})

    def _shown(self, name: str, value: str) -> str:
        """A value as a translation has it: a sentence that is none of the program's is marked as English."""
        shown = self._value(name, value)
        return marked_english(value) if name == QUOTED or (name == "text" and shown == value) else shown

    def _value(self, name: str, value: str) -> str:
        if name in NUMBERS:
            return self.number(value)
        if name in OF_TERMS:
            return ", ".join(self.concluded(word) or word for word in value.split(", "))
        if name in DRUGS:
            return self.drug(value)
        if name in LISTED:
            return self.parts(value)
        return self.sentence(value) if name in SENTENCES else value

    def sentence(self, text: str) -> str:
        """What was concluded, be it several sentences; what is none of the program's as it is."""
        whole = self.concluded(text)
        if whole is not None:
            return whole
        if "; " in text:
            return "; ".join(map(self.sentence, text.split("; ")))
        # What begins a sentence has a capital letter there.
        small = self.concluded(text[:1].lower() + text[1:])
        return text if small is None else small[:1].upper() + small[1:]

    def parts(self, text: str) -> str:
        """What was concluded, whole or part by part where several stand beside each other; a name as it is."""
        whole = self.concluded(text)
        if whole is not None:
            return whole
        for pattern in self.joining:
            # The last of a list is behind the last of the words that join it.
            if found := pattern.longest.fullmatch(text):
                return self._filled(self.lists[pattern.template], found.groupdict())
        for join in ("; ", ", "):
            if join in text:
                return join.join(map(self.parts, text.split(join)))
        return self.number(text)


@dataclass(frozen=True)
class SaidPattern:
    """A template of what is concluded, as an expression for the texts that are made of it."""

    template: str
    literal: int
    key: str
    shortest: re.Pattern[str]
    longest: re.Pattern[str]

    @classmethod
    def of(cls, template: str, terms: str) -> SaidPattern:
        """The pattern of a template; ``terms`` is an expression for one of the words that values are made of."""
        parts = _FIELD.split(template)
        literal, key = sum(map(len, parts[::2])), max(parts[::2], key=len)
        return cls(template, literal, key, _expression(parts, terms, "+?"), _expression(parts, terms, "+"))

    def values(self, text: str) -> dict[str, str] | None:
        """The values that a text has for the template's names; None where it has none, or may have others too."""
        found = self.shortest.fullmatch(text) if self.key in text else None
        if found is None:
            return None
        other = self.longest.fullmatch(text)
        values = found.groupdict()
        return values if other is not None and other.groupdict() == values else None


def _patterns(templates: Iterable[str], known: Iterable[str]) -> tuple[SaidPattern, ...]:
    """The patterns of templates with values, the most literal first; of those that are ``known`` some are terms."""
    words = sorted((text for text in known if len(text) <= _LONGEST_TERM and not _FIELD.search(text)), key=len)
    terms = "|".join(map(re.escape, reversed(words)))
    found = [SaidPattern.of(template, terms) for template in templates if _FIELD.search(template)]
    return tuple(sorted(found, key=lambda pattern: (-pattern.literal, pattern.template)))


def _expression(parts: list[str], terms: str, repeated: str) -> re.Pattern[str]:
    """The expression for literal texts with names between them; values take as few characters as may be, or as many."""
    kinds = {
        **dict.fromkeys(NUMBERS, _NUMBER),
        **dict.fromkeys(OF_TERMS, f"(?:{terms})(?:, (?:{terms}))*"),
        **dict.fromkeys(CODES, rf"\S{repeated}"),
        **dict.fromkeys(RANGES, rf"[\d, -]{repeated}"),
        **dict.fromkeys(FREE, f".{repeated}"),
        BARE: rf"[^()]{repeated}",
    }
    made: list[str] = []
    seen: set[str] = set()
    for place, part in enumerate(parts):
        if place % 2 == 0:
            made.append(re.escape(part))
        elif part in seen:
            made.append(f"(?P={part})")
        else:
            seen.add(part)
            made.append(f"(?P<{part}>{kinds.get(part, f'(?:(?!: ).){repeated}')})")
    return re.compile("".join(made), re.DOTALL)
