"""The grammar of conditions over germline genotypes: the connectives of every condition, over alleles."""

from __future__ import annotations

import re
from typing import cast, get_args

from resistab.core.condition import ConclusionAtom, Condition
from resistab.core.grammar import ConditionParser
from resistab.domains.pharmacogenomics.atoms import ActivityAtom, AlleleAtom, Function, FunctionsAtom

_EXPECTED = (
    "an allele (HLA-B*57:01), functions (TPMT none with normal), an activity (DPYD activity 1 to 1.5) or a conclusion"
)
_ALLELE = re.compile(r"(?P<gene>[A-Z][A-Z0-9-]*)\*(?P<allele>\d{2,3}:\d{2,3})$")
_GENE = re.compile(r"[A-Z][A-Z0-9-]*$")
_NUMBER = re.compile(r"\d{1,3}(\.\d{1,3})?$")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
FUNCTIONS: tuple[Function, ...] = get_args(Function)


def parse_condition(text: str) -> Condition:
    """The condition that ``text`` states; raises ``ConditionSyntaxError``."""
    return _Parser(text).whole()


class _Parser(ConditionParser):
    expected_atom = _EXPECTED

    def atom(self) -> Condition:
        if self.words("conclusion"):
            name = self.next("the id of a conclusion")
            if not _SLUG.match(name.text):
                self.refuse("the id of a conclusion, such as tpmt-poor", name)
            return ConclusionAtom(id=name.text)
        token = self.next(_EXPECTED)
        if carried := _ALLELE.match(token.text):
            return AlleleAtom(gene=carried["gene"], allele=carried["allele"])
        if not _GENE.match(token.text):
            self.refuse(_EXPECTED, token)
        if self.words("activity"):
            return self._activity(token.text)
        one = self._functions()
        if not self.words("with"):
            self.refuse("with, and the functions of the other allele")
        return FunctionsAtom(gene=token.text, one=one, other=self._functions())

    def _activity(self, gene: str) -> Condition:
        if self.words("at", "least"):
            return ActivityAtom(gene=gene, least=self._number())
        if self.words("at", "most"):
            return ActivityAtom(gene=gene, most=self._number())
        least = self._number()
        return ActivityAtom(gene=gene, least=least, most=self._number() if self.words("to") else least)

    def _number(self) -> float:
        token = self.next("a number such as 0.5")
        if not _NUMBER.match(token.text):
            self.refuse("a number such as 0.5", token)
        return float(token.text)

    def _functions(self) -> tuple[Function, ...]:
        expected = f"activity, or functions joined by / ({', '.join(FUNCTIONS)})"
        token = self.next(expected)
        named = token.word.split("/")
        if not set(named) <= set(FUNCTIONS):
            self.refuse(expected, token)
        return tuple(cast(Function, name) for name in named)
