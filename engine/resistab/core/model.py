"""Frozen models, light to declare, make, compare and keep, which pydantic checks where there is something to check.

A model is declared as pydantic's are, with the names of this module in place of pydantic's. Whoever makes one in code
says its fields by name, and is trusted: ``mypy`` holds the types, and of pydantic's work only the model's own
validators run. What is read from files goes through ``model_validate``, which hands it to a pydantic model of the same
fields. That is made when it is first asked for, so that a start whose rules are in the cache neither imports pydantic
nor builds a validator.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterator, Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from pydantic import BaseModel as Model
    from pydantic import (
        BeforeValidator,
        ConfigDict,
        Field,
        PlainValidator,
        StringConstraints,
        TypeAdapter,
        ValidationError,
        field_validator,
        model_validator,
    )

__all__ = [
    "BeforeValidator",
    "ConfigDict",
    "Field",
    "Model",
    "PlainValidator",
    "StringConstraints",
    "adapter",
    "field_validator",
    "model_of",
    "model_validator",
    "validation_error",
]


def validation_error() -> type[ValidationError]:
    """What ``model_validate`` raises; asked for where it is caught, so that nothing is imported to catch nothing."""
    import pydantic

    return pydantic.ValidationError


def adapter(annotation: Any) -> TypeAdapter[Any]:
    """Pydantic's adapter for a type that is made of the names of this module."""
    import pydantic

    return pydantic.TypeAdapter(_with_pydantic(annotation))


def model_of(annotation: Any) -> type[Model] | None:
    """The model that a type is, with its parameters where it is generic; None where it is none."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Model) else None
    origin = getattr(annotation, "__origin__", None)
    if not (isinstance(origin, type) and issubclass(origin, Model)):
        return None
    found = _filled.get(annotation)
    if found is None:
        found = _filled[annotation] = type(origin.__name__, (origin,), {"__module__": origin.__module__})
        _checked[found] = _checked_model(origin)[annotation.__args__]
    return found


class _Asked:
    """What pydantic is to be asked for by ``name`` once something is checked."""

    def __init__(self, name: str, *given: Any, **named: Any) -> None:
        self.name, self.given, self.named = name, given, named

    def found(self) -> Any:
        import pydantic

        return getattr(pydantic, self.name)(*self.given, **self.named)


class _FieldCheck:
    """Marks a class method that checks fields; it gives the value that each is to have."""

    def __init__(self, *names: str, mode: str = "after") -> None:
        self.names, self.mode = names, mode

    def __call__(self, function: Any) -> _FieldCheck:
        self.function = function
        return self

    def __get__(self, instance: Any, owner: type) -> Any:
        return self.function.__get__(instance, owner)


class _WholeCheck:
    """Marks a method that checks a model once it is whole."""

    def __init__(self, *, mode: str) -> None:
        if mode != "after":
            raise TypeError("a model is checked once it is whole")

    def __call__(self, function: Any) -> _WholeCheck:
        self.function = function
        return self

    def __get__(self, instance: Any, owner: type) -> Any:
        return self.function.__get__(instance, owner)


class _OfClass:
    """A property of the class itself."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __get__(self, instance: Any, owner: type) -> Any:
        return self.function(owner)


_NOTHING = object()
# As the types of numbers are written in models.
_FLOATS = ("float", "Number", "Score")

if not TYPE_CHECKING:
    ConfigDict, field_validator, model_validator = dict, _FieldCheck, _WholeCheck
    Field, StringConstraints = partial(_Asked, "Field"), partial(_Asked, "StringConstraints")
    BeforeValidator, PlainValidator = partial(_Asked, "BeforeValidator"), partial(_Asked, "PlainValidator")

    class Model:
        """Base of all models; see the module's text.

        A field that has its default need not stand in ``__dict__``: the class has it.
        """

        # What pydantic puts into each model that it makes stands beside ``__dict__``, which holds the fields alone.
        __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__", "_model_hash")

        model_config: Mapping[str, Any] = {"frozen": True, "extra": "forbid", "defer_build": True}

        # What is computed of the fields and kept with them, so that no start computes it again.
        kept: ClassVar[tuple[str, ...]] = ()

        _model_names: tuple[str, ...] = ()
        _model_values: Callable[[Any], Any] = staticmethod(lambda model: ())
        _model_required: frozenset[str] = frozenset()
        _model_known: frozenset[str] = frozenset()
        _model_factories: tuple[tuple[str, Callable[[], Any]], ...] = ()
        _model_aliases: Mapping[str, str] = {}
        _model_floats: tuple[str, ...] = ()
        _model_checks: tuple[_FieldCheck, ...] = ()
        _model_whole: tuple[_WholeCheck, ...] = ()
        _model_written: tuple[tuple[str, ...], Mapping[str, Any]] = ((), {})

        def __init_subclass__(cls, **named: Any) -> None:
            super().__init_subclass__(**named)
            space = cls.__dict__
            own = tuple(
                name
                for name, annotation in space.get("__annotations__", {}).items()
                if name[0] != "_"
                and name != "model_config"
                and not str(annotation).startswith(("ClassVar", "typing.ClassVar"))
            )
            required, factories, aliases = (
                set(cls._model_required),
                dict(cls._model_factories),
                dict(cls._model_aliases),
            )
            given = {}
            for name in own:
                required.discard(name)
                factories.pop(name, None)
                if name not in space:
                    required.add(name)
                    continue
                default = given[name] = space[name]
                if type(default) is not _Asked:
                    continue
                if "alias" in default.named:
                    aliases[name] = default.named["alias"]
                if default.given or "default" in default.named:
                    value = default.given[0] if default.given else default.named["default"]
                    setattr(cls, name, value)
                else:
                    delattr(cls, name)
                    if "default_factory" in default.named:
                        factories[name] = default.named["default_factory"]
                    else:
                        required.add(name)
            cls._model_written = own, given
            cls._model_names = tuple(dict.fromkeys((*cls._model_names, *own)))
            if cls._model_names:
                cls._model_values = attrgetter(*cls._model_names)
            cls._model_required, cls._model_known = frozenset(required), frozenset(cls._model_names)
            cls._model_factories, cls._model_aliases = tuple(factories.items()), aliases
            annotations = space.get("__annotations__", {})
            cls._model_floats += tuple(
                name for name in own if str(annotations[name]).removesuffix(" | None") in _FLOATS
            )
            cls._model_checks += tuple(item for item in space.values() if type(item) is _FieldCheck)
            cls._model_whole += tuple(item for item in space.values() if type(item) is _WholeCheck)

        def __init__(self, /, **given: Any) -> None:
            """Make a model of fields by name; raises ``TypeError`` where one lacks or is unknown."""
            cls = type(self)
            if cls._model_aliases:
                # What has other names in files is named as there.
                self.__dict__.update(cls.model_validate(given).__dict__)
                return
            if not cls._model_required <= given.keys() <= cls._model_known:
                lacking = sorted(cls._model_required - given.keys())
                unknown = sorted(given.keys() - cls._model_known)
                raise TypeError(f"{cls.__name__}: lacks {lacking}" if lacking else f"{cls.__name__}: has no {unknown}")
            fields = self.__dict__
            for name, make in cls._model_factories:
                if name not in given:
                    fields[name] = make()
            fields.update(given)
            for name in cls._model_floats:
                # A whole number is given where one is meant, and is written as any other.
                if type(fields.get(name)) is int:
                    fields[name] = float(fields[name])
            for check in cls._model_checks:
                for name in check.names:
                    if name in given:
                        fields[name] = check.__get__(None, cls)(given[name])
            for whole in cls._model_whole:
                whole.function(self)

        @classmethod
        def model_construct(cls, _fields_set: Any = None, /, **given: Any) -> Any:
            """A model of fields by name, nothing of it checked."""
            made = cls.__new__(cls)
            fields = made.__dict__
            for name, make in cls._model_factories:
                if name not in given:
                    fields[name] = make()
            fields.update(given)
            return made

        def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Any:
            """The same with other values of some fields, not checked, and without what was asked of it before."""
            cls = type(self)
            made = cls.__new__(cls)
            own, known, fields = self.__dict__, cls._model_known, made.__dict__
            # A third of the time where nothing was asked of it yet; cohorts copy many.
            fields.update(own if own.keys() <= known else {name: own[name] for name in own if name in known})
            if update:
                fields.update(update)
            return made

        # --- what a value is ----------------------------------------------------------------------------------------

        def __setattr__(self, name: str, value: Any) -> None:
            raise AttributeError(f"{type(self).__name__} is frozen")

        def __delattr__(self, name: str) -> None:
            raise AttributeError(f"{type(self).__name__} is frozen")

        def __hash__(self) -> int:
            try:
                return self._model_hash
            except AttributeError:
                found = hash(self._model_values(self))
                object.__setattr__(self, "_model_hash", found)
                return found

        def __eq__(self, other: object) -> bool:
            if self is other:
                return True
            if type(self) is not type(other):
                return NotImplemented
            return self._model_values(self) == self._model_values(other)

        def __repr__(self) -> str:
            said = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._model_names)
            return f"{type(self).__name__}({said})"

        def __getstate__(self) -> dict[str, Any]:
            # A field that has its default is not kept, nor is a hash, which holds for one process.
            cls, given, fields = type(self), self.__dict__, {}
            for name in cls._model_names:
                if name in given:
                    value, default = given[name], getattr(cls, name, _NOTHING)
                    if value is not default and (type(value) is not type(default) or value != default):
                        fields[name] = value
            return fields | {name: getattr(self, name) for name in cls.kept}

        # --- to plain data ------------------------------------------------------------------------------------------

        @property
        def model_fields_set(self) -> set[str]:
            """The names of the fields that were given."""
            try:
                return self.__pydantic_fields_set__
            except AttributeError:
                return set(self.__dict__) & self._model_known

        def model_dump(self, *, mode: str = "python", exclude: Container[str] = ()) -> dict[str, Any]:
            """The fields but those of ``exclude``, and all within them, as plain data; for "json" as JSON has it."""
            return {name: value for name, value in _dumped_fields(self, mode == "json") if name not in exclude}

        def model_dump_json(self) -> str:
            """The model as JSON on one line."""
            from resistab.core.json_text import json_text

            return json_text(self)

        # --- by pydantic --------------------------------------------------------------------------------------------

        @classmethod
        def model_validate(cls, value: Any) -> Any:
            """The model that plain data describes; raises ``ValidationError`` with every fault."""
            return _adapter_of(cls).validate_python(value)

        @classmethod
        def model_validate_json(cls, text: str | bytes) -> Any:
            """The model that JSON describes; raises ``ValidationError`` with every fault."""
            return _adapter_of(cls).validate_json(text)

        @classmethod
        def model_json_schema(cls, *, mode: str = "validation") -> dict[str, Any]:
            """The JSON Schema of the model."""
            return _adapter_of(cls).json_schema(mode=mode)

        model_fields = _OfClass(lambda cls: _checked_model(cls).model_fields)

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
            checked = _checked_model(cls)
            if arguments := getattr(source, "__args__", ()):
                checked = checked[arguments]
            return handler.generate_schema(checked)


def _dumped_fields(model: Any, json: bool) -> Iterator[tuple[str, Any]]:
    for name, written in written_fields(type(model)):
        yield written, _dumped(getattr(model, name), json)


def _dumped(value: Any, json: bool) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Model):
        return dict(_dumped_fields(value, json))
    if isinstance(value, (tuple, list, frozenset, set)):
        items = [_dumped(item, json) for item in value]
        return items if json else type(value)(items)
    if isinstance(value, dict):
        return {_dumped(key, json): _dumped(item, json) for key, item in value.items()}
    return value.isoformat() if json and hasattr(value, "isoformat") else value


_written: dict[type, tuple[tuple[str, str], ...]] = {}


def written_fields(cls: Any) -> tuple[tuple[str, str], ...]:
    """The fields of a model that are in its dumps, each with its name there."""
    found = _written.get(cls)
    if found is None:
        left_out = {
            name
            for base in cls.__mro__
            if "_model_written" in base.__dict__
            for name, default in base._model_written[1].items()
            if isinstance(default, _Asked) and default.named.get("exclude")
        }
        aliases = cls._model_aliases if cls.model_config.get("serialize_by_alias") else {}
        found = _written[cls] = tuple((n, aliases.get(n, n)) for n in cls._model_names if n not in left_out)
    return found


_checked: dict[type, Any] = {}
_filled: dict[Any, type[Model]] = {}
_adapters: dict[type, Any] = {}


def _adapter_of(cls: type) -> Any:
    """What validates a model and describes it."""
    found = _adapters.get(cls)
    if found is None:
        import pydantic

        found = _adapters[cls] = pydantic.TypeAdapter(cls)
    return found


def _checked_model(cls: Any) -> Any:
    """The pydantic model of the fields of ``cls``, of which the validator makes instances of ``cls`` itself."""
    found = _checked.get(cls)
    if found is not None:
        return found
    import types

    import pydantic

    # Bases as they are written: of a generic model the parameters count.
    written = cls.__dict__.get("__orig_bases__", cls.__bases__)
    above = tuple(
        pydantic.BaseModel
        if base is Model
        else _checked_model(base)
        if isinstance(base, type) and issubclass(base, Model)
        else base
        for base in written
    )
    own, given = cls._model_written
    module = vars(sys.modules[cls.__module__])

    def schema(checked: Any, source: Any, handler: Any) -> Any:
        found = inner = handler(source)
        while inner["type"] != "model":
            inner = inner["schema"]
        inner["cls"] = cls
        return found

    def json_schema(checked: Any, core: Any, handler: Any) -> Any:
        found = handler(core)
        if checked.__name__ != cls.__name__:
            # Of a generic model each use has its own name; the text is that of the model itself.
            described = handler.resolve_ref_schema(found)
            described["title"] = checked.__name__
            described.pop("description", None)
        return found

    space: dict[str, Any] = {
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__annotations__": {name: _with_pydantic(_evaluated(cls.__annotations__[name], module)) for name in own},
        "__get_pydantic_core_schema__": classmethod(schema),
        "__get_pydantic_json_schema__": classmethod(json_schema),
        "model_config": dict(cls.model_config),
    }
    for name, default in given.items():
        space[name] = default.found() if isinstance(default, _Asked) else default
    for name, item in cls.__dict__.items():
        if isinstance(item, _FieldCheck):
            space[name] = pydantic.field_validator(*item.names, mode=item.mode)(item.function)  # type: ignore[call-overload]
        elif isinstance(item, _WholeCheck):
            space[name] = pydantic.model_validator(mode="after")(item.function)
    made = types.new_class(cls.__name__, above, {}, lambda into: into.update(space))
    _checked[cls] = made
    return made


def _evaluated(annotation: Any, module: dict[str, Any]) -> Any:
    return eval(annotation, module) if isinstance(annotation, str) else annotation


def _with_pydantic(annotation: Any) -> Any:
    """A type with pydantic's own in place of the names of this module."""
    import functools
    import operator
    import types
    from typing import Annotated, Union, get_args, get_origin

    origin = get_origin(annotation)
    if origin is None:
        return annotation
    if origin is Annotated:
        about = tuple(item.found() if isinstance(item, _Asked) else item for item in annotation.__metadata__)
        return Annotated[(_with_pydantic(annotation.__origin__), *about)]
    arguments = tuple(_with_pydantic(item) for item in get_args(annotation))
    if arguments == get_args(annotation):
        return annotation
    if origin in (types.UnionType, Union):
        return functools.reduce(operator.or_, arguments)
    return origin[arguments]
