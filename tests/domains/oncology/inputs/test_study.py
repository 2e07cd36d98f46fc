"""Study folders of cBioPortal: mutations, copies, structural variants, panels and the clinical table of one study."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.reading import Wanted, read_samples
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
    samples = read_samples(folder, interpreter.rulebase, Wanted(knows_symbol=interpreter.knows_symbol))
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
    assert records.findings == 5


def test_meta_files_name_the_data_files(oncology: Interpreter, tmp_path: Path) -> None:
    meta = "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: mine.maf\n"
    folder = study(tmp_path / "s", meta_mutations__txt=meta, mine__maf=MUTATIONS.replace("p.L858R", "p.T790M"))
    assert "EGFR T790M" in texts(read(folder, oncology)["P1-T1"])


def test_a_meta_file_that_leads_out_of_the_folder_is_refused(oncology: Interpreter, tmp_path: Path) -> None:
    (tmp_path / "secret.maf").write_text(MUTATIONS.replace("p.L858R", "p.T790M"))
    meta = "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: ../secret.maf\n"
    with pytest.raises(InputError, match="leads out of the folder"):
        read(study(tmp_path / "s", meta_mutations__txt=meta), oncology)


def test_the_faults_of_all_files_are_told_at_once(oncology: Interpreter, tmp_path: Path) -> None:
    folder = study(tmp_path / "s", data_cna__txt="Gene\tP1\nERBB2\t2\n", data_sv__txt="Sample_Id\nP1\n")
    with pytest.raises(InputError) as raised:
        read(folder, oncology)
    assert [str(fault).split("/")[-1].partition(";")[0] for fault in raised.value.faults] == [
        "data_cna.txt:1: the column 'hugo_symbol' is missing",
        "data_sv.txt:1: the column 'site1_hugo_symbol' is missing",
        "data_sv.txt:1: the column 'site2_hugo_symbol' is missing",
    ]


def a_folder(path: Path, name: str) -> None:
    (path / name).mkdir()


def a_loop(path: Path, name: str) -> None:
    (path / name).symlink_to(name)


def a_pipe(path: Path, name: str) -> None:
    os.mkfifo(path / name)


def a_link_out(path: Path, name: str) -> None:
    (path.parent / "outside").write_text("secret")
    (path / name).symlink_to("../outside")


def a_device(path: Path, name: str) -> None:
    (path / name).symlink_to("/dev/zero")


@pytest.mark.parametrize("made", [a_folder, a_loop, a_pipe, a_link_out, a_device])
@pytest.mark.parametrize("name", ["meta_cna.txt", "data_cna.txt"])
def test_what_is_no_regular_file_of_a_study_is_refused(
    oncology: Interpreter, tmp_path: Path, made: Callable[[Path, str], None], name: str
) -> None:
    folder = study(tmp_path / "s")
    (folder / name).unlink(missing_ok=True)
    made(folder, name)
    with pytest.raises(InputError) as raised:
        read(folder, oncology)
    (fault,) = raised.value.faults
    assert str(fault).startswith(f"{folder}: the file '{name}' ")
    assert "secret" not in str(fault)


OLD_FUSIONS = (
    "Hugo_Symbol\tEntrez_Gene_Id\tCenter\tTumor_Sample_Barcode\tFusion\tDNA_support\tRNA_support\tMethod\tFrame\n"
)


def only(folder: Path, interpreter: Interpreter) -> Genotype:
    (genotype,) = read(folder, interpreter).values()
    return genotype


def small_study(folder: Path, **files: str) -> Path:
    """A study of the sample S, with one mutation where nothing else is given."""
    folder.mkdir()
    mutations = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
    clinical = "PATIENT_ID\tSAMPLE_ID\tONCOTREE_CODE\nP\tS\tLUAD\n"
    given = {
        "data_mutations.txt": mutations + "TP53\tMissense_Mutation\tS\tp.R175H\n",
        "data_clinical_sample.txt": clinical,
    }
    for name, content in (given | {name.replace("__", "."): text for name, text in files.items()}).items():
        (folder / name).write_text(content)
    return folder


def test_both_rows_of_an_older_fusion_are_one_finding(oncology: Interpreter, tmp_path: Path) -> None:
    rows = "".join(f"{gene}\t1\tX\tS\tEML4-ALK fusion - Archer\tyes\tno\tNA\tin frame\n" for gene in ("EML4", "ALK"))
    genotype = only(small_study(tmp_path / "s", data_fusions__txt=OLD_FUSIONS + rows), oncology)
    assert texts(genotype) == ["EML4::ALK", "TP53 R175H"]
    assert genotype.records is not None
    assert genotype.records.findings == 3


def test_a_study_may_hold_older_fusions_alone(oncology: Interpreter, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "meta_fusions.txt").write_text(
        "genetic_alteration_type: FUSION\ndatatype: FUSION\ndata_filename: f.txt\n"
    )
    (tmp_path / "s" / "f.txt").write_text(OLD_FUSIONS + "ALK\t1\tX\tS\tALK fusion\tyes\tno\tNA\tNA\n")
    (tmp_path / "s" / "data_clinical_sample.txt").write_text("SAMPLE_ID\tONCOTREE_CODE\nS\tLUAD\n")
    assert texts(only(tmp_path / "s", oncology)) == ["ALK fusion"]


def test_a_fusion_without_support_is_filtered_out(oncology: Interpreter, tmp_path: Path) -> None:
    row = "ALK\t1\tX\tS\tEML4-ALK fusion\tno\tno\tNA\tNA\n"
    genotype = only(small_study(tmp_path / "s", data_fusions__txt=OLD_FUSIONS + row), oncology)
    assert texts(genotype) == ["TP53 R175H"]
    assert genotype.records is not None
    assert [item.reason for item in genotype.records.filtered_out] == ["no support in DNA or RNA"]


VARIANTS = "Sample_Id\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\tEvent_Info\tClass\tTumor_Variant_Count\n"


@pytest.mark.parametrize(
    ("row", "found", "aside"),
    [
        ("S\t\tALK\tALK fusion, partner not resolved\tFUSION\t9", ["ALK fusion"], []),
        ("S\tALK\t\t\tTRANSLOCATION\t", ["ALK fusion"], []),
        ("S\t\tALK\tEML4-ALK fusion\tFUSION\t", ["EML4::ALK"], []),
        ("S\tMET\tMET\tMET exon 14 skipping\tDELETION\t", ["MET exon 14 skipping"], []),
        ("S\tALK\tALK\tALK rearrangement\tDELETION\t", [], ["ALK: ALK rearrangement"]),
        ("S\tALK\tALK\tKDD\tDUPLICATION\t", [], ["ALK: KDD"]),
        ("S\tALK\t\tinversion\tINVERSION\t", [], ["ALK: inversion"]),
        ("S\tALK\t\t\t\t", [], ["ALK"]),
        ("S\tEML4\tALK\tEML4-ALK fusion\tFUSION\t0", [], []),
    ],
)
def test_one_gene_is_fused_where_the_event_is_called_a_fusion(
    oncology: Interpreter, tmp_path: Path, row: str, found: list[str], aside: list[str]
) -> None:
    genotype = only(small_study(tmp_path / "s", data_sv__txt=VARIANTS + row + "\n"), oncology)
    assert [text for text in texts(genotype) if text != "TP53 R175H"] == found
    assert [entry.entry for entry in genotype.not_understood] == aside


def clinical(**attributes: str) -> str:
    return "\n".join(
        "\t".join(line)
        for line in (
            ("PATIENT_ID", "SAMPLE_ID", "ONCOTREE_CODE", *attributes),
            ("P", "S", "LUAD", *attributes.values()),
        )
    )


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"MSI_TYPE": "Instable"}, ["MSI high"]),
        ({"MSI_TYPE": "Stable", "MSI_STATUS": "MSS"}, ["MSI stable"]),
        ({"MSI_TYPE": "Stable", "MSI_STATUS": "MSI-H"}, []),
        ({"MSI_TYPE": "Indeterminate"}, []),
        ({"TMB_NONSYNONYMOUS": "52.1"}, ["TMB 52.1 mut/Mb"]),
        ({"CVR_TMB_SCORE": "11", "TMB_NONSYNONYMOUS": "12"}, ["TMB 11 mut/Mb"]),
        ({"CVR_TMB_SCORE": "11", "TMB_NONSYNONYMOUS": "9"}, []),
        ({"TMB_SCORE": "NA"}, []),
        ({"HRD_STATUS": "Positive"}, ["HRD positive"]),
        (
            {"ER_STATUS_BY_IHC": "Positive", "PR_STATUS_BY_IHC": "Negative"},
            ["ESR1 protein positive", "PGR protein negative"],
        ),
        ({"IHC_HER2": "Equivocal", "HER2_FISH_STATUS": "Amplified"}, ["ERBB2 amplification"]),
        ({"HER2_IHC_SCORE": "3"}, ["ERBB2 IHC 3+"]),
        ({"PDL1_TPS": "60"}, ["CD274 protein 60 TPS"]),
    ],
)
def test_attributes_of_a_sample_are_findings(
    oncology: Interpreter, tmp_path: Path, attributes: dict[str, str], found: list[str]
) -> None:
    genotype = only(small_study(tmp_path / "s", data_clinical_sample__txt=clinical(**attributes)), oncology)
    assert [text for text in texts(genotype) if text != "TP53 R175H"] == found


def test_attributes_that_are_no_finding_are_told(oncology: Interpreter, tmp_path: Path) -> None:
    table = clinical(
        MSI_TYPE="Stable", MSI_STATUS="MSI-H", MSI_SCORE="12", TMB_SCORE="11", TMB_NONSYNONYMOUS="9",
        HER2_STATUS="Equivocal", ALK_FISH="break apart", AGE="60", SEX="F",
    )  # fmt: skip
    notes = only(small_study(tmp_path / "s", data_clinical_sample__txt=table), oncology).notes
    assert set(notes) == {
        "MSI_TYPE says MSI stable and MSI_STATUS says MSI high: neither is taken",
        "MSI_SCORE '12' was not read",
        "TMB_SCORE 11 and TMB_NONSYNONYMOUS 9: the columns differ, and neither is taken",
        "HER2_STATUS 'Equivocal' is no finding and was not taken",
        "ALK_FISH 'break apart' was not read",
        "of data_clinical_sample.txt these columns were not read: AGE, SEX",
    }


def test_every_file_that_is_not_read_is_named_with_what_it_holds(oncology: Interpreter, tmp_path: Path) -> None:
    folder = small_study(
        tmp_path / "s",
        data_log2_cna__txt="x",
        data_cna_hg19__seg="x",
        data_mrna_seq_v2_rsem__txt="x",
        data_methylation_hm450__txt="x",
        data_timeline_treatment__txt="x",
        data_mutations_uncalled__txt="x",
        data_other__txt="x",
        data_clinical_patient__txt="PATIENT_ID\tOS_MONTHS\tER_STATUS_BY_IHC\nP\t3\tPositive\n",
        data_gene_panel_matrix__txt="SAMPLE_ID\tmutations\tcna\nS\tOWN-7\tNA\n",
    )
    assert set(only(folder, oncology).notes) == {
        "data_log2_cna.txt was not read: continuous copy numbers; export the discrete file data_cna.txt",
        "data_cna_hg19.seg was not read: copy numbers of segments; export the discrete file data_cna.txt for its genes",
        "data_mrna_seq_v2_rsem.txt was not read: expression of genes",
        "data_methylation_hm450.txt was not read: methylation of genes",
        "data_timeline_treatment.txt was not read: treatments of patients; say prior therapies with --prior",
        "data_mutations_uncalled.txt was not read: mutations beside those that were read",
        "data_other.txt was not read: what it holds is not known",
        "data_clinical_patient.txt was not read: attributes of patients, among them ER_STATUS_BY_IHC; those of samples "
        "are read",
        "the panel OWN-7 (mutations) is not known to the rule set: which genes it covers is not said",
    }
