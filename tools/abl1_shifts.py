"""Measured inhibition of ABL1 mutants as a plain table, and our verdicts beside it.

    python tools/abl1_shifts.py ../shared/data/kinase/abl1_hauser2018_ddg.csv -o abl1.csv
    python tools/abl1_shifts.py ../shared/data/kinase/abl1_hauser2018_ddg.csv --compare

The file has a line for each inhibitor and mutation: IC50 in nmol/L, and the change of the free energy of binding in
kcal/mol (doi 10.1038/s42003-018-0075-x, CC BY). The fold change follows from the latter, exp(ddG / RT): it is what the
authors compare, and a few IC50 stand in another unit. ``docs/abl1.md`` says how the cutoffs were chosen.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resistab.core.measured import Response
    from resistab.domains.oncology.interpreter import TumourInterpreter

RT = 0.593
"""Gas constant times temperature at 298 K, in kcal/mol: 0.0019872 * 298.15."""
RESISTANT_FROM, REDUCED_FROM = 10.0, 3.0
"""Folds from which a mutant counts as resistant, and from which its response counts as reduced."""
TUMOUR, FUSION, GENE = "CML", "BCR::ABL1", "ABL1"
COLUMNS = (
    "sample", "patient", "tumour_type", "findings", "assayed", "drug", "measure", "value", "resistant_from", "call",
)  # fmt: skip


@dataclass(frozen=True)
class Shift:
    """One inhibitor and one mutant: IC50 as the file has it, and the fold change against the wild type."""

    drug: str
    mutation: str
    ic50: float
    fold: float

    @property
    def call(self) -> Response:
        """Resistant from tenfold on, intermediate from threefold on, otherwise sensitive."""
        if self.fold >= RESISTANT_FROM:
            return "resistant"
        return "intermediate" if self.fold >= REDUCED_FROM else "sensitive"

    @property
    def row(self) -> dict[str, str]:
        """The line of the plain table; each mutant is a sample of its own, and none is of a patient."""
        return {
            "sample": self.mutation,
            "patient": self.mutation,
            "tumour_type": TUMOUR,
            "findings": f"{FUSION}; {GENE} {self.mutation}",
            "assayed": GENE,
            "drug": self.drug,
            "measure": "fold change",
            "value": f"{self.fold:.4g}",
            "resistant_from": f"{RESISTANT_FROM:g}",
            "call": self.call,
        }


@dataclass(frozen=True)
class Compared:
    """A shift beside our verdict: whether they agree, and by which rows."""

    shift: Shift
    verdict: str
    predicts: Response | None
    rows: tuple[str, ...]
    reason: str

    @property
    def agrees(self) -> bool | None:
        """Whether the verdict says of the response what was measured; None where it says nothing of it.

        A reduced response agrees with what predicts a smaller one or none, and with what predicts a response where
        the shift is small enough that both may be said: see ``docs/abl1.md``.
        """
        if self.predicts is None:
            return None
        return (self.shift.call == "sensitive") == (self.predicts == "sensitive")

    @property
    def severe(self) -> bool:
        """Whether one says *resistant* and the other *sensitive*."""
        return {self.shift.call, self.predicts} == {"resistant", "sensitive"}


def read_shifts(path: Path) -> list[Shift]:
    """The shifts of the file, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Shift(row["tki"], row["mutation"], float(row["IC50"]), math.exp(float(row["ddG_exp"]) / RT))
            for row in csv.DictReader(file)
        ]


def compared(interpreter: TumourInterpreter, shifts: Sequence[Shift]) -> list[Compared]:
    """Each shift beside our verdict on a leukaemia with BCR::ABL1 and the mutation, ABL1 sequenced.

    Raises ``InputError`` for a mutation that does not agree with the reference sequence.
    """
    from resistab.domains.oncology.measures import judged

    mutations = list(dict.fromkeys(shift.mutation for shift in shifts))
    genotypes = [
        interpreter.genotype(TUMOUR, [FUSION, f"{GENE} {mutation}"], [GENE], sample=mutation) for mutation in mutations
    ]
    said = dict(zip(mutations, judged(interpreter, genotypes), strict=True))
    found = []
    for shift in shifts:
        verdict = said[shift.mutation].get(shift.drug)
        if verdict is None:
            found.append(Compared(shift, "no table", None, (), "the rule set has no table for this drug"))
        else:
            found.append(Compared(shift, verdict.verdict, verdict.predicts, verdict.rows, verdict.reason))
    return found


def write_table(shifts: Iterable[Shift], path: Path | None) -> None:
    """Write the plain table into a file, or to standard output."""
    file = path.open("w", encoding="utf-8", newline="") if path else sys.stdout
    try:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(shift.row for shift in shifts)
    finally:
        if path:
            file.close()


def main() -> None:
    """Write the table, or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="abl1_hauser2018_ddg.csv")
    parser.add_argument("-o", "--output", type=Path, help="where to write the table")
    parser.add_argument("--compare", action="store_true", help="print each shift beside our verdict instead")
    options = parser.parse_args()
    shifts = read_shifts(options.file)
    if not options.compare:
        write_table(shifts, options.output)
        return
    import resistab
    from resistab.domains.oncology.interpreter import TumourInterpreter

    interpreter = resistab.load("oncology")
    assert isinstance(interpreter, TumourInterpreter)
    for item in compared(interpreter, shifts):
        agrees = {True: "agrees", False: "DISAGREES", None: "not compared"}[item.agrees]
        shift = item.shift
        print(
            f"{shift.drug:10} {shift.mutation:6} {shift.fold:8.1f} {shift.call:12} {item.verdict:20} {agrees:12} "
            f"{' '.join(item.rows)}"
        )


if __name__ == "__main__":
    main()
