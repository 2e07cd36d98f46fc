"""Scores of ASI2 as tables that a person edits: one line for each position, combinations below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from resistab.core.condition import AnyOf, Condition, Not
from resistab.core.scoring import ScoreRange
from resistab.domains.virus.asi.conditions import AsiScore, AsiScoreItem, LargestOf, joined
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.checks.score_ranges import reach
from resistab.domains.virus.grammar.residues import residue_order
from resistab.domains.virus.kinds.models import Combination, Scored, ScoreRule


def score_rule(score: AsiScore, scale: tuple[ScoreRange, ...], ids: Iterator[str]) -> ScoreRule:
    """``score`` as a table; ``ids`` are taken for the combinations.

    The first item that names only residues of one position becomes the position's line. A second one at the same
    position adds to the first, so that it becomes a combination, as does every item of several positions.
    """
    lines: dict[int, dict[tuple[str, ...], float]] = {}
    combinations: list[Combination] = []
    for item in score.of:
        scored = flattened(item)
        line = _line(scored)
        if line is not None and line[0] not in lines:
            lines[line[0]] = line[1]
        elif len(scored) == 1:
            combinations.append(Combination(id=next(ids), when=scored[0].when, score=scored[0].score))
        else:
            combinations.append(Combination(id=next(ids), largest_of=scored))
    return ScoreRule(scores=dict(sorted(lines.items())), combinations=tuple(combinations), scale=scale)


def flattened(item: AsiScoreItem | LargestOf) -> tuple[Scored, ...]:
    """The conditions of an item with their scores, of which the largest that holds counts."""
    if isinstance(item, AsiScoreItem):
        return (Scored(when=item.when, score=item.score),)
    return _of_group(item)


def _of_group(group: LargestOf) -> tuple[Scored, ...]:
    # A MAX inside a MAX counts as 0 where nothing in it holds, which is more than a negative score beside it: then
    # that 0 is written out, as a condition of its own. Beside scores that are not negative it makes no difference.
    parts = [(part, flattened(part)) for part in group.of]
    negative = sum(1 for _, scored in parts if min(item.score for item in scored) < 0)
    found: list[Scored] = []
    for part, scored in parts:
        found.extend(scored)
        beside = negative - (min(item.score for item in scored) < 0)
        if isinstance(part, LargestOf) and beside:
            none = Not(of=joined(AnyOf, (item.when for item in scored)))
            found.append(Scored(when=none, score=0.0))
    return tuple(found)


def _line(scored: Sequence[Scored]) -> tuple[int, dict[tuple[str, ...], float]] | None:
    """The position and its scores, residues of one score together; None where the conditions say anything more."""
    atoms = [item.when for item in scored]
    residues: dict[float, set[str]] = {}
    for atom, item in zip(atoms, scored, strict=True):
        if not isinstance(atom, ResidueAtom) or atom.inverted:
            return None
        residues.setdefault(item.score, set()).update(atom.residues)
    positions = {atom.position for atom in atoms if isinstance(atom, ResidueAtom)}
    if len(positions) != 1:
        return None
    line: dict[tuple[str, ...], float] = {}
    for score, found in residues.items():
        key = tuple(sorted(found, key=residue_order))
        # The same residues with two scores: only the larger can ever count.
        line[key] = max(score, line.get(key, score))
    return positions.pop(), line


def hidden_scores(score: AsiScore) -> Iterator[tuple[Condition, float]]:
    """Conditions in a MAX that never count, since the same condition stands in it with a larger score."""
    for item in score.of:
        best: dict[Condition, float] = {}
        scored = flattened(item)
        for part in scored:
            best[part.when] = max(part.score, best.get(part.when, part.score))
        yield from ((part.when, part.score) for part in scored if part.score < best[part.when])


def opened(scale: tuple[ScoreRange, ...], rules: Iterable[ScoreRule]) -> tuple[ScoreRange, ...]:
    """``scale``, in order, with an end left open that no score of ``rules`` can pass, which changes nothing."""
    lows, highs = zip(*(reach(rule) for rule in rules), strict=True)
    ordered = list(scale)
    first, last = ordered[0], ordered[-1]
    if first.from_score is not None and min(lows) >= first.from_score:
        ordered[0] = first.model_copy(update={"from_score": None})
    last = ordered[-1]
    if last.to_score is not None and max(highs) <= last.to_score:
        ordered[-1] = last.model_copy(update={"to_score": None})
    return tuple(ordered)
