"""Every fault of a rule set, and everything in it that is well-formed and still wrong, as findings with a place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault
from resistab.curation import lints
from resistab.domains.oncology.checks.civic_export import Sources
from resistab.domains.oncology.checks.residues import ResidueAccount, residue_account
from resistab.domains.oncology.curate.evidence_checking import CitationFindings, check_evidence
from resistab.domains.oncology.kinds.loader import read_rulebase_folder
from resistab.domains.oncology.kinds.models import ClassTable, MechanismFile, Rulebase, Table
from resistab.domains.virus.kinds.loader import read_viral_folder
from resistab.domains.virus.kinds.models import ViralRulebase, ViralTable, position_row_id
from resistab.files.yaml_source import Place
from resistab.rulesets.fault_codes import CODES, Code, Severity
from resistab.rulesets.find import folders_of_rulesets, is_virus
from resistab.rulesets.folder_reader import FolderReading, LoadedFile

# What a lint names, and the fields in which such names stand.
_NAMING = ("id", "name", "symbol", "reference", "drug", "code", "drug_class", "ruleset")
# Read by the command that runs them, which checks their form.
_CASES = "cases"


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

    ``citations`` holds what the citation check found in each rule set that has evidence, None where it was not asked
    for. ``residues`` tells of each sound rule set on tumours which residues that rules name were verified.
    """

    findings: tuple[Finding, ...]
    rulesets: int = 0
    files: int = 0
    rows: int = 0
    citations: tuple[CitationFindings, ...] | None = None
    residues: tuple[ResidueAccount, ...] = ()

    def count(self, severity: Severity) -> int:
        """The number of findings of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def passed(self, strict: bool) -> bool:
        """Whether there is no error and, where ``strict``, no warning."""
        return not self.count("error") and not (strict and self.count("warning"))


def all_codes() -> dict[str, Code]:
    """Every code of a finding, those of faults and of lints, in their order."""
    of_lints = {
        code: Code(title=entry.title, why=entry.why, mend=entry.mend, severity=entry.severity)
        for code, entry in lints.CODES.items()
    }
    return dict(sorted((CODES | of_lints).items()))


def check_ruleset(folder: Path, on: datetime.date | None = None) -> list[Finding]:
    """Everything that is wrong with the rule set in ``folder``; reviews are due or not ``on`` that day, or today."""
    return list(check_path(folder, on or datetime.date.today()).findings)


def check_path(path: Path, on: datetime.date, sources: Sources | None = None) -> CheckResult:
    """The check of the rule set in ``path``, or of every rule set in a folder below it.

    ``sources`` are the evidence exports to compare evidence with, if it is to be compared. Nothing to check is an
    error, and so is no evidence item to verify.
    """
    path = path.resolve()
    folders = folders_of_rulesets(path)
    checked = [_check(folder, on, sources) for folder in folders]
    findings = [finding for result in checked for finding in result.findings]
    if folders != [path]:
        findings += [_no_ruleset(folder) for folder in _without_manifest(path)]
    if not folders:
        findings.append(_no_ruleset(path))
    citations = None
    if sources is not None:
        citations = tuple(part for result in checked for part in result.citations or ())
        if not citations and not any(finding.severity == "error" for finding in findings):
            fault = Fault(where=str(path), message="no evidence item was verified", code="RT336")
            findings.append(_of_fault(path, fault))
    return CheckResult(
        findings=tuple(sorted(dict.fromkeys(findings), key=_place)),
        rulesets=len(folders),
        files=sum(result.files for result in checked),
        rows=sum(result.rows for result in checked),
        citations=citations,
        residues=tuple(account for result in checked for account in result.residues),
    )


def _check(folder: Path, on: datetime.date, sources: Sources | None) -> CheckResult:
    reading: FolderReading[Any]
    citations: tuple[CitationFindings, ...] = ()
    residues: tuple[ResidueAccount, ...] = ()
    found: list[lints.Lint] = []
    if _is_of_a_virus(folder):
        virus: FolderReading[ViralRulebase] = read_viral_folder(folder)
        reading = virus
        if virus.rulebase is not None:
            found = lints.lint_virus(virus.rulebase, on, lints.read_case_mentions(folder))
    else:
        tumours: FolderReading[Rulebase] = read_rulebase_folder(folder)
        reading = tumours
        if tumours.rulebase is not None:
            found = lints.lint(tumours.rulebase, on, lints.read_case_mentions(folder))
            residues = (residue_account(tumours.rulebase),)
            if sources is not None:
                citations = (check_evidence(folder, tumours, sources),)
    findings = [_of_fault(folder, fault) for fault in reading.faults]
    findings += _of_lints(folder, reading.files, found)
    findings += [_of_fault(folder, fault) for part in citations for fault in part.faults]
    findings += [_of_fault(folder, fault) for fault in _unread(folder, reading.opened)]
    rows = sum(_rows(file.content) for file in reading.files)
    return CheckResult(tuple(findings), 1, len(reading.opened), rows, citations, residues)


def _is_of_a_virus(folder: Path) -> bool:
    """Whether the rule set is that of a virus; one whose kind is misspelt is too, as rule sets on tumours have none."""
    try:
        manifest = (folder / "ruleset.yaml").read_bytes()
    except OSError:
        return False
    return is_virus(folder) or re.search(rb"^kind:", manifest, re.MULTILINE) is not None


def _rows(content: Any) -> int:
    """The number of rows and rules in a file."""
    match content:
        case Table(rows=rows) | ClassTable(rows=rows):
            return len(rows)
        case MechanismFile(rules=rules):
            return len(rules)
        case ViralTable():
            scored = sum(len(rule.scores) + len(rule.combinations) for rule in content.score_rules)
            return scored + len(content.rules)
    return 0


# --- what nothing reads -----------------------------------------------------------------------------------------


def _unread(folder: Path, opened: Iterable[str]) -> Iterator[Fault]:
    """YAML files in a rule set's folder that are no part of it."""
    known = set(opened)
    for path in sorted(path for ending in ("yaml", "yml") for path in folder.rglob(f"*.{ending}")):
        name = path.relative_to(folder)
        if name.as_posix() not in known and name.parts[0] != _CASES:
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
    return _of_fault(folder, fault)


# --- faults and lints as findings -------------------------------------------------------------------------------


def _of_fault(folder: Path, fault: Fault) -> Finding:
    code = CODES[fault.code]
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


def _of_lints(folder: Path, files: Iterable[LoadedFile], found: Iterable[lints.Lint]) -> list[Finding]:
    found = list(found)
    places = _named_places(folder, files) if found else {}
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


def _named_places(folder: Path, files: Iterable[LoadedFile]) -> dict[str, dict[str, Place]]:
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
        if isinstance(file.content, ViralTable):
            drug = file.content.drug
            for path, place in source.keys.items():
                # The line of a position has no id of its own: it follows from drug, score and position.
                if len(path) > 1 and path[-2] == "scores" and isinstance(path[-1], int):
                    number = 0
                    if path[0] == "further_scores":
                        first = not (file.content.scores or file.content.combinations)
                        number = int(path[1]) + (0 if first else 1)
                    here.setdefault(position_row_id(drug, path[-1], number), place)
    return places


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.where, finding.line or 0, finding.column or 0, finding.code, finding.message
