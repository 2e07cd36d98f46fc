"""From a folder of YAML to a checked ``Rulebase``, or every fault at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from resistab.faults import Fault, RulebaseError
from resistab.rulebase.checks import LoadedFile, check_rulebase, resolve_exons
from resistab.rulebase.models import (
    AlterationSet,
    Citation,
    Conclusion,
    Drug,
    Gene,
    Manifest,
    MechanismFile,
    Rulebase,
    RulebaseModel,
    Table,
    TumourType,
)
from resistab.yaml_source import Source, read_yaml_file, schema_faults

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


class _ExceptionFile(RulebaseModel):
    """``citation_exceptions.yaml`` is read by the citation check; here only its form is checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    exceptions: tuple[dict[str, Any], ...]


_SINGLE_FILES: dict[str, type[BaseModel]] = {
    "ruleset.yaml": Manifest,
    "genes.yaml": _GeneFile,
    "drugs.yaml": _DrugFile,
    "tumour_types.yaml": _TumourFile,
    "citations.yaml": _CitationFile,
}
_OPTIONAL_FILES: dict[str, type[BaseModel]] = {"citation_exceptions.yaml": _ExceptionFile}
_FOLDERS: dict[str, type[BaseModel]] = {
    "alteration_sets": _SetFile,
    "mechanisms": MechanismFile,
    "tables": Table,
}


def rulebase_files(folder: Path) -> list[Path]:
    """The files that make up the rule set in ``folder``, in the order of their names."""
    files = [folder / name for name in (*_SINGLE_FILES, *_OPTIONAL_FILES) if (folder / name).is_file()]
    files += [*folder.glob("*.fasta"), *folder.glob("*.txt")]
    for name in _FOLDERS:
        files += (folder / name).glob("*.yaml")
    return sorted(files)


def rulebase_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of the rule set's files.

    Raises ``RulebaseError`` where a file cannot be read.
    """
    digest = hashlib.sha256()
    for path in rulebase_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            content = path.read_bytes()
        except OSError as error:
            raise RulebaseError([Fault(where=str(path), message=f"cannot be read: {error.strerror}")]) from error
        # Lengths keep "a" + "bc" apart from "ab" + "c".
        digest.update(f"{len(name)}:{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def read_fasta(path: Path) -> tuple[dict[str, str], list[Fault]]:
    """Protein sequences by gene; a record's name is the gene, what follows is its accession."""
    sequences: dict[str, str] = {}
    faults: list[Fault] = []
    gene = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith(">"):
            gene = line[1:].split()[0] if line[1:].split() else ""
            if not gene or gene in sequences:
                faults.append(
                    Fault(where=path.name, line=number, message=f"the record '{gene}' is unnamed or given twice")
                )
            sequences[gene] = ""
        elif line.strip():
            sequences[gene] = sequences.get(gene, "") + line.strip()
    return sequences, faults


def load_rulebase_folder(folder: Path) -> Rulebase:
    """The rule set in ``folder``, checked; raises ``RulebaseError`` with every fault of every file."""
    if not (folder / "ruleset.yaml").is_file():
        raise RulebaseError(
            [
                Fault(
                    where=str(folder),
                    message="holds no rule set",
                    expected="a folder with ruleset.yaml in it",
                )
            ]
        )
    faults: list[Fault] = []
    single: dict[str, Any] = {}
    sources: list[LoadedFile] = []

    def read(path: Path, model: type[_Model]) -> _Model | None:
        where = path.relative_to(folder.parent).as_posix()
        source, form_faults = read_yaml_file(path, where)
        faults.extend(form_faults)
        if source.data is None:
            if not form_faults:
                faults.append(Fault(where=where, message="is empty"))
            return None
        parsed, schema = _validated(source, model)
        faults.extend(schema)
        if parsed is not None:
            sources.append(LoadedFile(source=source, content=parsed))
        return parsed

    for name, model in (_SINGLE_FILES | _OPTIONAL_FILES).items():
        path = folder / name
        if path.is_file():
            single[name] = read(path, model)
        elif name in _SINGLE_FILES:
            faults.append(Fault(where=f"{folder.name}/{name}", message="is missing"))
    groups: dict[str, list[Any]] = {}
    for name, model in _FOLDERS.items():
        paths = sorted((folder / name).glob("*.yaml"))
        groups[name] = [parsed for parsed in (read(path, model) for path in paths) if parsed is not None]
    sequences: dict[str, str] = {}
    for path in sorted(folder.glob("*.fasta")):
        found, fasta_faults = read_fasta(path)
        sequences |= found
        faults.extend(fasta_faults)
    if any(single.get(name) is None for name in _SINGLE_FILES):
        raise RulebaseError(faults)
    rulebase = Rulebase(
        digest=rulebase_digest(folder),
        manifest=single["ruleset.yaml"],
        genes=single["genes.yaml"].genes,
        sequences=sequences,
        drugs=single["drugs.yaml"].drugs,
        tumour_types=single["tumour_types.yaml"].tumour_types,
        citations=single["citations.yaml"].citations,
        alteration_sets=tuple(s for file in groups["alteration_sets"] for s in file.sets),
        conclusions=_unique_conclusions(groups["mechanisms"]),
        mechanism_rules=tuple(rule for file in groups["mechanisms"] for rule in file.rules),
        tables=tuple(groups["tables"]),
    )
    faults.extend(check_rulebase(rulebase, sources))
    if faults:
        raise RulebaseError(faults)
    return resolve_exons(rulebase)


def _unique_conclusions(files: Iterable[MechanismFile]) -> tuple[Conclusion, ...]:
    return tuple(conclusion for file in files for conclusion in file.conclusions)


def _validated(source: Source, model: type[_Model]) -> tuple[_Model | None, list[Fault]]:
    if not isinstance(source.data, dict):
        return None, [source.fault((), f"holds {type(source.data).__name__}", expected="a mapping of fields")]
    try:
        return model.model_validate(source.data), []
    except ValidationError as error:
        return None, schema_faults(source, error, model)
