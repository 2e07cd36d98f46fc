"""Reads the files that make up a rule set, and keeps every fault found on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from resistab.core.faults import Fault, RulebaseError, shortened
from resistab.core.model import Model, validation_error
from resistab.core.records import dataclass
from resistab.files.yaml_source import Source, not_utf8, read_yaml_file, schema_faults
from resistab.rulesets.digest import ruleset_digest
from resistab.rulesets.kinds import FileKind

_Model = TypeVar("_Model", bound=Model)
_Rulebase = TypeVar("_Rulebase", bound=Model)


# What the patterns of models ask for, in words; those of one domain alone may stand in its ``Form``.
PATTERNS: dict[str, str] = {
    r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-\d{3,}$": "an id such as GEF-001",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "words in lower case joined by hyphens, such as ras-activated",
    r"^(PMID:\d+|PMCID:PMC\d+|DOI:10\.\S+|ASCO:\d+|ASH:\d+|NCT\d{8}|LABEL:\S[^\n]*\S)$": (
        "a reference: PMID:15728811, DOI:10.…, ASCO:9502, ASH:1234, NCT01234567 or LABEL: and the label with its date"
    ),
    r"^(CIViC:EID\d+(,EID\d+)*|SUP-\d\d|SUP[A-Z]-\d{3}(,SUP[A-Z]-\d{3})*)$": (
        "where the fact was taken from: CIViC:EID229, SUP-01 or SUPA-001"
    ),
    r"^(\d{4}-\d{4}-\d{4}-\d{3}[\dX]|[A-Z]{2,4})$": "an ORCID iD such as 0000-0002-1825-0097, or initials",
    r"^(dbSNP:rs\d+|ClinVar:(VCV|RCV)?\d+|PMID:\d+|DOI:10\.\S+)$": (
        "a record of a variant or a study: dbSNP:rs1042522, ClinVar:41221, PMID:15728811 or DOI:10.…"
    ),
    r"^\d+\.\d+\.\d+$": "a version such as 1.0.0, in quotes",
    r"^C\d+$": "a concept of the NCI Thesaurus such as C3512",
    r"^C[LN]?\d+$": "a concept of UMLS such as C0152013",
    r"^HGNC:\d+$": "an HGNC id such as HGNC:3236",
    r"^CHEMBL\d+$": "a ChEMBL id such as CHEMBL939",
    r"^\d+-\d+$": "a range of residues such as 728-761",
    r"^ENST\d{11}\.\d+$": "an Ensembl transcript with its version, such as ENST00000275493.7",
    r"^[ACGTRYSWKMBDHVN]{3}$": "a codon of DNA in IUPAC letters, such as ACG or GGY",
    r"^[ACGT]{3}( [ACGT]{3})*$": "codons of DNA with a space between them, such as ATG GGC",
    r"^[A-Z]{3}-\d{3}$": "a row of the data behind an entry, such as ORG-001",
    r"^[a-z0-9][a-z0-9 ()+/-]*$": "a generic name in lower case",
    r"^[A-Za-z0-9-]+( [a-z-]+)+ mutation$": "a gene, then words, then 'mutation', such as KRAS activating mutation",
    r"^(EID\d+|SUP-\d\d|SUP[A-Z]-\d{3})$": "an evidence item: EID229, SUP-01 or SUPA-001",
    r"^[A-Za-z0-9][A-Za-z0-9/_+.-]*$": "a name without spaces, such as 3TC, ATV/r or AZT-41-215",
    r"^[A-Za-z][A-Za-z0-9]*$": "a gene such as RT, letters and digits only",
}
_NOT_A_RESIDUE = re.compile(r"[^ACDEFGHIKLMNPQRSTUVWY]")


@dataclass(frozen=True)
class LoadedFile:
    """A file's model beside its source, so that a fault found in the model can be placed in the file."""

    source: Source
    content: Model


class RecordPlace(NamedTuple):
    """The file, and the line in it, where the sequence of a gene begins."""

    where: str
    line: int


@dataclass(frozen=True)
class FolderReading(Generic[_Rulebase]):
    """What came of reading a rule set: the rulebase, or None and every fault; and what was read all the same.

    ``opened`` names every file that was opened, from the rule set's folder on.
    """

    rulebase: _Rulebase | None
    faults: tuple[Fault, ...]
    files: tuple[LoadedFile, ...]
    opened: tuple[str, ...]

    def validated(self) -> _Rulebase:
        """The rulebase; raises ``RulebaseError`` with every fault."""
        if self.rulebase is None:
            raise RulebaseError(self.faults)
        return self.rulebase


class Contents:
    """What was read of a folder's files, by the name of their kind."""

    def __init__(self, by_kind: Mapping[str, Sequence[Model]]) -> None:
        self._by_kind = by_kind

    def all(self, kind: str, model: type[_Model]) -> tuple[_Model, ...]:
        """The content of every file of a kind that could be read; ``model`` is that of the kind."""
        return tuple(content for content in self._by_kind[kind] if isinstance(content, model))

    def one(self, kind: str, model: type[_Model]) -> _Model | None:
        """The content of the one file of a kind; None where there is none or it could not be read."""
        return next(iter(self.all(kind, model)), None)


class FolderReader:
    """The files of one rule set, read one after another.

    ``faults`` are all that were found, ``files`` what was read, ``opened`` the names of the files that were opened.
    ``unread`` names the files and folders that could not be read whole: what they would have defined is not known,
    and nothing may be called unknown for want of it. ``records`` says where the sequence of each gene stands.
    Construction raises ``RulebaseError`` where the folder holds no rule set.
    """

    def __init__(self, folder: Path, kinds: Sequence[FileKind], manifest: str = "ruleset.yaml") -> None:
        if not (folder / manifest).is_file():
            kind = "rule set" if manifest == "ruleset.yaml" else manifest.removesuffix(".yaml")
            expected = f"a folder with {manifest} in it"
            message = f"holds no {kind}"
            raise RulebaseError([Fault(where=str(folder), message=message, expected=expected, code="RT001")])
        self.folder, self.kinds = folder, kinds
        self.faults: list[Fault] = []
        self.files: list[LoadedFile] = []
        self.opened: list[str] = []
        self.unread: set[str] = set()
        self.records: dict[str, RecordPlace] = {}

    def read(self, rules: bool = True) -> Contents:
        """The content of every file that has a model, kind by kind, in the order of their names.

        Either those that are part of the ``rules``, or those that are not.
        """
        found: dict[str, list[Model]] = {}
        for kind in self.kinds:
            if kind.rules != rules or kind.model is None:
                continue
            paths = [path for path in kind.paths(self.folder) if path.is_file() or "*" in kind.files]
            if kind.required and not paths:
                self.faults.append(Fault(where=f"{self.folder.name}/{kind.files}", message="is missing", code="RT004"))
                self.unread.add(kind.folder)
            read = [self._read(path, kind.folder, kind.model, kind.form.patterns) for path in paths]
            found[kind.name] = [content for content in read if content is not None]
        return Contents(found)

    def sequences(self) -> dict[str, str]:
        """The sequences of every FASTA file, by the name of their record."""
        sequences: dict[str, str] = {}
        for path in sorted(self.folder.glob("*.fasta")):
            where = self._where(path)
            self.opened.append(path.name)
            found, lines, faults = read_fasta(path, where)
            self.faults.extend(faults)
            if not faults:
                sequences |= found
                self.records |= {gene: RecordPlace(where, line) for gene, line in lines.items()}
        return sequences

    def digest(self) -> str:
        """The SHA-256 of the rule set's files, empty where there are faults; a file that cannot be read is one."""
        if not self.faults:
            try:
                return ruleset_digest(self.folder, self.kinds)
            except RulebaseError as error:
                self.faults.extend(error.faults)
        return ""

    def _where(self, path: Path) -> str:
        return path.relative_to(self.folder.parent).as_posix()

    def _read(self, path: Path, name: str, model: type[_Model], patterns: Mapping[str, str]) -> _Model | None:
        where = self._where(path)
        self.opened.append(path.relative_to(self.folder).as_posix())
        source, form_faults = read_yaml_file(path, where)
        self.faults.extend(form_faults)
        parsed = None
        if source.data is not None:
            parsed, schema = _validated(source, model, PATTERNS | dict(patterns))
            self.faults.extend(schema)
        elif not form_faults:
            self.faults.append(Fault(where=where, message="is empty", code="RT005"))
        if parsed is None or form_faults:
            self.unread.add(name)
        if parsed is not None:
            self.files.append(LoadedFile(source=source, content=parsed))
        return parsed


def read_fasta(path: Path, where: str) -> tuple[dict[str, str], dict[str, int], list[Fault]]:
    """Protein sequences and the line of their record by gene, and every fault.

    A record's name is the gene, what follows is its accession.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        return {}, {}, [not_utf8(where, error, "protein sequences in FASTA")]
    except OSError as error:
        return {}, {}, [Fault(where=where, message=f"cannot be read: {error.strerror}", code="RT002")]
    sequences: dict[str, str] = {}
    begun: dict[str, int] = {}
    faults: list[Fault] = []
    gene: str | None = None

    def fault(code: str, line: int, column: int, message: str, expected: str) -> None:
        faults.append(Fault(where=where, line=line, column=column, message=message, expected=expected, code=code))

    for number, line in enumerate(lines, start=1):
        residues = line.rstrip()
        if line.startswith(">"):
            gene = next(iter(line[1:].split()), "")
            if not gene:
                fault("RT040", number, 1, "a record without a name", "'>', the gene's symbol and the accession")
            elif gene in sequences:
                fault("RT041", number, 2, f"the record '{gene}' is given twice", "one sequence for each gene")
            sequences[gene], begun[gene] = "", number
        elif residues and gene is None:
            fault("RT042", number, 1, "a sequence before the first record", "'>', the gene's symbol and the accession")
            gene = ""
        elif residues:
            if found := _NOT_A_RESIDUE.search(residues):
                expected = "residues in one-letter code, in capitals"
                fault("RT043", number, found.start() + 1, f"'{found[0]}' in a sequence", expected)
            sequences[gene or ""] = sequences.get(gene or "", "") + residues
    return sequences, begun, faults


def _validated(source: Source, model: type[_Model], patterns: dict[str, str]) -> tuple[_Model | None, list[Fault]]:
    if not isinstance(source.data, dict):
        found = "a list" if isinstance(source.data, list) else f"'{shortened(str(source.data), 40)}'"
        return None, [source.fault((), f"holds {found}", expected="a mapping of fields", code="RT012")]
    try:
        return model.model_validate(source.data), []
    except validation_error() as error:
        return None, schema_faults(source, error, model, patterns=patterns)
