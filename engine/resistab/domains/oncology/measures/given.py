"""The genotype that a line of a plain table gives of a tumour: its findings as a list, or a file of one sample."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from resistab.core.faults import Fault, InputError
from resistab.domains.pack import Given

if TYPE_CHECKING:
    from resistab.curation.kit.measured.plain import PlainSample
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.interpreter import TumourInterpreter

_NONE = frozenset({"", "none", "na"})
_SEPARATOR = re.compile(r"\s*[;,]\s*")


def genotype_of(interpreter: TumourInterpreter, sample: PlainSample, drugs: Sequence[str]) -> Genotype:
    """The genotype of a sample, whatever ``drugs`` it is asked for; raises ``InputError`` with faults of its line.

    Findings and what was assayed are lists as options give them, separated by semicolons or commas. What was not
    assayed is unknown. Of a file ``tumour_type`` is what the file does not say itself.
    """
    row = sample.row
    try:
        if sample.file is None:
            tumour = row["tumour_type"]
            if not tumour:
                raise InputError([row.fault("no tumour type is given", "an OncoTree code or name in 'tumour_type'")])
            findings = () if sample.text.casefold() in _NONE else _parts(sample.text)
            return interpreter.genotype(
                tumour=tumour, findings=findings, assayed=_parts(row["assayed"]), sample=sample.sample
            )
        from resistab.domains.oncology.inputs.given import genotypes

        said = {"tumour": row["tumour_type"]} if row["tumour_type"] else {}
        found = genotypes(interpreter, Given(files=(sample.file,), said=said))
    except InputError as error:
        raise InputError(_placed(sample, fault) for fault in error.faults) from error
    if len(found) != 1:
        raise InputError([row.fault(f"{sample.file} holds {len(found)} samples", "a file of one sample")])
    return found[0]


def _placed(sample: PlainSample, fault: Fault) -> Fault:
    """A fault in the line of the sample; of a file it says itself where."""
    if sample.file is not None:
        return sample.row.fault(str(fault), "a file of one sample that evaluate reads")
    return sample.row.fault(fault.message, fault.expected, fault.suggestion)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in _SEPARATOR.split(text.strip()) if part)
