"""``resistab changelog``: what changed between two states, by id, as the section *Rules* of the changelog."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from resistab.cli import changelog
from tests.paths import SMALL
from tests.paths import SMALL_VIRUS as VIRUS
from tests.rulesets import Edits, edited

ADDED = """  - id: GEF-006
    status: active
    when: KRAS G12C
    tumour_types: [NSCLC]
    effect: resistance
    mechanism: downstream reactivation
    evidence:
      - reference: PMID:17463250
        level: D
        direction: supports
        studied_in: NSCLC
        statement: Not a real finding, only a row for this test.
    created: 2026-11-22
    reviewed: 2026-11-22
"""


def section(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    app = typer.Typer()
    app.callback()(lambda: None)
    changelog.register(app)
    app(["changelog", *map(str, arguments)], standalone_mode=False)
    return capsys.readouterr().out


def test_nothing_is_written_where_nothing_differs(capsys: pytest.CaptureFixture[str]) -> None:
    assert section(capsys, SMALL, SMALL) == ""


def test_each_change_has_a_line_by_its_id(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    edits: Edits = {
        "tables/gefitinib.yaml": ("rows:\n", f"rows:\n{ADDED}"),
        "tables/osimertinib.yaml": (
            "id: OSI-003\n    status: active",
            "id: OSI-003\n    status: retired\n    retired: 2026-11-22",
        ),
        "mechanisms/egfr_bypass.yaml": ("when: MET amplification", "when: MET amplification of at least 6 copies"),
        "ruleset.yaml": ("version: 1.0.0\ndate: 2026-11-21", "version: 1.1.0\ndate: 2026-11-30"),
        "citations.yaml": ("citations:\n", "citations:\n  - reference: PMID:1\n    short: A paper\n"),
    }
    assert section(capsys, SMALL, edited(SMALL, tmp_path / "new", edits)) == (
        "### Rules\n"
        "\n"
        "#### small 1.1.0, 2026-11-30\n"
        "\n"
        "- Added GEF-006 (gefitinib): KRAS G12C in NSCLC: resistance, score 15.\n"
        "- Retired OSI-003 (osimertinib): EGFR C797S in NSCLC: resistance, score 60.\n"
        "- Changed mechanism rule BYP-002 (gefitinib, osimertinib): condition: MET amplification → "
        "MET amplification of at least 6 copies.\n"
        "- Citations added: PMID:1.\n"
    )


def test_a_virus_has_its_lines_by_position(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    new = edited(VIRUS, tmp_path / "new", {"tables/3TC.yaml": ("184: {I/V: 60}", "184: {I/V: 60}\n  70: {E: 10}")})
    assert "- Added 3TC-70 (3TC): 70 E 10.\n" in section(capsys, VIRUS, new)


def test_a_rule_set_that_is_new(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for side in ("old", "new"):
        edited(SMALL, tmp_path / side / "small", {})
    edited(VIRUS, tmp_path / "new" / "virus", {})
    assert section(capsys, tmp_path / "old", tmp_path / "new") == (
        "### Rules\n\n#### small-virus 1.0.0, 2026-11-01\n\n- The first version.\n"
    )
