"""Reads the files that make up a rule set, and keeps every fault found on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from resistab.faults import Fault, RulebaseError
from resistab.yaml_source import Source, not_utf8, read_yaml_file, schema_faults

_Model = TypeVar("_Model", bound=BaseModel)


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
    r"^[A-Za-z0-9][A-Za-z0-9/_+.-]*$": "a name without spaces, such as 3TC, ATV/r or AZT-41-215",
    r"^[A-Za-z][A-Za-z0-9]*$": "a gene such as RT, letters and digits only",
}
_NOT_A_RESIDUE = re.compile(r"[^ACDEFGHIKLMNPQRSTUVWY]")


@dataclass(frozen=True)
class LoadedFile:
    """A file's model beside its source, so that a fault found in the model can be placed in the file."""

    source: Source
    content: BaseModel


class FolderReader:
    """The files of one rule set, read one after another.

    ``faults`` are all that were found, ``files`` what was read. ``unread`` names the files and folders that could not
    be read whole: what they would have defined is not known, and nothing may be called unknown for want of it.
    Construction raises ``RulebaseError`` where the folder holds no rule set.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "ruleset.yaml").is_file():
            expected = "a folder with ruleset.yaml in it"
            raise RulebaseError([Fault(where=str(folder), message="holds no rule set", expected=expected)])
        self.folder = folder
        self.faults: list[Fault] = []
        self.files: list[LoadedFile] = []
        self.unread: set[str] = set()

    def required(self, name: str, model: type[_Model]) -> _Model | None:
        """The content of a file that must be there; None where it could not be read."""
        if (self.folder / name).is_file():
            return self._read(self.folder / name, name, model)
        self.faults.append(Fault(where=f"{self.folder.name}/{name}", message="is missing"))
        self.unread.add(name)
        return None

    def optional(self, name: str, model: type[_Model]) -> _Model | None:
        """The content of a file; None where there is none or it could not be read."""
        return self._read(self.folder / name, name, model) if (self.folder / name).is_file() else None

    def all_in(self, name: str, model: type[_Model]) -> list[_Model]:
        """The content of every YAML file in a folder, in the order of their names."""
        read = [self._read(path, name, model) for path in sorted((self.folder / name).glob("*.yaml"))]
        return [content for content in read if content is not None]

    def sequences(self) -> dict[str, str]:
        """The sequences of every FASTA file, by the name of their record."""
        sequences: dict[str, str] = {}
        for path in sorted(self.folder.glob("*.fasta")):
            found, faults = read_fasta(path, self._where(path))
            self.faults.extend(faults)
            sequences |= {} if faults else found
        return sequences

    def _where(self, path: Path) -> str:
        return path.relative_to(self.folder.parent).as_posix()

    def _read(self, path: Path, name: str, model: type[_Model]) -> _Model | None:
        where = self._where(path)
        source, form_faults = read_yaml_file(path, where)
        self.faults.extend(form_faults)
        parsed = None
        if source.data is not None:
            parsed, schema = _validated(source, model)
            self.faults.extend(schema)
        elif not form_faults:
            self.faults.append(Fault(where=where, message="is empty"))
        if parsed is None or form_faults:
            self.unread.add(name)
        if parsed is not None:
            self.files.append(LoadedFile(source=source, content=parsed))
        return parsed


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
