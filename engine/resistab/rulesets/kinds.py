"""The kinds of files that a rule set is made of.

A domain has one list of them. Whatever reads, writes or describes the files of a rule set follows it: the loader, the
digest, the overlay, the JSON Schemas and editor settings, and the canonical form. So no file can be loaded and stay
out of the digest, nor the other way round.
"""

from __future__ import annotations

import glob
import importlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resistab.core.model import Model
from resistab.core.records import dataclass, field
from resistab.rulesets.models import RulebaseModel

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema


@dataclass(frozen=True)
class Language:
    """A small language inside the files: how a text is parsed, how what it says is written, and its JSON Schema.

    It stands in the type of a field. ``parse`` raises ``ValueError``, or gives None, for what is none of the language.
    With ``unquoted`` YAML itself reads what is written as what it says, so that it needs no quotes.
    """

    parse: Callable[[str], Any]
    write: Callable[[Any], str]
    schema: Mapping[str, Any] = field(hash=False)
    unquoted: bool = False

    def meaning(self, text: str) -> Any:
        """What ``text`` says; the text itself where it is none of the language."""
        try:
            found = self.parse(text)
        except ValueError:
            return text
        return text if found is None else found

    def canonical(self, text: str) -> str:
        """``text`` as it is written; as it stands where it is none of the language."""
        found = self.meaning(text)
        if isinstance(found, str):
            return text
        written = self.write(found)
        return written if self.meaning(written) == found else text

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """What the models read from a text is a text to whoever writes it, and not the tree that is made of it."""
        return dict(self.schema)


@dataclass(frozen=True)
class Form:
    """How a domain's files are laid out and described; ``whose`` names its rule sets in the title of a schema.

    ``field_order`` is that of a model, or of a model within another, where it is not the order of its fields. What is
    of ``flow_models`` stands on one line where it fits, as do ``flow_fields`` and each entry of ``flow_lines``;
    ``block_fields`` never do.
    ``quoted_fields`` are columns of prose of which some lines need quotes: all have them. ``help`` is what an editor
    shows beside a field, by its name or by its model and name. ``patterns`` says in words what patterns of the domain's
    models ask for.
    """

    whose: str
    field_order: Mapping[type[Model] | tuple[type[Model], type[Model]], tuple[str, ...]] = field(default_factory=dict)
    flow_models: frozenset[type[Model]] = frozenset()
    flow_fields: frozenset[tuple[type[Model], str]] = frozenset()
    flow_lines: frozenset[tuple[type[Model], str]] = frozenset()
    block_fields: frozenset[tuple[type[Model], str]] = frozenset()
    quoted_fields: frozenset[tuple[type[Model], str]] = frozenset()
    help: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)

    def fields_of(self, model: type[Model], parent: type[Model] | None) -> tuple[str, ...]:
        """The fields of a model as files name them, in canonical order; ``parent`` is the model it stands in."""
        within = self.field_order.get((model, parent)) if parent is not None else None
        own = within or self.field_order.get(model)
        return own or tuple(info.alias or name for name, info in model.model_fields.items())


@dataclass(frozen=True)
class Later:
    """An object that is imported when it is asked for: a start that finds its rules in the cache needs few models."""

    module: str
    name: str

    def get(self) -> Any:
        """The object."""
        return getattr(importlib.import_module(self.module), self.name)


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its name, the files of a rule set that are of it, as a glob, and the model of their content.

    ``content`` is None for data that is no YAML. A ``required`` file must be there. ``in_overlay`` is the model that
    such a file has in an overlay, None where an overlay has none. What is no part of the ``rules``, such as cases, is
    neither loaded with them nor counted in their digest.
    """

    name: str
    files: str
    content: type[RulebaseModel] | Later | None
    layout: Form | Later
    required: bool = False
    in_overlay: type[RulebaseModel] | Later | None = None
    rules: bool = True

    @property
    def model(self) -> type[RulebaseModel] | None:
        """The model of the content of such files."""
        return _now(self.content)

    @property
    def overlay(self) -> type[RulebaseModel] | None:
        """The model that such a file has in an overlay."""
        return _now(self.in_overlay)

    @property
    def form(self) -> Form:
        """How such files are laid out."""
        form = self.layout.get() if isinstance(self.layout, Later) else self.layout
        assert isinstance(form, Form)
        return form

    @property
    def folder(self) -> str:
        """The folder in which such files lie, the file itself where there is one at most."""
        return self.files.partition("/")[0]

    def names(self, folder: Path) -> list[str]:
        """The files of this kind of the rule set in ``folder``, from that folder on."""
        return glob.glob(self.files, root_dir=folder, recursive=True, include_hidden=True)  # noqa: PTH207

    def paths(self, folder: Path) -> list[Path]:
        """The files of this kind of the rule set in ``folder``, in the order of their names."""
        return sorted(folder / name for name in self.names(folder))


def _now(model: type[RulebaseModel] | Later | None) -> type[RulebaseModel] | None:
    found: type[RulebaseModel] | None = model.get() if isinstance(model, Later) else model
    return found


def rule_files(folder: Path, kinds: Iterable[FileKind]) -> list[str]:
    """The files that make up the rules of the rule set in ``folder``, from that folder on, in the order of their names.

    As texts: a start looks at several hundred of them, and paths take longer to be made than files to be read.
    """
    names = {name.replace(os.sep, "/") for kind in kinds if kind.rules for name in kind.names(folder)}
    # Folder by folder, as paths are sorted.
    return sorted(names, key=lambda name: name.split("/"))
