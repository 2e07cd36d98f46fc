"""YAML read with the place of every value, refusing what YAML would let pass in silence.

Refused: a key given twice, aliases and anchors (a value then stands where nobody sees it, and a small file can
expand without bound), tags, and more than one document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from resistab.faults import Fault, nearest

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Source:
    """The data of one YAML file, and the line and column (from 1) of each value by its path of keys."""

    where: str
    data: Any
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    def fault(self, path: Path_, message: str, expected: str | None = None, suggestion: str | None = None) -> Fault:
        """A fault at the value under ``path``, or at its nearest known parent."""
        place: tuple[int, int] | None = None
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place:
                break
        line, column = place or (None, None)
        return Fault(
            where=self.where,
            line=line,
            column=column,
            message=message,
            expected=expected,
            suggestion=suggestion,
        )


def read_yaml(text: str, where: str) -> tuple[Source, list[Fault]]:
    """The data in ``text`` and the faults of its YAML; ``where`` names the file in messages.

    With faults of form the data is what could be read, None where nothing could.
    """
    faults: list[Fault] = []
    source = Source(where=where, data=None)
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            data = _Builder(loader, source, faults).build(node, ()) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        faults.append(
            Fault(
                where=where,
                line=mark.line + 1 if mark else None,
                column=mark.column + 1 if mark else None,
                message=f"malformed YAML: {problem}",
            )
        )
        return source, faults
    except yaml.YAMLError as error:
        faults.append(Fault(where=where, message=f"malformed YAML: {' '.join(str(error).split())}"))
        return source, faults
    except RecursionError:
        faults.append(Fault(where=where, message="malformed YAML: nested too deeply"))
        return source, faults
    return Source(where=where, data=data, places=source.places), faults


class _Builder:
    def __init__(self, loader: Any, source: Source, faults: list[Fault]) -> None:
        self.loader, self.source, self.faults = loader, source, faults
        self.seen: set[int] = set()

    def build(self, node: yaml.Node, path: Path_) -> Any:
        self.source.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if not isinstance(node, yaml.ScalarNode):
            if id(node) in self.seen:
                self.faults.append(
                    self.source.fault(path, "an alias", expected="every value written out where it stands")
                )
                return None
            self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            reason = getattr(error, "problem", None) or str(error)
            self.faults.append(self.source.fault(path, f"malformed YAML: {reason}"))
            return None

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.loader.construct_object(key_node, deep=True)
            if not isinstance(key, str | int):
                key = str(key)
            key_place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in built:
                first = self.source.places[(*path, key)][0]
                self.faults.append(
                    Fault(
                        where=self.source.where,
                        line=key_place[0],
                        column=key_place[1],
                        message=f"the key '{key}' is given twice, first on line {first}",
                        expected="each key once",
                    )
                )
                continue
            built[key] = self.build(value_node, (*path, key))
            if not built[key]:
                self.source.places[(*path, key)] = key_place
        return built


def read_yaml_file(path: Path, where: str) -> tuple[Source, list[Fault]]:
    """As ``read_yaml``, from a file; an unreadable file is a fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return Source(where, None), [
            Fault(
                where=where,
                message=f"not text in UTF-8 (byte {error.start} cannot be read)",
                expected="a YAML file",
            )
        ]
    except OSError as error:
        return Source(where, None), [Fault(where=where, message=f"cannot be read: {error.strerror}")]
    return read_yaml(text, where)


def schema_faults(source: Source, error: ValidationError, model: type[BaseModel], prefix: Path_ = ()) -> list[Fault]:
    """The faults of a model's ``ValidationError``, each at the place of the value it speaks of."""
    faults = []
    for item in error.errors(include_url=False, include_context=True):
        location = tuple(part for part in item["loc"] if _in_data(source.data, prefix, item["loc"], part))
        path = prefix + location
        name = str(item["loc"][-1]) if item["loc"] else ""
        match item["type"]:
            case "extra_forbidden":
                fields = _fields_at(model, item["loc"][:-1])
                faults.append(
                    source.fault(
                        prefix + tuple(item["loc"]),
                        f"unknown field '{name}'",
                        expected="one of " + ", ".join(sorted(fields)) if fields else None,
                        suggestion=nearest(name, fields, limit=1),
                    )
                )
            case "missing":
                faults.append(source.fault(prefix + tuple(item["loc"][:-1]), f"the field '{name}' is missing"))
            case "literal_error":
                options = item["ctx"]["expected"]
                given = str(item["input"])
                known = [option.strip(" '") for option in options.replace(" or ", ", ").split(",")]
                faults.append(
                    source.fault(
                        path,
                        f"'{name}' is '{given}'",
                        expected=f"one of {options}",
                        suggestion=nearest(given, known, 1),
                    )
                )
            case "value_error":
                reason = item["ctx"]["error"]
                faults.append(source.fault(path, f"in '{name}' ({_short(item['input'])}): {reason}"))
            case _:
                message = item["msg"][0].lower() + item["msg"][1:]
                faults.append(source.fault(path, f"'{name}' is {_short(item['input'])}", expected=_expected(message)))
    return faults


def _expected(message: str) -> str:
    for start in ("input should be ", "string should "):
        if message.startswith(start):
            return message.removeprefix(start).replace("match pattern", "to match the pattern")
    return message


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _in_data(data: Any, prefix: Path_, location: tuple[Any, ...], part: Any) -> bool:
    """Whether ``part`` of an error's location is a key of the data, not a tag that pydantic put in."""
    current = data
    for step in prefix:
        current = current[step]
    for step in location:
        if (isinstance(current, dict) and step in current) or (
            isinstance(current, list) and isinstance(step, int) and step < len(current)
        ):
            current = current[step]
            if step is part:
                return True
    return False


def _fields_at(model: type[BaseModel], location: tuple[Any, ...]) -> list[str]:
    """The field names of the model that stands at ``location`` inside ``model``."""
    current: type[BaseModel] = model
    for step in location:
        if isinstance(step, str) and step in current.model_fields:
            inner = _model_in(current.model_fields[step].annotation)
            if inner is None:
                return []
            current = inner
    return list(current.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
