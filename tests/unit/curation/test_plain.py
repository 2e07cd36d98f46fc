"""What a pack without wishes of its own gives to curators, by a rule set of two drugs made by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from resistab.core.condition import Atom, ConclusionAtom, Condition
from resistab.core.faults import Fault, InputError, NotUnderstood
from resistab.curation.diff.rulesets import compare_items
from resistab.curation.kit.diff_items import Bump, ItemKind
from resistab.curation.kit.patients import Concluded
from resistab.curation.kit.plain import Plain, row_count
from resistab.curation.kit.scaffolds import Scaffolds
from resistab.curation.site.rendering import render_page
from resistab.report.words import VerdictWords, Vocabulary
from resistab.rulesets.models import Curation, Dated, HasDigest, RulebaseModel
from tests.unit.curation.site_pages import broken_links, repeated_ids

ON = datetime.date(2026, 11, 22)


class AlleleAtom(Atom):
    """A gene has an allele."""

    kind: Any = "allele of a test"
    gene: str

    @property
    def text(self) -> str:
        return f"{self.gene} *2"

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.gene,)


class Manifest(RulebaseModel):
    ruleset: str = "small"
    name: str = "Small rules"
    version: str = "1.0.0"
    date: datetime.date = ON
    licence: str = "CC0"
    description: str = "Rules of a test."
    scoring: str = "max"
    curation: Curation = Curation()


class Gene(RulebaseModel):
    symbol: str
    name: str


class Rule(RulebaseModel):
    id: str
    when: Condition
    concludes: str
    name: str


class RuleFile(RulebaseModel):
    gene: str
    rules: tuple[Rule, ...]


class Drug(RulebaseModel):
    name: str
    drug_class: str
    aliases: tuple[str, ...] = ()


class Evidence(RulebaseModel):
    reference: str
    level: str
    gene: str


class Row(Dated):
    when: Condition
    effect: str
    reason: str
    evidence: tuple[Evidence, ...]


class Table(RulebaseModel):
    drug: str
    rows: tuple[Row, ...]


class Citation(RulebaseModel):
    reference: str
    short: str


class Rulebase(HasDigest):
    digest: str = "0" * 64
    manifest: Manifest = Manifest()
    genes: tuple[Gene, ...] = (Gene(symbol="DPYD", name="dihydropyrimidine dehydrogenase"),)
    phenotypes: tuple[RuleFile, ...]
    drugs: tuple[Drug, ...]
    tables: tuple[Table, ...]
    citations: tuple[Citation, ...]

    @cached_property
    def drug_by_name(self) -> dict[str, Drug]:
        return {drug.name: drug for drug in self.drugs}


POOR = Rule(id="DPYD-001", when=AlleleAtom(gene="DPYD"), concludes="dpyd-poor", name="poor metabolizer")
EVIDENCE = Evidence(reference="PMID:29152729", level="A", gene="DPYD")
ROW = Row(
    id="CAP-001",
    status="active",
    created=ON,
    reviewed=ON,
    when=ConclusionAtom(id="dpyd-poor"),
    effect="avoid",
    reason="The drug is not broken down.",
    evidence=(EVIDENCE,),
)
RULES = Rulebase(
    phenotypes=(RuleFile(gene="DPYD", rules=(POOR,)),),
    drugs=(Drug(name="capecitabine", drug_class="fluoropyrimidines"), Drug(name="tegafur", drug_class="others")),
    tables=(Table(drug="capecitabine", rows=(ROW,)),),
    citations=(
        Citation(reference="PMID:29152729", short="Amstutz et al., 2018"),
        Citation(reference="PMID:1", short="Nobody"),
    ),
)


@dataclass(frozen=True)
class Genotype:
    sample: str
    finding: str
    not_understood: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Verdict:
    drug: str
    verdict: str
    level: int | None
    score: float | None
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Interpreter:
    """Knows the findings that rows are called after, and gives each its verdict."""

    rules: Rulebase
    unknown: frozenset[str] = field(default_factory=frozenset)

    def interpret(self, genotype: Genotype) -> Report:
        rows = [row for table in self.rules.tables for row in table.rows if row.id == genotype.finding]
        verdict = rows[0].effect if rows else "no_action"
        return Report((Verdict("capecitabine", verdict, len(rows), 60.0 * len(rows), tuple(row.id for row in rows)),))


def read(interpreter: Interpreter, files: Sequence[Path], said: Mapping[str, Any], keep_going: bool) -> list[Genotype]:
    """A genotype for each file, which is called after what was found."""
    known = {row.id for table in interpreter.rules.tables for row in table.rows}
    strange = [path.name for path in files if path.name not in known]
    if strange and not keep_going:
        raise InputError([Fault(where=name, message=f"unknown finding '{name}'") for name in strange])
    return [
        Genotype(
            f"of {path.name}",
            path.name,
            (NotUnderstood(entry=path.name, reason="unknown"),) if path.name in strange else (),
        )
        for path in files
    ]


PLAIN = Plain(
    vocabulary=Vocabulary(
        (
            VerdictWords("avoid", "avoid", "✕", "red", "it is not to be given"),
            VerdictWords("no_action", "no action", "✓", "green", "nothing follows"),
        )
    ),
    lists={
        "phenotypes": ItemKind("phenotype", "phenotypes", rule=True),
        "genes": ItemKind("gene", "genes"),
        "drugs": ItemKind("drug", "drugs"),
        "citations": ItemKind("citation", "citations"),
    },
    made=Scaffolds(row=lambda row, on: {"id": row}, case={"findings": ["<finding>"]}),
    interpreter=lambda rules, folder: Interpreter(rules),
    read=read,
)


def with_row(**changed: Any) -> Rulebase:
    row = ROW.model_copy(update=changed)
    return RULES.model_copy(update={"tables": (Table(drug="capecitabine", rows=(row,)),)})


def changes(new: Rulebase) -> list[tuple[str, str, str, Bump, list[tuple[str, str, str]]]]:
    """What differs from the rules: kind, id, what, bump and the fields."""
    found = compare_items(PLAIN.items(RULES, Path()), PLAIN.items(new, Path()), PLAIN.item_kinds())
    return [
        (one.kind, one.id, one.what, one.bump, [(part.field, part.old, part.new) for part in one.fields])
        for one in found
    ]


# --- check ----------------------------------------------------------------------------------------------------------


def test_what_is_well_formed_and_still_wrong_is_told(tmp_path: Path) -> None:
    told = {(lint.code, lint.rule) for lint in PLAIN.lint(RULES, tmp_path, ON)}
    assert told == {("RT618", "PMID:1"), ("RT619", "tegafur"), ("RT623", "small")}


def test_a_review_that_is_overdue_is_told(tmp_path: Path) -> None:
    later = ON.replace(year=ON.year + 3)
    assert ("RT609", "CAP-001") in {(lint.code, lint.rule) for lint in PLAIN.lint(RULES, tmp_path, later)}


@pytest.mark.parametrize(
    ("expected", "codes"),
    [
        ("{rows: [CAP-001]}", {"RT622"}),
        ("{rows: []}", {"RT621"}),
        ("{fires: [CAP-001], silent: [CAP-002]}", set()),
    ],
)
def test_cases_that_must_and_must_not_fire_are_asked_for(expected: str, codes: set[str], tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    text = f"cases:\n- case: one\n  expect:\n    capecitabine: {expected}\n"
    (tmp_path / "cases" / "one.yaml").write_text(text, encoding="utf-8")
    assert {lint.code for lint in PLAIN.lint(RULES, tmp_path, ON)} - {"RT618", "RT619"} == codes


def test_rows_and_rules_of_a_file_are_counted() -> None:
    assert (row_count(RULES.tables[0]), row_count(RULES.phenotypes[0]), row_count(RULES.manifest)) == (1, 1, 0)


# --- diff -----------------------------------------------------------------------------------------------------------


def test_the_same_rules_have_no_difference() -> None:
    assert changes(RULES) == []


def test_another_effect_asks_for_a_minor_step() -> None:
    assert changes(with_row(effect="no_action")) == [
        ("row", "CAP-001", "changed", Bump.MINOR, [("effect", "avoid", "no_action")])
    ]


def test_other_words_ask_for_a_patch() -> None:
    ((*told, _),) = changes(with_row(reason="It is hardly broken down."))
    assert told == ["row", "CAP-001", "changed", Bump.PATCH]


def test_evidence_is_compared_item_by_item() -> None:
    found = changes(with_row(evidence=(EVIDENCE.model_copy(update={"level": "B"}),)))
    assert found == [("row", "CAP-001", "changed", Bump.PATCH, [("evidence PMID:29152729", "level: A", "level: B")])]


def test_a_row_that_goes_asks_for_a_major_step() -> None:
    assert changes(RULES.model_copy(update={"tables": ()}))[0][:4] == ("row", "CAP-001", "removed", Bump.MAJOR)


def test_a_rule_inside_a_file_of_a_list_is_an_item() -> None:
    other = POOR.model_copy(update={"concludes": "dpyd-none"})
    new = RULES.model_copy(update={"phenotypes": (RuleFile(gene="DPYD", rules=(other,)),)})
    assert changes(new) == [("phenotype", "DPYD-001", "changed", Bump.MINOR, [("concludes", "dpyd-poor", "dpyd-none")])]


def test_a_change_of_meaning_is_a_major_step_the_version_none() -> None:
    meant = RULES.manifest.model_copy(update={"scoring": "sum", "version": "2.0.0"})
    assert changes(RULES.model_copy(update={"manifest": meant})) == [
        ("policy", "scoring", "changed", Bump.MAJOR, [("value", "max", "sum")])
    ]


# --- patients -------------------------------------------------------------------------------------------------------


def silent(items: Sequence[Any], title: str) -> Sequence[Any]:
    return items


def test_both_states_conclude_on_the_same_patient() -> None:
    sides = PLAIN.compare(RULES, with_row(effect="no_action"), (Path(), Path()))
    (pair,) = sides.patients([Path("CAP-001")], {}, silent).pairs
    old, new = sides.conclude(pair, checked=False)
    assert old == {"capecitabine": Concluded("avoid", "level 1", 60.0, ("CAP-001",))}
    assert new["capecitabine"].verdict == "no_action"


def test_what_one_state_does_not_understand_is_set_aside_there() -> None:
    sides = PLAIN.compare(with_row(id="CAP-002"), RULES, (Path(), Path()))
    found = sides.patients([Path("CAP-001")], {}, silent)
    assert [(one.sample, one.side, one.reasons) for one in found.unread] == [
        ("of CAP-001", "old", ("CAP-001: unknown",))
    ]
    assert len(found.pairs) == found.given == 1


def test_what_neither_state_understands_is_refused() -> None:
    sides = PLAIN.compare(RULES, RULES, (Path(), Path()))
    with pytest.raises(InputError, match="unknown finding 'CAP-009'"):
        sides.patients([Path("CAP-009")], {}, silent)


# --- site -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {page.path: render_page(page) for page in PLAIN.make_site(RULES).pages()}


def test_each_drug_with_a_table_and_each_list_has_a_page(files: dict[str, str]) -> None:
    assert list(files) == [
        *("small/index.html", "small/drugs/capecitabine.html"),
        *("small/phenotypes.html", "small/genes.html", "small/citations.html", "small/overdue.html"),
    ]


def test_a_row_leads_to_its_phenotype_and_its_citation(files: dict[str, str]) -> None:
    page = files["small/drugs/capecitabine.html"]
    assert 'href="../phenotypes.html#DPYD-001"' in page
    assert 'href="../citations.html#PMID-29152729"' in page
    assert "tone-red" in page and "The drug is not broken down." in page


def test_a_phenotype_names_the_rows_that_ask_for_it(files: dict[str, str]) -> None:
    assert 'href="drugs/capecitabine.html#CAP-001"' in files["small/phenotypes.html"]


def test_every_link_leads_somewhere_and_no_id_is_given_twice(files: dict[str, str]) -> None:
    fixed = {"index.html": "", "all.html": "", "site.css": "", "search.js": ""}
    assert broken_links(files | fixed) == []
    assert repeated_ids(files) == []


def test_everything_can_be_searched_for() -> None:
    site = PLAIN.make_site(RULES)
    entries = {(entry.kind, entry.label) for entry in site.entries()}
    assert entries == {
        ("drug", "capecitabine"),
        ("row", "CAP-001"),
        ("phenotype", "poor metabolizer (DPYD-001)"),
        ("gene", "DPYD"),
        ("citation", "Amstutz et al., 2018"),
        ("citation", "Nobody"),
    }
    assert {kind for kind, _ in entries} == set(site.entry_kinds)
