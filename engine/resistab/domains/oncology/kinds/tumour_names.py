"""What people call tumour types (``tumour_names.yaml``), and which types a name means.

An OncoTree code comes first, then an OncoTree name, then the concepts that OncoTree refers to, then the names of the
file. Words are compared without regard to case, accents, order, number, British or American spelling, and whether an
organ is named by its noun or its adjective. Words of stage and course (metastatic, stage IV) name no type: they are
left out where a name is not known with them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from resistab.core.cached import cached_property
from resistab.core.model import Field
from resistab.core.records import dataclass
from resistab.rulesets.models import RulebaseModel, Text

if TYPE_CHECKING:
    from resistab.domains.oncology.kinds.models import TumourType


class NameList(RulebaseModel):
    """Names from one ``source``: by OncoTree code those that mean it."""

    source: Text
    names: dict[Text, tuple[Text, ...]]


class TumourNameFile(RulebaseModel):
    """``tumour_names.yaml``.

    ``ambiguous`` are names that may mean several codes, the likeliest first, and are never read as one. ``remarks`` say
    of a code or name what whoever wrote it may have meant beside.
    """

    lists: tuple[NameList, ...] = ()
    ambiguous: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    remarks: dict[Text, Text] = Field(default_factory=dict)


@dataclass(frozen=True)
class Meant:
    """The codes that a name may mean: one where it is clear, none where it is not known.

    ``exact`` says that it is an OncoTree code or name as it stands, of which nothing need be told.
    """

    codes: tuple[str, ...] = ()
    exact: bool = False

    @property
    def code(self) -> str | None:
        """The one code that is meant, or None."""
        return self.codes[0] if len(self.codes) == 1 else None


NOT_KNOWN = Meant()

_BRITISH = (
    ("tumour", "tumor"),
    ("oeso", "eso"),
    ("oestr", "estr"),
    ("aemi", "emi"),
    ("haem", "hem"),
    ("paed", "ped"),
    ("caec", "cec"),
)
_PLURAL = re.compile(r"(.*(?:oma|emia|cancer|tumor|neoplasm|syndrome|disorder|cell|duct))s")
# Words that name the same: an organ by its adjective, a disease by a short or an older word.
SAME_WORD: dict[str, str] = {
    "adenoca": "adenocarcinoma",
    "ampullary": "ampulla",
    "anal": "anus",
    "appendiceal": "appendix",
    "appendicular": "appendix",
    "bladders": "bladder",
    "bronchogenic": "lung",
    "ca": "cancer",
    "cerebral": "brain",
    "cervical": "cervix",
    "colonic": "colon",
    "cutaneous": "skin",
    "duodenal": "duodenum",
    "endometrial": "endometrium",
    "epidermoid": "squamous",
    "esophageal": "esophagus",
    "esophagogastric": "gastroesophageal",
    "gastric": "stomach",
    "hepatic": "liver",
    "hypopharyngeal": "hypopharynx",
    "laryngeal": "larynx",
    "mammary": "breast",
    "myelocytic": "myeloid",
    "myelogenous": "myeloid",
    "nasopharyngeal": "nasopharynx",
    "neurilemmoma": "schwannoma",
    "ocular": "eye",
    "oropharyngeal": "oropharynx",
    "ovarian": "ovary",
    "pancreatic": "pancreas",
    "penile": "penis",
    "peritoneal": "peritoneum",
    "phaeochromocytoma": "pheochromocytoma",
    "pleural": "pleura",
    "prostatic": "prostate",
    "pulmonary": "lung",
    "rectal": "rectum",
    "renal": "kidney",
    "testicular": "testis",
    "unspecified": "nos",
    "thymic": "thymus",
    "uterine": "uterus",
    "vaginal": "vagina",
    "vulval": "vulva",
    "vulvar": "vulva",
}
_SAME_WORDS = (
    ("transitional cell", "urothelial"),
    ("squamous cell", "squamous"),
    ("urinary bladder", "bladder"),
    ("not otherwise specified", "nos"),
    ("gastroesophageal junction", "gastroesophageal_junction"),
    ("non hodgkins", "non hodgkin"),
    ("hodgkins", "hodgkin"),
    ("wilms", "wilms"),
    ("ewings", "ewing"),
)
_NO_MEANING = frozenset({"a", "an", "and", "gland", "in", "of", "or", "the"})
# What a name is compared without where it is not known with them.
_LOOSE_WORDS = (("malignant neoplasm", "cancer"), ("malignant tumor", "cancer"), ("carcinoma", "cancer"))
_COURSE = re.compile(
    r"advanced|diagnosed|disease|inoperable|locally|metastatic|newly|previously|primary|progressive|recurrent|"
    r"refractory|relapsed|relapsing|resected|treated|unresectable|untreated"
)
_STAGE = re.compile(r"\bstage\s*(?:[0-4]|iv|i{1,3})\s*[abc]?[0-9]?\b", re.IGNORECASE)
_CONCEPT = re.compile(r"(?:(?:NCIT?|UMLS|NCI thesaurus)\s*[:_ ]\s*)?(?P<id>C[LN]?[0-9]+)", re.IGNORECASE)
_ONCOTREE = re.compile(r"oncotree\s*[:_ ]\s*", re.IGNORECASE)
_NO_PART = ("", "disorder", "morphologic abnormality")
_PARTS = re.compile(r"[()\[\];]|\s[-–—|]\s|:\s")


class TumourNames:
    """Every name by which a rule set knows its tumour types."""

    def __init__(self, types: Iterable[TumourType], file: TumourNameFile) -> None:
        types = tuple(types)
        self.file = file
        self.parents = {tumour.code: tumour.parent for tumour in types}
        self._codes = {tumour.code.casefold(): tumour.code for tumour in types}
        self._names: dict[str, list[str]] = {}
        for tumour in types:
            self._names.setdefault(tumour.name.casefold(), []).append(tumour.code)
        self._concepts = {concept: tumour.code for tumour in types for concept in (*tumour.nci, *tumour.umls)}
        self._listed = {name.casefold(): codes for name, codes in file.ambiguous.items()}
        self._remarks = {name.casefold(): remark for name, remark in file.remarks.items()}
        self._written: dict[str, list[str]] = {}
        for code, name in listed(file):
            self._written.setdefault(name.casefold(), []).append(code)
        # Each name that means one code, with that code: OncoTree's first.
        self._clear = [(tumour.name, tumour.code) for tumour in types]
        self._clear += [(name, code) for code, name in listed(file)]

    @property
    def all(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every name and code with the codes that it may mean."""
        clear = [*self._clear, *((code, code) for code in self.parents)]
        return [*self.file.ambiguous.items(), *((name, (code,)) for name, code in clear)]

    @cached_property
    def _told(self) -> list[tuple[list[str], str]]:
        return [(words(name), code) for name, code in self._clear]

    @cached_property
    def _by_key(self) -> tuple[dict[str, tuple[str, ...]], dict[str, list[str]]]:
        """By what spellings have in common: the codes of ambiguous names, and those of all others."""
        return {key(name): codes for name, codes in self.file.ambiguous.items()}, _collected(self._told, _ordered)

    @cached_property
    def _by_loose_key(self) -> tuple[dict[str, tuple[str, ...]], dict[str, list[str]]]:
        return {loose(name): codes for name, codes in self.file.ambiguous.items()}, _collected(self._told, _loosely)

    def meant(self, text: str) -> Meant:
        """The codes that ``text`` may mean, the likeliest first."""
        text = " ".join(text.split())
        found = self._whole(text)
        if found.codes:
            return found
        # A name with its code in brackets, or a disease with its id: what they say must agree.
        parts = [part.strip() for part in _PARTS.split(text) if part.strip().casefold() not in _NO_PART]
        if len(parts) == 1:
            return self._whole(parts[0]) if parts[0] != text else NOT_KNOWN
        if parts:
            read = [self._whole(part) for part in parts]
            codes = {part.code for part in read}
            finest = [code for code in codes if code and codes <= set(self.lineage(code))]
            if finest:
                return Meant((finest[0],))
        return NOT_KNOWN

    def _whole(self, text: str) -> Meant:
        without_course = _without_course(text)
        for given in (text, without_course) if without_course not in ("", text) else (text,):
            found = self._as_written(given)
            if found.codes:
                return Meant(found.codes, found.exact and given == text)
        return NOT_KNOWN

    def _as_written(self, text: str) -> Meant:
        folded = _ONCOTREE.sub("", text).casefold()
        if code := self._codes.get(folded) or self._codes.get(folded.replace(" ", "_")):
            return Meant((code,), exact=True)
        if folded in self._listed:
            return Meant(self._listed[folded])
        if codes := self._names.get(folded):
            return Meant(tuple(codes), exact=True)
        if (concept := _CONCEPT.fullmatch(text)) and (code := self._concepts.get(concept["id"].upper())):
            return Meant((code,))
        if codes := self._written.get(folded):
            return Meant(self._general(codes))
        told = words(text)
        if not told:
            return NOT_KNOWN
        for of_words, indices in ((_ordered, "_by_key"), (_loosely, "_by_loose_key")):
            ambiguous, clear = getattr(self, indices)
            if several := ambiguous.get(of_words(told)):
                return Meant(several)
            if codes := clear.get(of_words(told)):
                return Meant(self._general(codes))
        return NOT_KNOWN

    def _general(self, codes: list[str]) -> tuple[str, ...]:
        """The code that holds all others where one does."""
        whole = [code for code in codes if all(code in self.lineage(other) for other in codes)]
        return tuple(dict.fromkeys(whole or codes))

    def lineage(self, code: str) -> Iterator[str]:
        """``code`` and its ancestors, nearest first."""
        current: str | None = code
        while current is not None:
            yield current
            current = self.parents.get(current)

    def remark(self, text: str) -> str | None:
        """What is to be said of a name that may have been meant otherwise, or says more than a type."""
        return self._remarks.get(text.casefold()) or self._remarks.get(_without_course(text).casefold())


def listed(file: TumourNameFile) -> Iterator[tuple[str, str]]:
    """Each name of the lists, behind the code that it means."""
    for names in file.lists:
        for code, given in names.names.items():
            yield from ((code, name) for name in given)


def words(text: str) -> list[str]:
    """The words of a name as they are compared, in their order."""
    plain = text.casefold().replace("'", "").replace("’", "")
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    for british, american in _BRITISH:
        plain = plain.replace(british, american)
    found = []
    for word in re.findall(r"[a-z0-9+]+", plain):
        plural = _PLURAL.fullmatch(word)
        word = plural[1] if plural else word
        found.append(SAME_WORD.get(word, word))
    joined = _replaced(" ".join(found), _SAME_WORDS)
    return [word for word in joined.split() if word not in _NO_MEANING]


def key(text: str) -> str:
    """What two spellings of one name have in common."""
    return _ordered(words(text))


def loose(text: str) -> str:
    """What two names of one disease have in common that say cancer, carcinoma or malignant neoplasm."""
    return _loosely(words(text))


def _ordered(told: list[str]) -> str:
    return " ".join(sorted(told))


def _loosely(told: list[str]) -> str:
    joined = _replaced(" ".join(told), _LOOSE_WORDS)
    return " ".join(sorted(word for word in joined.split() if word != "nos"))


def _collected(told: list[tuple[list[str], str]], of_words: Callable[[list[str]], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, code in told:
        codes = found.setdefault(of_words(name), [])
        if code not in codes:
            codes.append(code)
    return found


def _replaced(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    padded = f" {text} "
    for written, meant in pairs:
        padded = padded.replace(f" {written} ", f" {meant} ")
    return padded.strip()


def _without_course(text: str) -> str:
    """``text`` without words of stage and course."""
    kept = [word for word in _STAGE.sub(" ", text).split() if not all(map(_COURSE.fullmatch, _parts_of(word)))]
    return " ".join(kept).strip(" ,")


def is_course(word: str) -> bool:
    """Whether a word tells of a tumour's stage or course, and of no type."""
    return _COURSE.fullmatch(word) is not None


def _parts_of(word: str) -> list[str]:
    return word.strip(",").casefold().split("/")


def shadowed(file: TumourNameFile, types: Mapping[str, TumourType]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where the file says something that can never be, and what: names that are another type's, or mean two."""
    codes = {code.casefold(): code for code in types}
    names: dict[str, set[str]] = {}
    for tumour in types.values():
        names.setdefault(tumour.name.casefold(), set()).add(tumour.code)
    seen: dict[str, str] = {}
    ambiguous = {key(name) for name in file.ambiguous}
    for index, part in enumerate(file.lists):
        for code, given in part.names.items():
            for position, name in enumerate(given):
                at = ("lists", index, "names", code, position)
                folded = name.casefold()
                other = codes.get(folded)
                if other is not None:
                    yield at, f"'{name}' is the OncoTree code {other}, which always comes first"
                elif folded in names:
                    yield at, f"'{name}' is the OncoTree name of {' and '.join(sorted(names[folded]))}"
                elif seen.setdefault(key(name), code) != code:
                    yield at, f"'{name}' is also a name of {seen[key(name)]}"
                elif key(name) in ambiguous:
                    yield at, f"'{name}' is also among the ambiguous names"
    for name, meant in file.ambiguous.items():
        folded = name.casefold()
        if folded in codes:
            yield ("ambiguous", name), f"'{name}' is the OncoTree code {codes[folded]}, which always comes first"
        elif not names.get(folded, set()) <= set(meant):
            yield ("ambiguous", name), f"'{name}' is the OncoTree name of {' and '.join(sorted(names[folded]))}"
        elif len(set(meant)) < 2:
            yield ("ambiguous", name), f"'{name}' means one code"
    known = {key(name) for _, name in listed(file)} | {key(name) for name in (*codes, *names)}
    for name in file.remarks:
        if key(name) not in known:
            yield ("remarks", name), f"'{name}' is no code and none of the names"
