"""What the findings of a gene say, worked out once for all tumours in which the gene is the same.

An atom of one gene is decided by the findings of that gene and by what was assayed of it. Genes that an atom or a
fusion joins are taken together. So a tumour is a few *states*, of which there are few in a cohort.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from resistab.core.cached import cached_property
from resistab.core.columns import CODES
from resistab.core.condition import Atom
from resistab.core.truth import Observation, Truth
from resistab.domains.oncology.genotype import Assayed, Finding, Genotype, SiteFinding
from resistab.domains.oncology.observe import Observer, finding_subjects
from resistab.domains.oncology.policy.background import Background
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.prepared import PreparedRules, subjects_read

# Findings of a gene of which it is remembered what they say.
MOST_KNOWN = 300_000
# What may be read of a tumour, each kind with numbers of its own: atoms, heads, subjects, genes, codons, drugs.
OPEN, CLOSED, HEAD, STRENGTH, CLOSED_HEAD, COVERAGE, BINDS, CODONS, FOUND, FOUND_IN_PART = (
    kind << 20 for kind in range(10)
)
# Of a state the findings by their place in it.
Places = tuple[int, ...]


@dataclass(frozen=True)
class GeneState:
    """What findings of genes that hang together change in a tumour without findings.

    ``open`` are the atoms, by number, that are observed otherwise, each with the code of its truth and the findings
    behind it; ``closed`` the same where all that was not assayed is taken as absent. ``coverage`` are the subjects that
    were assayed otherwise, and how. ``binds`` are findings where drugs bind a gene's protein, ``codons`` substituted
    ones that rules of resistance name; all by number. ``shapes`` is what else a policy may ask of each finding.
    """

    number: int
    open: tuple[tuple[int, int, Places], ...]
    closed: tuple[tuple[int, int, Places], ...]
    coverage: tuple[tuple[int, Hashable], ...]
    binds: tuple[tuple[int, int, frozenset[str]], ...]
    codons: tuple[tuple[int, Places], ...]
    shapes: tuple[Hashable, ...]

    def found(self, in_part: bool) -> Iterator[int]:
        """The atoms, by number, that are true by a finding; with ``in_part`` those that a finding leaves open."""
        wanted = CODES[Truth.UNKNOWN if in_part else Truth.TRUE]
        return (row for row, code, places in self.closed if places and code == wanted)

    @cached_property
    def differences(self) -> dict[int, tuple[Hashable, Places]]:
        """By the number of what may be read its value, and the findings behind it by place."""
        found: dict[int, tuple[Hashable, Places]] = {}
        for row, code, places in self.open:
            found[OPEN | row] = (code, self._shapes(places)), places
        for row, code, places in self.closed:
            found[CLOSED | row] = (code, self._shapes(places)), places
        for number, how in self.coverage:
            found[COVERAGE | number] = how, ()
        for number in {number for number, _, _ in self.binds}:
            here = [(place, sets) for of, place, sets in self.binds if of == number]
            said = tuple((sets, self.shapes[place]) for place, sets in here)
            found[BINDS | number] = said, tuple(place for place, _ in here)
        for number, places in self.codons:
            found[CODONS | number] = self._shapes(places), places
        return found

    def _shapes(self, places: Places) -> Hashable:
        return tuple([self.shapes[place] for place in places])

    def rows(self, closed: bool) -> tuple[Any, Any]:
        """The numbers of the atoms that differ, and the codes of their truth, as arrays."""
        return self._closed_rows if closed else self._open_rows

    @cached_property
    def _open_rows(self) -> tuple[Any, Any]:
        return _arrays(self.open)

    @cached_property
    def _closed_rows(self) -> tuple[Any, Any]:
        return _arrays(self.closed)


def _arrays(entries: tuple[tuple[int, int, Places], ...]) -> tuple[Any, Any]:
    return np.array([row for row, _, _ in entries], np.intp), np.array([code for _, code, _ in entries], np.uint8)


class Numbers:
    """Numbers for subjects, genes and codons, by which what is read of a tumour is known; each is given once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}

    def __call__(self, name: Hashable) -> int:
        """The number of ``name``, a new one where it had none."""
        return self._known.setdefault(name, len(self._known))


class StateReader:
    """The states of tumours that differ from ``background`` by findings alone; ``numbers`` are those of the atoms."""

    def __init__(
        self, prepared: PreparedRules, background: Background, numbers: Mapping[Atom, int], names: Numbers
    ) -> None:
        self.prepared, self.background, self.numbers, self.names = prepared, background, numbers, names
        self._joined: dict[str, set[str]] = {}
        self._by_fraction: set[str] = set()
        for atom in (*prepared.atoms, *prepared.atoms_of_uses):
            subjects = subjects_read(atom)
            for subject in subjects if len(subjects) > 1 else ():
                self._joined.setdefault(subject, set()).update(subjects)
            if getattr(atom, "allele_fraction", None) is not None:
                self._by_fraction.update(subjects)
        # Of other genes nothing is asked.
        self._asked = {*prepared.atoms_by_subject, *(gene.symbol for gene in prepared.rulebase.genes)}
        self._known: dict[Hashable, GeneState] = {}
        self._like: dict[Hashable, GeneState] = {}

    def states(self, genotype: Genotype, inferred: Mapping[str, list[Assayed]]) -> list[tuple[GeneState, Places]]:
        """The states of a tumour by number, each with its findings by index.

        ``inferred`` is what must have been assayed for its findings.
        """
        findings = genotype.findings
        found = []
        for places, subjects in self._together(findings):
            assayed = [item for subject in subjects for item in inferred.get(subject, ())]
            key = (
                tuple([self._identity(findings[index]) for index in places]),
                tuple([(i.locus.subject, i.locus.kind, i.locus.ranges, i.locus.change_type) for i in assayed]),
            )
            state = self._known.get(key)
            if state is None:
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                state = self._known[key] = self._read([findings[i] for i in places], assayed)
            found.append((state, places))
        found.sort(key=_number)
        return found

    def _together(self, findings: Sequence[Finding]) -> list[tuple[Places, tuple[str, ...]]]:
        """The findings by index, and their subjects, parted so that no atom reads of two parts."""
        by_subject: dict[str, list[int]] = {}
        several = False
        for index, finding in enumerate(findings):
            subjects = finding_subjects(finding)
            several = several or len(subjects) > 1
            for subject in subjects:
                if subject in self._asked:
                    by_subject.setdefault(subject, []).append(index)
        linked = [subject for subject in by_subject if subject in self._joined]
        if not several and not any(not self._joined[one].isdisjoint(linked[:n]) for n, one in enumerate(linked)):
            return [(tuple(places), (subject,)) for subject, places in by_subject.items()]
        parts: list[tuple[set[int], set[str]]] = []
        for subject, places in by_subject.items():
            joined = (set(places), {subject})
            apart = []
            for part in parts:
                touches = part[0] & joined[0] or any(part[1] & self._joined.get(name, set()) for name in joined[1])
                if touches:
                    joined = (part[0] | joined[0], part[1] | joined[1])
                else:
                    apart.append(part)
            parts = [*apart, joined]
        return sorted((tuple(sorted(places)), tuple(sorted(subjects))) for places, subjects in parts)

    def _identity(self, finding: Finding) -> Hashable:
        known = (
            finding.kind, finding.text, finding.origin, finding.copies, finding.unknown_significance,
            getattr(finding, "phases", ()), getattr(finding, "value", None), getattr(finding, "may_stop", False),
        )  # fmt: skip
        if self._by_fraction.isdisjoint(finding_subjects(finding)):
            return known
        return (*known, finding.allele_fraction)

    def _read(self, findings: list[Finding], assayed: list[Assayed]) -> GeneState:
        before = self.background.inferred
        genotype = before.genotype.model_copy(
            update={"findings": tuple(findings), "assayed": (*before.genotype.assayed, *assayed)}
        )
        rulebase = self.prepared.rulebase
        observer, closed = Observer(genotype, rulebase), Observer(genotype, rulebase, assume_assayed=True)
        differing = self.background.differences(observer, closed)
        alone = Inferred(genotype, observer, {**before.observed, **differing.observed}, {}, {}, {})
        sets = alone.in_sets
        resisting = {index for indices in alone.resistance_mutations.values() for index in indices}
        subjects = {item.locus.subject for item in assayed}
        coverage = {
            subject: tuple(
                sorted(
                    (i.locus.kind, i.locus.ranges, i.locus.change_type) for i in assayed if i.locus.subject == subject
                )
            )
            for subject in sorted(differing.coverage & subjects)
        }
        shapes = tuple(
            (finding.kind, finding_subjects(finding), index in resisting, _placed(finding))
            for index, finding in enumerate(findings)
        )
        by_codon = self.prepared.by_codon
        content = (
            self._numbered(differing.observed.items()),
            self._numbered(differing.closed_observed.items()),
            tuple((self.names(subject), how) for subject, how in coverage.items()),
            tuple(
                (self.names(gene), index, frozenset(name for name, indices in sets.items() if index in indices))
                for gene, changes in alone.where_drugs_bind.items()
                for index, _ in changes
            ),
            tuple(
                (self.names(codon), places)
                for codon, places in sorted(alone.substituted_codons.items())
                if codon in by_codon
            ),
            shapes,
        )
        state = self._like.get(content)
        if state is None:
            state = self._like[content] = GeneState(len(self._like), *content)
        return state

    def _numbered(self, observed: Iterable[tuple[Atom, Observation]]) -> tuple[tuple[int, int, Places], ...]:
        return tuple(sorted((self.numbers[atom], CODES[seen.truth], seen.findings) for atom, seen in observed))


def _number(found: tuple[GeneState, Places]) -> tuple[int, Places]:
    return found[0].number, found[1]


def _placed(finding: Finding) -> bool:
    return isinstance(finding, SiteFinding) and finding.first is not None
