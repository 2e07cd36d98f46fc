"""A drug's table of a rule set for tumours, one line a row."""

from __future__ import annotations

from typing import assert_never

from resistab.core.condition import Atom, ConclusionAtom, Condition, atoms, condition_text, number_text
from resistab.curation.kit.shown import ShownRow, ShownTable, in_order
from resistab.domains.oncology.atoms import (
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
from resistab.domains.oncology.kinds.models import ClassTable, Indication, Row, Rulebase, Table
from resistab.domains.oncology.policy.scores import WITHOUT_SCORE, row_score


def shown(rulebase: Rulebase, drug: str) -> ShownTable:
    """The table of ``drug``, a name that the report's ``drug_named`` gave."""
    (table,) = (table for table in rulebase.tables if table.drug == drug)
    of_class = {row.id: holder for holder in rulebase.class_tables for row in holder.rows}
    rows = rulebase.rows_of(table)
    holders = {holder.name: rulebase.file_of(holder) for row in rows if (holder := of_class.get(row.id))}
    return ShownTable(
        drug=drug,
        classes=rulebase.classes_of(drug),
        file=rulebase.file_of(table),
        about=tuple((", ".join(item.tumour_types), _indication(item)) for item in table.indications),
        rows=in_order(_row(rulebase, table, row, of_class.get(row.id)) for row in rows),
        files=tuple(holders.items()),
    )


def _row(rulebase: Rulebase, table: Table, row: Row, of: ClassTable | None) -> ShownRow:
    score = row_score(row, table.drug, rulebase.manifest.score_policy)
    gene, residue = _place(row.when)
    return ShownRow(
        id=row.id,
        condition=condition_text(row.when),
        effect=row.effect if row.effect in WITHOUT_SCORE else f"{row.effect} {number_text(score.score)}",
        status=row.status,
        gene=gene,
        residue=residue,
        tumour_types=row.tumour_types,
        evidence=score.level or "",
        references=len({item.reference for item in row.evidence}),
        of=of.name if of is not None else "",
    )


def _indication(item: Indication) -> str:
    parts = ["used" if item.relevant else "not used"]
    if item.requires != "nothing":
        parts.append(f"needs {condition_text(item.requires)}")
    if item.essential_loci:
        parts.append(f"must have been assayed: {'; '.join(map(str, item.essential_loci))}")
    return "; ".join(parts)


def _place(condition: Condition) -> tuple[str, int | None]:
    """The gene that a condition names first, and the first residue that it names of it."""
    named = [(subject, _residue(atom)) for atom in atoms(condition) for subject in atom.subjects]
    gene = next((subject for subject, _ in named), "")
    return gene, min((residue for other, residue in named if other == gene and residue is not None), default=None)


def _residue(atom: Atom) -> int | None:
    known = tumour_atom(atom)
    match known:
        case ChangeAtom():
            return known.change.start
        case SiteAtom():
            return known.first
        case PhaseAtom():
            return known.first.change.start
        case QualifiedAtom():
            return _residue(known.alteration)
        case NamedSetAtom() | WildTypeAtom() | LossAtom() | StateAtom() | FusionAtom():
            return None
        case HistologyAtom() | PriorTherapyAtom() | TumourTypeAtom() | ConclusionAtom():
            return None
        case _:
            assert_never(known)
