"""A drug's table of a virus's rule set, one line a row."""

from __future__ import annotations

from resistab.core.condition import Condition, atoms, condition_text, number_text
from resistab.curation.kit.shown import ShownRow, ShownTable, in_order
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.curate.diff_items import draft_gives, scale_text
from resistab.domains.virus.kinds.models import LevelRule, ViralRulebase


def shown(rulebase: ViralRulebase, drug: str) -> ShownTable:
    """The table of ``drug``, a name that the report's ``drug_named`` gave."""
    table = rulebase.table_of.get(drug)
    known = rulebase.drug_by_name[drug.casefold()]
    gene = rulebase.gene_of(drug)
    about = [("drug", known.full_name)] if known.full_name else []
    about.append(("acts on", gene))
    rows: list[ShownRow] = []
    if table is not None:
        scales = dict.fromkeys(scale_text(rulebase.scale_of(rule)) for rule in table.score_rules)
        about += [("scores", text) for text in scales]
        for _, row, items in rulebase.score_items(table):
            rows.append(
                ShownRow(
                    id=row,
                    condition="; ".join(condition_text(item.when) for item in items),
                    effect="; ".join(number_text(item.score) for item in items),
                    gene=gene,
                    residue=_residue(items[0].when),
                )
            )
        rows += [
            ShownRow(rule.id, condition_text(rule.when), _gives(rule), gene=gene, residue=_residue(rule.when))
            for rule in table.rules
        ]
        rows += [
            ShownRow(
                draft.id,
                condition_text(draft.when),
                draft_gives(draft),
                status="draft",
                gene=gene,
                residue=_residue(draft.when),
            )
            for draft in table.drafts
        ]
    file = table.file if table is not None else None
    return ShownTable(drug, (known.drug_class,), file, tuple(about), in_order(rows))


def _gives(rule: LevelRule) -> str:
    parts = [f"level {rule.level}"] if rule.level is not None else []
    return "; ".join([*parts, *([f"comment {rule.comment}"] if rule.comment else [])])


def _residue(condition: Condition) -> int | None:
    return min((atom.position for atom in atoms(condition) if isinstance(atom, ResidueAtom)), default=None)
