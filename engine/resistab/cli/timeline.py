"""``resistab timeline``: one patient's samples over time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resistab.cli.asked import (
    DEFAULT_RULESET,
    date_of,
    paths_in,
    refuse_clash,
    refuse_command,
    refuse_foreign,
    report_date,
)
from resistab.cli.exit_codes import epilog, usage
from resistab.cli.options import (
    KeepGoing,
    LanguageName,
    NoOptions,
    ReportDate,
    RulebaseFolder,
    Ruleset,
    examples_of,
    with_options_of_packs,
)
from resistab.cli.patients import genotypes, given_by, pack_asked
from resistab.cli.written import language_asked, refuse_pdf, write_pdf
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.domains.pack import Pack
    from resistab.report.options.model import Options
    from resistab.report.timeline.model import Therapy

# So long may be looked for what defeats the regimens that were open at one sample.
_SECONDS = 5.0
# Where it stands in the help.
PLACE = 4


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("timeline", epilog=epilog(*examples_of("timeline")))(with_options_of_packs("series")(timeline))


def timeline(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files of the samples, of any kind that evaluate reads.")
    ],
    at: Annotated[
        list[str] | None,
        typer.Option("--at", help="The date of each file's sample, YYYY-MM-DD, in the order of the files."),
    ] = None,
    therapies: Annotated[
        Path | None,
        typer.Option("--therapies", help="A table of therapies with the columns drug, start, end, outcome."),
    ] = None,
    sample: Annotated[
        list[str] | None, typer.Option("--sample", help="Of each file the sample to take, in the order of the files.")
    ] = None,
    html: Annotated[str | None, typer.Option("--html", help="Write a page; - is standard output.")] = None,
    pdf: Annotated[
        str | None,
        typer.Option("--pdf", help="Write a PDF into this file; WeasyPrint, which writes it, is installed apart."),
    ] = None,
    svg: Annotated[str | None, typer.Option("--svg", help="Write the picture alone; - is standard output.")] = None,
    json: Annotated[str | None, typer.Option("--json", help="Write JSON; - is standard output.")] = None,
    language: LanguageName = None,
    no_options: NoOptions = False,
    date: ReportDate = None,
    keep_going: KeepGoing = False,
    ruleset: Ruleset = DEFAULT_RULESET,
    rulebase: RulebaseFolder = None,
    **said: Any,
) -> None:
    """Compare the dated samples of one patient.

    Shown are per drug how the verdict moved, which findings were newly detected, rose, fell or were no longer
    detected, with their allele fractions over time and the therapies beneath, and what the emergence of a finding
    points to. A therapy that began before a sample was taken is one of its prior therapies, where the sample says
    nothing of them. What is open now, by all that was ever found and after all therapies, stands at the end, and a
    finding that stood on the watch list of an earlier sample is marked.
    """
    on = report_date(date)
    inputs = [*files, *([therapies] if therapies else ()), *paths_in(said | {"language": language})]
    refuse_clash(inputs, html=html, pdf=pdf, svg=svg, json=json)
    if pdf:
        refuse_pdf(pdf)
    spoken = None
    if language is not None:
        spoken = language_asked(language, bool(html or pdf or svg), "--html, --pdf and --svg")
    dates = [date_of("--at", text) for text in at or ()]
    pack = pack_asked(ruleset, rulebase)
    refuse_command(pack, "timeline")
    refuse_foreign(pack, said)
    each = {option.name: option.flags[0] for option in pack.options if option.series == "each" and option.name in said}
    of_files = {"--at": dates, "--sample": sample, **{flag: said[name] for name, flag in each.items()}}
    for flag, values in of_files.items():
        if values and len(values) != len(files):
            usage(f"{flag} is given {len(values)} times for {len(files)} files; give it once for each, in their order")
    from resistab.domains.loading import load

    interpreter: Any = load(ruleset, rulebase)
    given = None
    if therapies is not None:
        from resistab.report.timeline.therapies import read_therapies

        given = read_therapies(therapies, interpreter.rulebase.drug_by_name)
    found: list[tuple[Any, datetime.date]] = []
    for index, path in enumerate(files):
        own = {name: value[index] if name in each else value for name, value in said.items()}
        one = given_by([path], sample[index] if sample else None, keep_going, own, series=True)
        for genotype in genotypes(pack, interpreter, one):
            when = dates[index] if dates else pack.inputs.taken_on(genotype)
            found.append((genotype, _dated(genotype, when, path)))
    samples = _samples(pack, interpreter, found, given)
    options: tuple[Options, ...] = ()
    if not no_options and "regimens" not in pack.cannot:
        from resistab.report.timeline.opened import options_over_time

        options = options_over_time(pack.regimens, interpreter, samples, given or (), _SECONDS)
    made = pack.report.timeline(interpreter.rulebase, samples, given or (), on, options)
    if json:
        write(json, made.to_json() + "\n")
    if html or pdf or svg:
        from resistab.report.language import speaking
        from resistab.report.timeline.page import render_timeline_html, render_timeline_svg

        with speaking(spoken):
            page = render_timeline_html(made, pack.report.VERDICTS) if html or pdf else ""
            picture = render_timeline_svg(made) if svg else None
        if html:
            write(html, page)
        if pdf:
            write_pdf(pdf, page, on)
        if svg:
            if picture is None:
                usage(f"--svg: {made.undrawn}, so that there is nothing to draw")
            write(svg, picture)
    if not (json or html or pdf or svg):
        from resistab.report.timeline.terminal import print_timeline

        print_timeline(made, pack.report.VERDICTS)


def _dated(genotype: Any, when: datetime.date | None, path: Path) -> datetime.date:
    """The date of a sample; raises ``InputError`` where it has none."""
    from resistab.core.faults import Fault, InputError

    if when is None:
        message = f"does not say when the sample '{genotype.sample}' was taken"
        raise InputError([Fault(where=str(path), message=message, expected="a date in the file, or --at")])
    return when


def _samples(
    pack: Pack, interpreter: Any, found: Sequence[tuple[Any, datetime.date]], therapies: Sequence[Therapy] | None
) -> list[Any]:
    """The samples with what was concluded of each; those of one name are told apart by their dates."""
    from resistab.domains.pack import Member
    from resistab.report.timeline.building import in_order
    from resistab.report.timeline.model import TakenSample

    names = [genotype.sample for genotype, _ in found]
    samples = []
    for genotype, when in found:
        name = genotype.sample if names.count(genotype.sample) == 1 else f"{genotype.sample} {when}"
        before = None if not therapies else tuple(therapy.by(when) for therapy in therapies if therapy.start < when)
        member = pack.inputs.in_series(genotype, Member(name, when, before), interpreter.rulebase)
        samples.append(TakenSample(member, interpreter.interpret(member), when))
    return in_order(samples)
