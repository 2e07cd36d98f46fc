"""What curators of rules on tumours have beside what all curators have."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resistab.curation.kit.case_rules import CaseRules
    from resistab.curation.kit.dependence import Dependence
    from resistab.curation.kit.diff_items import Item, ItemKind
    from resistab.curation.kit.evidence import EvidenceFindings
    from resistab.curation.kit.expectations import TableJudge, TableLine
    from resistab.curation.kit.lints import Lint
    from resistab.curation.kit.looked_up import LookedUp
    from resistab.curation.kit.patients import Comparison
    from resistab.curation.kit.scaffolds import Scaffolds
    from resistab.curation.kit.shown import ShownTable
    from resistab.curation.kit.site.model import Site
    from resistab.domains.oncology.checks.source_items import Sources
    from resistab.domains.oncology.interpreter import TumourInterpreter
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.files.yaml_source import Place
    from resistab.rulesets.fault_codes import Code
    from resistab.rulesets.folder_reader import FolderReading, LoadedFile


def case_rules(rulebase: Rulebase, folder: Path) -> CaseRules:
    """What the cases in ``folder`` may say of a rule set."""
    from resistab.domains.oncology.curate.cases import TumourCases

    return TumourCases(rulebase, folder)


# --- check --------------------------------------------------------------------------------------------------------


def codes() -> Mapping[str, Code]:
    """The codes that only rule sets for tumours have."""
    from resistab.domains.oncology.curate.lints.codes import CODES

    return CODES


def lint(rulebase: Rulebase, folder: Path, on: datetime.date) -> Iterator[Lint]:
    """What in a checked rule set is well-formed and still wrong."""
    from resistab.curation.kit.case_mentions import Telling, read_case_mentions
    from resistab.curation.kit.lints import case_lints
    from resistab.curation.kit.regimen_lints import regimen_lints
    from resistab.domains.oncology.curate.lints.context import TumourContext
    from resistab.domains.oncology.curate.lints.evidence import evidence_lints
    from resistab.domains.oncology.curate.lints.markers import marker_lints
    from resistab.domains.oncology.curate.lints.places import place_lints
    from resistab.domains.oncology.curate.lints.references import reference_lints
    from resistab.domains.oncology.curate.lints.rows import row_lints
    from resistab.domains.oncology.curate.lints.uses import use_lints

    telling = Telling(
        fires={"verdict": frozenset({"resistant", "possible_resistance", "sensitive"})},
        silent={"verdict": frozenset({"no_resistance_found", "not_indicated"}), "level": frozenset({1})},
    )
    cases = read_case_mentions(folder, telling)
    context = TumourContext(rulebase)
    yield from place_lints(rulebase)
    yield from use_lints(rulebase)
    yield from row_lints(context)
    yield from marker_lints(context)
    yield from evidence_lints(context, on)
    yield from reference_lints(context, cases or ())
    held, months = rulebase.regimens, rulebase.manifest.curation.review_months
    of_class: dict[str, list[str]] = {}
    for drug in rulebase.drugs:
        for name in drug.classes:
            of_class.setdefault(name, []).append(drug.name)
    tables = rulebase.table_by_drug.keys()
    policy = rulebase.manifest.regimens
    yield from regimen_lints(
        held.regimens, held.rules, policy, tables, lambda name: of_class.get(name, [name]), months, on
    )
    files = {table.drug: rulebase.file_of(table) for table in rulebase.tables if rulebase.rows_of(table)}
    yield from case_lints(rulebase.manifest.ruleset, files, cases)


def check_notes(rulebase: Rulebase) -> Iterator[str]:
    """Which residues that rules name were verified."""
    from resistab.domains.oncology.checks.residues import residue_account

    yield residue_account(rulebase).text


def row_count(content: Any) -> int:
    """The number of rows and rules in a file."""
    from resistab.curation.kit import plain

    return plain.row_count(content)


def row_places(file: LoadedFile) -> Mapping[str, Place]:
    """All rows have an id."""
    return {}


def read_evidence(paths: Sequence[Path]) -> Sources:
    """CIViC's evidence, its addendum and supplements, approvals; raises ``InputError`` with every fault."""
    from resistab.domains.oncology.curate import evidence_files

    return evidence_files.read_evidence(paths)


def check_evidence(folder: Path, reading: FolderReading[Rulebase], sources: Sources) -> EvidenceFindings:
    """Every evidence item of a sound rule set beside its source."""
    from resistab.domains.oncology.curate import evidence_checking

    return evidence_checking.check_evidence(folder, reading, sources)


# --- test ---------------------------------------------------------------------------------------------------------


def read_expectations(paths: Sequence[Path]) -> tuple[tuple[TableLine, ...], ...]:
    """The lines of tables of what is expected of tumours; raises ``InputError`` with every fault."""
    from resistab.domains.oncology.curate import expectations

    return expectations.read_expectations(paths)


def expectation_judge(interpreter: TumourInterpreter) -> TableJudge:
    """What judges such lines."""
    from resistab.domains.oncology.curate.expectations import TumourExpectations

    return TumourExpectations(interpreter)


def dependence(rulebase: Rulebase, folder: Path) -> Dependence:
    """What the verdict on each drug may depend on."""
    from resistab.domains.oncology.curate import depends_on

    return depends_on.dependence(rulebase, folder)


# --- diff ---------------------------------------------------------------------------------------------------------


def item_kinds() -> Mapping[str, ItemKind]:
    """The kinds of items of a rule set."""
    from resistab.domains.oncology.curate.diff_items import KINDS

    return KINDS


def items(rulebase: Rulebase, folder: Path) -> Iterator[Item]:
    """What a rule set says, item by item."""
    from resistab.domains.oncology.curate.diff_items import tumour_items
    from resistab.domains.oncology.kinds.coding_exons import coding_exons
    from resistab.domains.oncology.kinds.symbols import former_symbols, gene_symbols

    return tumour_items(rulebase, gene_symbols(folder), coding_exons(folder), former_symbols(folder))


def claims(path: Path) -> bool:
    """None: what no other domain claims is of tumours."""
    return False


def compare(old: Rulebase, new: Rulebase, folders: tuple[Path, Path]) -> Comparison:
    """Two states of a rule set, applied to the same patients."""
    from resistab.domains.oncology.curate.comparison import TumourComparison

    return TumourComparison(old, new, folders)


# --- new ----------------------------------------------------------------------------------------------------------


def scaffolds() -> Scaffolds:
    """What a curator is given to fill in."""
    from resistab.domains.oncology.curate.new import SCAFFOLDS

    return SCAFFOLDS


# --- site ---------------------------------------------------------------------------------------------------------


def make_site(rulebase: Rulebase, on: datetime.date | None = None) -> Site:
    """The pages of a rule set."""
    from resistab.domains.oncology.curate.site.pages import TumourPages

    return TumourPages(rulebase, on)


# --- show ---------------------------------------------------------------------------------------------------------


def shown(rulebase: Rulebase, drug: str) -> ShownTable:
    """The table of a drug, one line a row."""
    from resistab.domains.oncology.curate import shown_table

    return shown_table.shown(rulebase, drug)


def looked_up(rulebase: Rulebase, folder: Path, text: str, chosen: Mapping[str, Any]) -> LookedUp:
    """What the rules say of a change, gene, drug, class, tumour type, reference or row."""
    from resistab.domains.oncology.curate import lookup

    return lookup.looked_up(rulebase, folder, text, chosen)
