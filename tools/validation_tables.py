"""The tables of ``docs/validation.md``, from what ``resistab validate`` says of published isolates.

    python tools/validation_tables.py HIVDB.json ANRS.json REGA.json

Each file is what ``resistab validate --ruleset hiv1 --against RULESET --json FILE`` wrote; the page says the whole
command. The tables are written into the page between the lines that mark them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation.md"
NAMES = ("HIVDB 10.2", "ANRS 34", "Rega 10.0")
_MARKED = re.compile(r"(<!-- tables begin -->\n).*?(<!-- tables end -->)", re.DOTALL)


def main() -> None:
    """Write the tables into the page."""
    found = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


def with_tables(page: str, found: Sequence[Mapping[str, Any]]) -> str:
    """The page with these tables in the place of those that it has."""
    text = "\n".join([*_rates(found), "", *_tests(found)])
    return _MARKED.sub(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", page)


def _rates(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each drug of the first rule set, one more for each further form of it in another, and one of all."""
    yield "Sensitivity and specificity in percent, then the AUC:"
    yield ""
    yield "| drug | isolates | hiv1 | " + " | ".join(NAMES) + " |"
    yield "|---|---|---|" + "---|" * len(NAMES)
    others = [{drug["drug"]: drug for drug in one["against_drugs"]} for one in found]
    paired = [_paired(one) for one in found]
    for drug in found[0]["drugs"]:
        name = drug["drug"]
        for form in range(max(1, *(len(of.get(name, ())) for of in paired))):
            cells = []
            for known, of in zip(others, paired, strict=True):
                forms = of.get(name, ())
                if form < len(forms):
                    other = known[forms[form]]
                    cells.append(_three(other) + (f" ({forms[form]})" if forms[form] != name else ""))
                else:
                    cells.append("–" if not forms else "")
            own = (name, f"{drug['n']:,}", _three(drug)) if form == 0 else ("", "", "")
            yield f"| {' | '.join([*own, *cells])} |"
    whole = found[0]["over_all"]
    cells = [f"**{_three(one['against_over_all'])}**" for one in found]
    yield f"| **all** | **{whole['n']:,}** | **{_three(whole)}** | {' | '.join(cells)} |"


def _paired(one: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the other rule set calls each drug."""
    found: dict[str, list[str]] = {}
    for drug in one["comparison"]["drugs"]:
        found.setdefault(drug["drug"], []).append(drug["against_drug"])
    return found


def _three(rates: Mapping[str, Any]) -> str:
    return f"{100 * rates['sensitivity']:.1f}, {100 * rates['specificity']:.1f}, {rates['auc']:.3f}"


def _tests(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """hiv1 beside each of the two others, drug by drug."""
    for one, name in zip(found[1:], NAMES[1:], strict=True):
        yield f"hiv1 beside {name}, on the isolates that both judge:"
        yield ""
        heads = ("drug", "hiv1 alone right", f"{name} alone right", "p", "better calls", f"AUC less that of {name}")
        yield f"| {' | '.join(heads)} | better order |"
        yield "|---|---|---|---|---|---|---|"
        for drug in one["comparison"]["drugs"]:
            label = drug["drug"] + (f" ({drug['against_drug']})" if drug["against_drug"] != drug["drug"] else "")
            yield _test(label, drug, drug["p_adjusted"], name)
        whole = one["comparison"]["over_all"]
        yield _test("**all**", whole, whole["p"], name)
        yield ""


def _test(label: str, drug: Mapping[str, Any], p: float, name: str) -> str:
    low, high = drug["auc_difference_interval"]
    better = {"": "–", "hiv1": "hiv1"}
    cells = (
        label,
        f"{drug['only_first_right']:,}",
        f"{drug['only_second_right']:,}",
        "< 0.0001" if p < 0.0001 else f"{p:.2g}",
        better.get(drug["better_calls"], name),
        f"{drug['auc_difference']:+.3f} ({low:+.3f} to {high:+.3f})",
        better.get(drug["better_ranking"], name),
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
