"""The cases of a rule set: patients, the verdicts a board expects of them, and the rows that must and must not fire.

``cases/*.yaml`` lie beside the tables and are no part of the rules: they do not count in the digest. A file holds a
list under ``cases``, each with its name, the patient in the words of its domain, and what is expected by drug:

    - case: melanoma with BRAF V600E alone
      tumour: MEL
      findings: [BRAF V600E]
      expect:
        vemurafenib: {verdict: sensitive, rows: [VEM-001], silent: [VEM-017]}

``rows`` are all rows that fire, in the order of the report; ``fires`` some of them; ``silent`` rows that must not fire.
What is expected of regimens stands under ``options`` (``option_cases.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resistab.core.derivation import mechanism_steps
from resistab.core.faults import Fault, InputError, RulebaseError, nearest
from resistab.curation.kit.case_rules import (
    AnyCase,
    Case,
    CaseRules,
    Difference,
    Failure,
    RowFacts,
    listed,
    unknown,
)
from resistab.curation.option_cases import judged_options, option_faults
from resistab.domains.registry import pack_of
from resistab.files.processes import in_processes, processors
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.cases import Expectation
from resistab.rulesets.folder_reader import FolderReader


def case_rules(folder: Path, rulebase: Any) -> CaseRules:
    """The rule set that was read from ``folder``, as its cases see it."""
    return pack_of(folder).curate.case_rules(rulebase, folder)


def table_rows(rules: CaseRules) -> dict[str, dict[str, RowFacts]]:
    """The rows that hold for each drug, by drug and id."""
    found: dict[str, dict[str, RowFacts]] = {}
    for table in rules.tables():
        for drug in table.drugs:
            found.setdefault(drug, {}).update({**table.rows, **table.shared})
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


def read_cases(rules: CaseRules) -> tuple[Case, ...]:
    """The cases of a rule set, by file and then in the order written; none where there are no files.

    Raises ``RulebaseError`` with every fault: of form, of names and rows that the rule set does not know, of findings
    that are not understood.
    """
    files, reader = _read(rules)
    if faults := [*files.faults, *reader.faults]:
        raise RulebaseError(faults)
    return tuple(reader.cases)


def earlier_cases(rules: CaseRules) -> dict[str, Case]:
    """The cases of an earlier state of a rule set, by name, as far as they can be read now."""
    _, reader = _read(rules)
    return {case.name: case for case in reader.cases}


def _read(rules: CaseRules) -> tuple[FolderReader, _Reader]:
    files = FolderReader(rules.folder, pack_of(rules.folder).kinds.FILE_KINDS)
    files.read(rules=False)
    reader = _Reader(rules)
    for file in files.files:
        for index, case in enumerate(getattr(file.content, "cases", ())):
            reader.add(case, file.source, ("cases", index))
    return files, reader


class _Reader:
    def __init__(self, rules: CaseRules) -> None:
        self.rules = rules
        self.tables = table_rows(rules)
        self.drug_of = {row: table.drugs[-1] for table in rules.tables() if table.drugs for row in table.rows}
        self.levels = {level.level for level in rules.rulebase.manifest.scoring.levels}
        self.chained = rules.chained_rules()
        self.cases: list[Case] = []
        self.faults: list[Fault] = []
        self.places: dict[str, str] = {}

    def add(self, case: AnyCase, source: Source, path: Path_) -> None:
        place = source.fault((*path, "case"), "")
        if case.case in self.places:
            message = f"the case '{case.case}' is given twice, first in {self.places[case.case]}"
            self.faults.append(source.fault((*path, "case"), message, "another text for each case"))
        self.places.setdefault(case.case, f"{place.where}:{place.line}")
        self.faults.extend(self.rules.faults(case, source, path))
        self.faults.extend(option_faults(self.rules, case, source, path))
        for drug, expected in case.expect.items():
            self.faults.extend(self.expectation(expected, drug, source, (*path, "expect", drug)))
        try:
            genotype = self.rules.genotype(case, source, path)
        except InputError as error:
            self.faults.extend(error.faults)
            return
        self.cases.append(Case(case.case, source.where, place.line, genotype, case))

    # --- what is expected -------------------------------------------------------------------------------------------

    def expectation(self, expected: Expectation, drug: str, source: Source, path: Path_) -> Iterator[Fault]:
        if drug not in self.tables:
            known = self.rules.drug_named(drug)
            named = known if known in self.tables else nearest(drug, self.tables, 1)
            yield source.key_fault(path, f"no table for '{drug}'", "a drug with a table", named)
            return
        if expected.level is not None and expected.level not in self.levels:
            levels = ", ".join(str(level) for level in sorted(self.levels))
            yield source.fault((*path, "level"), f"unknown level {expected.level}", f"one of {levels}")
        for field in ("rows", "fires", "silent"):
            for index, row in enumerate(getattr(expected, field) or ()):
                yield from self.row(row, drug, source, (*path, field, index))
        for row in sorted(set(expected.must_fire) & set(expected.silent)):
            place = (*path, "silent", expected.silent.index(row))
            yield source.fault(place, f"the row {row} is to fire and to be silent", "one of them")
        for index, rule in enumerate(getattr(expected, "through", ())):
            place = (*path, "through", index)
            yield from unknown(source, place, "mechanism rule", rule, self.chained)
            if not self.chained.get(rule, True):
                yield source.fault(place, f"the mechanism rule {rule} is not active", "an active rule")

    def row(self, row: str, drug: str, source: Source, path: Path_) -> Iterator[Fault]:
        facts = self.tables[drug].get(row)
        if facts is None and row in self.drug_of:
            message = f"the row {row} is one of {self.drug_of[row]}"
            yield source.fault(path, message, f"a row of {drug}")
        elif facts is None:
            yield from unknown(source, path, "row", row, self.tables[drug])
        elif not facts.active:
            yield source.fault(path, f"the row {row} is not active and can never fire", "an active row")


# --- running ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judgement:
    """A case and what was found: the rows that fired by drug, what differs, and the mechanism rules behind any row.

    ``left_out`` says what could not be judged, and why.
    """

    case: Case
    rows: Mapping[str, tuple[str, ...]]
    failures: tuple[Failure, ...]
    mechanism_rules: frozenset[str]
    left_out: str = ""


def judge(rules: CaseRules, interpreter: Any, case: Case) -> Judgement:
    """The case, interpreted by both evaluators, beside what is expected of it.

    Raises ``DisagreementError`` where the evaluators differ, ``ReteError`` where the engine fails.
    """
    found = rules.interpreted(interpreter, case)
    verdicts = {verdict.drug: verdict for verdict in found.verdicts}
    failures = [*rules.failures(case, found)]
    all_fired = (*found.verdicts, *getattr(found, "others", ()))
    chains = {item.drug: mechanism_chains(item) for item in all_fired}
    for drug, expected in case.expect.items():
        if failure := _compare(rules.COMPARED, expected, verdicts[drug], chains[drug]):
            failures.append(failure)
    used = frozenset(rule for of_drug in chains.values() for chain in of_drug for rule in chain)
    fired = {item.drug: item.rows for item in all_fired if item.rows}
    of_options, left_out = judged_options(rules, interpreter, case)
    return Judgement(case, fired, (*failures, *of_options), used, left_out)


# So many parts for each process, so that none waits long for another.
_PARTS = 12


def judge_all(
    rules: CaseRules, interpreter: Any, cases: Sequence[Case], done: Callable[[int], None] = lambda number: None
) -> tuple[Judgement, ...]:
    """Every case judged, in the order given, by as many processes as there are processors; see ``judge``.

    ``done`` is told how many more cases were judged.
    """
    # What the genotypes of a kind share is worked out once in each process that meets the kind.
    alike = sorted(range(len(cases)), key=lambda index: rules.kind(cases[index].genotype))
    size = max(1, len(cases) // (_PARTS * processors()))
    parts = [alike[first : first + size] for first in range(0, len(alike), size)]

    def part_judged(part: Sequence[int]) -> list[Judgement]:
        return [judge(rules, interpreter, cases[index]) for index in part]

    judged: dict[int, Judgement] = {}
    for number, judgements in in_processes(part_judged, parts):
        judged.update(zip(parts[number], judgements, strict=True))
        done(len(judgements))
    return tuple(judged[index] for index in range(len(cases)))


def _compare(fields: Iterable[str], expected: Expectation, verdict: Any, chains: list[list[str]]) -> Failure | None:
    differences: list[Difference] = []
    for name in fields:
        wanted, found = getattr(expected, name, None), getattr(verdict, name, None)
        if wanted is not None and wanted != found:
            differences.append(Difference(name, _worded(wanted), _worded(found)))
    fired = verdict.rows
    if expected.rows is not None and expected.rows != fired:
        differences.append(Difference("rows", listed(expected.rows), listed(fired)))
    missing = tuple(row for row in expected.must_fire if row not in fired)
    if missing and expected.rows is None:
        differences.append(Difference("fires", listed(expected.fires), listed(fired)))
    woken = tuple(row for row in expected.silent if row in fired)
    if woken:
        differences.append(Difference("silent", listed(expected.silent), f"{listed(woken)} fired"))
    surplus = tuple(row for row in fired if expected.rows is not None and row not in expected.rows)
    through, names = getattr(expected, "through", ()), getattr(expected, "names", ())
    if through and list(through) not in chains:
        found = "; ".join(" < ".join(chain) for chain in chains if chain) or "no mechanism rule"
        differences.append(Difference("through", " < ".join(through), found))
    if any(name not in verdict.reason for name in names):
        differences.append(Difference("names", ", ".join(names), verdict.reason))
    if not differences:
        return None
    unexpected = tuple(dict.fromkeys((*surplus, *woken)))
    return Failure(verdict.drug, tuple(differences), fired, missing, unexpected)


def mechanism_chains(verdict: Any) -> list[list[str]]:
    """Behind each row that fired the mechanism rules in the order of its derivation; empty where there are none."""
    return [[rule.rule for rule in mechanism_steps(item.derivation)] for item in verdict.contributions]


def _worded(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else "none" if value is None else str(value)


# --- coverage ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TableCoverage:
    """What the cases say of the active rows of one table, of a drug or a class.

    ``fired`` are those that a case names and that fired; ``unasked`` fired where no case names them, ``never`` did
    not fire at all. ``must_fire`` are the cases in which a row against the drug must fire and did, ``must_not_fire``
    those that name a row that must be silent.
    """

    name: str
    active: int
    fired: tuple[str, ...]
    unasked: tuple[str, ...]
    never: tuple[str, ...]
    must_fire: int
    must_not_fire: int


@dataclass(frozen=True)
class Coverage:
    """What the cases say of a rule set; ``mechanism_rules`` are the active ones that no case has used."""

    tables: tuple[TableCoverage, ...]
    mechanism_rules: tuple[str, ...]

    @property
    def active(self) -> int:
        """The number of active rows."""
        return sum(table.active for table in self.tables)

    @property
    def fired(self) -> int:
        """The number of active rows that a case names and that fired."""
        return sum(len(table.fired) for table in self.tables)

    @property
    def share(self) -> float:
        """The share of active rows that fired as a case asks, from 0 to 1; 0 where no row is active."""
        return self.fired / self.active if self.active else 0.0


def coverage(rules: CaseRules, judgements: Iterable[Judgement]) -> Coverage:
    """Which active rows the cases have fired, table by table in alphabetical order."""
    judged = list(judgements)
    tables = []
    for table in sorted(rules.tables(), key=lambda table: table.name):
        rows, drugs = table.rows, table.drugs
        about = [
            (item.case.expect[drug], item.rows.get(drug, ()))
            for item in judged
            for drug in drugs
            if drug in item.case.expect
        ]
        kept = [set(expected.must_fire) & set(fired) & rows.keys() for expected, fired in about]
        named = set().union(*kept)
        seen = {row for item in judged for drug in drugs for row in item.rows.get(drug, ())}
        active = [row for row, facts in rows.items() if facts.active]
        tables.append(
            TableCoverage(
                name=table.name,
                active=len(active),
                fired=tuple(row for row in active if row in named),
                unasked=tuple(row for row in active if row in seen and row not in named),
                never=tuple(row for row in active if row not in seen),
                must_fire=sum(any(rows[row].against for row in fired) for fired in kept),
                must_not_fire=sum(bool(expected.silent) for expected, _ in about),
            )
        )
    used = frozenset[str]().union(*(item.mechanism_rules for item in judged))
    unused = sorted(rule for rule, active in rules.chained_rules().items() if active and rule not in used)
    return Coverage(tuple(tables), tuple(unused))
