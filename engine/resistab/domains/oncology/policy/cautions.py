"""What must be known before anything else of a report is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resistab.core.said import said, said_of
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.kinds.models import Manifest
from resistab.report.words import few


def cautions(genotype: Genotype, manifest: Manifest, filtered: Sequence[str]) -> Iterator[str]:
    """What limits all verdicts of a report: unknown coverage, a specimen that hides, calls known only in part.

    ``filtered`` names changes with a curated association that failed filters or were not called, with the reason.
    """
    if not genotype.coverage_said:
        yield said(
            "What was assayed was not said: no panel, no coverage, no list of genes. A gene in which nothing was found "
            "is unknown, and no verdict rests on its absence."
        )
    if genotype.specimen == "ctDNA":
        yield _of_ctdna(genotype, manifest)
    if filtered:
        yield said(
            "Variants failing filters or not called, with a curated association: {names}. What fails filters counts as "
            "not found, and what was not called as unknown.",
            names=few(filtered),
        )
    records = genotype.records
    if records is not None and records.partly:
        yield said_of(
            records.partly,
            "{number} record of the input is known only by the gene and not by what changed; what rules on that gene "
            "ask for is undecided.",
            "{number} records of the input are known only by the gene and not by what changed; what rules on those "
            "genes ask for is undecided.",
        )
    if records is not None and records.set_aside:
        yield said_of(
            records.set_aside,
            "{number} record of the input was not understood.",
            "{number} records of the input were not understood.",
        )


def _of_ctdna(genotype: Genotype, manifest: Manifest) -> str:
    limit, fraction = genotype.limit_of_detection, genotype.tumour_fraction
    known = [] if limit is None else [said("limit of detection {limit}", limit=f"{limit:.2%}")]
    known += [] if fraction is None else [said("tumour fraction {fraction}", fraction=f"{fraction:.1%}")]
    what = said("The specimen is circulating tumour DNA")
    if known:
        what = said("The specimen is circulating tumour DNA ({parts})", parts=", ".join(known))
    clone = f"{manifest.minor_clone_below:.0%}"
    if genotype.shows_absence(manifest.minor_clone_below):
        return said(
            "{what}: a change in {share} of the tumour's cells would have been detected, so that what was tested and "
            "not detected counts as absent; a smaller clone may hide.",
            what=what,
            share=clone,
        )
    if limit is None and fraction is None:
        why = said("the limit of detection and the tumour fraction were not given")
    elif limit is None:
        why = said("the limit of detection was not given")
    elif fraction is None:
        why = said("the tumour fraction was not given")
    else:
        why = said("a clone of {share} of the tumour's cells would lie below the limit of detection", share=clone)
    return said(
        "{what}. What was not detected in it is not thereby absent, since {why}; what a verdict lacks for that is to "
        "be tested in tissue.",
        what=what,
        why=why,
    )
