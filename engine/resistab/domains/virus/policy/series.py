"""What dated samples of one patient's virus say of each other's mutations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from resistab.domains.virus.genotype import ResidueFinding
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.policy.models import ViralVerdict
from resistab.domains.virus.policy.mutations import OTHER, mutation_types
from resistab.report.timeline.building import Followed
from resistab.report.timeline.model import CoursePoint, Pointer, TakenSample

NO_RESISTANCE = ("no_resistance_found", "not_assessable")


class ViralSeries:
    """The mutations of one patient's virus through its samples, each residue of a mixture by itself."""

    def __init__(self, rulebase: ViralRulebase) -> None:
        self.rulebase = rulebase

    def found(self, sample: TakenSample) -> Iterator[Followed]:
        """The mutations of one sample."""
        counting = {
            (verdict.gene, text)
            for verdict in sample.report.verdicts
            for contribution in verdict.contributions
            for text in contribution.findings
        }
        for finding in sample.genotype.findings:
            for alone in each_residue(finding):
                types = mutation_types(self.rulebase, [alone])[alone.gene, alone.position]
                known = (finding.gene, finding.mutation) in counting or any(item.type != OTHER for item in types)
                yield Followed((alone.gene, alone.position, alone.residues), alone.text, known, alone)

    def point(self, followed: Followed, sample: TakenSample) -> CoursePoint:
        """Whether the residue was found at its position, or the position was read without it."""
        wanted: ResidueFinding = followed.finding
        (residue,) = wanted.residues
        for finding in sample.genotype.findings:
            if (finding.gene, finding.position) == (wanted.gene, wanted.position) and residue in finding.residues:
                return CoursePoint(presence="found", amount=None, unit="")
        read = any(item.gene == wanted.gene and item.covers(wanted.position) for item in sample.genotype.coverage)
        return CoursePoint(presence="absent" if read else "not assayed", amount=None, unit="")

    def is_watched(self, change: str, followed: Followed) -> bool:
        """Whether the mutation is the change, which is written with a colon behind its gene."""
        gene, _, mutation = change.partition(":")
        found: ResidueFinding = followed.finding
        return (gene, mutation) == (found.gene, found.mutation)

    def shown(self, verdict: ViralVerdict) -> bool:
        """Whether something could be said of the drug."""
        return verdict.verdict != "not_assessable"

    def pointers(self, finding: str, sample: TakenSample) -> Iterator[Pointer]:
        """The drugs that are not spared and of which a row that raises resistance holds because of the mutation."""
        texts = {
            (other.gene, other.mutation)
            for other in sample.genotype.findings
            if any(alone.text == finding for alone in each_residue(other))
        }
        for verdict in sample.report.verdicts:
            against = [
                contribution
                for contribution in verdict.contributions
                if texts & {(verdict.gene, text) for text in contribution.findings}
                and (contribution.score is None or contribution.score > 0)
            ]
            if against and verdict.verdict not in NO_RESISTANCE:
                heaviest = max(against, key=lambda item: (item.level or 0, item.score or 0.0))
                yield Pointer(
                    drug=verdict.drug,
                    row=heaviest.row,
                    effect=f"level {heaviest.level}" if heaviest.score is None else f"score {heaviest.score:g}",
                    mechanism="",
                    verdict=verdict.verdict,
                )


def each_residue(finding: ResidueFinding) -> Iterator[ResidueFinding]:
    """The finding for each residue that is not the reference's, without what was inserted."""
    for residue in finding.residues:
        if residue != finding.reference:
            yield replace(finding, residues=(residue,), inserted="")
