"""Values that cannot be: told or refused, never lost in silence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from resistab import Interpreter
from tests.domains.oncology.inputs.laboratory_files import C797S, T790M, ReadFile, vcf

Refusal = Callable[..., list[str]]
PATIENT = "sample: a\ntumour_type: LUAD\nfindings:\n- alteration: EGFR T790M\n  {field}: {value}\n"
MEASURED = (
    "sample: a\ntumour_type: LUAD\nfindings: [EGFR T790M]\nmeasured:\n"
    "- {{drug: osimertinib, assay: cell line, measure: fold change, {field}: {value}}}\n"
)


@pytest.mark.parametrize("value", [".inf", ".nan", "-1", "'inf'", "'1_000'", "yes", "1:30", "0x1F", "9" * 5000])
def test_what_was_measured_is_a_finite_number(refusal: Refusal, value: str) -> None:
    for content in (
        MEASURED.format(field="value", value=value),
        MEASURED.format(field="value: 2, resistant_from", value=value),
        PATIENT.format(field="copies", value=value),
        PATIENT.format(field="allele_fraction", value=value),
    ):
        assert len(refusal("p.yaml", content, tumour=None)) == 1


@pytest.mark.parametrize("value", ["30", "-0.1", "nan", "inf"])
def test_a_fraction_that_can_be_none_is_told(read_file: ReadFile, value: str) -> None:
    (genotype,) = read_file("a.vcf", vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT:AF 0/1:{value}"))
    assert genotype.findings[0].allele_fraction is None
    (note,) = [note for note in genotype.notes if "allele fractions were not read" in note]
    assert f"AF {float(value) if value == '30' else value}" in note
    assert "at chr7:55181378" in note


def test_a_block_that_ends_beyond_its_contig_is_refused(refusal: Refusal) -> None:
    block = "chr7 1 A <NON_REF> PASS END={end} GT:DP 0/0:500"
    (line,) = refusal("a.vcf", vcf(block.format(end=2_000_000_000)))
    assert line.endswith(
        "the record ends at 2,000,000,000, and chr7 has 159,345,973 bases; expected POS and END within the contig"
    )
    (line,) = refusal(
        "a.vcf",
        vcf(block.format(end=2_000_000_000), header=vcf().replace(",length=159345973", "").partition("#CHROM")[0]),
    )
    assert "no chromosome has more than 249,250,621 bases" in line


def many_phased(number: int) -> str:
    """Changes of EGFR on one phase set, among them two that rules name."""
    records = [
        f"chr7 {55181378} C T PASS CSQ={T790M} GT:PS 0|1:1",
        f"chr7 {55181398} T A PASS CSQ={C797S} GT:PS 0|1:1",
    ]
    for index in range(number):
        csq = T790M.replace("c.2369C>T", f"c.{index}C>T").replace("Thr790Met", f"Gly{index + 2}Xaa")
        records.append(f"chr7 {55181500 + index} C T PASS CSQ={csq} GT:PS 0|1:1")
    return vcf(*records)


def test_of_many_phased_changes_those_named_keep_their_phase(read_file: ReadFile, oncology: Interpreter) -> None:
    (genotype,) = read_file("a.vcf", many_phased(500))
    phases = {
        finding.text: finding.phases for finding in genotype.findings if finding.text in ("EGFR T790M", "EGFR C797S")
    }
    assert [(phase.phase, str(phase.change)) for phase in phases["EGFR T790M"] if str(phase.change) == "C797S"] == [
        ("cis", "C797S")
    ]
    assert sum(len(getattr(finding, "phases", ())) for finding in genotype.findings) < 5000
    assert any("502 changes of EGFR are phased" in note for note in genotype.notes)


def test_an_unknown_status_of_a_phenopacket_is_refused(refusal: Refusal) -> None:
    content = (
        '{"id": "a", "metaData": {}, "interpretations": [{"diagnosis": {"genomicInterpretations": '
        '[{"interpretationStatus": %s, "gene": {"symbol": "EGFR"}}]}}]}'
    )
    (line,) = refusal("a.json", content % "99")
    assert "the interpretation status 99 is none of the schema's; expected one of UNKNOWN_STATUS" in line
    assert refusal("a.json", content % ("[" * 3000 + "]" * 3000))
    assert refusal("a.json", content % ("9" * 5000))


def test_a_text_without_end_is_no_alteration(refusal: Refusal) -> None:
    content = "sample: a\ntumour_type: LUAD\nfindings: ['EGFR" + " " * 500_000 + "T790M', '" + "A" * 500_000 + "']\n"
    lines = refusal("p.yaml", content, tumour=None)
    assert all("characters long; expected at most 5,000" in line and len(line) < 1000 for line in lines)
    assert len(lines) == 2


def test_a_name_without_end_is_no_name(refusal: Refusal) -> None:
    (line,) = refusal("p.yaml", f"sample: {'a' * 500_000}\ntumour_type: LUAD\nfindings: [EGFR T790M]\n", tumour=None)
    assert "is 500,000 characters long; at most 2,000" in line
    assert len(line) < 1000


def test_a_label_without_end_is_searched_in_one_go(refusal: Refusal, read_file: ReadFile) -> None:
    """Found by ``tools/fuzz.py``: each of its places began a symbol that went to its end."""
    content = (
        '{"id": "a", "metaData": {}, "interpretations": [{"diagnosis": {"genomicInterpretations": '
        '[{"variantInterpretation": {"variationDescriptor": {"label": "%s", "geneContext": {"symbol": "EGFR"}}}}]}}]}'
    )
    (genotype,) = read_file("a.json", content % ("A" * 2_000_000))
    assert "characters long" in genotype.not_understood[0].reason


def test_a_test_that_found_nothing_a_thousand_times_is_refused(refusal: Refusal) -> None:
    content = f"sample: a\ntumour_type: LUAD\nfindings: ['{'not ' * 1200}EGFR T790M']\n"
    assert len(refusal("p.yaml", content, tumour=None)) == 1


@pytest.mark.parametrize("text", ["TMB ٣", f"TMB {'9' * 4000} mut/Mb", f"ERBB2 amplification {'9' * 400} copies"])
def test_a_number_within_an_alteration_is_in_plain_digits(refusal: Refusal, text: str) -> None:
    assert len(refusal("p.yaml", f"sample: a\ntumour_type: LUAD\nfindings: ['{text}']\n", tumour=None)) == 1


def test_a_line_without_end_is_looked_at_in_one_go(refusal: Refusal) -> None:
    """Found by ``tools/fuzz.py``: each of its places could have ended the name of a section."""
    assert refusal("p.yaml", f"sample: a\n{'a' + ' ' * 250_000}?\n", tumour=None)
