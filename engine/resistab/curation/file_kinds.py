"""The files of rule sets, whatever their domain: which there are, and of which kind each is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resistab.core.faults import Fault, RulebaseError
from resistab.domains.registry import pack_of, packs
from resistab.rulesets.find import default_rulesets, folders_of_rulesets
from resistab.rulesets.kinds import FileKind


def yaml_kinds() -> dict[str, FileKind]:
    """Every kind of YAML file of every domain, by its name."""
    return {kind.name: kind for pack in packs() for kind in pack.kinds.FILE_KINDS if kind.model is not None}


@dataclass(frozen=True)
class RulesetFile:
    """A file of a rule set; ``where`` is its path as messages give it."""

    path: Path
    folder: Path
    kind: FileKind

    @property
    def where(self) -> str:
        """The path from the current folder where it lies in it, else the whole path."""
        path = self.path.resolve()
        return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def default_path(to_write: bool = False) -> Path:
    """The folder of the rule sets at hand.

    Raises ``RulebaseError`` where it is ``to_write`` and lies inside an installed package, which no curator edits.
    """
    folder = default_rulesets()
    if to_write and folder.parent.name == "_data":
        message = "belongs to the installed package, and is not changed"
        raise RulebaseError(
            [Fault(where=str(folder), message=message, expected="the folder of your rule sets as PATH")]
        )
    return folder


def ruleset_folders(path: Path) -> list[Path]:
    """``path`` if it is the folder of a rule set, else the rule sets in it; raises ``RulebaseError`` for none."""
    folders = folders_of_rulesets(path)
    if not folders:
        message = "holds no rule set" if path.is_dir() else "is not a folder" if path.exists() else "does not exist"
        expected = "a folder with ruleset.yaml in it, or a folder of such folders"
        raise RulebaseError([Fault(where=str(path), message=message, expected=expected)])
    return folders


def ruleset_files(folder: Path) -> Iterator[RulesetFile]:
    """Every YAML file of a rule set that is of a known kind, in the order of the kinds and of their names."""
    for kind in pack_of(folder).kinds.FILE_KINDS:
        if kind.model is not None:
            yield from (RulesetFile(path, folder, kind) for path in kind.paths(folder) if path.is_file())


def files_at(path: Path) -> list[RulesetFile]:
    """The file at ``path``, or all files of the rule sets there.

    Raises ``RulebaseError`` where there is no rule set, or where the file is none of those that a rule set is made of.
    """
    if not path.is_file():
        return [file for folder in ruleset_folders(path) for file in ruleset_files(folder)]
    whole = path.resolve()
    for folder in list(whole.parents)[:3]:
        if (folder / "ruleset.yaml").is_file():
            for file in ruleset_files(folder):
                if file.path == whole:
                    return [file]
    expected = "a YAML file of a rule set, such as tables/gefitinib.yaml"
    raise RulebaseError([Fault(where=str(path), message="is no file of a rule set", expected=expected)])
