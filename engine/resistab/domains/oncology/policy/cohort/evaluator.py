"""Verdicts on many tumours: columns for the program, and of each drug what was said of tumours that it finds alike.

For each tumour type and coverage the verdicts on a tumour without findings are worked out once, and it is noted what
they rest on (see ``policy/background``). What a tumour differs in has numbers, and for each drug it is known which of
them it rests on. What is said of a drug is worked out by the policy on the first tumour that differs so, and noted with
it what was read; the next tumour that differs in the same of that is told the same, with its own findings in it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resistab.core.cached import cached_property
from resistab.core.columns import CODES, ColumnProgram
from resistab.core.condition import Atom
from resistab.core.program import Head, Program
from resistab.core.truth import Observation
from resistab.domains.oncology.atoms import SiteAtom
from resistab.domains.oncology.genotype import Assayed, Genotype
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.background import Background, judged_noting
from resistab.domains.oncology.policy.clonality import Clonality, clonality
from resistab.domains.oncology.policy.cohort.remembered import Alike, Further, Said, Token, indices, parted, signed
from resistab.domains.oncology.policy.cohort.states import (
    BINDS,
    CLOSED,
    CLOSED_HEAD,
    CODONS,
    COVERAGE,
    FOUND,
    FOUND_IN_PART,
    HEAD,
    OPEN,
    STRENGTH,
    GeneState,
    Numbers,
    Places,
    StateReader,
)
from resistab.domains.oncology.policy.cohort.telling import CohortTelling, ToldOf
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.inferred import Inferred
from resistab.domains.oncology.policy.judged import Judged, ResistanceTo
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.reads import Reads, noting

if TYPE_CHECKING:
    from resistab.domains.oncology.interpreter import TumourInterpreter

# So many tumours are columns of one table.
TABLE = 2048
# Of texts so many characters count as one of them.
_AS_ONE = 500
# In so many ways at most one drug is read of, for tumours of one kind.
MOST_WAYS = 24
# What a policy looks up among all findings, and the kind of what it may find there.
_KINDS = {"found": FOUND, "found in part": FOUND_IN_PART, "where_drugs_bind": BINDS, "substituted_codons": CODONS}
_TRUTHS = {code: truth for truth, code in CODES.items()}


@dataclass(frozen=True)
class DrugLine:
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
    lines: Sequence[DrugLine]


class TumourKind:
    """Tumours of one type and coverage: what is said of each drug where nothing was found, and what it rests on."""

    def __init__(self, telling: CohortTelling, background: Background, reader: StateReader, columns: _Columns) -> None:
        self.background, self.reader, prepared = background, reader, telling.prepared
        inferred, reads = background.inferred, Reads()
        self.said: dict[str, Said] = {}
        for rules in prepared.drugs:
            told = telling.of_drug(judged_noting(prepared, inferred, reads, rules.drug, derived=telling.derived))
            self.said[rules.drug] = _without_findings(told)
        for name in telling.further:
            self.said[name] = _without_findings(telling.of_further(name, noting(inferred, reads, name)))
        self.known: dict[str, list[Alike]] = {name: [] for name in self.said}
        shown = (_line(drug, said, ()) for drug, said in self.said.items() if said.summary.shown)
        self.leading = sorted(shown, key=_order)
        self.open_codes = columns.codes(inferred.seen)
        self.closed_codes = columns.codes(inferred.closed_observed.__getitem__, of_rules=True)
        self.drugs_reading: dict[int, list[str]] = {}
        for number, drugs_of in columns.numbered(reads):
            self.drugs_reading[number] = sorted(drugs_of)
        for gene, drugs in prepared.by_target.items():
            self.drugs_reading.setdefault(BINDS | columns.names(gene), []).extend(drugs)
        lineage = inferred.lineage
        for codon, drugs in prepared.by_codon.items():
            named = ((drug, prepared.drug_by_name[drug].resistance_at[codon]) for drug in drugs)
            here = [
                drug
                for drug, rows in named
                if any(not lineage.isdisjoint((*row.tumour_types, *row.extrapolated_to)) for row in rows)
            ]
            self.drugs_reading.setdefault(CODONS | columns.names(codon), []).extend(here)
        self.head_codes = [columns.open.code(inferred.values[head]) for head in columns.open.program.heads]
        self._resting: dict[int, tuple[_Resting, _Resting]] = {}
        self._parts: dict[int, dict[str, list[int]]] = {}

    def readers(self, number: int) -> Sequence[str]:
        """The drugs for which something that may differ is read where nothing was found."""
        return self.drugs_reading.get(number, ())

    def parts_of(self, state: GeneState) -> dict[str, list[int]]:
        """By drug the numbers of what of a state matters to it; none for a drug to which nothing does."""
        parts = self._parts.get(state.number)
        if parts is None:
            parts = self._parts[state.number] = {}
            for number in state.differences:
                for drug in self.drugs_reading.get(number, ()):
                    parts.setdefault(drug, []).append(number)
        return parts

    def resting(self, prepared: PreparedRules, columns: _Columns, state: GeneState) -> tuple[_Resting, _Resting]:
        """By drug the rows of resistance that ask for what is true by a finding of a state, and for what is open by it.

        Each with the numbers of its heads.
        """
        known = self._resting.get(state.number)
        if known is None:
            both: list[_Resting] = []
            for in_part in (False, True):
                found: _Resting = {}
                for number in state.found(in_part):
                    atom = columns.all[number]
                    for drug in prepared.by_resistance.get(atom, ()):
                        for row in prepared.drug_by_name[drug].resistance_by_atom[atom]:
                            own = columns.open.head_row[Head("row", row.id)]
                            further = columns.open.head_row.get(Head("extrapolated row", row.id))
                            found.setdefault(drug, {})[row.id] = own, further
                both.append(found)
            known = self._resting[state.number] = both[0], both[1]
        return known


# What is said of drugs, and the states by which their findings are named.
Told = dict[str, tuple[Said, list[int]]]
# By drug, rows by id with the number of the row's head, and of that by extrapolation.
_Resting = dict[str, dict[str, tuple[int, int | None]]]


class _Columns:
    """Both programs as columns, and the numbers of atoms."""

    def __init__(self, prepared: PreparedRules, program: Program, beneath: Program) -> None:
        self.open, self.closed = ColumnProgram(program), ColumnProgram(beneath)
        self.of_rules = self.open.atoms
        self.all: tuple[Atom, ...] = tuple(dict.fromkeys((*self.open.atoms, *prepared.atoms_of_uses)))
        self.numbers = {atom: number for number, atom in enumerate(self.all)}
        self.names = Numbers()
        self.closed_rows = np.array([self.numbers[atom] for atom in self.closed.atoms], np.intp)

    def codes(self, seen: Any, of_rules: bool = False) -> Any:
        """The code of the truth of each atom, as an array."""
        asked = self.of_rules if of_rules else self.all
        return np.array([CODES[seen(atom).truth] for atom in asked], np.uint8)

    def numbered(self, reads: Reads) -> Iterator[tuple[int, set[str]]]:
        """The numbers of what was read, each with the drugs for which it was."""
        for kind, atoms in ((OPEN, reads.observed), (CLOSED, reads.closed_observed)):
            for atom, drugs in atoms.items():
                if atom in self.numbers:
                    yield kind | self.numbers[atom], drugs
        for kind, rows, heads in (
            (HEAD, self.open.head_row, reads.values),
            (STRENGTH, self.open.head_row, reads.strengths),
            (CLOSED_HEAD, self.closed.head_row, reads.closed_values),
        ):
            for head, drugs in heads.items():
                if head in rows:
                    yield kind | rows[head], drugs
        for subject, drugs in reads.coverage.items():
            yield COVERAGE | self.names(subject), drugs


class CohortEvaluator:
    """Evaluates tumours by the rules of ``interpreter``; build once, use for many.

    What is said of drugs is that of a table, unless ``telling`` says more.
    """

    def __init__(self, interpreter: TumourInterpreter, telling: CohortTelling | None = None) -> None:
        self.interpreter, self.prepared = interpreter, interpreter.prepared
        self._telling = telling or CohortTelling(self.prepared)
        self._columns = _Columns(self.prepared, interpreter.program, interpreter.beneath)
        self._readers: dict[Hashable, StateReader] = {}
        self._kinds: dict[Hashable, TumourKind] = {}
        self._coverages: dict[tuple[int, ...], tuple[Hashable, tuple[Assayed, ...]]] = {}
        self._remembered = 0
        self._reads: dict[frozenset[int], frozenset[int]] = {}
        self._pieces: dict[str, str] = {}

    def lines(self, genotypes: Iterable[Genotype]) -> Iterator[TumourLines]:
        """What is said of each tumour, in their order; raises ``DisagreementError`` as ``interpret`` does."""
        for tumour, said in self.told(genotypes):
            yield TumourLines(tumour.genotype, lines_of(tumour, said))

    def told(self, genotypes: Iterable[Genotype]) -> Iterator[tuple[Tumour, Told]]:
        """Each tumour, with what is said of the drugs of which something else is said than where nothing was found."""
        table: list[Genotype] = []
        for genotype in genotypes:
            table.append(genotype)
            if len(table) == TABLE:
                yield from self._of_table(table)
                table = []
        if table:
            yield from self._of_table(table)

    def _of_table(self, table: Sequence[Genotype]) -> Iterator[tuple[Tumour, Told]]:
        tumours = [self._tumour(genotype) for genotype in table]
        kinds = list({id(tumour.kind): tumour.kind for tumour in tumours}.values())
        for closed in (False, True):
            self._add_heads(tumours, kinds, closed)
        for tumour in tumours:
            yield tumour, self._said(tumour)
            # What was inferred of one tumour takes half a megabyte.
            tumour.forget()

    # --- what a tumour differs in ---------------------------------------------------------------------------

    def _tumour(self, genotype: Genotype) -> Tumour:
        said: list[Assayed] = []
        inferred: dict[str, list[Assayed]] = {}
        for item in genotype.assayed:
            if item.inferred:
                inferred.setdefault(item.locus.subject, []).append(item)
            else:
                said.append(item)
        kind = self._kind(genotype, said)
        return Tumour(genotype, kind, kind.reader.states(genotype, inferred))

    def _kind(self, genotype: Genotype, said: list[Assayed]) -> TumourKind:
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
                reader = self._readers[context] = StateReader(
                    self.prepared, background, self._columns.numbers, self._columns.names
                )
            kind = self._kinds[key] = TumourKind(self._telling, background, reader, self._columns)
        return kind

    def _add_heads(self, tumours: Sequence[Tumour], kinds: Sequence[TumourKind], closed: bool) -> None:
        """Add to each tumour the heads, by number, that have another value in it than where nothing was found."""
        columns, of_heads = (self._columns.closed, CLOSED_HEAD) if closed else (self._columns.open, HEAD)
        of_kind = {id(kind): place for place, kind in enumerate(kinds)}
        own = np.array([of_kind[id(tumour.kind)] for tumour in tumours], np.intp)
        bases = np.stack([kind.closed_codes if closed else kind.open_codes for kind in kinds], axis=1)
        # Each kind of tumour, without findings, is a column too: what a head is there, its tumours are held against.
        observed = bases[:, np.concatenate([own, np.arange(len(kinds))])]
        places: dict[int, list[int]] = {}
        states: dict[int, GeneState] = {}
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
        before = found.codes[rows_at, len(tumours) + own[tumours_at]]
        for head, place, code, earlier in zip(
            rows_at.tolist(), tumours_at.tolist(), codes_at.tolist(), before.tolist(), strict=True
        ):
            heads = tumours[place].heads
            heads[of_heads | head] = code
            # Of what is not certain the strength is none.
            if not closed and (code > 1 or earlier > 1):
                heads[STRENGTH | head] = code if code > 1 else 0

    # --- what is said of it ---------------------------------------------------------------------------------

    def _said(self, tumour: Tumour) -> Told:
        kind = tumour.kind
        parts: dict[str, list[int]] = {}
        for state, _ in tumour.states:
            for drug, numbers in kind.parts_of(state).items():
                parts.setdefault(drug, []).extend(numbers)
        for number in tumour.heads:
            for drug in kind.drugs_reading.get(number, ()):
                parts.setdefault(drug, []).append(number)
        self._add_resting(tumour, parts)
        said = {drug: self._of_drug(tumour, drug, numbers, ()) for drug, numbers in parts.items()}
        conferred = self._conferred(tumour, said)
        for change, _ in conferred:
            for of in self.prepared.drug_by_name[change.drug].classes:
                for drug in self.prepared.by_class[of]:
                    said.setdefault(drug, (kind.said[drug], []))
        if conferred:
            for drug in [name for name in said if name in self.prepared.drug_by_name]:
                rules = self.prepared.drug_by_name[drug]
                bearing = tuple(
                    (change, at) for change, at in conferred if rules.shares(change.drug, change.target, change.defeats)
                )
                if bearing:
                    said[drug] = self._of_drug(tumour, drug, parts.get(drug, []), bearing)
        return said

    def _add_resting(self, tumour: Tumour, parts: dict[str, list[int]]) -> None:
        """Add the rows of resistance that are unknown and ask for what was found, as something that differs."""
        kind, heads = tumour.kind, tumour.heads
        codes = kind.head_codes
        for in_part, which in ((0, FOUND), (1, FOUND_IN_PART)):
            resting: _Resting = {}
            for state, _ in tumour.states:
                for drug, rows in kind.resting(self.prepared, self._columns, state)[in_part].items():
                    resting[drug] = {**resting[drug], **rows} if drug in resting else rows
            for drug, rows in resting.items():
                unknown = []
                for row, (own, further) in rows.items():
                    code = heads.get(HEAD | own, codes[own])
                    if code == 0 and further is not None:
                        code = heads.get(HEAD | further, codes[further])
                    if code == 1:
                        unknown.append(row)
                if unknown:
                    number = which | self._columns.names(drug)
                    tumour.differences[number] = tuple(sorted(unknown)), 0, ()
                    parts.setdefault(drug, []).append(number)

    def _conferred(self, tumour: Tumour, said: Told) -> list[tuple[ResistanceTo, Token]]:
        """The resistance that findings confer, each with the finding by state and place in it, by drug."""
        return [
            (change, (among[token[0]], token[1]))
            for drug in sorted(said)
            for item, among in (said[drug],)
            for change, token in item.conferred
        ]

    def _of_drug(
        self, tumour: Tumour, drug: str, numbers: Sequence[int], conferred: tuple[tuple[ResistanceTo, Token], ...]
    ) -> tuple[Said, list[int]]:
        """What is said of a drug, and the states by which it names findings.

        ``numbers`` are those of what differs in the tumour and may be read for the drug.
        """
        known = tumour.kind.known[drug]
        for alike in known:
            key, among = tumour.key(alike, numbers, conferred)
            node = alike.said.get(key)
            while isinstance(node, Further):
                node = node.answers.get(tuple([tumour.answer(asked, among) for asked in node.asked]))
            if node is not None:
                return node, among
        found = self._work_out(tumour, drug, conferred)
        alike = next((one for one in known if (one.reads, one.kinds) == (found.reads, found.kinds)), None) or Alike(
            found.reads, found.kinds, tuple(sorted(n for n in found.reads if drug not in tumour.kind.readers(n)))
        )
        key, among = tumour.key(alike, numbers, conferred)
        in_key = len(among)

        def token(index: int) -> Token:
            return tumour.token(among, tumour.state_of(index))

        told = found.told
        said = Said(
            told.summary,
            tuple(p if isinstance(p, str) else token(p) for p in parted(told.summary.reason)),
            tuple((change, token(index)) for change, index in found.conferred),
            tuple(self._kept(p) if isinstance(p, str) else token(p) for p in parted(told.more)),
            tuple((row, token(index)) for row, text in told.fired for index in indices(text)),
            told.citations,
        )
        asked: list[tuple[str, Any]] = [("minor", token(index)) for index in found.clones]
        if len({state for state, _ in said.tokens}) > 1:
            asked.append(("order", len(among)))
        asked += [("alphabet", tuple(map(token, named))) for text in told.sorted if len(named := indices(text)) > 1]
        if found.lasting and len(among) == in_key:
            self._remember(known, alike, key, tumour, said, tuple(asked), among)
        return said, among

    def _remember(
        self,
        known: list[Alike],
        alike: Alike,
        key: Hashable,
        tumour: Tumour,
        said: Said,
        asked: tuple[tuple[str, Any], ...],
        among: list[int],
    ) -> None:
        """Keep what was said for the next tumour with the same key, and the same answers to what is asked besides."""
        if alike not in known:
            if len(known) >= MOST_WAYS:
                return
            known.append(alike)
        node = alike.said.get(key)
        answers = alike.said
        while isinstance(node, Further):
            answers, key = node.answers, tuple([tumour.answer(item, among) for item in node.asked])
            asked = tuple(item for item in asked if item not in node.asked)
            node = answers.get(key)
        if asked:
            further = Further(asked)
            answers[key] = further
            answers, key = further.answers, tuple([tumour.answer(item, among) for item in asked])
        answers[key] = said
        self._remembered += 1
        if self._remembered > self._telling.most:
            self._forget()

    def _shared(self, reads: frozenset[int]) -> frozenset[int]:
        """The same reads as one object, since tumours of every kind are read in few ways."""
        return self._reads.setdefault(reads, reads)

    def _kept(self, piece: str) -> str:
        """The same piece of a text as one object, since much of what is said of one tumour is said of others too."""
        if piece not in self._pieces:
            self._remembered += len(piece) // _AS_ONE
        return self._pieces.setdefault(piece, piece)

    def _forget(self) -> None:
        self._pieces.clear()
        for kind in self._kinds.values():
            for known in kind.known.values():
                known.clear()
        self._remembered = 0

    def _work_out(
        self, tumour: Tumour, drug: str, conferred: tuple[tuple[ResistanceTo, tuple[int, int]], ...]
    ) -> _Found:
        """What the policy says of a drug, and what was read for it beyond the key."""
        inferred = tumour.inferred(self._columns)
        reads = Reads()
        noted = noting(inferred, reads, drug)
        conferring: list[ResistanceTo] = []
        if drug in self.prepared.drug_by_name:
            deriver = Deriver(self.prepared, noted.genotype, noted.observed, noted.values)
            judged = Judged(self.prepared, self.prepared.drug_by_name[drug], noted, deriver, self._telling.derived)
            conferring += judged.resistance_conferred()
            signs = tumour.signs
            others = [ResistanceTo(c.drug, c.row, signs[tumour.index(at)], c.target, c.defeats) for c, at in conferred]
            judged.of_others = lambda: others
            told = self._telling.of_drug(judged)
        else:
            told = self._telling.of_further(drug, noted)
        return _Found(
            told,
            tuple((change, index) for change in conferring for index in indices(change.finding)),
            self._shared(frozenset(number for number, _ in self._columns.numbered(reads))),
            frozenset(_KINDS[name] >> 20 for name in reads.among_findings if name in _KINDS),
            tuple(noted.clones.asked),
            all(atom in self._columns.numbers or _of_codon(atom) for atom in reads.observed),
        )


@dataclass(frozen=True)
class _Found:
    """What the policy says of a drug in one tumour; findings are named by their index.

    ``reads`` are the numbers of what was read, ``kinds`` what was looked up among all findings, ``clones`` findings of
    which the clonality was asked. It is not ``lasting`` where something was read of which no later tumour can be asked.
    """

    told: ToldOf
    conferred: tuple[tuple[ResistanceTo, int], ...]
    reads: frozenset[int]
    kinds: frozenset[int]
    clones: tuple[int, ...]
    lasting: bool


class Tumour:
    """A tumour as it differs from one of its kind without findings."""

    def __init__(self, genotype: Genotype, kind: TumourKind, states: list[tuple[GeneState, Places]]) -> None:
        self.genotype, self.kind, self.states = genotype, kind, states
        self.heads: dict[int, int] = {}
        self._inferred: Inferred | None = None

    def index(self, at: Token) -> int:
        """The index of a finding that is given by state and place in it."""
        return self.states[at[0]][1][at[1]]

    def state_of(self, index: int) -> Token:
        """The first state that holds a finding, and its place in it."""
        return next((s, places.index(index)) for s, (_, places) in enumerate(self.states) if index in places)

    @cached_property
    def clones(self) -> Mapping[int, Clonality]:
        """The clonality of its findings, by index."""
        below = self.kind.background.inferred.observer.rulebase.manifest.minor_clone_below
        return clonality(self.genotype, below)

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """What stands for the text of each finding."""
        texts = [finding.text for finding in self.genotype.findings]
        ranks = {text: rank for rank, text in enumerate(sorted(set(texts)))}
        return tuple([signed(texts.index(text), ranks[text]) for text in texts])

    def text(self, among: Sequence[int], token: Token) -> str:
        """The text of a finding that is named by the place of its state in ``among``."""
        return self.genotype.findings[self.index((among[token[0]], token[1]))].text

    def token(self, among: list[int], at: Token) -> Token:
        """How a finding is named; its state is added to ``among`` where it is not there."""
        if at[0] not in among:
            among.append(at[0])
        return among.index(at[0]), at[1]

    def key(
        self, alike: Alike, numbers: Sequence[int], conferred: tuple[tuple[ResistanceTo, Token], ...]
    ) -> tuple[Hashable, list[int]]:
        """All that differs in this tumour of what was read, and the states whose findings are in it, in its order."""
        reads, kinds = alike.reads, alike.kinds
        asked = [number for number in numbers if number in reads or number >> 20 in kinds]
        asked += [number for number in alike.beyond if number in self.differences]
        asked.sort()
        among: list[int] = []
        key: list[Hashable] = []
        for number in asked:
            value, state, places = self.differences[number]
            if places:
                if state not in among:
                    among.append(state)
                key.append((number, value, among.index(state), places))
            else:
                key.append((number, value))
        for change, at in conferred:
            key.append((change.drug, change.row, change.target, change.defeats, self.token(among, at)))
        return tuple(key), among

    @cached_property
    def differences(self) -> dict[int, tuple[Hashable, int, Places]]:
        """By number what differs in this tumour: its value, and the findings behind it by state and place."""
        found: dict[int, tuple[Hashable, int, Places]] = {
            number: (value, place, places)
            for place, (state, _) in enumerate(self.states)
            for number, (value, places) in state.differences.items()
        }
        for number, code in self.heads.items():
            found[number] = code, 0, ()
        return found

    def answer(self, asked: tuple[str, Any], among: Sequence[int]) -> Hashable:
        """What this tumour answers to what is asked of findings, which are named by places of states in ``among``."""
        kind, what = asked
        if kind == "minor":
            clone = self.clones.get(self.index((among[what[0]], what[1])))
            return clone is not None and clone.minor
        if kind == "alphabet":
            texts = [self.text(among, token) for token in what]
            return tuple(sorted(range(len(texts)), key=texts.__getitem__))
        # In what order findings are named that belong to different genes.
        order = sorted((index, state) for state in range(what) for index in self.states[among[state]][1])
        return tuple([state for _, state in order])

    def forget(self) -> None:
        """Let go of what was inferred."""
        self._inferred = None

    def inferred(self, columns: _Columns) -> Inferred:
        """What the evaluators of this tumour alone would have inferred; texts of findings are signs for them."""
        if self._inferred is None:
            before = self.kind.background.inferred
            findings = tuple(
                finding.model_copy(update={"text": sign})
                for finding, sign in zip(self.genotype.findings, self.signs, strict=True)
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
            for number, code in self.heads.items():
                kind = number >> 20
                if kind == HEAD >> 20:
                    values[columns.open.program.heads[number ^ HEAD]] = columns.open.values[code]
                elif kind == CLOSED_HEAD >> 20:
                    closed_values[columns.closed.program.heads[number ^ CLOSED_HEAD]] = columns.closed.values[code]
            observer = Observer(genotype, before.observer.rulebase)
            self._inferred = Inferred(genotype, observer, observed, values, closed, closed_values, self.clones, beside)
        return self._inferred


def lines_of(tumour: Tumour, said: Told) -> Sequence[DrugLine]:
    """The lines of a table for a tumour, from what ``told`` says of it."""
    if not said:
        return tumour.kind.leading
    lines = []
    for drug, (item, among) in said.items():
        if item.summary.shown:
            lines.append(_line(drug, item, tuple(tumour.text(among, token) for token in item.named)))
    lines += [line for line in tumour.kind.leading if line.drug not in said]
    return sorted(lines, key=_order)


def _without_findings(told: ToldOf) -> Said:
    return Said(told.summary, (told.summary.reason,), (), (told.more,), (), told.citations)


def _line(drug: str, said: Said, texts: tuple[str, ...]) -> DrugLine:
    line = said.filled.get(texts)
    if line is None:
        summary = said.summary
        if len(said.filled) > 100:
            said.filled.clear()
        line = said.filled[texts] = DrugLine(
            drug, summary.verdict, summary.level, summary.relevant, said.text(texts), summary.rows
        )
    found: DrugLine = line
    return found


def _of_codon(atom: Atom) -> bool:
    """Whether an atom asks for any substitution at a codon: the codons of a key say that."""
    if not isinstance(atom, SiteAtom) or atom.allele_fraction is not None:
        return False
    return atom.type == "substitution" and atom.first == atom.last is not None


def _order(line: DrugLine) -> tuple[bool, str]:
    return not line.relevant, line.drug
