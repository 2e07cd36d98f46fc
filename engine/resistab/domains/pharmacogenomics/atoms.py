"""What a condition on a germline genotype can ask for."""

from __future__ import annotations

from typing import Literal

from resistab.core.condition import Atom, number_text

Function = Literal["normal", "decreased", "none", "increased", "deficient", "cnsha", "uncertain"]
# What nobody knows is no function that an allele may turn out to have.
UNCERTAIN: Function = "uncertain"


class OfGene(Atom):
    """An atom that speaks of one gene."""

    kind: str
    gene: str

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.gene,)


class AlleleAtom(OfGene):
    """An allele is carried, in one copy or two; it is named without its gene, as ``57:01``."""

    kind: Literal["allele"] = "allele"
    allele: str

    @property
    def text(self) -> str:
        return f"{self.gene}*{self.allele}"


class FunctionsAtom(OfGene):
    """One allele has a function among ``one``, the other a function among ``other``."""

    kind: Literal["functions"] = "functions"
    one: tuple[Function, ...]
    other: tuple[Function, ...]

    @property
    def text(self) -> str:
        return f"{self.gene} {'/'.join(self.one)} with {'/'.join(self.other)}"


class ActivityAtom(OfGene):
    """The activity values of both alleles add up to a score within bounds, both included; None is open."""

    kind: Literal["activity"] = "activity"
    least: float | None = None
    most: float | None = None

    @property
    def text(self) -> str:
        if self.least is None or self.most is None:
            bound = f"at most {number_text(self.most or 0)}" if self.least is None else f"at least {self.least:g}"
        else:
            bound = number_text(self.least) + (f" to {number_text(self.most)}" if self.most != self.least else "")
        return f"{self.gene} activity {bound}"

    def holds(self, score: float) -> bool:
        """Whether ``score`` lies within the bounds."""
        return (self.least is None or score >= self.least) and (self.most is None or score <= self.most)


GermlineAtom = AlleleAtom | FunctionsAtom | ActivityAtom


def germline_atom(atom: Atom) -> GermlineAtom:
    """``atom`` as one of this domain; raises ``TypeError`` for any other."""
    if isinstance(atom, AlleleAtom | FunctionsAtom | ActivityAtom):
        return atom
    raise TypeError(f"germline rules do not ask for {atom}")
