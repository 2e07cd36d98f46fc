"""Small tables whose figures can be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from resistab.curation.validation.measured import JudgedMeasures, read_side
from resistab.domains.loading import load
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_of
from resistab.rulesets.find import ruleset_folder

COLUMNS = "sample,patient,mutations,drug,measure,value,resistant_from"
# Of efavirenz: three resistant samples, of which two are called so; two sensitive ones, of which one is.
ROWS = (
    "s1,p1,RT:K103N,EFV,fold change,50,3",
    "s2,p2,RT:K103N,EFV,fold change,>100,3",
    "s3,p3,RT:V179D,EFV,fold change,4,3",
    "s4,p4,RT:none,EFV,fold change,0.8,3",
    "s5,p5,RT:Y181C,EFV,fold change,1.5,3",
)


@cache
def opened(ruleset: str = "hiv1") -> tuple[Pack, Any]:
    """A shipped rule set with its pack."""
    return pack_of(ruleset_folder(ruleset)), load(ruleset)


def written(folder: Path, rows: Sequence[str] = ROWS, columns: str = COLUMNS, name: str = "table.csv") -> Path:
    """A table in ``folder``."""
    path = folder / name
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return path


def side(path: Path, ruleset: str = "hiv1", drugs: Sequence[str] | None = None) -> JudgedMeasures:
    """A table as a rule set reads and judges it."""
    pack, interpreter = opened(ruleset)
    return read_side(pack, interpreter, [path], False, drugs)
