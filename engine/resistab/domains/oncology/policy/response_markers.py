"""What is no response marker though "any mutation" is asked for: a change that resists a drug of the same target."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import cast

from resistab.core.condition import Atom, Condition, mentions
from resistab.core.fixpoint import evaluate_condition
from resistab.core.result import KnownValues
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.atoms import SiteAtom
from resistab.domains.oncology.kinds.models import Rulebase

# Asked of these without a place, a gene's every change is meant.
_ANY = ("mutation", "any change", "substitution")


def resistance_mutations(rulebase: Rulebase, observed: Mapping[Atom, Observation]) -> dict[str, frozenset[int]]:
    """By gene the findings that a row names as resistance to a drug of that target."""
    found: dict[str, set[int]] = {}
    for atom in rulebase.resistance_changes:
        seen = observed.get(atom)
        if seen is not None and seen.truth is Truth.TRUE:
            found.setdefault(atom.gene, set()).update(seen.findings)
    return {gene: frozenset(indices) for gene, indices in found.items()}


def is_any_mutation(atom: Atom) -> bool:
    """Whether an atom asks for any mutation of a gene."""
    return isinstance(atom, SiteAtom) and atom.first is None and atom.exon is None and atom.type in _ANY


def marked(
    condition: Condition,
    observed: Mapping[Atom, Observation],
    values: KnownValues,
    resisting: Mapping[str, frozenset[int]],
) -> bool:
    """Whether a response marker that is certain stays so where no resistance mutation counts as "any mutation"."""
    without: dict[Atom, Observation] = {}
    for mention in mentions(condition):
        atom = mention.atom
        if isinstance(atom, SiteAtom) and is_any_mutation(atom) and atom in observed:
            seen = observed[atom]
            left = tuple(index for index in seen.findings if index not in resisting.get(atom.gene, ()))
            if seen.truth is Truth.TRUE and len(left) < len(seen.findings):
                without[atom] = Observation(Truth.TRUE, left) if left else Observation(Truth.FALSE)
    if not without:
        return True
    certain, _ = evaluate_condition(condition, ChainMap(without, cast("dict[Atom, Observation]", observed)), values)
    return certain > 0
