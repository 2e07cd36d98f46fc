"""What a rule set says of many tumours, for comparison with what was measured.

What a verdict predicts follows from the words of verdicts: *sensitive* and *no resistance found* predict a response,
*possible resistance* a smaller one, *resistant* none. *Not indicated* says that the marker which the drug needs is
absent: no response is to be expected, so in this comparison it counts as resistance, though no rule of resistance
spoke. Of *not assessable* nothing is compared.

The order, from what is expected to respond best: *sensitive*, *no resistance found*, *possible resistance* and
*resistant* by level and score, then *not indicated*. The last stands highest since the drug's target is not what the
tumour lives by, whereas a resistant tumour was one that could respond: in a panel of lines of all kinds the lines
without the marker are the bulk that the drug does not touch. So AUC over all verdicts tells whether the rules rank
lines with the marker below those without, and among the former those with resistance above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from resistab.core.agreement import DisagreementError
from resistab.core.printable import printable
from resistab.curation.kit.measured.data import RuleJudgement
from resistab.domains.oncology.policy.cohort.evaluator import CohortEvaluator
from resistab.domains.oncology.policy.cohort.telling import CohortTelling, ToldOf
from resistab.domains.oncology.policy.verdicts import summary_of
from resistab.domains.oncology.policy.vocabulary import VERDICTS

if TYPE_CHECKING:
    from resistab.core.measured import Response
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.interpreter import TumourInterpreter
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.domains.oncology.policy.judged import Judged

SENSITIVE, NOT_INDICATED = "sensitive", "not indicated"
_PREDICTS: Mapping[str, Response | None] = VERDICTS.predicts | {"not_indicated": "resistant"}
# Scores stay far below it: levels first, scores within a level.
_LEVEL = 1e5
# So many tumours lie between two that are interpreted alone too.
_CHECKED = 1000


class _ScoreTelling(CohortTelling):
    """What a table says of every drug, and the score."""

    def of_drug(self, drug: Judged) -> ToldOf:
        """Of every drug with a table, used in such tumours or not: it was measured."""
        return ToldOf(summary_of(drug), repr(drug.score_found))


def names_of_levels(rulebase: Rulebase) -> list[str]:
    """The names of the steps in their order, as ``RuleJudgement.level`` has them."""
    return [SENSITIVE, *(level.name for level in rulebase.manifest.scoring.levels), NOT_INDICATED]


def judgements(interpreter: TumourInterpreter, genotypes: Sequence[Genotype]) -> Iterator[Mapping[str, RuleJudgement]]:
    """The verdict on each drug with a table, genotype by genotype.

    All are evaluated in columns; the first and each thousandth is interpreted alone too. Raises ``DisagreementError``
    where that says otherwise.
    """
    scale = _Scale(interpreter.rulebase)
    evaluator = CohortEvaluator(interpreter, _ScoreTelling(interpreter.prepared))
    for number, (tumour, told) in enumerate(evaluator.told(genotypes)):
        found: dict[str, RuleJudgement] = {}
        for drug, said in tumour.kind.said.items():
            texts: Sequence[str] = ()
            if drug in told:
                said, among = told[drug]
                texts = [tumour.text(among, token) for token in said.named]
            found[drug] = scale.judgement(
                said.summary.verdict, said.summary.level, float(str(said.more[0])), said.summary.rows, said.text(texts)
            )
        if number % _CHECKED == 0:
            _check(interpreter, tumour.genotype, found, scale)
        yield found


class _Scale:
    """From a verdict to a step and a place in the order."""

    def __init__(self, rulebase: Rulebase) -> None:
        self._levels = {level.level: level for level in rulebase.manifest.scoring.levels}
        self._highest = max(self._levels) + 1

    def judgement(
        self, verdict: str, level: int | None, score: float, rows: tuple[str, ...], reason: str
    ) -> RuleJudgement:
        """What is said of one tumour and drug, see the module."""
        predicts = _PREDICTS[verdict]
        if predicts is None:
            return RuleJudgement(verdict, "", None, None, None, rows, reason)
        if verdict == "not_indicated":
            return RuleJudgement(verdict, NOT_INDICATED, self._highest, self._highest * _LEVEL, predicts, rows, reason)
        if verdict == "sensitive":
            return RuleJudgement(verdict, SENSITIVE, 0.0, min(score, 0.0), predicts, rows)
        # A verdict may rest on a rule of the policy in place of a level: it stands on the lowest level of that verdict.
        step = next((n for n, known in sorted(self._levels.items()) if known.verdict == verdict), 1)
        step = step if level is None else level
        return RuleJudgement(
            verdict, self._levels[step].name, float(step), step * _LEVEL + score, predicts, rows, reason
        )


def _check(
    interpreter: TumourInterpreter, genotype: Genotype, found: Mapping[str, RuleJudgement], scale: _Scale
) -> None:
    """Hold what columns say against both evaluators of one tumour alone."""
    for verdict in interpreter.interpret(genotype).verdicts:
        alone = scale.judgement(verdict.verdict, verdict.level, verdict.score, verdict.rows, verdict.reason)
        if alone != found[verdict.drug]:
            raise DisagreementError(
                f"sample '{printable(genotype.sample)}': interpreted alone and among others it has another verdict on "
                f"{verdict.drug}"
            )
