"""The commands of tumours: drafts of rows from CIViC's evidence, and evidence that contradicts itself."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from resistab.core.faults import OptionsError
from resistab.files.output import write

if TYPE_CHECKING:
    from resistab.domains.oncology.curate.civic.drafts import Drafts, WantedDrafts
    from resistab.domains.oncology.kinds.models import Rulebase

_MOST_IDS = 6
# What the manifest of such a rule set names; it need not.
_KINDS = (None, "oncology")


def import_civic(
    file: Annotated[Path, typer.Argument(help="CIViC's accepted evidence, tab-separated, as CIViC publishes it.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the drafts go: a new or an empty folder.")
    ],
    drug: Annotated[list[str] | None, typer.Option("--drug", help="Only this drug; repeat for more.")] = None,
    gene: Annotated[
        list[str] | None,
        typer.Option("--gene", help="Only alterations of this gene, or that name it; repeat for more."),
    ] = None,
    tumour: Annotated[
        list[str] | None,
        typer.Option(
            "--tumour",
            "--tumor",
            help="Only this OncoTree type, by code or name, and those under it; repeat for more.",
        ),
    ] = None,
    ruleset: Annotated[str, typer.Option("--ruleset", help="The rule set to draft for.")] = "oncology",
    rulebase: Annotated[
        Path | None, typer.Option("--rulebase", help="A folder of rule sets instead of the shipped one.")
    ] = None,
    date: Annotated[str | None, typer.Option("--date", help="The date of the drafts, YYYY-MM-DD; today.")] = None,
) -> None:
    """Draft rows from CIViC's evidence, and say of every item that gave none why.

    One row for each drug, alteration and tumour type, with status draft. The effect is a proposal, and the sentence on
    each study is left to be written. The folder has the form of an overlay, so that the drafts can be loaded.
    """
    from resistab.domains.oncology.curate.civic.draft_tables import check_target, write_drafts
    from resistab.domains.oncology.curate.civic.drafts import draft
    from resistab.domains.oncology.curate.civic.file import read_civic_file
    from resistab.domains.oncology.kinds.loader import load_rulebase_folder
    from resistab.domains.oncology.kinds.symbols import gene_symbols
    from resistab.rulesets.find import manifest_kind, ruleset_folder

    on = _date(date)
    folder = ruleset_folder(ruleset, rulebase)
    if manifest_kind(folder) not in _KINDS:
        raise OptionsError(f"'{ruleset}' is no rule set for tumours: CIViC is of tumours")
    check_target(output)
    rules = load_rulebase_folder(folder)
    wanted = _wanted(rules, drug or (), gene or (), tumour or ())
    drafts = draft(rules, read_civic_file(file), on, wanted, gene_symbols(folder))
    if drafts.tables:
        write_drafts(drafts, rules.manifest.ruleset, output, on)
    from resistab.report.console import plain

    for line in account(drafts, str(file), str(output)):
        print(plain(line).plain)


def _wanted(rules: Rulebase, drugs: Iterable[str], genes: Iterable[str], tumours: Iterable[str]) -> WantedDrafts:
    from resistab.core.faults import nearest
    from resistab.domains.oncology.curate.civic.drafts import WantedDrafts
    from resistab.domains.oncology.inputs.tumour_types import listed, read_tumour_type, suggest_tumour_types

    found_drugs, found_genes, found_tumours, unknown = set(), set(), set(), []
    for name in drugs:
        if known_drug := rules.drug_by_name.get(name.casefold()):
            found_drugs.add(known_drug.name)
        else:
            unknown.append(("drug", name, "drugs.yaml", nearest(name, rules.drug_by_name)))
    for name in genes:
        if known_gene := rules.gene_by_name.get(name.upper()):
            found_genes.add(known_gene.symbol)
        else:
            unknown.append(("gene", name, "genes.yaml", nearest(name, rules.gene_by_name)))
    for name in tumours:
        read = read_tumour_type(rules, name)
        if read.tumour is not None:
            found_tumours.add(read.tumour.code)
        else:
            near = listed(read.candidates) or suggest_tumour_types(rules, name)
            unknown.append(("tumour", name, "tumour_types.yaml", near))
    if unknown:
        raise OptionsError(
            "; ".join(
                f"--{option} '{name}' is not in {place}" + (f", did you mean {near}?" if near else "")
                for option, name, place, near in unknown
            )
        )
    return WantedDrafts(frozenset(found_drugs), frozenset(found_genes), frozenset(found_tumours))


def account(drafts: Drafts, file: str, output: str) -> Iterator[str]:
    """What became of every item of ``file``: the counts, which add up, and below what was not translated and why."""
    reasons: dict[str, int] = {}
    for part in drafts.untranslated:
        reasons[part.reason] = reasons.get(part.reason, 0) + len(part.items)
    lines = [*drafts.counts.items(), ("not translated", sum(reasons.values()))]
    yield f"{file}: {_counted(drafts.read, 'evidence item')}"
    yield from (f"{number:>7}  {name}" for name, number in lines)
    for reason in sorted(reasons, key=lambda reason: (-reasons[reason], reason)):
        yield f"{reasons[reason]:>13}  {reason}"
    rows = sum(len(table.rows) for table in drafts.tables)
    if not rows:
        yield "Nothing was drafted, and nothing written."
    else:
        yield (
            f"{output}: {_counted(rows, 'draft row')} of {_counted(len(drafts.tables), 'drug')}, "
            f"{_counted(len(drafts.citations), 'new reference')}"
        )
        for table in drafts.tables:
            yield f"{len(table.rows):>7}  {table.drug}{', which has no table yet' if table.indications else ''}"
    for reason in sorted(reasons, key=lambda reason: (-reasons[reason], reason)):
        yield ""
        yield f"Not translated: {reason}"
        for part in drafts.untranslated:
            if part.reason == reason:
                ids = ", ".join(part.items[:_MOST_IDS])
                more = len(part.items) - _MOST_IDS
                yield f"{len(part.items):>7}  {part.detail}: {ids}{f' and {more} more' if more > 0 else ''}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _date(text: str | None) -> datetime.date:
    try:
        return datetime.date.today() if text is None else datetime.date.fromisoformat(text)
    except ValueError:
        raise OptionsError(f"--date '{text}' is no date; expected YYYY-MM-DD") from None


def conflicts(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="A rule set or a folder of rule sets; the shipped ones if not given."),
    ] = None,
    format_: Annotated[Literal["text", "json"], typer.Option("--format", help="For people or for programs.")] = "text",
) -> None:
    """List the evidence that contradicts itself, both sides, and the rule that settles it.

    The rule sets of viruses hold scores and no evidence, and so no conflicts.
    """
    from resistab.domains.oncology.curate.conflicts import conflicts as found_in
    from resistab.domains.oncology.kinds.loader import load_rulebase_folder
    from resistab.rulesets.find import default_rulesets, folders_of_rulesets, manifest_kind

    folders = [folder for folder in folders_of_rulesets(path or default_rulesets()) if manifest_kind(folder) in _KINDS]
    if not folders:
        where = path or default_rulesets()
        raise OptionsError(f"{where} holds no rule set for tumours, and no other has evidence that contradicts itself")
    rulebases = [load_rulebase_folder(folder) for folder in folders]
    found = {rulebase.manifest.ruleset: found_in(rulebase) for rulebase in rulebases}
    if format_ == "json":
        document = {name: [dataclasses.asdict(item) for item in items] for name, items in found.items()}
        write("-", json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return
    lines = []
    for name, items in found.items():
        for item in items:
            lines.append(f"{item.table}: {' and '.join(item.rows)}: {item.condition} in {', '.join(item.tumour_types)}")
            lines.append(f"  for: {', '.join(item.supports)}")
            lines.append(f"  against: {', '.join(item.against)}")
            lines.append(f"  settled: {item.settled}")
        within = sum(len(item.rows) == 1 for item in items)
        lines.append(f"{name}: {within:,} rows with evidence on both sides, {len(items) - within:,} pairs of rows")
    write("-", "\n".join(lines) + "\n")
