"""What holds in every tumour of one type and coverage, before its findings are known.

Most drugs are as they would be without the patient's findings. Their verdicts are worked out once for a tumour type and
coverage, and what was read on the way is noted: each atom, head and coverage. Where a patient differs in none of it,
the verdict would come out the same, and is taken from here.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from resistab.core.cached import cached_property
from resistab.core.condition import Atom
from resistab.core.program import Head
from resistab.core.records import dataclass
from resistab.core.truth import Observation
from resistab.domains.oncology.atoms import TumourTypeAtom
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.judged import Judged
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.reads import Reads, noting
from resistab.domains.oncology.policy.verdicts import verdict_of

# Where more was assayed than in the background, nearly every verdict is another.
MOST_ASSAYED = 30

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Differences:
    """In what a patient differs from the background: observations, values of heads, subjects assayed.

    The first of each two is as everything else is, the second where all that was not assayed is taken as absent.
    """

    observed: Mapping[Atom, Observation]
    closed_observed: Mapping[Atom, Observation]
    coverage: frozenset[str]
    heads: frozenset[Head] = frozenset()
    closed_heads: frozenset[Head] = frozenset()


class Background:
    """A tumour without findings: what was ``inferred`` of it, and the verdicts on it."""

    def __init__(self, prepared: PreparedRules, inferred: Inferred) -> None:
        if inferred.genotype.findings:
            raise ValueError("a background has no findings")
        self.prepared, self.inferred = prepared, inferred
        self._reads = Reads()

    @property
    def tumour_type(self) -> str:
        """The OncoTree code."""
        return self.inferred.genotype.tumour_type

    @cached_property
    def _types(self) -> tuple[Atom, ...]:
        return tuple(atom for atom in self.inferred.observed if isinstance(atom, TumourTypeAtom))

    def types_apart(self, other: Observer) -> int:
        """Of how many tumour types a patient's tumour is of another, or another may be."""
        own = self.inferred.observed
        return sum(other.observe(atom).truth is not own[atom].truth for atom in self._types)

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdict on each drug; what it was read from is noted."""
        return {rules.drug: self._verdict(rules.drug) for rules in self.prepared.drugs}

    def _verdict(self, drug: str) -> Verdict:
        return verdict_of(judged_noting(self.prepared, self.inferred, self._reads, drug))

    def differences(self, observer: Observer, closed: Observer) -> Differences:
        """What is observed otherwise in a patient; heads are not known yet."""
        asked_of = self.prepared.asked_of
        coverage = frozenset(self.inferred.observer.covered_otherwise(observer))
        found = observer.by_gene.keys()
        types = () if observer.genotype.tumour_type == self.tumour_type else self._types
        asked = dict.fromkeys((*asked_of({*found, *coverage}), *types))
        before = {atom: self.inferred.seen(atom) for atom in asked}
        return Differences(
            dict(_otherwise(asked, observer, before)),
            dict(_otherwise((*asked_of(found), *types), closed, self.inferred.closed_observed)),
            coverage,
        )

    def unchanged(self, inferred: Inferred, differences: Differences) -> Mapping[str, Verdict]:
        """The verdicts, by drug, that hold in a patient too, since nothing that they rest on differs.

        None in a tumour of another type: its name alone changes what is said.
        """
        if inferred.genotype.tumour_type != self.tumour_type:
            return {}
        if len(differences.coverage) > MOST_ASSAYED and "verdicts" not in self.__dict__:
            return {}
        verdicts, reads = self.verdicts, self._reads
        changed: set[str] = set()
        changed.update(*_drugs(reads.observed, differences.observed))
        changed.update(*_drugs(reads.closed_observed, differences.closed_observed))
        changed.update(*_drugs(reads.values, differences.heads))
        now, before = inferred.values, self.inferred.values
        stronger = (head for head in differences.heads if now[head].strength != before[head].strength)
        changed.update(*_drugs(reads.strengths, stronger))
        changed.update(*_drugs(reads.closed_values, differences.closed_heads))
        changed.update(*_drugs(reads.coverage, differences.coverage))
        # These are looked for among the patient's findings, of which a background has none.
        found = (atom for atom, seen in differences.closed_observed.items() if seen.findings)
        asking = {name for atom in found for name in self.prepared.by_resistance.get(atom, ())} - changed
        for name in asking:
            rules = self.prepared.drug_by_name[name]
            if inferred.open_resting(rules, in_part=False) or inferred.open_resting(rules, in_part=True):
                changed.add(name)
        changed.update(*(self.prepared.by_codon.get(codon, ()) for codon in inferred.substituted_codons))
        changed.update(*(self.prepared.by_target.get(gene, ()) for gene in inferred.where_drugs_bind))
        return {drug: verdict for drug, verdict in verdicts.items() if drug not in changed}


def judged_noting(prepared: PreparedRules, inferred: Inferred, reads: Reads, drug: str, derived: bool = True) -> Judged:
    """A drug in a tumour without findings, so that what is read for it is noted; it confers no resistance there."""
    noted = noting(inferred, reads, drug)
    # One for each drug, since what it keeps for another would be read unseen.
    deriver = Deriver(prepared, noted.genotype, noted.observed, noted.values)
    judged = Judged(prepared, prepared.drug_by_name[drug], noted, deriver, derived)
    if any(judged.resistance_conferred()):
        raise AssertionError(f"{drug}: resistance is conferred where nothing was found")
    return judged


def _drugs(known: Mapping[_Key, set[str]], keys: Iterable[_Key]) -> Iterator[set[str]]:
    return (known[key] for key in keys if key in known)


def _otherwise(
    asked: Iterable[Atom], observer: Observer, before: Mapping[Atom, Observation]
) -> Iterator[tuple[Atom, Observation]]:
    """Of the atoms those that are observed otherwise than ``before``."""
    for atom in asked:
        earlier = before.get(atom)
        if earlier is not None and (seen := observer.observe(atom)) != earlier:
            yield atom, seen


# --- which there are -------------------------------------------------------------------------------------------------

# So many are kept, the latest that were asked for; each takes some megabytes.
MOST_KEPT = 64
MOST_COUNTED = 1000


class Backgrounds:
    """The backgrounds by tumour type, specimen, earlier treatment and coverage.

    One is made when a second such patient comes: for a single one it would be more work than it saves.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Hashable, ...], Background] = OrderedDict()
        self._times: Counter[tuple[Hashable, ...]] = Counter()
        # Found again only when others are kept.
        self._nearest: dict[tuple[Hashable, ...], Background | None] = {}

    def wanted(self, genotype: Genotype) -> Iterator[Genotype]:
        """The tumours without findings of which a background is to be made, the one with less coverage first."""
        for like in without_findings(genotype):
            key = _key(like)
            if key in self._kept:
                continue
            if len(self._times) > MOST_COUNTED:
                self._times.clear()
            self._times[key] += 1
            if self._times[key] == 2 or (not self._kept and self._times.total() > 1):
                yield like

    def exactly(self, like: Genotype) -> Background | None:
        """What is known of a tumour without findings, None where nothing is."""
        return self._kept.get(_key(like))

    def add(self, like: Genotype, background: Background) -> Background:
        """Keep what is known of a tumour without findings, and give it."""
        if len(self._kept) >= MOST_KEPT:
            key, _ = self._kept.popitem(last=False)
            self._times[key] = 0
        self._kept[_key(like)] = background
        self._nearest.clear()
        return background

    def of(self, genotype: Genotype, observer: Observer) -> Background | None:
        """The background that is nearest to a patient, of another tumour type if need be; None where there is none."""
        found = None
        for like in without_findings(genotype):
            key = _key(like)
            if key in self._kept:
                self._kept.move_to_end(key)
                found = self._kept[key]
        if found is not None:
            return found
        own = _key(like)
        if own not in self._nearest:
            wanted = {_key(like)[1:] for like in without_findings(genotype)}
            alike = [kept for key, kept in self._kept.items() if key[1:] in wanted]
            self._nearest[own] = min(alike, key=lambda kept: kept.types_apart(observer), default=None)
        return self._nearest[own]


def without_findings(genotype: Genotype) -> tuple[Genotype, ...]:
    """The same tumour without findings: not assayed at all, and assayed as was said."""
    said = tuple(item for item in genotype.assayed if not item.inferred)
    bare = genotype.model_copy(update={**_OF_THE_SAMPLE, "assayed": ()})
    return (bare, bare.model_copy(update={"assayed": said})) if said else (bare,)


_OF_THE_SAMPLE: dict[str, Any] = {
    "sample": "", "date": None, "findings": (), "not_understood": (), "notes": (), "read_as": "", "records": None,
    "filtered_findings": (), "measured": (),
}  # fmt: skip


def _key(like: Genotype) -> tuple[Hashable, ...]:
    """All that the observations of a tumour without findings rest on."""
    known = like.tumour_type, like.specimen, like.limit_of_detection, like.tumour_fraction, like.prior_therapies
    return (*known, like.assayed)
