"""What the lints conclude from conditions is never wrong: asked of the engine itself, on genotypes of every kind."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.condition import (
    AllOf,
    AnyOf,
    Atom,
    Condition,
    CountOf,
    Not,
    atoms,
)
from resistab.core.faults import InputError
from resistab.core.fixpoint import evaluate_condition
from resistab.core.truth import Observation, Truth
from resistab.curation.kit.entailment import Reasoner
from resistab.domains.oncology.atoms import PhaseAtom, TumourTypeAtom
from resistab.domains.oncology.checks.rules import resolve_exons
from resistab.domains.oncology.curate.lints.atoms import TumourAtoms, spellings
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.grammar.protein_change import normal_form, parse_protein_change
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.observe import Observer, observe_all
from resistab.domains.virus.compile.program import of_gene
from resistab.domains.virus.curate.lints.atoms import ResidueAtoms
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.conditions import parse_residue_condition
from resistab.domains.virus.observe import observe_residues
from tests.cases import cases_beside
from tests.paths import SMALL

ATOMS = (
    "EGFR T790M", "EGFR T790A/M", "EGFR T790M with allele fraction of at least 5%",
    "EGFR T790M with allele fraction of at least 1%", "any substitution at EGFR T790", "any change at EGFR T790",
    "any substitution at EGFR T790 except A", "EGFR exon 20 substitution", "EGFR exon 20 mutation", "EGFR mutation",
    "EGFR exon 19 deletion", "EGFR residues 746-750 deletion", "EGFR E746_A750del", "EGFR exon 20 insertion",
    "EGFR residues 767-774 insertion", "EGFR A767_V769dup", "EGFR wild type", "EGFR truncation", "EGFR loss",
    "EGFR R677*", "unspecified EGFR exon 20 insertion", "unspecified EGFR mutation", "EGFR C797S",
    "EGFR C797S in cis with EGFR T790M", "EGFR C797S in trans with EGFR T790M", "EGFR amplification",
    "EGFR amplification of at least 6 copies", "EGFR amplification of at least 3 copies", "EGFR deletion",
    "EGFR protein negative", "EGFR protein positive", "NRAS activating mutation", "NRAS Q61K", "NRAS Q61K/R",
    "any substitution at NRAS Q61", "NRAS residues 12-61 substitution", "NRAS mutation", "NRAS wild type",
    "MET exon 14 skipping", "MET splice variant", "MSI high", "MSI stable", "TMB of at least 10 mut/Mb",
    "TMB of at least 20 mut/Mb", "TMB high", "EGFR::MET", "MET fusion", "EGFR fusion", "histological transformation",
    "histological transformation to SCLC", "histological transformation to LNET", "prior treatment with gefitinib",
    "prior treatment with class EGFR tyrosine kinase inhibitor", "tumour type is NSCLC", "tumour type is LUAD",
    "tumour type is MEL", "tumour type is LUNG",
)  # fmt: skip
FINDINGS = (
    "EGFR T790M", "EGFR T790M at 0.5%", "EGFR T790M at 3%", "EGFR T790M at 40%", "EGFR T790A", "EGFR T790T",
    "EGFR T790del",
    "EGFR exon 20 substitution", "EGFR exon 20 mutation", "EGFR mutation", "EGFR exon 20 insertion",
    "EGFR A767_V769dup", "EGFR V769_D770insASV", "EGFR E746_A750del", "EGFR K745_E749del", "EGFR exon 19 deletion",
    "EGFR residues 740-752 deletion", "EGFR L747_P753delinsS", "EGFR R677*", "EGFR truncation", "EGFR loss",
    "EGFR C797S", "EGFR C797S in cis with EGFR T790M", "EGFR C797S in trans with EGFR T790M", "EGFR amplification",
    "EGFR amplification 4 copies", "EGFR amplification 8 copies", "EGFR deletion", "EGFR protein negative",
    "EGFR protein positive", "NRAS activating mutation", "NRAS Q61K", "NRAS Q61H", "NRAS G12D", "NRAS mutation",
    "NRAS exon 3 substitution", "MET exon 14 skipping", "MET splice variant", "MSI high", "MSI stable",
    "TMB 12 mut/Mb", "TMB 25 mut/Mb", "TMB high", "EGFR::MET", "MET::EGFR", "MET fusion", "EGFR fusion",
    "histological transformation", "histological transformation to SCLC",
)  # fmt: skip
ASSAYED = ("EGFR", "EGFR mutation in exon 20", "EGFR fusion", "NRAS", "NRAS mutation in 61", "MET splicing",
           "EGFR protein", "MSI", "TMB", "histology")  # fmt: skip


class World:
    """The small rule set, its reasoner over the atoms, and genotypes to try them on."""

    def __init__(self) -> None:
        self.interpreter = TumourInterpreter(load_rulebase_folder(SMALL))
        self.rulebase: Rulebase = self.interpreter.rulebase
        self.relations = TumourAtoms(self.rulebase)
        found = [self.atom(text) for text in ATOMS]
        members = [atom for item in self.rulebase.alteration_sets for atom in atoms(item.members)]
        parts = [part for atom in found if isinstance(atom, PhaseAtom) for part in (atom.first, atom.second)]
        self.atoms: list[Atom] = list(dict.fromkeys([*found, *members, *parts]))
        self.reasoner = Reasoner(self.atoms, self.relations)
        pairs = [(one, other) for one in self.atoms for other in self.atoms if one != other]
        near = [(one, other) for one, other in pairs if self._near(one) & self._near(other)]
        self.related = {
            name: [(one, other) for one, other in near if getattr(self.relations, name)(one, other)]
            for name in ("implies", "ruled_out_with", "refutes", "clash")
        }

    def _near(self, atom: Atom) -> set[object]:
        return set(self.relations.neighbourhoods(atom))

    def condition(self, text: str) -> Condition:
        """A condition with the residues of its exons, as the loader leaves it."""
        table = self.rulebase.tables[0]
        row = table.rows[0].model_copy(update={"when": parse_condition(text)})
        changed = table.model_copy(update={"rows": (row,)})
        return resolve_exons(self.rulebase.model_copy(update={"tables": (changed,)})).tables[0].rows[0].when

    def atom(self, text: str) -> Atom:
        (atom,) = atoms(self.condition(text))
        return atom

    def genotype(self, tumour: str, findings: list[str], assayed: list[str], prior: list[str] | None) -> Genotype:
        """A genotype of these findings; those that contradict an earlier one are left out."""
        taken: list[str] = []
        genotype = self.interpreter.genotype(tumour, [], assayed, prior)
        for finding in findings:
            try:
                genotype = self.interpreter.genotype(tumour, [*taken, finding], assayed, prior)
            except InputError as error:
                assert "contradicts" in str(error)
                continue
            taken.append(finding)
        return genotype

    def observed(self, genotype: Genotype) -> dict[Atom, Observation]:
        return observe_all(self.atoms, Observer(genotype, self.rulebase))


@functools.cache
def world() -> World:
    return World()


GENOTYPES = st.builds(
    lambda tumour, findings, assayed, prior: world().genotype(tumour, findings, assayed, prior),
    st.sampled_from(["NSCLC", "LUAD", "LUNG", "MEL", "TISSUE"]),
    st.lists(st.sampled_from(FINDINGS), max_size=4, unique=True),
    st.lists(st.sampled_from(ASSAYED), max_size=5, unique=True),
    st.none() | st.lists(st.sampled_from(["gefitinib", "vemurafenib"]), max_size=1),
)


@settings(max_examples=150)
@given(GENOTYPES)
def test_no_genotype_contradicts_what_is_claimed_of_two_atoms(genotype):
    observed = {atom: observation.truth for atom, observation in world().observed(genotype).items()}
    related = world().related
    for one, other in related["implies"]:
        assert not (observed[one] is Truth.TRUE and observed[other] is not Truth.TRUE), (one, other)
    for one, other in related["ruled_out_with"]:
        assert not (observed[other] is Truth.FALSE and observed[one] is not Truth.FALSE), (one, other)
    for one, other in related["refutes"]:
        assert not (observed[one] is Truth.TRUE and observed[other] is not Truth.FALSE), (one, other)
    for one, other in related["clash"]:
        assert not (observed[one] is Truth.TRUE and observed[other] is Truth.TRUE), (one, other)


def test_no_single_finding_contradicts_a_claim_on_two_atoms():
    for finding, assume_assayed in itertools.product(FINDINGS, (False, True)):
        genotype = world().interpreter.genotype("NSCLC", [finding])
        observer = Observer(genotype, world().rulebase, assume_assayed=assume_assayed)
        truth = {atom: observer.observe(atom).truth for atom in world().atoms}
        for one, other in world().related["implies"]:
            implied = truth[one] is not Truth.TRUE or truth[other] is Truth.TRUE
            assert implied, (finding, one, other)
        for one, other in world().related["ruled_out_with"]:
            ruled_out = truth[other] is not Truth.FALSE or truth[one] is Truth.FALSE
            assert ruled_out, (finding, one, other)


def conditions(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    def larger(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(parts, min_size=1, max_size=3).map(tuple)
        bound = st.none() | st.integers(0, 3)
        return st.one_of(
            parts.map(lambda part: Not(of=part)),
            several.map(lambda of: AllOf(of=of)),
            several.map(lambda of: AnyOf(of=of)),
            st.builds(lambda of, least, most: CountOf(of=of, at_least=least, at_most=most), several, bound, bound),
        )

    return st.recursive(leaves, larger, max_leaves=6)


CONDITIONS = st.deferred(lambda: conditions(st.sampled_from(world().atoms)))


@settings(max_examples=150)
@given(CONDITIONS, CONDITIONS, GENOTYPES)
def test_no_genotype_contradicts_a_claim_on_two_conditions(one, other, genotype):
    observed = world().observed(genotype)
    certain = {id(c): evaluate_condition(c, observed, {})[0] > 0 for c in (one, other)}
    reasoner = world().reasoner
    if reasoner.impossible(one):
        assert not certain[id(one)]
    if reasoner.entails(one, other):
        assert not certain[id(one)] or certain[id(other)]
    both = AllOf(of=(one, other))
    assert reasoner.entails(both, one)


FREE = tuple(TumourTypeAtom(code=code) for code in ("A", "B", "C"))


class Unrelated:
    """Atoms of which any may be true, false or unknown, whatever the others are."""

    def neighbourhoods(self, atom: Atom) -> tuple[object, ...]:
        return ()

    def implies(self, one: Atom, other: Atom) -> bool:
        return False

    ruled_out_with = refutes = clash = implies


def valuations() -> Iterator[dict[Atom, Observation]]:
    for truths in itertools.product(Truth, repeat=len(FREE)):
        yield {atom: Observation(truth) for atom, truth in zip(FREE, truths, strict=True)}


@settings(max_examples=150)
@given(conditions(st.sampled_from(FREE)), conditions(st.sampled_from(FREE)))
def test_over_free_atoms_every_entailment_is_found_and_no_other(one, other):
    reasoner = Reasoner(FREE, Unrelated())
    certain = [
        (evaluate_condition(one, values, {})[0] > 0, evaluate_condition(other, values, {})[0] > 0)
        for values in valuations()
    ]
    assert reasoner.impossible(one) == (not any(first for first, _ in certain))
    assert reasoner.entails(one, other) == all(second for first, second in certain if first)


@cases_beside
def test_what_follows_is_seen_to_follow_one_way_only(one, other):
    first, second = world().condition(one), world().condition(other)
    reasoner = Reasoner(
        [*world().atoms, *atoms(first), *atoms(second)],
        world().relations,
    )
    assert reasoner.entails(first, second)
    assert not reasoner.entails(second, first)


@pytest.mark.parametrize(
    "text",
    [
        "EGFR T790M and not any substitution at EGFR T790",
        "EGFR wild type and EGFR T790M",
        "MSI high and MSI stable",
        "EGFR amplification and EGFR deletion",
        "tumour type is MEL and tumour type is NSCLC",
        "at least 2 of (EGFR T790M, EGFR wild type)",
        "EGFR amplification of at least 6 copies and EGFR amplification of at most 3 copies",
        "EGFR C797S in cis with EGFR T790M and EGFR C797S in trans with EGFR T790M",
    ],
)
def test_what_contradicts_itself_is_seen_to_be_impossible(text):
    condition = world().condition(text)
    assert Reasoner(atoms(condition), world().relations).impossible(condition)


@pytest.mark.parametrize(
    "text",
    [
        "EGFR T790M or not EGFR T790M",
        "EGFR T790M and any substitution at EGFR T790 except M",
        "MET exon 14 skipping and MET splice variant",
        "EGFR mutation and not EGFR T790M",
        "tumour type is NSCLC and not tumour type is LUAD",
    ],
)
def test_what_may_hold_is_not_called_impossible(text):
    condition = world().condition(text)
    assert not Reasoner(atoms(condition), world().relations).impossible(condition)


def test_too_many_terms_end_in_no_claim():
    many = [TumourTypeAtom(code=f"T{number}") for number in range(30)]
    condition = CountOf(at_least=15, of=tuple(many))
    reasoner = Reasoner(many, Unrelated())
    assert reasoner.terms(condition) is None
    assert not reasoner.impossible(condition)
    assert not reasoner.entails(condition, many[0])
    assert not reasoner.entails(many[0], condition)


@given(st.sampled_from(["K745_E749del", "E746_A750del", "A767_V769dup", "S768_V769insV", "L747_P753delinsS", "T790M"]))
def test_every_spelling_of_a_change_makes_the_same_protein(text):
    sequence = world().rulebase.sequences["EGFR"]
    change = parse_protein_change(text)
    assert change is not None
    found = spellings(change, sequence)
    assert change in found
    assert len({normal_form(other, sequence) for other in found}) == 1


# --- residues -----------------------------------------------------------------------------------------------------

RESIDUE_ATOMS = tuple(
    of_gene(parse_residue_condition(text), "RT")
    for text in ("184V", "184I", "184I/V", "184 other than I/V", "184 other than V", "69ins", "69D/ins", "65R")
)
MIXTURES = st.builds(
    lambda found, read: ViralGenotype(
        sample="s",
        findings=tuple(
            ResidueFinding("RT", position, "M", tuple(sorted(residues)), given="")
            for position, residues in found.items()
        ),
        coverage=(GeneCoverage("RT", ((1, read),)),),
    ),
    st.dictionaries(
        st.sampled_from([65, 69, 184]), st.sets(st.sampled_from("IVRDKMid*"), min_size=1, max_size=3), max_size=3
    ),
    st.sampled_from([60, 100, 560]),
)


@given(conditions(st.sampled_from(RESIDUE_ATOMS)), conditions(st.sampled_from(RESIDUE_ATOMS)), MIXTURES)
def test_no_mixture_contradicts_a_claim_on_two_conditions(one, other, genotype):
    observed = observe_residues(RESIDUE_ATOMS, genotype)
    reasoner = Reasoner(RESIDUE_ATOMS, ResidueAtoms())
    first, second = (evaluate_condition(condition, observed, {})[0] > 0 for condition in (one, other))
    assert not (first and reasoner.impossible(one))
    assert not (first and not second and reasoner.entails(one, other))


def test_two_residues_at_one_position_may_stand_in_a_mixture():
    condition = of_gene(parse_residue_condition("184I and 184V"), "RT")
    assert not Reasoner(atoms(condition), ResidueAtoms()).impossible(condition)


def test_a_residue_lies_among_those_that_are_not_excluded():
    one, other = (of_gene(parse_residue_condition(text), "RT") for text in ("184T", "184 other than I/V"))
    reasoner = Reasoner([*atoms(one), *atoms(other)], ResidueAtoms())
    assert reasoner.entails(one, other)
    assert not reasoner.entails(other, one)
