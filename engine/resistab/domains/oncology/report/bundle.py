"""The report on a tumour as a FHIR Bundle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resistab.domains.oncology.policy.vocabulary import VERDICTS
from resistab.report import fhir
from resistab.report.fhir import Bundling, Json

if TYPE_CHECKING:
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.domains.oncology.policy.models import Verdict
    from resistab.domains.oncology.report.model import FindingInfo, Report

# What the guide has a code for. That no resistance was found, or that a drug's marker is absent, it has none for.
_CODES = {
    "resistant": fhir.RESISTANT,
    "possible_resistance": fhir.PRESUMED_RESISTANT,
    "sensitive": fhir.RESPONSIVE,
}
# How a finding is written that is a change of one gene or of two; signatures, proteins and expression are none.
_SYMBOL = r"[A-Z][A-Za-z0-9]*(?:-[A-Z0-9]+)*"
_VARIANT = re.compile(
    rf"(?P<genes>{_SYMBOL}|{_SYMBOL}::{_SYMBOL}) (?:.*\b(?:fusion|mutation|deletion|insertion|loss|amplification)\b|"
    r"copy number (?P<copies>[0-9.]+) copies).*"
)
_FUSION = re.compile(rf"(?P<genes>{_SYMBOL}::{_SYMBOL})(?: .*)?")


def fhir_text(report: Report, rules: Rulebase | None) -> str:
    """The Bundle as JSON on one line; with the ``rules`` genes and proteins have their identifiers."""
    bundle, sample = Bundling(report), report.sample
    bundle.specimen(sample.id, sample.specimen, sample.date)
    found = {finding.text: _finding(bundle, finding, rules) for finding in report.findings}
    citations = {item.reference: item for item in report.citations}
    context = fhir.treated(f"{sample.tumour_type.name} (OncoTree {sample.tumour_type.code})")
    for verdict in VERDICTS.ordered(report.verdicts, lambda verdict: verdict.verdict):
        behind = dict.fromkeys(text for row in verdict.contributions for text in row.findings)
        bundle.implication(
            [*_said(verdict), context],
            derived_from=[found[text] for text in behind if text in found],
            absent=verdict.reason if verdict.verdict == "not_assessable" else None,
            citations=[citations[reference] for reference in verdict.citations if reference in citations],
        )
    tally = VERDICTS.tally(verdict.verdict for verdict in report.verdicts)
    return bundle.text(
        "Drug resistance of a tumour",
        f"Drugs: {tally}",
        cautions=report.cautions,
        not_understood=report.not_understood,
        on=sample.date,
    )


def _finding(bundle: Bundling, finding: FindingInfo, rules: Rulebase | None) -> Json:
    """A finding as an Observation: a variant where it is a change of a gene, else by its text alone."""
    told = _VARIANT.fullmatch(finding.text) or _FUSION.fullmatch(finding.text)
    symbols = told["genes"].split("::") if told else [finding.text.split()[0]] if finding.hgvs else []
    genes = [(symbol, rules.gene_by_name.get(symbol.upper()) if rules else None) for symbol in symbols]
    parts = [fhir.gene_studied(symbol, gene.hgnc_id if gene else None) for symbol, gene in genes]
    if finding.hgvs is not None:
        protein = genes[0][1].protein if genes[0][1] else None
        parts.append(fhir.protein_change(f"{protein}:{finding.hgvs}" if protein else finding.hgvs))
    if finding.allele_fraction is not None:
        parts.append(fhir.allele_fraction(finding.allele_fraction))
    if finding.depth is not None:
        parts.append(fhir.component(fhir.said("Reads at the place"), fhir.number(finding.depth)))
    if told and (copies := told.groupdict().get("copies")):
        parts.append(fhir.copy_number(float(copies)))
    parts += [fhir.component(fhir.said("Phase"), phase) for phase in finding.phases]
    if finding.significance:
        parts.append(fhir.component(fhir.said("Significance"), finding.significance))
    if symbols:
        return bundle.variant(parts, finding.text)
    return bundle.finding(fhir.said("Finding"), parts, fhir.said(finding.text))


def _said(verdict: Verdict) -> list[Json]:
    """What a verdict says; where nothing can be said of the drug, nothing is predicted."""
    parts = [fhir.medication(verdict.drug)]
    if verdict.verdict != "not_assessable":
        parts.append(fhir.prediction(VERDICTS.words[verdict.verdict], _CODES.get(verdict.verdict)))
    if verdict.level is not None:
        level = f"{verdict.level}, {verdict.level_name}" if verdict.level_name else str(verdict.level)
        parts.append(fhir.component(fhir.said("Level of resistance"), level))
    graded = {(row.evidence_level, row.tier or "") for row in verdict.contributions if row.evidence_level}
    for level, tier in sorted(graded):
        parts.append(fhir.evidence_level(f"CIViC level {level}" + (f", AMP/ASCO/CAP {tier}" if tier else "")))
    if verdict.rows:
        parts.append(fhir.component(fhir.said("Rows of the rule set"), ", ".join(verdict.rows)))
    return [*parts, fhir.conclusion(verdict.reason)]
