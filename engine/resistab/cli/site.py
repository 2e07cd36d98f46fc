"""``resistab site``: the rulebase as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from resistab.cli.exit_codes import epilog


def site(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write the site to.")],
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="A rule set or a folder of rule sets; the shipped ones if not given."),
    ] = None,
    ruleset: Annotated[str | None, typer.Option("--ruleset", help="Only this rule set; all if not given.")] = None,
    overlay: Annotated[
        Path | None,
        typer.Option("--overlay", help="A folder with a laboratory's own rows, which are marked; with --ruleset."),
    ] = None,
) -> None:
    """Write the rulebase as a site that can be searched: a page for each drug, gene, conclusion, citation, ….

    Rows show the year of their newest evidence and the day by which they are to be read again; pages list the reviews
    that are overdue today, and the tables whose evidence has grown old. It works from the file system: open index.html
    in it. An earlier site in the folder is replaced; a folder with other files in it is refused.
    """
    from resistab.curation.site.build import site_files
    from resistab.curation.site.folder import write_site
    from resistab.curation.site.sources import load_rulesets

    sources = load_rulesets(path, ruleset, overlay)
    number = write_site(output, site_files(sources))
    names = ", ".join(source.id for source in sources)
    print(f"{output}: {number} files, {names}; open {output / 'index.html'}")


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("site", epilog=epilog("resistab site -o site", "resistab site -o site --ruleset hiv1 --overlay ours"))(
        site
    )
