"""What the pages show: plain frozen records, with every address as it is seen from the site's own root."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Link:
    """A piece of text that may lead somewhere; ``href`` is "" where it leads nowhere."""

    text: str
    href: str = ""


# A text in pieces, some of which lead somewhere.
Pieces = tuple[Link, ...]


@dataclass(frozen=True)
class SiteRuleset:
    """The rule set that a page belongs to; ``home`` is its first page, ``parts`` are its lists of pages."""

    id: str
    name: str
    version: str
    date: str
    licence: str
    digest: str
    description: str
    home: str
    parts: tuple[Link, ...] = ()


def site_ruleset(rulebase: Any, home: str, parts: tuple[Link, ...]) -> SiteRuleset:
    """What the manifest and the digest of a rule set of any domain say of it on its pages."""
    manifest = rulebase.manifest
    return SiteRuleset(
        id=manifest.ruleset,
        name=manifest.name,
        version=manifest.version,
        date=manifest.date.isoformat(),
        licence=manifest.licence,
        digest=rulebase.digest,
        description=manifest.description,
        home=home,
        parts=parts,
    )


@dataclass(frozen=True)
class Page:
    """One page: its file, its template and what the template is given beside ``page``."""

    path: str
    template: str
    title: str
    ruleset: SiteRuleset | None
    content: Any
    crumbs: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Entry:
    """Something that can be searched for.

    ``keys`` are other texts by which it is known exactly: an id, an alias, ``790M`` for ``EGFR T790M``.
    """

    kind: str
    label: str
    detail: str
    href: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """A line of a list of pages: where it leads, and the texts of the further columns."""

    link: Link
    cells: tuple[str, ...] = ()


class Site(Protocol):
    """The pages of one rule set; the same rule set gives the same pages in the same order."""

    info: SiteRuleset
    entry_kinds: tuple[str, ...]
    """The kinds of its entries, in the order in which they are shown where they fit a search equally well."""

    @property
    def counts(self) -> str:
        """How much there is of what, in words."""
        ...

    def pages(self) -> Iterator[Page]:
        """Every page, the rule set's first page first."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Everything that can be searched for."""
        ...
