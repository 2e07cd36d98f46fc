"""The verdicts on a drug for a virus, in words."""

from __future__ import annotations

from resistab.core.said import terms
from resistab.report.language import gettext_noop
from resistab.report.words import VerdictWords, Vocabulary

# The verdicts as they stand in sentences: of pages, and of what is concluded.
IN_SENTENCES = (
    gettext_noop("resistant"),
    gettext_noop("possible resistance"),
    gettext_noop("no resistance found"),
    gettext_noop("not assessable"),
)
IN_REASONS = terms("resistant", "possible resistance", "no resistance found", "not assessable")
# As Stanford's algorithm, and those that follow it, name levels, drug classes and mutations.
LEVELS = terms(
    "Susceptible",
    "Potential Low-Level Resistance",
    "Low-Level Resistance",
    "Intermediate Resistance",
    "High-Level Resistance",
)
TYPES = terms("Major", "Accessory", "Other")

VERDICTS = Vocabulary(
    (
        VerdictWords(
            name="resistant",
            words=gettext_noop("Resistant"),
            symbol="✕",
            tone="red",
            meaning=gettext_noop("response is not to be expected ({resistant})"),
            predicts="resistant",
        ),
        VerdictWords(
            name="possible_resistance",
            words=gettext_noop("Possible resistance"),
            symbol="▲",
            tone="amber",
            meaning=gettext_noop("response may be absent or smaller ({possible_resistance})"),
            predicts="intermediate",
        ),
        VerdictWords(
            name="no_resistance_found",
            words=gettext_noop("No resistance found"),
            symbol="○",
            tone="blue",
            meaning=gettext_noop("what was read gives no reason to expect resistance ({no_resistance_found})"),
            predicts="sensitive",
        ),
        VerdictWords(
            name="not_assessable",
            words=gettext_noop("Not assessable"),
            symbol="?",
            tone="violet",
            meaning=gettext_noop("what must be known was not read, or the rule set has no rules"),
        ),
    )
)
