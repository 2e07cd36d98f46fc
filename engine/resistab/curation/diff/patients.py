"""Which verdicts of which patients two states of a rule set give differently, and by which rows."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.curation.kit.patients import Comparison, Concluded, Progress, Unread
from resistab.domains.pack import Pack
from resistab.domains.registry import packs
from resistab.files.processes import in_processes

# A cohort is interpreted by one evaluator, and these of it by all, which must agree.
FIRST_CHECKED = 3
EVERY_CHECKED = 500
# So many go to a process at a time.
PART = 25


@dataclass(frozen=True)
class VerdictChange:
    """A verdict that is another; a side that is None has no table for the drug.

    ``old_rows`` and ``new_rows`` are responsible: the rows that hold on one side only or were changed themselves, all
    that hold where there is none such.
    """

    sample: str
    drug: str
    old: Concluded | None
    new: Concluded | None
    old_rows: tuple[str, ...]
    new_rows: tuple[str, ...]

    @property
    def transition(self) -> tuple[str, str, str]:
        """The drug and both verdicts, as people read them."""
        return self.drug, told(self.old), told(self.new)


@dataclass(frozen=True)
class PatientDifferences:
    """What becomes of a cohort; ``same_verdict`` counts verdicts that stay, with another score or by other rows."""

    patients: int
    changes: tuple[VerdictChange, ...]
    same_verdict: int
    unread: tuple[Unread, ...] = ()

    @property
    def patients_changed(self) -> int:
        """How many patients have a verdict that changes."""
        return len({change.sample for change in self.changes})

    def transitions(self) -> list[tuple[tuple[str, str, str], int]]:
        """Each drug's changes of verdict with the number of patients, the commonest first."""
        return sorted(Counter(change.transition for change in self.changes).items(), key=lambda item: (-item[1], item))

    def as_data(self) -> dict[str, Any]:
        """The differences as JSON has them."""
        return {
            "patients": self.patients,
            "patients_changed": self.patients_changed,
            "verdicts_changed": len(self.changes),
            "same_verdict_by_other_rows_or_score": self.same_verdict,
            "transitions": [
                {"drug": drug, "old": old, "new": new, "patients": count}
                for (drug, old, new), count in self.transitions()
            ],
            "changes": [
                {
                    "sample": change.sample,
                    "drug": change.drug,
                    "old": None if change.old is None else vars(change.old) | {"rows": list(change.old.rows)},
                    "new": None if change.new is None else vars(change.new) | {"rows": list(change.new.rows)},
                    "rows_responsible_old": list(change.old_rows),
                    "rows_responsible_new": list(change.new_rows),
                }
                for change in self.changes
            ],
            "not_understood_by_one_side": [vars(item) | {"reasons": list(item.reasons)} for item in self.unread],
        }


def told(concluded: Concluded | None) -> str:
    """A verdict for people, also where there is none."""
    return "no table" if concluded is None else concluded.text


@dataclass
class _Tally:
    """What is found sample by sample; ``changed`` are the ids of rows that were changed themselves."""

    changed: frozenset[str]
    changes: list[VerdictChange]
    same_verdict: int = 0

    def add(self, sample: str, old: Mapping[str, Concluded], new: Mapping[str, Concluded]) -> None:
        for drug in sorted({*old, *new}):
            one, other = old.get(drug), new.get(drug)
            if one == other:
                continue
            if one is not None and other is not None and (one.verdict, one.grade) == (other.verdict, other.grade):
                self.same_verdict += 1
                continue
            old_rows, new_rows = one.rows if one else (), other.rows if other else ()
            only_old = tuple(row for row in old_rows if row not in new_rows or row in self.changed)
            only_new = tuple(row for row in new_rows if row not in old_rows or row in self.changed)
            if not only_old and not only_new:
                only_old, only_new = old_rows, new_rows
            self.changes.append(VerdictChange(sample, drug, one, other, only_old, only_new))


def domain_of(path: Path, compared: Collection[str] = ()) -> Pack:
    """The domain of whose patients a file tells; of the registry's first where no other says that it is its own.

    Where the files of two domains have one form, it is of the one whose rules are ``compared``, by its name.
    """
    first, *others = packs()
    asked = sorted(others, key=lambda pack: pack.name not in compared)
    return next((pack for pack in asked if pack.curate.claims(path)), first)


def compare_patients(
    comparison: Comparison,
    files: Sequence[Path],
    said: Mapping[str, Any],
    changed: frozenset[str],
    progress: Progress,
) -> PatientDifferences:
    """The verdicts that differ for the patients in ``files`` and in what ``said`` names, options of the domain.

    ``changed`` are the ids of the rows that were changed. Raises ``InputError`` with every fault of the patients, and
    ``OptionsError`` where options do not go with them.
    """
    patients = comparison.patients(files, said, progress)
    tally = _Tally(changed, [])

    def concluded(numbers: range) -> list[tuple[Mapping[str, Concluded], Mapping[str, Concluded]]]:
        checked = (number < FIRST_CHECKED or number % EVERY_CHECKED == 0 for number in numbers)
        return [
            comparison.conclude(patients.pairs[number], each) for number, each in zip(numbers, checked, strict=True)
        ]

    parts = [range(first, min(first + PART, len(patients.pairs))) for first in range(0, len(patients.pairs), PART)]
    done = in_processes(concluded, parts)
    # The processes start before the bar, whose thread would keep them from it.
    found = dict(itertools.islice(done, 1))
    for _ in progress(parts[1:], "Interpreting by both"):
        found.update(itertools.islice(done, 1))
    for number, part in enumerate(parts):
        for place, both in zip(part, found[number], strict=True):
            tally.add(patients.pairs[place].sample, *both)
    return PatientDifferences(patients.given, tuple(tally.changes), tally.same_verdict, patients.unread)
