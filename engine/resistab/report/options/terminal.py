"""The section *Options* for a person in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.tree import Tree

from resistab.core.escape import Escapes
from resistab.report.console import grid, labelled, leaf, plain, say, with_symbol
from resistab.report.options.judge import barrier_of, changes_of
from resistab.report.options.model import Options, RegimenInfo
from resistab.report.options.words import (
    ABOUT,
    ARCHIVED,
    NONE,
    STATUS_SYMBOLS,
    STATUS_WORDS,
    TITLE,
    barrier_text,
    drugs_text,
    gss_text,
    last_found,
    leading_rows,
    overcome_together,
    rule_text,
    share_found,
    what_it_counts,
)
from resistab.report.words import capital, drug_words

_STYLES = {
    "recommended": "green",
    "active": "green",
    "partly_active": "yellow",
    "not_assessable": "cyan",
    "not_active": "red",
    "contraindicated": "bold red",
}
_MOST_SETS = 5


def print_options(console: Console, options: Options, most: int | None = None, details: bool = True) -> None:
    """Print the section; of the regimens the first ``most``, with ``details`` all that is said of the leading ones."""
    say(console, TITLE, "bold")
    if options.archived:
        archived = grid(ARCHIVED, "finding", "last found", "fraction", "counts")
        for lost in options.archived:
            archived.add_row(plain(lost.finding), plain(last_found(lost)), share_found(lost), what_it_counts(lost))
        console.print(archived)
    shown = options.regimens if most is None else leading_rows(options.regimens)[:most]
    if not options.regimens:
        say(console, NONE)
    else:
        say(console, ABOUT, "dim")
        console.print(_table(console, shown))
        if len(shown) < len(options.regimens):
            say(console, f"{len(options.regimens) - len(shown)} more: resistab regimens lists all of them.")
        if details:
            leading = leading_rows(shown)
            for regimen in leading:
                console.print(_tree(regimen))
            for regimen in shown:
                if regimen not in leading:
                    labelled(
                        console, f"{regimen.rank}. {drugs_text(regimen)}", f"{'; '.join(regimen.why)} ({regimen.id})"
                    )
    for resisted, item in overcome_together(options.overcome):
        labelled(console, f"{' and '.join(item.findings)}, which makes {', '.join(resisted)} resistant", "")
        say(console, f"  works in spite of it: {', '.join(map(drug_words, item.overcome_by))} ({', '.join(item.rows)})")
    if options.watch_list:
        watched = grid("Watch list: what to look for in the next sample", "change", "would defeat", "evidence")
        for watch in options.watch_list:
            watched.add_row(
                plain(watch.finding), plain(", ".join(map(drug_words, watch.defeats))), plain(_few(watch.evidence))
            )
        console.print(watched)
    for reason, number in options.not_listed.items():
        say(console, f"{number} not listed: {reason}.", "dim")
    for note in (*options.notes, *options.limits):
        say(console, note, "dim")


def print_escapes(console: Console, sample: str, drugs: Sequence[str], escapes: Escapes) -> None:
    """Print what defeats drugs in a patient, one set below the other."""
    barrier = barrier_of(escapes)
    say(console, f"What defeats {' + '.join(map(drug_words, drugs))} in {sample}", "bold")
    labelled(console, "Genetic barrier", barrier_text(barrier))
    if barrier is not None and barrier.note:
        say(console, f"{capital(barrier.note)}.", "dim")
    if not escapes.sets and not escapes.undefeated and escapes.exact:
        say(console, "None of the drugs is active as it is.")
    for number, found in enumerate(escapes.sets, start=1):
        tree = Tree(plain(f"{number}. {' and '.join(found.texts)}", "bold"))
        for one in changes_of(found):
            branch = leaf(
                tree, f"{one.finding} defeats {', '.join(map(drug_words, one.defeats)) or 'nothing by itself'}"
            )
            if one.rows:
                leaf(branch, f"by {_few(one.rows)}", "dim")
            if one.citations:
                leaf(branch, f"cites {_few(one.citations)}", "dim")
        console.print(tree)


def _table(console: Console, regimens: Sequence[RegimenInfo]) -> object:
    found = grid("", "", "regimen", "status", "GSS", "targets", "barrier", "setting")
    for regimen in regimens:
        status = with_symbol(console, STATUS_SYMBOLS[regimen.status], STATUS_WORDS[regimen.status])
        found.add_row(
            str(regimen.rank),
            plain(drugs_text(regimen)),
            plain(status, _STYLES[regimen.status]),
            gss_text(regimen.gss),
            str(regimen.independent_targets),
            barrier_text(regimen.genetic_barrier),
            plain(regimen.setting),
        )
    return found


def _tree(regimen: RegimenInfo) -> Tree:
    """Everything that is said of one regimen."""
    tree = Tree(plain(f"{regimen.rank}. {drugs_text(regimen)} ({regimen.id})", "bold"))
    leaf(tree, f"{regimen.setting}: {regimen.authority}")
    for reason in regimen.why:
        leaf(tree, reason)
    for activity in regimen.activities:
        said = f"{activity.low:g}" if activity.low == activity.high else f"{activity.low:g} to {activity.high:g}"
        against = f" against {', '.join(activity.against)}" if activity.against else ""
        leaf(tree, f"{drug_words(activity.drug)}{against}: activity {said}; {activity.because}")
    for rule in regimen.kept:
        leaf(tree, f"kept: {rule_text(rule)}", "green")
    for rule in regimen.cautions:
        leaf(tree, f"mind: {rule_text(rule)}", "yellow")
    for setting in regimen.settings:
        if setting.provided:
            leaf(tree, f"{setting.setting}: {setting.provided}")
    for number, changes in enumerate(regimen.escape_sets[:_MOST_SETS], start=1):
        text = "; ".join(f"{one.finding} defeats {', '.join(map(drug_words, one.defeats))}" for one in changes)
        leaf(tree, f"escape {number}: {text}")
    if regimen.genetic_barrier is not None and regimen.genetic_barrier.note:
        leaf(tree, f"barrier: {regimen.genetic_barrier.note}")
    if regimen.note:
        leaf(tree, regimen.note)
    leaf(tree, f"cites {_few(regimen.citations)}", "dim")
    return tree


def _few(texts: Sequence[str], most: int = 6) -> str:
    rest = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {rest} more" if rest > 0 else "")
