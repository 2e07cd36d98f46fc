"""The cases of a rule set: patients, the verdicts a board expects of them, and the rows that must and must not fire.

``cases/*.yaml`` lie beside the tables and are no part of the rules: they do not count in the digest. A file holds a
list under ``cases``; a case of a tumour and one of a virus:

    - case: melanoma with BRAF V600E alone
      tumour: MEL
      findings: [BRAF V600E]
      expect:
        vemurafenib: {verdict: sensitive, rows: [VEM-001], silent: [VEM-017]}
    - case: M184V alone
      mutations: RT:M184V
      expect:
        3TC: {level: 5, score: 60, sir: R, rows: [3TC-184], silent: [3TC-65]}

``rows`` are all rows that fire, in the order of the report (of a tumour the heaviest first, of a virus as in the
table); ``fires`` some of them; ``silent`` rows that must not fire.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from resistab.core.condition import condition_text
from resistab.core.derivation import MechanismStep, Step
from resistab.core.faults import Fault, FaultAt, InputError, RulebaseError, nearest
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.assembly import (
    GivenFinding,
    GivenSample,
    GivenText,
    assemble,
)
from resistab.domains.oncology.interpreter import Interpreter
from resistab.domains.oncology.kinds.cases import TumourCase, TumourCaseFile, TumourExpectation
from resistab.domains.oncology.kinds.models import Row, Rulebase
from resistab.domains.oncology.policy.models import Verdict
from resistab.domains.oncology.policy.scores import RESISTANCE_EFFECTS
from resistab.domains.virus.genotype import ViralGenotype
from resistab.domains.virus.inputs.mutation_list import MutationReader
from resistab.domains.virus.interpreter import ViralInterpreter
from resistab.domains.virus.kinds.cases import VirusCase, VirusCaseFile, VirusExpectation
from resistab.domains.virus.kinds.models import ViralRulebase
from resistab.domains.virus.policy.models import ViralVerdict
from resistab.files.yaml_source import Path_, Source
from resistab.rulesets.cases import FOLDER, Expectation
from resistab.rulesets.find import gene_symbols
from resistab.rulesets.folder_reader import FolderReader, LoadedFile


@dataclass(frozen=True)
class RowFacts:
    """What a case may ask of a row: its condition, whether it is in use, whether it speaks against its drug."""

    condition: str
    active: bool
    against: bool


def table_rows(rulebase: Rulebase | ViralRulebase) -> dict[str, dict[str, RowFacts]]:
    """The rows of each table, by drug and id."""
    if isinstance(rulebase, ViralRulebase):
        return {table.drug: dict(_viral_rows(rulebase, table.drug)) for table in rulebase.tables}
    return {table.drug: _facts(rulebase.rows_of(table)) for table in rulebase.tables}


def _facts(rows: Iterable[Row]) -> dict[str, RowFacts]:
    return {
        row.id: RowFacts(condition_text(row.when), row.status == "active", row.effect in RESISTANCE_EFFECTS)
        for row in rows
    }


def _row_holders(
    rulebase: Rulebase | ViralRulebase,
) -> Iterator[tuple[str, dict[str, RowFacts], tuple[str, ...]]]:
    """Each table of a drug or class: its name, its own rows, and the drugs that they hold for."""
    if isinstance(rulebase, ViralRulebase):
        yield from ((drug, rows, (drug,)) for drug, rows in table_rows(rulebase).items())
    else:
        yield from ((table.name, _facts(table.rows), rulebase.drugs_of(table)) for table in rulebase.row_tables)


def _viral_rows(rulebase: ViralRulebase, drug: str) -> Iterator[tuple[str, RowFacts]]:
    table = rulebase.table_of[drug]
    for _, row, items in rulebase.score_items(table):
        text = "; ".join(f"{condition_text(item.when)}: {item.score:g}" for item in items)
        yield row, RowFacts(text, active=True, against=any(item.score > 0 for item in items))
    for rule in table.rules:
        # A rule that only gives a comment is no row of a verdict.
        if rule.level is not None:
            text = f"{condition_text(rule.when)}: level {rule.level}"
            yield rule.id, RowFacts(text, active=True, against=rule.level > rulebase.lowest_level.level)


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A case that was read: ``where`` names its file, ``line`` its first line."""

    name: str
    where: str
    line: int | None
    genotype: Genotype | ViralGenotype
    expect: Mapping[str, TumourExpectation | VirusExpectation]
    comments: tuple[str, ...] | None = None


def read_cases(folder: Path, rulebase: Rulebase | ViralRulebase) -> tuple[Case, ...]:
    """The cases of the rule set in ``folder``, by file and then in the order written; none where there are no files.

    Raises ``RulebaseError`` with every fault: of form, of names and rows that ``rulebase`` does not know, of findings
    that are not understood.
    """
    files = FolderReader(folder)
    files.all_in(FOLDER, VirusCaseFile if isinstance(rulebase, ViralRulebase) else TumourCaseFile)
    reader = _Reader(folder, rulebase)
    for file in files.files:
        reader.add(file)
    if faults := [*files.faults, *reader.faults]:
        raise RulebaseError(faults)
    return tuple(reader.cases)


class _Reader:
    def __init__(self, folder: Path, rulebase: Rulebase | ViralRulebase) -> None:
        self.rulebase = rulebase
        self.tables = table_rows(rulebase)
        self.drug_of = {row: drug for drug, rows in self.tables.items() for row in rows}
        self.cases: list[Case] = []
        self.faults: list[Fault] = []
        self.places: dict[str, str] = {}
        self.symbols = cache(lambda: gene_symbols(folder))
        if isinstance(rulebase, ViralRulebase):
            self.mutations = MutationReader(rulebase)
            self.levels = {level.level for level in rulebase.manifest.levels}
            self.comments = {comment.id for file in rulebase.comments for comment in file.comments}
            self.comments |= {comment.id for comment in rulebase.result_comments}
        else:
            self.levels = {level.level for level in rulebase.manifest.levels}
            self.rules = {rule.id: rule.status == "active" for rule in rulebase.mechanism_rules}

    def add(self, file: LoadedFile) -> None:
        assert isinstance(file.content, TumourCaseFile | VirusCaseFile)
        cases: tuple[TumourCase | VirusCase, ...] = file.content.cases
        for index, case in enumerate(cases):
            self.case(case, file.source, ("cases", index))

    def case(self, case: TumourCase | VirusCase, source: Source, path: Path_) -> None:
        place = source.fault((*path, "case"), "")
        if case.case in self.places:
            message = f"the case '{case.case}' is given twice, first in {self.places[case.case]}"
            self.faults.append(source.fault((*path, "case"), message, "another text for each case"))
        self.places.setdefault(case.case, f"{place.where}:{place.line}")
        comments: tuple[str, ...] | None = None
        if isinstance(case, VirusCase):
            comments = case.comments
            for index, comment in enumerate(comments or ()):
                self.known(source, (*path, "comments", index), "comment", comment, self.comments)
        for drug, expected in case.expect.items():
            self.expectation(expected, drug, source, (*path, "expect", drug))
        try:
            genotype = self.genotype(case, source, path)
        except InputError as error:
            self.faults.extend(error.faults)
            return
        self.cases.append(Case(case.case, source.where, place.line, genotype, case.expect, comments))

    def genotype(self, case: TumourCase | VirusCase, source: Source, path: Path_) -> Genotype | ViralGenotype:
        def at(*step: str | int) -> FaultAt:
            return lambda message, expected, suggestion: source.fault((*path, *step), message, expected, suggestion)

        if isinstance(case, VirusCase):

            def in_list(message: str, expected: str | None, suggestion: str | None, column: int) -> Fault:
                return source.fault((*path, "mutations"), f"{message} (at character {column})", expected, suggestion)

            return self.mutations.read(case.mutations, case.case, in_list, genes=case.sequenced)
        assert isinstance(self.rulebase, Rulebase)
        prior = None if case.prior is None else list(enumerate(case.prior))
        given = GivenSample(
            sample=case.case,
            tumour_type=GivenText(case.tumour, at("tumour")),
            findings=[GivenFinding(text, at("findings", index)) for index, text in enumerate(case.findings)],
            assayed=[GivenText(text, at("assayed", index)) for index, text in enumerate(case.assayed)],
            prior_therapies=None if prior is None else [GivenText(text, at("prior", index)) for index, text in prior],
        )
        return assemble(given, self.rulebase, lambda symbol: symbol in self.symbols())

    # --- what is expected -------------------------------------------------------------------------------------------

    def expectation(self, expected: Expectation, drug: str, source: Source, path: Path_) -> None:
        table = self.tables.get(drug)
        if table is None:
            found = self.rulebase.drug_by_name.get(drug.casefold())
            named = found.name if found and found.name in self.tables else nearest(drug, self.tables, 1)
            self.faults.append(source.key_fault(path, f"no table for '{drug}'", "a drug with a table", named))
            return
        if expected.level is not None and expected.level not in self.levels:
            known = ", ".join(str(level) for level in sorted(self.levels))
            self.faults.append(source.fault((*path, "level"), f"unknown level {expected.level}", f"one of {known}"))
        for field in ("rows", "fires", "silent"):
            for index, row in enumerate(getattr(expected, field) or ()):
                self.row(row, drug, source, (*path, field, index))
        for row in sorted(set(expected.must_fire) & set(expected.silent)):
            place = (*path, "silent", expected.silent.index(row))
            self.faults.append(source.fault(place, f"the row {row} is to fire and to be silent", "one of them"))
        for index, rule in enumerate(expected.through if isinstance(expected, TumourExpectation) else ()):
            place = (*path, "through", index)
            if self.known(source, place, "mechanism rule", rule, self.rules) and not self.rules[rule]:
                self.faults.append(source.fault(place, f"the mechanism rule {rule} is not active", "an active rule"))

    def row(self, row: str, drug: str, source: Source, path: Path_) -> None:
        facts = self.tables[drug].get(row)
        if facts is None and row in self.drug_of:
            message = f"the row {row} is one of {self.drug_of[row]}"
            self.faults.append(source.fault(path, message, f"a row of {drug}"))
        elif self.known(source, path, "row", row, self.tables[drug]) and facts is not None and not facts.active:
            self.faults.append(source.fault(path, f"the row {row} is not active and can never fire", "an active row"))

    def known(self, source: Source, path: Path_, kind: str, name: str, names: Iterable[str]) -> bool:
        known = set(names)
        if name not in known:
            self.faults.append(source.fault(path, f"unknown {kind} '{name}'", None, nearest(name, sorted(known), 1)))
        return name in known


# --- running ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One thing that was expected and not found, in words."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True)
class Failure:
    """What differs for one drug of a case; ``drug`` is None for the comments.

    ``fired`` are the rows behind what was found, ``missing`` those that were expected and did not fire,
    ``unexpected`` those that fired and should not have.
    """

    drug: str | None
    differences: tuple[Difference, ...]
    fired: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """A case and what was found: the verdicts by drug, what differs, and the mechanism rules behind any row."""

    case: Case
    verdicts: Mapping[str, Verdict | ViralVerdict]
    failures: tuple[Failure, ...]
    mechanism_rules: frozenset[str]


def judge(interpreter: Interpreter | ViralInterpreter, case: Case) -> Judgement:
    """The case, interpreted by both evaluators, beside what is expected of it.

    Raises ``DisagreementError`` where the evaluators differ, ``ReteError`` where the engine fails.
    """
    verdicts: dict[str, Verdict | ViralVerdict]
    failures: list[Failure] = []
    if isinstance(interpreter, ViralInterpreter):
        assert isinstance(case.genotype, ViralGenotype)
        concluded = interpreter.conclude(case.genotype)
        verdicts = {verdict.drug: verdict for verdict in concluded.verdicts}
        comments = tuple(comment.id for comment in concluded.comments)
        if case.comments is not None and comments != case.comments:
            failures.append(Failure(None, (Difference("comments", _listed(case.comments), _listed(comments)),)))
    else:
        assert isinstance(case.genotype, Genotype)
        verdicts = {verdict.drug: verdict for verdict in interpreter.interpret(case.genotype).verdicts}
    chains = {drug: mechanism_chains(verdict) for drug, verdict in verdicts.items()}
    for drug, expected in case.expect.items():
        if failure := _compare(expected, verdicts[drug], chains[drug]):
            failures.append(failure)
    used = frozenset(rule for of_drug in chains.values() for chain in of_drug for rule in chain)
    return Judgement(case, verdicts, tuple(failures), used)


def _compare(expected: Expectation, verdict: Verdict | ViralVerdict, chains: list[list[str]]) -> Failure | None:
    differences: list[Difference] = []
    for name in ("verdict", "level", "score", "sir"):
        wanted, found = getattr(expected, name, None), getattr(verdict, name, None)
        if wanted is not None and wanted != found:
            differences.append(Difference(name, _worded(wanted), _worded(found)))
    fired = verdict.rows
    if expected.rows is not None and expected.rows != fired:
        differences.append(Difference("rows", _listed(expected.rows), _listed(fired)))
    missing = tuple(row for row in expected.must_fire if row not in fired)
    if missing and expected.rows is None:
        differences.append(Difference("fires", _listed(expected.fires), _listed(fired)))
    woken = tuple(row for row in expected.silent if row in fired)
    if woken:
        differences.append(Difference("silent", _listed(expected.silent), f"{_listed(woken)} fired"))
    surplus = tuple(row for row in fired if expected.rows is not None and row not in expected.rows)
    if isinstance(expected, TumourExpectation):
        if expected.through and list(expected.through) not in chains:
            found = "; ".join(" < ".join(chain) for chain in chains if chain) or "no mechanism rule"
            differences.append(Difference("through", " < ".join(expected.through), found))
        if any(name not in verdict.reason for name in expected.names):
            differences.append(Difference("names", ", ".join(expected.names), verdict.reason))
    if not differences:
        return None
    unexpected = tuple(dict.fromkeys((*surplus, *woken)))
    return Failure(verdict.drug, tuple(differences), fired, missing, unexpected)


def mechanism_chains(verdict: Verdict | ViralVerdict) -> list[list[str]]:
    """Behind each row that fired the mechanism rules in the order of its derivation; empty where there are none."""
    return [[rule.rule for rule in mechanism_steps(item.derivation)] for item in verdict.contributions]


def mechanism_steps(step: Step) -> Iterator[MechanismStep]:
    """Every mechanism rule below a step of a derivation, the last of a chain first."""
    for part in step.parts:
        yield from mechanism_steps(part)
    for rule in step.rules:
        yield rule
        yield from mechanism_steps(rule.condition)


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items) or "none"


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


def coverage(rulebase: Rulebase | ViralRulebase, judgements: Iterable[Judgement]) -> Coverage:
    """Which active rows the cases have fired, table by table in alphabetical order."""
    judged = list(judgements)
    tables = []
    for name, rows, drugs in sorted(_row_holders(rulebase), key=lambda holder: holder[0]):
        about = [
            (item.case.expect[drug], item.verdicts[drug].rows)
            for item in judged
            for drug in drugs
            if drug in item.case.expect
        ]
        kept = [set(expected.must_fire) & set(fired) & rows.keys() for expected, fired in about]
        named = set().union(*kept)
        seen = {row for item in judged for drug in drugs for row in item.verdicts[drug].rows}
        active = [row for row, facts in rows.items() if facts.active]
        tables.append(
            TableCoverage(
                name=name,
                active=len(active),
                fired=tuple(row for row in active if row in named),
                unasked=tuple(row for row in active if row in seen and row not in named),
                never=tuple(row for row in active if row not in seen),
                must_fire=sum(any(rows[row].against for row in fired) for fired in kept),
                must_not_fire=sum(bool(expected.silent) for expected, _ in about),
            )
        )
    used = frozenset[str]().union(*(item.mechanism_rules for item in judged))
    rules = () if isinstance(rulebase, ViralRulebase) else rulebase.mechanism_rules
    unused = sorted(rule.id for rule in rules if rule.status == "active" and rule.id not in used)
    return Coverage(tuple(tables), tuple(unused))
