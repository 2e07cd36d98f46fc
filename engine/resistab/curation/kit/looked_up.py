"""What the rules say of whatever somebody looks up: a change, gene, drug, class, reference or row.

A pack brings a ``RuleFinder``, which knows its rows, names and changes; what is of every domain is here.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from resistab.core.condition import Condition, condition_subjects
from resistab.core.nearest import nearest
from resistab.core.records import dataclass, replace

Relation = Literal["names", "holds", "open", "codon", "indirect"]
RELATIONS: dict[Relation, str] = {
    "names": "Rows that name it",
    "holds": "Rows that hold for it by a set, a region or a kind of change",
    "open": "Rows for which more would have to be known",
    "codon": "Rows on the same codon that name other residues: they say nothing of this change",
    "indirect": "Rows that may follow from it by mechanisms",
}
# A PMID is written with or without its prefix; of fewer digits a number is none that anybody looks up.
_PMID = re.compile(r"(?:PMID[: ]*)?([0-9]{5,9})", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi[: ]*)?(10\.[0-9]+/\S+)", re.IGNORECASE)
# Of 1: how alike two names must be to be a slip of one another.
_SLIP = 0.75
_MOST_CITATIONS = 10


@dataclass(frozen=True)
class FoundReference:
    """A reference behind a row: as rules cite it, in short, and what it says (where the domain keeps that)."""

    reference: str
    short: str = ""
    level: str = ""
    statement: str = ""


@dataclass(frozen=True)
class FoundRow:
    """A row as a look-up tells it.

    ``drug`` is the drug or, with ``of_class``, the class for all of whose drugs it holds, "" for a rule that concludes
    something. ``relation`` says how it is about what was looked up, ``why`` by way of what. ``rank`` and ``weight``
    order effects: the lowest rank first, and in it the largest weight.
    """

    id: str
    drug: str
    condition: str
    effect: str
    rank: int
    weight: float = 0.0
    of_class: bool = False
    status: str = "active"
    tumour_types: tuple[str, ...] = ()
    evidence: str = ""
    references: tuple[FoundReference, ...] = ()
    relation: Relation = "names"
    why: str = ""
    overlay: str = ""


@dataclass(frozen=True)
class LookupMeaning:
    """One thing that a text may mean: its ``kind`` in a word or two, its name, what is to be said of it, its rows."""

    kind: str
    name: str
    about: tuple[tuple[str, str], ...] = ()
    rows: tuple[FoundRow, ...] = ()


@dataclass(frozen=True)
class LookedUp:
    """Everything that a text may mean in one rule set; where it means nothing, ``refusal`` and ``near`` say more."""

    meanings: tuple[LookupMeaning, ...] = ()
    refusal: str = ""
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleEntry:
    """A row that can be found: whose it is, its condition, its references, and the row itself."""

    id: str
    drug: str
    condition: Condition
    references: tuple[str, ...]
    row: Any
    of_class: bool = False
    status: str = "active"
    table: Any = None


class RuleFinder(ABC):
    """Finds in one rule set; names are keys in lower case."""

    @property
    @abstractmethod
    def entries(self) -> Sequence[RuleEntry]:
        """Every row, and every rule that concludes something."""

    @property
    @abstractmethod
    def drugs(self) -> Mapping[str, str]:
        """By every name of a drug the name that the rule set has for it."""

    @property
    @abstractmethod
    def classes(self) -> Mapping[str, str]:
        """The classes of drugs."""

    @property
    @abstractmethod
    def genes(self) -> Mapping[str, str]:
        """By every name of a gene its symbol."""

    @abstractmethod
    def shown(self, entry: RuleEntry) -> FoundRow:
        """The row as it is told."""

    def about_drug(self, drug: str) -> Iterator[tuple[str, str]]:
        """What is to be said of a drug."""
        yield from ()

    def about_gene(self, gene: str) -> Iterator[tuple[str, str]]:
        """What is to be said of a gene."""
        yield from ()

    @abstractmethod
    def classes_of(self, drug: str) -> Sequence[str]:
        """The classes whose rows hold for a drug, or of which it is."""

    def rows_of_drug(self, drug: str) -> Iterator[FoundRow]:
        """The rows that hold for a drug, retired ones apart."""
        classes = self.classes_of(drug)
        for entry in self.entries:
            if entry.drug == drug or (entry.of_class and entry.drug in classes):
                yield self.shown(entry)

    def rows_of_gene(self, gene: str) -> Iterator[FoundRow]:
        """The rows in use that ask for something of a gene."""
        yield from (self.shown(entry) for entry in live(self) if gene in condition_subjects(entry.condition))

    @property
    def citations(self) -> Mapping[str, str]:
        """By reference its short form."""
        return {}

    def others(self, text: str) -> Iterator[LookupMeaning]:
        """What only this domain knows of: named sets, conclusions, kinds of patients."""
        yield from ()

    @abstractmethod
    def changes(self, text: str) -> Iterator[LookupMeaning]:
        """What ``text`` says as a change; raises ``LookupError`` with why it is none, and what may be meant."""

    def near(self, text: str) -> Iterator[str]:
        """Further names that are near to ``text``."""
        yield from ()

    @property
    def all_names(self) -> list[str]:
        """Every name that can be looked up and of which a text may be a slip."""
        return [*self.drugs, *self.classes.values(), *self.genes.values()]


class NotAChangeError(LookupError):
    """A text that is no change; with what may be meant."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


def look_up(finder: RuleFinder, text: str) -> LookedUp:
    """Everything that ``text`` may mean."""
    text = " ".join(text.split())
    folded = text.casefold()
    meanings = [
        *_rows_by_id(finder, folded),
        *_drugs(finder, folded),
        *_classes(finder, folded),
        *_genes(finder, folded),
        *_references(finder, text),
        *finder.others(text),
    ]
    refusal, suggestion = "", None
    if not any(found.kind in ("gene", "drug", "row", "reference") for found in meanings):
        try:
            meanings += finder.changes(text)
        except NotAChangeError as error:
            refusal, suggestion = str(error), error.suggestion
    if not meanings:
        meanings = list(_by_citation(finder, folded))
    said = tuple(replace(meaning, rows=in_rank(meaning.rows)) for meaning in meanings)
    if said:
        return LookedUp(said)
    return LookedUp((), refusal, tuple(dict.fromkeys((*([suggestion] if suggestion else ()), *_near(finder, text)))))


def in_rank(rows: Iterable[FoundRow]) -> tuple[FoundRow, ...]:
    """What names it first, in that resistance by level of evidence, then response; each row once."""
    order = list(RELATIONS)
    once: dict[tuple[str, str], FoundRow] = {}
    for row in rows:
        before = once.get((row.id, row.drug))
        if before is None or order.index(row.relation) < order.index(before.relation):
            once[row.id, row.drug] = row
    return tuple(
        sorted(
            once.values(),
            key=lambda row: (
                order.index(row.relation), row.rank, row.evidence or "Z", -row.weight, row.drug, row.id,
            ),
        )
    )  # fmt: skip


def as_data(found: LookedUp) -> dict[str, Any]:
    """The same as data."""
    return {
        "meanings": [
            {
                "kind": meaning.kind,
                "name": meaning.name,
                "about": [{"of": label, "text": text} for label, text in meaning.about],
                "rows": [_row_data(row) for row in meaning.rows],
            }
            for meaning in found.meanings
        ],
    }


def _row_data(row: FoundRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "drug": None if row.of_class else row.drug or None,
        "drug_class": row.drug if row.of_class else None,
        "effect": row.effect,
        "level": row.evidence or None,
        "tumour_types": list(row.tumour_types),
        "condition": row.condition,
        "relation": row.relation,
        "by_way_of": row.why or None,
        "status": row.status,
        "overlay": row.overlay or None,
        "evidence": [
            {
                "reference": item.reference,
                "short": item.short or None,
                "level": item.level or None,
                "statement": item.statement or None,
            }
            for item in row.references
        ],
    }


# --- what is of every domain ----------------------------------------------------------------------------------------


def live(finder: RuleFinder) -> Iterator[RuleEntry]:
    """The rows that are in use."""
    return (entry for entry in finder.entries if entry.status == "active")


def _rows_by_id(finder: RuleFinder, folded: str) -> Iterator[LookupMeaning]:
    found = [finder.shown(entry) for entry in finder.entries if entry.id.casefold() == folded]
    if found:
        yield LookupMeaning("row", found[0].id, rows=tuple(found))


def _drugs(finder: RuleFinder, folded: str) -> Iterator[LookupMeaning]:
    if (name := finder.drugs.get(folded)) is not None:
        about = tuple(finder.about_drug(name))
        if name.casefold() != folded and not any(folded in text.casefold() for _, text in about):
            about = (("also called", folded), *about)
        rows = tuple(row for row in finder.rows_of_drug(name) if row.status == "active")
        yield LookupMeaning("drug", name, about, rows)


def _classes(finder: RuleFinder, folded: str) -> Iterator[LookupMeaning]:
    name = finder.classes.get(folded) or finder.classes.get(folded.removesuffix("s"))
    if name is None:
        return
    drugs = sorted({drug for drug in finder.drugs.values() if name in finder.classes_of(drug)})
    of_drugs = frozenset(drugs)
    rows = (
        finder.shown(entry)
        for entry in live(finder)
        if (entry.drug == name if entry.of_class else entry.drug in of_drugs)
    )
    yield LookupMeaning("class of drugs", name, (("drugs", ", ".join(drugs)),) if drugs else (), tuple(rows))


def _genes(finder: RuleFinder, folded: str) -> Iterator[LookupMeaning]:
    if (symbol := finder.genes.get(folded)) is not None:
        yield LookupMeaning("gene", symbol, tuple(finder.about_gene(symbol)), tuple(finder.rows_of_gene(symbol)))


def reference_meant(text: str) -> str | None:
    """The reference that a text is, as rules cite it; None where it is none."""
    if match := _PMID.fullmatch(text):
        return f"PMID:{match[1]}"
    if match := _DOI.fullmatch(text):
        return f"DOI:{match[1]}"
    return text if re.match(r"[A-Za-z]+:?\S*[0-9]", text) else None


def _references(finder: RuleFinder, text: str) -> Iterator[LookupMeaning]:
    wanted = reference_meant(text)
    if wanted is None:
        return
    folded = wanted.casefold()
    found = [entry for entry in finder.entries if any(folded == one.casefold() for one in entry.references)]
    if found:
        (name, *_) = (one for one in found[0].references if one.casefold() == folded)
        short = finder.citations.get(name)
        yield LookupMeaning("reference", name, (("cited as", short),) if short else (), _all_shown(finder, found))


def _by_citation(finder: RuleFinder, folded: str) -> Iterator[LookupMeaning]:
    """References whose short form has every word of the text: "Mok 2017"."""
    words = re.findall(r"[\w-]+", folded)
    if len(words) < 2:
        return
    found = [
        (reference, short)
        for reference, short in finder.citations.items()
        if set(words) <= set(re.findall(r"[\w-]+", short.casefold()))
    ]
    if len(found) > _MOST_CITATIONS:
        return
    for reference, short in found:
        of_it = [entry for entry in finder.entries if reference in entry.references]
        if of_it:
            yield LookupMeaning("reference", reference, (("cited as", short),), _all_shown(finder, of_it))


def _all_shown(finder: RuleFinder, entries: Iterable[RuleEntry]) -> tuple[FoundRow, ...]:
    return tuple(finder.shown(entry) for entry in entries)


def _near(finder: RuleFinder, text: str) -> Iterator[str]:
    # Imported here: what is found needs no likeness.
    from difflib import SequenceMatcher

    yield from finder.near(text)
    for name in (nearest(text, finder.all_names) or "").split(" or "):
        if name and SequenceMatcher(None, text.casefold(), name.casefold()).ratio() >= _SLIP:
            yield name
