"""A program written out as an answer set program, which clingo reads: the third evaluator, independent of the others.

Nothing is lowered or evaluated here. A condition is written down as the tree that it is, one fact a node, and what a
tree means is said by ``MEANING``, once for all programs. Its one notion is the *grade*: 0 is "possibly", 1 and above
"certainly, and with at least this strength", the strengths being the weights that the clauses have. So possible,
certain and strong are told by the same rules, and no strength is ever computed: the strongest grade at which a head
holds is its strength.

The text stands for itself. To ask it of one patient, add ``yes(N).`` for each atom that is true and ``no(N).`` for
each that is false; of what is unknown nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable

from resistab.core.condition import AllOf, AnyOf, Atom, ConclusionAtom, Condition, CountOf, Not, condition_text
from resistab.core.printable import printable
from resistab.core.program import FULL_WEIGHT, Clause, Head, Program

MEANING = """\
% --- what a program means: holds(N,G) and fails(N,G), that N holds or fails with grade G ---

% A clause carries what it derives no further than its own weight.
holds(H,G) :- clause(H,Weight,N), holds(N,G), G <= Weight.

% A conclusion fails certainly where it is not possible, possibly where it is not certain.
fails(H,G) :- conclusion(H), denied(H), grade(G), G > 0, not holds(H,0).
fails(H,0) :- conclusion(H), denied(H), not holds(H,1).

% What is observed weakens nothing; what is unknown possibly holds and possibly fails.
holds(a(A),G) :- asked(a(A)), grade(G), G > 0, yes(A).
holds(a(A),0) :- asked(a(A)), not no(A).
fails(a(A),G) :- denied(a(A)), grade(G), G > 0, no(A).
fails(a(A),0) :- denied(a(A)), not yes(A).

holds(N,G) :- asked(N), all(N), grade(G), holds(P,G) : part(N,_,P).
fails(N,G) :- denied(N), all(N), part(N,_,P), fails(P,G).

holds(N,G) :- asked(N), any(N), part(N,_,P), holds(P,G).
fails(N,G) :- denied(N), any(N), grade(G), fails(P,G) : part(N,_,P).

holds(N,G) :- asked(N), none(N), part(N,_,P), fails(P,G).
fails(N,G) :- denied(N), none(N), part(N,_,P), holds(P,G).

% Of Total parts at least Least hold, or at most Most.
holds(N,G) :- asked(N), at_least(N,Least,Total), grade(G), #count{I : part(N,I,P), holds(P,G)} >= Least.
fails(N,G) :- denied(N), at_least(N,Least,Total), grade(G), #count{I : part(N,I,P), fails(P,G)} > Total - Least.
holds(N,G) :- asked(N), at_most(N,Most,Total), grade(G), #count{I : part(N,I,P), fails(P,G)} >= Total - Most.
fails(N,G) :- denied(N), at_most(N,Most,Total), grade(G), #count{I : part(N,I,P), holds(P,G)} > Most.

% Whether something holds is asked only where a clause needs it, whether it fails only where that is denied.
asked(N) :- clause(_,_,N).
asked(P) :- asked(N), straight(N), part(N,_,P).
asked(P) :- denied(N), turned(N), part(N,_,P).
denied(P) :- denied(N), straight(N), part(N,_,P).
denied(P) :- asked(N), turned(N), part(N,_,P).
straight(N) :- all(N).
straight(N) :- any(N).
straight(N) :- at_least(N,_,_).
turned(N) :- none(N).
turned(N) :- at_most(N,_,_).
"""
_ANSWER = """
% The grades of each head are the answer.
#show.
#show value(H,G) : holds(h(H),G).
"""


class AnswerSetText:
    """A program as text for clingo, and what its numbers stand for.

    ``heads`` and ``atoms`` give the number of each: N in the terms ``h(N)`` and ``a(N)``. ``strengths`` are those of
    the grades 1, 2 and so on; where only some ``told`` strengths are to be told apart, these alone above the lowest.
    Where it is not ``asked`` what is observed is said otherwise than from outside, as of changes that may yet come,
    and the answer is another.
    """

    def __init__(self, program: Program, told: Iterable[float] | None = None, asked: bool = True) -> None:
        weights = {min(clause.weight, FULL_WEIGHT) for clause in program.clauses if clause.weight > 0} | {FULL_WEIGHT}
        self.strengths = tuple(sorted(weights if told is None else {min(weights), *told}))
        self._asked = asked
        self.heads = {head: number for number, head in enumerate(program.heads)}
        self.atoms: dict[Atom, int] = {}
        self._terms: dict[Condition, str] = {}
        self._nodes = 0
        self._lines: list[str] = []
        for clause in program.clauses:
            self._clause(clause)
        conclusions = [
            f"conclusion(h({number})). {_comment(str(head))}"
            for head, number in self.heads.items()
            if head.kind == "conclusion"
        ]
        self.text = "\n".join(
            [
                "% --- grades ---",
                f"grade(0..{len(self.strengths)}).",
                *(f"% {grade}: strength {strength:g}" for grade, strength in enumerate(self.strengths, start=1)),
                "",
                f"{MEANING}{_ANSWER if asked else ''}",
                "% --- conclusions ---",
                *conclusions,
                "",
                "% --- clauses: h(N) is a head, a(N) an atom, n(N) a condition made of others ---",
                *self._lines,
                "",
            ]
        )

    def _clause(self, clause: Clause) -> None:
        said = f"{clause.id} of {clause.unit}: {clause.head} (weight {clause.weight:g}) where "
        self._lines += ["", _comment(said + condition_text(clause.condition))]
        weight = sum(strength <= clause.weight for strength in self.strengths)
        self._lines.append(f"clause(h({self.heads[clause.head]}),{weight},{self._term(clause.condition)}).")

    def _term(self, condition: Condition) -> str:
        """The term of a condition, which is written down where it is met for the first time."""
        term = self._terms.get(condition)
        if term is None:
            term = self._terms[condition] = self._written(condition)
        return term

    def _written(self, condition: Condition) -> str:
        match condition:
            case ConclusionAtom(id=name):
                # Of what no clause derives there is no head yet.
                return f"h({self.heads.setdefault(Head('conclusion', name), len(self.heads))})"
            case Atom():
                number = self.atoms[condition] = len(self.atoms)
                if self._asked:
                    self._lines.append(f"#external yes({number}). #external no({number}). {_comment(condition.text)}")
                return f"a({number})"
            case AllOf(of=parts):
                return self._node("all({node})", [self._term(part) for part in parts])
            case AnyOf(of=parts):
                return self._node("any({node})", [self._term(part) for part in parts])
            case Not(of=part):
                return self._node("none({node})", [self._term(part)])
            case CountOf(at_least=least, at_most=most, of=parts):
                terms, total = [self._term(part) for part in parts], len(parts)
                bounds = [] if least is None else [self._node(f"at_least({{node}},{least},{total})", terms)]
                bounds += [] if most is None else [self._node(f"at_most({{node}},{most},{total})", terms)]
                return bounds[0] if len(bounds) == 1 else self._node("all({node})", bounds)
        raise TypeError(f"no condition: {condition!r}")

    def _node(self, fact: str, parts: list[str]) -> str:
        node = f"n({self._nodes})"
        self._nodes += 1
        listed = (f" part({node},{index},{part})." for index, part in enumerate(parts))
        self._lines.append(f"{fact.format(node=node)}.{''.join(listed)}")
        return node


def _comment(text: str) -> str:
    """``text`` as a comment: one line, whatever characters stand in it."""
    return f"% {printable(text)}"
