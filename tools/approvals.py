"""Writes the approvals of ``rulebase/oncology/approvals.yaml`` from a list of approvals: ``approvals.py EXPORT``.

What curators keep in that file, before the line ``approvals:``, stays as it is, and decides how the list is read.
``EXPORT`` is a list of approvals (tab-separated) or the folder that holds one. Run ``resistab fmt rulebase`` after it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from resistab.core.condition import condition_text
from resistab.core.faults import RulebaseError
from resistab.domains.oncology.checks.approvals_account import uses_of
from resistab.domains.oncology.checks.approvals_export import APPROVALS, read_approvals
from resistab.domains.oncology.kinds.approvals import Use
from resistab.domains.oncology.kinds.loader import load_rulebase_folder

FILE = Path(__file__).parent.parent / "rulebase" / "oncology" / "approvals.yaml"
_START = "approvals:"
# What makes a text a thing of YAML unless it is quoted.
_MARKS = ":,[]{}#&*!|>%@"


def main(export: Path) -> None:
    """Write the approvals of ``export`` into the file."""
    rows = read_approvals(export / APPROVALS if export.is_dir() else export)
    written = FILE.read_text(encoding="utf-8")
    kept = written[: written.index(f"\n{_START}") + 1]
    FILE.write_text(f"{kept}{_START} []\n", encoding="utf-8")
    try:
        rulebase = load_rulebase_folder(FILE.parent)
    except RulebaseError:
        FILE.write_text(written, encoding="utf-8")
        raise
    lines = [line for drugs, uses in uses_of(rulebase, rows) for line in _lines(drugs, uses)]
    FILE.write_text(kept + f"{_START}\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def _lines(drugs: tuple[str, ...], uses: list[Use]) -> Iterator[str]:
    yield f"  - drugs: [{', '.join(drugs)}]"
    yield "    uses:"
    for use in uses:
        yield f"      - tumour_types: [{', '.join(use.tumour_types)}]"
        if use.outside:
            yield f"        outside: [{', '.join(use.outside)}]"
        for field, texts in (
            ("markers", [condition_text(marker) for marker in use.markers]),
            ("other_markers", list(use.other_markers)),
        ):
            if texts:
                yield f"        {field}: {_listed(texts)}"
        if use.since is not None:
            yield f"        since: {use.since}"
        yield f"        authorities: {_listed(use.authorities)}"
        yield f"        labels: {_listed(use.labels)}"


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(json.dumps(text) if set(text) & set(_MARKS) else text for text in texts)}]"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
