"""What a notebook shows of a report: a table of its drugs, without a page's styles, which would reach beyond it."""

from __future__ import annotations

from html import escape
from typing import Any

from resistab.report.words import Vocabulary


def notebook_html(report: Any, vocabulary: Vocabulary) -> str:
    """The sample, the rule set, and a row for each drug, the gravest verdicts first."""
    rules = report.ruleset
    lines = [
        f"<tr><th style='text-align:left'>{escape(verdict.drug)}</th>"
        f"<td style='text-align:left'>{vocabulary.symbols[verdict.verdict]} "
        f"{escape(vocabulary.words[verdict.verdict])}</td>"
        f"<td>{'' if verdict.level is None else verdict.level}</td>"
        f"<td style='text-align:left'>{escape(verdict.reason)}</td></tr>"
        for verdict in vocabulary.ordered(report.verdicts, lambda verdict: str(verdict.verdict))
    ]
    cautions = "".join(f"<p>{escape(text)}</p>" for text in getattr(report, "cautions", ()))
    return (
        f"<div><p><strong>{escape(report.sample.id)}</strong>, by {escape(rules.name)} {escape(rules.version)}</p>"
        f"{cautions}<table><thead><tr><th>Drug</th><th>Verdict</th><th>Level</th><th>Reason</th></tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )
