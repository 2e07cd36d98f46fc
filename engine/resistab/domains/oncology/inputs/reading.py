"""One way into every kind of file: recognise it, read it, and give its samples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from resistab.core.records import dataclass, replace
from resistab.domains.oncology.inputs.assembly import GivenSample
from resistab.domains.oncology.inputs.recognition import Kind, recognise
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.opening import read_once
from resistab.files.sample_names import chosen

if TYPE_CHECKING:
    from resistab.domains.oncology.kinds.coding_exons import CodingExons


@dataclass(frozen=True)
class Wanted:
    """What the user asks of a file: the one sample called ``sample``, or all where it is None.

    ``exons`` serve to read what blocks of a gVCF cover; ``progress`` is told how many records were read;
    ``knows_symbol`` says of a symbol without rules that it is a gene.
    """

    sample: str | None = None
    exons: Callable[[], CodingExons | None] = lambda: None
    progress: Callable[[int], None] | None = None
    knows_symbol: Callable[[str], bool] | None = None


def read_samples(path: Path, rulebase: Rulebase, wanted: Wanted | None = None) -> list[GivenSample]:
    """The samples of a file or folder of any kind that is understood; raises ``InputError`` with every fault."""
    wanted = wanted or Wanted()
    with read_once(path):
        kind = recognise(path)
        samples = _READERS[kind](path, rulebase, wanted)
    samples = [sample if sample.read_as else replace(sample, read_as=str(kind)) for sample in samples]
    if wanted.sample is None or kind in _NAMED_BY_USER:
        return samples
    return chosen(samples, wanted.sample, str(path))


def _patient(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.patient_file import read_patient_file

    return read_patient_file(path)


def _findings(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.findings_table import read_findings_table

    return _one_or_chosen(read_findings_table(path, wanted.sample or "sample"), wanted)


def _spreadsheet(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.spreadsheet import read_spreadsheet

    return _one_or_chosen(read_spreadsheet(path, wanted.sample or "sample"), wanted)


def _one_or_chosen(samples: list[GivenSample], wanted: Wanted) -> list[GivenSample]:
    """Of a table whose rows name samples the one that is wanted; a table that names none has the name given."""
    if wanted.sample is None or not any(sample.sample == wanted.sample for sample in samples):
        return samples
    return [sample for sample in samples if sample.sample == wanted.sample]


def _maf(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.maf import read_maf

    # A sample that is not there is to be told with those that are.
    return read_maf(path, rulebase, wanted.sample, wanted.knows_symbol) or read_maf(path, rulebase)


def _vcf(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.vcf import read_vcf

    return read_vcf(path, rulebase, wanted.sample, wanted.exons(), wanted.progress)


def _phenopacket(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.phenopacket import read_phenopackets

    return read_phenopackets(path, rulebase, wanted.exons(), wanted.knows_symbol)


def _study(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.study import read_study

    return read_study(path, rulebase, wanted.sample, wanted.knows_symbol)


def _tso500(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.tso500 import read_tso500

    return read_tso500(path, rulebase, wanted.sample, wanted.knows_symbol)


def _star_fusion(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.fusion_callers import read_star_fusion

    return _one_or_chosen(read_star_fusion(path, rulebase, wanted.sample or "sample", wanted.knows_symbol), wanted)


def _arriba(path: Path, rulebase: Rulebase, wanted: Wanted) -> list[GivenSample]:
    from resistab.domains.oncology.inputs.fusion_callers import read_arriba

    return _one_or_chosen(read_arriba(path, rulebase, wanted.sample or "sample", wanted.knows_symbol), wanted)


_READERS: dict[Kind, Callable[[Path, Rulebase, Wanted], list[GivenSample]]] = {
    Kind.PATIENT: _patient,
    Kind.FINDINGS: _findings,
    Kind.SPREADSHEET: _spreadsheet,
    Kind.MAF: _maf,
    Kind.VCF: _vcf,
    Kind.PHENOPACKET: _phenopacket,
    Kind.STUDY: _study,
    Kind.TSO500: _tso500,
    Kind.STAR_FUSION: _star_fusion,
    Kind.ARRIBA: _arriba,
}
# Kinds in which a sample may have no name of its own.
_NAMED_BY_USER = frozenset({Kind.VCF, Kind.TSO500})
