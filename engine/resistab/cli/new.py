"""``resistab new``: a new table, row, mechanism rule, regimen, rule for combining or case to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resistab.cli.asked import report_date
from resistab.cli.exit_codes import epilog

if TYPE_CHECKING:
    from resistab.curation.new import Scaffold

DrugName = Annotated[str, typer.Argument(metavar="DRUG", help="A drug of drugs.yaml.", show_default=False)]
RulesFolder = Annotated[
    Path | None,
    typer.Argument(metavar="[PATH]", help="A folder of rule sets, or of one; without it, the shipped rule sets."),
]
Prefix = Annotated[
    str | None, typer.Option("--prefix", help="What the ids begin with, such as GEF; without it, one is made.")
]
Day = Annotated[str | None, typer.Option("--date", help="The date of creation, YYYY-MM-DD; without it, today.")]


_OF_TABLES = (
    "resistab new table selumetinib rulebase",
    'resistab new table newdrugib rulebase/oncology --class "MEK inhibitor"',
)


def register(app: typer.Typer) -> None:
    """Add the command and those below it."""
    new = typer.Typer(
        help="Add a table, row, mechanism rule, regimen, rule for combining or case to fill in, with the next free id. "
        "What is still to be filled in is a fault until it was.",
        no_args_is_help=True,
        rich_markup_mode=None,
        epilog=epilog("resistab new row gefitinib rulebase", "resistab new case gefitinib rulebase"),
    )
    new.command(
        "table",
        epilog=epilog(
            "resistab new table selumetinib rulebase",
            'resistab new table newdrugib rulebase/oncology --class "MEK inhibitor"',
        ),
    )(new_table)
    new.command("row", epilog=epilog("resistab new row gefitinib rulebase", "resistab new row 3TC rulebase/hiv1"))(
        new_row
    )
    new.command("mechanism", epilog=epilog("resistab new mechanism efflux rulebase"))(new_mechanism)
    new.command("regimen", epilog=epilog("resistab new regimen melanoma rulebase/oncology"))(new_regimen)
    new.command("combining-rule", epilog=epilog("resistab new combining-rule keep rulebase/hiv1"))(new_combining_rule)
    new.command(
        "case", epilog=epilog("resistab new case trastuzumab rulebase", "resistab new case 3TC rulebase --file nrti")
    )(new_case)
    app.add_typer(new, name="new")


def new_table(
    drug: DrugName,
    path: RulesFolder = None,
    prefix: Prefix = None,
    date: Day = None,
    drug_class: Annotated[
        str, typer.Option("--class", help="Of a drug that is not known yet: its class, whose folder the table goes to.")
    ] = "",
    is_new: Annotated[
        bool, typer.Option("--new", help="The drug is new, though its name is like that of a known one.")
    ] = False,
) -> None:
    """Add a table for a drug that has none; a drug that is not known yet is entered in drugs.yaml too."""
    from resistab.curation import new as scaffolds

    _write(scaffolds.new_table(_path(path), drug, prefix, report_date(date), drug_class, is_new))


def new_row(drug: DrugName, path: RulesFolder = None, date: Day = None) -> None:
    """Add a row to a drug's table; in a table of scores, a combination."""
    from resistab.curation import new as scaffolds

    _write(scaffolds.new_row(_path(path), drug, report_date(date)))


def new_mechanism(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file in mechanisms/, such as efflux; it may be new.")],
    path: RulesFolder = None,
    prefix: Prefix = None,
    date: Day = None,
) -> None:
    """Add a mechanism rule to a file."""
    from resistab.curation import new as scaffolds

    _write(scaffolds.new_rule(_path(path), "mechanism", file, prefix, report_date(date)))


def new_regimen(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file in regimens/, such as melanoma; it may be new.")],
    path: RulesFolder = None,
    prefix: Prefix = None,
    date: Day = None,
) -> None:
    """Add a regimen to a file."""
    from resistab.curation import new as scaffolds

    _write(scaffolds.new_rule(_path(path), "regimen", file, prefix, report_date(date)))


def new_combining_rule(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file in regimens/rules/, such as keep; it may be new.")
    ],
    path: RulesFolder = None,
    prefix: Prefix = None,
    date: Day = None,
) -> None:
    """Add a rule for combining drugs to a file."""
    from resistab.curation import new as scaffolds

    _write(scaffolds.new_rule(_path(path), "combining rule", file, prefix, report_date(date)))


def new_case(
    drug: DrugName,
    path: RulesFolder = None,
    file: Annotated[
        str | None,
        typer.Option("--file", help="The file in cases/; without it, the one with most cases about the drug."),
    ] = None,
) -> None:
    """Add a case about a drug."""
    from resistab.curation import new as scaffolds

    _write(scaffolds.new_case(_path(path), drug, file))


def _path(path: Path | None) -> Path:
    from resistab.curation.file_kinds import default_path

    return path or default_path(to_write=True)


def _write(scaffold: Scaffold) -> None:
    from resistab.files.output import write_whole

    for one in (scaffold.before, scaffold):
        if one is not None:
            one.file.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(one.file.path, one.text)
            print(f"{one.file.where}:{one.line}: {one.name}, to be filled in where it says <…> or nothing")
