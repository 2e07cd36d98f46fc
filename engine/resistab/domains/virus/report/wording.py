"""The words in which renderings speak of the ViralReport model; nothing here decides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from resistab.core.said import said, terms
from resistab.domains.virus.grammar.residues import residues_text
from resistab.domains.virus.policy.models import OpenRow, ViralContribution, ViralVerdict
from resistab.domains.virus.policy.mutations import OTHER as OTHER
from resistab.domains.virus.policy.scores import positions_text
from resistab.domains.virus.report.model import (
    GeneInfo,
    MutationInfo,
    QualityInfo,
    ViralLevelInfo,
    ViralReport,
    ViralSample,
)
from resistab.report.language import concluded_words, figures, gettext, gettext_noop, ngettext
from resistab.report.words import drugs_under, in_sentence, listed, percent

SIR_WORDS = {
    "S": gettext_noop("susceptible"),
    "I": gettext_noop("intermediate"),
    "R": gettext_noop("resistant"),
}
SEVERITY_WORDS = {"severe": "Do not use as it stands", "warning": "Warning", "note": "Note"}
# The settings of regimens against HIV, and the names of levels as they stand in sentences.
SETTINGS = terms(
    "first line",
    "two-drug first line",
    "alternative first line",
    "former first line",
    "after failure of NNRTI",
    "after failure of PI",
    "after failure of INSTI",
    "switch when suppressed",
    "pregnancy",
    "tuberculosis",
    "HBV co-infection",
)
LEVELS = (
    gettext_noop("not assessable"),
    gettext_noop("potential low-level resistance"),
    gettext_noop("low-level resistance"),
    gettext_noop("intermediate resistance"),
    gettext_noop("high-level resistance"),
)
# Undecided rows that are named for a drug; the rest are counted, and JSON names them all.
MOST_OPEN_ROWS = 12

LevelStyle = Literal["resistant", "possible_resistance", "potential", "no_resistance_found", "not_assessable"]
STYLE_SYMBOLS: dict[LevelStyle, str] = {
    "resistant": "✕",
    "possible_resistance": "▲",
    "potential": "△",
    "no_resistance_found": "○",
    "not_assessable": "?",
}


# --- the sample ---------------------------------------------------------------------------------------------


def given_words(sample: ViralSample) -> str:
    """What was given of the sample, in English, as a timeline keeps it."""
    if sample.threshold is not None:
        return said(
            "read as {format}, mutations from {share} of reads on, positions from {number} reads on",
            format=sample.given,
            share=f"{sample.threshold * 100:.3g}%",
            number=sample.fewest_reads,
        )
    if sample.bases is None:
        return said("a list of mutations")
    return said("a sequence of {bases} bases", bases=f"{sample.bases:,}")


def shares_words(mutation: MutationInfo) -> str:
    """The share of reads with each residue of a mutation, "" where reads were not counted: ``M 60%, V 40%``."""
    if len(mutation.shares) == 1:
        return percent(mutation.shares[0])
    shares = zip(mutation.residues, mutation.shares, strict=False)
    return ", ".join(f"{residues_text(residue)} {percent(share)}" for residue, share in shares)


def mixture_words(mutation: MutationInfo) -> str:
    """The residues of a mixture: "K, N", "deletion, T"."""
    indels = {"i": gettext("insertion"), "d": gettext("deletion")}
    return ", ".join(indels.get(residue, residue) for residue in mutation.residues)


def mutation_words(mutation: MutationInfo) -> str:
    """A mutation, with its shares of reads where those were counted."""
    shares = shares_words(mutation)
    return f"{mutation.text} ({shares})" if shares else mutation.text


def read_words(gene: GeneInfo) -> str:
    """What was read of a gene: ``1-240 of 560``, ``1-99, all of it``, ``not sequenced``."""
    if not gene.sequenced:
        return gettext("not sequenced")
    ranges = ", ".join(_range(first, last) for first, last in gene.read)
    if gene.inferred or not _unread(gene):
        return gettext("{ranges}, all of it", ranges=ranges) if ranges else gettext("all of it")
    return gettext("{ranges} of {length}", ranges=ranges, length=gene.length) if gene.length else ranges


def unread_words(gene: GeneInfo) -> str:
    """The positions of a gene that were not read, "" where there are none or its length is not known."""
    if not gene.sequenced:
        return gettext("all of it")
    return ", ".join(_range(first, last) for first, last in _unread(gene))


def genes_read_words(genes: Iterable[GeneInfo]) -> str:
    """Every gene with what was read of it, those that were not sequenced last."""
    genes = tuple(genes)
    read = [f"{gene.gene} {read_words(gene)}{inferred_mark(gene)}" for gene in genes if gene.sequenced]
    missing = [gene.gene for gene in genes if not gene.sequenced]
    if missing:
        read.append(gettext("{genes} not sequenced", genes=", ".join(missing)))
    return "; ".join(read)


def inferred_mark(gene: GeneInfo) -> str:
    """What stands behind what was read of a gene that nobody said was sequenced."""
    return gettext(" (inferred)") if gene.inferred else ""


def inferred_words(genes: Iterable[GeneInfo]) -> str:
    """That genes were taken as read because a mutation of them was listed, "" where none was; in English."""
    names = [gene.gene for gene in genes if gene.inferred]
    if not names:
        return ""
    if len(names) == 1:
        return said(
            "Nobody stated what of {gene} was sequenced. Because mutations were listed, all of it was taken as read, "
            "and positions without a mutation as the reference.",
            gene=names[0],
        )
    return said(
        "Nobody stated what of {names} was sequenced. Because mutations were listed, all of them was taken as read, "
        "and positions without a mutation as the reference.",
        names=listed(names),
    )


def by_severity(quality: Iterable[QualityInfo]) -> dict[str, list[QualityInfo]]:
    """Quality notes under each severity, the gravest first; a severity that has no word here counts as a warning."""
    found: dict[str, list[QualityInfo]] = {severity: [] for severity in SEVERITY_WORDS}
    for note in quality:
        found[note.severity if note.severity in found else "warning"].append(note)
    return found


def _unread(gene: GeneInfo) -> list[tuple[int, int]]:
    if gene.length is None:
        return []
    gaps, following = [], 1
    for first, last in gene.read:
        if first > following:
            gaps.append((following, first - 1))
        following = max(following, last + 1)
    if following <= gene.length and gene.read:
        gaps.append((following, gene.length))
    return gaps


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


# --- verdicts -----------------------------------------------------------------------------------------------


def by_class(verdicts: Iterable[ViralVerdict]) -> dict[str, list[ViralVerdict]]:
    """Verdicts under their class of drugs, both in the order in which they come."""
    found: dict[str, list[ViralVerdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.drug_class, []).append(verdict)
    return found


def level_style(level: int | None, levels: Sequence[ViralLevelInfo]) -> LevelStyle:
    """How a level is drawn: by its SIR, and whether a susceptible one is possible resistance; None: not assessable."""
    if level is None:
        return "not_assessable"
    drawn = next(item for item in levels if item.level == level)
    if drawn.sir == "S":
        return "potential" if drawn.possible else "no_resistance_found"
    return "resistant" if drawn.sir == "R" else "possible_resistance"


def level_words(verdict: ViralVerdict) -> str:
    """The name of a verdict's level."""
    return concluded_words(verdict.level_name) if verdict.level_name else gettext("Not assessable")


def conclusion(verdicts: Sequence[ViralVerdict]) -> str:
    """What the report comes to, in one sentence: the drugs at each level, the gravest first."""
    found: dict[tuple[int, str], list[str]] = {}
    for verdict in verdicts:
        grave = -1 if verdict.level is None else verdict.level
        found.setdefault((grave, verdict.level_name or "Not assessable"), []).append(verdict.drug)
    if not found:
        return gettext("Of no drug can anything be said.")
    ordered = sorted(found.items(), key=lambda item: -item[0][0])
    return drugs_under((in_sentence(name), drugs) for (_, name), drugs in ordered)


def step_of(level: int, levels: Sequence[ViralLevelInfo]) -> int:
    """Which step of the ladder a level is, from 1."""
    return sorted(item.level for item in levels).index(level) + 1


def score_text(score: float) -> str:
    """A score without needless digits."""
    return figures(f"{score:g}")


def gives(row: OpenRow | ViralContribution) -> str:
    """What a row gives where it holds: its score, or the level outright."""
    if row.score is None:
        return gettext("level {level}", level=row.level)
    return gettext("score {score}", score=score_text(row.score))


def partial_score_words(verdict: ViralVerdict) -> str:
    """What the positions that were read give, of a drug that could not be assessed; "" where nothing was found."""
    if verdict.level is not None or not verdict.contributions:
        return ""
    found = ", ".join(dict.fromkeys(text for c in verdict.contributions for text in c.findings))
    if verdict.score is None:
        return gettext("In what was read: {findings}", findings=found)
    return gettext("In what was read: {findings}, score {score}", findings=found, score=score_text(verdict.score))


def open_words(verdict: ViralVerdict) -> str:
    """How many rows are undecided, and which positions were not tested; "" for none."""
    if not verdict.left_open:
        return ""
    positions = sorted({position for row in verdict.left_open for position in row.positions})
    return ngettext(
        "{number} row undecided, {gene} {positions} not tested",
        "{number} rows undecided, {gene} {positions} not tested",
        len(verdict.left_open),
        gene=verdict.gene,
        positions=positions_text(positions),
    )


def open_rows_words(verdict: ViralVerdict) -> str:
    """The rows that are undecided, each with what it would give; beyond the first they are counted."""
    rows = sorted(verdict.left_open, key=lambda row: (-(row.level or 0), -abs(row.score or 0)))
    shown = "; ".join(f"{row.condition} ({gives(row)})" for row in rows[:MOST_OPEN_ROWS])
    more = len(rows) - MOST_OPEN_ROWS
    return gettext("{rows}; and {number} more", rows=shown, number=more) if more > 0 else shown


def may_change(verdict: ViralVerdict, levels: Sequence[ViralLevelInfo]) -> bool:
    """Whether undecided rows might give another level: not where it is the highest and none of them lowers it."""
    if not verdict.left_open:
        return False
    highest = max(item.level for item in levels)
    return verdict.level != highest or any((row.score or 0) < 0 for row in verdict.left_open)


def unassessed(verdicts: Iterable[ViralVerdict]) -> dict[str, list[ViralVerdict]]:
    """The drugs that could not be assessed, under each cause."""
    found: dict[str, list[ViralVerdict]] = {}
    for verdict in verdicts:
        if verdict.level is None:
            for cause in verdict.not_assessable or (verdict.reason,):
                found.setdefault(cause, []).append(verdict)
    return found


def one_cause(verdicts: Sequence[ViralVerdict]) -> str:
    """Why no drug of several could be assessed, where that is the same for all and nothing is known of any; else ""."""
    causes = {verdict.reason for verdict in verdicts}
    silent = all(verdict.level is None and not (verdict.contributions or verdict.left_open) for verdict in verdicts)
    return causes.pop() if silent and len(causes) == 1 else ""


# --- what counted, position by position ---------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """What the rows behind one line of a matrix give one drug, and the ids of those rows."""

    text: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class MatrixLine:
    """One line: the mutations that are behind it, the conditions where they say more, and a cell for each drug."""

    label: str
    conditions: tuple[str, ...]
    cells: tuple[Cell | None, ...]


def matrix(verdicts: Sequence[ViralVerdict]) -> list[MatrixLine]:
    """What each mutation or combination gives each drug: single positions first, then combinations, by position.

    Rows of different drugs that hold because of the same mutations share a line; a drug's rows on one line are added
    up in its cell with a plus sign.
    """
    lines: dict[tuple[str, ...], dict[str, list[ViralContribution]]] = {}
    for verdict in verdicts:
        for contribution in verdict.contributions:
            key = tuple(sorted(contribution.findings, key=_position)) or (contribution.condition,)
            lines.setdefault(key, {}).setdefault(verdict.drug, []).append(contribution)
    return [
        MatrixLine(
            label=" + ".join(key),
            conditions=_conditions(key, lines[key].values()),
            cells=tuple(_cell(lines[key].get(verdict.drug, [])) for verdict in verdicts),
        )
        for key in sorted(lines, key=lambda key: (len(key) > 1, [_position(text) for text in key], key))
    ]


def counted_apart(verdicts: Iterable[ViralVerdict]) -> list[str]:
    """The drugs whose score is not the sum of what their lines give, because several scores are computed apart."""
    return [
        verdict.drug
        for verdict in verdicts
        if verdict.score is not None and verdict.score != sum(c.score or 0.0 for c in verdict.contributions)
    ]


def _cell(contributions: Sequence[ViralContribution]) -> Cell | None:
    if not contributions:
        return None
    texts = [gives(c) if c.score is None else score_text(c.score) for c in contributions]
    return Cell(" + ".join(texts).replace("+ -", "- "), tuple(c.row for c in contributions))


def _conditions(key: tuple[str, ...], contributions: Iterable[Sequence[ViralContribution]]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(c.condition for several in contributions for c in several))
    plain = {key[0], re.sub(r"^\D+", "", key[0])} if len(key) == 1 else set()
    return () if set(found) <= plain else found


def _position(text: str) -> int:
    digits = re.search(r"\d+", text)
    return int(digits[0]) if digits else 0


# --- mutations ----------------------------------------------------------------------------------------------


def telling(mutation: MutationInfo) -> bool:
    """Whether a mutation has a type of its own or makes a row hold."""
    return bool(mutation.rows) or any(item.type != OTHER for item in mutation.types)


def drugs_counting(mutation: MutationInfo, gene: GeneInfo, verdicts: Iterable[ViralVerdict]) -> list[str]:
    """The drugs that have a row which holds because of the mutation."""
    rows = set(mutation.rows)
    return [verdict.drug for verdict in verdicts if verdict.gene == gene.gene and rows & set(verdict.rows)]


def mutations_words(report: ViralReport) -> str:
    """Every mutation under its gene: ``PR L90M; RT M184V, K103N``; "none" where there are none."""
    found = [
        (gene.gene, [mutation_words(mutation) for mutation in gene.mutations])
        for gene in report.genes
        if gene.mutations
    ]
    return "; ".join(f"{gene} {', '.join(texts)}" for gene, texts in found) or gettext("none")
