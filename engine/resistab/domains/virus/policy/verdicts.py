"""The verdict for each antiviral drug: score and level, the rows behind them, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from resistab.core.condition import (
    Atom,
    Condition,
    condition_text,
    replace_atoms,
)
from resistab.core.derivation import Derivation
from resistab.core.measured import MeasuredComparison, compared
from resistab.core.program import Head
from resistab.core.result import Values
from resistab.core.scoring import BY_LEVEL, PolicyRule, first_to_speak
from resistab.core.truth import Observation, Truth
from resistab.domains.virus.compile.program import DrugProgram, ViralProgram, residue_atoms
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.kinds.models import VerdictName, ViralDrug, ViralRulebase
from resistab.domains.virus.policy.models import (
    GivenComment,
    MutationType,
    OpenRow,
    ViralContribution,
    ViralVerdict,
)
from resistab.domains.virus.policy.mutations import mutation_types
from resistab.domains.virus.policy.scores import (
    NO_RULES,
    DrugScore,
    Scales,
    decisive_not_read,
    given_result_comments,
    not_sequenced,
    reference_not_read,
    score_drug,
)
from resistab.domains.virus.policy.vocabulary import VERDICTS


@dataclass(frozen=True)
class ViralInferred:
    """What both evaluators derived for one genotype, and what was observed of its residues.

    ``with_reference`` is what they derive where every position that was not read holds the reference, for the genes
    that were read in part.
    """

    genotype: ViralGenotype
    observed: Mapping[Atom, Observation]
    values: Values
    with_reference: Values


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
    derivation = _Derivation(inferred.observed, inferred.values, findings)
    from_rules: set[str] = set()
    for drug in rulebase.drugs:
        rules = programs.get(drug.name)
        judged = _Judged(rulebase, inferred, drug, rules, scales, decisive.get(drug.name, ()), derivation)
        verdict = judged.verdict()
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


class _Derivation(Derivation):
    """Names no gene, which the verdict names, and shows every residue that a row would have held for."""

    every_alternative = True

    def text(self, condition: Condition) -> str:
        return _text(condition)


class _Judged:
    def __init__(
        self,
        rulebase: ViralRulebase,
        inferred: ViralInferred,
        drug: ViralDrug,
        rules: DrugProgram | None,
        scales: Scales,
        decisive: tuple[int, ...],
        derivation: Derivation,
    ) -> None:
        self.rulebase, self.inferred, self.drug, self.rules = rulebase, inferred, drug, rules
        self.scales = scales
        self.gene = rulebase.gene_of(drug.name)
        self.coverage = next((item for item in inferred.genotype.coverage if item.gene == self.gene), None)
        self.decisive, self.derivation = decisive, derivation
        self.score: DrugScore | None = None
        if rules is not None and self.coverage is not None:
            self.score = score_drug(rules, scales, lambda head: self.truth(head) is Truth.TRUE)

    def truth(self, head: Head) -> Truth:
        return self.inferred.values[head].truth

    def verdict(self) -> ViralVerdict:
        drug, score = self.drug, self.score
        spoken = first_to_speak(POLICY, self)
        missing = spoken[1] if spoken else ()
        assessed = score if spoken is None else None
        name: VerdictName = assessed.level.verdict if assessed else "not_assessable"
        contributions = self.contributions()
        return ViralVerdict(
            drug=drug.name,
            full_name=drug.full_name,
            drug_class=drug.drug_class,
            gene=self.gene,
            verdict=name,
            decided_by=spoken[0] if spoken else BY_LEVEL,
            level=assessed.level.level if assessed else None,
            level_name=assessed.level.name if assessed else None,
            sir=assessed.level.sir if assessed else None,
            score=score.score if score else None,
            reason=self.reason(name, missing, contributions),
            rows=tuple(contribution.row for contribution in contributions),
            citations=(),
            not_assessable=missing,
            contributions=contributions,
            left_open=self.left_open(),
            not_read=self.not_read(),
        )

    # --- what was not read ----------------------------------------------------------------------------------

    @property
    def susceptible(self) -> bool:
        """Whether the level means susceptible, which nobody may say where decisive positions were not read."""
        return self.score is not None and self.score.level.sir == "S"

    def resistant_by_reference(self) -> bool:
        """Whether the reference residue at positions that were not read would mean resistance."""
        if self.rules is None or self.coverage is None or self.coverage.ranges is None:
            return False
        values = self.inferred.with_reference
        return score_drug(self.rules, self.scales, lambda head: values[head].truth is Truth.TRUE).level.sir != "S"

    def not_read(self) -> tuple[int, ...]:
        """The positions that the drug's rules ask for and that were not read."""
        if self.rules is None or self.coverage is None:
            return ()
        return self.unread(*self.rules.conditions)

    def unread(self, *conditions: Condition) -> tuple[int, ...]:
        atoms = (atom for condition in conditions for atom in residue_atoms(condition))
        return tuple(sorted({a.position for a in atoms if self.inferred.observed[a].truth is Truth.UNKNOWN}))

    def left_open(self) -> tuple[OpenRow, ...]:
        """The rows that could not be decided, in the order of the table."""
        if self.rules is None or self.coverage is None or self.coverage.ranges is None:
            return ()
        parts = [(item.row, part) for items in self.rules.scores for item in items for part in item.parts]
        scored = [(row, part.head, part.when, part.score, None) for row, part in parts]
        outright = [(rule.row, rule.head, rule.when, None, rule.level) for rule in self.rules.rules]
        return tuple(
            OpenRow(row=row, condition=_text(when), score=score, level=level, positions=self.unread(when))
            for row, head, when, score, level in [*scored, *outright]
            if self.truth(head) is Truth.UNKNOWN
        )

    # --- what holds -----------------------------------------------------------------------------------------

    def contributions(self) -> tuple[ViralContribution, ...]:
        """The rows that hold and count, in the order of the table."""
        if self.score is None:
            return ()
        scored = [(row, part.when, part.score, None) for row, part in self.score.parts]
        outright = [(rule.row, rule.when, None, rule.level) for rule in self.score.rules if rule.level is not None]
        return tuple(
            ViralContribution(
                row=row,
                overlay=self.rulebase.overlay_of(row),
                condition=_text(condition),
                score=score,
                level=level,
                findings=self.derivation.named(self.derivation.findings(condition)),
                derivation=self.derivation.step(condition),
            )
            for row, condition, score, level in [*scored, *outright]
        )

    def reason(self, name: str, missing: tuple[str, ...], contributions: tuple[ViralContribution, ...]) -> str:
        """The strongest reason, in one line."""
        if name == "not_assessable":
            return "; ".join(missing)
        if not contributions:
            return "no rule holds"
        assert self.score is not None
        for contribution in contributions:
            if contribution.level == self.score.level.level and contribution.findings:
                return f"{', '.join(contribution.findings)}: level {contribution.level}"
        raising = _behind(c for c in contributions if (c.score or 0) > 0)
        lowering = [text for text in _behind(c for c in contributions if (c.score or 0) < 0) if text not in raising]
        parts = [", ".join(raising)] if raising else []
        if lowering:
            parts.append(f"score lowered by {', '.join(lowering)}")
        return "; ".join(parts) or contributions[0].condition


def _behind(contributions: Iterable[ViralContribution]) -> list[str]:
    """The mutations behind rows, the weightiest first; the condition of a row that holds by what was not found."""
    weighed = sorted(contributions, key=lambda c: -abs(c.score or 0))
    return list(dict.fromkeys(text for c in weighed for text in (c.findings or (c.condition,))))


def _text(condition: Condition) -> str:
    """``condition`` without its gene, which the verdict names."""
    return condition_text(_nameless(condition))


def _nameless(condition: Condition) -> Condition:
    return replace_atoms(condition, {atom: atom.model_copy(update={"gene": ""}) for atom in residue_atoms(condition)})


def _no_rules(drug: _Judged) -> tuple[str, ...] | None:
    """The rule set has no table for the drug."""
    return NO_RULES if drug.rules is None else None


def _gene_not_sequenced(drug: _Judged) -> tuple[str, ...] | None:
    """Nothing is known of the gene that the drug acts on."""
    return not_sequenced(drug.gene) if drug.coverage is None else None


def _decisive_position_not_read(drug: _Judged) -> tuple[str, ...] | None:
    """A position was not read at which one mutation alone makes the drug other than susceptible."""
    if not drug.susceptible or drug.coverage is None:
        return None
    return decisive_not_read(drug.coverage, drug.decisive, drug.inferred.genotype.findings) or None


def _reference_not_read(drug: _Judged) -> tuple[str, ...] | None:
    """The reference itself would mean resistance at a position that was not read."""
    if not drug.susceptible or not drug.resistant_by_reference():
        return None
    return reference_not_read(drug.gene, drug.not_read())


# From the level to the verdict: the first rule that speaks says what is missing, so that the drug is not assessable;
# where none does, the level's own verdict holds.
POLICY: tuple[PolicyRule[_Judged, tuple[str, ...]], ...] = (
    PolicyRule("no rules", _no_rules),
    PolicyRule("gene not sequenced", _gene_not_sequenced),
    PolicyRule("decisive position not read", _decisive_position_not_read),
    PolicyRule("reference not read", _reference_not_read),
)
