"""Conditions and scores of ours as the text of ASI2 rules, which knows brackets but no negation of them.

Negations are driven inwards to the single residue items, where EXCLUDE says them; a count over anything but residue
items is written out as the alternatives that it stands for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Condition,
    CountOf,
    Not,
    condition_text,
    number_text,
)
from resistab.core.faults import Fault, RulebaseError
from resistab.core.scoring import ScoreRange
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.residues import STOP, residue_order
from resistab.domains.virus.kinds.models import ScoreRule

# ASI2 knows selenocysteine not at all.
_ASI_RESIDUES = frozenset("ACDEFGHIKLMNPQRSTVWYid")
MOST_ALTERNATIVES = 1000


def asi_condition(condition: Condition) -> str:
    """``condition`` in ASI2; raises ``RulebaseError`` where it would need too many alternatives to be written out."""
    return _text(_inwards(condition, negated=False), outermost=True)


def asi_score(rule: ScoreRule) -> str:
    """``SCORE FROM ( … )``, one item a line, the lines of positions before the combinations."""
    items: list[str] = []
    for position, line in rule.scores.items():
        atoms = [(ResidueAtom(position=position, residues=residues), score) for residues, score in line.items()]
        items.append(_largest(atoms))
    for combination in rule.combinations:
        items.append(_largest((item.when, item.score) for item in combination.items))
    return "SCORE FROM (\n  " + ",\n  ".join(items) + "\n)"


def asi_ranges(scale: Iterable[ScoreRange]) -> str:
    """``(-INF TO 9 => 1, 10 TO INF => 2)``."""
    return f"({', '.join(_range(item) for item in scale)})"


def _range(item: ScoreRange) -> str:
    low = "-INF" if item.from_score is None else number_text(item.from_score)
    high = "INF" if item.to_score is None else number_text(item.to_score)
    return f"{low} TO {high} => {item.level}"


def _largest(items: Iterable[tuple[Condition, float]]) -> str:
    texts = [f"{asi_condition(when)} => {number_text(score)}" for when, score in items]
    return texts[0] if len(texts) == 1 else f"MAX({', '.join(texts)})"


def _inwards(condition: Condition, negated: bool) -> Condition:
    """``condition``, or its negation, with Not before residue items only and counts over residue items only."""
    match condition:
        case ResidueAtom():
            return Not(of=condition) if negated else condition
        case Not(of=part):
            return _inwards(part, not negated)
        case AllOf(of=parts) | AnyOf(of=parts):
            kind = AllOf if isinstance(condition, AllOf) != negated else AnyOf
            return kind(of=tuple(_inwards(part, negated) for part in parts))
        case CountOf():
            return _count_inwards(condition, negated)
    raise _cannot(condition, "it is no condition on residues")


def _count_inwards(condition: CountOf, negated: bool) -> Condition:
    parts = condition.of
    least, most = condition.at_least or 0, condition.at_most
    if not negated:
        return _count(least if most is None or condition.at_least is not None else None, most, parts)
    alternatives: list[Condition] = []
    if least > 0:
        alternatives.append(_count(None, least - 1, parts))
    if most is not None:
        alternatives.append(_count(most + 1, None, parts))
    if not alternatives:
        # At least none always holds; more than there are never do.
        return _count(len(parts) + 1, None, parts)
    return alternatives[0] if len(alternatives) == 1 else AnyOf(of=tuple(alternatives))


def _count(least: int | None, most: int | None, parts: tuple[Condition, ...]) -> Condition:
    inner = tuple(_inwards(part, negated=False) for part in parts)
    if all(_listable(part) for part in inner):
        return CountOf(at_least=least, at_most=most, of=inner)
    # At least n hold: some n of them all do. At most n: of every n + 1 one does not.
    joined: list[Condition] = []
    if least:
        groups = _groups(inner, least)
        joined.append(AnyOf(of=tuple(AllOf(of=group) for group in groups)))
    if most is not None and most < len(inner):
        groups = _groups(tuple(_inwards(part, negated=True) for part in inner), most + 1)
        joined.append(AllOf(of=tuple(AnyOf(of=group) for group in groups)))
    if not joined:
        return AnyOf(of=(inner[0], _inwards(inner[0], negated=True)))
    return joined[0] if len(joined) == 1 else AllOf(of=tuple(joined))


def _groups(parts: tuple[Condition, ...], size: int) -> tuple[tuple[Condition, ...], ...]:
    if math.comb(len(parts), size) > MOST_ALTERNATIVES:
        raise _cannot(CountOf(at_least=size, of=parts), "it stands for too many alternatives")
    if size > len(parts):
        # Never: something and its opposite.
        return ((parts[0], _inwards(parts[0], negated=True)),)
    return tuple(itertools.combinations(parts, size))


def _listable(part: Condition) -> bool:
    """Whether SELECT may count it: a residue item, or NOT before one that names its residues."""
    return isinstance(part, ResidueAtom) or (
        isinstance(part, Not) and isinstance(part.of, ResidueAtom) and not part.of.inverted
    )


def _text(condition: Condition, outermost: bool = False) -> str:
    match condition:
        case ResidueAtom():
            return _item(condition)
        case Not(of=ResidueAtom() as atom):
            return f"EXCLUDE {_item(atom)}"
        case AllOf(of=parts) | AnyOf(of=parts):
            if len(parts) == 1:
                return _text(parts[0], outermost)
            word = " AND " if isinstance(condition, AllOf) else " OR "
            text = word.join(_text(part) for part in parts)
            return text if outermost else f"({text})"
        case CountOf(at_least=least, at_most=most, of=parts):
            listed = ",".join(f"NOT {_item(part.of)}" if isinstance(part, Not) else _text(part) for part in parts)
            if most is None:
                counted = f"ATLEAST {least}"
            elif least == most:
                counted = f"EXACTLY {least}"
            elif least is None:
                counted = f"NOTMORETHAN {most}"
            else:
                counted = f"ATLEAST {least} AND NOTMORETHAN {most}"
            return f"SELECT {counted} FROM ({listed})"
    raise _cannot(condition, "it is no condition on residues")


def _item(atom: Condition) -> str:
    if not isinstance(atom, ResidueAtom):
        raise _cannot(atom, "it is no condition on residues")
    residues = "".join("Z" if residue == STOP else residue for residue in sorted(atom.residues, key=residue_order))
    if not _ASI_RESIDUES.issuperset(set(residues) - {"Z"}):
        raise _cannot(atom, "a residue is none of ASI2")
    return f"{atom.position}(NOT {residues})" if atom.inverted else f"{atom.position}{residues}"


def _cannot(condition: Condition, reason: str) -> RulebaseError:
    message = f"the condition '{condition_text(condition)[:200]}' cannot be written in ASI2: {reason}"
    return RulebaseError([Fault(where="", message=message)])
