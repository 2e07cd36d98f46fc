"""``ARCHITECTURE.md`` says what is so: what it names is there, and its tree leaves nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import resistab
from resistab.domains.registry import NAMES
from tests.paths import ROOT

PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PACKAGE = Path(resistab.__file__).parent
TREE = PAGE.split("```")[1]
# Beside the top level, where paths of the page may begin.
ROOTS = (ROOT, PACKAGE)
# Words in capitals stand for one of many.
ANY = re.compile(r"\b[A-Z]{4,}\b")


def tree_paths() -> Iterator[Path]:
    """The paths of the tree, each put together from its line and those that it is indented beneath."""
    above: list[tuple[int, Path]] = []
    for line in TREE.splitlines():
        found = re.match(r"( {0,8})([\w./]+)(?: {2,}|$)", line)
        if found is None:
            continue
        depth = len(found[1])
        above = [(at, path) for at, path in above if at < depth]
        path = (above[-1][1] if above else ROOT) / found[2]
        above.append((depth, path))
        yield path


def named_paths() -> Iterator[str]:
    """What stands in code elsewhere on the page and is a path."""
    for code in re.findall(r"`([^`\n]+)`", PAGE.replace(f"```{TREE}```", "")):
        for word in re.findall(r"[\w./-]+", code):
            if re.search(r"\w/|/\w|\.(py|yaml|md|j2)$", word):
                yield word


def exists(word: str) -> bool:
    """Whether a path of the page is there, a file or package of that name; of every pack where it stands for any."""
    if "PACK" in word.split("/"):
        return all(exists(word.replace("PACK", name)) for name in NAMES)
    pattern = ANY.sub("*", word).rstrip("/")
    return any(any(root.glob(pattern)) or any(root.glob(f"{pattern}.py")) for root in ROOTS)


def test_every_path_of_the_tree_exists() -> None:
    paths = list(tree_paths())
    assert len(paths) > 20
    assert [path for path in paths if not path.exists()] == []


def test_every_path_in_the_text_exists() -> None:
    words = set(named_paths())
    assert len(words) > 20
    assert sorted(word for word in words if not exists(word)) == []


def test_the_tree_has_every_package_outside_the_packs() -> None:
    packs = {PACKAGE / "domains" / name for name in NAMES}
    packages = {path.parent for path in PACKAGE.rglob("__init__.py")}
    outside = {path for path in packages if not packs & set(path.parents)}
    assert outside - set(tree_paths()) == set()


def test_the_page_has_every_module_that_packs_share() -> None:
    modules = [
        {path.stem for path in (PACKAGE / "domains" / name).iterdir() if not path.stem.startswith("_")}
        for name in NAMES
    ]
    table = set(re.findall(r"`(\w+)`", PAGE.split("## What a pack brings")[1].split("##")[0]))
    assert set.intersection(*modules) - table == set()


def test_the_glossary_has_each_word_once_in_order() -> None:
    words = re.findall(r"^\| ([^|`]+?) +\|", PAGE.split("## Glossary")[1], re.MULTILINE)[1:]
    assert len(words) > 20 and words == sorted(set(words))


def test_it_is_one_page() -> None:
    assert len(PAGE.splitlines()) <= 160
