"""From what a user gave about a sample to a ``Genotype``, or every fault at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from resistab.core.cached import cached_property
from resistab.core.faults import Fault, FaultAt, InputError, NotUnderstood, nearest, shortened
from resistab.core.measured import MeasuredResponse
from resistab.core.printable import printable
from resistab.core.records import dataclass, field, replace
from resistab.core.said import said
from resistab.domains.oncology.atoms import SIGNATURES
from resistab.domains.oncology.genotype import (
    Assayed,
    ChangeFinding,
    FilteredFinding,
    FilteredRecords,
    Finding,
    Genotype,
    PriorTherapy,
    Records,
    SiteFinding,
    StateFinding,
)
from resistab.domains.oncology.grammar.loci import Locus, LocusKind, parse_loci
from resistab.domains.oncology.grammar.protein_change import normal_form
from resistab.domains.oncology.inputs.alterations import (
    AlterationError,
    AlterationReader,
    Measured,
    tested_by,
)
from resistab.domains.oncology.inputs.listed import listed, tidy
from resistab.domains.oncology.inputs.therapies import OUTCOMES, GivenTherapy, read_therapy
from resistab.domains.oncology.inputs.tumour_types import read_tumour_type
from resistab.domains.oncology.kinds.models import Rulebase, TumourType
from resistab.domains.oncology.kinds.symbols import GeneSymbols
from resistab.files.responses import GivenResponse, in_order

# The longest insertion that is written out has some hundred residues; what is longer is no one alteration.
_MOST_CHARACTERS = 5000
# What stands for a prior therapy that is not known.
_NOT_SAID = frozenset(
    {"-", ".", "?", "na", "n/a", "nan", "nd", "unknown", "not known", "not available", "pending", "yes"}
)


_Tested = tuple[tuple[str, LocusKind], ...]
_Said = tuple[str, str, str | None, str | None, int, str | None, bool]


@dataclass(frozen=True)
class GivenFinding:
    """An alteration as given, with what was measured and, for phase, the other change.

    ``fallback`` is what is known all the same where the alteration cannot be read: that the gene is mutated. Such a
    call is listed among what is not understood, and is no fault. ``records`` is the number of records of a file of
    calls that it stands for, ``shown`` how it is to be shown where that is not ``text``, ``transcript`` the accession
    that it was annotated on. ``unread`` is why the reader of the file did not understand it;
    ``kind_unsure`` says that what the fallback names may be another kind of alteration, such as one of copies.
    """

    text: str
    fault_at: FaultAt
    measured: Measured | None = None
    phase: Literal["cis", "trans"] | None = None
    phase_with: str | None = None
    fallback: str | None = None
    records: int = 0
    shown: str | None = None
    transcript: str = ""
    unread: str | None = None
    kind_unsure: bool = False

    @cached_property
    def said(self) -> _Said:
        """All that is said of the alteration but its place and what was measured."""
        text = f"{self.text} in {self.phase} with {self.phase_with}" if self.phase and self.phase_with else self.text
        return text, self.transcript, self.shown, self.fallback, self.records, self.unread, self.kind_unsure

    def placed(self, fault_at: FaultAt, measured: Measured | None) -> GivenFinding:
        """The same alteration in another place and as measured there, made faster than by its constructor."""
        # Computed before it is copied, it is shared.
        self.said  # noqa: B018
        fields = self.__dict__.copy()
        fields["fault_at"], fields["measured"] = fault_at, measured
        other = object.__new__(GivenFinding)
        object.__setattr__(other, "__dict__", fields)
        return other


@dataclass(frozen=True)
class FilteredCall:
    """A call that is no finding, and ``why``: it did not pass its caller's filters, or nothing was called there.

    ``uncalled`` says the latter: then it is not known whether the change is there.
    """

    text: str
    why: str
    uncalled: bool = False
    fallback: str = ""


@dataclass(frozen=True)
class GivenText:
    """Any other entry as given, and how to place a fault of it; ``shown`` is how it is to be shown, if not so."""

    text: str
    fault_at: FaultAt
    shown: str | None = None


@dataclass(frozen=True)
class GivenSample:
    """Everything a user gave about one sample.

    ``faults`` are those that were found on reading; what they are of is left out, the tumour type too. ``read_as``
    says what the sample was read from; ``filtered_out`` counts records of it that are no findings, by reason, and
    ``aside`` holds those that the reader did not understand. ``reports`` are the kinds of alteration that the input
    could have told of, None for all: a list of small variants is silent of copies, whatever was assayed.
    ``filtered_calls`` are calls that were filtered out and would matter if they were real; of the genes in ``unclear``
    something was not called. ``covered_genes`` are those whose coverage for mutations the file itself tells, so that
    no panel does. ``folder`` is where the file that ``panel`` names must lie, None where it can name none.
    """

    sample: str
    tumour_type: GivenText | None
    specimen: Literal["tissue", "ctDNA"] | None = None
    date: datetime.date | None = None
    findings: Sequence[GivenFinding] = field(default_factory=tuple)
    assayed: Sequence[GivenText] = field(default_factory=tuple)
    prior_therapies: Sequence[GivenText] | None = None
    faults: Sequence[Fault] = ()
    limit_of_detection: float | None = None
    tumour_fraction: float | None = None
    measured: Sequence[GivenResponse] = ()
    panel: GivenText | None = None
    read_as: str = ""
    notes: Sequence[str] = ()
    filtered_out: Mapping[str, int] = field(default_factory=dict)
    aside: Sequence[NotUnderstood] = ()
    reports: frozenset[LocusKind] | None = None
    filtered_calls: Sequence[FilteredCall] = ()
    unclear: frozenset[str] = frozenset()
    covered_genes: frozenset[str] = frozenset()
    folder: Path | None = None


# Distinct entries whose reading is remembered: some 200 MB at most.
_MOST_REMEMBERED = 65_536
# What stands in the reading of an entry for what was measured: a fraction of more digits than can be written in a
# text, and no number of reads.
_ANY_FRACTION, _ANY_DEPTH = 0.41421356237309515, -1
_ANY = {
    (shared, deep): Measured(_ANY_FRACTION if shared else None, depth=_ANY_DEPTH if deep else None)
    for shared in (True, False)
    for deep in (True, False)
}


class Assembler:
    """Makes genotypes of samples as given, by one rulebase; what many of them say alike is read once."""

    def __init__(self, rulebase: Rulebase, symbols: GeneSymbols) -> None:
        self.rulebase = rulebase
        self.reader = AlterationReader(rulebase, symbols)
        self.entry = lru_cache(_MOST_REMEMBERED)(self._entry)
        self.known: dict[int, tuple[_Said, Measured | None, _Entry]] = {}
        self.filtered = lru_cache(_MOST_REMEMBERED)(self._filtered)
        self.tumour = lru_cache(_MOST_REMEMBERED)(partial(read_tumour_type, rulebase))
        self.inferred = lru_cache(_MOST_REMEMBERED)(_inferred)
        self.records = lru_cache(_MOST_REMEMBERED)(_records)
        # Of a cohort all samples share what was assayed: what was made of the loci last given, and whether with
        # ``keep_going``.
        self.coverage: tuple[tuple[GivenText, ...], bool, _Coverage] | None = None

    def assemble(self, given: GivenSample, keep_going: bool = False) -> Genotype:
        """The genotype of one sample.

        Raises ``InputError`` with every fault. With ``keep_going`` an entry of the findings, the assayed loci or the
        prior therapies that is not understood is set aside and listed in ``Genotype.not_understood``; the tumour type
        and contradictions are faults all the same.
        """
        return _Assembly(given, self, keep_going).genotype()

    def added(self, genotype: Genotype, findings: Sequence[GivenFinding]) -> Genotype:
        """``genotype`` with further findings, read and merged as any others; what they imply was assayed is added.

        Raises ``InputError`` with every fault; a state that contradicts one that was found is one.
        """
        return _Assembly(GivenSample(genotype.sample, None, findings=findings), self, False).added_to(genotype)

    def may_contradict(self, given: GivenFinding) -> bool:
        """Whether an entry may be a fault of its sample, by what it says or beside what else is said of the sample."""
        if given.fallback is None:
            return True
        return self.read(given).may_contradict

    def read(self, given: GivenFinding) -> _Entry:
        """What an entry says, but for what was measured of it where that changes nothing else."""
        said, measured = given.said, given.measured
        if measured is not None:
            fraction, value, unit, depth = measured
            if value is None and not unit and (fraction is None or 0 < fraction <= 1):
                measured = _ANY[fraction is not None, depth is not None]
        # Nearly always it is the very object of an entry before, which is found faster than an equal one.
        known = self.known.get(id(said))
        if known is not None and known[0] is said and known[1] is measured:
            return known[2]
        entry = self.entry(said, measured)
        if len(self.known) >= _MOST_REMEMBERED:
            self.known.clear()
        self.known[id(said)] = said, measured, entry
        return entry

    def _entry(self, parts: _Said, measured: Measured | None) -> _Entry:
        """What one entry says of the tumour and of what was assayed."""
        text, transcript, shown, fallback, records, unread, kind_unsure = parts
        unclear: set[str] = set()
        aside: list[NotUnderstood] = []
        try:
            _refuse_unprintable(text)
            if unread is not None:
                raise AlterationError(unread)
            read = self.reader.read(text, measured, transcript)
            for untested in read.untested:
                self._untested(untested, text, unclear, aside)
        except AlterationError as error:
            # Without its traceback, which would be remembered with all that was going on.
            error = AlterationError(error.message, error.expected, error.suggestion)
            refused = _Refused(error, _listed(shown or text, error))
            entry = _Entry(text, unclear=unclear, aside=tuple(aside), refused=refused)
            return self._not_read(entry, measured, shown, fallback, records, kind_unsure).whole()
        found, notes = read.findings, read.notes
        if 0 in [finding.allele_fraction for finding in found]:
            found = tuple(finding for finding in found if finding.allele_fraction != 0)
            notes = (*notes, said("'{given}' has an allele fraction of 0, and is no finding", given=shown or text))
        found = _counted(_as_shown(found, shown), records)
        return _Entry(text, self._items(found), notes, read.assayed, unclear, tuple(aside), records=records).whole()

    def _not_read(
        self,
        entry: _Entry,
        measured: Measured | None,
        shown: str | None,
        fallback: str | None,
        records: int,
        kind_unsure: bool,
    ) -> _Entry:
        """What is known all the same of an entry that is not understood."""
        try:
            read = self.reader.read(fallback or "", measured)
        except AlterationError:
            return replace(entry, unread=records, unclear=entry.unclear | self.named_in(entry.text))
        unclear = entry.unclear
        if kind_unsure:
            unclear = unclear | {subject for finding in read.findings for subject, _ in tested_by(finding)}
        found = self._items(_as_shown(read.findings, shown or entry.text))
        return replace(entry, found=found, partly=records, unclear=unclear)

    def _items(self, findings: Sequence[Finding]) -> tuple[_Item, ...]:
        return tuple(
            _Item(
                _place(finding),
                self.key(finding),
                finding,
                tested_by(finding),
                _exchanged(finding),
                finding.allele_fraction == _ANY_FRACTION,
                finding.depth == _ANY_DEPTH,
            )
            for finding in findings
        )

    def _untested(self, what: str, text: str, unclear: set[str], aside: list[NotUnderstood]) -> None:
        """Take an entry without a result: nothing of what it names counts as assayed, and it is listed."""
        named = self.named_in(what)
        if not named:
            raise AlterationError(
                "is no result, and names no gene of this rule set", "a finding, a negative result, or no entry"
            )
        unclear |= named
        reason = f"is no result; nothing of {' and '.join(sorted(named))} counts as assayed"
        aside.append(NotUnderstood(entry=text, reason=reason))

    def _filtered(self, text: str, fallback: str) -> tuple[Finding, ...]:
        """The changes of a call that was filtered out."""
        try:
            return self.reader.read(text).findings
        except AlterationError:
            try:
                return self.reader.read(fallback).findings
            except AlterationError:
                return ()

    def named_in(self, text: str) -> set[str]:
        """The genes and signatures that are named anywhere in an entry, whatever separates them."""
        words = {word.upper() for word in re.split(r"[^A-Za-z0-9-]+", text)}
        words |= {part for word in words for part in word.split("-")}
        genes = {gene.symbol for word in words if (gene := self.rulebase.gene_by_name.get(word)) is not None}
        return genes | (words & SIGNATURES.keys())

    def key(self, finding: Finding) -> tuple[object, ...]:
        """In which two findings are equal that are the same, however they are spelled."""
        if isinstance(finding, ChangeFinding):
            return finding.gene, normal_form(finding.change, self.rulebase.sequences.get(finding.gene))
        return (finding.text,)


@dataclass(frozen=True)
class _Item:
    """A finding, its place among others, its key, and what was tested for it.

    ``residue`` is the one that it exchanges, None where it does not. What it takes is as measured of the entry.
    """

    place: tuple[str, int, str, str]
    key: tuple[object, ...]
    finding: Finding
    tested: _Tested
    residue: tuple[str, int] | None
    takes_fraction: bool
    takes_depth: bool

    def measured(self, measured: Measured | None) -> Finding:
        """The finding with what was measured."""
        if measured is None:
            return self.finding
        if not self.takes_depth:
            if not self.takes_fraction:
                return self.finding
            return self.finding.model_copy(update={"allele_fraction": measured.allele_fraction})
        fraction = measured.allele_fraction if self.takes_fraction else self.finding.allele_fraction
        return self.finding.model_copy(update={"allele_fraction": fraction, "depth": measured.depth})


def _by_place(read: tuple[_Item, Measured | None]) -> tuple[str, int, str, str]:
    return read[0].place


class _Refused(NamedTuple):
    """Why an entry was not understood, and as what it is listed where that is no fault."""

    error: AlterationError
    listed: NotUnderstood


@dataclass(frozen=True)
class _Entry:
    """What one entry says: findings, notes, what was assayed, genes of which nothing counts as assayed, entries aside.

    Of its records each is counted as read, known in part, or not read.
    """

    text: str
    found: tuple[_Item, ...] = ()
    notes: tuple[str, ...] = ()
    assayed: tuple[Assayed, ...] = ()
    unclear: Set[str] = frozenset()
    aside: tuple[NotUnderstood, ...] = ()
    records: int = 0
    partly: int = 0
    unread: int = 0
    refused: _Refused | None = None
    further: bool = False
    may_contradict: bool = False

    def whole(self) -> _Entry:
        """The entry, which says whether there is more to it than findings, and whether it may contradict others.

        A list of alterations is read only where nothing was measured of it, and may then be anything.
        """
        more = self.notes or self.assayed or self.unclear or self.aside or self.partly or self.unread or self.refused
        states = any(isinstance(item.finding, StateFinding) for item in self.found)
        may_contradict = bool(self.assayed) or states or len(listed(tidy(self.text))) > 1
        return replace(self, further=bool(more), may_contradict=may_contradict)


@dataclass(frozen=True)
class _Coverage:
    """What was assayed, in order, and of which subject and kind; notes on the loci, and those not understood."""

    assayed: tuple[Assayed, ...] = ()
    kinds: Set[tuple[str, LocusKind]] = frozenset()
    notes: tuple[str, ...] = ()
    aside: tuple[NotUnderstood, ...] = ()

    @classmethod
    def of(
        cls, assayed: Iterable[Assayed], notes: Iterable[str] = (), aside: Iterable[NotUnderstood] = ()
    ) -> _Coverage:
        """What was assayed, each once."""
        once = sorted(dict.fromkeys(assayed), key=lambda item: (str(item.locus), item.given))
        kinds = {(item.locus.subject, item.locus.kind) for item in once if not item.locus.of_some}
        return cls(tuple(once), kinds, tuple(notes), tuple(aside))


def _inferred(subject: str, kind: LocusKind, text: str) -> Assayed:
    return Assayed(locus=Locus(subject=subject, kind=kind), given=text, inferred=True)


def _listed(entry: str, error: AlterationError) -> NotUnderstood:
    """An entry that is listed as not understood."""
    reason = Fault(where="", message=error.message, expected=error.expected, suggestion=error.suggestion)
    return NotUnderstood(entry=entry, reason=str(reason))


def _records(read: int, partly: int, set_aside: int, filtered_out: tuple[tuple[str, int], ...]) -> Records | None:
    """What became of the records of a file of calls; None where the sample was not read from one."""
    counted = read + partly + set_aside + sum(number for _, number in filtered_out)
    if not counted:
        return None
    return Records(
        total=counted,
        findings=read,
        partly=partly,
        set_aside=set_aside,
        filtered_out=tuple(
            FilteredRecords(reason=shortened(printable(reason), 200), number=number) for reason, number in filtered_out
        ),
    )


def _contradict(one: StateFinding, other: StateFinding) -> bool:
    """Whether two findings on the same analyte cannot both be so: other states, or other values of one measure.

    Two scales (PD-L1 by TPS and by CPS) may part.
    """
    if one.unit and other.unit and one.unit != other.unit:
        return False
    if "value" not in (one.state, other.state) and one.state != other.state:
        return True
    return None not in (one.value, other.value) and one.unit == other.unit and one.value != other.value


def _is_of(finding: Finding, locus: Locus) -> bool:
    """Whether a finding is surely one that a test of ``locus`` would have found."""
    if (locus.subject, locus.kind) not in tested_by(finding):
        return False
    match finding:
        case ChangeFinding() if finding.change.kind == "synonymous":
            return False
        case StateFinding():
            return finding.state not in ("value", "neither", "stable", "negative")
        case ChangeFinding() | SiteFinding() if locus.change is not None:
            return isinstance(finding, ChangeFinding) and str(finding.change) == str(locus.change)
        case ChangeFinding() | SiteFinding() if locus.ranges:
            start, end = finding.bounds
            inside = any(start is not None and end is not None and a <= start and end <= b for a, b in locus.ranges)
            if isinstance(finding, SiteFinding):
                return inside and locus.change_type in ("", finding.type)
            gained = finding.change.length_change
            return inside and (
                not locus.change_type or (gained > 0 if locus.change_type == "insertion" else gained < 0)
            )
        case _:
            return True


def _place(finding: Finding) -> tuple[str, int, str, str]:
    """Where a finding stands among others: by gene, position and spelling."""
    subject = finding.text.split()[0]
    position = finding.change.start if isinstance(finding, ChangeFinding) else 0
    return subject, position, finding.text, finding.given


def _exchanged(finding: Finding) -> tuple[str, int] | None:
    """The residue that a finding exchanges for one other or a stop."""
    if isinstance(finding, ChangeFinding) and finding.change.kind in ("substitution", "stop gained"):
        return finding.gene, finding.change.start
    return None


def _refuse_unprintable(text: str) -> None:
    """Refuse what is empty or endless, and what no report could show: control characters, bytes that are no UTF-8."""
    if not text.strip():
        raise AlterationError("nothing is written here", "an entry, or none at all")
    if len(text) > _MOST_CHARACTERS:
        raise AlterationError(f"is {len(text):,} characters long", f"at most {_MOST_CHARACTERS:,}")
    if not all(char.isprintable() or char in "\t\n" for char in text):
        raise AlterationError("holds characters that cannot be printed", "plain text")


def _as_shown(findings: tuple[Finding, ...], shown: str | None) -> tuple[Finding, ...]:
    if shown is None:
        return findings
    given = shortened(printable(shown), _MOST_CHARACTERS)
    return tuple(finding.model_copy(update={"given": given}) for finding in findings)


def _counted(findings: tuple[Finding, ...], records: int) -> tuple[Finding, ...]:
    """The findings of one entry, the first of which stands for its records."""
    if not records or not findings:
        return findings
    return (findings[0].model_copy(update={"records": records}), *findings[1:])


def _said_of_both(one: Finding, other: Finding) -> dict[str, object]:
    """What is said of a change in two entries; of what they contradict each other in, nothing is known."""
    said: dict[str, object] = {}
    for name in ("origin", "copies"):
        values = {getattr(one, name), getattr(other, name)} - {None}
        said[name] = values.pop() if len(values) == 1 else None
    said["unknown_significance"] = one.unknown_significance or other.unknown_significance
    # What is said stands in brackets behind the alteration.
    if " (" not in one.text and " (" in other.text:
        said["text"] = f"{one.text} ({other.text.partition(' (')[2]}"
    return said


class _Assembly:
    def __init__(self, given: GivenSample, assembler: Assembler, keep_going: bool) -> None:
        self.given, self.of, self.keep_going = given, assembler, keep_going
        self.rulebase, self.reader = assembler.rulebase, assembler.reader
        self.faults: list[Fault] = list(given.faults)
        self.aside: list[NotUnderstood] = list(given.aside)
        self.notes: list[str] = list(given.notes)
        # Genes of which something was said that is not understood: nothing of them may be called absent.
        self.unclear: set[str] = set(given.unclear)
        self.read_records = self.partly_read = self.unread_records = 0
        self.findings: list[Finding] = []
        self.index: dict[tuple[object, ...], int] = {}
        # What was tested, with the first finding for which it must have been.
        self.tested: dict[tuple[str, LocusKind], int] = {}
        self.wild_types: list[tuple[GivenFinding, Assayed]] = []
        self.assayed: tuple[Assayed, ...] = ()

    def genotype(self) -> Genotype:
        given = self.given
        tumour = self.tumour_type(given.tumour_type) if given.tumour_type is not None else None
        read: list[tuple[_Item, Measured | None]] = []
        of_entry = self.of.read
        for one in given.findings:
            entry = of_entry(one)
            self.read_records += entry.records
            if entry.further:
                self.take_further(one, entry)
            for item in entry.found:
                read.append((item, one.measured))
        # In an order of their own, so that the order in which they were given changes nothing in a report.
        read.sort(key=_by_place)
        residues: list[tuple[str, int]] = []
        for item, measured in read:
            self.add(item.key, item.measured(measured), item.tested)
            if item.residue is not None:
                residues.append(item.residue)
        coverage = self.coverage()
        if self.wild_types:
            coverage = _Coverage.of(self.with_wild_types(coverage.assayed))
        therapies = None
        if given.prior_therapies is not None:
            therapies = tuple(dict.fromkeys(t for entry in given.prior_therapies for t in self.therapy(entry)))
        filtered = self.filtered()
        if len(set(residues)) < len(residues):
            self.same_codon()
        responses = [response for entry in given.measured for response in self.response(entry)]
        self.contradictions()
        if self.faults or tumour is None:
            raise InputError(self.faults)
        # Where nothing is inferred it is the very tuple that samples before have.
        self.assayed = coverage.assayed + self.inferred(coverage)
        self.withdraw_unclear()
        # All of it was made here: to validate it would take longer than to read the sample.
        return Genotype.model_construct(
            sample=given.sample,
            tumour_type=tumour.code,
            lineage=self.rulebase.lineage(tumour.code),
            specimen=given.specimen,
            date=given.date,
            findings=tuple(self.findings),
            assayed=self.assayed,
            prior_therapies=therapies,
            not_understood=tuple(sorted(self.aside, key=lambda item: (item.entry, item.reason))),
            notes=tuple(sorted(set(map(printable, self.notes)))),
            limit_of_detection=None if given.limit_of_detection is None else float(given.limit_of_detection),
            tumour_fraction=None if given.tumour_fraction is None else float(given.tumour_fraction),
            read_as=printable(given.read_as),
            records=self.records(),
            filtered_findings=filtered,
            measured=in_order(responses),
        )

    def added_to(self, genotype: Genotype) -> Genotype:
        """``genotype`` with the findings of this sample."""
        read: list[tuple[_Item, Measured | None]] = [(item, None) for item in self.of._items(genotype.findings)]
        tested: set[tuple[str, LocusKind]] = set()
        for one in self.given.findings:
            entry = self.of.read(one)
            if entry.further:
                self.take_further(one, entry)
            for item in entry.found:
                read.append((item, one.measured))
                tested.update(item.tested)
                self.refuse_contrary(one, item.finding, genotype.findings)
        read.sort(key=_by_place)
        residues = [item.residue for item, _ in read if item.residue is not None]
        for item, measured in read:
            self.add(item.key, item.measured(measured), item.tested)
        if len(set(residues)) < len(residues):
            self.same_codon()
        if not self.faults:
            self.contradictions()
        if self.faults:
            raise InputError(self.faults)
        known = {(item.locus.subject, item.locus.kind) for item in genotype.assayed if not item.locus.of_some}
        implied = (self.of.inferred(*of, self.findings[self.tested[of]].text) for of in sorted(tested - known))
        return genotype.model_copy(
            update={
                "findings": tuple(self.findings),
                "assayed": (*genotype.assayed, *implied),
                "notes": tuple(sorted({*genotype.notes, *map(printable, self.notes)})),
            }
        )

    def refuse_contrary(self, given: GivenFinding, finding: Finding, earlier: Iterable[Finding]) -> None:
        """Make a fault of a state of what is known to be in another."""
        for other in earlier:
            if (
                isinstance(finding, StateFinding)
                and isinstance(other, StateFinding)
                and (finding.subject, finding.analyte) == (other.subject, other.analyte)
                and finding.analyte != "splicing"
                and _contradict(finding, other)
            ):
                message = f"'{finding.text}' contradicts '{other.text}'"
                self.faults.append(given.fault_at(message, "one of the two", None))

    def tumour_type(self, given: GivenText) -> TumourType | None:
        """The tumour type that is meant; None, and a fault, where that is not clear."""
        read = self.of.tumour(given.text)
        if read.tumour is None:
            self.faults.append(read.fault(self.rulebase, given.fault_at))
        if read.note:
            self.notes.append(read.note)
        return read.tumour

    def records(self) -> Records | None:
        """What became of the records of a file of calls; None where the sample was not read from one."""
        filtered_out = tuple(sorted((reason, number) for reason, number in self.given.filtered_out.items() if number))
        set_aside = len(self.given.aside) + self.unread_records
        return self.of.records(self.read_records, self.partly_read, set_aside, filtered_out)

    def set_aside(self, entry: str, error: AlterationError, fault_at: FaultAt) -> None:
        """List an entry that is not understood, or make a fault of it."""
        if self.keep_going:
            self.aside.append(_listed(entry, error))
        else:
            message = f"'{shortened(entry, 200)}': {error.message}"
            self.faults.append(fault_at(message, error.expected, error.suggestion))

    def take_further(self, given: GivenFinding, entry: _Entry) -> None:
        """Take what an entry says beside its findings."""
        self.partly_read += entry.partly
        self.unread_records += entry.unread
        self.notes.extend(entry.notes)
        self.unclear |= entry.unclear
        self.aside.extend(entry.aside)
        self.wild_types.extend((given, item) for item in entry.assayed)
        if entry.refused is None:
            return
        # A call of a file is listed, and no fault.
        if given.fallback is not None:
            self.aside.append(entry.refused.listed)
        else:
            self.set_aside(given.shown or entry.text, entry.refused.error, given.fault_at)

    def filtered(self) -> tuple[FilteredFinding, ...]:
        """The changes of calls that were filtered out; of one that was not called, the gene counts as not tested."""
        if not self.given.filtered_calls:
            return ()
        found = {finding.text for finding in self.findings}
        filtered: set[FilteredFinding] = set()
        for call in self.given.filtered_calls:
            findings = [f for f in self.of.filtered(call.text, call.fallback) if f.text not in found]
            if call.uncalled:
                self.unclear |= {subject for finding in findings for subject, _ in tested_by(finding)}
            why = shortened(printable(call.why), 200)
            filtered |= {FilteredFinding(finding=finding, why=why) for finding in findings}
        return tuple(sorted(filtered, key=lambda item: (item.finding.text, item.why)))

    def same_codon(self) -> None:
        """Take two exchanges of one residue, unless they lie on different copies, as a third that is not known.

        On the same copy they are one change, and another than either.
        """
        at: dict[tuple[str, int], list[ChangeFinding]] = {}
        for finding in self.findings:
            if isinstance(finding, ChangeFinding) and (exchanged := _exchanged(finding)) is not None:
                at.setdefault(exchanged, []).append(finding)
        for (gene, position), found in at.items():
            if len(found) < 2 or {
                phase.phase
                for one in found
                for phase in one.phases
                if phase.gene == gene and phase.change.start == position
            } == {"trans"}:
                continue
            both = " and ".join(one.text for one in found)
            apart = (
                "{findings} change one residue; called apart on the same copy of the gene, they would be another "
                "change than either"
            )
            self.notes.append(said(apart, findings=both))
            residue = found[0].change.start_residue
            text = f"any substitution at {gene} {residue}{position}"
            site = SiteFinding(
                text=text, given=both, gene=gene, type="substitution", first=position, last=position, may_stop=True
            )
            self.add(self.of.key(site), site, tested_by(site))

    def withdraw_unclear(self) -> None:
        """Nothing counts as assayed of a gene of which something was said that is not understood."""
        if not self.unclear:
            return
        withdrawn = self.unclear.intersection(item.locus.subject for item in self.assayed)
        if not withdrawn:
            return
        for gene in sorted(withdrawn):
            self.notes.append(
                f"nothing of {gene} counts as assayed, since an entry on it was not understood or not called"
            )
        self.assayed = tuple(item for item in self.assayed if item.locus.subject not in withdrawn)

    def add(self, key: tuple[object, ...], finding: Finding, tested: _Tested) -> None:
        """Add a finding with what was tested for it, or merge it with an earlier spelling of the same."""
        findings = self.findings
        number = len(findings)
        index = self.index.setdefault(key, number)
        if index == number:
            findings.append(finding)
            for of in tested:
                self.tested.setdefault(of, index)
        else:
            earlier = self.findings[index]
            if earlier.given != finding.given and earlier.text != finding.text:
                self.notes.append(
                    said("{given} is the same finding as {other}", given=finding.given, other=earlier.given)
                )
            update: dict[str, Any] = {"records": earlier.records + finding.records}
            fractions = {f.allele_fraction for f in (earlier, finding) if f.allele_fraction is not None}
            if fractions:
                update["allele_fraction"] = max(fractions)
            if len(fractions) > 1:
                self.notes.append(
                    f"{finding.text} was given with two allele fractions; the larger, {max(fractions):.1%}, was used"
                )
            update |= _said_of_both(earlier, finding)
            if isinstance(earlier, ChangeFinding) and isinstance(finding, ChangeFinding):
                update["phases"] = earlier.phases + tuple(p for p in finding.phases if p not in earlier.phases)
            self.findings[index] = earlier.model_copy(update=update)

    def coverage(self) -> _Coverage:
        """What was said to be assayed; where the sample before had the same loci, what was made of these."""
        given = self.given.assayed
        if not given:
            return _Coverage()
        last = self.of.coverage
        if last is not None and last[0] is given and last[1] is self.keep_going:
            self.notes.extend(last[2].notes)
            self.aside.extend(last[2].aside)
            return last[2]
        notes, aside, faults = len(self.notes), len(self.aside), len(self.faults)
        assayed = [item for locus in given for item in self.locus(locus)]
        coverage = _Coverage.of(assayed, self.notes[notes:], self.aside[aside:])
        if isinstance(given, tuple) and len(self.faults) == faults:
            self.of.coverage = given, self.keep_going, coverage
        return coverage

    def locus(self, given: GivenText) -> Iterator[Assayed]:
        """What one entry says to be assayed, up to where it is not understood."""
        try:
            _refuse_unprintable(given.text)
            for locus in parse_loci(given.text):
                if locus.kind in ("signature", "histology"):
                    yield Assayed(locus=locus, given=given.shown or given.text)
                    continue
                symbol, gene = self.reader.gene(locus.subject, self.notes)
                ranges: list[tuple[int, int]] = []
                for exon in locus.exons:
                    bounds = gene.exon_range(exon) if gene else None
                    if bounds is None:
                        raise AlterationError(f"exon {exon} of {symbol} has no residue range in this rule set")
                    ranges.append(bounds)
                resolved = locus.model_copy(update={"subject": symbol, "exon_residues": tuple(ranges)})
                yield Assayed(locus=resolved, given=given.shown or given.text)
        except AlterationError as error:
            self.set_aside(given.text, error, given.fault_at)
        except ValueError as error:
            found, _, expected = str(error).partition(", expected ")
            self.set_aside(given.text, AlterationError(found, expected or None), given.fault_at)

    def therapy(self, given: GivenText) -> tuple[PriorTherapy, ...]:
        name = " ".join(given.text.split()).casefold()
        try:
            _refuse_unprintable(name)
        except AlterationError as error:
            self.set_aside(given.text, error, given.fault_at)
            return ()
        if name in _NOT_SAID:
            unsaid = AlterationError("does not say whether there was a therapy", "a drug, none, or no entry")
            self.set_aside(given.text, unsaid, given.fault_at)
            return ()
        drug, therapy = self.rulebase.drug_by_name.get(name), GivenTherapy(name)
        if drug is None:
            try:
                therapy = read_therapy(name)
            except ValueError as reason:
                expected = f"line 2, {', '.join(OUTCOMES)}, or a date such as 2025-03-01"
                self.set_aside(given.text, AlterationError(str(reason), expected), given.fault_at)
                return ()
            name = therapy.drug
            drug = self.rulebase.drug_by_name.get(name)
        how: dict[str, Any] = {"line": therapy.line, "outcome": therapy.outcome, "ended": therapy.ended}
        if drug is not None:
            parts = self.rulebase.parts_of(drug.name)
            return tuple(PriorTherapy(drug=part.name, classes=part.classes, **how) for part in parts)
        near = nearest(name, self.rulebase.drug_by_name)
        import difflib

        if near and difflib.SequenceMatcher(None, name, near.split(" or ")[0]).ratio() >= 0.8:
            # So near to a drug we know that it is probably a slip, and a missed prior therapy changes verdicts.
            self.set_aside(given.text, AlterationError("unknown drug", "a drug name", near), given.fault_at)
            return ()
        unused = "the prior therapy '{given}' is not a drug of this rule set; no rule can use it"
        self.notes.append(said(unused, given=given.text))
        return (PriorTherapy(drug=name, **how),)

    def response(self, given: GivenResponse) -> tuple[MeasuredResponse, ...]:
        """A measured response under the drug's generic name; none where the drug is not known."""
        name = " ".join(given.response.drug.split()).casefold()
        drug = self.rulebase.drug_by_name.get(name)
        if drug is not None:
            return (given.response.model_copy(update={"drug": drug.name}),)
        near = nearest(name, self.rulebase.drug_by_name)
        error = AlterationError("unknown drug", "a drug that 'resistab drugs' lists", near)
        self.set_aside(given.response.drug, error, given.fault_at)
        return ()

    def with_wild_types(self, assayed: Sequence[Assayed]) -> Iterator[Assayed]:
        """What was assayed, with what is wild type as far as the user did not say that less of it was."""
        taken = list(assayed)
        sequenced = {item.locus.subject for item in taken if item.locus.kind == "mutation"}
        for given, item in self.wild_types:
            whole = item.locus.kind == "mutation" and not item.locus.ranges
            if not whole or item.locus.subject not in sequenced:
                taken.append(item)
            elif not any(a.locus == item.locus for a in taken):
                where = "'{given}' was taken to hold where {gene} was said to be assayed"
                self.notes.append(said(where, given=given.text, gene=item.locus.subject))
        return iter(taken)

    def contradictions(self) -> None:
        """What was found cannot be what a test did not find, nor a signature be in two states."""
        for given, item in self.wild_types:
            found = next((finding for finding in self.findings if _is_of(finding, item.locus)), None)
            if found is not None:
                message = f"'{given.text}' contradicts '{found.text}'"
                self.faults.append(given.fault_at(message, "one of the two", None))
        states: dict[tuple[str, str], list[int]] = {}
        for index, finding in enumerate(self.findings):
            if isinstance(finding, StateFinding) and finding.analyte != "splicing":
                states.setdefault((finding.subject, finding.analyte), []).append(index)
        for indices in states.values():
            self.settle([index for index in indices if isinstance(self.findings[index], StateFinding)])

    def settle(self, indices: Sequence[int]) -> None:
        """Tell of states of one subject that cannot both be so; of a file's calls, of parts of the gene, none holds."""
        findings = [finding for index in indices if isinstance(finding := self.findings[index], StateFinding)]
        for number, finding in enumerate(findings):
            other = next((other for other in findings[:number] if _contradict(other, finding)), None)
            if other is None:
                continue
            given = next((g for g in self.given.findings if finding.given in (g.text, g.shown)), None)
            if given is not None and given.fallback is None:
                message = f"'{finding.text}' contradicts '{other.text}'"
                self.faults.append(given.fault_at(message, "one of the two", None))
            elif finding.state != other.state:
                parts = "{finding} and {other} were called of parts of the gene; neither is taken"
                self.notes.append(said(parts, finding=other.text, other=finding.text))
                for index in indices:
                    self.findings[index] = self.findings[index].model_copy(update={"state": "value"})

    def inferred(self, coverage: _Coverage) -> tuple[Assayed, ...]:
        """What a finding was made in counts as assayed for its kind, unless the user said what was assayed there."""
        return tuple(
            [
                self.of.inferred(*of, self.findings[index].text)
                for of, index in self.tested.items()
                if of not in coverage.kinds
            ]
        )
