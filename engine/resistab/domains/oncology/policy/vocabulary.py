"""The verdicts on a drug for a tumour, in words."""

from __future__ import annotations

from resistab.report.words import VerdictWords, Vocabulary

VERDICTS = Vocabulary(
    (
        VerdictWords(
            name="resistant",
            words="Resistant",
            symbol="✕",
            tone="red",
            predicts="resistant",
            meaning="response is not to be expected ({resistant})",
        ),
        VerdictWords(
            name="possible_resistance",
            words="Possible resistance",
            symbol="▲",
            tone="amber",
            predicts="intermediate",
            meaning="response may be absent, smaller or shorter ({possible_resistance})",
        ),
        VerdictWords(
            name="sensitive",
            words="Sensitive",
            symbol="✓",
            tone="green",
            predicts="sensitive",
            meaning="a response marker is present and no resistance was found ({no_resistance_found})",
        ),
        VerdictWords(
            name="no_resistance_found",
            words="No resistance found",
            symbol="○",
            tone="blue",
            predicts="sensitive",
            meaning="no rule of resistance fired and no response marker was found; not the same as sensitive",
        ),
        VerdictWords(
            name="not_indicated",
            words="Not indicated",
            symbol="–",
            tone="grey",
            meaning="the response marker that the drug needs was assayed and is absent",
        ),
        VerdictWords(
            name="not_assessable",
            words="Not assessable",
            symbol="?",
            tone="violet",
            meaning="what must be known before a verdict was not assayed, or is known only in part",
        ),
    )
)
