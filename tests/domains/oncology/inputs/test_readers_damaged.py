"""Each reader of files of calls ends in samples or in faults, whatever was done to a file of its kind."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.inputs.reading import Wanted, read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from tests.domains.oncology.inputs.laboratory_files import C797S, T790M, vcf

MAF = (
    "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tHGVSp\tProtein_position\tAmino_acids\t"
    "t_alt_count\tt_ref_count\tt_vaf\n"
    "EGFR\tMissense_Mutation\tS\tp.T790M\tp.Thr790Met\t790/1210\tT/M\t3\t9\t0.2\n"
    "ALK\tFusion\tS\tEML4-ALK fusion\t\t\t\t\t\t\nTP53\tSplice_Site\tS\tp.X125_splice\t.\t.\t.\t0\t1\t0\n"
)
FUSIONS = (
    "Hugo_Symbol\tTumor_Sample_Barcode\tFusion\tDNA_support\tRNA_support\tFrame\n"
    "ALK\tS\tEML4-ALK fusion - Archer\tyes\tno\tin frame\n"
    "NRG1\tS\tHLA-A-NRG1\tno\tyes\tNA\nALK\tS\tALK-intragenic\t\t\t\n"
)
VARIANTS = (
    "Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\tEvent_Info\tClass\tTumor_Variant_Count\n"
    "S\tSOMATIC\t\tALK\tALK fusion\tFUSION\t3\n"
    "S\tSOMATIC\tCD74\tROS1\tCD74-ROS1\tFUSION\t\nS\t\tMET\tMET\tKDD\t\t0\n"
)
CLINICAL = (
    "SAMPLE_ID\tONCOTREE_CODE\tMSI_TYPE\tMSI_SCORE\tTMB_SCORE\tTMB_NONSYNONYMOUS\tIHC_HER2\tPDL1_TPS\tHER2_IHC_SCORE\n"
    "S\tLUAD\tInstable\t9\t11\t12\tPositive\t60\t3\n"
)
TSO500 = (
    "[Analysis Details]\nPair ID\tP\nDNA Sample ID\tD\n[TMB]\nTotal TMB\t9\n[MSI]\nPercent Unstable MSI Sites\t3\n"
    "[Gene Amplifications]\nGene\tFold Change\nERBB2\t6.2\n[Splice Variants]\nGene\tAffected Exon\tBreakpoint 1\t"
    "Splice Supporting Reads\nMET\t14\tchr7:1\t9\n[Fusions]\nGene Pair\tFusion Supporting Reads\nEML4-ALK\t9\n"
    "[Large Rearrangements]\nGene\tVariant\nBRCA2\t<LOSS>\n[Small Variants]\nGene\tAllele Frequency\tDepth\t"
    "P-Dot Notation\tC-Dot Notation\tConsequence(s)\n"
    "EGFR\t0.2\t90\tNP_1.1:p.(Thr790Met)\tNM_1.1:c.2369C>T\tmissense_variant\n"
)
STAR = (
    "#FusionName\tJunctionReadCount\tSpanningFragCount\tLeftGene\tRightGene\tPROT_FUSION_TYPE\n"
    "EML4--ALK\t10\t3\tEML4^ENSG1\tALK^ENSG2\tINFRAME\nIGH@--CRLF2\t0\t0\tI\tC\tFRAMESHIFT\n"
)
ARRIBA = (
    "#gene1\tgene2\ttype\tsplit_reads1\tsplit_reads2\tdiscordant_mates\tconfidence\treading_frame\n"
    "EML4\tALK\tinversion\t5\t5\t5\thigh\tin-frame\n"
    "A1BG(1),A2M(2)\tRET\tx\t0\t0\t0\tlow\t.\nFLT3\tFLT3\tITD\t1\t1\t1\thigh\t.\n"
)
VCF = vcf(
    f"chr7 55181378 C T PASS CSQ={T790M} GT:AD 0/1:30,0",
    f"chr7 55181398 T A PASS CSQ={C797S} GT:AD 0/1:30,9",
    "chr2 29224000 N N[chr2:42300000[ PASS SVTYPE=BND GT 0/1",
)
WRITTEN = (
    "\t", "\n", "\t\t\t", "-", "--", "::", "/", "NA", ".", "", "0", "-1", "1e999", "nan", "inf", "?", "*", "%", "\x00",
    "\u00e9", "#", "[", "]", "[TMB]", "^", "(", "ALK", "p.", "fusion", "=", ";", ",", "\r", '"',
)  # fmt: skip


def damaged(content: str, chance: random.Random) -> str:
    """``content`` with parts cut out, doubled, moved or overwritten."""
    for _ in range(chance.randint(1, 5)):
        first = chance.randrange(len(content) + 1)
        last = min(len(content), first + chance.randint(0, 30))
        part = content[first:last]
        match chance.randrange(4):
            case 0:
                content = content[:first] + content[last:]
            case 1:
                content = content[:last] + part + content[last:]
            case 2:
                rest = content[:first] + content[last:]
                at = chance.randrange(len(rest) + 1)
                content = rest[:at] + part + rest[at:]
            case _:
                content = content[:first] + chance.choice(WRITTEN) + content[last:]
    return content


@pytest.mark.parametrize(
    ("name", "content", "times"),
    [
        ("a.maf", MAF, 300),
        ("study/data_fusions.txt", FUSIONS, 300),
        ("study/data_sv.txt", VARIANTS, 300),
        ("study/data_clinical_sample.txt", CLINICAL, 300),
        ("c.tsv", TSO500, 300),
        ("star.tsv", STAR, 300),
        ("arriba.tsv", ARRIBA, 300),
        ("a.vcf", VCF, 150),
    ],
)
def test_a_damaged_file_of_calls_ends_in_samples_or_faults(
    oncology: Interpreter, tmp_path: Path, name: str, content: str, times: int
) -> None:
    chance = random.Random(name)
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    given = path
    if path.parent != tmp_path:
        given = path.parent
        (given / "data_mutations.txt").write_text(MAF)
    wanted = Wanted(None, lambda: oncology.coding_exons, knows_symbol=oncology.knows_symbol)
    read = 0
    for _ in range(times):
        path.write_text(damaged(content, chance), encoding="utf-8")
        try:
            for sample in read_samples(given, oncology.rulebase, wanted):
                oncology.assemble(with_defaults(sample, SampleDefaults(tumour="LUAD")))
                read += 1
        except InputError as error:
            assert str(error)
    # Damage that leaves nothing to read would test nothing.
    assert read > times // 10
