"""What a curator fills in: new tables, rows, mechanism rules and cases, with the next free id.

What is left to fill in stands as ``<…>`` or empty, and each such place is a fault until it was filled in.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NoReturn

from resistab.core.faults import Fault, RulebaseError, nearest
from resistab.curation.file_kinds import (
    RulesetFile,
    ruleset_folders,
)
from resistab.curation.fmt import format_text, read_exactly, schema_path
from resistab.curation.kit.commented_yaml import Collection, CommentedDocument, CommentedEntry, Scalar, read_document
from resistab.curation.kit.scaffolds import ID, TABLES, RuleFiles, Scaffolds
from resistab.curation.kit.yaml_writer import document_text
from resistab.domains.registry import pack_of, packs
from resistab.files.yaml_source import read_yaml
from resistab.rulesets.kinds import FileKind
from resistab.rulesets.models import slug

_PREFIX = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$")
LEAST_LETTERS = 3
# Of 1: how alike two names of drugs are of which one may be a slip of the other.
_LIKE = 0.88


@dataclass(frozen=True)
class Scaffold:
    """A file with something new in it: its text, the line on which that begins, and what it is called.

    ``before`` is what must be in another file first, such as the drug of a table.
    """

    file: RulesetFile
    text: str
    line: int
    name: str
    before: Scaffold | None = None


@dataclass(frozen=True)
class RulesetAsFiles:
    """A rule set as its files stand, faulty or not, and the name of a drug in it."""

    folder: Path
    drug: str = ""

    @property
    def scaffolds(self) -> Scaffolds:
        """What its domain gives to fill in."""
        return pack_of(self.folder).curate.scaffolds()

    @property
    def kinds(self) -> tuple[FileKind, ...]:
        """The kinds of its files."""
        return pack_of(self.folder).kinds.FILE_KINDS

    def data(self, pattern: str) -> dict[Path, dict[str, Any]]:
        """What can be read of the files."""
        found = {path: read_yaml(read_exactly(path, str(path)), str(path))[0].data for path in self.paths(pattern)}
        return {path: data for path, data in found.items() if isinstance(data, dict)}

    def paths(self, pattern: str) -> list[Path]:
        """The files that a pattern fits."""
        return sorted(path for path in self.folder.glob(pattern) if path.is_file())

    def file(self, path: Path) -> RulesetFile:
        """A file that is of the kind whose files lie in that folder."""
        name = path.relative_to(self.folder)
        # Of two kinds in one folder the files of one lie deeper.
        alike = [kind for kind in self.kinds if kind.folder == name.parts[0]]
        fitting = (kind for kind in alike if name.match(kind.files))
        return RulesetFile(path, self.folder, next(fitting, alike[0]))

    def next_id(self, prefix: str, width: int) -> str:
        """The first id behind all that any file of the rule set names, in a comment or as a replaced row too."""
        pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(prefix)}(\d+)(?!\d)")
        texts = [read_exactly(path, str(path)) for path in self.paths("**/*.yaml")]
        numbers = [int(number) for text in texts for number in pattern.findall(text)]
        return f"{prefix}{max(numbers, default=0) + 1:0{width}d}"

    def is_used(self, prefix: str) -> bool:
        """Whether any file names an id with this prefix."""
        pattern = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(prefix)}-\d")
        return any(pattern.search(read_exactly(path, str(path))) for path in self.paths("**/*.yaml"))


def new_table(
    path: Path, drug: str, prefix: str | None, on: datetime.date, drug_class: str = "", is_new: bool = False
) -> Scaffold:
    """A table for a drug that has none, with one row to fill in where a table of the domain begins with one.

    A drug that the rule set does not know is entered in drugs.yaml too, of ``drug_class`` where that is said; one whose
    name is like that of a known drug only where ``is_new`` says that it is another. Raises ``RulebaseError``.
    """
    if not any(drug.casefold() in _drug_names(RulesetAsFiles(folder)) for folder in ruleset_folders(path)):
        return _new_drug(path, drug, prefix, on, drug_class, is_new)
    ruleset = _with_drug(path, drug)
    if (present := table_of(ruleset)) is not None:
        raise _fault(present[0], f"is the table of {ruleset.drug}", f"resistab new row {ruleset.drug}")
    return _made_table(ruleset, _table_path(ruleset), prefix, on)


def _made_table(ruleset: RulesetAsFiles, path: Path, prefix: str | None, on: datetime.date) -> Scaffold:
    file = ruleset.file(path)
    scaffolds = ruleset.scaffolds
    content: dict[str, Any] = {"drug": ruleset.drug}
    if scaffolds.table is not None:
        number = "1".zfill(scaffolds.digits)
        content |= scaffolds.table(scaffolds.row(f"{_new_prefix(ruleset, ruleset.drug, prefix)}-{number}", on))
    return Scaffold(
        file, formatted(file, document_text(CommentedDocument(_tree(content)))), 1, f"the table of {ruleset.drug}"
    )


def _new_drug(path: Path, drug: str, prefix: str | None, on: datetime.date, drug_class: str, is_new: bool) -> Scaffold:
    """The table of a drug that is not known, with its entry in drugs.yaml."""
    folders = ruleset_folders(path)
    if len(folders) != 1:
        _with_drug_among(path, drug, "the folder of one rule set as PATH, to which the drug is then added")
    ruleset = RulesetAsFiles(folders[0])
    names = _drug_names(ruleset)
    near = nearest(drug, names, 1)
    if near is not None and not is_new and SequenceMatcher(None, drug.casefold(), near).ratio() >= _LIKE:
        _with_drug_among(path, drug, "--new where it is another drug than that")
    entry = ruleset.scaffolds.drug(drug, drug_class)
    entered = _appended(ruleset.file(ruleset.folder / "drugs.yaml"), "drugs", entry, f"the drug {entry['name']}")
    ruleset = RulesetAsFiles(ruleset.folder, str(entry["name"]))
    # Which folder is its class's is not known before the class is.
    said = entry if drug_class else {"name": ruleset.drug, "classes": []}
    flat = ruleset.folder / TABLES
    place = ruleset.folder / ruleset.scaffolds.place(said)
    folder = flat if any(flat.glob("*.yaml")) else place.parent
    return replace(_made_table(ruleset, _free_path(folder, place.stem), prefix, on), before=entered)


def new_row(path: Path, drug: str, on: datetime.date) -> Scaffold:
    """A row at the end of a drug's table."""
    ruleset = _with_drug(path, drug)
    present = table_of(ruleset)
    if present is None:
        raise _fault(ruleset.folder, f"has no table of {ruleset.drug}", f"resistab new table {ruleset.drug}")
    path, data = present
    scaffolds = ruleset.scaffolds
    known = prefix_of(data.get(scaffolds.rows), scaffolds.numbered)
    if known is None:
        made = scaffolds.prefix(ruleset.drug) if scaffolds.prefix else f"{_new_prefix(ruleset, ruleset.drug, None)}-"
        known = made, scaffolds.digits
    name = ruleset.next_id(*known)
    return _appended(ruleset.file(path), scaffolds.rows, scaffolds.row(name, on), name)


def new_rule(path: Path, called: str, name: str, prefix: str | None, on: datetime.date) -> Scaffold:
    """A rule at the end of a file of rules of no drug, which is made where there is none.

    ``called`` is what the domain calls such rules ("mechanism").
    """
    folders = [folder for folder in ruleset_folders(path) if called in pack_of(folder).curate.scaffolds().rules]
    if len(folders) != 1:
        found = f"holds {len(folders)} rule sets" if folders else "holds no rule set"
        having = " or ".join(pack.many for pack in packs() if called in pack.curate.scaffolds().rules)
        raise _fault(path, f"{found} that can have {called}s", f"the folder of one rule set for {having} as PATH")
    ruleset = RulesetAsFiles(folders[0])
    files = ruleset.scaffolds.rules[called]
    stem = name.removesuffix(".yaml")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", stem):
        raise _fault(path, f"'{name}' is no name for a {called} file", "a name such as map_kinase_pathway")
    file = ruleset.file(ruleset.folder / files.folder / f"{stem}.yaml")
    if not file.path.is_file():
        rule = files.rule(f"{_new_prefix(ruleset, stem, prefix, files)}-001", on)
        text = formatted(file, document_text(CommentedDocument(_tree(files.file(rule)))))
        return Scaffold(file, text, 1, f"the {called} {rule['id']}")
    data = ruleset.data(f"{files.folder}/{stem}.yaml").get(file.path, {})
    known = prefix_of(data.get(files.listed), ID)
    start, width = known or (f"{_new_prefix(ruleset, stem, prefix, files)}-", 3)
    rule_id = ruleset.next_id(start, width)
    return _appended(file, files.listed, files.rule(rule_id, on), rule_id)


def new_case(path: Path, drug: str, name: str | None) -> Scaffold:
    """A case about a drug, in the file of that ``name``, else in the one that has most cases about it."""
    ruleset = _with_drug(path, drug)
    folder = ruleset.folder / "cases"
    target = folder / f"{name.removesuffix('.yaml')}.yaml" if name else _cases_about(ruleset)
    if name and target.parent != folder:
        raise _fault(path, f"'{name}' is no name for a file of cases", "a name such as her2")
    scaffolds = ruleset.scaffolds
    content = {"case": None, **scaffolds.case, "expect": {ruleset.drug: scaffolds.expectation}}
    file = ruleset.file(target)
    return _appended(file, "cases", content, f"a case about {ruleset.drug}")


# --- as YAML ------------------------------------------------------------------------------------------------------


def _tree(content: Mapping[str, Any]) -> Collection:
    entries = [CommentedEntry(_node(value), Scalar(key, is_text=True)) for key, value in content.items()]
    return Collection(is_mapping=True, entries=entries)


def _node(value: Any) -> Scalar | Collection:
    if isinstance(value, Mapping):
        return _tree(value)
    if isinstance(value, list):
        return Collection(is_mapping=False, entries=[CommentedEntry(_node(item)) for item in value])
    text = "" if value is None else str(value)
    if isinstance(value, float) and "e" in text and "." not in text:
        # Without a point YAML takes it for a text.
        text = text.replace("e", ".0e")
    return Scalar(text, is_text=isinstance(value, str))


# --- where it is put ----------------------------------------------------------------------------------------------


def _appended(file: RulesetFile, name: str, content: Mapping[str, Any], called: str) -> Scaffold:
    """``content`` behind the last item of a file's list; the list and the file are made where there is none."""
    document = document_of(file) if file.path.is_file() else CommentedDocument(Collection(is_mapping=True))
    number = append(document, name, content)
    text = formatted(file, document_text(document))
    place = read_yaml(text, file.where)[0].places[name, number]
    return Scaffold(file, text, place[0], called)


def document_of(file: RulesetFile) -> CommentedDocument:
    """A file as a tree; raises ``RulebaseError`` where it is no YAML."""
    document, faults = read_document(read_exactly(file.path, file.where), file.where)
    if document is None:
        raise RulebaseError(faults)
    return document


def append(document: CommentedDocument, name: str, content: Mapping[str, Any]) -> int:
    """Put ``content`` behind the last item of a list, which is made where there is none; says which item it is."""
    root = document.root
    items = root.value(name)
    if not isinstance(items, Collection) or items.is_mapping:
        items = Collection(is_mapping=False)
        root.entries = [entry for entry in root.entries if not entry.key or entry.key.text != name]
        apart = [""] if any("" in entry.before for entry in root.entries) else []
        root.entries.append(CommentedEntry(items, Scalar(name, is_text=True), before=apart))
    items.entries.append(
        CommentedEntry(_tree(content), before=[""] if any("" in entry.before for entry in items.entries) else [])
    )
    return len(items.entries) - 1


def formatted(file: RulesetFile, text: str) -> str:
    """The canonical text of a file."""
    return format_text(text, file.kind, file.where, schema_path(file))


def table_of(ruleset: RulesetAsFiles) -> tuple[Path, dict[str, Any]] | None:
    """The file of the drug's table and what it holds."""
    of_drugs = [kind.files for kind in ruleset.kinds if kind.model is not None and "drug" in kind.model.model_fields]
    tables = [item for files in of_drugs for item in ruleset.data(files).items()]
    return next(((path, data) for path, data in tables if data.get("drug") == ruleset.drug), None)


def _table_path(ruleset: RulesetAsFiles) -> Path:
    """The file of a new table: where the domain puts it, but beside the others where these lie in one folder."""
    flat = ruleset.folder / TABLES
    listed = [drug for data in ruleset.data("drugs.yaml").values() for drug in data.get("drugs", [])]
    entry = next(drug for drug in listed if drug.get("name") == ruleset.drug)
    place = ruleset.folder / ruleset.scaffolds.place(entry)
    return _free_path(flat if any(flat.glob("*.yaml")) else place.parent, place.stem)


def _free_path(folder: Path, stem: str) -> Path:
    """A file of that name; with a number where there is one already."""
    taken = {path.stem.casefold() for path in folder.glob("*.yaml")}
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return folder / f"{next(name for name in names if name.casefold() not in taken)}.yaml"


def _cases_about(ruleset: RulesetAsFiles) -> Path:
    def about(data: dict[str, Any]) -> int:
        cases = data.get("cases")
        return sum(
            isinstance(case, dict) and isinstance(case.get("expect"), dict) and ruleset.drug in case["expect"]
            for case in (cases if isinstance(cases, list) else [])
        )

    counted = {path: about(data) for path, data in ruleset.data("cases/*.yaml").items()}
    best = max(counted, key=lambda path: counted[path], default=None)
    return best if best and counted[best] else _free_path(ruleset.folder / "cases", slug(ruleset.drug))


def prefix_of(rows: Any, pattern: re.Pattern[str]) -> tuple[str, int] | None:
    """The prefix that most ids of a list have, and how many digits follow it; None where no row has an id."""
    ids = [str(row.get("id")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    matches = [match for text in ids if (match := pattern.match(text))]
    if not matches:
        return None
    prefix = Counter(match["prefix"] for match in matches).most_common(1)[0][0]
    return prefix, max(len(match["number"]) for match in matches if match["prefix"] == prefix)


def _new_prefix(ruleset: RulesetAsFiles, name: str, wanted: str | None, files: RuleFiles | None = None) -> str:
    """A prefix of ids that no row has: the one that is ``wanted``, else the shortest beginning of ``name``.

    Of rules in ``files`` it has the first word of the name at least.
    """
    begins = files.begins if files is not None else ""
    if wanted is not None:
        if not _PREFIX.match(wanted):
            raise _fault(ruleset.folder, f"'{wanted}' is no prefix of ids", "letters in capitals, such as GEF")
        if ruleset.is_used(f"{begins}{wanted}"):
            raise _fault(ruleset.folder, f"the prefix '{begins}{wanted}' is in use", "a prefix that no row has")
        return f"{begins}{wanted}"
    letters = re.sub(r"[^A-Z0-9]", "", name.upper()).lstrip("0123456789") or "ROW"
    least = len(re.split(r"[_-]", name)[0]) if files is not None else LEAST_LETTERS
    candidates = [f"{begins}{letters[:length]}" for length in range(min(least, len(letters)), len(letters) + 1)]
    candidates += [f"{begins}{letters}{number}" for number in range(2, 100)]
    return next(candidate for candidate in candidates if not ruleset.is_used(candidate))


def _with_drug(path: Path, drug: str) -> RulesetAsFiles:
    """The one rule set at ``path`` that has the drug, by its name or another name of it."""
    found: list[RulesetAsFiles] = []
    for folder in ruleset_folders(path):
        names = _drug_names(RulesetAsFiles(folder))
        if drug.casefold() in names:
            found.append(RulesetAsFiles(folder, names[drug.casefold()]))
    if len(found) == 1:
        return found[0]
    if found:
        message = f"'{drug}' is a drug of {' and of '.join(item.folder.name for item in found)}"
        raise _fault(path, message, "the folder of one rule set as PATH")
    _with_drug_among(path, drug, "a drug of drugs.yaml; 'resistab new table DRUG' enters a new one there")


def _with_drug_among(path: Path, drug: str, expected: str) -> NoReturn:
    """Refuse a drug that no rule set at ``path`` knows."""
    known = [name for folder in ruleset_folders(path) for name in _drug_names(RulesetAsFiles(folder)).values()]
    fault = Fault(where=str(path), message=f"unknown drug '{drug}'", expected=expected, suggestion=nearest(drug, known))
    raise RulebaseError([fault])


def _drug_names(ruleset: RulesetAsFiles) -> dict[str, str]:
    names: dict[str, str] = {}
    own: dict[str, str] = {}
    for data in ruleset.data("drugs.yaml").values():
        drugs = data.get("drugs")
        for drug in drugs if isinstance(drugs, list) else []:
            if isinstance(drug, dict) and isinstance(drug.get("name"), str):
                name = drug["name"]
                own[name.casefold()] = name
                listed = [part for field in ("brands", "aliases") if isinstance(part := drug.get(field), list)]
                others = [drug.get("full_name"), *(other for part in listed for other in part)]
                names |= {other.casefold(): name for other in others if isinstance(other, str)}
    return names | own


def _fault(where: Path, message: str, expected: str) -> RulebaseError:
    return RulebaseError([Fault(where=str(where), message=message, expected=expected)])
