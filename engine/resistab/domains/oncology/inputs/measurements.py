"""Measurements as laboratories write them: ``HER2 IHC 3+``, ``PD-L1 TPS 60%``, ``MYC TPM 45``, ``MET 7 copies``."""

from __future__ import annotations

import math
import re
from typing import Literal

from resistab.core.records import dataclass

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


# How each unit may be written, in lower case and without blanks.
_UNIT_SPELLINGS: tuple[tuple[str, str], ...] = (
    ("mut/Mb", r"(?:m|muts?|mutations?|vars?|variants?|snvs?)?(?:/|per)(?:mb|mbp|mbase|megabases?)"),
    ("copies", r"cop(?:y|ies)|cn|copynumber"),
    ("z-score", r"z|z-?scores?"),
    ("TPM", r"tpm"),
    ("FPKM", r"fpkm"),
    ("TPS", r"tps"),
    ("CPS", r"cps"),
    ("IHC", r"ihc|\+|ihcscore"),
    ("%", r"%|percent|pct"),
)
# The units in which an analyte is measured, as they are written in rules and reports.
UNITS_OF: dict[str, tuple[str, ...]] = {
    "copy number": ("copies",),
    "expression": ("TPM", "FPKM", "z-score"),
    "protein": ("IHC", "%", "TPS", "CPS"),
    "signature": ("mut/Mb",),
}


def unit_of(text: str) -> str | None:
    """The unit that ``text`` spells, as rules write it: ``Muts/Mb`` is ``mut/Mb``; None where it spells none."""
    plain = "".join(text.casefold().split())
    return next((unit for unit, pattern in _UNIT_SPELLINGS if re.fullmatch(pattern, plain)), None)


_NUMBER = r"(?P<value>-?[0-9]{1,12}(?:\.[0-9]{1,12})?)"
_GENE = r"(?P<gene>[A-Za-z][A-Za-z0-9-]*)"
_EXPRESSED = r"(?P<unit>TPM|z-?score|z score|z|FPKM)"
# Receptors go by two letters where they are stained.
_RECEPTORS = {"ER": "ESR1", "PR": "PGR", "PGR": "PGR"}
# Names by which a protein is called, and its gene is not: what is said of them is said of a stain. A cluster of
# differentiation (CD20) is such a name too.
_STAINED_NAMES = frozenset({*_RECEPTORS, "HER2", "HER-2", "PD-L1", "PDL1", "TROP2", "TROP-2", "BCMA"})
_CLUSTER = re.compile(r"CD[0-9]+[A-Z]?", re.IGNORECASE)
_FORMS: tuple[tuple[str, QuantityAnalyte, str], ...] = (
    (rf"{_GENE} (?:protein )?IHC(?: score)?(?: {_NUMBER} ?\+?)?$", "protein", "IHC"),
    (rf"{_GENE} (?:protein )?{_NUMBER} ?\+(?: (?:by )?IHC)?$", "protein", "IHC"),
    (rf"{_GENE} (?:IHC |protein )?(?P<unit>TPS|CPS)(?: {_NUMBER} ?%?)?$", "protein", ""),
    (rf"{_GENE} (?:IHC |protein )?{_NUMBER} ?% ?(?P<unit>TPS|CPS)$", "protein", ""),
    (rf"{_GENE} (?:IHC |protein )?{_NUMBER} ?%$", "protein", "%"),
    (rf"{_GENE} (?:expression )?{_EXPRESSED}(?: {_NUMBER})?$", "expression", ""),
    (rf"{_GENE} (?:expression )?{_NUMBER} ?{_EXPRESSED}$", "expression", ""),
    (rf"{_GENE} expression$", "expression", ""),
    (rf"{_GENE} (?:copy number|CN)(?: {_NUMBER}(?: copies)?| changed)?$", "copy number", "copies"),
    (rf"{_GENE} {_NUMBER} ?cop(?:y|ies)$", "copy number", "copies"),
)
# Each form has one of these; most texts have none, and then the forms need not be compiled.
_MARKS = ("ihc", "+", "tps", "cps", "%", "tpm", "z", "fpkm", "expression", "copy", "copies", "cn")
_STAINED = re.compile(rf"{_GENE}(?: (?P<state>positive|negative|pos|neg)|(?P<sign>[+-]))$", re.I)
# Little HER2 is a stain of 1+, or of 2+ without amplification; ultralow lies between none and 1+.
_LITTLE_HER2 = re.compile(r"(?:HER-?2|ERBB2)[- ](?P<ultra>ultra-?)?low(?: (?:expression|protein|IHC))?$", re.I)
_METHYLATED = re.compile(rf"{_GENE} (?:promoter )?(?P<un>un)?methylated$", re.I)


def quantity(text: str) -> Quantity | None:
    """The measurement that ``text`` is, or None; without a value where one stands beside it."""
    # A sign or brackets may stand between a measure and its number: "TPS: 60%", "IHC (3+)".
    plain = " ".join(re.sub(r"[:=]|\((?=[^()]*\)$)|(?<=[0-9+%])\)$", " ", text).split())
    folded = plain.casefold()
    if not any(mark in folded for mark in _MARKS):
        return None
    for form, analyte, unit in _FORMS:
        if match := re.match(form, plain, re.IGNORECASE):
            part = match.groupdict()
            value = part.get("value")
            return Quantity(
                _RECEPTORS.get(str(part["gene"]).upper(), str(part["gene"])),
                analyte,
                unit_of(part.get("unit") or "") or unit,
                None if value is None else float(value),
            )
    return None


def is_stained_name(name: str) -> bool:
    """Whether ``name`` is a protein's own, so that *positive* and *negative* are said of a stain."""
    return name.upper() in _STAINED_NAMES or _CLUSTER.fullmatch(name) is not None


def plain_words(text: str) -> str:
    """``text`` in the words of the grammar where it is a stained protein or a methylated promoter."""
    plain = " ".join(text.split())
    if match := _LITTLE_HER2.match(plain):
        return f"ERBB2 IHC {'0.5' if match['ultra'] else '1'}+"
    if (match := _STAINED.match(plain)) and is_stained_name(match["gene"]):
        positive = match["sign"] == "+" or (match["state"] or "").lower().startswith("pos")
        gene = _RECEPTORS.get(match["gene"].upper(), match["gene"])
        return f"{gene} protein {'positive' if positive else 'negative'}"
    if (match := _METHYLATED.match(plain)) and not match["un"]:
        return f"{match['gene']} promoter methylation"
    return text


def unmethylated(text: str) -> str | None:
    """The gene of which ``text`` says that its promoter is not methylated, or None."""
    match = _METHYLATED.match(" ".join(text.split()))
    return match["gene"] if match and match["un"] else None
