"""The shipped rules for HIV-1 are whole and within their genes; what they say, cases and facts beside them hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator

import pytest

from resistab.core.condition import Condition, atoms
from resistab.domains.loading import load
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.residues import AMINO_ACIDS, DELETION, INSERTION
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.models import ViralRulebase, position_row_id
from tests.paths import SHARED

PUBLISHED = SHARED / "data" / "hiv" / "HIVDB_10.2.xml"


@pytest.fixture(scope="module")
def virus() -> ViralInterpreter:
    return load("hiv1")


@pytest.fixture(scope="module")
def rules(virus: ViralInterpreter) -> ViralRulebase:
    return virus.rulebase


def conditions(rules: ViralRulebase) -> Iterator[tuple[str, str, Condition]]:
    """Gene, row or comment, and condition of everything that looks at residues."""
    for table in rules.tables:
        gene = rules.gene_of(table.drug)
        for _, row, items in rules.score_items(table):
            yield from ((gene, row, item.when) for item in items)
        yield from ((gene, rule.id, rule.when) for rule in table.rules)
    for file in rules.comments:
        yield from ((file.gene, comment.id, comment.when) for comment in file.comments if comment.when is not None)


def test_every_drug_has_a_table_with_scores(rules: ViralRulebase) -> None:
    assert sorted(table.drug for table in rules.tables) == sorted(drug.name for drug in rules.drugs)
    assert all(table.scores for table in rules.tables)


def test_sequences_are_of_amino_acids_and_as_long_as_their_gene(rules: ViralRulebase) -> None:
    assert {gene: len(sequence) for gene, sequence in rules.sequences.items()} == {
        gene.symbol: gene.length for gene in rules.genes
    }
    assert {letter for sequence in rules.sequences.values() for letter in sequence} <= AMINO_ACIDS


# --- rows and comments --------------------------------------------------------------------------------------------


def test_positions_lie_in_genes_and_no_residue_is_the_reference(rules: ViralRulebase) -> None:
    checked = 0
    for gene, row, condition in conditions(rules):
        for atom in atoms(condition):
            assert isinstance(atom, ResidueAtom), row
            assert 1 <= atom.position <= len(rules.sequences[gene]), row
            assert set(atom.residues) <= AMINO_ACIDS | {INSERTION, DELETION}, row
            assert rules.sequences[gene][atom.position - 1] not in atom.residues, row
            checked += 1
    assert checked


def test_lines_of_a_table_are_in_order_each_residue_once(rules: ViralRulebase) -> None:
    for table in rules.tables:
        assert list(table.scores) == sorted(table.scores), table.drug
        for position, line in table.scores.items():
            named = Counter(residue for residues in line for residue in residues)
            assert set(named.values()) == {1}, f"{table.drug} {position}"


def test_no_id_is_used_twice(rules: ViralRulebase) -> None:
    rows = [position_row_id(table.drug, position) for table in rules.tables for position in table.scores]
    rows += [item.id for table in rules.tables for item in table.combinations]
    comments = [comment.id for file in rules.comments for comment in file.comments]
    comments += [comment.id for comment in rules.result_comments]
    assert [id_ for id_, times in Counter(rows).items() if times > 1] == []
    assert [id_ for id_, times in Counter(comments).items() if times > 1] == []


def test_every_position_that_matters_alone_has_a_type(rules: ViralRulebase) -> None:
    """A mutation that gives a drug of a class intermediate resistance by itself is not of type Other to that class."""
    types = {
        (types.drug_class, position, residue)
        for types in rules.mutation_types
        for positions in types.types.values()
        for position, residues in positions.items()
        for residue in residues
    }
    for table in rules.tables:
        drug_class = rules.drug_by_name[table.drug.casefold()].drug_class
        for position, line in table.scores.items():
            for residues, score in line.items():
                if score >= 30:
                    missing = [r for r in residues if (drug_class, position, r) not in types]
                    assert missing == [], f"{table.drug} {position}"


def test_types_are_of_positions_and_residues_of_the_gene(rules: ViralRulebase) -> None:
    for types in rules.mutation_types:
        sequence = rules.sequences[rules.gene_of_class[types.drug_class]]
        for positions in types.types.values():
            for position, residues in positions.items():
                assert sequence[position - 1] not in residues, f"{types.drug_class} {position}"


def test_result_comments_are_of_drugs_and_levels_that_exist(rules: ViralRulebase) -> None:
    drugs, levels = {drug.name for drug in rules.drugs}, {level.level for level in rules.manifest.scoring.levels}
    for comment in rules.result_comments:
        assert {condition.drug for condition in comment.when} <= drugs
        assert {level for condition in comment.when for level in condition.levels} <= levels


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="HIVDB's own comments are not part of the project")
def test_no_comment_is_copied(rules: ViralRulebase) -> None:
    """Not one run of eight words is that of a comment of HIVDB."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z0-9/]+", text.casefold())
        return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}

    texts = [element.text or "" for element in ET.parse(PUBLISHED).getroot().iter("TEXT")]
    theirs = {run for text in texts for run in runs(text)}
    assert len(theirs) > 3000
    ours = [(comment.id, comment.text) for file in rules.comments for comment in file.comments]
    ours += [(comment.id, comment.text) for comment in rules.result_comments]
    assert {id_: " ".join(run) for id_, text in ours for run in runs(text) & theirs} == {}
