"""Learned tables as an overlay of draft rows: the YAML that a curator reads, edits, and moves to the rule set.

overlay.yaml         so that the drafts can be loaded and checked over the rule set, where they have no effect
citations.yaml       the reference of the measurements, where the rule set's citations lack it
tables/DRUG.yaml     a row for each that was learned, with the status *draft*
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from resistab.domains.oncology.kinds.models import Rulebase, Table

if TYPE_CHECKING:
    from resistab.rulesets.learned import LearnedRow, LearnedTable

# What a reference must be like; it is the rule set's own check that decides.
_REFERENCE = re.compile(r"(PMID:\d+|DOI:10\.\S+|ASCO:\S+|ASH:\S+|NCT\d+)")
# A row must rest on something: where the user names no reference, this one says that there is none yet.
UNPUBLISHED = "DOI:10.0000/unpublished-measurements"


def draft_files(rulebase: Rulebase, tables: Sequence[LearnedTable]) -> dict[str, str]:
    """The files of an overlay over ``rulebase`` with these tables, text by path.

    A row of a positive score says resistance, one of a negative score response; the score itself is kept with its
    reason, and is used where a curator makes a row of resistance active.
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
    cited = {_reference(table): table for table in tables}
    missing = {name: table for name, table in cited.items() if name not in rulebase.citation_by_reference}
    if missing:
        lines = ["citations:"]
        for name, table in missing.items():
            lines += [f"  - reference: {_quoted(name)}", f"    short: {_quoted(_short(name, table))}"]
            if name == UNPUBLISHED:
                lines.append("    # Put the publication of the measurements here before any row becomes active.")
        files["citations.yaml"] = _lines(*lines)
    for table in tables:
        files[f"tables/{table.drug.replace(' ', '_')}.yaml"] = _lines(*_table(rulebase, table, on))
    return files


def _lines(*lines: str) -> str:
    return "\n".join([*lines, ""])


def _reference(table: LearnedTable) -> str:
    return table.reference if _REFERENCE.fullmatch(table.reference) else UNPUBLISHED


def _short(reference: str, table: LearnedTable) -> str:
    return f"measurements of {', '.join(table.learned_from)}" if reference == UNPUBLISHED else reference


def _table(rulebase: Rulebase, table: LearnedTable, on: datetime.date) -> Iterator[str]:
    own = rulebase.table_by_drug.get(table.drug)
    yield f"# Learned from {table.samples} samples of {table.patients} patients ({', '.join(table.learned_from)})."
    yield "# Before a row becomes active: judge the effect, the mechanism and the tumour types, which are proposals."
    yield f"drug: {_quoted(table.drug)}"
    if own is None:
        yield "# The rule set has no table for this drug: say where it is used, and the marker it needs."
        yield "indications:"
        yield "  - tumour_types: [TISSUE]"
        yield "    relevant: false"
        yield "    requires: nothing"
        yield "    essential_loci: []"
    taken = {row.id for of in rulebase.row_tables for row in of.rows}
    prefix = _prefix(table.drug, own)
    number = 0
    yield "rows:" if table.rows else "rows: []"
    for row in table.rows:
        number += 1
        while f"{prefix}-L{number:03}" in taken:
            number += 1
        yield from _row(f"{prefix}-L{number:03}", table, row, on)


def _prefix(drug: str, own: Table | None) -> str:
    """What ids of the drug begin with."""
    if own is not None and own.rows:
        return own.rows[0].id.rpartition("-")[0]
    return re.sub(r"[^A-Z]", "", drug.upper())[:6] or "DRUG"


def _row(row_id: str, table: LearnedTable, row: LearnedRow, on: datetime.date) -> Iterator[str]:
    resistance = row.score > 0
    held = f"{row.samples} samples of {row.patients} patients"
    statement = (
        f"Learned from {table.measure} of {table.samples} samples of {table.patients} patients, of which {held} have "
        f"this: score {row.score:+d}, with 95% confidence {row.low:+.3g} to {row.high:+.3g}."
    )
    yield f"  - id: {row_id}"
    yield "    status: draft"
    yield f"    when: {_quoted(row.when)}"
    yield "    tumour_types: [TISSUE]"
    yield f"    effect: {'resistance' if resistance else 'susceptibility'}"
    yield f"    mechanism: {'not established' if resistance else 'target dependence'}"
    yield f"    score: {row.score}"
    yield f"    score_reason: {_quoted(f'learned from {held} that have this')}"
    yield f"    created: {on}"
    yield f"    reviewed: {on}"
    yield "    evidence:"
    yield f"      - reference: {_quoted(_reference(table))}"
    yield "        level: D"
    yield "        direction: supports"
    yield "        studied_in: TISSUE"
    yield f"        statement: {_quoted(statement)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())
