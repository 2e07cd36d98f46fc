"""Cross-resistance is possible within a class: without a curated association nothing good is said of a drug.

In the small rule set C797S confers resistance to osimertinib (OSI-003), and has no curated association with gefitinib.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.policy.models import Verdict

Copy = Callable[..., Path]


def gefitinib(folder: Path, *findings: str) -> Verdict:
    interpreter = TumourInterpreter(load_rulebase_folder(folder))
    report = interpreter.interpret(interpreter.genotype("LUAD", list(findings), ["EGFR", "MET"]))
    (verdict,) = [verdict for verdict in report.verdicts if verdict.drug == "gefitinib"]
    return verdict


def speaking(when: str, effect: str = "no effect") -> dict[str, tuple[str, str]]:
    """A change to the small rule set: another row of gefitinib."""
    row = f"""rows:
  - id: GEF-009
    status: active
    when: {when}
    tumour_types: [NSCLC]
    effect: {effect}
    mechanism: not established
    evidence:
      - reference: PMID:24263064
        level: C
        direction: supports
        studied_in: NSCLC
        statement: One.
    created: 2026-11-28
    reviewed: 2026-11-28
"""
    return {"tables/gefitinib.yaml": ("rows:\n", row)}


def test_resistance_to_a_related_drug_leaves_it_not_assessable(
    small_rulebase_copy: Copy,
) -> None:
    verdict = gefitinib(small_rulebase_copy(), "EGFR L858R", "EGFR C797S")
    assert verdict.verdict == "not_assessable"
    assert verdict.marker.status == "present"
    assert verdict.reason == (
        "cross-resistance possible: EGFR C797S confers resistance to osimertinib (OSI-003) and has no curated "
        "association with gefitinib"
    )


def test_without_that_change_the_drug_is_sensitive(small_rulebase_copy: Copy) -> None:
    assert gefitinib(small_rulebase_copy(), "EGFR L858R").verdict == "sensitive"


@pytest.mark.parametrize("when", ["EGFR C797S", "any substitution at EGFR C797", "EGFR exon 20 mutation"])
def test_a_row_on_the_change_or_its_place_says_it(small_rulebase_copy: Copy, when: str) -> None:
    folder = small_rulebase_copy(replace=speaking(when))
    assert gefitinib(folder, "EGFR L858R", "EGFR C797S").verdict == "sensitive"


def test_a_row_on_any_mutation_of_the_gene_does_not_say_it(small_rulebase_copy: Copy) -> None:
    folder = small_rulebase_copy(replace=speaking("EGFR mutation", "susceptibility"))
    assert gefitinib(folder, "EGFR L858R", "EGFR C797S").verdict == "not_assessable"


def test_a_reason_for_resistance_is_told_before_it(small_rulebase_copy: Copy) -> None:
    assert gefitinib(small_rulebase_copy(), "EGFR L858R", "EGFR C797S", "EGFR T790M").verdict == "resistant"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # gefitinib, the first drug of the file, is of another class, or aims at another gene.
        (
            "  - name: gefitinib\n    classes: [EGFR tyrosine kinase inhibitor]\n",
            "  - name: gefitinib\n    classes: [A]\n",
        ),
        (
            "    targets: [EGFR]\n    approved: true\n    nci_thesaurus: Gefitinib\n",
            "    targets: [BRAF]\n    approved: true\n    nci_thesaurus: Gefitinib\n",
        ),
    ],
)
def test_another_class_or_target_is_no_cross_resistance(small_rulebase_copy: Copy, old: str, new: str) -> None:
    folder = small_rulebase_copy(replace={"drugs.yaml": (old, new)})
    assert gefitinib(folder, "EGFR L858R", "EGFR C797S").verdict == "sensitive"


BYPASS = ('    mechanism: "target alteration: other"\n', "    mechanism: bypass by a parallel receptor\n")


def test_a_reduced_response_is_no_cross_resistance(small_rulebase_copy: Copy) -> None:
    old = '    effect: resistance\n    mechanism: "target alteration: other"\n'
    folder = small_rulebase_copy(
        replace={"tables/osimertinib.yaml": (old, old.replace("resistance", "reduced response"))}
    )
    assert gefitinib(folder, "EGFR L858R", "EGFR C797S").verdict == "sensitive"


def test_another_route_to_a_related_drug_counts(small_rulebase_copy: Copy) -> None:
    folder = small_rulebase_copy(replace={"tables/osimertinib.yaml": BYPASS})
    assert gefitinib(folder, "EGFR L858R", "EGFR C797S").verdict == "not_assessable"


def test_another_route_that_only_may_do_so_does_not_count(small_rulebase_copy: Copy) -> None:
    folder = small_rulebase_copy(replace={"tables/osimertinib.yaml": BYPASS})
    table = folder / "tables" / "osimertinib.yaml"
    table.write_text(
        table.read_text("utf-8").replace("        source: CIViC:EID964\n        level: B\n", "        level: D\n"),
        "utf-8",
    )
    assert gefitinib(folder, "EGFR L858R", "EGFR C797S").verdict == "sensitive"


def test_of_another_route_any_row_of_the_finding_speaks(small_rulebase_copy: Copy) -> None:
    folder = small_rulebase_copy(replace={"tables/osimertinib.yaml": BYPASS} | speaking("EGFR mutation"))
    assert gefitinib(folder, "EGFR L858R", "EGFR C797S").verdict == "sensitive"


def test_resistance_to_a_drug_leaves_its_regimen_not_assessable(
    oncology: TumourInterpreter,
) -> None:
    report = oncology.interpret(
        oncology.genotype("LUAD", ["EGFR L858R", "EGFR T790M"], ["EGFR", "ERBB2", "ERBB2 copy number"])
    )
    (verdict,) = [verdict for verdict in report.verdicts if verdict.drug == "lapatinib + capecitabine"]
    assert verdict.verdict == "not_assessable"
    drugs = r"afatinib \(AFA-\d+\), dacomitinib \(DACO-\d+\), lapatinib \(LAP-\d+\)"
    assert re.search(f"EGFR T790M confers resistance to {drugs} and has no curated association", verdict.reason)
