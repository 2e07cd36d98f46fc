"""A tumour is told the same whether it is worked out from nothing, beside others of its kind, or in a cohort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

import resistab
from resistab.core.measured import MeasuredResponse
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.policy.cohort.evaluator import CohortEvaluator
from resistab.domains.oncology.policy.cohort.telling import ToldOf
from resistab.domains.oncology.policy.judged import Judged
from resistab.domains.oncology.report import cohort_lines, cohort_table
from resistab.domains.oncology.report.build import build_report
from resistab.domains.oncology.report.cohort_table import CohortDisagreementError, checked_rows
from resistab.domains.oncology.report.selection import leading
from tests.many_tumours import ON, beside, concluded_beside, differing, json_line, tumour, written


def test_random_tumours_are_told_the_same_in_any_company() -> None:
    assert differing([tumour(seed) for seed in range(40)]) == []


def named(*findings: str, sample: str) -> Genotype:
    return beside().genotype("LUAD", findings, sample=sample)


def reasons(genotypes: Sequence[Genotype], drug: str) -> list[str]:
    told = CohortEvaluator(beside()).lines(genotypes)
    return [line.reason for of in told for line in of.lines if line.drug == drug]


def test_each_is_told_of_its_own_findings() -> None:
    found = [named("EGFR L858R", "EGFR C797S", sample="a"), named("EGFR L858R", "EGFR C797Y", sample="b")]
    one, other = reasons(found, "osimertinib")
    assert "C797S" in one and "C797Y" not in one
    assert "C797Y" in other and "same residue as EGFR C797S" in other


def test_a_minor_clone_is_told_of_where_it_is_one() -> None:
    found = [
        named("EGFR L858R (VAF 40%)", "EGFR C797S (VAF 38%)", sample="a"),
        named("EGFR L858R (VAF 40%)", "EGFR C797S (VAF 2%)", sample="b"),
    ]
    assert ["minor clone" in reason for reason in reasons(found, "osimertinib")] == [False, True]


def test_the_order_of_findings_is_the_tumours_own() -> None:
    texts = ["EGFR L858R", "MET amplification", "KRAS G12D"]
    found = [named(*texts, sample="a"), named(*reversed(texts), sample="b"), named(*texts, sample="c")]
    told = [[(line.drug, line.reason) for line in of.lines] for of in CohortEvaluator(beside()).lines(found)]
    alone = [
        [(line.drug, line.reason) for line in of.lines]
        for one in found
        for of in CohortEvaluator(beside()).lines([one])
    ]
    assert told == alone


def test_rows_that_differ_from_those_of_a_tumour_alone_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    genotypes = [named("EGFR L858R", "EGFR T790M", sample="P-1")]
    right = cohort_table._row

    def wrong(genotype: Genotype, line: cohort_table.DrugLine) -> cohort_table.Row:
        row = right(genotype, line)
        return (*row[:3], "sensitive", *row[4:]) if line.drug == "gefitinib" else row

    monkeypatch.setattr(cohort_table, "_row", wrong)
    with pytest.raises(CohortDisagreementError, match=r"sample 'P-1': .* has other rows: gefitinib"):
        list(checked_rows(resistab.load("oncology"), genotypes))


def test_a_report_unlike_that_of_a_tumour_alone_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    genotypes = [named("EGFR L858R", "EGFR T790M", sample="P-1")]
    right = cohort_lines.ReportTelling.of_drug

    def wrong(self: cohort_lines.ReportTelling, drug: Judged) -> ToldOf:
        told = right(self, drug)
        return (
            replace(told, more=told.more.replace('"resistant"', '"sensitive"'))
            if drug.table.drug == "gefitinib"
            else told
        )

    monkeypatch.setattr(cohort_lines.ReportTelling, "of_drug", wrong)
    with pytest.raises(CohortDisagreementError, match=r"sample 'P-1': .* has another report: gefitinib"):
        list(cohort_lines.checked_lines(resistab.load("oncology"), genotypes, None, all_drugs=False, with_rows=False))


def test_rows_beside_lines_are_those_of_the_table() -> None:
    interpreter, genotypes = resistab.load("oncology"), [tumour(seed) for seed in range(100, 105)]
    both = list(cohort_lines.checked_lines(interpreter, genotypes, None, all_drugs=False, with_rows=True))
    assert [list(rows) for _, rows in both] == [list(rows) for rows in checked_rows(interpreter, genotypes)]


def reports(genotypes: Sequence[Genotype]) -> list[str]:
    rulebase = beside().rulebase
    return [json_line(leading(build_report(rulebase, concluded_beside(genotype), ON))) for genotype in genotypes]


def test_findings_are_named_in_the_alphabet_where_a_report_does() -> None:
    texts = [("PTEN L70fs", "PTEN Y46fs"), ("PTEN Y46fs", "PTEN A39fs"), ("PTEN L182fs", "PTEN Y46fs")]
    genotypes = [named(*of, sample=str(number)) for number, of in enumerate(texts)]
    lines = [line for line, _ in written(genotypes, all_drugs=False)]
    assert lines == reports(genotypes)
    assert ["PTEN L70fs, PTEN Y46fs: reduced response" in line for line in lines] == [True, False, False]
    assert "PTEN A39fs, PTEN Y46fs: reduced response" in lines[1]


def test_a_measured_response_is_in_the_report_of_a_cohort() -> None:
    one = named("EGFR L858R", sample="a")
    told = MeasuredResponse(drug="gefitinib", assay="organoid", call="sensitive")
    genotypes = [one, one.model_copy(update={"measured": (told,)})]
    lines = [line for line, _ in written(genotypes, all_drugs=False)]
    assert lines == reports(genotypes)
    assert '"measured":[]' in lines[0] and '"measured":[{' in lines[1]


def test_a_share_of_tumours_is_that_of_one_process() -> None:
    types = cohort_table.Counter({"LUAD": 70, "COAD": 20, "MEL": 10})
    worker_of = cohort_table._assignment(types, 2)
    # Most are of one type, which both share; of the others each has one worker.
    assert {worker_of("LUAD", index) for index in range(200)} == {0, 1}
    assert len({worker_of("COAD", index) for index in range(200)}) == 1
    assert {worker_of("COAD", 0), worker_of("MEL", 0)} == {0, 1}
    assert worker_of("GIST", 5) in (0, 1)
