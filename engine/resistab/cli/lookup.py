"""``resistab lookup``: what the rules say of a change, gene, drug, class, reference or row."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resistab.cli.exit_codes import ExitCode, epilog, fail
from resistab.cli.options import RulebaseFolder, examples_of, with_options_of_packs
from resistab.cli.show import LEAST_WIDTH, grid_lines, wrapped
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.curation.kit.looked_up import FoundRow, LookupMeaning
    from resistab.curation.lookup import FoundIn

# Where it stands in the help.
PLACE = 3
_MOST_SUGGESTIONS = 4


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("lookup", epilog=epilog(*examples_of("lookup")))(with_options_of_packs("list")(lookup))


def lookup(
    text: Annotated[
        str, typer.Argument(help="A change, gene, drug (by any name), class of drugs, PMID or DOI, or the id of a row.")
    ],
    json: Annotated[str | None, typer.Option("--json", help="Write it as JSON; - is standard output.")] = None,
    ruleset: Annotated[str | None, typer.Option("--ruleset", help="Only this rule set; all if not given.")] = None,
    rulebase: RulebaseFolder = None,
    **chosen: Any,
) -> None:
    """Look up what the rules say of a change, gene, drug, class, reference or row, with the evidence.

    Resistance comes first, by level of evidence. A change also finds sets and regions that hold it, rows on the same
    codon that name other residues, and rows that may follow from it by mechanisms, each marked so. Exits with 1 where
    nothing is found.
    """
    from resistab.curation.lookup import find_everywhere

    found = find_everywhere(text, ruleset, rulebase, chosen)
    if json is not None:
        from resistab.curation.lookup import document

        write(json, json_format.dumps(document(text, found), indent=2, ensure_ascii=False) + "\n")
    if not any(one.found.meanings for one in found):
        _say_nothing_found(text, found)
    if json is None:
        from resistab.report.console import open_console, plain

        width = max(open_console().width, LEAST_WIDTH) if sys.stdout.isatty() else None
        write("-", "".join(f"{plain(line).plain}\n" for line in _lines(found, width)))


def _say_nothing_found(text: str, found: list[FoundIn]) -> None:
    """End with what may be meant; a rule set that knows the gene says why it is no change of it."""
    message = f"nothing is found for '{text}' in {', '.join(one.ruleset for one in found)}"
    reasons = [one.found.refusal for one in found if one.found.refusal]
    # Where one knows the gene, what is like the text in another says nothing.
    asked = [one for one in found if one.found.refusal] or found
    near = list(dict.fromkeys(name for one in asked for name in one.found.near))
    message += "".join(f"; {reason}" for reason in dict.fromkeys(reasons))
    if near:
        message += f"; did you mean {' or '.join(near[:_MOST_SUGGESTIONS])}?"
    fail(message, ExitCode.FAILED)


def _lines(found: list[FoundIn], width: int | None) -> Iterator[str]:
    first = True
    for one in found:
        for meaning in one.found.meanings:
            if not first:
                yield ""
            first = False
            yield from _of_meaning(meaning, one.ruleset, width)


def _of_meaning(meaning: LookupMeaning, ruleset: str, width: int | None) -> Iterator[str]:
    from resistab.curation.kit.looked_up import RELATIONS

    yield f"{meaning.name} ({meaning.kind}), {ruleset}"
    for label, text in meaning.about:
        yield from wrapped(f"  {label}: {text}", "    ", width)
    if not meaning.rows:
        yield "  no row speaks of it"
    by_relation: dict[str, list[FoundRow]] = {}
    for row in meaning.rows:
        by_relation.setdefault(row.relation, []).append(row)
    for relation, title in RELATIONS.items():
        if rows := by_relation.get(relation):
            yield ""
            named = "Rows" if relation == "names" and meaning.kind not in ("change", "mutation") else title
            yield from wrapped(f"{named} ({len(rows)})", "  ", width)
            yield from grid_lines([_cells(row) for row in rows], width)
    if any(row.of_class for row in meaning.rows):
        yield "* holds for every drug of the class"


def _cells(row: FoundRow) -> dict[str, str]:
    status = "" if row.status == "active" else f"({row.status}) "
    overlay = f" (overlay {row.overlay})" if row.overlay else ""
    references = list(dict.fromkeys(item.reference for item in row.references))
    more = f" +{len(references) - 1}" if len(references) > 1 else ""
    return {
        "drug": row.drug + ("*" if row.of_class else ""),
        "effect": row.effect,
        "ev": row.evidence,
        "in": ", ".join(row.tumour_types),
        "condition": status + row.condition,
        "row": row.id + overlay,
        "reference": references[0] + more if references else "",
        "by way of": row.why if row.relation == "indirect" else "",
    }
