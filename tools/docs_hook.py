"""What MkDocs calls when it builds the documentation: see ``hooks`` in ``mkdocs.yml``.

Pages lead to others that lie outside ``docs/``, beside the code or the rules that they describe. Whatever is led to is
taken into the site under ``project/``, and links are put right, so that one text serves the repository and the site.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

# MkDocs loads this file with its own folder on the path.
from doc_links import ROOT, links, slug, with_links

DOCS = ROOT / "docs"
OUTSIDE = "project"


def on_config(config: Any) -> None:
    """Name headings as forges do, and take proposals to curators into the navigation, whichever there are."""
    config.mdx_configs.setdefault("toc", {})["slugify"] = slug
    explanation = next(section["Explanation"] for section in config.nav if "Explanation" in section)
    explanation.extend(path.name for path in sorted(DOCS.glob("proposals_*.md")))


def on_files(files: Any, config: Any) -> None:
    """Take in what the pages lead to outside ``docs/``, and what these pages lead to in turn."""
    from mkdocs.structure.files import File

    taken: set[Path] = set()
    waiting = [DOCS / file.src_uri for file in files.documentation_pages()]
    named = (entry for section in config.nav for entry in _entries(section))
    waiting += [ROOT / entry.removeprefix(f"{OUTSIDE}/") for entry in named if entry.startswith(f"{OUTSIDE}/")]
    while waiting:
        path = waiting.pop()
        if path in taken or not path.is_file():
            continue
        taken.add(path)
        if not path.is_relative_to(DOCS):
            files.append(File.generated(config, _place(path), abs_src_path=str(path)))
        if path.suffix == ".md":
            text = path.read_text(encoding="utf-8")
            waiting += [target for name, _ in links(text) if (target := (path.parent / name).resolve()).is_file()]


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The page's text with its links as they are in the site."""
    uri = page.file.src_uri
    origin = ROOT / uri.removeprefix(f"{OUTSIDE}/") if uri.startswith(f"{OUTSIDE}/") else DOCS / uri

    def target(path: str) -> str:
        return os.path.relpath(_place((origin.parent / path).resolve()), os.path.dirname(uri))  # noqa: PTH120

    return with_links(markdown, target)


def on_post_page(output: str, **_: Any) -> str:
    """The page with a name for the theme's box of the search, by which programs that read pages aloud call it."""
    return output.replace('role="dialog"', 'role="dialog" aria-label="Search"', 1)


def _place(path: Path) -> str:
    """Where a file of the repository lies among the sources of the site."""
    if path.is_relative_to(DOCS):
        return path.relative_to(DOCS).as_posix()
    return f"{OUTSIDE}/{path.relative_to(ROOT).as_posix()}"


def _entries(section: Any) -> list[str]:
    """The pages that a part of the navigation names."""
    if isinstance(section, str):
        return [section]
    parts = section.values() if isinstance(section, dict) else section
    return [entry for part in parts for entry in _entries(part)]
