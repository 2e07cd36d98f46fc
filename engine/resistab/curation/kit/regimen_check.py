"""Whether the references of regimens, of rules for combining drugs and of barriers are those of the lists behind them.

Each reference of an entry must stand in one of the rows that its ``source`` names, or, where it names none, in an
approval of the same drugs; with the same drugs and authority, and seen no better there than the entry says. What can
but be named must stand in ``unverified_citations.yaml`` with the reason, and so must what differs. Every row must be
behind an entry or in ``unused_regimens.yaml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from resistab.core.faults import Fault
from resistab.curation.kit.evidence import EvidenceFindings
from resistab.curation.kit.regimen_sources import SourceRow
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.folder_reader import LoadedFile
from resistab.rulesets.regimens import (
    Authority,
    BarrierFile,
    ChangeCost,
    CombiningRule,
    DrugBarrier,
    Regimen,
    RegimenAspect,
    Seen,
    UnusedRegimenFile,
    UnverifiedCitations,
)

_SEEN: Mapping[Seen, int] = {word: place for place, word in enumerate(get_args(Seen))}
_AGENCY = re.compile(r"label \((?P<agency>[^()]+)\)")
_REMARK = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True)
class Approved:
    """An approval of drugs together: by whom, and the label that says so as rule sets cite it."""

    authority: str
    drugs: frozenset[str]
    reference: str


@dataclass(frozen=True)
class DrugNames:
    """How a rule set knows drugs: ``named`` gives its name for one in a list, ``words`` all names of a drug or class.

    The words of a class include those of its drugs. ``unsaid`` are drugs that lists leave out beside another.
    """

    named: Callable[[str], str | None]
    words: Callable[[str], Collection[str]]
    unsaid: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RegimenFindings:
    """What is wrong; how many references were verified, what was but named or differs, and what became of the rows."""

    ruleset: str
    faults: tuple[Fault, ...]
    references: int
    verified: int
    named: int
    excepted: int
    rows: int
    behind: int
    unused: int

    @property
    def lines(self) -> tuple[str, ...]:
        """What there is to say of it, in words."""
        return (
            f"{self.ruleset}: references of regimens verified: {self.verified:,} ({self.references:,} different ones); "
            f"named for want of an identifier: {self.named:,}; differences with a reason: {self.excepted:,}",
            f"{self.ruleset}: {self.behind + self.unused:,} of {self.rows:,} rows on regimens accounted for: "
            f"{self.behind:,} behind entries, {self.unused:,} listed with a reason",
        )

    def as_evidence(self) -> EvidenceFindings:
        """The same where nothing else is compared; that nothing was verified is a fault."""
        return EvidenceFindings(self.faults, self.verified, self.excepted, self.references, self.lines)


@dataclass(frozen=True)
class _Entry:
    """What an authority, or a source of a barrier, says of drugs, and where that stands.

    ``drugs`` are those of a regimen or barrier, of a rule the drugs and classes it names; ``part`` says that the
    regimen is named in part.
    """

    id: str
    drugs: frozenset[str]
    part: bool
    is_rule: bool
    said: Authority | DrugBarrier | ChangeCost
    source: Source
    path: Path_

    @property
    def authorities(self) -> frozenset[str]:
        return frozenset(_authorities(self.said.authority)) if isinstance(self.said, Authority) else frozenset()


@dataclass
class _Found:
    faults: list[Fault] = field(default_factory=list)
    verified: int = 0
    references: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    used: set[tuple[str, str, RegimenAspect]] = field(default_factory=set)
    behind: set[str] = field(default_factory=set)


def check_regimens(
    ruleset: str,
    files: Iterable[LoadedFile],
    rows: Mapping[str, SourceRow],
    names: DrugNames,
    approvals: Iterable[Approved] = (),
) -> RegimenFindings:
    """Every reference of the regimens, rules and barriers in ``files`` beside ``rows`` and ``approvals``."""
    return _Check(ruleset, list(files), rows, names, approvals).run()


class _Check:
    def __init__(
        self,
        ruleset: str,
        files: Sequence[LoadedFile],
        rows: Mapping[str, SourceRow],
        names: DrugNames,
        approvals: Iterable[Approved],
    ) -> None:
        self.ruleset, self.files, self.rows, self.names = ruleset, files, rows, names
        self.approved: dict[str, list[Approved]] = {}
        for approval in approvals:
            self.approved.setdefault(approval.reference, []).append(approval)
        self.found = _Found()
        self.listed: UnverifiedCitations = UnverifiedCitations()
        self.listing: Source | None = None
        for file in files:
            if isinstance(file.content, UnverifiedCitations):
                self.listed, self.listing = file.content, file.source
        self.excepted = {
            (entry, item.source, aspect)
            for item in self.listed.differs
            for entry in item.entries
            for aspect in item.differs_in
        }

    def run(self) -> RegimenFindings:
        found = self.found
        for file in self.files:
            for entry in _entries(file):
                self.entry(entry)
        found.faults.extend(self.needless())
        unused = self.accounted()
        if not found.verified:
            message = "no reference of a regimen was verified"
            found.faults.append(Fault(where=f"{self.ruleset}/ruleset.yaml", message=message, code="RT336"))
        return RegimenFindings(
            ruleset=self.ruleset,
            faults=tuple(found.faults),
            references=len(found.references),
            verified=found.verified,
            named=len(found.named),
            excepted=len(self.excepted & found.used),
            rows=len(self.rows),
            behind=len(found.behind),
            unused=unused,
        )

    # --- one entry --------------------------------------------------------------------------------------------

    def entry(self, entry: _Entry) -> None:
        said, found = entry.said, self.found
        rows = []
        for place, name in enumerate(said.source):
            row = self.rows.get(name)
            if row is None:
                self.fault(entry, ("source", place), f"{entry.id} names {name}, which is not in the lists", "RT346")
            else:
                rows.append(row)
                found.behind.add(name)
        differing = False
        for row in rows:
            for aspect, message in self.differences(entry, row):
                key = (entry.id, row.id, aspect)
                found.used.add(key)
                if key not in self.excepted:
                    differing = True
                    self.fault(entry, (), f"{entry.id}, {row.id}: {aspect}: {message}", "RT347")
        for place, reference in enumerate(said.references):
            holding = [row for row in rows if _cites(row, reference, entry.authorities)]
            if holding:
                seen = min(_SEEN[row.verification] for row in holding)
                if _SEEN[said.verification] < seen:
                    self.better(entry, holding)
            elif not self.is_approved(entry, reference):
                if any(reference in item.named for item in self.listed.named):
                    found.named.add(reference)
                else:
                    self.absent(entry, place, reference, rows)
                continue
            if not differing:
                found.verified += 1
                found.references.add(reference)
        self.name(entry, rows)

    def differences(self, entry: _Entry, row: SourceRow) -> Iterator[tuple[RegimenAspect, str]]:
        """In what an entry is not as a row behind it."""
        if not self.same_drugs(entry, row):
            yield "drugs", f"{' + '.join(sorted(entry.drugs))} here, {' + '.join(row.drugs)} in the list"
        known = {name for text in row.authorities for name in _authorities(text)}
        if any(not reference.startswith("LABEL:") for reference in row.references):
            # Beside the label a row cites the trial that it rests on.
            known |= {"trial"} if entry.said.references and not _is_label(entry.said) else set()
        if known and entry.authorities and not any(_alike(one, other) for one in entry.authorities for other in known):
            yield "authority", f"{', '.join(sorted(entry.authorities))} here, {'; '.join(row.authorities)} in the list"

    def same_drugs(self, entry: _Entry, row: SourceRow) -> bool:
        """Whether a row is about the drugs of an entry; what replaces one of them may stand in its remarks."""
        if not entry.is_rule and row.exact:
            ours, listed = self.told(entry.drugs), self.told(row.drugs)
            if ours == listed or (entry.part and ours < listed):
                return True
            return len(ours) == len(listed) and all(self.spoken_of(name, row.remarks) for name in ours - listed)
        text = f"{' + '.join(row.drugs)} ; {row.remarks}"
        return not entry.drugs or any(self.spoken_of(name, text) for name in entry.drugs)

    def told(self, drugs: Iterable[str]) -> frozenset[str]:
        """Drugs by the names of the rule set, without those that lists leave out."""
        return frozenset(self.names.named(name) or name for name in drugs) - self.names.unsaid

    def spoken_of(self, name: str, text: str) -> bool:
        words = "|".join(re.escape(word) for word in self.names.words(name))
        return re.search(rf"(?<![\w/])(?:{words})s?(?![\w])", text, re.IGNORECASE) is not None

    def is_approved(self, entry: _Entry, reference: str) -> bool:
        """Whether the label cited is that of an approval of these drugs by this authority."""
        for approval in self.approved.get(reference, ()):
            ours, drugs = self.told(entry.drugs), self.told(approval.drugs)
            if entry.is_rule:
                same = any(self.spoken_of(name, " + ".join(drugs)) for name in entry.drugs)
            else:
                same = ours == drugs or (entry.part and ours < drugs)
            if same and f"label ({approval.authority})" in entry.authorities:
                return True
        return False

    def better(self, entry: _Entry, rows: Sequence[SourceRow]) -> None:
        keys = {(entry.id, row.id, "verification") for row in rows}
        self.found.used |= {(entry.id, row.id, "verification") for row in rows}
        if keys.isdisjoint(self.excepted):
            row = min(rows, key=lambda one: _SEEN[one.verification])
            message = f"{entry.said.verification} here, {row.verification} in the list"
            self.fault(entry, (), f"{entry.id}, {row.id}: verification: {message}", "RT347")

    def absent(self, entry: _Entry, place: int, reference: str, rows: Sequence[SourceRow]) -> None:
        """A reference that is nowhere: a fault, unless it is excepted for one of the rows."""
        keys = {(entry.id, row.id) for row in rows}
        excepted = [key for key in self.excepted if key[:2] in keys and key[2] == "reference"]
        self.found.used.update(excepted)
        if not excepted:
            where = f"is not in {', '.join(row.id for row in rows)}" if rows else "is no approval of these drugs"
            self.fault(entry, ("references", place), f"{entry.id}: {reference} {where}", "RT346")

    def name(self, entry: _Entry, rows: Sequence[SourceRow]) -> None:
        """What an entry names: beside references as a row has it, without any on the list of what can but be named."""
        said = entry.said
        if said.named is None:
            return
        holding = [row for row in rows if any(_same_name(said.named, text, row) for text in row.cited)]
        if rows and not holding:
            key = (entry.id, rows[0].id)
            excepted = [one for one in self.excepted if one[:2] == key and one[2] == "reference"]
            self.found.used.update(excepted)
            if not excepted:
                cited = "; ".join(dict.fromkeys(text for row in rows for text in row.references))
                self.fault(entry, ("named",), f"{entry.id}: '{said.named}' here, '{cited}' in the list", "RT346")
        if holding and _SEEN[said.verification] < min(_SEEN[row.verification] for row in holding):
            self.better(entry, holding)
        if not said.references:
            self.found.named.add(said.named)
            if not any(said.named in item.named for item in self.listed.named):
                message = f"{entry.id}: '{said.named}' is but named, and not in unverified_citations.yaml"
                self.fault(entry, ("named",), message, "RT348")

    # --- all of it --------------------------------------------------------------------------------------------

    def needless(self) -> Iterator[Fault]:
        """What is listed as unverified and is needed by nothing."""
        if self.listing is None:
            return
        for number, item in enumerate(self.listed.named):
            for place, text in enumerate(item.named):
                if text not in self.found.named:
                    message = f"'{text}' is listed, and nothing that needs it cites it"
                    yield self.listing.fault(("named", number, "named", place), message, code="RT330")
        for number, differs in enumerate(self.listed.differs):
            for entry in differs.entries:
                for aspect in differs.differs_in:
                    if (entry, differs.source, aspect) not in self.found.used:
                        message = f"{entry}, {differs.source}: the exception for '{aspect}' is no longer needed"
                        yield self.listing.fault(("differs", number), message, code="RT330")

    def accounted(self) -> int:
        """How many rows are listed as unused; what is in neither place, in both, or unknown, is a fault."""
        places: dict[str, tuple[Source, Path_]] = {}
        times: Counter[str] = Counter()
        for file in self.files:
            if isinstance(file.content, UnusedRegimenFile):
                for number, item in enumerate(file.content.unused):
                    for place, row in enumerate(item.source):
                        places[row] = (file.source, ("unused", number, "source", place))
                        times[row] += 1
        for row, (source, path) in places.items():
            if row not in self.rows:
                self.found.faults.append(source.fault(path, f"{row} is not in the lists", code="RT349"))
            elif row in self.found.behind or times[row] > 1:
                message = f"{row} stands in two places: it is behind an entry and listed as unused, or listed twice"
                self.found.faults.append(source.fault(path, message, code="RT349"))
        for row in self.rows:
            if row not in self.found.behind and row not in places:
                message = f"{row} is behind no entry, and not in unused_regimens.yaml"
                self.found.faults.append(Fault(where=f"{self.ruleset}/ruleset.yaml", message=message, code="RT349"))
        return len({row for row in places if row in self.rows} - self.found.behind)

    def fault(self, entry: _Entry, more: Path_, message: str, code: str) -> None:
        self.found.faults.append(entry.source.fault((*entry.path, *more), message, code=code))


def _entries(file: LoadedFile) -> Iterator[_Entry]:
    """What the entries of a file that are not retired say, authority by authority."""
    source, content = file.source, file.content
    if isinstance(content, BarrierFile):
        for number, drug in enumerate(content.drugs):
            yield _Entry(drug.drug, frozenset({drug.drug}), False, False, drug, source, ("drugs", number))
        for number, change in enumerate(content.costs):
            # It is said of no drug.
            yield _Entry(change.change, frozenset(), False, True, change, source, ("costs", number))
        return
    listed = getattr(content, "regimens", ())
    # In a manifest they are a policy.
    for number, regimen in enumerate(listed if isinstance(listed, tuple) else ()):
        if isinstance(regimen, Regimen) and regimen.status != "retired":
            drugs, part = frozenset(regimen.drugs), regimen.together_with is not None
            for place, setting in enumerate(getattr(regimen, "settings", ())):
                for index, said in enumerate(setting.authorities):
                    path = ("regimens", number, "settings", place, "authorities", index)
                    yield _Entry(regimen.id, drugs, part, False, said, source, path)
    for number, rule in enumerate(getattr(content, "rules", ())):
        if isinstance(rule, CombiningRule) and rule.status != "retired":
            for index, said in enumerate(rule.evidence):
                yield _Entry(
                    rule.id, frozenset(_subjects(rule)), False, True, said, source, ("rules", number, "evidence", index)
                )


def _subjects(rule: CombiningRule) -> Iterator[str]:
    """The drugs and classes that a rule is about, without those that lift it; one on activity is about all drugs."""
    if rule.kind == "least active":
        return
    for group in (*rule.together, *rule.partners, rule.drugs, rule.only, rule.after):
        yield from group


def _authorities(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(";"))


def _is_label(said: Authority | DrugBarrier | ChangeCost) -> bool:
    return any(reference.startswith("LABEL:") for reference in said.references)


def _alike(one: str, other: str) -> bool:
    """Whether two names are of the same authority: a list may say label without whose."""
    return one == other or (min(one, other, key=len) == "label" and max(one, other, key=len).startswith("label ("))


def _cites(row: SourceRow, reference: str, authorities: Iterable[str]) -> bool:
    """Whether a row has a reference, among its references or in its remarks."""
    agencies = [found["agency"] for text in (*row.authorities, *authorities) if (found := _AGENCY.fullmatch(text))]
    if any(_bare(reference, agencies) == _bare(text, agencies) for text in row.references):
        return True
    return re.search(rf"(?<![\w.]){re.escape(reference)}(?![\w.])", " ; ".join((*row.cited, row.remarks))) is not None


def _bare(reference: str, agencies: Iterable[str]) -> str:
    """A reference without what a list leaves out of a label's: whose it is, and which section says so."""
    if not reference.startswith("LABEL:"):
        return reference
    text = _REMARK.sub("", reference.removeprefix("LABEL:"))
    for agency in agencies:
        text = text.removeprefix(f"{agency} ")
    return text.strip()


def _same_name(named: str, text: str, row: SourceRow) -> bool:
    """Whether a name is that of the list, which may say more of it, or less, or the same in another order."""
    few, many = sorted((_words(named), _words(text)), key=len)
    # An authority alone names none of its documents.
    return few <= many and not few <= _words(" ".join(row.authorities))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", _REMARK.sub("", text).casefold()))
