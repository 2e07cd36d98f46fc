"""Where everything of a tumour rule set is told: one address for each drug, gene, alteration and conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from resistab.core.condition import (
    Atom,
    ConclusionAtom,
    Condition,
    atoms,
    condition_subjects,
    every_atom,
)
from resistab.curation.kit.site.mentions import linked, linked_text
from resistab.curation.kit.site.model import Link, Pieces
from resistab.curation.kit.site.names import SiteNames, safe_name
from resistab.domains.oncology.atoms import (
    SIGNATURES,
    ChangeAtom,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    PhaseAtom,
    PriorTherapyAtom,
    QualifiedAtom,
    SiteAtom,
    StateAtom,
    TumourTypeAtom,
    WildTypeAtom,
    tumour_atom,
)
from resistab.domains.oncology.grammar.loci import EssentialLocus, Locus
from resistab.domains.oncology.kinds.models import MechanismRule, Row, Rulebase


class TumourAddresses:
    """Addresses, from the site's root, of what one rule set speaks of; "" for what has no page."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self.folder = safe_name(rulebase.manifest.ruleset)
        rules = tuple(all_rules(rulebase))
        conditions = tuple(all_conditions(rulebase))
        self.subjects = {gene.symbol: gene.name for gene in rulebase.genes} | {
            name: "signature" for name in SIGNATURES if any(name in condition_subjects(c) for c in conditions)
        }
        self._tables = SiteNames(table.drug for table in rulebase.tables)
        self._classes = SiteNames(table.drug_class for table in rulebase.class_tables)
        self._subjects = SiteNames(self.subjects)
        self._alterations = SiteNames(
            atom.text for condition in conditions for atom in every_atom(condition) if atom.subjects
        )
        self._conclusions = SiteNames(conclusion.id for conclusion in rulebase.conclusions)
        self._citations = SiteNames(citation.reference for citation in rulebase.citations)
        self._rules = SiteNames(rule.id for rule in rules)
        self._mechanisms = SiteNames(rule.mechanism for rule in rules)
        self.tumours = tuple(self._tumours_named())
        self._tumours = SiteNames(self.tumours)
        self._home_of_rule = {
            row.id: self.row_table(table.name) for table in rulebase.row_tables for row in table.rows
        } | {rule.id: self.conclusion(rule.concludes) for rule in rulebase.mechanism_rules}

    def _tumours_named(self) -> Iterator[str]:
        """Every tumour type that a rule, an indication or evidence names, and those above it."""
        named: set[str] = set()
        for rule in all_rules(self.rulebase):
            named.update(rule.tumour_types)
            if isinstance(rule, Row):
                named.update(rule.extrapolated_to)
            named.update(item.studied_in for item in rule.evidence)
        for table in self.rulebase.tables:
            for indication in table.indications:
                named.update(indication.tumour_types)
        for condition in all_conditions(self.rulebase):
            for atom in atoms(condition):
                if isinstance(atom, TumourTypeAtom):
                    named.add(atom.code)
                elif isinstance(atom, HistologyAtom) and atom.to:
                    named.add(atom.to)
        above = {code for name in named for code in self.rulebase.lineage(name)}
        yield from (tumour.code for tumour in self.rulebase.tumour_types if tumour.code in above)

    def _page(self, kind: str, names: SiteNames, text: str) -> str:
        return f"{self.folder}/{kind}/{names[text]}.html" if text in names else ""

    def home(self, part: str = "index") -> str:
        """The rule set's first page, or one of its lists."""
        return f"{self.folder}/{part}.html"

    def drug(self, name: str) -> str:
        """The page of a drug that has a table."""
        return self._page("drugs", self._tables, name)

    def drug_class(self, name: str) -> str:
        """The page of a class of drugs that has a table."""
        return self._page("classes", self._classes, name)

    def row_table(self, name: str) -> str:
        """The page of the drug or the class of drugs of this name."""
        return self.drug(name) or self.drug_class(name)

    def subject(self, name: str) -> str:
        """The page of a gene or signature."""
        return self._page("genes", self._subjects, name)

    def conclusion(self, conclusion: str) -> str:
        """The page of a conclusion."""
        return self._page("conclusions", self._conclusions, conclusion)

    def citation(self, reference: str) -> str:
        """The page of a citation."""
        return self._page("citations", self._citations, reference)

    def tumour(self, code: str) -> str:
        """The page of a tumour type that the rules name, or of one above it."""
        return self._page("tumours", self._tumours, code)

    def mechanism(self, mechanism: str) -> str:
        """The page of a mechanism that a rule has."""
        return self._page("mechanisms", self._mechanisms, mechanism)

    def rule_anchor(self, rule_id: str) -> str:
        """The anchor of a row or mechanism rule on its page."""
        return self._rules[rule_id]

    def rule(self, rule_id: str) -> str:
        """Where a row or mechanism rule stands: the page of its drug or conclusion."""
        home = self._home_of_rule.get(rule_id, "")
        return f"{home}#{self._rules[rule_id]}" if home else ""

    def alteration_anchor(self, text: str) -> str:
        """The anchor of an alteration on its gene's page."""
        return self._alterations[text]

    def atom(self, atom: Atom) -> str:
        """Where more is told of what an atom says."""
        known = tumour_atom(atom)
        match known:
            case ConclusionAtom():
                return self.conclusion(known.id)
            case TumourTypeAtom():
                return self.tumour(known.code)
            case HistologyAtom():
                return self.tumour(known.to)
            case PriorTherapyAtom():
                return self.drug(known.drug)
            case ChangeAtom() | SiteAtom() | NamedSetAtom() | WildTypeAtom() | LossAtom():
                return self._alteration(known)
            case StateAtom() | FusionAtom() | PhaseAtom() | QualifiedAtom():
                return self._alteration(known)
            case _:
                assert_never(known)

    def _alteration(self, atom: Atom) -> str:
        pages = (self.subject(name) for name in atom.subjects)
        return next((f"{page}#{self._alterations[atom.text]}" for page in pages if page), "")

    def condition(self, condition: Condition) -> Pieces:
        """The text of a condition, its parts leading to where they are told of."""
        return linked(condition, self.atom)

    def loci(self, essential: EssentialLocus) -> Pieces:
        """The text of an essential locus, its genes leading to their pages."""
        return linked_text(str(essential), [(locus.subject, self._locus(locus)) for locus in essential.any_of])

    def _locus(self, locus: Locus) -> str:
        return "" if locus.kind == "histology" else self.subject(locus.subject)

    def tumour_link(self, code: str) -> Link:
        """A tumour type by name and code."""
        tumour = self.rulebase.tumour_by_code.get(code)
        return Link(f"{tumour.name} ({code})" if tumour and tumour.name != code else code, self.tumour(code))


def all_rules(rulebase: Rulebase) -> Iterator[Row | MechanismRule]:
    """Every row and every mechanism rule, whatever its status."""
    for table in rulebase.row_tables:
        yield from table.rows
    yield from rulebase.mechanism_rules


def all_conditions(rulebase: Rulebase) -> Iterable[Condition]:
    """Every condition that the rule set writes down anywhere; a set of alterations counts as its own name too."""
    for rule in all_rules(rulebase):
        yield rule.when
    for table in rulebase.tables:
        for indication in table.indications:
            if indication.requires != "nothing":
                yield indication.requires
    for alteration_set in rulebase.alteration_sets:
        yield alteration_set.members
        yield NamedSetAtom(gene=set_gene(alteration_set.members), name=alteration_set.name)


def set_gene(members: Condition) -> str:
    """The gene that a set's members are alterations of."""
    return condition_subjects(members)[0]
