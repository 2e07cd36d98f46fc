"""The pages of a tumour rule set."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from resistab.core.cached import cached_property
from resistab.core.condition import condition_subjects
from resistab.core.derivation import reference_url
from resistab.curation.kit.site import reviews
from resistab.curation.kit.site.model import Entry, Link, Listed, Page, site_ruleset
from resistab.curation.kit.site.regimens import KIND, RegimenPage
from resistab.domains.oncology.curate.conflicts import conflicts
from resistab.domains.oncology.curate.diff_items import patients
from resistab.domains.oncology.curate.site.addresses import TumourAddresses, set_gene
from resistab.domains.oncology.curate.site.drawings import conclusion_chain, gene_table, placed_genes
from resistab.domains.oncology.curate.site.entries import KINDS, entries
from resistab.domains.oncology.curate.site.places import drawn
from resistab.domains.oncology.curate.site.rules import Alteration, TumourRules
from resistab.domains.oncology.curate.site.views import RuleView
from resistab.domains.oncology.kinds.models import ClassTable, Gene, Indication, Rulebase, Table, TumourType
from resistab.report.words import capital, counted, reference_words

PARTS = (
    ("Genes", "genes"),
    ("Tumour types", "tumours"),
    ("Citations", "citations"),
    ("Conflicts", "conflicts"),
    (reviews.TITLE, reviews.PART),
    ("Old evidence", "old-evidence"),
)
# Of so many years ago the best evidence of a table is old: what is known may have moved on.
OLD_YEARS = 10


class TumourPages:
    """Makes every page of one rule set; the same rule set gives the same pages in the same order."""

    entry_kinds = (*KINDS, KIND)

    def __init__(self, rulebase: Rulebase, on: datetime.date | None = None) -> None:
        self.rulebase = rulebase
        # Reviews are due or not on a day: that on which the pages are made, if none is said.
        self.on = on or datetime.date.today()
        held_for = reviews.Reviews(rulebase.manifest.curation.review_months, self.on)
        self.addresses = TumourAddresses(rulebase)
        self.rules = TumourRules(rulebase, self.addresses, held_for)
        held = rulebase.regimens
        self.regimens = RegimenPage(
            path=self.addresses.home("regimens"),
            regimens=held.regimens,
            rules=held.rules,
            barriers=held.barriers,
            reviews=held_for,
            where=patients,
            drug=lambda name: self.addresses.drug(name) if name in rulebase.table_by_drug else "",
            citation=self.addresses.citation,
        )
        parts = [Link(title, self.addresses.home(part)) for title, part in PARTS]
        self.info = site_ruleset(
            rulebase,
            home=self.addresses.home(),
            parts=(*parts, *([self.regimens.link] if held.regimens else [])),
        )

    def pages(self) -> Iterator[Page]:
        """Every page, the rule set's first page first."""
        yield self._home()
        yield self._list("Genes and signatures", "genes", ("Name", "Rules", "Alterations"), self._genes_listed())
        yield self._list("Tumour types", "tumours", ("Rules", "Evidence items"), self._tumours_listed())
        yield self._list("Citations", "citations", ("Reference", "Rules"), self._citations_listed())
        columns = ("Rows", "Condition", "For", "Against", "Settled")
        yield self._list("Conflicts", "conflicts", columns, self._conflicts_listed())
        yield reviews.overdue_page(self.addresses.home(reviews.PART), self.info, self._read())
        yield self._list("Old evidence", "old-evidence", ("Newest of level A or B", "Rows"), self._old_listed())
        if self.rulebase.regimens.regimens:
            yield self.regimens.page(self.info)
        for table in self._by_name:
            yield self._drug(table)
        for class_table in sorted(self.rulebase.class_tables, key=lambda table: table.drug_class):
            yield self._class(class_table)
        for subject in sorted(self.addresses.subjects):
            yield self._subject(subject)
        for conclusion in sorted(self.rulebase.conclusion_by_id):
            yield self._conclusion(conclusion)
        for mechanism in sorted(self.rules.of_mechanism):
            yield self._mechanism(mechanism)
        for reference in sorted(self.rulebase.citation_by_reference):
            yield self._citation(reference)
        for code in sorted(self.addresses.tumours):
            yield self._tumour(self.rulebase.tumour_by_code[code])

    def entries(self) -> Iterator[Entry]:
        """Everything that can be searched for."""
        yield from entries(self)
        yield from self.regimens.entries()

    def _page(self, path: str, template: str, title: str, content: dict[str, object], *crumbs: Link) -> Page:
        return Page(path, f"site/{template}.html.j2", title, self.info, content, crumbs)

    def _list(self, title: str, part: str, columns: tuple[str, ...], lines: list[Listed]) -> Page:
        return self._page(self.addresses.home(part), "list", title, {"columns": columns, "lines": lines})

    def _part(self, part: str) -> Link:
        return Link({name: title for title, name in PARTS}[part], self.addresses.home(part))

    def _home(self) -> Page:
        manifest = self.rulebase.manifest
        drugs = [
            Listed(
                Link(capital(table.drug), self.addresses.drug(table.drug)),
                (
                    ", ".join(self.rulebase.classes_of(table.drug)),
                    str(sum(row.status == "active" for row in table.rows)),
                    ", ".join(placed_genes(self.rules, self.rules.rows[table.drug])) or "–",
                ),
            )
            for table in self._by_name
        ]
        conclusions = [
            Listed(
                Link(capital(item.name), self.addresses.conclusion(item.id)),
                (
                    str(len(self.rules.mechanism_rules.get(item.id, ()))),
                    str(len(self.rules.of_conclusion.get(item.id, ()))),
                ),
            )
            for item in sorted(self.rulebase.conclusions, key=lambda item: item.name.casefold())
        ]
        mechanisms = [
            Listed(Link(capital(name), self.addresses.mechanism(name)), (str(len(views)),))
            for name, views in sorted(self.rules.of_mechanism.items())
        ]
        policy = manifest.score_policy
        return self._page(
            self.addresses.home(),
            "tumour_home",
            manifest.name,
            {
                "drugs": drugs,
                "conclusions": conclusions,
                "mechanisms": mechanisms,
                "levels": manifest.scoring.levels,
                "scores": sorted(policy.by_level.items()),
                "policy": policy,
                "tiers": sorted(manifest.tiers.items()),
                "counts": self.counts,
            },
        )

    def _conflicts_listed(self) -> list[Listed]:
        return [
            Listed(
                Link(capital(item.table), self.addresses.row_table(item.table)),
                (
                    " and ".join(item.rows),
                    f"{item.condition} in {', '.join(item.tumour_types)}",
                    ", ".join(item.supports),
                    ", ".join(item.against),
                    item.settled,
                ),
            )
            for item in conflicts(self.rulebase)
        ]

    def _read(self) -> Iterator[tuple[Link, str, reviews.Review]]:
        """Everything that is read again from time to time, and of what it is."""
        for view in self.rules.all:
            yield Link(view.id, view.href), view.of.text, view.review
        yield from self.regimens.read()

    def _old_listed(self) -> list[Listed]:
        """The tables of which all evidence of level A and B is older than ``OLD_YEARS``, the oldest first."""
        found: list[tuple[int, str, int]] = []
        for table in self.rulebase.row_tables:
            rows = [row for row in table.rows if row.status == "active"]
            best = [item for row in rows for item in row.evidence if item.level in ("A", "B") and item.carries]
            years = [self.rules.year(item) for item in best]
            # A label has no year: it is in force, and no study that has grown old.
            if years and all(years) and max(years) < self.on.year - OLD_YEARS:
                found.append((max(years), table.name, len(rows)))
        return [
            Listed(Link(capital(name), self.addresses.row_table(name)), (str(year), str(count)))
            for year, name, count in sorted(found)
        ]

    @property
    def counts(self) -> str:
        """How much there is of what, in words."""
        rulebase = self.rulebase
        rows = [row for table in rulebase.row_tables for row in table.rows]
        states = [
            counted(number, f"{status} row")
            for status in ("active", "draft", "retired")
            if (number := sum(row.status == status for row in rows))
        ]
        return ", ".join(
            [
                counted(len(rulebase.tables), "drug"),
                *states,
                counted(len(rulebase.mechanism_rules), "mechanism rule"),
                counted(len(rulebase.citations), "citation"),
                counted(len(rulebase.genes), "gene"),
            ]
        )

    def _genes_listed(self) -> list[Listed]:
        return [
            Listed(
                Link(subject, self.addresses.subject(subject)),
                (
                    name,
                    str(len(self.rules.of_subject.get(subject, ()))),
                    str(len(self.rules.alterations.get(subject, ()))),
                ),
            )
            for subject, name in sorted(self.addresses.subjects.items())
        ]

    def _tumours_listed(self) -> list[Listed]:
        return [
            Listed(
                self.addresses.tumour_link(code),
                (str(len(self.rules.of_tumour.get(code, ()))), str(len(self.rules.studied.get(code, ())))),
            )
            for code in sorted(
                self.addresses.tumours, key=lambda code: self.rulebase.tumour_by_code[code].name.casefold()
            )
        ]

    def _citations_listed(self) -> list[Listed]:
        return [
            Listed(
                Link(citation.short, self.addresses.citation(citation.reference)),
                (
                    reference_words(citation.reference),
                    str(len({view.id for view, _ in self.rules.cited.get(citation.reference, ())})),
                ),
            )
            for citation in sorted(self.rulebase.citations, key=lambda item: (item.short.casefold(), item.reference))
        ]

    def _drug(self, table: Table) -> Page:
        drug = self.rulebase.drug_by_name[table.drug]
        views = self.rules.rows[table.drug]
        genes = placed_genes(self.rules, views)
        placed = [(gene, gene_table(self.rules, gene, views, to_rules=True)) for gene in genes]
        in_drawings = {view.id for view in views if placed_genes(self.rules, [view])}
        return self._page(
            self.addresses.drug(table.drug),
            "tumour_drug",
            capital(table.drug),
            {
                "drug": drug,
                "classes": [
                    Link(name, self.addresses.drug_class(name)) for name in self.rulebase.classes_of(drug.name)
                ],
                "regimen": [Link(name, self.addresses.drug(name)) for name in drug.regimen],
                "of_classes": [view for name in drug.classes for view in self.rules.rows.get(name, ()) if view.active],
                "targets": [
                    Link(target, self.addresses.subject(target)) for target in self.rulebase.targets_of(drug.name)
                ],
                "indications": [self._indication(indication) for indication in table.indications],
                "drawings": placed,
                "other": [view for view in views if view.active and view.id not in in_drawings],
                "current": [view for view in views if view.status != "retired"],
                "retired": [view for view in views if view.status == "retired"],
            },
            Link("Drugs", f"{self.addresses.home()}#drugs"),
        )

    def _class(self, table: ClassTable) -> Page:
        views = self.rules.rows[table.drug_class]
        return self._page(
            self.addresses.drug_class(table.drug_class),
            "tumour_class",
            capital(table.drug_class),
            {
                "drugs": [Link(drug, self.addresses.drug(drug)) for drug in self.rulebase.drugs_of(table)],
                "current": [view for view in views if view.status != "retired"],
                "retired": [view for view in views if view.status == "retired"],
            },
            Link("Drugs", f"{self.addresses.home()}#drugs"),
        )

    def _indication(self, indication: Indication) -> dict[str, object]:
        requires = indication.requires
        return {
            "tumour_types": [self.addresses.tumour_link(code) for code in indication.tumour_types],
            "relevant": indication.relevant,
            "requires": None if requires == "nothing" else self.addresses.condition(requires),
            "essential": [self.addresses.loci(locus) for locus in indication.essential_loci],
            "absent_if": [self.addresses.loci(locus) for locus in indication.absent_if_assayed],
        }

    def _subject(self, subject: str) -> Page:
        rulebase = self.rulebase
        views = self.rules.of_subject.get(subject, [])
        known: Gene | None = rulebase.gene_by_name.get(subject.upper())
        gene = known if known is not None and known.symbol == subject else None
        alterations = [
            {
                "anchor": self.addresses.alteration_anchor(item.text),
                "text": item.text,
                "rules": _by_drug(item.rules),
                "denied": _by_drug(item.denied),
                "sets": item.sets,
                "markers": item.markers,
            }
            for item in sorted(self.rules.alterations.get(subject, {}).values(), key=_along_the_gene)
        ]
        sets = [
            {"name": item.name, "basis": item.basis, "members": self.addresses.condition(item.members)}
            for item in sorted(rulebase.alteration_sets, key=lambda item: item.name)
            if set_gene(item.members) == subject
        ]
        sequence = rulebase.sequences.get(subject)
        return self._page(
            self.addresses.subject(subject),
            "tumour_gene",
            subject,
            {
                "gene": gene,
                "name": self.addresses.subjects[subject],
                "length": len(sequence) if sequence else None,
                "exons": sorted(gene.exons.items()) if gene else [],
                "drawing": gene_table(self.rules, subject, views, to_rules=False),
                "alterations": alterations,
                "sets": sets,
                "essential_for": self._essential_for(subject),
                "marker_for": self._marker_for(subject),
                "targeted_by": self._targeting.get(subject, ()),
                "rules": [view for view in views if view.status != "retired"],
                "retired": [view for view in views if view.status == "retired"],
            },
            self._part("genes"),
        )

    @cached_property
    def _targeting(self) -> dict[str, list[Link]]:
        """By gene the drugs with a page, by name, of which it is a target."""
        found: dict[str, list[Link]] = {}
        for drug in sorted(self.rulebase.drugs, key=lambda drug: drug.name):
            if address := self.addresses.drug(drug.name):
                for target in self.rulebase.targets_of(drug.name):
                    found.setdefault(target, []).append(Link(drug.name, address))
        return found

    @cached_property
    def _by_name(self) -> list[Table]:
        """The tables by their drugs' names."""
        return sorted(self.rulebase.tables, key=lambda table: table.drug)

    def _essential_for(self, subject: str) -> list[Link]:
        return [Link(drug, self.addresses.drug(drug)) for drug in self._essential.get(subject, ())]

    def _marker_for(self, subject: str) -> list[Link]:
        return [Link(drug, self.addresses.drug(drug)) for drug in self._markers.get(subject, ())]

    @cached_property
    def _essential(self) -> dict[str, list[str]]:
        """By gene the drugs, by name, whose tables call a locus of it essential."""
        return self._drugs_by(
            lambda indication: {locus.subject for essential in indication.essential_loci for locus in essential.any_of}
        )

    @cached_property
    def _markers(self) -> dict[str, list[str]]:
        """By gene the drugs, by name, whose required markers name it."""
        return self._drugs_by(
            lambda indication: (
                set() if indication.requires == "nothing" else set(condition_subjects(indication.requires))
            )
        )

    def _drugs_by(self, subjects: Callable[[Indication], set[str]]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for table in self._by_name:
            for subject in set().union(*map(subjects, table.indications)):
                found.setdefault(subject, []).append(table.drug)
        return found

    def _conclusion(self, conclusion: str) -> Page:
        users = self.rules.of_conclusion.get(conclusion, [])
        own = self.rules.mechanism_rules.get(conclusion, [])
        return self._page(
            self.addresses.conclusion(conclusion),
            "tumour_conclusion",
            capital(self.rulebase.conclusion_by_id[conclusion].name),
            {
                "id": conclusion,
                "chain": conclusion_chain(self.rules, conclusion),
                "current": [view for view in own if view.status != "retired"],
                "retired": [view for view in own if view.status == "retired"],
                "rows": [view for view in users if view.says != "conclusion"],
                "rules": [view for view in users if view.says == "conclusion"],
            },
            Link("Conclusions", f"{self.addresses.home()}#conclusions"),
        )

    def _mechanism(self, mechanism: str) -> Page:
        views = self.rules.of_mechanism[mechanism]
        return self._page(
            self.addresses.mechanism(mechanism),
            "tumour_mechanism",
            capital(mechanism),
            {
                "rows": [view for view in views if view.says != "conclusion"],
                "rules": [view for view in views if view.says == "conclusion"],
            },
            Link("Mechanisms", f"{self.addresses.home()}#mechanisms"),
        )

    def _citation(self, reference: str) -> Page:
        citation = self.rulebase.citation_by_reference[reference]
        return self._page(
            self.addresses.citation(reference),
            "tumour_citation",
            citation.short,
            {
                "reference": reference_words(reference),
                "url": reference_url(reference),
                "cited": self.rules.cited.get(reference, []),
                "regimens": self.regimens.citing(reference),
            },
            self._part("citations"),
        )

    def _tumour(self, tumour: TumourType) -> Page:
        rulebase, addresses = self.rulebase, self.addresses
        code = tumour.code
        above = rulebase.lineage(code)[1:]
        drugs = []
        for table in self._by_name:
            indication = rulebase.indication(table, code)
            if indication is not None and rulebase.is_used(table, code):
                drugs.append((Link(table.drug, addresses.drug(table.drug)), self._indication(indication)))
        return self._page(
            addresses.tumour(code),
            "tumour_type",
            tumour.name,
            {
                "code": code,
                "above": [addresses.tumour_link(name) for name in above],
                "below": [
                    addresses.tumour_link(other)
                    for other in addresses.tumours
                    if rulebase.tumour_by_code[other].parent == code
                ],
                "drugs": drugs,
                "rules": self.rules.of_tumour.get(code, []),
                "inherited": [
                    (addresses.tumour_link(name), len(self.rules.of_tumour[name]))
                    for name in above
                    if self.rules.of_tumour.get(name)
                ],
                "studied": self.rules.studied.get(code, []),
            },
            self._part("tumours"),
        )


def _by_drug(views: list[RuleView]) -> list[RuleView]:
    return sorted(views, key=lambda view: (view.of.text, view.id))


def _along_the_gene(alteration: Alteration) -> tuple[bool, int, int, str]:
    """Sort key: what has a place on the protein by its place, the rest by its text."""
    place = drawn(alteration.atom)
    if place is None:
        return (True, 0, 0, alteration.text.casefold())
    return (False, place.first, place.last, alteration.text.casefold())
