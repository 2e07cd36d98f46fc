"""The pages of a virus's rule set."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from resistab.core.condition import number_text
from resistab.core.scoring import ScoreRange
from resistab.curation.kit.site.model import Entry, Link, Listed, Page, site_ruleset
from resistab.curation.kit.site.regimens import KIND, RegimenPage
from resistab.curation.kit.site.reviews import PART, TITLE, Review, Reviews, overdue_page
from resistab.domains.virus.curate.diff_items import patients
from resistab.domains.virus.curate.site.drawings import draw_scores, level_style, range_words
from resistab.domains.virus.curate.site.entries import KINDS, entries
from resistab.domains.virus.curate.site.rules import ResidueView, ViralRules, residue_anchor
from resistab.domains.virus.grammar.residues import residues_text
from resistab.domains.virus.kinds.models import (
    Comment,
    CommentFile,
    ResultComment,
    ViralGene,
    ViralRulebase,
    ViralTable,
    position_row_id,
)
from resistab.report.words import counted


class ViralPages:
    """Makes every page of one rule set; the same rule set gives the same pages in the same order."""

    entry_kinds = (*KINDS, KIND)

    def __init__(self, rulebase: ViralRulebase, on: datetime.date | None = None) -> None:
        self.rulebase = rulebase
        # Reviews are due or not on a day: that on which the pages are made, if none is said.
        held_for = Reviews(rulebase.manifest.curation.review_months, on or datetime.date.today())
        # Rows have no dates of their own: all were read with the rule set.
        self.review = held_for.of(rulebase.manifest.date)
        self.rules = ViralRules(rulebase)
        commented = [Link(f"Comments on {file.gene}", self.rules.comments(file.gene)) for file in rulebase.comments]
        if rulebase.result_comments:
            commented.append(Link("Comments on results", self._results))
        held = rulebase.regimens
        self.regimens = RegimenPage(
            self.rules.home("regimens"), held.regimens, held.rules, held.barriers, patients, self.rules.drug, held_for
        )
        overdue = Link(TITLE, self.rules.home(PART))
        listed = [self.regimens.link] if held.regimens else []
        self.info = site_ruleset(
            rulebase,
            home=self.rules.home(),
            parts=(
                *(Link(gene.symbol, self.rules.gene(gene.symbol)) for gene in rulebase.genes),
                *commented,
                *listed,
                overdue,
            ),
        )

    @property
    def _results(self) -> str:
        return f"{self.rules.folder}/result-comments.html"

    def result_comment(self, comment: str) -> str:
        """Where a comment on results stands."""
        return f"{self._results}#{self.rules.comment_anchor(comment)}"

    def pages(self) -> Iterator[Page]:
        """Every page, the rule set's first page first."""
        yield self._home()
        for gene in self.rulebase.genes:
            yield self._gene(gene)
        for table in self.rulebase.tables:
            yield self._drug(table)
        for file in self.rulebase.comments:
            yield self._comments(file)
        if self.rulebase.result_comments:
            yield self._result_comments()
        if self.rulebase.regimens.regimens:
            yield self.regimens.page(self.info)
        yield overdue_page(self.rules.home(PART), self.info, self._read())

    def _read(self) -> Iterator[tuple[Link, str, Review]]:
        """Everything that is read again from time to time, and of what it is."""
        yield Link(self.rulebase.manifest.name, self.rules.home()), "all tables", self.review
        yield from self.regimens.read()

    def entries(self) -> Iterator[Entry]:
        """Everything that can be searched for."""
        yield from entries(self)
        yield from self.regimens.entries()

    @property
    def counts(self) -> str:
        """How much there is of what, in words."""
        rulebase = self.rulebase
        return ", ".join(
            (
                counted(len(rulebase.tables), "drug"),
                counted(rulebase.row_count, "row"),
                counted(rulebase.comment_count, "comment"),
            )
        )

    def _page(self, path: str, template: str, title: str, content: dict[str, object], *crumbs: Link) -> Page:
        return Page(path, f"site/{template}.html.j2", title, self.info, content, crumbs)

    def _home(self) -> Page:
        rulebase = self.rulebase
        classes = []
        for drug_class in rulebase.drug_classes:
            gene = rulebase.gene_of_class.get(drug_class.name, "")
            lines = [
                Listed(
                    self.rules.drug_link(drug.name),
                    (drug.full_name or "", str(sum(1 for _ in rulebase.row_ids(rulebase.table_of[drug.name])))),
                )
                for drug in self.rules.drugs_of(drug_class.name)
            ]
            if lines:
                classes.append((drug_class, Link(gene, self.rules.gene(gene)), lines))
        return self._page(
            self.rules.home(),
            "viral_home",
            rulebase.manifest.name,
            {
                "classes": classes,
                "genes": [
                    Listed(Link(gene.symbol, self.rules.gene(gene.symbol)), (gene.name or "", str(gene.length or "–")))
                    for gene in rulebase.genes
                ],
                "comments": [link for link in self.info.parts if link.text.startswith("Comments")],
                "scale": self._scale(rulebase.manifest.scoring.scale),
                "levels": [(level, level_style(level)) for level in rulebase.manifest.scoring.levels],
                "source": rulebase.manifest.source,
                "counts": self.counts,
                "review": self.review,
            },
        )

    def _scale(self, scale: tuple[ScoreRange, ...]) -> list[tuple[str, str, str]]:
        """Each range of scores in words, with its level's name and style."""
        levels = self.rulebase.manifest.scoring.by_order
        return [(range_words(item), levels[item.level].name, level_style(levels[item.level])) for item in scale]

    # --- drugs ----------------------------------------------------------------------------------------------

    def _drug(self, table: ViralTable) -> Page:
        rulebase, rules = self.rulebase, self.rules
        drug = rulebase.drug_by_name[table.drug.casefold()]
        gene = rulebase.gene_of(table.drug)
        drug_class = next(item for item in rulebase.drug_classes if item.name == drug.drug_class)
        drawing = draw_scores(rules, gene, [table], lambda position, letter: self._scored_at(table, position, letter))
        return self._page(
            rules.drug(table.drug),
            "viral_drug",
            f"{drug.name} ({drug.full_name})" if drug.full_name else drug.name,
            {
                "drug": drug,
                "drug_class": drug_class,
                "gene": Link(gene, rules.gene(gene)),
                "drawing": drawing,
                "scores": [self._score_rule(table, gene, number) for number in range(len(table.score_rules))],
                "level_rules": [self._level_rule(table, gene, number) for number in range(len(table.rules))],
                "comments": self._comments_of(table, gene),
                "result_comments": [
                    {
                        "link": Link(item.id, self.result_comment(item.id)),
                        "when": self._result_when(item),
                        "text": item.text,
                    }
                    for item in rulebase.result_comments
                    if any(part.drug == table.drug for part in item.when)
                ],
                "source": rulebase.manifest.source,
            },
            Link("Drugs", f"{rules.home()}#drugs"),
        )

    def _scored_at(self, table: ViralTable, position: int, letter: str) -> str:
        """Where the row of a residue stands on its drug's page; the residue's own page where no line scores it."""
        for number, rule in enumerate(table.score_rules):
            if any(letter in residues for residues in rule.scores.get(position, {})):
                return self.rules.row(table.drug, position_row_id(table.drug, position, number))
        return self.rules.residue(self.rulebase.gene_of(table.drug), position, letter)

    def _score_rule(self, table: ViralTable, gene: str, number: int) -> dict[str, object]:
        rule = table.score_rules[number]
        rulebase, rules = self.rulebase, self.rules
        lines = []
        for position, scores in sorted(rule.scores.items()):
            row = position_row_id(table.drug, position, number)
            known = self.rules.positions[gene][position]
            letters = {letter for residues in scores for letter in residues}
            lines.append(
                {
                    "id": row,
                    "overlay": rulebase.overlay_of(row) or "",
                    "anchor": rules.row_anchor(row),
                    "position": Link(f"{rules.reference(gene, position)}{position}", rules.position(gene, position)),
                    "scores": [
                        (self._residue_links(gene, position, residues), number_text(score))
                        for residues, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))
                    ],
                    "comments": self._comment_links([known[letter] for letter in sorted(letters)]),
                }
            )
        combinations = [
            {
                "id": combination.id,
                "overlay": rulebase.overlay_of(combination.id) or "",
                "anchor": rules.row_anchor(combination.id),
                "items": [(rules.condition(gene, item.when), number_text(item.score)) for item in combination.items],
            }
            for combination in rule.combinations
        ]
        return {"lines": lines, "combinations": combinations, "scale": self._scale(self.rulebase.scale_of(rule))}

    def _residue_links(self, gene: str, position: int, residues: tuple[str, ...]) -> list[Link]:
        return [Link(residues_text(letter), self.rules.residue(gene, position, letter)) for letter in residues]

    def _comment_links(self, residues: list[ResidueView]) -> list[Link]:
        found = dict.fromkeys(comment for residue in residues for comment in residue.comments)
        return [Link(comment, self.rules.comment(comment)) for comment in found]

    def _level_rule(self, table: ViralTable, gene: str, number: int) -> dict[str, object]:
        rule = table.rules[number]
        level = self.rulebase.manifest.scoring.by_order[rule.level] if rule.level is not None else None
        known = rule.comment is not None and rule.comment in self.rules.gene_of_comment
        return {
            "id": rule.id,
            "overlay": self.rulebase.overlay_of(rule.id) or "",
            "anchor": self.rules.row_anchor(rule.id),
            "when": self.rules.condition(gene, rule.when),
            "level": level.name if level else "–",
            "style": level_style(level) if level else "",
            "comment": Link(rule.comment, self.rules.comment(rule.comment)) if rule.comment and known else None,
        }

    def _comments_of(self, table: ViralTable, gene: str) -> list[Link]:
        """The comments on residues that a table counts, in the order of positions."""
        counted_rows = {row for _, row, _ in self.rulebase.score_items(table)}
        found: dict[str, None] = {}
        for _, residues in self.rules.ordered(gene):
            for residue in residues:
                if any(score.row in counted_rows for score in residue.scores):
                    found.update(dict.fromkeys(residue.comments))
        return [Link(comment, self.rules.comment(comment)) for comment in found]

    # --- genes ----------------------------------------------------------------------------------------------

    def _gene(self, gene: ViralGene) -> Page:
        rules = self.rules
        sections = []
        for drug_class in gene.drug_classes:
            drugs = rules.drugs_of(drug_class)
            tables = [self.rulebase.table_of[drug.name] for drug in drugs]
            drawing = draw_scores(
                rules, gene.symbol, tables, lambda position, letter: rules.residue(gene.symbol, position, letter)
            )
            sections.append(
                {
                    "name": drug_class,
                    "drawing": drawing,
                    "drugs": [rules.drug_link(drug.name) for drug in drugs],
                    "lines": self._matrix(gene.symbol, [drug.name for drug in drugs]),
                }
            )
        return self._page(
            rules.gene(gene.symbol),
            "viral_gene",
            f"{gene.symbol} ({gene.name})" if gene.name else gene.symbol,
            {
                "gene": gene,
                "known_reference": gene.symbol in self.rulebase.sequences,
                "classes": sections,
                "positions": [
                    self._position(gene.symbol, position, views) for position, views in rules.ordered(gene.symbol)
                ],
                "comments": rules.comments(gene.symbol),
            },
            Link("Genes", f"{rules.home()}#genes"),
        )

    def _matrix(self, gene: str, drugs: list[str]) -> list[tuple[Link, list[str]]]:
        """A line for each residue that counts for any of the drugs: its scores, in their order."""
        lines = []
        for position, views in self.rules.ordered(gene):
            for view in views:
                scores = {
                    drug: number_text(sum(item.score for item in view.scores if item.drug == drug))
                    for drug in {item.drug for item in view.scores}
                }
                if any(drug in scores for drug in drugs):
                    name = f"{self.rules.reference(gene, position)}{position}{residues_text(view.residue)}"
                    link = Link(name, self.rules.residue(gene, position, view.residue))
                    lines.append((link, [scores.get(drug, "") for drug in drugs]))
        return lines

    def _position(self, gene: str, position: int, views: list[ResidueView]) -> dict[str, object]:
        rules = self.rules
        return {
            "anchor": f"p{position}",
            "name": f"{rules.reference(gene, position)}{position}",
            "residues": [
                {
                    "anchor": residue_anchor(position, view.residue),
                    "text": residues_text(view.residue),
                    "types": view.types,
                    "scores": [
                        (Link(item.drug, rules.row(item.drug, item.row)), number_text(item.score))
                        for item in view.scores
                    ],
                    "combined": [Link(row, rules.row(drug, row)) for drug, row in view.combined],
                    "comments": self._comment_links([view]),
                }
                for view in views
            ],
        }

    # --- comments -------------------------------------------------------------------------------------------

    def _comments(self, file: CommentFile) -> Page:
        return self._page(
            self.rules.comments(file.gene),
            "viral_comments",
            f"Comments on {file.gene}",
            {
                "gene": Link(file.gene, self.rules.gene(file.gene)),
                "comments": [
                    self._comment(file.gene, comment) for comment in sorted(file.comments, key=lambda item: item.sort)
                ],
            },
        )

    def _comment(self, gene: str, comment: Comment) -> dict[str, object]:
        drugs: dict[str, None] = {}
        for _, views in self.rules.ordered(gene):
            for view in views:
                if comment.id in view.comments:
                    drugs.update(dict.fromkeys(item.drug for item in view.scores))
                    drugs.update(dict.fromkeys(drug for drug, _ in view.combined))
        order = [drug.name for drug in self.rulebase.drugs if drug.name in drugs]
        named_by = [
            Link(rule.id, self.rules.row(table.drug, rule.id))
            for table in self.rulebase.tables
            for rule in table.rules
            if rule.comment == comment.id
        ]
        return {
            "id": comment.id,
            "anchor": self.rules.comment_anchor(comment.id),
            "when": self.rules.condition(gene, comment.when) if comment.when is not None else None,
            "text": comment.text,
            "drugs": [self.rules.drug_link(name) for name in order],
            "named_by": named_by,
        }

    def _result_comments(self) -> Page:
        return self._page(
            self._results,
            "viral_result_comments",
            "Comments on results",
            {
                "comments": [
                    {
                        "id": item.id,
                        "anchor": self.rules.comment_anchor(item.id),
                        "when": self._result_when(item),
                        "text": item.text,
                    }
                    for item in self.rulebase.result_comments
                ]
            },
        )

    def _result_when(self, item: ResultComment) -> list[tuple[Link, str]]:
        levels = self.rulebase.manifest.scoring.by_order
        return [
            (self.rules.drug_link(part.drug), " or ".join(levels[number].name for number in part.levels))
            for part in item.when
        ]
