"""Every row of a list of approvals is in ``approvals.yaml``, or left out there with the reason."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from resistab.core.condition import condition_text
from resistab.curation.check import check_path
from resistab.domains.oncology.checks.approvals_account import read_row, uses_of
from resistab.domains.oncology.checks.approvals_export import read_approvals
from resistab.domains.oncology.kinds.models import Rulebase
from tests.paths import SMALL

HEADER = "authority\tdrugs\tbiomarkers\toncotree\tfirst_approved\tlabel\n"
IRESSA = "EMA\tgefitinib\tEGFR p.L858R\tNSCLC\t2009-06-24\tIressa label of 2023-07-06\n"
WIDER = "FDA\tgefitinib\tEGFR p.L858R; PD-L1 >= 50%\tNSCLC\t2015-07-13\tIressa label of 2021-05-03\n"
KNOWN = """\
approvals:
  - drugs: [gefitinib]
    uses:
      - tumour_types: [NSCLC]
        markers: [EGFR L858R]
        since: 2009-06-24
        authorities: [FDA, EMA]
        labels: [EMA Iressa 2023-07-06, FDA Iressa 2021-05-03]
"""


def found(folder: Path, rows: str, approvals: str) -> list[tuple[str | None, str]]:
    ruleset = shutil.copytree(SMALL, folder / "small")
    (ruleset / "approvals.yaml").write_text(approvals)
    listed = folder / "list.tsv"
    listed.write_text(HEADER + rows)
    result = check_path(ruleset, datetime.date(2026, 11, 22), [listed])
    return [(item.code, item.message) for item in result.findings if item.code in ("RT344", "RT345")]


def test_rows_that_the_file_has_are_accounted_for(tmp_path: Path) -> None:
    assert found(tmp_path, IRESSA + WIDER, KNOWN) == []


def test_row_that_the_file_lacks_is_told(tmp_path: Path) -> None:
    other = IRESSA.replace("L858R", "G719A")
    ((code, message),) = found(tmp_path, IRESSA + other, KNOWN)
    assert code == "RT344"
    assert message == "the approval of line 3 is not here: gefitinib in NSCLC by EMA (EGFR p.G719A)"


def test_row_may_be_left_out_with_a_reason(tmp_path: Path) -> None:
    left = "left_out:\n  - {drugs: [gefitinib], tumour: MEL, why: Not a drug of melanoma.}\n"
    assert found(tmp_path, IRESSA + IRESSA.replace("NSCLC", "MEL"), left + KNOWN) == []


def test_row_left_out_that_is_not_in_the_list_is_told(tmp_path: Path) -> None:
    left = "left_out:\n  - {drugs: [gefitinib], tumour: MEL, why: Not a drug of melanoma.}\n"
    ((code, _),) = found(tmp_path, IRESSA, left + KNOWN)
    assert code == "RT345"


def test_rows_become_one_use_with_the_first_day(tmp_path: Path, small: Rulebase) -> None:
    listed = tmp_path / "list.tsv"
    listed.write_text(HEADER + IRESSA + WIDER)
    ((drugs, (use,)),) = uses_of(small, read_approvals(listed))
    assert drugs == ("gefitinib",)
    assert [condition_text(marker) for marker in use.markers] == ["EGFR L858R"]
    assert use.other_markers == (), "a row that asks for more adds nothing"
    assert (use.since, use.authorities) == (datetime.date(2009, 6, 24), ("FDA", "EMA"))
    assert use.labels == ("EMA Iressa 2023-07-06", "FDA Iressa 2021-05-03")


def test_biomarker_without_words_in_the_language_stays_text(tmp_path: Path, small: Rulebase) -> None:
    listed = tmp_path / "list.tsv"
    listed.write_text(HEADER + WIDER)
    (row,) = read_approvals(listed)
    read = read_row(small, row)
    assert read.marker is None
    assert read.other_marker == "EGFR p.L858R; PD-L1 of at least 50%"
