"""Drafts written as a folder of YAML that has the form of an overlay.

drafts/
  overlay.yaml        so that the drafts can be loaded and checked over the rule set, where they have no effect
  citations.yaml      references that the rule set's citations.yaml lacks
  tables/DRUG.yaml    draft rows, to be judged, completed and moved to the rule set's table
"""

from __future__ import annotations

import datetime
import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from resistab.core.condition import condition_text
from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.curate.civic.drafts import DraftRow, Drafts, DraftTable
from resistab.domains.oncology.kinds.models import Evidence, Indication
from resistab.files.output import OutputError
from resistab.files.whole_folder import write_folder

WIDTH = 120
_NAME = "drafts from CIViC"
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=][^\n\t]*$")
_OF_FLOW = re.compile(r"[,\[\]{}]")


def write_drafts(drafts: Drafts, ruleset: str, folder: Path, on: datetime.date) -> None:
    """Write the drafts for the rule set ``ruleset`` into ``folder``, all files or none.

    ``folder`` must not exist, or be empty, and may not lie in a rule set: what stands there is never written over.
    Raises ``InputError`` for a folder that is in the way, ``OutputError`` where nothing can be written.
    """
    try:
        check_target(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    write_folder(draft_files(drafts, ruleset, on), folder)


def check_target(folder: Path) -> None:
    """Raise ``InputError`` where ``folder`` is a file, lies in a rule set, or holds anything."""
    where = str(folder)
    ruleset = next((path for path in (folder.resolve(), *folder.resolve().parents) if _is_ruleset(path)), None)
    if ruleset is not None:
        message = "is a rule set" if ruleset == folder.resolve() else f"lies in the rule set {ruleset.name}"
        raise InputError([Fault(where=where, message=message, expected="a folder outside, from which rows are moved")])
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError([Fault(where=where, message="is a file", expected="a folder, or a name that is free")])
    if any(folder.iterdir()):
        raise InputError([Fault(where=where, message="is not empty", expected="a name that is free")])


def _is_ruleset(folder: Path) -> bool:
    return (folder / "ruleset.yaml").is_file()


def draft_files(drafts: Drafts, ruleset: str, on: datetime.date) -> dict[str, str]:
    """The text of every file by its path inside the folder."""
    manifest = [
        "# Drafts that no curator has judged. None of their rows is used.",
        *(f"{key}: {value}" for key, value in (("name", _NAME), ("version", "0.1.0"), ("date", on), ("over", ruleset))),
    ]
    files = {"overlay.yaml": manifest}
    if drafts.citations:
        files["citations.yaml"] = [
            f"# References that citations.yaml of {ruleset} lacks.",
            "citations:",
            *(
                f"  - {{reference: {scalar(item.reference, in_flow=True)}, short: {quoted(item.short)}}}"
                for item in drafts.citations
            ),
        ]
    for table in drafts.tables:
        files[f"tables/{table.drug.replace(' ', '_')}.yaml"] = list(_table(table, ruleset))
    return {name: "\n".join([*lines, ""]) for name, lines in files.items()}


def _table(table: DraftTable, ruleset: str) -> Iterator[str]:
    yield from comment_lines(
        f"Drafts for {table.drug}. Before a row becomes active: read each study, write the sentence on it, and judge "
        "the effect, the mechanism and the tumour types, which are proposals.",
        "",
    )
    yield f"drug: {scalar(table.drug)}"
    if table.indications:
        yield from comment_lines(
            f"{ruleset} has no table for {table.drug}: say where it is used, the marker it needs, and what must have "
            "been assayed.",
            "",
        )
        yield "indications:"
        for indication in table.indications:
            yield from _indication(indication)
    yield "rows:"
    for row in table.rows:
        yield from _row(row)


def _indication(indication: Indication) -> Iterator[str]:
    loci = [str(locus) for locus in indication.essential_loci]
    requires = indication.requires if isinstance(indication.requires, str) else condition_text(indication.requires)
    yield from _listed("- tumour_types", indication.tumour_types, "  ")
    yield f"    relevant: {str(indication.relevant).lower()}"
    yield from text_lines("requires", requires, "    ")
    yield from _listed("essential_loci", loci, "    ")


def _row(draft: DraftRow) -> Iterator[str]:
    row = draft.row
    for remark in draft.remarks:
        yield from comment_lines(remark, "  ")
    yield f"  - id: {row.id}"
    yield f"    status: {row.status}"
    yield from text_lines("when", condition_text(row.when), "    ")
    yield from _listed("tumour_types", row.tumour_types, "    ")
    yield f"    effect: {row.effect}"
    yield f"    mechanism: {scalar(row.mechanism)}"
    yield f"    created: {row.created}"
    yield f"    reviewed: {row.reviewed}"
    yield "    evidence:"
    for item in row.evidence:
        yield from _evidence(item)


def _evidence(item: Evidence) -> Iterator[str]:
    yield f"      - reference: {scalar(item.reference)}"
    yield f"        source: {scalar(item.source or '')}"
    yield f"        level: {item.level}"
    yield f"        direction: {item.direction}"
    yield f"        studied_in: {scalar(item.studied_in)}"
    if item.given_with:
        yield from _listed("given_with", item.given_with, "        ")
    yield from text_lines("statement", item.statement, "        ")


# --- YAML ---------------------------------------------------------------------------------------------------------


def comment_lines(text: str, indent: str) -> Iterator[str]:
    """A comment, broken where it is too long."""
    shown = "".join(c if c.isprintable() else "�" for c in text)
    for number, line in enumerate(textwrap.wrap(shown, WIDTH - len(indent) - 4, break_on_hyphens=False)):
        yield f"{indent}# {'  ' if number and indent else ''}{line}"


def text_lines(key: str, text: str, indent: str) -> Iterator[str]:
    """A text on one line, or folded where it is too long."""
    line = f"{indent}{key}: {scalar(text)}"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"{indent}{key}: >-"
    inner = indent + "  "
    folded = textwrap.wrap(text, WIDTH - len(inner), break_long_words=False, break_on_hyphens=False)
    yield from (inner + part for part in folded)


def _listed(key: str, values: Sequence[str] | Iterable[str], indent: str) -> Iterator[str]:
    """A list on one line, or a line for each value where it is too long."""
    scalars = [scalar(value, in_flow=True) for value in values]
    line = f"{indent}{key}: [{', '.join(scalars)}]"
    if len(line) <= WIDTH:
        yield line
        return
    inner = " " * (len(indent) + (4 if key.startswith("- ") else 2))
    yield f"{indent}{key}:"
    yield from (f"{inner}- {scalar}" for scalar in scalars)


def scalar(text: str, in_flow: bool = False) -> str:
    """``text`` plain where YAML reads it as the same text, and else in quotes; ``in_flow`` on a line with others."""
    plain = _PLAIN.match(text) and text.isprintable() and text == text.rstrip(" :") and not re.search(r": | #", text)
    if plain and not (in_flow and _OF_FLOW.search(text)):
        try:
            if yaml.safe_load(text) == text:
                return text
        except yaml.YAMLError:
            pass
    return quoted(text)


def quoted(text: str) -> str:
    """``text`` in quotes."""
    return json.dumps(text, ensure_ascii=not text.isprintable())
