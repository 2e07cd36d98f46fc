"""A germline genotype: what was found of each gene that was tested."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from resistab.core.faults import NotUnderstood


@dataclass(frozen=True, slots=True)
class GeneResult:
    """What a laboratory found of one gene.

    ``alleles`` are by the rule set's names: two of a diplotype, the one of an X-linked gene in a man, or of an HLA gene
    those that are known. ``absent`` are alleles that were looked for and not found. ``phenotype`` is the conclusion
    that the laboratory has drawn or measured itself, without a diplotype. ``given`` is what was written, ``note`` says
    what was inferred from it.
    """

    gene: str
    alleles: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    phenotype: str | None = None
    given: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GermlineGenotype:
    """Everything that is known of one patient."""

    sample: str
    results: tuple[GeneResult, ...] = ()
    taken: datetime.date | None = None
    not_understood: tuple[NotUnderstood, ...] = ()
