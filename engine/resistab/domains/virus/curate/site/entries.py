"""What can be searched for in the pages of a virus's rule set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from resistab.core.condition import condition_text, number_text
from resistab.curation.kit.site.model import Entry
from resistab.domains.virus.grammar.residues import residues_text

if TYPE_CHECKING:
    from resistab.domains.virus.curate.site.pages import ViralPages

# In the order in which they are shown where they fit a search equally well.
KINDS: tuple[str, ...] = ("drug", "gene", "mutation", "row", "comment")


def entries(pages: ViralPages) -> Iterator[Entry]:
    """Everything of a virus's rule set that can be searched for."""
    rulebase, rules = pages.rulebase, pages.rules
    for table in rulebase.tables:
        drug = rulebase.drug_by_name[table.drug.casefold()]
        full = (drug.full_name,) if drug.full_name else ()
        label = f"{drug.name} ({drug.full_name})" if drug.full_name else drug.name
        yield Entry("drug", label, drug.drug_class, rules.drug(drug.name), (drug.name, *full, *drug.aliases))
        for _, row, items in rulebase.score_items(table):
            text = "; ".join(f"{condition_text(item.when)}: {_score(item.score)}" for item in items)
            yield Entry("row", row, text, rules.row(table.drug, row), (row,))
        for rule in table.rules:
            yield Entry("row", rule.id, condition_text(rule.when), rules.row(table.drug, rule.id), (rule.id,))
    for gene in rulebase.genes:
        yield Entry("gene", gene.symbol, gene.name or "", rules.gene(gene.symbol), (gene.symbol, gene.name or ""))
        for position, views in rules.ordered(gene.symbol):
            reference = rules.reference(gene.symbol, position)
            for view in views:
                residue = residues_text(view.residue)
                scores = [f"{item.drug} {_score(item.score)}" for item in view.scores]
                detail = ", ".join(scores) or ("counts with others" if view.combined else "; ".join(view.types))
                keys = (f"{reference}{position}{residue}", f"{position}{residue}", str(position))
                href = rules.residue(gene.symbol, position, view.residue)
                yield Entry("mutation", f"{gene.symbol} {keys[0]}", detail, href, tuple(dict.fromkeys(keys)))
    for file in rulebase.comments:
        for comment in file.comments:
            yield Entry("comment", comment.id, _beginning(comment.text), rules.comment(comment.id), (comment.id,))
    for result in rulebase.result_comments:
        yield Entry("comment", result.id, _beginning(result.text), pages.result_comment(result.id), (result.id,))


def _score(score: float) -> str:
    return number_text(score).replace("-", "−")


def _beginning(text: str, most: int = 110) -> str:
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]} …"
