"""Tables of measured phenotypes of viruses: Stanford's genotype-phenotype sets as they stand, and the plain table.

Stanford's sets have a line for each isolate: ``SeqID``, ``PtID``, for each drug its fold change and the published call
beside it (``EFV``, ``EFV_res``), and the mutations of one gene in ``CompMutList``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from resistab.core.faults import Fault, InputError, nearest
from resistab.curation.kit.measured.data import (
    SCALES,
    Bound,
    DrugMeasures,
    MeasuredData,
    MeasuredSample,
    Measurement,
)
from resistab.curation.kit.measured.joining import genotype_in_file, joined, plain_measured
from resistab.curation.kit.measured.plain import ListedSample, bounded, is_plain
from resistab.domains.pack import Given
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.files.tables import MOST_FAULTS, TextRow, TextTable, read_table, require
from resistab.report.words import counted

if TYPE_CHECKING:
    from resistab.core.measured import Response
    from resistab.domains.virus.genotype import ViralGenotype
    from resistab.domains.virus.interpreter import ViralInterpreter
    from resistab.domains.virus.kinds.models import ViralRulebase

_CALLS: Mapping[str, Response] = {
    "susceptible": "sensitive",
    "intermediate": "intermediate",
    "resistant": "resistant",
}
_FOLD = SCALES["fold change"]
_NONE = frozenset({"", "na", "none"})
# These folds are written with one decimal: a fold below 0.05 stands as 0.0.
_ROUNDED_TO_NOTHING, _SMALLEST = "0.0", 0.1
# Published sets hold a few isolates of another virus; of more the reference is not the rule set's.
_MOST_STRANGE = 0.01
_EXPECTED = (
    "Stanford's columns (SeqID, PtID, CompMutList, and of each drug X and X_res), or sample, patient, mutations or "
    "file, drug, value"
)


def read_measured(
    interpreter: ViralInterpreter, paths: Sequence[Path], keep_going: bool, drugs: Sequence[str] | None
) -> MeasuredData:
    """The measurements in tables of either kind; raises ``InputError`` with every fault of all of them.

    ``drugs`` are those that are asked for, by the rule set's names; of all others nothing is read. With ``keep_going``
    lines that cannot be read are set aside.
    """
    rulebase, reader = interpreter.rulebase, MutationReader(interpreter.rulebase)

    meant = partial(drugs_meant, rulebase)

    def genotype_of(sample: ListedSample, measured: Sequence[str]) -> ViralGenotype:
        return plain_genotype(interpreter, sample, measured, reader)

    parts: list[MeasuredData] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            table = read_table(path)
            if {"seqid", "compmutlist"} & set(table.columns):
                parts.append(_Stanford(rulebase, table, keep_going, drugs).read())
            elif is_plain(table):
                parts.append(plain_measured(path, table, meant, genotype_of, keep_going, drugs))
            else:
                message = f"the columns are {', '.join(table.written)}"
                faults.append(Fault(where=str(path), line=table.line, message=message, expected=_EXPECTED))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return joined(parts, [drug.name for drug in rulebase.drugs], paths, drugs)


class _Stanford:
    """One table in Stanford's format."""

    def __init__(
        self, rulebase: ViralRulebase, table: TextTable, keep_going: bool, drugs: Sequence[str] | None
    ) -> None:
        require(table, "seqid", "ptid", "compmutlist")
        self.rulebase, self.table, self.keep_going = rulebase, table, keep_going
        self.reader = MutationReader(rulebase)
        written = dict(zip(table.columns, table.written, strict=True))
        columns = [name for name in table.columns if f"{name}_res" in table.columns]
        known = {name: drugs_meant(rulebase, name) for name in columns}
        self.unknown = tuple(written[name] for name, meant in known.items() if not meant)
        asked = {name: tuple(drug for drug in meant if drugs is None or drug in drugs) for name, meant in known.items()}
        self.drugs = {name: meant for name, meant in asked.items() if meant}
        self.others = [
            f"{written[name]} is taken for {' and '.join(meant)}"
            for name, meant in self.drugs.items()
            if name not in rulebase.drug_by_name
        ]
        genes = {rulebase.gene_of(drug) for meant in known.values() for drug in meant}
        if len(genes) > 1:
            message = f"the drugs act on several genes: {', '.join(sorted(genes))}"
            raise InputError([Fault(where=table.where, line=table.line, message=message, expected="those of one gene")])
        self.gene = next(iter(genes), "")

    def read(self) -> MeasuredData:
        """What the table says; raises ``InputError`` with every fault."""
        samples: list[MeasuredSample] = []
        found: dict[str, list[Measurement]] = {}
        faults: list[Fault] = []
        # Mutations that cannot be read as they stand.
        strange: list[Fault] = []
        first_line: dict[str, int] = {}
        without = rounded = 0
        for row in self.table.rows:
            if not self.drugs:
                continue
            try:
                values = self._values(row)
                if not values:
                    continue
                place = self._place(row, first_line)
            except InputError as error:
                faults.extend(error.faults)
                if len(faults) >= MOST_FAULTS:
                    break
                continue
            try:
                sample = MeasuredSample(*place, self._genotype(row, place[0]), row.line)
            except InputError as error:
                strange.extend(error.faults)
                continue
            without += row["compmutlist"].casefold() in _NONE
            rounded += sum(row[column] == _ROUNDED_TO_NOTHING for column in self.drugs)
            for drug, (value, bound, call) in values.items():
                of = found.setdefault(drug, [])
                of.append(Measurement(len(samples), value, bound, call, row.line))
            samples.append(sample)
        if faults and not self.keep_going:
            raise InputError(faults)
        if len(strange) > _MOST_STRANGE * len(samples) and not self.keep_going:
            raise InputError(strange)
        notes = list(self.others)
        if strange:
            lines = len({fault.line for fault in strange})
            notes.append(
                f"{counted(lines, 'isolate')} set aside, whose mutations are not counted from the reference of the "
                "rule set, as where they are of another virus"
            )
        if without:
            notes.append(f"{counted(without, 'isolate')} without a list of mutations (NA): taken to have none")
        if rounded:
            notes.append(
                f"{counted(rounded, 'fold')} of 0.0, which is what is left of one decimal: read as below {_SMALLEST}"
            )
        drugs = {drug: DrugMeasures(drug, _FOLD, tuple(of)) for drug, of in found.items()}
        return MeasuredData(tuple(samples), drugs, tuple(notes), self.unknown, (*faults, *strange))

    def _values(self, row: TextRow) -> dict[str, tuple[float, Bound, Response | None]]:
        found: dict[str, tuple[float, Bound, Response | None]] = {}
        faults: list[Fault] = []
        for column, meant in self.drugs.items():
            if row[column] == _ROUNDED_TO_NOTHING:
                given: tuple[float, Bound] | None = (_SMALLEST, "<")
            else:
                try:
                    given = bounded(row, column, _FOLD)
                except InputError as error:
                    faults.extend(error.faults)
                    continue
            if given is None:
                continue
            said = row[f"{column}_res"]
            call = _CALLS.get(said.casefold())
            if call is None and said.casefold() not in ("", "na"):
                near = nearest(said, _CALLS)
                faults.append(row.fault(f"'{said}' in column '{column}_res' is no call", f"one of {', '.join(_CALLS)}",
                                        near))  # fmt: skip
            found.update(dict.fromkeys(meant, (*given, call)))
        if faults:
            raise InputError(faults)
        return found

    def _place(self, row: TextRow, first_line: dict[str, int]) -> tuple[str, str]:
        """Isolate and patient of a line."""
        name, patient = row["seqid"], row["ptid"]
        faults = [
            row.fault(f"no {column} is given", "a number") for column in ("SeqID", "PtID") if not row[column.lower()]
        ]
        if name in first_line:
            faults.append(row.fault(f"the isolate {name} is given in line {first_line[name]} already", "each once"))
        first_line.setdefault(name, row.line)
        if faults:
            raise InputError(faults)
        return name, patient

    def _genotype(self, row: TextRow, sample: str) -> ViralGenotype:
        text = row["compmutlist"]
        return _listed(self.reader, row, "" if text.casefold() in _NONE else text, sample, (self.gene,))


def drugs_meant(rulebase: ViralRulebase, name: str) -> tuple[str, ...]:
    """The drugs of a rule set that a measured drug is, by the rule set's names; none where it has none.

    An assay measures the drug itself. Where a rule set knows only how it is given, boosted or in several doses
    (``DRV/r``, ``DTG_QD``), its verdicts on each of these are held against the one value.
    """
    own = rulebase.drug_by_name.get(name.casefold())
    if own is not None:
        return (own.name,)
    return tuple(
        drug.name
        for drug in rulebase.drugs
        if drug.name.casefold().partition("_")[0].removesuffix("/r") == name.casefold()
    )


def _listed(reader: MutationReader, row: TextRow, text: str, sample: str, genes: Sequence[str]) -> ViralGenotype:
    """The genotype that a list in a row gives; raises ``InputError`` with faults of that row."""

    def fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
        return row.fault(message, expected, suggestion)

    return reader.read(text, sample, fault_at, genes=genes)


def plain_genotype(
    interpreter: ViralInterpreter, sample: ListedSample, drugs: Sequence[str], reader: MutationReader | None = None
) -> ViralGenotype:
    """The genotype of a sample; of a list the genes of ``drugs`` count as sequenced, of a file what is read of it.

    Raises ``InputError`` with faults of the sample's line.
    """
    row = sample.row
    if sample.file is None:
        reader = reader or MutationReader(interpreter.rulebase)
        genes = sorted({interpreter.rulebase.gene_of(drug) for drug in drugs})
        text = "" if sample.text.casefold() in _NONE else sample.text
        assayed = [part for part in row["assayed"].replace(";", ",").split(",") if part.strip()]
        return _listed(reader, row, text, sample.sample, [part.strip() for part in assayed] or genes)
    from resistab.domains.virus.inputs import genotypes

    found: ViralGenotype = genotype_in_file(sample, lambda path: genotypes(interpreter, Given(files=(path,))))
    return found
