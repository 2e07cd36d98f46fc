"""Reports as FHIR R4 Bundles by HL7's Genomics Reporting guide (STU 3): what every pack's are built of.

A profile of the guide is claimed in ``meta.profile`` only where all that it asks for is there, and a code stands only
where the guide, LOINC's answers in it or the rule set names it; all else is text. No patient stands in a Bundle: the
guide asks for no subject, and whoever takes the Bundle in knows whose sample it is. Regimens, measured responses and
what learned tables predict stand in the report alone. The same report always gives the same bytes: each id is made of
the report's own digest.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from resistab.core.derivation import reference_url
from resistab.core.extras import require
from resistab.report.model import CitationInfo, NotUnderstoodInfo, Software

Json = dict[str, Any]

_PROFILES = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/"
REPORT, VARIANT, GENOTYPE, IMPLICATION = "genomic-report", "variant", "genotype", "therapeutic-implication"
_RELATED = "http://hl7.org/fhir/StructureDefinition/workflow-relatedArtifact"

LOINC = "http://loinc.org"
GENOMICS = "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/tbd-codes-cs"
HGNC = "http://www.genenames.org/geneId"
HGVS = "http://varnomen.hgvs.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_SERVICE = "http://terminology.hl7.org/CodeSystem/v2-0074"

# Nobody has signed what a program concludes.
_STATUS = "preliminary"


class FhirReport(Protocol):
    """What every report says that has a Bundle."""

    @property
    def software(self) -> Software: ...
    @property
    def ruleset(self) -> Any: ...
    @property
    def generated_on(self) -> datetime.date | None: ...
    def to_json(self) -> str: ...


def require_fhir() -> None:
    """Raise ``ExtraMissingError`` where what checks a Bundle is not installed."""
    require("fhir", "fhir.resources.R4B.bundle")


# --- data types -----------------------------------------------------------------------------------------------


def coded(system: str, code: str, display: str = "", text: str = "") -> Json:
    """A concept with a code, and what is said in its place to people."""
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]} | ({"text": text} if text else {})


def said(text: str) -> Json:
    """A concept for which there is no code."""
    return {"text": text}


def component(code: Json, value: Json | str) -> Json:
    """A part of an observation: a concept, or a quantity, or text."""
    if isinstance(value, str):
        return {"code": code, "valueString": value}
    return {"code": code, "valueQuantity" if "value" in value else "valueCodeableConcept": value}


def number(value: float) -> Json:
    """A quantity without a unit."""
    return {"value": value, "system": UCUM, "code": "1"}


def gene_studied(symbol: str, hgnc: str | None = None) -> Json:
    """The gene of a finding; ``hgnc`` is its id as the rule set has it."""
    value = coded(HGNC, hgnc, symbol, symbol) if hgnc else said(symbol)
    return component(coded(LOINC, "48018-6", text="Gene studied"), value)


def protein_change(hgvs: str) -> Json:
    """A change of a protein by HGVS."""
    return component(coded(LOINC, "48005-3", text="Amino acid change"), coded(HGVS, hgvs, text=hgvs))


def allele_fraction(share: float) -> Json:
    """The share of reads that hold a change, from 0 to 1."""
    return component(coded(LOINC, "81258-6", text="Allele fraction in the sample"), number(share))


def copy_number(copies: float) -> Json:
    """How many copies of a gene there are."""
    return component(coded(LOINC, "82155-3", text="Copy number"), number(copies))


def medication(name: str, rxnorm: str | None = None) -> Json:
    """The drug that is spoken of; ``rxnorm`` is its concept as the rule set has it."""
    value = coded(RXNORM, rxnorm, text=name) if rxnorm else said(name)
    return component(coded(LOINC, "51963-7", text="Medication assessed"), value)


def predicted(value: Json) -> Json:
    """What is to be expected of the drug."""
    return component(coded(GENOMICS, "therapeutic-implication", text="Predicted implication"), value)


def evidence_level(text: str) -> Json:
    """How strong the evidence is, as the rule set grades it."""
    return component(coded(LOINC, "93044-6", text="Level of evidence"), said(text))


def treated(text: str) -> Json:
    """The disease that the drug is given for."""
    return component(coded(LOINC, "81259-4", text="Treatment context"), said(text))


def conclusion(text: str) -> Json:
    """What an observation says in one line."""
    return component(coded(GENOMICS, "conclusion-string", text="Conclusion"), text)


# LOINC's answers, as the guide lists them for what is predicted. It has none for what merely gives no reason to expect
# resistance, which is no promise of a response.
RESISTANT = coded(LOINC, "LA6676-6", "Resistant")
PRESUMED_RESISTANT = coded(LOINC, "LA9660-7", "Presumed resistant")
RESPONSIVE = coded(LOINC, "LA6677-4", "Responsive")
PRESENT = coded(LOINC, "LA9633-4", "Present")


def prediction(words: str, code: Json | None) -> Json:
    """What a verdict predicts, in the report's words, and by the code that the guide has for it."""
    return predicted((code or {}) | said(words))


# --- resources ------------------------------------------------------------------------------------------------


class Bundling:
    """Gathers the resources of one report; ``text`` gives the Bundle."""

    def __init__(self, report: FhirReport) -> None:
        """Begin with the program that made ``report``."""
        self._report = report
        self._digest = hashlib.sha256(report.to_json().encode("utf-8", "backslashreplace")).hexdigest()
        self._entries: list[Json] = []
        self._counts: dict[str, int] = {}
        self._results: list[Json] = []
        self._specimen: Json | None = None
        software = report.software
        self._device = self._add(
            "Device",
            {
                "deviceName": [{"name": software.name, "type": "user-friendly-name"}],
                "version": [{"value": software.version}],
            },
        )

    def specimen(self, name: str, kind: str | None = None, on: datetime.date | None = None) -> None:
        """The sample, by the name that the user gave; ``on`` is when it was taken."""
        taken = {"collection": {"collectedDateTime": str(on)}} if on is not None else {}
        self._specimen = self._add(
            "Specimen", {"identifier": [{"value": name}]} | ({"type": said(kind)} if kind else {}) | taken
        )

    def finding(
        self, code: Json, components: Sequence[Json], value: Json | None = None, profile: str | None = None
    ) -> Json:
        """What was found in the sample, as an Observation; gives the reference to it."""
        fields: Json = {"code": code}
        if value is not None:
            fields["valueCodeableConcept"] = value
        return self._observation(fields, components, profile)

    def variant(self, components: Sequence[Json], text: str, profiled: bool = True) -> Json:
        """A change of a gene that is there, called ``text``; gives the reference to it."""
        code = coded(LOINC, "69548-6", text="Genetic variant assessment")
        parts = [*components, conclusion(text)]
        return self.finding(code, parts, PRESENT, VARIANT if profiled else None)

    def implication(
        self,
        components: Sequence[Json],
        *,
        derived_from: Sequence[Json],
        absent: str | None = None,
        citations: Iterable[CitationInfo] = (),
        sir: str | None = None,
        profiled: bool = True,
    ) -> None:
        """What follows for one drug from the findings ``derived_from``, by which the guide's profile demands.

        ``absent`` says why nothing can be said; then nothing is predicted. ``sir`` is S, I or R, of a virus.
        """
        fields: Json = {"code": coded(GENOMICS, "therapeutic-implication", text="Therapeutic implication")}
        related = [_related(item) for item in citations]
        if related:
            fields["extension"] = related
        if absent is not None:
            fields["dataAbsentReason"] = coded(_ABSENT, "unknown", text=absent)
        if sir:
            fields["interpretation"] = [coded(_INTERPRETATION, sir)]
        if derived_from:
            fields["derivedFrom"] = list(derived_from)
        fields["device"] = self._device
        self._observation(fields, components, IMPLICATION if profiled and derived_from else None)

    def text(
        self,
        title: str,
        conclusion: str,
        *,
        cautions: Iterable[str] = (),
        not_understood: Iterable[NotUnderstoodInfo] = (),
        on: datetime.date | None = None,
        profiled: bool = True,
    ) -> str:
        """The Bundle as JSON on one line, checked by ``fhir.resources``; ``on`` is when the sample was taken.

        ``cautions`` are what must be known before the conclusions are read. Raises ``ExtraMissingError`` where that
        library is not installed.
        """
        require_fhir()
        from fhir.resources.R4B.bundle import Bundle

        rules = self._report.ruleset
        made = f"; report of {self._report.generated_on}" if self._report.generated_on is not None else ""
        by = f"by {rules.name} {rules.version} (sha256 {rules.digest}){made}. Decision support, not signed by anyone."
        aside = [f"Not understood: {item.entry} ({item.reason})." for item in not_understood]
        fields: Json = {
            "status": _STATUS,
            "category": [coded(_SERVICE, "GE")],
            "code": coded(LOINC, "51969-4", text=title) if profiled else said(title),
            "conclusion": " ".join((*cautions, *aside, f"{conclusion}; {by}")),
        }
        if on is not None:
            fields["effectiveDateTime"] = str(on)
        if self._specimen is not None:
            fields["specimen"] = [self._specimen]
        if self._results:
            fields["result"] = self._results
        self._add("DiagnosticReport", fields, REPORT if profiled else None)
        # Whoever reads a Bundle meets the report first.
        entries = [self._entries[-1], *self._entries[:-1]]
        bundle = {"resourceType": "Bundle", "id": self._id("Bundle"), "type": "collection", "entry": entries}
        # Read as any Bundle is: from JSON, where its numbers are decimal.
        # Half a character, as a name may have it that was no text where it was typed, becomes a question mark.
        text = json.dumps(bundle, ensure_ascii=False).encode("utf-8", "replace")
        checked = Bundle.model_validate_json(text)
        return str(checked.model_dump_json())

    def _observation(self, fields: Mapping[str, Any], components: Sequence[Json], profile: str | None) -> Json:
        of_all: Json = {"status": _STATUS, "category": [coded(_CATEGORY, "laboratory"), coded(_SERVICE, "GE")]}
        if self._specimen is not None:
            of_all["specimen"] = self._specimen
        parts = {"component": list(components)} if components else {}
        made = self._add("Observation", {**of_all, **fields, **parts}, profile)
        self._results.append(made)
        return made

    def _add(self, kind: str, fields: Mapping[str, Any], profile: str | None = None) -> Json:
        """Add a resource; gives the reference to it."""
        name = self._id(kind)
        meta = {"meta": {"profile": [_PROFILES + profile]}} if profile else {}
        url = f"urn:uuid:{name}"
        self._entries.append({"fullUrl": url, "resource": {"resourceType": kind, "id": name, **meta, **fields}})
        return {"reference": url}

    def _id(self, kind: str) -> str:
        """The id of the next resource of a kind: the same for the same report, and of no other."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._digest} {kind} {self._counts[kind]}"))


def _related(item: CitationInfo) -> Json:
    """A reference behind a conclusion."""
    url = item.url or reference_url(item.reference)
    artifact = {"type": "citation", "label": item.reference, "citation": item.short}
    return {"url": _RELATED, "valueRelatedArtifact": artifact | ({"url": url} if url else {})}
