"""The grammar of conditions over a virus's residues: the connectives of every condition, over ``184I/V``.

The gene is not written, since a table or a list of comments names it once.
"""

from __future__ import annotations

import re

from resistab.core.condition import Condition
from resistab.core.grammar import ConditionParser
from resistab.domains.virus.atoms import ResidueAtom
from resistab.domains.virus.grammar.residues import parse_residues

_EXPECTED = "a position and residues such as 184I/V, 69ins or 67del"
_PLACE = re.compile(r"(?P<position>[1-9][0-9]{0,3})(?P<residues>.*)$")
_WITH_REFERENCE = re.compile(r"[A-Z][1-9][0-9]*(?:[A-Z/*]|ins|del)+$")


def parse_residue_condition(text: str) -> Condition:
    """The condition that ``text`` states, its atoms without a gene; raises ``ConditionSyntaxError``."""
    return _ResidueParser(text).whole()


class _ResidueParser(ConditionParser):
    expected_atom = _EXPECTED

    def atom(self) -> Condition:
        token = self.next(_EXPECTED)
        match = _PLACE.match(token.text)
        if match is None:
            if _WITH_REFERENCE.match(token.text):
                self.refuse(f"a position without the reference residue: {token.text[1:]}", token)
            self.refuse(_EXPECTED, token)
        if match["residues"] in ("INS", "DEL"):
            # Three residues to the parser, an insertion or deletion to whoever wrote it.
            self.refuse(f"{match['position']}{match['residues'].lower()}, or residues joined by /", token)
        inverted = not match["residues"] and self.words("other", "than")
        written = self.next("residues such as F/Y") if inverted else None
        residues = parse_residues(written.text if written else match["residues"])
        if residues is None:
            self.refuse(
                "residues in one-letter code, * (stop), ins or del, such as 184I/V, 69ins or 41 other than L",
                written or token,
            )
        return ResidueAtom(position=int(match["position"]), residues=residues, inverted=inverted)
