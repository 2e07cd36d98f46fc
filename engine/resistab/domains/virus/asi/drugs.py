"""The drugs of an ASI2 file: their names and classes, their scores and the rules that give a level outright."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Set
from typing import NamedTuple

from resistab.core.condition import condition_text, number_text
from resistab.core.faults import nearest
from resistab.core.grammar import ConditionSyntaxError
from resistab.core.scoring import ScoreRange
from resistab.domains.virus.asi.conditions import AsiRange, AsiScore, ParsedRule, parse_asi_rule, parse_score_ranges
from resistab.domains.virus.asi.document import Document
from resistab.domains.virus.asi.tables import hidden_scores, opened, score_rule
from resistab.domains.virus.asi.xml import Element
from resistab.domains.virus.checks.score_ranges import score_without_level
from resistab.domains.virus.kinds.models import (
    LevelRule,
    ScoreRule,
    ViralDrug,
    ViralTable,
)


class _ReadDrug(NamedTuple):
    """A DRUG element with its scores (and the element that says how they are read), and its rules of level."""

    element: Element
    drug: ViralDrug
    scores: list[tuple[Element, ScoreRule]]
    rules: list[LevelRule]


class DrugReader:
    """Reads the DRUG elements; ``comments`` are the ids that are defined. ``scale`` is the global one, once read."""

    def __init__(self, document: Document, definitions: Element, comments: Set[str]) -> None:
        self.document, self.comments = document, comments
        self.scale: tuple[ScoreRange, ...] = ()
        # Every drug that the file has rules for, or could have.
        self.named: set[str] = set()
        self.global_range = document.one(definitions, "GLOBALRANGE", required=False)
        if self.global_range is not None:
            self.scale = self.ranges(self.global_range)

    def read(self, class_of: dict[str, str], ignored: Set[str]) -> tuple[tuple[ViralDrug, ...], tuple[ViralTable, ...]]:
        """The drugs, in the order of ``class_of`` (their class by name), and the tables of those that have rules.

        ``ignored`` are the drugs of classes that act on no gene.
        """
        document = self.document
        read: dict[str, _ReadDrug] = {}
        seen: dict[str, Element] = {}
        for element in document.root.all("DRUG"):
            named = document.one(element, "NAME")
            name = document.drug_name(named) if named is not None else None
            if named is None or name is None:
                continue
            if name.casefold() in seen:
                first = seen[name.casefold()].line
                document.fault(named, f"the drug {name} is given twice, first on line {first}", "each drug once")
                continue
            seen[name.casefold()] = element
            self.named.add(name)
            if name in ignored:
                continue
            if name not in class_of:
                near = nearest(name, class_of)
                document.fault(named, f"the drug {name} is in no class", "a drug of a <DRUGLIST>", suggestion=near)
                continue
            read[name] = self.drug(element, name, class_of[name])
        for name in class_of:
            if name.casefold() not in seen:
                document.remark(None, f"The class {class_of[name]} lists {name}, for which there is no <DRUG>")
        found = [read[name] for name in class_of if name in read]
        tables = self.tables(found)
        return tuple(item.drug for item in found), tables

    # --- one drug -------------------------------------------------------------------------------------------

    def drug(self, element: Element, name: str, drug_class: str) -> _ReadDrug:
        full_name = self.document.text_of(element, "FULLNAME", required=False)
        read = _ReadDrug(element, ViralDrug(name=name, full_name=full_name or None, drug_class=drug_class), [], [])
        if not element.all("RULE"):
            self.document.remark(element, f"The drug {name} has no rules")
        combination_ids, rule_ids = _ids(f"{name}-C"), _ids(f"{name}-L")
        for rule in element.all("RULE"):
            parsed = read_condition(self.document, rule)
            actions = self.document.one(rule, "ACTIONS")
            if parsed is None or actions is None:
                continue
            if isinstance(parsed.rule, AsiScore):
                self.score(read, rule, parsed.rule, actions, combination_ids)
            else:
                self.level_rule(read, parsed, actions, next(rule_ids))
        return read

    def level_rule(self, read: _ReadDrug, parsed: ParsedRule, actions: Element, rule_id: str) -> None:
        document = self.document
        assert not isinstance(parsed.rule, AsiScore)
        if ranges := actions.all("SCORERANGE"):
            document.fault(ranges[0], "a <SCORERANGE> for a condition that gives no score", "SCORE FROM, or <LEVEL>")
            return
        given = document.one(actions, "LEVEL", required=False)
        comment = document.one(actions, "COMMENT", required=False)
        if given is None and comment is None:
            document.fault(actions, "the rule gives nothing", "<LEVEL>, <COMMENT>, or a score with <SCORERANGE>")
            return
        level = document.level(given) if given is not None else None
        name = comment_reference(document, comment, self.comments) if comment is not None else None
        if level is not None or name is not None:
            read.rules.append(LevelRule(id=rule_id, when=parsed.rule, level=level, comment=name))

    # --- scores ---------------------------------------------------------------------------------------------

    def score(self, read: _ReadDrug, rule: Element, score: AsiScore, actions: Element, ids: Iterator[str]) -> None:
        document = self.document
        others = [*actions.all("LEVEL"), *actions.all("COMMENT")]
        for other in others:
            document.fault(other, f"a <{other.tag}> for a score", "<SCORERANGE> only")
        element = document.one(actions, "SCORERANGE", required=not others)
        if element is None:
            return
        scale: tuple[ScoreRange, ...] = ()
        if element.all("USE_GLOBALRANGE"):
            if element.text.strip():
                document.fault(element, "<USE_GLOBALRANGE> beside ranges", "one of the two")
            if self.global_range is None:
                document.fault(element, "there is no <GLOBALRANGE> to use", "ranges, or <GLOBALRANGE> in <DEFINITIONS>")
                return
        else:
            scale = self.ranges(element)
            if not scale:
                return
        for condition, points in hidden_scores(score):
            text = f"{condition_text(condition)} => {number_text(points)}"
            document.remark(rule, f"In {read.drug.name} {text} stands in a MAX beside a larger score for the same")
        read.scores.append((element, score_rule(score, scale, ids)))

    def ranges(self, element: Element) -> tuple[ScoreRange, ...]:
        """The ranges of an element, in order; none, with a fault, where they cannot be read."""
        document = self.document
        try:
            parsed = parse_score_ranges(element.text)
        except ConditionSyntaxError as error:
            document.syntax_fault(element, f"<{element.tag}>", error)
            return ()
        found: list[AsiRange] = []
        for item in parsed:
            if not document.known_level(item.level):
                document.unknown_level(element, item.level, item.level_column - 1)
            if item.low is not None and item.high is not None and item.low > item.high:
                text = f"{number_text(item.low)} TO {number_text(item.high)}"
                document.remark(element, f"The range {text} holds no score")
            else:
                found.append(item)
        if not found:
            document.fault(element, f"no range of <{element.tag}> holds a score", "ranges such as 10 TO 14 => 2")
        found.sort(key=lambda item: -math.inf if item.low is None else item.low)
        for one, two in itertools.pairwise(found):
            if one.high is None or two.low is None or one.high >= two.low:
                at = "every score" if two.low is None else number_text(two.low)
                document.fault(element, f"two ranges hold {at}", "ranges that do not overlap", offset=two.column - 1)
        return tuple(
            ScoreRange.model_validate({"from": item.low, "to": item.high, "level": item.level}) for item in found
        )

    # --- tables ---------------------------------------------------------------------------------------------

    def tables(self, found: list[_ReadDrug]) -> tuple[ViralTable, ...]:
        """The tables of the drugs that have rules; notes scores that would have no level."""
        document = self.document
        using = [rule for read in found for _, rule in read.scores if not rule.scale]
        if self.global_range is not None and not using:
            document.remark(self.global_range, "No score uses the <GLOBALRANGE>")
        if document.faults:
            return ()
        if using:
            self.scale = opened(self.scale, using)
        tables: list[ViralTable] = []
        for read in found:
            scores: list[ScoreRule] = []
            for element, rule in read.scores:
                scale = opened(rule.scale, [rule]) if rule.scale else ()
                gap = score_without_level(rule, scale or self.scale)
                if gap is not None:
                    message = f"a score of {number_text(gap)} for {read.drug.name} has no level"
                    document.fault(element, message, "ranges without a gap")
                scores.append(rule.model_copy(update={"scale": scale}))
            if not (scores or read.rules):
                continue
            first = scores[0] if scores else ScoreRule()
            tables.append(
                ViralTable(
                    drug=read.drug.name,
                    scores=first.scores,
                    combinations=first.combinations,
                    scale=first.scale,
                    further_scores=tuple(scores[1:]),
                    rules=tuple(read.rules),
                )
            )
        return tuple(tables)


def _ids(stem: str) -> Iterator[str]:
    return (f"{stem}{number:02d}" for number in itertools.count(1))


def read_condition(document: Document, rule: Element) -> ParsedRule | None:
    """What the CONDITION of a RULE says; None with a fault."""
    element = document.one(rule, "CONDITION")
    if element is None:
        return None
    if not element.text.strip():
        document.fault(element, "the condition is empty", "SCORE FROM, or a condition such as 41L AND 215FY")
        return None
    try:
        parsed = parse_asi_rule(element.text)
    except ConditionSyntaxError as error:
        document.syntax_fault(element, "the condition", error)
        return None
    for text in parsed.never:
        document.remark(element, f"'{text}' can never hold")
    return parsed


def comment_reference(document: Document, element: Element, known: Set[str]) -> str | None:
    """The comment that a COMMENT element refers to; None with a fault."""
    name = element.attributes.get("ref", "").strip()
    if name in known:
        return name
    if not name:
        document.fault(element, "<COMMENT> refers to no comment", 'ref="…" with the id of a comment')
    else:
        near = nearest(name, known)
        document.fault(element, f"the comment '{name[:60]}' is not defined", "a <COMMENT_STRING>", suggestion=near)
    return None
