"""What is printed of a virus's report for a person in a terminal, at 80 columns and without colour."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest

from resistab.core.faults import NotUnderstood
from resistab.domains.virus.genotype import GeneCoverage, QualityNote, ViralGenotype
from resistab.domains.virus.report.model import ViralReport
from resistab.domains.virus.report.terminal import print_viral_derivation, print_viral_drugs, print_viral_report
from tests.domains.virus.report.viral_samples import (
    LISTED,
    PARTIAL,
    found,
    levelled_rulebase,
    report_on,
    scored_rulebase,
)
from tests.terminal import Printed, flat, verdict_of

QUALITY = (QualityNote("stop codons", "severe", "3 stop codons in PR"), QualityNote("gap", "note", "1 gap removed"))


@pytest.fixture(scope="module")
def partial() -> ViralReport:
    return report_on(PARTIAL)


def line_of(text: str, drug: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith(f" {drug} ")]
    return " ".join(line.split())


# --- the report ---------------------------------------------------------------------------------------------


def test_the_head_names_sample_genes_read_and_rule_set(partial: ViralReport, printed: Printed) -> None:
    text = flat(printed(print_viral_report, partial))
    assert "Drug resistance report: S-1 A sequence of 1,017 bases; read: PR 1-99, all of it; RT 1-240 of 560" in text
    assert "Scores of a few drugs 1.2.3 (HIVDB 10.2), resistab" in text and "digest abababababab" in text


def test_quality_comes_before_mutations_and_drugs(printed: Printed) -> None:
    text = flat(printed(print_viral_report, report_on(replace(PARTIAL, quality=QUALITY))))
    words = [
        "Do not use as it stands: stop codons: 3 stop codons in PR",
        "Note: gap",
        "Mutations: RT M41L",
        "NRTI (RT)",
    ]
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_a_drug_has_level_sir_score_and_reason_on_its_line(partial: ViralReport, printed: Printed) -> None:
    text = printed(print_viral_report, partial)
    assert line_of(text, "3TC") == "3TC ✕ High-level resistance R 60 M184MV"
    assert line_of(text, "AZT") == "AZT ✕ High-level resistance R 75 T215Y, M41L; score lowered by"
    assert line_of(text, "ATV/r") == "ATV/r ○ Susceptible S 0 No rule holds"


def test_not_assessable_tells_cause_found_and_open(partial: ViralReport, printed: Printed) -> None:
    text = printed(print_viral_report, partial)
    assert line_of(text, "DOR").startswith("DOR ? Not assessable - - RT 318 not read")
    assert "In what was read: V106I, score 5 1 row undecided, RT 318 not tested" in flat(text)


def test_a_class_not_sequenced_is_one_line_unless_all_are_wanted(partial: ViralReport, printed: Printed) -> None:
    short, full = printed(print_viral_report, partial), printed(print_viral_report, partial, True)
    assert "INSTI (IN): ? not assessable, IN was not sequenced: DTG, RAL" in short
    assert "\n RAL " not in short
    assert line_of(full, "RAL") == "RAL ? Not assessable - - IN was not sequenced"


def test_coverage_inferred_is_said(printed: Printed) -> None:
    text = flat(printed(print_viral_report, report_on(LISTED)))
    assert "A list of mutations; read:" in text
    assert "Coverage inferred: Nobody stated what of RT and IN was sequenced." in text


def test_set_aside_entries_notes_and_comments_are_told(printed: Printed) -> None:
    aside = (NotUnderstood(entry="RT:X9Q", reason="no such residue"),)
    text = flat(printed(print_viral_report, report_on(replace(PARTIAL, not_understood=aside, notes=("two were one",)))))
    assert "Set aside: RT:X9Q: no such residue" in text
    assert "Note: two were one" in text
    assert "Comment RT184VI: Lowers fitness." in text


# --- the derivation -----------------------------------------------------------------------------------------


def test_the_derivation_goes_from_level_to_mutations(partial: ViralReport, printed: Printed) -> None:
    text = flat(printed(print_viral_derivation, partial, verdict_of(partial, "AZT")))
    steps = [
        "AZT (zidovudine): ✕ High-level resistance, level 5, R",
        "Row AZT-184: score -10 184I/V holds: found M184MV",
        "Row AZT-C1: score 10",
        "41L holds: found M41L",
        "Score: 75",
    ]
    assert all(step in text for step in steps)


def test_the_derivation_of_not_assessable_tells_why(partial: ViralReport, printed: Printed) -> None:
    text = flat(printed(print_viral_derivation, partial, verdict_of(partial, "DOR")))
    assert "? Not assessable" in text and "RT 318 not read, where one mutation alone may mean resistance" in text
    assert "Score of what was read: 5" in text
    assert "1 row undecided, RT 318 not tested DOR-318: 318F; score 60" in text


def test_a_drug_for_which_nothing_holds_says_so(partial: ViralReport, printed: Printed) -> None:
    text = flat(printed(print_viral_derivation, partial, verdict_of(partial, "ATV/r")))
    assert text.endswith("No row holds. Score: 0 Decided by the level.")


def test_a_row_that_gives_a_level_outright_is_told_with_it(printed: Printed) -> None:
    sample = ViralGenotype("S-3", (found("RT", 184, "V"),), (GeneCoverage("RT", None, inferred=True),))
    report = report_on(sample, levelled_rulebase())
    text = flat(printed(print_viral_derivation, report, verdict_of(report, "3TC")))
    assert "3TC: ✕ Resistance, level 3, R" in text and "Row 3TC-R1: level 3" in text and "Score" not in text


# --- the drugs ----------------------------------------------------------------------------------------------


def test_drugs_are_listed_by_class_with_gene_rows_and_name(printed: Printed) -> None:
    text = printed(print_viral_drugs, scored_rulebase())
    assert "NNRTI (RT)" in text and "INSTI (IN)" in text
    assert line_of(text, "AZT") == "AZT 5 zidovudine"
    assert line_of(text, "RAL") == "RAL 1 -"


def test_a_class_has_its_full_name_where_the_rule_set_gives_one(printed: Printed) -> None:
    assert "NRTI, nucleoside inhibitors (RT)" in printed(print_viral_drugs, levelled_rulebase())


# --- any terminal -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [48, 80])
def test_nothing_is_wider_than_the_terminal(partial: ViralReport, printed: Printed, columns: int) -> None:
    texts = [printed(print_viral_report, partial, True, columns=columns)]
    texts += [printed(print_viral_derivation, partial, verdict, columns=columns) for verdict in partial.verdicts]
    texts.append(printed(print_viral_drugs, scored_rulebase(), columns=columns))
    assert max(len(line) for text in texts for line in text.splitlines()) <= columns


def test_a_pipe_gets_no_colour(partial: ViralReport, printed: Printed) -> None:
    assert "\x1b" not in printed(print_viral_report, partial, True)


def test_a_sample_name_cannot_steer_the_terminal(printed: Printed) -> None:
    report = report_on(replace(PARTIAL, sample="\x1b[31m[bold]evil[/bold]\u202e:smile:"))
    text = printed(print_viral_report, report)
    assert "Drug resistance report: \\x1b[31m[bold]evil[/bold]\\u202e:smile:" in text


def test_a_full_name_cannot_steer_the_terminal(printed: Printed) -> None:
    assert "\x1b" not in printed(print_viral_drugs, scored_rulebase(full_name="a\x1b[31mb"))


def test_a_terminal_without_unicode_gets_words_and_no_traceback(
    partial: ViralReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    print_viral_report(partial)
    print_viral_derivation(partial, verdict_of(partial, "3TC"))
    sys.stdout.flush()
    text = raw.getvalue().decode("ascii")
    assert "High-level resistance" in text and "not assessable, IN was not sequenced" in text
