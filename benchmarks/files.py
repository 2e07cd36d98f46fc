"""Measures how large files are read: a VCF of 2 GB as a stream, and a MAF of 20,000 mutations.

    python benchmarks/files.py [--gigabytes N]

Whole processes with the cache filled. The VCF is of a genome: nearly all its records lie outside coding sequence, each
with the consequences on eight transcripts, and one is EGFR T790M, which must be found. Memory may not pass 500 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEMORY_LIMIT_MB = 500
MUTATIONS = 20_000

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


def write_maf(path: Path) -> None:
    """Write a MAF of one sample with mutations of many genes."""
    chance = random.Random(20261128)
    genes = ("EGFR", "KRAS", "TP53", "TTN", "APC", "PIK3CA", "BRCA2", "MET")
    with path.open("w", encoding="utf-8") as file:
        file.write("Hugo_Symbol\tVariant_Classification\tTumor_Sample_Barcode\tHGVSp_Short\n")
        for _ in range(MUTATIONS):
            change = f"p.{chance.choice('ACDEFGHIKLMNPQRSTVWY')}{chance.randint(1, 900)}V"
            file.write(f"{chance.choice(genes)}\tMissense_Mutation\tS\t{change}\n")


def measured(path: Path, folder: Path) -> tuple[float, float, dict[str, object]]:
    """Seconds and the peak of memory in MB of the whole command, and the report it makes."""
    report = folder / "report.json"
    command = [str(Path(sys.executable).parent / "resistab"), "evaluate", str(path)]
    environment = os.environ | {"RESISTAB_CACHE": str(folder / "cache")}
    start = time.perf_counter()
    subprocess.run([*command, "--tumour", "LUAD", "--json", str(report)], check=True, env=environment)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return seconds, peak, json.loads(report.read_text(encoding="utf-8"))


def main() -> int:
    """Measure, print, and give 1 where a limit is passed or the one mutation is not found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    chosen = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # The larger peak of all children is told, so that the stream comes first; a small run fills the cache.
        write_vcf(folder / "small.vcf", 1000)
        measured(folder / "small.vcf", folder)
        records = write_vcf(folder / "genome.vcf", int(chosen.gigabytes * 1e9))
        seconds, peak, report = measured(folder / "genome.vcf", folder)
        findings = report["findings"]
        found = [finding["text"] for finding in findings] if isinstance(findings, list) else []
        within = peak < MEMORY_LIMIT_MB and found == ["EGFR T790M"]
        failed |= not within
        limit = f"limit {MEMORY_LIMIT_MB} MB: {'kept' if within else 'PASSED'}"
        print(f"VCF of {chosen.gigabytes:g} GB, {records:,} records: {seconds:.0f} s, {peak:.0f} MB ({limit})")
        write_maf(folder / "many.maf")
        seconds, peak, _ = measured(folder / "many.maf", folder)
        print(f"MAF of {MUTATIONS:,} mutations in one sample: {seconds:.1f} s, {peak:.0f} MB")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
