"""A timeline on standard output, for a person in a terminal."""

from __future__ import annotations

from rich.text import Text

from resistab.report.console import grid, labelled, open_console, plain, say, with_symbol
from resistab.report.options.terminal import print_options
from resistab.report.options.words import MOST_LEADING
from resistab.report.timeline.model import Emergence, PatientTimeline
from resistab.report.timeline.page import movement_words, point_words, watched_words
from resistab.report.words import Vocabulary, counted, drug_words


def print_timeline(timeline: PatientTimeline, vocabulary: Vocabulary) -> None:
    """Print what emerged, the findings and the verdicts by sample, in the words of their domain."""
    console = open_console()
    samples = timeline.samples
    say(console, f"Drug resistance over time: {counted(len(samples), 'sample')}", "bold")
    for sample in samples:
        say(console, f"{sample.date} {sample.sample}, {sample.about}")
        for caution in sample.cautions:
            labelled(console, "  Caution", caution)
    for therapy in timeline.therapies:
        ended = f" ({therapy.outcome})" if therapy.outcome else ""
        labelled(console, "Therapy", f"{drug_words(therapy.drug)}, {therapy.start} to {therapy.end or 'now'}{ended}")
    console.print()
    for emergence in timeline.emergences:
        labelled(console, "Emerged", emergence_words(emergence))
    if not timeline.emergences:
        say(console, "No finding with a curated association was newly detected or rose.")
    console.print()
    table = grid("Findings by sample", "Finding", *(str(sample.date) for sample in samples), "Movement")
    for course in timeline.findings:
        cells = [plain(point_words(point)) for point in course.points]
        name = plain(course.finding, "bold")
        if course.watched is not None:
            name.append(f"\n{watched_words(course.watched)}", "not bold")
        table.add_row(name, *cells, plain(", then ".join(map(movement_words, course.movements))))
    console.print(table)
    shown = [course for course in timeline.verdicts if course.moved or course.given]
    if shown:
        verdicts = grid("Verdicts that moved, and drugs that were given", "Drug", *(str(s.date) for s in samples))
        for drug in shown:
            words = (
                with_symbol(console, vocabulary.symbols[item.verdict], vocabulary.words[item.verdict])
                for item in drug.verdicts
            )
            name = Text.assemble((drug_words(drug.drug), "bold"), " (given)" if drug.given else "")
            verdicts.add_row(name, *map(plain, words))
        console.print(verdicts)
    say(console, f"{counted(len(timeline.verdicts) - len(shown), 'drug')} more did not move.", "dim")
    if timeline.options is not None:
        console.print()
        print_options(console, timeline.options, MOST_LEADING, details=False)


def emergence_words(emergence: Emergence) -> str:
    """What emerged and what it points to, in one sentence."""
    under = f", under {', '.join(emergence.under)}" if emergence.under else ""
    drugs = ", ".join(f"{drug_words(p.drug)} ({p.effect}, {p.row})" for p in emergence.points_to)
    points = f"it counts against {drugs}" if drugs else "it is no curated resistance marker of a drug used here"
    return f"{emergence.finding} {movement_words(emergence.movement)} in {emergence.sample}{under}; {points}"
