"""A rule set of ours written as an ASI2 algorithm (Stanford's XML format for rules of drug resistance).

ASI2 has no place for reference sequences, lengths and full names of genes, full names of classes, other names of
drugs, mutation types, facts on sequence quality, what a susceptible level is reported as, ids of combinations and of
rules, our own version, licence and description, and what an imported file said without effect: they are not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from resistab.core.faults import Fault, RulebaseError
from resistab.domains.virus.asi.text import asi_condition, asi_ranges, asi_score
from resistab.domains.virus.kinds.models import (
    Comment,
    CommentFile,
    DrugAtLevel,
    LevelRule,
    ResultComment,
    ScoreRule,
    ViralDrug,
    ViralRulebase,
)


def write_asi(rulebase: ViralRulebase) -> str:
    """The XML of ``rulebase``, in UTF-8 by its declaration.

    Raises ``RulebaseError`` for a condition that ASI2 cannot say, and for one comment id with two texts.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE ALGORITHM SYSTEM "ASI2.3.dtd">', "<ALGORITHM>"]
    source = rulebase.manifest.source
    lines.append(_element("ALGNAME", source.algorithm, 1))
    lines.append(_element("ALGVERSION", source.version, 1))
    if source.date is not None:
        lines.append(_element("ALGDATE", source.date.isoformat(), 1))
    lines += _block("DEFINITIONS", _definitions(rulebase), 1)
    for drug in rulebase.drugs:
        lines += _block("DRUG", _drug(rulebase, drug), 1)
    genes = [line for file in rulebase.comments for line in _gene_comments(file)]
    if genes:
        lines += _block("MUTATION_COMMENTS", genes, 1)
    if rulebase.result_comments:
        rules = [line for comment in rulebase.result_comments for line in _result_rule(comment, rulebase)]
        lines += _block("RESULT_COMMENTS", rules, 1)
    return "\n".join([*lines, "</ALGORITHM>", ""])


def _definitions(rulebase: ViralRulebase) -> Iterator[str]:
    manifest = rulebase.manifest
    for gene in rulebase.genes:
        inner = [_element("NAME", gene.symbol, 3)]
        if gene.drug_classes:
            inner.append(_element("DRUGCLASSLIST", ",".join(gene.drug_classes), 3))
        yield from _block("GENE_DEFINITION", inner, 2)
    for level in manifest.scoring.levels:
        inner = [_element("ORDER", str(level.level), 3), _element("ORIGINAL", level.name, 3)]
        yield from _block("LEVEL_DEFINITION", [*inner, _element("SIR", level.sir, 3)], 2)
    for item in rulebase.drug_classes:
        drugs = ",".join(drug.name for drug in rulebase.drugs if drug.drug_class == item.name)
        yield from _block("DRUGCLASS", [_element("NAME", item.name, 3), _element("DRUGLIST", drugs, 3)], 2)
    if manifest.scoring.scale:
        yield _element("GLOBALRANGE", asi_ranges(manifest.scoring.scale), 2)
    if manifest.scoring.default_level is not None:
        yield _element("DEFAULT_LEVEL", str(manifest.scoring.default_level), 2)
    comments = list(_comment_definitions(rulebase))
    if comments:
        yield from _block("COMMENT_DEFINITIONS", comments, 2)


def _comment_definitions(rulebase: ViralRulebase) -> Iterator[str]:
    defined: dict[str, tuple[str, int]] = {}
    given: list[Comment | ResultComment] = [comment for file in rulebase.comments for comment in file.comments]
    given += rulebase.result_comments
    for comment in given:
        content = comment.text, comment.sort
        if comment.id not in defined:
            defined[comment.id] = content
            inner = [_element("TEXT", comment.text, 4), _element("SORT_TAG", str(comment.sort), 4)]
            yield from _block("COMMENT_STRING", inner, 3, f" id={quoteattr(comment.id)}")
        elif defined[comment.id] != content:
            message = f"the comment '{comment.id}' stands with two texts, and ASI2 knows one for each id"
            raise RulebaseError([Fault(where="", message=message)])


def _drug(rulebase: ViralRulebase, drug: ViralDrug) -> Iterator[str]:
    yield _element("NAME", drug.name, 2)
    if drug.full_name:
        yield _element("FULLNAME", drug.full_name, 2)
    table = rulebase.table_of.get(drug.name)
    for score in table.score_rules if table is not None else ():
        yield from _rule(asi_score(score), _score_action(score), 2)
    for rule in table.rules if table is not None else ():
        yield from _rule(asi_condition(rule.when), list(_level_actions(rule)), 2)


def _score_action(score: ScoreRule) -> list[str]:
    if score.scale:
        return [_element("SCORERANGE", asi_ranges(score.scale), 4)]
    return _block("SCORERANGE", [f"{'  ' * 5}<USE_GLOBALRANGE/>"], 4)


def _level_actions(rule: LevelRule) -> Iterator[str]:
    if rule.level is not None:
        yield _element("LEVEL", str(rule.level), 4)
    if rule.comment is not None:
        yield _reference(rule.comment, 4)


def _gene_comments(file: CommentFile) -> list[str]:
    rules = [
        line
        for comment in file.comments
        if comment.when is not None
        for line in _rule(asi_condition(comment.when), [_reference(comment.id, 5)], 3)
    ]
    # A gene without a rule is no gene of comments in ASI2: what rules of drugs give is defined all the same.
    return _block("GENE", [_element("NAME", file.gene, 3), *rules], 2) if rules else []


def _result_rule(comment: ResultComment, rulebase: ViralRulebase) -> list[str]:
    orders = sorted(rulebase.manifest.scoring.by_order)
    conditions = [
        line
        for item in comment.when
        for line in _block(
            "DRUG_LEVEL_CONDITION", [_element("DRUG_NAME", item.drug, 5), *_comparisons(item, orders)], 4
        )
    ]
    action = _block("LEVEL_ACTION", [_reference(comment.id, 4)], 3)
    return _block("RESULT_COMMENT_RULE", [*_block("DRUG_LEVEL_CONDITIONS", conditions, 3), *action], 2)


def _comparisons(item: DrugAtLevel, orders: list[int]) -> Iterator[str]:
    """The comparisons that hold together for exactly the levels of ``item``."""
    levels = set(item.levels)
    if len(levels) == 1:
        yield _element("EQ", str(item.levels[0]), 5)
        return
    yield _element("GTE", str(min(levels)), 5)
    yield _element("LTE", str(max(levels)), 5)
    for order in orders:
        if min(levels) < order < max(levels) and order not in levels:
            yield _element("NEQ", str(order), 5)


def _rule(condition: str, actions: list[str], depth: int) -> list[str]:
    inner = [_element("CONDITION", condition, depth + 1), *_block("ACTIONS", actions, depth + 1)]
    return _block("RULE", inner, depth)


def _reference(comment: str, depth: int) -> str:
    return f"{'  ' * depth}<COMMENT ref={quoteattr(comment)}/>"


def _element(tag: str, text: str, depth: int) -> str:
    return f"{'  ' * depth}<{tag}>{escape(text)}</{tag}>"


def _block(tag: str, inner: Iterable[str], depth: int, attributes: str = "") -> list[str]:
    indent = "  " * depth
    return [f"{indent}<{tag}{attributes}>", *inner, f"{indent}</{tag}>"]
