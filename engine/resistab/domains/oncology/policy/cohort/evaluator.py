"""Verdicts on many tumours: columns for the program, and of each drug what was said of tumours that it finds alike.

For each tumour type and coverage the verdicts on a tumour without findings are worked out once, and it is noted what
they rest on (see ``policy/background``). A tumour differs from that in a few observations and values; for each drug
that rests on any of them, those are its *key*. What is said of a drug under a key is worked out by the policy, on the first tumour
that has it, while everything is noted that is read beyond the key; the next tumour with the same key, and the same
answers to what was read beyond it, is told the same with its own findings in it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resistab.core.columns import CODES, ColumnProgram
from resistab.core.condition import Atom
from resistab.core.program import Program
from resistab.core.truth import Observation
from resistab.domains.oncology.atoms import SiteAtom
from resistab.domains.oncology.genotype import Assayed, Genotype
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.background import Background
from resistab.domains.oncology.policy.clonality import clonality
from resistab.domains.oncology.policy.cohort.remembered import Further, Said, Token, parted, signed
from resistab.domains.oncology.policy.cohort.states import Places, State, StateReader
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.judged import Judged, ResistanceTo
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.reads import Reads, noting
from resistab.domains.oncology.policy.verdicts import summary_of

if TYPE_CHECKING:
    from resistab.domains.oncology.interpreter import TumourInterpreter

# So many tumours are columns of one table.
TABLE = 4096
# So much that was said is remembered in all.
MOST_REMEMBERED = 400_000
_TRUTHS = {code: truth for truth, code in CODES.items()}


@dataclass(frozen=True)
class Line:
    """What is said of one drug in one tumour."""

    drug: str
    verdict: str
    level: int | None
    relevant: bool
    reason: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class TumourLines:
    """The drugs that a report on a tumour leads with, in its order."""

    genotype: Genotype
    lines: Sequence[Line]


class _Kind:
    """Tumours of one type and coverage: what is said of each drug where nothing was found, and what it rests on."""

    def __init__(self, prepared: PreparedRules, background: Background, reader: StateReader, columns: _Columns) -> None:
        self.background, self.reader = background, reader
        inferred, self.reads = background.inferred, Reads()
        self.said: dict[str, Said] = {}
        self.known: dict[str, dict[Hashable, Said | Further]] = {}
        for rules in prepared.drugs:
            noted = noting(inferred, self.reads, rules.drug)
            judged = Judged(prepared, rules, noted, Deriver(prepared, noted.genotype, noted.observed, noted.values))
            if any(judged.resistance_conferred()):
                raise AssertionError(f"{rules.drug}: resistance is conferred where nothing was found")
            summary = summary_of(judged)
            self.said[rules.drug] = Said(summary, (summary.reason,), ())
            self.known[rules.drug] = {}
        self.lines = {drug: _line(drug, said, ()) for drug, said in self.said.items()}
        self.shown = {drug: said.summary.shown for drug, said in self.said.items()}
        shown = [self.lines[drug] for drug in self.lines if self.shown[drug]]
        self.leading = sorted(shown, key=_order)
        self.open_codes = columns.codes(inferred.seen)
        self.closed_codes = columns.codes(inferred.closed_observed.__getitem__, of_rules=True)
        self.open_drugs = {columns.numbers[atom]: drugs for atom, drugs in self.reads.observed.items()}
        self.closed_drugs = {columns.numbers[atom]: drugs for atom, drugs in self.reads.closed_observed.items()}
        self.head_drugs = {columns.open.head_row[head]: drugs for head, drugs in self.reads.values.items()}
        self.closed_head_drugs = {
            columns.closed.head_row[head]: drugs
            for head, drugs in self.reads.closed_values.items()
            if head in columns.closed.head_row
        }
        self.parts: dict[int, dict[str, Hashable]] = {}

    def parts_of(self, prepared: PreparedRules, state: State) -> dict[str, Hashable]:
        """By drug what of a state matters to it; none for a drug to which nothing does."""
        parts = self.parts.get(state.number)
        if parts is None:
            found: dict[str, list[Hashable]] = {}
            for row, code, places in state.open:
                for drug in self.open_drugs.get(row, ()):
                    found.setdefault(drug, []).append(("o", row, code, places))
            for row, code, places in state.closed:
                for drug in self.closed_drugs.get(row, ()):
                    found.setdefault(drug, []).append(("c", row, code, places))
            for subject, how in state.coverage:
                for drug in self.reads.coverage.get(subject, ()):
                    found.setdefault(drug, []).append(("s", subject, how))
            for gene, place, sets in state.binds:
                for drug in prepared.by_target.get(gene, ()):
                    found.setdefault(drug, []).append(("b", gene, place, sets))
            for codon, places in state.codons:
                for drug in prepared.by_codon.get(codon, ()):
                    found.setdefault(drug, []).append(("r", codon, places))
            parts = self.parts[state.number] = {drug: (state.shapes, *entries) for drug, entries in found.items()}
        return parts


class _Columns:
    """Both programs as columns, and the numbers of atoms."""

    def __init__(self, prepared: PreparedRules, program: Program, beneath: Program) -> None:
        self.open, self.closed = ColumnProgram(program), ColumnProgram(beneath)
        self.of_rules = self.open.atoms
        self.all: tuple[Atom, ...] = tuple(dict.fromkeys((*self.open.atoms, *prepared.atoms_of_uses)))
        self.numbers = {atom: number for number, atom in enumerate(self.all)}
        self.closed_rows = np.array([self.numbers[atom] for atom in self.closed.atoms], np.intp)

    def codes(self, seen: Any, of_rules: bool = False) -> Any:
        """The code of the truth of each atom, as an array."""
        asked = self.of_rules if of_rules else self.all
        return np.array([CODES[seen(atom).truth] for atom in asked], np.uint8)


class CohortEvaluator:
    """Evaluates tumours by the rules of ``interpreter``; build once, use for many."""

    def __init__(self, interpreter: TumourInterpreter) -> None:
        self.interpreter, self.prepared = interpreter, interpreter.prepared
        self._columns = _Columns(self.prepared, interpreter.program, interpreter.beneath)
        self._readers: dict[Hashable, StateReader] = {}
        self._kinds: dict[Hashable, _Kind] = {}
        self._coverages: dict[tuple[int, ...], tuple[Hashable, tuple[Assayed, ...]]] = {}
        self._remembered = 0

    def lines(self, genotypes: Iterable[Genotype]) -> Iterator[TumourLines]:
        """What is said of each tumour, in their order; raises ``DisagreementError`` as ``interpret`` does."""
        table: list[Genotype] = []
        for genotype in genotypes:
            table.append(genotype)
            if len(table) == TABLE:
                yield from self._of_table(table)
                table = []
        if table:
            yield from self._of_table(table)

    def _of_table(self, table: Sequence[Genotype]) -> Iterator[TumourLines]:
        tumours = [self._tumour(genotype) for genotype in table]
        kinds = list({id(tumour.kind): tumour.kind for tumour in tumours}.values())
        for closed in (False, True):
            self._add_heads(tumours, kinds, closed)
        for tumour in tumours:
            yield TumourLines(tumour.genotype, self._said(tumour))

    # --- what a tumour differs in ---------------------------------------------------------------------------

    def _tumour(self, genotype: Genotype) -> _Tumour:
        said: list[Assayed] = []
        inferred: dict[str, list[Assayed]] = {}
        for item in genotype.assayed:
            if item.inferred:
                inferred.setdefault(item.locus.subject, []).append(item)
            else:
                said.append(item)
        kind = self._kind(genotype, said)
        clones = clonality(genotype, self.prepared.rulebase.manifest.minor_clone_below)
        minor = frozenset(index for index, clone in clones.items() if clone.minor)
        return _Tumour(genotype, kind, kind.reader.states(genotype, minor, inferred))

    def _kind(self, genotype: Genotype, said: list[Assayed]) -> _Kind:
        ids = tuple([id(item) for item in said])
        if ids not in self._coverages:
            # Kept with what it stands for, so that no other object comes to have the same number.
            self._coverages[ids] = (tuple(item.locus for item in said), tuple(said))
        coverage = self._coverages[ids][0]
        context = (
            coverage, genotype.specimen, genotype.limit_of_detection, genotype.tumour_fraction,
            genotype.prior_therapies,
        )  # fmt: skip
        key = (genotype.tumour_type, context)
        kind = self._kinds.get(key)
        if kind is None:
            background = self.interpreter.background_of(genotype)
            reader = self._readers.get(context)
            if reader is None:
                reader = self._readers[context] = StateReader(self.prepared, background, self._columns.numbers)
            kind = self._kinds[key] = _Kind(self.prepared, background, reader, self._columns)
        return kind

    def _add_heads(self, tumours: Sequence[_Tumour], kinds: Sequence[_Kind], closed: bool) -> None:
        """Add to each tumour the heads, by number, that have another value in it than where nothing was found."""
        columns = self._columns.closed if closed else self._columns.open
        of_kind = {id(kind): place for place, kind in enumerate(kinds)}
        own = np.array([of_kind[id(tumour.kind)] for tumour in tumours], np.intp)
        bases = np.stack([kind.closed_codes if closed else kind.open_codes for kind in kinds], axis=1)
        # Each kind of tumour, without findings, is a column too: what a head is there, its tumours are held against.
        observed = bases[:, np.concatenate([own, np.arange(len(kinds))])]
        places: dict[int, list[int]] = {}
        states: dict[int, State] = {}
        for place, tumour in enumerate(tumours):
            for state, _ in tumour.states:
                number = id(state)
                states[number] = state
                places.setdefault(number, []).append(place)
        for number, at in places.items():
            rows, codes = states[number].rows(closed)
            if len(rows):
                observed[np.ix_(rows, np.array(at, np.intp))] = codes[:, None]
        table = observed[self._columns.closed_rows] if closed else observed[: len(columns.atoms)]
        found = columns.evaluate(table)
        others = found.codes[:, : len(tumours)] != found.codes[:, len(tumours) + own]
        tumours_at, rows_at = np.nonzero(others.T)
        codes_at = found.codes[rows_at, tumours_at]
        for head, place, code in zip(rows_at.tolist(), tumours_at.tolist(), codes_at.tolist(), strict=True):
            (tumours[place].closed_heads if closed else tumours[place].heads)[head] = code

    # --- what is said of it ---------------------------------------------------------------------------------

    def _said(self, tumour: _Tumour) -> list[Line]:
        kind = tumour.kind
        visible: dict[str, list[int]] = {}
        parts: dict[str, list[Hashable]] = {}
        for place, (state, _) in enumerate(tumour.states):
            for drug, part in kind.parts_of(self.prepared, state).items():
                visible.setdefault(drug, []).append(place)
                parts.setdefault(drug, []).append(part)
        for drugs_of, heads in ((kind.head_drugs, tumour.heads), (kind.closed_head_drugs, tumour.closed_heads)):
            for head, code in heads.items():
                for drug in drugs_of.get(head, ()):
                    parts.setdefault(drug, []).append((drugs_of is kind.head_drugs, head, code))
        if not parts:
            return kind.leading
        keys = {drug: tuple(part) for drug, part in parts.items()}
        said = {drug: self._of_drug(tumour, drug, key, visible.get(drug, []), ()) for drug, key in keys.items()}
        conferred = self._conferred(tumour, said)
        for change, _ in conferred:
            for of in self.prepared.drug_by_name[change.drug].classes:
                for drug in self.prepared.by_class[of]:
                    said.setdefault(drug, (kind.said[drug], []))
        if conferred:
            for drug in list(said):
                rules = self.prepared.drug_by_name[drug]
                bearing = tuple(
                    (change, at) for change, at in conferred if rules.shares(change.drug, change.target, change.defeats)
                )
                if bearing:
                    said[drug] = self._of_drug(tumour, drug, keys.get(drug, ()), visible.get(drug, []), bearing)
        lines = []
        for drug, (item, among) in said.items():
            if item.summary.shown:
                lines.append(_line(drug, item, tuple(tumour.text(among, token) for token in item.named)))
        lines += [line for line in kind.leading if line.drug not in said]
        return sorted(lines, key=_order)

    def _conferred(
        self, tumour: _Tumour, said: Mapping[str, tuple[Said, list[int]]]
    ) -> list[tuple[ResistanceTo, Token]]:
        """The resistance that findings confer, each with the finding by state and place in it, by drug."""
        return [
            (change, (among[token[0]], token[1]))
            for drug in sorted(said)
            for item, among in (said[drug],)
            for change, token in item.conferred
        ]

    def _of_drug(
        self,
        tumour: _Tumour,
        drug: str,
        key: tuple[Hashable, ...],
        visible: list[int],
        conferred: tuple[tuple[ResistanceTo, tuple[int, int]], ...],
    ) -> tuple[Said, list[int]]:
        """What is said of a drug, and the states by which it names findings."""
        known = tumour.kind.known[drug]
        among = list(visible)
        told = tuple(
            (change.drug, change.row, change.target, change.defeats, tumour.token(among, at))
            for change, at in conferred
        )
        step: Hashable = (key, told) if told else key
        node = known.get(step)
        answers = None
        while isinstance(node, Further):
            answers = tuple(tumour.answer(asked, among) for asked in node.asked)
            known, step = node.answers, answers
            node = known.get(step)
        if node is None:
            said, asked, among = self._work_out(tumour, drug, visible, conferred)
            if asked is None:
                return said, among
            if answers is not None or asked:
                # What a tumour with the same key was asked says nothing yet of this one.
                root = tumour.kind.known[drug]
                self._remember(root, (key, told) if told else key, tumour, said, asked, visible, conferred)
            else:
                known[step] = said
            self._remembered += 1
            if self._remembered > MOST_REMEMBERED:
                self._forget()
            return said, among
        return node, among

    def _remember(
        self,
        root: dict[Hashable, Said | Further],
        step: Hashable,
        tumour: _Tumour,
        said: Said,
        asked: tuple[Hashable, ...],
        visible: list[int],
        conferred: tuple[tuple[ResistanceTo, tuple[int, int]], ...],
    ) -> None:
        """Put what was said where the same answers lead to it."""
        among = list(visible)
        for _, at in conferred:
            tumour.token(among, at)
        known, left = root, list(asked)
        while True:
            node = known.get(step)
            if node is None:
                if left:
                    further = Further(tuple(left))
                    known[step] = further
                    further.answers[tuple(tumour.answer(item, among) for item in left)] = said
                else:
                    known[step] = said
                return
            if isinstance(node, Said):
                # The same was asked, and answered alike: what is said cannot differ.
                return
            step = tuple(tumour.answer(item, among) for item in node.asked)
            left = [item for item in left if item not in node.asked]
            known = node.answers

    def _forget(self) -> None:
        for kind in self._kinds.values():
            for known in kind.known.values():
                known.clear()
        self._remembered = 0

    def _work_out(
        self,
        tumour: _Tumour,
        drug: str,
        visible: list[int],
        conferred: tuple[tuple[ResistanceTo, tuple[int, int]], ...],
    ) -> tuple[Said, tuple[Hashable, ...] | None, list[int]]:
        """What the policy says of a drug, what was asked beyond the key, and the states that it names findings by.

        None was asked where it was something of which no later tumour can be asked.
        """
        inferred = tumour.inferred(self._columns)
        reads = Reads()
        noted = noting(inferred, reads, drug)
        rules = self.prepared.drug_by_name[drug]
        judged = Judged(
            self.prepared, rules, noted, Deriver(self.prepared, noted.genotype, noted.observed, noted.values)
        )
        conferring = list(judged.resistance_conferred())
        judged.of_others = [
            ResistanceTo(c.drug, c.row, signed(tumour.index(at)), c.target, c.defeats) for c, at in conferred
        ]
        summary = summary_of(judged)
        lasting = all(atom in self._columns.numbers or _of_codon(atom) for atom in reads.observed)
        asked = tuple(self._beyond(tumour, drug, reads))
        among = list(visible)
        for _, at in conferred:
            tumour.token(among, at)
        for item in asked:
            tumour.answer(item, among)
        reason = tuple(
            part if isinstance(part, str) else tumour.token(among, tumour.state_of(part))
            for part in parted(summary.reason)
        )
        confers = tuple(
            (change, tumour.token(among, tumour.state_of(index)))
            for change in conferring
            for index in parted(change.finding)
            if isinstance(index, int)
        )
        return Said(summary, reason, confers), asked if lasting else None, among

    def _beyond(self, tumour: _Tumour, drug: str, reads: Reads) -> Iterator[Hashable]:
        """What was read for a drug that its key does not hold."""
        kind, columns = tumour.kind, self._columns
        for atom in reads.observed:
            number = columns.numbers.get(atom)
            if number is not None and drug not in kind.open_drugs.get(number, ()):
                yield ("o", number)
        for atom in reads.closed_observed:
            number = columns.numbers[atom]
            if drug not in kind.closed_drugs.get(number, ()):
                yield ("c", number)
        for head in reads.values:
            number = columns.open.head_row[head]
            if drug not in kind.head_drugs.get(number, ()):
                yield ("v", number)
        for head in reads.closed_values:
            row = columns.closed.head_row.get(head)
            if row is not None and drug not in kind.closed_head_drugs.get(row, ()):
                yield ("w", row)
        for subject in reads.coverage:
            if drug not in kind.reads.coverage.get(subject, ()):
                yield ("s", subject)


class _Tumour:
    """A tumour as it differs from one of its kind without findings."""

    def __init__(self, genotype: Genotype, kind: _Kind, states: list[tuple[State, Places]]) -> None:
        self.genotype, self.kind, self.states = genotype, kind, states
        self.heads: dict[int, int] = {}
        self.closed_heads: dict[int, int] = {}
        self._inferred: Inferred | None = None
        self._asked: dict[str, dict[Hashable, tuple[int, int, Places]]] | None = None

    def index(self, at: Token) -> int:
        """The index of a finding that is given by state and place in it."""
        return self.states[at[0]][1][at[1]]

    def state_of(self, index: int) -> Token:
        """The first state that holds a finding, and its place in it."""
        return next((s, places.index(index)) for s, (_, places) in enumerate(self.states) if index in places)

    def text(self, among: Sequence[int], token: Token) -> str:
        """The text of a finding that is named by the place of its state in ``among``."""
        return self.genotype.findings[self.index((among[token[0]], token[1]))].text

    def token(self, among: list[int], at: Token) -> Token:
        """How a finding is named; its state is added to ``among`` where it is not there."""
        if at[0] not in among:
            among.append(at[0])
        return among.index(at[0]), at[1]

    def answer(self, asked: Any, among: list[int]) -> Hashable:
        """What this tumour answers to what was asked beyond a key; None where it is as without findings."""
        kind, what = asked
        if kind == "v":
            return self.heads.get(what)
        if kind == "w":
            return self.closed_heads.get(what)
        if self._asked is None:
            self._asked = {"o": {}, "c": {}, "s": {}}
            for number, (state, _) in enumerate(self.states):
                for row, code, places in state.open:
                    self._asked["o"][row] = (number, code, places)
                for row, code, places in state.closed:
                    self._asked["c"][row] = (number, code, places)
                for subject, how in state.coverage:
                    self._asked["s"][subject] = (number, how, ())  # type: ignore[assignment]
        found = self._asked[kind].get(what)
        if found is None:
            return None
        number, code, places = found
        if not places:
            return code
        shapes = self.states[number][0].shapes
        return code, self.token(among, (number, 0))[0], places, tuple(shapes[place] for place in places)

    def inferred(self, columns: _Columns) -> Inferred:
        """What the evaluators of this tumour alone would have inferred; texts of findings are signs for them."""
        if self._inferred is None:
            before = self.kind.background.inferred
            findings = tuple(
                finding.model_copy(update={"text": signed(index)})
                for index, finding in enumerate(self.genotype.findings)
            )
            genotype = self.genotype.model_copy(update={"findings": findings})
            observed, beside, closed = dict(before.observed), dict(before.beside), dict(before.closed_observed)
            for state, places in self.states:
                for row, code, own in state.open:
                    seen = Observation(_TRUTHS[code], tuple(sorted(places[place] for place in own)))
                    (observed if row < len(columns.of_rules) else beside)[columns.all[row]] = seen
                for row, code, own in state.closed:
                    seen = Observation(_TRUTHS[code], tuple(sorted(places[place] for place in own)))
                    closed[columns.all[row]] = seen
            values, closed_values = dict(before.values), dict(before.closed_values)
            for row, code in self.heads.items():
                values[columns.open.program.heads[row]] = columns.open.values[code]
            for row, code in self.closed_heads.items():
                closed_values[columns.closed.program.heads[row]] = columns.closed.values[code]
            rulebase = before.observer.rulebase
            clones = clonality(genotype, rulebase.manifest.minor_clone_below)
            observer = Observer(genotype, rulebase)
            self._inferred = Inferred(genotype, observer, observed, values, closed, closed_values, clones, beside)
        return self._inferred


def _line(drug: str, said: Said, texts: tuple[str, ...]) -> Line:
    line = said.filled.get(texts)
    if line is None:
        summary = said.summary
        if len(said.filled) > 100:
            said.filled.clear()
        line = said.filled[texts] = Line(
            drug, summary.verdict, summary.level, summary.relevant, said.text(texts), summary.rows
        )
    found: Line = line
    return found


def _of_codon(atom: Atom) -> bool:
    """Whether an atom asks for any substitution at a codon: the codons of a key say that."""
    alone = isinstance(atom, SiteAtom) and atom.type == "substitution" and atom.first == atom.last is not None
    return alone and isinstance(atom, SiteAtom) and atom.allele_fraction is None


def _order(line: Line) -> tuple[bool, str]:
    return not line.relevant, line.drug
