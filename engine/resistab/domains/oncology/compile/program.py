"""The program that a rule set for tumours denotes."""

from __future__ import annotations

from resistab.core.condition import AllOf, AnyOf, Condition, Not
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program, sharing_atoms, stratify
from resistab.domains.oncology.atoms import TumourTypeAtom
from resistab.domains.oncology.kinds.models import Rulebase


def scoped(condition: Condition, codes: tuple[str, ...], outside: tuple[str, ...] = ()) -> Condition:
    """``condition`` in tumours of one of the types ``codes`` and of none of the types ``outside``."""
    types: tuple[Condition, ...] = tuple(TumourTypeAtom(code=code) for code in codes)
    parts: list[Condition] = [types[0] if len(types) == 1 else AnyOf(of=types)]
    if outside:
        parts.append(Not(of=AnyOf(of=tuple(TumourTypeAtom(code=code) for code in outside))))
    return AllOf(of=(*parts, condition))


def marker_name(drug: str, indication: int) -> str:
    """The name of the head that says whether a drug's required marker is present under an indication."""
    return f"{drug} indication {indication + 1}"


def compile_program(rulebase: Rulebase, mechanism_weights: dict[str, float]) -> Program:
    """The program of ``rulebase``; ``mechanism_weights`` gives each mechanism rule's weight by id.

    Raises ``RulebaseError`` for a cycle through negation, with the cycle.
    """
    mechanism: list[Clause] = []
    for rule in rulebase.mechanism_rules:
        if rule.status == "active":
            mechanism.append(
                Clause(
                    id=rule.id,
                    unit="mechanisms",
                    head=Head(kind="conclusion", name=rule.concludes),
                    condition=scoped(rule.when, rule.tumour_types),
                    weight=mechanism_weights[rule.id],
                )
            )
    tables: list[Clause] = []
    for table in rulebase.tables:
        for index, indication in enumerate(table.indications):
            if indication.requires != "nothing":
                name = marker_name(table.drug, index)
                tables.append(
                    Clause(
                        id=name,
                        unit="markers",
                        head=Head(kind="marker", name=name),
                        condition=scoped(indication.requires, indication.tumour_types),
                        weight=FULL_WEIGHT,
                    )
                )
    for holder in rulebase.row_tables:
        for row in holder.rows:
            if row.status != "active":
                continue
            tables.append(
                Clause(
                    id=row.id,
                    unit=holder.name,
                    head=Head(kind="row", name=row.id),
                    condition=scoped(row.when, row.tumour_types),
                    weight=FULL_WEIGHT,
                )
            )
            if row.extrapolated_to:
                tables.append(
                    Clause(
                        id=row.id,
                        unit=holder.name,
                        head=Head(kind="extrapolated row", name=row.id),
                        condition=scoped(row.when, row.extrapolated_to, outside=row.tumour_types),
                        weight=FULL_WEIGHT,
                    )
                )
    strata = [*stratify(mechanism), tuple(tables)]
    return Program(digest=rulebase.digest, strata=sharing_atoms(s for s in strata if s))
