"""Patients with germline results: in the options, in a patient file (YAML, JSON), or in a table (CSV, TSV).

A patient file holds ``sample``, ``findings`` and, if known, ``date``; or a list of such under ``patients``. A table has
the columns ``gene`` and ``result``, and ``sample`` where it holds several patients.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from resistab.core.faults import Fault, FaultAt, InputError, NotUnderstood, OptionsError, fault_in
from resistab.domains.pack import Given
from resistab.domains.pharmacogenomics.genotype import GeneResult, GermlineGenotype
from resistab.domains.pharmacogenomics.inputs.written import contradictions, read_result
from resistab.domains.pharmacogenomics.kinds import GermlineRulebase
from resistab.files.patient_file import SampleEntry, read_samples
from resistab.files.sample_names import chosen, name_fault
from resistab.files.tables import read_table, require

_TABLES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")


class GermlineEntry(SampleEntry):
    """A sample in a patient file."""

    findings: tuple[str, ...]
    date: datetime.date | None = None


@dataclass
class GivenPatient:
    """A patient as given: each result as it is written, with how to place a fault of it."""

    sample: str
    findings: list[tuple[str, FaultAt]] = field(default_factory=list)
    taken: datetime.date | None = None


def genotypes(rulebase: GermlineRulebase, given: Given) -> list[GermlineGenotype]:
    """As ``InputsModule.genotypes``."""
    findings = given.said.get("finding") or ()
    if bool(given.files) == bool(findings):
        raise OptionsError("give --finding, or patient files, and not both")
    own = GivenPatient(given.sample or "sample", [(text, fault_in("--finding")) for text in findings])
    patients = [patient for path in given.files for patient in read_patients(path, given.sample)] or [own]
    found: list[GermlineGenotype] = []
    faults: list[Fault] = []
    for patient in patients:
        try:
            found.append(assembled(rulebase, patient, given.keep_going))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def assembled(rulebase: GermlineRulebase, patient: GivenPatient, keep_going: bool) -> GermlineGenotype:
    """The genotype of a patient; raises ``InputError`` with every fault.

    With ``keep_going`` what is not understood is set aside; results that contradict each other never are.
    """
    results: list[tuple[GeneResult, FaultAt]] = []
    faults: list[Fault] = []
    aside: list[NotUnderstood] = []
    if fault := name_fault(patient.sample):
        faults.append(Fault(where="sample", message=f"'{patient.sample}' {fault}", expected="a name"))
    for text, fault_at in patient.findings:
        try:
            result = read_result(rulebase, text, fault_at)
            results += [(result, fault_at)] if result else []
        except InputError as error:
            aside.append(NotUnderstood(entry=text, reason=error.faults[0].message))
            faults += () if keep_going else error.faults
    faults += contradictions(results)
    if faults:
        raise InputError(faults)
    return GermlineGenotype(patient.sample, tuple(result for result, _ in results), patient.taken, tuple(aside))


def read_patients(path: Path, wanted: str | None = None) -> list[GivenPatient]:
    """The patients in a file, or the one that is wanted; raises ``InputError``. What is written is not yet read."""
    if path.name.casefold().endswith(_TABLES):
        patients = _from_table(path, wanted or "sample")
    else:
        patients = [
            GivenPatient(
                entry.sample, [(text, at("findings", number)) for number, text in enumerate(entry.findings)], entry.date
            )
            for entry, at in read_samples(path, GermlineEntry)
        ]
    return patients if wanted is None else chosen(patients, wanted, str(path))


def _from_table(path: Path, sample: str) -> list[GivenPatient]:
    table = read_table(path)
    require(table, "gene", "result")
    patients: dict[str, GivenPatient] = {}
    for row in table.rows:
        name = row["sample"] or sample
        patient = patients.setdefault(name, GivenPatient(name))
        patient.findings.append((f"{row['gene']} {row['result']}", row.fault_at))
    if not patients:
        raise InputError([Fault(where=str(path), message="holds no row", expected="a row for each gene tested")])
    return list(patients.values())
