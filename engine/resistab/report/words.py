"""The words that every report is made of: of verdicts as their domain declares them, and of numbers and lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

from resistab.core.cached import cached_property
from resistab.core.records import dataclass
from resistab.core.said import lists
from resistab.core.scoring import BY_LEVEL
from resistab.report.language import BEGINS, concluded, drug_name, figures, gettext, gettext_noop, is_english, ngettext

if TYPE_CHECKING:
    from resistab.core.measured import Response

_Item = TypeVar("_Item")
_LEVELS = re.compile(r" \(\{\w+\}\)")

# From the gravest to what is open.
Tone = Literal["red", "amber", "green", "blue", "grey", "violet"]
_STYLES: dict[Tone, str] = {
    "red": "bold red",
    "amber": "bold yellow",
    "green": "bold green",
    "blue": "bold blue",
    "grey": "bold",
    "violet": "bold magenta",
}

# A laboratory's code for a drug, such as mk-2206 or tae684, which is written in capitals.
_CODE = re.compile(r"[a-z]{1,7}\d[a-z\d]*|[a-z]{1,4}-\d{2,}[a-z\d]*")
_ISOTOPE = re.compile(r"\((\d{2,3})([a-z]{1,2})\)")
# So many drugs a sentence names under one verdict.
_MOST_NAMED = 8
NOT_STATED = gettext_noop("not stated")
# As lists stand in what is concluded.
LISTS = lists("{names} and {number} more", "{names} and {parts}")


@dataclass(frozen=True)
class VerdictWords:
    """A verdict as people read it: ``words``, ``symbol`` (told apart without colour), the ``tone`` of it.

    ``meaning`` says in one clause what follows from it; ``{name}`` in it stands for the levels that mean the verdict
    of that name, as the rule set's manifest has them ("levels 4 and 5"). ``predicts`` is the response to the drug
    that a measured one is compared with, None where none is predicted.
    """

    name: str
    words: str
    symbol: str
    tone: Tone
    meaning: str
    predicts: Response | None = None

    @property
    def style(self) -> str:
        """The style in a terminal."""
        return _STYLES[self.tone]


@dataclass(frozen=True)
class Vocabulary:
    """The verdicts of a domain, in the order in which a reader is to meet them: the gravest first."""

    verdicts: tuple[VerdictWords, ...]

    @cached_property
    def by_name(self) -> dict[str, VerdictWords]:
        """Each verdict by its name."""
        return {verdict.name: verdict for verdict in self.verdicts}

    @cached_property
    def words(self) -> dict[str, str]:
        """What each verdict is called."""
        return {verdict.name: verdict.words for verdict in self.verdicts}

    def worded(self) -> dict[str, str]:
        """What each verdict is called in the language that is spoken."""
        return {name: gettext(words) for name, words in self.words.items()}

    def in_sentences(self) -> dict[str, str]:
        """What each verdict is called in a sentence, in the language that is spoken."""
        return {name: in_sentence(words) for name, words in self.words.items()}

    @cached_property
    def symbols(self) -> dict[str, str]:
        """The symbol of each verdict."""
        return {verdict.name: verdict.symbol for verdict in self.verdicts}

    @cached_property
    def tones(self) -> dict[str, Tone]:
        """The tone of each verdict, which its badge on a page is named after."""
        return {verdict.name: verdict.tone for verdict in self.verdicts}

    @cached_property
    def predicts(self) -> dict[str, Response | None]:
        """The response that each verdict predicts."""
        return {verdict.name: verdict.predicts for verdict in self.verdicts}

    def meanings(self, levels: Mapping[str, Sequence[int]]) -> dict[str, str]:
        """What each verdict means, by the ``levels`` of the rule set that mean it; without any none are named."""
        told = {name: level_range(levels.get(name, ())) for name in self.by_name}
        meant = {verdict.name: gettext(verdict.meaning) if verdict.meaning else "" for verdict in self.verdicts}
        return {
            name: (meaning if levels else _LEVELS.sub("", meaning)).format_map(told) for name, meaning in meant.items()
        }

    def ordered(self, items: Iterable[_Item], name: Callable[[_Item], str]) -> list[_Item]:
        """``items`` in the order of the verdicts that ``name`` gives for them, otherwise as they come."""
        order = list(self.by_name)
        return sorted(items, key=lambda item: order.index(name(item)))

    def tally(self, names: Iterable[str]) -> str:
        """How many verdicts of each kind: "2 resistant, 1 sensitive"."""
        found = list(names)
        return ", ".join(
            f"{found.count(verdict.name)} {in_sentence(verdict.words)}"
            for verdict in self.verdicts
            if verdict.name in found
        )

    def shares(self, counts: Mapping[str, int]) -> Iterator[str]:
        """The share of each verdict that was given, as in "7% resistant"; a share above none is at least "<1%"."""
        total = sum(counts.values())
        for verdict in self.verdicts:
            if share := counts.get(verdict.name, 0) / total:
                yield f"{'<1%' if share < 0.01 else f'{share:.0%}'} {verdict.words.lower()}"


@dataclass(frozen=True)
class Groups:
    """By what the samples of a cohort are parted: ``one``, ``many`` of it, and ``field``, its name in JSON.

    ``unknown`` is the heading of the findings about which the rules say nothing, ``mismatches`` that of the entries
    whose reference is not the rule set's; "" where a domain's cohorts tell neither.
    """

    one: str
    many: str
    field: str
    unknown: str = ""
    mismatches: str = ""


def level_range(levels: Sequence[int]) -> str:
    """Levels in words: "level 1", "levels 4 and 5", "levels 2 to 4"; "no level" for none."""
    found = sorted(levels)
    if not found:
        return gettext("no level")
    if len(found) == 1:
        return gettext("level {level}", level=found[0])
    if len(found) > 2 and found == list(range(found[0], found[-1] + 1)):
        return gettext("levels {first} to {last}", first=found[0], last=found[-1])
    return gettext("levels {levels}", levels=listed([str(level) for level in found]))


def listed(names: Sequence[str]) -> str:
    """One or more names: "PR", "PR and RT", "PR, RT and IN"."""
    return names[0] if len(names) == 1 else gettext("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def counted(number: int, one: str, many: str | None = None) -> str:
    """``number`` with its noun: "1 row", "2 rows"."""
    return ngettext(f"{{number}} {one}", f"{{number}} {many or one + 's'}", number)


def few(items: Sequence[str], most: int = 12) -> str:
    """The first of ``items``, and how many more there are."""
    more = len(items) - most
    names = ", ".join(items[:most])
    return gettext("{names} and {number} more", names=names, number=figures(f"{more:,}")) if more > 0 else names


def capital(text: str) -> str:
    """``text`` with a capital first letter, the rest as it is."""
    # What stays English on a page in another language begins with a mark.
    first = 2 if text[:1] == BEGINS else 1
    return text[:first].upper() + text[first:]


def in_sentence(words: str) -> str:
    """Words that can stand alone, as they stand in a sentence: in English with a small letter."""
    return words.lower() if is_english() else gettext(words.lower())


def drugs_under(named: Iterable[tuple[str, Sequence[str]]]) -> str:
    """One sentence of the drugs under each verdict or level: "Resistant: A, B; sensitive: C." Of many the first."""
    return capital("; ".join(f"{words}: {few(drugs, _MOST_NAMED)}" for words, drugs in named)) + "."


def level_named(level: int, name: str) -> str:
    """A level with its name, which was concluded."""
    return gettext("level {level}, {name}", level=level, name=concluded(name))


def score_means(score: float, level: int, name: str) -> str:
    """On which level, with its name, a score falls, as a sentence."""
    return gettext(
        "The score of {score} means level {level}, {name}.",
        score=figures(f"{score:g}"),
        level=level,
        name=concluded(name),
    )


def drug_words(drug: str) -> str:
    """A drug as people write it: names in small letters, a laboratory's codes in capitals, isotopes as chemists do."""
    if drug.isalpha():
        return drug_name(drug)
    text = " ".join(part.upper() if _CODE.fullmatch(part) else part for part in drug.split(" "))
    return drug_name(_ISOTOPE.sub(lambda found: f"({found[1]}{found[2].capitalize()})", text))


def percent(fraction: float) -> str:
    """A share between 0 and 1 as people read it: "12.5%"."""
    return figures(f"{fraction * 100:.3g}%")


def reference_words(reference: str) -> str:
    """A reference as it is printed: an identifier alone does not say what it is, so that its kind stays."""
    return reference.replace(":", " ", 1)


def what_decided(decided_by: str) -> str:
    """Which rule of the policy spoke, or that the level decided, as a sentence."""
    if decided_by == BY_LEVEL:
        return gettext("Decided by the level.")
    return gettext("Decided by the policy's rule '{rule}'.", rule=decided_by)
