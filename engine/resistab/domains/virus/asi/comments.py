"""The comments of an ASI2 file: on mutations by gene, on results, and those that rules of drugs give."""

from __future__ import annotations

import operator
from collections.abc import Collection
from dataclasses import dataclass

from resistab.core.condition import AnyOf, Condition
from resistab.core.faults import nearest
from resistab.domains.virus.asi.conditions import AsiScore, joined
from resistab.domains.virus.asi.document import COMPARISONS, Document
from resistab.domains.virus.asi.drugs import comment_reference, read_condition
from resistab.domains.virus.asi.xml import Element
from resistab.domains.virus.kinds.models import Comment, CommentFile, DrugAtLevel, ResultComment, ViralTable


@dataclass(frozen=True)
class _Definition:
    element: Element
    text: str
    sort: int


class CommentReader:
    """Reads the definitions at once, then what gives them. ``by_gene`` are the conditions of comments."""

    def __init__(self, document: Document, definitions: Element) -> None:
        self.document = document
        self.definitions: dict[str, _Definition] = {}
        # Ids that were defined at all, so that a fault in a definition is not told again at every reference.
        self.known: set[str] = set()
        self.folded: dict[str, Element] = {}
        self.by_gene: dict[str, dict[str, Condition | None]] = {}
        self.given: dict[str, list[dict[str, frozenset[int]]]] = {}
        self.used: set[str] = set()
        block = document.one(definitions, "COMMENT_DEFINITIONS", required=False)
        for element in block.all("COMMENT_STRING") if block is not None else ():
            self.define(element)

    def define(self, element: Element) -> None:
        document = self.document
        name = document.comment_id(element, element.attributes.get("id", ""))
        sort = document.one(element, "SORT_TAG", required=False)
        number = document.whole_number(sort) if sort is not None else 1
        text = document.one(element, "TEXT")
        written = text.text.strip() if text is not None else ""
        if text is not None and not written:
            document.fault(text, "<TEXT> is empty", "some text")
        if name is None:
            return
        first = self.folded.setdefault(name.casefold(), element)
        if first is not element:
            message = f"the comment '{name}' is defined twice, first on line {first.line}"
            document.fault(element, message, "each id once, whatever its capitals")
        self.known.add(name)
        self.definitions[name] = _Definition(element, written, 1 if number is None else number)

    # --- on mutations ---------------------------------------------------------------------------------------

    def read_mutation_comments(self, genes: Collection[str]) -> None:
        """The conditions of comments by gene; several of one comment are joined by or."""
        document = self.document
        block = document.one(document.root, "MUTATION_COMMENTS", required=False)
        for element in block.all("GENE") if block is not None else ():
            named = document.one(element, "NAME")
            gene = document.gene_name(named) if named is not None else None
            if named is None or gene is None:
                continue
            if gene not in genes:
                document.fault(
                    named, f"the gene {gene} is not defined", "a <GENE_DEFINITION>", suggestion=nearest(gene, genes)
                )
            elif gene in self.by_gene:
                document.fault(named, f"the comments of {gene} are given twice", "each gene once")
            else:
                self.by_gene[gene] = {}
            for rule in element.all("RULE"):
                self.mutation_rule(gene, rule)

    def mutation_rule(self, gene: str, rule: Element) -> None:
        document = self.document
        parsed = read_condition(document, rule)
        actions = document.one(rule, "ACTIONS")
        if parsed is None or actions is None:
            return
        if isinstance(parsed.rule, AsiScore):
            document.fault(rule, "a score among the comments", "a condition such as 41L AND 215FY")
            return
        for tag in ("LEVEL", "SCORERANGE"):
            for element in actions.all(tag):
                document.remark(element, f"<{tag}> stands in a rule for comments")
        reference = document.one(actions, "COMMENT")
        name = comment_reference(document, reference, self.known) if reference is not None else None
        if name is None or gene not in self.by_gene:
            return
        self.used.add(name)
        conditions = self.by_gene[gene]
        earlier = conditions.get(name)
        if earlier is None:
            conditions[name] = parsed.rule
        elif parsed.rule != earlier:
            conditions[name] = joined(AnyOf, (earlier, parsed.rule))

    def named_by_rules(self, gene: str, table: ViralTable) -> None:
        """Comments that rules of a drug give are kept with the drug's gene, without a condition of their own."""
        for rule in table.rules:
            if rule.comment is not None:
                self.used.add(rule.comment)
                if not any(rule.comment in comments for comments in self.by_gene.values()):
                    self.by_gene.setdefault(gene, {})[rule.comment] = None

    # --- on results -----------------------------------------------------------------------------------------

    def read_result_comments(self, named: Collection[str], drugs: Collection[str]) -> None:
        """The comments that follow from levels: all conditions of a rule must hold, of several rules one.

        ``named`` are the drugs of the file, ``drugs`` those of them that can have a level.
        """
        document = self.document
        block = document.one(document.root, "RESULT_COMMENTS", required=False)
        if block is not None and not block.all("RESULT_COMMENT_RULE"):
            document.remark(block, "<RESULT_COMMENTS> holds no rule")
        for rule in block.all("RESULT_COMMENT_RULE") if block is not None else ():
            conditions = document.one(rule, "DRUG_LEVEL_CONDITIONS")
            action = document.one(rule, "LEVEL_ACTION")
            reference = document.one(action, "COMMENT") if action is not None else None
            name = comment_reference(document, reference, self.known) if reference is not None else None
            when = self.levels_by_drug(conditions, named) if conditions is not None else None
            if name is None or when is None:
                continue
            self.used.add(name)
            never = [drug for drug, levels in when.items() if not levels or drug not in drugs]
            if never:
                document.remark(rule, f"The comment {name} is for no level of {', '.join(never)}")
            else:
                self.give(name, when)

    def levels_by_drug(self, conditions: Element, drugs: Collection[str]) -> dict[str, frozenset[int]] | None:
        document = self.document
        found: dict[str, frozenset[int]] = {}
        sound = True
        if not conditions.all("DRUG_LEVEL_CONDITION"):
            document.fault(conditions, "the rule has no condition", "<DRUG_LEVEL_CONDITION>")
            return None
        for element in conditions.all("DRUG_LEVEL_CONDITION"):
            named = document.one(element, "DRUG_NAME")
            name = named.text.strip() if named is not None else None
            if named is not None and name is not None and name not in drugs:
                document.fault(
                    named, f"the drug '{name[:40]}' is not defined", "a <DRUG>", suggestion=nearest(name, drugs)
                )
            comparisons = [child for child in element.children if child.tag in COMPARISONS]
            if not comparisons:
                document.fault(element, "the level is compared with nothing", "LTE, LT, GTE, GT, EQ or NEQ")
            levels = frozenset(document.level_orders)
            for comparison in comparisons:
                number = document.whole_number(comparison)
                sound = sound and number is not None
                if comparison.tag in ("EQ", "NEQ") and number is not None and not document.known_level(number):
                    document.unknown_level(comparison, number)
                levels &= _compared(comparison.tag, number or 0, levels)
            if name is None or name not in drugs or not comparisons:
                sound = False
            else:
                found[name] = found.get(name, levels) & levels
        return found if sound else None

    def give(self, name: str, when: dict[str, frozenset[int]]) -> None:
        """Add to a comment's alternatives, or widen one that differs in the levels of one drug only."""
        alternatives = self.given.setdefault(name, [])
        for index, other in enumerate(alternatives):
            if other.keys() == when.keys():
                differing = [drug for drug in when if when[drug] != other[drug]]
                if len(differing) <= 1:
                    alternatives[index] = {drug: when[drug] | other[drug] for drug in other}
                    return
        alternatives.append(when)

    # --- what is given --------------------------------------------------------------------------------------

    def report_unused(self) -> None:
        """Note comments that nothing gives."""
        for name, definition in self.definitions.items():
            if name not in self.used:
                self.document.remark(definition.element, f"The comment {name} is given by no rule")

    def all_given(self) -> tuple[tuple[CommentFile, ...], tuple[ResultComment, ...]]:
        """The comments of each gene that has any, and those on results, one for each alternative.

        Our ids are unique: what one comment of ASI2 gives in several places is several comments with its text.
        """
        taken: set[str] = set()
        files = tuple(
            CommentFile(
                gene=gene,
                comments=tuple(
                    Comment(id=self.free_id(name, taken), when=when, text=definition.text, sort=definition.sort)
                    for name, when in conditions.items()
                    for definition in (self.definitions[name],)
                ),
            )
            for gene, conditions in self.by_gene.items()
            if conditions
        )
        results = tuple(
            ResultComment(
                id=self.free_id(name, taken),
                when=tuple(DrugAtLevel(drug=drug, levels=tuple(sorted(levels))) for drug, levels in when.items()),
                text=self.definitions[name].text,
                sort=self.definitions[name].sort,
            )
            for name, alternatives in self.given.items()
            for when in alternatives
        )
        return files, results

    def free_id(self, name: str, taken: set[str]) -> str:
        """``name``, or with a number after it where a comment of that name stands elsewhere already."""
        found, number = name, 2
        while found.casefold() in taken or (number > 2 and found.casefold() in self.folded):
            found = f"{name}-{number}"
            number += 1
        if found != name:
            self.document.remark(None, f"The comment {name} is given in several places, here also as {found}")
        taken.add(found.casefold())
        return found


def _compared(tag: str, number: int, levels: frozenset[int]) -> frozenset[int]:
    holds = {
        "LT": operator.lt,
        "LTE": operator.le,
        "GT": operator.gt,
        "GTE": operator.ge,
        "EQ": operator.eq,
        "NEQ": operator.ne,
    }[tag]
    return frozenset(level for level in levels if holds(level, number))
