"""Which cases of a rule set what changed since an earlier state can reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from resistab.curation.cases import case_rules, earlier_cases
from resistab.curation.diff.rulesets import LoadedRuleset, load_ruleset
from resistab.curation.kit.case_rules import Case, CaseRules
from resistab.curation.kit.dependence import Reach
from resistab.curation.revisions import opened, paired, rulesets_in
from resistab.domains.pack import Pack

NEW, CHANGED, READ_OTHERWISE = "new cases", "changed cases", "cases that are read otherwise"
WHOLE = "the rule set, which is new or of another domain"


@dataclass(frozen=True)
class Reached:
    """The cases that a change reaches, in their order, of ``every`` that there are.

    ``changes`` are what differs, in words, each with the number of cases that it reaches.
    """

    cases: tuple[Case, ...]
    every: int
    changes: Mapping[str, int]


@contextmanager
def earlier_states(revision: str, path: Path) -> Iterator[Mapping[Path, LoadedRuleset | None]]:
    """Each rule set in ``path`` as it was at ``revision``, a git revision or a folder; None for one that was not there.

    By the folder, resolved, in which it lies now; a revision is one of the repository that ``path`` lies in. Raises
    ``RulebaseError`` where it is none, or holds no rules that can be read.
    """
    given = Path(revision)
    # A folder is named from the current one on.
    side = str(given.resolve()) if given.is_dir() and rulesets_in(given) else revision
    with opened(side, str(path.resolve()), path.resolve()) as (old, new):
        yield {
            pair.new.resolve(): load_ruleset(pair.old, revision) if pair.old else None
            for pair in paired(old, new)
            if pair.new is not None
        }


def reached_cases(rules: CaseRules, cases: Sequence[Case], pack: Pack, old: LoadedRuleset | None) -> Reached:
    """Those of ``cases`` of which a verdict may be another than it was in the state ``old``, None where there was none.

    A case that is new, that was changed, or that is read into another genotype is reached whatever it expects.
    """
    if old is None or old.pack.name != pack.name:
        return Reached(tuple(cases), len(cases), {WHOLE: len(cases)})
    reach = Reach(
        old.pack.curate.dependence(old.rulebase, old.folder), pack.curate.dependence(rules.rulebase, rules.folder)
    )
    before = earlier_cases(case_rules(old.folder, old.rulebase))
    counts = Counter(dict.fromkeys(sorted(reach.changed), 0))
    chosen = []
    for case in cases:
        reasons = [*_of_itself(case, before.get(case.name)), *reach.reaching(case)]
        counts.update(reasons)
        if reasons:
            chosen.append(case)
    return Reached(tuple(chosen), len(cases), dict(counts))


def _of_itself(case: Case, before: Case | None) -> Iterable[str]:
    if before is None:
        return (NEW,)
    if before.given != case.given:
        return (CHANGED,)
    return () if before.genotype == case.genotype else (READ_OTHERWISE,)
