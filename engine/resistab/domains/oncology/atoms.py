"""What a condition on a tumour can ask for.

An atom speaks of one measurable thing (a protein change, a copy number, a fusion, …), of the tumour type, or of prior
therapy.
"""

from __future__ import annotations

from typing import Literal, assert_never

from resistab.core.condition import Atom, ConclusionAtom, Condition, Node, number_text
from resistab.core.model import field_validator
from resistab.domains.oncology.grammar.protein_change import ProteinChange


class Bound(Node):
    """A measured value must be at least, or at most, ``value``; ``unit`` as the rule writes it ("" for none)."""

    at: Literal["least", "most"]
    value: float
    unit: str = ""

    def holds(self, measured: float) -> bool:
        """Whether ``measured`` (in the same unit) satisfies the bound."""
        return measured >= self.value if self.at == "least" else measured <= self.value

    @property
    def text(self) -> str:
        """The bound as it follows an atom: `` of at least 6 copies``."""
        unit = self.unit if self.unit in ("", "%") else f" {self.unit}"
        return f" of at {self.at} {number_text(self.value)}{unit}"


def _fraction_text(bound: Bound | None) -> str:
    if bound is None:
        return ""
    # 12 significant digits undo the noise of the division by 100 that the parser makes.
    percent = Bound(at=bound.at, value=float(f"{bound.value * 100:.12g}"), unit="%")
    return f" with allele fraction{percent.text}"


class ChangeAtom(Atom):
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

    @property
    def text(self) -> str:
        residues = "/".join(self.residues)
        change = f"{self.change.start_residue}{self.change.start}{residues}" if residues else str(self.change)
        return f"{self.gene} {change}{_fraction_text(self.allele_fraction)}"

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.gene,)

    @property
    def network_place(self) -> tuple[str, str]:
        return self.gene, str(self.change.start)


# A change at a splice site or in the promoter is known by its place in the gene, not by what it does to the protein; a
# reversion is one that restores the reading frame which another change had lost.
SiteType = Literal[
    "any change",
    "substitution",
    "deletion",
    "insertion",
    "mutation",
    "truncation",
    "splice site mutation",
    "promoter mutation",
    "reversion",
]
# Those that say of no residue what becomes of it.
UNPLACED_TYPES = ("splice site mutation", "promoter mutation", "reversion")


class SiteAtom(Atom):
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

    @property
    def text(self) -> str:
        return self._site_text() + _fraction_text(self.allele_fraction)

    @property
    def normal(self) -> SiteAtom:
        return self.model_copy(update={"excluded": tuple(sorted(set(self.excluded)))}) if self.excluded else self

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.gene,)

    @property
    def network_place(self) -> tuple[str, str]:
        return self.gene, str(self.first or "")

    def _site_text(self) -> str:
        if self.unspecified:
            return f"unspecified {self.model_copy(update={'unspecified': False})._site_text()}"
        if self.exon is not None:
            return f"{self.gene} exon {self.exon} {self.type}"
        if self.type == "any change" or (self.type == "substitution" and self.first == self.last is not None):
            excluded = f" except {'/'.join(self.excluded)}" if self.excluded else ""
            return f"any {self.type.removeprefix('any ')} at {self.gene} {self.reference}{self.first}{excluded}"
        if self.first is not None:
            return f"{self.gene} residues {self.first}-{self.last} {self.type}"
        return f"{self.gene} {self.type}"


class NamedSetAtom(Atom):
    """A member of a named, listed set of alterations of one gene (``KRAS activating mutation``)."""

    kind: Literal["set"] = "set"
    gene: str
    name: str

    @property
    def text(self) -> str:
        return self.name

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.gene,)


class WildTypeAtom(Atom):
    """The gene was assayed for mutations and none was found."""

    kind: Literal["wild type"] = "wild type"
    gene: str

    @property
    def text(self) -> str:
        return f"{self.gene} wild type"

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.gene,)


class LossAtom(Atom):
    """Loss of a gene's function: truncation, homozygous deletion, no protein, or loss reported as such."""

    kind: Literal["loss"] = "loss"
    gene: str

    @property
    def text(self) -> str:
        return f"{self.gene} loss"

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.gene,)


Analyte = Literal["copy number", "expression", "protein", "methylation", "activity", "splicing", "signature"]


class StateAtom(Atom):
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

    @property
    def text(self) -> str:
        return self._state_text() + (self.bound.text if self.bound else "")

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.subject,)

    def _state_text(self) -> str:
        match self.analyte:
            case "protein":
                return f"{self.subject} protein {self.state}"
            case "activity":
                return f"{self.subject} {self.state} activity"
            case "splicing":
                if self.state == "variant":
                    return f"{self.subject} splice variant"
                if self.state.endswith(" skipping"):
                    return f"{self.subject} {self.state}"
                return f"{self.subject} splice variant {self.state}"
            case "signature":
                return self.subject if self.state == "value" else f"{self.subject} {self.state}"
            case "copy number" | "expression" | "methylation":
                return f"{self.subject} {self.state}"
            case _:
                assert_never(self.analyte)


SIGNATURES: dict[str, tuple[str, ...]] = {
    "MSI": ("high", "low", "stable"),
    "TMB": ("high", "low", "value"),
    "HRD": ("positive", "negative"),
}


class FusionAtom(Atom):
    """A fusion; a partner that is not given ("") may be any gene."""

    kind: Literal["fusion"] = "fusion"
    five_prime: str = ""
    three_prime: str = ""
    either: str = ""

    @property
    def genes(self) -> tuple[str, ...]:
        """The genes that are named."""
        return tuple(g for g in (self.five_prime, self.three_prime, self.either) if g)

    @property
    def text(self) -> str:
        return f"{self.either} fusion" if self.either else f"{self.five_prime}::{self.three_prime}"

    @property
    def subjects(self) -> tuple[str, ...]:
        return self.genes


class PhaseAtom(Atom):
    """Two changes on the same (cis) or on different (trans) copies of the gene."""

    kind: Literal["phase"] = "phase"
    first: ChangeAtom
    second: ChangeAtom
    phase: Literal["cis", "trans"]

    @property
    def text(self) -> str:
        return f"{self.first.text} in {self.phase} with {self.second.text}"

    @property
    def normal(self) -> PhaseAtom:
        if self.second.text < self.first.text:
            return PhaseAtom.model_construct(first=self.second, second=self.first, phase=self.phase)
        return self

    @property
    def subjects(self) -> tuple[str, ...]:
        return (self.first.gene,)

    @property
    def parts(self) -> tuple[Atom, ...]:
        return (self.first, self.second)


class QualifiedAtom(Atom):
    """An alteration of which it is asked whether it is inherited, or on how many copies of the gene it lies.

    ``germline BRCA2 loss``, ``biallelic JAK1 loss``: a finding of which that is not said leaves it open.
    """

    kind: Literal["qualified"] = "qualified"
    quality: Literal["germline", "somatic", "biallelic"]
    inner: Condition

    @field_validator("inner")
    @classmethod
    def _one_alteration(cls, inner: Condition) -> Condition:
        if not isinstance(inner, ChangeAtom | SiteAtom | NamedSetAtom | LossAtom):
            raise ValueError("only a mutation or the loss of a gene is germline, somatic or biallelic")
        return inner

    @property
    def alteration(self) -> ChangeAtom | SiteAtom | NamedSetAtom | LossAtom:
        """What is asked for."""
        assert isinstance(self.inner, ChangeAtom | SiteAtom | NamedSetAtom | LossAtom)
        return self.inner

    @property
    def text(self) -> str:
        return f"{self.quality} {self.alteration.text}"

    @property
    def normal(self) -> QualifiedAtom:
        return QualifiedAtom.model_construct(quality=self.quality, inner=self.alteration.normal)

    @property
    def subjects(self) -> tuple[str, ...]:
        return self.alteration.subjects

    @property
    def parts(self) -> tuple[Atom, ...]:
        return (self.alteration,)


class HistologyAtom(Atom):
    """The tumour's histology has changed, to an OncoTree type or to any ("")."""

    kind: Literal["histology"] = "histology"
    to: str = ""

    @property
    def text(self) -> str:
        return "histological transformation" + (f" to {self.to}" if self.to else "")


class PriorTherapyAtom(Atom):
    """Prior treatment with a drug, or with any drug of a class; with ``progression``, that the tumour grew under it.

    With ``lines`` it is any treatment, in at least so many lines of therapy.
    """

    kind: Literal["prior"] = "prior"
    drug: str = ""
    drug_class: str = ""
    progression: bool = False
    lines: int = 0

    @property
    def text(self) -> str:
        if self.lines:
            return f"prior treatment in at least {self.lines} line{'s' if self.lines > 1 else ''}"
        how = "progression on " if self.progression else "prior treatment with "
        return how + (self.drug or f"class {self.drug_class}")


class TumourTypeAtom(Atom):
    """The tumour is of an OncoTree type or of one of its descendants."""

    kind: Literal["tumour type"] = "tumour type"
    code: str

    @property
    def text(self) -> str:
        return f"tumour type is {self.code}"


# Everything that a condition on a tumour can ask for: a ``match`` over it ends in ``assert_never``.
TumourAtom = (
    ChangeAtom
    | SiteAtom
    | NamedSetAtom
    | WildTypeAtom
    | LossAtom
    | StateAtom
    | FusionAtom
    | PhaseAtom
    | QualifiedAtom
    | HistologyAtom
    | PriorTherapyAtom
    | TumourTypeAtom
    | ConclusionAtom
)


def tumour_atom(atom: Atom) -> TumourAtom:
    """``atom`` as one of those that can be asked of a tumour; raises ``TypeError`` for one of another domain."""
    if not isinstance(atom, TumourAtom):
        raise TypeError(f"'{atom.text}' cannot be asked of a tumour")
    return atom


# So many residues at most are a part of a domain, such as a loop or what one exon makes.
PART = 60


def names_a_change(atom: Atom) -> bool:
    """Whether an atom asks for a change itself, any at its codon, or one of a part of the protein such as a loop.

    Any substitution of a whole domain is not that: it says nothing of the one that was found.
    """
    if isinstance(atom, SiteAtom):
        if atom.first is None or atom.last is None or atom.type == "mutation":
            return False
        return atom.last - atom.first < PART or atom.type in ("deletion", "insertion")
    return isinstance(atom, ChangeAtom)
