"""Measurements as laboratories write them: ``HER2 IHC 3+``, ``PD-L1 TPS 60%``, ``MYC TPM 45``, ``MET 7 copies``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

QuantityAnalyte = Literal["copy number", "expression", "protein"]


@dataclass(frozen=True)
class Quantity:
    """What was measured of a gene: ``value`` in ``unit``, None where only the kind of measurement is named."""

    gene: str
    analyte: QuantityAnalyte
    unit: str
    value: float | None


# The least and the largest value of a unit, None for none.
MEASURED_WITHIN: dict[str, tuple[float | None, float | None]] = {
    "IHC": (0, 3),
    "TPS": (0, 100),
    "CPS": (0, 100),
    "%": (0, 100),
    "TPM": (0, None),
    "FPKM": (0, None),
    "copies": (0, None),
    "mut/Mb": (0, None),
}


def outside(value: float, unit: str) -> str | None:
    """The bounds that a value in a unit must keep, where it does not; None where it does."""
    least, most = MEASURED_WITHIN.get(unit, (None, None))
    if not math.isfinite(value):
        return "that is finite"
    if (least is None or value >= least) and (most is None or value <= most):
        return None
    return f"from {least:g}" + (f" to {most:g}" if most is not None else "")


_NUMBER = r"(?P<value>-?\d+(?:\.\d+)?)"
_GENE = r"(?P<gene>[A-Za-z][A-Za-z0-9-]*)"
# Receptors go by two letters where they are stained.
_RECEPTORS = {"ER": "ESR1", "PR": "PGR", "PGR": "PGR"}
_FORMS: tuple[tuple[re.Pattern[str], QuantityAnalyte, str], ...] = (
    (re.compile(rf"{_GENE} IHC(?: {_NUMBER}\+?)?$", re.I), "protein", "IHC"),
    (re.compile(rf"{_GENE} (?P<unit>TPS|CPS)(?: {_NUMBER} ?%?)?$", re.I), "protein", ""),
    (re.compile(rf"{_GENE} (?:IHC |protein )?{_NUMBER} ?%$", re.I), "protein", "%"),
    (re.compile(rf"{_GENE} (?P<unit>TPM|z-score|FPKM)(?: {_NUMBER})?$", re.I), "expression", ""),
    (re.compile(rf"{_GENE} (?:expression )?{_NUMBER} (?P<unit>TPM|z-score|FPKM)$", re.I), "expression", ""),
    (re.compile(rf"{_GENE} expression$", re.I), "expression", ""),
    (re.compile(rf"{_GENE} copy number(?: {_NUMBER}(?: copies)?| changed)?$", re.I), "copy number", "copies"),
    (re.compile(rf"{_GENE} {_NUMBER} copies$", re.I), "copy number", "copies"),
)
_STAINED = re.compile(rf"{_GENE} (?P<state>positive|negative)$", re.I)
_METHYLATED = re.compile(rf"{_GENE} (?:promoter )?(?P<un>un)?methylated$", re.I)
_UNITS = {"tpm": "TPM", "fpkm": "FPKM", "z-score": "z-score", "tps": "TPS", "cps": "CPS"}


def quantity(text: str) -> Quantity | None:
    """The measurement that ``text`` is, or None; without a value where one stands beside it."""
    plain = " ".join(text.split())
    for pattern, analyte, unit in _FORMS:
        if match := pattern.match(plain):
            part = match.groupdict()
            value = part.get("value")
            return Quantity(
                _RECEPTORS.get(str(part["gene"]).upper(), str(part["gene"])),
                analyte,
                _UNITS.get((part.get("unit") or "").lower(), unit),
                None if value is None else float(value),
            )
    return None


def plain_words(text: str) -> str:
    """``text`` in the words of the grammar where it is a stained protein or a methylated promoter."""
    plain = " ".join(text.split())
    if match := _STAINED.match(plain):
        gene = _RECEPTORS.get(match["gene"].upper(), match["gene"])
        if gene.upper() not in ("MSI", "TMB", "HRD"):
            return f"{gene} protein {match['state'].lower()}"
    if (match := _METHYLATED.match(plain)) and not match["un"]:
        return f"{match['gene']} promoter methylation"
    return text


def unmethylated(text: str) -> str | None:
    """The gene of which ``text`` says that its promoter is not methylated, or None."""
    match = _METHYLATED.match(" ".join(text.split()))
    return match["gene"] if match and match["un"] else None
