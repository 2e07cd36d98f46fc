"""The canonical form of a rule set's files: order of fields, style and spelling, with every comment kept."""

from __future__ import annotations

import datetime
import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from resistab.core.faults import Fault, RulebaseError
from resistab.core.model import Model, model_of
from resistab.curation.file_kinds import RulesetFile
from resistab.curation.kept import KnownFormatted, digest_of_text
from resistab.curation.kit.commented_yaml import Collection, CommentedDocument, Scalar, read_document
from resistab.curation.kit.yaml_writer import document_text
from resistab.files.yaml_source import not_utf8, read_yaml
from resistab.rulesets.kinds import FileKind, Form, Language

SCHEMA_FOLDER = "schemas"
SCHEMA_HEADER = "# yaml-language-server: $schema="


def _parse_date(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None


DATE = Language(_parse_date, datetime.date.isoformat, {}, unquoted=True)


@dataclass(frozen=True)
class Shape:
    """What stands at a place of a file: a model, a list or mapping of further shapes, a text of a language, or data."""

    model: type[Model] | None = None
    items: Shape | None = None
    keys: Shape | None = None
    values: Shape | None = None
    language: Language | None = None


_PLAIN = Shape()


def shape_of(annotation: Any, metadata: Iterable[Any] = ()) -> Shape:
    """The shape that a field's type asks for."""
    for item in metadata:
        if isinstance(item, Language):
            return Shape(language=item)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is datetime.date:
        return Shape(language=DATE)
    if origin is Annotated:
        return shape_of(arguments[0], arguments[1:])
    if (model := model_of(annotation)) is not None:
        return Shape(model=model)
    if origin in (tuple, list):
        return Shape(items=shape_of(arguments[0]))
    if origin is dict:
        return Shape(keys=shape_of(arguments[0]), values=shape_of(arguments[1]))
    return next((shape for shape in map(shape_of, arguments) if shape != _PLAIN), _PLAIN)


def field_shape(model: type[Model], name: str) -> Shape:
    """The shape of a model's field by the name it has in files; that of plain data for an unknown one."""
    for own, info in model.model_fields.items():
        if name == (info.alias or own):
            return shape_of(info.annotation, info.metadata)
    return _PLAIN


def format_text(text: str, kind: FileKind, where: str, schema: str | None = None) -> str:
    """The canonical text of a file.

    ``schema`` is the path from the file to its JSON Schema, which editors look for in the first line. Raises
    ``RulebaseError`` for what is no YAML, and for the rare comment that would be lost.
    """
    # A mark of byte order is no part of what the file says, and its lines end as those of all files do.
    given = text.removeprefix("\ufeff").replace("\r\n", "\n")
    document, faults = read_document(given, where)
    if document is None:
        raise RulebaseError(faults)
    own = [comment for comment in document.comments if not comment.startswith(SCHEMA_HEADER)]
    _arrange(document.root, Shape(model=kind.model), None, kind.form)
    _put_schema(document, schema)
    written = document_text(document)
    if written != given:
        _same_meaning(given, written, own, kind, where)
    return written


def _put_schema(document: CommentedDocument, schema: str | None) -> None:
    document.head = [line for line in document.head if not line.startswith(SCHEMA_HEADER)]
    if schema:
        document.head.insert(0, SCHEMA_HEADER + schema)


def _arrange(node: Scalar | Collection, shape: Shape, parent: type[Model] | None, form: Form) -> None:
    """Put a node and all in it in canonical order, spelling and style."""
    if isinstance(node, Scalar):
        if shape.language and node.is_text:
            canonical = shape.language.canonical(node.text)
            if canonical != node.text:
                node.text, node.lines = canonical, ()
            if shape.language.unquoted and not isinstance(shape.language.meaning(canonical), str):
                node.is_text = False
        return
    if shape.model and node.is_mapping:
        _arrange_model(node, shape.model, parent, form)
        return
    node.flow = all(isinstance(entry.value, Scalar) for entry in node.entries) and not node.is_mapping
    for entry in node.entries:
        if entry.key:
            _arrange(entry.key, shape.keys or _PLAIN, parent, form)
        _arrange(entry.value, (shape.values if node.is_mapping else shape.items) or _PLAIN, parent, form)
        if not node.is_mapping and isinstance(entry.value, Collection) and entry.value.entries:
            # What stands above the first line of an item stands above its dash.
            first = entry.value.entries[0]
            entry.before.extend(line for line in first.before if line)
            first.before = []


def _arrange_model(node: Collection, model: type[Model], parent: type[Model] | None, form: Form) -> None:
    order = {name: number for number, name in enumerate(form.fields_of(model, parent))}
    node.entries.sort(key=lambda entry: order.get(entry.key.text if entry.key else "", len(order)))
    node.flow = model in form.flow_models
    for entry in node.entries:
        name = entry.key.text if entry.key else ""
        value = entry.value
        _arrange(value, field_shape(model, name), model, form)
        if isinstance(value, Scalar):
            value.quoted = value.is_text and (model, name) in form.quoted_fields
        elif (model, name) in form.block_fields:
            value.flow = False
        elif (model, name) in form.flow_fields:
            value.flow = True
        elif (model, name) in form.flow_lines:
            for line in value.entries:
                if isinstance(line.value, Collection):
                    line.value.flow = True


def meaning(data: Any, shape: Shape) -> Any:
    """What a file's data says, however its conditions are spelt and its fields are ordered."""
    if shape.language:
        return shape.language.meaning(data) if isinstance(data, str) else data
    if isinstance(data, dict):
        if shape.model:
            return {key: meaning(value, field_shape(shape.model, str(key))) for key, value in data.items()}
        keys, values = shape.keys or _PLAIN, shape.values or _PLAIN
        return {meaning(key, keys): meaning(value, values) for key, value in data.items()}
    if isinstance(data, list):
        return [meaning(item, shape.items or _PLAIN) for item in data]
    return data


def _same_meaning(before: str, after: str, comments: list[str], kind: FileKind, where: str) -> None:
    """Raise ``RulebaseError`` unless both texts say the same, and ``after`` has all the comments."""
    shape = Shape(model=kind.model)
    (old, _), (new, faults) = read_yaml(before, where), read_yaml(after, where)
    if faults or meaning(old.data, shape) != meaning(new.data, shape):
        raise RulebaseError([Fault(where=where, message="cannot be formatted without a change of what it says")])
    kept, _ = read_document(after, where)
    if lost := list((Counter(comments) - Counter(kept.comments if kept else ())).elements()):
        expected = "a comment on a line of its own, or at the end of a line"
        message = f"the comment '{lost[0]}' would be lost where it stands"
        raise RulebaseError([Fault(where=where, message=message, expected=expected)])


@dataclass(frozen=True)
class Formatted:
    """A file as it was and as it is to be."""

    file: RulesetFile
    before: str
    after: str = field(repr=False)

    @property
    def differs(self) -> bool:
        """Whether the file is not in canonical form."""
        return self.before != self.after


def format_files(files: Iterable[RulesetFile]) -> list[Formatted]:
    """The canonical text of every file; nothing is written. Raises ``RulebaseError`` with the faults of all files.

    A text that an earlier run found to be in canonical form is so still and is not read again.
    """
    done: list[Formatted] = []
    faults: list[Fault] = []
    known, found = KnownFormatted(), []
    for file in files:
        try:
            before = read_exactly(file.path, file.where)
            schema = schema_path(file)
            digest = digest_of_text(before, file.kind.name, schema or "")
            if known.holds(digest):
                done.append(Formatted(file, before, before))
                continue
            done.append(Formatted(file, before, format_text(before, file.kind, file.where, schema)))
            if not done[-1].differs:
                found.append(digest)
        except RulebaseError as error:
            faults.extend(error.faults)
    known.keep(found)
    if faults:
        raise RulebaseError(faults)
    return done


def difference(formatted: Formatted) -> str:
    """What would change in a file, as a unified diff."""
    where = formatted.file.where
    lines = difflib.unified_diff(
        formatted.before.splitlines(keepends=True), formatted.after.splitlines(keepends=True), where, where
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def read_exactly(path: Path, where: str) -> str:
    """A file's text with the line ends that it has; raises ``RulebaseError``."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise RulebaseError([not_utf8(where, error, "a YAML file")]) from error
    except OSError as error:
        raise RulebaseError([Fault(where=where, message=f"cannot be read: {error.strerror}")]) from error


def schema_path(file: RulesetFile) -> str | None:
    """The path from a file to its JSON Schema in ``schemas/`` beside the rule set's folder; None where it has none."""
    schema = file.folder.resolve().parent / SCHEMA_FOLDER / f"{file.kind.name}.json"
    if not schema.is_file():
        return None
    depth = len(file.path.resolve().relative_to(file.folder.resolve()).parts)
    return f"{'../' * depth}{SCHEMA_FOLDER}/{schema.name}"
