"""Random programs and observations for Hypothesis."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    ConclusionAtom,
    Condition,
    CountOf,
    Not,
)
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program, stratify
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.atoms import (
    WildTypeAtom,
)

ATOMS: tuple[Atom, ...] = tuple(WildTypeAtom(gene=f"G{number}") for number in range(6))
CONCLUSIONS = tuple(f"c{number}" for number in range(6))
# Two conclusions in each layer; negation reaches only below its own layer.
LAYER = {name: number // 2 for number, name in enumerate(CONCLUSIONS)}
WEIGHTS = (FULL_WEIGHT, 60.0, 30.0, 15.0, 10.0)


@cache
def conditions(layer: int, negated: bool = False, depth: int = 3) -> st.SearchStrategy[Condition]:
    """Condition trees for a clause of ``layer``; ``negated`` says that they will stand under a negation."""
    within_reach = [name for name in CONCLUSIONS if (LAYER[name] < layer or (LAYER[name] == layer and not negated))]
    leaves: list[st.SearchStrategy[Condition]] = [st.sampled_from(ATOMS)]
    if within_reach:
        leaves.append(st.sampled_from(within_reach).map(lambda name: ConclusionAtom(id=name)))
    leaf = st.one_of(leaves)
    if depth == 0:
        return leaf

    def parts(under_negation: bool) -> st.SearchStrategy[tuple[Condition, ...]]:
        return st.lists(conditions(layer, under_negation, depth - 1), min_size=1, max_size=4).map(tuple)

    bound = st.integers(0, 5)
    return st.one_of(
        leaf,
        parts(negated).map(lambda of: AllOf(of=of)),
        parts(negated).map(lambda of: AnyOf(of=of)),
        # What stands under a negation may only ask for lower layers, however often it is negated again.
        conditions(layer, True, depth - 1).map(lambda of: Not(of=of)),
        st.builds(lambda n, of: CountOf(at_least=n, of=of), bound, parts(negated)),
        st.builds(lambda n, of: CountOf(at_most=n, of=of), bound, parts(True)),
        st.builds(lambda n, of: CountOf(at_least=n, at_most=n, of=of), bound, parts(True)),
        st.builds(lambda n, m, of: CountOf(at_least=n, at_most=m, of=of), bound, bound, parts(True)),
    )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Stratified programs: mechanism clauses in three layers, with cycles inside a layer, and rows above them."""
    mechanism = []
    for number in range(draw(st.integers(0, 7))):
        name = draw(st.sampled_from(CONCLUSIONS))
        mechanism.append(
            Clause(
                id=f"M-{number:03}",
                unit=draw(st.sampled_from(["mechanisms", "more mechanisms"])),
                head=Head("conclusion", name),
                condition=draw(conditions(LAYER[name])),
                weight=draw(st.sampled_from(WEIGHTS)),
            )
        )
    rows = tuple(
        Clause(
            id=f"R-{number:03}",
            unit=draw(st.sampled_from(["one", "other"])),
            head=Head("row", f"R-{number:03}"),
            condition=draw(conditions(3)),
            weight=draw(st.sampled_from(WEIGHTS)),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    return Program(digest="", strata=(*stratify(mechanism), rows))


observations: st.SearchStrategy[dict[Atom, Observation]] = st.fixed_dictionaries(
    {atom: st.sampled_from(Truth).map(Observation) for atom in ATOMS}
)
