"""Whatever a file holds, it is read or refused with a message: never a traceback.

Files as they are shipped are damaged at random; what ten minutes of coverage-guided fuzzing found stands beside them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.inputs.panels import read_panel
from resistab.domains.oncology.inputs.reading import Wanted, read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from resistab.report.timeline.therapies import read_therapies
from tests.domains.oncology.inputs.laboratory_files import T790M, vcf
from tests.paths import EXAMPLES

SEEDS = tuple(path.read_bytes() for path in sorted(EXAMPLES.iterdir()) if path.is_file() and "hiv" not in path.name)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An example of which parts are cut out, doubled, exchanged or overwritten."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        first = draw(st.integers(0, max(len(content) - 1, 0)))
        last = min(len(content), first + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["cut", "double", "swap", "write"])):
            case "cut":
                del content[first:last]
            case "double":
                content[first:first] = content[first:last]
            case "swap":
                at = draw(st.integers(0, max(len(content) - 1, 0)))
                content[at:at] = content[first:last]
            case "write":
                words = [
                    b"\t",
                    b"\n",
                    b",",
                    b";",
                    b'"',
                    b"\x00",
                    b"\xff",
                    b"-1",
                    b"1e999",
                    b"nan",
                    b"::",
                    b"=",
                    b"%",
                    b"|",
                ]
                content[first:last] = draw(st.sampled_from(words))
    return bytes(content)


def survives(interpreter: Interpreter, path: Path) -> None:
    """Read a file in each way it could be given; only faults may come of it, and each can be printed."""
    try:
        for sample in read_samples(path, interpreter.rulebase, Wanted(None, lambda: interpreter.coding_exons)):
            try:
                interpreter.assemble(with_defaults(sample, SampleDefaults(tumour="LUAD")), keep_going=True)
            except InputError as error:
                assert str(error)
    except InputError as error:
        assert str(error)
    for read in (
        lambda: read_panel(str(path), interpreter.rulebase, interpreter.coding_exons),
        lambda: read_therapies(path, interpreter.rulebase.drug_by_name),
    ):
        try:
            read()
        except InputError as error:
            assert str(error)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=damaged())
def test_a_damaged_file_is_read_or_refused(oncology: Interpreter, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "given"
    path.write_bytes(content)
    survives(oncology, path)


@pytest.mark.parametrize(
    "content",
    [
        # A record that breaks off before the columns of its samples.
        vcf("chr7 55181378 C T PASS .", header="##fileformat=VCFv4.2\n" + '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence Format: Allele|Consequence">\n##contig=<ID=chr7>\n'),  # noqa: E501
        vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT:AD 0/1"),
        vcf(f"chr7 55181378 C T PASS CSQ={T790M} GT 0/7"),
        vcf(f"chr7 55181378 C . PASS CSQ={T790M} GT 0/1"),
        vcf("chr7 55181378 C T PASS CSQ=|||||||||| GT 0/1"),
    ],
)  # fmt: skip
def test_what_fuzzing_found(oncology: Interpreter, tmp_path: Path, content: str) -> None:
    path = tmp_path / "given"
    path.write_text(content)
    survives(oncology, path)
