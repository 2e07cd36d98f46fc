"""What lists of evidence say of labels by name, and whether the brands of a rule set are those of labels.

A list names a label beside drugs: as the text of an approval, as the reference of a regimen, in the short citation of
a list of evidence (``Itovebi package insert``), or as the source of a verdict that is expected (``FDA label Padcev``).
Most say of which drugs something is approved together, one of which the label is of; a label cited by its drug
(``LABEL:inavolisib 2024-10``) says of which.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resistab.domains.oncology.checks.source_items import NamedLabel, Sources
from resistab.domains.oncology.kinds.citation_exceptions import BrandException
from resistab.domains.oncology.kinds.models import Drug, Rulebase

if TYPE_CHECKING:
    from resistab.domains.oncology.checks.approvals_export import Approval

EXPECTED = frozenset({"tumour", "findings", "assayed", "drug", "expected", "basis", "source"})
"""The columns of a list of verdicts that are expected."""

# A name begins with a capital; a label that is cited by its drug has none.
_NAME = r"[A-Z][A-Za-z]+(?:[ -](?!package\b|prescribing\b|label\b)[A-Za-z]+)*"
_CITED = re.compile(rf"({_NAME})(?: \(([a-z ]+)\))? (?:package insert|prescribing information|label)\b.*")
_BY_DRUG = re.compile(r"LABEL:([a-z][a-z ]*) \d{4}(?:-\d\d)*")
_BY_NAME = re.compile(rf"LABEL:({_NAME}) \d{{4}}(?:-\d\d)*")
_SOURCE = re.compile(r"\blabel ([A-Z][a-z]+)\b|\b([A-Z][a-z]+) label\b")


def cited_label(reference: str, short: str, drugs: Iterable[str]) -> NamedLabel | None:
    """The label that an item of a list of evidence cites, where ``short`` names it."""
    found = _CITED.fullmatch(short)
    if found is None or not reference.startswith("LABEL:"):
        return None
    own = found[2] or (by[1] if (by := _BY_DRUG.fullmatch(reference)) else "")
    if own:
        return NamedLabel(found[1], frozenset(own.split(" and ")), exact=True)
    return NamedLabel(found[1], frozenset(drugs))


def read_expected(path: Path) -> Sources:
    """The labels that a list of expected verdicts gives as its sources; it holds no evidence."""
    with path.open(encoding="utf-8", newline="") as file:
        labels = {
            NamedLabel(name, frozenset(_parts(row["drug"])))
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            for found in _SOURCE.finditer(row["source"])
            for name in found.groups()
            if name
        }
    return Sources({}, labels=frozenset(labels))


def named_labels(sources: Sources, is_wrong: Iterable[Approval] = ()) -> frozenset[NamedLabel]:
    """Every label that lists name; what the rows ``is_wrong`` of a list of approvals say of one does not count."""
    wrong = {row.line for row in is_wrong}
    found = set(sources.labels)
    for row in sources.approval_rows:
        if row.line not in wrong:
            found |= {NamedLabel(label.name, frozenset(row.drugs)) for label in row.labels if label.name}
    for regimen in sources.regimens.values():
        if regimen.exact:
            named = (_BY_NAME.fullmatch(reference) for reference in regimen.references)
            found |= {NamedLabel(name[1], frozenset(regimen.drugs)) for name in named if name}
    return frozenset(found)


@dataclass(frozen=True)
class BrandAccount:
    """What became of the brands of a rule set beside the names of labels.

    ``unfounded`` are brands with their drugs, their places in ``drugs.yaml``, and what is wrong with each;
    ``needless`` exceptions by their place. ``unknown`` are names of labels by which no drug is known.
    """

    brands: int
    verified: int
    excepted: int
    unfounded: tuple[tuple[str, str, int, int, str], ...]
    needless: tuple[int, ...]
    unknown: tuple[str, ...]


def account(
    rulebase: Rulebase, labels: Iterable[NamedLabel], exceptions: Iterable[BrandException] = ()
) -> BrandAccount:
    """Each brand of ``rulebase`` beside ``labels``; one that none is of, or one of other drugs, needs an exception."""
    known: dict[str, list[NamedLabel]] = {}
    for label in labels:
        known.setdefault(label.name, []).append(label)
    listed = {one.brand: number for number, one in enumerate(exceptions)}
    brands = [
        (index, position, drug, brand)
        for index, drug in enumerate(rulebase.drugs)
        for position, brand in enumerate(drug.brands)
    ]
    verified, excepted, unfounded = 0, set[int](), []
    for index, position, drug, brand in brands:
        wrong = _wrong(rulebase, drug, known.get(brand, ()))
        if not wrong:
            verified += 1
        elif brand in listed:
            excepted.add(listed[brand])
        else:
            unfounded.append((brand, drug.name, index, position, wrong))
    return BrandAccount(
        brands=len(brands),
        verified=verified,
        excepted=len(excepted),
        unfounded=tuple(unfounded),
        needless=tuple(number for number in listed.values() if number not in excepted),
        unknown=tuple(sorted(name for name in known if name.casefold() not in rulebase.drug_by_name)),
    )


def _wrong(rulebase: Rulebase, drug: Drug, labels: Iterable[NamedLabel]) -> str:
    """Why no label bears out that it is the drug's, "" where they do."""
    own, some = {part.name for part in rulebase.parts_of(drug.name)}, False
    for label in labels:
        some = True
        said = _known(rulebase.drug_by_name, label.drugs)
        if label.exact and said != own:
            return f"its label is of {' + '.join(sorted(said))}"
        if not own <= said:
            return f"its label is named with {' + '.join(sorted(said))}"
    return "" if some else "no label in the evidence has this name"


def _known(drug_by_name: Mapping[str, Drug], drugs: Iterable[str]) -> set[str]:
    """Drugs by the names of the rule set, those of a regimen each by itself."""
    found: set[str] = set()
    for name in drugs:
        drug = drug_by_name.get(name.casefold())
        found |= set(drug.regimen or (drug.name,)) if drug else {name.casefold()}
    return found


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in re.split(r"\s\+\s", text))
