"""``resistab learn``: draft tables from measured resistance."""

from __future__ import annotations

import datetime
import json as json_format
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from resistab.cli.asked import DEFAULT_RULESET, date_of, refuse_clash
from resistab.cli.exit_codes import epilog, usage
from resistab.cli.options import RulebaseFolder, Ruleset
from resistab.cli.patients import pack_asked
from resistab.cli.progress import counting
from resistab.rulesets.models import REFERENCE

# Where it stands in the help.
PLACE = 12
_FEW = 2

Measured = Annotated[
    list[Path],
    typer.Option("--measured", help="A table of measured resistance; repeat for more."),
]
DrugNames = Annotated[list[str] | None, typer.Option("--drug", help="A drug to learn a table for; repeat for more.")]
Draft = Annotated[Path | None, typer.Option("--output", "-o", help="A new folder for the draft.")]
JsonFile = Annotated[str | None, typer.Option("--json", help="Write the figures as JSON; - is standard output.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an earlier draft in the folder.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="For what is drawn by chance; the same seed, the same table.")]
MostRows = Annotated[int, typer.Option("--rows", min=1, max=500, help="The most rows of a table.")]
Folds = Annotated[int, typer.Option("--folds", min=2, max=20, help="Into how many folds patients are parted.")]
ReferenceGiven = Annotated[
    str, typer.Option("--reference", help="The publication of the measurements, such as DOI:10.1000/182 or PMID:1.")
]
KeepGoing = Annotated[bool, typer.Option("--keep-going", help="Set aside lines that cannot be read, and list them.")]
Propose = Annotated[
    str | None,
    typer.Option("--propose", help="Write what the measurements ask to change in the expert tables; - is output."),
]
LearnedDate = Annotated[str | None, typer.Option("--date", help="The date of the draft, YYYY-MM-DD; today.")]


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    examples = (
        "resistab learn --measured NNRTI.tsv --drug EFV --ruleset hiv1 -o efv-draft",
        "resistab learn --measured phenotypes.csv --drug EFV --drug RPV --ruleset hiv1 -o drafts --json -",
        "resistab learn --measured NNRTI.tsv --drug EFV --ruleset hiv1 --propose efv-proposals.yaml",
    )
    app.command("learn", epilog=epilog(*examples))(learn)


def learn(
    measured: Measured,
    drug: DrugNames = None,
    output: Draft = None,
    json: JsonFile = None,
    propose: Propose = None,
    seed: Seed = 1,
    rows: MostRows = 60,
    folds: Folds = 5,
    keep_going: KeepGoing = False,
    overwrite: Overwrite = False,
    reference: ReferenceGiven = "",
    date: LearnedDate = None,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
) -> None:
    """Learn draft tables from measured resistance: sparse integer scores, each row with the patients behind it."""
    if not drug:
        usage("--drug names what a table is to be learned for")
    if output is None and json is None and propose is None:
        usage("-o names a folder for the draft, --json a file for the figures, or --propose one for proposals")
    if reference and not re.fullmatch(REFERENCE, reference):
        usage(f"--reference '{reference}' is none; expected PMID:, DOI:, PMCID:, ASCO:, ASH: or NCT and the number")
    on = datetime.date.today() if date is None else date_of("--date", date)
    refuse_clash(measured, json=json, propose=propose)
    pack = pack_asked(ruleset, rulebase)
    if "measures" in pack.cannot:
        usage(f"learn: {pack.cannot['measures']}")
    refuse_without_extra()
    from threadpoolctl import threadpool_limits

    from resistab.core.faults import FaultsError, InputError
    from resistab.curation.learning.fitting import FitSettings
    from resistab.curation.learning.folder import refuse_target, write_draft
    from resistab.curation.learning.learn import learn_table, steps_of_learning
    from resistab.curation.learning.text import learned_lines
    from resistab.domains.loading import load
    from resistab.files.output import require_place, write
    from resistab.report.console import plain

    interpreter: Any = load(ruleset, rulebase)
    # What takes a while is not begun where its result could not be written.
    for target in (json, propose):
        require_place(target)
    if output is not None:
        refuse_target(output, overwrite)
    files = [path.name for path in measured]
    data, wanted = measurements(pack, interpreter, measured, drug, keep_going)
    settings = FitSettings(most_rows=rows, folds=folds)
    found: list[Any] = []
    proposed: list[Any] = []
    faults: list[Any] = []
    # Matrices are small: several threads for each would only wait for one another.
    with threadpool_limits(1), counting("Learning", steps_of_learning(folds) * len(wanted), _FEW) as done:
        for name in wanted:
            try:
                found.append(
                    learn_table(
                        pack, interpreter, data, data.drugs[name], files=files, seed=seed,
                        settings=settings, on=on, reference=reference, step=lambda: done(1),
                    )
                )  # fmt: skip
                if propose is not None:
                    from resistab.curation.learning.proposals import proposals_for

                    proposed.append(proposals_for(pack, interpreter, data, data.drugs[name], found[-1].table))
            except FaultsError as error:
                faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    learned = _learned(interpreter, files, found, data)
    if propose is not None:
        learned = _with_proposals(learned, proposed, propose, on)
    if output is not None:
        write_draft(pack, interpreter.rulebase, learned, output, overwrite)
    if json is not None:
        documents = [figures(one, learned) for one in found]
        document = documents[0] if len(documents) == 1 else {"drugs": documents}
        write(json, json_format.dumps(document, indent=2, ensure_ascii=False) + "\n")
    if "-" not in (json, propose):
        for line in learned_lines(learned, str(output) if output else None):
            print(plain(line).plain)


def _with_proposals(learned: Any, proposed: list[Any], target: str, on: datetime.date) -> Any:
    """What was learned with its proposals, which are written to ``target``."""
    from resistab.curation.learning.model import Tested
    from resistab.curation.proposal_text import proposals_text
    from resistab.files.output import write
    from resistab.rulesets.proposals import FORMAT, ProposalFile

    proposals = tuple(one for of in proposed for one in of.proposals)
    file = ProposalFile(
        format=FORMAT,
        ruleset=learned.ruleset,
        version=learned.ruleset_version,
        digest=learned.ruleset_digest,
        files=learned.files,
        date=on,
        proposals=proposals,
    )
    write(target, proposals_text(file))
    tested = tuple(
        Tested(drug=drug.table.drug, candidates=of.candidates, rows=of.rows)
        for drug, of in zip(learned.drugs, proposed, strict=True)
    )
    return learned.model_copy(update={"proposals": proposals, "tested": tested})


def refuse_without_extra() -> None:
    """Refuse the command line where what learns is not installed."""
    from resistab.core.extras import require
    from resistab.core.faults import ExtraMissingError

    try:
        require("learn", "sklearn", "scipy", "matplotlib")
    except ExtraMissingError as error:
        usage(f"learn: {error}")


def measurements(
    pack: Any, interpreter: Any, paths: list[Path], drugs: list[str], keep_going: bool
) -> tuple[Any, list[str]]:
    """What was measured, and the drugs asked for by the rule set's names.

    Raises ``InputError`` for a drug that the rule set does not know, or of which the tables hold nothing.
    """
    from resistab.core.faults import Fault, InputError, nearest

    known: list[str] = []
    faults: list[Any] = []
    for name in drugs:
        try:
            known.append(pack.report.drug_named(interpreter.rulebase, name))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    wanted = list(dict.fromkeys(known))
    data = pack.measures.read(interpreter, paths, keep_going, wanted)
    lacking = [name for name in wanted if name not in data.drugs]
    if lacking:
        everything = pack.measures.read(interpreter, paths, True, None)
        has = sorted(everything.drugs)
        where = ", ".join(map(str, paths))
        raise InputError(
            Fault(
                where=where,
                message=f"holds no value of {name}",
                expected="one of " + ", ".join(has),
                suggestion=nearest(name, has),
            )
            for name in lacking
        )
    return data, wanted


def _learned(interpreter: Any, files: list[str], found: list[Any], data: Any) -> Any:
    import sklearn

    from resistab import __version__
    from resistab.curation.learning.model import Learned, SoftwareUsed

    manifest = interpreter.rulebase.manifest
    return Learned(
        ruleset=manifest.ruleset,
        ruleset_version=manifest.version,
        ruleset_digest=interpreter.rulebase.digest,
        software=SoftwareUsed(resistab=__version__, scikit_learn=sklearn.__version__),
        files=tuple(files),
        drugs=tuple(found),
        set_aside=tuple(str(fault) for fault in data.set_aside),
    )


def figures(drug: Any, learned: Any) -> dict[str, Any]:
    """The figures of one table for programs: ``rows`` is their number, ``table`` the rows themselves."""
    table = drug.table
    return {
        "drug": table.drug,
        "n": table.samples,
        "patients": table.patients,
        "resistant": table.resistant,
        "measure": table.measure,
        "resistant_from": table.resistant_from,
        "r2": table.r2,
        "auc": table.auc,
        "accuracy": table.accuracy,
        "rows": len(table.rows),
        "pairs": drug.pairs,
        "expert": drug.expert.model_dump(mode="json") if drug.expert else None,
        "levels": [level.model_dump(mode="json") for level in drug.levels],
        "learning_curve": [point.model_dump(mode="json") for point in drug.curve],
        "fold_r2": list(drug.fold_r2),
        "table": table.model_dump(mode="json"),
        "ruleset": {"id": learned.ruleset, "version": learned.ruleset_version, "digest": learned.ruleset_digest},
        "software": learned.software.model_dump(mode="json"),
        "proposals": _proposals_of(learned, table.drug),
        "set_aside": list(learned.set_aside),
    }


def _proposals_of(learned: Any, drug: str) -> list[Any] | None:
    """The proposals for a drug as data, None where none were asked for."""
    if learned.proposals is None:
        return None
    return [one.model_dump(mode="json") for one in learned.proposals if one.drug == drug]
