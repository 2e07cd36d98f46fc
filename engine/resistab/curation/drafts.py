"""Proposals taken up into the tables of a rule set as drafts, and drafts that a curator accepts.

Files keep their comments and their order. What is to be written is loaded and checked first, in a copy of the rule set;
nothing is written where that has a fault.
"""

from __future__ import annotations

import datetime
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resistab.core.faults import Fault, InputError, RulebaseError
from resistab.core.model import validation_error
from resistab.curation.file_kinds import RulesetFile
from resistab.curation.fmt import read_exactly
from resistab.curation.kit.scaffolds import ID
from resistab.curation.kit.yaml_writer import document_text
from resistab.curation.new import RulesetAsFiles, append, document_of, formatted, prefix_of, table_of
from resistab.domains.registry import pack_of
from resistab.files.output import write_whole
from resistab.files.yaml_source import read_yaml_file, schema_faults
from resistab.rulesets.proposals import DraftEntry, Proposal, ProposalFile

if TYPE_CHECKING:
    from resistab.curation.kit.commented_yaml import CommentedDocument


def read_proposals(path: Path) -> ProposalFile:
    """The file that ``resistab learn --propose`` wrote; raises ``InputError`` with every fault of its form."""
    source, faults = read_yaml_file(path, str(path))
    if not faults:
        try:
            return ProposalFile.model_validate(source.data)
        except validation_error() as error:
            faults = schema_faults(source, error, ProposalFile)
    raise InputError(faults)


@dataclass(frozen=True)
class TakenUp:
    """A proposal with the id of its draft."""

    id: str
    entry: DraftEntry

    @property
    def proposal(self) -> Proposal:
        """What was proposed."""
        return self.entry.proposal


@dataclass(frozen=True)
class Edited:
    """Files of a rule set with their new texts, not yet written."""

    folder: Path
    texts: Mapping[Path, str]

    def write(self) -> None:
        """Write all files or none; raises ``RulebaseError`` where the rule set would have a fault, ``OutputError``."""
        self._refuse_faulty()
        before = {path: read_exactly(path, str(path)) for path in self.texts}
        written: list[Path] = []
        try:
            for path, text in self.texts.items():
                written.append(path)
                write_whole(path, text)
        except BaseException:
            for path in written:
                write_whole(path, before[path])
            raise

    def _refuse_faulty(self) -> None:
        with tempfile.TemporaryDirectory() as beside:
            copy = Path(beside) / self.folder.name
            shutil.copytree(self.folder, copy)
            for path, text in self.texts.items():
                write_whole(copy / path.relative_to(self.folder), text)
            pack_of(copy).kinds.read(copy).validated()


def _read(folder: Path) -> tuple[Any, Any]:
    """The domain's measures and the rule set in a folder; raises ``RulebaseError`` with its faults."""
    pack = pack_of(folder)
    if "measures" in pack.cannot:
        raise InputError([Fault(where=str(folder), message=pack.cannot["measures"], expected="a rule set that can")])
    return pack.measures, pack.kinds.read(folder).validated()


def take_up(folder: Path, proposals: ProposalFile, where: str, on: datetime.date) -> tuple[list[TakenUp], Edited]:
    """The drafts of every proposal, and the files that hold them; nothing is written yet.

    ``where`` names the file of proposals. Raises ``InputError`` with every fault: where it is of another rule set, a
    draft is there already, or the rules have changed since; ``RulebaseError`` where the rule set has faults.
    """
    measures, rulebase = _read(folder)
    manifest = rulebase.manifest
    if proposals.ruleset != manifest.ruleset:
        message = f"is of the rule set {proposals.ruleset}, and {folder} is {manifest.ruleset}"
        raise InputError([Fault(where=where, message=message, expected=f"proposals for {manifest.ruleset}")])
    entries: list[DraftEntry] = []
    faults: list[Fault] = []
    seen: set[tuple[str, str, str | None]] = set()
    for number, proposal in enumerate(proposals.proposals, 1):
        key = (proposal.drug, proposal.when, proposal.row)
        if key in seen:
            message = f"proposal {number} says the same of {proposal.drug} {proposal.when} as one before it"
            faults.append(Fault(where=where, message=message, expected="each proposal once"))
            continue
        seen.add(key)
        try:
            entries.append(measures.draft_entry(rulebase, proposal, on))
        except InputError as error:
            faults.extend(error.faults)
    if not faults and proposals.digest != rulebase.digest:
        version = "" if proposals.version == manifest.version else f" of version {proposals.version}"
        message = f"was learned beside other rules{version} ({proposals.digest[:12]}) than {folder} holds"
        expected = f"proposals for {rulebase.digest[:12]} ({manifest.version}): learn again"
        faults.append(Fault(where=where, message=message, expected=expected))
    if faults:
        raise InputError(faults)
    return _written(folder, entries)


def _written(folder: Path, entries: Sequence[DraftEntry]) -> tuple[list[TakenUp], Edited]:
    documents: dict[Path, tuple[RulesetFile, CommentedDocument]] = {}
    numbers: dict[str, int] = {}
    taken: list[TakenUp] = []
    for entry in entries:
        ruleset = RulesetAsFiles(folder, entry.proposal.drug)
        file, data = _table(ruleset)
        prefix, digits = entry.prefix, entry.digits
        if not prefix:
            rows = data.get(entry.listed)
            prefix, digits = prefix_of(rows, ID) or (f"{_letters(entry.proposal.drug)}-", entry.digits)
        if prefix not in numbers:
            numbers[prefix] = int(ruleset.next_id(prefix, 1).removeprefix(prefix))
        id_ = f"{prefix}{numbers[prefix]:0{digits}d}"
        numbers[prefix] += 1
        if file.path not in documents:
            documents[file.path] = file, document_of(file)
        append(documents[file.path][1], entry.listed, {"id": id_, **entry.content})
        taken.append(TakenUp(id_, entry))
    texts = {path: formatted(file, document_text(document)) for path, (file, document) in documents.items()}
    return taken, Edited(folder, texts)


def _letters(drug: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", drug.upper()).lstrip("0123456789") or "ROW"


def _table(ruleset: RulesetAsFiles) -> tuple[RulesetFile, dict[str, Any]]:
    found = table_of(ruleset)
    if found is None:
        message = f"has no table of {ruleset.drug}"
        raise InputError([Fault(where=str(ruleset.folder), message=message, expected="a drug with a table")])
    path, data = found
    return ruleset.file(path), data


def accept(folder: Path, ids: Sequence[str]) -> tuple[list[str], Edited]:
    """Drafts made rows: what was done for each, and the files; nothing is written yet.

    Raises ``InputError`` with every fault: where there is no such draft, or it is for a curator's hand.
    """
    measures, rulebase = _read(folder)
    documents: dict[Path, tuple[RulesetFile, CommentedDocument]] = {}
    said: list[str] = []
    faults: list[Fault] = []
    for id_ in dict.fromkeys(ids):
        drug = measures.drug_of_draft(rulebase, id_)
        if drug is None:
            message = f"holds no draft '{id_}'"
            faults.append(Fault(where=str(folder), message=message, expected="the id of a draft, as check lists them"))
            continue
        file, _ = _table(RulesetAsFiles(folder, drug))
        if file.path not in documents:
            documents[file.path] = file, document_of(file)
        try:
            said.append(f"{id_}: {measures.accept(rulebase, id_, documents[file.path][1].root)}")
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    texts = {path: formatted(file, document_text(document)) for path, (file, document) in documents.items()}
    return said, Edited(folder, texts)


def drafts_folder(ruleset: str, rulebase: Path | None) -> Path:
    """The folder of a rule set that a curator edits; raises ``RulebaseError`` for that of an installed package."""
    from resistab.curation.file_kinds import default_path
    from resistab.rulesets.find import ruleset_folder

    folder = ruleset_folder(ruleset, rulebase or default_path(to_write=True))
    if folder.resolve().parent.parent.name == "_data":
        message = "belongs to the installed package, and is not changed"
        raise RulebaseError([Fault(where=str(folder), message=message, expected="--rulebase with your rule sets")])
    return folder
