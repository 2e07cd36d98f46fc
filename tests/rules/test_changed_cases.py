"""Of the shipped rules: cases that ``test --changed`` leaves out have the verdicts they had."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.scoring import first_to_speak
from resistab.curation.cases import case_rules, earlier_cases
from resistab.curation.changed import reached_cases
from resistab.curation.diff.rulesets import LoadedRuleset, load_ruleset
from resistab.curation.kit.case_rules import Case
from resistab.domains.oncology.interpreter import Compiled
from resistab.domains.oncology.observe import Observer, observe_all
from resistab.domains.oncology.policy.clonality import clonality
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.judged import Judged
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.rules import POLICY
from resistab.rulesets.find import data_folder
from tests.rulesets import edited

SHIPPED = data_folder("rulebase") / "oncology"
# By name the file, what stands there, what it becomes, and a gene of cases that lie near.
EDITS = {
    "a row": ("tables/egfr-tyrosine-kinase-inhibitor/osimertinib.yaml", "effect: resistance", "effect: no effect",
              "EGFR"),
    "a row of a class": ("classes/braf-inhibitor.yaml", "effect: resistance", "effect: reduced response", "BRAF"),
    "a mechanism rule": ("mechanisms/pi3k_pathway.yaml", "status: active", "status: draft", "PIK3CA"),
    "a marker": ("tables/alk-tyrosine-kinase-inhibitor/alectinib.yaml", "requires: ALK fusion or ALK resistance",
                 "requires: ROS1 fusion or ALK resistance", "ALK"),
}  # fmt: skip
CASES = 30


def first(folder: Path, name: str) -> tuple[Path, str, str, str]:
    """An edit of the first place in a file that has the text."""
    file, old, new, gene = EDITS[name]
    text = (SHIPPED / file).read_text()
    assert old in text
    return folder / file, text, text.replace(old, new, 1), gene


class State:
    """A state of the rules, and by one evaluator what it says of the drugs that a case expects."""

    def __init__(self, ruleset: LoadedRuleset) -> None:
        self.rulebase = ruleset.rulebase
        self.compiled = Compiled.of(ruleset.rulebase)
        self.prepared = PreparedRules(ruleset.rulebase, self.compiled.weights)

    def expected(self, case: Case) -> list[tuple[Any, ...]]:
        """Of each drug that a case names the rule of the policy that speaks, its verdict, score and rows."""
        rulebase, program = self.rulebase, self.compiled.program
        seen, closed = (Observer(case.genotype, rulebase, assume_assayed=assumed) for assumed in (False, True))
        observed, absent = (observe_all(program.observables, observer) for observer in (seen, closed))
        values = evaluate_by_fixpoint(program, observed)
        beneath = evaluate_by_fixpoint(self.compiled.beneath, absent)
        clones = clonality(case.genotype, rulebase.manifest.minor_clone_below)
        inferred = Inferred(case.genotype, seen, observed, values, absent, beneath, clones)
        deriver = Deriver(self.prepared, case.genotype, observed, values)
        near = [Judged(self.prepared, rules, inferred, deriver) for rules in self.prepared.alike(case.expect)]
        conferred = [each for drug in near for each in drug.resistance_conferred()]
        found = []
        for drug in near:
            drug.of_others = lambda: conferred
            if drug.table.drug in case.expect:
                spoken = first_to_speak(POLICY, drug)
                rows = [(item.row, item.score, item.tier) for item in drug.contributions]
                found.append((drug.table.drug, spoken, drug.level, drug.score_found, rows))
        return found


@pytest.fixture(scope="module")
def shipped() -> LoadedRuleset:
    """The rules as they are."""
    return load_ruleset(SHIPPED)


@pytest.fixture(scope="module")
def before(shipped: LoadedRuleset) -> State:
    """What they say."""
    return State(shipped)


@pytest.mark.parametrize("name", list(EDITS))
def test_cases_that_are_left_out_are_the_same(shipped, before, tmp_path, name) -> None:
    folder = edited(SHIPPED, tmp_path / "oncology", {})
    path, _, text, gene = first(folder, name)
    path.write_text(text)
    now = load_ruleset(folder)
    rules = case_rules(folder, now.rulebase)
    cases = tuple(earlier_cases(rules).values())
    reached = reached_cases(rules, cases, now.pack, shipped)

    chosen = {case.name for case in reached.cases}
    assert 0 < len(chosen) < len(cases) / 2
    left = [case for case in cases if case.name not in chosen]
    chance = random.Random(20261130)
    near = [case for case in left if re.search(rf"\b{gene}\b", str(case.given))]
    sample = [*chance.sample(near, min(len(near), CASES // 2)), *chance.sample(left, CASES // 2)]
    after = State(now)
    assert not [case.name for case in sample if before.expected(case) != after.expected(case)]
    # And it does change something where it reaches.
    assert any(before.expected(case) != after.expected(case) for case in reached.cases)
