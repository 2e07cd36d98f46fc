"""What a laboratory says beside an alteration: whether it is inherited, on how many copies it lies, what it means.

``BRCA1 E23fs (germline)``, ``B2M L15fs, biallelic``, ``BRCA2 V2969M VUS``. What no rule asks for (a class of
pathogenicity, a tier) is told and does nothing.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

from resistab.domains.oncology.genotype import FindingModel

# By what is said, in lower case and with one blank between words: the field of the finding and its value.
_WORDS: dict[str, tuple[str, Any]] = {
    **dict.fromkeys(("germline", "hereditary", "inherited", "constitutional"), ("origin", "germline")),
    **dict.fromkeys(("somatic", "acquired"), ("origin", "somatic")),
    **dict.fromkeys(("het", "heterozygous", "monoallelic", "mono-allelic", "one allele"), ("copies", "one")),
    **dict.fromkeys(
        ("hom", "homozygous", "biallelic", "bi-allelic", "both copies", "both alleles", "two-hit"), ("copies", "both")
    ),
    **dict.fromkeys(
        ("vus", "of unknown significance", "unknown significance", "of uncertain significance",
         "uncertain significance", "variant of unknown significance", "variant of uncertain significance",
         "unclassified variant"),
        ("unknown_significance", True),
    ),
}  # fmt: skip
_NO_RULE = re.compile(
    r"(?:likely |probably )?(?:pathogenic|oncogenic)|tier ?[iv0-9]+[a-d]?|(?:sub)?clonal|hemizygous", re.IGNORECASE
)
_SHOWN = {"one": "one copy", "both": "both copies"}
_Finding = TypeVar("_Finding", bound=FindingModel)


def is_said_beside(text: str) -> bool:
    """Whether a part of a list says something of the alteration before it."""
    plain = " ".join(text.casefold().split())
    return plain in _WORDS or _NO_RULE.fullmatch(plain) is not None


def said_beside(text: str) -> tuple[str, dict[str, Any], str] | None:
    """An alteration, the fields that are said of it, and a word that no rule asks for ("" for none).

    None where nothing is said of it at its end.
    """
    what, comma, last = text.removesuffix(")").rpartition("(") if text.endswith(")") else text.rpartition(",")
    parts = [part.strip() for part in last.split(",")]
    if comma and what.strip() and all(is_said_beside(part) for part in parts):
        return what.strip(" ,"), _fields(parts), _of_no_rule(parts)
    words = text.split()
    for number in (4, 3, 2, 1):
        said = " ".join(words[-number:])
        if len(words) > number + 1 and is_said_beside(said):
            return " ".join(words[:-number]).rstrip(","), _fields([said]), _of_no_rule([said])
    return None


def _fields(parts: list[str]) -> dict[str, Any]:
    return dict(_WORDS[plain] for part in parts if (plain := " ".join(part.casefold().split())) in _WORDS)


def _of_no_rule(parts: list[str]) -> str:
    return ", ".join(part for part in parts if " ".join(part.casefold().split()) not in _WORDS)


def qualified(finding: _Finding, fields: dict[str, Any]) -> _Finding:
    """``finding`` with what is said of it, which stands in brackets behind it."""
    if not fields:
        return finding
    shown = [_SHOWN.get(str(fields[name]), str(fields[name])) for name in ("origin", "copies") if fields.get(name)]
    shown += ["unknown significance"] if fields.get("unknown_significance") else []
    base, _, earlier = finding.text.partition(" (")
    told = [*filter(None, earlier.removesuffix(")").split(", ")), *shown]
    return finding.model_copy(update=fields | {"text": f"{base} ({', '.join(dict.fromkeys(told))})"})
