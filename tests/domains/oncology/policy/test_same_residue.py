"""Another substitution at a codon of resistance is possible resistance, and never more."""

from __future__ import annotations

import pytest

from resistab import Interpreter
from resistab.domains.oncology.policy.models import Verdict


def verdict(oncology: Interpreter, tumour: str, drug: str, *findings: str) -> Verdict:
    report = oncology.interpret(oncology.genotype(tumour, findings))
    return next(item for item in report.verdicts if item.drug == drug)


def test_it_is_an_extrapolation_that_names_what_the_row_names(oncology: Interpreter) -> None:
    osimertinib = verdict(oncology, "LUAD", "osimertinib", "EGFR L858R", "EGFR L792R")
    assert (osimertinib.verdict, osimertinib.decided_by) == ("possible_resistance", "same residue")
    heaviest = osimertinib.contributions[0]
    assert (heaviest.row, heaviest.same_residue, heaviest.extrapolated) == ("OSI-022", "EGFR L792H", True)
    assert heaviest.findings == ("EGFR L792R",)
    assert "any substitution at EGFR L792" in heaviest.derivation.text
    assert heaviest.derivation.truth == "true"
    assert "OSI-022" not in osimertinib.rows
    assert "same residue as EGFR L792H" in osimertinib.reason


def test_the_substitution_that_the_row_names_is_resistance(oncology: Interpreter) -> None:
    osimertinib = verdict(oncology, "LUAD", "osimertinib", "EGFR L858R", "EGFR C797S")
    assert osimertinib.verdict == "resistant"
    assert not any(contribution.same_residue for contribution in osimertinib.contributions)


@pytest.mark.parametrize("finding", ["ABL1 T315I", "ABL1 T315A", "ABL1 T315N", "ABL1 T315_E316delinsNK"])
def test_no_substitution_at_a_gatekeeper_is_called_sensitive(oncology: Interpreter, finding: str) -> None:
    for drug in ("imatinib", "dasatinib", "bosutinib"):
        assert verdict(oncology, "CML", drug, "BCR::ABL1", finding).verdict in ("resistant", "possible_resistance")


def test_a_row_on_the_very_change_has_said_what_there_is_to_say(oncology: Interpreter) -> None:
    imatinib = verdict(oncology, "CML", "imatinib", "BCR::ABL1", "ABL1 F317V")
    assert imatinib.verdict == "sensitive"
    assert not any(contribution.same_residue for contribution in imatinib.contributions)


@pytest.mark.parametrize("finding", ["EGFR L798I", "EGFR C797=", "EGFR C797*", "EGFR C797del"])
def test_what_is_no_substitution_there_is_not_taken_as_one(oncology: Interpreter, finding: str) -> None:
    osimertinib = verdict(oncology, "LUAD", "osimertinib", "EGFR L858R", finding)
    assert not any(contribution.same_residue for contribution in osimertinib.contributions)


def test_a_weak_row_still_is_a_reason_for_doubt(oncology: Interpreter) -> None:
    """Evidence of level D, one step lower, would weigh less than possible resistance."""
    axitinib = verdict(oncology, "CML", "axitinib", "BCR::ABL1", "ABL1 F317C")
    assert (axitinib.verdict, axitinib.level) == ("possible_resistance", 2)
