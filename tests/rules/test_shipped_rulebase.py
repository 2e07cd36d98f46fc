"""What must hold for the oncology rules as they are shipped."""

from __future__ import annotations

import csv
import itertools
import re
from pathlib import Path

import pytest

from resistab.core.condition import condition_text
from resistab.core.cycles import dependencies
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.models import Rulebase, Table
from resistab.rulesets.find import data_folder

FOLDER = data_folder("rulebase") / "oncology"
TABLES = sorted(
    re.search(r"^drug: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)[1]
    for path in FOLDER.glob("tables/**/*.yaml")
)
# Routes by which a tumour escapes, which a row that speaks for the drug cannot show.
ESCAPES = {
    "target absent", "bypass by a parallel receptor", "downstream reactivation", "upstream reactivation",
    "DNA repair restored", "apoptosis evasion", "lineage or histological change", "immune escape",
}  # fmt: skip


@pytest.fixture(scope="module")
def rulebase(oncology: TumourInterpreter) -> Rulebase:
    return oncology.rulebase


@pytest.fixture(scope="module")
def tables(rulebase: Rulebase) -> dict[str, Table]:
    return {table.drug: table for table in rulebase.tables}


def number(rule_id: str) -> int:
    return int(rule_id.rpartition("-")[2])


@pytest.mark.parametrize("drug", TABLES)
def test_rows_of_a_table_share_a_prefix_and_stand_in_order(tables, drug):
    ids = [row.id for row in tables[drug].rows]

    assert len({rule_id.rpartition("-")[0] for rule_id in ids}) == bool(ids)
    assert [number(rule_id) for rule_id in ids] == sorted({number(rule_id) for rule_id in ids})


def test_no_two_tables_share_a_prefix(rulebase):
    prefixes = [table.rows[0].id.rpartition("-")[0] for table in rulebase.row_tables if table.rows]

    assert len(set(prefixes)) == len(prefixes)


def test_rules_of_a_mechanism_file_share_a_prefix_in_order():
    prefixes = set()
    for path in sorted((FOLDER / "mechanisms").glob("*.yaml")):
        ids = re.findall(r"^  - id: (\S+-\d+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert [number(rule_id) for rule_id in ids] == sorted({number(rule_id) for rule_id in ids}), path.name
        (prefix,) = {rule_id.rpartition("-")[0] for rule_id in ids}
        assert prefix not in prefixes
        prefixes.add(prefix)


@pytest.mark.parametrize("drug", TABLES)
def test_every_drug_has_a_row_in_use_or_is_used(rulebase, tables, drug):
    used = any(indication.relevant for indication in tables[drug].indications)
    assert used or any(row.status == "active" for row in rulebase.rows_of(tables[drug]))


@pytest.mark.parametrize("drug", TABLES)
def test_verdict_may_be_asked_for_any_tumour_type(rulebase, tables, drug):
    assert rulebase.indication(tables[drug], "TISSUE") is not None


def test_every_conclusion_is_reached_and_used(oncology, rulebase):
    reached = {rule.concludes for rule in rulebase.mechanism_rules if rule.status == "active"}
    used = {name for clause in oncology.program.clauses for name, _ in dependencies(clause.condition)}
    known = {conclusion.id for conclusion in rulebase.conclusions}

    assert reached == known
    assert used == known


def test_a_row_that_speaks_for_the_drug_shows_no_escape_from_it(rulebase):
    responding = [row for _, row in rulebase.active_rows() if "susceptibility" in row.effect]

    assert responding
    assert [row.id for row in responding if row.mechanism in ESCAPES] == []


def test_every_citation_is_cited_and_every_type_has_ancestors(rulebase):
    rules = [*rulebase.mechanism_rules, *itertools.chain.from_iterable(table.rows for table in rulebase.row_tables)]

    of_rows = {item.reference for rule in rules for item in rule.evidence}
    regimens = rulebase.regimens
    named = [item for regimen in regimens.regimens for setting in regimen.settings for item in setting.authorities]
    named += [item for rule in regimens.rules for item in rule.evidence]
    of_regimens = {reference for item in (*named, *regimens.barriers.drugs) for reference in item.references}
    assert of_rows | of_regimens == set(rulebase.citation_by_reference)
    assert {rulebase.lineage(tumour.code)[-1] for tumour in rulebase.tumour_types} == {"TISSUE"}


def test_sequences_bear_the_accession_of_their_gene():
    fasta = (FOLDER / "proteins.fasta").read_text(encoding="utf-8")
    genes = (FOLDER / "genes.yaml").read_text(encoding="utf-8")
    protein = dict(re.findall(r"- symbol: (\S+)\n(?:    .*\n)*?    protein: (\S+)", genes))

    headers = re.findall(r"^>(\S+) (\S+)", fasta, re.MULTILINE)
    assert {gene: accession for gene, accession in headers if protein.get(gene) != accession} == {}


def test_exons_lie_within_their_protein_one_after_another(rulebase):
    for gene in rulebase.genes:
        bounds = [gene.exon_range(exon) for exon in sorted(gene.exons)]
        ends = [position for first, last in bounds for position in (first, last)]
        assert ends == sorted(ends), gene.symbol
        if gene.symbol in rulebase.sequences and ends:
            assert ends[-1] <= len(rulebase.sequences[gene.symbol]), gene.symbol


def test_no_name_means_two_drugs(rulebase):
    names = [name.casefold() for drug in rulebase.drugs for name in {drug.name, *drug.aliases}]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_no_alias_means_two_genes(rulebase):
    symbols = {gene.symbol.upper() for gene in rulebase.genes}
    aliases = [name for gene in rulebase.genes for name in {alias.upper() for alias in gene.aliases} - symbols]

    assert sorted(name for name in set(aliases) if aliases.count(name) > 1) == []


def test_every_gene_has_its_own_hgnc_id(rulebase):
    assert len({gene.hgnc_id for gene in rulebase.genes}) == len(rulebase.genes)


def test_reduced_response_can_never_alone_make_resistant(rulebase):
    highest = rulebase.manifest.score_policy.reduced_response_highest

    assert rulebase.manifest.scoring.level(highest).verdict != "resistant"


def test_every_condition_reads_back_from_its_canonical_text(oncology, rulebase):
    for clause in oncology.program.clauses:
        text = condition_text(clause.condition)
        assert condition_text(parse_condition(text)) == text, clause.id


def test_every_name_that_a_drug_had_still_means_it(rulebase: Rulebase) -> None:
    # As inputs could name drugs before brands were told apart from other names.
    with (Path(__file__).parent / "drug_names.tsv").open(encoding="utf-8") as file:
        former = {row["name"]: row["drug"] for row in csv.DictReader(file, delimiter="\t")}

    assert len(former) == 628
    assert {name: rulebase.drug_by_name[name.casefold()].name for name in former} == former


def test_brands_are_spelled_as_names_and_mean_their_drug(rulebase: Rulebase) -> None:
    brands = [(brand, drug) for drug in rulebase.drugs for brand in drug.brands]

    assert len(brands) >= 133
    for brand, drug in brands:
        assert brand[0].isupper(), brand
        assert rulebase.drug_by_name[brand.casefold()] is drug
    assert rulebase.drug_by_name["tagrisso"].brands == ("Tagrisso",)


def test_a_regimen_names_drugs_as_its_combination_does(rulebase: Rulebase) -> None:
    # Otherwise a report calls one thing by two names, in its table and under Options.
    named = {frozenset(drug.regimen): drug.regimen for drug in rulebase.drugs if drug.regimen}
    regimens = rulebase.regimens.regimens

    assert [one.id for one in regimens if one.drugs != named.get(frozenset(one.drugs), one.drugs)] == []
