"""Genes with several changes in one tumour: where those lie, and which residues are known for resistance."""

from __future__ import annotations

from collections.abc import Iterator

from resistab.core.verdict import ResultModel
from resistab.domains.oncology.genotype import ChangeFinding, Genotype
from resistab.domains.oncology.policy.prepared import PreparedRules

# From so many changes on a drawing says more than a line of text.
_LEAST_CHANGES = 2


class Span(ResultModel):
    """What lies on a protein from residue ``first`` to ``last``, and how it is called."""

    first: int
    last: int
    text: str


class GeneMap(ResultModel):
    """A protein of ``length`` residues, and on it the patient's changes.

    ``domains`` are where drugs bind. ``known`` are residues at which the rule set names a substitution as resistance.
    """

    gene: str
    length: int
    domains: tuple[Span, ...]
    changes: tuple[Span, ...]
    known: tuple[Span, ...]


def gene_maps(prepared: PreparedRules, genotype: Genotype) -> Iterator[GeneMap]:
    """A map of each gene with several changes whose protein is known, in the order of the findings."""
    by_gene: dict[str, list[ChangeFinding]] = {}
    for finding in genotype.findings:
        if isinstance(finding, ChangeFinding):
            by_gene.setdefault(finding.gene, []).append(finding)
    for gene, findings in by_gene.items():
        sequence = prepared.rulebase.sequences.get(gene)
        if sequence is None or len(findings) < _LEAST_CHANGES:
            continue
        known = prepared.rulebase.gene_by_name.get(gene.upper())
        yield GeneMap(
            gene=gene,
            length=len(sequence),
            domains=tuple(_domain(item.residues, item.basis) for item in known.drug_binding) if known else (),
            changes=tuple(
                Span(first=first, last=last, text=finding.text.removeprefix(f"{gene} "))
                for finding in findings
                for first, last in (finding.bounds,)
            ),
            known=tuple(
                Span(first=number, last=number, text=f"{sequence[number - 1]}{number}{'/'.join(residues)}")
                for number, residues in prepared.resistance_residues.get(gene, {}).items()
                if number <= len(sequence)
            ),
        )


def _domain(residues: str, basis: str) -> Span:
    first, _, last = residues.partition("-")
    # The authority stands before the comma, and what follows the name explains it.
    name = basis.partition(", ")[2].partition(", ")[0] or basis
    return Span(first=int(first), last=int(last), text=name)
