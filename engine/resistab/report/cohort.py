"""What the reports of a cohort say together: verdicts by tumour type, and what no rule knew or nobody understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from resistab.core.verdict import ResultModel
from resistab.domains.oncology.policy.models import VerdictName
from resistab.domains.oncology.report.model import Report

# How the reason begins where the residue that was reported is not that of the reference protein.
REFERENCE_MISMATCH = "the reference residue"


@dataclass(frozen=True)
class Groups:
    """By what the samples of a cohort are parted: ``one``, ``many`` of it, and ``field``, its name in JSON.

    ``unknown`` is the heading of the findings about which the rules say nothing.
    """

    one: str
    many: str
    field: str
    unknown: str = "Findings that no rule speaks of"


@dataclass(frozen=True)
class CohortEntry:
    """What a cohort counts of one report: its group, the verdicts on the drugs used there, and what was not known.

    ``mismatches`` are the entries, with the reason, whose residue is not that of the reference; ``not_understood`` the
    others that were set aside.
    """

    sample: str
    group: str
    group_name: str
    verdicts: Mapping[str, str]
    unknown: Sequence[str] = ()
    mismatches: Sequence[tuple[str, str]] = ()
    not_understood: Sequence[tuple[str, str]] = ()


class DrugShares(ResultModel):
    """The verdicts on a drug in one tumour type: ``counts`` of samples, by verdict."""

    drug: str
    counts: dict[VerdictName, int]

    def share(self, verdict: VerdictName) -> float:
        """The share of the samples with this verdict, 0 to 1."""
        return self.counts.get(verdict, 0) / sum(self.counts.values())


class TumourCohort(ResultModel):
    """The samples of one tumour type; ``drugs`` are those used there, by name."""

    code: str
    name: str
    samples: int
    drugs: tuple[DrugShares, ...]


class Counted(ResultModel):
    """A text and the number of samples that have it."""

    text: str
    samples: int


class Mismatch(ResultModel):
    """A reported change whose residue is not that of the reference protein, and the samples that have it."""

    entry: str
    reason: str
    samples: tuple[str, ...]


class Cohort(ResultModel):
    """All samples; ``unknown`` are the findings no rule speaks of, the most frequent first.

    ``not_understood`` are the entries that were set aside for another reason than a reference mismatch.
    """

    samples: int
    tumours: tuple[TumourCohort, ...]
    unknown: tuple[Counted, ...]
    mismatches: tuple[Mismatch, ...]
    not_understood: tuple[Counted, ...]


def summarise(reports: Iterable[Report]) -> Cohort:
    """The cohort of ``reports``; the order they come in makes no difference."""
    names: dict[str, str] = {}
    samples: Counter[str] = Counter()
    verdicts: dict[str, dict[str, Counter[VerdictName]]] = {}
    unknown: Counter[str] = Counter()
    mismatched: dict[tuple[str, str], list[str]] = {}
    not_understood: Counter[str] = Counter()
    for report in reports:
        tumour = report.sample.tumour_type
        names[tumour.code] = tumour.name
        samples[tumour.code] += 1
        drugs = verdicts.setdefault(tumour.code, {})
        for verdict in report.verdicts:
            if verdict.relevant:
                drugs.setdefault(verdict.drug, Counter())[verdict.verdict] += 1
        unknown.update(set(report.unknown_findings))
        for item in report.not_understood:
            if item.reason.startswith(REFERENCE_MISMATCH):
                mismatched.setdefault((item.entry, item.reason), []).append(report.sample.id)
            else:
                not_understood[f"{item.entry}: {item.reason}"] += 1
    tumours = tuple(
        TumourCohort(
            code=code,
            name=names[code],
            samples=samples[code],
            drugs=tuple(DrugShares(drug=drug, counts=dict(counts)) for drug, counts in sorted(verdicts[code].items())),
        )
        for code in sorted(names)
    )
    mismatches = tuple(
        Mismatch(entry=entry, reason=reason, samples=tuple(sorted(found)))
        for (entry, reason), found in sorted(mismatched.items())
    )
    return Cohort(
        samples=sum(samples.values()),
        tumours=tumours,
        unknown=_most_frequent(unknown),
        mismatches=mismatches,
        not_understood=_most_frequent(not_understood),
    )


def _most_frequent(counts: Counter[str]) -> tuple[Counted, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Counted(text=text, samples=number) for text, number in ordered)
