"""Damages example files and reads them: whatever the bytes, a reader gives samples or an ``InputError``, and soon.

``python tools/fuzz.py READER --minutes N --seed S`` changes the files of ``examples/`` that READER reads, byte by byte
and piece by piece, reads each in this process, and prints what raised anything else or took more of the processor's
time than ``--seconds``; ``all`` goes through the readers in turn. What it finds it keeps in ``--keep``, a folder.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import io
import json
import random
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import resistab
from resistab.core.faults import InputError
from resistab.domains.pack import Given

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
# What has broken readers before: numbers and names at a bound, marks of other formats, control characters.
PIECES = [
    b"",
    b"\x00",
    b"\x1b[2J",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
    b'"',
    b"'",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n",
    b",",
    b";",
    b"|",
    b"%",
    b"&a",
    b"*a",
    b"!!python/object:os.system",
    b"<<: ",
    b": ",
    b"- ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"[" * 200,
    b"1:" * 3000 + b"1",
    b"9" * 5000,
    b"0x1F",
    b"010",
    b"1_000",
    b"1e999",
    b".inf",
    b".nan",
    b"nan",
    b"-1",
    b"2147483648",
    b"9" * 20,
    b"0001-01-01T00:00:00+99:99",
    b"2026-02-30",
    b"true",
    b"null",
    b"~",
    b"=1+1",
    b"../../etc/passwd",
    b"/dev/zero",
    b"*",
    b"?",
    b"::",
    b"_",
    b"p.",
    b"fs*",
    b"del",
    b"dup",
    b"ins",
    b"Ter",
    b"A" * 100_000,
    b" " * 50_000,
    b"<NON_REF>",
    b"END=2000000000",
    b".",
    b"0/1",
    b"\xc3\xa9",
    "٣".encode(),
]


def files_of(reader: str) -> list[tuple[str, bytes]]:
    """The example files that a reader reads, by their names; those that ``examples/`` lacks are made of others."""
    found = [(name, (EXAMPLES / name).read_bytes()) for name in READERS[reader].examples]
    if reader == "findings":
        found.append(("table.tsv", found[0][1].replace(b",", b"\t")))
    if reader == "study":
        found = [*STUDY.items(), ("study/data_mutations.txt", found[0][1])]
    if reader == "spreadsheet":
        found = [("table.xlsx", _spreadsheet(found[0][1].decode()))]
    return found


def _spreadsheet(table: str) -> bytes:
    import csv

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(table.splitlines()):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def damaged(content: bytes, chance: random.Random) -> bytes:
    """``content`` with one to six changes."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 1, 2, 3, 6])):
        at = chance.randrange(len(changed) + 1)
        length = chance.choice([0, 1, 1, 4, 30])
        match chance.randrange(8):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + chance.choice([1, 3, 50, len(changed)])]
            case 2 | 3:
                changed[at : at + length] = chance.choice(PIECES)
            case 4:
                other = chance.randrange(len(changed) + 1)
                changed[at:at] = changed[other : other + chance.choice([5, 80, 800])]
            case 5:
                # A field in place of another, or a field for a whole piece.
                changed = bytearray(_with_field(bytes(changed), chance))
            case 6:
                lines = bytes(changed).split(b"\n")
                chance.shuffle(lines) if chance.random() < 0.2 else lines.insert(
                    chance.randrange(len(lines) + 1), chance.choice(lines)
                )
                changed = bytearray(b"\n".join(lines))
            case 7:
                changed = bytearray(_with_field(bytes(changed), chance, swap=True))
    return bytes(changed)


def _with_field(content: bytes, chance: random.Random, swap: bool = False) -> bytes:
    """``content`` with one of its fields replaced: by a piece, or by another of its fields."""
    separator = chance.choice([b"\t", b",", b"|", b";", b":", b'"', b" ", b"=", b"/"])
    fields = content.split(separator)
    at = chance.randrange(len(fields))
    fields[at] = chance.choice(fields) if swap else chance.choice(PIECES)
    return separator.join(fields)


def damaged_archive(content: bytes, chance: random.Random) -> bytes:
    """A spreadsheet with a damaged part, or with damaged bytes of the archive itself."""
    if chance.random() < 0.3:
        return damaged(content, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        names = archive.namelist()
        which = chance.choice([name for name in names if "sheet1" in name or chance.random() < 0.3] or names)
        for name in names:
            part = archive.read(name)
            target.writestr(name, damaged(part, chance) if name == which else part)
    return made.getvalue()


def inputs(reader: str, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Damaged files without end; some gzipped, some in UTF-16."""
    files = files_of(reader)
    while True:
        name, content = chance.choice(files)
        if reader == "spreadsheet":
            yield name, damaged_archive(content, chance)
            continue
        changed = damaged(content, chance)
        match chance.randrange(30):
            case 0:
                changed = gzip.compress(changed)
            case 1:
                changed = changed.decode("utf-8", "replace").encode("utf-16")
            case 2:
                changed = damaged(gzip.compress(changed), chance)
        yield name, changed


@functools.cache
def _interpreter(ruleset: str) -> Any:
    return resistab.load(ruleset)


class Reader:
    """A kind of file: its ``examples``, and how it is read by the interpreter of a rule set.

    ``option`` is the one that takes the file in place of the argument; of ``untyped`` files the tumour is said beside.
    """

    def __init__(self, ruleset: str, examples: list[str], option: str = "", untyped: bool = False) -> None:
        self.ruleset, self.examples, self.option, self.untyped = ruleset, examples, option, untyped

    def read(self, path: Path) -> None:
        """Read the file as ``evaluate`` does, and interpret its first sample."""
        interpreter = _interpreter(self.ruleset)
        said: dict[str, Any] = {"tumour": "LUAD"} if self.untyped else {}
        files: tuple[Path, ...] = () if self.option else (path,)
        if self.option:
            said |= {self.option: [str(path)] if self.option == "panel" else path}
        if self.option in ("panel", "measured"):
            said |= {"finding": ["EGFR T790M"]}
        given = Given(files=files, keep_going=True, said=said)
        module = __import__(f"resistab.domains.{PACKS[self.ruleset]}.inputs", fromlist=["inputs"])
        for genotype in module.genotypes(interpreter, given)[:1]:
            interpreter.interpret(genotype).to_json()


PACKS = {"oncology": "oncology", "hiv1": "virus", "pharmacogenomics": "pharmacogenomics"}
# A study beside the mutations of ``examples/cohort.maf``.
STUDY = {
    "study/meta_cna.txt": b"genetic_alteration_type: COPY_NUMBER_ALTERATION\ndatatype: DISCRETE\n"
    b"data_filename: data_cna.txt\n",
    "study/data_cna.txt": b"Hugo_Symbol\tcolon-1\tcolon-2\nERBB2\t2\t-2\nKRAS\t0\tNA\n",
    "study/data_sv.txt": b"Sample_Id\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol\tEvent_Info\ncolon-1\tEML4\tALK\tEML4-ALK\n",
    "study/data_clinical_sample.txt": b"SAMPLE_ID\tONCOTREE_CODE\ncolon-1\tCOAD\n",
}
READERS = {
    "patient": Reader("oncology", ["cml_t315i.yaml", "lung_osimertinib_c797s.yaml", "lung_series.yaml", "cohort.json"]),
    "phenopacket": Reader("oncology", ["melanoma_phenopacket.json"]),
    "vcf": Reader("oncology", ["lung_tumour.vcf"], untyped=True),
    "maf": Reader("oncology", ["cohort.maf"]),
    "study": Reader("oncology", ["cohort.maf"]),
    "findings": Reader("oncology", ["breast_findings.csv"]),
    "spreadsheet": Reader("oncology", ["breast_findings.csv"]),
    "panel": Reader("oncology", ["lung_therapies.csv"], "panel", untyped=True),
    "fasta": Reader("hiv1", ["hiv_pol.fasta"]),
    "mutations": Reader("hiv1", ["hiv_mutations.tsv"], "mutations_file"),
    "germline": Reader("pharmacogenomics", ["germline.yaml"]),
}


def run(reader: str, minutes: float, seed: int, seconds: float, keep: Path, scratch: Path) -> tuple[int, int]:
    """Read damaged files for ``minutes``; how many were read, and how many were found to break something."""
    chance = random.Random(f"{reader} {seed}")
    _interpreter(READERS[reader].ruleset)
    end = time.monotonic() + minutes * 60
    number = 0
    seen: dict[str, int] = {}
    for name, content in inputs(reader, chance):
        if time.monotonic() > end:
            break
        number += 1
        path = scratch / name
        path.parent.mkdir(exist_ok=True)
        for whole, others in files_of(reader) if reader == "study" else ():
            (scratch / whole).write_bytes(others)
        path.write_bytes(content)
        path = path.parent if reader == "study" else path
        began = time.process_time()
        problem = _problem(READERS[reader].read, path)
        if problem is None and (took := time.process_time() - began) > seconds:
            problem = f"took {took:.1f} s"
        if problem is not None:
            kind = problem.splitlines()[-1][:60] + (problem.splitlines()[-2] if "\n" in problem else "")
            seen[kind] = seen.get(kind, 0) + 1
            if seen[kind] == 1:
                keep.mkdir(parents=True, exist_ok=True)
                kept = keep / f"{reader}-{seed}-{number}-{Path(name).name}"
                kept.write_bytes(content)
                print(f"{kept}\n{problem}\n", flush=True)
    return number, sum(seen.values())


def _problem(read: Callable[[Path], None], path: Path) -> str | None:
    try:
        read(path)
    except InputError as error:
        # What is said must be fit for a terminal.
        return None if all(line.isprintable() or "\xa0" in line for line in str(error).split("\n")) else repr(error)
    except Exception:
        return traceback.format_exc().rstrip()
    return None


def main() -> int:
    """Run as the module's text says; the exit code is 1 where anything was found."""
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", choices=[*READERS, "all"])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-found"))
    given = parser.parse_args()
    readers = list(READERS) if given.reader == "all" else [given.reader]
    result: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for reader in readers:
            number, found = run(reader, given.minutes, given.seed, given.seconds, given.keep, Path(scratch))
            result[reader] = {"read": number, "found": found}
    print(json.dumps(result, indent=2))
    return int(any(counts["found"] for counts in result.values()))


if __name__ == "__main__":
    sys.exit(main())
