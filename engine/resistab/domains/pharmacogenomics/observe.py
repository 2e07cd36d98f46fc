"""What a genotype says of an atom.

An allele of uncertain function may have any function that alleles of its gene have: an atom is true where it holds
whatever that is, false where it never does, and otherwise unknown. A gene that was not tested leaves all open.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import assert_never

from resistab.core.condition import Atom, atoms
from resistab.core.fixpoint import evaluate_condition
from resistab.core.truth import Observation, Truth
from resistab.domains.pharmacogenomics.atoms import (
    UNCERTAIN,
    ActivityAtom,
    AlleleAtom,
    Function,
    FunctionsAtom,
    GermlineAtom,
    germline_atom,
)
from resistab.domains.pharmacogenomics.genotype import GeneResult, GermlineGenotype
from resistab.domains.pharmacogenomics.kinds import Allele, GermlineGene, GermlineRulebase, PhenotypeRule

# What two alleles are to a rule: the function and activity value of each.
Kind = tuple[Function, float | None]
Pair = tuple[Kind, Kind]


def observe(wanted: Iterable[Atom], genotype: GermlineGenotype, rulebase: GermlineRulebase) -> dict[Atom, Observation]:
    """What ``genotype`` says of each atom, with the results behind it by index."""
    found: dict[Atom, Observation] = {}
    for atom in map(germline_atom, wanted):
        indices = tuple(index for index, result in enumerate(genotype.results) if result.gene == atom.gene)
        truth = _truth(atom, [genotype.results[index] for index in indices], rulebase)
        found[atom] = Observation(truth, () if truth is Truth.FALSE else indices)
    return found


def _truth(atom: GermlineAtom, results: list[GeneResult], rulebase: GermlineRulebase) -> Truth:
    if isinstance(atom, AlleleAtom):
        return _carried(atom, results)
    for result in results:
        if result.phenotype is not None:
            # Phenotypes exclude each other, and each follows from one atom (the check of the rule set sees to that).
            return Truth.TRUE if rulebase.phenotype_of[result.phenotype][1].when == atom else Truth.FALSE
        if result.alleles:
            gene = rulebase.gene_of[atom.gene]
            return truth_of(atom, pair_of(gene, result.alleles), gene)
    return Truth.UNKNOWN


def _carried(atom: AlleleAtom, results: list[GeneResult]) -> Truth:
    """An allele that is typed to one field only (``57``) may be any that begins so."""
    alleles = [allele for result in results for allele in result.alleles]
    if atom.allele in alleles:
        return Truth.TRUE
    others = len(alleles) == 2 and not any(atom.allele.startswith(f"{allele}:") for allele in alleles)
    absent = any(atom.allele in result.absent for result in results)
    return Truth.FALSE if others or absent else Truth.UNKNOWN


def pair_of(gene: GermlineGene, alleles: tuple[str, ...]) -> Pair:
    """What two alleles are, given by name; the one allele of a man is to the rules what two of it are."""
    one, other = alleles * 2 if len(alleles) == 1 else alleles
    return _kind(gene.allele_of[one.casefold()]), _kind(gene.allele_of[other.casefold()])


def every_pair(gene: GermlineGene) -> tuple[Pair, ...]:
    """Every pair of kinds of alleles that a gene has, uncertain ones too."""
    kinds = sorted({_kind(allele) for allele in gene.alleles}, key=str)
    return tuple(itertools.combinations_with_replacement(kinds, 2))


def phenotype_truth(gene: GermlineGene, rule: PhenotypeRule, pair: Pair) -> Truth:
    """Whether a pair of alleles has a phenotype."""
    observed = {atom: Observation(truth_of(germline_atom(atom), pair, gene)) for atom in atoms(rule.when)}
    certain, possible = evaluate_condition(rule.when, observed, {})
    return Truth.TRUE if certain else Truth.UNKNOWN if possible else Truth.FALSE


def truth_of(atom: GermlineAtom, pair: Pair, gene: GermlineGene) -> Truth:
    """What a pair of alleles says of an atom that asks for functions or activity."""
    match atom:
        case FunctionsAtom(one=one, other=other):
            # That an allele is of uncertain function is known of it.
            pairs = {pair} if UNCERTAIN in (*one, *other) else _possible(pair, gene)
            held = {
                (first in one and second in other) or (second in one and first in other)
                for (first, _), (second, _) in pairs
            }
        case ActivityAtom():
            held = {atom.holds(sum(value or 0.0 for _, value in pair)) for pair in _possible(pair, gene)}
        case AlleleAtom():
            raise TypeError(f"{atom.text} does not follow from functions")
        case _:
            assert_never(atom)
    return Truth.UNKNOWN if len(held) == 2 else Truth.TRUE if True in held else Truth.FALSE


def _possible(pair: Pair, gene: GermlineGene) -> set[Pair]:
    """The pairs that a pair may be: an uncertain allele is each kind that alleles of known function are."""
    definite = {_kind(allele) for allele in gene.alleles if allele.function != UNCERTAIN}

    def options(kind: Kind) -> Iterable[Kind]:
        return definite if kind[0] == UNCERTAIN else (kind,)

    return set(itertools.product(options(pair[0]), options(pair[1])))


def _kind(allele: Allele) -> Kind:
    return allele.function, allele.activity
