"""GA4GH Phenopackets v2, JSON or YAML: one packet, a family or a cohort of them.

Read are the disease, the biosamples, the genomic interpretations and the medical actions. What else a packet holds
(phenotypic features, measurements, files) says nothing that a rule asks for, or is listed as not read.
"""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, FaultAt, InputError, NotUnderstood, shortened
from resistab.core.numbers import plain_number
from resistab.core.said import said, said_of
from resistab.domains.oncology.grammar.protein_change import parse_protein_change
from resistab.domains.oncology.inputs.alterations import Measured
from resistab.domains.oncology.inputs.assembly import GivenFinding, GivenSample, GivenText
from resistab.domains.oncology.inputs.builds import build_named
from resistab.domains.oncology.inputs.fusions import IsGene, gene_known, named_event, speaks_of_fusion
from resistab.domains.oncology.inputs.tumour_types import read_tumour_type
from resistab.domains.oncology.kinds.coding_exons import CodingExons
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.opening import whole_text
from resistab.files.sample_names import name_fault
from resistab.files.yaml_source import Source, read_yaml

_FRACTION_NAMES = (
    "allele-fraction",
    "allele_fraction",
    "allele fraction",
    "allele-frequency",
    "vaf",
    "variant allele fraction",
)
# What names of a sample's material mean circulating DNA; solid tissue is never called so.
_PLASMA = ("ctdna", "cfdna", "cell-free", "cell free", "circulating", "plasma", "liquid biopsy")
# Bounded, since each place of a long label is tried as the beginning of a symbol.
_FUSION = re.compile(r"(?P<five>[A-Z0-9-]{1,40})::(?P<three>[A-Z0-9-]{1,40})")
_CHANGE = re.compile(r"\(?p\.[^\s,;)]+\)?")
# Words of a label by which it says more than what was changed.
_RESULT = re.compile(
    r"\b(?:not?|none|negative|without|absent|undetected|wild[- ]?type|wt|benign|vus|uncertain|failed|pending|equivocal|"
    r"indeterminate|inconclusive|excluded)\b",
    re.IGNORECASE,
)
_MOST_BYTES = 50_000_000


def read_phenopackets(
    path: Path, rulebase: Rulebase, exons: CodingExons | None = None, knows_symbol: IsGene | None = None
) -> list[GivenSample]:
    """The samples of every packet of a file: its biosamples, or the subject where there are none.

    ``exons`` place variants that are given by their coordinates alone; ``knows_symbol`` tells symbols of genes without
    rules.

    Raises ``InputError`` with every fault: malformed text, fields that the schema does not have.
    """
    where = str(path)
    text = whole_text(path, _MOST_BYTES, f"Phenopackets of at most {_MOST_BYTES // 1_000_000} MB in a file")
    source = parsed_source(text, where)
    samples: list[GivenSample] = []
    faults: list[Fault] = []
    for steps, packet in _packets(source.data):
        try:
            message = _checked(packet, source, steps)
            samples.extend(
                _Packet(message, source, steps, rulebase, exons, gene_known(rulebase, knows_symbol)).samples()
            )
        except InputError as error:
            faults.extend(error.faults)
    if not samples and not faults:
        faults.append(Fault(where=where, message="holds no packet", expected="a Phenopacket of version 2"))
    if faults:
        raise InputError(faults)
    return samples


def parsed_source(text: str, where: str) -> Source:
    """JSON or YAML with the place of each value; raises ``InputError`` where it is malformed."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            message = f"is malformed JSON: {error.msg}"
            raise InputError([Fault(where=where, line=error.lineno, column=error.colno, message=message)]) from error
        except (ValueError, RecursionError):
            # A number of thousands of digits, or brackets in brackets: told with their places below.
            pass
        text = text.replace("\t", " ")
    source, faults = read_yaml(text, where)
    if faults:
        raise InputError(faults)
    return source


def _packets(data: Any) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Each packet with where it stands: alone, in a list, in a cohort's ``members``, or a family's ``proband``."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from (((index, *steps), packet) for steps, packet in _packets(item))
    elif isinstance(data, dict):
        members = data.get("members")
        if isinstance(members, list):
            for index, item in enumerate(members):
                yield from ((("members", index, *steps), packet) for steps, packet in _packets(item))
        elif isinstance(data.get("proband"), dict):
            yield ("proband",), data["proband"]
        else:
            yield (), data


def _checked(packet: dict[str, Any], source: Source, steps: tuple[str | int, ...]) -> Any:
    """The packet as its schema reads it."""
    from google.protobuf.json_format import ParseDict, ParseError
    from phenopackets.schema.v2 import Phenopacket

    try:
        return ParseDict(_as_json(packet), Phenopacket())
    except (ParseError, TypeError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        named = re.search(r'named "([^"]+)"', reason)
        message = f"is no Phenopacket of version 2: {reason.partition(' Available Fields')[0].rstrip('.')}"
        expected = f"one of the schema's fields in place of '{named[1]}'" if named else "the fields of the schema"
        raise InputError([source.fault(steps, message, expected)]) from error


def _as_json(value: Any) -> Any:
    """A value as JSON has it: YAML reads dates where JSON has text."""
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z") if value.tzinfo else f"{value.isoformat()}Z"
    return f"{value.isoformat()}T00:00:00Z" if isinstance(value, datetime.date) else value


def _plain(spelled: str) -> str:
    """A protein change in one spelling, so that two can be compared; as it stands where it cannot be read."""
    change = spelled.rpartition(":")[2]
    try:
        return str(parse_protein_change(change) or change)
    except ValueError:
        return change


@dataclass
class _Sample:
    findings: list[GivenFinding] = field(default_factory=list)
    filtered_out: Counter[str] = field(default_factory=Counter)
    aside: list[NotUnderstood] = field(default_factory=list)


class _Packet:
    def __init__(
        self,
        message: Any,
        source: Source,
        steps: tuple[str | int, ...],
        rulebase: Rulebase,
        exons: CodingExons | None,
        is_gene: IsGene,
    ) -> None:
        self.packet, self.source, self.steps, self.rulebase, self.exons = message, source, steps, rulebase, exons
        self.notes: list[str] = []
        self.is_gene = is_gene
        self.biosamples = {biosample.id: biosample for biosample in message.biosamples}

    def at(self, *steps: str | int) -> FaultAt:
        """Places a fault at a field of the packet, or at the nearest that stands in the file."""
        whole = (*self.steps, *steps)
        while whole not in self.source.places and len(whole) > len(self.steps):
            whole = whole[:-1]
        return lambda message, expected, suggestion: self.source.fault(whole, message, expected, suggestion)

    def samples(self) -> list[GivenSample]:
        """A sample for each biosample, or one for the subject."""
        found: dict[str, _Sample] = {name: _Sample() for name in self.biosamples}
        own = self.packet.subject.id or self.packet.id
        if not found:
            found[own] = _Sample()
        diagnoses = []
        for index, interpretation in enumerate(self.packet.interpretations):
            if not interpretation.HasField("diagnosis"):
                continue
            diagnoses.append(interpretation.diagnosis.disease)
            for number, genomic in enumerate(interpretation.diagnosis.genomic_interpretations):
                place = self.at("interpretations", index, "diagnosis", "genomicInterpretations", number)
                self.interpretation(genomic, found, own, place)
        notes = [*self.notes, *self.not_read()]
        therapies = self.therapies()
        return [self.given(name, sample, diagnoses, therapies, notes) for name, sample in found.items()]

    # --- what was found -------------------------------------------------------------------------------------

    def interpretation(self, genomic: Any, found: dict[str, _Sample], own: str, place: FaultAt) -> None:
        target = genomic.subject_or_biosample_id
        if target in found:
            samples = [found[target]]
        elif target in ("", own) and len(found) == 1:
            # One sample alone: what is filed under the patient is of it, or of all cells and so of it too.
            samples = list(found.values())
        else:
            self.of_another(genomic, found, own, place)
            return
        statuses = type(genomic).InterpretationStatus
        if (number := genomic.interpretation_status) not in statuses.values():
            expected = f"one of {', '.join(statuses.keys())}"
            raise InputError([place(f"the interpretation status {number} is none of the schema's", expected, None)])
        status = statuses.Name(number)
        for sample in samples:
            if status == "REJECTED":
                sample.filtered_out[said("interpretation rejected")] += 1
            elif genomic.HasField("variant_interpretation"):
                self.variant(genomic.variant_interpretation.variation_descriptor, sample, place)
            elif genomic.HasField("gene") and genomic.gene.symbol:
                symbol = genomic.gene.symbol
                sample.findings.append(
                    GivenFinding(f"{symbol} (gene only)", place, fallback=f"{symbol} mutation", records=1, shown=symbol)
                )
            else:
                sample.aside.append(
                    NotUnderstood(entry="an interpretation", reason="names neither a variant nor a gene")
                )

    def of_another(self, genomic: Any, found: dict[str, _Sample], own: str, place: FaultAt) -> None:
        """An interpretation of no sample; where it is of the patient, the gene counts as not tested in each."""
        target = genomic.subject_or_biosample_id
        descriptor = genomic.variant_interpretation.variation_descriptor
        gene = genomic.gene.symbol or descriptor.gene_context.symbol or self.symbol_of(descriptor)
        for sample in found.values():
            if target in ("", own) and gene:
                reason = "is filed under the patient, and which of the samples has it is not said"
                text = f"{gene} {descriptor.label}".strip()
                sample.findings.append(GivenFinding(text, place, fallback="", records=1, unread=reason))
            else:
                sample.filtered_out[_not_of_this(target, own)] += 1

    def variant(self, variant: Any, sample: _Sample, place: FaultAt) -> None:
        gene = variant.gene_context.symbol or self.symbol_of(variant)
        protein, reason = self.protein_change(variant, gene)
        _, _, change = protein.rpartition(":")
        label = variant.label or variant.description
        text = self.structural(variant, gene, label)
        if text is None and protein:
            text = f"{gene} {change}"
        if text is None and gene and not _RESULT.search(label) and len(named := _CHANGE.findall(label)) == 1:
            text = f"{gene} {named[0].strip('()')}"
        if text is None:
            text = label if label.upper().startswith(gene.upper()) and label else f"{gene} {label}".strip()
        shown = (f"{gene} {protein or label}" if gene else label).strip() or variant.id
        if not text or text == gene:
            reason = "has neither a protein change (an expression with the syntax hgvs.p) nor a label"
            entry = f"{gene} variant" if gene else shown or "a variant"
            sample.findings.append(
                GivenFinding(entry, place, fallback=f"{gene} mutation" if gene else "", records=1, unread=reason)
            )
            return
        fallback = f"{gene} mutation" if gene else ""
        if reason:
            sample.findings.append(GivenFinding(shown, place, fallback=fallback, records=1, unread=reason))
            return
        sample.findings.append(
            GivenFinding(
                text,
                place,
                Measured(self.fraction(variant)),
                fallback=fallback,
                records=1,
                shown=shown,
                kind_unsure=not protein,
            )
        )

    def protein_change(self, variant: Any, gene: str) -> tuple[str, str]:
        """The protein change, "" for none; of those of several isoforms the one on the reference.

        With it why it is not known which is meant, "" where it is.
        """
        spelled = [item.value for item in variant.expressions if item.syntax.lower().startswith("hgvs.p")]
        known = self.rulebase.gene_by_name.get(gene.upper())
        reference = (known.protein or "").partition(".")[0] if known else ""
        ours = [one for one in spelled if reference and one.partition(":")[0].partition(".")[0] == reference]
        changes = {_plain(one) for one in ours or spelled}
        reason = f"names several changes, {' and '.join(sorted(changes))}" if len(changes) > 1 else ""
        return next(iter(ours or spelled), ""), reason

    def symbol_of(self, variant: Any) -> str:
        """The gene of a variant without a symbol: by its HGNC id, else by where its VCF record lies; "" for neither."""
        known = {gene.hgnc_id: gene.symbol for gene in self.rulebase.genes}
        if symbol := known.get(variant.gene_context.value_id):
            return symbol
        record = variant.vcf_record
        build = build_named(record.genome_assembly)
        if self.exons is None or build is None or not record.pos:
            return ""
        genes = self.exons.genes_within(build, record.chrom, record.pos, record.pos + max(len(record.ref), 1) - 1)
        return genes[0] if genes else ""

    def structural(self, variant: Any, gene: str, label: str) -> str | None:
        """A fusion or a change of copies, from the structural type and the label; None for a small variant."""
        kind = variant.structural_type.label.lower().replace("_", " ")
        if _RESULT.search(label):
            # What was found, or not, is said by the whole label.
            return None
        if match := _FUSION.search(label):
            return match[0]
        if gene and ("fusion" in kind or speaks_of_fusion(label)):
            named = named_event(gene, label, self.is_gene).texts
            return named[0] if len(named) == 1 else f"{gene} fusion"
        if not gene:
            return None
        if "amplification" in kind or "high-level copy number gain" in kind:
            return f"{gene} amplification"
        if "complete genomic loss" in kind or "homozygous deletion" in kind:
            return f"{gene} deletion"
        if "copy number" in kind or variant.variation.HasField("copy_number"):
            return f"{gene} copy number changed"
        return None

    def fraction(self, variant: Any) -> float | None:
        """The allele fraction of an extension that is called so; None where there is none, or it is no fraction."""
        for extension in variant.extensions:
            if extension.name.lower() in _FRACTION_NAMES:
                value = plain_number(extension.value.strip())
                if value is None or not 0 <= value <= 1:
                    text = shortened(extension.value)
                    unread = "the {name} '{given}' was not read: it is no fraction from 0 to 1"
                    self.notes.append(said(unread, name=extension.name, given=text))
                    return None
                return value
        return None

    # --- what is known beside -------------------------------------------------------------------------------

    def tumour(self, name: str, diagnoses: list[Any]) -> GivenText | None:
        """The tumour type: of the biosample's histology, else of the diagnosis, else of the one disease."""
        biosample = self.biosamples.get(name)
        candidates = [biosample.histological_diagnosis] if biosample is not None else []
        candidates += diagnoses
        present = [disease.term for disease in self.packet.diseases if not disease.excluded]
        candidates += present if len(present) == 1 else []
        named = [term for term in candidates if term.id]
        for term in named:
            for text in (term.id, term.label):
                if text and read_tumour_type(self.rulebase, text).tumour is not None:
                    return GivenText(text, self.at("diseases"))
        if not named:
            return None
        term = named[0]
        return GivenText(f"{term.label} ({term.id})" if term.label else term.id, self.at("diseases"))

    def therapies(self) -> list[GivenText] | None:
        """The drugs of the medical actions; None where no action is listed, which is not the same as no therapy."""
        drugs: list[GivenText] = []
        for index, action in enumerate(self.packet.medical_actions):
            place = self.at("medicalActions", index)
            if action.HasField("treatment"):
                agent = action.treatment.agent
                drugs.append(GivenText(agent.label or agent.id, place))
            elif action.HasField("therapeutic_regimen"):
                regimen = action.therapeutic_regimen.ontology_class
                drugs += [GivenText(part.strip(), place) for part in (regimen.label or "").split("/") if part.strip()]
        # Surgery and radiation alone do not say that no drug was given.
        return drugs or None

    def not_read(self) -> list[str]:
        """What the packet holds that is not read, and might have mattered."""
        notes = []
        measurements = [m.assay.label or m.assay.id for m in self.packet.measurements]
        measurements += [m.assay.label or m.assay.id for b in self.packet.biosamples for m in b.measurements]
        if measurements:
            named = ", ".join(sorted(set(measurements)))
            notes.append(said("measurements of the Phenopacket were not read: {measurements}", measurements=named))
        files = [file.uri for file in self.packet.files] + [f.uri for b in self.packet.biosamples for f in b.files]
        if files:
            notes.append(
                said_of(
                    len(files),
                    "the Phenopacket refers to {number} file, which were not read",
                    "the Phenopacket refers to {number} files, which were not read",
                )
            )
        return notes

    def given(
        self, name: str, sample: _Sample, diagnoses: list[Any], therapies: list[GivenText] | None, notes: list[str]
    ) -> GivenSample:
        biosample = self.biosamples.get(name)
        date = None
        if biosample is not None and biosample.time_of_collection.HasField("timestamp"):
            date = biosample.time_of_collection.timestamp.ToDatetime().date()
        labels = (biosample.sample_type, biosample.material_sample, biosample.sampled_tissue) if biosample else ()
        material = " ".join(term.label.lower() for term in labels)
        is_ctdna = any(word in material for word in _PLASMA)
        faults = []
        if fault := name_fault(name):
            faults.append(self.at("id")(f"the sample's name '{name}' {fault}", "an id", None))
        return GivenSample(
            sample=name,
            tumour_type=self.tumour(name, diagnoses),
            specimen="ctDNA" if is_ctdna else None,
            date=date,
            findings=sample.findings,
            prior_therapies=therapies,
            faults=faults,
            read_as=f"GA4GH Phenopacket {self.packet.meta_data.phenopacket_schema_version}".strip(),
            notes=notes,
            filtered_out=dict(sample.filtered_out),
            aside=sample.aside,
        )


def _not_of_this(target: str, own: str) -> str:
    """Why an interpretation is none of a sample."""
    if target == own:
        return said("of the subject, not of this sample")
    return said("of {sample}, not of this sample", sample=target)
