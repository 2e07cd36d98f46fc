"""The verdict for each antiviral drug: score and level, the rows behind them, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resistab.core.measured import MeasuredComparison, compared
from resistab.core.program import Head
from resistab.core.scoring import BY_LEVEL, first_to_speak
from resistab.core.truth import Truth
from resistab.domains.virus.compile.program import ViralProgram
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.kinds.models import VerdictName, ViralRulebase
from resistab.domains.virus.policy.judged import JudgedViralDrug, ViralDerivation, ViralInferred
from resistab.domains.virus.policy.models import (
    GivenComment,
    MutationType,
    ViralVerdict,
)
from resistab.domains.virus.policy.mutations import mutation_types
from resistab.domains.virus.policy.rules import POLICY
from resistab.domains.virus.policy.scores import (
    Scales,
    given_result_comments,
)
from resistab.domains.virus.policy.vocabulary import VERDICTS


@dataclass(frozen=True)
class Interpreted:
    """The verdicts in the order of the drug list, and the comments that hold, by gene, those on results last.

    ``types`` are those of each mutation, by its gene and position; ``measured`` are responses beside the verdicts.
    """

    verdicts: tuple[ViralVerdict, ...]
    comments: tuple[GivenComment, ...]
    types: Mapping[tuple[str, int], tuple[MutationType, ...]]
    measured: tuple[MeasuredComparison, ...] = ()


def interpret_viral(
    rulebase: ViralRulebase,
    program: ViralProgram,
    scales: Scales,
    decisive: Mapping[str, tuple[int, ...]],
    inferred: ViralInferred,
) -> Interpreted:
    """The verdicts and comments for one genotype; ``decisive`` are each drug's decisive positions."""
    programs = {drug.drug: drug for drug in program.drugs}
    verdicts = []
    levels: dict[str, int] = {}
    findings = [finding.mutation for finding in inferred.genotype.findings]
    derivation = ViralDerivation(inferred.observed, inferred.values, findings)
    from_rules: set[str] = set()
    for drug in rulebase.drugs:
        rules = programs.get(drug.name)
        judged = JudgedViralDrug(rulebase, inferred, drug, rules, scales, decisive.get(drug.name, ()), derivation)
        verdict = verdict_of(judged)
        verdicts.append(verdict)
        if verdict.level is not None:
            levels[drug.name] = verdict.level
        if judged.score is not None:
            from_rules |= {rule.comment for rule in judged.score.rules if rule.comment is not None}
    return Interpreted(
        tuple(verdicts),
        tuple(_comments(rulebase, inferred, from_rules, levels)),
        mutation_types(rulebase, inferred.genotype.findings),
        compared_with(inferred.genotype, {verdict.drug: verdict.verdict for verdict in verdicts}),
    )


def compared_with(genotype: ViralGenotype, verdicts: Mapping[str, str]) -> tuple[MeasuredComparison, ...]:
    """The measured responses of a genotype beside the ``verdicts`` by drug."""
    return compared(
        MeasuredComparison, genotype.measured, verdicts=verdicts, predicts=VERDICTS.predicts, words=VERDICTS.words
    )


def verdict_of(judged: JudgedViralDrug) -> ViralVerdict:
    """The verdict on one drug."""
    drug, score = judged.drug, judged.score
    spoken = first_to_speak(POLICY, judged)
    missing = spoken[1] if spoken else ()
    assessed = score if spoken is None else None
    name: VerdictName = assessed.level.verdict if assessed else "not_assessable"
    contributions = judged.contributions()
    return ViralVerdict(
        drug=drug.name,
        full_name=drug.full_name,
        drug_class=drug.drug_class,
        gene=judged.gene,
        verdict=name,
        decided_by=spoken[0] if spoken else BY_LEVEL,
        level=assessed.level.level if assessed else None,
        level_name=assessed.level.name if assessed else None,
        sir=assessed.level.sir if assessed else None,
        score=score.score if score else None,
        reason=judged.reason(name, missing, contributions),
        rows=tuple(contribution.row for contribution in contributions),
        citations=(),
        not_assessable=missing,
        contributions=contributions,
        left_open=judged.left_open(),
        not_read=judged.not_read(),
    )


def _comments(
    rulebase: ViralRulebase, inferred: ViralInferred, from_rules: set[str], levels: dict[str, int]
) -> list[GivenComment]:
    given = []
    for gene in rulebase.genes:
        for file in rulebase.comments:
            if file.gene != gene.symbol:
                continue
            for comment in sorted(file.comments, key=lambda comment: comment.sort):
                value = inferred.values.get(Head("comment", comment.id))
                if comment.id in from_rules or (value is not None and value.truth is Truth.TRUE):
                    given.append(GivenComment(id=comment.id, gene=gene.symbol, text=comment.text))
    results = sorted(given_result_comments(rulebase.result_comments, levels), key=lambda comment: comment.sort)
    return [*given, *(GivenComment(id=comment.id, gene=None, text=comment.text) for comment in results)]
