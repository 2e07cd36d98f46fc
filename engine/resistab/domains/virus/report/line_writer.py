"""One line of JSON for each genotype of a cohort: the verdicts of the full report without their derivations.

The names of the fields are those of ``ViralReport``. The lines are put together from parts that are encoded once, since
to encode each anew would take longer than the interpretation.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

from resistab import __version__
from resistab.domains.virus.genotype import GeneCoverage, ReadsGiven, ResidueFinding, ViralGenotype
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.policy.batch import BatchResult, BatchVerdict
from resistab.domains.virus.policy.verdicts import compared_with
from resistab.domains.virus.report.build import report_notes
from resistab.domains.virus.report.model import VIRAL_REPORT_FORMAT
from resistab.report.model import reported_overlay

# Encoded parts that are kept, of each kind; beyond that they are encoded anew.
MOST_KEPT = 200_000


# Built once: ``json.dumps`` would build an encoder for every value.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class LineWriter:
    """Writes the lines of one cohort, which bear the date ``on``."""

    def __init__(self, rulebase: ViralRulebase, on: datetime.date | None) -> None:
        self._rulebase = rulebase
        manifest, overlay = rulebase.manifest, reported_overlay(rulebase.overlay)
        head = {
            "format": VIRAL_REPORT_FORMAT,
            "software": {"name": "resistab", "version": __version__},
            "ruleset": {
                "id": manifest.ruleset,
                "version": manifest.version,
                "digest": rulebase.digest,
                "overlay": overlay.model_dump(mode="json") if overlay else None,
            },
            "generated_on": on.isoformat() if on else None,
        }
        self._head = _json(head)[:-1]
        self._drugs = [
            _json({"drug": drug.name, "drug_class": drug.drug_class, "gene": rulebase.gene_of(drug.name)})[:-1]
            for drug in rulebase.drugs
        ]
        self._names = [drug.name for drug in rulebase.drugs]
        self._lengths = {gene.symbol: gene.length for gene in rulebase.genes}
        self._verdicts: dict[Any, str] = {}
        self._findings: dict[Any, str] = {}
        self._rows: dict[str, str] = {}
        self._concluded: dict[tuple[str, int | None], str] = {}
        self._genes: dict[GeneCoverage, str] = {}
        self._comments: dict[tuple[str, ...], str] = {}

    def line(self, genotype: ViralGenotype, result: BatchResult) -> str:
        """The line for one genotype, with its end."""
        verdicts = ",".join([self._verdict(verdict) for verdict in result.verdicts])
        findings = ",".join([self._finding(finding) for finding in genotype.findings])
        genes = ",".join([self._kept(self._genes, coverage, self._gene) for coverage in genotype.coverage])
        comments = self._kept(self._comments, result.comments, _json)
        quality = [{"kind": q.kind, "severity": q.severity, "message": q.message} for q in genotype.quality]
        set_aside = [{"entry": item.entry, "reason": item.reason} for item in genotype.not_understood]
        reads = "" if genotype.reads is None else "," + _json(_reads(genotype.reads))[1:-1]
        measured = self._measured(genotype, result) if genotype.measured else ""
        notes = report_notes(self._rulebase, genotype)
        return (
            f'{self._head},"sample":{{"id":{_json(genotype.sample)},"bases":{_json(genotype.bases)}{reads}}},'
            f'"quality":{_json(quality) if quality else "[]"},"genes":[{genes}],"mutations":[{findings}],'
            f'"notes":{_json(notes) if notes else "[]"},'
            f'"not_understood":{_json(set_aside) if set_aside else "[]"},'
            f'"verdicts":[{verdicts}],"comments":{comments}{measured}}}\n'
        )

    def _measured(self, genotype: ViralGenotype, result: BatchResult) -> str:
        verdicts = {self._names[verdict.drug]: verdict.verdict for verdict in result.verdicts}
        return f',"measured":{_json([item.model_dump() for item in compared_with(genotype, verdicts)])}'

    def _kept(self, kept: dict[Any, str], key: Any, encode: Callable[[Any], str]) -> str:
        text = kept.get(key)
        return self._keep(kept, key, encode(key)) if text is None else text

    def _keep(self, kept: dict[Any, str], key: Any, text: str) -> str:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = text
        return text

    def _finding(self, finding: ResidueFinding) -> str:
        key = finding.gene, finding.position, finding.reference, finding.residues, finding.inserted
        return self._findings.get(key) or self._keep(self._findings, key, _json(f"{finding.gene}:{finding.mutation}"))

    def _gene(self, coverage: GeneCoverage) -> str:
        length = self._lengths.get(coverage.gene)
        read = coverage.ranges if coverage.ranges is not None else ((1, length),) if length else ()
        return _json({"gene": coverage.gene, "inferred": coverage.inferred, "read": read})

    def _verdict(self, verdict: BatchVerdict) -> str:
        # Without the level, which follows from these and is slow to hash.
        key = verdict.drug, verdict.verdict, verdict.score, verdict.rows, verdict.not_assessable
        return self._verdicts.get(key) or self._keep(self._verdicts, key, self._encoded(verdict))

    def _encoded(self, verdict: BatchVerdict) -> str:
        level = verdict.level if verdict.verdict != "not_assessable" else None
        rows = ",".join([self._rows.get(row) or self._keep(self._rows, row, _json(row)) for row in verdict.rows])
        concluded = verdict.verdict, level.level if level else None
        start = self._concluded.get(concluded)
        if start is None:
            said = {
                "verdict": verdict.verdict,
                "level": level.level if level else None,
                "level_name": level.name if level else None,
                "sir": level.sir if level else None,
            }
            start = self._keep(self._concluded, concluded, _json(said)[1:-1])
        missing = _json(verdict.not_assessable) if verdict.not_assessable else "[]"
        return (
            f'{self._drugs[verdict.drug]},{start},"score":{_json(verdict.score)},"rows":[{rows}],'
            f'"citations":[],"not_assessable":{missing}}}'
        )


def _reads(reads: ReadsGiven) -> dict[str, Any]:
    return {"given": reads.kind, "threshold": reads.threshold, "fewest_reads": reads.fewest_reads}
