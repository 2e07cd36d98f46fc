"""Conditions that mean the same, told by one text."""

from __future__ import annotations

from typing import assert_never

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    CountOf,
    Not,
    condition_text,
)


def meaning_text(condition: Condition) -> str:
    """A text that is the same for conditions that differ in order, in repetition or in brackets alone."""
    return condition_text(_normal(condition))


def _normal(condition: Condition) -> Condition:
    match condition:
        case AllOf(of=parts):
            return _joined(AllOf, parts)
        case AnyOf(of=parts):
            return _joined(AnyOf, parts)
        case Not(of=Not(of=part)):
            return _normal(part)
        case Not(of=part):
            return Not.model_construct(of=_normal(part))
        case CountOf(at_least=1, at_most=None, of=parts):
            return _joined(AnyOf, parts)
        case CountOf(at_least=least, at_most=None, of=parts) if least == len(parts):
            return _joined(AllOf, parts)
        case CountOf(at_least=None, at_most=0, of=parts):
            return Not.model_construct(of=_joined(AnyOf, parts))
        case CountOf(of=parts):
            # What stands twice counts twice.
            ordered = sorted((_normal(part) for part in parts), key=condition_text)
            return CountOf.model_construct(at_least=condition.at_least, at_most=condition.at_most, of=tuple(ordered))
        case Atom():
            return condition.normal
    assert_never(condition)


def _joined(kind: type[AllOf] | type[AnyOf], parts: tuple[Condition, ...]) -> Condition:
    flat: dict[str, Condition] = {}
    for part in parts:
        normal = _normal(part)
        for inner in normal.of if isinstance(normal, kind) else (normal,):
            flat[condition_text(inner)] = inner
    if len(flat) == 1:
        return next(iter(flat.values()))
    return kind.model_construct(of=tuple(flat[text] for text in sorted(flat)))
