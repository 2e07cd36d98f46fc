"""The words in which a frame speaks of a report of the plain form; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from resistab.report.words import capital, counted, few, what_decided

if TYPE_CHECKING:
    from resistab.core.plain import PlainVerdict
    from resistab.report.words import Vocabulary

_MOST_NAMED = 8


def conclusion(vocabulary: Vocabulary, verdicts: Iterable[PlainVerdict]) -> str:
    """What the report comes to, in one sentence: the drugs under each verdict, the gravest first."""
    named: dict[str, list[str]] = {}
    for verdict in vocabulary.ordered(verdicts, lambda verdict: verdict.verdict):
        named.setdefault(vocabulary.words[verdict.verdict].lower(), []).append(verdict.drug)
    told = "; ".join(f"{words}: {few(drugs, _MOST_NAMED)}" for words, drugs in named.items())
    return f"{capital(told)}." if told else "The rule set holds no drug."


def level_words(verdict: PlainVerdict) -> str:
    """The level with its name; nothing where the verdict rests on none."""
    return "" if verdict.level is None else f"level {verdict.level}, {verdict.level_name}"


def conclusion_words(verdict: PlainVerdict) -> list[str]:
    """From the rows to the verdict, as sentences: score, level, the rule that spoke, what was missing."""
    sentences = [] if verdict.contributions else ["No row is known to hold."]
    if verdict.level is not None and verdict.score is not None:
        sentences.append(f"The score of {verdict.score:g} means level {verdict.level}, {verdict.level_name}.")
    sentences += [f"{capital(missing)}." for missing in verdict.not_assessable]
    if verdict.left_open:
        sentences.append(f"{counted(len(verdict.left_open), 'row')} undecided: {', '.join(verdict.left_open)}.")
    return [*sentences, what_decided(verdict.decided_by)]


def not_assessed(verdicts: Iterable[PlainVerdict], nothing: str) -> dict[str, list[PlainVerdict]]:
    """The drugs of which nothing can be said, under what would have had to be known."""
    found: dict[str, list[PlainVerdict]] = {}
    for verdict in verdicts:
        if verdict.verdict == nothing:
            found.setdefault("; ".join(verdict.not_assessable) or verdict.reason, []).append(verdict)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))
