"""``approvals.yaml``: where drugs are approved or otherwise used, and which approvals were withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Annotated, Literal

from resistab.core.cached import cached_property
from resistab.core.model import Field
from resistab.core.records import dataclass
from resistab.domains.oncology.kinds.fields import ConditionField
from resistab.rulesets.models import RulebaseModel, Text

Authority = Literal["FDA", "EMA", "Health Canada", "HSE Ireland", "HPRA Ireland"]
# The root of the tumour types: any tumour.
ROOT = "TISSUE"


class Use(RulebaseModel):
    """Tumour types in which drugs are used, those in ``outside`` and under them left out.

    ``markers`` are the biomarkers, of which one suffices: conditions where the language has the words, and in
    ``other_markers`` sentences where it has not. Without either the biomarkers do not matter. ``since`` is the day of
    the first approval, where known, ``labels`` name the texts that say so (authority, name, day). ``basis`` says in
    words on what a use rests that no label listed here gives.
    """

    tumour_types: tuple[Text, ...] = Field(min_length=1)
    outside: tuple[Text, ...] = ()
    markers: tuple[ConditionField, ...] = ()
    other_markers: tuple[Text, ...] = ()
    since: datetime.date | None = None
    authorities: tuple[Authority, ...] = ()
    labels: tuple[Text, ...] = ()
    basis: Text | None = None

    @property
    def needs_marker(self) -> bool:
        """Whether a biomarker decides on the use."""
        return bool(self.markers or self.other_markers)


class ApprovedDrugs(RulebaseModel):
    """What drugs, given together, are approved for, or otherwise used."""

    drugs: tuple[Text, ...] = Field(min_length=1)
    uses: tuple[Use, ...] = Field(min_length=1)


class Withdrawal(RulebaseModel):
    """Approvals that an authority no longer has in force: of these drugs, alone or with others, in these types."""

    drugs: tuple[Text, ...] = Field(min_length=1)
    tumour_types: tuple[Text, ...] = Field(min_length=1)
    authorities: tuple[Authority, ...] = Field(min_length=1)
    year: Annotated[int, Field(ge=1990)]
    why: Text


class NamedTypes(RulebaseModel):
    """What the list of approvals calls a tumour type that is not OncoTree's, or by which it means less or more.

    With ``drug`` it does so in rows of that drug alone.
    """

    name: Text
    drug: Text | None = None
    tumour_types: tuple[Text, ...] = Field(min_length=1)
    outside: tuple[Text, ...] = ()
    why: Text


class LeftOut(RulebaseModel):
    """Rows of the list of approvals that are not taken over, and ``why``; without ``biomarkers`` all of the type."""

    drugs: tuple[Text, ...] = Field(min_length=1)
    tumour: Text
    biomarkers: tuple[Text, ...] = ()
    why: Text


class ApprovalFile(RulebaseModel):
    """``approvals.yaml``.

    ``approvals`` is made from the list of approvals by ``tools/approvals.py``; all else is written by curators:
    ``further`` are uses that the list does not have, ``accompanying`` the drugs of the list that are not given against
    the tumour.
    """

    accompanying: tuple[Text, ...] = ()
    named_types: tuple[NamedTypes, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    further: tuple[ApprovedDrugs, ...] = ()
    approvals: tuple[ApprovedDrugs, ...] = ()

    @property
    def every(self) -> tuple[ApprovedDrugs, ...]:
        """The uses of the list and those beside it."""
        return (*self.approvals, *self.further)


@dataclass(frozen=True)
class Covering:
    """A use of ``drugs`` together that covers a tumour type.

    ``covers`` says how: the type itself; an organ, of which the type may be; or that the type is one of those left out
    of a wider one. ``withdrawals`` are those that apply to it, ``authorities`` those that are left.
    ``only_in_regimen`` says that it is the use of a regimen with a table of its own, of which the drug that was asked
    for is a part.
    """

    drugs: tuple[str, ...]
    use: Use
    covers: Literal["type", "organ", "left out"]
    authorities: tuple[Authority, ...]
    withdrawals: tuple[Withdrawal, ...] = ()
    only_in_regimen: bool = False

    @property
    def any_tumour(self) -> bool:
        """Whether it is a use in tumours of any type, for the sake of a biomarker."""
        return self.use.needs_marker and ROOT in self.use.tumour_types

    @property
    def in_force(self) -> bool:
        """Whether some authority still approves it, or it rests on something else."""
        return bool(self.authorities) or not self.use.authorities


# The drugs of a use that are given against the tumour, and the use.
DrugsUse = tuple[tuple[str, ...], Use]


class Uses:
    """The uses of drugs, by tumour type; ``lineage`` gives a type and those above it, nearest first.

    ``regimens`` are the combinations that have tables of their own, ``coarse`` the types that name an organ and no
    disease.
    """

    def __init__(
        self,
        file: ApprovalFile,
        lineage: Callable[[str], tuple[str, ...]],
        regimens: Iterable[frozenset[str]],
        coarse: frozenset[str],
    ) -> None:
        self.file, self.lineage, self.coarse = file, lineage, coarse
        self.accompanying = frozenset(file.accompanying)
        self.regimens = tuple(regimen - self.accompanying for regimen in regimens)
        self._found: dict[tuple[tuple[str, ...], str], tuple[Covering, ...]] = {}
        self._lines: dict[str, frozenset[str]] = {}
        self._of_parts: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[DrugsUse, ...]]] = {}

    @cached_property
    def drugs(self) -> frozenset[str]:
        """Every drug of the uses that is given against the tumour."""
        return frozenset(drug for approval in self.file.every for drug in approval.drugs) - self.accompanying

    @cached_property
    def _by_drug(self) -> dict[str, list[DrugsUse]]:
        found: dict[str, list[DrugsUse]] = {}
        for approval in self.file.every:
            drugs = tuple(drug for drug in approval.drugs if drug not in self.accompanying)
            for drug in drugs:
                found.setdefault(drug, []).extend((drugs, use) for use in approval.uses)
        return found

    def _line(self, code: str) -> frozenset[str]:
        """A type and those above it."""
        found = self._lines.get(code)
        if found is None:
            found = self._lines[code] = frozenset(self.lineage(code))
        return found

    def covers(self, use: Use, code: str) -> Literal["type", "organ", "left out"] | None:
        """How the types of a use hold tumours of type ``code``; None where they do not."""
        line = self._line(code)
        left_out = not line.isdisjoint(use.outside)
        if not line.isdisjoint(use.tumour_types):
            return "left out" if left_out else "type"
        below = code in self.coarse and any(code in self._line(name) for name in use.tumour_types)
        return "organ" if below and not left_out else None

    def of(self, parts: tuple[str, ...], code: str) -> tuple[Covering, ...]:
        """The uses that cover the type, or leave it out, of these drugs alone before those with others."""
        known = self._of_parts.get(parts)
        if known is None:
            known = self._of_parts[parts] = self._uses_with(parts)
        against, uses = known
        if not uses:
            return ()
        key = (against, code)
        if key not in self._found:
            line, coarse = self._line(code), code in self.coarse
            found = [
                self._covering(against, drugs, use, how, code)
                for drugs, use in uses
                # Most uses are of other types, and this is asked of each drug in each type.
                if (coarse or not line.isdisjoint(use.tumour_types)) and (how := self.covers(use, code)) is not None
            ]
            self._found[key] = tuple(sorted(found, key=lambda one: (len(one.drugs), one.drugs)))
        return self._found[key]

    def _uses_with(self, parts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[DrugsUse, ...]]:
        """Those of the drugs that are given against the tumour, and every use of all of them, alone or with others."""
        against = tuple(part for part in parts if part not in self.accompanying)
        uses = self._by_drug.get(against[0], ()) if against else ()
        return against, tuple((drugs, use) for drugs, use in uses if set(against).issubset(drugs))

    def _covering(
        self,
        parts: tuple[str, ...],
        drugs: tuple[str, ...],
        use: Use,
        how: Literal["type", "organ", "left out"],
        code: str,
    ) -> Covering:
        withdrawals = tuple(
            one
            for one in self.file.withdrawn
            if set(one.drugs) <= set(drugs)
            and set(one.authorities) & set(use.authorities)
            # What was withdrawn in a type says nothing of those above it.
            and any(name in self.lineage(code) for name in one.tumour_types)
        )
        gone = {authority for one in withdrawals for authority in one.authorities}
        with_others = set(parts) < set(drugs)
        return Covering(
            drugs=drugs,
            use=use,
            covers=how,
            authorities=tuple(name for name in use.authorities if name not in gone),
            withdrawals=withdrawals,
            only_in_regimen=with_others
            and any(set(parts) < regimen and regimen <= set(drugs) for regimen in self.regimens),
        )

    def withdrawn(self, parts: tuple[str, ...], code: str) -> tuple[Withdrawal, ...]:
        """The withdrawals of approvals of these drugs alone, in tumours of type ``code``."""
        return tuple(
            one
            for one in self.file.withdrawn
            if set(one.drugs) == set(parts) and any(name in self.lineage(code) for name in one.tumour_types)
        )
