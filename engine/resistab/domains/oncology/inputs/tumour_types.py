"""A tumour type as a person writes it, to the OncoTree type that is meant, or to a fault with what may be meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from resistab.core.faults import Fault, FaultAt, nearest, shortened
from resistab.core.records import dataclass
from resistab.core.said import said
from resistab.domains.oncology.kinds.models import Rulebase, TumourType
from resistab.domains.oncology.kinds.tumour_names import SAME_WORD, TumourNames, is_course, words

EXPECTED = "an OncoTree code or name"
# Words that many names of tumours have, so that sharing one says nothing.
_COMMON = re.compile(
    r"acute|adenocarcinoma|adenoma|atypical|benign|cancer|carcinoma|cell|chronic|disease|diffuse|disorder|"
    r"grade|high|invasive|large|left|leukemia|low|lymphoma|malignant|mixed|mucinous|mutant|mutated|mutation|"
    r"negative|neoplasm|nos|not|other|papillary|positive|primary|rearranged|resistant|right|sarcoma|sensitive|"
    r"site|small|squamous|syndrome|tumor|type|undifferentiated|unknown|with|without"
)
_MOST = 3
# Of 100: how alike two spellings of one word, or of a whole name, must be to be a slip of one another.
_SLIP = 80
# A word of fewer letters may be another abbreviation altogether.
_SHORTEST_SLIP = 4
# In a word of so many letters two may be wrong.
_LONG_WORD = 7


@dataclass(frozen=True)
class TumourReading:
    """What became of a tumour type: the type, and ``note``, what is to be told of how it was read.

    Where it is not clear, ``tumour`` is None and ``candidates`` holds the types that it may mean, which may be none.
    """

    text: str
    tumour: TumourType | None = None
    note: str | None = None
    candidates: tuple[TumourType, ...] = ()

    @property
    def doubt(self) -> str:
        """Why it was not read, in words."""
        if self.candidates:
            return f"'{self.text}' may mean {listed(self.candidates)}"
        return f"unknown tumour type '{shortened(self.text)}'"

    def fault(self, rulebase: Rulebase, fault_at: FaultAt) -> Fault:
        """The fault of a tumour type that was not read."""
        if self.candidates:
            return fault_at(self.doubt, "the code of the one that is meant", None)
        return fault_at(self.doubt, EXPECTED, suggest_tumour_types(rulebase, self.text))


def read_tumour_type(rulebase: Rulebase, text: str) -> TumourReading:
    """The OncoTree type that ``text`` means: by a code or name, a former code, or a name of ``tumour_names.yaml``."""
    shown = " ".join(text.split())
    exact = rulebase.tumour_by_code.get(shown.upper())
    if exact is not None and exact.code not in rulebase.tumour_name_file.remarks:
        # So it nearly always is, and then no other name need be known.
        return TumourReading(shown, exact)
    meant = rulebase.tumour_names.meant(text)
    found = tuple(rulebase.tumour_by_code[code] for code in meant.codes if code in rulebase.tumour_by_code)
    if len(found) != 1:
        return TumourReading(shown, candidates=found)
    (tumour,) = found
    remark = rulebase.tumour_names.remark(text)
    told = [] if meant.exact else [said("'{given}' was read as {meant}", given=shown, meant=named(tumour))]
    if remark:
        told.append(remark if told else said("{tumour} was taken: {quoted}", tumour=named(tumour), quoted=remark))
    if not meant.exact and (finer := _judged_within(rulebase, tumour.code)):
        told.append(said("rules on {types} are not used: give that type if it is known", types=finer))
    return TumourReading(shown, tumour, "; ".join(told) or None)


def named(tumour: TumourType) -> str:
    """The code with the name."""
    return f"{tumour.code} ({tumour.name})"


def listed(types: tuple[TumourType, ...]) -> str:
    """The types, the likeliest first."""
    return " or ".join(named(tumour) for tumour in types)


def _judged_within(rulebase: Rulebase, code: str) -> str:
    """The types within a type of which rules speak, the first few by code; "" where there are none."""
    finer = sorted(
        other for other in rulebase.judged_types if other != code and code in rulebase.tumour_names.lineage(other)
    )
    few = ", ".join(finer[:6])
    return f"{few} and {len(finer) - 6} more types within it" if len(finer) > 6 else few


def suggest_tumour_types(rulebase: Rulebase, text: str) -> str | None:
    """The types that ``text`` may mean, with names, the likeliest first; None where none is near.

    A suggestion shares a word that tells tumours apart, such as an organ, or is a near misspelling of the whole.
    """
    return " or ".join(map(named, near_tumour_types(rulebase, text))) or None


def near_tumour_types(rulebase: Rulebase, text: str) -> tuple[TumourType, ...]:
    """The same as types: what the text means where its slips are mended, else those that share a telling word."""
    codes = _Suggester.of(rulebase.tumour_names).suggest(text)
    return tuple(rulebase.tumour_by_code[code] for code in codes if code in rulebase.tumour_by_code)


def mended_tumour_types(rulebase: Rulebase, text: str) -> tuple[TumourType, ...]:
    """The types that a text means once its slips are mended; none where that is not clear."""
    codes = _Suggester.of(rulebase.tumour_names).mended(" ".join(words(text)))
    return tuple(rulebase.tumour_by_code[code] for code in codes if code in rulebase.tumour_by_code)


def suggest_code(rulebase: Rulebase, text: str) -> str | None:
    """What to write where rules name a type by its code alone: the codes that are meant, or those near in spelling."""
    meant = rulebase.tumour_names.meant(text).codes
    if meant or " " in text.strip() or text != text.upper():
        return " or ".join(meant or (tumour.code for tumour in near_tumour_types(rulebase, text))) or None
    return nearest(text, rulebase.tumour_by_code) or " or ".join(
        tumour.code for tumour in near_tumour_types(rulebase, text)
    ) or None  # fmt: skip


def _tells(word: str) -> bool:
    """Whether a word tells tumours apart."""
    return len(word) > 2 and word.isalpha() and not _COMMON.fullmatch(word)


class _Suggester:
    """Finds the names that are like a text; prepared once for all names of a rule set."""

    def __init__(self, names: TumourNames) -> None:
        self.meant = names.meant
        self.codes = {code.casefold(): code for code in names.parents}
        # How often names have a word: of two that are as near, the commoner is likelier to be meant.
        self.vocabulary: Counter[str] = Counter(SAME_WORD.keys())
        self.names: list[tuple[str, tuple[str, ...]]] = []
        self.whole: list[str] = []
        self.by_word: dict[str, list[int]] = {}
        for name, codes in names.all:
            told = words(name)
            self.vocabulary.update(told)
            index = len(self.names)
            self.names.append((name, codes))
            self.whole.append(" ".join(told))
            for word in filter(_tells, {*told}):
                self.by_word.setdefault(word, []).append(index)
        self.depth: Mapping[str, int] = {code: len(tuple(names.lineage(code))) for code in names.parents}
        self._suggest = lru_cache(maxsize=4096)(self._near)

    @staticmethod
    def of(names: TumourNames) -> _Suggester:
        """That of a rule set's names."""
        found = names.__dict__.get("_suggester")
        if found is None:
            found = names.__dict__["_suggester"] = _Suggester(names)
        assert isinstance(found, _Suggester)
        return found

    def suggest(self, text: str) -> tuple[str, ...]:
        """The codes of the types that are nearest."""
        return self._suggest(" ".join(words(text)[:20]))

    def mended(self, text: str) -> tuple[str, ...]:
        """The codes that the text means once each word that no name has was put right; none where it means nothing."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        told = text.split()
        spelled: list[str] = []
        for word in told:
            if word in self.vocabulary or is_course(word) or not word.isalpha() or len(word) < _SHORTEST_SLIP:
                spelled.append(word)
                continue
            slips = 1 if len(word) < _LONG_WORD else 2
            near = process.extract(word, list(self.vocabulary), scorer=OSA.distance, score_cutoff=slips, limit=None)
            # Few people mistake the first letter of a word.
            order = [
                (distance, other[:1] != word[:1], -self.vocabulary[other], other)
                for other, distance, _ in near
                if len(other) >= _SHORTEST_SLIP
            ]
            spelled += [min(order)[-1]] if order else [word]
        if spelled != told and (codes := self.meant(" ".join(spelled)).codes):
            return codes[:_MOST]
        # A code with words beside it that say nothing: "LUAD cancer".
        coded = [self.codes[word] for word in told if len(word) > 2 and word in self.codes]
        others = [word for word in told if word not in self.codes]
        return tuple(coded[:_MOST]) if others and all(map(_COMMON.fullmatch, others)) else ()

    def _near(self, text: str) -> tuple[str, ...]:
        if mended := self.mended(text):
            return mended
        # Imported here: a start that has nothing to suggest does without it.
        from rapidfuzz import fuzz, process
        from rapidfuzz.distance import OSA

        told = text.split()
        significant = [word for word in told if _tells(word)]
        meant: dict[str, float] = {}
        for word in significant:
            if word in self.by_word:
                meant[word] = 100.0
            elif len(word) >= _SHORTEST_SLIP:
                near = process.extract(word, list(self.by_word), scorer=fuzz.ratio, score_cutoff=_SLIP, limit=5)
                meant |= {other: score for other, score, _ in near}
        scores: dict[int, float] = {}
        for word, likeness in meant.items():
            for index in self.by_word[word]:
                scores[index] = max(scores.get(index, 0.0), likeness)
        spelled = " ".join(
            word if not _tells(word) else max(meant, key=lambda other: fuzz.ratio(word, other), default=word)
            for word in told
        )
        ranked: dict[int, float] = {
            index: likeness
            + fuzz.token_sort_ratio(spelled, self.whole[index])
            + fuzz.token_set_ratio(spelled, self.whole[index]) / 10
            for index, likeness in scores.items()
        }
        if len(told) == 1:
            # An abbreviation with one letter wrong, wanting, too many or exchanged.
            for _, distance, index in process.extract(text, self.whole, scorer=OSA.distance, score_cutoff=1, limit=20):
                if len(text) >= _SHORTEST_SLIP - 1 and self.whole[index]:
                    ranked[index] = max(ranked.get(index, 0.0), 190 - distance)
        for _, score, index in process.extract(text, self.whole, scorer=fuzz.ratio, score_cutoff=_SLIP, limit=_MOST):
            ranked[index] = max(ranked.get(index, 0.0), 100 + score)
        found: dict[str, None] = {}
        order = sorted(ranked, key=lambda index: (-ranked[index], self.depth.get(self.names[index][1][0], 0), index))
        for index in order:
            found |= dict.fromkeys(self.names[index][1])
            if len(found) >= _MOST:
                break
        return tuple(found)[:_MOST]
