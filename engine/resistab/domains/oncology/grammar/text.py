"""The canonical text of a condition: what the parser reads back as the same condition."""

from __future__ import annotations

from decimal import Decimal

from resistab.domains.oncology.atoms import (
    AllOf,
    AnyOf,
    Atom,
    Bound,
    ChangeAtom,
    ConclusionAtom,
    Condition,
    CountOf,
    FusionAtom,
    HistologyAtom,
    LossAtom,
    NamedSetAtom,
    Not,
    PhaseAtom,
    PriorTherapyAtom,
    ResidueAtom,
    SiteAtom,
    StateAtom,
    TumourTypeAtom,
    WildTypeAtom,
)
from resistab.domains.virus.grammar.residues import residues_text


def condition_text(condition: Condition) -> str:
    """``condition`` in its canonical spelling."""
    match condition:
        case AllOf(of=parts):
            return _joined(parts, "and", "all of")
        case AnyOf(of=parts):
            return _joined(parts, "or", "any of")
        case Not(of=AnyOf(of=parts)):
            return f"none of ({_listed(parts)})"
        case Not(of=part):
            return f"not {_bracketed(part)}"
        case CountOf(at_least=least, at_most=most, of=parts):
            if least is not None and least == most:
                return f"exactly {least} of ({_listed(parts)})"
            if most is None:
                return f"at least {least} of ({_listed(parts)})"
            if least is None:
                return f"at most {most} of ({_listed(parts)})"
            return f"between {least} and {most} of ({_listed(parts)})"
    return atom_text(condition)


def _listed(parts: tuple[Condition, ...]) -> str:
    return ", ".join(condition_text(part) for part in parts)


def _bracketed(part: Condition) -> str:
    text = condition_text(part)
    infix = isinstance(part, AllOf | AnyOf) and len(part.of) in (2, 3)
    return f"({text})" if infix else text


def _joined(parts: tuple[Condition, ...], infix: str, group: str) -> str:
    if len(parts) in (2, 3):
        return f" {infix} ".join(_bracketed(part) for part in parts)
    return f"{group} ({_listed(parts)})"


def bound_text(bound: Bound | None) -> str:
    """A bound as it follows an atom: `` of at least 6 copies``; empty for None."""
    if bound is None:
        return ""
    unit = bound.unit if bound.unit in ("", "%") else f" {bound.unit}"
    return f" of at {bound.at} {number_text(bound.value)}{unit}"


def number_text(value: float) -> str:
    """``value`` with all its digits and without an exponent, which the grammar does not know."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fraction_text(bound: Bound | None) -> str:
    if bound is None:
        return ""
    # 12 significant digits undo the noise of the division by 100 that the parser makes.
    percent = Bound(at=bound.at, value=float(f"{bound.value * 100:.12g}"), unit="%")
    return f" with allele fraction{bound_text(percent)}"


def atom_text(atom: Atom) -> str:
    """An atom in its canonical spelling."""
    match atom:
        case ChangeAtom():
            residues = "/".join(atom.residues)
            change = f"{atom.change.start_residue}{atom.change.start}{residues}" if residues else str(atom.change)
            return f"{atom.gene} {change}{_fraction_text(atom.allele_fraction)}"
        case SiteAtom():
            return _site_text(atom) + _fraction_text(atom.allele_fraction)
        case NamedSetAtom():
            return atom.name
        case WildTypeAtom():
            return f"{atom.gene} wild type"
        case LossAtom():
            return f"{atom.gene} loss"
        case StateAtom():
            return _state_text(atom) + bound_text(atom.bound)
        case FusionAtom():
            if atom.either:
                return f"{atom.either} fusion"
            return f"{atom.five_prime}::{atom.three_prime}"
        case PhaseAtom():
            return f"{atom_text(atom.first)} in {atom.phase} with {atom_text(atom.second)}"
        case HistologyAtom():
            return "histological transformation" + (f" to {atom.to}" if atom.to else "")
        case PriorTherapyAtom():
            return "prior treatment with " + (atom.drug or f"class {atom.drug_class}")
        case TumourTypeAtom():
            return f"tumour type is {atom.code}"
        case ResidueAtom():
            return _residue_text(atom)
        case ConclusionAtom():
            return f"conclusion {atom.id}"


def _residue_text(atom: ResidueAtom) -> str:
    gene = f"{atom.gene} " if atom.gene else ""
    residues = residues_text(atom.residues)
    return f"{gene}{atom.position}{' other than ' if atom.inverted else ''}{residues}"


def _site_text(atom: SiteAtom) -> str:
    if atom.unspecified:
        return f"unspecified {_site_text(atom.model_copy(update={'unspecified': False}))}"
    if atom.exon is not None:
        return f"{atom.gene} exon {atom.exon} {atom.type}"
    if atom.type == "any change" or (atom.type == "substitution" and atom.first == atom.last is not None):
        excluded = f" except {'/'.join(atom.excluded)}" if atom.excluded else ""
        return f"any {atom.type.removeprefix('any ')} at {atom.gene} {atom.reference}{atom.first}{excluded}"
    if atom.first is not None:
        return f"{atom.gene} residues {atom.first}-{atom.last} {atom.type}"
    return f"{atom.gene} {atom.type}"


def _state_text(atom: StateAtom) -> str:
    match atom.analyte:
        case "protein":
            return f"{atom.subject} protein {atom.state}"
        case "activity":
            return f"{atom.subject} {atom.state} activity"
        case "splicing":
            name = atom.state
            if name == "variant":
                return f"{atom.subject} splice variant"
            if name.endswith(" skipping"):
                return f"{atom.subject} {name}"
            return f"{atom.subject} splice variant {name}"
        case "signature":
            return atom.subject if atom.state == "value" else f"{atom.subject} {atom.state}"
    return f"{atom.subject} {atom.state}"
