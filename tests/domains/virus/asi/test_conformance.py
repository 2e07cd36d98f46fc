"""Published results, feature by feature of ASI2; and the comparison with all of them, which must find a difference."""

from __future__ import annotations

import datetime
import gzip
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml

from resistab.core.faults import Fault
from resistab.domains.loading import load
from resistab.domains.virus.asi.reader import read_asi
from resistab.domains.virus.asi.yaml import write_ruleset_folder
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.loader import load_viral_folder
from tests.cases import cases_beside
from tests.paths import SHARED
from tools.conformance import Agreement, Result, batch_results, compare, main, table, whole_result

HERE = Path(__file__).parent / "conformance"
CASES = yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))
PUBLISHED = SHARED / "data" / "hiv"
needs_published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published results are not part of the project; see 'make conformance'"
)
# The levels in order.
LEVELS = {"HIVDB": "SSIIR", "ANRS": "SIR", "Rega": "SSIIIR"}
HIVDB_RANGE = "(-INF TO 9 => 1, 10 TO 14 => 2, 15 TO 29 => 3, 30 TO 59 => 4, 60 TO INF => 5)"


# --- small algorithms ---------------------------------------------------------------------------------------------


def element(tag: str, *parts: str) -> str:
    return f"<{tag}>{''.join(parts)}</{tag}>"


def comment_ref(id_: str) -> str:
    return f'<COMMENT ref="{id_}"/>'


def drug_rule(rule: dict[str, Any]) -> str:
    if "level" in rule:
        action = element("LEVEL", str(rule["level"]))
    else:
        action = element("SCORERANGE", escape(rule["ranges"]) if "ranges" in rule else "<USE_GLOBALRANGE/>")
    return element("RULE", element("CONDITION", escape(rule["when"])), element("ACTIONS", action))


def holding(tag: str, parts: Iterable[str], before: str = "") -> str:
    """An element with ``before`` and the parts in it; nothing where there is no part."""
    return element(tag, before, *parts) if (parts := list(parts)) else ""


def algorithm_xml(case: dict[str, Any]) -> str:
    """The algorithm of a case: its drug, its rules, its comments."""
    name, _, version = case["algorithm"].partition("_")
    gene, drug = case["mutations"].partition(":")[0], escape(case["drug"])
    comments, on_result = case.get("comments", {}), case.get("result_comments", {})
    levels = [
        element("LEVEL_DEFINITION", element("ORDER", f"{order}"), element("ORIGINAL", f"Level {order}"), sir_element)
        for order, sir_element in enumerate((element("SIR", sir) for sir in LEVELS[name]), start=1)
    ]
    texts = [f'<COMMENT_STRING id="{id_}">{element("TEXT", "A comment.")}</COMMENT_STRING>' for id_ in comments]
    texts += [f'<COMMENT_STRING id="{id_}">{element("TEXT", "On the level.")}</COMMENT_STRING>' for id_ in on_result]
    comment_rules = [
        element("RULE", element("CONDITION", escape(when)), element("ACTIONS", comment_ref(id_)))
        for id_, when in comments.items()
    ]
    result_rules = [
        element(
            "RESULT_COMMENT_RULE",
            element(
                "DRUG_LEVEL_CONDITIONS",
                element("DRUG_LEVEL_CONDITION", element("DRUG_NAME", drug), element("EQ", str(level))),
            ),
            element("LEVEL_ACTION", comment_ref(id_)),
        )
        for id_, level in on_result.items()
    ]
    own_ranges = all("level" in rule or "ranges" in rule for rule in case["rules"])
    of_gene = holding("GENE", comment_rules, element("NAME", gene))
    return (
        (HERE / "algorithm.xml")
        .read_text("utf-8")
        .format(
            algorithm=name,
            version=version,
            gene=gene,
            drug=drug,
            levels="".join(levels),
            global_range="" if own_ranges else element("GLOBALRANGE", escape(HIVDB_RANGE)),
            rules="".join(map(drug_rule, case["rules"])),
            comment_texts=holding("COMMENT_DEFINITIONS", texts),
            comments=element("MUTATION_COMMENTS", of_gene) if of_gene else "",
            result_comments=holding("RESULT_COMMENTS", result_rules),
        )
    )


def interpreter_of(case: dict[str, Any], folder: Path) -> ViralInterpreter:
    """The algorithm of a case, imported, written as YAML and loaded."""
    (folder / "algorithm.xml").write_text(algorithm_xml(case), encoding="utf-8")
    rulebase, without_effect = read_asi(folder / "algorithm.xml", on=datetime.date(2026, 1, 2))
    assert without_effect == []
    write_ruleset_folder(rulebase, folder / "rules")
    return ViralInterpreter(load_viral_folder(folder / "rules"))


def genotype_of(interpreter: ViralInterpreter, mutations: str) -> ViralGenotype:
    def fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
        return Fault(where=mutations, column=column, message=message, expected=expected, suggestion=suggestion)

    return MutationReader(interpreter.rulebase).read(mutations, "sample", fault_at)


def results(interpreter: ViralInterpreter, mutations: str) -> list[Result]:
    """What the batch evaluator finds, and what the other two find together."""
    genotype = genotype_of(interpreter, mutations)
    return [*batch_results(interpreter, [genotype]), whole_result(interpreter, genotype)]


# --- each feature, as published -----------------------------------------------------------------------------------


def published(case: dict[str, Any]) -> tuple[float | None, int, str]:
    score, level, sir = case["published"]
    return (score, 1, "S") if level is None else (score, level, sir)


@pytest.mark.parametrize("case", CASES, ids=[case["feature"] for case in CASES])
def test_a_published_result(case: dict[str, Any], tmp_path: Path) -> None:
    expected = {case["drug"]: published(case), "comments": tuple(case.get("given", ()))}
    assert results(interpreter_of(case, tmp_path), case["mutations"]) == [expected, expected]


@cache
def published_rules(algorithm: str, drug: str) -> tuple[list[str], ...]:
    """The parts of every rule of a drug in the published file, without blanks."""
    root = ET.parse(PUBLISHED / f"{algorithm}.xml").getroot()
    found = next(d for d in root.iter("DRUG") if d.findtext("NAME", "").strip() == drug)
    return tuple(parts(rule.findtext("CONDITION", "")) for rule in found.iter("RULE"))


def parts(rule: str) -> list[str]:
    """The items of a score, or the one condition."""
    rule = re.sub(r"\s", "", rule)
    if not rule.startswith("SCOREFROM("):
        return [rule]
    items, depth = [""], 0
    for letter in rule.removeprefix("SCOREFROM(")[:-1]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            items.append("")
        else:
            items[-1] += letter
    return items


@cache
def published_results(algorithm: str) -> dict[str, Any]:
    content = gzip.decompress((PUBLISHED / "expected" / f"{algorithm}.json.gz").read_bytes())
    return {item["id"]: item for item in json.loads(content)["lists"]}


@needs_published
@pytest.mark.parametrize("case", CASES, ids=[case["feature"] for case in CASES])
def test_a_case_says_what_was_published(case: dict[str, Any]) -> None:
    rules = published_rules(case["algorithm"], case["drug"])
    for rule in case["rules"]:
        assert any(set(parts(rule["when"])) <= set(whole) for whole in rules), rule["when"]
    gene, mutations = case["mutations"].split(": ")
    item = published_results(case["algorithm"])[case["sample"]]
    assert item["genotype"][gene] == ([] if mutations == "none" else mutations.split())
    assert item["result"][gene][case["drug"]] == case["published"]
    if "given" in case:
        given = [id_.removeprefix("RC:") for id_ in item["comments"][gene]]
        defined = {*case["comments"], *case.get("result_comments", {})}
        assert sorted(set(given) & defined) == case["given"]


# --- what no published file uses, by hand -------------------------------------------------------------------------


def of_conditions(rules: dict[str, int], folder: Path) -> ViralInterpreter:
    case = {
        "algorithm": "ANRS_1",
        "drug": "ABC",
        "mutations": "RT:",
        "rules": [{"when": when, "level": level} for when, level in rules.items()],
    }
    return interpreter_of(case, folder)


@cases_beside
def test_a_condition_by_hand(
    condition: str, holds_for: list[str], does_not_hold_for: list[str], tmp_path: Path
) -> None:
    interpreter = of_conditions({condition: 3}, tmp_path)
    for mutations, level, sir in [*((m, 3, "R") for m in holds_for), *((m, 1, "S") for m in does_not_hold_for)]:
        expected = {"ABC": (None, level, sir), "comments": ()}
        assert results(interpreter, f"RT:{mutations}") == [expected, expected], mutations


def test_of_several_rules_the_highest_level_counts(tmp_path: Path) -> None:
    rules = {"41L": 2, "215Y": 3, "70R": 2}
    for number, ordered in enumerate((rules, dict(reversed(rules.items())))):
        folder = tmp_path / str(number)
        folder.mkdir()
        interpreter = of_conditions(ordered, folder)
        assert [result["ABC"] for result in results(interpreter, "RT:41L 70R 215Y")] == [(None, 3, "R")] * 2
        assert [result["ABC"] for result in results(interpreter, "RT:41L 70R")] == [(None, 2, "I")] * 2


@cases_beside
def test_a_score_by_hand(score: str, mutations: str, expected: float, tmp_path: Path) -> None:
    case = {
        "algorithm": "HIVDB_1",
        "drug": "ABC",
        "mutations": "RT:",
        "rules": [{"when": f"SCORE FROM ({score})", "ranges": "(-INF TO 9.99 => 1, 10 TO INF => 5)"}],
    }
    found = results(interpreter_of(case, tmp_path), f"RT:{mutations}")
    assert [result["ABC"][0] for result in found] == [expected, expected]


@pytest.mark.parametrize(
    ("score", "level"), [(9, 1), (10, 2), (14, 2), (15, 3), (29, 3), (30, 4), (59, 4), (60, 5), (1000, 5), (-30, 1)]
)
def test_the_bounds_of_a_range_belong_to_it(score: int, level: int, tmp_path: Path) -> None:
    case = {
        "algorithm": "HIVDB_1",
        "drug": "ABC",
        "mutations": "RT:",
        "rules": [{"when": f"SCORE FROM (41L => {score})"}],
    }
    expected = (score, level, LEVELS["HIVDB"][level - 1])
    assert [result["ABC"] for result in results(interpreter_of(case, tmp_path), "RT:41L")] == [expected, expected]


# --- the comparison itself ----------------------------------------------------------------------------------------

SMALL = {
    "algorithm": "HIVDB_0.1",
    "drug": "3TC",
    "mutations": "RT:",
    "rules": [{"when": "SCORE FROM (MAX(184I => 60, 184V => 60), 65R => 15)"}],
    "comments": {"RT184VI": "184VI"},
}
RIGHT = [60.0, 5, "R"]


def published_folder(
    folder: Path,
    result: Sequence[Any] = RIGHT,
    comments: Sequence[str] = ("RT184VI",),
    case: dict[str, Any] = SMALL,
    mutations: Sequence[str] = ("M184V",),
) -> Path:
    """A folder with one algorithm and its result for one genotype."""
    name = case["algorithm"]
    (folder / "expected").mkdir(parents=True)
    (folder / f"{name}.xml").write_text(algorithm_xml(case), encoding="utf-8")
    item = {
        "id": "geno1",
        "genotype": {"RT": list(mutations)},
        "result": {"RT": {case["drug"]: list(result)}},
        "comments": {"RT": list(comments)} if comments else {},
    }
    content = json.dumps({"algorithm": name, "lists": [item]}).encode()
    (folder / "expected" / f"{name}.json.gz").write_bytes(gzip.compress(content))
    return folder


def run(folder: Path, *options: str) -> tuple[int, str]:
    said: list[str] = []
    status = main([str(folder), *options], said.append)
    return status, "\n".join(said)


def test_agreement_is_0_and_every_value_is_counted(tmp_path: Path) -> None:
    status, said = run(published_folder(tmp_path), "--every", "1")
    assert status == 0
    lines = [re.split(r" {2,}", line) for line in said.splitlines()]
    # Score, level and S/I/R of the drug, and the comment.
    assert lines[1] == ["HIVDB_0.1: genotypes", "batch", "1", "4", "4"]
    assert lines[2] == ["HIVDB_0.1: genotypes", "both evaluators, 1 in 1", "1", "4", "4"]
    assert re.fullmatch(r"8 values compared in \d+ s, 0 differ", said.splitlines()[-1])


@pytest.mark.parametrize(
    ("result", "comments", "shown"),
    [
        ([65.0, 5, "R"], ["RT184VI"], "geno1, 3TC: published (65.0, 5, 'R'), found (60.0, 5, 'R')"),
        ([60.0, 4, "R"], ["RT184VI"], "geno1, 3TC: published (60.0, 4, 'R'), found (60.0, 5, 'R')"),
        ([60.0, 5, "I"], ["RT184VI"], "geno1, 3TC: published (60.0, 5, 'I'), found (60.0, 5, 'R')"),
        (RIGHT, ["RT184VI", "RT65R"], "geno1, comments: published ('RT184VI', 'RT65R'), found ('RT184VI',)"),
        (RIGHT, [], "geno1, comments: published (), found ('RT184VI',)"),
    ],
)
def test_a_difference_is_shown_and_is_1(result: list[Any], comments: list[str], shown: str, tmp_path: Path) -> None:
    status, said = run(published_folder(tmp_path, result, comments))
    assert status == 1
    assert said.count(shown) == 2
    assert not said.endswith(" 0 differ")


def test_a_drug_that_the_algorithm_does_not_have_is_a_difference(tmp_path: Path) -> None:
    folder = published_folder(tmp_path, case=SMALL | {"drug": "FTC"})
    (folder / "HIVDB_0.1.xml").write_text(algorithm_xml(SMALL), encoding="utf-8")
    status, said = run(folder)
    assert status == 1
    assert "geno1, FTC: published (60.0, 5, 'R'), found None" in said


def test_nothing_to_compare_is_1(tmp_path: Path) -> None:
    assert run(tmp_path) == (1, f"{tmp_path}: nothing to compare")
    assert run(tmp_path / "absent") == (1, f"{tmp_path / 'absent'}: nothing to compare")
    folder = published_folder(tmp_path / "no genotypes")
    (folder / "expected" / "HIVDB_0.1.json.gz").write_bytes(gzip.compress(b'{"lists": []}'))
    assert run(folder) == (1, f"{folder}: nothing to compare")


def test_a_published_level_of_null_is_the_lowest(tmp_path: Path) -> None:
    case = {"algorithm": "ANRS_1", "drug": "3TC", "mutations": "RT:", "rules": [{"when": "184IV", "level": 3}]}
    assert run(published_folder(tmp_path / "one", [None, None, None], [], case, ["M41L"]))[0] == 0
    assert run(published_folder(tmp_path / "two", [None, 1, "S"], [], case, ["M41L"]))[0] == 0
    assert run(published_folder(tmp_path / "three", [None, None, None], [], case, ["M184V"]))[0] == 1


def test_a_gene_without_mutations_is_compared_as_read(tmp_path: Path) -> None:
    assert run(published_folder(tmp_path / "right", [0.0, 1, "S"], [], mutations=[]))[0] == 0
    assert run(published_folder(tmp_path / "wrong", RIGHT, [], mutations=[]))[0] == 1


@pytest.fixture(scope="module")
def shipped() -> ViralInterpreter:
    return load("hiv1")


def with_patterns(folder: Path, score: float, level: int) -> Path:
    """A folder with the patterns of one drug; HIVDB 10.2 is that of the shipped rules."""
    published_folder(folder, case=SMALL | {"algorithm": "HIVDB_10.2"})
    item = {"gene": "RT", "pattern": "K65R,M184V", "count": 1, "3TC Level": level, "3TC Score": score}
    (folder / "patterns-NRTI.json").write_text(json.dumps([item]), encoding="utf-8")
    return folder


def test_patterns_are_compared_and_the_shipped_rules_beside(tmp_path: Path, shipped: ViralInterpreter) -> None:
    agreements = compare(with_patterns(tmp_path, 75.0, 5), shipped, every=1)
    assert [(item.what, item.values, item.agreed) for item in agreements if item.by == "batch"] == [
        ("HIVDB_10.2: genotypes", 4, 4),
        ("HIVDB_10.2: NRTI patterns", 3, 3),
        # Of the shipped rules the comments are not compared.
        ("shipped hiv1: genotypes", 3, 3),
        ("shipped hiv1: NRTI patterns", 3, 3),
    ]
    assert len(agreements) == 8


def test_a_pattern_with_another_score_is_a_difference(tmp_path: Path, shipped: ViralInterpreter) -> None:
    agreements = compare(with_patterns(tmp_path, 70.0, 5), shipped, every=1)
    differing = {item.what for item in agreements if item.differences}
    assert differing == {"HIVDB_10.2: NRTI patterns", "shipped hiv1: NRTI patterns"}


def test_the_table_shows_the_first_differences() -> None:
    many = Agreement("ten genotypes", "batch", 10, 30, 0, [f"geno{number}" for number in range(10)])
    assert table([many]).splitlines()[1:] == [
        f"{'ten genotypes':<30} {'batch':<28} {10:>9} {30:>8} {0:>8}",
        *(f"    geno{number}" for number in range(5)),
        "    and 5 more",
    ]
