"""The verdicts on a drug for a virus, in words."""

from __future__ import annotations

from resistab.report.words import VerdictWords, Vocabulary

VERDICTS = Vocabulary(
    (
        VerdictWords(
            name="resistant",
            words="Resistant",
            symbol="✕",
            tone="red",
            meaning="response is not to be expected ({resistant})",
            predicts="resistant",
        ),
        VerdictWords(
            name="possible_resistance",
            words="Possible resistance",
            symbol="▲",
            tone="amber",
            meaning="response may be absent or smaller ({possible_resistance})",
            predicts="intermediate",
        ),
        VerdictWords(
            name="no_resistance_found",
            words="No resistance found",
            symbol="○",
            tone="blue",
            meaning="what was read gives no reason to expect resistance ({no_resistance_found})",
            predicts="sensitive",
        ),
        VerdictWords(
            name="not_assessable",
            words="Not assessable",
            symbol="?",
            tone="violet",
            meaning="what must be known was not read, or the rule set has no rules",
        ),
    )
)
