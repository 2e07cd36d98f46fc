"""What curators of pharmacogenomic rules have: the plain form, cases, and evidence beside CPIC's list of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from resistab.core.faults import InputError
from resistab.curation.kit.case_rules import CaseRules
from resistab.curation.kit.diff_items import ItemKind
from resistab.curation.kit.evidence import EvidenceFindings
from resistab.curation.kit.plain import Plain
from resistab.curation.kit.scaffolds import Scaffolds
from resistab.domains.pack import Given
from resistab.domains.pharmacogenomics import checks
from resistab.domains.pharmacogenomics.genotype import GermlineGenotype
from resistab.domains.pharmacogenomics.inputs.patients import GivenPatient, assembled, genotypes, read_patients
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter, make
from resistab.domains.pharmacogenomics.kinds import CaseFile, GermlineCase, GermlineRulebase
from resistab.domains.pharmacogenomics.report import VERDICTS
from resistab.files.patient_file import fault_placing
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.folder_reader import FolderReading


def _read(
    interpreter: GermlineInterpreter, files: Sequence[Path], said: Mapping[str, Any], keep_going: bool
) -> list[GermlineGenotype]:
    return genotypes(interpreter.rulebase, Given(files=tuple(files), said=said, keep_going=keep_going))


PLAIN = Plain(
    vocabulary=VERDICTS,
    lists={
        "genes": ItemKind("gene", "genes"),
        "phenotypes": ItemKind("phenotype", "phenotypes", rule=True),
        "drugs": ItemKind("drug", "drugs"),
        "citations": ItemKind("citation", "citations"),
    },
    made=Scaffolds(
        row=lambda id_, on: {
            "id": id_,
            "status": "draft",
            "when": "<conclusion>",
            "effect": "<effect>",
            "reason": "<reason>",
            "created": on,
            "reviewed": on,
            "evidence": [{"reference": "<reference>", "gene": "<gene>", "level": "<level>"}],
        },
        case={"findings": ["<finding>"]},
    ),
    interpreter=make,
    read=_read,
    own_codes=checks.CODES,
)
codes, lint, row_count, row_places = PLAIN.codes, PLAIN.lint, PLAIN.row_count, PLAIN.row_places
item_kinds, items, compare = PLAIN.item_kinds, PLAIN.items, PLAIN.compare
scaffolds, make_site, shown, dependence = PLAIN.scaffolds, PLAIN.make_site, PLAIN.shown, PLAIN.dependence


class GermlineCases(CaseRules):
    """A rule set as its cases see it."""

    FILE = CaseFile

    def genotype(self, case: GermlineCase, source: Source, path: Path_) -> GermlineGenotype:
        """The patient, by results as a laboratory writes them."""
        findings = [(text, fault_placing(source, (*path, "findings", n))) for n, text in enumerate(case.findings)]
        return assembled(self.rulebase, GivenPatient(case.case, findings), keep_going=False)


def case_rules(rulebase: GermlineRulebase, folder: Path) -> CaseRules:
    """As ``CurateModule.case_rules``."""
    return GermlineCases(rulebase, folder)


def claims(path: Path) -> bool:
    """As ``CurateModule.claims``: what has the form of our patient files and tables, which name no tumour type."""
    try:
        return bool(read_patients(path))
    except InputError:
        return False


def check_notes(rulebase: GermlineRulebase) -> Iterable[str]:
    """As ``CurateModule.check_notes``: what is cited without a publication, and why."""
    return [f"{one.reference}: {one.exception}" for one in rulebase.citations if one.exception is not None]


def read_evidence(paths: Sequence[Path]) -> checks.Pairs:
    """As ``CurateModule.read_evidence``: CPIC's list of pairs."""
    return checks.read_pairs(paths)


def check_evidence(folder: Path, reading: FolderReading[Any], sources: checks.Pairs) -> EvidenceFindings:
    """As ``CurateModule.check_evidence``."""
    return checks.check_evidence(reading.files, sources)
