"""The report on a germline genotype: how it is made, and the frame in which it is shown."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from resistab.core.said import said, terms
from resistab.report.frame import TABLE_COLUMNS as TABLE_COLUMNS
from resistab.report.frame import Frame, SubjectWords
from resistab.report.frame.model import PlainReport
from resistab.report.language import gettext_noop
from resistab.report.model import Rendering
from resistab.report.words import VerdictWords, Vocabulary

if TYPE_CHECKING:
    from resistab.domains.pharmacogenomics.kinds import GermlineRulebase
    from resistab.domains.pharmacogenomics.policy import GermlineInferred

# The verdicts as they stand in sentences. What a verdict means is told by the manifest of the rule set.
IN_SENTENCES = (
    gettext_noop("avoid"),
    gettext_noop("reduce dose"),
    gettext_noop("caution"),
    gettext_noop("not assessable"),
    gettext_noop("no action"),
)
LEVELS = terms("Usual dose", "Caution", "Lower dose", "Another drug")
EFFECTS = terms("avoid", "reduce dose", "caution", "not assessable", "no action")
VERDICTS = Vocabulary(
    (
        VerdictWords(name="avoid", words=gettext_noop("Avoid"), symbol="✕", tone="red", meaning=""),
        VerdictWords(name="reduce_dose", words=gettext_noop("Reduce dose"), symbol="▼", tone="amber", meaning=""),
        VerdictWords(name="caution", words=gettext_noop("Caution"), symbol="▲", tone="grey", meaning=""),
        VerdictWords(
            name="not_assessable", words=gettext_noop("Not assessable"), symbol="?", tone="violet", meaning=""
        ),
        VerdictWords(name="no_action", words=gettext_noop("No action"), symbol="○", tone="blue", meaning=""),
    )
)
METHOD = (
    said(
        "Each allele has the function that CPIC assigns to it. The two alleles of a gene make its phenotype, and the "
        "phenotypes make the rows of a drug's table hold; the gravest advice among these decides."
    ),
    said(
        "An allele of uncertain function may have any function of its gene. Where all that is possible leads to the "
        "same advice it is given; otherwise the drug is not assessable."
    ),
    said(
        "Two evaluators, a forward-chaining engine and an independent fixpoint computation, came to the same result "
        "for every rule; otherwise this report would not have been released."
    ),
)
LIMITS = (
    said(
        "This report supports and does not replace clinical judgement. It speaks of germline genotypes alone: neither "
        "inhibitors of an enzyme nor the function of liver and kidney are taken into account."
    ),
    said(
        "A gene that was not tested is unknown, never normal. A test finds the variants that it looks for: an allele "
        "of reference means that none of these was found."
    ),
)
FRAME = Frame(
    vocabulary=VERDICTS,
    subjects=SubjectWords(gettext_noop("Gene"), gettext_noop("genes"), gettext_noop("Phenotype")),
    nothing="not_assessable",
    title=gettext_noop("Pharmacogenomic report"),
    method=METHOD,
    limits=LIMITS,
    note=(
        gettext_noop("Not tested is not normal."),
        gettext_noop("Of a gene that was not tested nothing is known, and nothing is said of its drugs."),
    ),
)
GROUPS = FRAME.groups
leading, html, print_report, print_derivation = FRAME.leading, FRAME.html, FRAME.print_report, FRAME.print_derivation
print_drugs, drug_named, version_lines = FRAME.print_drugs, FRAME.drug_named, FRAME.version_lines
listed_drugs, report_model = FRAME.listed_drugs, FRAME.report_model
interpreted, table_rows, fhir = FRAME.interpreted, FRAME.table_rows, FRAME.fhir
line, lines, lines_and_rows = FRAME.line, FRAME.lines, FRAME.lines_and_rows
cohort_rows, cohort_entry = FRAME.cohort_rows, FRAME.cohort_entry


class GermlineReport(PlainReport):
    """The report on a germline genotype."""

    def rendering(self) -> Rendering:
        """As the frame of the pack shows it."""
        return FRAME


def build(rulebase: GermlineRulebase, inferred: GermlineInferred, on: datetime.date | None) -> GermlineReport:
    """The report on one genotype; ``on`` is the date it bears."""
    from resistab.domains.pharmacogenomics.policy import verdicts
    from resistab.report.frame.making import plain_report
    from resistab.report.frame.model import PlainSample

    genotype = inferred.genotype
    return plain_report(
        FRAME,
        rulebase,
        verdicts(rulebase, inferred),
        sample=PlainSample(id=genotype.sample, date=genotype.taken),
        subjects=(inferred.subject(rulebase, gene) for gene in rulebase.genes),
        rules=len(rulebase.phenotype_of),
        notes=(result.note for result in genotype.results if result.note),
        not_understood=genotype.not_understood,
        on=on,
        kind=GermlineReport,
    )
