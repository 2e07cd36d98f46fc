"""Numbers as files write them."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from resistab.core.model import BeforeValidator, Field

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
# No measurement has so many digits; a float has 17 of them.
_MOST_DIGITS = 400


def plain_number(text: str) -> float | None:
    """The number that ``text`` is in digits, such as 12, -0.5 or 1.5e-3; None where it is none, or beyond all bounds.

    What Python alone takes for a number is none: ``1_000``, ``nan``, ``inf``, digits of other scripts.
    """
    if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _number(given: Any) -> Any:
    if isinstance(given, bool) or (isinstance(given, str) and plain_number(given.strip()) is None):
        from pydantic_core import PydanticCustomError

        raise PydanticCustomError("float_parsing", "input should be a number")
    return given


Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
"""A finite number of a model, given as one or as text that ``plain_number`` reads; true and false are none."""
