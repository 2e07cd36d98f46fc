"""The evaluator for cohorts comes to what the other two come to, for random rule sets and genotypes.

A few rule sets are drawn, since the engine never forgets one, and many genotypes for each: over so few positions that
every kind of row is met by mixtures, insertions, deletions, and positions that were not read.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resistab.core.agreement import DisagreementError
from resistab.domains.virus.genotype import GeneCoverage, ResidueFinding, ViralGenotype
from resistab.domains.virus.grammar.residues import residue_order, residues_text
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder
from resistab.domains.virus.kinds.models import ViralRulebase, ViralScoring
from resistab.domains.virus.policy import batch as viral_batch
from resistab.domains.virus.policy.scores import Scales
from tests.paths import SMALL_VIRUS

SMALL = load_viral_folder(SMALL_VIRUS)
GENES = {"RT": ["AA", "BB"], "IN": ["CC"]}
DRUGS = [(name, of_class) for of_class in ("AA", "BB", "CC") for name in (f"{of_class}1", f"{of_class}2")]
WITHOUT_TABLE = "BB2"
POSITIONS = range(1, 6)
NAMED, FOUND = "ACDid*", "ACDid*W"
# Halves and quarters are added up without rounding, tenths are not.
QUARTERS: Sequence[float] = (60, 30, 15, 15, 10, 5, 2.5, 0.25, 0, -10, -15)
TENTHS: Sequence[float] = (60.1, 30.2, 15.3, 14.7, 10.1, 0.1, 0.2, 0.7, -0.3, -10.1)
RULE_SETS = 5

# --- random rule sets and genotypes -------------------------------------------------------------------------


class RandomRules:
    """Draws a rule set, as the YAML files would state it."""

    def __init__(self, seed: int, scores: Sequence[float]) -> None:
        self.chance, self.scores = random.Random(seed), scores
        self.comments: dict[str, list[dict[str, Any]]] = {"RT": [], "IN": []}

    def rule_set(self) -> ViralRulebase:
        tables = [self.table(name, "IN" if of == "CC" else "RT") for name, of in DRUGS if name != WITHOUT_TABLE]
        for gene in GENES:
            for _ in range(3):
                self.comments[gene].append(self.comment(gene, self.condition()))
            self.chance.shuffle(self.comments[gene])
        self.chance.shuffle(tables)
        return ViralRulebase.model_validate(
            {
                "digest": "",
                "manifest": SMALL.manifest,
                "genes": [{"symbol": gene, "drug_classes": classes} for gene, classes in GENES.items()],
                "sequences": {},
                "drug_classes": [{"name": name} for name in ("AA", "BB", "CC")],
                "drugs": [{"name": name, "drug_class": of} for name, of in DRUGS],
                "tables": tables,
                "comments": [{"gene": gene, "comments": comments} for gene, comments in self.comments.items()],
                "result_comments": [self.result_comment(number) for number in range(4)],
                "mutation_types": [],
                "quality": {},
            }
        )

    def table(self, drug: str, gene: str) -> dict[str, Any]:
        table: dict[str, Any] = {"drug": drug, "rules": [self.rule(f"{drug}-R{n}", gene) for n in range(3)]}
        kind = self.chance.choice(["score", "score", "scores", "rules"])
        if kind != "rules":
            table |= self.score_rule(drug)
        if kind == "scores":
            scale = [{"to": 4.5, "level": 1}, {"from": 4.55, "to": 30, "level": 3}, {"from": 30.05, "level": 5}]
            table["further_scores"] = [self.score_rule(f"{drug}-F") | {"scale": scale}]
        return table

    def score_rule(self, name: str) -> dict[str, Any]:
        lines = {
            position: {self.residues(): self.score() for _ in range(self.chance.randint(1, 3))}
            for position in self.chance.sample(POSITIONS, 3)
        }
        largest = [{"when": self.condition(), "score": self.score()} for _ in range(3)]
        # A combination whose parts look at one position alone is a line for the batch evaluator.
        position = self.chance.choice(POSITIONS)
        one_position = [{"when": f"{position}{self.residues()}", "score": self.score()} for _ in range(2)]
        combinations: list[dict[str, Any]] = [
            {"id": f"{name}-C1", "when": self.condition(), "score": self.score()},
            {"id": f"{name}-C2", "largest_of": largest},
            {"id": f"{name}-C3", "largest_of": one_position},
        ]
        return {"scores": lines, "combinations": combinations}

    def rule(self, id_: str, gene: str) -> dict[str, Any]:
        rule: dict[str, Any] = {"id": id_, "when": self.condition()}
        if (given := self.chance.choice(["level", "comment", "both"])) != "comment":
            rule["level"] = self.chance.randint(1, 5)
        if given != "level":
            self.comments[gene].append(self.comment(gene, None))
            rule["comment"] = self.comments[gene][-1]["id"]
        return rule

    def comment(self, gene: str, when: str | None) -> dict[str, Any]:
        number = len(self.comments[gene])
        return {"id": f"{gene}-K{number}", "when": when, "text": "Text.", "sort": self.chance.randint(1, 3)}

    def result_comment(self, number: int) -> dict[str, Any]:
        when = [
            {"drug": name, "levels": self.chance.sample(range(1, 6), 3)}
            for name, _ in self.chance.sample(DRUGS, self.chance.randint(1, 2))
        ]
        return {"id": f"result-{number}", "when": when, "text": "Text.", "sort": self.chance.randint(1, 2)}

    def score(self) -> float:
        return self.chance.choice(self.scores)

    def residues(self) -> str:
        return residues_text(self.chance.sample(NAMED, self.chance.randint(1, 2)))

    def condition(self, depth: int = 2) -> str:
        kind = self.chance.choice(["atom", "and", "and", "or", "not", "count"]) if depth else "atom"
        if kind == "not":
            return f"not ({self.condition(depth - 1)})"
        if kind == "atom":
            between = " other than " if self.chance.random() < 0.2 else ""
            return f"{self.chance.choice(POSITIONS)}{between}{self.residues()}"
        parts = [self.condition(depth - 1) for _ in range(self.chance.randint(2, 3))]
        if kind == "count":
            number = self.chance.randint(0, len(parts))
            return f"{self.chance.choice(['at least', 'at most', 'exactly'])} {number} of ({', '.join(parts)})"
        return f" {kind} ".join(f"({part})" for part in parts)


@cache
def interpreter(seed: int, scores: Sequence[float] = QUARTERS) -> ViralInterpreter:
    return ViralInterpreter(RandomRules(seed, scores).rule_set())


@st.composite
def genotypes(draw: st.DrawFn) -> ViralGenotype:
    """What was found and what was read of each gene; a gene may not have been sequenced at all."""
    findings, coverage = [], []
    for gene in draw(st.sampled_from([("RT", "IN"), ("IN", "RT"), ("RT",), ("IN",)])):
        residues = st.sets(st.sampled_from(FOUND), min_size=1, max_size=5)
        found = draw(st.dictionaries(st.sampled_from(POSITIONS), residues))
        read = draw(st.none() | st.sets(st.sampled_from(POSITIONS)))
        ranges = None if read is None else tuple((position, position) for position in sorted(read))
        findings += [
            ResidueFinding(gene, position, "", tuple(sorted(here, key=residue_order)), "")
            for position, here in found.items()
        ]
        coverage.append(GeneCoverage(gene, ranges))
    return ViralGenotype("one", tuple(findings), tuple(coverage))


def by_both(of: ViralInterpreter, genotype: ViralGenotype) -> tuple[list[Any], list[Any]]:
    """Verdicts and comments as the two evaluators with derivations have them, and as the batch evaluator does."""
    concluded, batch = of.conclude(genotype), of.batch.interpret(genotype)
    whole = [(one.drug, one.verdict, one.level, one.score, one.rows, one.not_assessable) for one in concluded.verdicts]
    fast = [
        (
            of.batch.names[one.drug],
            one.verdict,
            # Where a drug is not assessable the batch evaluator keeps what the positions that were read come to.
            one.level.level if one.level and one.verdict != "not_assessable" else None,
            one.score,
            one.rows,
            one.not_assessable,
        )
        for one in batch.verdicts
    ]
    return [whole, [comment.id for comment in concluded.comments]], [fast, list(batch.comments)]


@pytest.mark.parametrize("seed", range(RULE_SETS))
@settings(max_examples=60, derandomize=True, database=None)
@given(genotype=genotypes())
def test_batch_evaluator_agrees_with_the_others(seed: int, genotype: ViralGenotype) -> None:
    whole, fast = by_both(interpreter(seed), genotype)

    assert fast == whole
    interpreter(seed).check_batch(genotype)


@settings(max_examples=80, derandomize=True, database=None)
@given(genotype=genotypes())
def test_batch_evaluator_adds_tenths_as_the_others_do(genotype: ViralGenotype) -> None:
    whole, fast = by_both(interpreter(100, TENTHS), genotype)

    assert fast == whole


@settings(max_examples=100, derandomize=True, database=None)
@given(st.integers(0, RULE_SETS - 1), genotypes(), st.randoms(use_true_random=False))
def test_the_order_of_findings_and_genes_changes_nothing(
    seed: int, genotype: ViralGenotype, chance: random.Random
) -> None:
    shuffled = ViralGenotype(
        genotype.sample,
        tuple(chance.sample(genotype.findings, len(genotype.findings))),
        tuple(reversed(genotype.coverage)),
    )

    assert interpreter(seed).batch.interpret(shuffled) == interpreter(seed).batch.interpret(genotype)


@settings(max_examples=60, derandomize=True, database=None)
@given(st.integers(0, RULE_SETS - 1), st.lists(genotypes(), min_size=2, max_size=4))
def test_what_came_before_changes_nothing(seed: int, cohort: list[ViralGenotype]) -> None:
    """Verdicts and findings are kept for the next genotype; a fresh evaluator has nothing to go by."""
    used = interpreter(seed)
    fresh = [
        viral_batch.BatchScorer(used.rulebase, used.program, used.scales, used.decisive).interpret(one)
        for one in cohort
    ]

    assert [used.batch.interpret(one) for one in cohort] == fresh
    assert [used.batch.interpret(one) for one in reversed(cohort)] == fresh[::-1]


def test_random_rules_come_to_every_verdict() -> None:
    """What the agreement rests on: resistance, possible resistance, none, and what cannot be assessed."""
    seen = set()
    for seed in range(RULE_SETS):
        for residue in FOUND:
            for ranges in (None, ((1, 2),)):
                findings = tuple(ResidueFinding("RT", position, "", (residue,), "") for position in (1, 2))
                sample = ViralGenotype("one", findings, (GeneCoverage("RT", ranges),))
                seen |= {one.verdict for one in interpreter(seed).batch.interpret(sample).verdicts}

    assert seen == {"resistant", "possible_resistance", "no_resistance_found", "not_assessable"}


# --- by hand ------------------------------------------------------------------------------------------------


def small() -> ViralInterpreter:
    return ViralInterpreter(SMALL)


def sample(ranges: tuple[tuple[int, int], ...] | None = None) -> ViralGenotype:
    findings = (ResidueFinding("RT", 184, "M", ("M", "V"), "M184MV"), ResidueFinding("RT", 65, "K", ("N",), "K65N"))
    return ViralGenotype("patient 7", findings, (GeneCoverage("RT", ranges),))


def test_verdicts_of_the_small_rule_set() -> None:
    of = small()
    verdicts = of.batch.interpret(sample()).verdicts

    assert [(of.batch.names[one.drug], one.verdict, one.score, one.rows) for one in verdicts] == [
        ("3TC", "resistant", 75, ("3TC-65", "3TC-184")),
        ("AZT", "no_resistance_found", -10, ("AZT-184",)),
        ("ATV/r", "not_assessable", None, ()),
        ("DRV/r", "not_assessable", None, ()),
        ("DTG", "not_assessable", None, ()),
    ]
    assert [one.not_assessable for one in verdicts[2:]] == [
        ("PR was not sequenced",),
        ("the rule set has no rules for it",),
        ("IN was not sequenced",),
    ]


def test_comments_of_the_small_rule_set() -> None:
    assert small().batch.interpret(sample()).comments == ("RT-65", "RT-184", "zidovudine-kept")


def test_decisive_positions_that_were_not_read_are_named() -> None:
    lamivudine, zidovudine, *_ = small().batch.interpret(sample(((50, 200),))).verdicts

    assert (lamivudine.verdict, lamivudine.not_assessable) == ("resistant", ())
    assert zidovudine.verdict == "not_assessable"
    assert zidovudine.not_assessable == ("RT 41, 215 not read, where one mutation alone may mean resistance",)


def test_nothing_changes_where_no_more_verdicts_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    of = small()
    first = of.batch.interpret(sample())
    monkeypatch.setattr(viral_batch, "MOST_KNOWN", 1)

    assert [of.batch.interpret(one) for one in (ViralGenotype("none"), sample(((50, 200),)), sample())][-1] == first
    assert small().batch.interpret(sample()) == first


def test_disagreement_names_the_sample_and_the_drugs() -> None:
    """A batch evaluator with another scale: 75 points are then level 1."""
    of = small()
    scoring = SMALL.manifest.scoring
    susceptible = tuple(level.model_copy(update={"level": level.level, "to_score": 1000 if level.level == 1 else None,
                                                 "from_score": None}) for level in scoring.levels)  # fmt: skip
    manifest = SMALL.manifest.model_copy(update={"scoring": ViralScoring(combine="sum", levels=susceptible)})
    fields = {name: getattr(SMALL, name) for name in ViralRulebase.model_fields}
    of.batch.scales = Scales(ViralRulebase.model_construct(**fields | {"manifest": manifest}))

    with pytest.raises(DisagreementError, match=r"^sample 'patient 7': the batch evaluator differs in 3TC$"):
        of.check_batch(sample())


def test_disagreement_over_comments_is_said() -> None:
    of = small()
    of.batch.result_comments = []

    with pytest.raises(DisagreementError, match=r"^sample 'patient 7': the batch evaluator differs in comments$"):
        of.check_batch(sample())


def test_genotype_of_an_unknown_gene_is_passed_over() -> None:
    findings = (ResidueFinding("CA", 66, "M", ("I",), "M66I"),)
    unknown = ViralGenotype("one", findings, (GeneCoverage("CA"),))

    assert {one.verdict for one in small().batch.interpret(unknown).verdicts} == {"not_assessable"}
    small().check_batch(unknown)


def test_report_of_a_genotype_holds_the_same_verdicts() -> None:
    of = small()
    report = of.interpret(sample(), on=datetime.date(2026, 11, 21))

    assert report.verdicts == of.conclude(sample()).verdicts
