"""Tables of what is expected of tumours (``resistab test --expectations``): how their lines are read and judged.

Tab-separated text with the columns ``COLUMNS``, and of ``FURTHER`` those that there are. Findings are joined by ``;``,
what was assayed by ``,``, verdicts of which one is expected by ``|``, earlier treatments by ``;`` or ``|``; ``none``
says that there were none, an empty field that nothing is known of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from resistab.core.faults import Fault, InputError, nearest
from resistab.curation.kit.expectations import JudgedLine, TableLine, met
from resistab.domains.oncology.kinds.models import Drug, Rulebase, VerdictName
from resistab.files.yaml_source import not_utf8

if TYPE_CHECKING:
    from resistab.domains.oncology.interpreter import TumourInterpreter

COLUMNS = ("tumour", "findings", "assayed", "drug", "expected")
FURTHER = ("prior_therapies", "basis", "source", "strength")
_REMARKS = ("basis", "source", "strength")
_VERDICTS: tuple[str, ...] = get_args(VerdictName)
_REASSURING = ("sensitive", "no_resistance_found")


@dataclass(frozen=True)
class _Tumour:
    """What a line says of the patient; ``prior`` is None where nothing is known of earlier treatments."""

    tumour: str
    findings: tuple[str, ...]
    assayed: tuple[str, ...]
    prior: tuple[str, ...] | None

    def __str__(self) -> str:
        after = "" if self.prior is None else f", after {', '.join(self.prior)}" if self.prior else ", untreated"
        return f"{self.tumour}, {'; '.join(self.findings) or 'no finding'}{after}"


def read_expectations(paths: Sequence[Path]) -> tuple[tuple[TableLine, ...], ...]:
    """The lines of each table; raises ``InputError`` with the faults of all of them, each at its line."""
    faults: list[Fault] = []
    tables = tuple(tuple(_table(path, faults)) for path in paths)
    if faults:
        raise InputError(faults)
    return tables


def _table(path: Path, faults: list[Fault]) -> Iterator[TableLine]:
    where = str(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        faults.append(not_utf8(where, error, "a table of expectations"))
        return
    except OSError as error:
        faults.append(Fault(where=where, message=f"cannot be read: {error.strerror}"))
        return
    header = [name.strip() for name in lines[0].split("\t")]
    before = len(faults)
    if missing := [name for name in COLUMNS if name not in header]:
        message = f"has no column {', '.join(missing)}"
        expected = f"tab-separated columns {', '.join(COLUMNS)}, and perhaps {', '.join(FURTHER)}"
        faults.append(Fault(where=where, line=1, message=message, expected=expected))
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        faults.append(Fault(where=where, line=1, message=f"has the column {name} twice"))
    if len(faults) > before:
        return
    seen: dict[tuple[_Tumour, str], TableLine] = {}
    empty = True
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        empty = False
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(header):
            message = f"has {len(cells)} columns"
            faults.append(Fault(where=where, line=number, message=message, expected=str(len(header))))
            continue
        row = dict(zip(header, cells, strict=True))
        found = [
            Fault(where=where, line=number, message=message, expected=expected, suggestion=suggestion)
            for message, expected, suggestion in _faults(row)
        ]
        faults += found
        if found:
            continue
        given = _given(row)
        expectation = TableLine(
            file=where,
            line=number,
            patient=str(given),
            drug=row["drug"],
            verdicts=_split(row["expected"], r"\|"),
            given=given,
            remarks=tuple((name, row[name]) for name in _REMARKS if row.get(name)),
        )
        earlier = seen.setdefault((given, row["drug"].casefold()), expectation)
        if not set(earlier.verdicts) & set(expectation.verdicts):
            message = f"expects otherwise of the same patient and drug than line {earlier.line}"
            expected = " or ".join(earlier.verdicts)
            faults.append(Fault(where=where, line=number, message=message, expected=expected))
            continue
        yield expectation
    if empty:
        faults.append(Fault(where=where, message="holds no line", expected="a line for each drug of a patient"))


def _faults(row: Mapping[str, str]) -> Iterator[tuple[str, str, str | None]]:
    """What is wrong with a line, what was expected, and what may have been meant."""
    for name in ("tumour", "drug", "expected"):
        if not row[name]:
            yield f"{name} is empty", "a value", None
    for verdict in _split(row["expected"], r"\|"):
        if verdict not in _VERDICTS:
            yield f"unknown verdict '{verdict}'", f"one of {', '.join(_VERDICTS)}", nearest(verdict, _VERDICTS)


def _given(row: Mapping[str, str]) -> _Tumour:
    prior = row.get("prior_therapies", "")
    return _Tumour(
        tumour=row["tumour"],
        # A translocation such as t(11;14) is one finding.
        findings=_split(row["findings"], r";(?![^()]*\))"),
        assayed=_split(row["assayed"], ","),
        prior=None if not prior else () if prior.casefold() == "none" else _split(prior, r"[;|]"),
    )


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part for piece in re.split(separator, text) if (part := piece.strip()))


def _drug(rulebase: Rulebase, name: str) -> Drug | None:
    """A drug by any of its names, a regimen by those of its drugs in any order."""
    parts = [rulebase.drug_by_name.get(" ".join(part.split())) for part in name.casefold().split("+")]
    if len(parts) == 1:
        return parts[0]
    names = sorted(part.name for part in parts if part is not None)
    return next((drug for drug in rulebase.drugs if sorted(drug.regimen) == names and len(names) == len(parts)), None)


class TumourExpectations:
    """Judges lines by the verdicts of one rule set; the lines of one patient are interpreted once."""

    def __init__(self, interpreter: TumourInterpreter) -> None:
        self.interpreter = interpreter
        self._verdicts: dict[_Tumour, dict[str, str] | str] = {}

    def met(self, expectation: TableLine) -> JudgedLine:
        """What came of a line; where the patient or the drug cannot be read it is neither right nor reassuring."""
        given = expectation.given
        assert isinstance(given, _Tumour)
        if given not in self._verdicts:
            self._verdicts[given] = self._interpreted(given)
        verdicts = self._verdicts[given]
        if isinstance(verdicts, str):
            return met(expectation, None, verdicts, _REASSURING)
        rulebase = self.interpreter.rulebase
        known = _drug(rulebase, expectation.drug)
        if known is None or known.name not in verdicts:
            near = nearest(expectation.drug, [drug.name for drug in rulebase.drugs])
            said = f"the rule set has no table of '{expectation.drug}'" + (f"; did you mean {near}?" if near else "")
            return met(expectation, None, said, _REASSURING)
        return met(expectation, verdicts[known.name], "", _REASSURING)

    def _interpreted(self, given: _Tumour) -> dict[str, str] | str:
        """The verdicts by drug, or why the patient cannot be read."""
        try:
            genotype = self.interpreter.genotype(
                tumour=given.tumour, findings=given.findings, assayed=given.assayed, prior_therapies=given.prior
            )
        except InputError as error:
            return "; ".join(fault.message for fault in error.faults)
        return {verdict.drug: verdict.verdict for verdict in self.interpreter.interpret(genotype).verdicts}
