"""A patient's genotype: findings, what was assayed, and what is known beside them."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from resistab.language.conditions import Analyte, SiteType
from resistab.language.loci import Locus
from resistab.language.protein_change import ProteinChange


class PatientModel(BaseModel):
    """Base: frozen, and with no field that is not understood."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Phase(PatientModel):
    """The finding lies on the same (cis) or another (trans) copy of the gene as ``other``."""

    phase: Literal["cis", "trans"]
    gene: str
    change: ProteinChange


class FindingModel(PatientModel):
    """Base of findings: ``text`` is the canonical spelling, ``given`` what the user wrote.

    ``allele_fraction`` is between 0 and 1.
    """

    text: str
    given: str
    allele_fraction: float | None = None


class ChangeFinding(FindingModel):
    """A protein change."""

    kind: Literal["change"] = "change"
    gene: str
    change: ProteinChange
    phases: tuple[Phase, ...] = ()


class SiteFinding(FindingModel):
    """A change that is known only by type and place (``EGFR exon 19 deletion``, ``KRAS mutation``).

    ``first`` and ``last`` bound the residues it may lie in; None where the whole gene is meant.
    """

    kind: Literal["site"] = "site"
    gene: str
    type: SiteType
    first: int | None = None
    last: int | None = None


class SetFinding(FindingModel):
    """A member of an alteration set, known only by the set's name (``KRAS activating mutation``)."""

    kind: Literal["set"] = "set"
    gene: str
    name: str


class StateFinding(FindingModel):
    """A state of a gene or signature; ``value`` in ``unit`` where it was measured."""

    kind: Literal["state"] = "state"
    subject: str
    analyte: Analyte
    state: str
    value: float | None = None
    unit: str = ""


class LossFinding(FindingModel):
    """Loss of a gene, reported without saying how."""

    kind: Literal["loss"] = "loss"
    gene: str


class FusionFinding(FindingModel):
    """A fusion; a partner that is not known is ""."""

    kind: Literal["fusion"] = "fusion"
    five_prime: str = ""
    three_prime: str = ""
    either: str = ""


class HistologyFinding(FindingModel):
    """A change of histology, to an OncoTree type or to one that is not said ("")."""

    kind: Literal["histology"] = "histology"
    to: str = ""


Finding = Annotated[
    ChangeFinding | SiteFinding | SetFinding | StateFinding | LossFinding | FusionFinding | HistologyFinding,
    Field(discriminator="kind"),
]


class Assayed(PatientModel):
    """A locus that was assayed; ``inferred`` from a finding, or as the user said in ``given``."""

    locus: Locus
    given: str
    inferred: bool = False


class PriorTherapy(PatientModel):
    """A drug the patient has had."""

    drug: str
    classes: tuple[str, ...] = ()


class NotUnderstood(PatientModel):
    """An entry that was set aside, and why."""

    entry: str
    reason: str


class Genotype(PatientModel):
    """Everything that is known of one sample.

    ``lineage`` is the tumour type and its ancestors. ``prior_therapies`` is None where nothing was said about
    them, which is not the same as none.
    """

    sample: str
    tumour_type: str
    lineage: tuple[str, ...]
    specimen: Literal["tissue", "ctDNA"] | None = None
    date: datetime.date | None = None
    findings: tuple[Finding, ...] = ()
    assayed: tuple[Assayed, ...] = ()
    prior_therapies: tuple[PriorTherapy, ...] | None = None
    not_understood: tuple[NotUnderstood, ...] = ()
    notes: tuple[str, ...] = ()
