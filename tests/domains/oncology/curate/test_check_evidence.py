"""``resistab check --evidence``: what differs between an evidence item and its source, each with its code and line.

The rule set has one row on gefitinib with two items, the export the two entries that they cite; each test changes one
thing in either.
"""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import get_args

import pytest
import typer
from typer.testing import CliRunner

from resistab.cli.check import register
from resistab.core.faults import InputError
from resistab.curation.check import CheckResult, check_path
from resistab.domains.oncology.curate.evidence_checking import ASPECT_CODES
from resistab.domains.oncology.curate.evidence_files import read_evidence
from resistab.domains.oncology.kinds.citation_exceptions import Aspect
from tests.paths import SMALL

ON = datetime.date(2026, 11, 22)
TABLE = """drug: gefitinib
indications:
  - {tumour_types: [NSCLC], relevant: true, requires: nothing, essential_loci: [EGFR mutation]}
rows:
  - id: GEF-003
    status: active
    when: EGFR T790M
    tumour_types: [NSCLC]
    effect: resistance
    mechanism: "target alteration: gatekeeper"
    evidence:
      - reference: PMID:15728811
        source: CIViC:EID239
        level: B
        direction: supports
        studied_in: NSCLC
        statement: T790M was found in a tumour that had become resistant.
      - reference: PMID:17463250
        level: D
        direction: supports
        studied_in: NSCLC
        statement: Cells with the mutation grew on in the presence of the drug.
    created: 2026-11-21
    reviewed: 2026-11-21
"""
CITATIONS = """citations:
  - {reference: PMID:15728811, short: "Kobayashi et al., 2005"}
  - {reference: PMID:17463250, short: "Engelman et al., 2007"}
"""
EXCEPTION = """at_most: 1
exceptions:
  - {rule: GEF-003, item: EID239, differs_in: [level], reason: the level was raised after the export}
"""
COLUMNS = (
    *("evidence_id", "molecular_profile", "disease", "therapies", "evidence_type", "evidence_status"),
    *("evidence_direction", "evidence_level", "significance", "citation_id", "citation", "evidence_statement"),
    "therapy_interaction_type",
)
_FIRST = {
    "evidence_id": "239",
    "molecular_profile": "EGFR T790M",
    "disease": "Lung Non-small Cell Carcinoma",
    "therapies": "Gefitinib",
    "evidence_type": "Predictive",
    "evidence_status": "accepted",
    "evidence_direction": "Supports",
    "evidence_level": "B",
    "significance": "Resistance",
    "citation_id": "15728811",
    "citation": "Kobayashi et al., 2005",
    "evidence_statement": "One patient relapsed with a second mutation in the kinase domain.",
    "therapy_interaction_type": "",
}
_SECOND = _FIRST | {
    "evidence_id": "733",
    "evidence_level": "D",
    "citation_id": "17463250",
    "citation": "Engelman et al., 2007",
    "evidence_statement": "A cell line.",
}
FILE = "small/tables/gefitinib.yaml"


def export(file: Path, **changed: str) -> Path:
    entries = [COLUMNS, *([entry[column] for column in COLUMNS] for entry in (_FIRST | changed, _SECOND))]
    file.write_text("".join("\t".join(entry) + "\n" for entry in entries), encoding="utf-8")
    return file


UNUSED = """unused:
  - {{reason: not a drug, why: One., items: [{items}]}}
"""


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    folder = shutil.copytree(SMALL, tmp_path / "small")
    shutil.rmtree(folder / "tables")
    shutil.rmtree(folder / "mechanisms")
    (folder / "tables").mkdir()
    (folder / "tables" / "gefitinib.yaml").write_text(TABLE)
    (folder / "citations.yaml").write_text(CITATIONS)
    # The export holds one item that the table does not cite.
    (folder / "unused_evidence.yaml").write_text(UNUSED.format(items="EID733"))
    return folder


def checked(ruleset: Path, **changed: str) -> CheckResult:
    return check_path(ruleset, ON, [export(ruleset.parent / "export.tsv", **changed)])


def errors(ruleset: Path, **changed: str) -> list[tuple[str, str, int | None]]:
    found = checked(ruleset, **changed).findings
    parent = str(ruleset.parent) + "/"
    return [(f.code, f.where.removeprefix(parent), f.line) for f in found if f.severity == "error"]


def test_items_that_fit_their_sources_are_counted(ruleset: Path) -> None:
    result = checked(ruleset)

    assert result.evidence is not None
    assert [(part.faults, part.verified, part.excepted, part.references) for part in result.evidence] == [((), 2, 0, 2)]
    assert result.passed(strict=False)


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("RT320", {"evidence_status": "submitted"}),
        ("RT321", {"citation_id": "15728812"}),
        ("RT322", {"evidence_level": "C"}),
        ("RT323", {"therapies": "Erlotinib"}),
        ("RT324", {"therapies": "Gefitinib,Carboplatin", "therapy_interaction_type": "Combination"}),
        ("RT325", {"molecular_profile": "KRAS G12D"}),
        ("RT326", {"molecular_profile": "EGFR L858R"}),
        ("RT327", {"significance": "Sensitivity/Response"}),
        ("RT328", {"disease": "Skin Melanoma"}),
        ("RT341", {"significance": "Sensitivity/Response", "evidence_direction": "Does Not Support"}),
        ("RT329", {"evidence_statement": "We saw that T790M was found in a tumour that had become resistant."}),
    ],
)
def test_difference_from_the_source_is_found_at_the_item(ruleset: Path, code: str, changed: dict[str, str]) -> None:
    assert errors(ruleset, **changed) == [(code, FILE, 12)]


def test_what_an_item_shows_instead_of_absence_is_listed(ruleset: Path) -> None:
    listed = "at_most: 0\nshown:\n  - {shows: The patient progressed., items: [EID239]}\n"
    (ruleset / "citation_exceptions.yaml").write_text(listed)

    assert errors(ruleset, significance="Sensitivity/Response", evidence_direction="Does Not Support") == []
    assert [code for code, _, _ in errors(ruleset)] == ["RT330"]


def test_every_aspect_of_the_check_has_a_code() -> None:
    assert set(ASPECT_CODES) == set(get_args(Aspect))


def test_item_without_a_source_must_fit_an_entry_of_its_paper(ruleset: Path) -> None:
    table = ruleset / "tables" / "gefitinib.yaml"
    table.write_text(table.read_text().replace("level: D", "level: C"))

    assert errors(ruleset) == [("RT320", FILE, 18)]


def test_evidence_seen_otherwise_than_the_source_says_is_found(ruleset: Path) -> None:
    table = ruleset / "tables" / "gefitinib.yaml"
    table.write_text(table.read_text().replace("level: B", "level: B\n        verification: secondary"))

    assert ("RT342", FILE, 12) in errors(ruleset)


def test_exception_excuses_what_it_names_and_is_counted(ruleset: Path) -> None:
    (ruleset / "citation_exceptions.yaml").write_text(EXCEPTION)

    result = checked(ruleset, evidence_level="C")

    assert result.evidence is not None
    assert (result.evidence[0].verified, result.evidence[0].excepted, result.evidence[0].faults) == (1, 1, ())


def test_exception_that_nothing_needs_is_found(ruleset: Path) -> None:
    (ruleset / "citation_exceptions.yaml").write_text(EXCEPTION)

    assert errors(ruleset) == [("RT330", "small/citation_exceptions.yaml", 3)]


@pytest.mark.parametrize("number", [0, 2])
def test_number_of_exceptions_is_the_one_written_down(ruleset: Path, number: int) -> None:
    (ruleset / "citation_exceptions.yaml").write_text(EXCEPTION.replace("at_most: 1", f"at_most: {number}"))

    assert errors(ruleset, evidence_level="C") == [("RT331", "small/citation_exceptions.yaml", 1)]


def test_statement_without_words_is_found(ruleset: Path) -> None:
    table = ruleset / "tables" / "gefitinib.yaml"
    table.write_text(table.read_text().replace("T790M was found in a tumour that had become resistant.", "'…'"))

    assert errors(ruleset) == [("RT332", FILE, 12)]


def test_statement_under_two_references_is_found_at_the_second(ruleset: Path) -> None:
    table = ruleset / "tables" / "gefitinib.yaml"
    first, second = "T790M was found in a tumour that had become resistant.", "Cells with the mutation grew on"
    text = table.read_text()
    table.write_text(text.replace(text[text.index(second) : text.index("    created")], first + "\n"))

    assert errors(ruleset) == [("RT333", FILE, 18)]


def test_citation_that_no_evidence_names_is_found(ruleset: Path) -> None:
    (ruleset / "citations.yaml").write_text(CITATIONS + "  - {reference: PMID:1, short: A study}\n")

    assert errors(ruleset) == [("RT334", "small/citations.yaml", 4)]


def test_citation_unlike_that_of_the_source_is_found(ruleset: Path) -> None:
    assert errors(ruleset, citation="Kobayashi et al., 2006") == [("RT335", "small/citations.yaml", 2)]


def test_citation_of_a_source_that_names_nobody_is_of_its_year(ruleset: Path) -> None:
    assert errors(ruleset, citation="2005") == []
    assert errors(ruleset, citation="2006") == [("RT335", "small/citations.yaml", 2)]


def test_check_that_verifies_nothing_fails(ruleset: Path) -> None:
    table = ruleset / "tables" / "gefitinib.yaml"
    text = table.read_text()
    without = text[: text.index("    evidence:")] + "    evidence: []\n" + text[text.index("    created") :]
    table.write_text(without.replace("status: active", "status: draft"))
    (ruleset / "citations.yaml").write_text("citations: []\n")

    assert errors(ruleset) == [("RT336", "small/ruleset.yaml", None)]


def found(ruleset: Path) -> set[tuple[str, str]]:
    findings = checked(ruleset).findings
    return {(item.code, item.text.split(" ")[0]) for item in findings if "RT337" <= item.code <= "RT340"}


def test_item_that_is_neither_behind_a_row_nor_listed_is_found(ruleset: Path) -> None:
    (ruleset / "unused_evidence.yaml").write_text(UNUSED.format(items="EID9"))

    assert ("RT337", "EID733") in found(ruleset)


def test_item_that_is_behind_a_row_and_listed_is_found(ruleset: Path) -> None:
    (ruleset / "unused_evidence.yaml").write_text(UNUSED.format(items="EID239, EID733"))

    assert {code for code, _ in found(ruleset)} == {"RT338"}


def test_listed_item_that_the_evidence_does_not_hold_is_found(ruleset: Path) -> None:
    (ruleset / "unused_evidence.yaml").write_text(UNUSED.format(items="EID733, EID9"))

    assert "RT339" in {code for code, _ in found(ruleset)}


def test_drug_without_the_marker_that_the_evidence_has_is_found(ruleset: Path) -> None:
    (ruleset / "unused_evidence.yaml").write_text(UNUSED.format(items="EID733"))
    changed = {"evidence_id": "240", "significance": "Sensitivity/Response"}
    file = export(ruleset.parent / "export.tsv")
    extra = "\t".join((_FIRST | changed)[column] for column in COLUMNS)
    file.write_text(file.read_text(encoding="utf-8") + extra + "\n", encoding="utf-8")

    result = check_path(ruleset, ON, [file])
    assert "RT340" in {item.code for item in result.findings}


FURTHER = {
    "id": "SUPR-001",
    "alteration": "EGFR T790M",
    "therapy": "Gefitinib",
    "disease": "Lung Non-small Cell Carcinoma",
    "direction": "Supports",
    "significance": "Resistance",
    "level": "D",
    "reference": "PMID:1",
    "short_citation": "A study et al., 2001, Journal",
    "note": "Four lines resist.",
    "verification": "secondary",
    "seen_in": "the references of PMC1",
}
FURTHER_ITEM = """      - reference: PMID:1
        source: SUPR-001
        level: D
        verification: secondary
        direction: supports
        studied_in: NSCLC
        statement: All lines with it lived on.
"""


def further(ruleset: Path, **changed: str) -> None:
    """The rule set's own list of evidence with one item, behind the row on T790M."""
    row = FURTHER | changed
    (ruleset / "further_evidence.tsv").write_text("\t".join(FURTHER) + "\n" + "\t".join(row.values()) + "\n")
    table = ruleset / "tables" / "gefitinib.yaml"
    table.write_text(TABLE.replace("    created:", FURTHER_ITEM + "    created:"))
    (ruleset / "citations.yaml").write_text(CITATIONS + '  - {reference: PMID:1, short: "A study et al., 2001"}\n')


def test_further_evidence_of_the_rule_set_is_a_source(ruleset: Path) -> None:
    further(ruleset)

    result = checked(ruleset)

    assert result.evidence is not None
    assert (result.evidence[0].verified, result.evidence[0].faults) == (3, ())
    assert result.evidence[0].lines[0].startswith("3 of 3 evidence items accounted for: 2 behind rows")


def test_further_evidence_that_is_nowhere_is_found(ruleset: Path) -> None:
    further(ruleset)
    (ruleset / "tables" / "gefitinib.yaml").write_text(TABLE)
    (ruleset / "citations.yaml").write_text(CITATIONS)

    assert found(ruleset) == {("RT337", "SUPR-001")}


def test_further_evidence_that_cannot_be_read_is_found(ruleset: Path) -> None:
    further(ruleset, id="SUP-1", level="F", seen_in="")

    assert [fault for fault in errors(ruleset) if fault[0] == "RT343"] == [
        ("RT343", "small/further_evidence.tsv", 2)
    ] * 3


def test_rule_sets_without_evidence_are_not_compared(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL.parent / "small_virus", tmp_path / "small")

    with pytest.raises(InputError, match="holds no list of regimens"):
        errors(folder)


def test_evidence_is_not_compared_where_the_rule_set_is_faulty(ruleset: Path) -> None:
    (ruleset / "tables" / "gefitinib.yaml").write_text(TABLE.replace("T790M\n", "A790M\n"))

    assert [code for code, _, _ in errors(ruleset, evidence_level="C")] == ["RT203"]


# --- exports ----------------------------------------------------------------------------------------------------


def test_export_is_known_by_its_columns_in_a_folder_too(ruleset: Path) -> None:
    folder = ruleset.parent / "exports"
    folder.mkdir()
    (folder / "other.tsv").write_text("feature_id\tname\n1\tALK\n")
    export(folder / "any-name.tsv")

    assert set(read_evidence([folder]).items) == {"EID239", "EID733"}


def test_addendum_corrects_the_export_in_either_order(tmp_path: Path) -> None:
    columns = ("change", *(column for column in COLUMNS if column not in ("evidence_type", "evidence_status")))
    changed = _FIRST | {"change": "changed", "evidence_level": "A"}
    removed = _SECOND | {"change": "removed"}
    lines = [columns, *([entry[column] for column in columns] for entry in (changed, removed))]
    addendum = tmp_path / "addendum.tsv"
    addendum.write_text("".join("\t".join(line) + "\n" for line in lines))

    sources = read_evidence([addendum, export(tmp_path / "export.tsv")])

    assert sources.items["EID239"].level == "A"
    assert sources.withdrawn == {"EID733"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"a\tb\n1\t2\n", "holds no evidence export; expected tab-separated columns such as citation, citation_id"),
        (b"", "holds no evidence export"),
        (b"a\n\xff\n", "2:1: is not text in UTF-8; expected an evidence export"),
    ],
)
def test_file_that_is_no_export_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "x.tsv"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(InputError) as raised:
        read_evidence([file])

    assert len(raised.value.faults) == 1
    assert said in str(raised.value)


def test_line_of_an_export_that_was_cut_off_is_named(tmp_path: Path) -> None:
    file = export(tmp_path / "x.tsv")
    file.write_text(file.read_text() + "1\t2\n")

    with pytest.raises(InputError, match=rf"x.tsv:4: has 2 columns; expected {len(COLUMNS)}"):
        read_evidence([file])


def test_command_prints_how_many_items_were_verified(ruleset: Path) -> None:
    app = typer.Typer()

    # With one command alone, typer would not ask for its name.
    @app.callback()
    def _all() -> None: ...

    register(app)
    file = export(ruleset.parent / "export.tsv")

    result = CliRunner().invoke(app, ["check", str(ruleset), "--evidence", str(file)])

    assert "2 evidence items verified, 0 more by exception, 2 references" in result.stdout.splitlines()
    assert result.stdout.splitlines()[-1].startswith("1 of 2 items that support resistance with level A to D")
    assert result.exit_code == 0
