"""The rules of a tumour rule set as they are shown, and everything that leads to each of them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from resistab.core.condition import (
    Atom,
    ConclusionAtom,
    Condition,
    atoms,
    condition_subjects,
    every_atom,
    mentions,
    number_text,
)
from resistab.curation.kit.site.model import Link
from resistab.curation.kit.site.reviews import Reviews
from resistab.domains.oncology.atoms import HistologyAtom, NamedSetAtom, TumourTypeAtom
from resistab.domains.oncology.curate.site.addresses import TumourAddresses, set_gene
from resistab.domains.oncology.curate.site.views import RuleView, SourcedEvidenceView
from resistab.domains.oncology.kinds.models import RESPONSE_MARKER, Evidence, MechanismRule, Row, Rulebase, Table
from resistab.domains.oncology.policy.scores import mechanism_weight, row_score
from resistab.report.words import reference_words

EFFECT_STYLES = {
    "resistance": "resistant",
    "reduced response": "possible_resistance",
    RESPONSE_MARKER: "sensitive",
    "increased susceptibility": "sensitive",
    "no effect": "not_assessable",
    "conclusion": "no_resistance_found",
}
EFFECT_WORDS = {RESPONSE_MARKER: "response marker"}


def score_words(score: float) -> str:
    """A score with its noun and a true minus."""
    return f"score {number_text(score)}".replace("-", "−")


Cited = tuple[RuleView, SourcedEvidenceView]


@dataclass
class Alteration:
    """What the rules say of one alteration as they write it.

    ``rules`` build on it and ``denied`` on its absence, ``sets`` have it as a member, ``markers`` are the drugs whose
    needed response marker names it.
    """

    text: str
    atom: Atom
    rules: list[RuleView] = field(default_factory=list)
    denied: list[RuleView] = field(default_factory=list)
    sets: list[Link] = field(default_factory=list)
    markers: list[Link] = field(default_factory=list)


_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


class TumourRules:
    """Every rule as it is shown, by what it speaks of."""

    def __init__(self, rulebase: Rulebase, addresses: TumourAddresses, reviews: Reviews) -> None:
        self.rulebase = rulebase
        self.reviews = reviews
        self.addresses = addresses
        self.rows: dict[str, list[RuleView]] = {}
        self.mechanism_rules: dict[str, list[RuleView]] = defaultdict(list)
        self.condition: dict[str, Condition] = {}
        self.of_subject: dict[str, list[RuleView]] = defaultdict(list)
        self.of_conclusion: dict[str, list[RuleView]] = defaultdict(list)
        self.of_tumour: dict[str, list[RuleView]] = defaultdict(list)
        self.of_mechanism: dict[str, list[RuleView]] = defaultdict(list)
        self.cited: dict[str, list[Cited]] = defaultdict(list)
        self.studied: dict[str, list[Cited]] = defaultdict(list)
        self.alterations: dict[str, dict[str, Alteration]] = defaultdict(dict)
        for holder in sorted(rulebase.row_tables, key=lambda table: table.name):
            views = [self._row(row, holder.name) for row in sorted(holder.rows, key=lambda row: row.id)]
            self.rows[holder.name] = views
        for table in sorted(rulebase.tables, key=lambda table: table.drug):
            self._markers(table)
        for rule in sorted(rulebase.mechanism_rules, key=lambda rule: rule.id):
            self.mechanism_rules[rule.concludes].append(self._mechanism_rule(rule))
        for alteration_set in sorted(rulebase.alteration_sets, key=lambda item: item.name):
            self._set(alteration_set.name, alteration_set.members)

    @property
    def all(self) -> list[RuleView]:
        """Every row and mechanism rule, by id."""
        found = [view for views in (*self.rows.values(), *self.mechanism_rules.values()) for view in views]
        return sorted(found, key=lambda view: view.id)

    def _row(self, row: Row, name: str) -> RuleView:
        scored = row_score(row, name, self.rulebase.manifest.score_policy)
        if row.effect == "no effect":
            counts, reasons = "nothing", tuple[str, ...]()
        elif row.effect == RESPONSE_MARKER:
            counts = self.rulebase.manifest.tiers.get(scored.level, "no tier") if scored.level else "no tier"
            reasons = tuple(reason.partition(": ")[0] for reason in scored.reasons)
        else:
            counts, reasons = score_words(scored.score), scored.reasons
        view = self._view(
            row,
            of=Link(name, self.addresses.row_table(name)),
            says=EFFECT_WORDS.get(row.effect, row.effect),
            style=EFFECT_STYLES[row.effect],
            counts=counts,
            reasons=reasons,
            extrapolated_to=row.extrapolated_to,
            group=row.group or "",
            note=row.note or "",
        )
        return self._indexed(row, view)

    def _mechanism_rule(self, rule: MechanismRule) -> RuleView:
        weight = mechanism_weight(rule, self.rulebase.manifest.score_policy)
        name = self.rulebase.conclusion_by_id[rule.concludes].name
        view = self._view(
            rule,
            of=Link(name, self.addresses.conclusion(rule.concludes)),
            says="conclusion",
            style=EFFECT_STYLES["conclusion"],
            counts="definition" if rule.definition else f"lets through at most {number_text(weight)}",
            reasons=("a definition names a step and weighs nothing itself",) if rule.definition else (),
            extrapolated_to=(),
            group="",
            note=rule.explanation,
        )
        return self._indexed(rule, view)

    def _view(
        self,
        rule: Row | MechanismRule,
        of: Link,
        says: str,
        style: str,
        counts: str,
        reasons: tuple[str, ...],
        extrapolated_to: tuple[str, ...],
        group: str,
        note: str,
    ) -> RuleView:
        addresses = self.addresses
        years = [self.year(item) for item in rule.evidence if item.direction == "supports"]
        return RuleView(
            id=rule.id,
            anchor=addresses.rule_anchor(rule.id),
            href=addresses.rule(rule.id),
            of=of,
            status=rule.status,
            when=addresses.condition(rule.when),
            tumour_types=tuple(addresses.tumour_link(code) for code in rule.tumour_types),
            extrapolated_to=tuple(addresses.tumour_link(code) for code in extrapolated_to),
            says=says,
            style=style,
            mechanism=Link(rule.mechanism, addresses.mechanism(rule.mechanism)),
            counts=counts,
            reasons=reasons,
            group=group,
            note=note,
            evidence=tuple(self._evidence(item) for item in rule.evidence),
            created=rule.created.isoformat(),
            review=self.reviews.of(rule.reviewed, rule.status),
            reviewers=rule.reviewers,
            retired=rule.retired.isoformat() if rule.retired else "",
            replaced_by=tuple(Link(other, addresses.rule(other)) for other in rule.replaced_by),
            newest=str(max(years)) if any(years) else "",
            overlay=self.rulebase.overlay_of(rule.id) or "",
        )

    def year(self, item: Evidence) -> int:
        """The year in which evidence was published, by its citation; 0 where that does not tell."""
        citation = self.rulebase.citation_by_reference.get(item.reference)
        found = _YEAR.findall(citation.short) if citation is not None else []
        return int(found[-1]) if found else 0

    def _evidence(self, item: Evidence) -> SourcedEvidenceView:
        citation = self.rulebase.citation_by_reference.get(item.reference)
        return SourcedEvidenceView(
            level=item.level,
            against=item.direction == "against",
            reference=Link(reference_words(item.reference), self.addresses.citation(item.reference)),
            short=citation.short if citation else "",
            source=item.source if item.source and item.source.startswith("CIViC") else "",
            studied_in=self.addresses.tumour_link(item.studied_in),
            given_with=item.given_with,
            drug=Link(item.drug, self.addresses.drug(item.drug)) if item.drug else None,
            statement=item.statement,
        )

    def _indexed(self, rule: Row | MechanismRule, view: RuleView) -> RuleView:
        self.condition[rule.id] = rule.when
        tumours = list(rule.tumour_types) + (list(rule.extrapolated_to) if isinstance(rule, Row) else [])
        conclusions: dict[str, None] = {}
        for atom in atoms(rule.when):
            if isinstance(atom, ConclusionAtom):
                conclusions[atom.id] = None
            elif isinstance(atom, TumourTypeAtom):
                tumours.append(atom.code)
            elif isinstance(atom, HistologyAtom) and atom.to:
                tumours.append(atom.to)
        affirmed = {mention.atom for mention in mentions(rule.when)}
        for atom in every_atom(rule.when):
            for subject in atom.subjects:
                found = self._alteration(subject, atom)
                naming = found.rules if atom in affirmed else found.denied
                if view not in naming:
                    naming.append(view)
        for subject in condition_subjects(rule.when):
            self.of_subject[subject].append(view)
        for conclusion in conclusions:
            self.of_conclusion[conclusion].append(view)
        for code in dict.fromkeys(tumours):
            self.of_tumour[code].append(view)
        self.of_mechanism[rule.mechanism].append(view)
        for item, shown in zip(rule.evidence, view.evidence, strict=True):
            self.cited[item.reference].append((view, shown))
            self.studied[item.studied_in].append((view, shown))
        return view

    def _alteration(self, subject: str, atom: Atom) -> Alteration:
        return self.alterations[subject].setdefault(atom.text, Alteration(atom.text, atom))

    def _markers(self, table: Table) -> None:
        drug = Link(table.drug, self.addresses.drug(table.drug))
        for indication in table.indications:
            for atom in every_atom(indication.requires) if indication.requires != "nothing" else ():
                for subject in atom.subjects:
                    markers = self._alteration(subject, atom).markers
                    if drug not in markers:
                        markers.append(drug)

    def _set(self, name: str, members: Condition) -> None:
        named = NamedSetAtom(gene=set_gene(members), name=name)
        self._alteration(named.gene, named)
        link = Link(name, self.addresses.atom(named))
        for atom in every_atom(members):
            for subject in atom.subjects:
                self._alteration(subject, atom).sets.append(link)
