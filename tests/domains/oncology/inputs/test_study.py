"""Study folders of cBioPortal: mutations, copies, structural variants, panels and the clinical table of one study."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from tests.domains.oncology.inputs.laboratory_files import texts

MUTATIONS = (
    "Hugo_Symbol\tNCBI_Build\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
    "EGFR\tGRCh37\tMissense_Mutation\tP1-T1\tp.L858R\nTP53\tGRCh37\tMissense_Mutation\tP2-T1\tp.R175H\n"
)
CLINICAL = (
    "#Patient\tSample\tCode\n#Patient\tSample\tCode\n#STRING\tSTRING\tSTRING\n#1\t1\t1\n"
    "PATIENT_ID\tSAMPLE_ID\tONCOTREE_CODE\nP1\tP1-T1\tLUAD\nP2\tP2-T1\tBRCA\nP3\tP3-T1\tCOAD\n"
)
COPIES = (
    "Hugo_Symbol\tEntrez_Gene_Id\tP1-T1\tP2-T1\nERBB2\t2064\t0\t2\nMET\t4233\t2\t1\nXYZ1\t1\t2\t0\nPTEN\t5728\t-2\tNA\n"
)
FUSIONS = (
    "Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\tEvent_Info\n"
    "P1-T1\tSOMATIC\tEML4\tALK\tEML4-ALK fusion\nP1-T1\tSOMATIC\tROS1\tCD74\tRearrangement\n"
    "P2-T1\tGERMLINE\tBRCA1\tBRCA1\tdeletion\nP2-T1\tSOMATIC\tEGFR\tEGFR\tEGFRvIII\n"
)
PANELS = "SAMPLE_ID\tmutations\nP1-T1\tIMPACT468\nP2-T1\tWES\n"
FILES = {
    "data_mutations.txt": MUTATIONS,
    "data_clinical_sample.txt": CLINICAL,
    "data_cna.txt": COPIES,
    "data_sv.txt": FUSIONS,
    "data_gene_panel_matrix.txt": PANELS,
}


def study(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, content in (FILES | {name.replace("__", "."): text for name, text in files.items()}).items():
        (folder / name).write_text(content)
    return folder


def read(folder: Path, interpreter: Interpreter) -> dict[str, Genotype]:
    samples = read_samples(folder, interpreter.rulebase)
    return {given.sample: interpreter.assemble(with_defaults(given, SampleDefaults())) for given in samples}


def test_all_files_of_a_sample_come_together(oncology: Interpreter, tmp_path: Path) -> None:
    found = read(study(tmp_path / "s"), oncology)
    assert set(found) == {"P1-T1", "P2-T1"}
    first, second = found["P1-T1"], found["P2-T1"]
    assert (first.tumour_type, second.tumour_type) == ("LUAD", "BRCA")
    assert set(texts(first)) == {
        "EGFR L858R", "EML4::ALK", "ROS1 fusion", "CD74 fusion", "MET amplification", "PTEN deletion",
    }  # fmt: skip
    assert set(texts(second)) == {"TP53 R175H", "ERBB2 amplification", "EGFR splice variant vIII"}
    assert first.read_as == "cBioPortal study, mutations as MAF, GRCh37"


def test_copies_given_were_assayed_and_a_panel_says_what_was(oncology: Interpreter, tmp_path: Path) -> None:
    found = read(study(tmp_path / "s"), oncology)
    first = {str(item.locus) for item in found["P1-T1"].assayed if not item.inferred}
    second = {str(item.locus) for item in found["P2-T1"].assayed if not item.inferred}
    assert {"ERBB2 copy number", "PTEN copy number", "KRAS mutation"} <= first
    assert "ERBB2 copy number" in second
    assert "PTEN copy number" not in second
    # An exome tells of mutations, and of nothing else.
    assert "KRAS mutation" in second
    assert "ALK fusion" not in second


def test_records_of_all_files_are_counted(oncology: Interpreter, tmp_path: Path) -> None:
    records = read(study(tmp_path / "s"), oncology)["P1-T1"].records
    assert records is not None
    assert {item.reason: item.number for item in records.filtered_out} == {
        "a copy number change of a gene with no curated association": 1
    }
    # One mutation, two changes of copies, one fusion by its name and one by its two genes.
    assert records.findings == 6


def test_meta_files_name_the_data_files(oncology: Interpreter, tmp_path: Path) -> None:
    meta = "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: mine.maf\n"
    folder = study(tmp_path / "s", meta_mutations__txt=meta, mine__maf=MUTATIONS.replace("p.L858R", "p.T790M"))
    assert "EGFR T790M" in texts(read(folder, oncology)["P1-T1"])


def test_a_meta_file_leads_nowhere_out_of_the_folder(oncology: Interpreter, tmp_path: Path) -> None:
    (tmp_path / "secret.maf").write_text(MUTATIONS.replace("p.L858R", "p.T790M"))
    meta = "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: ../secret.maf\n"
    assert "EGFR L858R" in texts(read(study(tmp_path / "s", meta_mutations__txt=meta), oncology)["P1-T1"])


def test_the_faults_of_all_files_are_told_at_once(oncology: Interpreter, tmp_path: Path) -> None:
    folder = study(tmp_path / "s", data_cna__txt="Gene\tP1\nERBB2\t2\n", data_sv__txt="Sample_Id\nP1\n")
    with pytest.raises(InputError) as raised:
        read(folder, oncology)
    assert [str(fault).split("/")[-1].partition(";")[0] for fault in raised.value.faults] == [
        "data_cna.txt:1: the column 'hugo_symbol' is missing",
        "data_sv.txt:1: the column 'site1_hugo_symbol' is missing",
        "data_sv.txt:1: the column 'site2_hugo_symbol' is missing",
    ]
