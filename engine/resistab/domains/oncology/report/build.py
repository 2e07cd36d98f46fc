"""From what was inferred to the Report model."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from resistab import __version__
from resistab.core.condition import ConclusionAtom
from resistab.core.derivation import reference_url
from resistab.core.truth import Truth
from resistab.domains.oncology.atoms import StateAtom, WildTypeAtom
from resistab.domains.oncology.genotype import ChangeFinding, Finding, Genotype, StateFinding
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.observe import Observer, finding_subjects
from resistab.domains.oncology.policy.clonality import Clonality, clonality
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.policy.verdicts import Inferred, levels_by_verdict
from resistab.domains.oncology.report.cautions import cautions
from resistab.domains.oncology.report.measured import compared
from resistab.domains.oncology.report.model import (
    REPORT_FORMAT,
    AssayedInfo,
    FindingInfo,
    RecordsInfo,
    Report,
    Sample,
    TumourTypeInfo,
)
from resistab.report.model import (
    CitationInfo,
    ConclusionInfo,
    NotUnderstoodInfo,
    RulesetInfo,
    Software,
    reported_overlay,
)

METHOD = (
    "Each row of a drug's table states a condition over the findings. A condition is true, false or unknown; what "
    "was not assayed is unknown and never taken as absent.",
    "A row's score follows from the level of its best evidence (CIViC levels A to E), lowered where it shows only a "
    "reduced response, where evidence of similar weight contradicts it, and where it is an extrapolation. A chain of "
    "mechanisms counts no more than its weakest link. The heaviest row decides the level from 1 to 5.",
    "Two evaluators, a forward-chaining engine and an independent fixpoint computation, came to the same result for "
    "every rule; otherwise this report would not have been released.",
)
LIMITS = (
    "This report supports and does not replace clinical judgement. It knows only what its rule set knows: the "
    "absence of a rule is not evidence that a drug will work.",
    "Doses, pharmacokinetics, germline variants, interactions and the patient's condition are not considered.",
    "Drugs are judged one by one, and a combination only where it is a regimen of the rule set. Another may work where "
    "each of its drugs alone does not, and the reverse.",
)


def build_report(
    rulebase: Rulebase,
    inferred: Inferred,
    verdicts: tuple[Verdict, ...],
    weights: Mapping[str, float],
    on: datetime.date | None,
) -> Report:
    """The report on one sample; ``on`` is the date it bears."""
    genotype, manifest = inferred.genotype, rulebase.manifest
    deriver = Deriver(rulebase, genotype, inferred.observed, inferred.values, weights)
    known = _known_findings(inferred)
    clones = clonality(genotype, manifest.minor_clone_below)
    findings = tuple(
        _finding(index, finding, known, clones.get(index), verdicts) for index, finding in enumerate(genotype.findings)
    )
    tumour = rulebase.tumour_by_code[genotype.tumour_type]
    therapies = genotype.prior_therapies
    references = sorted({reference for verdict in verdicts for reference in verdict.citations}, key=_reference_key)
    return Report(
        format=REPORT_FORMAT,
        software=Software(name="resistab", version=__version__),
        ruleset=RulesetInfo(
            id=manifest.ruleset,
            name=manifest.name,
            version=manifest.version,
            date=manifest.date,
            licence=manifest.licence,
            digest=rulebase.digest,
            drugs=len(rulebase.tables),
            rows=sum(1 for _ in rulebase.active_rows()),
            mechanism_rules=sum(1 for rule in rulebase.mechanism_rules if rule.status == "active"),
            citations=len(rulebase.citations),
            overlay=reported_overlay(rulebase.overlay),
        ),
        generated_on=on,
        sample=Sample(
            id=genotype.sample,
            tumour_type=TumourTypeInfo(
                code=tumour.code,
                name=tumour.name,
                ancestors=tuple(f"{code} {rulebase.tumour_by_code[code].name}" for code in genotype.lineage[1:]),
            ),
            specimen=genotype.specimen,
            date=genotype.date,
            prior_therapies=None if therapies is None else tuple(therapy.drug for therapy in therapies),
            limit_of_detection=genotype.limit_of_detection,
            tumour_fraction=genotype.tumour_fraction,
            read_as=genotype.read_as,
            records=_records(genotype, known),
        ),
        cautions=tuple(cautions(genotype, manifest, _doubtful(rulebase, inferred))),
        findings=findings,
        assayed=tuple(
            AssayedInfo(locus=str(item.locus), given=item.given, inferred=item.inferred) for item in genotype.assayed
        ),
        notes=genotype.notes,
        not_understood=tuple(
            NotUnderstoodInfo(entry=item.entry, reason=item.reason) for item in genotype.not_understood
        ),
        verdicts=verdicts,
        conclusions=_conclusions(rulebase, inferred, deriver),
        unknown_findings=tuple(finding.text for finding in findings if not finding.known),
        citations=tuple(
            CitationInfo(
                reference=reference,
                short=rulebase.citation_by_reference[reference].short,
                url=reference_url(reference),
            )
            for reference in references
        ),
        method=METHOD,
        limits=LIMITS,
        verdict_levels=levels_by_verdict(manifest),
        measured=compared(genotype, verdicts),
    )


def _known_findings(inferred: Inferred) -> set[int]:
    """The findings that some rule speaks of: those that make an atom true or leave it open, and those that decide it.

    A state of a signature or gene ("MSI stable") decides every atom that asks for another state of the same.
    """
    known = {index for observation in inferred.observed.values() for index in observation.findings}
    asked = {(atom.subject, atom.analyte) for atom in inferred.observed if isinstance(atom, StateAtom)}
    for index, finding in enumerate(inferred.genotype.findings):
        if isinstance(finding, StateFinding) and (finding.subject, finding.analyte) in asked:
            known.add(index)
    return known


def _reference_key(reference: str) -> tuple[str, int, str]:
    kind, _, number = reference.partition(":")
    return kind, int(number) if number.isdigit() else 0, number


def _doubtful(rulebase: Rulebase, inferred: Inferred) -> list[str]:
    """The changes that were passed over and would make what some rule asks for true."""
    told = []
    for item in inferred.genotype.doubtful:
        alone = Observer(inferred.genotype.model_copy(update={"findings": (item.finding,)}), rulebase)
        genes = set(finding_subjects(item.finding))
        asked = (
            atom for atom in inferred.observed if genes & {getattr(atom, "gene", ""), getattr(atom, "subject", "")}
        )
        if any(alone.observe(atom).truth is Truth.TRUE for atom in asked if not isinstance(atom, WildTypeAtom)):
            told.append(f"{item.finding.text} ({item.why})")
    return told


def _records(genotype: Genotype, known: set[int]) -> RecordsInfo | None:
    """What became of the records of a file of calls, those of findings parted by whether a rule speaks of them."""
    records = genotype.records
    if records is None:
        return None
    of_known = sum(genotype.findings[index].records for index in known)
    return RecordsInfo(
        total=records.total,
        known=of_known,
        unknown=records.findings - of_known,
        partly=records.partly,
        set_aside=records.set_aside,
        passed_over={item.reason: item.number for item in records.passed_over},
    )


def _finding(
    index: int, finding: Finding, known: set[int], clone: Clonality | None, verdicts: tuple[Verdict, ...]
) -> FindingInfo:
    rows = [c.row for verdict in verdicts for c in verdict.contributions if finding.text in c.findings]
    return FindingInfo(
        text=finding.text,
        given=finding.given,
        hgvs=finding.change.hgvs if isinstance(finding, ChangeFinding) else None,
        allele_fraction=finding.allele_fraction,
        depth=finding.depth,
        clonality=clone,
        phases=tuple(f"in {p.phase} with {p.gene} {p.change}" for p in finding.phases)
        if isinstance(finding, ChangeFinding)
        else (),
        known=index in known,
        rows=tuple(sorted(set(rows))),
    )


def _conclusions(rulebase: Rulebase, inferred: Inferred, deriver: Deriver) -> tuple[ConclusionInfo, ...]:
    reached = sorted(
        head.name for head, value in inferred.values.items() if head.kind == "conclusion" and value.truth is Truth.TRUE
    )
    return tuple(
        ConclusionInfo(
            id=name,
            name=rulebase.conclusion_by_id[name].name,
            findings=tuple(
                inferred.genotype.findings[index].text for index in deriver.findings(ConclusionAtom(id=name))
            ),
            rules=deriver.mechanisms(name, frozenset({name})),
        )
        for name in reached
    )
