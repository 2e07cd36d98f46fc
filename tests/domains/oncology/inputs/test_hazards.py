"""Forms of real files in which a resistance could be lost in silence: none may end as absent."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from resistab import Interpreter
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.panels import GivenPanel, read_panel
from resistab.domains.oncology.inputs.reading import read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from tests.domains.oncology.inputs.laboratory_files import C797S, T790M, VEP_HEADER, ReadFile, texts, vcf

Refusal = Callable[..., list[str]]
EGFR = "ENST00000275493.7"
L858R = f"CSQ=G|missense_variant|EGFR|Transcript|{EGFR}|protein_coding|c.2573T>G|p.Leu858Arg|NM_005228.5|YES"


@pytest.fixture
def panel(oncology: Interpreter) -> GivenPanel:
    return read_panel("foundationone-cdx", oncology.rulebase, oncology.coding_exons)


def verdict(oncology: Interpreter, genotype: Genotype, drug: str) -> str:
    return next(item.verdict for item in oncology.interpret(genotype).verdicts if item.drug == drug)


def test_a_gvcf_does_not_excuse_variants_without_consequences(refusal: Refusal) -> None:
    bare = "\n".join(line for line in VEP_HEADER.splitlines() if "CSQ" not in line)
    for alt in ('##ALT=<ID=NON_REF,Description="x">', '##ALT=<ID=*,Description="x">'):
        (line,) = refusal("a.vcf", vcf("chr7 55181378 C T PASS . GT 0/1", header=f"{bare}\n{alt}\n"))
        assert "says nowhere what its variants do to proteins" in line


@pytest.mark.parametrize(
    "info",
    [
        '##INFO=<ID=BCSQ,Number=.,Type=String,Description="Local consequence. Format: Consequence|gene|transcript|biotype">',  # noqa: E501
        '##INFO=<ID=CSQT,Number=.,Type=String,Description="Format: GenotypeIndex|HGNC|Transcript ID|Consequence">',
        '##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: Allele|Consequence|Gene|Feature|HGVSp">',
    ],
)
def test_annotations_that_cannot_place_a_change_are_none(refusal: Refusal, info: str) -> None:
    bare = "\n".join(line for line in VEP_HEADER.splitlines() if "CSQ" not in line)
    (line,) = refusal("a.vcf", vcf("chr7 55181378 C T PASS . GT 0/1", header=f"{bare}\n{info}\n"))
    assert "vep --input_file" in line


def test_another_programs_columns_before_veps_are_passed_by(read_file: ReadFile) -> None:
    other = '##INFO=<ID=ACSQ,Number=.,Type=String,Description="Format: Consequence|SYMBOL|Feature of something">\n'
    (genotype,) = read_file(
        "a.vcf",
        vcf(
            f"chr7 55181378 C T PASS CSQ={T790M} GT 0/1",
            header=VEP_HEADER.replace("##INFO=<ID=CSQ", other + "##INFO=<ID=CSQ"),
        ),
    )
    assert texts(genotype) == ["EGFR T790M"]


def test_an_annotation_without_symbol_is_of_its_transcript(read_file: ReadFile) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS CSQ={T790M.replace('|EGFR|', '||')} GT 0/1"))
    assert texts(genotype) == ["EGFR T790M"]


def test_a_record_that_was_split_keeps_only_its_own_allele(read_file: ReadFile) -> None:
    other = T790M.replace("T|missense", "G|missense", 1).replace("Thr790Met", "Thr790Arg")
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS CSQ={other},{T790M} GT 0/1"))
    assert texts(genotype) == ["EGFR T790M"]


@pytest.mark.parametrize("info", ["CSQ=.", "CSQ=G" + T790M[1:] + ",A" + T790M[1:]])
def test_a_variant_without_consequence_leaves_its_gene_open(
    read_file: ReadFile, oncology: Interpreter, panel: GivenPanel, info: str
) -> None:
    content = vcf(f"chr7 55191822 T G PASS {L858R} GT 0/1", f"chr7 55181378 C T PASS {info} GT 0/1")
    (genotype,) = read_file("a.vcf", content, panels=[panel])
    assert verdict(oncology, genotype, "gefitinib") == "not_assessable"
    assert genotype.records is not None
    assert genotype.records.set_aside == 1


@pytest.mark.parametrize(
    ("ref", "alt", "kind", "entry", "found"),
    [
        ("C", "CACAGC", "INS", "inframe_insertion|EGFR|Transcript|" + EGFR + "|protein_coding|c.1|p.Asp770_Asn771insSerVal", "EGFR D770_N771insSV"),  # noqa: E501
        ("C", "CA", "INS", "stop_gained|TP53|Transcript|ENST00000269305.9|protein_coding|c.1|p.Arg213Ter", "TP53 R213*"),  # noqa: E501
        ("CA", "C", "DEL", "frameshift_variant|MET|Transcript|ENST00000397752.8|protein_coding|c.1|p.Tyr1003fs", "MET Y1003fs"),  # noqa: E501
        ("GGAATTAAGAGAAGCA", "G", "DEL", "inframe_deletion|EGFR|Transcript|" + EGFR + "|protein_coding|c.1|p.Glu746_Ala750del", "EGFR E746_A750del"),  # noqa: E501
    ],
)  # fmt: skip
def test_an_indel_written_out_is_small_whatever_its_svtype(
    read_file: ReadFile, ref: str, alt: str, kind: str, entry: str, found: str
) -> None:
    allele = alt[1:] or "-"
    (genotype,) = read_file(
        "a.vcf", vcf(f"chr7 55174772 {ref} {alt} PASS SVTYPE={kind};CSQ={allele}|{entry}||YES GT 0/1")
    )
    assert texts(genotype) == [found]


def test_structural_variants_alone_say_nothing_of_mutations(
    read_file: ReadFile, oncology: Interpreter, panel: GivenPanel
) -> None:
    record = "chr7 116672000 N <DUP> PASS SVTYPE=DUP;END=116798000;CSQ=<DUP>|transcript_amplification|MET|Transcript|ENST00000397752.8|protein_coding||||YES GT:CN 0/1:12"  # noqa: E501
    (genotype,) = read_file("a.vcf", vcf(record), tumour="COADREAD", panels=[panel])
    assert not any(item.locus.kind == "mutation" for item in genotype.assayed)
    assert verdict(oncology, genotype, "cetuximab") != "no_resistance_found"


@pytest.mark.parametrize(
    ("alt", "kind", "entry"),
    [
        ("<INV>", "INV", "<INV>|gene_fusion|EML4&ALK|Transcript|ENST00000389048.8|protein_coding||||"),
        ("<INV>", "INV", "<INV>|feature_truncation&intron_variant|ALK|Transcript|ENST00000389048.8|protein_coding||||"),
    ],
)
def test_an_inversion_may_be_a_fusion(
    read_file: ReadFile, oncology: Interpreter, alt: str, kind: str, entry: str
) -> None:
    from resistab.core.faults import fault_in
    from resistab.domains.oncology.inputs.assembly import GivenText

    said = [GivenText("ALK fusion", fault_in("assayed"))]
    (genotype,) = read_file(
        "a.vcf", vcf(f"chr2 29223000 N {alt} PASS SVTYPE={kind};END=42296000;CSQ={entry} GT 0/1"), assayed=said
    )
    assert verdict(oncology, genotype, "alectinib") != "not_indicated"


def test_a_marker_is_not_absent_with_an_alternative_unassayed(oncology: Interpreter) -> None:
    """ALK was sequenced, its fusions were not looked for."""
    genotype = oncology.genotype("COADREAD", ["APC R213*"], ["ALK mutation"])
    assert verdict(oncology, genotype, "alectinib") == "not_assessable"


@pytest.mark.parametrize(("passed", "call"), [("PASS", "./."), ("PASS", "0/."), ("weak_evidence", "./.")])
def test_an_allele_that_was_not_called_leaves_its_gene_open(
    read_file: ReadFile, oncology: Interpreter, panel: GivenPanel, passed: str, call: str
) -> None:
    content = vcf(f"chr7 55191822 T G PASS {L858R} GT 0/1", f"chr7 55181378 C T {passed} CSQ={T790M} GT {call}")
    (genotype,) = read_file("a.vcf", content, panels=[panel])
    assert verdict(oncology, genotype, "gefitinib") == "not_assessable"


def test_a_germline_truncation_filtered_out_is_told(read_file: ReadFile, oncology: Interpreter) -> None:
    columns = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tMutation_Status\n"
    row = "BRCA2\tFrame_Shift_Del\tA\tp.S1982Rfs*22\tGermline\n"
    (genotype,) = read_file("a.maf", columns + row, tumour="HGSOC")
    cautions = oncology.interpret(genotype).cautions
    assert any("BRCA2 S1982fs (Mutation_Status germline)" in caution for caution in cautions)


@pytest.mark.parametrize(
    ("call", "covered"),
    [("0/0:500:99", True), ("0/0:500:0", False), ("./.:500:99", False), ("0/1:500:99", False), ("0/0:30:99", False)],
)
def test_a_block_covers_only_where_the_reference_was_called(read_file: ReadFile, call: str, covered: bool) -> None:
    header = (
        VEP_HEADER
        + '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">\n##ALT=<ID=NON_REF,Description="x">\n'
    )
    content = vcf(f"chr12 25227000 C <NON_REF> PASS END=25246000 GT:MIN_DP:GQ {call}", header=header)
    (genotype,) = read_file("a.g.vcf", content)
    assert any(item.locus.subject == "KRAS" for item in genotype.assayed) is covered


def test_rows_of_a_table_that_could_be_misread_are_refused(refusal: Refusal) -> None:
    (both,) = refusal("a.csv", "alteration,drug,assay,call\nEGFR T790M,gefitinib,organoid,resistant\n")
    assert both == "a.csv:2: gives a finding and a measured response; expected a row for each"
    (blank,) = refusal("b.csv", "sample,alteration\nP1,EGFR L858R\n,EGFR T790M\n")
    assert blank == "b.csv:3: names no sample, and other rows do; expected a sample in each row, or in none"


def test_further_sheets_are_told(read_file: ReadFile) -> None:
    book = openpyxl.Workbook()
    for row in (("alteration",), ("EGFR L858R",)):
        book.active.append(row)
    book.create_sheet("Later").append(("alteration",))
    content = io.BytesIO()
    book.save(content)
    (genotype,) = read_file("a.xlsx", content.getvalue())
    assert genotype.notes == ("further sheets of the spreadsheet were not read: Later",)


def packet(
    variant: dict[str, object], target: str = "t1", biosample: dict[str, object] | None = None, **more: object
) -> str:
    genomic = {"subjectOrBiosampleId": target, "variantInterpretation": {"variationDescriptor": {"id": "v", **variant}}}
    diagnosis = {"disease": {"id": "NCIT:C3512", "label": "x"}, "genomicInterpretations": [genomic]}
    return json.dumps({
        "id": "p", "subject": {"id": "patient"}, "biosamples": [{"id": "t1", **(biosample or {})}],
        "interpretations": [{"id": "i", "progressStatus": "SOLVED", "diagnosis": diagnosis}],
        "metaData": {"phenopacketSchemaVersion": "2.0"}, **more,
    })  # fmt: skip


def test_what_is_filed_under_the_patient_is_of_the_one_sample(read_file: ReadFile) -> None:
    variant = {"geneContext": {"symbol": "EGFR"}, "expressions": [{"syntax": "hgvs.p", "value": "p.Thr790Met"}]}
    (genotype,) = read_file("a.json", packet(variant, "patient"))
    assert texts(genotype) == ["EGFR T790M"]


@pytest.mark.parametrize(
    "variant",
    [
        {"vcfRecord": {"genomeAssembly": "GRCh38", "chrom": "chr7", "pos": "55181378", "ref": "C", "alt": "T"}},
        {"geneContext": {"valueId": "HGNC:3236"}, "expressions": [{"syntax": "hgvs.c", "value": "c.2369C>T"}]},
    ],
)
def test_a_variant_without_a_protein_change_is_known_by_its_gene(
    read_file: ReadFile, oncology: Interpreter, tmp_path: Path, variant: dict[str, object]
) -> None:
    (genotype,) = read_file("a.json", packet(variant))
    assert texts(genotype) == ["EGFR mutation"]
    assert genotype.not_understood


def test_plasma_by_any_name_is_plasma_and_surgery_is_no_drug(read_file: ReadFile) -> None:
    variant = {"geneContext": {"symbol": "EGFR"}, "expressions": [{"syntax": "hgvs.p", "value": "p.Thr790Met"}]}
    surgery = [{"procedure": {"code": {"id": "x:1", "label": "Lobectomy"}}}]
    (genotype,) = read_file(
        "a.json", packet(variant, biosample={"sampleType": {"id": "x:2", "label": "cfDNA"}}, medicalActions=surgery)
    )
    assert (genotype.specimen, genotype.prior_therapies) == ("ctDNA", None)


def study(oncology: Interpreter, folder: Path, panel: GivenPanel, **files: str) -> Genotype:
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.txt").write_text(content)
    (given,) = read_samples(folder, oncology.rulebase)
    return oncology.assemble(with_defaults(given, SampleDefaults(tumour="LUAD", panels=[panel])))


def test_copies_alone_say_nothing_of_mutations(oncology: Interpreter, tmp_path: Path, panel: GivenPanel) -> None:
    genotype = study(oncology, tmp_path / "s", panel, data_cna="Hugo_Symbol\tP1\nMET\t0\n")
    assert verdict(oncology, genotype, "osimertinib") == "not_assessable"


def test_a_rearrangement_with_no_partner_may_be_a_fusion(
    oncology: Interpreter, tmp_path: Path, panel: GivenPanel
) -> None:
    table = "Sample_Id\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\tEvent_Info\nP1\tRET\t\tRET inversion\n"
    genotype = study(oncology, tmp_path / "s", panel, data_sv=table)
    assert verdict(oncology, genotype, "pralsetinib") == "not_assessable"


def test_copies_on_another_scale_are_refused(oncology: Interpreter, tmp_path: Path, panel: GivenPanel) -> None:
    from resistab.core.faults import InputError

    with pytest.raises(InputError, match=r"'3\.4' is no discrete copy number; expected -2, -1\.5, -1, 0, 1 or 2"):
        study(oncology, tmp_path / "s", panel, data_cna="Hugo_Symbol\tP1\nMET\t3.4\n")


@pytest.mark.parametrize(("one", "other", "states"), [("12", "9", {"amplification"}), ("12", "0", {"value"})])
def test_two_segments_of_one_gene_make_no_fault(read_file: ReadFile, one: str, other: str, states: set[str]) -> None:
    entry = "<DUP>|transcript_amplification|MET|Transcript|ENST00000397752.8|protein_coding||||YES"
    records = [
        f"chr7 11667{n}000 N <DUP> PASS SVTYPE=DUP;END=116798000;CSQ={entry} GT:CN 0/1:{copies}"
        for n, copies in enumerate((one, other))
    ]
    (genotype,) = read_file("a.vcf", vcf(*records))
    assert {getattr(finding, "state", "") for finding in genotype.findings} == states


def test_a_bar_between_alleles_alone_is_no_phase(read_file: ReadFile) -> None:

    content = vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT 0|1", f"chr7 55181398 T A PASS CSQ={C797S} GT 0|1")
    (genotype,) = read_file("a.vcf", content)
    assert all(not getattr(finding, "phases", ()) for finding in genotype.findings)


@pytest.mark.parametrize(
    "record",
    [
        "chr7 55181378 C T PASS . GT ./.",
        "chr7 55181378 C T PASS CSQ=. GT ./.",
        "chr7 55181378 C . PASS . GT ./.",
        f"chr7 55181378 C T PASS CSQ={T790M.replace(EGFR, 'ENST00000455089.5').replace('Thr790', 'Thr744').replace('NM_005228.5', '')} GT ./.",  # noqa: E501
        # Annotated on another gene, or on another transcript, only.
        "chr7 55181378 C T PASS CSQ=T|non_coding_transcript_exon_variant|EGFR-AS1|Transcript|ENST00000442411.1|lncRNA|||| GT 0/1",  # noqa: E501
        "chr7 55181378 C T PASS CSQ=T|intron_variant|EGFR|Transcript|ENST00000455089.5|protein_coding|||| GT 0/1",
    ],
)
def test_a_coding_place_not_told_leaves_its_gene_open(
    read_file: ReadFile, oncology: Interpreter, panel: GivenPanel, record: str
) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55191822 T G PASS {L858R} GT 0/1", record), panels=[panel])
    assert verdict(oncology, genotype, "gefitinib") == "not_assessable"


def test_a_failed_block_leaves_open_what_the_panel_covers(
    read_file: ReadFile, oncology: Interpreter, panel: GivenPanel
) -> None:
    header = VEP_HEADER + '##ALT=<ID=NON_REF,Description="x">\n'
    verdicts = {}
    for call in ("0/0:500", "0/0:0", "./.:500"):
        content = vcf(
            f"chr7 55019000 C <NON_REF> PASS END=55191821 GT:MIN_DP {call}",
            f"chr7 55191822 T G,<NON_REF> PASS {L858R} GT:DP 0/1:500",
            "chr7 55191823 C <NON_REF> PASS END=55211000 GT:MIN_DP 0/0:500",
            header=header,
        )
        (genotype,) = read_file("a.g.vcf", content, panels=[panel])
        verdicts[call] = verdict(oncology, genotype, "gefitinib")
    # The called variant itself leaves no hole between its blocks.
    assert verdicts == {"0/0:500": "sensitive", "0/0:0": "not_assessable", "./.:500": "not_assessable"}


def test_a_change_called_absent_that_is_in_the_reads_is_told(read_file: ReadFile, oncology: Interpreter) -> None:
    content = vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT:AF:DP 0/0:0.02:1500")
    (genotype,) = read_file("a.vcf", content)
    assert any(
        "EGFR T790M (called as absent, and in 2.0% of the reads)" in c for c in oncology.interpret(genotype).cautions
    )


@pytest.mark.parametrize(
    "record",
    [
        "chr7 116672000 N <DUP> PASS SVTYPE=DUP;END=116798000 GT 0/0",
        "chr7 116672000 N <DUP> weak_evidence SVTYPE=DUP;END=116798000 GT 0/1",
        "chr7 116672000 NAC N PASS SVTYPE=DEL;CSQ=-|intron_variant|MET|Transcript|ENST00000397752.8|protein_coding|||| GT 0/1",  # noqa: E501
    ],
)
def test_structural_records_of_any_kind_are_no_sequencing(
    read_file: ReadFile, oncology: Interpreter, panel: GivenPanel, record: str
) -> None:
    (genotype,) = read_file("a.vcf", vcf(record), tumour="COADREAD", panels=[panel])
    assert verdict(oncology, genotype, "cetuximab") == "not_assessable"


@pytest.mark.parametrize("symbol", ["EGFR;EGFR-AS1", "EGFR,EGFR-AS1", "EGFR-AS1;EGFR"])
def test_of_genes_that_overlap_the_one_that_rules_know_is_read(read_file: ReadFile, symbol: str) -> None:
    columns = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
    (genotype,) = read_file("a.maf", f"{columns}{symbol}\tMissense_Mutation\tA\tp.T790M\n")
    assert texts(genotype) == ["EGFR T790M"]


@pytest.mark.parametrize(("entry", "subject"), [("EML4-ALK something", "ALK"), ("MSI indeterminate", "MSI")])
def test_an_entry_set_aside_leaves_open_whatever_it_names(oncology: Interpreter, entry: str, subject: str) -> None:
    genotype = oncology.genotype("LUAD", [entry], ["ALK fusion", "MSI"], keep_going=True)
    assert not any(item.locus.subject == subject for item in genotype.assayed)


def test_mutations_of_one_study_stand_in_several_files(
    oncology: Interpreter, tmp_path: Path, panel: GivenPanel
) -> None:
    columns = "Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n"
    meta = "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: "
    genotype = study(
        oncology, tmp_path / "s", panel,
        meta_mutations_extended=meta + "one.txt\n", one=columns + "EGFR\tMissense_Mutation\tP1\tp.L858R\n",
        meta_nonsignedout_mutations=meta + "two.txt\n", two=columns + "EGFR\tMissense_Mutation\tP1\tp.T790M\n",
    )  # fmt: skip
    assert set(texts(genotype)) == {"EGFR L858R", "EGFR T790M"}


def test_a_panel_says_nothing_of_files_a_study_lacks(oncology: Interpreter, tmp_path: Path, panel: GivenPanel) -> None:
    genotype = study(
        oncology, tmp_path / "s", panel,
        data_cna="Hugo_Symbol\tP1\nMET\t0\n",
        data_gene_panel_matrix="SAMPLE_ID\tmutations\tstructural_variants\nP1\tIMPACT468\tIMPACT468\n",
    )  # fmt: skip
    assert {item.locus.kind for item in genotype.assayed} == {"copy number"}


def test_what_may_be_another_kind_leaves_all_kinds_open(read_file: ReadFile) -> None:
    variant = {"label": "high-level gain", "geneContext": {"symbol": "MET"}}
    (genotype,) = read_file("a.json", packet(variant))
    assert not any(item.locus.subject == "MET" for item in genotype.assayed)


def test_a_spreadsheet_is_read_whole_and_percentages_as_shown(read_file: ReadFile) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("alteration", "value", "allele_fraction"), ("EGFR L858R", None, 0.3), ("PD-L1 TPS", 0.6, None)):
        sheet.append(row)
    sheet["B3"].number_format = "0%"
    sheet["C2"].number_format = "0%"
    content = io.BytesIO()
    book.save(content)
    (genotype,) = read_file("a.xlsx", content.getvalue())
    by_text = {finding.text: finding for finding in genotype.findings}
    assert by_text["EGFR L858R"].allele_fraction == 0.3
    assert by_text["CD274 protein 60 TPS"].value == 60  # type: ignore[union-attr]


def test_plasma_rules_out_mutations_only_by_possible_numbers(oncology: Interpreter) -> None:
    def plasma(limit: float, fraction: float) -> Genotype:
        genotype = oncology.genotype("LUAD", ["TP53 R175H"], ["ERBB2 copy number", "ERBB2 protein", "KRAS"])
        more = {"specimen": "ctDNA", "limit_of_detection": limit, "tumour_fraction": fraction}
        return genotype.model_copy(update=more)

    assert verdict(oncology, plasma(0.001, 0.3), "trastuzumab") == "not_assessable"
    assert verdict(oncology, plasma(0.001, 0.3), "sotorasib") == "not_indicated"
    assert not plasma(0.0, 0.0).shows_absence(0.25)


def test_panels_of_two_specimens_need_to_be_told_which(
    refusal: Refusal, oncology: Interpreter, panel: GivenPanel
) -> None:
    other = read_panel("guardant360-cdx-japan", oncology.rulebase, oncology.coding_exons)
    (line,) = refusal("a.csv", "alteration\nEGFR L858R\n", panels=[panel, other])
    assert "are of different specimens; expected --specimen tissue or ctDNA with them" in line


@pytest.mark.parametrize("text", ["TMB -12", "MET amplification -3 copies"])
def test_values_that_cannot_be_are_refused(oncology: Interpreter, text: str) -> None:
    from resistab.core.faults import InputError

    with pytest.raises(InputError, match="is no value of"):
        oncology.genotype("LUAD", [text])


@pytest.mark.parametrize("name", ["", " ", "EGFR, " * 200])
def test_a_panel_by_no_name_that_could_be_is_refused(oncology: Interpreter, name: str) -> None:
    from resistab.core.faults import InputError

    with pytest.raises(InputError, match="there is no panel and no file"):
        read_panel(name, oncology.rulebase, oncology.coding_exons)
