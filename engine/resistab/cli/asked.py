"""What a command is asked, so far as it needs no parser: flags that commands share, and what is refused.

``plain_evaluation`` reads a plain command line of ``evaluate`` by ``getopt``, in a tenth of the time that typer takes
to be imported. What it does not know, and whatever is wrong, is left to typer, which says so.
"""

from __future__ import annotations

import datetime
import getopt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from resistab.cli.exit_codes import usage
from resistab.domains.pack import Option, Pack
from resistab.domains.registry import packs
from resistab.files.output import clash

DEFAULT_RULESET = "oncology"

Use = Literal["patient", "series", "list", "cohort"]


class Flag(NamedTuple):
    """An option of the command line; it takes a value that ``read`` reads, or none where that is None."""

    flag: str
    help: str
    read: Callable[[str], Any] | None = str


SAMPLE = Flag("--sample", "A name for the sample; of a file with several, the one to take.")
KEEP_GOING = Flag("--keep-going", "Set aside what is not understood and list it in the report.", None)
DATE = Flag("--date", "The date the report is to bear, YYYY-MM-DD; today if not given.")
JSON = Flag("--json", "Write the report as JSON; - is standard output.")
JSON_LINES = Flag("--jsonl", "Write one report a line, in input order; - is standard output.")
HTML = Flag("--html", "Write the report as HTML; - is standard output.")
PDF = Flag("--pdf", "Write the report as a PDF into this file; WeasyPrint, which writes it, is installed apart.")
FHIR = Flag(
    "--fhir",
    "Write the report as a FHIR R4 Bundle by the Genomics Reporting guide; - is standard output. What checks it is "
    "installed apart.",
)
REPORTS = Flag("--reports", "Write one HTML page and one JSON file for each sample into this folder.", Path)
TABLE = Flag(
    "--table",
    "Write the verdicts as CSV, a row for each sample and drug, or as Parquet where the name ends in .parquet; - is "
    "standard output.",
)
LANGUAGE = Flag(
    "--language",
    "The language of pages, by its code (de), or a translation of one's own, NAME.po; English if not given. JSON, "
    "tables and the terminal are English. What reads translations is installed apart.",
)
ALL_DRUGS = Flag("--all-drugs", "Report also drugs that are not used in the patient's disease and hit by no row.", None)
VERIFY = Flag("--verify", "Evaluate every rule a third time, by clingo, which must agree; it is installed apart.", None)
CLUSTER = Flag(
    "--cluster",
    "Share the work of --table and --jsonl among the workers of a Dask scheduler, by its address, or among processes "
    "here where it is 'local'; they write the same.",
)
PARTITIONS = Flag(
    "--partitions",
    "Where parts of a cohort lie while workers share it, as Parquet: a folder, or an address that fsspec knows, which "
    "all workers see; a temporary folder if not given.",
)
HISTORY = Flag(
    "--history",
    "A file with earlier samples of the patient; repeat for more, the oldest first. What was found before and is not "
    "in this sample is archived, and counts for the section Options.",
    Path,
)
NO_OPTIONS = Flag("--no-options", "Leave out the section Options: regimens, genetic barriers and the watch list.", None)
LEARNED = Flag(
    "--learned",
    "A folder that learn wrote: what its tables predict is shown beside the verdicts, and never in their place.",
    Path,
)
RULESET = Flag("--ruleset", "The rule set to use.")
RULEBASE = Flag("--rulebase", "A folder of rule sets instead of the shipped one.", Path)
OVERLAY = Flag("--overlay", "A folder with a laboratory's own rows, added to the rule set.", Path)

_OF_EVALUATE = (
    SAMPLE, KEEP_GOING, DATE, JSON, JSON_LINES, HTML, PDF, FHIR, REPORTS, TABLE, LANGUAGE, ALL_DRUGS, NO_OPTIONS,
    LEARNED, VERIFY, CLUSTER, PARTITIONS, RULESET, RULEBASE, OVERLAY,
)  # fmt: skip


def plain_evaluation(words: Sequence[str]) -> dict[str, Any] | None:
    """What a plain command line of ``evaluate`` says, by the names of its parameters; None where typer is to read it.

    Plain is one of which every option is written in full, and needs no more than to be told from its value.
    """
    # On Windows typer also finds the files that a pattern means.
    if words[:1] != ["evaluate"] or os.name == "nt":
        return None
    known = {flag.flag: (flag.flag[2:].replace("-", "_"), flag.read, False) for flag in _OF_EVALUATE}
    for name, owners in options_of("patient").items():
        for flag in owners[0][1].flags:
            # The type as it is written for typer: of one value or a list of such, or None.
            kind = owners[0][1].annotation.__args__[0]
            several = getattr(kind, "__origin__", None) is list
            known[flag] = name, kind.__args__[0] if several else kind, several
    long = [f"{flag[2:]}{'' if read is None else '='}" for flag, (_, read, _) in known.items() if flag[:2] == "--"]
    short = "".join(f"{flag[1:]}:" for flag in known if flag[:2] != "--")
    if any(word[:1] == "-" and word != "-" and word.partition("=")[0] not in known for word in words):
        return None
    try:
        given, files = getopt.gnu_getopt(list(words[1:]), short, long)
    except getopt.GetoptError:
        return None
    said: dict[str, Any] = {"files": [Path(file) for file in files]} if files else {}
    for flag, value in given:
        name, read, several = known[flag]
        if read is not None and read not in (str, Path):
            return None
        if several and read is not None:
            said.setdefault(name, []).append(read(value))
        else:
            said[name] = True if read is None else read(value)
    return said


def report_date(text: str | None) -> datetime.date:
    """The date that ``--date`` gives; today where it is not given."""
    return datetime.date.today() if text is None else date_of("--date", text)


def date_of(flag: str, text: str) -> datetime.date:
    """The date that an option gives."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        usage(f"{flag} '{text}' is no date; expected YYYY-MM-DD")


def refuse_clash(inputs: Iterable[Path], **targets: str | None) -> None:
    """Refuse an output that is an input, and two that go to one place; ``targets`` by the names of their options."""
    if (fault := clash(inputs, **targets)) is not None:
        usage(fault)


def paths_in(said: Mapping[str, Any]) -> Iterator[Path]:
    """The files that options of packs name, and what may be one: a panel is given by its name or as a file."""
    for value in said.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Path) or (isinstance(item, str) and item):
                yield Path(item)


def options_of(use: Use) -> dict[str, list[tuple[Pack, Option]]]:
    """The options of all packs that are of ``use``, by name, each with the packs that have it."""
    found: dict[str, list[tuple[Pack, Option]]] = {}
    for pack in packs():
        for option in pack.options:
            of_use = {
                "patient": True,
                "series": option.series != "none",
                "list": bool(option.lists),
                "cohort": option.cohort,
            }
            if of_use[use]:
                found.setdefault(option.name, []).append((pack, option))
    return found


def refuse_foreign(pack: Pack, said: Mapping[str, Any], instead: str | None = None) -> None:
    """Refuse an option that the pack's domain does not have; ``instead`` is what is said beside whose it is."""
    own = {option.name for option in pack.options}
    for name in said:
        if name not in own:
            owners = [(other, option) for other in packs() for option in other.options if option.name == name]
            flag = owners[0][1].flags[0]
            reason = pack.cannot.get(flag) or ", or ".join(dict.fromkeys(other.only for other, _ in owners))
            usage(
                "; ".join(part for part in (f"{flag} {reason}", pack.instead if instead is None else instead) if part)
            )


def refuse_command(pack: Pack, command: str) -> None:
    """Refuse a command that the pack's domain cannot have."""
    if command in pack.cannot:
        usage(f"{command}: {pack.cannot[command]}")
