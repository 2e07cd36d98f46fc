"""What a domain brings: a pack, a package of modules that every domain names alike.

The shells (command line, report frame, curation) never ask which domain they serve: they take its pack and call what
every pack has. ``Pack`` says what can be said without reading rules; its properties are the modules, imported when
they are first used, so that a start pays only for what it needs.
"""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, cast

from resistab.core.cached import cached_property
from resistab.core.domain import Interpreter
from resistab.core.records import dataclass, field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from resistab.core.completion import KnownName
    from resistab.core.escape import Escapes
    from resistab.curation.kit.case_rules import CaseRules
    from resistab.curation.kit.commented_yaml import Collection as YamlCollection
    from resistab.curation.kit.dependence import Dependence
    from resistab.curation.kit.diff_items import Item, ItemKind
    from resistab.curation.kit.evidence import EvidenceFindings
    from resistab.curation.kit.expectations import TableJudge, TableLine
    from resistab.curation.kit.lints import Lint
    from resistab.curation.kit.looked_up import LookedUp
    from resistab.curation.kit.measured.data import Feature, MeasuredData, RuleJudgement
    from resistab.curation.kit.measured.plain import ListedSample
    from resistab.curation.kit.patients import Comparison
    from resistab.curation.kit.scaffolds import Scaffolds
    from resistab.curation.kit.shown import ShownTable
    from resistab.curation.kit.site.model import Site
    from resistab.files.yaml_source import Place
    from resistab.report.cohort import CohortEntry
    from resistab.report.drug_list import ListedDrug
    from resistab.report.options.model import Options
    from resistab.report.options.patient import OptionsAsked
    from resistab.report.set_aside import SampleSetAside
    from resistab.report.timeline.model import PatientTimeline, TakenSample, Therapy
    from resistab.report.words import Groups, Vocabulary
    from resistab.rulesets.fault_codes import Code
    from resistab.rulesets.folder_reader import FolderReading, LoadedFile
    from resistab.rulesets.kinds import FileKind
    from resistab.rulesets.learned import LearnedTable
    from resistab.rulesets.proposals import DraftEntry, Proposal

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Option:
    """An option of the command line that describes a patient.

    ``name`` is the parameter's, ``flags`` are what is typed, ``annotation`` its type as typer understands it. Packs
    that share a name share flags and type; ``help`` is what it means in this domain. Of a patient's dated samples an
    option speaks of all, of ``each`` file's in their order, or not at all where it is ``series`` "none". ``lists`` is
    its help where it narrows the list of drugs too. What names a file of many patients, or says how many are read, is
    of a ``cohort``.
    """

    name: str
    flags: tuple[str, ...]
    annotation: Any
    help: str
    series: Literal["all", "each", "none"] = "all"
    lists: str = ""
    cohort: bool = False


FILES = "files"


@dataclass(frozen=True)
class FormField:
    """How a form asks for the option called ``option``, or for ``FILES``, those of the patient.

    ``label`` names it, ``hint`` says in a sentence what is to be given; the ``example``s of all fields are a patient.
    Text of more than one line has ``rows``. Where there are ``choices`` it is one of these, where there are ``names``
    the facet ``inputs`` knows names of that kind ("drugs" are those of the rule set). What may be a ``file`` is given
    by its name or as a file.
    """

    option: str
    label: str
    hint: str = ""
    example: str = ""
    rows: int = 1
    choices: tuple[str, ...] = ()
    names: str = ""
    file: bool = False


@dataclass(frozen=True)
class Command:
    """A command that a domain brings: ``resistab NAME``, or ``resistab GROUP NAME``.

    ``function`` is one of the module ``module`` of the pack, with parameters as typer reads them.
    """

    name: str
    module: str
    function: str
    examples: tuple[str, ...]
    group: str = ""


class Progress(Protocol):
    """Shows whoever waits that work goes on."""

    def over(self, items: Sequence[_Item], title: str, few: int) -> Iterable[_Item]:
        """``items``, shown to pass by where there are not ``few``."""
        ...

    def reading(self, path: Path) -> AbstractContextManager[Callable[[int], None] | None]:
        """While a file is read: what is told how many records were, None where nobody is shown it."""
        ...


class Silent:
    """No progress is shown."""

    def over(self, items: Sequence[_Item], title: str, few: int) -> Iterable[_Item]:
        """``items`` as they are."""
        return items

    def reading(self, path: Path) -> AbstractContextManager[None]:
        """Nothing to tell."""
        return nullcontext()


@dataclass(frozen=True)
class Given:
    """What is given of one patient or several: files, or one patient in the options.

    ``sample`` is a name for the sample, or that of the one to take from a file. ``said`` holds the values of the pack's
    options by name, of those that were given. In a ``series`` each file holds dated samples of one patient. Whoever
    reads adds to ``set_aside`` the samples that cannot be read where that is no reason to stop. Where ``own_files`` are
    meant, as on a command line, a text among ``said`` may name a file of this machine; of whoever asks from elsewhere
    only a ``Path`` is a file.
    """

    files: tuple[Path, ...] = ()
    sample: str | None = None
    keep_going: bool = False
    said: Mapping[str, Any] = field(default_factory=dict)
    series: bool = False
    progress: Progress = field(default_factory=Silent)
    set_aside: list[SampleSetAside] = field(default_factory=list)
    own_files: bool = True


@dataclass(frozen=True)
class Member:
    """A sample among the dated samples of a patient.

    ``therapies`` are those that began before it was taken, None where nothing is known of therapies.
    """

    sample: str
    on: datetime.date
    therapies: tuple[Therapy, ...] | None


class KindsModule(Protocol):
    """``kinds``: the files that a rule set is made of, and from a folder of them to the rule set."""

    FILE_KINDS: tuple[FileKind, ...]
    Rulebase: type[Any]

    def read(self, folder: Path) -> FolderReading[Any]:
        """The rule set in ``folder`` or its faults; raises ``RulebaseError`` only where there is none."""
        ...

    def overlaid(self, rulebase: Any, folder: Path) -> Any:
        """``rulebase`` with the overlay in ``folder``; raises ``RulebaseError`` with every fault of it."""
        ...


class InterpreterModule(Protocol):
    """``interpreter``: a rule set, compiled once, applied to patients."""

    def compile_rules(self, rulebase: Any) -> Any:
        """What is computed from a rule set alone, to be kept between starts; raises ``RulebaseError``."""
        ...

    def make(self, rulebase: Any, folder: Path | None = None, compiled: Any = None) -> Interpreter:
        """The interpreter of ``rulebase``, which is compiled where ``compiled`` brings nothing."""
        ...


class InputsModule(Protocol):
    """``inputs``: what people have of a patient, read into genotypes."""

    def genotypes(self, interpreter: Any, given: Given) -> list[Any]:
        """The genotypes of the files, in their order, or the one that the options describe; never none.

        Raises ``OptionsError`` where the options do not go together, ``InputError`` with every fault. With
        ``given.keep_going`` a sample among others that cannot be read is added to ``given.set_aside`` instead.
        """
        ...

    def cohort(self, interpreter: Any, given: Given) -> AbstractContextManager[Collection[Any]]:
        """What ``genotypes`` gives, while the context lasts; one may go through it more than once.

        A pack with large cohorts reads them as they are gone through. Raises on entry what ``genotypes`` raises.
        """
        ...

    def taken_on(self, genotype: Any) -> datetime.date | None:
        """When the sample was taken, None where its file does not say."""
        ...

    def in_series(self, genotype: Any, member: Member, rulebase: Any) -> Any:
        """The genotype as a member of a patient's series: under that name, of that date, after those therapies."""
        ...

    def names(self, rulebase: Any, kind: str, text: str) -> Sequence[KnownName]:
        """The names that whoever has typed ``text`` may mean, the likeliest first; ``kind`` is one of the pack's form.

        None for another kind.
        """
        ...


class ReportModule(Protocol):
    """``report``: from what was concluded to what people read.

    A report is what the pack's ``Interpreter.interpret`` gives; every one has ``sample.id``, ``verdicts`` (each with
    ``drug``) and ``to_json()``. A pack without wishes of its own takes all of these from ``resistab.report.frame``. No
    module beneath may bear the name of a function here: once imported it would stand in its place.
    """

    VERDICTS: Vocabulary
    """The verdicts of the domain, in the order in which a reader is to meet them, with their words and symbols."""
    GROUPS: Groups
    """By what the samples of a cohort are parted, and what its lists are called."""
    TABLE_COLUMNS: tuple[str, ...]
    """The columns of ``--table``."""

    def leading(self, report: Any) -> Any:
        """``report`` without the drugs that are shown only at wish (``--all-drugs``); itself where there are none."""
        ...

    def interpreted(self, interpreter: Any, genotype: Any, on: datetime.date | None, all_drugs: bool) -> Any:
        """The report on a genotype, without ``all_drugs`` as ``leading`` leaves it."""
        ...

    def report_model(self) -> type[Any]:
        """The class of the reports, whose schema is that of their JSON."""
        ...

    def html(self, report: Any) -> str:
        """The report as one self-contained HTML page."""
        ...

    def fhir(self, report: Any, rules: Any) -> str:
        """The report as a FHIR Bundle, as JSON on one line; the same report and rules give the same text.

        With the ``rules``, the rule set or None, what it knows by identifiers bears them. Raises ``ExtraMissingError``
        where what checks a Bundle is not installed.
        """
        ...

    def print_report(self, report: Any, all_drugs: bool) -> None:
        """Print the report for a person in a terminal."""
        ...

    def print_derivation(self, report: Any, drug: str) -> None:
        """Print how the verdict on ``drug``, a name that ``drug_named`` gave, was derived."""
        ...

    def print_drugs(self, rulebase: Any, chosen: Mapping[str, Any]) -> None:
        """List the drugs of a rule set.

        ``chosen`` are the values of those of the pack's options that narrow the list, by the option's name, and of
        those that narrow every such list (``report/drug_list.py``); raises ``InputError`` where one names nothing.
        """
        ...

    def listed_drugs(self, rulebase: Any) -> Sequence[ListedDrug]:
        """The drugs of a rule set, each by all that it can be asked for by."""
        ...

    def drug_named(self, rulebase: Any, name: str) -> str:
        """The drug that ``name`` means, as reports name it; raises ``InputError`` with what is nearest."""
        ...

    def version_lines(self, rulebase: Any) -> tuple[str, ...]:
        """What ``version`` prints of a rule set beside its version, date and digest."""
        ...

    def line(self, interpreter: Any, genotype: Any, report: Any) -> str:
        """The line of JSON, with its end, for a genotype of which there is a report."""
        ...

    def lines(
        self, interpreter: Any, genotypes: Collection[Any], on: datetime.date | None, all_drugs: bool
    ) -> Iterator[str]:
        """A line of JSON, with its end, for each genotype of a cohort, in their order.

        Raises ``DisagreementError`` where evaluators differ.
        """
        ...

    def lines_and_rows(
        self, interpreter: Any, genotypes: Collection[Any], on: datetime.date | None, all_drugs: bool
    ) -> Iterator[tuple[str, Sequence[tuple[str, ...]]]]:
        """What ``lines`` and ``cohort_rows`` give, where both are wanted."""
        ...

    def table_rows(self, report: Any) -> Iterator[tuple[str, ...]]:
        """The rows of ``--table`` for one report, a field for each of ``TABLE_COLUMNS``."""
        ...

    def cohort_rows(
        self, interpreter: Any, genotypes: Collection[Any], all_drugs: bool
    ) -> Iterator[Sequence[tuple[str, ...]]]:
        """The rows of ``--table`` for each genotype of a cohort, in their order.

        Raises ``DisagreementError`` where evaluators differ.
        """
        ...

    def cohort_entry(self, line: str) -> CohortEntry:
        """What a cohort counts of a line that ``lines`` wrote, or of a whole report.

        Raises pydantic's ``ValidationError`` where the line is no report of this domain.
        """
        ...

    def timeline(
        self,
        rulebase: Any,
        samples: Sequence[TakenSample],
        therapies: Sequence[Therapy],
        on: datetime.date | None,
        options: Sequence[Options] = (),
    ) -> PatientTimeline:
        """One patient's dated samples beside each other; drawn, printed and paged by ``resistab.report.timeline``.

        ``options`` are what was open at each sample, in the order of their dates, of the last one now. Only where the
        pack's ``cannot`` has no "timeline".
        """
        ...


class RegimensModule(Protocol):
    """``regimens``: what is open to a patient, by the regimens and rules for combining of the rule set.

    Only where the pack's ``cannot`` has no "regimens".
    """

    def options(self, interpreter: Any, genotype: Any, report: Any, asked: OptionsAsked) -> Options | None:
        """What is open to a patient; None where the rule set holds no regimens. ``report`` is of every drug."""
        ...

    def after(self, genotype: Any, therapies: Sequence[Therapy], rulebase: Any) -> Any:
        """The genotype after these therapies, and those that it names itself."""
        ...

    def escapes(self, interpreter: Any, genotype: Any, drugs: Sequence[str], seconds: float, sets: int) -> Escapes:
        """What defeats drugs in a patient: at most so many of the smallest sets, sought for so many ``seconds``."""
        ...

    def drugs_named(self, rulebase: Any, text: str) -> tuple[str, ...]:
        """The drugs of a regimen given by its id or its drugs; raises ``InputError`` with what is nearest."""
        ...


class MeasuresModule(Protocol):
    """``measures``: what was measured of many samples, and their genotypes in numbers.

    Tables are learned from it (``curation/learning``), and rule sets held against it (``curation/validation``). Only
    where the pack's ``cannot`` has no "measures".
    """

    def read(
        self, interpreter: Any, paths: Sequence[Path], keep_going: bool = False, drugs: Sequence[str] | None = None
    ) -> MeasuredData:
        """The measurements in tables of the kinds that the domain knows, the plain one among them.

        ``drugs`` are those that are asked for, by the rule set's names; None for all. Raises ``InputError`` with every
        fault of all tables; with ``keep_going`` lines that cannot be read are set aside instead.
        """
        ...

    def genotype(self, interpreter: Any, sample: ListedSample, drugs: Sequence[str]) -> Any:
        """The genotype that a line of a plain table, or of one alike, gives; what ``drugs`` need counts as assayed.

        A domain in which that does not follow from the drugs goes by the line alone. Raises ``InputError`` with faults
        of that line.
        """
        ...

    def candidates(self, interpreter: Any, drug: str, genotypes: Sequence[Any]) -> list[Feature]:
        """What rows of a table for ``drug`` may ask for, by what these genotypes hold."""
        ...

    def values(
        self, interpreter: Any, drug: str, features: Sequence[Feature], genotypes: Sequence[Any]
    ) -> NDArray[np.float64]:
        """How far each feature holds in each genotype, from 0 to 1, genotypes by features; not a number if unknown."""
        ...

    def disjoint(self, features: Sequence[tuple[Feature, float]]) -> list[tuple[Feature, float]]:
        """Features with their scores so as the domain's tables hold them."""
        ...

    def feature(self, text: str) -> Feature:
        """The feature that ``text``, the ``when`` of another, names; raises ``ValueError``."""
        ...

    def expert_rows(self, interpreter: Any, drug: str) -> list[tuple[str, Feature, float]]:
        """The rows of the rule set's table for ``drug`` that can be told as features: id, feature, score."""
        ...

    def threshold(self, rulebase: Any) -> float:
        """The score from which the rule set no longer predicts that a drug works in full."""
        ...

    def judged(self, interpreter: Any, genotypes: Sequence[Any]) -> Iterator[Mapping[str, RuleJudgement]]:
        """What the rule set says of each genotype, by drug."""
        ...

    def described(self, genotypes: Sequence[Any], drug: str, interpreter: Any) -> list[str]:
        """How these genotypes were taken into numbers, in sentences: mixtures, and what was not read."""
        ...

    def level_names(self, rulebase: Any) -> list[str]:
        """The names of the levels in their order, as ``RuleJudgement.level`` has them."""
        ...

    def level_of(self, rulebase: Any, score: float) -> str:
        """The level that a score falls on."""
        ...

    def draft_entry(self, rulebase: Any, proposal: Proposal, on: datetime.date) -> DraftEntry:
        """A proposal as a draft in the table of its drug, which has no effect.

        Raises ``InputError`` where the table cannot have it: where it is none of the domain's conditions, the row that
        it names is not there, or the same draft is there already.
        """
        ...

    def accept(self, rulebase: Any, id_: str, root: YamlCollection) -> str:
        """Make the draft ``id_`` a row in ``root``, the tree of its table's file; says in words what was done.

        Raises ``InputError`` where that is for a curator's hand.
        """
        ...

    def drug_of_draft(self, rulebase: Any, id_: str) -> str | None:
        """The drug in whose table a draft stands, None where there is no such draft."""
        ...

    def drafted(self, rulebase: Any, tables: Sequence[LearnedTable]) -> dict[str, str]:
        """The files of a draft rule set with these learned tables, text by path from its folder on."""
        ...


class CurateModule(Protocol):
    """``curate``: what curators of such rules have beside what all curators have.

    A pack without wishes of its own takes most of these from ``resistab.curation.kit.plain``. What its ``cannot``
    names it need not have.
    """

    def case_rules(self, rulebase: Any, folder: Path) -> CaseRules:
        """What the cases in ``folder`` may say of a rule set: reads, runs and judges them."""
        ...

    def codes(self) -> Mapping[str, Code]:
        """The codes of faults and lints that only this domain has, in their order."""
        ...

    def lint(self, rulebase: Any, folder: Path, on: datetime.date) -> Iterable[Lint]:
        """What in a sound rule set is well-formed and still wrong.

        ``folder`` is that of its files; ``on`` is the day on which reviews are due or not.
        """
        ...

    def check_notes(self, rulebase: Any) -> Iterable[str]:
        """What ``check`` says of a sound rule set below its summary, a line each."""
        ...

    def shown(self, rulebase: Any, drug: str) -> ShownTable:
        """The table of a drug, by the name that the report's ``drug_named`` gave, one line a row."""
        ...

    def looked_up(self, rulebase: Any, folder: Path, text: str, chosen: Mapping[str, Any]) -> LookedUp:
        """What the rules say of whatever ``text`` may mean: a change, gene, drug, class, reference or row.

        ``chosen`` are the values of those of the pack's options that narrow lists; raises ``InputError`` where one
        names nothing.
        """
        ...

    def row_count(self, content: Any) -> int:
        """The number of rows and rules in a file, by what was read of it."""
        ...

    def row_places(self, file: LoadedFile) -> Mapping[str, Place]:
        """Where rows stand that have no id in the file but follow from their place; empty where all have one."""
        ...

    def read_evidence(self, paths: Sequence[Path]) -> Any:
        """What evidence is compared with: exports, or folders of them; raises ``InputError`` with every fault.

        Only where ``cannot`` has no "--evidence"; so is ``check_evidence``.
        """
        ...

    def check_evidence(self, folder: Path, reading: FolderReading[Any], sources: Any) -> EvidenceFindings:
        """Every evidence item of a sound rule set beside what ``read_evidence`` gave."""
        ...

    def dependence(self, rulebase: Any, folder: Path) -> Dependence:
        """What the verdict on each drug may depend on; ``folder`` is that of the rule set's files."""
        ...

    def read_expectations(self, paths: Sequence[Path]) -> tuple[tuple[TableLine, ...], ...]:
        """The lines of each table of expectations; raises ``InputError`` with every fault.

        Only where ``cannot`` has no "--expectations"; so is ``expectation_judge``.
        """
        ...

    def expectation_judge(self, interpreter: Any) -> TableJudge:
        """What judges such lines by the verdicts of a rule set."""
        ...

    def item_kinds(self) -> Mapping[str, ItemKind]:
        """The kinds of items that ``items`` gives, in the order in which they are told."""
        ...

    def items(self, rulebase: Any, folder: Path) -> Iterable[Item]:
        """What a rule set says, item by item; ``folder`` is that of its files."""
        ...

    def claims(self, path: Path) -> bool:
        """Whether a file of patients is of this domain alone; what no domain claims is of the registry's first."""
        ...

    def compare(self, old: Any, new: Any, folders: tuple[Path, Path]) -> Comparison:
        """Two states of a rule set, read from ``folders``, ready to be applied to the same patients."""
        ...

    def scaffolds(self) -> Scaffolds:
        """What a curator is given to fill in."""
        ...

    def make_site(self, rulebase: Any, on: datetime.date | None = None) -> Site:
        """The pages of a rule set and what can be searched for in them; reviews are due ``on`` a day, today if None."""
        ...


@dataclass(frozen=True)
class Pack:
    """A domain; ``name`` is that of its package and the ``kind`` of its manifests.

    ``one`` and ``many`` are what a patient's sample is called in messages ("a tumour", "tumours"). ``files`` says what
    kinds of files are read. ``options`` describe a patient; where one is given for another domain, ``only`` says whose
    it is, and ``instead`` what that other domain takes. ``commands`` are those it brings, ``examples`` are command
    lines by the command that they show. ``form`` has a field for each option, in the order in which it asks. ``cannot``
    gives for a command or option that such a rule set cannot have the reason, in words.
    """

    name: str
    one: str
    many: str
    files: str
    options: tuple[Option, ...]
    only: str
    instead: str = ""
    commands: tuple[Command, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: tuple[FormField, ...] = ()
    cannot: Mapping[str, str] = field(default_factory=dict)

    @property
    def sample(self) -> str:
        """``one`` without its article."""
        return self.one.partition(" ")[2]

    def module(self, name: str) -> Any:
        """A module of the pack, imported when it is asked for."""
        return importlib.import_module(f"resistab.domains.{self.name}.{name}")

    @cached_property
    def kinds(self) -> KindsModule:
        """The files of a rule set."""
        return cast(KindsModule, self.module("kinds"))

    @cached_property
    def interpreter(self) -> InterpreterModule:
        """The interpreter of a rule set."""
        return cast(InterpreterModule, self.module("interpreter"))

    @cached_property
    def inputs(self) -> InputsModule:
        """The readers of what is given of patients."""
        return cast(InputsModule, self.module("inputs"))

    @cached_property
    def report(self) -> ReportModule:
        """The report."""
        return cast(ReportModule, self.module("report"))

    @cached_property
    def regimens(self) -> RegimensModule:
        """What is open to a patient."""
        return cast(RegimensModule, self.module("regimens"))

    @cached_property
    def measures(self) -> MeasuresModule:
        """What was measured of many samples."""
        return cast(MeasuresModule, self.module("measures"))

    @cached_property
    def curate(self) -> CurateModule:
        """What curators have."""
        return cast(CurateModule, self.module("curate"))
