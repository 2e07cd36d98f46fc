"""The report, one drug's derivation and the list of drugs, on standard output for a person in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from resistab.domains.oncology.kinds.models import Indication, Rulebase, Table, VerdictName
from resistab.domains.oncology.policy.models import Contribution, Verdict
from resistab.domains.oncology.report import VERDICTS, wording
from resistab.domains.oncology.report.first_page import conclusion
from resistab.domains.oncology.report.model import Report
from resistab.report import words
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
from resistab.report.learned import print_learned
from resistab.report.measured import print_measured
from resistab.report.options.terminal import print_options
from resistab.report.options.words import MOST_LEADING
from resistab.report.steps import add_evidence, add_step

# Verdicts of which a report can have dozens: their drugs are listed by what they have in common.
_GROUPED: dict[VerdictName, str] = {"not_indicated": "The required marker is absent", "not_assessable": "Why"}
# A panel assays hundreds of genes; the summary names the first, JSON and HTML all of them.
_MOST_LOCI = 12
_MOST_FINDINGS = 30


def print_report(report: Report, all_drugs: bool) -> None:
    """Print the summary of ``report``: the drugs used in the tumour type, and with ``all_drugs`` every drug."""
    console = open_console()
    sample, rules = report.sample, report.ruleset
    relevant = [verdict for verdict in report.verdicts if verdict.relevant]
    others = [verdict for verdict in report.verdicts if not verdict.relevant]
    say(console, f"Drug resistance report: {sample.id}", "bold")
    say(console, f"{sample.tumour_type.name} ({sample.tumour_type.code}){_specimen(report)}")
    say(console, f"{rules.name} {rules.version}, {made_by(report.software, rules)}")
    if sample.read_as:
        say(console, f"Read as {sample.read_as}.")
    console.print()
    say(console, conclusion(report), "bold")
    console.print()
    for caution in report.cautions:
        labelled(console, "Caution", caution)
    if report.cautions:
        console.print()
    shown = [wording.finding_words(finding) for finding in sorted(report.findings, key=lambda item: not item.known)]
    labelled(console, "Findings", words.few(shown, _MOST_FINDINGS) or "none was reported")
    if sample.records is not None:
        labelled(console, "Read", wording.records_words(sample.records))
    labelled(console, "Said to have been assayed", _assayed(report, inferred=False) or "nothing")
    labelled(console, "Inferred from findings", _assayed(report, inferred=True) or "nothing")
    if report.unknown_findings:
        labelled(console, "No curated association", words.few(report.unknown_findings, _MOST_FINDINGS))
    print_set_aside(console, report.not_understood, report.notes)
    console.print()
    if relevant:
        decided = [verdict for verdict in relevant if verdict.verdict not in _GROUPED]
        if decided:
            console.print(_verdict_grid(console, f"Drugs used in {sample.tumour_type.name}", decided))
        _print_grouped(console, sample.tumour_type.name, relevant)
    if report.options is not None:
        console.print()
        print_options(console, report.options, MOST_LEADING, details=False)
    if others and all_drugs:
        console.print()
        console.print(_verdict_grid(console, f"Drugs not used in {sample.tumour_type.name}", others))
    elif others:
        drugs = words.counted(len(others), "drug")
        text = f"Rows also hold for {drugs} not used in this tumour type: {wording.tally(others)}"
        say(console, f"{text} (--all-drugs shows them).", "dim")
    if report.without_rules:
        labelled(console, "Approved in this tumour type, without rules here", wording.without_rules(report))
    if report.left_out:
        say(console, f"{wording.left_out(report)} --all-drugs shows what is left out.", "dim")
    print_measured(console, report.measured)
    print_learned(console, report.learned)
    console.print()
    for verdict in relevant:
        for conflict in verdict.conflicts:
            labelled(console, f"Conflict, {words.drug_words(verdict.drug)}", conflict)
    say(console, "Missing is not wild type: what was not tested is unknown and was never taken as absent.")
    say(console, report.limits[0] if report.limits else "")
    say(console, "'resistab explain DRUG' shows how a verdict was derived, with its evidence.", "dim")


def print_derivation(report: Report, verdict: Verdict) -> None:
    """Print how ``verdict`` was derived, as a tree from the verdict down to findings and evidence."""
    console = open_console()
    sample = report.sample
    tree = Tree(_verdict_line(console, verdict, report.brands), guide_style="dim")
    leaf(tree, f"{sample.id}, {sample.tumour_type.name} ({sample.tumour_type.code})", "dim")
    if not verdict.not_assessable:
        leaf(tree, words.capital(verdict.reason))
    for sentence in wording.conclusion_words(verdict):
        leaf(tree, sentence)
    if verdict.approval:
        leaf(tree, f"{words.capital(verdict.approval)}.")
    for contribution in verdict.contributions:
        _add_contribution(tree, contribution)
    for conflict in verdict.conflicts:
        leaf(tree, f"Conflict: {conflict}")
    if verdict.undecided.rows:
        branch = leaf(tree, f"Undecided: {wording.open_rows(verdict)}")
        leaf(branch, ", ".join(verdict.undecided.rows), "dim")
    console.print(tree)


def print_drugs(rulebase: Rulebase, tumour: str | None, wanted: frozenset[str] | None = None) -> None:
    """Print the drugs that have a table, or only those used in the OncoTree type ``tumour``, and those ``wanted``."""
    console = open_console()
    asked = [table for table in rulebase.tables if wanted is None or table.drug in wanted]
    chosen = [(table, _indications(rulebase, table, tumour)) for table in asked]
    chosen = [(table, used) for table, used in chosen if used or tumour is None]
    if tumour is not None:
        name = rulebase.tumour_by_code[tumour].name
        if not chosen:
            which = "drug of this rule set" if wanted is None else "drug that is asked for"
            say(console, f"No {which} is used in {name} ({tumour}).")
            return
        title = f"Drugs used in {name} ({tumour})"
    else:
        title = f"Drugs of {rulebase.manifest.name} {rulebase.manifest.version}"
    listed = grid(title, "Drug", "Rows", "Needs" if tumour else "Used in", "Must have been assayed")
    listed.columns[1].justify = "right"
    listed.columns[1].no_wrap = True
    for table, used in chosen:
        drug = rulebase.drug_by_name[table.drug]
        label = Text(words.drug_words(drug.name), "bold")
        if drug.brands:
            label.append(f" ({', '.join(drug.brands)})", "not bold dim")
        label.append(f"\n{', '.join(rulebase.classes_of(drug.name))}", "not bold dim")
        rows = sum(1 for row in table.rows if row.status == "active")
        if tumour:
            middle = "; ".join(_requirement(indication) for indication in used)
        else:
            middle = ", ".join(code for indication in used for code in indication.tumour_types)
        loci = dict.fromkeys(str(locus) for indication in used for locus in indication.essential_loci)
        listed.add_row(label, str(rows), plain(middle or "-"), plain("; ".join(loci) or "nothing"))
    console.print(listed)


# --- the report ---------------------------------------------------------------------------------------------


def _verdict_grid(console: Console, title: str, verdicts: Iterable[Verdict]) -> Grid:
    table = grid(title, "Drug", "Verdict", "Strongest reason")
    for verdict in wording.verdict_order(verdicts):
        shown = Text(_verdict_words(console, verdict), VERDICTS.by_name[verdict.verdict].style)
        if verdict.level is not None:
            shown.append(f"\nlevel {verdict.level}", "not bold dim")
        reason = plain(words.capital(verdict.reason))
        if verdict.undecided.rows and verdict.verdict not in ("resistant", "not_indicated"):
            left = words.counted(len(verdict.undecided.rows), "row")
            reason.append(f"\n{left} of resistance undecided", "dim")
        table.add_row(plain(words.drug_words(verdict.drug), "bold"), shown, reason)
    return table


def _print_grouped(console: Console, tumour: str, verdicts: Sequence[Verdict]) -> None:
    """The drugs that are not indicated, and those not assessable, by what they have in common."""
    for name, why in _GROUPED.items():
        if grouped := wording.by_reason(verdicts, name):
            table = grid(f"{VERDICTS.words[name]}, of the drugs used in {tumour}", why, "Drugs")
            for reason, drugs in grouped.items():
                table.add_row(
                    plain(words.capital(reason)),
                    plain(", ".join(words.drug_words(drug.drug) for drug in drugs), "bold"),
                )
            console.print(table)


def _specimen(report: Report) -> str:
    parts = [str(part) for part in (report.sample.specimen, report.sample.date) if part]
    return "".join(f", {part}" for part in parts)


def _assayed(report: Report, inferred: bool) -> str:
    parts = []
    for kind, items in wording.assayed_by_kind(report.assayed).items():
        if chosen := items[inferred]:
            more = f" and {len(chosen) - _MOST_LOCI} more" if len(chosen) > _MOST_LOCI else ""
            parts.append(f"{', '.join(chosen[:_MOST_LOCI])}{more} ({kind})")
    return "; ".join(parts)


# --- the derivation -----------------------------------------------------------------------------------------


def _verdict_line(console: Console, verdict: Verdict, brands: Mapping[str, Sequence[str]]) -> Text:
    line = Text(style="bold")
    for number, (name, told) in enumerate(wording.FirstMentions(brands).named(verdict.drug)):
        line.append(" + " * bool(number) + name)
        line.append(f" ({told})" * bool(told), "not bold dim")
    line.append(": ")
    line.append(_verdict_words(console, verdict).lower(), VERDICTS.by_name[verdict.verdict].style)
    if verdict.level is not None:
        line.append(f", {wording.level_words(verdict)}")
    return line


def _add_contribution(tree: Tree, contribution: Contribution) -> None:
    extrapolated = ", extrapolated" if contribution.extrapolated else ""
    overlay = f" (overlay {contribution.overlay})" if contribution.overlay else ""
    head = Text(f"Row {contribution.row}{overlay}: ", "bold")
    head.append(f"{wording.says(contribution)}{extrapolated}; {wording.weight(contribution)}", "not bold")
    branch = tree.add(head)
    for reason in wording.weight_reasons(contribution):
        leaf(branch, reason, "dim")
    if contribution.note:
        leaf(branch, contribution.note, "dim")
    add_step(branch, contribution.derivation, wording.studied)
    add_evidence(branch, contribution.evidence, wording.studied)


# --- the drugs ----------------------------------------------------------------------------------------------


def _indications(rulebase: Rulebase, table: Table, tumour: str | None) -> list[Indication]:
    if tumour is None:
        return [indication for indication in table.indications if indication.relevant]
    indication = rulebase.indication(table, tumour)
    return [indication] if indication is not None and rulebase.is_used(table, tumour) else []


def _requirement(indication: Indication) -> str:
    from resistab.core.condition import condition_text

    return "no marker" if indication.requires == "nothing" else condition_text(indication.requires)


def _verdict_words(console: Console, verdict: Verdict) -> str:
    return with_symbol(console, VERDICTS.symbols[verdict.verdict], VERDICTS.words[verdict.verdict])
