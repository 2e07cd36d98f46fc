"""Measures how large files are read: a VCF of 2 GB as a stream, and a MAF of 20,000 mutations.

    python benchmarks/files.py [--quick] [--gigabytes N] [--json FILE]

Whole processes with the cache filled. The VCF is of a genome: nearly all its records lie outside coding sequence, each
with the consequences on eight transcripts, and one is EGFR T790M, which must be found. Memory may not pass 500 MB.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from figures import Figure, at_least, at_most, main
from processes import RESISTAB, Taken, environment, process

MEMORY_LIMIT_MB = 500
GIGABYTES, GIGABYTES_QUICK = 2.0, 0.05
MUTATIONS, MUTATIONS_QUICK = 20_000, 2_000

HEADER = """##fileformat=VCFv4.2
##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: Allele|Consequence|SYMBOL|Feature_type|Feature|BIOTYPE|HGVSc|HGVSp">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads with each allele">
##contig=<ID=chr7,length=159345973>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tTUMOUR
"""  # noqa: E501 - one line of a header
T790M = "T|missense_variant|EGFR|Transcript|ENST00000275493.7|protein_coding|c.2369C>T|p.Thr790Met"


def write_vcf(path: Path, size: int) -> int:
    """Write a VCF of about ``size`` bytes; gives the number of its records."""
    entries = ",".join(
        f"T|intron_variant|GENE|Transcript|ENST{number:011}.2|protein_coding|ENST{number:011}.2:c.100+20G>A|"
        for number in range(8)
    )
    written, records = 0, 0
    with path.open("w", encoding="utf-8") as file:
        written += file.write(HEADER)
        while written < size:
            records += 1
            written += file.write(f"chr7\t{records}\t.\tC\tT\t.\tPASS\tCSQ={entries}\tGT:AD\t0/1:50,50\n")
        file.write(f"chr7\t55181378\t.\tC\tT\t.\tPASS\tCSQ={T790M}\tGT:AD\t0/1:90,10\n")
    return records + 1


def write_maf(path: Path, mutations: int) -> None:
    """Write a MAF of one sample with mutations of many genes."""
    chance = random.Random(20261128)
    genes = ("EGFR", "KRAS", "TP53", "TTN", "APC", "PIK3CA", "BRCA2", "MET")
    with path.open("w", encoding="utf-8") as file:
        file.write("Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n")
        for _ in range(mutations):
            change = f"p.{chance.choice('ACDEFGHIKLMNPQRSTVWY')}{chance.randint(1, 900)}V"
            file.write(f"{chance.choice(genes)}\tMissense_Mutation\tS\t{change}\n")


def evaluated(path: Path, folder: Path) -> tuple[Taken, dict[str, Any]]:
    """What the whole command takes, and the report it makes."""
    report = folder / "report.json"
    command = [RESISTAB, "evaluate", str(path), "--tumour", "LUAD", "--json", str(report)]
    taken = process(command, environment(folder / "cache"))
    return taken, json.loads(report.read_text(encoding="utf-8"))


def measure(given: argparse.Namespace) -> Iterator[Figure]:
    """Time and memory of both files, and whether the one mutation is found."""
    gigabytes = given.gigabytes or (GIGABYTES_QUICK if given.quick else GIGABYTES)
    mutations = MUTATIONS_QUICK if given.quick else MUTATIONS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # A small run fills the cache.
        write_vcf(folder / "small.vcf", 1000)
        evaluated(folder / "small.vcf", folder)
        records = write_vcf(folder / "genome.vcf", int(gigabytes * 1e9))
        taken, report = evaluated(folder / "genome.vcf", folder)
        what = f"a VCF of {gigabytes:g} GB"
        yield Figure(f"{what}, {records:,} records", taken.seconds, "s")
        memory = at_most(MEMORY_LIMIT_MB)
        yield Figure(f"{what}, memory", taken.peak_mb, "MB", target=memory, smaller=gigabytes < GIGABYTES)
        found = [finding["text"] for finding in report["findings"]] == ["EGFR T790M"]
        yield Figure(f"{what}, its one mutation found", int(found), "of 1", target=at_least(1))
        write_maf(folder / "many.maf", mutations)
        taken, _ = evaluated(folder / "many.maf", folder)
        yield Figure(f"a MAF of {mutations:,} mutations in one sample", taken.seconds, "s")
        yield Figure("the same, memory", taken.peak_mb, "MB")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--gigabytes", type=float, help=f"size of the VCF (default {GIGABYTES:g})")


if __name__ == "__main__":
    sys.exit(main("files", "Large files", measure, options))
