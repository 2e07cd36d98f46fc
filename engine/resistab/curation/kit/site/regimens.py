"""The page of regimens, of rules for combining drugs and of barriers, in every domain alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from resistab.core.derivation import reference_url
from resistab.curation.kit.site.model import Entry, Link, Page, SiteRuleset
from resistab.curation.kit.site.reviews import Review, Reviews
from resistab.report.words import reference_words
from resistab.rulesets.regimens import Authority, BarrierFile, CombiningRule, Regimen

TITLE = "Regimens"
KIND = "regimen"
"""What a regimen or rule for combining is called among what can be searched for."""


@dataclass(frozen=True)
class RegimenPage:
    """What the page of a rule set shows, and where it stands.

    ``where`` gives the patients that a setting or rule is for, in words of the domain; ``drug`` and ``citation`` lead
    to the pages of drugs and references, "" where there is none.
    """

    path: str
    regimens: tuple[Regimen, ...]
    rules: tuple[CombiningRule, ...]
    barriers: BarrierFile
    where: Callable[[Any], str]
    drug: Callable[[str], str]
    reviews: Reviews
    citation: Callable[[str], str] = lambda reference: ""

    @property
    def link(self) -> Link:
        """Where it stands."""
        return Link(TITLE, self.path)

    def regimen(self, name: str) -> Link:
        """Where a regimen or rule stands."""
        return Link(name, f"{self.path}#{name}")

    def page(self, ruleset: SiteRuleset) -> Page:
        """The page."""
        content = {
            "regimens": [self._regimen(regimen) for regimen in self.regimens],
            "rules": [self._rule(rule) for rule in self.rules],
            "classes": self.barriers.classes,
            "costs": [(one, self._cited(one)) for one in self.barriers.costs],
            "drugs": [(self._drugs([drug.drug])[0], drug, self._cited(drug)) for drug in self.barriers.drugs],
        }
        return Page(self.path, "site/regimens.html.j2", TITLE, ruleset, content)

    def entries(self) -> Iterator[Entry]:
        """What can be searched for."""
        for regimen in self.regimens:
            name, settings = " + ".join(regimen.drugs), getattr(regimen, "settings", ())
            detail = f"{name}: {', '.join(dict.fromkeys(one.setting for one in settings))}"
            yield Entry(KIND, regimen.id, detail, self.regimen(regimen.id).href, (regimen.id, name))
        for rule in self.rules:
            yield Entry(KIND, rule.id, rule.kind, self.regimen(rule.id).href, (rule.id,))

    def read(self) -> Iterator[tuple[Link, str, Review]]:
        """The regimens and rules, which are read again from time to time, and of what they are."""
        for regimen in self.regimens:
            yield self.regimen(regimen.id), " + ".join(regimen.drugs), self.reviews.of(regimen.reviewed, regimen.status)
        for rule in self.rules:
            yield self.regimen(rule.id), rule.kind, self.reviews.of(rule.reviewed, rule.status)

    def citing(self, reference: str) -> list[Link]:
        """The regimens and rules that cite a reference."""
        found = [
            regimen.id
            for regimen in self.regimens
            for setting in getattr(regimen, "settings", ())
            for said in setting.authorities
            if reference in said.references
        ]
        found += [rule.id for rule in self.rules for said in rule.evidence if reference in said.references]
        return [self.regimen(name) for name in dict.fromkeys(found)]

    def _drugs(self, names: Iterable[str]) -> list[Link]:
        return [Link(name, self.drug(name)) for name in names]

    def _regimen(self, regimen: Regimen) -> dict[str, object]:
        settings: tuple[Any, ...] = getattr(regimen, "settings", ())
        return {
            "of": regimen,
            "review": self.reviews.of(regimen.reviewed, regimen.status),
            "drugs": self._drugs(regimen.drugs),
            "settings": [
                {"of": one, "where": self.where(one), "said": [self._said(said) for said in one.authorities]}
                for one in settings
            ],
        }

    def _rule(self, rule: CombiningRule) -> dict[str, object]:
        return {
            "of": rule,
            "review": self.reviews.of(rule.reviewed, rule.status),
            "where": self.where(rule),
            "said": [self._said(said) for said in rule.evidence],
        }

    def _said(self, said: Authority) -> tuple[Authority, list[tuple[Link, str]]]:
        return said, self._cited(said)

    def _cited(self, said: Any) -> list[tuple[Link, str]]:
        """What is cited: its page in the site, and its address outside where it has no page."""
        found = []
        for reference in said.references:
            inside = self.citation(reference)
            found.append((Link(reference_words(reference), inside), "" if inside else reference_url(reference)))
        return [*found, *([(Link(said.named), "")] if said.named else [])]
