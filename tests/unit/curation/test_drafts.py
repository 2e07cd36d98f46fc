"""Proposals taken up as drafts, whatever the domain: whole or not at all, with comments kept, and refused by reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from resistab.core.faults import InputError, RulebaseError
from resistab.curation.drafts import accept, drafts_folder, read_proposals, take_up
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.virus.grammar.residues import residues_text
from resistab.domains.virus.kinds.loader import load_viral_folder
from tests.paths import SMALL, SMALL_VIRUS
from tests.unit.curation.learning.proposed import ON, proposal, proposal_file, written

COMMENT = "# of the residues only the largest counts\n"
TWO = (proposal("AZT", "219Q"), proposal("AZT", "41L", 0.4, "AZT-41", 15))


@pytest.fixture
def virus(tmp_path: Path) -> Path:
    folder = tmp_path / "rulebase" / "small-virus"
    shutil.copytree(SMALL_VIRUS, folder)
    table = folder / "tables" / "AZT.yaml"
    table.write_text(COMMENT + table.read_text("utf-8"), "utf-8")
    return folder


@pytest.fixture
def tumours(tmp_path: Path) -> Path:
    folder = tmp_path / "rulebase" / "small"
    shutil.copytree(SMALL, folder)
    return folder


def test_a_file_of_proposals_is_read_as_it_was_written(virus: Path, tmp_path: Path) -> None:
    file = proposal_file(load_viral_folder(virus), *TWO)
    assert read_proposals(written(tmp_path / "proposals.yaml", file)) == file


def test_drafts_have_ids_and_keep_their_numbers(virus: Path) -> None:
    taken, edited = take_up(virus, proposal_file(load_viral_folder(virus), *TWO), "p.yaml", ON)
    edited.write()
    first, second = load_viral_folder(virus).table_of["AZT"].drafts
    assert [one.id for one in taken] == [first.id, second.id] == ["AZT-D01", "AZT-D02"]
    assert (first.score, first.instead_of, first.estimate, first.low, first.high) == (12, None, 12.4, 9.4, 15.4)
    assert (second.score, second.instead_of, second.q, second.patients) == (None, "AZT-41", 8e-05, 17)
    assert first.created == ON and first.note == "219Q in AZT: made up"


def test_comments_and_what_stood_there_are_kept(virus: Path) -> None:
    before = yaml.safe_load((virus / "tables" / "AZT.yaml").read_text("utf-8"))
    _, edited = take_up(virus, proposal_file(load_viral_folder(virus), *TWO), "p.yaml", ON)
    (text,) = edited.texts.values()
    after = yaml.safe_load(text)
    assert text.startswith(COMMENT) and len(after.pop("drafts")) == 2
    assert after == before and list(after) == list(before)


def test_nothing_is_written_where_one_has_a_fault(virus: Path) -> None:
    before = {path: path.read_bytes() for path in virus.rglob("*.yaml")}
    unknown = proposal("AZT", "215F/Y", 0.1, "AZT-216", 40)
    with pytest.raises(InputError, match="no row AZT-216 of AZT scores 215F/Y"):
        take_up(virus, proposal_file(load_viral_folder(virus), *TWO, unknown), "p.yaml", ON)
    _, edited = take_up(virus, proposal_file(load_viral_folder(virus), proposal("AZT", "999V")), "p.yaml", ON)
    with pytest.raises(RulebaseError, match="position 999 lies beyond RT"):
        edited.write()
    assert {path: path.read_bytes() for path in virus.rglob("*.yaml")} == before


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"digest": "0" * 64}, "was learned beside other rules"),
        ({"ruleset": "another"}, "is of the rule set another"),
        ({"proposals": (TWO[0], TWO[0])}, "says the same of AZT 219Q as one before it"),
        ({"proposals": (proposal("AZT", "219 or"),)}, "expected a condition as learn writes it"),
        ({"proposals": (proposal("DRV/r", "50V"),)}, "has no table of DRV/r"),
    ],
)
def test_what_does_not_fit_is_refused(virus: Path, changed: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        take_up(virus, proposal_file(load_viral_folder(virus), *TWO, **changed), "p.yaml", ON)


def test_a_draft_that_is_there_already_is_refused(virus: Path) -> None:
    file = proposal_file(load_viral_folder(virus), *TWO)
    take_up(virus, file, "p.yaml", ON)[1].write()
    with pytest.raises(InputError) as error:
        take_up(virus, file, "p.yaml", ON)
    assert [fault.message for fault in error.value.faults] == [
        "the draft AZT-D01 of AZT says the same of 219Q already",
        "the draft AZT-D02 of AZT says the same of 41L already",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("resistab proposals 1", "resistab proposals 9", "format"),
        ("median: 4.5", "median: lots", "median"),
        ("samples: 20", "specimens: 20", "unknown field 'specimens'"),
        ("proposals:", "proposals: [", "malformed YAML"),
    ],
)
def test_a_file_of_another_form_is_refused(virus: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    path = written(tmp_path / "proposals.yaml", proposal_file(load_viral_folder(virus), TWO[0]))
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(InputError, match=message):
        read_proposals(path)


def test_the_rules_of_an_installation_are_not_edited(tmp_path: Path) -> None:
    folder = tmp_path / "_data" / "rulebase" / "small-virus"
    shutil.copytree(SMALL_VIRUS, folder)
    with pytest.raises(RulebaseError, match="belongs to the installed package"):
        drafts_folder("small-virus", folder.parent)


# --- accepted -----------------------------------------------------------------------------------------------------


def test_accepted_drafts_change_the_scores(virus: Path) -> None:
    part = proposal("AZT", "41L and 215A/C", 0.2, "AZT-41-215", 5)
    file = proposal_file(load_viral_folder(virus), *TWO, part, proposal("AZT", "69D", 6.0))
    take_up(virus, file, "p.yaml", ON)[1].write()
    said, edited = accept(virus, ["AZT-D01", "AZT-D02", "AZT-D03", "AZT-D04"])
    edited.write()
    table = load_viral_folder(virus).table_of["AZT"]
    assert said[0] == "AZT-D01: AZT-219 scores 12 for 219Q" and said[1] == "AZT-D02: AZT-41 no longer scores 41L"
    assert table.drafts == () and 41 not in table.scores
    scored = {at: {residues_text(one): score for one, score in line.items()} for at, line in table.scores.items()}
    assert scored[219] == {"Q": 12} and scored[69] == {"G": 5, "ins": 60, "D": 6}
    assert [len(combination.items) for combination in table.combinations] == [1, 1]
    assert (virus / "tables" / "AZT.yaml").read_text("utf-8").startswith(COMMENT)


def test_drafts_that_are_not_accepted_stay(virus: Path) -> None:
    take_up(virus, proposal_file(load_viral_folder(virus), *TWO), "p.yaml", ON)[1].write()
    accept(virus, ["AZT-D01"])[1].write()
    assert [draft.id for draft in load_viral_folder(virus).table_of["AZT"].drafts] == ["AZT-D02"]


def test_what_cannot_be_accepted_is_said_of_all(virus: Path) -> None:
    """A residue that got a score meanwhile, a condition that is no line, and a draft that is not there."""
    file = proposal_file(load_viral_folder(virus), proposal("AZT", "67N"), proposal("AZT", "44D and 118I"))
    take_up(virus, file, "p.yaml", ON)[1].write()
    with pytest.raises(InputError) as error:
        accept(virus, ["AZT-D01", "AZT-D02", "AZT-D99"])
    assert [fault.message.partition(",")[0] for fault in error.value.faults] == [
        "AZT-67 scores 67N already",
        "AZT-D02 asks for 44D and 118I",
        "holds no draft 'AZT-D99'",
    ]


# --- tumours ------------------------------------------------------------------------------------------------------


def test_for_tumours_they_become_draft_rows(tumours: Path) -> None:
    rulebase = load_rulebase_folder(tumours)
    row = rulebase.table_by_drug["gefitinib"].rows[0]
    idle = proposal("gefitinib", "EGFR C797S", 0.3, row.id, 40)
    file = proposal_file(
        rulebase, proposal("gefitinib", "KRAS mutation"), idle, proposal("gefitinib", "BRAF V600E", -8)
    )
    taken, edited = take_up(tumours, file, "p.yaml", ON)
    edited.write()
    drafts = [one for one in load_rulebase_folder(tumours).table_by_drug["gefitinib"].rows if one.status == "draft"]
    made = [one for one in drafts if one.id in {draft.id for draft in taken}]
    assert [one.effect for one in made] == ["resistance", "no effect", "susceptibility"]
    assert made[0].score == 12 and made[0].created == ON and "0.00008" not in (made[0].note or "")
    assert made[1].tumour_types == row.tumour_types
    with pytest.raises(InputError, match="needs a judgement of its effect and evidence"):
        accept(tumours, [made[0].id])
    with pytest.raises(InputError, match="says the same of KRAS mutation already"):
        take_up(tumours, file, "p.yaml", ON)
