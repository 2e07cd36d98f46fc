"""Many sequences are aligned by several processes, and come out as by one."""

from __future__ import annotations

from pathlib import Path

import pytest

import resistab
from resistab.core.faults import InputError
from resistab.domains.pack import Given
from resistab.domains.virus.inputs import given as reading
from resistab.files import processes
from tests.paths import ROOT

POL = (ROOT / "examples" / "hiv_pol.fasta").read_text(encoding="utf-8")


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of sequences, of which one cannot be aligned, that two processes share."""
    monkeypatch.setattr(reading, "_SHARED", 2)
    monkeypatch.setattr(reading, "_AT_ONCE", 2)
    monkeypatch.setattr(processes, "processors", lambda: 2)
    sequence = "".join(line for line in POL.splitlines()[1:] if not line.startswith(">"))
    records = [f">s{number}\n{sequence[number * 3 :]}\n" for number in range(5)]
    path = tmp_path / "several.fasta"
    path.write_text("".join([*records[:3], ">none\nACGTACGTACGT\n", *records[3:]]), encoding="utf-8")
    return path


def test_they_come_in_their_order(several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter = resistab.load("hiv1")
    shared = reading.genotypes(interpreter, Given((several,), keep_going=True))
    monkeypatch.setattr(reading, "_SHARED", 100)
    assert shared == reading.genotypes(interpreter, Given((several,), keep_going=True))
    assert [genotype.sample for genotype in shared] == ["s0", "s1", "s2", "none", "s3", "s4"]
    assert shared[3].not_understood


def test_what_cannot_be_aligned_is_told_by_its_line(several: Path) -> None:
    with pytest.raises(InputError) as refused:
        reading.genotypes(resistab.load("hiv1"), Given((several,)))
    assert [fault.line for fault in refused.value.faults] == [7]
