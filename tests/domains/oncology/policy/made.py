"""Rule sets of a few rows, made for one question each: all are for gefitinib in NSCLC.

A row's number is its score: 60 is level 5, 30 level 4, 15 level 3, 10 level 2.
"""

from __future__ import annotations

from typing import Any

from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.report.model import Report

EVIDENCE = {"reference": "PMID:15728811", "direction": "supports", "studied_in": "NSCLC", "statement": "…"}
LEVEL = {60: "B", 30: "C", 15: "D", 10: "E"}
DATES = {"status": "active", "created": "2026-11-21", "reviewed": "2026-11-21"}


def row(when: str, score: int = 60, effect: str = "resistance", **fields: Any) -> dict[str, Any]:
    return {
        "when": when,
        "tumour_types": ["NSCLC"],
        "effect": effect,
        "mechanism": "bypass by a parallel receptor",
        "evidence": [EVIDENCE | {"level": LEVEL[score]}],
    } | fields


def marker(when: str, score: int = 60, **fields: Any) -> dict[str, Any]:
    return row(when, score, "susceptibility", mechanism="target dependence", **fields)


def rule(when: str, concludes: str, score: int | None = None, **fields: Any) -> dict[str, Any]:
    """A mechanism rule; without a score it is a definition."""
    evidence = [] if score is None else [EVIDENCE | {"level": LEVEL[score]}]
    return {
        "when": when,
        "concludes": concludes,
        "mechanism": "downstream reactivation",
        "explanation": "…",
        "definition": score is None,
        "evidence": evidence,
    } | fields


class Made:
    """A rule set of one table, and the reports it gives."""

    def __init__(
        self,
        base: Rulebase,
        rows: list[dict[str, Any]],
        rules: list[dict[str, Any]] | None = None,
        requires: str = "nothing",
        essential: list[str] | None = None,
        indications: list[dict[str, Any]] | None = None,
        relevant: bool = True,
        others: dict[str, list[dict[str, Any]]] | None = None,
        **scoring: Any,
    ) -> None:
        indication = {
            "tumour_types": ["NSCLC"],
            "relevant": relevant,
            "requires": requires,
            "essential_loci": essential or [],
        }
        numbered = [DATES | {"id": f"TST-{n:03}"} | item for n, item in enumerate(rows, start=1)]
        mechanisms = [DATES | {"id": f"MEC-{n:03}"} | item for n, item in enumerate(rules or [], start=1)]
        fields = {field: getattr(base, field) for field in Rulebase.model_fields}
        self.interpreter = TumourInterpreter(
            Rulebase.model_validate(
                fields
                | {
                    "manifest": base.manifest.model_copy(
                        update={"scoring": base.manifest.scoring.model_copy(update=scoring)}
                    ),
                    "tables": [
                        {"drug": "gefitinib", "indications": indications or [indication], "rows": numbered},
                        *(
                            {
                                "drug": drug,
                                "indications": [indication],
                                "rows": [DATES | {"id": f"OTH-{n:03}"} | item for n, item in enumerate(rows_, start=1)],
                            }
                            for drug, rows_ in (others or {}).items()
                        ),
                    ],
                    "mechanism_rules": mechanisms,
                    "conclusions": [
                        {"id": name, "name": name} for name in sorted({item["concludes"] for item in rules or []})
                    ],
                }
            )
        )

    def report(self, *findings: str, assayed: tuple[str, ...] = (), tumour: str = "LUAD", **given: Any) -> Report:
        return self.interpreter.interpret(
            self.interpreter.genotype(tumour=tumour, findings=findings, assayed=assayed, **given)
        )

    def __call__(self, *findings: str, assayed: tuple[str, ...] = (), tumour: str = "LUAD", **given: Any) -> Verdict:
        """The verdict on gefitinib."""
        verdicts = self.report(*findings, assayed=assayed, tumour=tumour, **given).verdicts
        return next(verdict for verdict in verdicts if verdict.drug == "gefitinib")
