"""What curators of a virus's rules have beside what all curators have."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resistab.curation.kit.case_rules import CaseRules
    from resistab.curation.kit.dependence import Dependence
    from resistab.curation.kit.diff_items import Item, ItemKind
    from resistab.curation.kit.evidence import EvidenceFindings
    from resistab.curation.kit.lints import Lint
    from resistab.curation.kit.looked_up import LookedUp
    from resistab.curation.kit.patients import Comparison
    from resistab.curation.kit.regimen_sources import SourceRow
    from resistab.curation.kit.scaffolds import Scaffolds
    from resistab.curation.kit.shown import ShownTable
    from resistab.curation.kit.site.model import Site
    from resistab.domains.virus.kinds.models import ViralRulebase
    from resistab.files.yaml_source import Place
    from resistab.rulesets.fault_codes import Code
    from resistab.rulesets.folder_reader import FolderReading, LoadedFile


def case_rules(rulebase: ViralRulebase, folder: Path) -> CaseRules:
    """What the cases in ``folder`` may say of a rule set."""
    from resistab.domains.virus.curate.cases import VirusCases

    return VirusCases(rulebase, folder)


# --- check --------------------------------------------------------------------------------------------------------


def codes() -> Mapping[str, Code]:
    """The codes that only viruses' rule sets have."""
    from resistab.domains.virus.curate.lints.codes import CODES

    return CODES


def lint(rulebase: ViralRulebase, folder: Path, on: datetime.date) -> Iterator[Lint]:
    """What in a checked rule set is well-formed and still wrong."""
    from resistab.curation.kit.case_mentions import Telling, read_case_mentions
    from resistab.curation.kit.lints import case_lints
    from resistab.curation.kit.regimen_lints import regimen_lints
    from resistab.domains.virus.curate.lints.rules import viral_lints

    telling = Telling(
        fires={"verdict": frozenset({"resistant", "possible_resistance"}), "sir": frozenset("IR")},
        silent={"verdict": frozenset({"no_resistance_found"}), "sir": frozenset("S"), "level": frozenset({1})},
    )
    yield from viral_lints(rulebase, on)
    held, months = rulebase.regimens, rulebase.manifest.curation.review_months
    of_class: dict[str, list[str]] = {}
    for drug in rulebase.drugs:
        of_class.setdefault(drug.drug_class, []).append(drug.name)
    tables = rulebase.table_of.keys()
    policy = rulebase.manifest.regimens
    yield from regimen_lints(
        held.regimens, held.rules, policy, tables, lambda name: of_class.get(name, [name]), months, on
    )
    files = {table.drug: table.file for table in rulebase.tables}
    yield from case_lints(rulebase.manifest.ruleset, files, read_case_mentions(folder, telling))


def check_notes(rulebase: ViralRulebase) -> Iterable[str]:
    """Nothing: where a sequence is at hand, loading verifies against it."""
    return ()


def row_count(content: Any) -> int:
    """The number of lines, combinations and rules in a file."""
    from resistab.domains.virus.kinds.models import ViralTable

    if not isinstance(content, ViralTable):
        return 0
    return sum(len(rule.scores) + len(rule.combinations) for rule in content.score_rules) + len(content.rules)


def row_places(file: LoadedFile) -> Mapping[str, Place]:
    """The lines of positions, whose ids follow from drug, score and position."""
    from resistab.domains.virus.kinds.models import ViralTable, position_row_id

    table = file.content
    if not isinstance(table, ViralTable):
        return {}
    # A table may begin with further scores.
    first = 1 if table.scores or table.combinations else 0
    found: dict[str, Place] = {}
    for path, place in file.source.keys.items():
        if len(path) > 1 and path[-2] == "scores" and isinstance(path[-1], int):
            number = int(path[1]) + first if path[0] == "further_scores" else 0
            found.setdefault(position_row_id(table.drug, path[-1], number), place)
    return found


def read_evidence(paths: Sequence[Path]) -> Mapping[str, SourceRow]:
    """Lists of regimens, rules for combining and barriers; raises ``InputError`` with every fault."""
    from resistab.curation.kit.regimen_sources import read_lists
    from resistab.domains.virus.checks.regimen_lists import KINDS

    return read_lists(paths, KINDS)


def check_evidence(
    folder: Path, reading: FolderReading[ViralRulebase], sources: Mapping[str, SourceRow]
) -> EvidenceFindings:
    """Every reference of regimens beside its source; a score is the algorithm's and has none."""
    from resistab.curation.kit.evidence import EvidenceFindings
    from resistab.curation.kit.regimen_check import check_regimens
    from resistab.domains.virus.checks.regimen_lists import drug_names

    rulebase = reading.validated()
    if not rulebase.regimens.regimens:
        return EvidenceFindings((), 0, 0, 0)
    return check_regimens(folder.name, reading.files, sources, drug_names(rulebase)).as_evidence()


# --- test ---------------------------------------------------------------------------------------------------------


def dependence(rulebase: ViralRulebase, folder: Path) -> Dependence:
    """What the verdict on each drug may depend on."""
    from resistab.domains.virus.curate import depends_on

    return depends_on.dependence(rulebase)


# --- diff ---------------------------------------------------------------------------------------------------------


def item_kinds() -> Mapping[str, ItemKind]:
    """The kinds of items of a rule set."""
    from resistab.domains.virus.curate.diff_items import KINDS

    return KINDS


def items(rulebase: ViralRulebase, folder: Path) -> Iterator[Item]:
    """What a rule set says, item by item."""
    from resistab.domains.virus.curate.diff_items import virus_items

    return virus_items(rulebase)


def claims(path: Path) -> bool:
    """Sequences and counted reads, as readers of viruses tell them from other files."""
    from resistab.domains.virus.inputs.recognition import kind_of

    return kind_of(path) != "other"


def compare(old: ViralRulebase, new: ViralRulebase, folders: tuple[Path, Path]) -> Comparison:
    """Two states of a rule set, applied to the same patients."""
    from resistab.domains.virus.curate.comparison import VirusComparison

    return VirusComparison(old, new)


# --- new ----------------------------------------------------------------------------------------------------------


def scaffolds() -> Scaffolds:
    """What a curator is given to fill in."""
    from resistab.domains.virus.curate.new import SCAFFOLDS

    return SCAFFOLDS


# --- site ---------------------------------------------------------------------------------------------------------


def make_site(rulebase: ViralRulebase, on: datetime.date | None = None) -> Site:
    """The pages of a rule set."""
    from resistab.domains.virus.curate.site.pages import ViralPages

    return ViralPages(rulebase, on)


# --- show ---------------------------------------------------------------------------------------------------------


def shown(rulebase: ViralRulebase, drug: str) -> ShownTable:
    """The table of a drug, one line a row."""
    from resistab.domains.virus.curate import shown_table

    return shown_table.shown(rulebase, drug)


def looked_up(rulebase: ViralRulebase, folder: Path, text: str, chosen: Mapping[str, Any]) -> LookedUp:
    """What the rules say of a mutation, gene, drug, class or row."""
    from resistab.curation.kit.looked_up import look_up
    from resistab.domains.virus.curate.lookup import ViralFinder

    return look_up(ViralFinder(rulebase), text)
