"""Record what the program says, as hashes that tests compare, or write it down in full.

python tools/freeze.py                  record the hashes of all groups in tests/rules/frozen/hashes.json
python tools/freeze.py examples         of one group alone; the others stay
python tools/freeze.py --out FOLDER     record nothing; write FOLDER/GROUP.txt.gz, to be compared with zdiff
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path

# The checkout's own code is what is recorded, also where another one is installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "engine"))

import freezing


def record(groups: Iterable[str]) -> None:
    """Write the hashes of ``groups`` into the file of hashes, and leave those of the other groups."""
    known = freezing.recorded() if freezing.HASHES.exists() else {}
    for group in groups:
        known[group] = freezing.hashes(freezing.GROUPS[group]())
        print(f"{group}: {len(known[group])} entries")
    kept = {group: known[group] for group in freezing.GROUPS if group in known}
    freezing.HASHES.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_down(groups: Iterable[str], folder: Path) -> None:
    """Write what is said in each of ``groups`` in full, a heading and indented JSON for each entry."""
    folder.mkdir(parents=True, exist_ok=True)
    for group in groups:
        entries = sorted(freezing.GROUPS[group](), key=lambda entry: entry[0])
        # Neither a time nor a file's name, so that the same content gives the same bytes.
        with (
            (folder / f"{group}.txt.gz").open("wb") as file,
            gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8") as text,
        ):
            for name, said in entries:
                text.write(f"== {name}\n{json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1)}\n")
        print(f"{group}: {len(entries)} entries")


def main() -> None:
    """Do what the arguments ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ", ".join(freezing.GROUPS)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one of {names}; all where none is given")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write in full, into this folder")
    given = parser.parse_args()
    if unknown := [group for group in given.groups if group not in freezing.GROUPS]:
        parser.error(f"unknown group {', '.join(unknown)}; expected {names}")
    groups = given.groups or list(freezing.GROUPS)
    if given.out:
        write_down(groups, given.out)
    else:
        record(groups)


if __name__ == "__main__":
    main()
