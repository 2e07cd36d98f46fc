"""The citation check of a rule set as findings, each with its code and at the line that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, InputError
from resistab.curation.kit.evidence import EvidenceFindings
from resistab.curation.kit.regimen_check import RegimenFindings, check_regimens
from resistab.domains.oncology.checks.approvals_account import ApprovalAccount, is_left_out
from resistab.domains.oncology.checks.approvals_account import account as approval_account
from resistab.domains.oncology.checks.citation_check import EXCEPTIONS, check_citations, read_exceptions
from resistab.domains.oncology.checks.evidence_account import Account, account
from resistab.domains.oncology.checks.labels import account as account_of_brands
from resistab.domains.oncology.checks.labels import named_labels
from resistab.domains.oncology.checks.regimen_lists import approved, drug_names
from resistab.domains.oncology.checks.source_items import Sources
from resistab.domains.oncology.checks.supplement import read_further
from resistab.domains.oncology.kinds.approvals import ApprovalFile
from resistab.domains.oncology.kinds.citation_exceptions import Aspect, CitationExceptions
from resistab.domains.oncology.kinds.files import DrugFile
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.kinds.regimens import TumourCombiningFile
from resistab.domains.oncology.kinds.unused_evidence import UnusedEvidence
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.folder_reader import FolderReading

ASPECT_CODES: dict[Aspect, str] = {
    "source": "RT320",
    "reference": "RT321",
    "level": "RT322",
    "drug": "RT323",
    "given with": "RT324",
    "gene": "RT325",
    "alteration": "RT326",
    "direction": "RT327",
    "absence": "RT341",
    "tumour type": "RT328",
    "statement": "RT329",
    "verification": "RT342",
}
# A label is cited by a name of several words.
_ITEM = r"(?P<item>LABEL:[^:]+|\S+)"
_MISFIT = re.compile(rf"(?P<rule>\S+), {_ITEM}: (?P<aspect>{'|'.join(ASPECT_CODES)}): ")
# What the citation check says beside the misfits of single items.
_OTHERS = (
    ("RT330", re.compile(rf"(?P<rule>\S+), {_ITEM}: the exception for '.*' is no longer needed")),
    ("RT330", re.compile(r"(?P<item>\S+): what it shows is listed and needed by no rule")),
    ("RT330", re.compile(rf"{_ITEM}: is an exception that no benign variant needs")),
    ("RT320", re.compile(rf"{_ITEM}: is cited for .*, and is neither in the evidence nor an exception")),
    ("RT331", re.compile(r"at_most allows ")),
    ("RT332", re.compile(rf"(?P<rule>\S+), {_ITEM}: the statement is empty")),
    ("RT333", re.compile(rf"(?P<rule>\S+), {_ITEM}: the statement is that of ")),
    ("RT334", re.compile(rf"{_ITEM}: stands in citations.yaml unused")),
    ("RT335", re.compile(rf"{_ITEM}: is cited as ")),
    ("RT336", re.compile(r"no evidence item was verified")),
)


def check_evidence(folder: Path, reading: FolderReading[Rulebase], sources: Sources) -> EvidenceFindings:
    """Every evidence item of a sound rule set against its source, less the exceptions that stand beside it."""
    rulebase = reading.validated()
    regimens = _regimens(folder, reading, rulebase, sources)
    # Lists of regimens alone say nothing of rows.
    if regimens is not None and not sources.items and not sources.approval_rows:
        return regimens.as_evidence()
    unreadable: tuple[Fault, ...] = ()
    try:
        sources |= read_further(folder)
    except InputError as error:
        unreadable = tuple(fault.model_copy(update={"code": "RT343"}) for fault in error.faults)
    result = check_citations(rulebase, sources, read_exceptions(folder))
    places = _Places(folder.name, reading)
    faults = [*unreadable, *(places.fault(*_coded(text), text) for text in result.faults)]
    lists = ((file.source, file.content) for file in reading.files if isinstance(file.content, UnusedEvidence))
    source, unused = next(lists, (None, UnusedEvidence()))
    found = account(rulebase, sources, unused)
    faults += _unaccounted(folder.name, rulebase, found, source, unused)
    # A rule set need not say where drugs are used.
    approvals = approval_account(rulebase, sources.approval_rows if rulebase.approvals.every else ())
    faults += _approvals(folder.name, reading, approvals)
    named, told = _brands(folder, reading, rulebase, sources)
    faults += named
    references = len(result.references)
    lines = (*_accounted(found), *_approvals_accounted(approvals), *told)
    if regimens is not None:
        faults += regimens.faults
        lines = (*lines, *regimens.lines)
    return EvidenceFindings(tuple(faults), result.items, result.excepted, references, lines)


def _regimens(
    folder: Path, reading: FolderReading[Rulebase], rulebase: Rulebase, sources: Sources
) -> RegimenFindings | None:
    """What regimens rest on beside the lists of regimens; None where there are no regimens, or no list is at hand."""
    if not rulebase.regimens.regimens or not sources.regimens:
        return None
    approvals = approved(sources.approval_rows)
    return check_regimens(folder.name, reading.files, sources.regimens, drug_names(rulebase), approvals)


def _brands(
    folder: Path, reading: FolderReading[Rulebase], rulebase: Rulebase, sources: Sources
) -> tuple[list[Fault], list[str]]:
    """The brands that no label bears out, and in words how many labels do; nothing where no list names labels."""
    wrong = [row for row in sources.approval_rows if is_left_out(rulebase.approvals, row)]
    labels = named_labels(sources, wrong)
    exceptions = read_exceptions(folder).brands
    found = account_of_brands(rulebase, labels, exceptions)
    if not labels:
        # A list of evidence alone says nothing of brands.
        return [], []
    of_drugs = next(file.source for file in reading.files if isinstance(file.content, DrugFile))
    faults = [
        of_drugs.fault(
            ("drugs", index, "brands", position),
            f"'{brand}' is not known as a brand of {drug}: {why}",
            "the name of a label of the drug, or the reason under brands in citation_exceptions.yaml",
            code="RT360",
        )
        for brand, drug, index, position, why in found.unfounded
    ]
    listed = next((file.source for file in reading.files if isinstance(file.content, CitationExceptions)), None)
    faults += [
        listed.fault(
            ("brands", number), f"the exception for {exceptions[number].brand} is no longer needed", code="RT361"
        )
        for number in found.needless
        if listed is not None
    ]
    if not found.brands:
        return faults, []
    if not found.verified:
        where = f"{folder.name}/ruleset.yaml"
        faults.append(Fault(where=where, message="no brand was verified", code="RT362"))
    unknown = f"; labels by whose name no drug is known: {', '.join(found.unknown)}" if found.unknown else ""
    return faults, [
        f"{found.verified:,} of {found.brands:,} brands verified by the names of labels, {found.excepted:,} more by "
        f"exception{unknown}"
    ]


def _approvals_accounted(account: ApprovalAccount) -> Iterator[str]:
    if account.rows:
        yield (
            f"{account.taken + account.left_out:,} of {account.rows:,} approvals accounted for: {account.taken:,} in "
            f"approvals.yaml, {account.left_out:,} left out with a reason"
        )


def _approvals(ruleset: str, reading: FolderReading[Rulebase], account: ApprovalAccount) -> Iterator[Fault]:
    """The rows of the list of approvals that are nowhere, and what is left out and not in the list."""
    source = next((file.source for file in reading.files if isinstance(file.content, ApprovalFile)), None)
    where = source.where if source is not None else f"{ruleset}/approvals.yaml"
    for row in account.missing:
        what = f"{' + '.join(row.drugs)} in {row.tumour} by {row.authority} ({'; '.join(row.biomarkers)})"
        yield Fault(where=where, message=f"the approval of line {row.line} is not here: {what}", code="RT344")
    if source is not None and account.rows:
        for index in account.needless:
            yield source.fault(("left_out", index), "the list of approvals has no such row", code="RT345")


def _accounted(account: Account) -> Iterator[str]:
    listed = ", ".join(f"{reason} {number:,}" for reason, number in account.listed.items())
    yield (
        f"{account.accounted:,} of {account.items:,} evidence items accounted for: {account.behind:,} behind rows, "
        f"{sum(account.listed.values()):,} listed with a reason" + (f" ({listed})" if listed else "")
    )
    yield (
        f"{account.resistance_behind:,} of {account.resistance:,} items that support resistance with level A to D are "
        f"behind active rows ({account.resistance_share:.1%})"
    )


def _unaccounted(
    ruleset: str, rulebase: Rulebase, found: Account, listing: Source | None, unused: UnusedEvidence
) -> Iterator[Fault]:
    """The items that are nowhere, in two places, or unknown, and drugs without the response marker that is known.

    An item is told where ``listing`` lists it, and otherwise of the rule set as a whole.
    """
    tables = {table.drug: rulebase.file_of(table) for table in rulebase.tables}
    for drug in found.without_marker:
        message = f"{drug} has rows of resistance and no response marker, and the evidence has one"
        yield Fault(where=f"{ruleset}/{tables[drug]}", message=message, code="RT340")
    places: dict[str, Path_] = {
        item: ("unused", number, "items", index)
        for number, part in enumerate(unused.unused)
        for index, item in enumerate(part.items)
    }
    for code, items, text in (
        ("RT337", found.nowhere, "is neither behind a row nor in unused_evidence.yaml"),
        ("RT338", found.twice, "stands in two places: it is behind a row and listed as unused, or listed twice"),
        ("RT339", found.unknown, "is listed as unused, and the evidence does not hold it"),
    ):
        for item in items:
            message = f"{item} {text}"
            if listing is not None and item in places:
                yield listing.fault(places[item], message, code=code)
            else:
                yield Fault(where=f"{ruleset}/ruleset.yaml", message=message, code=code)


def _coded(text: str) -> tuple[str, str, str]:
    """The code of what the check says, and the rule and item it says it of; both empty where it is of none."""
    if found := _MISFIT.match(text):
        aspect = next(aspect for aspect in ASPECT_CODES if aspect == found["aspect"])
        return ASPECT_CODES[aspect], found["rule"], found["item"]
    for code, pattern in _OTHERS:
        if found := pattern.match(text):
            named = found.groupdict()
            return code, named.get("rule", ""), named.get("item", "")
    raise AssertionError(f"the citation check says what has no code: {text}")


class _Places:
    """Where evidence items, citations and exceptions stand."""

    def __init__(self, ruleset: str, reading: FolderReading[Rulebase]) -> None:
        self.ruleset = ruleset
        self.items: dict[tuple[str, str], tuple[Source, Path_]] = {}
        self.citations: dict[str, tuple[Source, Path_]] = {}
        self.exceptions: dict[tuple[str, str], tuple[Source, Path_]] = {}
        self.exceptions_file: Source | None = None
        for file in reading.files:
            source = file.source
            if source.where.endswith(f"/{EXCEPTIONS}"):
                self.exceptions_file = source
            for name, number, entry in _entries(source):
                at = (source, (name, number))
                if name == "citations":
                    self.citations[entry["reference"]] = at
                elif name == "exceptions":
                    self.exceptions[entry["rule"], entry["item"]] = at
                elif name in ("rows", "rules") and not isinstance(file.content, TumourCombiningFile):
                    for index, item in enumerate(entry.get("evidence") or ()):
                        if "reference" not in item:
                            # That of a rule for combining: an authority, not a study of a drug.
                            continue
                        path = (name, number, "evidence", index)
                        given = str(item.get("source", "")).removeprefix("CIViC:").split(",")
                        for key in (item["reference"], *given):
                            self.items.setdefault((entry["id"], key), (source, path))

    def fault(self, code: str, rule: str, item: str, text: str) -> Fault:
        """What the check says, at the line it says it of."""
        if code == "RT331" and self.exceptions_file is not None:
            return self.exceptions_file.fault(("at_most",), text, code=code)
        at = self.exceptions.get((rule, item)) if code == "RT330" else self.items.get((rule, item))
        at = at or (self.citations.get(item) if not rule else None)
        if at is None:
            return Fault(where=f"{self.ruleset}/ruleset.yaml", message=text, code=code)
        source, path = at
        return source.fault(path, text, code=code)


def _entries(source: Source) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Every mapping in a list of the file, with the list's field and its number in it."""
    for name, listed in source.data.items():
        for number, entry in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(entry, dict):
                yield name, number, entry
