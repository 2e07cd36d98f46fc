"""A report of the plain form, one drug's derivation and the list of drugs, for a person in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from resistab.report.console import (
    grid,
    labelled,
    leaf,
    made_by,
    open_console,
    plain,
    print_set_aside,
    say,
    with_symbol,
)
from resistab.report.frame.wording import conclusion, conclusion_words, level_words, not_assessed
from resistab.report.measured import print_measured
from resistab.report.steps import add_evidence, add_step
from resistab.report.words import capital, few

if TYPE_CHECKING:
    from resistab.core.plain import PlainContribution, PlainVerdict
    from resistab.report.frame import Frame, PlainRules
    from resistab.report.frame.model import PlainReport, Subject


def print_plain_report(frame: Frame, report: PlainReport, all_drugs: bool) -> None:
    """Print ``report``: what was given, the verdicts, the gravest first, and what would have to be known."""
    console = open_console()
    rules, sample = report.ruleset, report.sample
    say(console, f"{frame.title}: {sample.id}", "bold")
    if facts := [f"{fact.label}: {fact.text}" for fact in sample.facts]:
        say(console, "; ".join(facts))
    say(console, f"{rules.name} {rules.version}, {made_by(report.software, rules)}")
    console.print()
    say(console, conclusion(frame.vocabulary, report.verdicts), "bold")
    console.print()
    for caution in report.cautions:
        labelled(console, "Caution", caution)
    tested = [subject for subject in report.subjects if subject.given]
    for subject in tested:
        labelled(console, subject.name, _subject(frame, subject))
    if untested := [subject.name for subject in report.subjects if not subject.given]:
        labelled(console, capital(frame.subjects.untested), ", ".join(untested))
    print_set_aside(console, report.not_understood, report.notes)
    console.print()
    _print_verdicts(console, frame, report, all_drugs)
    print_measured(console, report.measured)
    console.print()
    say(console, " ".join(frame.note))
    say(console, report.limits[0] if report.limits else "")
    say(console, "'resistab explain DRUG' shows how a verdict was derived, with its evidence.", "dim")


def print_plain_derivation(frame: Frame, report: PlainReport, verdict: PlainVerdict) -> None:
    """Print how ``verdict`` was derived, as a tree from the verdict down to findings and evidence."""
    console = open_console()
    head = plain(f"{verdict.drug}: ", "bold").append_text(_verdict(console, frame, verdict.verdict))
    if level := level_words(verdict):
        head.append(f", {level}")
    tree = Tree(head, guide_style="dim")
    leaf(tree, f"{report.sample.id}, {verdict.drug_class}", "dim")
    if not verdict.not_assessable:
        leaf(tree, capital(verdict.reason))
    for sentence in conclusion_words(verdict):
        leaf(tree, sentence)
    for contribution in verdict.contributions:
        _add_contribution(tree, contribution)
    console.print(tree)


def print_plain_drugs(rulebase: PlainRules, wanted: frozenset[str] | None = None) -> None:
    """Print the drugs, or those ``wanted``, by class, with the number of rows and other names."""
    console = open_console()
    table = grid(f"Drugs of {rulebase.manifest.name} {rulebase.manifest.version}", "Drug", "Rows", "Class", "Also")
    table.columns[1].justify = "right"
    table.columns[1].no_wrap = True
    for drug in sorted(rulebase.drugs, key=lambda drug: (drug.drug_class, drug.name)):
        if wanted is not None and drug.name not in wanted:
            continue
        rows = str(len(rulebase.rows_of(drug.name)))
        table.add_row(plain(drug.name, "bold"), rows, plain(drug.drug_class), plain(", ".join(drug.aliases) or "-"))
    console.print(table)


def _subject(frame: Frame, subject: Subject) -> str:
    concluded = subject.concluded or f"{frame.subjects.concluded.lower()} {frame.subjects.open}"
    return f"{', '.join(subject.given)}; {concluded}"


def _verdict(console: Console, frame: Frame, name: str) -> Text:
    said = frame.vocabulary.by_name[name]
    return Text(with_symbol(console, said.symbol, said.words), said.style)


def _print_verdicts(console: Console, frame: Frame, report: PlainReport, all_drugs: bool) -> None:
    said = [verdict for verdict in report.verdicts if all_drugs or verdict.verdict != frame.nothing]
    if said:
        table = grid("Drugs", "Drug", "Verdict", "Strongest reason")
        for verdict in frame.vocabulary.ordered(said, lambda verdict: verdict.verdict):
            shown = _verdict(console, frame, verdict.verdict)
            if verdict.level is not None:
                shown.append(f"\nlevel {verdict.level}", "not bold dim")
            table.add_row(plain(verdict.drug, "bold"), shown, plain(capital(verdict.reason)))
        console.print(table)
    if not all_drugs:
        _print_not_assessed(console, frame, report.verdicts)


def _print_not_assessed(console: Console, frame: Frame, verdicts: Sequence[PlainVerdict]) -> None:
    if reasons := not_assessed(verdicts, frame.nothing):
        table = grid(frame.vocabulary.words[frame.nothing], "Why", "Drugs")
        for reason, drugs in reasons.items():
            table.add_row(plain(capital(reason)), plain(few([drug.drug for drug in drugs]), "bold"))
        console.print(table)


def _add_contribution(tree: Tree, contribution: PlainContribution) -> None:
    overlay = f" (overlay {contribution.overlay})" if contribution.overlay else ""
    head = plain(f"Row {contribution.row}{overlay}: ", "bold")
    head.append_text(plain(f"{contribution.effect.replace('_', ' ')}; score {contribution.score:g}", "not bold"))
    branch = tree.add(head)
    leaf(branch, contribution.reason)
    add_step(branch, contribution.derivation)
    add_evidence(branch, contribution.evidence)
