"""From a folder of YAML to a checked ``Rulebase``, or every fault at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from resistab.faults import Fault, RulebaseError
from resistab.rulebase.checks import LoadedFile, check_rulebase, resolve_exons
from resistab.rulebase.citation_exceptions import CitationExceptions
from resistab.rulebase.digest import FOLDERS, OPTIONAL_FILES, SINGLE_FILES, rulebase_digest
from resistab.rulebase.models import (
    AlterationSet,
    Citation,
    Drug,
    Gene,
    Manifest,
    MechanismFile,
    Rulebase,
    RulebaseModel,
    Table,
    TumourType,
)
from resistab.yaml_source import Source, not_utf8, read_yaml_file, schema_faults

_Model = TypeVar("_Model", bound=BaseModel)


class _GeneFile(RulebaseModel):
    genes: tuple[Gene, ...]


class _DrugFile(RulebaseModel):
    drugs: tuple[Drug, ...]


class _TumourFile(RulebaseModel):
    tumour_types: tuple[TumourType, ...]


class _CitationFile(RulebaseModel):
    citations: tuple[Citation, ...]


class _SetFile(RulebaseModel):
    sets: tuple[AlterationSet, ...]


_SINGLE_FILES: dict[str, type[BaseModel]] = dict(
    zip(SINGLE_FILES, (Manifest, _GeneFile, _DrugFile, _TumourFile, _CitationFile), strict=True)
)
_OPTIONAL_FILES: dict[str, type[BaseModel]] = dict(zip(OPTIONAL_FILES, (CitationExceptions,), strict=True))
_FOLDERS: dict[str, type[BaseModel]] = dict(zip(FOLDERS, (_SetFile, MechanismFile, Table), strict=True))


# What the patterns of the models ask for, in words.
PATTERNS: dict[str, str] = {
    r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{3,}$": "an id such as GEF-001",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "words in lower case joined by hyphens, such as ras-activated",
    r"^(PMID:\d+|DOI:10\.\S+|ASCO:\d+|ASH:\d+|NCT\d{8})$": (
        "a reference: PMID:15728811, DOI:10.…, ASCO:9502, ASH:1234 or NCT01234567"
    ),
    r"^(CIViC:EID\d+(,EID\d+)*|SUP-\d\d)$": "where the fact was taken from: CIViC:EID229 or SUP-01",
    r"^\d+\.\d+\.\d+$": "a version such as 1.0.0, in quotes",
    r"^HGNC:\d+$": "an HGNC id such as HGNC:3236",
    r"^CHEMBL\d+$": "a ChEMBL id such as CHEMBL939",
    r"^\d+-\d+$": "a range of residues such as 728-761",
    r"^[a-z0-9][a-z0-9 -]*$": "a generic name in lower case",
    r"^[A-Za-z0-9-]+( [a-z-]+)+ mutation$": "a gene, then words, then 'mutation', such as KRAS activating mutation",
    r"^(EID\d+|SUP-\d\d)$": "an evidence item: EID229 or SUP-01",
}
_NOT_A_RESIDUE = re.compile(r"[^ACDEFGHIKLMNPQRSTUVWY]")


def read_fasta(path: Path, where: str) -> tuple[dict[str, str], list[Fault]]:
    """Protein sequences by gene, and every fault; a record's name is the gene, what follows is its accession."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        return {}, [not_utf8(where, error, "protein sequences in FASTA")]
    except OSError as error:
        return {}, [Fault(where=where, message=f"cannot be read: {error.strerror}")]
    sequences: dict[str, str] = {}
    faults: list[Fault] = []
    gene: str | None = None

    def fault(line: int, column: int, message: str, expected: str) -> None:
        faults.append(Fault(where=where, line=line, column=column, message=message, expected=expected))

    for number, line in enumerate(lines, start=1):
        residues = line.rstrip()
        if line.startswith(">"):
            gene = next(iter(line[1:].split()), "")
            if not gene:
                fault(number, 1, "a record without a name", "'>', the gene's symbol and the accession")
            elif gene in sequences:
                fault(number, 2, f"the record '{gene}' is given twice", "one sequence for each gene")
            sequences[gene] = ""
        elif residues and gene is None:
            fault(number, 1, "a sequence before the first record", "'>', the gene's symbol and the accession")
            gene = ""
        elif residues:
            if found := _NOT_A_RESIDUE.search(residues):
                fault(
                    number, found.start() + 1, f"'{found[0]}' in a sequence", "residues in one-letter code, in capitals"
                )
            sequences[gene or ""] = sequences.get(gene or "", "") + residues
    return sequences, faults


def load_rulebase_folder(folder: Path) -> Rulebase:
    """The rule set in ``folder``, checked; raises ``RulebaseError`` with every fault of every file."""
    if not (folder / "ruleset.yaml").is_file():
        expected = "a folder with ruleset.yaml in it"
        raise RulebaseError([Fault(where=str(folder), message="holds no rule set", expected=expected)])
    faults: list[Fault] = []
    sources: list[LoadedFile] = []
    # What a file with faults would have defined is not known: nothing may be called unknown for want of it.
    unread: set[str] = set()

    def read(path: Path, name: str, model: type[_Model]) -> _Model | None:
        where = path.relative_to(folder.parent).as_posix()
        source, form_faults = read_yaml_file(path, where)
        faults.extend(form_faults)
        parsed = None
        if source.data is not None:
            parsed, schema = _validated(source, model)
            faults.extend(schema)
        elif not form_faults:
            faults.append(Fault(where=where, message="is empty"))
        if parsed is None or form_faults:
            unread.add(name)
        if parsed is not None:
            sources.append(LoadedFile(source=source, content=parsed))
        return parsed

    single: dict[str, Any] = {}
    for name, model in (_SINGLE_FILES | _OPTIONAL_FILES).items():
        path = folder / name
        if path.is_file():
            single[name] = read(path, name, model)
        elif name in _SINGLE_FILES:
            faults.append(Fault(where=f"{folder.name}/{name}", message="is missing"))
            unread.add(name)
    groups: dict[str, list[Any]] = {}
    for name, model in _FOLDERS.items():
        paths = sorted((folder / name).glob("*.yaml"))
        groups[name] = [parsed for parsed in (read(path, name, model) for path in paths) if parsed is not None]
    sequences: dict[str, str] = {}
    for path in sorted(folder.glob("*.fasta")):
        found, fasta_faults = read_fasta(path, path.relative_to(folder.parent).as_posix())
        faults.extend(fasta_faults)
        sequences |= {} if fasta_faults else found

    def of(name: str, field: str) -> tuple[Any, ...]:
        content = single.get(name)
        return getattr(content, field) if content is not None else ()

    # Not validated again: the parts are, and with faults the manifest may be wanting.
    manifest: Any = single.get("ruleset.yaml")
    rulebase = Rulebase.model_construct(
        digest=rulebase_digest(folder) if not faults else "",
        manifest=manifest,
        genes=of("genes.yaml", "genes"),
        sequences=sequences,
        drugs=of("drugs.yaml", "drugs"),
        tumour_types=of("tumour_types.yaml", "tumour_types"),
        citations=of("citations.yaml", "citations"),
        alteration_sets=tuple(item for file in groups["alteration_sets"] for item in file.sets),
        conclusions=tuple(item for file in groups["mechanisms"] for item in file.conclusions),
        mechanism_rules=tuple(rule for file in groups["mechanisms"] for rule in file.rules),
        tables=tuple(groups["tables"]),
    )
    faults.extend(check_rulebase(rulebase, sources, frozenset(unread)))
    if faults:
        raise RulebaseError(faults)
    return resolve_exons(rulebase)


def _validated(source: Source, model: type[_Model]) -> tuple[_Model | None, list[Fault]]:
    if not isinstance(source.data, dict):
        found = "a list" if isinstance(source.data, list) else f"'{_short(str(source.data))}'"
        return None, [source.fault((), f"holds {found}", expected="a mapping of fields")]
    try:
        return model.model_validate(source.data), []
    except ValidationError as error:
        return None, schema_faults(source, error, model, patterns=PATTERNS)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
