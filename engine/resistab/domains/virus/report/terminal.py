"""A virus's report, one drug's derivation and the list of drugs, for a person in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.policy.models import ViralContribution, ViralVerdict
from resistab.domains.virus.report import wording
from resistab.domains.virus.report.model import ViralLevelInfo, ViralReport
from resistab.report.console import grid, labelled, leaf, made_by, open_console, plain, say, with_symbol
from resistab.report.learned import print_learned
from resistab.report.measured import print_measured
from resistab.report.options.terminal import print_options
from resistab.report.options.words import MOST_LEADING
from resistab.report.steps import add_step
from resistab.report.words import capital, what_decided

_STYLES: dict[wording.LevelStyle, str] = {
    "resistant": "bold red",
    "possible_resistance": "bold yellow",
    "potential": "yellow",
    "no_resistance_found": "bold blue",
    "not_assessable": "bold magenta",
}
_SEVERITY_STYLES = {"severe": "bold red", "warning": "bold yellow", "note": "bold"}


def print_viral_report(report: ViralReport, all_drugs: bool = False) -> None:
    """Print the summary of ``report``: quality first, then the drugs by class.

    A class of which nothing is known, because its gene was not sequenced, is one line unless ``all_drugs`` asks for
    every drug.
    """
    console = open_console()
    rules = report.ruleset
    say(console, f"Drug resistance report: {report.sample.id}", "bold")
    say(console, f"{capital(wording.given_words(report.sample))}; read: {wording.genes_read_words(report.genes)}")
    made = f"{rules.name} {rules.version} ({rules.algorithm} {rules.algorithm_version})"
    say(console, f"{made}, {made_by(report.software, rules)}")
    console.print()
    say(console, wording.conclusion(report.verdicts), "bold")
    console.print()
    _print_quality(console, report)
    labelled(console, "Mutations", wording.mutations_words(report))
    for entry in report.not_understood:
        labelled(console, "Set aside", f"{entry.entry}: {entry.reason}")
    for note in report.notes:
        labelled(console, "Note", note)
    for drug_class, verdicts in wording.by_class(report.verdicts).items():
        console.print()
        _print_class(console, drug_class, verdicts, rules.levels, all_drugs)
    if report.options is not None:
        console.print()
        print_options(console, report.options, MOST_LEADING, details=False)
    print_measured(console, report.measured)
    print_learned(console, report.learned)
    console.print()
    for comment in report.comments:
        labelled(console, f"Comment {comment.id}", comment.text)
    say(console, "Not assessable is not susceptible: what was not read was never taken as the reference.")
    say(console, report.limits[0] if report.limits else "")
    say(console, "'resistab explain DRUG' shows how a level was derived.", "dim")


def print_viral_derivation(report: ViralReport, verdict: ViralVerdict) -> None:
    """Print how ``verdict`` was derived, as a tree from the level down to the mutations."""
    console = open_console()
    head = plain(f"{verdict.drug}{f' ({verdict.full_name})' if verdict.full_name else ''}: ", "bold")
    head.append(_level(console, verdict, report.ruleset.levels))
    if verdict.level is not None:
        head.append(f", level {verdict.level}, {verdict.sir}")
    tree = Tree(head, guide_style="dim")
    leaf(tree, f"{report.sample.id}, {verdict.drug_class}, {verdict.gene}", "dim")
    for cause in verdict.not_assessable:
        leaf(tree, capital(cause))
    if not verdict.contributions and not verdict.not_assessable:
        leaf(tree, "No row holds.")
    for contribution in verdict.contributions:
        _add_contribution(tree, contribution)
    if verdict.score is not None:
        read = "" if verdict.level is not None else " of what was read"
        leaf(tree, f"Score{read}: {wording.score_text(verdict.score)}", "bold")
    leaf(tree, what_decided(verdict.decided_by), "dim")
    if verdict.drug in wording.counted_apart([verdict]):
        leaf(tree, "Several scores are computed apart; the one with the highest level is reported.", "dim")
    if verdict.left_open:
        branch = leaf(tree, capital(wording.open_words(verdict)))
        for row in verdict.left_open:
            leaf(branch, f"{row.row}: {row.condition}; {wording.gives(row)}", "dim")
    console.print(tree)


def print_viral_drugs(rulebase: ViralRulebase, wanted: frozenset[str] | None = None) -> None:
    """Print the drugs, or those ``wanted``, by class, with their gene, other names and number of rows."""
    console = open_console()
    manifest = rulebase.manifest
    say(console, f"Drugs of {manifest.name} {manifest.version}", "bold")
    for drug_class in rulebase.drug_classes:
        of_class = [drug for drug in rulebase.drugs if drug.drug_class == drug_class.name]
        drugs = [drug for drug in of_class if wanted is None or drug.name in wanted]
        if not drugs:
            continue
        full_name = f", {drug_class.full_name}" if drug_class.full_name else ""
        table = grid("", "Drug", "Rows", "Name")
        table.columns[1].justify = "right"
        table.columns[1].no_wrap = True
        for drug in drugs:
            names = [name for name in (drug.full_name, *drug.aliases) if name]
            table.add_row(plain(drug.name, "bold"), str(_rows(rulebase, drug.name)), plain(", ".join(names) or "-"))
        console.print()
        # A title of the table's own would break at the width of the table.
        say(console, f"{drug_class.name}{full_name} ({rulebase.gene_of_class[drug_class.name]})", "bold")
        console.print(table)


# --- the report ---------------------------------------------------------------------------------------------


def _print_quality(console: Console, report: ViralReport) -> None:
    for severity, notes in wording.by_severity(report.quality).items():
        for note in notes:
            label = Text(f"{wording.SEVERITY_WORDS[severity]}: ", _SEVERITY_STYLES[severity])
            console.print(Text.assemble(label, plain(f"{note.kind}: {note.message}")))
    if inferred := wording.inferred_words(report.genes):
        labelled(console, "Coverage inferred", inferred)


def _print_class(
    console: Console,
    drug_class: str,
    verdicts: Sequence[ViralVerdict],
    levels: Sequence[ViralLevelInfo],
    all_drugs: bool,
) -> None:
    cause = wording.one_cause(verdicts)
    title = f"{drug_class} ({verdicts[0].gene})"
    if cause and not all_drugs:
        words = with_symbol(console, wording.STYLE_SYMBOLS["not_assessable"], "not assessable")
        drugs = ", ".join(verdict.drug for verdict in verdicts)
        console.print(
            Text.assemble((f"{title}: ", "bold"), (words, _STYLES["not_assessable"]), plain(f", {cause}: {drugs}"))
        )
        return
    say(console, title, "bold")
    table = grid("", "Drug", "Level", "SIR", "Score", "Reason")
    for column in (0, 2, 3):
        table.columns[column].no_wrap = True
    table.columns[3].justify = "right"
    for verdict in verdicts:
        reason = plain(capital(verdict.reason))
        if known := wording.partial_score_words(verdict):
            reason.append("\n").append_text(plain(known, "dim"))
        if wording.may_change(verdict, levels):
            reason.append("\n").append_text(plain(wording.open_words(verdict), "dim"))
        table.add_row(
            plain(verdict.drug, "bold"),
            _level(console, verdict, levels),
            verdict.sir or "-",
            "-" if verdict.score is None or verdict.level is None else wording.score_text(verdict.score),
            reason,
        )
    console.print(table)


def _level(console: Console, verdict: ViralVerdict, levels: Sequence[ViralLevelInfo]) -> Text:
    style = wording.level_style(verdict.level, levels)
    return plain(with_symbol(console, wording.STYLE_SYMBOLS[style], wording.level_words(verdict)), _STYLES[style])


# --- the derivation -----------------------------------------------------------------------------------------


def _add_contribution(tree: Tree, contribution: ViralContribution) -> None:
    overlay = f" (overlay {contribution.overlay})" if contribution.overlay else ""
    head = plain(f"Row {contribution.row}{overlay}: ", "bold")
    head.append_text(plain(wording.gives(contribution), "not bold"))
    add_step(tree.add(head), contribution.derivation)


# --- the drugs ----------------------------------------------------------------------------------------------


def _rows(rulebase: ViralRulebase, drug: str) -> int:
    table = rulebase.table_of.get(drug)
    return 0 if table is None else sum(1 for _ in rulebase.row_ids(table))
