"""Plain data as JSON on one line, in the very bytes in which pydantic writes it."""

from __future__ import annotations

import math
from json.encoder import encode_basestring
from typing import Any

_quoted: Any = encode_basestring


def json_text(value: Any) -> str:
    """``value``, of dicts, lists, texts, numbers, truth values and None, as JSON; numbers that are none become null."""
    parts: list[str] = []
    _write(value, parts.append)
    return "".join(parts)


def _write(value: Any, put: Any) -> None:
    if isinstance(value, str):
        put(_quoted(value))
    elif value is None:
        put("null")
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
        before = "["
        for item in value:
            put(before)
            _write(item, put)
            before = ","
        put("]" if value else "[]")


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
