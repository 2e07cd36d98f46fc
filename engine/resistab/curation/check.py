"""Every fault of a rule set, and everything in it that is well-formed and still wrong, as findings with a place."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault, InputError, OptionsError, RulebaseError
from resistab.curation.facts import check_facts
from resistab.curation.kept import entry_of, state_of
from resistab.curation.kit import lints
from resistab.curation.kit.evidence import EvidenceFindings
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_like, packs
from resistab.files.yaml_source import Place
from resistab.rulesets.cache import read_entry, write_entry
from resistab.rulesets.fault_codes import CODES, Code, Severity
from resistab.rulesets.find import folders_of_rulesets
from resistab.rulesets.folder_reader import LoadedFile

EVIDENCE = "--evidence"
# What a lint names, and the fields in which such names stand.
_NAMING = ("id", "name", "symbol", "reference", "drug", "code", "drug_class", "ruleset", "setting")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its code, how severe it is, where it stands, what it is and how it is mended.

    ``where`` is the path of a file; ``line`` and ``column`` count from 1 and are None where the whole file is meant.
    """

    code: str
    severity: Severity
    where: str
    line: int | None
    column: int | None
    message: str
    expected: str | None = None
    suggestion: str | None = None
    mend: str = ""

    @property
    def text(self) -> str:
        """What is wrong, what was expected and what may have been meant, as one line."""
        parts = [self.message]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.suggestion:
            parts.append(f"did you mean {self.suggestion}?")
        return "; ".join(parts)


@dataclass(frozen=True)
class CheckResult:
    """What was checked, and every finding in the order of files and lines.

    ``evidence`` holds what came of comparing each rule set that has evidence with its sources, None where that was not
    asked for. ``notes`` are what else there is to say of sound rule sets.
    """

    findings: tuple[Finding, ...]
    rulesets: int = 0
    files: int = 0
    rows: int = 0
    evidence: tuple[EvidenceFindings, ...] | None = None
    notes: tuple[str, ...] = ()

    def count(self, severity: Severity) -> int:
        """The number of findings of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def passed(self, strict: bool) -> bool:
        """Whether there is no error and, where ``strict``, no warning."""
        return not self.count("error") and not (strict and self.count("warning"))


def all_codes() -> dict[str, Code]:
    """Every code of a finding, those of faults and of lints, of every domain, in their order."""
    found = CODES | lints.CODES
    for pack in packs():
        found |= pack.curate.codes()
    return dict(sorted(found.items()))


def check_ruleset(folder: Path, on: datetime.date | None = None) -> list[Finding]:
    """Everything that is wrong with the rule set in ``folder``; reviews are due or not ``on`` that day, or today."""
    return list(check_path(folder, on or datetime.date.today()).findings)


def check_path(path: Path, on: datetime.date, evidence: Sequence[Path] | None = None) -> CheckResult:
    """The check of the rule set in ``path``, or of every rule set in a folder below it.

    ``evidence`` are the exports to compare evidence with, if it is to be compared: of each domain those that it can
    read. Nothing to check is an error, and so is no evidence item to verify. Raises ``InputError`` for an export that
    no domain at hand can read, ``OptionsError`` where none has evidence.
    """
    path = path.resolve()
    folders = folders_of_rulesets(path)
    of_packs: dict[Path, Pack] = {}
    findings = []
    for folder in folders:
        try:
            of_packs[folder] = pack_like(folder)
        except RulebaseError as error:
            findings += [_of_fault(folder, fault, CODES) for fault in error.faults]
    sources = _sources(of_packs.values(), evidence) if evidence and of_packs else {}
    checked = [
        _check(folder, pack, on, sources) if evidence else _kept_check(folder, pack, on)
        for folder, pack in of_packs.items()
    ]
    findings += [finding for result in checked for finding in result.findings]
    if folders != [path]:
        findings += [_no_ruleset(folder) for folder in _without_manifest(path)]
    if not folders:
        findings.append(_no_ruleset(path))
    compared = None
    if evidence:
        compared = tuple(part for result in checked for part in result.evidence or ())
        verified = any(part.verified or part.excepted for part in compared)
        if not verified and not any(finding.severity == "error" for finding in findings):
            fault = Fault(where=str(path), message="no evidence item was verified", code="RT336")
            findings.append(_of_fault(path, fault, CODES))
    return CheckResult(
        findings=tuple(sorted(dict.fromkeys(findings), key=_place)),
        rulesets=len(folders),
        files=sum(result.files for result in checked),
        rows=sum(result.rows for result in checked),
        evidence=compared,
        notes=tuple(note for result in checked for note in result.notes),
    )


def _sources(of_packs: Iterable[Pack], paths: Sequence[Path]) -> dict[str, Any]:
    """What the evidence of each domain is compared with, by the domain's name."""
    at_hand = {pack.name: pack for pack in of_packs}
    able = [pack for pack in at_hand.values() if EVIDENCE not in pack.cannot]
    if not able:
        reasons = dict.fromkeys(pack.cannot[EVIDENCE] for pack in at_hand.values())
        raise OptionsError(f"{EVIDENCE}: {'; '.join(reasons)}")
    read: dict[str, list[tuple[Path, Any]]] = {}
    faults: list[Fault] = []
    for path in paths:
        refused: list[Fault] = []
        for pack in able:
            try:
                source = pack.curate.read_evidence([path])
            except InputError as error:
                refused.extend(error.faults)
            else:
                read.setdefault(pack.name, []).append((path, source))
        if all(path != known for taken in read.values() for known, _ in taken):
            faults.extend(refused)
    if faults:
        raise InputError(faults)
    return {pack.name: _together(pack, read[pack.name]) for pack in able if pack.name in read}


def _together(pack: Pack, read: list[tuple[Path, Any]]) -> Any:
    """The evidence of all paths; of several it is read together, since one may correct what another says."""
    if len(read) == 1:
        return read[0][1]
    return pack.curate.read_evidence([path for path, _ in read])


def _kept_check(folder: Path, pack: Pack, on: datetime.date) -> CheckResult:
    """The check of a rule set by its files alone, as it was found before where neither they nor the day are others."""
    state = state_of(folder, pack, on.isoformat())
    entry = entry_of("check", state)
    kept = read_entry(entry) if entry is not None else None
    if isinstance(kept, CheckResult):
        return kept
    result = _check(folder, pack, on, {})
    # What was written while it was read belongs to neither state.
    if entry is not None and state_of(folder, pack, on.isoformat()) == state:
        write_entry(entry, result)
    return result


def _check(folder: Path, pack: Pack, on: datetime.date, sources: Mapping[str, Any]) -> CheckResult:
    curate = pack.curate
    reading = pack.kinds.read(folder)
    found: list[lints.Lint] = []
    notes: tuple[str, ...] = ()
    evidence: tuple[EvidenceFindings, ...] = ()
    facts: list[Fault] = []
    codes = {**CODES, **curate.codes()}
    if reading.rulebase is not None:
        found = sorted(curate.lint(reading.rulebase, folder, on))
        facts = check_facts(folder, pack, reading.rulebase, found, {**codes, **lints.CODES})
        notes = tuple(curate.check_notes(reading.rulebase))
        if pack.name in sources:
            evidence = (curate.check_evidence(folder, reading, sources[pack.name]),)
    faults = [*reading.faults, *facts, *(fault for part in evidence for fault in part.faults)]
    findings = [_of_fault(folder, fault, codes) for fault in (*faults, *_unread(folder, pack, reading.opened))]
    findings += _of_lints(folder, reading.files, found, pack)
    rows = sum(curate.row_count(file.content) for file in reading.files)
    return CheckResult(tuple(findings), 1, len(reading.opened), rows, evidence, notes)


# --- what nothing reads -----------------------------------------------------------------------------------------


def _unread(folder: Path, pack: Pack, opened: Iterable[str]) -> Iterator[Fault]:
    """YAML files in a rule set's folder that are no part of it."""
    known = set(opened)
    # Whatever reads these checks their form.
    unchecked = {kind.folder for kind in pack.kinds.FILE_KINDS if not kind.rules}
    for path in sorted(path for ending in ("yaml", "yml") for path in folder.rglob(f"*.{ending}")):
        name = path.relative_to(folder)
        if name.as_posix() not in known and name.parts[0] not in unchecked:
            message = "is no part of the rule set, nothing reads it"
            yield Fault(where=f"{folder.name}/{name.as_posix()}", message=message, code="RT013")


def _without_manifest(path: Path) -> list[Path]:
    """Folders that hold tables of drugs as a rule set does, and neither its manifest nor that of an overlay."""
    return sorted(
        tables.parent
        for tables in path.glob("*/tables")
        if not any((tables.parent / name).is_file() for name in ("ruleset.yaml", "overlay.yaml"))
    )


def _no_ruleset(folder: Path) -> Finding:
    fault = Fault(
        where=str(folder), message="holds no rule set", expected="a folder with ruleset.yaml in it", code="RT001"
    )
    return _of_fault(folder, fault, CODES)


# --- faults and lints as findings -------------------------------------------------------------------------------


def _of_fault(folder: Path, fault: Fault, codes: Mapping[str, Code]) -> Finding:
    code = codes[fault.code]
    return Finding(
        code=fault.code,
        severity=code.severity,
        # Faults name a file from its rule set's folder on.
        where=(folder.parent / fault.where).as_posix(),
        line=fault.line,
        column=fault.column,
        message=fault.message,
        expected=fault.expected,
        suggestion=fault.suggestion,
        mend=code.mend,
    )


def _of_lints(folder: Path, files: Iterable[LoadedFile], found: Sequence[lints.Lint], pack: Pack) -> list[Finding]:
    places = _named_places(folder, files, pack) if found else {}
    findings = []
    for lint in found:
        file, place = _place_of(lint, places)
        line, column = place or (None, None)
        where = (folder / file).as_posix()
        findings.append(Finding(lint.code, lint.severity, where, line, column, lint.message, mend=lint.mend))
    return findings


def _place_of(lint: lints.Lint, places: dict[str, dict[str, Place]]) -> tuple[str, Place | None]:
    """The file and place of what a lint names; a lint may name only the folder in which the file lies."""
    inside = [lint.file] if lint.file in places else [file for file in places if file.startswith(f"{lint.file}/")]
    for file in inside:
        if lint.rule in places[file]:
            return file, places[file][lint.rule]
    return (lint.file if lint.file in places or not inside else inside[0]), None


def _named_places(folder: Path, files: Iterable[LoadedFile], pack: Pack) -> dict[str, dict[str, Place]]:
    """For each file of the rule set where its rows, rules, drugs and other named things stand."""
    places: dict[str, dict[str, Place]] = {}
    for file in files:
        source = file.source
        here = places.setdefault(source.where.removeprefix(f"{folder.name}/"), {})
        for path, place in source.places.items():
            if path and path[-1] in _NAMING:
                value = source.data
                for step in path:
                    value = value[step]
                here.setdefault(str(value), place)
        for row, place in pack.curate.row_places(file).items():
            here.setdefault(row, place)
    return places


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.where, finding.line or 0, finding.column or 0, finding.code, finding.message
