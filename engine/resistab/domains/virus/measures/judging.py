"""What a rule set says of many viruses, for comparison with what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from resistab.curation.kit.measured.data import RuleJudgement

if TYPE_CHECKING:
    from resistab.core.measured import Response
    from resistab.domains.virus.genotype import ViralGenotype
    from resistab.domains.virus.interpreter import ViralInterpreter

_RESPONSES: Mapping[str, Response] = {"S": "sensitive", "I": "intermediate", "R": "resistant"}
# Scores stay far below it: levels first, scores within a level.
_LEVEL = 1e5


def judgements(
    interpreter: ViralInterpreter, genotypes: Sequence[ViralGenotype]
) -> Iterator[Mapping[str, RuleJudgement]]:
    """The verdict on each drug, genotype by genotype.

    What response a verdict predicts follows from S, I and R, as other algorithms are compared; *potential low-level
    resistance* is S there. The first genotype and each thousandth run through both evaluators too.
    """
    batch = interpreter.batch
    for number, genotype in enumerate(genotypes):
        if number % 1000 == 0:
            interpreter.check_batch(genotype)
        found = {}
        for verdict in batch.interpret(genotype).verdicts:
            name = batch.names[verdict.drug]
            if verdict.verdict == "not_assessable" or verdict.level is None:
                reason = "; ".join(verdict.not_assessable)
                found[name] = RuleJudgement(verdict.verdict, "", None, None, None, verdict.rows, reason)
                continue
            level = verdict.level
            found[name] = RuleJudgement(
                verdict.verdict,
                level.name,
                level.level,
                level.level * _LEVEL + (verdict.score or 0.0),
                _RESPONSES[level.sir],
                verdict.rows,
            )
        yield found
