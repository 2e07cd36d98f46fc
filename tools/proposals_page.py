"""What measured phenotypes ask to change in the tables of HIV-1, as a page: ``docs/proposals_hivdb.md``.

    python tools/proposals_page.py PHENOTYPES -o docs/proposals_hivdb.md

PHENOTYPES is a folder with Stanford's tables of phenotypes (``*.tsv``). Every drug of them is learned, as ``resistab
learn --propose`` does with its defaults and the seed 1; that takes some minutes. What a curator wrote between the two
marks of the page stays as it is.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from resistab.core.faults import InputError
from resistab.curation.learning.fitting import FitSettings
from resistab.curation.learning.learn import learn_table
from resistab.curation.learning.proposals import Proposed, proposals_for
from resistab.domains.loading import load
from resistab.domains.registry import pack_of
from resistab.files.output import write
from resistab.report.words import counted
from resistab.rulesets.find import ruleset_folder

if TYPE_CHECKING:
    from resistab.rulesets.proposals import Proposal

RULESET, SEED = "hiv1", 1
BEGIN, END = "<!-- read by a curator: begin -->", "<!-- read by a curator: end -->"
_HEAD = """# What phenotypes ask to change in HIVDB {version}

This page is made by `python tools/proposals_page.py`; only what stands under *Read through* is written by hand.

The rule set `{ruleset}` has the scores of HIVDB {version}. Below is every change of its tables that measured folds of
drug susceptibility ask for beyond chance, drug by drug and with its numbers: {total}. The folds are those of {files}
(Stanford HIV Drug Resistance Database, genotype-phenotype sets). **They are proposals.** No curator of HIVDB or of this
rule set has accepted one, and no verdict rests on one.

The same list is made, as a file that `resistab import proposals` takes up as drafts, by

    resistab learn --measured NNRTI.tsv --drug EFV --ruleset {ruleset} --propose efv.yaml
    resistab import proposals efv.yaml --rulebase FOLDER

## How it was found

The value is log10 of the fold change; a patient's samples stay together. All effects are estimated together, by least
squares: each row of the expert table has an effect of its own, and so has each *candidate*, a residue without a row
that at least 5 patients have. For candidates the model holds the bends of the expert score too, since folds do not grow
with it in a straight line. A mutation that only goes along with a known one is therefore left with nothing. Standard
errors are of a jackknife over patients, compared with Student's t of as many patients as have the mutation, less one.
Values at the assay's ceiling are filled in by what the expert rows predict beyond it, and patients of whom only such
values are known count towards no number that is asked for.

Points are those of the learned table: the clinical cutoff of the fold change has a score of 15.

- **add a row**: an effect of 5 points or more either way, and q below 0.05 that there is none at all;
- **without support**: a row that at least 10 patients have, q below 0.05 that it adds 5 points or more in its
  direction, and a 95% interval that ends below 5. This must hold beside the other rows with effects of their own, *and*
  beside the other rows as they score; the weaker of the two is shown.

q is of Benjamini and Hochberg over all candidates, or all rows, of the drug. Where there are fewer than 5 patients for
each candidate, those that most patients have are tested, whatever their values. *Learned* is what the learned table
scores there; it chooses rows in another way, and knows nothing of the expert table. *Median without* is that of samples
without the mutation on the same levels of the expert table.
"""
_UNREAD = "Nobody has read through the list."
_COLUMNS = (
    "Change", "Effect", "95%", "q", "Learned", "Samples", "Patients", "Median fold with", "Median fold without",
)  # fmt: skip


@dataclass(frozen=True)
class OfDrug:
    """The proposals for one drug, or why it could not be learned."""

    drug: str
    samples: int
    patients: int
    found: Proposed | None
    why_not: tuple[str, ...] = ()


def found_in(folder: Path) -> tuple[Any, list[str], list[OfDrug]]:
    """The rule set, the names of the files, and what was found for each drug of them."""
    pack = pack_of(ruleset_folder(RULESET))
    interpreter: Any = load(RULESET)
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        sys.exit(f"{folder} holds no table (*.tsv)")
    made: list[OfDrug] = []
    for path in paths:
        measured = pack.measures.read(interpreter, [path], True, None)
        for drug in measured.drugs.values():
            samples, patients = len(drug.measurements), len(set(measured.patients(drug)))
            print(f"{drug.drug}: {samples} samples", file=sys.stderr)
            try:
                learned = learn_table(
                    pack, interpreter, measured, drug,
                    files=[path.name], seed=SEED, settings=FitSettings(), on=datetime.date(2000, 1, 1),
                )  # fmt: skip
            except InputError as error:
                reasons = tuple(f"{fault.message}; expected {fault.expected}" for fault in error.faults)
                made.append(OfDrug(drug.drug, samples, patients, None, reasons))
                continue
            found = proposals_for(pack, interpreter, measured, drug, learned.table)
            made.append(OfDrug(drug.drug, samples, patients, found))
    order = [drug.name for drug in interpreter.rulebase.drugs]
    return interpreter.rulebase, [path.name for path in paths], sorted(made, key=lambda one: order.index(one.drug))


def page(rulebase: Any, files: Sequence[str], drugs: Sequence[OfDrug], read: str) -> str:
    """The whole page; ``read`` is what a curator wrote."""
    total = sum(len(one.found.proposals) for one in drugs if one.found)
    source = rulebase.manifest.source
    head = _HEAD.format(
        version=source.version, ruleset=RULESET, total=counted(total, "proposal"), files=", ".join(files)
    )
    lines = [head, f"Rules: sha256:{rulebase.digest}, seed {SEED}.", "", "## Read through", "", BEGIN, read, END, ""]
    lines += ["## The list", ""]
    for one in drugs:
        lines += [*_drug(one), ""]
    return "\n".join(lines).rstrip() + "\n"


def _drug(one: OfDrug) -> Iterator[str]:
    yield f"### {one.drug}"
    yield ""
    of = f"{counted(one.samples, 'sample')} of {counted(one.patients, 'patient')}"
    if one.found is None:
        yield f"{of}. Not learned: {'. '.join(one.why_not)}."
        return
    tested = f"{counted(one.found.candidates, 'candidate')} and {counted(one.found.rows, 'row')} tested"
    yield f"{of}; {tested}."
    yield ""
    if not one.found.proposals:
        yield "Nothing is proposed."
        return
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|---|{'---:|' * (len(_COLUMNS) - 1)}"
    for proposal in one.found.proposals:
        yield f"| {' | '.join(_cells(proposal))} |"


def _cells(one: Proposal) -> Iterator[str]:
    if one.row is None:
        yield f"add {one.when}, score {one.score}"
    else:
        yield f"{one.row} ({one.when}) scores {one.expert:g}: without support"
    yield f"{one.estimate:+.1f}"
    yield f"{one.low:+.1f} to {one.high:+.1f}"
    yield f"{one.q:.2g}"
    yield str(one.learned)
    yield str(one.samples)
    yield str(one.patients)
    yield f"{one.median:.3g}"
    yield "–" if one.median_rest is None else f"{one.median_rest:.3g}"


def read_before(path: Path) -> str:
    """What a curator wrote in an earlier page."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if BEGIN not in text or END not in text:
        return _UNREAD
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def main() -> None:
    """Make the page."""
    parser = argparse.ArgumentParser(description="Make the page of proposals for HIV-1.")
    parser.add_argument("folder", type=Path, help="the folder of the tables of phenotypes")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the page")
    given = parser.parse_args()
    read = read_before(given.output)
    with threadpool_limits(1):
        rulebase, files, drugs = found_in(given.folder)
    write(str(given.output), page(rulebase, files, drugs, read))


if __name__ == "__main__":
    main()
