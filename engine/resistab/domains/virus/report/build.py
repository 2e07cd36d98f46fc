"""From what was concluded of a virus to the report model."""

from __future__ import annotations

import datetime
from typing import Literal

from resistab.core.said import said
from resistab.domains.virus.genotype import ResidueFinding, ViralGenotype
from resistab.domains.virus.kinds.models import ViralGene, ViralRulebase
from resistab.domains.virus.policy.verdicts import Interpreted
from resistab.domains.virus.report.model import (
    VIRAL_REPORT_FORMAT,
    GeneInfo,
    MutationInfo,
    QualityInfo,
    ViralLevelInfo,
    ViralReport,
    ViralRulesetInfo,
    ViralSample,
)
from resistab.report.model import reported_overlay, set_aside, software_info

METHOD = (
    said(
        "Each position holds the set of residues that were found there; a rule that names a residue holds where that "
        "residue is among them. A position that was read and is not listed holds the reference residue."
    ),
    said(
        "The rows of a drug's table that hold give its score or level, as the published algorithm defines it. Of the "
        "residues at one position, and of other groups, only the largest score counts."
    ),
    said(
        "Two evaluators, a forward-chaining engine and an independent fixpoint computation, came to the same result "
        "for every rule; otherwise this report would not have been released."
    ),
)
LIMITS = (
    said(
        "This report supports and does not replace clinical judgement. Treatment history and earlier genotypes matter: "
        "what was selected once may persist below what sequencing detects."
    ),
    said(
        "What was not sequenced is unknown. A drug is not assessable where a position was not read at which one "
        "mutation alone may mean resistance."
    ),
    said(
        "Variants below the detection limit of the sequencing are not seen; a position that was read and is not listed "
        "is taken as the reference."
    ),
)

DRAFT = said("The rule set is a draft that no curator has accepted: nothing here is a verdict to act on.")


def build_viral_report(
    rulebase: ViralRulebase, genotype: ViralGenotype, concluded: Interpreted, on: datetime.date | None
) -> ViralReport:
    """The report on one sample; ``on`` is the date it bears."""
    manifest = rulebase.manifest
    return ViralReport(
        format=VIRAL_REPORT_FORMAT,
        software=software_info(),
        ruleset=ViralRulesetInfo(
            id=manifest.ruleset,
            name=manifest.name,
            version=manifest.version,
            date=manifest.date,
            licence=manifest.licence,
            digest=rulebase.digest,
            algorithm=manifest.source.algorithm,
            algorithm_version=manifest.source.version,
            algorithm_date=manifest.source.date,
            drugs=len(rulebase.drugs),
            rows=rulebase.row_count,
            comments=rulebase.comment_count,
            levels=tuple(
                ViralLevelInfo(level=level.level, name=level.name, sir=level.sir, possible=level.possible)
                for level in manifest.scoring.levels
            ),
            overlay=reported_overlay(rulebase.overlay),
        ),
        generated_on=on,
        sample=_sample(genotype),
        quality=tuple(
            QualityInfo(kind=note.kind, severity=note.severity, message=note.message) for note in genotype.quality
        ),
        genes=tuple(_gene(rulebase, gene, genotype, concluded) for gene in rulebase.genes),
        notes=report_notes(rulebase, genotype),
        not_understood=set_aside(genotype.not_understood),
        verdicts=concluded.verdicts,
        comments=concluded.comments,
        method=METHOD,
        limits=LIMITS,
        measured=concluded.measured,
    )


def report_notes(rulebase: ViralRulebase, genotype: ViralGenotype) -> tuple[str, ...]:
    """What is to be known of a report before it is read: that the rules are a draft, and what was read how."""
    return (*((DRAFT,) if rulebase.manifest.status == "draft" else ()), *genotype.notes)


def _sample(genotype: ViralGenotype) -> ViralSample:
    if reads := genotype.reads:
        return ViralSample(
            id=genotype.sample,
            given=reads.kind,
            bases=None,
            threshold=reads.threshold,
            fewest_reads=reads.fewest_reads,
        )
    given: Literal["sequence", "mutations"] = "mutations" if genotype.bases is None else "sequence"
    return ViralSample(id=genotype.sample, given=given, bases=genotype.bases)


def _gene(rulebase: ViralRulebase, gene: ViralGene, genotype: ViralGenotype, concluded: Interpreted) -> GeneInfo:
    coverage = next((item for item in genotype.coverage if item.gene == gene.symbol), None)
    whole = ((1, gene.length),) if gene.length else ()
    return GeneInfo(
        gene=gene.symbol,
        name=gene.name,
        length=gene.length,
        sequenced=coverage is not None,
        inferred=coverage is not None and coverage.inferred,
        read=() if coverage is None else whole if coverage.ranges is None else coverage.ranges,
        mutations=tuple(
            _mutation(gene, finding, concluded) for finding in genotype.findings if finding.gene == gene.symbol
        ),
    )


def _mutation(gene: ViralGene, finding: ResidueFinding, concluded: Interpreted) -> MutationInfo:
    rows = {
        contribution.row
        for verdict in concluded.verdicts
        if verdict.gene == gene.symbol
        for contribution in verdict.contributions
        if finding.mutation in contribution.findings
    }
    return MutationInfo(
        text=finding.mutation,
        given=finding.given,
        position=finding.position,
        residues=finding.residues,
        inserted=finding.inserted or None,
        mixture=len(finding.residues) > 1,
        types=concluded.types[finding.gene, finding.position],
        rows=tuple(sorted(rows)),
        shares=finding.shares,
    )
