"""What must be known before anything else of a report is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.kinds.models import Manifest
from resistab.report.words import counted, few


def cautions(genotype: Genotype, manifest: Manifest, filtered: Sequence[str]) -> Iterator[str]:
    """What limits all verdicts of a report: unknown coverage, a specimen that hides, calls known only in part.

    ``filtered`` names changes with a curated association that were filtered out or not called, with the reason.
    """
    if not genotype.coverage_said:
        yield (
            "What was assayed was not said: no panel, no coverage, no list of genes. A gene in which nothing was found "
            "is unknown, and no verdict rests on its absence."
        )
    if genotype.specimen == "ctDNA":
        yield _of_ctdna(genotype, manifest)
    if filtered:
        yield (
            f"Filtered out or not called, with a curated association: {few(filtered)}. What was filtered out counts as "
            "not found, and what was not called as unknown."
        )
    records = genotype.records
    if records is not None and records.partly:
        one = records.partly == 1
        yield (
            f"{counted(records.partly, 'record')} of the input {'is' if one else 'are'} known only by the gene and not "
            f"by what changed; what rules on {'that gene' if one else 'those genes'} ask for is undecided."
        )
    if records is not None and records.set_aside:
        one = records.set_aside == 1
        yield f"{counted(records.set_aside, 'record')} of the input {'was' if one else 'were'} not understood."


def _of_ctdna(genotype: Genotype, manifest: Manifest) -> str:
    limit, fraction = genotype.limit_of_detection, genotype.tumour_fraction
    known = [] if limit is None else [f"limit of detection {limit:.2%}"]
    known += [] if fraction is None else [f"tumour fraction {fraction:.1%}"]
    specimen = "The specimen is circulating tumour DNA" + (f" ({', '.join(known)})" if known else "")
    clone = f"{manifest.minor_clone_below:.0%}"
    if genotype.shows_absence(manifest.minor_clone_below):
        return (
            f"{specimen}: a change in {clone} of the tumour's cells would have been detected, so that what was assayed "
            "and not detected counts as absent; a smaller clone may hide."
        )
    missing = [name for name, value in (("limit of detection", limit), ("tumour fraction", fraction)) if value is None]
    why = (
        f"the {' and the '.join(missing)} {'was' if len(missing) == 1 else 'were'} not given"
        if missing
        else f"a clone of {clone} of the tumour's cells would lie below the limit of detection"
    )
    return (
        f"{specimen}. What was not detected in it is not thereby absent, since {why}; what a verdict lacks for that is "
        "to be looked for in tissue."
    )
