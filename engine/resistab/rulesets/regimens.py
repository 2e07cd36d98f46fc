"""Regimens as rule sets hold them: drugs given together, who names them for what, and rules for combining drugs.

These are the parts that do not depend on the domain; a pack adds how biomarkers are written. What is made of them for
a patient is in ``report/options``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from resistab.core.cached import cached_property
from resistab.core.model import Field, StringConstraints, model_validator
from resistab.rulesets.models import Dated, Reference, RulebaseModel, Text

Seen = Literal["full", "secondary", "partial", "name only"]
RuleKind = Literal[
    "do not combine",
    "required partner",
    "least active",
    "keep",
    "not after",
    "overlapping toxicity",
    "pharmacogenomic risk",
    "interaction",
]
Severity = Literal["contraindicated", "broken", "caution"]
Share = Annotated[float, Field(ge=0, le=1)]
SourceRow = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-\d{3}$")]


class Authority(RulebaseModel):
    """Who says something of a regimen or of combining drugs: a guideline, a label, a trial.

    ``grade`` is the authority's own. ``references`` are identifiers, ``named`` a guideline that has none.
    ``superseded`` marks what the authority itself has given up since. ``source`` are the rows of the data behind it.
    """

    authority: Text
    year: Annotated[int, Field(ge=1980, le=2100)] | None = None
    grade: Text | None = None
    references: tuple[Reference, ...] = ()
    named: Text | None = None
    verification: Seen = "full"
    superseded: bool = False
    source: tuple[SourceRow, ...] = ()

    @model_validator(mode="after")
    def _says_where(self) -> Authority:
        if not self.references and self.named is None:
            raise ValueError("references, or named where there is no identifier")
        return self

    @property
    def cited(self) -> tuple[str, ...]:
        """The references, then the guideline that can only be named."""
        return (*self.references, *([self.named] if self.named else []))


class RegimenSetting(RulebaseModel):
    """When a regimen is given: a setting of the manifest, earlier treatment it asks for, and who says so.

    ``after`` names drugs or classes, of which the patient must have had one. ``provided`` is what no genotype can say.
    """

    setting: Text
    after: tuple[Text, ...] = ()
    provided: Text | None = None
    authorities: tuple[Authority, ...] = Field(min_length=1)


class Regimen(Dated):
    """Drugs that are given together; ``together_with`` says what else belongs to it, in words."""

    drugs: tuple[Text, ...] = Field(min_length=1)
    together_with: Text | None = None
    note: Text | None = None


class LeastActive(RulebaseModel):
    """So much activity, in units of one fully active drug, from drugs of so many classes."""

    active: Annotated[float, Field(gt=0)]
    classes: Annotated[int, Field(ge=1)] = 1


class CombiningRule(Dated):
    """A rule for combining drugs: where it applies it is said, and with its severity it counts against a regimen.

    It applies where all that is given holds. Names are those of drugs or classes. ``together``: the regimen has a drug
    of each list, all different. ``drugs``: it has one of these. ``only``: all its drugs are of these, and at most
    ``number``. ``after``: the patient has had one of these. ``unless``: it does not apply where the regimen has a drug
    of every list; ``partners`` says the same of what a drug requires. ``unless_active``: it does not apply where one of
    these is in the regimen and fully active. ``germline`` are phenotypes by their names in pharmacogenomics. What
    ``comedication`` and ``provided`` say cannot be seen: the rule is then but a caution.
    """

    kind: RuleKind
    severity: Severity
    says: Text
    together: tuple[tuple[Text, ...], ...] = ()
    drugs: tuple[Text, ...] = ()
    only: tuple[Text, ...] = ()
    number: Annotated[int, Field(ge=1)] | None = None
    same_target_and_mode: bool = False
    unless: tuple[tuple[Text, ...], ...] = ()
    unless_active: tuple[Text, ...] = ()
    partners: tuple[tuple[Text, ...], ...] = ()
    least: LeastActive | None = None
    settings: tuple[Text, ...] = ()
    after: tuple[Text, ...] = ()
    germline: tuple[Text, ...] = ()
    comedication: Text | None = None
    provided: Text | None = None
    evidence: tuple[Authority, ...] = Field(min_length=1)

    @property
    def visible(self) -> bool:
        """Whether what it asks for can be seen at all."""
        return self.comedication is None and self.provided is None

    @property
    def names(self) -> Iterator[str]:
        """Every drug or class that it names."""
        flat = (self.drugs, self.only, self.unless_active, self.after)
        for group in (*self.together, *self.unless, *self.partners, *flat):
            yield from group


class ClassBarrier(RulebaseModel):
    """What a class of drugs takes to be defeated, in words."""

    drug_class: Text
    note: Text


class DrugBarrier(RulebaseModel):
    """How a drug's genetic barrier is judged, and the changes that come first."""

    drug: Text
    grade: Text
    first_changes: tuple[Text, ...] = ()
    note: Text | None = None
    references: tuple[Reference, ...] = ()
    named: Text | None = None
    verification: Seen = "full"
    source: tuple[SourceRow, ...] = ()


class ChangeCost(RulebaseModel):
    """A change that is selected more rarely than its nucleotides say: it weighs ``cost`` more in a genetic barrier."""

    change: Text
    cost: Annotated[int, Field(ge=1)]
    note: Text
    references: tuple[Reference, ...] = ()
    named: Text | None = None
    verification: Seen = "full"
    source: tuple[SourceRow, ...] = ()


class BarrierFile(RulebaseModel):
    """``barriers.yaml``."""

    classes: tuple[ClassBarrier, ...] = ()
    drugs: tuple[DrugBarrier, ...] = ()
    costs: tuple[ChangeCost, ...] = ()


class UnusedRegimens(RulebaseModel):
    """Rows of the data behind no entry, with the reason."""

    source: tuple[SourceRow, ...] = Field(min_length=1)
    reason: Text


class UnusedRegimenFile(RulebaseModel):
    """``unused_regimens.yaml``."""

    unused: tuple[UnusedRegimens, ...] = ()


class NamedOnly(RulebaseModel):
    """Guidelines and labels that can but be named, or papers, that no list of evidence holds, and why."""

    named: tuple[Text, ...] = Field(min_length=1)
    reason: Text


RegimenAspect = Literal["drugs", "authority", "reference", "verification"]


class RegimenDifference(RulebaseModel):
    """Entries (regimens, rules, drugs of barriers) that differ from a row of the data behind them, and why."""

    entries: tuple[Text, ...] = Field(min_length=1)
    source: SourceRow
    differs_in: tuple[RegimenAspect, ...] = Field(min_length=1)
    reason: Text


class UnverifiedCitations(RulebaseModel):
    """``unverified_citations.yaml``: what of regimens cannot be verified against the data, with the reason."""

    named: tuple[NamedOnly, ...] = ()
    differs: tuple[RegimenDifference, ...] = ()


class SettingWeight(RulebaseModel):
    """A setting, in the order of the list: how active a regimen must be there.

    ``least_gss`` is in units of one fully active drug, ``least_share`` a share of the regimen's drugs; of a regimen of
    fewer drugs than ``least_gss`` all are asked. ``untreated`` says that the setting is for patients who had nothing
    yet, ``treated`` that they had something, ``after`` that it was one of these drugs or classes. A ``special``
    setting is one that only the clinic can know of: it counts where it is asked for. Settings of one ``rank`` stand
    side by side; one without comes after those before it.
    """

    setting: Text
    least_gss: Annotated[float, Field(ge=0)] | None = None
    least_share: Share | None = None
    untreated: bool = False
    treated: bool = False
    after: tuple[Text, ...] = ()
    special: bool = False
    rank: Annotated[int, Field(ge=0)] | None = None

    def least(self, drugs: int) -> float:
        """The least sum of activities that a regimen of so many drugs needs."""
        if self.least_share is not None:
            return self.least_share * drugs
        return min(self.least_gss or 0.0, float(drugs))


class HeavierDrugs(RulebaseModel):
    """Drugs that count more than one."""

    drugs: tuple[Text, ...] = Field(min_length=1)
    weight: Annotated[float, Field(gt=0)]


class RegimenPolicy(RulebaseModel):
    """``regimens`` of a manifest: how active a drug is by its level or verdict, and what a setting asks for.

    ``accompanying`` are drugs, or classes, that are given beside others and hit no target of their own.
    """

    activity: dict[Text, Share]
    not_active_to: Share = 0.25
    heavier: tuple[HeavierDrugs, ...] = ()
    accompanying: tuple[Text, ...] = ()
    settings: tuple[SettingWeight, ...] = Field(min_length=1)

    @cached_property
    def rank_of(self) -> Mapping[str, int]:
        """The place of each setting in the list, or the rank that it has."""
        return {item.setting: place if item.rank is None else item.rank for place, item in enumerate(self.settings)}

    @cached_property
    def setting_of(self) -> Mapping[str, SettingWeight]:
        """Settings by name."""
        return {item.setting: item for item in self.settings}

    def weight_of(self, drug: str) -> float:
        """How much a drug counts where it is fully active."""
        return next((item.weight for item in self.heavier if drug in item.drugs), 1.0)
