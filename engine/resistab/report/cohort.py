"""What the reports of a cohort say together: verdicts by group, and what no rule knew or nobody understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resistab.core.verdict import ResultModel
from resistab.report.set_aside import SampleSetAside
from resistab.report.words import Groups, Vocabulary, counted


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
    """The verdicts on a drug in one group: ``counts`` of samples, by verdict."""

    drug: str
    counts: dict[str, int]

    def share(self, verdict: str) -> float:
        """The share of the samples with this verdict, 0 to 1."""
        return self.counts.get(verdict, 0) / sum(self.counts.values())


class Group(ResultModel):
    """The samples of one group; ``drugs`` are those used there, by name."""

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


class SamplesAside(ResultModel):
    """Samples that could not be read and were set aside, for one reason."""

    reason: str
    samples: tuple[str, ...]


class Cohort(ResultModel):
    """All samples; ``unknown`` are the findings with no curated association, the most frequent first.

    ``not_understood`` are the entries that were set aside for another reason than a reference mismatch, ``set_aside``
    the samples that could not be read at all, by reason; they are not among ``samples``.
    """

    samples: int
    groups: tuple[Group, ...]
    unknown: tuple[Counted, ...]
    mismatches: tuple[Mismatch, ...]
    not_understood: tuple[Counted, ...]
    set_aside: tuple[SamplesAside, ...] = ()

    def as_json(self, groups: Groups) -> dict[str, Any]:
        """What is written as JSON, the groups under the name that the domain has for them."""
        return {
            groups.field if name == "groups" else name: value for name, value in self.model_dump(mode="json").items()
        }


def summarise(entries: Iterable[CohortEntry | SampleSetAside]) -> Cohort:
    """The cohort of ``entries``; the order they come in makes no difference."""
    names: dict[str, str] = {}
    samples: Counter[str] = Counter()
    verdicts: dict[str, dict[str, Counter[str]]] = {}
    unknown: Counter[str] = Counter()
    mismatched: dict[tuple[str, str], list[str]] = {}
    not_understood: Counter[str] = Counter()
    aside: dict[str, list[str]] = {}
    for entry in entries:
        if isinstance(entry, SampleSetAside):
            aside.setdefault("; ".join(entry.reasons), []).append(entry.sample)
            continue
        names[entry.group] = entry.group_name
        samples[entry.group] += 1
        drugs = verdicts.setdefault(entry.group, {})
        for drug, verdict in entry.verdicts.items():
            drugs.setdefault(drug, Counter())[verdict] += 1
        unknown.update(set(entry.unknown))
        for mismatch in entry.mismatches:
            mismatched.setdefault(mismatch, []).append(entry.sample)
        for text, reason in entry.not_understood:
            not_understood[f"{text}: {reason}"] += 1
    groups = tuple(
        Group(
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
        groups=groups,
        unknown=_most_frequent(unknown),
        mismatches=mismatches,
        not_understood=_most_frequent(not_understood),
        set_aside=tuple(
            SamplesAside(reason=reason, samples=tuple(sorted(found))) for reason, found in sorted(aside.items())
        ),
    )


def print_cohort(cohort: Cohort, vocabulary: Vocabulary, groups: Groups, top: int) -> None:
    """Print ``cohort`` for a person in a terminal; of what may be many the ``top`` most frequent."""
    from resistab.report.console import grid, open_console, plain, say

    console = open_console()
    of = counted(len(cohort.groups), groups.one, groups.many)
    say(console, f"{counted(cohort.samples, 'sample')} of {of}", "bold")
    for aside in cohort.set_aside:
        say(console, f"Not among them, since not read: {', '.join(aside.samples)}: {aside.reason}")
    for group in cohort.groups:
        named = group.name if group.name == group.code else f"{group.name} ({group.code})"
        title = f"{named}: {counted(group.samples, 'sample')}"
        if not group.drugs:
            say(console, f"{title}; no drug is marked as used there")
            continue
        table = grid(title, "Drug", "Share of the samples with each verdict")
        for drug in group.drugs:
            table.add_row(plain(drug.drug), ", ".join(vocabulary.shares(drug.counts)))
        console.print(table)
    if groups.unknown:
        say(console, f"{groups.unknown}: {len(cohort.unknown):,}, the most frequent", "bold")
        for item in cohort.unknown[:top]:
            say(console, f"  {item.samples:>5,}  {item.text}")
    if groups.mismatches:
        say(console, f"{groups.mismatches}: {len(cohort.mismatches):,}", "bold")
        for mismatch in cohort.mismatches:
            say(console, f"  {len(mismatch.samples):>5,}  {mismatch.entry}: {mismatch.reason}")
    say(console, f"Set aside for another reason: {len(cohort.not_understood):,}", "bold")
    for item in cohort.not_understood[:top]:
        say(console, f"  {item.samples:>5,}  {item.text}")


def _most_frequent(counts: Counter[str]) -> tuple[Counted, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Counted(text=text, samples=number) for text, number in ordered)
