"""Patient files in YAML or JSON: one sample, or several under ``patients``."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from resistab.core.faults import Fault, FaultAt, InputError, shortened
from resistab.core.measured import Measure, MeasuredResponse, Response
from resistab.core.model import ConfigDict, Field, Model, model_validator, validation_error
from resistab.core.numbers import Number
from resistab.core.records import replace
from resistab.domains.oncology.genotype import Assay
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import GivenFinding, GivenSample, GivenText
from resistab.files.opening import folder_of, looks_like_fasta
from resistab.files.patient_file import SampleEntry, fault_placing, read_patient_text, sample_entries
from resistab.files.responses import GivenResponse
from resistab.files.sample_names import name_fault
from resistab.files.yaml_source import Source, schema_faults

if TYPE_CHECKING:
    from pydantic import ValidationError


class _FileModel(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class FindingEntry(_FileModel):
    """One finding: the alteration and what was measured of it.

    ``allele_fraction`` is between 0 and 1; ``copies`` a copy number; ``value`` with ``unit`` any other measurement
    (expression, tumour mutational burden); ``phase`` with ``with`` says how it lies to another change.
    """

    alteration: str
    allele_fraction: Number | None = Field(default=None, ge=0, le=1)
    copies: Number | None = Field(default=None, ge=0)
    value: Number | None = None
    unit: str = ""
    phase: Literal["cis", "trans"] | None = None
    phase_with: str | None = Field(default=None, alias="with")

    @model_validator(mode="after")
    def _whole(self) -> FindingEntry:
        if (self.phase is None) != (self.phase_with is None):
            raise ValueError("phase and with belong together")
        if self.copies is not None and self.value is not None:
            raise ValueError("copies and value exclude each other")
        return self


class MeasuredEntry(_FileModel):
    """A measured response to a drug, see ``MeasuredResponse``; a value with its measure, or the laboratory's call."""

    drug: str
    assay: Assay
    measure: Measure | None = None
    value: Number | None = Field(default=None, ge=0)
    resistant_from: Number | None = Field(default=None, ge=0)
    sensitive_to: Number | None = Field(default=None, ge=0)
    call: Response | None = None

    @model_validator(mode="after")
    def _whole(self) -> MeasuredEntry:
        if (self.measure is None) != (self.value is None):
            raise ValueError("measure and value belong together")
        if self.value is None and self.call is None:
            raise ValueError("neither a value nor a call is given")
        return self


class TherapyEntry(_FileModel):
    """A drug that the patient had: its line, how it ended, in a word of RECIST or as intolerance, and when."""

    drug: str
    line: int | None = Field(default=None, ge=1, le=99)
    outcome: str | None = None
    ended: datetime.date | str | None = None

    @property
    def text(self) -> str:
        """As one entry of text."""
        line = f"line {self.line}" if self.line else None
        said = ", ".join(str(part) for part in (line, self.outcome, self.ended) if part is not None)
        return f"{self.drug} ({said})" if said else self.drug


class PatientEntry(SampleEntry):
    """One sample of one patient. ``assayed`` names genes or regions; ``prior_therapies`` may be an empty list.

    ``panel`` names what was assayed too: a published panel of the rule set, or a file beside the patient's.
    ``limit_of_detection`` is the smallest allele fraction that the assay finds, ``tumour_fraction`` the share of the
    DNA that is the tumour's.
    """

    tumour_type: str
    specimen: Literal["tissue", "ctDNA"] | None = None
    date: datetime.date | None = None
    limit_of_detection: Number | None = Field(default=None, ge=0, le=1)
    tumour_fraction: Number | None = Field(default=None, ge=0, le=1)
    panel: str | None = None
    findings: tuple[str | FindingEntry, ...] = ()
    assayed: tuple[str, ...] = ()
    prior_therapies: tuple[str | TherapyEntry, ...] | None = None
    measured: tuple[MeasuredEntry, ...] = ()


def read_patient_file(path: Path) -> list[GivenSample]:
    """The samples in a file, as ``parse_patient_text``; raises ``InputError`` where the file cannot be read."""
    where = str(path)
    text = read_patient_text(path)
    if looks_like_fasta(text[:100]):
        expected = "a patient file in YAML or JSON; for sequences of HIV give --ruleset hiv1 with it"
        raise InputError([Fault(where=where, line=1, message="is a FASTA file of sequences", expected=expected)])
    # What came through a pipe has nothing beside it.
    folder = folder_of(path)
    return [replace(sample, folder=folder) for sample in parse_patient_text(text, where)]


def parse_patient_text(text: str, where: str) -> list[GivenSample]:
    """The samples in a YAML or JSON text; ``where`` names it in messages.

    Raises ``InputError`` where the text holds no samples. The faults of a sample go with it in ``GivenSample.faults``,
    so that whoever assembles it can tell them together with what is wrong in the entries that could be read.
    """
    source, entries = sample_entries(text, where, "sample, tumour_type and findings")
    samples: list[GivenSample] = []
    names: set[str] = set()
    for path, entry in entries:
        faults = []
        if not isinstance(entry, dict):
            found = f"found {shortened(repr(entry))}"
            faults.append(source.fault(path, found, "the fields of a sample: sample, tumour_type, findings"))
            samples.append(GivenSample("", None, faults=faults))
            continue
        try:
            sample = _given(_plain(entry) or PatientEntry.model_validate(entry), source, path)
        except validation_error() as error:
            faults = schema_faults(source, error, PatientEntry, path)
            samples.append(replace(_given(_sound(entry, error), source, path), faults=faults))
            continue
        if sample.sample in names:
            faults.append(source.fault(path, f"the sample '{sample.sample}' is given twice", "each sample once"))
        names.add(sample.sample)
        if not sample.findings and not sample.assayed and sample.panel is None:
            faults.append(
                source.fault(
                    path,
                    f"nothing is known of the tumour of '{sample.sample}'",
                    "at least one of findings, or what was assayed",
                )
            )
        samples.append(replace(sample, faults=faults))
    return samples


def _plain(entry: dict[str, Any]) -> PatientEntry | None:
    """An entry of texts, as most are, which pydantic need not look at; None where it has to be asked."""
    sample, date, specimen = entry.get("sample"), entry.get("date"), entry.get("specimen")
    lists = [entry.get(name, []) for name in ("findings", "assayed", "prior_therapies")]
    if (
        not entry.keys() <= {"sample", "tumour_type", "specimen", "date", "findings", "assayed", "prior_therapies"}
        or type(sample) is not str
        or name_fault(sample)
        or type(entry.get("tumour_type")) is not str
        or specimen not in (None, "tissue", "ctDNA")
        or type(date) not in (type(None), datetime.date)
        or not all(type(listed) is list for listed in lists)
        or not all(type(text) is str for listed in lists[1:] for text in listed)
    ):
        return None
    findings = [finding if type(finding) is str else _plain_finding(finding) for finding in lists[0]]
    if None in findings:
        return None
    whole: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    whole["findings"] = tuple(findings)
    return PatientEntry(**whole)


def _plain_finding(finding: Any) -> FindingEntry | None:
    if not isinstance(finding, dict) or not finding.keys() <= {"alteration", "allele_fraction"}:
        return None
    fraction = finding.get("allele_fraction", 0.0)
    if type(finding.get("alteration")) is not str or type(fraction) not in (int, float) or not 0 <= fraction <= 1:
        return None
    made: FindingEntry = FindingEntry.model_construct(**finding)
    return made


def _sound(entry: dict[str, Any], error: ValidationError) -> PatientEntry:
    """What of a faulty entry is sound; a finding that is not stands as None, so that the others keep their places."""
    faulty = {item["loc"][:2] if item["loc"][0] == "findings" else item["loc"][:1] for item in error.errors()}
    whole = {loc[0] for loc in faulty if len(loc) == 1}
    fields = {
        name: entry[name]
        for name in PatientEntry.model_fields
        if name in entry and name not in whole and name not in ("findings", "date", "measured")
    }
    if isinstance(fields.get("prior_therapies"), list):
        fields["prior_therapies"] = [
            TherapyEntry.model_validate(item) if isinstance(item, dict) else item for item in fields["prior_therapies"]
        ]
    findings: list[str | FindingEntry | None] = []
    if "findings" not in whole and isinstance(entry.get("findings"), list):
        for index, finding in enumerate(entry["findings"]):
            if ("findings", index) in faulty:
                findings.append(None)
            else:
                findings.append(finding if isinstance(finding, str) else FindingEntry.model_validate(finding))
    sound: dict[str, Any] = {"sample": "", "tumour_type": None} | fields | {"findings": findings}
    return PatientEntry.model_construct(**sound)


def _given(entry: PatientEntry, source: Source, path: tuple[str | int, ...]) -> GivenSample:
    def at(*step: str | int) -> FaultAt:
        return fault_placing(source, (*path, *step))

    findings = []
    for index, finding in enumerate(entry.findings):
        place = at("findings", index)
        if finding is None:
            continue
        if isinstance(finding, str):
            findings.append(GivenFinding(finding, place))
            continue
        value, unit = (finding.copies, "copies") if finding.copies is not None else (finding.value, finding.unit)
        findings.append(
            GivenFinding(
                finding.alteration,
                place,
                Measured(finding.allele_fraction, value, unit),
                finding.phase,
                finding.phase_with,
            )
        )
    return GivenSample(
        sample=entry.sample,
        tumour_type=None if entry.tumour_type is None else GivenText(entry.tumour_type, at("tumour_type")),
        specimen=entry.specimen,
        date=entry.date,
        findings=findings,
        assayed=[GivenText(text, at("assayed", index)) for index, text in enumerate(entry.assayed)],
        limit_of_detection=entry.limit_of_detection,
        tumour_fraction=entry.tumour_fraction,
        panel=None if entry.panel is None else GivenText(entry.panel, at("panel")),
        measured=[
            GivenResponse(MeasuredResponse.model_validate(item.model_dump()).with_call(), at("measured", index))
            for index, item in enumerate(entry.measured)
        ],
        read_as="patient file",
        prior_therapies=None
        if entry.prior_therapies is None
        else [
            GivenText(item if isinstance(item, str) else item.text, at("prior_therapies", index))
            for index, item in enumerate(entry.prior_therapies)
        ],
    )
