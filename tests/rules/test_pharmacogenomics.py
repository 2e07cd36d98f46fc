"""The shipped pharmacogenomic rules beside the tables of CPIC that their facts were taken from."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from resistab.core.truth import Truth
from resistab.domains.pharmacogenomics import kinds
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter, make
from resistab.domains.pharmacogenomics.observe import pair_of, phenotype_truth
from resistab.rulesets.find import ruleset_folder
from tests.paths import SHARED

CPIC = SHARED / "data" / "pharmacogenomics"
pytestmark = pytest.mark.skipif(not CPIC.is_dir(), reason="CPIC's tables are not beside the project")

# How each recommendation begins, or what it holds, and the advice that it is graded as; the first that fits.
GRADES = (
    ("Avoid use", "avoid"),
    ("Recommend alternative", "avoid"),
    ("drastically reduced", "reduce_dose"),
    ("reduced", "reduce_dose"),
    ("educe starting dose", "reduce_dose"),
    ("initiate dose at 10 mg", "reduce_dose"),
    ("decreased dose", "reduce_dose"),
    ("Consider an alternative agent", "caution"),
    ("Consider hormonal therapy", "caution"),
    ("no indication to change", "no_action"),
    ("no need to avoid", "no_action"),
    ("normal starting dose", "no_action"),
    ("standard", "no_action"),
)


@pytest.fixture(scope="module")
def shipped() -> GermlineInterpreter:
    return make(kinds.read(ruleset_folder("pharmacogenomics")).validated())


def table(name: str) -> list[dict[str, str]]:
    with (CPIC / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_allele_and_its_function_is_that_of_cpic(shipped: GermlineInterpreter) -> None:
    words = {"none": "no function", "uncertain": "un", "cnsha": "class i (deficient with cnsha)"}
    checked = 0
    for line in table("allele.csv"):
        gene = shipped.rulebase.gene_of.get(line["Gene"])
        if gene is None or line["StarAllele"] == "MALE" or line["StarAllele"] in ("Cairo", "No name"):
            continue
        names = line["StarAllele"].split(" (")[0] if gene.symbol == "DPYD" else line["StarAllele"]
        for name in names.split(","):
            allele = gene.allele_of[name.strip().casefold()]
            assert words.get(allele.function, allele.function) in line["Function"].casefold(), line
            if allele.activity is not None:
                assert allele.activity == float(line["ActivityScore"]), line
            checked += 1
    assert checked > 500


def test_every_diplotype_has_the_phenotype_of_cpic(shipped: GermlineInterpreter) -> None:
    rules = shipped.rulebase
    names = {(line["Gene"], line["StarAllele"]) for line in table("allele.csv")}
    checked: Counter[str] = Counter()
    for line in table("diplotype.csv"):
        symbol, diplotype = line["Gene"], line["Diplotype"]
        halves = [(diplotype[:at], diplotype[at + 1 :]) for at, sign in enumerate(diplotype) if sign == "/"]
        known = [pair for pair in halves if {(symbol, pair[0]), (symbol, pair[1])} <= names]
        if symbol not in rules.gene_of or not known:
            continue
        one, other = (half.split(",")[0] for half in known[0])
        (result,) = shipped.genotype([f"{symbol} {one}/{other}"]).results
        gene = rules.gene_of[symbol]
        pair = pair_of(gene, result.alleles)
        having = [
            rule.name
            for rule in rules.phenotypes_of[symbol].phenotypes
            if phenotype_truth(gene, rule, pair) is Truth.TRUE
        ]
        expected = line["Phenotype"].removeprefix("G6PD ").casefold()
        assert [name.casefold() for name in having] == ([] if expected == "indeterminate" else [expected]), line
        checked[symbol] += 1
    assert {"CYP2B6", "G6PD", "NUDT15", "TPMT", "UGT1A1"} <= set(checked) and sum(checked.values()) > 19_000


def test_every_recommendation_is_graded_alike(shipped: GermlineInterpreter) -> None:
    drugs = {drug.name for drug in shipped.rulebase.drugs}
    checked: Counter[str] = Counter()
    for line in table("recommendation.csv"):
        genes = [(line[f"Gene{n}"], line[f"Phenotype{n}"]) for n in (1, 2) if line[f"Gene{n}"] != "None"]
        if line["Drug"] not in drugs or any(word in ("None", "Indeterminate") for _, word in genes):
            continue
        report = shipped.interpret(shipped.genotype([f"{gene} {word}" for gene, word in genes]))
        verdict = next(verdict for verdict in report.verdicts if verdict.drug == line["Drug"])
        expected = next(grade for words, grade in GRADES if words in line["Recommendation"])
        assert verdict.verdict == expected, line
        checked[line["Drug"]] += 1
    assert sum(checked.values()) >= 60 and len(checked) == 8


def test_every_drug_has_the_codes_of_cpic(shipped: GermlineInterpreter) -> None:
    pairs = {line["Drug"]: line for line in table("cpic.csv")}
    for drug in shipped.rulebase.drugs:
        assert drug.rxnorm == pairs[drug.name]["RxNorm"]
        assert list(drug.atc) == pairs[drug.name]["ATC"].split(", ")
