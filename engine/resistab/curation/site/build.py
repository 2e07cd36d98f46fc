"""The whole site of one or several rule sets, as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resistab.curation.kit.site.model import Entry, Page
from resistab.curation.site.rendering import fixed_files, render_page
from resistab.curation.site.search import by_initial, merged_kinds, search_script
from resistab.curation.site.sources import SourceRules
from resistab.domains.registry import packs


def site_pages(sources: Sequence[SourceRules]) -> tuple[list[Page], list[tuple[str, Entry]], tuple[str, ...]]:
    """Every page, what can be searched for with its rule set's id, and its kinds; in the order of rule sets' ids."""
    pages: list[Page] = []
    entries: list[tuple[str, Entry]] = []
    made = [source.pack.curate.make_site(source.rulebase) for source in sources]
    sites = sorted(made, key=lambda site: site.info.id)
    for site in sites:
        pages += site.pages()
        entries += [(site.info.id, entry) for entry in site.entries()]
    order = [pack.name for pack in packs()]
    by_domain = sorted(zip(sources, made, strict=True), key=lambda item: order.index(item[0].pack.name))
    kinds = merged_kinds(site.entry_kinds for _, site in by_domain)
    front = Page(
        "index.html",
        "site/front.html.j2",
        "Rules of drug resistance",
        None,
        {"rulesets": [(site.info, site.counts) for site in sites]},
    )
    listed = {"initials": by_initial(entries, kinds), "infos": [site.info for site in sites]}
    return [front, Page("all.html", "site/all.html.j2", "Index", None, listed), *pages], entries, kinds


def site_files(sources: Sequence[SourceRules]) -> Iterator[tuple[str, str]]:
    """Every file of the site: its path and text. The same rule sets give the same files on one day."""
    pages, entries, kinds = site_pages(sources)
    for page in pages:
        yield page.path, render_page(page)
    yield "search-index.js", search_script(entries, kinds)
    yield from fixed_files()
