"""From the lines of tables to what was measured: the plain table with genotypes, and several tables as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, InputError
from resistab.curation.kit.measured.data import DrugMeasures, MeasuredData, MeasuredSample, Measurement
from resistab.curation.kit.measured.plain import ListedSample, PlainRow, by_drug, read_plain
from resistab.files.tables import MOST_FAULTS, TextTable

# The genotype of a sample of the table, whose named drugs were measured; raises ``InputError`` with faults of its line.
GenotypeOf = Callable[[ListedSample, Sequence[str]], Any]


def genotype_in_file(sample: ListedSample, read: Callable[[Path], Sequence[Any]]) -> Any:
    """The genotype of the one sample in the file that a line names, as ``read`` reads it.

    Raises ``InputError`` with the faults of the file, told in that line, and where it holds several samples.
    """
    assert sample.file is not None
    try:
        found = read(sample.file)
    except InputError as error:
        expected = "a file of one sample that evaluate reads"
        raise InputError(sample.row.fault(str(fault), expected) for fault in error.faults) from error
    if len(found) != 1:
        raise InputError([sample.row.fault(f"{sample.file} holds {len(found)} samples", "a file of one sample")])
    return found[0]


def plain_measured(
    path: Path,
    table: TextTable,
    meant: Callable[[str], Sequence[str]],
    genotype_of: GenotypeOf,
    keep_going: bool,
    drugs: Sequence[str] | None,
) -> MeasuredData:
    """What a plain table says; raises ``InputError`` with every fault.

    ``meant`` gives the drugs of the rule set that a name means, by its own names for them; several where it knows only
    how the drug is given. Of drugs that ``drugs`` does not hold nothing is read. With ``keep_going`` samples that
    cannot be read are set aside.
    """
    plain = read_plain(path, table)
    faults: list[Fault] = list(plain.faults)
    drugs_of = {name: meant(name) for name in dict.fromkeys(row.drug for row in plain.rows)}
    unknown = tuple(name for name, found in drugs_of.items() if not found)
    notes = tuple(f"{name} is taken for {' and '.join(found)}" for name, found in drugs_of.items() if len(found) > 1)
    grouped: dict[str, list[PlainRow]] = {}
    # The first of the drugs that a name means, then the second.
    for number in range(max(map(len, drugs_of.values()), default=0)):
        named = {name: found[number] for name, found in drugs_of.items() if len(found) > number}
        try:
            for drug, rows in by_drug(plain.rows, named).items():
                grouped.setdefault(drug, rows)
        except InputError as error:
            # Which of the values hold is not known: going on would be a guess.
            raise InputError(_in_order((*faults, *error.faults))) from error
    if drugs is not None:
        grouped = {drug: rows for drug, rows in grouped.items() if drug in drugs}
    of_sample: dict[str, list[str]] = {}
    for drug, rows in grouped.items():
        for row in rows:
            of_sample.setdefault(row.sample, []).append(drug)
    samples: list[MeasuredSample] = []
    number_of: dict[str, int] = {}
    for sample in plain.samples:
        if sample.sample not in of_sample:
            continue
        try:
            genotype = genotype_of(sample, of_sample[sample.sample])
        except InputError as error:
            faults.extend(error.faults)
            if len(faults) >= MOST_FAULTS:
                break
            continue
        number_of[sample.sample] = len(samples)
        samples.append(MeasuredSample(sample.sample, sample.patient, genotype, sample.row.line))
    if faults and not keep_going:
        raise InputError(_in_order(faults))
    found = {drug: _measures(drug, rows, number_of) for drug, rows in grouped.items()}
    return MeasuredData(
        tuple(samples), {d: m for d, m in found.items() if m.measurements}, notes, unknown, tuple(faults)
    )


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    """The faults by line, each once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0)[:MOST_FAULTS]


def _measures(drug: str, rows: Sequence[PlainRow], number_of: Mapping[str, int]) -> DrugMeasures:
    taken = tuple(
        Measurement(number_of[row.sample], row.value, row.bound, row.call, row.row.line)
        for row in rows
        if row.sample in number_of
    )
    cutoff = next((row.resistant_from for row in rows if row.resistant_from is not None), None)
    return DrugMeasures(drug, rows[0].scale, taken, cutoff)


def joined(
    parts: Iterable[MeasuredData], known: Sequence[str], paths: Sequence[Path], asked: Sequence[str] | None = None
) -> MeasuredData:
    """The tables as one, in the order of ``paths``; ``known`` are the names of the rule set's drugs, for the message.

    Raises ``InputError`` where none of them speaks of a drug of the rule set, or where two contradict each other. Where
    drugs were ``asked`` for it is for the caller to say which of them the tables lack.
    """
    samples: list[MeasuredSample] = []
    drugs: dict[str, DrugMeasures] = {}
    notes: list[str] = []
    unknown: list[str] = []
    aside: list[Fault] = []
    faults: list[Fault] = []
    for path, part in zip(paths, parts, strict=True):
        first = len(samples)
        samples += part.samples
        for name, of in part.drugs.items():
            moved = tuple(
                Measurement(item.sample + first, item.value, item.bound, item.call, item.line)
                for item in of.measurements
            )
            before = drugs.get(name)
            if before is not None:
                faults += _contradicting(str(path), before, of)
                faults += _twice(str(path), name, before, moved, samples)
            cutoff = of.resistant_from if before is None or before.resistant_from is None else before.resistant_from
            drugs[name] = DrugMeasures(name, of.scale, (*(before.measurements if before else ()), *moved), cutoff)
        notes += [note for note in part.notes if note not in notes]
        unknown += [name for name in part.unknown_drugs if name not in unknown]
        aside += part.set_aside
    if faults:
        raise InputError(faults[:MOST_FAULTS])
    if not drugs and asked is None:
        message = "holds no value of a drug of the rule set"
        message += f": it has {', '.join(unknown)}" if unknown else ""
        raise InputError(
            [Fault(where=str(path), message=message, expected=f"one of {', '.join(known)}") for path in paths]
        )
    return MeasuredData(tuple(samples), drugs, tuple(notes), tuple(unknown), tuple(aside))


def _contradicting(where: str, before: DrugMeasures, of: DrugMeasures) -> list[Fault]:
    """What a table and those before it say differently of one drug."""
    if before.scale != of.scale:
        message = f"{of.drug} is measured as {before.scale.name} and as {of.scale.name}"
        return [Fault(where=where, message=message, expected="one measure for each drug")]
    if None not in (before.resistant_from, of.resistant_from) and before.resistant_from != of.resistant_from:
        message = (
            f"the cutoff of {of.drug} is {of.resistant_from:g} here and {before.resistant_from:g} in another table"
        )
        return [Fault(where=where, message=message, expected="one cutoff for each drug")]
    return []


def _twice(
    where: str, drug: str, before: DrugMeasures, moved: Sequence[Measurement], samples: Sequence[MeasuredSample]
) -> list[Fault]:
    """The samples of a patient that were measured under the drug in a table before too."""
    known = {(samples[item.sample].sample, samples[item.sample].patient) for item in before.measurements}
    return [
        Fault(
            where=where,
            line=item.line,
            message=f"{drug} was measured in '{samples[item.sample].sample}' in another table already",
            expected="one value for each sample and drug",
        )
        for item in moved
        if (samples[item.sample].sample, samples[item.sample].patient) in known
    ]
