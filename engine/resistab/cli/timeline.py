"""``resistab timeline``: one patient's samples over time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resistab.cli.support import epilog, report_date, usage, write

if TYPE_CHECKING:
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.inputs.therapies import GivenTherapy
    from resistab.domains.oncology.kinds.models import Rulebase


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    examples = (
        "resistab timeline examples/lung_series.yaml --therapies examples/lung_therapies.csv --html timeline.html",
        "resistab timeline first.vcf second.vcf --at 2025-01-10 --at 2026-02-11 --tumour LUAD --svg timeline.svg",
    )
    app.command("timeline", epilog=epilog(*examples))(timeline)


def timeline(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files of the samples, of any kind that evaluate reads.")
    ],
    at: Annotated[
        list[str] | None,
        typer.Option("--at", help="The date of each file's sample, YYYY-MM-DD, in the order of the files."),
    ] = None,
    therapies: Annotated[
        Path | None, typer.Option("--therapies", help="A table of therapies with the columns drug, start, end.")
    ] = None,
    tumour: Annotated[str | None, typer.Option("--tumour", "-t", help="OncoTree code or name, such as LUAD.")] = None,
    panel: Annotated[
        list[str] | None, typer.Option("--panel", help="What was assayed: a published panel, a BED file, or genes.")
    ] = None,
    assayed: Annotated[
        list[str] | None, typer.Option("--assayed", "-a", help="Genes or regions that were assayed in each sample.")
    ] = None,
    sample: Annotated[
        list[str] | None, typer.Option("--sample", help="Of each file the sample to take, in the order of the files.")
    ] = None,
    specimen: Annotated[
        list[str] | None, typer.Option("--specimen", help="tissue or ctDNA, of each file, in their order.")
    ] = None,
    limit_of_detection: Annotated[
        list[float] | None, typer.Option("--limit-of-detection", help="Of each file, in their order, 0 to 1.")
    ] = None,
    tumour_fraction: Annotated[
        list[float] | None, typer.Option("--tumour-fraction", help="Of each file, in their order, 0 to 1.")
    ] = None,
    html: Annotated[str | None, typer.Option("--html", help="Write a page; - is standard output.")] = None,
    svg: Annotated[str | None, typer.Option("--svg", help="Write the picture alone; - is standard output.")] = None,
    json: Annotated[str | None, typer.Option("--json", help="Write JSON; - is standard output.")] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="The date the report is to bear, YYYY-MM-DD; today if not given.")
    ] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Set aside what is not understood.")] = False,
    ruleset: Annotated[str, typer.Option("--ruleset", help="The rule set to use.")] = "oncology",
    rulebase: Annotated[
        Path | None, typer.Option("--rulebase", help="A folder of rule sets instead of the shipped one.")
    ] = None,
) -> None:
    """Set the dated samples of one patient beside each other.

    Shown are per drug how the verdict moved, which findings appeared, rose, fell or vanished, with their allele
    fractions over time and the therapies beneath, and what the emergence of a finding points to. A therapy that began
    before a sample was taken is one of its prior therapies, where the sample says nothing of them.
    """
    from resistab.cli.inputs import TumourGiven, genotypes
    from resistab.domains.oncology.inputs.therapies import read_therapies
    from resistab.domains.oncology.interpreter import load
    from resistab.domains.oncology.report import VERDICTS
    from resistab.domains.oncology.report import timeline as series_of
    from resistab.report.timeline.model import Dated

    on = report_date(date)
    if [html, svg, json].count("-") > 1:
        usage("only one of --html, --svg and --json can be standard output")
    dates = [_date(text) for text in at or ()]
    of_files = {
        "--at": dates,
        "--sample": sample,
        "--specimen": specimen,
        "--limit-of-detection": limit_of_detection,
        "--tumour-fraction": tumour_fraction,
    }
    for name, values in of_files.items():
        if values and len(values) != len(files):
            usage(f"{name} is given {len(values)} times for {len(files)} files; give it once for each, in their order")
    interpreter = load(ruleset, rulebase)
    given = read_therapies(therapies, interpreter.rulebase) if therapies else []
    found: list[tuple[Genotype, datetime.date]] = []
    for index, path in enumerate(files):
        one = TumourGiven(
            (path,),
            tumour,
            (),
            assayed or (),
            panel or (),
            sample=sample[index] if sample else None,
            specimen=specimen[index] if specimen else None,
            limit_of_detection=limit_of_detection[index] if limit_of_detection else None,
            tumour_fraction=tumour_fraction[index] if tumour_fraction else None,
            keep_going=keep_going,
        )
        for genotype in genotypes(interpreter, one):
            when = dates[index] if dates else genotype.date
            found.append((_dated(genotype, when, path), when or datetime.date.min))
    found = [
        (_treated(_named_apart(genotype, when, found), when, given, interpreter.rulebase), when)
        for genotype, when in found
    ]
    samples = [Dated(genotype, interpreter.interpret(genotype), when) for genotype, when in found]
    made = series_of(interpreter.rulebase, samples, given, on)
    if json:
        write(json, made.to_json() + "\n")
    if html or svg:
        from resistab.report.timeline.page import render_timeline_html, render_timeline_svg

        if html:
            write(html, render_timeline_html(made, VERDICTS))
        if svg:
            picture = render_timeline_svg(made)
            if picture is None:
                usage("--svg: no finding has an allele fraction, so that there is nothing to draw")
            write(svg, picture)
    if not (json or html or svg):
        from resistab.report.timeline.terminal import print_timeline

        print_timeline(made, VERDICTS)


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        usage(f"--at '{text}' is no date; expected YYYY-MM-DD")


def _dated(genotype: Genotype, when: datetime.date | None, path: Path) -> Genotype:
    """The genotype with its date; raises ``InputError`` where it has none."""
    from resistab.core.faults import Fault, InputError

    if when is None:
        message = f"does not say when the sample '{genotype.sample}' was taken"
        raise InputError([Fault(where=str(path), message=message, expected="a date in the file, or --at")])
    return genotype.model_copy(update={"date": when})


def _named_apart(genotype: Genotype, when: datetime.date, found: Sequence[tuple[Genotype, datetime.date]]) -> Genotype:
    """The genotype, under its name and date where another sample of the series has the same name."""
    alike = [other for other, _ in found if other.sample == genotype.sample]
    return genotype if len(alike) == 1 else genotype.model_copy(update={"sample": f"{genotype.sample} {when}"})


def _treated(
    genotype: Genotype, when: datetime.date, therapies: Sequence[GivenTherapy], rulebase: Rulebase
) -> Genotype:
    """The genotype with the therapies that began before, where it says nothing of prior therapies itself."""
    from resistab.domains.oncology.genotype import PriorTherapy

    if genotype.prior_therapies is not None or not therapies:
        return genotype
    prior = [
        PriorTherapy(drug=part.name, classes=part.classes)
        for therapy in therapies
        if therapy.start < when and therapy.drug in rulebase.drug_by_name
        for part in rulebase.parts_of(therapy.drug)
    ]
    return genotype.model_copy(update={"prior_therapies": tuple(dict.fromkeys(prior))})
