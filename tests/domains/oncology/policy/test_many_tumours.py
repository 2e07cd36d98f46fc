"""A tumour is told the same whether it is worked out from nothing, beside others of its kind, or in a cohort."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import resistab
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.policy.cohort.evaluator import CohortEvaluator
from resistab.domains.oncology.report import cohort_table
from resistab.domains.oncology.report.cohort_table import CohortDisagreementError, checked_rows
from tests.many_tumours import beside, differing, tumour


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


def test_a_share_of_tumours_is_that_of_one_process() -> None:
    types = cohort_table.Counter({"LUAD": 70, "COAD": 20, "MEL": 10})
    worker_of = cohort_table._assignment(types, 2)
    # Most are of one type, which both share; of the others each has one worker.
    assert {worker_of("LUAD", index) for index in range(200)} == {0, 1}
    assert len({worker_of("COAD", index) for index in range(200)}) == 1
    assert {worker_of("COAD", 0), worker_of("MEL", 0)} == {0, 1}
    assert worker_of("GIST", 5) in (0, 1)
