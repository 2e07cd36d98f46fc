"""What if: a genotype with further mutations, read as any other."""

from __future__ import annotations

from dataclasses import replace

from resistab.core.faults import Fault
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.mutation_list import MutationReader


class FurtherMutations:
    """Adds mutations to genotypes of one rule set; ``reader`` reads how they are written."""

    def __init__(self, reader: MutationReader) -> None:
        self._reader = reader

    def added(self, genotype: ViralGenotype, mutations: str) -> ViralGenotype:
        """``genotype`` with a list of mutations, such as ``RT:M184V, IN:R263K``, in place of what was found there.

        A gene of which nothing was known counts as sequenced. Raises ``InputError`` with every fault.
        """
        more = self._reader.read(mutations, genotype.sample, _fault_at)
        there = {(finding.gene, finding.position) for finding in more.findings}
        kept = (finding for finding in genotype.findings if (finding.gene, finding.position) not in there)
        findings = sorted(
            (*kept, *more.findings), key=lambda finding: self._reader.place(finding.gene, finding.position)
        )
        known = {item.gene for item in genotype.coverage}
        coverage = (*genotype.coverage, *(item for item in more.coverage if item.gene not in known))
        ordered = sorted(coverage, key=lambda item: self._reader.place(item.gene, 0))
        return replace(genotype, findings=tuple(findings), coverage=tuple(ordered))


def _fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
    return Fault(where="further mutations", column=column, message=message, expected=expected, suggestion=suggestion)
