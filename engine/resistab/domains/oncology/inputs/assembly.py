"""From what a user gave about a sample to a ``Genotype``, or every fault at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from resistab.core.faults import Fault, FaultAt, InputError, NotUnderstood, nearest, shortened
from resistab.core.measured import MeasuredResponse
from resistab.core.printable import printable
from resistab.core.records import dataclass, field
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
from resistab.domains.oncology.inputs.alterations import AlterationError, AlterationReader, Measured, assayed_by
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


def assemble(
    given: GivenSample,
    rulebase: Rulebase,
    symbols: GeneSymbols,
    keep_going: bool = False,
) -> Genotype:
    """The genotype of one sample.

    Raises ``InputError`` with every fault. With ``keep_going`` an entry of the findings, the assayed loci or the
    prior therapies that is not understood is set aside and listed in ``Genotype.not_understood``; the tumour type
    and contradictions are faults all the same.
    """
    return _Assembly(given, rulebase, symbols, keep_going).genotype()


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
    if not any((of.subject, of.kind) == (locus.subject, locus.kind) for of in assayed_by(finding)):
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
    def __init__(self, given: GivenSample, rulebase: Rulebase, symbols: GeneSymbols, keep_going: bool) -> None:
        self.given, self.rulebase, self.keep_going = given, rulebase, keep_going
        self.reader = AlterationReader(rulebase, symbols)
        self.faults: list[Fault] = list(given.faults)
        self.aside: list[NotUnderstood] = list(given.aside)
        self.notes: list[str] = list(given.notes)
        # Genes of which something was said that is not understood: nothing of them may be called absent.
        self.unclear: set[str] = set(given.unclear)
        self.read_records = self.partly_read = self.unread_records = 0
        self.findings: list[Finding] = []
        self.index: dict[tuple[object, ...], int] = {}
        self.wild_types: list[tuple[GivenFinding, Assayed]] = []
        self.assayed: list[Assayed] = []

    def genotype(self) -> Genotype:
        given = self.given
        tumour = self.tumour_type(given.tumour_type) if given.tumour_type is not None else None
        read = [finding for entry in given.findings for finding in self.finding(entry)]
        # In an order of their own, so that the order in which they were given changes nothing in a report.
        for finding in sorted(read, key=_place):
            self.add(finding)
        for locus in given.assayed:
            self.locus(locus)
        self.take_wild_types()
        self.assayed = sorted(dict.fromkeys(self.assayed), key=lambda item: (str(item.locus), item.given))
        therapies = None
        if given.prior_therapies is not None:
            therapies = tuple(dict.fromkeys(t for entry in given.prior_therapies for t in self.therapy(entry)))
        filtered = [finding for call in given.filtered_calls for finding in self.filtered_by(call)]
        self.same_codon()
        measured = [response for entry in given.measured for response in self.response(entry)]
        self.contradictions()
        if self.faults or tumour is None:
            raise InputError(self.faults)
        self.infer_coverage()
        self.withdraw_unclear()
        return Genotype(
            sample=given.sample,
            tumour_type=tumour.code,
            lineage=self.rulebase.lineage(tumour.code),
            specimen=given.specimen,
            date=given.date,
            findings=tuple(self.findings),
            assayed=tuple(self.assayed),
            prior_therapies=therapies,
            not_understood=tuple(sorted(self.aside, key=lambda item: (item.entry, item.reason))),
            notes=tuple(sorted(set(map(printable, self.notes)))),
            limit_of_detection=given.limit_of_detection,
            tumour_fraction=given.tumour_fraction,
            read_as=printable(given.read_as),
            records=self.records(),
            filtered_findings=tuple(sorted(set(filtered), key=lambda item: (item.finding.text, item.why))),
            measured=in_order(measured),
        )

    def tumour_type(self, given: GivenText) -> TumourType | None:
        """The tumour type that is meant; None, and a fault, where that is not clear."""
        read = read_tumour_type(self.rulebase, given.text)
        if read.tumour is None:
            self.faults.append(read.fault(self.rulebase, given.fault_at))
        if read.note:
            self.notes.append(read.note)
        return read.tumour

    def records(self) -> Records | None:
        """What became of the records of a file of calls; None where the sample was not read from one."""
        given = self.given
        filtered_out = tuple(
            FilteredRecords(reason=shortened(printable(reason), 200), number=n)
            for reason, n in sorted(given.filtered_out.items())
            if n
        )
        set_aside = len(given.aside) + self.unread_records
        counted = self.read_records + self.partly_read + set_aside + sum(item.number for item in filtered_out)
        if not counted:
            return None
        return Records(
            total=counted,
            findings=self.read_records,
            partly=self.partly_read,
            set_aside=set_aside,
            filtered_out=filtered_out,
        )

    def set_aside(self, entry: str, error: AlterationError, fault_at: FaultAt, is_call: bool = False) -> None:
        """List an entry that is not understood, or make a fault of it; a call of a file is never one."""
        if self.keep_going or is_call:
            reason = Fault(where="", message=error.message, expected=error.expected, suggestion=error.suggestion)
            self.aside.append(NotUnderstood(entry=entry, reason=str(reason)))
        else:
            message = f"'{shortened(entry, 200)}': {error.message}"
            self.faults.append(fault_at(message, error.expected, error.suggestion))

    def finding(self, given: GivenFinding) -> tuple[Finding, ...]:
        """What one entry says of the tumour; what it says of coverage is taken here."""
        text = given.text
        if given.phase and given.phase_with:
            text = f"{text} in {given.phase} with {given.phase_with}"
        try:
            _refuse_unprintable(text)
            if given.unread is not None:
                raise AlterationError(given.unread)
            read = self.reader.read(text, given.measured, given.transcript)
            for untested in read.untested:
                self.untested(untested, text)
        except AlterationError as error:
            return self.not_read(given, text, error)
        self.read_records += given.records
        self.notes.extend(read.notes)
        self.wild_types.extend((given, item) for item in read.assayed)
        found = read.findings
        if 0 in [finding.allele_fraction for finding in found]:
            found = tuple(finding for finding in found if finding.allele_fraction != 0)
            self.notes.append(f"'{given.shown or text}' has an allele fraction of 0, and is no finding")
        return _counted(_as_shown(found, given.shown), given.records)

    def untested(self, what: str, text: str) -> None:
        """Take an entry without a result: nothing of what it names counts as assayed, and it is listed."""
        named = self.named_in(what)
        if not named:
            raise AlterationError(
                "is no result, and names no gene of this rule set", "a finding, a negative result, or no entry"
            )
        self.unclear |= named
        reason = f"is no result; nothing of {' and '.join(sorted(named))} counts as assayed"
        self.aside.append(NotUnderstood(entry=text, reason=reason))

    def not_read(self, given: GivenFinding, text: str, error: AlterationError) -> tuple[Finding, ...]:
        """What is known all the same of an entry that is not understood, which is listed."""
        self.set_aside(given.shown or text, error, given.fault_at, is_call=given.fallback is not None)
        try:
            read = self.reader.read(given.fallback or "", given.measured)
        except AlterationError:
            self.unread_records += given.records
            self.unclear |= self.named_in(text)
            return ()
        self.partly_read += given.records
        if given.kind_unsure:
            self.unclear |= {locus.subject for finding in read.findings for locus in assayed_by(finding)}
        return _as_shown(read.findings, given.shown or text)

    def filtered_by(self, call: FilteredCall) -> tuple[FilteredFinding, ...]:
        """The changes of a call that was filtered out; of one that was not called, the gene counts as not tested."""
        try:
            read = self.reader.read(call.text)
        except AlterationError:
            try:
                read = self.reader.read(call.fallback)
            except AlterationError:
                return ()
        found = {finding.text for finding in self.findings}
        filtered = [finding for finding in read.findings if finding.text not in found]
        if call.uncalled:
            self.unclear |= {locus.subject for finding in filtered for locus in assayed_by(finding)}
        return tuple(FilteredFinding(finding=finding, why=shortened(printable(call.why), 200)) for finding in filtered)

    def same_codon(self) -> None:
        """Take two exchanges of one residue, unless they lie on different copies, as a third that is not known.

        On the same copy they are one change, and another than either.
        """
        at: dict[tuple[str, int], list[ChangeFinding]] = {}
        for finding in self.findings:
            if isinstance(finding, ChangeFinding) and finding.change.kind in ("substitution", "stop gained"):
                at.setdefault((finding.gene, finding.change.start), []).append(finding)
        for (gene, position), found in at.items():
            if len(found) < 2 or {
                phase.phase
                for one in found
                for phase in one.phases
                if phase.gene == gene and phase.change.start == position
            } == {"trans"}:
                continue
            both = " and ".join(one.text for one in found)
            self.notes.append(
                f"{both} change one residue; called apart on the same copy of the gene, they would be another change "
                "than either"
            )
            residue = found[0].change.start_residue
            text = f"any substitution at {gene} {residue}{position}"
            self.add(
                SiteFinding(
                    text=text, given=both, gene=gene, type="substitution", first=position, last=position, may_stop=True
                )
            )

    def named_in(self, text: str) -> set[str]:
        """The genes and signatures that are named anywhere in an entry, whatever separates them."""
        words = {word.upper() for word in re.split(r"[^A-Za-z0-9-]+", text)}
        words |= {part for word in words for part in word.split("-")}
        genes = {gene.symbol for word in words if (gene := self.rulebase.gene_by_name.get(word)) is not None}
        return genes | (words & SIGNATURES.keys())

    def withdraw_unclear(self) -> None:
        """Nothing counts as assayed of a gene of which something was said that is not understood."""
        for gene in sorted(self.unclear):
            if any(item.locus.subject == gene for item in self.assayed):
                self.notes.append(
                    f"nothing of {gene} counts as assayed, since an entry on it was not understood or not called"
                )
        self.assayed = [item for item in self.assayed if item.locus.subject not in self.unclear]

    def add(self, finding: Finding) -> None:
        """Add a finding, or merge it with an earlier spelling of the same."""
        index = self.index.setdefault(self.key(finding), len(self.findings))
        if index < len(self.findings):
            earlier = self.findings[index]
            if earlier.given != finding.given and earlier.text != finding.text:
                self.notes.append(f"{finding.given} is the same finding as {earlier.given}")
            update: dict[str, object] = {"records": earlier.records + finding.records}
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
            return
        self.findings.append(finding)

    def key(self, finding: Finding) -> tuple[object, ...]:
        if isinstance(finding, ChangeFinding):
            return finding.gene, normal_form(finding.change, self.rulebase.sequences.get(finding.gene))
        return (finding.text,)

    def locus(self, given: GivenText) -> None:
        try:
            _refuse_unprintable(given.text)
            for locus in parse_loci(given.text):
                if locus.kind in ("signature", "histology"):
                    self.assayed.append(Assayed(locus=locus, given=given.shown or given.text))
                    continue
                symbol, gene = self.reader.gene(locus.subject, self.notes)
                ranges: list[tuple[int, int]] = []
                for exon in locus.exons:
                    bounds = gene.exon_range(exon) if gene else None
                    if bounds is None:
                        raise AlterationError(f"exon {exon} of {symbol} has no residue range in this rule set")
                    ranges.append(bounds)
                resolved = locus.model_copy(update={"subject": symbol, "exon_residues": tuple(ranges)})
                self.assayed.append(Assayed(locus=resolved, given=given.shown or given.text))
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
        drug, said = self.rulebase.drug_by_name.get(name), GivenTherapy(name)
        if drug is None:
            try:
                said = read_therapy(name)
            except ValueError as reason:
                expected = f"line 2, {', '.join(OUTCOMES)}, or a date such as 2025-03-01"
                self.set_aside(given.text, AlterationError(str(reason), expected), given.fault_at)
                return ()
            name = said.drug
            drug = self.rulebase.drug_by_name.get(name)
        how: dict[str, Any] = {"line": said.line, "outcome": said.outcome, "ended": said.ended}
        if drug is not None:
            parts = self.rulebase.parts_of(drug.name)
            return tuple(PriorTherapy(drug=part.name, classes=part.classes, **how) for part in parts)
        near = nearest(name, self.rulebase.drug_by_name)
        import difflib

        if near and difflib.SequenceMatcher(None, name, near.split(" or ")[0]).ratio() >= 0.8:
            # So near to a drug we know that it is probably a slip, and a missed prior therapy changes verdicts.
            self.set_aside(given.text, AlterationError("unknown drug", "a drug name", near), given.fault_at)
            return ()
        self.notes.append(f"the prior therapy '{given.text}' is not a drug of this rule set; no rule can use it")
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

    def take_wild_types(self) -> None:
        """What is wild type was assayed, as far as the user did not say that less of it was."""
        said = {item.locus.subject for item in self.assayed if item.locus.kind == "mutation"}
        for given, item in self.wild_types:
            whole = item.locus.kind == "mutation" and not item.locus.ranges
            if not whole or item.locus.subject not in said:
                self.assayed.append(item)
            elif not any(a.locus == item.locus for a in self.assayed):
                self.notes.append(f"'{given.text}' was taken to hold where {item.locus.subject} was said to be assayed")

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
                self.notes.append(f"{other.text} and {finding.text} were called of parts of the gene; neither is taken")
                for index in indices:
                    self.findings[index] = self.findings[index].model_copy(update={"state": "value"})

    def infer_coverage(self) -> None:
        """What a finding was made in counts as assayed for its kind, unless the user said what was assayed there."""
        said = {(item.locus.subject, item.locus.kind) for item in self.assayed if not item.locus.of_some}
        for finding in self.findings:
            for locus in assayed_by(finding):
                if (locus.subject, locus.kind) not in said:
                    said.add((locus.subject, locus.kind))
                    self.assayed.append(Assayed(locus=locus, given=finding.text, inferred=True))
