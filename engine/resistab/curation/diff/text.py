"""Differences between rule sets in words: for the terminal, for a pull request, for the changelog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from resistab.curation.diff.patients import PatientDifferences, VerdictChange, told
from resistab.curation.diff.rulesets import Change, FieldChange, RulesetDifference
from resistab.curation.kit.diff_items import Bump, ItemKind
from resistab.report.console import grid, plain, say
from resistab.report.words import counted

# What a pull request shows of each kind; GitHub refuses comments of more than 65,536 characters.
MOST_SHOWN = 100
_MOST_CHARACTERS = 200
# Fields that say the same as what became of the item.
_SAID = {"retired": ("status", "retired"), "restored": ("status", "retired")}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#])")


# --- words --------------------------------------------------------------------------------------------------------


def heading(difference: RulesetDifference) -> str:
    """The rule set with its versions: ``oncology 0.1.0 → 0.2.0``."""
    old, new = difference.old, difference.new
    if old is None or new is None:
        state = old or new
        return f"{difference.ruleset} {state.version if state else ''}".strip()
    return f"{difference.ruleset} " + (old.version if old.version == new.version else f"{old.version} → {new.version}")


def summary(difference: RulesetDifference) -> str:
    """What became of how many items, which drugs that reaches, and what it asks of the version."""
    if difference.old is None:
        return "the whole rule set is new"
    if difference.new is None:
        return "the whole rule set is gone"
    if difference.empty:
        return "no difference"
    kinds = difference.kinds
    parts = [f"{count} {kinds[kind].one if count == 1 else kinds[kind].many} {what}"
             for kind, what, count in difference.counts()]  # fmt: skip
    drugs = difference.drugs
    reached = f"; {_drugs(drugs)} affected" if drugs else "; no verdict can change"
    return f"{', '.join(parts)}{reached}; the version must rise by a {difference.bump.word} step at least"


def _drugs(drugs: Sequence[str], most: int = 8) -> str:
    return ", ".join(drugs) if len(drugs) <= most else f"{len(drugs)} drugs"


def of_change(change: Change) -> str:
    """The drugs that a change can reach; the gene where it belongs to one."""
    return _drugs(change.drugs) or change.of


def told_change(change: Change) -> list[str]:
    """What a change says, a line for each field that differs."""
    if change.what == "added":
        return [_shortened(change.title)]
    if change.what == "removed":
        warning = ["removed without having been retired: ids are permanent"] if change.unretired else []
        return [_shortened(change.title), *warning]
    told_already = _SAID.get(change.what, ())
    lines = [_told_field(item) for item in change.fields if item.field not in told_already]
    return lines or [_shortened(change.title)]


def _told_field(item: FieldChange) -> str:
    if not item.old or not item.new:
        if item.field.startswith("evidence "):
            return f"{item.field}: {_shortened(item.new or item.old)}"
        return f"{item.field}: {_shortened(item.old) or 'none'} → {_shortened(item.new) or 'none'}"
    old, new = item.old, item.new
    if len(old) > _MOST_CHARACTERS or len(new) > _MOST_CHARACTERS:
        # Of long texts, what follows the words that both begin with.
        same = next((i for i, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
        begin = old.rfind(" ", 0, max(same - 20, 0)) + 1
        old, new = (f"… {text[begin:]}" if begin else text for text in (old, new))
    # A policy has one value, which needs no name beside its own.
    name = "" if item.field == "value" else f"{item.field}: "
    return f"{name}{_shortened(old)} → {_shortened(new)}"


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 2] + " …"


def patients_summary(patients: PatientDifferences) -> str:
    """How many verdicts of how many patients change."""
    total = counted(patients.patients, "patient")
    kept = patients.same_verdict
    same = f"; {counted(kept, 'other verdict')} kept, with another score or by other rows" if kept else ""
    if not patients.changes:
        return f"no verdict of {total} changes{same}"
    verdicts = counted(len(patients.changes), "verdict")
    return f"{verdicts} of {patients.patients_changed:,} of {total} change{same}"


# --- terminal -----------------------------------------------------------------------------------------------------


def print_differences(differences: Iterable[RulesetDifference], console: Console) -> None:
    """Print the differences as text."""
    for difference in differences:
        say(console, f"{heading(difference)}: {summary(difference)}", "bold")
        for kind, changes in _by_kind(difference.changes):
            words = difference.kinds[kind]
            table = grid(words.many.capitalize(), "What", "Id", "Drugs", "Change")
            for change in changes:
                name = change.id if not change.of or words.row else _qualified(change)
                style = "red" if change.unretired else ""
                told_lines = Text("\n").join(plain(line, style) for line in told_change(change))
                cells = (change.what, name, of_change(change))
                table.add_row(*(plain(cell, style) for cell in cells), told_lines)
            console.print(table)
        if difference.patients is not None:
            _print_patients(difference.patients, console)


def _qualified(change: Change) -> str:
    return f"{change.id} ({change.of})"


def _print_patients(patients: PatientDifferences, console: Console) -> None:
    say(console, f"Patients: {patients_summary(patients)}", "bold")
    for item in patients.unread:
        say(console, f"{item.sample} is not understood by the {item.side} rules: {'; '.join(item.reasons)}", "yellow")
    if not patients.changes:
        return
    counts = grid("Changes of verdict", "Patients", "Drug", "Old", "New")
    for (drug, old, new), count in patients.transitions():
        counts.add_row(plain(f"{count:,}"), plain(drug), plain(old), plain(new))
    console.print(counts)
    each = grid("By patient", "Patient", "Drug", "Old", "New", "Rows responsible")
    for change in patients.changes:
        each.add_row(*(plain(cell) for cell in _cells(change)))
    console.print(each)


def _cells(change: VerdictChange) -> tuple[str, str, str, str, str]:
    return change.sample, change.drug, told(change.old), told(change.new), rows_text(change)


def rows_text(change: VerdictChange) -> str:
    """The rows responsible for a change of verdict, those of the old side first."""
    return f"{', '.join(change.old_rows) or 'none'} → {', '.join(change.new_rows) or 'none'}"


def _by_kind(changes: Iterable[Change]) -> Iterator[tuple[str, list[Change]]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.kind, []).append(change)
    yield from found.items()


# --- Markdown -----------------------------------------------------------------------------------------------------


def markdown(differences: Iterable[RulesetDifference]) -> str:
    """The differences for a pull request: a summary, then details that are opened by a click."""
    parts = ["## Changes of the rules\n"]
    for difference in differences:
        parts.append(f"**{_escaped(heading(difference))}**: {_escaped(summary(difference))}.\n")
        unretired = [change.id for change in difference.changes if change.unretired]
        if unretired:
            parts.append(f"⚠ Removed without having been retired, though ids are permanent: {_listed(unretired)}.\n")
        if difference.patients is not None:
            parts += _markdown_patients(difference.patients)
        for kind, changes in _by_kind(difference.changes):
            words = difference.kinds[kind]
            rows = [
                (change.what, f"`{change.id if words.own_id else _qualified(change)}`",
                 _escaped(of_change(change)), "<br>".join(map(_escaped, told_change(change))))
                for change in changes
            ]  # fmt: skip
            parts.append(
                _details(counted(len(changes), words.one, words.many), ("What", "Id", "Drugs", "Change"), rows)
            )
    return "\n".join(parts)


def _markdown_patients(patients: PatientDifferences) -> Iterator[str]:
    yield f"**Patients**: {_escaped(patients_summary(patients))}.\n"
    for item in patients.unread:
        reasons = _escaped("; ".join(item.reasons))
        yield f"- {_escaped(item.sample)} is not understood by the {item.side} rules: {reasons}\n"
    if not patients.changes:
        return
    counts = [(f"{count:,}", _escaped(drug), _escaped(old), _escaped(new))
              for (drug, old, new), count in patients.transitions()]  # fmt: skip
    yield _table(("Patients", "Drug", "Old", "New"), counts)
    each = [tuple(map(_escaped, _cells(change))) for change in patients.changes]
    yield _details("By patient", ("Patient", "Drug", "Old", "New", "Rows responsible"), each)


def _details(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return f"<details><summary>{title}</summary>\n\n{_table(columns, rows)}\n</details>\n"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows[:MOST_SHOWN]]
    more = f"\n… and {len(rows) - MOST_SHOWN:,} more\n" if len(rows) > MOST_SHOWN else ""
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + more


def _escaped(text: str) -> str:
    """``text`` as Markdown prints it, in one line, with nobody notified who happens to be named in it."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return _MARKDOWN.sub(r"\\\1", shown).replace("@", "@\u200b")


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(f"`{id_}`" for id_ in ids)


# --- changelog ----------------------------------------------------------------------------------------------------


def changelog(differences: Iterable[RulesetDifference]) -> str:
    """The section *Rules* of a changelog; empty where nothing differs."""
    sections = [section for difference in differences if (section := release_section(difference))]
    return "### Rules\n\n" + "\n".join(sections) if sections else ""


def release_section(difference: RulesetDifference, version: str = "", date: str = "") -> str:
    """One rule set's part of the section *Rules*, with its own heading; empty where nothing differs.

    ``version`` and ``date`` are those of the new state where they are not given.
    """
    if difference.empty or difference.new is None:
        return ""
    version, date = version or difference.new.version, date or difference.new.date
    lines = [f"#### {difference.ruleset} {version}, {date}", ""]
    if difference.old is None:
        lines.append("- The first version.")
    if difference.unread and difference.old is not None:
        lines.append(f"- The files of {difference.old.version} have an older form: what changed is not listed by id.")
    lines += [
        _changelog_line(change, difference.kinds[change.kind])
        for change in difference.changes
        if change.kind != "citation"
    ]
    cited = [change for change in difference.changes if change.kind == "citation"]
    lines += [f"- Citations {what}: {', '.join(change.id for change in cited if change.what == what)}."
              for what in dict.fromkeys(change.what for change in cited)]  # fmt: skip
    return "\n".join(lines) + "\n"


def _changelog_line(change: Change, words: ItemKind) -> str:
    kind = "" if words.row else f"{words.one} "
    # A change that can reach no verdict need not say which drugs it is about.
    about = _drugs(change.drugs) if change.bump > Bump.PATCH or words.row else ""
    place = f" ({about or change.of})" if about or change.of else ""
    details = _escaped("; ".join(told_change(change)))
    return f"- {change.what.capitalize()} {kind}{_escaped(change.id)}{place}: {details.rstrip('.')}."
