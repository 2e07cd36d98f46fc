"""The options of the commands, each declared once: those of every domain here, a domain's own by its pack."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import typer

from resistab.cli.asked import (
    ALL_DRUGS,
    CLUSTER,
    DATE,
    FHIR,
    HISTORY,
    HTML,
    JSON,
    JSON_LINES,
    KEEP_GOING,
    LANGUAGE,
    LEARNED,
    NO_OPTIONS,
    OVERLAY,
    PARTITIONS,
    PDF,
    REPORTS,
    RULEBASE,
    RULESET,
    SAMPLE,
    TABLE,
    VERIFY,
    Flag,
    Use,
    options_of,
)
from resistab.cli.exit_codes import usage
from resistab.domains.pack import Option, Pack
from resistab.domains.registry import packs


def _option(flag: Flag) -> Any:
    return typer.Option(flag.flag, help=flag.help)


_WHAT_FILES = "; ".join(f"of {pack.one}, {pack.files}" for pack in packs())
Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help=f"Patients: {_WHAT_FILES}.")]
SampleName = Annotated[str | None, _option(SAMPLE)]
KeepGoing = Annotated[bool, _option(KEEP_GOING)]
ReportDate = Annotated[str | None, _option(DATE)]
Json = Annotated[str | None, _option(JSON)]
JsonLines = Annotated[str | None, _option(JSON_LINES)]
Html = Annotated[str | None, _option(HTML)]
Pdf = Annotated[str | None, _option(PDF)]
Fhir = Annotated[str | None, _option(FHIR)]
ReportsFolder = Annotated[Path | None, _option(REPORTS)]
VerdictTable = Annotated[str | None, _option(TABLE)]
LanguageName = Annotated[str | None, _option(LANGUAGE)]
AllDrugs = Annotated[bool, _option(ALL_DRUGS)]
History = Annotated[list[Path] | None, _option(HISTORY)]
NoOptions = Annotated[bool, _option(NO_OPTIONS)]
LearnedFolder = Annotated[Path | None, _option(LEARNED)]
Ruleset = Annotated[str, _option(RULESET)]
RulebaseFolder = Annotated[Path | None, _option(RULEBASE)]
OverlayFolder = Annotated[Path | None, _option(OVERLAY)]
Verify = Annotated[bool, _option(VERIFY)]
ClusterAddress = Annotated[str | None, _option(CLUSTER)]
Partitions = Annotated[str | None, _option(PARTITIONS)]
Seconds = Annotated[
    float,
    typer.Option("--seconds", min=0, help="How long may be looked for what defeats regimens; 0 leaves barriers out."),
]
RulesetPath = Annotated[
    Path | None,
    typer.Argument(metavar="[PATH]", help="A rule set, or a folder of rule sets; without it the shipped ones."),
]
OutputFormat = Annotated[Literal["text", "json"], typer.Option("--format", help="For people or for programs.")]


def with_options_of_packs(use: Use) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command, in the place of its ``**said``, the options by which the packs describe what ``use`` says.

    ``said`` then holds the values of those that were given.
    """

    def given_options(function: Callable[..., None]) -> Callable[..., None]:
        owners = options_of(use)

        @functools.wraps(function)
        def command(**values: Any) -> None:
            said = {name: value for name in owners if (value := values.pop(name)) is not None and value != []}
            function(**values, **said)

        # A command whose start is to be fast imports what stands here for its types alone.
        hints = get_type_hints(function, localns=globals(), include_extras=True)
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


def examples_of(command: str, *own: str) -> Iterable[str]:
    """The examples in a command's help: its ``own``, then those of the packs."""
    return (*own, *(line for pack in packs() for line in pack.examples.get(command, ())))
