"""Models and plain data as JSON on one line, in the very bytes in which pydantic writes it."""

from __future__ import annotations

import math
from json.encoder import encode_basestring
from typing import Any

from resistab.core.model import Model, written_fields

_quoted: Any = encode_basestring
# Of each model what stands before each of its fields.
_openings: dict[type, tuple[tuple[str, str], ...]] = {}


def json_text(value: Any) -> str:
    """``value``, of models, dicts, lists, texts, numbers, truth values, dates and None, as JSON.

    Numbers that are none become null.
    """
    parts: list[str] = []
    _write(value, parts.append)
    return "".join(parts)


def _write(value: Any, put: Any) -> None:
    if isinstance(value, str):
        put(_quoted(value))
    elif value is None:
        put("null")
    elif isinstance(value, Model):
        kind = type(value)
        for opening, name in _openings.get(kind) or _openings_of(kind):
            put(opening)
            _write(getattr(value, name), put)
        put("}" if _openings[kind] else "{}")
    elif isinstance(value, (tuple, list, frozenset, set)):
        before = "["
        for item in value:
            put(before)
            _write(item, put)
            before = ","
        put("]" if value else "[]")
    elif value is True:
        put("true")
    elif value is False:
        put("false")
    elif isinstance(value, float):
        put(_number(value))
    elif isinstance(value, int):
        put(str(int(value)))
    elif isinstance(value, dict):
        before = "{"
        for key, item in value.items():
            put(f"{before}{_quoted(_key(key))}:")
            _write(item, put)
            before = ","
        put("}" if value else "{}")
    else:
        put(_quoted(value.isoformat()))


def _openings_of(kind: type) -> tuple[tuple[str, str], ...]:
    written = written_fields(kind)
    found = _openings[kind] = tuple(
        (f"{',' if place else '{'}{_quoted(name)}:", field) for place, (field, name) in enumerate(written)
    )
    return found


def _key(key: Any) -> str:
    return key if isinstance(key, str) else _number(key) if isinstance(key, float) else str(key)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "null"
    text = repr(value)
    if "e" not in text:
        return text
    digits, _, exponent = text.partition("e")
    if exponent == "-05":
        # Python has an exponent from here on, pydantic from one place further.
        sign, digits = ("-", digits[1:]) if digits[0] == "-" else ("", digits)
        return f"{sign}0.0000{digits.replace('.', '')}"
    return f"{digits}e{int(exponent):+d}"
