"""Findings as text, JSON, annotations of GitHub and SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from resistab import __version__
from resistab.curation.check import CheckResult, Finding
from resistab.report.words import counted
from resistab.rulesets.fault_codes import Code, Severity

_GITHUB: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def text_line(finding: Finding) -> str:
    """``file:line:column: error RT021 message; expected …; did you mean …?``."""
    place = finding.where
    if finding.line is not None:
        place += f":{finding.line}" + (f":{finding.column}" if finding.column is not None else "")
    return f"{place}: {finding.severity} {finding.code} {finding.text}"


def summary(result: CheckResult, notes: bool = True) -> Iterator[str]:
    """What was checked and what was found, in a line each: files, residues, and what the citation check verified.

    Without ``notes`` these are counted alone, and the line says how they are shown.
    """
    counts = ", ".join(counted(result.count(severity), severity) for severity in _GITHUB)
    if not notes and (result.count("note") or result.notes):
        counts += " (--notes shows them)"
    checked = f"{counted(result.rulesets, 'rule set')}, {counted(result.files, 'file')}, {counted(result.rows, 'row')}"
    yield f"{checked} checked: {counts}"
    if notes:
        yield from result.notes
    if result.evidence is not None:
        verified = sum(part.verified for part in result.evidence)
        excepted = sum(part.excepted for part in result.evidence)
        references = sum(part.references for part in result.evidence)
        yield (
            f"{counted(verified, 'evidence item')} verified, {excepted:,} more by exception, "
            f"{counted(references, 'reference')}"
        )
        yield from (line for part in result.evidence for line in part.lines)


def as_json(findings: Iterable[Finding]) -> str:
    """A list of the findings, each a mapping; what is not known of one is null."""
    listed = [
        {
            "code": finding.code,
            "severity": finding.severity,
            "file": finding.where,
            "line": finding.line,
            "column": finding.column,
            "message": finding.message,
            "expected": finding.expected,
            "suggestion": finding.suggestion,
            "mend": finding.mend,
        }
        for finding in findings
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def github_line(finding: Finding) -> str:
    """A workflow command that GitHub shows as an annotation of the file's line."""
    properties = {"file": finding.where, "line": finding.line, "col": finding.column, "title": finding.code}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{_GITHUB[finding.severity]} {listed}::{_message(finding.text)}"


def _message(text: str) -> str:
    """``text`` so that it can neither end the command nor begin another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(findings: Iterable[Finding], codes: Mapping[str, Code]) -> str:
    """A log in SARIF 2.1.0 with one run; all codes are its rules, so that a finding can be looked up in it."""
    index = {code: number for number, code in enumerate(codes)}
    rules = [
        {
            "id": code,
            "shortDescription": {"text": entry.title},
            "fullDescription": {"text": entry.why},
            "help": {"text": entry.mend},
            "defaultConfiguration": {"level": entry.severity},
        }
        for code, entry in codes.items()
    ]
    log = {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "resistab check", "semanticVersion": __version__, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(finding, index) for finding in findings],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _sarif_result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.where)}}
    if finding.line is not None:
        location["region"] = {"startLine": finding.line}
        if finding.column is not None:
            location["region"]["startColumn"] = finding.column
    return {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": finding.severity,
        "message": {"text": finding.text},
        "locations": [{"physicalLocation": location}],
    }


def _uri(path: str) -> str:
    """A relative path as a relative reference, an absolute one as a file's address."""
    address = PurePosixPath("/", path).as_uri()
    return address if path.startswith("/") else address.removeprefix("file:///")


def explained(code: str, entry: Code) -> str:
    """What a code stands for, as a terminal shows it."""
    return f"{code}: {entry.title} ({entry.severity})\n\nWhy it matters: {entry.why}\nHow to mend it: {entry.mend}\n"
