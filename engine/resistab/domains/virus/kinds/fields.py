"""Fields of the files that are read as a small language, and names as the files have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from resistab.core.condition import Condition, condition_text
from resistab.core.faults import CodedError
from resistab.core.model import BeforeValidator, Field, StringConstraints
from resistab.domains.virus.grammar.conditions import parse_residue_condition
from resistab.domains.virus.grammar.residues import parse_residues, residues_text
from resistab.rulesets.kinds import Language
from resistab.rulesets.models import refuse_mapping

if TYPE_CHECKING:
    from pydantic import ValidationInfo

DrugName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9/_+.-]*$")]
GeneName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9]*$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9/_+.-]*$")]
Position = Annotated[int, Field(ge=1, le=9999)]


def _condition(value: Any, info: ValidationInfo) -> Any:
    refuse_mapping(value, info)
    if isinstance(value, str):
        return parse_residue_condition(value)
    # A position alone ("when: 184") is a number to YAML.
    return parse_residue_condition(str(value)) if isinstance(value, int) else value


def _residues(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    found = parse_residues(value) if isinstance(value, str) else None
    if found is None:
        raise CodedError("RT212", "residues in one-letter code, * (stop), ins or del, joined by /")
    return found


_RESIDUE = r"(?:[ACDEFGHIKLMNPQRSTVWY*]|ins|del)"
ResidueCondition = Annotated[
    Condition,
    BeforeValidator(_condition),
    Language(
        parse_residue_condition,
        condition_text,
        {
            "type": "string",
            "description": "A condition over residues, without the gene and its reference: 184I/V; 41L and 215F/Y; "
            "69ins; 215 other than F/Y; at least 3 of (41L, 67N, 70R)",
            "examples": ["184I/V", "41L and 215F/Y"],
        },
    ),
]
Residues = Annotated[
    tuple[str, ...],
    BeforeValidator(_residues),
    Language(
        parse_residues,
        residues_text,
        {
            "type": "string",
            "pattern": f"^{_RESIDUE}(?:/?{_RESIDUE})*$",
            "description": "Residues in one-letter code, * (stop), ins or del, joined by /",
        },
    ),
]
