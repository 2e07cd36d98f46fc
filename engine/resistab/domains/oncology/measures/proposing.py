"""Proposals as draft rows in the tables of tumours."""

from __future__ import annotations

import datetime
from typing import Any

from resistab.core.condition import condition_text
from resistab.core.faults import Fault, InputError, nearest
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.rulesets.proposals import DraftEntry, Proposal


def entry_of(rulebase: Rulebase, proposal: Proposal, on: datetime.date) -> DraftEntry:
    """A proposal as a row with the status *draft*; raises ``InputError`` where the table cannot have it.

    A row without support becomes the draft of a row of the same condition without effect: what is accepted of it is a
    curator's to say, and the row that it speaks of stays until it is retired. The effect, the mechanism and the tumour
    types are proposals; before a row is active it needs evidence.
    """
    table = rulebase.table_by_drug.get(proposal.drug)
    if table is None:
        near = nearest(proposal.drug, rulebase.table_by_drug)
        message = f"has no table of {proposal.drug}"
        raise InputError(
            [Fault(where=rulebase.manifest.ruleset, message=message, expected="a drug with a table", suggestion=near)]
        )
    where = f"tables/{proposal.drug}"
    try:
        when = condition_text(parse_condition(proposal.when))
    except ValueError as error:
        raise InputError([Fault(where=where, message=str(error), expected="a condition as learn writes it")]) from error
    effect = _effect(proposal)
    for row in table.rows:
        if row.status == "draft" and condition_text(row.when) == when and row.effect == effect:
            message = f"the draft {row.id} of {proposal.drug} says the same of {when} already"
            raise InputError([Fault(where=where, message=message, expected="no such draft: accept or delete it first")])
    tumour_types = ["TISSUE"]
    if proposal.row is not None:
        held = [
            row for row in (*table.rows, *(r for t in rulebase.class_tables for r in t.rows)) if row.id == proposal.row
        ]
        if not held:
            message = f"{proposal.drug} has no row {proposal.row}"
            raise InputError([Fault(where=where, message=message, expected="the rule set that it was learned beside")])
        tumour_types = list(held[0].tumour_types)
    content: dict[str, Any] = {
        "status": "draft",
        "when": when,
        "tumour_types": tumour_types,
        "effect": effect,
        "mechanism": "target dependence" if effect == "susceptibility" else "not established",
    }
    if proposal.score is not None:
        held_by = f"{proposal.samples} samples of {proposal.patients} patients"
        content |= {"score": proposal.score, "score_reason": f"learned from {held_by} that have this"}
    q = f"{proposal.q:.2g} of such proposals are expected to be false"
    content |= {"note": f"{proposal.says}; {q}", "created": on, "reviewed": on, "evidence": []}
    accepting = ["judge effect, mechanism and tumour types, give it evidence, then write status: active"]
    if proposal.row is not None:
        accepting = [f"retire {proposal.row} (status: retired, with the date), and delete the draft or make it active"]
    return DraftEntry(proposal, "rows", content, "", 3, tuple(accepting))


def _effect(proposal: Proposal) -> str:
    if proposal.kind == "row without support":
        return "no effect"
    return "resistance" if proposal.estimate > 0 else "susceptibility"


def accepted(rulebase: Rulebase, id_: str) -> str:
    """Raises ``InputError``: a row for tumours becomes active by a curator who has read the evidence."""
    message = f"{id_} is a row that needs a judgement of its effect and evidence before it is active"
    raise InputError(
        [Fault(where=rulebase.manifest.ruleset, message=message, expected="status: active, written by hand")]
    )
