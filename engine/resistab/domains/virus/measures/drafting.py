"""Learned tables as a draft rule set of their own: the YAML that a curator reads, edits and accepts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resistab.domains.virus.asi.yaml import ruleset_files
from resistab.domains.virus.grammar.conditions import parse_residue_condition
from resistab.domains.virus.kinds.models import Combination, ViralRulebase, ViralSource, ViralTable
from resistab.domains.virus.measures.encoding import feature_of
from resistab.rulesets.models import Curation, remade

if TYPE_CHECKING:
    from resistab.rulesets.learned import LearnedTable


def draft_files(rulebase: ViralRulebase, tables: Sequence[LearnedTable]) -> dict[str, str]:
    """The rule set of these tables, with the genes, drugs and levels of ``rulebase`` and the status *draft*."""
    drugs = {table.drug for table in tables}
    classes = {drug.drug_class for drug in rulebase.drugs if drug.name in drugs}
    manifest = rulebase.manifest
    on = max(table.learned_on for table in tables)
    sources = ", ".join(dict.fromkeys(name for table in tables for name in table.learned_from))
    draft = manifest.model_copy(
        update={
            "ruleset": f"{manifest.ruleset}-learned",
            "name": f"tables learned from measurements, beside {manifest.name}",
            "version": "0.1.0",
            "date": on,
            "licence": "as that of the measurements",
            "description": (
                f"A draft, made by resistab learn from {sources}: scores that follow from measured resistance and from "
                "nothing else. Levels and cutoffs are those of the expert rule set. No row has been read by a curator."
            ),
            "source": ViralSource(algorithm="resistab learn", version="0.1.0", date=on),
            "status": "draft",
            "regimens": None,
            "without_effect": (),
            "curation": Curation(),
        }
    )
    learned = remade(
        rulebase,
        manifest=draft,
        drugs=tuple(drug for drug in rulebase.drugs if drug.name in drugs),
        drug_classes=tuple(one for one in rulebase.drug_classes if one.name in classes),
        genes=tuple(
            gene.model_copy(update={"drug_classes": tuple(name for name in gene.drug_classes if name in classes)})
            for gene in rulebase.genes
            if set(gene.drug_classes) & classes
        ),
        tables=tuple(_table(table) for table in tables),
        comments=(),
        result_comments=(),
    )
    return ruleset_files(learned)


def _table(table: LearnedTable) -> ViralTable:
    scores: dict[int, dict[tuple[str, ...], float]] = {}
    combinations: list[Combination] = []
    for row in table.rows:
        atoms = feature_of(row.when).atoms
        if len(atoms) == 1:
            (atom,) = atoms
            scores.setdefault(atom.position, {})[atom.residues] = float(row.score)
        else:
            number = len(combinations) + 1
            id_ = f"{table.drug.replace('/', '')}-C{number:02}"
            combinations.append(
                Combination.model_construct(id=id_, when=parse_residue_condition(row.when), score=float(row.score))
            )
    return ViralTable.model_construct(drug=table.drug, scores=scores, combinations=tuple(combinations))
