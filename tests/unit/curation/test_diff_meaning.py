"""A difference is told by meaning: what says the same is no difference, what says something else is told by id."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from resistab.core.faults import RulebaseError
from resistab.curation.diff.rulesets import as_data, compare, load_ruleset
from resistab.curation.kit.diff_conditions import meaning_text
from resistab.curation.kit.diff_items import Bump
from resistab.domains.oncology.grammar.conditions import parse_condition
from tests.paths import SMALL
from tests.paths import SMALL_VIRUS as VIRUS
from tests.rulesets import Edits, edited
from tests.unit.curation.diff_states import difference, fields, only, since

GEFITINIB, OSIMERTINIB = "tables/gefitinib.yaml", "tables/osimertinib.yaml"
BYPASS, PATHWAY = "mechanisms/egfr_bypass.yaml", "mechanisms/map_kinase_pathway.yaml"

# --- what is no difference ---


@pytest.mark.parametrize("folder", [SMALL, VIRUS], ids=["tumours", "virus"])
def test_a_rule_set_does_not_differ_from_itself(folder: Path) -> None:
    found = difference(folder, folder)
    assert (found.changes, found.bump, found.empty) == ((), Bump.NONE, True)


@pytest.mark.parametrize("folder", [SMALL, VIRUS], ids=["tumours", "virus"])
def test_order_names_of_files_and_white_space_do_not_differ(folder: Path, tmp_path: Path) -> None:
    """Every file is parsed, shuffled, and written anew under another name where the name is free."""
    chance = random.Random(7)
    new = tmp_path / "new"
    shutil.copytree(folder, new)
    for path in sorted(new.rglob("*.yaml")):
        shuffled = _shuffled(yaml.safe_load(path.read_text("utf-8")), chance)
        text = yaml.safe_dump(shuffled, sort_keys=False, allow_unicode=True, width=60)
        path.unlink()
        free = path.parent != new
        (path.with_name(f"z_{path.name}") if free else path).write_text(text, "utf-8")
    assert difference(folder, new).empty


# Where order means something: the levels and their ladder, and where an indel is put first.
ORDERED = {"levels", "steps", "insertion", "deletion", "further_scores"}


def _shuffled(data: Any, chance: random.Random, key: str = "") -> Any:
    if isinstance(data, dict):
        items = [(name, _shuffled(value, chance, str(name))) for name, value in data.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(data, list):
        items = [_shuffled(value, chance) for value in data]
        if key not in ORDERED:
            chance.shuffle(items)
        return items
    return data


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EGFR L858R or EGFR exon 19 deletion", "any of (EGFR exon 19 deletion, EGFR L858R)"),
        ("EGFR L858R and EGFR T790M", "EGFR  T790M AND EGFR p.Leu858Arg"),
        ("EGFR L858R and (EGFR T790M and EGFR C797S)", "all of (EGFR C797S, EGFR T790M, EGFR L858R)"),
        ("at least 1 of (EGFR L858R, EGFR T790M)", "EGFR L858R or EGFR T790M"),
        ("at least 2 of (EGFR L858R, EGFR T790M)", "EGFR L858R and EGFR T790M"),
        ("at least 2 of (MET amplification, KRAS G12C, EGFR T790M)",
         "at least 2 of (EGFR T790M, KRAS G12C, MET amplification)"),
        ("none of (EGFR L858R, EGFR T790M)", "not (EGFR T790M or EGFR L858R)"),
        ("at most 0 of (EGFR L858R, EGFR T790M)", "none of (EGFR T790M, EGFR L858R)"),
        ("not not MET amplification", "MET amplification"),
        ("EGFR C797S in cis with EGFR T790M", "EGFR T790M in cis with EGFR C797S"),
        ("EGFR L858R or EGFR L858R", "EGFR L858R"),
    ],
)  # fmt: skip
def test_conditions_that_mean_the_same_have_one_text(one: str, other: str) -> None:
    assert meaning_text(parse_condition(one)) == meaning_text(parse_condition(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EGFR L858R and EGFR T790M", "EGFR L858R or EGFR T790M"),
        ("at least 2 of (EGFR L858R, EGFR T790M, MET amplification)", "EGFR L858R and EGFR T790M"),
        ("at most 1 of (EGFR L858R, EGFR T790M)", "at least 1 of (EGFR L858R, EGFR T790M)"),
        ("EGFR C797S in cis with EGFR T790M", "EGFR C797S in trans with EGFR T790M"),
        ("not EGFR L858R", "EGFR L858R"),
        # What stands twice in a count counts twice.
        ("at least 2 of (EGFR L858R, EGFR L858R, EGFR T790M)", "at least 2 of (EGFR L858R, EGFR T790M)"),
    ],
)
def test_conditions_that_mean_something_else_do_not(one: str, other: str) -> None:
    assert meaning_text(parse_condition(one)) != meaning_text(parse_condition(other))


@given(st.permutations(["EGFR L858R", "EGFR T790M", "KRAS G12C", "not MET amplification"]))
def test_the_order_in_a_list_means_nothing(parts: list[str]) -> None:
    ordered = meaning_text(parse_condition(f"any of ({', '.join(sorted(parts))})"))
    assert meaning_text(parse_condition(f"any of ({', '.join(parts)})")) == ordered


def test_residues_of_a_line_may_be_written_together_or_apart(tmp_path: Path) -> None:
    apart = {"tables/3TC.yaml": ("184: {I/V: 60}", "184: {V: 60, I: 60}")}
    assert since(VIRUS, tmp_path, apart).empty


def test_version_and_date_alone_are_no_difference(tmp_path: Path) -> None:
    found = since(
        SMALL, tmp_path, {"ruleset.yaml": ("version: 1.0.0\ndate: 2026-11-21", "version: 1.1.0\ndate: 2026-12-01")}
    )
    assert found.empty
    assert (found.old and found.old.version, found.new and found.new.version) == ("1.0.0", "1.1.0")


# --- rows ---


def test_a_changed_condition_is_told_as_it_is_written(tmp_path: Path) -> None:
    edits = {GEFITINIB: ("when: EGFR L858R or EGFR exon 19 deletion", "when: EGFR exon 19 deletion or EGFR L861Q")}
    change = only(since(SMALL, tmp_path, edits))
    assert (change.kind, change.id, change.what, change.drugs) == ("row", "GEF-001", "changed", ("gefitinib",))
    assert fields(change) == {
        "condition": ("EGFR L858R or EGFR exon 19 deletion", "EGFR exon 19 deletion or EGFR L861Q")
    }


def test_the_level_of_evidence_changes_score_and_level(tmp_path: Path) -> None:
    edits = {GEFITINIB: ("CIViC:EID239\n        level: B", "CIViC:EID239\n        level: D")}
    assert fields(only(since(SMALL, tmp_path, edits))) == {
        "score": ("60", "15"),
        "level": ("5 high-level resistance", "3 low-level resistance"),
        "best evidence": ("level B", "level D"),
        "evidence PMID:15728811": ("level: B", "level: D"),
    }


def test_a_changed_statement_can_change_no_verdict(tmp_path: Path) -> None:
    edits = {GEFITINIB: ("T790M was found in NSCLC", "T790M was seen in NSCLC")}
    found = since(SMALL, tmp_path, edits)
    ((name, (old, new)),) = fields(only(found)).items()
    assert (name, found.bump, found.drugs) == ("evidence PMID:15728811", Bump.PATCH, ())
    assert (old[:23], new[:22]) == ("statement: T790M was fo", "statement: T790M was s")


def test_evidence_added_and_removed(tmp_path: Path) -> None:
    item = "reference: PMID:15728811\n        source: CIViC:EID239"
    other = "reference: PMID:19692680\n        source: CIViC:EID2512"
    found = fields(only(since(SMALL, tmp_path, {GEFITINIB: (item, other)})))
    assert found == {
        "evidence added": ("", "PMID:19692680 (level B, supports, CIViC:EID2512)"),
        "evidence removed": ("PMID:15728811 (level B, supports, CIViC:EID239)", ""),
    }


ROW = """  - id: OSI-003
    status: active
    when: EGFR C797S
    tumour_types: [NSCLC]
    effect: resistance
    mechanism: "target alteration: other"
    evidence:
      - reference: PMID:25939061
        source: CIViC:EID964
        level: B
        direction: supports
        studied_in: NSCLC
        statement: >-
          Six of 15 patients with T790M acquired C797S under osimertinib, and the mutation made a cell line
          resistant.
    created: 2026-11-21
    reviewed: 2026-11-21
"""


def test_a_removed_row_is_flagged_since_ids_are_permanent(tmp_path: Path) -> None:
    found = since(SMALL, tmp_path, {OSIMERTINIB: (ROW, "")})
    change = only(found)
    assert (change.id, change.what, change.unretired, found.bump) == ("OSI-003", "removed", True, Bump.MAJOR)
    assert change.title == "EGFR C797S in NSCLC: resistance, score 60"


def test_a_row_that_was_retired_before_it_went_is_not_flagged(tmp_path: Path) -> None:
    retired = ROW.replace("status: active", "status: retired\n    retired: 2026-11-22")
    old = edited(SMALL, tmp_path / "old", {OSIMERTINIB: (ROW, retired)})
    new = edited(SMALL, tmp_path / "new", {OSIMERTINIB: (ROW, "")})
    change = only(difference(old, new))
    assert (change.what, change.unretired, change.bump) == ("removed", False, Bump.MAJOR)


@pytest.mark.parametrize(("backwards", "what"), [(False, "retired"), (True, "restored")])
def test_a_row_is_retired_and_restored(backwards: bool, what: str, tmp_path: Path) -> None:
    retired = ROW.replace("status: active", "status: retired\n    retired: 2026-11-22")
    new = edited(SMALL, tmp_path / "new", {OSIMERTINIB: (ROW, retired)})
    found = difference(new, SMALL) if backwards else difference(SMALL, new)
    assert (only(found).what, found.bump) == (what, Bump.MINOR)


@pytest.mark.parametrize(("status", "bump"), [("active", Bump.MINOR), ("draft", Bump.PATCH)])
def test_an_added_row_can_change_a_verdict_unless_a_draft(status: str, bump: Bump, tmp_path: Path) -> None:
    added = ROW.replace("OSI-003", "OSI-009").replace("C797S\n", "C797G\n").replace("active", status)
    found = since(SMALL, tmp_path, {OSIMERTINIB: (ROW, ROW + added)})
    change = only(found)
    assert (change.id, change.what, found.bump) == ("OSI-009", "added", bump)
    assert change.title == "EGFR C797G in NSCLC: resistance, score 60"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("tumour_types: [NSCLC]\n    effect: resistance\n    mechanism: \"target alteration: other\"",
         "tumour_types: [LUAD]\n    effect: reduced response\n    mechanism: not established",
         {"tumour types": ("NSCLC", "LUAD"), "effect": ("resistance", "reduced response"),
          "mechanism": ("target alteration: other", "not established"), "score": ("60", "25"),
          "level": ("5 high-level resistance", "3 low-level resistance")}),
        ("when: EGFR C797S\n", "when: EGFR C797S\n    note: Seen in cis with T790M.\n",
         {"note": ("", "Seen in cis with T790M.")}),
        ("effect: resistance\n    mechanism: \"target alteration: other\"\n",
         "effect: resistance\n    mechanism: \"target alteration: other\"\n    score: 30\n    score_reason: So.\n",
         {"score": ("60", "30"), "score set by the curator": ("", "30"), "reason of the score": ("", "So."),
          "level": ("5 high-level resistance", "4 intermediate resistance")}),
    ],
    ids=["scope and effect", "note", "score"],
)  # fmt: skip
def test_each_field_of_a_row(old: str, new: str, expected: dict[str, tuple[str, str]], tmp_path: Path) -> None:
    assert fields(only(since(SMALL, tmp_path, {OSIMERTINIB: (old, new)}))) == expected


# --- mechanisms, sets, genes: which drugs they reach ---


@pytest.mark.parametrize(
    ("edits", "kind", "id_", "drugs"),
    [
        # MET leads to osimertinib's row at once, and through a further conclusion to gefitinib's.
        ({BYPASS: ("when: MET amplification", "when: MET amplification of at least 6 copies")},
         "mechanism", "BYP-002", ("gefitinib", "osimertinib")),
        # Two steps further up: NRAS, RAS, RAF dimers, the pathway, vemurafenib.
        ({PATHWAY: ("concludes: raf-dimer-signalling", "concludes: mek-activated")},
         "mechanism", "MAPK-003", ("vemurafenib",)),
        ({"alteration_sets/NRAS.yaml": (", any substitution at NRAS G13", "")},
         "alteration set", "NRAS activating mutation", ("vemurafenib",)),
        ({"genes.yaml": ("aliases: [HGFR]", "aliases: [HGFR, AUTS9]")},
         "gene", "MET", ("gefitinib", "osimertinib")),
        ({"genes.yaml": ("aliases: [MDR1, P-GP]", "aliases: [MDR1]")}, "gene", "ABCB1", ()),
        ({"drugs.yaml": ("aliases: [iressa]", "aliases: []")}, "drug", "gefitinib", ("gefitinib",)),
        ({BYPASS: ("name: MET signals in place of EGFR", "name: MET signals instead of EGFR")},
         "conclusion", "egfr-bypassed-by-met", ("gefitinib", "osimertinib")),
    ],
)  # fmt: skip
def test_a_change_names_the_drugs_downstream(
    edits: Edits, kind: str, id_: str, drugs: tuple[str, ...], tmp_path: Path
) -> None:
    change = only(since(SMALL, tmp_path, edits))
    assert (change.kind, change.id, change.drugs) == (kind, id_, drugs)


def test_an_indication_is_told_by_drug_and_tumour_type(tmp_path: Path) -> None:
    edits = {GEFITINIB: ("any of (EGFR L858R, EGFR exon 19 deletion, EGFR T790M)", "EGFR T790M or EGFR L858R")}
    change = only(since(SMALL, tmp_path, edits))
    assert (change.kind, change.of, change.id) == ("indication", "gefitinib", "NSCLC")
    assert fields(change)["requires"] == (
        "EGFR L858R or EGFR exon 19 deletion or EGFR T790M",
        "EGFR T790M or EGFR L858R",
    )


# --- policies ---


def test_a_policy_changes_the_scores_that_follow_from_it(tmp_path: Path) -> None:
    found = since(SMALL, tmp_path, {"ruleset.yaml": ("D: 15, E: 10}\n  steps", "D: 10, E: 10}\n  steps")})
    rows = {change.id: fields(change)["score"] for change in found.changes if change.kind == "row"}
    # Osimertinib's row rests on gefitinib's evidence, a step lower.
    assert rows == {"GEF-005": ("15", "10"), "OSI-004": ("10", "5")}
    (policy,) = [change for change in found.changes if change.kind == "policy"]
    assert (policy.id, fields(policy)["value"][1]) == ("score_policy.by_level", "A 60, B 60, C 30, D 10, E 10")
    assert found.bump is Bump.MINOR


@pytest.mark.parametrize(
    "edit",
    [
        ("from: 30,", "from: 25,"),
        ("name: low-level resistance", "name: some resistance"),
        ("from: 30, verdict: resistant}", "from: 30, verdict: possible_resistance}"),
    ],
)
def test_a_level_that_means_something_else_is_a_major_change(edit: tuple[str, str], tmp_path: Path) -> None:
    assert since(SMALL, tmp_path, {"ruleset.yaml": edit}).bump is Bump.MAJOR


def test_the_description_can_change_no_verdict(tmp_path: Path) -> None:
    found = since(SMALL, tmp_path, {"ruleset.yaml": ("name: a small rule set for tests", "name: small")})
    assert (found.bump, found.drugs) == (Bump.PATCH, ())


# --- viruses ---


@pytest.mark.parametrize(
    ("edits", "kind", "id_", "what", "expected", "bump"),
    [
        ({"tables/3TC.yaml": ("I/V: 60", "I: 45, V: 60")},
         "line", "3TC-184", "changed", {"scores": ("I/V 60", "I 45, V 60")}, Bump.MINOR),
        ({"tables/3TC.yaml": ("  69: {ins: 30}\n", "")}, "line", "3TC-69", "removed", {}, Bump.MINOR),
        ({"tables/AZT.yaml": ("when: 67N and not 184I/V\n    score: 5", "when: 67N and not 184V\n    score: 5")},
         "combination", "AZT-without-184", "changed",
         {"condition": ("67N and not 184I/V", "67N and not 184V")}, Bump.MINOR),
        ({"tables/AZT.yaml": ("41L and 215A/C, score: 5", "41L and 215A/C, score: 7")},
         "combination", "AZT-41-215", "changed",
         {"largest of": ("41L and 215F/Y 10; 41L and 215A/C 5", "41L and 215F/Y 10; 41L and 215A/C 7")}, Bump.MINOR),
        ({"tables/AZT.yaml": ("  - id: AZT-without-184\n    when: 67N and not 184I/V\n    score: 5\n", "")},
         "combination", "AZT-without-184", "removed", {}, Bump.MAJOR),
        ({"tables/ATV_r.yaml": ("level: 5", "level: 4")},
         "rule", "ATV-50", "changed", {"level": ("5", "4")}, Bump.MINOR),
        ({"tables/DTG.yaml": ("{from: 2, level: 5}", "{from: 2, level: 4}")},
         "scale", "score 1", "changed",
         {"ranges": ("to 0.5: level 1, from 1 to 1.5: level 3, from 2: level 5",
                     "to 0.5: level 1, from 1 to 1.5: level 3, from 2: level 4")}, Bump.MINOR),
        ({"tables/DTG.yaml": ("140: {S: 8}", "140: {S: 9}")},
         "line", "DTG-S2-140", "changed", {"scores": ("S 8", "S 9")}, Bump.MINOR),
        ({"ruleset.yaml": (
            "to: 59, verdict: possible_resistance, sir: I}\n    - {level: 5, name: high-level resistance, from: 60",
            "to: 64, verdict: possible_resistance, sir: I}\n    - {level: 5, name: high-level resistance, from: 65",
        )},
         "policy", "scale", "changed", {"value": (
             "to 9: level 1, from 10 to 14: level 2, from 15 to 29: level 3, from 30 to 59: level 4, from 60: level 5",
             "to 9: level 1, from 10 to 14: level 2, from 15 to 29: level 3, from 30 to 64: level 4, from 65: level 5",
         )}, Bump.MAJOR),
    ],
)  # fmt: skip
def test_a_virus(
    edits: Edits, kind: str, id_: str, what: str, expected: dict[str, tuple[str, str]], bump: Bump, tmp_path: Path
) -> None:
    found = since(VIRUS, tmp_path, edits)
    change = only(found)
    assert (change.kind, change.id, change.what, fields(change)) == (kind, id_, what, expected)
    assert found.bump is bump


def test_a_comment_is_told_by_its_gene(tmp_path: Path) -> None:
    text = (VIRUS / "comments" / "RT.yaml").read_text("utf-8")
    id_ = yaml.safe_load(text)["comments"][0]["id"]
    new = edited(VIRUS, tmp_path / "new", {})
    data = yaml.safe_load(text)
    data["comments"][0]["text"] = "Other words."
    (new / "comments" / "RT.yaml").write_text(yaml.safe_dump(data), "utf-8")
    found = difference(VIRUS, new)
    change = only(found)
    assert (change.kind, change.of, change.id, found.bump) == ("comment", "RT", id_, Bump.PATCH)


# --- both sides ---


def test_rule_sets_of_two_domains_are_not_compared() -> None:
    with pytest.raises(RulebaseError, match="one side is a rule set for tumours and the other one for viruses"):
        compare("small", load_ruleset(SMALL), load_ruleset(VIRUS))


def test_faults_say_on_which_side_they_are(tmp_path: Path) -> None:
    broken = edited(SMALL, tmp_path / "small", {GEFITINIB: ("drug: gefitinib\nind", "drug: gefitinab\nind")})
    with pytest.raises(RulebaseError) as raised:
        load_ruleset(broken, "HEAD~1")
    assert raised.value.faults[0].where == "HEAD~1: small/tables/gefitinib.yaml"


def test_a_rule_set_that_is_new_or_gone() -> None:
    state = load_ruleset(SMALL)
    assert compare("small", None, state).old is None
    gone = compare("small", state, None)
    assert (gone.new, gone.empty, gone.bump) == (None, False, Bump.MAJOR)


def test_the_difference_as_data(tmp_path: Path) -> None:
    edits = {GEFITINIB: ("status: active\n    when: EGFR wild type", "status: draft\n    when: EGFR wild type")}
    found = since(SMALL, tmp_path, edits)
    assert found.old and found.new
    assert as_data([found]) == {
        "format": 1,
        "rulesets": [
            {
                "ruleset": "small",
                "kind": "tumour",
                "old": {"version": "1.0.0", "date": "2026-11-21", "digest": found.old.digest},
                "new": {"version": "1.0.0", "date": "2026-11-21", "digest": found.new.digest},
                "bump": "minor",
                "drugs": ["gefitinib"],
                "changes": [
                    {
                        "kind": "row",
                        "id": "GEF-004",
                        "of": "",
                        "what": "changed",
                        "title": "EGFR wild type in NSCLC: reduced response, score 25",
                        "drugs": ["gefitinib"],
                        "unretired": False,
                        "bump": "minor",
                        "fields": [{"field": "status", "old": "active", "new": "draft"}],
                    }
                ],
                "patients": None,
            }
        ],
    }


def test_panels_and_coding_exons_are_told_by_panel_and_by_gene(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, fusion in ((old, ""), (new, "fusion: [MET]\n")):
        shutil.copytree(SMALL, folder)
        (folder / "panels").mkdir()
        text = "panel: small-panel\nname: Small\nspecimen: tissue\nsource: Made up.\nmutation: [EGFR, KRAS]\n" + fusion
        (folder / "panels" / "small-panel.yaml").write_text(text, "utf-8")
    (new / "coding_exons.tsv").write_text("XYZ1\tNM_1.1\t1\t+\t1\t101\t109\t201\t209\n", "utf-8")
    found = difference(old, new)
    told = [(change.kind, change.what, change.id) for change in found.changes]
    assert told == [("panel", "changed", "small-panel"), ("coding exons", "added", "XYZ1")]
    assert found.bump is Bump.MINOR
    (covers,) = found.changes[0].fields
    assert (covers.old, covers.new) == ("EGFR mutation, KRAS mutation", "EGFR mutation, KRAS mutation, MET fusion")
