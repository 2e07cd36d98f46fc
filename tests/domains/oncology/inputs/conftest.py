"""Reading of a patient file, and what is said of one that is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from resistab import Interpreter
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.reading import Wanted, read_samples
from resistab.domains.oncology.inputs.sample_defaults import SampleDefaults, with_defaults
from tests.domains.oncology.inputs.laboratory_files import ReadFile


@pytest.fixture
def read_file(oncology: Interpreter, tmp_path: Path) -> ReadFile:
    """Writes a file, reads it and gives the genotypes of its samples."""

    def read(
        name: str, content: str | bytes, sample: str | None = None, tumour: str | None = "LUAD", **said: object
    ) -> list[Genotype]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        wanted = Wanted(sample, lambda: oncology.coding_exons, knows_symbol=oncology.knows_symbol)
        samples = read_samples(path, oncology.rulebase, wanted)
        defaults = SampleDefaults(tumour=tumour, **said)  # type: ignore[arg-type]
        return [oncology.assemble(with_defaults(given, defaults)) for given in samples]

    return read


@pytest.fixture
def refusal(read_file: ReadFile, tmp_path: Path) -> Callable[..., list[str]]:
    """Everything that is said of a file that is refused, without the folder it lies in."""

    def refused(name: str, content: str | bytes, **said: object) -> list[str]:
        with pytest.raises(InputError) as raised:
            read_file(name, content, **said)
        return [str(fault).replace(f"{tmp_path}/", "") for fault in raised.value.faults]

    return refused
