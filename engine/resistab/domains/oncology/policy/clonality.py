"""In what share of the tumour's cells a change lies, as far as allele fractions tell."""

from __future__ import annotations

from typing import Literal

from resistab.core.verdict import ResultModel
from resistab.domains.oncology.genotype import Finding, Genotype


class Clonality(ResultModel):
    """The ``share`` of a change, 0 to 1, and what it is a share of; ``minor`` where the rule set calls it so.

    With the tumour fraction known it is the share of the tumour's cells, twice the allele fraction over the tumour
    fraction, which holds where one of two copies is changed (without the copy number there, the cancer cell fraction
    of McGranahan and others, 2015, is this). Otherwise it is the ratio to the sample's largest allele fraction.
    """

    share: float
    of: Literal["tumour cells", "largest allele fraction"]
    minor: bool


def clonality(genotype: Genotype, minor_clone_below: float) -> dict[int, Clonality]:
    """The clonality of each finding by its index, of those with an allele fraction; none where nothing compares."""
    fractions = {
        index: finding.allele_fraction
        for index, finding in enumerate(genotype.findings)
        if finding.allele_fraction is not None and _is_change(finding)
    }
    found: dict[int, Clonality] = {}
    for index, fraction in fractions.items():
        of: Literal["tumour cells", "largest allele fraction"] = "tumour cells"
        if genotype.tumour_fraction:
            share = min(1.0, 2 * fraction / genotype.tumour_fraction)
        elif len(fractions) > 1 and max(fractions.values()) > 0:
            share, of = fraction / max(fractions.values()), "largest allele fraction"
        else:
            continue
        found[index] = Clonality(share=share, of=of, minor=share < minor_clone_below)
    return found


def _is_change(finding: Finding) -> bool:
    return finding.kind in ("change", "site", "set")
