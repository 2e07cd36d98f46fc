"""The shipped rules for HIV-1: whole, within their genes, and with the scores that HIVDB 10.2 publishes."""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator

import pytest

from resistab.core.condition import Condition, atoms
from resistab.core.faults import Fault
from resistab.domains.loading import load
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.grammar.residues import AMINO_ACIDS, DELETION, INSERTION
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.models import ViralRulebase, position_row_id
from tests.paths import SHARED
from tools.conformance import batch_result, whole_result

PUBLISHED = SHARED / "data" / "hiv" / "HIVDB_10.2.xml"
DRUGS = {
    "NRTI": {"ABC", "AZT", "D4T", "DDI", "FTC", "3TC", "TDF", "ISL"},
    "NNRTI": {"DOR", "EFV", "ETR", "NVP", "RPV", "DPV"},
    "PI": {"ATV/r", "DRV/r", "FPV/r", "IDV/r", "LPV/r", "NFV", "SQV/r", "TPV/r"},
    "INSTI": {"BIC", "CAB", "DTG", "EVG", "RAL"},
    "CAI": {"LEN"},
}
GENES = {"CA": 231, "PR": 99, "RT": 560, "IN": 288}


@pytest.fixture(scope="module")
def virus() -> ViralInterpreter:
    return load("hiv1")


@pytest.fixture(scope="module")
def rules(virus: ViralInterpreter) -> ViralRulebase:
    return virus.rulebase


def genotype(virus: ViralInterpreter, mutations: str) -> ViralGenotype:
    def fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
        return Fault(where=mutations, column=column, message=message, expected=expected, suggestion=suggestion)

    return MutationReader(virus.rulebase).read(mutations, "sample", fault_at)


def conditions(rules: ViralRulebase) -> Iterator[tuple[str, str, Condition]]:
    """Gene, row or comment, and condition of everything that looks at residues."""
    for table in rules.tables:
        gene = rules.gene_of(table.drug)
        for _, row, items in rules.score_items(table):
            yield from ((gene, row, item.when) for item in items)
        yield from ((gene, rule.id, rule.when) for rule in table.rules)
    for file in rules.comments:
        yield from ((file.gene, comment.id, comment.when) for comment in file.comments if comment.when is not None)


# --- what there is ------------------------------------------------------------------------------------------------


def test_28_drugs_in_five_classes_each_with_a_table(rules: ViralRulebase) -> None:
    found: dict[str, set[str]] = {drug_class.name: set() for drug_class in rules.drug_classes}
    for drug in rules.drugs:
        found[drug.drug_class].add(drug.name)
    assert found == DRUGS
    assert sorted(table.drug for table in rules.tables) == sorted(drug.name for drug in rules.drugs)
    assert len(rules.drugs) == 28
    assert all(table.scores for table in rules.tables)


def test_each_class_acts_on_its_gene(rules: ViralRulebase) -> None:
    assert rules.gene_of_class == {"CAI": "CA", "PI": "PR", "NRTI": "RT", "NNRTI": "RT", "INSTI": "IN"}


def test_drugs_are_known_by_their_full_names_too(rules: ViralRulebase) -> None:
    assert all(drug.full_name for drug in rules.drugs)
    for name, abbreviation in {
        "lamivudine": "3TC",
        "zidovudine": "AZT",
        "dolutegravir": "DTG",
        "darunavir": "DRV/r",
    }.items():
        assert rules.drug_by_name[name].name == abbreviation


def test_the_manifest_names_source_version_date_and_licence(rules: ViralRulebase) -> None:
    manifest, source = rules.manifest, rules.manifest.source
    assert (manifest.kind, manifest.ruleset) == ("virus", "hiv1")
    assert (source.algorithm, source.version) == ("HIVDB", "10.2")
    assert isinstance(source.date, datetime.date)
    assert source.date <= manifest.date
    assert source.licence == "public domain"
    assert str(source.reference).startswith("https://github.com/hivdb/hivfacts")
    assert "CC-BY-4.0" in manifest.licence
    assert "HIVDB" in manifest.licence
    assert manifest.without_effect == ()


def test_the_five_levels_of_hivdb_and_their_scores(virus: ViralInterpreter) -> None:
    levels = [(level.level, level.name, level.sir) for level in virus.rulebase.manifest.scoring.levels]
    assert levels == [
        (1, "Susceptible", "S"),
        (2, "Potential Low-Level Resistance", "S"),
        (3, "Low-Level Resistance", "I"),
        (4, "Intermediate Resistance", "I"),
        (5, "High-Level Resistance", "R"),
    ]
    scale = virus.rulebase.manifest.scoring.scale
    for level, scores in {1: (-100, 0, 9), 2: (10, 14), 3: (15, 29), 4: (30, 59), 5: (60, 500)}.items():
        for score in scores:
            assert [item.level for item in scale if item.holds(score)] == [level], score


def test_the_reference_sequences_are_those_of_subtype_b(rules: ViralRulebase) -> None:
    assert {gene: len(sequence) for gene, sequence in rules.sequences.items()} == GENES
    assert {gene.symbol: gene.length for gene in rules.genes} == GENES
    assert {letter for sequence in rules.sequences.values() for letter in sequence} <= AMINO_ACIDS
    for gene, start in {"PR": "PQITLWQRP", "RT": "PISPIETVP", "IN": "FLDGIDKAQ", "CA": "PIVQNLQGQ"}.items():
        assert rules.sequences[gene].startswith(start)
    for gene, position, residue in (("RT", 41, "M"), ("RT", 65, "K"), ("RT", 103, "K"), ("RT", 184, "M"),
                                    ("PR", 50, "I"), ("PR", 90, "L"), ("IN", 140, "G"), ("IN", 148, "Q"),
                                    ("IN", 263, "R"), ("CA", 66, "M")):  # fmt: skip
        assert rules.sequences[gene][position - 1] == residue


# --- rows and comments --------------------------------------------------------------------------------------------


def test_every_position_lies_in_its_gene_and_no_residue_is_the_reference(rules: ViralRulebase) -> None:
    checked = 0
    for gene, row, condition in conditions(rules):
        for atom in atoms(condition):
            assert isinstance(atom, ResidueAtom), row
            assert 1 <= atom.position <= GENES[gene], row
            assert set(atom.residues) <= AMINO_ACIDS | {INSERTION, DELETION}, row
            assert rules.sequences[gene][atom.position - 1] not in atom.residues, row
            checked += 1
    assert checked > 1000


def test_the_lines_of_a_table_are_in_order_and_name_a_residue_once(rules: ViralRulebase) -> None:
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
    assert {types.drug_class: set(types.types) for types in rules.mutation_types} == {
        "CAI": {"Major", "Accessory"},
        "PI": {"Major", "Accessory"},
        "NRTI": {"NRTI"},
        "NNRTI": {"NNRTI"},
        "INSTI": {"Major", "Accessory"},
    }
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


# --- what is known ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mutations", "expected"),
    [
        # Single mutations, and how others change what they do.
        ("RT:M184V", {"3TC": (60, 5), "FTC": (60, 5), "ABC": (15, 3), "AZT": (-10, 1), "TDF": (-10, 1), "EFV": (0, 1)}),
        ("RT:M184I", {"3TC": (60, 5), "FTC": (60, 5), "TDF": (-10, 1)}),
        ("RT:K65R", {"TDF": (45, 4), "ABC": (45, 4), "3TC": (15, 3), "AZT": (-10, 1)}),
        ("RT:K65R M184V", {"TDF": (35, 4), "3TC": (75, 5), "AZT": (-20, 1)}),
        ("RT:K70E", {"TDF": (15, 3), "ABC": (15, 3), "3TC": (10, 2)}),
        ("RT:L74V M184V", {"ABC": (60, 5)}),
        ("RT:Q151M", {"AZT": (60, 5), "ABC": (60, 5), "TDF": (15, 3), "3TC": (15, 3)}),
        ("RT:T69ins", {"AZT": (60, 5), "ABC": (60, 5), "TDF": (60, 5), "3TC": (30, 4)}),
        ("RT:M41L L210W T215Y", {"AZT": (120, 5), "TDF": (60, 5), "ABC": (60, 5), "3TC": (15, 3)}),
        ("RT:K103N", {"EFV": (60, 5), "NVP": (60, 5), "ETR": (0, 1), "RPV": (0, 1), "DOR": (0, 1), "DPV": (0, 1)}),
        ("RT:Y181C", {"NVP": (60, 5), "EFV": (30, 4), "ETR": (30, 4), "RPV": (45, 4), "DOR": (5, 1), "DPV": (60, 5)}),
        ("RT:K103N Y181C", {"EFV": (90, 5), "NVP": (120, 5), "DOR": (10, 2), "RPV": (45, 4)}),
        ("RT:L100I K103N", {"EFV": (105, 5), "RPV": (60, 5), "ETR": (30, 4), "DOR": (30, 4)}),
        ("RT:E138K", {"RPV": (45, 4), "ETR": (10, 2), "EFV": (10, 2), "DPV": (45, 4), "DOR": (0, 1)}),
        ("RT:Y188L", {"DOR": (60, 5), "EFV": (60, 5), "NVP": (60, 5), "RPV": (60, 5), "ETR": (15, 3)}),
        ("RT:G190A", {"NVP": (60, 5), "EFV": (45, 4), "RPV": (15, 3), "ETR": (10, 2), "DOR": (0, 1)}),
        ("RT:V106M", {"EFV": (60, 5), "NVP": (60, 5), "DOR": (30, 4), "RPV": (0, 1)}),
        ("PR:L90M", {"NFV": (60, 5), "ATV/r": (20, 3), "LPV/r": (10, 2), "TPV/r": (0, 1)}),
        ("PR:D30N", {"NFV": (60, 5), "ATV/r": (0, 1), "LPV/r": (0, 1)}),
        ("PR:I50L", {"ATV/r": (60, 5), "LPV/r": (-10, 1), "TPV/r": (-5, 1), "NFV": (0, 1)}),
        ("PR:I84V", {"ATV/r": (60, 5), "NFV": (60, 5), "LPV/r": (30, 4), "TPV/r": (30, 4)}),
        ("PR:I54L", {"TPV/r": (-10, 1), "LPV/r": (20, 3), "ATV/r": (15, 3)}),
        ("PR:V82T", {"TPV/r": (45, 4), "LPV/r": (30, 4)}),
        ("IN:Q148R", {"DTG": (25, 3), "BIC": (25, 3), "CAB": (60, 5), "RAL": (60, 5), "EVG": (60, 5)}),
        ("IN:G140S Q148H", {"DTG": (45, 4), "BIC": (45, 4), "CAB": (75, 5), "RAL": (90, 5), "EVG": (90, 5)}),
        ("IN:N155H", {"DTG": (10, 2), "BIC": (10, 2), "CAB": (25, 3), "RAL": (60, 5), "EVG": (60, 5)}),
        ("IN:R263K", {"DTG": (30, 4), "BIC": (30, 4), "CAB": (60, 5), "EVG": (30, 4), "RAL": (15, 3)}),
        ("IN:G118R", {"DTG": (60, 5), "BIC": (45, 4), "CAB": (60, 5), "RAL": (60, 5), "EVG": (60, 5)}),
        ("CA:M66I", {"LEN": (60, 5)}),
        ("CA:L56I", {"LEN": (60, 5)}),
        ("CA:Q67H", {"LEN": (30, 4)}),
        ("CA:Q67H K70R", {"LEN": (70, 5)}),
        ("CA:K70H", {"LEN": (60, 5)}),
        ("CA:N74D", {"LEN": (60, 5)}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_mutation_does(mutations: str, expected: dict[str, tuple[float, int]], virus: ViralInterpreter) -> None:
    sample = genotype(virus, mutations)
    for found in (batch_result(virus, sample), whole_result(virus, sample)):
        assert {drug: tuple(found[drug][:2]) for drug in expected} == expected


def test_the_reference_itself_is_susceptible_to_every_drug(virus: ViralInterpreter) -> None:
    found = whole_result(virus, genotype(virus, "CA:none PR:none RT:none IN:none"))
    assert {drug: result for drug, result in found.items() if drug != "comments"} == {
        drug: (0, 1, "S") for drugs in DRUGS.values() for drug in drugs
    }
    assert found["comments"] == ()
