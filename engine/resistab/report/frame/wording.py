"""The words in which a frame speaks of a report of the plain form; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from resistab.report.language import concluded, figures, gettext, ngettext
from resistab.report.words import capital, drug_words, few, what_decided

if TYPE_CHECKING:
    from resistab.core.plain import PlainVerdict
    from resistab.report.words import Vocabulary

_MOST_NAMED = 8


def conclusion(vocabulary: Vocabulary, verdicts: Iterable[PlainVerdict]) -> str:
    """What the report comes to, in one sentence: the drugs under each verdict, the gravest first."""
    named: dict[str, list[str]] = {}
    words = vocabulary.in_sentences()
    for verdict in vocabulary.ordered(verdicts, lambda verdict: verdict.verdict):
        named.setdefault(words[verdict.verdict], []).append(drug_words(verdict.drug))
    told = "; ".join(f"{word}: {few(drugs, _MOST_NAMED)}" for word, drugs in named.items())
    return f"{capital(told)}." if told else gettext("The rule set holds no drug.")


def level_words(verdict: PlainVerdict) -> str:
    """The level with its name; nothing where the verdict rests on none."""
    if verdict.level is None:
        return ""
    return gettext("level {level}, {name}", level=verdict.level, name=concluded(verdict.level_name or ""))


def conclusion_words(verdict: PlainVerdict) -> list[str]:
    """From the rows to the verdict, as sentences: score, level, the rule that spoke, what was missing."""
    sentences = [] if verdict.contributions else [gettext("No row is known to hold.")]
    if verdict.level is not None and verdict.score is not None:
        means = gettext(
            "The score of {score} means level {level}, {name}.",
            score=figures(f"{verdict.score:g}"),
            level=verdict.level,
            name=concluded(verdict.level_name or ""),
        )
        sentences.append(means)
    sentences += [f"{capital(concluded(missing))}." for missing in verdict.not_assessable]
    if verdict.left_open:
        rows, left = ", ".join(verdict.left_open), len(verdict.left_open)
        sentences.append(
            ngettext("{number} row undecided: {rows}.", "{number} rows undecided: {rows}.", left, rows=rows)
        )
    return [*sentences, what_decided(verdict.decided_by)]


def not_assessed(verdicts: Iterable[PlainVerdict], nothing: str) -> dict[str, list[PlainVerdict]]:
    """The drugs of which nothing can be said, under what would have had to be known."""
    found: dict[str, list[PlainVerdict]] = {}
    for verdict in verdicts:
        if verdict.verdict == nothing:
            found.setdefault("; ".join(verdict.not_assessable) or verdict.reason, []).append(verdict)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))
