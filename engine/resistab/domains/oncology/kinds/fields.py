"""Fields of the files that are read as sentences of the language: conditions and loci."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from resistab.core.condition import Condition, condition_text
from resistab.core.faults import CodedError
from resistab.core.model import BeforeValidator
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.grammar.loci import EssentialLocus, parse_essential_locus
from resistab.rulesets.kinds import Language
from resistab.rulesets.models import refuse_mapping

if TYPE_CHECKING:
    from pydantic import ValidationInfo


def _condition(value: Any, info: ValidationInfo) -> Any:
    refuse_mapping(value, info)
    return parse_condition(value) if isinstance(value, str) else value


def _essential_locus(value: Any, info: ValidationInfo) -> Any:
    refuse_mapping(value, info)
    try:
        return parse_essential_locus(value) if isinstance(value, str) else value
    except ValueError as error:
        raise CodedError("RT202", str(error)) from error


ConditionField = Annotated[
    Condition,
    BeforeValidator(_condition),
    Language(
        parse_condition,
        condition_text,
        {
            "type": "string",
            "description": "A condition, one sentence: EGFR T790M; any of (EGFR L858R, EGFR exon 19 deletion); "
            "MET amplification and not KRAS mutation",
            "examples": ["EGFR T790M", "any of (EGFR L858R, EGFR exon 19 deletion)", "ERBB2 amplification"],
        },
    ),
]
EssentialLocusField = Annotated[
    EssentialLocus,
    BeforeValidator(_essential_locus),
    Language(
        parse_essential_locus,
        str,
        {
            "type": "string",
            "description": "What must have been assayed: EGFR mutation in exon 18, exon 19; ERBB2 copy number or "
            "ERBB2 protein",
            "examples": ["EGFR mutation", "ERBB2 copy number or ERBB2 protein"],
        },
    ),
]
