"""Tumour types and panels by what somebody has typed of their names."""

from __future__ import annotations

from resistab.core.completion import KnownName, completed
from resistab.domains.oncology.inputs.tumour_types import near_tumour_types
from resistab.domains.oncology.kinds.models import Rulebase

# A shorter text is like too many names.
_SHORTEST_LIKE = 4


def tumour_names(rulebase: Rulebase, text: str) -> tuple[KnownName, ...]:
    """The types that ``text`` means to the reader of tumour types, then those that begin so, or else are like it."""
    types = rulebase.tumour_by_code
    meant = [types[code] for code in rulebase.tumour_names.meant(text).codes if code in types] if text.strip() else []
    called: dict[str, list[str]] = {}
    for name, codes in rulebase.tumour_names.all:
        for code in codes:
            called.setdefault(code, []).append(name)
    known = ((KnownName(one.code, one.name), called.get(one.code, ())) for one in rulebase.tumour_types)
    begun = completed(text, known)
    found = dict.fromkeys((*(KnownName(one.code, one.name) for one in meant), *begun))
    if not found and len(text.strip()) >= _SHORTEST_LIKE:
        found = dict.fromkeys(KnownName(one.code, one.name) for one in near_tumour_types(rulebase, text))
    return tuple(found)


def panel_names(rulebase: Rulebase, text: str) -> tuple[KnownName, ...]:
    """The published panels of which a name may be meant."""
    return completed(text, ((KnownName(one.panel, one.name), one.other_names) for one in rulebase.panels))
