"""Nucleotides aligned to protein references, codon by codon.

Words of five residues that a reading frame shares with a reference show where each gene lies and in which frame.
Between stretches that lie on one line nothing is left to align; where the line changes (an insertion, a deletion, a
frame shift), and where a stretch fits its reference badly, Biopython's pairwise aligner aligns the part.

It does so base by base while it scores residues: each base of the sequence is written as the residue of the codon that
begins there, each residue of the reference as itself and two fillers that fit anything. A gap of three bases then keeps
the frame and any other gap changes it, all at the price of a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from Bio.Align import PairwiseAligner, substitution_matrices

from resistab.domains.virus.align.codons import UNKNOWN, codon_letters, codon_residues
from resistab.domains.virus.align.gene_alignment import Block, FrameShift, GeneAlignment, Insertion, joined
from resistab.domains.virus.kinds.models import PreferredIndels

_FILLER = "."

_WORD = 5
# Residues that a second frame or offset must explain before it is believed; one chance word explains five.
_CHANGE_OF_LINE = 6
_LOOK_BACK = 60
# An insertion beyond this length, in bases, is foreign matter and not looked into.
_LONGEST_INSERT = 300
# Codons on either side that are aligned again with a change of line.
_MARGIN = 8
_GAP_OPENS, _GAP_GROWS = -10.0, -0.3
# So many of so many neighbouring codons that differ are aligned again: a short stretch may be out of frame.
_STRETCH, _STRETCH_DIFFERS = 6, 4
# How far an insertion or deletion may be moved, in codons, and what a conventional place is worth in BLOSUM62 units.
# The worth lets an insertion be placed past a residue that changed beside it, as it does where RT 69 is inserted into.
_FARTHEST_MOVE = 10
_WORTH_OF_PLACE, _WORTH_PER_CODON = 6.0, 6.0
# A gap longer than this many codons is a missing part of the sequence, or a foreign one, and no mutation.
LONGEST_INDEL = 10
# A gap so many codons from one that was not determined is one of bases that were not determined.
_REACH_OF_UNKNOWN = 2
# A frame shift lies in the codon beside it, or as many codons farther as differ, up to this many.
_FARTHEST_TOUCHED = 3
# Codons between two frame shifts that cancel each other are not read up to this many.
_LONGEST_OUT_OF_FRAME = 30
# What an end of the sequence must come to before it is taken for foreign.
_FOREIGN_END = 3


def _scores() -> tuple[PairwiseAligner, dict[tuple[str, str], float]]:
    """The aligner, and the score of each residue against each other, ``UNKNOWN`` 0 against all."""
    blosum = substitution_matrices.load("BLOSUM62")
    alphabet = "ACDEFGHIKLMNPQRSTVWY*" + UNKNOWN + _FILLER
    matrix = substitution_matrices.Array(alphabet, dims=2)
    pairs: dict[tuple[str, str], float] = {}
    for one, other in product(alphabet, repeat=2):
        neutral = UNKNOWN in (one, other) or _FILLER in (one, other)
        pairs[one, other] = 0.0 if neutral else float(blosum[one, other])
        matrix[one, other] = pairs[one, other]
    aligner = PairwiseAligner(mode="global", open_gap_score=_GAP_OPENS, extend_gap_score=_GAP_GROWS)
    aligner.substitution_matrix = matrix
    return aligner, pairs


@dataclass(frozen=True, slots=True)
class Strand:
    """A sequence in one direction: its bases, their ``codon_letters``, and the references' words found in it.

    A word is the base at which it begins, its gene, and its first residue counted from 0.
    """

    bases: str
    letters: str
    words: tuple[tuple[int, str, int], ...]


class CodonAligner:
    """Aligns sequences to the same references again and again."""

    def __init__(
        self, references: Mapping[str, str], preferred_indels: Mapping[str, PreferredIndels] | None = None
    ) -> None:
        self.references = dict(references)
        self._preferred = dict(preferred_indels or {})
        self._expanded = {gene: "".join(residue + 2 * _FILLER for residue in text) for gene, text in references.items()}
        self._words: dict[str, tuple[str, int] | None] = {}
        for gene, text in references.items():
            for start in range(len(text) - _WORD + 1):
                word = text[start : start + _WORD]
                # A word that occurs twice says nothing of the place.
                self._words[word] = None if word in self._words else (gene, start)
        self._aligner, self._pairs = _scores()

    def strand(self, sequence: str) -> Strand:
        """``sequence`` (IUPAC letters, upper case) with what is looked up in it once."""
        letters = codon_letters(sequence)
        words = []
        for frame in range(3):
            text = letters[frame::3]
            for index in range(len(text) - _WORD + 1):
                place = self._words.get(text[index : index + _WORD])
                if place is not None:
                    words.append((frame + 3 * index, *place))
        return Strand(sequence, letters, tuple(sorted(words)))

    def align(self, strand: Strand) -> tuple[GeneAlignment, ...]:
        """The genes that a strand holds, in the references' order."""
        hits = _hits(strand)
        found = []
        for gene in self.references:
            chain = _best_chain(hits.get(gene, []))
            if chain:
                aligned = _GeneOfSequence(self, gene, strand).align(chain)
                if aligned.is_believable:
                    found.append(aligned)
        return tuple(_with_junctions(found, self.references, strand.letters))

    def between(self, gene: str, letters: str, first: tuple[int, int], last: tuple[int, int]) -> list[Block]:
        """The part from one (residue, base) up to another, aligned by the library."""
        (start, base), (end, base_end) = first, last
        target, query = self._expanded[gene][3 * start : 3 * end], letters[base:base_end]
        if not target or not query:
            return []
        blocks: list[Block] = []
        for (t_from, t_to), (q_from, _) in zip(*self._aligner.align(target, query)[0].aligned, strict=True):
            # What counts is where the residue itself lies; the fillers of a codon that a gap cuts follow it.
            first_codon, codons = -(-int(t_from) // 3), (int(t_to) + 2) // 3 - -(-int(t_from) // 3)
            if codons > 0:
                at = base + int(q_from) + 3 * first_codon - int(t_from)
                blocks.append(Block(start + first_codon, at, codons))
        return blocks

    def score(self, residue: str, codon: str) -> float:
        """How well a codon fits a residue, a mixture as the mean of what it may encode."""
        residues = codon_residues(codon)
        return sum(self._pairs[residue, other] for other in residues) / len(residues) if residues else 0.0

    def places(self, gene: str) -> PreferredIndels:
        """The conventional places of a gene's insertions and deletions."""
        return self._preferred.get(gene, PreferredIndels())


def _hits(strand: Strand) -> dict[str, list[Block]]:
    """The words by gene, those that follow each other on one line joined, in the order of the bases."""
    found: dict[str, list[Block]] = {}
    lines: dict[str, int] = {}
    for base, gene, start in strand.words:
        line = base - 3 * start
        if lines.get(gene) == line:
            first = found[gene][-1]
            found[gene][-1] = Block(first.start, first.base, start + _WORD - first.start)
        else:
            found.setdefault(gene, []).append(Block(start, base, _WORD))
            lines[gene] = line
    return found


def _best_chain(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in order along both sequences, that explain most residues less a price for each change of line."""
    best: list[tuple[int, int]] = []
    for index, block in enumerate(blocks):
        score, previous = block.length, -1
        for other in range(max(0, index - _LOOK_BACK), index):
            earlier = blocks[other]
            if not (earlier.start < block.start and earlier.base < block.base and earlier.end < block.end):
                continue
            if block.line - earlier.line > _LONGEST_INSERT or earlier.base_end >= block.base_end:
                continue
            shared = max(0, earlier.end - block.start, -((block.base - earlier.base_end) // 3))
            price = 0 if earlier.line == block.line else _CHANGE_OF_LINE
            if (total := best[other][0] + block.length - shared - price) > score:
                score, previous = total, other
        best.append((score, previous))
    chain = []
    index = max(range(len(best)), key=lambda at: best[at][0], default=-1)
    while index >= 0:
        chain.append(blocks[index])
        index = best[index][1]
    return joined(reversed(chain))


class _GeneOfSequence:
    """One gene of one sequence, on its way from a chain of blocks to an alignment."""

    def __init__(self, aligner: CodonAligner, gene: str, strand: Strand) -> None:
        self.aligner, self.gene, self.sequence, self.letters = aligner, gene, strand.bases, strand.letters
        self.reference = aligner.references[gene]

    def align(self, chain: list[Block]) -> GeneAlignment:
        blocks, foreign = self.with_ends(self.bridged(chain))
        return self.described(self.placed(self.checked(blocks)), foreign)

    def bridged(self, chain: list[Block]) -> list[Block]:
        """The chain with what lies between its blocks, and a margin on either side, aligned by the library."""
        result: list[Block] = []
        current = chain[0]
        for following in chain[1:]:
            first = min(current.end, following.start, (following.base - current.line) // 3) - _MARGIN
            last = max(following.start, current.end, -((following.line - current.base_end) // 3)) + _MARGIN
            first, last = max(current.start, first), min(following.end, last)
            base, base_end = current.line + 3 * first, following.line + 3 * last
            if first >= last or base >= base_end:
                continue
            result.append(Block(current.start, current.base, first - current.start))
            result += self.aligner.between(self.gene, self.letters, (first, base), (last, base_end))
            current = Block(last, base_end, following.end - last)
        return joined([*result, current])

    def with_ends(self, blocks: list[Block]) -> tuple[list[Block], tuple[int, int]]:
        """The first and the last block up to the ends of gene and sequence, and how many codons there did not fit."""
        first = blocks[0]
        room = min(first.start, first.base // 3)
        left = self.fitting(range(first.start - 1, first.start - 1 - room, -1), first.line)
        blocks = [Block(first.start - left, first.base - 3 * left, first.length + left), *blocks[1:]]
        last = blocks[-1]
        space = min(len(self.reference) - last.end, (len(self.sequence) - last.base_end) // 3)
        right = self.fitting(range(last.end, last.end + space), last.line)
        blocks[-1] = Block(last.start, last.base, last.length + right)
        return blocks, (room - left, space - right)

    def fitting(self, outwards: Sequence[int], line: int) -> int:
        """How many of these residues, from the inner one outwards, belong to the sequence."""
        total, best, kept, foreign = 0.0, 0.0, 0, 0
        for number, at in enumerate(outwards, start=1):
            residue, letter = self.reference[at], self.letters[line + 3 * at]
            total += self.aligner.score(residue, self.sequence[line + 3 * at : line + 3 * at + 3])
            foreign += letter not in (residue, UNKNOWN)
            if total >= best:
                best, kept, foreign = total, number, 0
        if foreign < _FOREIGN_END:
            return len(outwards)
        while kept and self.letters[line + 3 * outwards[kept - 1]] != self.reference[outwards[kept - 1]]:
            kept -= 1
        return kept

    def checked(self, blocks: list[Block]) -> list[Block]:
        """The blocks, where many neighbouring codons differ aligned again: they may be out of frame."""
        result: list[Block] = []
        for block in blocks:
            at = 0
            for first, last in self.bad_stretches(block):
                begin, end = max(at, first - _MARGIN), min(block.length, last + 1 + _MARGIN)
                result.append(Block(block.start + at, block.base + 3 * at, begin - at))
                result += self.aligner.between(
                    self.gene,
                    self.letters,
                    (block.start + begin, block.base + 3 * begin),
                    (block.start + end, block.base + 3 * end),
                )
                at = end
            result.append(Block(block.start + at, block.base + 3 * at, block.length - at))
        return joined(result)

    def bad_stretches(self, block: Block) -> list[tuple[int, int]]:
        """First and last codon, within the block, of the stretches that fit badly, far enough from each other."""
        codons = self.letters[block.base : block.base_end : 3]
        residues = self.reference[block.start : block.end]
        differs = [
            index
            for index, (one, other) in enumerate(zip(codons, residues, strict=True))
            if one not in (other, UNKNOWN)
        ]
        stretches: list[tuple[int, int]] = []
        for first, last in zip(differs, differs[_STRETCH_DIFFERS - 1 :], strict=False):
            if last - first < _STRETCH:
                if stretches and first - stretches[-1][1] <= 2 * _MARGIN:
                    stretches[-1] = (stretches[-1][0], last)
                else:
                    stretches.append((first, last))
        return stretches

    def placed(self, blocks: list[Block]) -> list[Block]:
        """The blocks, each insertion and deletion of whole codons where it fits best or by convention belongs."""
        for index in range(len(blocks) - 1):
            before, after = blocks[index : index + 2]
            missing, extra = after.start - before.end, after.base - before.base_end
            if extra % 3 or self.in_the_dark(before, after):
                continue
            if missing and extra:
                shared = min(missing, extra // 3)
                before = Block(before.start, before.base, before.length + shared)
                missing, extra = missing - shared, extra - 3 * shared
            move = self.best_move(before, after, missing, extra // 3)
            blocks[index] = Block(before.start, before.base, before.length + move)
            blocks[index + 1] = Block(after.start + move, after.base + 3 * move, after.length - move)
        return blocks

    def best_move(self, before: Block, after: Block, missing: int, extra: int) -> int:
        """By how many codons to the right the gap between two blocks is moved."""
        places = self.aligner.places(self.gene)
        preferred = places.insertion if extra else places.deletion
        worth = _WORTH_OF_PLACE + _WORTH_PER_CODON * extra if extra else 0.0
        best: tuple[float, int, int] | None = None
        for move in range(-min(_FARTHEST_MOVE, before.length - 1), min(_FARTHEST_MOVE, after.length - 1) + 1):
            low, high = sorted((0, move))
            gained = self.fit(before.end + low, before.end + high, before.line)
            lost = self.fit(after.start + low, after.start + high, after.line)
            total = gained - lost if move > 0 else lost - gained
            place = before.end + move + (1 if missing else 0)
            rank = preferred.index(place) if place in preferred else len(preferred)
            if rank < len(preferred):
                total += worth
            candidate = (round(total, 6), -rank, -move)
            best = candidate if best is None else max(best, candidate)
        return -best[2] if best else 0

    def fit(self, start: int, end: int, line: int) -> float:
        return sum(
            self.aligner.score(self.reference[at], self.sequence[line + 3 * at : line + 3 * at + 3])
            for at in range(start, end)
        )

    def in_the_dark(self, before: Block, after: Block) -> bool:
        """Whether a gap lies beside codons that were not determined, whose number then means nothing."""
        reach = 3 * _REACH_OF_UNKNOWN
        last = range(max(before.base, before.base_end - reach), before.base_end, 3)
        first = range(after.base, min(after.base_end, after.base + reach), 3)
        return any(self.undetermined(base) for base in (*last, *first))

    def undetermined(self, base: int) -> bool:
        return not codon_residues(self.sequence[base : base + 3])

    def described(self, blocks: list[Block], foreign: tuple[int, int]) -> GeneAlignment:
        """What lies between the blocks, said in the terms of a genotype."""
        insertions: list[Insertion] = []
        deletions: list[int] = []
        shifts: list[FrameShift] = []
        long_gaps: list[tuple[int, int]] = []
        unread: set[int] = set()
        for before, after in pairwise(blocks):
            missing = range(before.end + 1, after.start + 1)
            extra = after.base - before.base_end
            is_long = len(missing) > LONGEST_INDEL or extra > 3 * LONGEST_INDEL
            if self.in_the_dark(before, after):
                unread.update(missing)
            elif is_long or extra % 3:
                if is_long:
                    long_gaps.append((before.end, after.start + 1))
                else:
                    # A codon that shares a base with the next is the one that lacks it.
                    position = before.end + (extra >= 0)
                    shifts.append(FrameShift(position, extra - 3 * len(missing)))
                unread.update(missing)
                unread |= _touched(before, self.reference, self.letters, at_end=True)
                unread |= _touched(after, self.reference, self.letters, at_end=False)
            else:
                deletions += missing
                if any(not self.undetermined(base) for base in range(before.base_end, after.base, 3)):
                    insertions.append(Insertion(before.end, self.sequence[before.base_end : after.base]))
        unread |= _out_of_frame(shifts)
        compared = matches = undetermined = 0
        for block in blocks:
            for at, letter in enumerate(self.letters[block.base : block.base_end : 3], start=block.start):
                if letter == UNKNOWN:
                    undetermined += self.undetermined(block.line + 3 * at)
                elif at + 1 not in unread:
                    compared += 1
                    matches += letter == self.reference[at]
        return GeneAlignment(
            gene=self.gene,
            blocks=tuple(blocks),
            insertions=tuple(insertions),
            deletions=tuple(deletions),
            frame_shifts=tuple(shifts),
            long_gaps=tuple(long_gaps),
            unread=frozenset(unread),
            foreign=foreign,
            matches=matches,
            compared=compared,
            undetermined=undetermined,
        )


def _touched(block: Block, reference: str, letters: str, *, at_end: bool) -> set[int]:
    """The positions at an end of a block that a frame shift there may have changed: the last, others if they differ."""
    order = range(block.end - 1, block.start - 1, -1) if at_end else range(block.start, block.end)
    found: set[int] = set()
    for at in order[: _FARTHEST_TOUCHED + 1]:
        if found and letters[block.line + 3 * at] in (reference[at], UNKNOWN):
            break
        found.add(at + 1)
    return found


def _with_junctions(genes: Sequence[GeneAlignment], references: Mapping[str, str], letters: str) -> list[GeneAlignment]:
    """The genes, where one should follow the other and does not, with the frame shift told and its codons unread."""
    result = list(genes)
    for index, (one, other) in enumerate(pairwise(genes)):
        last, first = one.blocks[-1], other.blocks[0]
        distance = first.base - last.base_end
        whole = last.end == len(references[one.gene]) and first.start == 0
        if whole and distance and abs(distance) <= 3 * LONGEST_INDEL:
            shift = (FrameShift(last.end, distance),) if distance % 3 else ()
            overlap = range(last.end + min(0, distance) // 3 + 1, last.end + 1)
            unread = _touched(last, references[one.gene], letters, at_end=True).union(overlap)
            result[index] = replace(
                result[index],
                frame_shifts=result[index].frame_shifts + shift,
                unread=result[index].unread | unread,
            )
            unread = _touched(first, references[other.gene], letters, at_end=False)
            result[index + 1] = replace(result[index + 1], unread=result[index + 1].unread | unread)
    return result


def _out_of_frame(shifts: Sequence[FrameShift]) -> set[int]:
    """The positions between two frame shifts that cancel each other, where they are few."""
    found: set[int] = set()
    for first, second in pairwise(shifts):
        length = second.position - first.position
        if length <= _LONGEST_OUT_OF_FRAME and (first.bases + second.bases) % 3 == 0:
            found.update(range(first.position, second.position))
    return found
