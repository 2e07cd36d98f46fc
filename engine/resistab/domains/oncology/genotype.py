"""A patient's genotype: findings, what was assayed, and what is known beside them."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from resistab.core.faults import NotUnderstood
from resistab.core.measured import MeasuredResponse
from resistab.core.model import ConfigDict, Field, Model, model_validator
from resistab.domains.oncology.atoms import Analyte, SiteType
from resistab.domains.oncology.grammar.loci import Locus
from resistab.domains.oncology.grammar.protein_change import ProteinChange


class PatientModel(Model):
    """Base: frozen, and with no field that is not understood."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Phase(PatientModel):
    """The finding lies on the same (cis) or another (trans) copy of the gene as ``other``."""

    phase: Literal["cis", "trans"]
    gene: str
    change: ProteinChange


class FindingModel(PatientModel):
    """Base of findings: ``text`` is the canonical spelling, ``given`` what the user wrote.

    ``allele_fraction`` is between 0 and 1, ``depth`` the number of reads at the place, ``records`` the number of
    records of a file of calls that were read whole as this finding. ``origin`` says whether it is inherited, ``copies``
    whether it lies on one copy of the gene or on both, where that was said. ``unknown_significance`` is a laboratory's
    word on what it does.
    """

    text: str
    given: str
    allele_fraction: float | None = None
    depth: int | None = None
    records: int = 0
    origin: Literal["germline", "somatic"] | None = None
    copies: Literal["one", "both"] | None = None
    unknown_significance: bool = False


class ChangeFinding(FindingModel):
    """A protein change."""

    kind: Literal["change"] = "change"
    gene: str
    change: ProteinChange
    phases: tuple[Phase, ...] = ()

    @property
    def bounds(self) -> tuple[int, int]:
        """The first and the last residue that the change touches."""
        return self.change.start, self.change.end


class SiteFinding(FindingModel):
    """A change that is known only by type and place (``EGFR exon 19 deletion``, ``KRAS mutation``).

    ``first`` and ``last`` bound the residues it may lie in; None where the whole gene is meant. ``may_stop`` says that
    it was written with an X (``R213X``): any residue, as HGVS has it, or a stop, as many write it.
    """

    kind: Literal["site"] = "site"
    gene: str
    type: SiteType
    first: int | None = None
    last: int | None = None
    may_stop: bool = False

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The residues it may lie in, None for the whole gene."""
        return self.first, self.last


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


Outcome = Literal[
    "progression", "stable disease", "partial response", "complete response", "response", "intolerance", "completed"
]
"""How a therapy ended, in the words of RECIST as far as it has them."""


class PriorTherapy(PatientModel):
    """A drug the patient has had, in what line of therapy, how that ended, and when, as far as it was said."""

    drug: str
    classes: tuple[str, ...] = ()
    line: int | None = None
    outcome: Outcome | None = None
    ended: datetime.date | None = None

    @property
    def text(self) -> str:
        """The drug, with line, outcome and date in brackets."""
        line = f"line {self.line}" if self.line else None
        said = [part for part in (line, self.outcome, self.ended.isoformat() if self.ended else None) if part]
        return f"{self.drug} ({', '.join(said)})" if said else self.drug


class FilteredRecords(PatientModel):
    """How many records of a file are no findings, for the same reason."""

    reason: str
    number: int


class Records(PatientModel):
    """What became of the records of a file of calls: each is counted once, so that the numbers add up to ``total``.

    ``findings`` are those read as findings, several perhaps as one; ``partly`` those of which the gene is known and the
    change is not; ``set_aside`` those that are not understood at all.
    """

    total: int
    findings: int
    partly: int
    set_aside: int
    filtered_out: tuple[FilteredRecords, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Records:
        counted = self.findings + self.partly + self.set_aside + sum(item.number for item in self.filtered_out)
        if counted != self.total:
            raise ValueError(f"{counted} of {self.total} records are accounted for")
        return self


Assay = Literal["cell line", "primary culture", "organoid", "xenograft"]


class FilteredFinding(PatientModel):
    """A change that was filtered out, and why: by its caller's filters, or because it was not called."""

    finding: Finding
    why: str


class Genotype(PatientModel):
    """Everything that is known of one sample.

    ``lineage`` is the tumour type and its ancestors. ``prior_therapies`` is None where nothing was said about
    them, which is not the same as none. ``limit_of_detection`` is the smallest allele fraction that the assay finds,
    ``tumour_fraction`` the share of the sample's DNA that is the tumour's, both 0 to 1. ``read_as`` says what the
    sample was read from, ``records`` what became of each record there, ``filtered_findings`` which changes were
    filtered out and may be there.
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
    limit_of_detection: float | None = None
    tumour_fraction: float | None = None
    read_as: str = ""
    records: Records | None = None
    filtered_findings: tuple[FilteredFinding, ...] = ()
    measured: tuple[MeasuredResponse, ...] = ()

    @property
    def coverage_said(self) -> bool:
        """Whether the user said of anything that it was assayed, rather than that findings imply it."""
        return any(not item.inferred for item in self.assayed)

    def shows_absence(self, smallest_clone: float) -> bool:
        """Whether what was assayed and not found is absent, but for clones below this share of the tumour's cells.

        Of circulating tumour DNA this is known only where its tumour fraction and the assay's limit of detection are,
        and a change on one of two copies in such a clone would lie above that limit.
        """
        if self.specimen != "ctDNA":
            return True
        if not self.limit_of_detection or not self.tumour_fraction:
            return False
        return self.tumour_fraction / 2 * smallest_clone >= self.limit_of_detection
