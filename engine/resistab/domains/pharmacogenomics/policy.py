"""From the rows that hold, or may hold, to the verdict on each drug."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resistab.core.condition import Atom
from resistab.core.derivation import EvidenceItem, reference_url
from resistab.core.plain import PlainContribution, PlainDerivation, PlainVerdict
from resistab.core.program import Head
from resistab.core.result import Values
from resistab.core.said import said
from resistab.core.scoring import BY_LEVEL, PolicyRule, first_to_speak
from resistab.core.truth import Observation, Truth
from resistab.domains.pharmacogenomics.genotype import GermlineGenotype
from resistab.domains.pharmacogenomics.kinds import GermlineDrug, GermlineGene, GermlineRow, GermlineRulebase
from resistab.report.frame.model import Subject


@dataclass(frozen=True)
class GermlineInferred:
    """What both evaluators derived for one genotype, and what was observed."""

    genotype: GermlineGenotype
    observed: Mapping[Atom, Observation]
    values: Values

    def truth(self, kind: str, name: str) -> Truth:
        """The truth of a row or conclusion."""
        return self.values[Head(kind, name)].truth

    def phenotypes(self, rulebase: GermlineRulebase, gene: str) -> list[str]:
        """What the phenotype of a gene is called; empty where it is open."""
        rules = rulebase.phenotypes_of[gene].phenotypes
        return [rule.name for rule in rules if self.truth("conclusion", rule.concludes) is Truth.TRUE]

    def subject(self, rulebase: GermlineRulebase, gene: GermlineGene) -> Subject:
        """A gene as it is reported."""
        results = [result for result in self.genotype.results if result.gene == gene.symbol]
        return Subject(
            name=gene.symbol,
            about=gene.name,
            given=tuple(result.given for result in results),
            found=tuple(
                name for result in results for name in (*result.alleles, *(f"no {one}" for one in result.absent))
            ),
            concluded=next(iter(self.phenotypes(rulebase, gene.symbol)), None),
        )


class _Judged:
    """A drug before its verdict: the rows that hold and those that are open, the gravest first.

    ``possible`` are the scores that it may come to, the gravest first. Of the rows of a table one holds at least,
    whatever the phenotypes (the check of the rule set sees to that), so that of open rows alone one counts.
    """

    def __init__(self, rulebase: GermlineRulebase, inferred: GermlineInferred, drug: GermlineDrug) -> None:
        self.rulebase, self.inferred, self.drug = rulebase, inferred, drug
        given = [result.given for result in inferred.genotype.results]
        self.derivation = PlainDerivation(inferred.observed, inferred.values, given, rulebase.chained)
        self.rows = sorted(rulebase.rows_of(drug.name), key=lambda row: -self.score(row))
        self.genes = tuple(dict.fromkeys(gene for row in self.rows for gene in rulebase.genes_of(row.when)))
        self.held = [row for row in self.rows if inferred.truth("row", row.id) is Truth.TRUE]
        self.open = [row for row in self.rows if inferred.truth("row", row.id) is Truth.UNKNOWN]
        certain = {self.score(row) for row in self.held[:1]}
        scores = {max({self.score(row)} | certain) for row in self.open} | certain
        self.possible = sorted(scores, reverse=True)

    def score(self, row: GermlineRow) -> float:
        return self.rulebase.manifest.effects[row.effect]

    def open_genes(self, rows: Sequence[GermlineRow]) -> tuple[str, ...]:
        """The genes whose phenotype leaves ``rows`` open."""
        atoms = {atom for row in rows for atom in self.derivation.unknown_atoms(row.when)}
        return tuple(gene for gene in self.genes if any(gene in atom.subjects for atom in atoms))

    def tested(self, rows: Sequence[GermlineRow]) -> bool:
        """Whether of every gene that leaves ``rows`` open something was found."""
        return set(self.open_genes(rows)) <= {result.gene for result in self.inferred.genotype.results}

    def not_known(self, rows: Sequence[GermlineRow]) -> tuple[str, ...]:
        """Why ``rows`` are open, in words."""
        given = {result.gene: result.given for result in self.inferred.genotype.results}
        return tuple(
            said("{given} leaves the phenotype of {gene} open", given=given[gene], gene=gene)
            if gene in given
            else said("{gene} was not tested", gene=gene)
            for gene in self.open_genes(rows)
        )


@dataclass(frozen=True)
class _Said:
    """What a rule of the policy says: the score whose level is the verdict and why, or what is missing for one."""

    score: float | None = None
    reason: str = ""
    missing: tuple[str, ...] = ()


def _no_rows(judged: _Judged) -> _Said | None:
    """A drug of which no row speaks."""
    return None if judged.rows else _Said(missing=(said("the rule set has no rules for it"),))


def _phenotype_not_known(judged: _Judged) -> _Said | None:
    """Nothing holds, and what is possible differs in advice: what was not tested is unknown, never normal."""
    if judged.held or (len(judged.possible) == 1 and judged.tested(judged.open)):
        return None
    return _Said(missing=judged.not_known(judged.open))


def _graver_advice_possible(judged: _Judged) -> _Said | None:
    """A row holds, and a graver one is open: the advice is no lighter, and nobody may say which it is."""
    if len(judged.possible) == 1:
        return None
    graver = [row for row in judged.open if judged.score(row) > judged.possible[-1]]
    return _Said(missing=(*judged.not_known(graver), said("at least: {quoted}", quoted=judged.held[0].reason)))


def _every_possibility_agrees(judged: _Judged) -> _Said | None:
    """No row is certain, and all that are possible give the same advice."""
    if judged.held:
        return None
    why = "; ".join(judged.not_known(judged.open))
    return _Said(judged.possible[0], said("{parts}, but all that it may be leads to the same advice", parts=why))


def _by_level(judged: _Judged) -> _Said:
    """The gravest of the rows that hold."""
    row = judged.held[0]
    shown = [
        f"{gene} {name}"
        for gene in judged.rulebase.genes_of(row.when)
        for name in judged.inferred.phenotypes(judged.rulebase, gene)
    ]
    return _Said(judged.score(row), said("{subject}: {text}", subject=", ".join(shown), text=row.reason))


# The first that speaks decides; where none does, the level of the gravest row that holds.
POLICY: tuple[PolicyRule[_Judged, _Said], ...] = (
    PolicyRule("no rows", _no_rows),
    PolicyRule("phenotype not known", _phenotype_not_known),
    PolicyRule("graver advice possible", _graver_advice_possible),
    PolicyRule("every possibility agrees", _every_possibility_agrees),
)


def verdicts(rulebase: GermlineRulebase, inferred: GermlineInferred) -> tuple[PlainVerdict, ...]:
    """The verdict on every drug, in the order of their list."""
    return tuple(_verdict(_Judged(rulebase, inferred, drug)) for drug in rulebase.drugs)


def _verdict(judged: _Judged) -> PlainVerdict:
    rule, spoken = first_to_speak(POLICY, judged) or (BY_LEVEL, _by_level(judged))
    level = judged.rulebase.manifest.scoring.level(spoken.score) if spoken.score is not None else None
    return PlainVerdict(
        drug=judged.drug.name,
        drug_class=judged.drug.drug_class,
        verdict=level.verdict if level else "not_assessable",
        level=level.level if level else None,
        level_name=level.name if level else None,
        score=spoken.score,
        decided_by=rule,
        reason=spoken.reason or "; ".join(spoken.missing),
        rows=tuple(row.id for row in judged.held),
        citations=tuple(dict.fromkeys(item.reference for row in judged.held for item in row.evidence)),
        not_assessable=spoken.missing,
        contributions=tuple(_contribution(judged, row) for row in judged.held),
        left_open=tuple(row.id for row in judged.open),
    )


def _contribution(judged: _Judged, row: GermlineRow) -> PlainContribution:
    rules = judged.rulebase
    evidence = tuple(
        EvidenceItem(
            reference=item.reference,
            citation=rules.citation_of[item.reference].short,
            url=reference_url(item.reference),
            level=item.level,
            direction="supports",
            studied_in=item.gene,
            studied_in_name=rules.gene_of[item.gene].name,
            drug=None,
            given_with=(),
            statement=said("What it advises is graded as: {effect}.", effect=row.effect.replace("_", " ")),
            source=said("CPIC level {grade}, provisional", grade=item.level)
            if item.provisional
            else said("CPIC level {grade}", grade=item.level),
        )
        for item in row.evidence
    )
    return judged.derivation.contribution(
        row, score=judged.score(row), evidence=evidence, overlay=rules.overlay_of(row.id)
    )
