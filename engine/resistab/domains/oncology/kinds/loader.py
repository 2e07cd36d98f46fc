"""From a folder of YAML to a checked ``Rulebase``, or every fault at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from resistab.core.faults import Fault
from resistab.domains.oncology.checks.rules import check_rulebase, resolve_backbones, resolve_exons
from resistab.domains.oncology.kinds.approvals import ApprovalFile
from resistab.domains.oncology.kinds.coding_exons import FILE, exon_faults, read_coding_exons
from resistab.domains.oncology.kinds.files import (
    FILE_KINDS,
    AlterationSetFile,
    CitationFile,
    DrugFile,
    GeneFile,
    TumourTypeFile,
)
from resistab.domains.oncology.kinds.models import (
    BenignVariantFile,
    ClassTable,
    Manifest,
    MechanismFile,
    Panel,
    Rulebase,
    Table,
)
from resistab.domains.oncology.kinds.regimens import TumourCombiningFile, TumourRegimenFile, TumourRegimens
from resistab.domains.oncology.kinds.symbols import FILE as FILE_OF_SYMBOLS
from resistab.domains.oncology.kinds.symbols import FORMER_FILE, symbol_faults
from resistab.domains.oncology.kinds.tumour_names import TumourNameFile
from resistab.rulesets.folder_reader import FolderReader, FolderReading
from resistab.rulesets.models import file_name
from resistab.rulesets.regimens import BarrierFile


def load_rulebase_folder(folder: Path) -> Rulebase:
    """The rule set in ``folder``, checked; raises ``RulebaseError`` with every fault of every file."""
    return read_rulebase_folder(folder).validated()


def read_rulebase_folder(folder: Path) -> FolderReading[Rulebase]:
    """The rule set in ``folder`` or its faults; raises ``RulebaseError`` only where the folder holds no rule set."""
    reader = FolderReader(folder, FILE_KINDS)
    read = reader.read()
    # Not validated again: the parts are, and with faults the manifest may be wanting.
    manifest: Any = read.one("ruleset", Manifest)
    genes, drugs = read.one("genes", GeneFile), read.one("drugs", DrugFile)
    tumour_types, citations = read.one("tumour-types", TumourTypeFile), read.one("citations", CitationFile)
    tumour_names = read.one("tumour-names", TumourNameFile)
    mechanisms = read.all("mechanisms", MechanismFile)
    benign = read.one("benign-variants", BenignVariantFile)
    sequences = reader.sequences()
    reader.faults.extend(_exon_faults(reader, sequences))
    reader.faults.extend(_symbol_faults(reader, genes))
    rulebase = Rulebase.model_construct(
        digest=reader.digest(),
        manifest=manifest,
        genes=genes.genes if genes else (),
        sequences=sequences,
        drugs=drugs.drugs if drugs else (),
        tumour_types=tumour_types.tumour_types if tumour_types else (),
        tumour_name_file=tumour_names or TumourNameFile(),
        citations=citations.citations if citations else (),
        alteration_sets=tuple(item for file in read.all("alteration-sets", AlterationSetFile) for item in file.sets),
        benign_variants=benign.variants if benign else (),
        conclusions=tuple(item for file in mechanisms for item in file.conclusions),
        mechanism_rules=tuple(rule for file in mechanisms for rule in file.rules),
        # In the order in which they would lie in one folder.
        tables=tuple(sorted(read.all("table", Table), key=lambda table: file_name(table.drug))),
        class_tables=read.all("class-table", ClassTable),
        panels=read.all("panel", Panel),
        approvals=read.one("approvals", ApprovalFile) or ApprovalFile(),
        regimens=TumourRegimens(
            regimens=tuple(one for file in read.all("regimens", TumourRegimenFile) for one in file.regimens),
            rules=tuple(one for file in read.all("combining-rules", TumourCombiningFile) for one in file.rules),
            barriers=read.one("barriers", BarrierFile) or BarrierFile(),
        ),
        table_files={
            file.content.name: file.source.where.removeprefix(f"{folder.name}/")
            for file in reader.files
            if isinstance(file.content, Table | ClassTable)
        },
    )
    faults = [*reader.faults, *check_rulebase(rulebase, reader.files, frozenset(reader.unread))]
    return FolderReading(
        None if faults else resolve_exons(resolve_backbones(rulebase)),
        tuple(faults),
        tuple(reader.files),
        tuple(reader.opened),
    )


def _symbol_faults(reader: FolderReader, genes: GeneFile | None) -> Iterable[Fault]:
    """The faults of the lists of symbols, beside the genes; none where the genes could not be read."""
    if genes is None:
        return ()
    name = reader.folder.name
    return symbol_faults(reader.folder, genes.genes, f"{name}/{FILE_OF_SYMBOLS}", f"{name}/{FORMER_FILE}")


def _exon_faults(reader: FolderReader, sequences: dict[str, str]) -> list[Fault]:
    """The faults of the file of coding exons, where there is one; what it says is read when it is used."""
    path = reader.folder / FILE
    if not path.is_file():
        return []
    reader.opened.append(FILE)
    where = f"{reader.folder.name}/{FILE}"
    exons, faults = read_coding_exons(path, where)
    return faults or exon_faults(exons, sequences, where)
