"""What a condition can say: a tree of connectives over atoms, as frozen models.

An atom speaks of one measurable thing (a protein change, a copy number, a fusion, …), of the tumour type, of
prior therapy, or of a conclusion. The text of a node is its canonical spelling, see ``condition_text``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from resistab.domains.oncology.grammar.protein_change import ProteinChange


class Node(BaseModel):
    """Base of all nodes: frozen, and with no field that the language does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Bound(Node):
    """A measured value must be at least, or at most, ``value``; ``unit`` as the rule writes it ("" for none)."""

    at: Literal["least", "most"]
    value: float
    unit: str = ""

    def holds(self, measured: float) -> bool:
        """Whether ``measured`` (in the same unit) satisfies the bound."""
        return measured >= self.value if self.at == "least" else measured <= self.value


class ChangeAtom(Node):
    """One protein change, or several substitutions at one position (``ABL1 T315A/I``)."""

    kind: Literal["change"] = "change"
    gene: str
    change: ProteinChange
    residues: tuple[str, ...] = ()
    allele_fraction: Bound | None = None

    @field_validator("residues")
    @classmethod
    def _in_order(cls, residues: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(residues)))


# A change at a splice site is known by its place in the gene, not by what it does to the protein.
SiteType = Literal[
    "any change", "substitution", "deletion", "insertion", "mutation", "truncation", "splice site mutation"
]


class SiteAtom(Node):
    """A change of a type anywhere in a codon, an exon, a range of residues, or the whole gene.

    ``first`` and ``last`` bound the residues (inclusive); both are None for the whole gene, and for an exon until
    the loader has put in the exon's residues. ``reference`` is the residue a codon is written with, or "".
    ``excluded`` are new residues that do not count. ``unspecified`` asks for a finding that is itself known by type
    and place only ("EGFR exon 20 insertion", the sequence not said): what is to be concluded from such a report is
    for a curator to say, and for no other rule to guess.
    """

    kind: Literal["site"] = "site"
    gene: str
    type: SiteType
    exon: int | None = None
    first: int | None = None
    last: int | None = None
    reference: str = ""
    excluded: tuple[str, ...] = ()
    unspecified: bool = False
    allele_fraction: Bound | None = None


class NamedSetAtom(Node):
    """A member of a named, listed set of alterations of one gene (``KRAS activating mutation``)."""

    kind: Literal["set"] = "set"
    gene: str
    name: str


class WildTypeAtom(Node):
    """The gene was assayed for mutations and none was found."""

    kind: Literal["wild type"] = "wild type"
    gene: str


class LossAtom(Node):
    """Loss of a gene's function: truncation, homozygous deletion, no protein, or loss reported as such."""

    kind: Literal["loss"] = "loss"
    gene: str


Analyte = Literal["copy number", "expression", "protein", "methylation", "activity", "splicing", "signature"]


class StateAtom(Node):
    """A state of a gene's copy number, expression, … or of a signature (``subject`` MSI, TMB or HRD).

    ``state`` is amplification or deletion of the copy number, overexpression or underexpression, positive or negative
    of a protein, promoter methylation, increased or decreased activity; for splicing the variant's name, or "variant"
    for any; for signatures see ``SIGNATURES``, with "value" for a bound.
    """

    kind: Literal["state"] = "state"
    subject: str
    analyte: Analyte
    state: str
    bound: Bound | None = None


SIGNATURES: dict[str, tuple[str, ...]] = {
    "MSI": ("high", "low", "stable"),
    "TMB": ("high", "low", "value"),
    "HRD": ("positive", "negative"),
}


class FusionAtom(Node):
    """A fusion; a partner that is not given ("") may be any gene."""

    kind: Literal["fusion"] = "fusion"
    five_prime: str = ""
    three_prime: str = ""
    either: str = ""

    @property
    def genes(self) -> tuple[str, ...]:
        """The genes that are named."""
        return tuple(g for g in (self.five_prime, self.three_prime, self.either) if g)


class PhaseAtom(Node):
    """Two changes on the same (cis) or on different (trans) copies of the gene."""

    kind: Literal["phase"] = "phase"
    first: ChangeAtom
    second: ChangeAtom
    phase: Literal["cis", "trans"]


class HistologyAtom(Node):
    """The tumour's histology has changed, to an OncoTree type or to any ("")."""

    kind: Literal["histology"] = "histology"
    to: str = ""


class PriorTherapyAtom(Node):
    """Prior treatment with a drug, or with any drug of a class."""

    kind: Literal["prior"] = "prior"
    drug: str = ""
    drug_class: str = ""


class TumourTypeAtom(Node):
    """The tumour is of an OncoTree type or of one of its descendants."""

    kind: Literal["tumour type"] = "tumour type"
    code: str


class ResidueAtom(Node):
    """At a position of a viral protein one of ``residues`` was found, or, if ``inverted``, any other than these.

    ``residues`` are single characters in order, see ``residues``: amino acids, ``*`` a stop, ``i`` an insertion,
    ``d`` a deletion. ``gene`` is "" in a table, which names its gene once.
    """

    kind: Literal["residue"] = "residue"
    gene: str = ""
    position: int
    residues: tuple[str, ...]
    inverted: bool = False


class ConclusionAtom(Node):
    """A mechanism rule has concluded this."""

    kind: Literal["conclusion"] = "conclusion"
    id: str


Atom = (
    ChangeAtom
    | SiteAtom
    | NamedSetAtom
    | WildTypeAtom
    | LossAtom
    | StateAtom
    | FusionAtom
    | PhaseAtom
    | HistologyAtom
    | PriorTherapyAtom
    | TumourTypeAtom
    | ResidueAtom
    | ConclusionAtom
)


class AllOf(Node):
    """Every part holds."""

    kind: Literal["all"] = "all"
    of: tuple[Condition, ...]


class AnyOf(Node):
    """At least one part holds."""

    kind: Literal["any"] = "any"
    of: tuple[Condition, ...]


class Not(Node):
    """The part does not hold; ``none of (a, b)`` is ``Not(AnyOf(a, b))``."""

    kind: Literal["not"] = "not"
    of: Condition


class CountOf(Node):
    """Between ``at_least`` and ``at_most`` of the parts hold; a bound that is None is open."""

    kind: Literal["count"] = "count"
    at_least: int | None = None
    at_most: int | None = None
    of: tuple[Condition, ...]


Condition = Annotated[
    ChangeAtom
    | SiteAtom
    | NamedSetAtom
    | WildTypeAtom
    | LossAtom
    | StateAtom
    | FusionAtom
    | PhaseAtom
    | HistologyAtom
    | PriorTherapyAtom
    | TumourTypeAtom
    | ResidueAtom
    | ConclusionAtom
    | AllOf
    | AnyOf
    | Not
    | CountOf,
    Field(discriminator="kind"),
]


def atoms(condition: Condition) -> Iterator[Atom]:
    """Every atom of ``condition``, left to right, repeated where it stands more than once."""
    if isinstance(condition, AllOf | AnyOf | CountOf):
        for part in condition.of:
            yield from atoms(part)
    elif isinstance(condition, Not):
        yield from atoms(condition.of)
    else:
        yield condition


def replace_atoms(condition: Condition, replacement: dict[Atom, Condition]) -> Condition:
    """``condition`` with every atom that is a key of ``replacement`` replaced."""
    if isinstance(condition, AllOf | AnyOf | CountOf):
        return condition.model_copy(update={"of": tuple(replace_atoms(part, replacement) for part in condition.of)})
    if isinstance(condition, Not):
        return Not(of=replace_atoms(condition.of, replacement))
    return replacement.get(condition, condition)
