"""The options of the commands, each declared once: those of every domain here, a domain's own by its pack."""

from __future__ import annotations

import datetime
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import typer

from resistab.cli.exit_codes import usage
from resistab.domains.pack import Option, Pack
from resistab.domains.registry import packs
from resistab.files.output import clash

DEFAULT_RULESET = "oncology"

_WHAT_FILES = "; ".join(f"of {pack.one}, {pack.files}" for pack in packs())
Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help=f"Patients: {_WHAT_FILES}.")]
SampleName = Annotated[
    str | None, typer.Option("--sample", help="A name for the sample; of a file with several, the one to take.")
]
KeepGoing = Annotated[
    bool, typer.Option("--keep-going", help="Set aside what is not understood and list it in the report.")
]
ReportDate = Annotated[
    str | None, typer.Option("--date", help="The date the report is to bear, YYYY-MM-DD; today if not given.")
]
Json = Annotated[str | None, typer.Option("--json", help="Write the report as JSON; - is standard output.")]
JsonLines = Annotated[
    str | None, typer.Option("--jsonl", help="Write one report a line, in input order; - is standard output.")
]
Html = Annotated[str | None, typer.Option("--html", help="Write the report as HTML; - is standard output.")]
ReportsFolder = Annotated[
    Path | None,
    typer.Option("--reports", help="Write one HTML page and one JSON file for each sample into this folder."),
]
VerdictTable = Annotated[
    str | None,
    typer.Option("--table", help="Write the verdicts as CSV, a row for each sample and drug; - is standard output."),
]
AllDrugs = Annotated[
    bool,
    typer.Option("--all-drugs", help="Report also drugs that are not used in the patient's disease and hit by no row."),
]
Ruleset = Annotated[str, typer.Option("--ruleset", help="The rule set to use.")]
RulebaseFolder = Annotated[
    Path | None, typer.Option("--rulebase", help="A folder of rule sets instead of the shipped one.")
]
OverlayFolder = Annotated[
    Path | None, typer.Option("--overlay", help="A folder with a laboratory's own rows, added to the rule set.")
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify", help="Evaluate every rule a third time, by clingo, which must agree; it is installed apart."
    ),
]
RulesetPath = Annotated[
    Path | None,
    typer.Argument(metavar="[PATH]", help="A rule set, or a folder of rule sets; without it the shipped ones."),
]
OutputFormat = Annotated[Literal["text", "json"], typer.Option("--format", help="For people or for programs.")]

Use = Literal["patient", "series", "list", "cohort"]


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


def with_options_of_packs(use: Use) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command, in the place of its ``**said``, the options by which the packs describe what ``use`` says.

    ``said`` then holds the values of those that were given.
    """

    def given_options(function: Callable[..., None]) -> Callable[..., None]:
        owners = _options(use)

        @functools.wraps(function)
        def command(**values: Any) -> None:
            said = {name: value for name in owners if (value := values.pop(name)) is not None and value != []}
            function(**values, **said)

        hints = get_type_hints(function, include_extras=True)
        own = [
            parameter.replace(annotation=hints[parameter.name])
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD
        ]
        of_packs = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_annotation(of, use))
            for name, of in owners.items()
        ]
        arguments = [parameter for parameter in own if _is_argument(parameter.annotation)]
        options = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own if parameter not in arguments
        ]
        parameters = [*arguments, *of_packs, *options]
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return command

    return given_options


def _is_argument(annotation: Any) -> bool:
    return any(isinstance(part, typer.models.ArgumentInfo) for part in get_args(annotation))


def _options(use: Use) -> dict[str, list[tuple[Pack, Option]]]:
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


def _annotation(owners: list[tuple[Pack, Option]], use: Use) -> Any:
    """The type of an option and its help, which says of which domain it speaks."""
    option = owners[0][1]
    kind = option.annotation
    if use == "series" and option.series == "each":
        kind = list[get_args(kind)[0]] | None  # type: ignore[misc]
    helps: dict[str, list[str]] = {}
    for pack, one in owners:
        said = one.lists if use == "list" else one.help
        helps.setdefault(said, []).append(pack.one)
    text = " ".join(f"Of {' or '.join(whose)}: {said}" for said, whose in helps.items())
    if len(helps) == 1 and len(owners) == len(packs()):
        (text,) = helps
        text = text[0].upper() + text[1:]
    if use == "series" and option.series == "each":
        text = f"Of each file, in their order. {text}"
    if float in get_args(option.annotation):
        return Annotated[kind, typer.Option(*option.flags, help=text, parser=_number, metavar="<float>")]
    return Annotated[kind, typer.Option(*option.flags, help=text)]


def _number(text: str) -> float:
    """The number that an option gives, by the rule that holds for tables too."""
    # Imported here, as the models that know it too are: most starts read no number.
    from resistab.core.numbers import plain_number

    value = plain_number(text.strip())
    if value is None:
        usage(f"'{text}' is no number")
    return value


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


def examples_of(command: str, *own: str) -> Iterable[str]:
    """The examples in a command's help: its ``own``, then those of the packs."""
    return (*own, *(line for pack in packs() for line in pack.examples.get(command, ())))
