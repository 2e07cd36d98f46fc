"""A cohort as a stream gives what reading it at once gives: genotypes, faults, samples set aside, in the same order."""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs import cohort, genotypes, streaming
from resistab.domains.pack import Given
from tests.paths import EXAMPLES

COLUMNS = (
    "Hugo_Symbol\tNCBI_Build\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\tHGVSp\tFILTER\tt_alt_count\t"
    "t_ref_count\ttumor_f\tONCOTREE_CODE\tTranscript_ID"
)
# What stands in the columns but for the name of the sample: mostly what is common, and what needs a closer look.
CHANGES = (
    "EGFR|Missense_Mutation|p.L858R|", "EGFR|Missense_Mutation|p.T790M|p.Thr790Met", "KRAS|Missense_Mutation|p.G12D|",
    "EGFR|Missense_Mutation|p.T790M|p.Leu858Arg", "KRAS|Missense_Mutation|p.G12C|", "TP53|Splice_Site|p.X125_splice|",
    "APC|Nonsense_Mutation|p.R1450*|", "BRAF|Missense_Mutation|p.D900E|", "NOTAGENE|Missense_Mutation|p.A1C|",
    "ALK|Fusion|EML4-ALK fusion|", "EGFR|Fusion|vIII|", "BRAF|Peculiar|p.V600E|", "KRAS|Silent|p.G12=|",
    "KRAS|Peculiar|wild type|", "KRAS|Peculiar|amplification|", "KRAS|Peculiar|loss, wild type|", "TTN|Intron||",
    "HER2|Missense_Mutation|p.L755S|", "ABL1|Missense_Mutation|p.T334I|", "EGFR|Missense_Mutation|p.T790X|",
)  # fmt: skip
READS = ("30|70|", "5|95|", "0|100|", "0|0|", "||0.25", "||0", "0|9|0.5", "||", "7||0.1")
FAULTY = ("x|70|", "5|-1|", "||2")
TUMOURS = ("LUAD", "LUAD", "LUAD", "", "COAD", "NSCLC", "LUADX", "LGG")
SAID: tuple[dict[str, Any], ...] = (
    {},
    {"tumour": "LUAD"},
    {"tumour": "LUAD", "panel": ["msk-impact-505"], "prior": ["osimertinib"]},
    {"assayed": ["KRAS mutation, NOTAGENE mutation"], "specimen": "tissue"},
    {"tumour": "LUAD", "assayed": ["EGFR mutation"], "limit_of_detection": 0.05},
)


def told(interpreter: Interpreter, streamed: bool, files: Sequence[Path], **options: Any) -> tuple[object, ...]:
    """All that comes of reading files: genotypes or faults, and samples set aside."""
    asked = Given(tuple(files), **options)
    try:
        if not streamed:
            return genotypes(interpreter, asked), asked.set_aside
        with cohort(interpreter, asked) as found:
            made = list(found)
            assert len(found) == len(made)
            assert list(found) == made
        return made, asked.set_aside
    except InputError as error:
        return error.faults, asked.set_aside


@st.composite
def mafs(draw: st.DrawFn) -> str:
    """A MAF of a few samples, some scattered, some faulty."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    faulty, samples, rows = draw(st.sampled_from((0.0, 0.0, 0.2))), draw(st.integers(1, 6)), []
    for number in range(samples):
        tumour = chance.choice(TUMOURS if draw(st.booleans()) else TUMOURS[:3])
        for _ in range(chance.randint(1, 6)):
            gene, kind, change, other = chance.choice(CHANGES).split("|")
            alternative, reference, share = chance.choice(FAULTY if chance.random() < faulty else READS).split("|")
            name = "" if chance.random() < faulty / 4 else f"S{number}"
            build = chance.choice(("GRCh37", "37", "")) if chance.random() > faulty / 4 else "GRCh38"
            passed = chance.choice(("PASS", "PASS", "", "germline_risk"))
            of_row = chance.choice(TUMOURS) if chance.random() < 0.05 else tumour
            fields = (gene, build, kind, name, change, other, passed, alternative, reference, share, of_row)
            rows.append("\t".join((*fields, chance.choice(("", "", "ENST00000275493")))))
    if draw(st.booleans()):
        chance.shuffle(rows)
    return "\n".join((COLUMNS, *rows)) + "\n"


@given(mafs(), st.sampled_from(SAID), st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_stream_gives_what_reading_at_once_gives(
    oncology: Interpreter, tmp_path: Path, content: str, said: dict[str, Any], keep_going: bool
) -> None:
    path = tmp_path / "a.maf"
    path.write_text(content)
    options = {"said": said, "keep_going": keep_going}
    assert told(oncology, True, [path], **options) == told(oncology, False, [path], **options)


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_shipped_cohort_is_streamed_alike(oncology: Interpreter, tmp_path: Path, shuffled: bool) -> None:
    columns, *rows = (EXAMPLES / "cohort.maf").read_text().splitlines()
    if shuffled:
        random.Random(1).shuffle(rows)
    packed = tmp_path / "a.maf.gz"
    packed.write_bytes(gzip.compress("\n".join((columns, *rows)).encode()))
    made = told(oncology, True, [packed])
    assert made == told(oncology, False, [packed])
    assert made[0]


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short", *rows)) + "\n")
    return path


def row(sample: str, change: str = "p.G12D") -> str:
    return f"KRAS\tMissense_Mutation\t{sample}\t{change}"


def test_scattered_rows_are_put_in_order(
    oncology: Interpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order in which samples come first, whatever is together in one of the files in between."""
    monkeypatch.setattr(streaming, "_TOGETHER", 3)
    monkeypatch.setattr(streaming, "_WAITING", 7)
    rows = [row(f"S{number}", f"p.G12{residue}") for number in range(10) for residue in "DVCA"]
    random.Random(4).shuffle(rows)
    path = write(tmp_path / "a.maf", *rows)
    said = {"tumour": "COAD"}
    made = told(oncology, True, [path], said=said)
    assert made == told(oncology, False, [path], said=said)
    assert isinstance(made[0], list)
    assert len(made[0]) == 10


@pytest.mark.parametrize("scattered", [False, True])
def test_a_sample_in_two_files_is_a_fault(oncology: Interpreter, tmp_path: Path, scattered: bool) -> None:
    first = write(tmp_path / "a.maf", row("A"), row("B"))
    second = write(tmp_path / "b.maf", row("C"), row("B"), *([row("C", "p.G12V")] if scattered else []), row("D"))
    said = {"tumour": "COAD"}
    for files in ([first, second], [first, first], [second, first, second]):
        made = told(oncology, True, files, said=said)
        assert made == told(oncology, False, files, said=said)
        assert "is given twice, first in" in str(made[0])


def test_files_of_other_kinds_keep_their_place(oncology: Interpreter, tmp_path: Path) -> None:
    maf = write(tmp_path / "a.maf", row("A"), row("B"), row("A", "p.G12V"))
    files = [EXAMPLES / "cml_t315i.yaml", maf, EXAMPLES / "breast_findings.csv", tmp_path / "none.maf"]
    for chosen in (files[:3], files):
        options = {"said": {"tumour": "CML"}, "keep_going": True}
        assert told(oncology, True, chosen, **options) == told(oncology, False, chosen, **options)


def test_a_response_of_a_sample_is_looked_at(oncology: Interpreter, tmp_path: Path) -> None:
    maf = write(tmp_path / "a.maf", row("A"), row("B"))
    table = tmp_path / "responses.tsv"
    table.write_text("sample\tdrug\tassay\tcall\nB\tnotadrug\torganoid\tresistant\nE\tgefitinib\torganoid\tresistant\n")
    options = {"said": {"tumour": "COAD", "measured": table}}
    made = told(oncology, True, [maf], **options)
    assert made == told(oncology, False, [maf], **options)
    assert "there is no sample 'E'" in str(made[0])


def test_samples_share_what_a_panel_covers(oncology: Interpreter, tmp_path: Path) -> None:
    path = write(tmp_path / "a.maf", row("A"), row("B", "p.G12V"))
    options: dict[str, Any] = {"said": {"tumour": "COAD", "panel": ["msk-impact-505"]}}
    with cohort(oncology, Given((path,), **options)) as found:
        first, second = found
    assert first.assayed is second.assayed
    assert len(first.assayed) > 500


def test_only_what_is_asked_for_is_made(oncology: Interpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.maf", *(row(f"S{number}") for number in range(50)))
    with cohort(oncology, Given((path,), said={"tumour": "COAD"})) as found:
        made: list[str] = []
        assemble = oncology.assemble

        def counted(sample: Any, keep_going: bool) -> Genotype:
            made.append(sample.sample)
            return assemble(sample, keep_going)

        monkeypatch.setattr(oncology, "assemble", counted)
        assert [next(iter(found)).sample, *made] == ["S0", "S0"]
        assert len(found) == 50


def test_a_file_that_changed_meanwhile_is_refused(oncology: Interpreter, tmp_path: Path) -> None:
    path = write(tmp_path / "a.maf", row("A"), row("B"))
    with cohort(oncology, Given((path,), said={"tumour": "COAD"})) as found:
        write(path, row("A"), row(""))
        with pytest.raises(InputError, match="is no name"):
            list(found)


def test_a_genotype_is_as_validating_would_make_it(oncology: Interpreter) -> None:
    for genotype in genotypes(oncology, Given((EXAMPLES / "cohort.maf", EXAMPLES / "lung_osimertinib_c797s.yaml"))):
        again = Genotype.model_validate(genotype.model_dump())
        assert again == genotype
        assert list(again.__dict__) == list(genotype.__dict__)
        assert again.model_dump_json() == genotype.model_dump_json()
        assert again.model_fields_set == genotype.model_fields_set
