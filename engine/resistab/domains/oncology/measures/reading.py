"""Tables of measured responses of tumours, cell lines and cultures: the plain table, read with the tumours' grammar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from resistab.core.faults import Fault, InputError
from resistab.curation.kit.measured.data import MeasuredData
from resistab.curation.kit.measured.joining import genotype_in_file, joined, plain_measured
from resistab.curation.kit.measured.plain import ListedSample, is_plain
from resistab.domains.oncology.grammar.loci import split_locus_list
from resistab.domains.oncology.inputs.assembly import GivenFinding, GivenSample, GivenText
from resistab.domains.oncology.inputs.listed import listed
from resistab.domains.pack import Given
from resistab.files.sample_names import name_fault
from resistab.files.tables import read_table

if TYPE_CHECKING:
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.interpreter import TumourInterpreter

_NONE = frozenset({"", "na", "none"})
_EXPECTED = "sample, patient, tumour_type, findings or file, drug, value"


def read_measured(
    interpreter: TumourInterpreter, paths: Sequence[Path], keep_going: bool, drugs: Sequence[str] | None
) -> MeasuredData:
    """The measurements in plain tables; raises ``InputError`` with every fault of all of them.

    ``drugs`` are those that are asked for, by the rule set's names. A drug may be named by any name that the rule set
    knows; one without a table has nothing that could be held against a measurement, and is named among the unknown.
    With ``keep_going`` samples that cannot be read are set aside.
    """
    rulebase = interpreter.rulebase
    tables = rulebase.table_by_drug
    known = {name.casefold(): drug.name for name, drug in rulebase.drug_by_name.items() if drug.name in tables}

    def meant(name: str) -> tuple[str, ...]:
        drug = known.get(name.casefold())
        return () if drug is None else (drug,)

    def genotype_of(sample: ListedSample, measured: Sequence[str]) -> Genotype:
        return plain_genotype(interpreter, sample)

    parts: list[MeasuredData] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            table = read_table(path)
            if not is_plain(table):
                message = f"the columns are {', '.join(table.written)}"
                raise InputError([Fault(where=str(path), line=table.line, message=message, expected=_EXPECTED)])
            parts.append(plain_measured(path, table, meant, genotype_of, keep_going, drugs))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return joined(parts, sorted(tables), paths, drugs)


def plain_genotype(interpreter: TumourInterpreter, sample: ListedSample) -> Genotype:
    """The genotype of a sample by its line; raises ``InputError`` with faults of that line.

    Findings are separated by semicolons, or commas, each written as ``evaluate`` reads them: a change that does not
    agree with the reference sequence is a fault. Nothing that was neither found nor named in ``assayed`` counts as
    absent; a sample of which neither says anything is refused.
    """
    row = sample.row
    said = row["tumour_type"]
    if sample.file is not None:
        return _of_file(interpreter, sample, said)
    faults = []
    if not said:
        faults.append(row.fault("no tumour type is given", "an OncoTree code or name in 'tumour_type'"))
    if wrong := name_fault(sample.sample):
        faults.append(row.fault(f"the sample '{sample.sample}' {wrong}", "a name"))
    texts = [] if sample.text.casefold() in _NONE else listed(sample.text)
    assayed = split_locus_list(row["assayed"].replace(";", ","))
    if not texts and not assayed:
        message = f"nothing is known of the tumour of '{sample.sample}'"
        faults.append(row.fault(message, "findings, or what was assayed in 'assayed'"))
    given = GivenSample(
        sample=sample.sample,
        tumour_type=GivenText(said, row.fault_at) if said else None,
        findings=[GivenFinding(text, row.fault_at) for text in texts],
        assayed=[GivenText(text, row.fault_at) for text in assayed],
        faults=faults,
        read_as="table of measurements",
    )
    return interpreter.assemble(given)


def _of_file(interpreter: TumourInterpreter, sample: ListedSample, tumour: str) -> Genotype:
    """The genotype of the one sample in a file; what the line says of the tumour type holds where the file is silent.

    Faults of the file are told in the line that names it.
    """
    from resistab.domains.oncology.inputs import genotypes

    row = sample.row
    options = {"tumour": tumour or None, "assayed": [row["assayed"]] if row["assayed"] else []}
    found: Genotype = genotype_in_file(sample, lambda path: genotypes(interpreter, Given(files=(path,), said=options)))
    return found
