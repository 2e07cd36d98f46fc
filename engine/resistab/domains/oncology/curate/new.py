"""What a curator of rules on tumours is given to fill in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from resistab.curation.kit.scaffolds import RuleFiles, Scaffolds, regimen_files
from resistab.domains.oncology.kinds.models import table_place


def _evidence(of_mechanism: bool) -> dict[str, Any]:
    studied = {"drug": "<drug>"} if of_mechanism else {}
    return {
        "reference": "<PMID:… or DOI:…>",
        "source": "<CIViC:EID… or SUP-…>",
        **studied,
        "level": "<A to E>",
        "direction": "<supports or against>",
        "studied_in": "<OncoTree code>",
        "statement": None,
    }


def _row(row_id: str, on: datetime.date) -> dict[str, Any]:
    return {
        "id": row_id,
        "status": "draft",
        "when": "<condition>",
        "tumour_types": ["<OncoTree code>"],
        "effect": "<resistance, reduced response, susceptibility or increased susceptibility>",
        "mechanism": "<mechanism>",
        "evidence": [_evidence(of_mechanism=False)],
        "created": on,
        "reviewed": on,
    }


def _table(row: Mapping[str, Any]) -> dict[str, Any]:
    indication = {
        "tumour_types": ["<OncoTree code>"],
        "relevant": "<true or false>",
        "requires": "<condition, or nothing>",
        "essential_loci": ["<locus>"],
    }
    return {"indications": [indication], "rows": [row]}


def _mechanism_rule(rule_id: str, on: datetime.date) -> dict[str, Any]:
    return {
        "id": rule_id,
        "status": "draft",
        "when": "<condition>",
        "tumour_types": ["<OncoTree code>"],
        "concludes": "<conclusion>",
        "mechanism": "<mechanism>",
        "explanation": None,
        "evidence": [_evidence(of_mechanism=True)],
        "created": on,
        "reviewed": on,
    }


def _drug(name: str, drug_class: str) -> dict[str, Any]:
    return {
        "name": name.casefold(),
        "classes": [drug_class or "<class>"],
        "targets": ["<gene>"],
        "approved": "<true or false>",
    }


SCAFFOLDS = Scaffolds(
    row=_row,
    drug=_drug,
    place=lambda drug: table_place(drug["name"], drug.get("classes", ()), bool(drug.get("regimen"))),
    table=_table,
    case={"tumour": "<OncoTree code>", "findings": ["<finding>"]},
    rules={
        "mechanism": RuleFiles(
            folder="mechanisms",
            rule=_mechanism_rule,
            file=lambda rule: {"conclusions": [{"id": "<conclusion>", "name": None}], "rules": [rule]},
        ),
        **regimen_files(
            setting={"tumour_types": ["<OncoTree code>"], "when": "<condition>"},
            rule={"tumour_types": ["<OncoTree code>"], "when": "<condition>"},
        ),
    },
)
