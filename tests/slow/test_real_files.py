"""Real files, where they are present: none crashes, and every record is matched, known to be unmatched, or listed."""

from __future__ import annotations

import csv
import gzip
from collections import Counter

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from tests.paths import SHARED

PATIENTS = SHARED / "data" / "patients"
TCGA = PATIENTS / "tcga_cancer_gene_mutations_dev.tsv.gz"
LAML = PATIENTS / "tcga_laml.maf.gz"

pytestmark = pytest.mark.skipif(not PATIENTS.is_dir(), reason="no real patient files at hand")


@pytest.fixture(scope="module")
def tcga(oncology: Interpreter, tmp_path_factory: pytest.TempPathFactory) -> list[Genotype]:
    """The TCGA mutations under the column names of MAF, all of them as of one tumour type."""
    path = tmp_path_factory.mktemp("tcga") / "tcga.maf"
    columns = ("gene", "class", "sample", "HGVSp_Short")
    with gzip.open(TCGA, "rt", encoding="utf-8", newline="") as file, path.open("w", encoding="utf-8") as out:
        out.write("Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n")
        for row in csv.DictReader(file, delimiter="\t"):
            out.write("\t".join(row[name] for name in columns) + "\n")
    samples = read_samples(path, oncology.rulebase)
    return [oncology.assemble(with_defaults(given, SampleDefaults(tumour="TISSUE"))) for given in samples]


def test_every_mutation_of_tcga_is_accounted_for(tcga: list[Genotype]) -> None:
    found = Counter[str]()
    for genotype in tcga:
        records = genotype.records
        assert records is not None
        found.update(total=records.total, findings=records.findings, partly=records.partly, aside=records.set_aside)
        assert len(genotype.not_understood) == records.partly + records.set_aside
        assert sum(finding.records for finding in genotype.findings) == records.findings
    assert (found["total"], len(tcga)) == (19_526, 5_764)
    # Measured: 150 known by their gene alone, none not understood at all.
    assert found["aside"] == 0
    assert found["partly"] <= 150
    assert found["findings"] + found["partly"] == found["total"]


def test_each_that_is_known_only_by_its_gene_has_a_reason(tcga: list[Genotype]) -> None:
    reasons = {entry.reason for genotype in tcga for entry in genotype.not_understood}
    assert reasons
    known = ("the reference residue", "position", "the protein ends", "p.", "the residue at", "at column")
    assert [reason for reason in reasons if not reason.startswith(known)] == []


def test_reports_are_made_of_tcga_tumours(tcga: list[Genotype], oncology: Interpreter) -> None:
    for genotype in tcga[::400]:
        records = oncology.interpret(genotype).sample.records
        assert records is not None
        assert records.known + records.unknown + records.partly == records.total


def test_the_maf_of_193_leukaemias_is_read_whole(oncology: Interpreter) -> None:
    samples = read_samples(LAML, oncology.rulebase)
    assert len(samples) == 193
    with gzip.open(LAML, "rt", encoding="utf-8") as file:
        rows = sum(1 for _ in file) - 1
    genotypes = [oncology.assemble(with_defaults(given, SampleDefaults(tumour="AML"))) for given in samples]
    assert sum(g.records.total for g in genotypes if g.records is not None) == rows
    npm1 = [g for g in genotypes if any(finding.text == "NPM1 W288fs" for finding in g.findings)]
    assert len(npm1) > 20


@pytest.mark.parametrize("name", ["pcgr_T001-BRCA.grch38.vcf.gz", "pcgr_T001-COAD.grch38.vcf.gz"])
def test_a_vcf_never_annotated_is_refused_with_the_command(oncology: Interpreter, name: str) -> None:
    with pytest.raises(InputError) as raised:
        read_samples(PATIENTS / name, oncology.rulebase)
    (fault,) = raised.value.faults
    assert "vep --input_file" in str(fault)
    assert "--assembly GRCh38" in str(fault)
