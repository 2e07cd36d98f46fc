"""Random tumours of few types and coverages, interpreted one by one anew, beside others, and in a cohort."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import resistab
from resistab.core.faults import InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.interpreter import OneEvaluator
from resistab.domains.oncology.observe import Observer
from resistab.domains.oncology.policy.background import Background
from resistab.domains.oncology.policy.cohort.evaluator import CohortEvaluator
from resistab.domains.oncology.policy.concluded import TumourConclusions, conclude
from resistab.domains.oncology.policy.verdicts import Summary
from resistab.domains.oncology.report.build import build_report
from resistab.domains.oncology.report.cohort_lines import LineAndRows, ReportWriter
from resistab.domains.oncology.report.model import Report
from resistab.domains.oncology.report.selection import leading
from tools.random_genotypes import RandomGenotypes

ON = datetime.date(2026, 1, 31)
TYPES = ("LUAD", "COAD", "MEL", "CML", "BREAST", "GIST", "AML", "PRAD")
COVERAGES: tuple[tuple[str, ...], ...] = (
    (),
    ("EGFR", "KRAS", "NRAS", "BRAF", "ERBB2", "MET", "ALK fusion", "ROS1 fusion", "MSI"),
    ("ABL1", "KIT", "PDGFRA", "TP53", "PIK3CA", "PTEN", "BRCA1", "BRCA2", "ESR1", "AR", "FLT3", "IDH1", "IDH2"),
)


class Anew(OneEvaluator):
    """Works out each tumour from nothing."""

    def _background(self, genotype: Genotype, observer: Observer) -> Background | None:
        return None


@cache
def beside() -> OneEvaluator:
    """Works out tumours beside those of their kind, by one evaluator."""
    return OneEvaluator(resistab.load("oncology").rulebase)


@cache
def anew() -> Anew:
    """Works out each tumour from nothing, by one evaluator."""
    return Anew(beside().rulebase)


@cache
def _drawn() -> RandomGenotypes:
    return RandomGenotypes(beside())


def tumour(seed: int) -> Genotype:
    """A random tumour of one of a few types and coverages; two of eight findings are in a small share of the reads."""
    chance = random.Random(seed)
    while True:
        texts, _ = _drawn().draw_texts(chance)
        more, _ = _drawn().draw_texts(chance)
        findings = dict.fromkeys((*texts.findings, *(more.findings if chance.random() < 0.5 else ())))
        like = replace(
            texts,
            tumour=chance.choice(TYPES),
            findings=tuple(findings),
            assayed=chance.choice(COVERAGES),
            prior=chance.choice([None, None, ("osimertinib",)]),
        )
        try:
            return like.genotype(beside(), f"seed {seed}", keep_going=True)
        except InputError:
            continue


def concluded_anew(genotype: Genotype) -> TumourConclusions:
    """What is concluded of a tumour from nothing."""
    return conclude(anew().prepared, anew().infer(genotype))


def concluded_beside(genotype: Genotype) -> TumourConclusions:
    """What is concluded of a tumour beside those of its kind."""
    return beside().conclude(genotype)


def lines_alone(concluded: TumourConclusions) -> list[tuple[str, Summary]]:
    """The lines of a table that a tumour alone has."""
    return [
        (
            verdict.drug,
            Summary(verdict.verdict, verdict.level, verdict.relevant, verdict.reason, verdict.rows, shown=True),
        )
        for verdict in concluded.verdicts
        if verdict.relevant or verdict.contributions
    ]


def lines_among(genotypes: Iterable[Genotype]) -> list[list[tuple[str, Summary]]]:
    """The lines of a table that tumours have together."""
    return [
        [
            (line.drug, Summary(line.verdict, line.level, line.relevant, line.reason, line.rows, True))
            for line in of.lines
        ]
        for of in CohortEvaluator(beside()).lines(genotypes)
    ]


def differing(genotypes: Sequence[Genotype]) -> list[str]:
    """The samples of which not the same is said from nothing, beside others of their kind, and in a cohort."""
    found = []
    together = zip(
        genotypes,
        lines_among(genotypes),
        written(genotypes, all_drugs=False),
        written(genotypes, all_drugs=True),
        strict=True,
    )
    for genotype, lines, (of_leading, _), (of_all, _) in together:
        alone = concluded_anew(genotype)
        report = build_report(beside().rulebase, alone, ON)
        if concluded_beside(genotype) != alone:
            found.append(f"{genotype.sample}, beside others")
        if lines_alone(alone) != lines:
            found.append(f"{genotype.sample}, in a cohort")
        if (of_leading, of_all) != (json_line(leading(report)), json_line(report)):
            found.append(f"{genotype.sample}, its report in a cohort")
    return found


def json_line(report: Report) -> str:
    """A report as it is written in a file of many."""
    return report.to_json() + "\n"


def written(genotypes: Iterable[Genotype], all_drugs: bool) -> Iterator[LineAndRows]:
    """The lines, and rows, of reports that tumours have together."""
    return ReportWriter(beside(), ON, all_drugs, rows=True).written(genotypes)
