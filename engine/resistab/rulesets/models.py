"""What the models of every rule set's files are made of."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from resistab.core.evidence import EvidenceLevel
from resistab.core.model import ConfigDict, Field, Model, StringConstraints

if TYPE_CHECKING:
    from pydantic import ValidationInfo

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{3,}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
REFERENCE = r"^(PMID:\d+|PMCID:PMC\d+|DOI:10\.\S+|ASCO:\d+|ASH:\d+|NCT\d{8}|LABEL:\S[^\n]*\S)$"
Reference = Annotated[str, StringConstraints(pattern=REFERENCE)]
Status = Literal["draft", "active", "retired"]
_Ruleset = TypeVar("_Ruleset", bound="HasDigest")
# The statement of a draft, until a curator has read the study.
UNWRITTEN = "(to be written)"


class RulebaseModel(Model):
    """Base: frozen, and refusing fields that the format does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class OverlayInfo(RulebaseModel):
    """A laboratory's overlay that a rule set carries: ids of the rows it adds, and of those it retires the reasons."""

    name: str
    version: str
    date: datetime.date
    added: tuple[str, ...]
    retired: dict[str, str]


class HasDigest(RulebaseModel):
    """A whole rule set; ``digest`` is the SHA-256 of its files, ``overlay`` the laboratory's that it carries."""

    digest: str
    overlay: OverlayInfo | None = None

    def overlay_of(self, row: str) -> str | None:
        """The name of the overlay that a row came from; None for a row of the rule set itself."""
        return self.overlay.name if self.overlay is not None and row in self.overlay.added else None


def remade(ruleset: _Ruleset, **changes: Any) -> _Ruleset:
    """``ruleset`` with other values of some fields, not validated, and without the look-ups that were asked of it.

    A copy would take those along, and with them what they were made of.
    """
    fields = {name: getattr(ruleset, name) for name in type(ruleset).model_fields}
    made: Any = type(ruleset).model_construct(**(fields | changes))
    assert isinstance(made, type(ruleset))
    return made


def refuse_mapping(value: Any, info: ValidationInfo) -> None:
    """Refuse a condition that is given as a mapping: a person writes it as text, only our own JSON holds its parts."""
    if isinstance(value, dict) and info.mode == "python":
        from pydantic_core import PydanticCustomError

        raise PydanticCustomError("not_a_sentence", "a condition, written as one sentence")


class Dated(RulebaseModel):
    """What every rule has: a permanent id, a status and its dates."""

    id: Id
    status: Status
    created: datetime.date
    reviewed: datetime.date
    retired: datetime.date | None = None
    replaced_by: tuple[Id, ...] = ()


class Citation(RulebaseModel):
    """A reference as it is printed."""

    reference: Reference
    short: Text


class Curation(RulebaseModel):
    """What the rule set asks of its curators.

    ``least_coverage`` is the share of active rows, from 0 to 1, that some case must have fired; ``review_months`` how
    long a rule stands before it is to be read again. Rows of which the best evidence is of one of the levels of
    ``second_reader`` must name two people who read them.
    """

    least_coverage: Annotated[float, Field(ge=0, le=1)] = 0.0
    review_months: Annotated[int, Field(ge=1)] = 24
    second_reader: tuple[EvidenceLevel, ...] = ()


def slug(name: str) -> str:
    """A name as files and folders have it: lower case, and hyphens for all but letters and digits."""
    return re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")


def file_name(name: str) -> str:
    """The name of the file of a drug's or class's table."""
    return f"{slug(name)}.yaml"
