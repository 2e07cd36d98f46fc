"""Patient files in YAML or JSON of every domain: a page of text with one sample, or several under ``patients``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from resistab.core.faults import Fault, FaultAt, InputError
from resistab.core.model import ConfigDict, Model, field_validator, validation_error
from resistab.files.opening import whole_text
from resistab.files.sample_names import name_fault
from resistab.files.yaml_source import Path_, Source, read_yaml, schema_faults

_Entry = TypeVar("_Entry", bound="SampleEntry")

# A patient file is a page of text; what is larger is something else, and is not read into memory.
MOST_BYTES = 20_000_000
_KIND = "a patient file in YAML or JSON"


def read_patient_text(path: Path) -> str:
    """The text of a patient file; raises ``InputError`` where it cannot be read or is no text."""
    return whole_text(path, MOST_BYTES, f"{_KIND} of at most {MOST_BYTES // 1_000_000} MB")


def sample_entries(text: str, where: str, fields: str) -> tuple[Source, list[tuple[Path_, Any]]]:
    """The entries of a patient file, one a sample, each with where it stands; ``fields`` are those of a sample.

    Raises ``InputError`` where the text is no YAML or JSON, or holds no entry.
    """
    if text.lstrip()[:1] in ("{", "["):
        # JSON is YAML but for tabs between its tokens; inside its strings a raw tab is not allowed.
        text = text.replace("\t", " ")
    source, faults = read_yaml(text, where)
    if faults:
        raise InputError(faults)
    data = source.data
    if data is None:
        raise InputError([Fault(where=where, message="is empty", expected=fields)])
    entries: list[tuple[Path_, Any]]
    if isinstance(data, dict) and "patients" in data:
        unknown = sorted(str(key) for key in data if key != "patients")
        if unknown or not isinstance(data["patients"], list):
            message = f"unknown field '{unknown[0]}' beside patients" if unknown else "'patients' is no list"
            raise InputError([source.fault((unknown[0] if unknown else "patients",), message, "a list of samples")])
        entries = [(("patients", index), entry) for index, entry in enumerate(data["patients"])]
    elif isinstance(data, list):
        entries = [((index,), entry) for index, entry in enumerate(data)]
    else:
        entries = [((), data)]
    if not entries:
        raise InputError([Fault(where=where, message="holds no patient", expected="at least one sample")])
    return source, entries


class SampleEntry(Model):
    """A sample in a patient file; a domain's own has further fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    sample: str

    @field_validator("sample")
    @classmethod
    def _named(cls, sample: str) -> str:
        if fault := name_fault(sample):
            raise ValueError(fault)
        return sample


def read_samples(path: Path, model: type[_Entry]) -> list[tuple[_Entry, Callable[..., FaultAt]]]:
    """The samples of a patient file, each with what places a fault in one of its fields.

    Raises ``InputError`` with every fault of the file.
    """
    fields = f"the fields of a sample: {', '.join(model.model_fields)}"
    source, entries = sample_entries(read_patient_text(path), str(path), fields)
    samples: dict[str, tuple[_Entry, Callable[..., FaultAt]]] = {}
    faults: list[Fault] = []
    for at, data in entries:
        if not isinstance(data, dict):
            faults.append(source.fault(at, "is no sample", fields))
            continue
        try:
            entry = model.model_validate(data)
        except validation_error() as error:
            faults += schema_faults(source, error, model, at)
            continue
        if entry.sample in samples:
            faults.append(source.fault(at, f"the sample '{entry.sample}' is given twice", "each sample once"))
        samples[entry.sample] = entry, lambda *step, at=at: fault_placing(source, (*at, *step))
    if faults:
        raise InputError(faults)
    return list(samples.values())


def fault_placing(source: Source, path: Path_) -> FaultAt:
    """What places a fault at the value under ``path``."""
    return lambda message, expected, suggestion: source.fault(path, message, expected, suggestion)
