"""From what was inferred to the Report model."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from resistab.core.said import said
from resistab.domains.oncology.genotype import ChangeFinding, Finding, Genotype
from resistab.domains.oncology.kinds.models import Manifest, Rulebase
from resistab.domains.oncology.policy.clonality import Clonality
from resistab.domains.oncology.policy.concluded import TumourConclusions
from resistab.domains.oncology.policy.models import Verdict
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
    cited,
    ruleset_info,
    set_aside,
    software_info,
)

LIMITS = (
    said(
        "This report supports and does not replace clinical judgement. It knows only what its rule set knows: the "
        "absence of a rule is not evidence that a drug will work."
    ),
    said("Doses, pharmacokinetics, germline variants, interactions and the patient's condition are not considered."),
    said(
        "Drugs are judged one by one, and a combination only where it is a regimen of the rule set. Another may work "
        "where each of its drugs alone does not, and the reverse."
    ),
)


def method(manifest: Manifest) -> tuple[str, ...]:
    """How the rule set's rules are applied."""
    levels = [level.level for level in manifest.scoring.levels]
    return (
        said(
            "Each row of a drug's table states a condition over the findings. A condition is true, false or unknown; "
            "what was not tested is unknown and never taken as absent."
        ),
        said(
            "A row's score follows from the level of its best evidence (CIViC levels A to E), lowered where it shows "
            "only a reduced response, where evidence of similar weight contradicts it, and where it is an "
            "extrapolation. A chain of mechanisms counts no more than its weakest link. The heaviest row decides the "
            "level from {lowest} to {highest}.",
            lowest=min(levels),
            highest=max(levels),
        ),
        said(
            "Two evaluators, a forward-chaining engine and an independent fixpoint computation, came to the same "
            "result for every rule; otherwise this report would not have been released."
        ),
    )


def build_report(rulebase: Rulebase, concluded: TumourConclusions, on: datetime.date | None) -> Report:
    """The report on one sample; ``on`` is the date it bears."""
    genotype, verdicts = concluded.genotype, concluded.verdicts
    findings = tuple(
        finding_info(rulebase, finding, concluded.clones.get(index), index in concluded.known, _rows(finding, verdicts))
        for index, finding in enumerate(genotype.findings)
    )
    return Report(
        **in_every_report(rulebase, on),
        sample=sample_info(rulebase, genotype, concluded.known),
        cautions=concluded.cautions,
        findings=findings,
        assayed=assayed_info(genotype),
        notes=genotype.notes,
        not_understood=set_aside(genotype.not_understood),
        verdicts=verdicts,
        conclusions=concluded.conclusions,
        unknown_findings=unknown(findings),
        citations=cited(verdicts, lambda reference: rulebase.citation_by_reference[reference].short),
        measured=concluded.measured,
        without_rules=concluded.without_rules,
        gene_maps=concluded.gene_maps,
        left_out=tuple(sorted(rulebase.table_by_drug.keys() - {verdict.drug for verdict in verdicts})),
    )


def in_every_report(rulebase: Rulebase, on: datetime.date | None) -> dict[str, Any]:
    """The fields that are the same in every report of a day, by name."""
    manifest = rulebase.manifest
    return {
        "format": REPORT_FORMAT,
        "software": software_info(),
        "ruleset": ruleset_info(
            manifest,
            rulebase.digest,
            rulebase.overlay,
            drugs=len(rulebase.tables),
            rows=sum(1 for _ in rulebase.active_rows()),
            mechanism_rules=sum(1 for rule in rulebase.mechanism_rules if rule.status == "active"),
            citations=len(rulebase.citations),
        ),
        "generated_on": on,
        "method": method(manifest),
        "limits": LIMITS,
        "verdict_levels": manifest.scoring.levels_of_verdicts,
        "brands": rulebase.brands,
    }


def sample_info(rulebase: Rulebase, genotype: Genotype, known: frozenset[int]) -> Sample:
    """What a report says of the sample; ``known`` are the findings, by index, with a curated association."""
    tumour = rulebase.tumour_by_code[genotype.tumour_type]
    therapies = genotype.prior_therapies
    return Sample(
        id=genotype.sample,
        tumour_type=TumourTypeInfo(
            code=tumour.code,
            name=tumour.name,
            ancestors=tuple(f"{code} {rulebase.tumour_by_code[code].name}" for code in genotype.lineage[1:]),
        ),
        specimen=genotype.specimen,
        date=genotype.date,
        prior_therapies=None if therapies is None else tuple(therapy.text for therapy in therapies),
        limit_of_detection=genotype.limit_of_detection,
        tumour_fraction=genotype.tumour_fraction,
        read_as=genotype.read_as,
        records=_records(genotype, known),
    )


def assayed_info(genotype: Genotype) -> tuple[AssayedInfo, ...]:
    """What a report says was assayed."""
    return tuple(
        AssayedInfo(locus=str(item.locus), given=item.given, inferred=item.inferred) for item in genotype.assayed
    )


def unknown(findings: Iterable[FindingInfo]) -> tuple[str, ...]:
    """The findings with no curated association."""
    return tuple(finding.text for finding in findings if not finding.known)


def _records(genotype: Genotype, known: frozenset[int]) -> RecordsInfo | None:
    """What became of the records of a file of calls, findings parted by whether they are curated."""
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
        passed_over={item.reason: item.number for item in records.filtered_out},
    )


def _rows(finding: Finding, verdicts: Iterable[Verdict]) -> set[str]:
    return {c.row for verdict in verdicts for c in verdict.contributions if finding.text in c.findings}


def finding_info(
    rulebase: Rulebase, finding: Finding, clone: Clonality | None, known: bool, rows: Collection[str]
) -> FindingInfo:
    """What a report says of a finding; ``rows`` are those that fired on it, each once."""
    return FindingInfo(
        text=finding.text,
        given=finding.given,
        hgvs=finding.change.hgvs if isinstance(finding, ChangeFinding) else None,
        allele_fraction=finding.allele_fraction,
        depth=finding.depth,
        clonality=clone,
        phases=tuple(_phase(p.phase, f"{p.gene} {p.change}") for p in finding.phases)
        if isinstance(finding, ChangeFinding)
        else (),
        known=known,
        rows=tuple(sorted(rows)),
        significance=_significance(rulebase, finding, bool(rows)),
    )


def _phase(phase: str, change: str) -> str:
    """How a change lies to another one."""
    if phase == "cis":
        return said("in cis with {change}", change=change)
    return said("in trans with {change}", change=change)


def _significance(rulebase: Rulebase, finding: Finding, fired: bool) -> str:
    """What is to be said of a finding of which no rule knows what it does."""
    if isinstance(finding, ChangeFinding):
        benign = rulebase.benign_variant(finding.gene, finding.change)
        if benign is not None:
            return said(
                "benign variant: {quoted} ({references})", quoted=benign.basis, references=", ".join(benign.references)
            )
        if not fired and finding.gene.upper() in rulebase.gene_by_name and finding.change.kind != "synonymous":
            return said("of unknown significance")
    return said("of unknown significance, as the laboratory says") if finding.unknown_significance else ""
