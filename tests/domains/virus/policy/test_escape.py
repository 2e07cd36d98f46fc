"""Escape sets of antiretroviral drugs: weights by codons, sums with negative scores, genes put together."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

import resistab
from resistab.core.escape import Escapes
from resistab.core.faults import InputError
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.fasta import FastaRecord, read_fasta
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.policy.escape import ViralEscapes, _GeneSearch, not_active_levels
from tests.escapes import virus_agrees

ALL = ["PR", "RT", "IN", "CA"]
SEQUENCES = Path(__file__).parents[3] / "fixtures" / "sequences"
# G118R, R263K and Q148K cost the virus more than one nucleotide says.
COSTS = {("IN", 118, "R"): 1, ("IN", 263, "K"): 1, ("IN", 148, "K"): 1}


@pytest.fixture(scope="module")
def hiv() -> ViralInterpreter:
    return resistab.load("hiv1")


@pytest.fixture(scope="module")
def search(hiv: ViralInterpreter) -> ViralEscapes:
    return ViralEscapes(hiv, limit=100)


def gene_search(search: ViralEscapes, genotype: ViralGenotype, gene: str, drugs: tuple[str, ...]) -> _GeneSearch:
    return _GeneSearch(search, genotype, gene, frozenset(drugs), math.inf)


def escapes(search: ViralEscapes, mutations: str, *drugs: str) -> Escapes:
    return search.escapes(search.interpreter.genotype(mutations, sequenced=ALL), drugs)


def sets(found: Escapes) -> set[tuple[str, ...]]:
    return {of.texts for of in found.sets}


def test_levels_of_no_activity_begin_with_intermediate(hiv: ViralInterpreter) -> None:
    assert not_active_levels(hiv.rulebase.manifest) == {4, 5}


def test_one_nucleotide_defeats_a_drug_of_low_barrier(search: ViralEscapes) -> None:
    found = escapes(search, "", "3TC")
    assert (sets(found), found.text) == ({("RT:M184I",), ("RT:M184V",)}, "1")
    assert found.sets[0].behind[0].row == "3TC-184"


def test_a_boosted_protease_inhibitor_needs_more(search: ViralEscapes) -> None:
    assert escapes(search, "", "DRV/r").barrier > escapes(search, "", "NFV").barrier


def test_drugs_on_two_genes_are_put_together(search: ViralEscapes) -> None:
    found = escapes(search, "", "DTG", "3TC", "TDF")
    assert found.barrier == escapes(search, "", "DTG").barrier + escapes(search, "", "3TC", "TDF").barrier
    assert ("IN:R263K", "RT:K65R", "RT:M184V") in sets(found)


def test_costs_beside_nucleotides_raise_the_barrier(hiv: ViralInterpreter) -> None:
    costly = ViralEscapes(hiv, costs=COSTS)
    assert escapes(costly, "", "DTG", "3TC", "TDF").barrier > escapes(costly, "", "EFV", "3TC", "TDF").barrier


def test_a_mutation_that_is_there_costs_nothing_more(search: ViralEscapes) -> None:
    assert escapes(search, "RT:K103N RT:M184V", "EFV", "3TC", "TDF").barrier == 1
    assert escapes(search, "RT:K103N RT:M184V", "EFV", "3TC") == Escapes((), 0)


def test_a_negative_score_is_outweighed(search: ViralEscapes) -> None:
    """M184V takes 10 from tenofovir: K65N (30) defeats it alone, and not beside M184V."""
    assert ("RT:K65N",) in sets(escapes(search, "", "TDF"))
    assert ("RT:K65N",) not in sets(escapes(search, "RT:M184V", "TDF"))


def test_one_residue_stands_at_a_position(search: ViralEscapes) -> None:
    for of in escapes(search, "", "DRV/r", "3TC", "ABC").sets:
        places = [change.id.rpartition(" ")[0] for change in of.changes]
        assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("codon", "to", "weight"),
    [
        ("ATG", "V", 1),
        ("TTG", "V", 1),
        ("TGG", "V", 2),
        ("CAA", "V", 2),
        ("CCC", "I", 2),
        ("RTG", "V", None),
        ("TKG", "V", 1),
        ("NNN", "V", 1),
        ("CAC", "ins", 3),
    ],
)
def test_the_codon_of_the_patient_decides(search: ViralEscapes, codon: str, to: str, weight: int | None) -> None:
    """To GTG from ATG by one nucleotide, from TGG by two; of a mixture from the nearest, and not what is in it.

    Where the codon was not read it is the reference's, ATG.
    """
    bases = read_fasta(SEQUENCES / "pol.fasta")[0].sequence
    position = 69 if to == "ins" else 184
    at = 3 * (99 + position - 1)
    record = FastaRecord("one", bases[:at] + codon + bases[at + 3 :], "one", 1)
    of_gene = gene_search(search, search.interpreter.sequence_reader().read(record), "RT", ("3TC",))
    weights = {change.text[-len(to) :]: change for change in of_gene.solver.changes if change.slot == str(position)}
    assert (weights[to].weight if to in weights else None) == weight
    assert to not in weights or weights[to].weight_known


def test_where_the_codon_is_not_known_a_change_weighs_one(search: ViralEscapes) -> None:
    found = escapes(search, "RT:K103R", "EFV")
    (one,) = [of for of in found.sets if of.texts == ("RT:K103N",)]
    assert (one.weight, one.weight_known) == (1, False)
    (other,) = [of for of in found.sets if of.texts == ("RT:Y188C",)]
    assert other.weight_known


def test_a_gene_that_was_not_sequenced_is_taken_as_the_reference(search: ViralEscapes) -> None:
    genotype = search.interpreter.genotype("", sequenced=["RT"])
    found = search.escapes(genotype, ["DTG"])
    assert ("IN:R263K",) in sets(found)


def test_a_drug_that_is_not_known_is_refused(search: ViralEscapes) -> None:
    with pytest.raises(InputError, match="unknown drug 'TFD'"):
        escapes(search, "", "TFD")


@pytest.mark.parametrize("mutations", ["", "RT:M184V RT:K65R", "IN:Q148H IN:G140S PR:L90M", "RT:M41L RT:T215Y"])
@pytest.mark.parametrize("drugs", [("DTG", "3TC", "TDF"), ("EFV", "FTC", "TDF"), ("DRV/r", "AZT", "3TC")])
def test_each_set_works_and_no_part_of_it_does(hiv: ViralInterpreter, mutations: str, drugs: tuple[str, ...]) -> None:
    """By the whole interpretation of the patient with the changes among the mutations."""
    search = ViralEscapes(hiv, limit=2)
    genotype = hiv.genotype(mutations, sequenced=ALL)

    def active(texts: tuple[str, ...]) -> bool:
        further = search.further.added(genotype, ", ".join(texts)) if texts else genotype
        verdicts = {verdict.drug: verdict for verdict in hiv.interpret(further).verdicts}
        return any(not search.inactive(verdicts[drug]) for drug in drugs)

    found = search.escapes(genotype, drugs)
    assert bool(found.sets) == active(())
    for of in found.sets:
        assert not active(of.texts)
        assert all(active(part) for size in range(len(of.texts)) for part in itertools.combinations(of.texts, size))


@pytest.mark.parametrize("seed", range(6))
def test_trying_every_set_agrees_with_the_solver(hiv: ViralInterpreter, seed: int) -> None:
    """300 patients in the slow tests."""
    virus_agrees(ViralEscapes(hiv, limit=10**6), seed)


def test_further_mutations_stand_in_place_of_what_was_found(search: ViralEscapes) -> None:
    genotype = search.interpreter.genotype("RT:M184MV RT:K103N", sequenced=["RT"])
    more = search.further.added(genotype, "RT:M184I, IN:R263K")
    assert [finding.text for finding in more.findings] == ["RT K103N", "RT M184I", "IN R263K"]
    assert [(item.gene, item.inferred) for item in more.coverage] == [("RT", False), ("IN", True)]
    with pytest.raises(InputError, match="further mutations"):
        search.further.added(genotype, "RT:K184V")


def test_the_codons_of_the_reference_encode_it(hiv: ViralInterpreter) -> None:
    assert all(len(gene.codon_at) == gene.length for gene in hiv.rulebase.genes)
