"""Which known words are near to one that is not known: what a message suggests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

# The least share of letters in common, as ``difflib`` counts it.
_CUTOFF = 0.6
# What is longer is no slip in a name.
_LONGEST = 120


def nearest(word: str, known: Iterable[str], limit: int = 3) -> str | None:
    """The known words nearest to ``word``, joined by "or", or None where nothing is near.

    Near are those that ``difflib.get_close_matches`` finds. They are looked for only among words whose letters allow
    it, so that a file of twenty thousand unknown names is told of within seconds.
    """
    return None if len(word) > _LONGEST else _nearest(word.casefold(), tuple(known), limit)


@lru_cache(maxsize=4096)
def _nearest(word: str, known: tuple[str, ...], limit: int) -> str | None:
    words = _words(known)
    # Imported here: most starts know every word.
    import difflib

    matches = difflib.get_close_matches(word, words.candidates(word), n=limit, cutoff=_CUTOFF)
    return " or ".join(words.spelled[match] for match in matches) or None


class _Words:
    """Known words, each with its letters as the bits of a number: the first A, the second A, the first B, ….

    The bits that two words share are the letters that both have, and no similarity is above what these allow.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self.spelled = {word.casefold(): word for word in known}
        most: Counter[str] = Counter()
        for word in self.spelled:
            most |= Counter(word)
        self._first: dict[str, int] = {}
        self._most, bits = most, 0
        for letter, number in most.items():
            self._first[letter] = bits
            bits += number
        self._by_length: dict[int, list[tuple[str, int]]] = {}
        for word in self.spelled:
            self._by_length.setdefault(len(word), []).append((word, self._bits(word)))

    def _bits(self, word: str) -> int:
        bits = 0
        for letter, number in Counter(word).items():
            if letter in self._first:
                bits |= ((1 << min(number, self._most[letter])) - 1) << self._first[letter]
        return bits

    def candidates(self, word: str) -> list[str]:
        """The known words that have enough letters of ``word`` to be near to it, in the order in which they came."""
        bits = self._bits(word)
        found = []
        for length, words in self._by_length.items():
            # The similarity of two words is twice the number of letters in their common parts by that of both words.
            least = _CUTOFF * (len(word) + length) / 2 - 1e-9
            if min(len(word), length) >= least:
                found += [known for known, own in words if (own & bits).bit_count() >= least]
        return found


@lru_cache(maxsize=32)
def _words(known: tuple[str, ...]) -> _Words:
    return _Words(known)
