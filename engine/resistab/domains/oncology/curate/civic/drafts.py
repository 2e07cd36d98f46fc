"""Draft rows from CIViC's evidence, and an account of every item that gave none.

An item is counted once: as drafted, as already in the rule set, as filtered out, as no statement on a drug, or as not
translated for one reason. What is proposed (effect, condition, tumour types) is for a curator to judge; our own
sentence on each study is left to be written.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from resistab.core.condition import Condition, condition_text
from resistab.domains.oncology.checks.civic_names import CivicTherapy, therapies, tumour_codes
from resistab.domains.oncology.checks.evidence_account import named_items
from resistab.domains.oncology.curate.civic.file import CivicItem
from resistab.domains.oncology.curate.civic.profiles import ProfileReader, UntranslatableError
from resistab.domains.oncology.kinds.models import (
    RESPONSE_MARKER,
    Effect,
    Evidence,
    Indication,
    Row,
    Rulebase,
)
from resistab.rulesets.models import UNWRITTEN, Citation

UNKNOWN_DRUG = "the drug is not in drugs.yaml"
NO_DRUG = "no drug is named"
SEQUENTIAL = "drugs given one after another have no form in a table"
NO_EFFECT = "speaks neither of response nor of resistance"
UNKNOWN_TUMOUR = "the tumour type is not known by this name"
NO_REFERENCE = "the source has no number to cite it by"

NOT_PREDICTIVE = "not on the effect of a drug"
NOT_ACCEPTED = "not accepted by CIViC"
FILTERED = "left out as asked"
PRESENT = "in the rule set already"
DRAFTED = "drafted"

Outcome = Literal["resistance", "response"]
_CLAIMS: dict[str, Outcome] = {
    "Resistance": "resistance",
    "Reduced Sensitivity": "resistance",
    "Sensitivity/Response": "response",
}


@dataclass(frozen=True)
class WantedDrafts:
    """What to draft: drugs by name, genes by symbol, OncoTree codes with their descendants; empty for all."""

    drugs: frozenset[str] = frozenset()
    genes: frozenset[str] = frozenset()
    tumours: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DraftRow:
    """A row with status draft, and what a curator should know of it beside its fields."""

    row: Row
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class DraftTable:
    """The drafts of one drug; ``indications`` only where the rule set has no table for it yet."""

    drug: str
    indications: tuple[Indication, ...]
    rows: tuple[DraftRow, ...]


@dataclass(frozen=True)
class Untranslated:
    """Items that were not translated for one reason, met in one ``detail``."""

    reason: str
    detail: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Drafts:
    """The drafts, citations that the rule set lacks, and how many items became of what (``counts``, by its name).

    The counts of drafted, present, filtered, not predictive and not accepted items and the numbers of items in
    ``untranslated`` add up to ``read``.
    """

    read: int
    counts: Mapping[str, int]
    untranslated: tuple[Untranslated, ...]
    tables: tuple[DraftTable, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class _Translated:
    item: CivicItem
    reference: str
    claim: Outcome
    condition: Condition
    tumours: tuple[str, ...]
    therapy: CivicTherapy

    @property
    def outcome(self) -> Outcome:
        """What the study showed: the claim, or where it does not support it, the other."""
        if self.item.supports:
            return self.claim
        return "response" if self.claim == "resistance" else "resistance"


def draft(
    rulebase: Rulebase,
    items: Sequence[CivicItem],
    on: datetime.date,
    wanted: WantedDrafts | None = None,
    symbols: frozenset[str] = frozenset(),
) -> Drafts:
    """Drafts for ``rulebase`` from ``items``, the same whatever their order; ``on`` is the day they are dated.

    ``symbols`` are the genes that the rule set knows by name only.
    """
    translator = _Translator(rulebase, wanted or WantedDrafts(), symbols)
    counts = dict.fromkeys((DRAFTED, PRESENT, FILTERED, NOT_PREDICTIVE, NOT_ACCEPTED), 0)
    untranslated: dict[tuple[str, str], list[CivicItem]] = {}
    translated: list[_Translated] = []
    for item in sorted(items, key=lambda item: item.number):
        if (aside := translator.set_aside(item)) is not None:
            counts[aside] += 1
            continue
        try:
            translated += translator.translated(item)
            counts[DRAFTED] += 1
        except UntranslatableError as error:
            untranslated.setdefault((error.reason, error.detail), []).append(item)
    return Drafts(
        read=len(items),
        counts=counts,
        untranslated=tuple(
            Untranslated(reason, detail, tuple(item.id for item in untranslated[reason, detail]))
            for reason, detail in sorted(untranslated)
        ),
        tables=tuple(_tables(rulebase, translated, on)),
        citations=tuple(_citations(rulebase, translated)),
    )


class _Translator:
    """Says of each item what becomes of it."""

    def __init__(self, rulebase: Rulebase, wanted: WantedDrafts, symbols: frozenset[str]) -> None:
        self.rulebase, self.wanted = rulebase, wanted
        self.profiles = ProfileReader(rulebase, symbols)
        self.present = named_items(rulebase)

    def set_aside(self, item: CivicItem) -> str | None:
        """Why ``item`` is not to be translated at all, or None."""
        if not item.predictive:
            return NOT_PREDICTIVE
        if not item.accepted:
            return NOT_ACCEPTED
        if not self.is_wanted(item):
            return FILTERED
        return PRESENT if item.id in self.present else None

    def is_wanted(self, item: CivicItem) -> bool:
        """Whether the item passes; one whose tumour type is not known may be of those asked for, and passes."""
        wanted = self.wanted
        if wanted.drugs and not any(therapy.drug in wanted.drugs for therapy in self.therapies(item)):
            return False
        if wanted.genes and not self.profiles.genes(item.profile) & wanted.genes:
            return False
        codes = tumour_codes(self.rulebase, item.disease)
        return (
            not wanted.tumours or not codes or any(wanted.tumours & set(self.rulebase.lineage(code)) for code in codes)
        )

    def therapies(self, item: CivicItem) -> tuple[CivicTherapy, ...]:
        return therapies(self.rulebase, item.therapies, item.interaction)

    def translated(self, item: CivicItem) -> list[_Translated]:
        """The item for each drug that is wanted; raises ``UntranslatableError``."""
        claim = _CLAIMS.get(item.significance)
        if claim is None:
            raise UntranslatableError(NO_EFFECT, item.significance or "nothing")
        if not item.therapies:
            raise UntranslatableError(NO_DRUG, item.profile)
        found = self.therapies(item)
        if not found:
            raise UntranslatableError(UNKNOWN_DRUG, _regimen(item))
        if item.interaction == "Sequential":
            raise UntranslatableError(SEQUENTIAL, _regimen(item))
        if item.reference is None:
            raise UntranslatableError(NO_REFERENCE, item.citation or item.id)
        tumours = tumour_codes(self.rulebase, item.disease)
        if not tumours:
            raise UntranslatableError(UNKNOWN_TUMOUR, item.disease or "none is named")
        condition = self.profiles.condition(item.profile)
        return [
            _Translated(item, item.reference, claim, condition, tumours, therapy)
            for therapy in found
            if not self.wanted.drugs or therapy.drug in self.wanted.drugs
        ]


def _regimen(item: CivicItem) -> str:
    joined = {"Combination": " + ", "Sequential": " then "}.get(item.interaction, " or ")
    return joined.join(item.therapies)


# --- rows ---------------------------------------------------------------------------------------------------------


def _tables(rulebase: Rulebase, translated: Iterable[_Translated], on: datetime.date) -> Iterator[DraftTable]:
    groups: dict[str, dict[tuple[str, tuple[str, ...]], list[_Translated]]] = {}
    for part in translated:
        key = condition_text(part.condition), part.tumours
        groups.setdefault(part.therapy.drug, {}).setdefault(key, []).append(part)
    present = {table.drug: table for table in rulebase.tables}
    prefixes = {row.id.rpartition("-")[0] for table in rulebase.row_tables for row in table.rows}
    prefixes |= {rule.id.rpartition("-")[0] for rule in rulebase.mechanism_rules}
    for drug in sorted(groups):
        table = present.get(drug)
        rows = table.rows if table else ()
        prefix = _prefix(drug, rows, prefixes)
        prefixes.add(prefix)
        number = _highest(rulebase, prefix)
        drafts = []
        for text, tumours in sorted(groups[drug], key=lambda key: (_natural(key[0]), key[1])):
            number += 1
            same = [row.id for row in rows if row.status != "retired" and condition_text(row.when) == text]
            drafts.append(_row(f"{prefix}-{number:03d}", groups[drug][text, tumours], same, on))
        yield DraftTable(drug, () if table else _INDICATIONS, tuple(drafts))


# Where the drug is used and what it needs is not in CIViC; until a curator says so, it is used nowhere.
_INDICATIONS = (Indication(tumour_types=("TISSUE",), relevant=False, requires="nothing", essential_loci=()),)


def _prefix(drug: str, rows: Iterable[Row], taken: Iterable[str]) -> str:
    """What the ids of a drug begin with: as in its table, or as many letters of its name as set it apart."""
    counted = Counter(row.id.rpartition("-")[0] for row in rows)
    if counted:
        return min(counted, key=lambda prefix: (-counted[prefix], prefix))
    letters = re.sub(r"[^A-Z]", "", drug.upper()) or "DRUG"
    taken = set(taken)
    candidates = [letters[:length] for length in range(3, len(letters) + 1)] or [letters]
    further = (f"{letters}{number}" for number in range(2, len(taken) + 3))
    return next(prefix for prefix in (*candidates, *further) if prefix not in taken)


def _highest(rulebase: Rulebase, prefix: str) -> int:
    """The highest number that an id with ``prefix`` has; retired rows keep theirs."""
    ids = [row.id for table in rulebase.row_tables for row in table.rows] + [
        rule.id for rule in rulebase.mechanism_rules
    ]
    parts = (id_.rpartition("-") for id_ in ids)
    return max((int(number) for start, _, number in parts if start == prefix), default=0)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key that puts L99 before L858."""
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", text))


def _row(row_id: str, parts: Sequence[_Translated], same: Sequence[str], on: datetime.date) -> DraftRow:
    proposed = _proposed(parts)
    in_order = sorted(parts, key=lambda part: (part.item.level, part.item.number))
    evidence = tuple(
        Evidence(
            reference=part.reference,
            source=f"CIViC:{part.item.id}",
            level=part.item.level,
            direction="supports" if part.outcome == proposed else "against",
            studied_in=part.tumours[0],
            given_with=part.therapy.given_with,
            statement=UNWRITTEN,
        )
        for part in in_order
    )
    row = Row(
        id=row_id,
        status="draft",
        when=parts[0].condition,
        tumour_types=parts[0].tumours,
        effect=_effect(proposed, parts),
        mechanism="target dependence" if proposed == "response" else "not established",
        evidence=evidence,
        created=on,
        reviewed=on,
    )
    return DraftRow(row, tuple(_remarks(in_order, evidence, same)))


def _proposed(parts: Sequence[_Translated]) -> Outcome:
    """What most speaks for: the supported claim of the best level, then of most items, then resistance.

    Where no claim is supported it is the claim that was denied, with nothing but evidence against it.
    """
    claims = [part for part in parts if part.item.supports] or parts
    counted = Counter(part.claim for part in claims)
    best = {claim: min(part.item.level for part in claims if part.claim == claim) for claim in counted}
    return min(counted, key=lambda claim: (best[claim], -counted[claim], claim != "resistance"))


def _effect(proposed: Outcome, parts: Sequence[_Translated]) -> Effect:
    if proposed == "response":
        return RESPONSE_MARKER
    told = {part.item.significance for part in parts if part.claim == "resistance"}
    return "reduced response" if told == {"Reduced Sensitivity"} else "resistance"


def _remarks(parts: Sequence[_Translated], evidence: Sequence[Evidence], same: Sequence[str]) -> Iterator[str]:
    profiles = sorted({part.item.profile for part in parts}, key=_natural)
    diseases = sorted({part.item.disease for part in parts})
    yield f"CIViC: {'; '.join(profiles)}, in {'; '.join(diseases)}."
    if same:
        yield f"The same condition stands in {', '.join(same)}: is the evidence better put there?"
    if {item.direction for item in evidence} == {"against"}:
        yield "Nothing but evidence against the effect: is it the contrary?"
    elif any(item.direction == "against" for item in evidence):
        yield "The evidence is divided."
    if any(re.search(r"\bv::|::v\b", profile) for profile in profiles):
        yield "CIViC means a fusion with any partner at one end, the condition at either end."
    if len(parts[0].tumours) > 1:
        yield "The disease is of several types: in which was it studied?"
    for part in parts:
        item = part.item
        if item.origin not in ("Somatic", "N/A", "", "Unknown"):
            yield f"{item.id}: {item.origin.casefold()} variant."
        if item.phenotypes:
            yield f"{item.id}: studied in those with {', '.join(item.phenotypes.split(','))}."
        if item.flagged:
            yield f"{item.id}: flagged in CIViC."


def _citations(rulebase: Rulebase, translated: Iterable[_Translated]) -> Iterator[Citation]:
    """The references that the rule set's citations lack, in the order in which it has them."""
    missing = {part.reference: part.item for part in translated if part.reference not in rulebase.citation_by_reference}
    for reference in sorted(missing, key=_natural):
        yield Citation(reference=reference, short=missing[reference].citation or reference)
