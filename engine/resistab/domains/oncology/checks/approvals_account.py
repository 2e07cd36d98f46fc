"""What became of every row of a list of approvals: in ``approvals.yaml``, or left out there with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from resistab.core.condition import Condition, condition_text
from resistab.core.grammar import ConditionSyntaxError
from resistab.domains.oncology.checks.approvals_export import Approval as Row
from resistab.domains.oncology.grammar.conditions import parse_condition
from resistab.domains.oncology.kinds.approvals import ApprovalFile, Authority, LeftOut, NamedTypes, Use
from resistab.domains.oncology.kinds.models import Rulebase

# What the list calls biomarkers, and the words of a condition; "\1" is the gene.
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"HER2-(positive|negative)", r"ERBB2 protein \1"),
        (r"ER (positive|negative)", r"ESR1 protein \1"),
        (r"PR (positive|negative)", r"PGR protein \1"),
        (r"EGFR positive", "EGFR protein positive"),
        (r"FOLR1 positive", "FOLR1 protein positive"),
        (r"CD117 \+", "KIT protein positive"),
        (r"CD20 \+", "MS4A1 protein positive"),
        (r"CD19 \+", "CD19 protein positive"),
        (r"CD22 \+", "CD22 protein positive"),
        (r"CD33 \+", "CD33 protein positive"),
        (r"CD30 \+", "TNFRSF8 protein positive"),
        (r"Wild type (ALK|ROS1)", r"not \1 fusion"),
        (r"Wild type (\w+)", r"\1 wild type"),
        (r"MSI-H|dMMR", "MSI high"),
        (r"MSI-L|pMMR", "MSI stable"),
        (r"TMB-H \(>= 10 mutations / Mb\)", "TMB of at least 10 mut/Mb"),
        (r"HRD", "HRD positive"),
        (r"v::(\w+)|(?:t\()(\w+);v\)", r"\1\2 fusion"),
        (r"(\w+)::v|(\w+) rearrangements", r"\1\2 fusion"),
        (r"t\(15;17\)", "PML::RARA"),
        (r"(\w+::\w+)", r"\1"),
        (r"(\w+) Exon (\d+) \(Insertion\)", r"\1 exon \2 insertion"),
        (r"MET Exon 14 \((?:Deletion|Splice Site)\)", "MET exon 14 skipping"),
        (r"(\w+) Exon (\d+) \(Deletion\)", r"\1 exon \2 deletion"),
        (r"EGFR (?:TKD )?activating variants", "EGFR sensitising mutation"),
        (r"ERBB2 (?:TKD )?activating variants", "ERBB2 activating mutation"),
        (r"ESR1 activating variants", "ESR1 mutation"),
        (r"FLT3-ITD", "FLT3 residues 572-630 insertion"),
        # In the numbers of the reference protein, the hot spot whatever was inserted, and two digits put right.
        (r"H3-3A p\.K27M", "H3-3A K28M"),
        (r"NPM1 p\.W288Cfs\*12", "NPM1 W288fs"),
        (r"EZH2 p\.A862G", "EZH2 A682G"),
        (r"(\w+) p\.(\w+)", r"\1 \2"),
        (r"(\w+) (?:frameshift|nonsense) variants", r"\1 truncation"),
        (r"(\w+) splice site variants", r"\1 splice site mutation"),
        (r"(\w+) (?:pathogenic|oncogenic|somatic) variants", r"\1 mutation"),
        (r"([A-Z0-9]+[A-Z][A-Z0-9]*) (amplification|deletion)", r"\1 \2"),
    )
)
# How the list writes what the language has no words for, and how it is written here.
_OTHER = ((">=", "of at least"), ("<", "below"), ("/ Mb", "per Mb"))


@dataclass(frozen=True)
class Read:
    """A row of the list as the rule set writes it.

    ``marker`` is None where the language or the rule set has no words for it; ``other_marker``, the same in the words
    of the list, where the row names none.
    """

    drugs: tuple[str, ...]
    tumour_types: tuple[str, ...]
    outside: tuple[str, ...]
    marker: Condition | None
    other_marker: str | None
    labels: tuple[str, ...]


@dataclass(frozen=True)
class ApprovalAccount:
    """How many rows of a list are where; ``missing`` are in neither place, ``needless`` is left out and not there."""

    rows: int
    taken: int
    left_out: int
    missing: tuple[Row, ...]
    needless: tuple[int, ...]


def read_row(rulebase: Rulebase, row: Row) -> Read:
    """The row in the words of the rule set."""
    file = rulebase.approvals
    named = None
    for one in file.named_types:
        if one.name == row.tumour and (one.drug in row.drugs or (one.drug is None and named is None)):
            named = one
    named = named or NamedTypes(name=row.tumour, tumour_types=(row.tumour,), why="an OncoTree code")
    words = [_words(rulebase, name) for name in row.biomarkers]
    told = [text for text in words if text is not None]
    marker = parse_condition(" and ".join(dict.fromkeys(told))) if told and len(told) == len(words) else None
    other = "; ".join(_other(name) for name in row.biomarkers) or None
    known = rulebase.drug_by_name
    drugs = tuple(
        known[name.casefold()].name if name.casefold() in known else name.casefold()
        for name in row.drugs
        if name.casefold() not in file.accompanying
    )
    labels = tuple(reference.removeprefix("LABEL:") for reference in row.references)
    return Read(tuple(sorted(drugs)), named.tumour_types, named.outside, marker, other, labels)


def _words(rulebase: Rulebase, name: str) -> str | None:
    """The condition for a biomarker; None where the language or the rule set has no words for it."""
    for pattern, words in _WORDS:
        if found := pattern.fullmatch(name):
            text = found.expand(words)
            try:
                parse_condition(text)
            except ConditionSyntaxError:
                return None
            gene = text.removeprefix("not ").split()[0].partition("::")[0]
            known = gene in ("MSI", "TMB", "HRD") or gene.upper() in rulebase.gene_by_name
            if " activating mutation" in text or " sensitising mutation" in text:
                known = known and text in rulebase.set_by_name
            return text if known else None
    return None


def _other(name: str) -> str:
    for written, said in _OTHER:
        name = name.replace(written, said)
    return name.removesuffix(" +") + (" positive" if name.endswith(" +") else "")


def is_left_out(file: ApprovalFile, row: Row) -> LeftOut | None:
    """The entry by which a row is left out, if any."""
    for one in file.left_out:
        if (one.drugs, one.tumour) == (row.drugs, row.tumour) and (
            not one.biomarkers or set(one.biomarkers) == set(row.biomarkers)
        ):
            return one
    return None


def account(rulebase: Rulebase, rows: Sequence[Row]) -> ApprovalAccount:
    """Where each row of the list went."""
    file = rulebase.approvals
    uses: dict[tuple[str, ...], list[Use]] = {}
    for approval in file.approvals:
        uses.setdefault(tuple(sorted(approval.drugs)), []).extend(approval.uses)
    left: list[LeftOut] = []
    missing: list[Row] = []
    taken = 0
    wider = _wider(rows)
    for row in rows:
        if (entry := is_left_out(file, row)) is not None:
            left.append(entry)
            continue
        read = read_row(rulebase, row)
        marked = [read_row(rulebase, other) for other in wider[row.line]] or [read]
        if any(_says(use, row, read, one) for use in uses.get(read.drugs, ()) for one in marked):
            taken += 1
        else:
            missing.append(row)
    needless = tuple(index for index, one in enumerate(file.left_out) if one not in left)
    return ApprovalAccount(len(rows), taken, len(left), tuple(missing), needless)


def _wider(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """By line the rows that ask for less than the row does, of the same drugs and tumour type: those say it too.

    Where a label has "HER2-negative", "HER2-negative and PR positive" adds nothing to it.
    """
    together: dict[tuple[tuple[str, ...], str], dict[frozenset[str], Row]] = {}
    for row in rows:
        together.setdefault((row.drugs, row.tumour), {}).setdefault(frozenset(row.biomarkers), row)
    found = {}
    for row in rows:
        own = frozenset(row.biomarkers)
        less = [other for asked, other in together[row.drugs, row.tumour].items() if asked and asked < own]
        found[row.line] = less
    return found


def _says(use: Use, row: Row, read: Read, marked: Read) -> bool:
    """Whether a use says what the row says, with the biomarkers of ``marked``."""
    markers = {condition_text(one) for one in use.markers}
    return (
        set(read.tumour_types) <= set(use.tumour_types)
        and read.outside == use.outside
        and row.authority in use.authorities
        and set(read.labels) <= set(use.labels)
        and (row.first_approved is None or (use.since is not None and use.since <= row.first_approved))
        and use.needs_marker == (marked.other_marker is not None)
        and (
            marked.other_marker is None
            # A gene may have become known since, so that the language has the words now.
            or marked.other_marker in use.other_markers
            or (marked.marker is not None and condition_text(marked.marker) in markers)
        )
    )


def uses_of(rulebase: Rulebase, rows: Iterable[Row]) -> Iterator[tuple[tuple[str, ...], list[Use]]]:
    """The uses that the rows of a list come to, by drugs: one for all types and markers with the same approvals."""
    rows = list(rows)
    file, wider = rulebase.approvals, _wider(rows)
    by_drugs: dict[tuple[str, ...], dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[Row, Read]]]] = {}
    for row in rows:
        if is_left_out(file, row) is None:
            read = read_row(rulebase, row)
            found = by_drugs.setdefault(read.drugs, {})
            found.setdefault((read.tumour_types, read.outside), []).append((row, read))
    for drugs, by_type in sorted(by_drugs.items()):
        merged: dict[Use, list[str]] = {}
        for (types, outside), read_rows in sorted(by_type.items()):
            use = _use(outside, read_rows, wider)
            merged.setdefault(use, []).extend(types)
        yield (
            drugs,
            [use.model_copy(update={"tumour_types": tuple(dict.fromkeys(types))}) for use, types in merged.items()],
        )


def _use(outside: tuple[str, ...], rows: Sequence[tuple[Row, Read]], wider: dict[int, list[Row]]) -> Use:
    days = [row.first_approved for row, _ in rows if row.first_approved is not None]
    widest = [read for row, read in rows if not wider[row.line]]
    conditions = {condition_text(read.marker): read.marker for read in widest if read.marker is not None}
    return Use.model_construct(
        tumour_types=("",),
        outside=outside,
        markers=tuple(conditions[text] for text in sorted(conditions)),
        other_markers=tuple(sorted({read.other_marker for read in widest if read.other_marker and not read.marker})),
        since=min(days, default=None),
        authorities=tuple(name for name in get_args(Authority) if any(row.authority == name for row, _ in rows)),
        labels=tuple(sorted({label for _, read in rows for label in read.labels})),
        basis=None,
    )
