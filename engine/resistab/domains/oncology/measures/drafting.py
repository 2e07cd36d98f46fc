"""Learned tables as an overlay of draft rows: the YAML that a curator reads, edits, and moves to the rule set.

Ids say by which drug they were learned (``LEARNED-GEFITINIB-001``): a row that is moved to the rule set gets one there.

overlay.yaml         so that the drafts can be loaded and checked over the rule set, where they have no effect
citations.yaml       the publication of the measurements, where one is named that the rule set's citations lack
tables/DRUG.yaml     a row for each that was learned, with the status *draft*
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from resistab.domains.oncology.curate.civic.draft_tables import comment_lines, quoted, scalar, text_lines
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.rulesets.models import REFERENCE

if TYPE_CHECKING:
    from resistab.rulesets.learned import LearnedRow, LearnedTable


def draft_files(rulebase: Rulebase, tables: Sequence[LearnedTable]) -> dict[str, str]:
    """The files of an overlay over ``rulebase`` with these tables, text by path.

    A row of a positive score says resistance, one of a negative score response; the score itself is kept with its
    reason, and counts once a curator makes a row of resistance active. Where a table names the publication of the
    measurements a row has an item of evidence at level D; where it names none a row is without, and cannot be made
    active before it has one.
    """
    on = max(table.learned_on for table in tables)
    files = {
        "overlay.yaml": _lines(
            "# Learned from measurements. No curator has judged these rows, and none of them is used.",
            "name: learned from measurements",
            "version: 0.1.0",
            f"date: {on}",
            f"over: {rulebase.manifest.ruleset}",
        )
    }
    named = dict.fromkeys(_reference(table) for table in tables)
    missing = [name for name in named if name and name not in rulebase.citation_by_reference]
    if missing:
        cited = (f"  - {{reference: {scalar(name, in_flow=True)}, short: {quoted(name)}}}" for name in missing)
        files["citations.yaml"] = _lines("citations:", *cited)
    for table in tables:
        files[f"tables/{table.drug.replace(' ', '_')}.yaml"] = _lines(*_table(rulebase, table, on))
    return files


def _lines(*lines: str) -> str:
    return "\n".join([*lines, ""])


def _reference(table: LearnedTable) -> str:
    """The publication of the measurements; "" where none is named, or it is no reference of a rule set."""
    return table.reference if re.fullmatch(REFERENCE, table.reference) else ""


def _table(rulebase: Rulebase, table: LearnedTable, on: datetime.date) -> Iterator[str]:
    own = rulebase.table_by_drug.get(table.drug)
    learned_from = ", ".join(table.learned_from)
    yield from comment_lines(
        f"Learned from {table.samples} samples of {table.patients} patients ({learned_from}). Before a row becomes "
        "active: judge the effect, the mechanism and the tumour types, which are proposals.",
        "",
    )
    yield f"drug: {scalar(table.drug)}"
    if own is None:
        yield from comment_lines("The rule set has no table for it: say where it is used, and the marker it needs.", "")
        yield "indications:"
        yield "  - tumour_types: [TISSUE]"
        yield "    relevant: false"
        yield "    requires: nothing"
        yield "    essential_loci: []"
    prefix = f"LEARNED-{re.sub(r'[^A-Z0-9]', '', table.drug.upper())}"
    yield "rows:" if table.rows else "rows: []"
    for number, row in enumerate(table.rows, 1):
        yield from _row(f"{prefix}-{number:03}", table, row, on)


def _row(row_id: str, table: LearnedTable, row: LearnedRow, on: datetime.date) -> Iterator[str]:
    resistance = row.score > 0
    held = f"{row.samples} samples of {row.patients} patients"
    statement = (
        f"Learned from {table.measure} of {table.samples} samples of {table.patients} patients, of which {held} have "
        f"this: score {row.score:+d}, with 95% confidence {row.low:+.3g} to {row.high:+.3g}."
    )
    yield f"  - id: {row_id}"
    yield "    status: draft"
    yield from text_lines("when", row.when, "    ")
    yield "    tumour_types: [TISSUE]"
    yield f"    effect: {'resistance' if resistance else 'susceptibility'}"
    yield f"    mechanism: {'not established' if resistance else 'target dependence'}"
    yield f"    score: {row.score}"
    yield from text_lines("score_reason", f"learned from {held} that have this", "    ")
    reference = _reference(table)
    if not reference:
        # A draft may be without; before it becomes active the check asks for an item.
        yield from text_lines("note", statement, "    ")
    yield f"    created: {on}"
    yield f"    reviewed: {on}"
    if not reference:
        yield "    evidence: []"
        return
    yield "    evidence:"
    yield f"      - reference: {scalar(reference)}"
    yield "        level: D"
    yield "        direction: supports"
    yield "        studied_in: TISSUE"
    yield from text_lines("statement", statement, "        ")
