"""The cumulative genotype of a virus: at each position all residues that were ever found there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from resistab.domains.virus.genotype import EarlierTherapy, GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.policy.series import each_residue
from resistab.report.options.history import Cumulative
from resistab.report.options.model import EarlierFinding
from resistab.report.options.patient import EarlierSample
from resistab.report.timeline.model import Therapy


def cumulative(genotype: ViralGenotype, history: Sequence[EarlierSample]) -> Cumulative:
    """The genotype with the residues that earlier samples, the oldest first, had and it does not have.

    A virus that was selected once stays in the cells that it infected. What was read in some sample counts as read;
    what was read in none stays unread. Where nothing is said of earlier therapies, those of earlier samples are what
    is known of them.
    """
    own = {(finding.gene, finding.position, residue) for finding in genotype.findings for residue in finding.residues}
    archived: dict[tuple[str, int, str], tuple[ResidueFinding, float | None, EarlierSample]] = {}
    for sample in history:
        for finding in sample.genotype.findings:
            shares = dict(zip(finding.residues, finding.shares, strict=False))
            for alone in each_residue(finding):
                (residue,) = alone.residues
                if (finding.gene, finding.position, residue) not in own:
                    archived[finding.gene, finding.position, residue] = finding, shares.get(residue), sample
    genotypes = [genotype, *(sample.genotype for sample in history)]
    present = replace(
        genotype,
        coverage=tuple(_together(genotypes)),
        prior_therapies=with_therapies(
            genotype.prior_therapies, (item for one in genotypes[:0:-1] for item in one.prior_therapies or ())
        ),
    )
    shown = [
        EarlierFinding(
            finding=replace(finding, residues=(residue,), inserted="").text,
            sample=sample.genotype.sample,
            on=sample.on,
            fraction=share,
        )
        for (_, _, residue), (finding, share, sample) in sorted(archived.items(), key=lambda item: item[0])
    ]
    if not archived:
        return Cumulative(present, present, ())
    findings = {(finding.gene, finding.position): finding for finding in genotype.findings}
    read = {item.gene: item for item in genotype.coverage}
    for (gene, position, residue), (finding, _, _) in sorted(archived.items(), key=lambda item: item[0]):
        there = findings.get((gene, position))
        if there is None:
            # Where the reference was read beside what was found before, both are there.
            both = finding.reference and gene in read and read[gene].covers(position)
            there = replace(finding, residues=(finding.reference,) if both else (), inserted="", shares=())
        residues = tuple(sorted({*there.residues, residue}))
        whole = replace(there, residues=residues, inserted=there.inserted or finding.inserted, shares=())
        findings[gene, position] = replace(whole, given=whole.text)
    ordered = tuple(finding for _, finding in sorted(findings.items(), key=lambda item: item[0]))
    return Cumulative(present, replace(present, findings=ordered, reads=None), tuple(shown))


def _together(genotypes: Iterable[ViralGenotype]) -> Iterator[GeneCoverage]:
    """What was read of each gene in some sample."""
    of_gene: dict[str, list[GeneCoverage]] = {}
    for genotype in genotypes:
        for item in genotype.coverage:
            of_gene.setdefault(item.gene, []).append(item)
    for gene, items in of_gene.items():
        ranges: list[tuple[int, int]] | None = []
        for item in items:
            ranges = None if ranges is None or item.ranges is None else sorted({*ranges, *item.ranges})
        joined = None if ranges is None else tuple(_joined(ranges))
        yield GeneCoverage(gene, joined, all(item.inferred for item in items))


def _joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ordered ranges, those that touch drawn together."""
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def therapies_of(therapies: Iterable[Therapy], rulebase: ViralRulebase) -> Iterator[EarlierTherapy]:
    """Therapies with drugs of the rule set."""
    for therapy in therapies:
        drug = rulebase.drug_by_name.get(therapy.drug.casefold())
        if drug is not None:
            yield EarlierTherapy(drug.name, therapy.outcome == "progression")


def with_therapies(
    said: tuple[EarlierTherapy, ...] | None, others: Iterable[EarlierTherapy]
) -> tuple[EarlierTherapy, ...] | None:
    """The therapies that were ``said``, with further ones; a drug that failed once has failed."""
    failed: dict[str, bool] = {}
    for item in (*(said or ()), *others):
        failed[item.drug] = failed.get(item.drug, False) or item.failed
    return tuple(EarlierTherapy(drug, of) for drug, of in failed.items()) if failed or said is not None else None
