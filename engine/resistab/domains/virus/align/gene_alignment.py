"""A gene as a nucleotide sequence holds it: stretches of codons, and what lies between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# What is not so long, or so like its reference, is no gene.
FEWEST_CODONS, LEAST_IDENTITY = 15, 0.6
# The share of all codons from the gene's first to its last that must match, those that were not determined apart.
_LEAST_OF_SPAN = 1 / 3


@dataclass(frozen=True, slots=True)
class Block:
    """Codons that follow each other without a gap; ``start`` counts residues from 0, ``base`` bases from 0."""

    start: int
    base: int
    length: int

    @property
    def end(self) -> int:
        """The first residue after the block."""
        return self.start + self.length

    @property
    def base_end(self) -> int:
        """The first base after the block."""
        return self.base + 3 * self.length

    @property
    def line(self) -> int:
        """What is the same for all blocks with neither gap nor frame shift between them."""
        return self.base - 3 * self.start


@dataclass(frozen=True, slots=True)
class Insertion:
    """Whole codons between ``position`` (from 1) and the next; ``bases`` are theirs."""

    position: int
    bases: str


@dataclass(frozen=True, slots=True)
class FrameShift:
    """At or before ``position`` (from 1) the frame changes; ``bases`` are too many, or missing where negative."""

    position: int
    bases: int


@dataclass(frozen=True, slots=True)
class GeneAlignment:
    """One gene as the sequence holds it; positions count from 1.

    ``unread`` are positions between the first and the last that say nothing: frame shifts and missing parts.
    ``foreign`` are the codons at either end that did not fit and were left away.
    """

    gene: str
    blocks: tuple[Block, ...]
    insertions: tuple[Insertion, ...]
    deletions: tuple[int, ...]
    frame_shifts: tuple[FrameShift, ...]
    long_gaps: tuple[tuple[int, int], ...]
    unread: frozenset[int]
    foreign: tuple[int, int]
    matches: int
    compared: int
    undetermined: int

    @property
    def is_believable(self) -> bool:
        """Whether this is the gene, and no chance likeness."""
        span = self.blocks[-1].end - self.blocks[0].start - self.undetermined
        return (
            self.compared >= FEWEST_CODONS
            and self.matches >= LEAST_IDENTITY * self.compared
            and self.matches >= _LEAST_OF_SPAN * span
        )


def joined(blocks: Iterable[Block]) -> list[Block]:
    """``blocks`` in order, those on one line made one where nothing or unread bases alone lie between them."""
    result: list[Block] = []
    for block in blocks:
        if result and block.line == result[-1].line:
            result[-1] = Block(result[-1].start, result[-1].base, block.end - result[-1].start)
        elif block.length > 0:
            result.append(block)
    return result
