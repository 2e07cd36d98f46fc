"""The two sides of a comparison: folders, or revisions of a git repository read without touching its work tree."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NoReturn

from resistab.core.faults import Fault, RulebaseError, nearest
from resistab.rulesets.find import data_folder, folders_of_rulesets

WORKTREE = "WORKTREE"
_EXPECTED = "a folder with rules, or a git revision such as HEAD~1, main or main:rulebase"
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
_ID = re.compile(r"^ruleset:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Side:
    """One side: what the user called it, and the folder of each rule set by the rule set's id."""

    label: str
    rulesets: dict[str, Path]
    single: bool = False


@dataclass(frozen=True)
class RevisionPair:
    """One rule set on both sides; a side that is None does not have it."""

    ruleset: str
    old: Path | None
    new: Path | None


def rulesets_in(folder: Path) -> dict[str, Path]:
    """The rule sets that ``folder`` is or holds, by id; empty where there is none."""
    return {ruleset_id(found): found for found in folders_of_rulesets(folder)}


def ruleset_id(folder: Path) -> str:
    """The id in a rule set's manifest; the folder's name where it cannot be read."""
    try:
        found = _ID.search((folder / "ruleset.yaml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return folder.name
    return found[1] if found else folder.name


@contextlib.contextmanager
def opened(old: str, new: str, start: Path | None = None) -> Iterator[tuple[Side, Side]]:
    """Both sides, as folders that exist while the context lasts; raises ``RulebaseError`` with what is wrong of each.

    ``start`` is the folder that revisions are looked for from, the current one where it is not given.
    """
    start = start or Path.cwd()
    with tempfile.TemporaryDirectory(prefix="resistab-") as temporary:
        sides: list[Side] = []
        faults: list[Fault] = []
        for number, (text, other) in enumerate(((old, new), (new, old))):
            try:
                sides.append(_side(text, other, start, Path(temporary) / str(number)))
            except RulebaseError as error:
                faults.extend(error.faults)
        if faults:
            raise RulebaseError(dict.fromkeys(faults))
        yield sides[0], sides[1]


def paired(old: Side, new: Side, ruleset: str | None = None) -> list[RevisionPair]:
    """The rule sets of both sides, by id; of those given as folders of one rule set each the ids need not agree.

    Where one side is a single rule set, only that one is compared. Raises ``RulebaseError`` where no rule set is
    left, or ``ruleset`` names none.
    """
    if old.single and new.single and ruleset is None:
        (one,), (other,) = old.rulesets, new.rulesets
        return [RevisionPair(other, old.rulesets[one], new.rulesets[other])]
    ids = sorted({*old.rulesets, *new.rulesets})
    if old.single or new.single:
        ids = sorted(old.rulesets if old.single else new.rulesets)
    if ruleset is not None:
        if ruleset not in ids:
            fault = Fault(
                where="--ruleset",
                message=f"neither side holds a rule set '{ruleset}'",
                expected=f"one of {', '.join(ids)}",
                suggestion=nearest(ruleset, ids, 1),
            )
            raise RulebaseError([fault])
        ids = [ruleset]
    return [RevisionPair(name, old.rulesets.get(name), new.rulesets.get(name)) for name in ids]


def last_release(folder: Path) -> str:
    """The revision at which the rule set in ``folder`` got its version, with the folder, as ``opened`` takes it.

    Raises ``RulebaseError`` where git does not know.
    """
    expected = "the last release with --previous, a revision or a folder"
    repository = Repository.of(folder, str(folder))
    root = repository.root.resolve()
    if not folder.resolve().is_relative_to(root):
        _refuse(str(folder), "lies in no git repository, so that its last release is not known", expected)
    if repository.shallow:
        _refuse(str(folder), "the clone is shallow, so that the last release is not known", expected)
    path = folder.resolve().relative_to(root).as_posix()
    commit = repository.last_change_of_version(f"{path}/ruleset.yaml")
    if commit is None:
        _refuse(str(folder), "was never committed, so that its last release is not known", expected)
    return f"{commit[:12]}:{path}"


def _side(text: str, other: str, start: Path, target: Path) -> Side:
    folder = start / text
    if text != WORKTREE and folder.is_dir() and (found := rulesets_in(folder)):
        return Side(text, found, single=(folder / "ruleset.yaml").is_file())
    if text in (WORKTREE, "."):
        return _present(text, other, start)
    if folder.is_dir() and not _is_revision(text, start):
        _refuse(text, "holds no rule set", "a folder with ruleset.yaml in it or in its subfolders")
    return _revision(text, other, start, target)


def _present(text: str, other: str, start: Path) -> Side:
    """The rules of the repository as they lie in the work tree."""
    repository = Repository.of(start)
    for path in repository.candidates(start, other):
        if found := rulesets_in(repository.root / path):
            return Side(text, found, single=(repository.root / path / "ruleset.yaml").is_file())
    _refuse(text, f"{repository.root} holds no rule set", _EXPECTED)


def _is_revision(text: str, start: Path) -> bool:
    try:
        Repository.of(start).commit(text)
    except RulebaseError:
        return False
    return True


def _revision(text: str, other: str, start: Path, target: Path) -> Side:
    """The rules at a revision, unpacked into ``target``."""
    revision, colon, given = text.partition(":")
    repository = Repository.of(start, text)
    commit = repository.commit(revision, text)
    paths = [given.strip("/")] if colon else repository.candidates(start, other)
    for path in paths:
        names = repository.files(commit, path)
        single = "ruleset.yaml" in names
        if single or any(len(PurePosixPath(name).parts) == 2 and name.endswith("/ruleset.yaml") for name in names):
            # A folder of the same name, since messages name a file by it.
            folder = target / (PurePosixPath(path).name or repository.root.name)
            repository.unpack(commit, path, folder)
            return Side(text, rulesets_in(folder), single)
    tried = " or ".join(f"'{path or '.'}'" for path in paths)
    _refuse(text, f"at this revision there are no rules in {tried}", f"REVISION:FOLDER such as {revision}:rulebase")


def _refuse(where: str, message: str, expected: str | None = None, suggestion: str | None = None) -> NoReturn:
    raise RulebaseError([Fault(where=where, message=message, expected=expected, suggestion=suggestion)])


@dataclass(frozen=True)
class Repository:
    """A git repository, read only; ``root`` is its work tree."""

    root: Path

    @staticmethod
    def of(start: Path, where: str = "git") -> Repository:
        """The repository that ``start`` lies in, else that of the rules shipped; raises ``RulebaseError``."""
        for folder in (start, data_folder("rulebase")):
            found = _git(folder, "rev-parse", "--show-toplevel")
            if found.returncode == 0:
                return Repository(Path(found.stdout.decode().strip()))
        _refuse(where, f"is no folder with rules, and {start} lies in no git repository", _EXPECTED)

    def commit(self, revision: str, where: str = "") -> str:
        """The commit that ``revision`` names; raises ``RulebaseError`` where there is none."""
        found = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if revision and found.returncode == 0:
            return found.stdout.decode().strip()
        names = _git(self.root, "for-each-ref", "--format=%(refname:short)").stdout.decode().split()
        message = f"there is no folder with rules and no git revision '{revision}'"
        if self.shallow:
            message += " (the clone is shallow: git fetch --unshallow brings the rest)"
        _refuse(where or revision, message, _EXPECTED, nearest(revision, [*names, "HEAD"]))

    def candidates(self, start: Path, other: str) -> list[str]:
        """Folders, relative to the root, in which the rules are looked for: the most particular first.

        That of the other side, if it is a folder of the repository; ``start``; ``rulebase``; the root itself.
        """
        root = self.root.resolve()
        places = [start / other] if other not in (".", WORKTREE) and (start / other).is_dir() else []
        inside = [
            folder.resolve().relative_to(root).as_posix()
            for folder in (*places, start)
            if folder.resolve().is_relative_to(root)
        ]
        paths = ["" if path == "." else path for path in inside]
        return list(dict.fromkeys([*(path for path in paths if path), "rulebase", ""]))

    def files(self, commit: str, path: str) -> list[str]:
        """The files under ``path``, relative to it; empty where there is no such folder."""
        listed = _git(self.root, "ls-tree", "-r", "-z", "--name-only", f"{commit}:{path}")
        return listed.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1] if listed.returncode == 0 else []

    def unpack(self, commit: str, path: str, target: Path) -> None:
        """Write the files under ``path`` into the new folder ``target``."""
        packed = _git(self.root, "archive", "--format=tar", f"{commit}:{path}")
        if packed.returncode != 0:
            _refuse(commit, f"git archive failed: {packed.stderr.decode(errors='replace').strip()}")
        target.mkdir(parents=True)
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(target, filter="data")

    @property
    def shallow(self) -> bool:
        """Whether the earlier history is missing."""
        return _git(self.root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"

    def last_change_of_version(self, path: str) -> str | None:
        """The last commit that changed the version in the manifest at ``path``, None where there is none."""
        found = _git(self.root, "log", "-n1", "--format=%H", "-G^version:", "--", path)
        return found.stdout.decode().strip() or None


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in ``folder``; raises ``RulebaseError`` where there is no git."""
    command: Sequence[str] = ("git", "-C", str(folder), *arguments)
    try:
        # In a hook git names its own repository, which need not be this one.
        kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
        # A read takes no lock, so that it cannot get in the way of what the user does in the repository.
        environment = kept | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
        return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=environment)
    except OSError as error:
        raise RulebaseError(
            [Fault(where="git", message="cannot be run: is it installed?", expected="git, or two folders")]
        ) from error
