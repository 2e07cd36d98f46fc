"""A laboratory's own rows over a rule set of germline genotypes."""

from __future__ import annotations

from pathlib import Path

import pytest

from resistab.core.faults import RulebaseError
from resistab.domains.pharmacogenomics import kinds
from resistab.domains.pharmacogenomics.interpreter import make
from tests.paths import SMALL_PHARMACOGENOMICS

MANIFEST = "name: My laboratory\nversion: 1.0.0\ndate: 2026-11-29\nover: {over}\n"
TABLE = """drug: fluorouracil
rows:
  - id: LAB-001
    status: active
    when: conclusion dpyd-poor or conclusion dpyd-intermediate
    effect: avoid
    reason: Levels are not measured here.
    created: 2026-11-29
    reviewed: 2026-11-29
    evidence:
      - {reference: PMID:29152729, gene: DPYD, level: A}
retire:
  - {id: FU-002, reason: not used here}
"""


def overlaid(tmp_path: Path, table: str, over: str = "small-pharmacogenomics") -> kinds.Rulebase:
    (tmp_path / "tables").mkdir()
    (tmp_path / "overlay.yaml").write_text(MANIFEST.format(over=over), encoding="utf-8")
    (tmp_path / "tables" / "fluorouracil.yaml").write_text(table, encoding="utf-8")
    return kinds.overlaid(kinds.read(SMALL_PHARMACOGENOMICS).validated(), tmp_path)


def test_its_rows_are_added_and_marked_and_others_retired(tmp_path: Path) -> None:
    interpreter = make(overlaid(tmp_path, TABLE))
    report = interpreter.interpret(interpreter.genotype(["DPYD *1/*2A"]))
    verdict = next(verdict for verdict in report.verdicts if verdict.drug == "fluorouracil")
    assert (verdict.verdict, verdict.rows) == ("avoid", ("LAB-001",))
    assert verdict.contributions[0].overlay == "My laboratory"
    assert report.ruleset.overlay is not None and report.ruleset.overlay.retired[0].row == "FU-002"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("LAB-001", "FU-001", "the id 'FU-001' is one of the rule set's"),
        ("id: FU-002", "id: FU-009", "the rule set's table has no row 'FU-009'"),
        ("or conclusion dpyd-intermediate", "and not conclusion dpyd-poor", "no row for DPYD intermediate metabolizer"),
        ("PMID:29152729", "PMID:1", "unknown reference 'PMID:1'"),
        ("drug: fluorouracil", "drug: fluor", "unknown drug 'fluor'"),
    ],
)
def test_it_is_checked_as_a_rule_set_is(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(RulebaseError) as refused:
        overlaid(tmp_path, TABLE.replace(old, new))
    assert message in str(refused.value)


def test_it_names_the_rule_set_that_it_is_for(tmp_path: Path) -> None:
    with pytest.raises(RulebaseError, match="the overlay is for 'hiv1'"):
        overlaid(tmp_path, TABLE, over="hiv1")
