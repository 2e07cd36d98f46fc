"""YAML read with the place of every value, refusing what YAML would let pass in silence.

Numbers are those of JSON alone: what YAML takes for a number in base 2, 8, 16 or 60, with underscores, or beyond all
bounds stays the text that is written, of which the model says what it expects.

Refused: a key given twice, aliases (a value then stands where nobody sees it, and a small file can expand without
bound), tags, more than one document, and nesting so deep that the reader would not survive it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from resistab.core.faults import Fault, nearest, shortened
from resistab.core.model import Model, model_of
from resistab.core.numbers import plain_number
from resistab.core.records import dataclass, field

if TYPE_CHECKING:
    from pydantic import ValidationError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Path_ = tuple[str | int, ...]
Place = tuple[int, int]

# PyYAML composes by recursion in C, and a few thousand brackets end the process; no file of ours goes beyond 10.
MOST_NESTED = 60
# A file of as many lines is no one's to read; a value takes some hundred bytes, and a while to be looked at.
MOST_VALUES = 3_000_000
# What of one value of a model is told; who wrote a list of something else sees it by the first.
_MOST_FAULTS = 1000
_OUT_OF_BOUNDS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")
# Of a field that holds a condition: "not_a_sentence" is the models' own, the others stand for a union without a branch.
_NO_CONDITION = ("not_a_sentence", "model_attributes_type", "union_tag_not_found", "union_tag_invalid")
_INT, _FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
_WHOLE = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Source:
    """The data of one YAML file, and the line and column (from 1) of each value and key by its path of keys."""

    where: str
    data: Any
    places: dict[Path_, Place] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)

    def fault(
        self, path: Path_, message: str, expected: str | None = None, suggestion: str | None = None, *, code: str = ""
    ) -> Fault:
        """A fault at the value under ``path``, or at its nearest known parent."""
        place: Place | None = None
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place:
                break
        return _fault(self.where, place, message, expected, suggestion, code=code)

    def key_fault(
        self, path: Path_, message: str, expected: str | None = None, suggestion: str | None = None, *, code: str = ""
    ) -> Fault:
        """A fault at the key that ends ``path``, or as ``fault`` where it has none."""
        if path in self.keys:
            return _fault(self.where, self.keys[path], message, expected, suggestion, code=code)
        return self.fault(path, message, expected, suggestion, code=code)


def _fault(
    where: str,
    place: Place | None,
    message: str,
    expected: str | None = None,
    suggestion: str | None = None,
    *,
    code: str,
) -> Fault:
    line, column = place or (None, None)
    return Fault(
        where=where, line=line, column=column, message=message, expected=expected, suggestion=suggestion, code=code
    )


def read_yaml(text: str, where: str) -> tuple[Source, list[Fault]]:
    """The data in ``text`` and the faults of its YAML; ``where`` names the file in messages.

    With faults of form the data is what could be read, None where nothing could.
    """
    unread = Source(where=where, data=None)
    if found := _NOT_TEXT.search(text):
        before = text[: found.start()]
        place = before.count("\n") + 1, found.start() - (before.rfind("\n") + 1) + 1
        message = f"malformed YAML: the character U+{ord(found[0]):04X} is not text"
        return unread, [_fault(where, place, message, code="RT006")]
    try:
        faults = _refused(text, where)
        if faults:
            return unread, faults
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            builder = _Builder(loader, where)
            data = builder.build(node, ()) if node is not None else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if "maximum nesting depth" in (getattr(error, "problem", None) or ""):
            # A newer libyaml looks ahead and refuses at a bound of its own, before the events are seen here.
            return unread, [_too_deep(where, (mark.line + 1, mark.column + 1))]
        # Imported here: most files have no fault of form.
        from resistab.files.yaml_words import form_fault

        if (told := form_fault(text, error)) is not None:
            return unread, [_fault(where, (told.line, told.column), told.message, told.expected, code="RT006")]
        parts = [getattr(error, "context", None), getattr(error, "problem", None) or "cannot be read"]
        begun: Any = getattr(error, "context_mark", None)
        if parts[0] and begun and begun.line != mark.line:
            parts[0] += f" begun on line {begun.line + 1}"
        return unread, [
            _fault(
                where,
                (mark.line + 1, mark.column + 1) if mark else None,
                "malformed YAML: " + ", ".join(part for part in parts if part),
                code="RT006",
            )
        ]
    return Source(where=where, data=data, places=builder.places, keys=builder.keys), builder.faults


def _refused(text: str, where: str) -> list[Fault]:
    """What the form of YAML allows and this format does not; found in the events, where it still has its place."""
    faults: list[Fault] = []
    depth = 0
    event: Any
    for number, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if number > MOST_VALUES:
            place = event.start_mark.line + 1, event.start_mark.column + 1
            message = f"malformed YAML: more than {MOST_VALUES:,} values"
            return [_fault(where, place, message, "several smaller files", code="RT006")]
        place = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            message = f"the alias '*{event.anchor}'"
            faults.append(_fault(where, place, message, "the value itself, written out", code="RT008"))
        elif getattr(event, "tag", None) is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            faults.append(_fault(where, place, f"the tag '{tag}'", "a value without a tag", code="RT009"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_NESTED:
                return [_too_deep(where, place)]
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return faults


def _too_deep(where: str, place: Place) -> Fault:
    return _fault(where, place, "malformed YAML: nested too deeply", f"at most {MOST_NESTED} levels", code="RT007")


class _Builder:
    """Builds the data of a node tree, noting places; what is no date or number after all stays as it is written."""

    def __init__(self, loader: Any, where: str) -> None:
        self.loader, self.where = loader, where
        self.faults: list[Fault] = []
        self.places: dict[Path_, Place] = {}
        self.keys: dict[Path_, Place] = {}

    def build(self, node: yaml.Node, path: Path_) -> Any:
        self.places[path] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        if node.tag == _INT:
            # In YAML 010 is eight and 1:30 is ninety, which nobody means who writes it here.
            return int(node.value) if _WHOLE.fullmatch(node.value) else node.value
        if node.tag == _FLOAT:
            number = plain_number(node.value)
            return node.value if number is None else number
        try:
            return self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError):
            # "2026-02-31", "=": the model says better than YAML what is expected here.
            return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                message = "a list or mapping as a key"
                self.faults.append(_fault(self.where, _place(key_node), message, "a word", code="RT011"))
                continue
            key = self._scalar(key_node)
            if not isinstance(key, str | int) or isinstance(key, bool):
                key = key_node.value
            here = (*path, key)
            if key in built:
                first = self.keys[here][0]
                message = f"the key '{key}' is given twice, first on line {first}"
                self.faults.append(_fault(self.where, _place(key_node), message, "each key once", code="RT010"))
                continue
            self.keys[here] = _place(key_node)
            built[key] = self.build(value_node, here)
            if built[key] is None:
                self.places[here] = _place(key_node)
        return built


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


def read_yaml_file(path: Path, where: str) -> tuple[Source, list[Fault]]:
    """As ``read_yaml``, from a file; an unreadable file is a fault."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return Source(where, None), [not_utf8(where, error, "a YAML file")]
    except OSError as error:
        return Source(where, None), [Fault(where=where, message=f"cannot be read: {error.strerror}", code="RT002")]
    return read_yaml(text, where)


def not_utf8(where: str, error: UnicodeDecodeError, expected: str) -> Fault:
    """The fault of a file that cannot be decoded, at the first byte that is not UTF-8."""
    before = error.object[: error.start]
    line = before[before.rfind(b"\n") + 1 :].decode()
    return _fault(where, (before.count(b"\n") + 1, len(line) + 1), "is not text in UTF-8", expected, code="RT003")


def schema_faults(
    source: Source,
    error: ValidationError,
    model: type[Model],
    prefix: Path_ = (),
    patterns: Mapping[str, str] | None = None,
) -> list[Fault]:
    """The faults of a model's ``ValidationError``, each at the place of the value it speaks of.

    ``patterns`` says in words what a pattern (regular expression) of the model asks for. A ``ValueError`` of a model
    may name the code of its fault in an attribute ``code``.
    """
    items = _one_branch(source.data, prefix, error.errors(include_url=False, include_context=True)[:_MOST_FAULTS])
    # Items with faults are not counted by pydantic: a list that holds something is not too short for that.
    items = [item for item in items if item["type"] != "too_short" or not item["input"]]
    misspelt: set[tuple[Any, ...]] = set()
    for item in items:
        if item["type"] == "extra_forbidden":
            near = nearest(str(item["loc"][-1]), _fields_at(model, item["loc"][:-1]), limit=1)
            misspelt.add((*item["loc"][:-1], near))
    found: dict[tuple[int | None, int | None, str], Fault] = {}
    for item in items:
        if item["type"] == "missing" and item["loc"] in misspelt:
            continue
        fault = _schema_fault(source, item, model, prefix, patterns or {})
        # A text that fits neither of two patterns has failed twice, and is one fault.
        earlier = found.setdefault((fault.line, fault.column, fault.message), fault)
        if earlier.expected and fault.expected and earlier.expected != fault.expected:
            found[fault.line, fault.column, fault.message] = earlier.model_copy(
                update={"expected": f"{earlier.expected}; or {fault.expected}"}
            )
    return list(found.values())


def _schema_fault(source: Source, item: Any, model: type[Model], prefix: Path_, patterns: Mapping[str, str]) -> Fault:
    loc, given, kind = item["loc"], item["input"], item["type"]
    path = (*prefix, *_in_data(source.data, prefix, loc))
    name = _name(source.data, path)
    if loc and loc[-1] == "[key]":
        context = item.get("ctx", {})
        options = context.get("expected")
        wanted = f"one of {options}" if options else str(context.get("error") or _wanted(item))
        return source.key_fault(path, f"unknown key '{given}'", wanted, code="RT028")
    if given is None and kind not in ("missing", "extra_forbidden", "invalid_key"):
        return source.fault(path, f"{name} is empty", _wanted(item), code="RT022")
    match kind:
        case "extra_forbidden" | "invalid_key":
            fields = _fields_at(model, loc[:-1])
            return source.key_fault(
                (*prefix, *loc) if kind == "extra_forbidden" else path,
                f"unknown field '{loc[-1]}'",
                "one of " + ", ".join(sorted(fields)) if fields else None,
                nearest(str(loc[-1]), fields, limit=1),
                code="RT021",
            )
        case "missing":
            return source.fault((*prefix, *loc[:-1]), f"the field '{loc[-1]}' is missing", code="RT020")
        case "literal_error":
            options = item["ctx"]["expected"]
            known = re.findall(r"'([^']*)'", options)
            suggestion = nearest(str(given), known, 1)
            return source.fault(path, f"{name} is '{given}'", f"one of {options}", suggestion, code="RT024")
        case "value_error":
            reason = item["ctx"]["error"]
            # An error of the condition language says apart what it expected.
            expected = getattr(reason, "expected", None)
            said = f"at column {reason.column}: found {reason.found}" if expected else str(reason)
            shown = "" if isinstance(given, dict | list) else f" ({shortened(repr(given), 80)})"
            code = getattr(reason, "code", "RT201" if expected else "RT029")
            return source.fault(path, f"in {name}{shown}: {said}", expected, code=code)
        case "too_short":
            return source.fault(path, f"{name} is empty", f"at least {item['ctx']['min_length']} item", code="RT022")
        case "string_pattern_mismatch":
            pattern = item["ctx"]["pattern"]
            expected = patterns.get(pattern, f"to match the pattern '{pattern}'")
            return source.fault(path, f"{name} is {shortened(repr(given), 80)}", expected, code="RT025")
    return source.fault(path, f"{name} is {_shown(given)}", _wanted(item), code=_code(kind))


def _code(kind: str) -> str:
    """The code of a value that is not what its field holds, by the kind of pydantic's error."""
    if kind == "string_too_short":
        return "RT022"
    if kind.startswith(("date_", "datetime_")):
        return "RT026"
    if kind in _OUT_OF_BOUNDS:
        return "RT027"
    return "RT211" if kind in _NO_CONDITION else "RT023"


def _wanted(item: Any) -> str:
    """What a field should hold, in words, by the kind of pydantic's error."""
    kind, given = str(item["type"]), item["input"]
    if kind == "literal_error":
        return f"one of {item['ctx']['expected']}"
    if kind == "string_type":
        scalar = isinstance(given, bool | int | float | datetime.date)
        return "text; write it in quotes" if scalar else "text"
    if kind == "string_too_short":
        return "some text"
    if kind.startswith(("date_", "datetime_")):
        return "a date such as 2026-11-21"
    if kind.startswith("int_"):
        return "a whole number"
    if kind.startswith("float_"):
        return "a number"
    if kind.startswith("bool_"):
        return "true or false"
    if kind in ("tuple_type", "list_type"):
        return "a list"
    if kind in ("dict_type", "model_type"):
        return "a mapping of fields"
    if kind in _NO_CONDITION:
        return "a condition, written as one sentence"
    message = str(item["msg"])
    return (message[0].lower() + message[1:]).removeprefix("input should be ")


def _name(data: Any, path: Path_) -> str:
    """The field at the end of ``path``, quoted; for an item of a list its number and the list's field."""
    if not path:
        return "the file"
    parent = data
    for step in path[:-1]:
        parent = parent[step]
    if isinstance(parent, list):
        return f"item {int(path[-1]) + 1}" + (f" of '{path[-2]}'" if len(path) > 1 else "")
    return f"'{path[-1]}'"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, datetime.date) else shortened(repr(value), 80)


def _one_branch(data: Any, prefix: Path_, items: Sequence[Any]) -> list[Any]:
    """``items`` without the errors of those branches of a union that are further from what is given.

    A field that may be one of two things fails once for each; the reader wrote one and is told of that.
    """
    branches: dict[Path_, dict[Any, int]] = {}
    tagged: list[tuple[Path_, Any]] = []
    for item in items:
        inside = _in_data(data, prefix, item["loc"])
        # A step that is not in the data is the name of a branch, but for a missing field and pydantic's "[key]".
        rest = item["loc"][len(inside) :] if item["type"] not in ("missing", "extra_forbidden") else ()
        at, tag = (inside, None) if not rest or rest[0] == "[key]" else (inside, rest[0])
        for index, step in enumerate(item["loc"][:-1]):
            if index >= len(inside) or step != inside[index]:
                at, tag = inside[:index], step
                break
        tagged.append((at, tag))
        if tag is not None:
            deeper = len(inside) > len(at) or item["type"] in ("missing", "extra_forbidden")
            rank = 3 if deeper else {"value_error": 2, "not_a_sentence": 2, "literal_error": 1}.get(item["type"], 0)
            known = branches.setdefault(at, {})
            known[tag] = max(known.get(tag, 0), rank)
    best = {at: max(known, key=lambda tag: known[tag]) for at, known in branches.items()}
    return [item for item, (at, tag) in zip(items, tagged, strict=True) if tag is None or best[at] == tag]


def _in_data(data: Any, prefix: Path_, location: tuple[Any, ...]) -> Path_:
    """The steps of an error's location that are keys of the data, without the tags that pydantic puts in."""
    current = data
    for step in prefix:
        current = current[step]
    steps: list[str | int] = []
    for step in location:
        if isinstance(current, dict) and step not in current and isinstance(step, str) and _WHOLE.fullmatch(step):
            # pydantic spells the whole number that is a key as text.
            step = int(step)
        if (isinstance(current, dict) and step in current) or (
            isinstance(current, list) and isinstance(step, int) and step < len(current)
        ):
            current = current[step]
            steps.append(step)
    return tuple(steps)


def _fields_at(model: type[Model], location: tuple[Any, ...]) -> list[str]:
    """The field names of the model that stands at ``location`` inside ``model``."""
    current: type[Model] = model
    for step in location:
        if isinstance(step, str) and step in current.model_fields:
            inner = _model_in(current.model_fields[step].annotation)
            if inner is None:
                return []
            current = inner
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: Any) -> type[Model] | None:
    if (model := model_of(annotation)) is not None:
        return model
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
