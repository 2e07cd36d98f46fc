"""Verdicts where reads were counted: the threshold, positions with few reads, reads in doubt.

The small rule set gives lamivudine (3TC) level 5 for 184I/V, and atazanavir (ATV/r) for 50L.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from fractions import Fraction

import pytest

from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.reads import DEFAULT_THRESHOLD, CountedReads, CountedSite, genotype_of
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.policy.models import ViralVerdict
from tests.domains.virus.inputs.small_rules import PROTEINS
from tests.paths import SMALL_VIRUS

SMALL = ViralInterpreter(load_viral_folder(SMALL_VIRUS).model_copy(update={"sequences": PROTEINS}))
Place = tuple[str, int]
# Reads with each residue; ``?`` cannot be told.
Reads = Mapping[str, int]
M184, I50 = ("RT", 184), ("PR", 50)


def genotype(
    reads: Mapping[Place, Reads], threshold: Fraction = DEFAULT_THRESHOLD, without: Collection[Place] = ()
) -> ViralGenotype:
    """Every position of every protein in a thousand reads of the reference, but for ``reads``."""
    sites = {}
    for gene, protein in PROTEINS.items():
        for position, reference in enumerate(protein, 1):
            here = reads.get((gene, position), {reference: 1000})
            total = sum(here.values())
            site = sites[gene, position] = CountedSite(total)
            for residue, number in here.items():
                if residue == "?":
                    site.untold = Fraction(number, total)
                else:
                    site.add(residue, Fraction(number, total), residue)
    for place in without:
        del sites[place]
    return genotype_of(CountedReads("reads", "codfreq", sites, {}), "one", tuple(PROTEINS), PROTEINS, threshold)


def verdicts(of: ViralGenotype) -> dict[str, ViralVerdict]:
    """The verdict on each drug, by every evaluator."""
    SMALL.check_batch(of)
    return {verdict.drug: verdict for verdict in SMALL.conclude(of).verdicts}


@pytest.mark.parametrize(
    ("reads", "mutations", "verdict"),
    [
        ({"M": 801, "V": 199}, [], "no_resistance_found"),
        ({"M": 800, "V": 200}, ["RT M184MV"], "resistant"),
        ({"M": 700, "V": 300}, ["RT M184MV"], "resistant"),
        ({"M": 100, "V": 900}, ["RT M184V"], "resistant"),
    ],
)
def test_a_mutation_counts_from_a_fifth_of_the_reads_on(reads: Reads, mutations: list[str], verdict: str) -> None:
    of = genotype({M184: reads})
    assert [finding.text for finding in of.findings] == mutations
    assert verdicts(of)["3TC"].verdict == verdict


@pytest.mark.parametrize("reads", [{"V": 99}, {"M": 99}])
def test_a_position_with_few_reads_is_as_one_not_covered(reads: Reads) -> None:
    few, uncovered = verdicts(genotype({M184: reads})), verdicts(genotype({}, without=[M184]))
    assert few == uncovered
    reason = "RT 184 not read, where one mutation alone may mean resistance"
    assert (few["3TC"].verdict, few["3TC"].not_assessable) == ("not_assessable", (reason,))


@pytest.mark.parametrize(
    ("reads", "verdict"),
    [
        ({"I": 801, "?": 199}, "no_resistance_found"),
        ({"I": 800, "?": 200}, "not_assessable"),
        ({"I": 850, "L": 150}, "no_resistance_found"),
        ({"I": 800, "L": 150, "?": 50}, "not_assessable"),
        # Methionine, which no rule names, and leucine perhaps.
        ({"M": 1000}, "no_resistance_found"),
        ({"M": 600, "?": 400}, "not_assessable"),
        ({"L": 600, "?": 400}, "resistant"),
    ],
)
def test_reads_in_doubt_are_never_taken_as_the_reference(reads: Reads, verdict: str) -> None:
    assert verdicts(genotype({I50: reads}))["ATV/r"].verdict == verdict


# --- at random --------------------------------------------------------------------------------------------------------

ASKED = [("RT", 41), ("RT", 65), ("RT", 69), ("RT", 184), ("RT", 215), ("PR", 50), ("IN", 148)]


def random_reads(chance: random.Random) -> dict[Place, Reads]:
    """Some positions that rules ask for, each with a few residues, and reads in doubt at some."""
    reads: dict[Place, Reads] = {}
    for gene, position in chance.sample(ASKED, chance.randint(1, 4)):
        reference = PROTEINS[gene][position - 1]
        residues = [*chance.sample(sorted(set("FHIKLMNRVYid?") - {reference}), chance.randint(1, 3)), reference]
        bounds = sorted(chance.sample(range(1, 1000), len(residues) - 1))
        reads[gene, position] = {
            residue: last - first for residue, first, last in zip(residues, [0, *bounds], [*bounds, 1000], strict=True)
        }
    return reads


@pytest.mark.parametrize("seed", range(3))
def test_a_lower_threshold_never_takes_a_mutation_away(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(10):
        reads = random_reads(chance)
        thresholds = sorted(Fraction(number, 1000) for number in chance.sample(range(10, 501), 3))
        found = [
            {(f.gene, f.position, residue) for f in genotype(reads, threshold).findings for residue in f.residues}
            - {(gene, position, PROTEINS[gene][position - 1]) for gene, position in reads}
            for threshold in thresholds
        ]
        assert found[0] >= found[1] >= found[2]


@pytest.mark.parametrize("seed", range(3))
def test_no_drug_is_cleared_without_its_decisive_positions(seed: int) -> None:
    chance = random.Random(seed)
    cleared = 0
    for _ in range(10):
        reads = random_reads(chance)
        without = chance.sample(ASKED, chance.randint(1, 4))
        for drug, verdict in verdicts(genotype(reads, without=without)).items():
            decisive = {(verdict.gene, position) for position in SMALL.decisive.get(drug, ())}
            assert decisive.isdisjoint(without) or verdict.verdict != "no_resistance_found"
            cleared += verdict.verdict == "no_resistance_found"
    assert cleared
