"""Whole reports on many tumours as lines of JSON, put together of parts that are written once for all that share them.

What is said of a drug, and how a conclusion was reached, is remembered as the line of a table is, see
``policy/cohort``; what is of one tumour alone, its sample and findings, is written for each.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resistab.core.json_text import json_text
from resistab.core.printable import printable
from resistab.domains.oncology.genotype import Genotype, StateFinding
from resistab.domains.oncology.policy.approvals import marker_truth, without_rules
from resistab.domains.oncology.policy.cautions import cautions
from resistab.domains.oncology.policy.cohort.evaluator import CohortEvaluator, Told, Tumour, TumourKind, lines_of
from resistab.domains.oncology.policy.cohort.remembered import Said
from resistab.domains.oncology.policy.cohort.telling import NOT_SHOWN, CohortTelling, ToldOf
from resistab.domains.oncology.policy.concluded import conclusion, filtered_findings
from resistab.domains.oncology.policy.derivation import Deriver
from resistab.domains.oncology.policy.judged import Judged
from resistab.domains.oncology.policy.prepared import PreparedRules
from resistab.domains.oncology.policy.reads import NotedInferred
from resistab.domains.oncology.policy.verdicts import Summary, verdict_of
from resistab.domains.oncology.report import interpreted, table_row, table_rows
from resistab.domains.oncology.report.build import assayed_info, finding_info, in_every_report, sample_info, unknown
from resistab.domains.oncology.report.cohort_table import CohortDisagreementError, Row, shared
from resistab.domains.oncology.report.model import Report
from resistab.report.model import citation, reference_key, set_aside

if TYPE_CHECKING:
    from resistab.domains.oncology.interpreter import TumourInterpreter

# A line of JSON, and the rows of the table.
LineAndRows = tuple[str, Sequence[Row]]

_WITHOUT_RULES = "\0without rules"


def checked_lines(
    interpreter: TumourInterpreter,
    genotypes: Collection[Genotype],
    on: datetime.date | None,
    all_drugs: bool,
    with_rows: bool,
) -> Iterator[LineAndRows]:
    """The whole report on each tumour as a line, and where they are wanted its rows; shared among processes.

    Raises ``CohortDisagreementError``, naming the sample, where a tumour interpreted alone has another report.
    """

    def teller() -> Callable[[Iterable[Genotype]], Iterator[LineAndRows]]:
        return ReportWriter(interpreter, on, all_drugs, with_rows).written

    def check(genotype: Genotype, told: LineAndRows) -> None:
        _check(interpreted(interpreter, genotype, on, all_drugs), told, with_rows)

    yield from shared(genotypes, teller, check)


def _check(alone: Report, told: LineAndRows, with_rows: bool) -> None:
    line, rows = told
    if line == alone.to_json() + "\n" and (not with_rows or list(rows) == list(table_rows(alone))):
        return
    one, other = json.loads(alone.to_json()), json.loads(line)
    fields = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    drugs = {v["drug"] for v in one["verdicts"] if v not in other["verdicts"]}
    drugs |= {v["drug"] for v in other["verdicts"] if v not in one["verdicts"]}
    named = [*sorted(drugs), *(name for name in fields if name != "verdicts")] or ["the order of what is said"]
    raise CohortDisagreementError(
        f"sample '{printable(alone.sample.id)}': interpreted alone and among others it has another report: "
        f"{', '.join(named[:5])}{' and more' if len(named) > 5 else ''}"
    )


class ReportTelling(CohortTelling):
    """What a report says of a drug, of each conclusion, and of the drugs without rules, as JSON."""

    derived = True
    # Some kilobytes each, in each of the processes.
    most = 120_000

    def __init__(self, prepared: PreparedRules, all_drugs: bool) -> None:
        super().__init__(prepared)
        self._all_drugs = all_drugs
        self._heads = {f"\0{head}": head for head in prepared.conclusions}
        self.conclusions = tuple(self._heads)
        self.further = (*self.conclusions, _WITHOUT_RULES)

    def of_drug(self, drug: Judged) -> ToldOf:
        """As of any; with all drugs of each."""
        if not (self._all_drugs or drug.is_used or drug.contributions):
            return ToldOf(NOT_SHOWN)
        verdict = verdict_of(drug)
        return ToldOf(
            Summary(verdict.verdict, verdict.level, verdict.relevant, verdict.reason, verdict.rows, shown=True),
            verdict.model_dump_json(),
            tuple((item.row, finding) for item in verdict.contributions for finding in item.findings),
            verdict.citations,
            verdict.conflicts,
        )

    def of_further(self, name: str, inferred: NotedInferred) -> ToldOf:
        """A conclusion, empty where it was not reached, or the drugs without rules."""
        if name == _WITHOUT_RULES:
            rulebase, code = self.prepared.rulebase, inferred.genotype.tumour_type
            return ToldOf(NOT_SHOWN, json_text(without_rules(rulebase, code, lambda use: marker_truth(use, inferred))))
        deriver = Deriver(self.prepared, inferred.genotype, inferred.observed, inferred.values)
        reached = conclusion(deriver, self._heads[name])
        return ToldOf(NOT_SHOWN, reached.model_dump_json() if reached else "")


@dataclass(frozen=True)
class _OfKind:
    """What is said of tumours of one kind where nothing was found: of drugs by name, with their place in a report."""

    kind: TumourKind
    verdicts: dict[str, tuple[bool, str, str]]
    conclusions: dict[str, str]


class ReportWriter:
    """Writes reports that bear the date ``on``, those of the drugs they lead with unless all are wanted."""

    def __init__(self, interpreter: TumourInterpreter, on: datetime.date | None, all_drugs: bool, rows: bool) -> None:
        self._interpreter, self._on, self._all_drugs, self._with_rows = interpreter, on, all_drugs, rows
        self._rulebase, self._prepared = interpreter.rulebase, interpreter.prepared
        self._telling = ReportTelling(self._prepared, all_drugs)
        self._evaluator = CohortEvaluator(interpreter, self._telling)
        self._same: dict[str, str] = {}
        self._kinds: dict[int, _OfKind] = {}
        self._citations: dict[str, tuple[Any, str]] = {}
        self._drugs = {drug: json_text(drug) for drug in sorted(self._rulebase.table_by_drug)}

    def written(self, genotypes: Iterable[Genotype]) -> Iterator[LineAndRows]:
        """The line of each tumour, and its rows where they are wanted."""
        for tumour, said in self._evaluator.told(genotypes):
            genotype = tumour.genotype
            if genotype.measured:
                # Each response that was measured is set beside a verdict, be it one with which no report leads.
                report = interpreted(self._interpreter, genotype, self._on, self._all_drugs)
                yield report.to_json() + "\n", list(table_rows(report)) if self._with_rows else ()
                continue
            rows = lines_of(tumour, said) if self._with_rows else ()
            yield (
                self._line(tumour, said),
                [table_row(genotype.sample, genotype.tumour_type, line) for line in rows],
            )

    def _line(self, tumour: Tumour, said: Told) -> str:
        genotype, rulebase, of_kind = tumour.genotype, self._rulebase, self._of_kind(tumour.kind)
        quoted = [json_text(finding.text)[1:-1] for finding in genotype.findings]

        def filled(item: Said, among: Sequence[int]) -> str:
            return "".join(
                part if isinstance(part, str) else quoted[tumour.index((among[part[0]], part[1]))] for part in item.more
            )

        verdicts, conclusions = dict(of_kind.verdicts), dict(of_kind.conclusions)
        rows: dict[str, set[str]] = {}
        for name, (item, among) in said.items():
            if item.summary.shown:
                verdicts[name] = not item.summary.relevant, name, filled(item, among)
                for row, (state, place) in item.fired:
                    text = genotype.findings[tumour.index((among[state], place))].text
                    rows.setdefault(text, set()).add(row)
            else:
                verdicts.pop(name, None)
                conclusions[name] = filled(item, among)
        known = self._known(tumour)
        findings = [
            finding_info(rulebase, finding, tumour.clones.get(index), index in known, rows.get(finding.text, ()))
            for index, finding in enumerate(genotype.findings)
        ]
        cited = {
            reference
            for name in verdicts
            for reference in (said[name][0] if name in said else tumour.kind.said[name]).citations
        }
        filtered = filtered_findings(self._prepared, genotype) if genotype.filtered_findings else []
        parts = {
            **self._in_each(genotype),
            "sample": sample_info(rulebase, genotype, known).model_dump_json(),
            "cautions": json_text(tuple(cautions(genotype, rulebase.manifest, filtered))),
            "findings": json_text(findings),
            "assayed": json_text(assayed_info(genotype)),
            "notes": json_text(genotype.notes),
            "not_understood": json_text(set_aside(genotype.not_understood)),
            "verdicts": _joined(text for _, _, text in sorted(verdicts.values())),
            "left_out": _joined(text for drug, text in self._drugs.items() if drug not in verdicts),
            "without_rules": conclusions.pop(_WITHOUT_RULES),
            "conclusions": _joined(conclusions[name] for name in self._telling.conclusions if conclusions[name]),
            "unknown_findings": json_text(unknown(findings)),
            "citations": _joined(text for _, text in sorted(map(self._citation, cited))),
        }
        return "{" + ",".join([f'"{name}":{text}' for name, text in parts.items()]) + "}\n"

    def _in_each(self, genotype: Genotype) -> dict[str, str]:
        """The fields of a report in their order, with what is the same in each, as JSON."""
        if not self._same:
            sample = sample_info(self._rulebase, genotype, frozenset())
            empty: dict[str, Any] = dict.fromkeys(
                ("findings", "assayed", "notes", "not_understood", "verdicts", "conclusions", "unknown_findings",
                 "citations"), ()
            )  # fmt: skip
            report = Report(**in_every_report(self._rulebase, self._on), **empty, sample=sample)
            # Of many patients nobody asks what is open to each, nor what learned tables predict.
            said = report.model_dump(mode="json", exclude={"options", "learned"})
            self._same = {name: json_text(value) for name, value in said.items()}
        return self._same

    def _of_kind(self, kind: TumourKind) -> _OfKind:
        found = self._kinds.get(id(kind))
        if found is None:
            verdicts = {
                drug: (not said.summary.relevant, drug, str(said.more[0]))
                for drug, said in kind.said.items()
                if said.summary.shown
            }
            conclusions = {name: str(kind.said[name].more[0]) for name in self._telling.further}
            found = self._kinds[id(kind)] = _OfKind(kind, verdicts, conclusions)
        return found

    def _known(self, tumour: Tumour) -> frozenset[int]:
        """The findings with a curated association, see ``policy/concluded``."""
        asked = len(self._interpreter.program.observables)
        known = {
            places[place]
            for state, places in tumour.states
            for number, _, behind in state.open
            if number < asked
            for place in behind
        }
        known.update(
            index
            for index, finding in enumerate(tumour.genotype.findings)
            if isinstance(finding, StateFinding) and (finding.subject, finding.analyte) in self._prepared.states_asked
        )
        return frozenset(known)

    def _citation(self, reference: str) -> tuple[Any, str]:
        found = self._citations.get(reference)
        if found is None:
            short = self._rulebase.citation_by_reference[reference].short
            found = self._citations[reference] = (
                reference_key(reference),
                citation(reference, short).model_dump_json(),
            )
        return found


def _joined(texts: Iterable[str]) -> str:
    return f"[{','.join(texts)}]"
