"""How the atoms of a tumour's rules are related: what of one follows from another, for every genotype.

Where the findings that satisfy an atom can be listed, the engine's own observer is asked what each says of the other
atom; where they cannot (any change of a stretch of residues) the answer follows from the stretches. Findings are
taken to be spelled the shortest way (T790M, not T790_Q791delinsMQ), in-frame changes at any of their equal places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from resistab.core.condition import Atom, ConclusionAtom, atoms
from resistab.core.truth import Truth
from resistab.domains.oncology.atoms import (
    Bound,
    ChangeAtom,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    PhaseAtom,
    PriorTherapyAtom,
    QualifiedAtom,
    SiteAtom,
    StateAtom,
    TumourTypeAtom,
    WildTypeAtom,
    tumour_atom,
)
from resistab.domains.oncology.genotype import ChangeFinding, Finding, Genotype, SetFinding
from resistab.domains.oncology.grammar.protein_change import ProteinChange, normal_form
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.observe import Observer

# What a change known by one type is of another type too.
_ALSO: dict[str, frozenset[str]] = {
    "deletion": frozenset({"deletion", "any change", "mutation"}),
    "insertion": frozenset({"insertion", "any change", "mutation"}),
    "substitution": frozenset({"substitution", "any change", "mutation"}),
    "truncation": frozenset({"truncation", "any change", "mutation"}),
    "splice site mutation": frozenset({"splice site mutation", "mutation"}),
    "promoter mutation": frozenset({"promoter mutation"}),
    "reversion": frozenset({"reversion"}),
    "mutation": frozenset({"any change", "mutation"}),
    "any change": frozenset({"any change", "mutation"}),
}
# Units in which the findings of an analyte are always compared.
_ONE_UNIT = frozenset({"copy number", "signature"})


class TumourAtoms:
    """The relations between atoms under one rulebase."""

    def __init__(self, rulebase: Rulebase) -> None:
        self.rulebase = rulebase
        self._sets: dict[str, list[str]] = {}
        for item in rulebase.alteration_sets:
            self._sets.setdefault(item.name.split()[0], []).append(item.name)
        self._observers: dict[Finding, Observer] = {}
        self._lineages: dict[str, frozenset[str]] = {}

    def neighbourhoods(self, atom: Atom) -> Iterable[object]:
        """The genes, or the kind of thing, that ``atom`` speaks of."""
        known = tumour_atom(atom)
        match known:
            case ChangeAtom() | SiteAtom() | NamedSetAtom() | WildTypeAtom() | LossAtom():
                return (known.gene,)
            case StateAtom():
                return (known.subject,)
            case PhaseAtom():
                return tuple(dict.fromkeys((known.first.gene, known.second.gene)))
            case QualifiedAtom():
                return (known.alteration.gene,)
            case FusionAtom():
                return tuple(("fusion", gene) for gene in known.genes)
            case HistologyAtom() | PriorTherapyAtom() | TumourTypeAtom():
                return ((known.kind,),)
            case ConclusionAtom():
                return ()
            case _:
                assert_never(known)

    # --- one certain, so the other certain ------------------------------------------------------------------------

    def implies(self, one: Atom, other: Atom) -> bool:
        """Whether ``other`` is certain wherever ``one`` is."""
        match one, other:
            case PhaseAtom(), ChangeAtom():
                return other in (one.first, one.second)
            case QualifiedAtom(), QualifiedAtom():
                return one.quality == other.quality and self._same_or_implies(one.alteration, other.alteration)
            case QualifiedAtom(), ChangeAtom() | SiteAtom() | NamedSetAtom() | LossAtom():
                return self._same_or_implies(one.alteration, other)
            case ChangeAtom(), ChangeAtom() | SiteAtom() | NamedSetAtom() | LossAtom():
                return all(self._says(finding, other) is Truth.TRUE for finding in self._findings(one))
            case SiteAtom(), SiteAtom():
                return self._site_implies(one, other)
            case SiteAtom(type="truncation"), LossAtom():
                return True
            case SiteAtom(), NamedSetAtom():
                return any(
                    isinstance(member, SiteAtom) and self._site_implies(one, member) for member in self._members(other)
                )
            case NamedSetAtom(), SiteAtom() | NamedSetAtom():
                by_name = self._says(_set_finding(one), other) is Truth.TRUE
                return by_name and all(self._same_or_implies(member, other) for member in self._members(one))
            case StateAtom(), NamedSetAtom():
                return one in self._members(other)
            case StateAtom(), StateAtom():
                return _state_implies(one, other)
            case StateAtom(analyte="protein", state="negative", bound=None), LossAtom():
                return True
            case FusionAtom(), FusionAtom():
                return bool(other.either and one.five_prime and one.three_prime and other.either in one.genes)
            case HistologyAtom(), HistologyAtom():
                return not other.to or other.to in self._lineage(one.to)
            case TumourTypeAtom(), TumourTypeAtom():
                return other.code in self._lineage(one.code)
            case PriorTherapyAtom(), PriorTherapyAtom():
                drug = self.rulebase.drug_by_name.get(one.drug)
                if one.lines or other.lines:
                    return other.lines > 0 and (one.lines or 1) >= other.lines
                same = one.drug == other.drug and one.drug_class == other.drug_class
                wider = same or bool(other.drug_class and drug and other.drug_class in drug.classes)
                return wider and (one.progression or not other.progression)
        return False

    def _same_or_implies(self, one: Atom, other: Atom) -> bool:
        return one == other or self.implies(one, other)

    def _site_implies(self, one: SiteAtom, other: SiteAtom) -> bool:
        fits = (
            other.type in _ALSO[one.type]
            and _within(one, other)
            and set(other.excluded) <= set(one.excluded)
            and (one.unspecified or not other.unspecified)
            and _bound_implies(one.allele_fraction, other.allele_fraction)
        )
        return fits and all(
            self._says(finding, other) is Truth.TRUE
            for finding in self._set_findings(one.gene)
            if self._says(finding, one) is Truth.TRUE
        )

    # --- one false wherever the other is --------------------------------------------------------------------------

    def ruled_out_with(self, one: Atom, other: Atom) -> bool:
        """Whether ``one`` is false wherever ``other`` is."""
        match one, other:
            case PhaseAtom(), ChangeAtom():
                return other in (one.first, one.second)
            case ChangeAtom(), ChangeAtom():
                same_place = one.change.kind == other.change.kind == "substitution"
                return (
                    same_place
                    and one.change.start == other.change.start
                    and other.allele_fraction in (None, one.allele_fraction)
                    and self.implies(one, other)
                    and self._sets_agree(one, other)
                )
            case ChangeAtom(), SiteAtom():
                inside = (
                    other.first is None or other.last is None or (
                        other.first <= one.change.start and one.change.end <= other.last
                    )
                )  # fmt: skip
                return inside and self._open_to(one, other) and self.implies(one, other)
            case SiteAtom(), SiteAtom():
                return self._open_to(one, other) and self._site_implies(one, other)
            case ChangeAtom() | SiteAtom() | StateAtom(), NamedSetAtom():
                return any(one == member or self.ruled_out_with(one, member) for member in self._members(other))
            case StateAtom(), StateAtom():
                return (other.bound is None) is (one.bound is None) and _state_implies(one, other)
            case (
                (HistologyAtom(), HistologyAtom())
                | (TumourTypeAtom(), TumourTypeAtom())
                | (PriorTherapyAtom(), PriorTherapyAtom())
            ):
                return self.implies(one, other)
        return False

    def _open_to(self, one: ChangeAtom | SiteAtom, other: SiteAtom) -> bool:
        return other.allele_fraction is None and not other.unspecified and self._sets_agree(one, other)

    def _sets_agree(self, one: Atom, other: Atom) -> bool:
        """Whether no finding known as a member of a set leaves ``one`` open and refutes ``other``."""
        gene = one.gene if isinstance(one, ChangeAtom | SiteAtom) else ""
        return all(
            self._says(finding, other) is not Truth.FALSE
            for finding in self._set_findings(gene)
            if self._says(finding, one) is not Truth.FALSE
        )

    # --- one or the other -----------------------------------------------------------------------------------------

    def refutes(self, one: Atom, other: Atom) -> bool:
        """Whether ``other`` is false wherever ``one`` is certain."""
        match one, other:
            case TumourTypeAtom(), TumourTypeAtom():
                return other.code not in self._lineage(one.code) and one.code not in self._lineage(other.code)
            case (WildTypeAtom(), mutation) | (mutation, WildTypeAtom()):
                changed = isinstance(mutation, ChangeAtom) and mutation.change.kind != "synonymous"
                return changed or isinstance(mutation, SiteAtom)
            case PhaseAtom(), PhaseAtom():
                return (one.first, one.second) == (other.first, other.second) and one.phase != other.phase
        return False

    def clash(self, one: Atom, other: Atom) -> bool:
        """Whether the two are never certain together; findings that contradict each other are refused as input."""
        if not isinstance(one, StateAtom) or not isinstance(other, StateAtom):
            return False
        if (one.subject, one.analyte) != (other.subject, other.analyte) or one.analyte == "splicing":
            return False
        if one.state != other.state:
            return "value" not in (one.state, other.state)
        low, high = one.bound, other.bound
        if low is None or high is None or low.unit != high.unit or one.analyte not in _ONE_UNIT:
            return False
        if low.at == "most":
            low, high = high, low
        return low.at == "least" and high.at == "most" and low.value > high.value

    # --- findings -------------------------------------------------------------------------------------------------

    def _findings(self, atom: ChangeAtom) -> Iterator[Finding]:
        """The findings that make ``atom`` certain, the allele fraction at its bounds."""
        bound = atom.allele_fraction
        extremes = (None,) if bound is None else (bound.value, 1.0 if bound.at == "least" else 0.0)
        changes = (
            [atom.change.model_copy(update={"inserted": residue}) for residue in atom.residues]
            if atom.residues
            else spellings(atom.change, self.rulebase.sequences.get(atom.gene))
        )
        for change in changes:
            for fraction in extremes:
                yield ChangeFinding(text="", given="", gene=atom.gene, change=change, allele_fraction=fraction)

    def _set_findings(self, gene: str) -> Iterator[Finding]:
        for name in self._sets.get(gene, ()):
            yield SetFinding(text="", given="", gene=gene, name=name)

    def _says(self, finding: Finding, atom: Atom) -> Truth:
        """What ``finding`` alone says of ``atom`` where everything was assayed."""
        observer = self._observers.get(finding)
        if observer is None:
            genotype = Genotype(sample="", tumour_type="", lineage=(), findings=(finding,))
            observer = self._observers[finding] = Observer(genotype, self.rulebase, assume_assayed=True)
        return observer.observe(atom).truth

    def _members(self, atom: NamedSetAtom) -> list[Atom]:
        return list(atoms(self.rulebase.set_by_name[atom.name].members))

    def _lineage(self, code: str) -> frozenset[str]:
        if code not in self._lineages:
            self._lineages[code] = frozenset(self.rulebase.lineage(code))
        return self._lineages[code]


def spellings(change: ProteinChange, sequence: str | None) -> list[ProteinChange]:
    """The shortest spellings of what ``change`` does to a protein: an in-frame change at each of its equal places."""
    kind, first, removed, inserted = normal_form(change, sequence)
    if kind != "in-frame" or sequence is None:
        return [change]
    found = [change]

    def spelled(name: str, start: int, end: int, new: str) -> None:
        if start >= 1 and end <= len(sequence):
            ends = {"start_residue": sequence[start - 1], "end_residue": sequence[end - 1]}
            found.append(
                ProteinChange.model_validate({"kind": name, "start": start, "end": end, "inserted": new} | ends)
            )

    if removed and inserted:
        spelled("delins", first, first + removed - 1, inserted)
    elif removed:
        spelled("deletion", first, first + removed - 1, "")
        while first > 1 and sequence[first - 2] == sequence[first + removed - 2]:
            first -= 1
            spelled("deletion", first, first + removed - 1, "")
    else:
        size = len(inserted)
        while True:
            spelled("insertion", first - 1, first, inserted)
            if first > size and sequence[first - size - 1 : first - 1] == inserted:
                spelled("duplication", first - size, first - 1, "")
            if first < 2 or sequence[first - 2] != inserted[-1]:
                break
            first, inserted = first - 1, inserted[-1] + inserted[:-1]
    return list(dict.fromkeys(found))


def _set_finding(atom: NamedSetAtom) -> Finding:
    return SetFinding(text="", given="", gene=atom.gene, name=atom.name)


def _within(one: SiteAtom, other: SiteAtom) -> bool:
    if other.first is None or other.last is None:
        return True
    return one.first is not None and one.last is not None and other.first <= one.first and one.last <= other.last


def _bound_implies(one: Bound | None, other: Bound | None) -> bool:
    """Whether what satisfies ``one`` satisfies ``other``; no bound is satisfied by everything."""
    if other is None:
        return True
    return one is not None and one.at == other.at and one.unit == other.unit and other.holds(one.value)


def _state_implies(one: StateAtom, other: StateAtom) -> bool:
    if (one.subject, one.analyte) != (other.subject, other.analyte):
        return False
    if one.analyte == "splicing" and other.state == "variant":
        return one.bound is None and other.bound is None
    if one.state != other.state:
        return False
    # Of TMB a number alone is never "high"; of copies "amplified" and a number are said together.
    return _bound_implies(one.bound, other.bound)
