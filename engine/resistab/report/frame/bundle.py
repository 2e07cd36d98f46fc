"""A report of the plain form as a FHIR Bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resistab.report import fhir
from resistab.report.fhir import Bundling, Json

if TYPE_CHECKING:
    from resistab.core.plain import PlainVerdict
    from resistab.report.frame import Frame, PlainRules
    from resistab.report.frame.model import PlainReport, Subject


def plain_fhir_text(frame: Frame, report: PlainReport, rules: PlainRules | None) -> str:
    """The Bundle as JSON on one line; with the ``rules`` drugs have their codes in RxNorm, where those hold any."""
    bundle = Bundling(report)
    bundle.specimen(report.sample.id, on=report.sample.date)
    found: dict[str, Json] = {}
    for subject in report.subjects:
        if subject.given:
            made = _finding(bundle, frame, subject)
            found |= dict.fromkeys((subject.name, *subject.given), made)
    citations = {item.reference: item for item in report.citations}
    for verdict in report.verdicts:
        behind = {ref["reference"]: ref for text in _behind(verdict) for ref in _of(found, text)}
        open_ = verdict.verdict == frame.nothing
        drug = rules.drug_by_name.get(verdict.drug.casefold()) if rules else None
        bundle.implication(
            # A rule set of the plain form may know its drugs by RxNorm, and need not.
            [fhir.medication(verdict.drug, getattr(drug, "rxnorm", None)), *_said(frame, verdict, open_)],
            derived_from=list(behind.values()),
            absent=verdict.reason if open_ else None,
            citations=[citations[reference] for reference in verdict.citations if reference in citations],
        )
    tally = frame.vocabulary.tally(verdict.verdict for verdict in report.verdicts)
    return bundle.text(
        frame.title,
        f"Drugs: {tally}",
        cautions=report.cautions,
        not_understood=report.not_understood,
        on=report.sample.date,
    )


def _finding(bundle: Bundling, frame: Frame, subject: Subject) -> Json:
    """What was given of a gene, and what was concluded of it."""
    parts = [fhir.gene_studied(subject.name)]
    if subject.concluded is not None:
        parts.append(fhir.component(fhir.said(frame.subjects.concluded), subject.concluded))
    code = fhir.coded(fhir.LOINC, "84413-4", text="Genotype")
    return bundle.finding(code, parts, fhir.said(", ".join(subject.given)), fhir.GENOTYPE)


def _behind(verdict: PlainVerdict) -> list[str]:
    return [text for row in verdict.contributions for text in row.findings]


def _of(found: dict[str, Json], text: str) -> list[Json]:
    """The observations that a finding stands for: itself, or its subject."""
    return [ref for name, ref in found.items() if text == name or text.startswith(f"{name} ")]


def _said(frame: Frame, verdict: PlainVerdict, open_: bool) -> list[Json]:
    """What a verdict says; where nothing can be said of the drug, nothing is predicted."""
    parts = []
    if not open_:
        parts.append(fhir.prediction(frame.vocabulary.words[verdict.verdict], None))
        if verdict.level is not None:
            level = f"{verdict.level}, {verdict.level_name}" if verdict.level_name else str(verdict.level)
            parts.append(fhir.component(fhir.said("Level"), level))
    for level in sorted({item.level for row in verdict.contributions for item in row.evidence}):
        parts.append(fhir.evidence_level(f"level {level}"))
    if verdict.rows:
        parts.append(fhir.component(fhir.said("Rows of the rule set"), ", ".join(verdict.rows)))
    return [*parts, fhir.conclusion(verdict.reason)]
