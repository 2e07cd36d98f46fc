"""What the reports of a cohort say together."""

from __future__ import annotations

from resistab.domains.oncology.report import cohort_entry
from resistab.report.cohort import summarise


def entries(reports):
    return [cohort_entry(report.to_json()) for report in reports]


def test_shares_are_of_the_samples_of_a_tumour_type(make_report):
    reports = [make_report("LUAD", ["EGFR L858R", "EGFR T790M"]), make_report("LUAD", ["EGFR L858R"])]

    (tumour,) = summarise(entries(reports)).groups

    gefitinib = next(drug for drug in tumour.drugs if drug.drug == "gefitinib")
    assert (tumour.code, tumour.samples, gefitinib.share("resistant")) == ("LUAD", 2, 0.5)


def test_unknown_findings_and_reference_mismatches_are_apart(make_report):
    cohort = summarise(entries([make_report("MEL", ["BRAF V600E", "APC R213*", "EGFR A790M"], keep_going=True)]))

    assert [item.text for item in cohort.unknown] == ["APC R213*"]
    assert [item.entry for item in cohort.mismatches] == ["EGFR A790M"]
    assert cohort.not_understood == ()


def test_the_order_of_reports_makes_no_difference(make_report):
    reports = [make_report("LUAD", ["EGFR L858R"]), make_report("MEL", ["BRAF V600E"])]

    assert summarise(entries(reports)) == summarise(entries(reports[::-1]))
