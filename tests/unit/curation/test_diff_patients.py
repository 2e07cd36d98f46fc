"""Which verdicts of which patients change between two states of the rules, and by which rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from resistab.core.faults import InputError, OptionsError
from resistab.curation.diff import patients as patient_differences
from resistab.curation.diff.patients import PatientDifferences, compare_patients, domain_of
from resistab.curation.diff.rulesets import changed_rows, load_ruleset
from resistab.domains.oncology.curate import compare
from resistab.domains.oncology.interpreter import TumourInterpreter
from tests.paths import SMALL
from tests.paths import SMALL_VIRUS as VIRUS
from tests.rulesets import Edits, edited
from tests.unit.curation.diff_states import difference

GEFITINIB, OSIMERTINIB = "tables/gefitinib.yaml", "tables/osimertinib.yaml"
# One codon for each residue.
CODONS = {
    "A": "GCT", "C": "TGT", "D": "GAT", "E": "GAA", "F": "TTT", "G": "GGT", "H": "CAT", "I": "ATT", "K": "AAA",
    "L": "CTT", "M": "ATG", "N": "AAT", "P": "CCT", "Q": "CAA", "R": "CGT", "S": "TCT", "T": "ACT", "V": "GTT",
    "W": "TGG", "Y": "TAT",
}  # fmt: skip
COHORT = """patients:
- {sample: A, tumour_type: LUAD, findings: [EGFR L858R, EGFR T790M]}
- {sample: B, tumour_type: LUAD, findings: [EGFR L858R], assayed: [EGFR, MET]}
- {sample: C, tumour_type: LUAD, findings: [EGFR L858R, MET amplification], assayed: [EGFR, MET]}
- {sample: D, tumour_type: MEL, findings: [BRAF V600E, NRAS Q61K]}
"""


def silent(items: Sequence[Any], title: str) -> Iterable[Any]:
    return items


def compared(old: Path, new: Path, files: Sequence[Path], said: Mapping[str, Any]) -> PatientDifferences:
    one, other = load_ruleset(old), load_ruleset(new)
    sides = one.pack.curate.compare(one.rulebase, other.rulebase, (old, new))
    return compare_patients(sides, files, said, changed_rows(difference(old, new)), silent)


def tumours(old: Path, new: Path, *files: Path) -> PatientDifferences:
    return compared(old, new, files, {})


def of_cohort(folder: Path, edits: Edits, cohort: str = COHORT) -> PatientDifferences:
    (folder / "cohort.yaml").write_text(cohort, "utf-8")
    return tumours(SMALL, edited(SMALL, folder / "new", edits), folder / "cohort.yaml")


def told(found: PatientDifferences) -> list[tuple[Any, ...]]:
    return [
        (c.sample, c.drug, c.old and c.old.text, c.new and c.new.text, c.old_rows, c.new_rows) for c in found.changes
    ]


def test_the_same_rules_change_no_verdict(tmp_path: Path) -> None:
    found = of_cohort(tmp_path, {})
    assert (found.patients, found.changes, found.same_verdict) == (4, (), 0)


def test_a_changed_condition_names_the_row_that_no_longer_holds(tmp_path: Path) -> None:
    found = of_cohort(tmp_path, {GEFITINIB: ("when: EGFR T790M\n", "when: EGFR T790M and MET amplification\n")})
    assert told(found) == [("A", "gefitinib", "resistant (level 5)", "sensitive (level 1, Tier I-A)", ("GEF-003",), ())]
    assert found.transitions() == [(("gefitinib", "resistant (level 5)", "sensitive (level 1, Tier I-A)"), 1)]


def test_a_row_whose_score_changes_is_named_on_both_sides(tmp_path: Path) -> None:
    found = of_cohort(tmp_path, {GEFITINIB: ("CIViC:EID239\n        level: B", "CIViC:EID239\n        level: D")})
    assert told(found) == [
        ("A", "gefitinib", "resistant (level 5)", "possible resistance (level 3)", ("GEF-003",), ("GEF-003",))
    ]


def test_a_mechanism_rule_is_named_too(tmp_path: Path) -> None:
    """NRAS leads to vemurafenib's row by a chain of rules; the last of them is made to ask for MEK alone."""
    edits = {
        "mechanisms/map_kinase_pathway.yaml": (
            "when: conclusion raf-dimer-signalling or conclusion mek-activated",
            "when: conclusion mek-activated",
        )
    }
    (change,) = of_cohort(tmp_path, edits).changes
    assert (change.sample, change.drug) == ("D", "vemurafenib")
    assert set(change.old_rows) == {"VEM-002", "MAPK-001", "MAPK-003", "MAPK-004"}
    assert change.new_rows == ()


def test_a_policy_reaches_rows_that_nobody_edited(tmp_path: Path) -> None:
    found = of_cohort(tmp_path, {"ruleset.yaml": ("D: 15, E: 10}\n  steps", "D: 5, E: 5}\n  steps")})
    assert {(c.sample, c.drug) for c in found.changes} >= {("C", "gefitinib")}
    assert all("GEF-005" in c.old_rows for c in found.changes if c.drug == "gefitinib")


def test_a_verdict_that_stays_by_other_rows_is_counted_only(tmp_path: Path) -> None:
    edits = {OSIMERTINIB: ("score: -10", "score: -20")}
    found = of_cohort(tmp_path, edits)
    assert (found.changes, found.same_verdict) == ((), 1)


def test_a_drug_that_one_side_has_no_table_for(tmp_path: Path) -> None:
    new = edited(SMALL, tmp_path / "new", {})
    (new / "tables" / "vemurafenib.yaml").unlink()
    (tmp_path / "cohort.yaml").write_text("{sample: D, tumour_type: MEL, findings: [BRAF V600E]}", "utf-8")
    found = tumours(SMALL, new, tmp_path / "cohort.yaml")
    assert told(found) == [("D", "vemurafenib", "sensitive (level 1, Tier I-A)", None, ("VEM-001",), ())]


def test_one_evaluator_concludes_what_both_conclude(tmp_path: Path) -> None:
    """From the fourth patient on only one evaluator runs: the same patient is asked about five times."""
    line = "- {{sample: S{0}, tumour_type: LUAD, findings: [EGFR L858R, EGFR T790M]}}\n"
    cohort = "patients:\n" + "".join(line.format(number) for number in range(5))
    found = of_cohort(tmp_path, {GEFITINIB: ("when: EGFR T790M\n", "when: EGFR T790M and MET amplification\n")}, cohort)
    assert [change.sample for change in found.changes] == ["S0", "S1", "S2", "S3", "S4"]
    assert len({told(found)[number][1:] for number in range(5)}) == 1


def test_both_evaluators_come_to_the_same_differences(
    oncology: TumourInterpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped rules, and the same with less weight for case studies."""
    findings = ("EGFR L858R, MET amplification", "KRAS G12C, PTEN loss", "ERBB2 amplification")
    lines = [
        f"- {{sample: P{number}, tumour_type: LUAD, findings: [{found}], assayed: [EGFR, KRAS]}}\n"
        for number, found in enumerate(findings)
    ]
    (tmp_path / "cohort.yaml").write_text(f"patients:\n{''.join(lines)}", "utf-8")
    old = oncology.rulebase
    policy = old.manifest.score_policy
    weaker = policy.model_copy(update={"by_level": policy.by_level | {"C": 15.0, "D": 5.0}})
    new = old.model_copy(update={"manifest": old.manifest.model_copy(update={"score_policy": weaker}), "digest": "1"})

    def by(first_checked: int) -> PatientDifferences:
        monkeypatch.setattr(patient_differences, "FIRST_CHECKED", first_checked)
        monkeypatch.setattr(patient_differences, "EVERY_CHECKED", 10**9)
        files = [tmp_path / "cohort.yaml"]
        return compare_patients(compare(old, new, (SMALL, SMALL)), files, {}, frozenset(), silent)

    one = by(0)
    assert one == by(100)
    assert len(one.changes) > 2


def test_what_is_compared_is_what_a_report_says(tmp_path: Path) -> None:
    rules = load_ruleset(SMALL).rulebase
    interpreter = TumourInterpreter(rules, SMALL)
    genotype = interpreter.genotype("LUAD", ["EGFR L858R", "EGFR T790M"])
    report = {verdict.drug: verdict for verdict in interpreter.interpret(genotype).verdicts}
    (change,) = of_cohort(tmp_path, {GEFITINIB: ("when: EGFR T790M\n", "when: EGFR C797S\n")}).changes
    assert change.old is not None
    verdict = report[change.drug]
    assert (change.old.verdict, change.old.score, change.old.rows) == (verdict.verdict, verdict.score, verdict.rows)


# --- what is not understood ---


def test_a_sample_that_only_the_new_rules_understand_is_told(tmp_path: Path) -> None:
    new = edited(SMALL, tmp_path / "new", {"genes.yaml": ("aliases: [HGFR]", "aliases: [HGFR, AUTS9]")})
    (tmp_path / "one.yaml").write_text("{sample: A, tumour_type: LUAD, findings: [EGFR L858R, AUTS9 amplification]}")
    found = tumours(SMALL, new, tmp_path / "one.yaml")
    (unread,) = found.unread
    assert (unread.sample, unread.side) == ("A", "old")
    assert "AUTS9" in unread.reasons[0]


def test_what_neither_side_understands_is_refused_whole(tmp_path: Path) -> None:
    cohort = """patients:
- {sample: A, tumour_type: LUAD, findings: [EGFR L858Q9]}
- {sample: B, tumour_type: LUNGE, findings: [EGFR L858R]}
"""
    with pytest.raises(InputError) as raised:
        of_cohort(tmp_path, {}, cohort)
    assert [(fault.line) for fault in raised.value.faults] == [2, 3]


def test_a_sample_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text("{sample: A, tumour_type: LUAD, findings: [EGFR L858R]}", "utf-8")
    with pytest.raises(InputError, match="the sample 'A' is given twice, first in"):
        tumours(SMALL, SMALL, tmp_path / "one.yaml", tmp_path / "two.yaml")


def test_files_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        tumours(SMALL, SMALL, tmp_path / "none.yaml", tmp_path / "neither.yaml")
    assert [Path(fault.where).name for fault in raised.value.faults] == ["none.yaml", "neither.yaml"]


# --- viruses ---


def viruses(old: Path, new: Path, mutations: Path | None, *files: Path) -> PatientDifferences:
    return compared(old, new, files, {"mutations_file": mutations} if mutations else {})


def of_mutations(folder: Path, edits: Edits, lines: str) -> PatientDifferences:
    (folder / "cohort.tsv").write_text(lines, "utf-8")
    return viruses(VIRUS, edited(VIRUS, folder / "new", edits), folder / "cohort.tsv")


def test_a_virus_by_its_mutations(tmp_path: Path) -> None:
    """184I falls from 60 to 10: below 60 level 5 is no longer reached, 10 is level 2."""
    edits = {"tables/3TC.yaml": ("I/V: 60", "V: 60, I: 10")}
    found = of_mutations(tmp_path, edits, "A\tRT:M184I\nB\tRT:M184V\nC\tRT:K65R M184I\n")
    assert told(found) == [
        ("A", "3TC", "resistant (level 5)", "possible resistance (level 2)", ("3TC-184",), ("3TC-184",)),
        ("C", "3TC", "resistant (level 5)", "possible resistance (level 4)", ("3TC-184",), ("3TC-184",)),
    ]
    assert found.patients == 3


def test_a_virus_whose_score_stays_in_its_level(tmp_path: Path) -> None:
    found = of_mutations(tmp_path, {"tables/3TC.yaml": ("I/V: 60", "I/V: 70")}, "A\tRT:M184I\n")
    assert (found.changes, found.same_verdict) == ((), 1)


def test_a_virus_by_its_sequence(tmp_path: Path) -> None:
    """Protease with I50L, which by itself gives atazanavir a level."""
    reference = load_ruleset(VIRUS).rulebase.sequences["PR"]
    assert reference[49] == "I"
    bases = "".join(CODONS[residue] for residue in f"{reference[:49]}L{reference[50:]}")
    (tmp_path / "one.fasta").write_text(f">A\n{bases}\n", "utf-8")
    new = edited(VIRUS, tmp_path / "new", {"tables/ATV_r.yaml": ("level: 5", "level: 4")})
    found = viruses(VIRUS, new, None, tmp_path / "one.fasta")
    assert told(found) == [
        ("A", "ATV/r", "resistant (level 5)", "possible resistance (level 4)", ("ATV-50",), ("ATV-50",))
    ]


def reads_of(folder: Path, residue: str, reads: int) -> Path:
    """Protease in a thousand reads, of which some have ``residue`` at position 50."""
    lines = []
    for position, reference in enumerate(load_ruleset(VIRUS).rulebase.sequences["PR"], 1):
        codons = {reference: 1000 - reads, residue: reads} if position == 50 else {reference: 1000}
        lines += [f"PR,{position},1000,{CODONS[one]},{number}\n" for one, number in codons.items()]
    (folder / "A.codfreq").write_text("".join(lines), "utf-8")
    return folder / "A.codfreq"


@pytest.mark.parametrize(("said", "changes"), [({}, 0), ({"threshold": "10%"}, 1)])
def test_a_virus_by_counted_reads(tmp_path: Path, said: dict[str, str], changes: int) -> None:
    """I50L in 15 % of the reads, which counts from 20 % on where nothing else is said."""
    new = edited(VIRUS, tmp_path / "new", {"tables/ATV_r.yaml": ("level: 5", "level: 4")})
    found = compared(VIRUS, new, [reads_of(tmp_path, "L", 150)], said)
    assert (found.patients, [(c.sample, c.drug) for c in found.changes]) == (1, [("A", "ATV/r")] * changes)


def test_viruses_by_reads_and_by_lists_go_together(tmp_path: Path) -> None:
    (tmp_path / "cohort.tsv").write_text("A\tRT:M184I\nB\tRT:M184V\n", "utf-8")
    said = {"mutations_file": tmp_path / "cohort.tsv", "threshold": "10%"}
    with pytest.raises(InputError, match="the sample 'A' is given twice"):
        compared(VIRUS, VIRUS, [reads_of(tmp_path, "L", 150)], said)
    (tmp_path / "cohort.tsv").write_text("B\tRT:M184V\n", "utf-8")
    assert compared(VIRUS, VIRUS, [reads_of(tmp_path, "L", 150)], said).patients == 2


def test_a_threshold_without_counted_reads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cohort.tsv").write_text("B\tRT:M184V\n", "utf-8")
    with pytest.raises(OptionsError, match="--threshold goes with files in which reads were counted"):
        compared(VIRUS, VIRUS, [], {"mutations_file": tmp_path / "cohort.tsv", "threshold": "10%"})


@pytest.mark.parametrize(
    ("name", "content", "domain"),
    [
        ("one.fasta", "; remark\n# remark\n>A\nACGT\n", "virus"),
        ("one.codfreq", "", "virus"),
        ("one.csv", "Position,Gene,TotalReads,Codon,CodonReads\n", "virus"),
        ("one.aavf", "", "virus"),
        ("one.txt", "##fileformat=AAVFv1.0\n", "virus"),
        ("one.yaml", "{sample: A, tumour_type: LUAD, findings: [EGFR L858R]}\n", "oncology"),
        ("one.tsv", "Gene\tConsequence\tCodons\nEGFR\tmissense_variant\tcTg/cGg\n", "oncology"),
    ],
)
def test_a_file_is_of_the_domain_whose_reader_knows_it(tmp_path: Path, name: str, content: str, domain: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert domain_of(tmp_path / name).name == domain


def test_every_fault_of_a_virus_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        of_mutations(tmp_path, {}, "A\tRT:M184\nB\tRT:184\n")
    assert [fault.line for fault in raised.value.faults] == [1, 2]


# --- as data ---


def test_the_patients_as_data(tmp_path: Path) -> None:
    found = of_cohort(tmp_path, {GEFITINIB: ("when: EGFR T790M\n", "when: EGFR T790M and MET amplification\n")})
    data = found.as_data()
    assert data["transitions"] == [
        {
            "drug": "gefitinib",
            "old": "resistant (level 5)",
            "new": "sensitive (level 1, Tier I-A)",
            "patients": 1,
        }
    ]
    (change,) = data["changes"]
    assert change["old"] == {"verdict": "resistant", "grade": "level 5", "score": 60, "rows": ["GEF-003", "GEF-001"]}
    assert (change["rows_responsible_old"], change["rows_responsible_new"]) == (["GEF-003"], [])
    assert (data["patients"], data["patients_changed"], data["verdicts_changed"]) == (4, 1, 1)


def test_a_file_of_two_domains_form_is_of_the_compared_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def pack(name: str, claims: bool) -> SimpleNamespace:
        return SimpleNamespace(name=name, curate=SimpleNamespace(claims=lambda path: claims))

    packs = (pack("first", False), pack("other", False), pack("one", True), pack("another", True))
    monkeypatch.setattr(patient_differences, "packs", lambda: packs)
    assert domain_of(tmp_path, {"another", "other"}).name == "another"
    assert domain_of(tmp_path, {"first"}).name == domain_of(tmp_path).name == "one"
