"""What is printed for a person in a terminal, at 80 columns and without colour."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from resistab.core.derivation import mechanism_steps
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.report.model import AssayedInfo, Report
from resistab.domains.oncology.report.terminal import print_derivation, print_drugs, print_report
from resistab.report.words import drug_words, reference_words
from tests.terminal import Printed, flat, verdict_of

MakeReport = Callable[..., Report]


# --- the report ---------------------------------------------------------------------------------------------


def test_the_summary_names_sample_tumour_findings_and_rule_set(melanoma: Report, printed: Printed) -> None:
    text = flat(printed(print_report, melanoma, False))
    assert "Drug resistance report: S-1" in text
    assert "Melanoma (MEL)" in text
    assert "Findings: BRAF V600E, NRAS Q61K" in text
    assert f"digest {melanoma.ruleset.digest[:12]}" in text


def test_each_relevant_drug_has_a_line_with_verdict_and_level(melanoma: Report, printed: Printed) -> None:
    lines = printed(print_report, melanoma, False).splitlines()
    (index,) = [i for i, line in enumerate(lines) if line.startswith(" vemurafenib  ")]
    assert "✕ Resistant" in lines[index] and "BRAF V600E, NRAS Q61K:" in lines[index]
    assert "level 5" in lines[index + 1]


def test_drugs_of_other_types_are_counted_or_shown_at_wish(melanoma: Report, printed: Printed) -> None:
    short, full = printed(print_report, melanoma, False), printed(print_report, melanoma, True)
    assert " tamoxifen" not in short and " tamoxifen" in full
    others = sum(not verdict.relevant for verdict in melanoma.verdicts)
    assert f"Rows also hold for {others} drugs not used in this tumour type" in flat(short)


def test_not_assessable_names_what_was_not_assayed(colon: Report, printed: Printed) -> None:
    text = printed(print_report, colon, False, columns=160)
    missing = text[text.index("Not assessable, of the drugs used in Colon") :]
    (line, *_) = [line for line in missing.splitlines() if "cetuximab, " in line]
    assert line.startswith(" KRAS mutation in 12, 13, 59, 61, 117, 146 not tested ")
    assert "Missing is not wild type" in flat(text)


def test_unknown_findings_entries_and_conflicts_are_told(make_report: MakeReport, printed: Printed) -> None:
    report = make_report("MEL", ["BRAF V600E", "NRAS Q61K", "APC R213*", "EGFR A790M"], keep_going=True)
    text = flat(printed(print_report, report, False))
    assert "No curated association: APC R213*" in text
    assert "Set aside: EGFR A790M" in text
    assert "Conflict, trametinib:" in text


def test_said_and_inferred_assays_are_told_apart(colon: Report, printed: Printed) -> None:
    text = flat(printed(print_report, colon, False))
    assert "Said to have been assayed: BRAF, NRAS (copy number); BRAF, NRAS (mutation)" in text
    assert "Inferred from findings: APC (from APC R213*) (mutation)" in text


def test_the_genes_of_a_large_panel_are_counted_not_all_listed(colon: Report, printed: Printed) -> None:
    panel = tuple(AssayedInfo(locus=f"GENE{n} mutation", given="panel", inferred=False) for n in range(300))
    text = flat(printed(print_report, colon.model_copy(update={"assayed": panel}), False))
    assert "GENE11 and 288 more (mutation)" in text


# --- the derivation -----------------------------------------------------------------------------------------


def test_the_derivation_goes_from_verdict_down_to_finding(melanoma: Report, printed: Printed) -> None:
    text = flat(printed(print_derivation, melanoma, verdict_of(melanoma, "vemurafenib")))
    contributions = verdict_of(melanoma, "vemurafenib").contributions
    strongest = next(item for item in contributions if [*mechanism_steps(item.derivation)])
    rules = [step.rule for step in mechanism_steps(strongest.derivation)]
    assert len(rules) > 1
    assert text.startswith("vemurafenib (Zelboraf): ✕ resistant, level 5")
    text = text[text.index(f"Row {strongest.row}") :]
    steps = [*(f"Rule {rule}" for rule in rules), "NRAS activating mutation holds: found NRAS Q61K"]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)


def test_every_reference_of_a_verdict_is_in_its_derivation(melanoma: Report, printed: Printed) -> None:
    verdict = verdict_of(melanoma, "vemurafenib")
    text = flat(printed(print_derivation, melanoma, verdict))
    assert verdict.citations
    assert all(reference_words(reference) in text for reference in verdict.citations)


def test_a_drug_without_fired_rows_says_what_is_open(colon: Report, printed: Printed) -> None:
    verdict = verdict_of(colon, "cetuximab")
    text = flat(printed(print_derivation, colon, verdict))
    assert "No row holds. KRAS mutation" in text.replace("The drug needs no response marker. ", "")
    assert all(row in text for row in verdict.undecided.rows)


def test_a_negation_shows_what_does_not_hold(make_report: MakeReport, printed: Printed) -> None:
    report = make_report("LUAD", ["EGFR L858R", "EGFR L718Q"], ["EGFR"])
    text = flat(printed(print_derivation, report, verdict_of(report, "afatinib")))
    assert "not EGFR T790M holds EGFR T790M does not hold" in text


# --- the drugs ----------------------------------------------------------------------------------------------


def test_all_drugs_are_listed_with_rows_and_tumour_types(oncology: TumourInterpreter, printed: Printed) -> None:
    text = printed(print_drugs, oncology.rulebase, None, columns=400)
    for table in oncology.rulebase.tables:
        assert f"\n {drug_words(table.drug)} " in text
    assert "\n afatinib (Gilotrif, Giotrif) " in text
    assert "COADREAD, HNSC" in flat(text)


def test_the_drugs_of_a_type_are_listed_with_what_they_need(oncology: TumourInterpreter, printed: Printed) -> None:
    text = printed(print_drugs, oncology.rulebase, "CML")
    assert "Drugs used in Chronic Myelogenous Leukemia (CML)" in text
    assert "\n ponatinib " in text and "\n cetuximab " not in text


# --- any terminal -------------------------------------------------------------------------------------------


def test_nothing_is_wider_than_80_columns(
    melanoma: Report, colon: Report, oncology: TumourInterpreter, printed: Printed
) -> None:
    texts = [printed(print_report, report, True) for report in (melanoma, colon)]
    texts += [printed(print_derivation, melanoma, verdict) for verdict in melanoma.verdicts]
    texts.append(printed(print_drugs, oncology.rulebase, None))
    assert max(len(line) for text in texts for line in text.splitlines()) <= 80


def test_a_pipe_gets_no_colour(melanoma: Report, printed: Printed) -> None:
    assert "\x1b" not in printed(print_report, melanoma, True)


def test_a_sample_name_cannot_steer_the_terminal(make_report: MakeReport, printed: Printed) -> None:
    report = make_report("MEL", ["BRAF V600E"], sample="\x1b[31m[bold]evil[/bold]\u202e:smile:")
    text = printed(print_report, report, False)
    assert "Drug resistance report: \\x1b[31m[bold]evil[/bold]\\u202e:smile:" in text


def test_a_terminal_without_unicode_gets_words_and_no_traceback(
    melanoma: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    print_report(melanoma, False)
    print_derivation(melanoma, verdict_of(melanoma, "vemurafenib"))
    sys.stdout.flush()
    text = raw.getvalue().decode("ascii")
    assert "Resistant" in text and "vemurafenib (Zelboraf): resistant, level 5" in text
