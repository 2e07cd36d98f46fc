"""Genotypes and sequences of HIV-1 for the benchmark: made up, each different, the same ones in every run."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from resistab.core.amino_acids import GENETIC_CODE, IUPAC_BASES
from resistab.domains.virus.compile.program import ViralProgram, residue_atoms
from resistab.domains.virus.grammar.residues import DELETION, INSERTION, STOP, residues_text
from resistab.domains.virus.inputs.fasta import read_fasta

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "tests" / "fixtures" / "sequences" / "pol.fasta"
SEED = 20260426
# The genes of the reference sequence in their order, and how many mutations a genotype has of each: 14 on average.
GENES = ("PR", "RT", "IN")
MUTATIONS_OF = {"PR": (3, 7), "RT": (4, 8), "IN": (1, 5)}
MIXTURE_SHARE = 0.15
# Beside them what sequences differ by without a meaning: this share of codons is written in another way, so that
# sequences differ from the reference in about 5 to 10 of 100 bases as those of subtypes do.
SILENT_SHARE = (0.2, 0.4)
RESISTANCE_OF = {"PR": (0, 4), "RT": (0, 5), "IN": (0, 3)}
MIXTURES_OF_SEQUENCE = (0, 12)
# What treatment selects for in RT: two residues more after 69, or 67 or 69 missing.
INSERTED_AFTER, INSERTION_SHARE = 69, 0.1
DELETED, DELETION_SHARE = (67, 69), 0.1

_LETTER_OF = {frozenset(bases): letter for letter, bases in IUPAC_BASES.items()}


@dataclass(frozen=True)
class Mutation:
    """A gene's position, its reference residue, and the residues found, as ``ResidueFinding`` has them."""

    gene: str
    position: int
    reference: str
    residues: tuple[str, ...]


class CaseMaker:
    """Draws from the positions and residues that a program's rules name, by the proteins in ``references``."""

    def __init__(self, program: ViralProgram, references: dict[str, str], seed: int = SEED) -> None:
        self.references = references
        self._named = {gene: _named(program, gene) for gene in GENES}
        self._random = random.Random(seed)
        self._codons = _codons()
        self._pol = read_fasta(REFERENCE)[0].sequence

    def mutations(self, counts: dict[str, tuple[int, int]] = MUTATIONS_OF) -> list[Mutation]:
        """The mutations of one genotype; of each gene as many as ``counts`` allows, from fewest to most."""
        found: list[Mutation] = []
        for gene, (fewest, most) in counts.items():
            named = self._named[gene]
            for position in sorted(self._random.sample(sorted(named), self._random.randint(fewest, most))):
                reference = self.references[gene][position - 1]
                residues = {self._random.choice(named[position])}
                if self._random.random() < MIXTURE_SHARE:
                    residues.add(self._random.choice([reference, *named[position]]))
                found.append(Mutation(gene, position, reference, tuple(sorted(residues))))
        return found

    def genotypes(self, number: int) -> list[list[Mutation]]:
        """``number`` genotypes, no two alike."""
        distinct: dict[str, list[Mutation]] = {}
        while len(distinct) < number:
            mutations = self.mutations()
            distinct[as_list(mutations)] = mutations
        return list(distinct.values())

    def sequences(self, number: int) -> list[str]:
        """``number`` sequences of pol, from the first codon of PR to the last of IN, no two alike."""
        distinct: dict[str, None] = {}
        while len(distinct) < number:
            distinct[self._sequence()] = None
        return list(distinct)

    def _sequence(self) -> str:
        draw = self._random
        codons = [self._pol[at : at + 3] for at in range(0, len(self._pol), 3)]
        share = draw.uniform(*SILENT_SHARE)
        for at, codon in enumerate(codons):
            if draw.random() < share:
                codons[at] = draw.choice(self._codons[GENETIC_CODE[codon]])
        offset = 0
        for gene in GENES:
            for mutation in self.mutations({gene: RESISTANCE_OF[gene]}):
                at = offset + mutation.position - 1
                codons[at] = self._written(mutation, codons[at])
            offset += len(self.references[gene])
        for at in draw.sample(range(len(codons)), draw.randint(*MIXTURES_OF_SEQUENCE)):
            codons[at] = self._ambiguous(codons[at])
        of_rt = len(self.references["PR"]) - 1
        if draw.random() < INSERTION_SHARE:
            codons[of_rt + INSERTED_AFTER] += "".join(draw.choices(self._codons["S"], k=2))
        if draw.random() < DELETION_SHARE:
            codons[of_rt + draw.choice(DELETED)] = ""
        return "".join(codons)

    def _written(self, mutation: Mutation, codon: str) -> str:
        """The codon of a mutation, ``codon`` itself where nothing but an insertion or deletion is named."""
        residues = [residue for residue in mutation.residues if residue not in (INSERTION, DELETION)]
        for number, residue in enumerate(residues):
            new = self._random.choice(self._codons[residue])
            codon = _mixed(codon, new) if number else new
        return codon

    def _ambiguous(self, codon: str) -> str:
        """``codon`` with one base that may be another one too, which makes no stop."""
        at = self._random.randrange(3)
        other = codon[:at] + self._random.choice("ACGT") + codon[at + 1 :]
        return codon if GENETIC_CODE.get(other) == STOP else _mixed(codon, other)


def as_list(mutations: list[Mutation]) -> str:
    """Mutations as a laboratory writes them: ``PR:M46I L90M, RT:M184I/V``."""
    of_gene: dict[str, list[str]] = {}
    for mutation in mutations:
        text = f"{mutation.reference}{mutation.position}{residues_text(mutation.residues)}"
        of_gene.setdefault(mutation.gene, []).append(text)
    return ", ".join(f"{gene}:{' '.join(texts)}" for gene, texts in of_gene.items())


def as_fasta(sequences: list[str]) -> str:
    """Sequences named s1, s2 and so on, each in one line, since sierra-local reads only the last line of a record."""
    return "".join(f">s{number}\n{sequence}\n" for number, sequence in enumerate(sequences, start=1))


def _named(program: ViralProgram, gene: str) -> dict[int, list[str]]:
    """The residues that the rules name at each position of a gene."""
    named: dict[int, set[str]] = {}
    for clause in program.by_gene[gene].clauses:
        for atom in residue_atoms(clause.condition):
            if not atom.inverted:
                named.setdefault(atom.position, set()).update(atom.residues)
    return {position: sorted(residues - {STOP}) for position, residues in named.items() if residues - {STOP}}


@cache
def _codons() -> dict[str, list[str]]:
    """The codons of each residue."""
    codons: dict[str, list[str]] = {}
    for codon, residue in GENETIC_CODE.items():
        codons.setdefault(residue, []).append(codon)
    return codons


def _mixed(one: str, other: str) -> str:
    """The letters that stand for both codons."""
    return "".join(_LETTER_OF[frozenset(IUPAC_BASES[a] + IUPAC_BASES[b])] for a, b in zip(one, other, strict=True))
