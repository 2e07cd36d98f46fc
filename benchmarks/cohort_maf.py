"""Writes a MAF of a cohort: tumours of twelve mutations each, drawn again and again from mutations that are real.

    python benchmarks/cohort_maf.py TUMOURS OUT [--mutations TABLE] [--shuffled]

``TABLE`` is any table, plain or gzipped, with columns for gene (gene, Hugo_Symbol), class (class,
Variant_Classification), protein change (HGVSp_Short) and tumour type (ONCOTREE_CODE, or study by TCGA's code).
Without one the mutations are those that the cases of the shipped rules name. Distinct mutations repeat from tumour to
tumour, as in a real cohort, and the reads of each row are its own.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import resistab
from resistab.domains.oncology.grammar.protein_change import parse_protein_change
from resistab.domains.oncology.inputs.tumour_types import read_tumour_type
from resistab.domains.oncology.kinds.cases import TumourCase, TumourCaseFile
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.files.tables import read_table
from resistab.files.yaml_source import read_yaml_file
from resistab.rulesets.find import ruleset_folder

PER_TUMOUR = 12
COLUMNS = (
    "Hugo_Symbol", "NCBI_Build", "Variant_Classification", "Tumor_Sample_Barcode", "HGVSp_Short", "t_alt_count",
    "t_ref_count", "ONCOTREE_CODE",
)  # fmt: skip
CLASSES = {
    "substitution": "Missense_Mutation",
    "stop gained": "Nonsense_Mutation",
    "frame shift": "Frame_Shift_Del",
    "insertion": "In_Frame_Ins",
    "duplication": "In_Frame_Ins",
    "deletion": "In_Frame_Del",
    "delins": "In_Frame_Del",
    "start lost": "Translation_Start_Site",
    "stop lost": "Nonstop_Mutation",
}

# A mutation: gene, class, protein change.
Mutation = tuple[str, str, str]


def of_table(path: Path, rulebase: Rulebase) -> dict[str, list[Mutation]]:
    """The mutations of a table by the code of their tumour type; those of a type that is not known are left out."""
    codes: dict[str, str] = {}
    found: dict[str, list[Mutation]] = {}
    for row in read_table(path).rows:
        named = row.first("oncotree_code", "tumour_type", "study")
        if named not in codes:
            read = read_tumour_type(rulebase, named)
            # TCGA has studies of two types.
            meant = (read.tumour, *reversed(read.candidates)) if named else ()
            codes[named] = next((tumour.code for tumour in meant if tumour is not None), "")
        mutation = (
            row.first("hugo_symbol", "gene"),
            row.first("variant_classification", "class"),
            row["hgvsp_short"].strip('"'),
        )
        if codes[named] and mutation[0]:
            found.setdefault(codes[named], []).append(mutation)
    return found


def shipped_cases() -> Iterator[TumourCase]:
    """The cases of the shipped rules on tumours."""
    for path in sorted((ruleset_folder("oncology") / "cases").glob("*.yaml")):
        source, _ = read_yaml_file(path, path.name)
        yield from TumourCaseFile.model_validate(source.data).cases


def of_cases(rulebase: Rulebase) -> dict[str, list[Mutation]]:
    """The protein changes that cases of the shipped rules name, all for each tumour type that has cases."""
    types: dict[str, None] = {}
    changes: dict[Mutation, None] = {}
    for case in shipped_cases():
        if (tumour := read_tumour_type(rulebase, case.tumour).tumour) is not None:
            types[tumour.code] = None
        for text in case.findings:
            gene, _, change = text.partition(" ")
            try:
                read = parse_protein_change(change)
            except ValueError:
                continue
            if read is not None and read.kind in CLASSES:
                changes[gene, CLASSES[read.kind], f"p.{read}"] = None
    return {code: list(changes) for code in types}


def rows(mutations: dict[str, list[Mutation]], tumours: int, chance: random.Random) -> Iterator[str]:
    """The rows of so many tumours; types are as frequent as their mutations are."""
    types = [code for code, of_type in mutations.items() if len(set(of_type)) >= PER_TUMOUR]
    drawn = chance.choices(types, [len(mutations[code]) for code in types], k=tumours)
    for number, code in enumerate(drawn, 1):
        chosen: dict[Mutation, None] = {}
        while len(chosen) < PER_TUMOUR:
            chosen[chance.choice(mutations[code])] = None
        for gene, kind, change in chosen:
            depth = chance.randint(80, 600)
            reads = chance.randint(4, depth * 3 // 4)
            yield f"{gene}\tGRCh37\t{kind}\ttumour-{number:07}\t{change}\t{reads}\t{depth - reads}\t{code}\n"


def write_cohort(path: Path, tumours: int, table: Path | None = None, shuffled: bool = False) -> None:
    """Write a MAF of so many tumours; ``shuffled`` scatters the rows of each over the file."""
    rulebase = resistab.load().rulebase
    chance = random.Random(20261205)
    mutations = of_cases(rulebase) if table is None else of_table(table, rulebase)
    written: Iterator[str] = rows(mutations, tumours, chance)
    if shuffled:
        scattered = list(written)
        chance.shuffle(scattered)
        written = iter(scattered)
    with path.open("w", encoding="utf-8") as file:
        file.write("\t".join(COLUMNS) + "\n")
        file.writelines(written)


def main() -> int:
    """Write the file that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tumours", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mutations", type=Path, metavar="TABLE")
    parser.add_argument("--shuffled", action="store_true")
    chosen = parser.parse_args()
    write_cohort(chosen.out, chosen.tumours, chosen.mutations, chosen.shuffled)
    return 0


if __name__ == "__main__":
    sys.exit(main())
