"""The words in which a frame speaks of a report of the plain form; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from resistab.report.language import concluded, gettext, ngettext
from resistab.report.words import capital, drug_words, drugs_under, level_named, score_means, what_decided

if TYPE_CHECKING:
    from resistab.core.plain import PlainVerdict
    from resistab.report.words import Vocabulary


def conclusion(vocabulary: Vocabulary, verdicts: Iterable[PlainVerdict]) -> str:
    """What the report comes to, in one sentence: the drugs under each verdict, the gravest first."""
    named: dict[str, list[str]] = {}
    words = vocabulary.in_sentences()
    for verdict in vocabulary.ordered(verdicts, lambda verdict: verdict.verdict):
        named.setdefault(words[verdict.verdict], []).append(drug_words(verdict.drug))
    return drugs_under(named.items()) if named else gettext("The rule set holds no drug.")


def level_words(verdict: PlainVerdict) -> str:
    """The level with its name; nothing where the verdict rests on none."""
    if verdict.level is None:
        return ""
    return level_named(verdict.level, verdict.level_name or "")


def conclusion_words(verdict: PlainVerdict) -> list[str]:
    """From the rows to the verdict, as sentences: score, level, the rule that spoke, what was missing."""
    sentences = [] if verdict.contributions else [gettext("No row is known to hold.")]
    if verdict.level is not None and verdict.score is not None:
        sentences.append(score_means(verdict.score, verdict.level, verdict.level_name or ""))
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
