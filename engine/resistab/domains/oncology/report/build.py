"""From what was inferred to the Report model."""

from __future__ import annotations

import datetime

from resistab.domains.oncology.genotype import ChangeFinding, Finding, Genotype
from resistab.domains.oncology.kinds.models import Manifest, Rulebase
from resistab.domains.oncology.policy.concluded import TumourConclusions
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
    "This report supports and does not replace clinical judgement. It knows only what its rule set knows: the "
    "absence of a rule is not evidence that a drug will work.",
    "Doses, pharmacokinetics, germline variants, interactions and the patient's condition are not considered.",
    "Drugs are judged one by one, and a combination only where it is a regimen of the rule set. Another may work where "
    "each of its drugs alone does not, and the reverse.",
)


def method(manifest: Manifest) -> tuple[str, ...]:
    """How the rule set's rules are applied."""
    levels = [level.level for level in manifest.scoring.levels]
    return (
        "Each row of a drug's table states a condition over the findings. A condition is true, false or unknown; what "
        "was not assayed is unknown and never taken as absent.",
        "A row's score follows from the level of its best evidence (CIViC levels A to E), lowered where it shows only "
        "a reduced response, where evidence of similar weight contradicts it, and where it is an extrapolation. A "
        "chain of mechanisms counts no more than its weakest link. The heaviest row decides the level from "
        f"{min(levels)} to {max(levels)}.",
        "Two evaluators, a forward-chaining engine and an independent fixpoint computation, came to the same result "
        "for every rule; otherwise this report would not have been released.",
    )


def build_report(rulebase: Rulebase, concluded: TumourConclusions, on: datetime.date | None) -> Report:
    """The report on one sample; ``on`` is the date it bears."""
    genotype, manifest, verdicts = concluded.genotype, rulebase.manifest, concluded.verdicts
    findings = tuple(_finding(rulebase, index, finding, concluded) for index, finding in enumerate(genotype.findings))
    tumour = rulebase.tumour_by_code[genotype.tumour_type]
    therapies = genotype.prior_therapies
    return Report(
        format=REPORT_FORMAT,
        software=software_info(),
        ruleset=ruleset_info(
            manifest,
            rulebase.digest,
            rulebase.overlay,
            drugs=len(rulebase.tables),
            rows=sum(1 for _ in rulebase.active_rows()),
            mechanism_rules=sum(1 for rule in rulebase.mechanism_rules if rule.status == "active"),
            citations=len(rulebase.citations),
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
            prior_therapies=None if therapies is None else tuple(therapy.text for therapy in therapies),
            limit_of_detection=genotype.limit_of_detection,
            tumour_fraction=genotype.tumour_fraction,
            read_as=genotype.read_as,
            records=_records(genotype, concluded.known),
        ),
        cautions=concluded.cautions,
        findings=findings,
        assayed=tuple(
            AssayedInfo(locus=str(item.locus), given=item.given, inferred=item.inferred) for item in genotype.assayed
        ),
        notes=genotype.notes,
        not_understood=set_aside(genotype.not_understood),
        verdicts=verdicts,
        conclusions=concluded.conclusions,
        unknown_findings=tuple(finding.text for finding in findings if not finding.known),
        citations=cited(verdicts, lambda reference: rulebase.citation_by_reference[reference].short),
        method=method(manifest),
        limits=LIMITS,
        verdict_levels=manifest.scoring.levels_of_verdicts,
        measured=concluded.measured,
        without_rules=concluded.without_rules,
        left_out=tuple(sorted(rulebase.table_by_drug.keys() - {verdict.drug for verdict in verdicts})),
    )


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


def _finding(rulebase: Rulebase, index: int, finding: Finding, concluded: TumourConclusions) -> FindingInfo:
    rows = [c.row for verdict in concluded.verdicts for c in verdict.contributions if finding.text in c.findings]
    return FindingInfo(
        text=finding.text,
        given=finding.given,
        hgvs=finding.change.hgvs if isinstance(finding, ChangeFinding) else None,
        allele_fraction=finding.allele_fraction,
        depth=finding.depth,
        clonality=concluded.clones.get(index),
        phases=tuple(f"in {p.phase} with {p.gene} {p.change}" for p in finding.phases)
        if isinstance(finding, ChangeFinding)
        else (),
        known=index in concluded.known,
        rows=tuple(sorted(set(rows))),
        significance=_significance(rulebase, finding, bool(rows)),
    )


def _significance(rulebase: Rulebase, finding: Finding, fired: bool) -> str:
    """What is to be said of a finding of which no rule knows what it does."""
    if isinstance(finding, ChangeFinding):
        benign = rulebase.benign_variant(finding.gene, finding.change)
        if benign is not None:
            return f"benign variant: {benign.basis} ({', '.join(benign.references)})"
        if not fired and finding.gene.upper() in rulebase.gene_by_name and finding.change.kind != "synonymous":
            return "of unknown significance"
    return "of unknown significance, as the laboratory says" if finding.unknown_significance else ""
