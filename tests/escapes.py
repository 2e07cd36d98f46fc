"""Escape sets by trying every set of a few changes with the real interpreters, for comparison with the solver."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from resistab.core.escape import Escapes, FurtherChange
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.policy.escape import TumourEscapes, TumourSearch
from resistab.domains.virus.policy import escape as viral

# All sets of so many changes at most are tried.
MOST = 3
Works = Callable[[tuple[FurtherChange, ...]], bool]


def tried(changes: Sequence[FurtherChange], works: Works) -> tuple[int | None, set[tuple[str, ...]]]:
    """The weight of the smallest sets of at most three changes that work, and those sets."""
    least, found = math.inf, set[tuple[str, ...]]()
    for size in range(1, MOST + 1):
        for chosen in itertools.combinations(changes, size):
            slots = [change.slot for change in chosen if change.slot]
            weight = sum(change.weight for change in chosen)
            if len(slots) > len(set(slots)) or weight > least or not works(chosen):
                continue
            found = {of for of in found if weight == least} | {tuple(change.id for change in chosen)}
            least = weight
    return (None if least == math.inf else int(least)), found


def agree(escapes: Escapes, changes: Sequence[FurtherChange], works: Works) -> None:
    """The solver's sets are those that were tried; with larger sets it may find a smaller weight."""
    least, found = tried(changes, works)
    sets = {tuple(change.id for change in of.changes) for of in escapes.sets}
    small = {of for of in sets if len(of) <= MOST}
    assert escapes.exact
    if least is None or (small != found and not small):
        assert not small
        assert least is None or escapes.barrier < least
    else:
        assert (escapes.barrier, small) == (least, found)


class FewChanges(TumourSearch):
    """With so few candidates, drawn at random, that every set of them can be tried."""

    chance = random.Random(0)
    most = 8

    def _changes(self, *of: object) -> Iterator[FurtherChange]:
        every = sorted(super()._changes(*of), key=lambda change: change.id)  # type: ignore[arg-type]
        yield from self.chance.sample(every, min(len(every), self.most))


class FewMutations(viral._GeneSearch):
    """The same of a virus's gene."""

    chance = random.Random(0)
    most = 8

    def _changes(self, *of: object) -> Iterator[FurtherChange]:
        every = sorted(super()._changes(*of), key=lambda change: change.id)  # type: ignore[arg-type]
        yield from self.chance.sample(every, min(len(every), self.most))


def tumour_agrees(search: TumourEscapes, seed: int) -> str:
    """One random tumour and regimen; raises ``AssertionError`` where solver and trying differ. What came of it."""
    chance = FewChanges.chance = random.Random(seed)
    rulebase = search.rulebase
    tumour = chance.choice(sorted(rulebase.judged_types))
    lineage = set(rulebase.lineage(tumour))
    # Only drugs that some change may defeat there: of most nothing else is known than that there is none.
    used = []
    for rules in search.prepared.drugs:
        heads = set(search.defeat(rules).heads)
        if rulebase.is_used(rules.table, tumour) or seed % 3 == 0:
            here = (not lineage.isdisjoint(row.tumour_types) for row, own, _ in rules.heads if own in heads)
            beyond = (not lineage.isdisjoint(row.extrapolated_to) for row, _, other in rules.heads if other in heads)
            used += [rules.drug] if any((*here, *beyond)) else []
    if not used:
        return "no drug"
    regimen = chance.sample(used, min(len(used), chance.choice((1, 2, 2, 3))))
    goal = search.goal(regimen)
    names = {name for of in goal.values() for name in of}
    every = [change.text for change in TumourSearch(search, bare(search, tumour), names).solver.changes]
    findings = chance.sample(every, min(len(every), chance.choice((0, 0, 1, 2))))
    findings += chance.choice(([], ["BRAF V600E"], ["EGFR L858R"], ["BCR::ABL1"], ["ERBB2 amplification"]))
    assayed = chance.choice(([], ["BRAF mutation", "EGFR mutation", "KRAS mutation", "NRAS mutation"]))
    try:
        genotype = search.interpreter.genotype(tumour, findings, assayed)
    except InputError:
        return "contradiction"
    few = FewChanges(search, genotype, names)
    escapes = few.escapes(goal, math.inf)
    active = few._active(goal)
    if not active:
        assert escapes == Escapes((), 0)
        return "none active"
    for drug in escapes.undefeated:
        assert tried(few.solver.changes, working(few, {drug: active[drug]}))[0] is None
    defeated = {drug: of for drug, of in active.items() if drug not in escapes.undefeated}
    if defeated:
        agree(escapes, few.solver.changes, working(few, defeated))
    return f"barrier {escapes.text}"


def bare(search: TumourEscapes, tumour: str) -> Genotype:
    """A tumour of which nothing else is known."""
    return search.interpreter.genotype(tumour)


def working(few: TumourSearch, goal: Mapping[str, tuple[str, ...]]) -> Works:
    """Whether changes defeat all of ``goal``; what contradicts itself does not come to be."""

    def works(changes: tuple[FurtherChange, ...]) -> bool:
        try:
            return few._works(changes, goal)
        except InputError:
            return False

    return works


def virus_agrees(search: viral.ViralEscapes, seed: int) -> str:
    """One random virus and drugs on one gene; raises ``AssertionError`` where solver and trying differ."""
    chance = FewMutations.chance = random.Random(seed)
    gene = chance.choice([gene.symbol for gene in search.rulebase.genes if gene.drug_classes])
    drugs = [drug for drug in search.programs if search.rulebase.gene_of(drug) == gene]
    regimen = tuple(sorted(chance.sample(drugs, min(len(drugs), chance.choice((1, 2, 3))))))
    genotype = search.interpreter.genotype(f"{gene}:none")
    every = viral._GeneSearch(search, genotype, gene, frozenset(regimen), math.inf).solver.changes
    listed = {change.slot: change.text for change in chance.sample(every, min(len(every), chance.choice((0, 0, 1, 2))))}
    if listed:
        genotype = search.interpreter.genotype(", ".join(listed.values()), sequenced=[gene])
    few = FewMutations(search, genotype, gene, frozenset(regimen), math.inf)
    escapes = few.escapes(regimen)
    active = [drug for drug in regimen if not search.inactive(few.verdict(drug, ()))]
    if not active:
        assert escapes == Escapes((), 0)
        return "none active"
    for drug in escapes.undefeated:
        assert tried(few.solver.changes, lambda changes: few._works(changes, [drug]))[0] is None  # noqa: B023
    defeated = [drug for drug in active if drug not in escapes.undefeated]
    if defeated:
        agree(escapes, few.solver.changes, lambda changes: few._works(changes, defeated))
    return f"barrier {escapes.text}"
