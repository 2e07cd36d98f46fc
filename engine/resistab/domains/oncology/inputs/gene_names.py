"""What a gene's name may have been meant to be: a symbol with a slip, or one that a spreadsheet made a date of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.kinds.symbols import GeneSymbols

# By month the beginnings of symbols that spreadsheets take for a day of it.
_MONTHS = {"MAR": ("MARCH", "MARC"), "SEP": ("SEPT",), "DEC": ("DEC",), "OCT": ("OCT",)}
_NUMBERS = {"03": "MAR", "09": "SEP", "10": "OCT", "12": "DEC"}
_DATE = re.compile(
    r"(?P<day>[0-9]{1,2})-(?P<month>mar|sep|oct|dec)[a-z]*|(?P<month_first>mar|sep|oct|dec)[a-z]*-(?P<day_last>[0-9]{1,2})"
    r"|[0-9]{4}-(?P<number>03|09|10|12)-(?P<day_of_iso>[0-9]{2})",
    re.IGNORECASE,
)
_MOST = 3


def date_for_symbol(name: str) -> tuple[str, ...] | None:
    """The former symbols that a spreadsheet may have made the date ``name`` of, such as SEPT9; None for no date."""
    match = _DATE.fullmatch(name)
    if match is None:
        return None
    month = match["month"] or match["month_first"] or _NUMBERS[match["number"]]
    day = int(match["day"] or match["day_last"] or match["day_of_iso"])
    return tuple(f"{beginning}{day}" for beginning in _MONTHS[month.upper()])


class GeneSuggester:
    """Finds the symbols of today whose symbol, alias or former symbol is nearest to a name that is none."""

    def __init__(self, rulebase: Rulebase, symbols: GeneSymbols) -> None:
        own = {name: (gene.symbol,) for name, gene in rulebase.gene_by_name.items()}
        known = {name: (symbol,) for name, symbol in symbols.known.items()}
        self._today = {**symbols.former, **known, **own}
        self._own = {gene.symbol for gene in rulebase.genes}
        self._by_length: dict[int, list[str]] = {}
        for name in self._today:
            self._by_length.setdefault(len(name), []).append(name)
        self.nearest = lru_cache(maxsize=4096)(self._nearest)

    def _nearest(self, name: str) -> str | None:
        # Imported here: a start that has nothing to suggest does without it.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        name = name.upper()
        most = 1 if len(name) < 6 else 2
        near = process.extract(
            name, list(self._like_long(len(name), most)), scorer=OSA.distance, score_cutoff=most, limit=30
        )
        # Of names as near those that have the same letters come first, then genes that rules speak of.
        ranked = sorted(
            near,
            key=lambda item: (
                item[1],
                sorted(item[0]) != sorted(name),
                not self._own.issuperset(self._today[item[0]]),
                item[0],
            ),
        )
        today = dict.fromkeys(symbol for found, _, _ in ranked for symbol in self._today[found])
        return " or ".join(list(today)[:_MOST]) or None

    def _like_long(self, length: int, most: int) -> Iterator[str]:
        for other in range(length - most, length + most + 1):
            yield from self._by_length.get(other, ())


def suggester(rulebase: Rulebase, symbols: GeneSymbols) -> GeneSuggester:
    """That of a rule set, made once for its symbols."""
    found = symbols.__dict__.get("_suggester")
    if found is None:
        found = symbols.__dict__["_suggester"] = GeneSuggester(rulebase, symbols)
    assert isinstance(found, GeneSuggester)
    return found
