"""The report on a virus as a FHIR Bundle.

The guide speaks of the genes of people. So its codes stand where they say what is meant, and none of its profiles is
claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resistab.domains.virus.policy.vocabulary import VERDICTS
from resistab.report import fhir
from resistab.report.fhir import Bundling, Json

if TYPE_CHECKING:
    from resistab.domains.virus.policy.models import ViralVerdict
    from resistab.domains.virus.report.model import MutationInfo, ViralReport

_CODES = {"resistant": fhir.RESISTANT, "possible_resistance": fhir.PRESUMED_RESISTANT}


def fhir_text(report: ViralReport) -> str:
    """The Bundle as JSON on one line."""
    bundle = Bundling(report)
    bundle.specimen(report.sample.id)
    found = {
        (gene.gene, mutation.text): bundle.variant(
            _mutation(gene.gene, mutation), f"{gene.gene} {mutation.text}", profiled=False
        )
        for gene in report.genes
        for mutation in gene.mutations
    }
    for verdict in report.verdicts:
        behind = dict.fromkeys((verdict.gene, text) for row in verdict.contributions for text in row.findings)
        bundle.implication(
            _said(verdict),
            derived_from=[found[key] for key in behind if key in found],
            absent=verdict.reason if verdict.verdict == "not_assessable" else None,
            sir=verdict.sir if verdict.verdict != "not_assessable" else None,
            profiled=False,
        )
    tally = VERDICTS.tally(verdict.verdict for verdict in report.verdicts)
    return bundle.text(
        "Drug resistance of a virus",
        f"Drugs: {tally}",
        cautions=[item.message for item in report.quality],
        not_understood=report.not_understood,
        profiled=False,
    )


def _mutation(gene: str, mutation: MutationInfo) -> list[Json]:
    parts = [fhir.gene_studied(gene), fhir.component(fhir.said("Mutation"), mutation.text)]
    if mutation.shares:
        shares = ", ".join(
            f"{residue} {share:.3g}" for residue, share in zip(mutation.residues, mutation.shares, strict=True)
        )
        parts.append(fhir.component(fhir.said("Share of the reads with each residue"), shares))
    return parts


def _said(verdict: ViralVerdict) -> list[Json]:
    """What a verdict says; where nothing can be said of the drug, nothing is predicted."""
    name = f"{verdict.full_name} ({verdict.drug})" if verdict.full_name else verdict.drug
    parts = [fhir.medication(name)]
    if verdict.verdict != "not_assessable":
        parts.append(fhir.prediction(VERDICTS.words[verdict.verdict], _CODES.get(verdict.verdict)))
        if verdict.level is not None:
            level = f"{verdict.level}, {verdict.level_name}" if verdict.level_name else str(verdict.level)
            parts.append(fhir.component(fhir.said("Level of resistance"), level))
        if verdict.score is not None:
            parts.append(fhir.component(fhir.said("Score"), fhir.number(verdict.score)))
    if verdict.rows:
        parts.append(fhir.component(fhir.said("Rows of the rule set"), ", ".join(verdict.rows)))
    return [*parts, fhir.conclusion(verdict.reason)]
