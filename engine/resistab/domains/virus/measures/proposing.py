"""Proposals as drafts in the tables of a virus's rule set, and drafts that a curator accepts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from resistab.core.condition import condition_text, number_text
from resistab.core.faults import Fault, InputError, nearest
from resistab.curation.kit.commented_yaml import Collection, CommentedEntry, Scalar
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.conditions import parse_residue_condition
from resistab.domains.virus.grammar.residues import parse_residues, residues_text
from resistab.domains.virus.kinds.models import DraftLine, ViralRulebase, ViralTable
from resistab.rulesets.proposals import DraftEntry, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS = 2


def entry_of(rulebase: ViralRulebase, proposal: Proposal, on: datetime.date) -> DraftEntry:
    """A proposal as a line of ``drafts``; raises ``InputError`` where the table cannot have it."""
    table = rulebase.table_of.get(proposal.drug)
    if table is None:
        raise _fault(rulebase, f"has no table of {proposal.drug}", "a drug with a table", proposal.drug)
    where = table.file
    try:
        when = condition_text(parse_residue_condition(proposal.when))
    except ValueError as error:
        raise InputError([Fault(where=where, message=str(error), expected="a condition as learn writes it")]) from error
    for draft in table.drafts:
        if condition_text(draft.when) == when and (draft.instead_of or None) == proposal.row:
            message = f"the draft {draft.id} of {proposal.drug} says the same of {when} already"
            raise InputError([Fault(where=where, message=message, expected="no such draft: accept or delete it first")])
    content: dict[str, Any] = {"when": when}
    if proposal.row is None:
        content["score"] = proposal.score
        accepting = _adding(table, when, float(proposal.score or 0))
    else:
        items = {row: items for _, row, items in rulebase.score_items(table)}.get(proposal.row, ())
        if all(condition_text(item.when) != when for item in items):
            message = f"no row {proposal.row} of {proposal.drug} scores {when}"
            raise InputError([Fault(where=where, message=message, expected="the rule set that it was learned beside")])
        content["instead_of"] = proposal.row
        accepting = (f"delete {when} from the row {proposal.row}",)
    content |= {
        "estimate": proposal.estimate,
        "low": proposal.low,
        "high": proposal.high,
        "q": proposal.q,
        "samples": proposal.samples,
        "patients": proposal.patients,
        "created": on,
        "note": proposal.says,
    }
    return DraftEntry(proposal, "drafts", content, f"{proposal.drug}-D", _DIGITS, accepting)


def _adding(table: ViralTable, when: str, score: float) -> tuple[str, ...]:
    """What a curator writes to accept a new score: its line, with what the position has already."""
    condition = parse_residue_condition(when)
    if not isinstance(condition, ResidueAtom):
        return ("write a combination:", f"  - {{id: {table.drug}-C…, when: {when}, score: {number_text(score)}}}")
    line = {residues_text(residues): value for residues, value in table.scores.get(condition.position, {}).items()}
    line[residues_text(condition.residues)] = score
    # These letters alone are truth values to YAML.
    quoted = {residues: f'"{residues}"' if residues in ("Y", "N") else residues for residues in line}
    scored = ", ".join(f"{quoted[residues]}: {number_text(value)}" for residues, value in line.items())
    return ("write under scores:", f"  {condition.position}: {{{scored}}}")


def _fault(rulebase: ViralRulebase, message: str, expected: str, drug: str) -> InputError:
    near = nearest(drug, rulebase.table_of)
    return InputError([Fault(where=rulebase.manifest.ruleset, message=message, expected=expected, suggestion=near)])


# --- accepted -----------------------------------------------------------------------------------------------------


def accepted(rulebase: ViralRulebase, id_: str, root: Collection) -> str:
    """Move the draft ``id_`` into the scores of its table, or take away what it would; says what was done.

    ``root`` is the tree of the table's file. Raises ``InputError`` where the table does not have what the draft speaks
    of, or where only a curator can say how: a condition of several residues that would be new.
    """
    table, draft = next((table, draft) for table in rulebase.tables for draft in table.drafts if draft.id == id_)
    said = _with_score(table, draft, root) if draft.score is not None else _without_score(table, draft, root)
    drafts = root.value("drafts")
    assert isinstance(drafts, Collection)
    drafts.entries = [entry for entry in drafts.entries if _text(entry.value, "id") != id_]
    if not drafts.entries:
        _delete(root, "drafts")
    return said


def _with_score(table: ViralTable, draft: DraftLine, root: Collection) -> str:
    when, score = draft.when, draft.score or 0.0
    if not isinstance(when, ResidueAtom) or when.inverted:
        message = f"{draft.id} asks for {condition_text(when)}, which is no line of scores"
        raise InputError([Fault(where=table.file, message=message, expected="a combination, written by hand")])
    taken = {residue for residues in table.scores.get(when.position, {}) for residue in residues} & set(when.residues)
    if taken:
        message = f"{table.drug}-{when.position} scores {when.position}{residues_text(sorted(taken))} already"
        raise InputError([Fault(where=table.file, message=message, expected="a residue without a score")])
    scores = root.value("scores")
    if not isinstance(scores, Collection):
        scores = Collection(is_mapping=True)
        _delete(root, "scores")
        root.entries.append(CommentedEntry(scores, Scalar("scores", is_text=True), before=[""]))
    line = scores.value(str(when.position))
    if not isinstance(line, Collection):
        line = Collection(is_mapping=True, flow=True)
        entry = CommentedEntry(line, Scalar(str(when.position), is_text=False))
        places = (number for number, one in enumerate(scores.entries) if one.key and _after(one.key, when.position))
        scores.entries.insert(next(places, len(scores.entries)), entry)
    key = residues_text(when.residues)
    line.entries.append(CommentedEntry(Scalar(number_text(score), is_text=False), Scalar(key, is_text=True)))
    return f"{table.drug}-{when.position} scores {number_text(score)} for {condition_text(when)}"


def _after(key: Scalar, position: int) -> bool:
    return key.text.isdigit() and int(key.text) > position


def _without_score(table: ViralTable, draft: DraftLine, root: Collection) -> str:
    """Take away the score of the draft's row; of a row with several conditions, of this condition alone."""
    when = condition_text(draft.when)
    if isinstance(draft.when, ResidueAtom) and draft.instead_of == f"{table.drug}-{draft.when.position}":
        scores, position = root.value("scores"), str(draft.when.position)
        line = scores.value(position) if isinstance(scores, Collection) else None
        if isinstance(scores, Collection) and isinstance(line, Collection):
            gone = set(draft.when.residues)
            line.entries = [one for one in line.entries if one.key and set(parse_residues(one.key.text) or ()) != gone]
            if not line.entries:
                _delete(scores, position)
            return f"{draft.instead_of} no longer scores {when}"
    combinations = root.value("combinations")
    for entry in list(combinations.entries) if isinstance(combinations, Collection) else []:
        if _text(entry.value, "id") == draft.instead_of and isinstance(entry.value, Collection):
            several = entry.value.value("largest_of")
            if isinstance(several, Collection):
                several.entries = [one for one in several.entries if _condition(one.value) != when]
            if not (isinstance(several, Collection) and several.entries):
                assert isinstance(combinations, Collection)
                combinations.entries.remove(entry)
                if not combinations.entries:
                    _delete(root, "combinations")
            return f"{draft.instead_of} no longer scores {when}"
    message = f"{draft.instead_of} is no row of scores or combinations"
    raise InputError([Fault(where=table.file, message=message, expected="a row of them; others are edited by hand")])


def _condition(value: Scalar | Collection) -> str:
    text = _text(value, "when")
    return condition_text(parse_residue_condition(text)) if text else ""


def _text(value: Scalar | Collection, field: str) -> str:
    found = value.value(field) if isinstance(value, Collection) else None
    return found.text if isinstance(found, Scalar) else ""


def _delete(collection: Collection, *keys: str) -> None:
    kept: Iterable[CommentedEntry] = (one for one in collection.entries if not one.key or one.key.text not in keys)
    collection.entries = list(kept)
