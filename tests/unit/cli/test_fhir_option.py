"""``--fhir``: a Bundle that ``fhir.resources`` reads back, with what the report says and nothing that was not given."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from resistab.cli.exit_codes import ExitCode
from tests.running import Run

bundles = pytest.importorskip("fhir.resources.R4B.bundle")

ROOT = Path(__file__).parents[3]
DATED = ("--no-options", "--date", "2026-01-02")
PATIENTS = {
    "tumour": (str(ROOT / "examples" / "lung_osimertinib_c797s.yaml"),),
    "virus": ("--ruleset", "hiv1", "--mutations", "RT:M184V, PR:L90M", "--sample", "v-1"),
    "germline": ("--ruleset", "pharmacogenomics", "--finding", "DPYD *1/*2A", "--sample", "g-1"),
}
NAMES = {"tumour": "lung-plasma", "virus": "v-1", "germline": "g-1"}
GUIDE = "http://hl7.org/fhir/uv/genomics-reporting/StructureDefinition/"
LOINC = "http://loinc.org"


def bundle_of(run: Run, *patient: str) -> Any:
    done = run("evaluate", *patient, *DATED, "--fhir", "-")
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    return bundles.Bundle.model_validate_json(done.stdout)


def resources(bundle: Any, kind: str) -> list[Any]:
    return [entry.resource for entry in bundle.entry if type(entry.resource).__name__ == kind]


def codes(concept: Any) -> set[tuple[str, str]]:
    return {(coding.system, coding.code) for coding in concept.coding or ()}


def part(observation: Any, code: str) -> Any:
    """The one component of an observation with a code; None where it has none."""
    found = [item for item in observation.component or () if code in {c for _, c in codes(item.code)}]
    assert len(found) <= 1
    return found[0] if found else None


def implications(bundle: Any) -> dict[str, Any]:
    """The observations on drugs, by drug."""
    found = {}
    for item in resources(bundle, "Observation"):
        if "therapeutic-implication" in {code for _, code in codes(item.code)}:
            found[part(item, "51963-7").valueCodeableConcept.text] = item
    return found


@pytest.mark.parametrize("kind", PATIENTS)
def test_it_is_read_back_and_whole(run: Run, kind: str) -> None:
    bundle = bundle_of(run, *PATIENTS[kind])
    report = json.loads(run("evaluate", *PATIENTS[kind], *DATED, "--json", "-").stdout)
    assert bundle.type == "collection"
    (told,) = resources(bundle, "DiagnosticReport")
    assert bundle.entry[0].resource is told
    known = {entry.fullUrl for entry in bundle.entry}
    assert len(known) == len(bundle.entry)
    referred = set(re.findall(r'"reference":\s*"([^"]+)"', bundle.model_dump_json()))
    assert referred <= known
    assert len(implications(bundle)) == len(report["verdicts"])
    assert {item.reference for item in told.result} == {
        entry.fullUrl for entry in bundle.entry if entry.resource in resources(bundle, "Observation")
    }
    assert report["ruleset"]["digest"] in told.conclusion


@pytest.mark.parametrize("kind", PATIENTS)
def test_nothing_identifies_but_the_sample_s_name(run: Run, kind: str) -> None:
    bundle = bundle_of(run, *PATIENTS[kind])
    assert {type(entry.resource).__name__ for entry in bundle.entry} == {
        "DiagnosticReport",
        "Device",
        "Specimen",
        "Observation",
    }
    text = bundle.model_dump_json()
    assert re.findall(r'"identifier":(\[.*?\])', text) == [f'[{{"value":"{NAMES[kind]}"}}]']
    assert not re.search(r'"(subject|performer|encounter|issued|timestamp|author)"', text)


@pytest.mark.parametrize("kind", PATIENTS)
def test_the_same_input_is_the_same_bytes_and_another_other_ids(run: Run, kind: str) -> None:
    first = run("evaluate", *PATIENTS[kind], *DATED, "--fhir", "-").stdout
    assert first == run("evaluate", *PATIENTS[kind], *DATED, "--fhir", "-", "--json", "report.json").stdout
    other = run("evaluate", *PATIENTS[kind], *DATED, "--date", "2026-01-03", "--fhir", "-").stdout
    ids = [set(re.findall(r'"id":"([^"]+)"', text)) for text in (first, other)]
    assert ids[0] and not ids[0] & ids[1]


@pytest.mark.parametrize("kind", PATIENTS)
def test_not_assessable_is_absent_data_and_predicts_nothing(run: Run, kind: str) -> None:
    said = implications(bundle_of(run, *PATIENTS[kind]))
    report = json.loads(run("evaluate", *PATIENTS[kind], *DATED, "--json", "-").stdout)
    open_ = 0
    for verdict in report["verdicts"]:
        (item,) = (item for drug, item in said.items() if drug == verdict["drug"] or f"({verdict['drug']})" in drug)
        absent = verdict["verdict"] == "not_assessable"
        open_ += absent
        assert (item.dataAbsentReason is not None) == absent
        assert (part(item, "therapeutic-implication") is None) == absent
        if absent:
            assert item.dataAbsentReason.text == verdict["reason"]
            assert item.interpretation is None
    assert open_


def test_a_tumour_s_verdicts_have_codes_and_their_evidence(run: Run) -> None:
    bundle = bundle_of(run, *PATIENTS["tumour"])
    said = implications(bundle)
    predicted = {
        drug: value.valueCodeableConcept
        for drug, item in said.items()
        if (value := part(item, "therapeutic-implication"))
    }
    assert codes(predicted["osimertinib"]) == {(LOINC, "LA6676-6")}
    assert codes(predicted["cemiplimab"]) == {(LOINC, "LA9660-7")}
    assert codes(predicted["amivantamab + carboplatin + pemetrexed"]) == {(LOINC, "LA6677-4")}
    # That nothing was found promises no response.
    assert predicted["docetaxel"].text == "No resistance found" and not codes(predicted["docetaxel"])
    resistant = said["osimertinib"]
    assert resistant.meta.profile == [f"{GUIDE}therapeutic-implication"]
    assert {item.valueRelatedArtifact.type for item in resistant.extension} == {"citation"}
    assert any("pubmed" in (item.valueRelatedArtifact.url or "") for item in resistant.extension)
    levels = {item.valueCodeableConcept.text for item in resistant.component if (LOINC, "93044-6") in codes(item.code)}
    assert any(level.startswith("CIViC level B") for level in levels)
    assert part(resistant, "81259-4").valueCodeableConcept.text == "Lung Adenocarcinoma (OncoTree LUAD)"
    by_url = {entry.fullUrl: entry.resource for entry in bundle.entry}
    behind = [part(by_url[item.reference], "conclusion-string").valueString for item in resistant.derivedFrom]
    assert "EGFR C797S" in behind
    # The profile asks for what it was derived from.
    for item in said.values():
        assert bool(item.derivedFrom) == (item.meta is not None)


def test_findings_are_variants_where_they_are_changes_of_genes(run: Run) -> None:
    given = ("EGFR T790M", "MET copy number 8", "EML4::ALK", "KRAS activating mutation", "MSI-H", "TMB 12")
    options = [word for finding in given for word in ("--finding", finding)]
    bundle = bundle_of(run, "--tumour", "LUAD", *options)
    found = {}
    for item in resources(bundle, "Observation"):
        if item.valueCodeableConcept is not None:
            text = part(item, "conclusion-string")
            found[text.valueString if text else item.valueCodeableConcept.text] = item
    variants = {text for text, item in found.items() if (LOINC, "69548-6") in codes(item.code)}
    assert variants == {"EGFR T790M", "MET copy number 8 copies", "EML4::ALK", "KRAS activating mutation"}
    assert found.keys() - variants == {"MSI high", "TMB 12 mut/Mb"}
    assert all(found[text].meta.profile == [f"{GUIDE}variant"] for text in variants)
    assert codes(part(found["EGFR T790M"], "48018-6").valueCodeableConcept) == {
        ("http://www.genenames.org/geneId", "HGNC:3236")
    }
    assert codes(part(found["EGFR T790M"], "48005-3").valueCodeableConcept) == {
        ("http://varnomen.hgvs.org", "NP_005219.2:p.Thr790Met")
    }
    assert float(part(found["MET copy number 8 copies"], "82155-3").valueQuantity.value) == 8
    assert part(found["EML4::ALK"], "48005-3") is None
    genes = [i for i in found["EML4::ALK"].component if (LOINC, "48018-6") in codes(i.code)]
    assert [item.valueCodeableConcept.text for item in genes] == ["EML4", "ALK"]


def test_an_allele_fraction_and_the_dates_are_those_given(run: Run) -> None:
    bundle = bundle_of(run, *PATIENTS["tumour"])
    shares = [float(v.valueQuantity.value) for i in resources(bundle, "Observation") if (v := part(i, "81258-6"))]
    assert sorted(shares) == [0.04, 0.05, 0.12]
    (specimen,), (report,) = resources(bundle, "Specimen"), resources(bundle, "DiagnosticReport")
    assert str(specimen.collection.collectedDateTime) == str(report.effectiveDateTime) == "2026-02-11"
    assert specimen.type.text == "ctDNA"
    assert report.conclusion.startswith("The specimen is circulating tumour DNA.")
    assert "report of 2026-01-02" in report.conclusion


def test_a_virus_has_levels_and_sir_and_claims_no_profile(run: Run) -> None:
    bundle = bundle_of(run, *PATIENTS["virus"])
    said = implications(bundle)
    interpreted = {drug: item.interpretation[0].coding[0].code for drug, item in said.items() if item.interpretation}
    assert interpreted["lamivudine (3TC)"] == "R"
    assert interpreted["abacavir (ABC)"] == "I"
    assert interpreted["efavirenz (EFV)"] == "S"
    assert "dolutegravir (DTG)" not in interpreted
    levels = {item.code.text: item.valueString for item in said["lamivudine (3TC)"].component}
    assert levels["Level of resistance"] == "5, High-Level Resistance"
    assert codes(part(said["lamivudine (3TC)"], "therapeutic-implication").valueCodeableConcept) == {
        (LOINC, "LA6676-6")
    }
    assert not codes(part(said["efavirenz (EFV)"], "therapeutic-implication").valueCodeableConcept)
    assert said["lamivudine (3TC)"].derivedFrom
    assert all(entry.resource.meta is None for entry in bundle.entry)


def test_a_germline_genotype_and_its_drugs_have_codes(run: Run) -> None:
    bundle = bundle_of(run, *PATIENTS["germline"])
    said = implications(bundle)
    drug = part(said["fluorouracil"], "51963-7").valueCodeableConcept
    assert codes(drug) == {("http://www.nlm.nih.gov/research/umls/rxnorm", "4492")}
    assert part(said["fluorouracil"], "therapeutic-implication").valueCodeableConcept.text == "Reduce dose"
    by_url = {entry.fullUrl: entry.resource for entry in bundle.entry}
    (genotype,) = (by_url[item.reference] for item in said["fluorouracil"].derivedFrom)
    assert genotype.valueCodeableConcept.text == "DPYD *1/*2A"
    assert genotype.meta.profile == [f"{GUIDE}genotype"]


def test_a_bundle_is_for_one_patient_and_no_cluster(run: Run) -> None:
    Path("two.tsv").write_text("a\tRT:M184V\nb\tRT:K103N\n", encoding="utf-8")
    many = ("evaluate", "--ruleset", "hiv1", "--mutations-file", "two.tsv", "--fhir", "out")
    for more, said in (
        ((), "are for one patient"),
        (("--jsonl", "x", "--cluster", "local"), "--fhir cannot be shared"),
    ):
        done = run(*many, *more)
        assert done.returncode == ExitCode.USAGE
        assert said in " ".join(done.stderr.split())
    assert not Path("out").exists()


def test_without_the_extra_it_says_what_installs_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("fhir.resources")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fhir.resources", None)
    done = run("evaluate", *PATIENTS["virus"], "--fhir", "out")
    assert done.returncode == ExitCode.USAGE
    assert "--fhir out: fhir.resources is not installed; pip install 'resistab[fhir]'" in " ".join(done.stderr.split())
    assert not Path("out").exists()
