"""Pages of a rule set of the plain form: each drug with its rows, each list, the citations, overdue reviews."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from resistab.core.condition import Atom, ConclusionAtom, Condition, condition_text
from resistab.core.derivation import reference_url
from resistab.curation.kit.diff_items import ItemKind
from resistab.curation.kit.plain import key_of, listed_models, said
from resistab.curation.kit.site.mentions import linked
from resistab.curation.kit.site.model import Entry, Link, Listed, Page, Pieces, site_ruleset
from resistab.curation.kit.site.names import SiteNames, safe_name
from resistab.curation.kit.site.reviews import PART, TITLE, Review, Reviews, overdue_page
from resistab.report.words import Vocabulary, capital, counted, reference_words

# Lists with pages of their own.
_APART = ("drugs", "citations")


@dataclass(frozen=True)
class EvidenceView:
    """One evidence item: what it cites, and the rest of what it says."""

    reference: Link
    short: str
    level: str
    said: str


@dataclass(frozen=True)
class RowView:
    """A row: what it says in the words and the tone of its verdict, and everything behind it."""

    id: str
    anchor: str
    href: str
    drug: Link
    status: str
    when: Pieces
    words: str
    symbol: str
    tone: str
    reason: str
    evidence: tuple[EvidenceView, ...]
    dates: str
    review: Review
    overlay: str


@dataclass(frozen=True)
class ThingView:
    """Anything else that is listed: its fields with their values, and of a rule its condition and what asks for it."""

    id: str
    anchor: str
    href: str
    name: str
    when: Pieces
    facts: tuple[tuple[str, str], ...]
    asked_by: tuple[Link, ...]


class PlainPages:
    """Makes every page of one rule set; the same rule set gives the same pages in the same order."""

    def __init__(
        self, rulebase: Any, vocabulary: Vocabulary, lists: Mapping[str, ItemKind], on: datetime.date | None = None
    ) -> None:
        self.rulebase, self.vocabulary = rulebase, vocabulary
        # Reviews are due or not on a day: that on which the pages are made, if none is said.
        self._reviews = Reviews(rulebase.manifest.curation.review_months, on or datetime.date.today())
        self.lists = {name: kind for name, kind in lists.items() if name not in _APART}
        self.entry_kinds = ("drug", *(kind.one for kind in self.lists.values()), "row", "citation")
        self.folder = safe_name(rulebase.manifest.ruleset)
        self._drugs = SiteNames(table.drug for table in rulebase.tables)
        self._rows = SiteNames(row.id for table in rulebase.tables for row in table.rows)
        self._citations = SiteNames(citation.reference for citation in rulebase.citations)
        self._short = {citation.reference: citation.short for citation in rulebase.citations}
        self._things = {name: list(listed_models(getattr(rulebase, name))) for name in self.lists}
        self._anchors = {name: SiteNames(key_of(model) for model in models) for name, models in self._things.items()}
        # Where each conclusion is concluded.
        self._concluded = {
            model.concludes: self._thing(name, key_of(model))
            for name, models in self._things.items()
            for model in models
            if hasattr(model, "concludes")
        }
        self._asking: dict[str, list[Link]] = defaultdict(list)
        self._citing: dict[str, list[RowView]] = defaultdict(list)
        self.rows = {table.drug: [self._row(table.drug, row) for row in table.rows] for table in rulebase.tables}
        self.info = site_ruleset(
            rulebase,
            home=self._home_path,
            parts=(
                *(Link(capital(kind.many), self._list_path(name)) for name, kind in self.lists.items()),
                Link("Citations", self._list_path("citations")),
                Link(TITLE, self._list_path(PART)),
            ),
        )

    @property
    def _home_path(self) -> str:
        return f"{self.folder}/index.html"

    def _list_path(self, name: str) -> str:
        return f"{self.folder}/{safe_name(name)}.html"

    def _drug(self, name: str) -> str:
        return f"{self.folder}/drugs/{self._drugs[name]}.html" if name in self._drugs else ""

    def _thing(self, name: str, key: str) -> str:
        return f"{self._list_path(name)}#{self._anchors[name][key]}"

    def _citation(self, reference: str) -> str:
        known = reference in self._citations
        return f"{self._list_path('citations')}#{self._citations[reference]}" if known else ""

    def _condition(self, condition: Condition) -> Pieces:
        def address(atom: Atom) -> str:
            if isinstance(atom, ConclusionAtom):
                return self._concluded.get(atom.id, "")
            return next(filter(None, map(self._subject, atom.subjects)), "")

        return linked(condition, address)

    def _subject(self, name: str) -> str:
        return next((self._thing(of, name) for of, anchors in self._anchors.items() if name in anchors), "")

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _row(self, drug: str, row: Any) -> RowView:
        verdict = self.vocabulary.by_name.get(row.effect)
        view = RowView(
            id=row.id,
            anchor=self._rows[row.id],
            href=f"{self._drug(drug)}#{self._rows[row.id]}",
            drug=Link(drug, self._drug(drug)),
            status=row.status,
            when=self._condition(row.when),
            words=verdict.words if verdict else str(row.effect),
            symbol=verdict.symbol if verdict else "",
            tone=verdict.tone if verdict else "grey",
            reason=str(getattr(row, "reason", "")),
            evidence=tuple(self._evidence(item) for item in row.evidence),
            dates=", ".join(
                f"{name} {value}"
                for name in ("created", "reviewed", "retired")
                if (value := getattr(row, name, None)) is not None
            ),
            review=self._reviews.of(row.reviewed, row.status),
            overlay=self.rulebase.overlay_of(row.id) or "",
        )
        for atom in (piece for piece in view.when if piece.href):
            self._asking[atom.href].append(Link(row.id, view.href))
        for reference in dict.fromkeys(item.reference for item in row.evidence):
            self._citing[reference].append(view)
        return view

    def _evidence(self, item: Any) -> EvidenceView:
        apart = ("reference", "level")
        rest = ((name, said(getattr(item, name))) for name in type(item).model_fields if name not in apart)
        return EvidenceView(
            reference=Link(reference_words(item.reference), self._citation(item.reference)),
            short=self._short.get(item.reference, ""),
            level=str(item.level),
            said=", ".join(f"{name.replace('_', ' ')}: {text}" for name, text in rest if text),
        )

    def _view(self, name: str, model: Any) -> ThingView:
        key = key_of(model)
        when = getattr(model, "when", None)
        href = self._thing(name, key)
        shown = ("id", "when", "name", "alleles")
        facts = (
            (field.replace("_", " "), said(getattr(model, field)))
            for field in type(model).model_fields
            if field not in shown
        )
        return ThingView(
            id=key,
            anchor=self._anchors[name][key],
            href=href,
            name=str(getattr(model, "name", key)),
            when=self._condition(when) if when is not None else (),
            facts=tuple((field, text) for field, text in facts if text),
            asked_by=tuple(dict.fromkeys(self._asking.get(href, ()))),
        )

    # --- pages ------------------------------------------------------------------------------------------------------

    def _page(self, path: str, template: str, title: str, content: dict[str, object], *crumbs: Link) -> Page:
        return Page(path, f"site/plain_{template}.html.j2", title, self.info, content, crumbs)

    @property
    def counts(self) -> str:
        """How much there is of what, in words."""
        rows = [view for views in self.rows.values() for view in views]
        parts = [
            counted(len(self.rows), "drug"),
            counted(sum(view.status == "active" for view in rows), "active row"),
            *(counted(len(self._things[name]), kind.one, kind.many) for name, kind in self.lists.items()),
            counted(len(self.rulebase.citations), "citation"),
        ]
        return ", ".join(parts)

    def pages(self) -> Iterator[Page]:
        """Every page, the rule set's first page first."""
        yield self._home()
        for drug in sorted(self.rows):
            yield self._drug_page(drug)
        for name, kind in self.lists.items():
            things = [self._view(name, model) for model in self._things[name]]
            yield self._page(self._list_path(name), "list", capital(kind.many), {"things": things})
        cited: list[dict[str, object]] = [
            {
                "anchor": self._citations[citation.reference],
                "short": citation.short,
                "reference": reference_words(citation.reference),
                "url": reference_url(citation.reference),
                "rows": self._citing.get(citation.reference, []),
            }
            for citation in self.rulebase.citations
        ]
        yield self._page(self._list_path("citations"), "citations", "Citations", {"cited": cited})
        read = (
            (Link(view.id, view.href), view.drug.text, view.review) for views in self.rows.values() for view in views
        )
        yield overdue_page(self._list_path(PART), self.info, read)

    def _home(self) -> Page:
        drugs = [
            Listed(
                Link(capital(drug), self._drug(drug)),
                (self._class(drug), str(sum(view.status == "active" for view in self.rows[drug]))),
            )
            for drug in sorted(self.rows)
        ]
        content: dict[str, object] = {"drugs": drugs, "verdicts": self.vocabulary.verdicts, "counts": self.counts}
        return self._page(self._home_path, "home", self.rulebase.manifest.name, content)

    def _class(self, drug: str) -> str:
        found = self.rulebase.drug_by_name.get(drug.casefold())
        return str(getattr(found, "drug_class", ""))

    def _drug_page(self, name: str) -> Page:
        drug = self.rulebase.drug_by_name[name.casefold()]
        facts = [
            (field.replace("_", " "), said(getattr(drug, field)))
            for field in type(drug).model_fields
            if field != "name" and getattr(drug, field)
        ]
        views = self.rows[name]
        content: dict[str, object] = {
            "facts": facts,
            "current": [view for view in views if view.status != "retired"],
            "retired": [view for view in views if view.status == "retired"],
        }
        crumb = Link("Drugs", f"{self._home_path}#drugs")
        return self._page(self._drug(name), "drug", capital(name), content, crumb)

    def entries(self) -> Iterator[Entry]:
        """Everything that can be searched for."""
        for name, views in self.rows.items():
            drug = self.rulebase.drug_by_name[name.casefold()]
            keys = (name, *getattr(drug, "aliases", ()))
            yield Entry("drug", name, self._class(name), self._drug(name), keys)
            for view in views:
                text = "".join(piece.text for piece in view.when)
                yield Entry("row", view.id, f"{name}: {text}", view.href, (view.id,))
        for name, kind in self.lists.items():
            for model in self._things[name]:
                key = key_of(model)
                when = getattr(model, "when", None)
                detail = condition_text(when) if when is not None else str(getattr(model, "name", ""))
                keys = (key, *getattr(model, "aliases", ()))
                yield Entry(kind.one, self._label(model), detail, self._thing(name, key), keys)
        for citation in self.rulebase.citations:
            keys = (citation.reference, citation.reference.partition(":")[2])
            written = reference_words(citation.reference)
            yield Entry("citation", citation.short, written, self._citation(citation.reference), keys)

    def _label(self, model: Any) -> str:
        key = key_of(model)
        return f"{model.name} ({key})" if "when" in type(model).model_fields and hasattr(model, "name") else key
