"""What the models of every rule set's files are made of."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{3,}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Reference = Annotated[str, StringConstraints(pattern=r"^(PMID:\d+|DOI:10\.\S+|ASCO:\d+|ASH:\d+|NCT\d{8})$")]
Status = Literal["draft", "active", "retired"]
# The statement of a draft, until a curator has read the study.
UNWRITTEN = "(to be written)"


class RulebaseModel(BaseModel):
    """Base: frozen, and refusing fields that the format does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class HasDigest(RulebaseModel):
    """A whole rule set; ``digest`` is the SHA-256 of its files."""

    digest: str


def refuse_mapping(value: Any, info: ValidationInfo) -> None:
    """Refuse a condition that is given as a mapping: a person writes it as text, only our own JSON holds its parts."""
    if isinstance(value, dict) and info.mode == "python":
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
    long a rule stands before it is to be read again.
    """

    least_coverage: Annotated[float, Field(ge=0, le=1)] = 0.0
    review_months: Annotated[int, Field(ge=1)] = 24


class OverlayInfo(RulebaseModel):
    """A laboratory's overlay that a rule set carries: ids of the rows it adds, and of those it retires the reasons."""

    name: str
    version: str
    date: datetime.date
    added: tuple[str, ...]
    retired: dict[str, str]


def slug(name: str) -> str:
    """A name as files and folders have it: lower case, and hyphens for all but letters and digits."""
    return re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-")


def file_name(name: str) -> str:
    """The name of the file of a drug's or class's table."""
    return f"{slug(name)}.yaml"
