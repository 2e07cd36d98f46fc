"""The verdicts on a drug for a tumour, in words."""

from __future__ import annotations

from resistab.core.said import terms
from resistab.report.language import gettext_noop
from resistab.report.words import VerdictWords, Vocabulary

# The verdicts as they stand in sentences: of pages, and of what is concluded.
IN_SENTENCES = (
    gettext_noop("resistant"),
    gettext_noop("possible resistance"),
    gettext_noop("sensitive"),
    gettext_noop("no resistance found"),
    gettext_noop("not indicated"),
    gettext_noop("not assessable"),
)
IN_REASONS = terms(
    "resistant",
    "possible resistance",
    "sensitive",
    "no resistance found",
    "not indicated",
    "not assessable",
)
# What rows say, as tables name it, and what they say it by.
EFFECTS = terms("resistance", "reduced response", "susceptibility", "increased susceptibility", "no effect")
MECHANISMS = terms(
    "target absent",
    "target alteration: gatekeeper",
    "target alteration: solvent front",
    "target alteration: other",
    "target amplification",
    "bypass by a parallel receptor",
    "downstream reactivation",
    "upstream reactivation",
    "efflux and transport",
    "drug activation or metabolism",
    "epigenetic change",
    "DNA repair restored",
    "apoptosis evasion",
    "lineage or histological change",
    "microenvironment",
    "immune escape",
    "clonal heterogeneity",
    "target dependence",
    "DNA repair deficiency",
    "not established",
)
# The parts of these by themselves, as a first page has them.
IN_SHORT = (gettext_noop("target alteration"), gettext_noop("gatekeeper"), gettext_noop("solvent front"))
LEVELS = terms(
    "no evidence of resistance",
    "potential resistance",
    "low-level resistance",
    "intermediate resistance",
    "high-level resistance",
)
ASSAYS = terms("cell line", "primary culture", "organoid", "xenograft")
SPECIMENS = terms("tissue", "ctDNA")
KINDS = terms(
    "mutation",
    "copy number",
    "fusion",
    "expression",
    "protein",
    "methylation",
    "splicing",
    "activity",
    "loss",
    "phase",
    "signature",
    "histology",
)
TIERS = terms("Tier I-A", "Tier I-B", "Tier II-C", "Tier II-D", "Tier III", "Tier IV")

VERDICTS = Vocabulary(
    (
        VerdictWords(
            name="resistant",
            words=gettext_noop("Resistant"),
            symbol="✕",
            tone="red",
            predicts="resistant",
            meaning=gettext_noop("response is not to be expected ({resistant})"),
        ),
        VerdictWords(
            name="possible_resistance",
            words=gettext_noop("Possible resistance"),
            symbol="▲",
            tone="amber",
            predicts="intermediate",
            meaning=gettext_noop("response may be absent, smaller or shorter ({possible_resistance})"),
        ),
        VerdictWords(
            name="sensitive",
            words=gettext_noop("Sensitive"),
            symbol="✓",
            tone="green",
            predicts="sensitive",
            meaning=gettext_noop("a response marker is present and no resistance was found ({no_resistance_found})"),
        ),
        VerdictWords(
            name="no_resistance_found",
            words=gettext_noop("No resistance found"),
            symbol="○",
            tone="blue",
            predicts="sensitive",
            meaning=gettext_noop("no resistance marker and no response marker was found; not the same as sensitive"),
        ),
        VerdictWords(
            name="not_indicated",
            words=gettext_noop("Not indicated"),
            symbol="–",
            tone="grey",
            meaning=gettext_noop("the response marker that the drug needs was tested and is absent"),
        ),
        VerdictWords(
            name="not_assessable",
            words=gettext_noop("Not assessable"),
            symbol="?",
            tone="violet",
            meaning=gettext_noop("what must be known before a verdict was not tested, or is known only in part"),
        ),
    )
)
