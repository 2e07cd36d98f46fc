"""The whole site of one or several rule sets, as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resistab.curation.kit.site.model import Entry, Page
from resistab.curation.site.rendering import fixed_files, render_page
from resistab.curation.site.search import by_initial, search_script, tumour_entries, viral_entries
from resistab.domains.oncology.curate.site.pages import TumourPages
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.virus.curate.site.pages import ViralPages
from resistab.domains.virus.kinds.models import ViralRulebase


def site_pages(rulebases: Sequence[Rulebase | ViralRulebase]) -> tuple[list[Page], list[tuple[str, Entry]]]:
    """Every page, and what can be searched for with its rule set's id; in the order of the rule sets' ids."""
    pages: list[Page] = []
    entries: list[tuple[str, Entry]] = []
    infos = []
    for rulebase in sorted(rulebases, key=lambda rulebase: rulebase.manifest.ruleset):
        made: TumourPages | ViralPages
        if isinstance(rulebase, Rulebase):
            made = TumourPages(rulebase)
            found = list(tumour_entries(made))
        else:
            made = ViralPages(rulebase)
            found = list(viral_entries(made))
        own = list(made.pages())
        infos.append((made.info, own[0].content["counts"]))
        pages += own
        entries += [(made.info.id, entry) for entry in found]
    front = Page("index.html", "site/front.html.j2", "Rules of drug resistance", None, {"rulesets": infos})
    index = Page(
        "all.html", "site/all.html.j2", "Index", None, {"initials": by_initial(entries), "infos": [i for i, _ in infos]}
    )
    return [front, index, *pages], entries


def site_files(rulebases: Sequence[Rulebase | ViralRulebase]) -> Iterator[tuple[str, str]]:
    """Every file of the site: its path and text. The same rule sets give the same files."""
    pages, entries = site_pages(rulebases)
    for page in pages:
        yield page.path, render_page(page)
    yield "search-index.js", search_script(entries)
    yield from fixed_files()
