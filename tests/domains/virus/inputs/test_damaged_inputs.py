"""Good inputs, damaged at random: each reader comes to a genotype or to faults, and to nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from resistab.core.faults import Fault, InputError
from resistab.domains.virus.inputs.aavf import read_aavf
from resistab.domains.virus.inputs.codfreq import read_codfreq
from resistab.domains.virus.inputs.fasta import read_fasta
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.inputs.mutations_file import read_mutation_genotypes
from resistab.domains.virus.inputs.reads import DEFAULT_THRESHOLD, genotype_of
from tests.domains.virus.inputs.counted_files import aavf, codfreq
from tests.domains.virus.inputs.small_rules import rulebase

READER = MutationReader(rulebase())
# Signs that part fields and lines, mean something in one of the formats, or cannot be printed.
SIGNS = "\t\n\r,;:=/-_*#>. 0129%()[]\"'AXid\x00\x07\x1b\u00a0\u2028\u2212\U0001f9ec"
LIST = "RT:M184V K65R/K D67N- T69S_SS 103N, PR:L90M p.Ile54Val IN=Q148H 66ins G140X"
GOOD = {
    "list": LIST,
    "lists": f"# two patients\np1\t{LIST}\np2\tRT:none\n",
    "fasta": ">p1 of a study\nCCTCAGATCACTCTTTGGCAACGACCC\n--ACGTRYN\n; remark\n>p2\nACGTACGTACGT\n",
    "codfreq": codfreq({("PR", 90): {"ATG": 600, "TTG": 395, "---": 5}}, genes=("PR",)),
    "aavf": aavf("PR 90 L M PASS 0.6 1000", "RT 66 KD K PASS 0.5 700", "RT 69 T SSS PASS 0.4 500"),
}


def read_list(path: Path) -> None:
    def fault_at(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
        return Fault(where="list", message=message, column=column, expected=expected, suggestion=suggestion)

    text = path.read_bytes().decode("utf-8", "replace")
    READER.read(text, "p1", fault_at, keep_going=True)
    READER.read(text, "p1", fault_at)


def read_codons(path: Path) -> None:
    genotype_of(read_codfreq(path, READER), "p1", READER.genes, READER.sequences, DEFAULT_THRESHOLD)


def read_variants(path: Path) -> None:
    genotype_of(read_aavf(path, READER, ("PR",)), "p1", READER.genes, READER.sequences, DEFAULT_THRESHOLD)


READERS: dict[str, Callable[[Path], object]] = {
    "list": read_list,
    "lists": lambda path: read_mutation_genotypes(path, READER),
    "fasta": read_fasta,
    "codfreq": read_codons,
    "aavf": read_variants,
}


def damaged(text: str, chance: random.Random) -> bytes:
    """``text`` with a few signs, lines or bytes of it changed, taken away or given twice."""
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(text) + 1), chance.choice((1, 1, 2, 8))
        match chance.randrange(6):
            case 0:
                text = text[:at] + text[at + length :]
            case 1:
                text = text[:at] + chance.choice(SIGNS) * chance.choice((1, 1, 3, 5000)) + text[at:]
            case 2:
                text = text[:at] + chance.choice(SIGNS) + text[at + 1 :]
            case 3:
                text = text[:at] + text[at : at + 40] * 2 + text[at + 40 :]
            case 4:
                text = text[:at] or text
            case _:
                lines = text.splitlines(keepends=True)
                chance.shuffle(lines)
                text = "".join(lines)
    content = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.1:
        at = chance.randrange(len(content) + 1)
        content = content[:at] + bytes([chance.randrange(256)]) + content[at:]
    return content


@pytest.mark.parametrize("kind", list(GOOD))
def test_an_undamaged_input_is_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "good"
    path.write_text(GOOD[kind], encoding="utf-8")
    READERS[kind](path)


@pytest.mark.parametrize("kind", list(GOOD))
def test_a_damaged_input_is_read_or_refused_with_faults(kind: str, tmp_path: Path) -> None:
    chance = random.Random(kind)
    path = tmp_path / "damaged"
    refused = 0
    for _ in range(150):
        path.write_bytes(damaged(GOOD[kind], chance))
        try:
            READERS[kind](path)
        except InputError as error:
            refused += 1
            assert all(str(fault).isprintable() and len(str(fault)) < 2000 for fault in error.faults)
    assert refused
