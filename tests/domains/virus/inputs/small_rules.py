"""A rule set of HIV without drugs, for tests of the readers."""

from __future__ import annotations

import datetime

from resistab.domains.virus.kinds.models import (
    SequenceQuality,
    ViralGene,
    ViralLevel,
    ViralManifest,
    ViralRulebase,
    ViralScoring,
    ViralSource,
)

# Subtype B consensus of HIV-1; of reverse transcriptase the first 240 residues, of integrase the first 160.
PROTEINS = {
    "PR": "PQITLWQRPLVTIKIGGQLKEALLDTGADDTVLEEMNLPGRWKPKMIGGIGGFIKVRQYDQILIEICGHKAIGTVLVGPTPVNIIGRNLLTQIGCTLNF",
    "RT": "PISPIETVPVKLKPGMDGPKVKQWPLTEEKIKALVEICTEMEKEGKISKIGPENPYNTPVFAIKKKDSTKWRKLVDFRELNKRTQDFWEVQLGIPHPAGLKKKKS"
    "VTVLDVGDAYFSVPLDKDFRKYTAFTIPSINNETPGIRYQYNVLPQGWKGSPAIFQSSMTKILEPFRKQNPDIVIYQYMDDLYVGSDLEIGQHRTKIEELRQHLLRWG"
    "FTTPDKKHQKEPPFLWMGYELHPDKWT",
    "IN": "FLDGIDKAQEEHEKYHSNWRAMASDFNLPPVVAKEIVASCDKCQLKGEAMHGQVDCSPGIWQLDCTHLEGKIILVAVHVASGYIEAEVIPAETGQETAYFLLKLA"
    "GRWPVKTIHTDNGSNFTSTTVKAACWWAGIKQEFGIPYNPQSQGVVESMNKELKK",
}
CLASSES = {"PR": ("PI",), "RT": ("NRTI", "NNRTI"), "IN": ("INSTI",)}


def rulebase(
    sequences: bool = True, genes: tuple[str, ...] = ("PR", "RT", "IN"), ruleset: str = "hiv1"
) -> ViralRulebase:
    return ViralRulebase(
        digest="0" * 64,
        manifest=ViralManifest(
            kind="virus",
            ruleset=ruleset,
            name="Small",
            version="1.0.0",
            date=datetime.date(2026, 1, 1),
            licence="CC0-1.0",
            description="For tests.",
            source=ViralSource(algorithm="Small", version="1"),
            scoring=ViralScoring(
                combine="sum",
                levels=(ViralLevel(level=1, name="Susceptible", verdict="no_resistance_found", sir="S"),),
            ),
        ),
        genes=tuple(ViralGene(symbol=gene, drug_classes=CLASSES[gene]) for gene in genes),
        sequences={gene: PROTEINS[gene] for gene in genes} if sequences else {},
        drug_classes=(),
        drugs=(),
        tables=(),
        comments=(),
        result_comments=(),
        mutation_types=(),
        quality=SequenceQuality(),
    )
