"""The messages of the reports, for those who translate them: ``make translations`` writes them anew.

python tools/translations.py            write reports/translations/resistab.pot, and bring each translation up to it
python tools/translations.py --check    write nothing; say what is stale, missing, superfluous or wrong, and exit 1

Messages are marked in the code by ``gettext``, ``ngettext`` and ``counted``, and by the functions of ``core/said.py``
where something is concluded; in the templates by ``{% trans %}``, ``_`` and ``counted``. A translation keeps what it
has; a message that is new or has changed is left empty in it, and one that is gone is taken out.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from resistab.files.output import write_whole
from resistab.report.page import page_environment
from resistab.report.translations import CONCLUDED, LISTS, TEMPLATE, faults_of

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "reports" / "translations"
CODE = ROOT / "engine" / "resistab"
TEMPLATES = ROOT / "reports" / "templates"
# What a patient's report is made of. Pages for curators, the terminal and what programs read are English.
PAGES = (
    *("evidence", "frame", "learned_beside", "measured", "options", "overlay", "page", "paper", "report"),
    *("timeline", "viral_report"),
)
WORDS = ("gettext", "gettext_noop", "ngettext", "counted")
SAID = ("said", "said_of", "terms", "lists")
# Where counted things are words of a page, and not of a terminal or of a sentence that is concluded.
_COUNTING = ("words.py", "wording.py", "first_page.py", "steps.py", "page.py", "learned.py", "drawing.py")
_FROM = ("resistab.core.said", "resistab.report.language", "resistab.report.words")
_PLURAL = ("counted", "said_of", "ngettext")
# What changes with every run, or with whoever writes the file.
_PASSING = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Generated-By", "Report-Msgid")
_HEADER = """\
# Translations of the reports of resistab.
# Under the licence of the code, Apache-2.0.
#"""


class Marked(NamedTuple):
    """A message: its text, or that for one and that for many; its context, "" for words of a page; its place."""

    text: str | tuple[str, str]
    context: str
    place: str


def marked_in_code(path: Path) -> Iterator[Marked]:
    """The messages that a module marks; raises ``ValueError`` where one is no text that is written there."""
    place = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text("utf-8"))
    named: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, set()).update(_texts(node.value, {}))
    marking = set(_marking(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in marking:
            continue
        name = node.func.id
        if name == "counted" and path.name not in _COUNTING:
            continue
        first = 1 if name in ("counted", "said_of") else 0
        last = len(node.args) if name in ("terms", "lists") else first + (2 if name in _PLURAL else 1)
        given = [_texts(argument, named) for argument in node.args[first:last]]
        if name in _PLURAL or name in ("terms", "lists"):
            texts = [text for found in given for text in found[:1]]
            if len(texts) == len(given):
                yield from _marked(name, texts, place)
                continue
        elif given[0]:
            for text in given[0]:
                yield from _marked(name, [text], place)
            continue
        # Words of a page may be kept elsewhere, where they are marked; what is concluded is written where it is said.
        if name in SAID:
            raise ValueError(f"{place}:{node.lineno}: {name} is given what is no text")


def _marking(tree: ast.Module) -> Iterator[str]:
    """The functions that mark messages, as far as a module imports them or has them itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "gettext_noop":
            yield node.name
        if isinstance(node, ast.ImportFrom) and node.module in _FROM:
            yield from (alias.name for alias in node.names if alias.name in (*WORDS, *SAID))


def _texts(node: ast.expr, named: Mapping[str, set[str]]) -> list[str]:
    """The texts that an argument may be: one, one of two, or those that a name is given in the module."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body, named), *_texts(node.orelse, named)]
    return sorted(named.get(node.id, ())) if isinstance(node, ast.Name) else []


def _marked(name: str, texts: list[str], place: str) -> Iterator[Marked]:
    match name:
        case "terms":
            yield from (Marked(text, CONCLUDED, place) for text in texts)
        case "lists":
            yield from (Marked(text, LISTS, place) for text in texts)
        case "said":
            yield Marked(texts[0], CONCLUDED, place)
        case "counted":
            one, many = texts if len(texts) == 2 else (texts[0], f"{texts[0]}s")
            yield Marked((f"{{number}} {one}", f"{{number}} {many}"), "", place)
        case "said_of" | "ngettext":
            yield Marked((texts[0], texts[1]), CONCLUDED if name == "said_of" else "", place)
        case _:
            yield Marked(texts[0], "", place)


def marked_in_template(path: Path) -> Iterator[Marked]:
    """The messages of a template."""
    environment: Any = page_environment()
    place = path.relative_to(ROOT).as_posix()
    for _, name, found in environment.extract_translations(
        path.read_text("utf-8"), ("_", "gettext", "ngettext", "counted")
    ):
        if found is None:
            # Words that are marked where they are kept.
            continue
        texts = [found] if isinstance(found, str) else [text for text in found if text is not None]
        yield from _marked("gettext" if name == "_" else name, texts, place)


def template() -> Catalog:
    """Every message of the reports, in the order in which the sources have them."""
    catalog = Catalog(project="resistab", version="reports", header_comment=_HEADER, charset="utf-8", fuzzy=False)
    found = [one for name in PAGES for one in marked_in_template(TEMPLATES / f"{name}.html.j2")]
    found += marked_in_template(TEMPLATES / "timeline.svg.j2")
    for path in sorted(CODE.rglob("*.py")):
        if path.relative_to(CODE).parts[0] in ("core", "report", "domains"):
            found += marked_in_code(path)
    for one in found:
        catalog.add(one.text, context=one.context or None, locations=[(one.place, 0)])
    return catalog


def written(catalog: Catalog) -> str:
    """A catalogue as its file holds it: without numbers of lines, which change with every edit."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, include_lineno=False, omit_header=False, ignore_obsolete=True)
    lines = file.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{header}' for header in _PASSING)))


def updated(path: Path, source: Catalog) -> Catalog:
    """A translation with the messages of ``source`` alone; those that it does not have are empty."""
    with path.open("rb") as file:
        before = read_po(file)
    catalog = Catalog(
        before.locale, None, before.header_comment, source.project, source.version, charset="utf-8", fuzzy=False
    )
    for message in source:
        if message.id:
            known = before.get(message.id, message.context)
            text = known.string if known is not None else ""
            flags = known.flags if known is not None else message.flags
            catalog.add(message.id, text, message.locations, flags, context=message.context)
    return catalog


def complaints() -> list[str]:
    """What is stale or wrong, in words."""
    source = template()
    found = []
    if (FOLDER / TEMPLATE).read_text("utf-8") != written(source):
        found.append(f"{TEMPLATE} is stale: make translations writes it anew")
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            found += map(str, faults_of(read_po(file, abort_invalid=True), source, path.name))
    return found


def main() -> None:
    """Do what the arguments ask."""
    if "--check" in sys.argv[1:]:
        found = complaints()
        print("\n".join(found) or "the translations are whole")
        sys.exit(1 if found else 0)
    source = template()
    write_whole(FOLDER / TEMPLATE, written(source))
    for path in sorted(FOLDER.glob("*.po")):
        catalog = updated(path, source)
        write_whole(path, written(catalog))
        empty = sum(1 for message in catalog if message.id and not (message.string and all(message.string)))
        print(f"{path.relative_to(ROOT)}: {len(catalog)} messages, {empty} to be translated")


if __name__ == "__main__":
    main()
