"""GA4GH Phenopackets v2: biosamples, interpretations, disease and treatments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.domains.oncology.inputs.laboratory_files import ReadFile, texts

Refusal = Callable[..., list[str]]


def variant(symbol: str, protein: str = "", label: str = "", **more: Any) -> dict[str, Any]:
    expressions = [{"syntax": "hgvs.p", "value": protein}] if protein else []
    descriptor = {"id": "v", "label": label, "geneContext": {"symbol": symbol}, "expressions": expressions} | more
    return {"variantInterpretation": {"variationDescriptor": descriptor}}


def packet(
    *interpretations: dict[str, Any], biosamples: list[dict[str, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    disease = {"id": "NCIT:C3512", "label": "Lung Adenocarcinoma"}
    genomic = [
        {"subjectOrBiosampleId": "tumour-1", "interpretationStatus": "CAUSATIVE", **item} for item in interpretations
    ]
    return {
        "id": "packet-1",
        "subject": {"id": "patient-1"},
        "biosamples": [{"id": "tumour-1"}] if biosamples is None else biosamples,
        "interpretations": [
            {
                "id": "i",
                "progressStatus": "SOLVED",
                "diagnosis": {"disease": disease, "genomicInterpretations": genomic},
            }
        ],
        "metaData": {"created": "2026-01-01T00:00:00Z", "createdBy": "x", "phenopacketSchemaVersion": "2.0"},
        **more,
    }


FUSION = {"id": "SO:0001565", "label": "gene_fusion"}
FRACTION = [{"name": "allele-fraction", "value": "0.12"}]


def test_of_changes_of_isoforms_that_on_the_reference_is_taken(read_file: ReadFile) -> None:
    values = ("NP_001333826.1:p.Thr745Met", "NP_005219.2:p.Thr790Met")
    (genotype,) = read_file("a.json", json.dumps(packet(of_isoforms(*values))))
    assert texts(genotype) == ["EGFR T790M"]


def test_of_changes_on_no_known_protein_none_is_taken(read_file: ReadFile) -> None:
    values = ("NP_001333826.1:p.Thr745Met", "NP_001333827.1:p.Thr790Met")
    (genotype,) = read_file("a.json", json.dumps(packet(of_isoforms(*values))))
    assert texts(genotype) == ["EGFR mutation"]
    assert [item.reason for item in genotype.not_understood] == ["names several changes, T745M and T790M"]


def of_isoforms(*values: str) -> dict[str, Any]:
    return variant("EGFR", expressions=[{"syntax": "hgvs.p", "value": value} for value in values])


@pytest.mark.parametrize("form", ["json", "yaml", "indented"])
def test_a_packet_has_its_tumour_type_from_the_nci_thesaurus(read_file: ReadFile, form: str) -> None:
    given = packet(variant("EGFR", "NP_005219.2:p.Thr790Met", extensions=FRACTION))
    content = {"json": json.dumps, "yaml": yaml.safe_dump, "indented": lambda x: json.dumps(x, indent="\t")}[form](
        given
    )
    (genotype,) = read_file("a", content, tumour=None)
    assert (genotype.sample, genotype.tumour_type, texts(genotype)) == ("tumour-1", "LUAD", ["EGFR T790M"])
    assert genotype.findings[0].allele_fraction == 0.12
    assert genotype.read_as == "GA4GH Phenopacket 2.0"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (variant("BRAF", label="BRAF p.V600E"), ["BRAF V600E"]),
        (variant("BRAF", label="V600E"), ["BRAF V600E"]),
        (variant("BRAF", label="BRAF p.V600E not detected"), []),
        (variant("EGFR", label="EGFR p.L858R, p.T790M"), ["EGFR T790M", "EGFR L858R"]),
        (variant("EML4", label="EML4-ALK fusion", structuralType=FUSION), ["EML4::ALK"]),
        (variant("ALK", label="EML4-ALK fusion"), ["EML4::ALK"]),
        (variant("ALK", label="ALK fusion not detected", structuralType=FUSION), []),
        (variant("", label="EML4::ALK"), ["EML4::ALK"]),
        (variant("ALK", structuralType={"id": "SO:0001565", "label": "gene_fusion"}), ["ALK fusion"]),
        (
            variant("ERBB2", structuralType={"id": "EFO:0030073", "label": "high-level copy number gain"}),
            ["ERBB2 amplification"],
        ),
        (
            variant("PTEN", structuralType={"id": "EFO:0030069", "label": "complete genomic loss"}),
            ["PTEN deletion"],
        ),
        (
            variant("MET", structuralType={"id": "EFO:0030070", "label": "copy number gain"}),
            ["MET copy number changed"],
        ),
        ({"gene": {"valueId": "HGNC:6407", "symbol": "KRAS"}}, ["KRAS mutation"]),
        (variant("TP53", label="something odd"), ["TP53 mutation"]),
        (variant("EGFR", "NP_005219.2:p.Thr790Met") | {"interpretationStatus": "REJECTED"}, []),
    ],
)
def test_interpretations(read_file: ReadFile, given: dict[str, Any], found: list[str]) -> None:
    (genotype,) = read_file("a.json", json.dumps(packet(given)))
    assert texts(genotype) == found
    assert genotype.records is not None
    assert genotype.records.total == 1


def test_each_biosample_is_a_sample_of_its_own(read_file: ReadFile) -> None:
    tissue = {"id": "tumour-1", "timeOfCollection": {"timestamp": "2025-03-01T00:00:00Z"}}
    plasma = {"id": "plasma-2", "sampleType": {"id": "x:1", "label": "circulating cell-free DNA"}}
    germline = variant("BRCA2", "p.Val2466Ala") | {"subjectOrBiosampleId": "patient-1"}
    second = variant("EGFR", "p.Thr790Met") | {"subjectOrBiosampleId": "plasma-2"}
    content = packet(variant("EGFR", "p.Leu858Arg"), second, germline, biosamples=[tissue, plasma])
    first, other = read_file("a.json", json.dumps(content))
    assert (first.sample, texts(first), str(first.date), first.specimen) == (
        "tumour-1",
        ["EGFR L858R"],
        "2025-03-01",
        None,
    )
    assert (other.sample, texts(other), other.specimen) == ("plasma-2", ["EGFR T790M"], "ctDNA")
    assert [(item.entry.split()[0], item.reason) for item in first.not_understood] == [
        ("BRCA2", "is filed under the patient, and which of the samples has it is not said")
    ]


def test_treatments_are_prior_therapies_absence_is_not_none(read_file: ReadFile) -> None:
    actions = [
        {"treatment": {"agent": {"id": "NCIT:C116377", "label": "Osimertinib"}}},
        {"therapeuticRegimen": {"ontologyClass": {"id": "x:1", "label": "Carboplatin/Pemetrexed"}}},
        {"procedure": {"code": {"id": "x:2", "label": "Resection"}}},
    ]
    (treated,) = read_file("a.json", json.dumps(packet(variant("EGFR", "p.Leu858Arg"), medicalActions=actions)))
    assert {therapy.drug for therapy in treated.prior_therapies or ()} == {"osimertinib", "carboplatin", "pemetrexed"}
    (unknown,) = read_file("b.json", json.dumps(packet(variant("EGFR", "p.Leu858Arg"))))
    assert unknown.prior_therapies is None


def test_what_is_not_read_is_told(read_file: ReadFile) -> None:
    more = {
        "measurements": [{"assay": {"id": "LOINC:94076-7", "label": "Mutations per megabase"}}],
        "files": [{"uri": "file://tumour.vcf"}],
    }
    (genotype,) = read_file("a.json", json.dumps(packet(variant("EGFR", "p.Leu858Arg"), **more)))
    assert "measurements of the Phenopacket were not read: Mutations per megabase" in genotype.notes
    assert "the Phenopacket refers to 1 file, which were not read" in genotype.notes


def test_a_cohort_and_a_family_are_read(read_file: ReadFile) -> None:
    one = packet(variant("EGFR", "p.Leu858Arg"))
    other = packet(variant("EGFR", "p.Leu858Arg") | {"subjectOrBiosampleId": "t2"}, biosamples=[{"id": "t2"}])
    cohort = {"id": "c", "members": [one, other], "metaData": {}}
    assert [genotype.sample for genotype in read_file("c.json", json.dumps(cohort))] == ["tumour-1", "t2"]
    family = {"id": "f", "proband": one, "metaData": {}}
    assert [genotype.sample for genotype in read_file("f.json", json.dumps(family))] == ["tumour-1"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id": "a", "metaData": {},,}', "a.json:1:28: is malformed JSON: "),
        ('{"id": "a", "metaData": {"createdOn": "x"}}', "a.json:1:1: is no Phenopacket of version 2: "),
        (
            json.dumps(packet(variant("EGFR", "p.Leu858Arg")) | {"subjekt": {}}),
            "a.json:1:1: is no Phenopacket of version 2",
        ),
        ("[]\n# metaData: none\nmetaData: {}", "a.json:"),
    ],
)
def test_a_faulty_packet_is_refused(refusal: Refusal, content: str, said: str) -> None:
    (line,) = refusal("a.json", content)
    assert line.startswith(said)


def test_a_disease_that_is_no_tumour_type_is_told(refusal: Refusal) -> None:
    given = packet(variant("EGFR", "p.Leu858Arg"))
    given["interpretations"][0]["diagnosis"]["disease"] = {"id": "MONDO:1", "label": "Cough"}
    (line,) = refusal("a.json", json.dumps(given), tumour=None)
    assert "unknown tumour type 'Cough (MONDO:1)'; expected an OncoTree code or name" in line
