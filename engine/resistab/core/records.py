"""``dataclass``, ``field`` and ``replace`` as those of ``dataclasses``, without what these cost a start.

``dataclasses`` writes and compiles the methods of every class, a third of a millisecond each, and imports what inspects
code. Here all classes share their methods. Where a class turns out to be made often, or someone asks for its fields,
``dataclasses`` is given it after all: the methods are then its own and faster. Nothing else tells the two apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace

__all__ = ["dataclass", "field", "replace"]

_Record = TypeVar("_Record")
# As many are made in less time than it takes to compile the methods of their class.
_MOST = 4000


class _Field:
    """What ``field`` was given."""

    def __init__(self, **said: Any) -> None:
        self.said = said


if not TYPE_CHECKING:
    field = _Field

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """See the module's text; the options are those of ``dataclasses.dataclass``."""
        return partial(_made, options=options) if cls is None else _made(cls, options)

    def replace(record: _Record, /, **changes: Any) -> _Record:
        """``record`` with other values of some fields."""
        shape = type(record).__dict__.get("__record__")
        if shape is None:
            import dataclasses

            return dataclasses.replace(record, **changes)
        return type(record)(**({name: getattr(record, name) for name in shape.names} | changes))


class _Shape:
    """The fields of a class, those of its bases first, and how the class was declared."""

    def __init__(self, cls: Any, options: dict[str, Any], above: list[_Shape]) -> None:
        self.cls, self.options, self.count = cls, options, itertools.count()
        self.own = _own(cls)
        self.names: tuple[str, ...] = ()
        self.defaults: dict[str, Any] = {}
        self.factories: dict[str, Callable[[], Any]] = {}
        for shape in above:
            self.names += shape.names
            self.defaults |= shape.defaults
            self.factories |= shape.factories
        for name, annotation in _annotations(cls).items():
            if not str(annotation).startswith(("ClassVar", "typing.ClassVar")):
                self.names += (name,)
                self._add(name)
        self.names = tuple(dict.fromkeys(self.names))
        own = {name for name, said in self.own.items() if isinstance(said, _Field) and said.said.get("hash") is False}
        self.unhashed: frozenset[str] = frozenset(own).union(*(shape.unhashed for shape in above))
        self.values = _getter(self.names)

    def _add(self, name: str) -> None:
        self.defaults.pop(name, None)
        self.factories.pop(name, None)
        if name not in self.own:
            return
        default = self.own[name]
        if not isinstance(default, _Field):
            self.defaults[name] = default
        elif "default" in default.said:
            self.defaults[name] = default.said["default"]
            setattr(self.cls, name, default.said["default"])
        else:
            delattr(self.cls, name)
            if "default_factory" in default.said:
                self.factories[name] = default.said["default_factory"]

    def finish(self) -> None:
        """Have ``dataclasses`` write the methods of the class.

        They are made on a class that no one else sees, and each takes the place of the shared one at once, so that
        other threads can make records meanwhile. What refuses changes stays as it is: it knows the class.
        """
        import dataclasses

        cls = self.cls
        hidden = {"__dict__", "__weakref__", "__record__", "__dataclass_fields__", "__match_args__", *self.methods}
        space = {name: item for name, item in vars(cls).items() if name not in hidden}
        like = type(cls)(cls.__name__, cls.__bases__, space | {"__qualname__": cls.__qualname__})
        made = _whole(like, self.options, self.own)
        assert dataclasses.is_dataclass(made)
        for name in ("__init__", "__eq__", "__repr__", "__hash__", "__dataclass_params__", "__dataclass_fields__"):
            setattr(cls, name, made.__dict__[name])

    methods: tuple[str, ...] = ()


class _Fields:
    """Stands for ``__dataclass_fields__`` until someone asks for it."""

    def __init__(self, shape: _Shape) -> None:
        self.shape = shape

    def __get__(self, record: Any, owner: type) -> Any:
        if self.shape.cls.__dict__.get("__dataclass_fields__") is self:
            self.shape.finish()
        return self.shape.cls.__dict__["__dataclass_fields__"]


def _getter(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda record: ()


def _annotations(cls: Any) -> dict[str, str]:
    """As they are written; ``inspect`` would give them too, at the price of being imported."""
    found: dict[str, str] = vars(cls).get("__annotations__", {})
    return found


def _own(cls: Any) -> dict[str, Any]:
    """What stands behind the fields that the class itself has, of those that have a default."""
    space = vars(cls)
    return {name: space[name] for name in _annotations(cls) if name in space}


def _whole(cls: Any, options: dict[str, Any], own: dict[str, Any]) -> Any:
    import dataclasses

    for name, default in own.items():
        if isinstance(default, _Field):
            setattr(cls, name, dataclasses.field(**default.said))
    return dataclasses.dataclass(**options)(cls)


def _made(cls: Any, options: dict[str, Any]) -> Any:
    space = cls.__dict__
    own = _own(cls)
    above = [base.__record__ for base in cls.__mro__[:0:-1] if "__record__" in base.__dict__]
    fields = [default.said for default in own.values() if isinstance(default, _Field)]
    plain = (
        options.keys() <= {"frozen"}
        and not {"__init__", "__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__"} & space.keys()
        and all(said.keys() <= {"default", "default_factory", "hash"} for said in fields)
        and not any("__dataclass_fields__" in vars(base) and "__record__" not in vars(base) for base in cls.__mro__)
    )
    if not plain:
        return _whole(cls, options, own)
    shape = _Shape(cls, options, above)
    methods = _methods(shape, bool(options.get("frozen")))
    for name, method in methods.items():
        setattr(cls, name, method)
    shape.methods = tuple(methods)
    cls.__record__, cls.__dataclass_fields__ = shape, _Fields(shape)
    setattr(cls, "__match_args__", shape.names)  # noqa: B010 - mypy holds it for final
    return cls


def _methods(shape: _Shape, frozen: bool) -> dict[str, Any]:
    cls, names, total = shape.cls, shape.names, len(shape.names)
    known, values = frozenset(names), shape.values
    defaults, factories = tuple(shape.defaults.items()), tuple(shape.factories.items())
    checked = hasattr(cls, "__post_init__")

    def begin(self: Any, /, *given: Any, **named: Any) -> None:
        if next(shape.count) == _MOST:
            shape.cls.__dataclass_fields__  # noqa: B018 - this finishes the class
            self.__init__(*given, **named)
            return
        fields = self.__dict__
        if given:
            fields.update(zip(names, given, strict=False))
            if len(given) > total or not fields.keys().isdisjoint(named):
                raise TypeError(f"{cls.__name__}: too many values, or one given twice")
        if named:
            fields.update(named)
        if len(fields) < total:
            for name, default in defaults:
                if name not in fields:
                    fields[name] = default
            for name, make in factories:
                if name not in fields:
                    fields[name] = make()
        if len(fields) != total or not named.keys() <= known:
            lacking, unknown = known - fields.keys(), fields.keys() - known
            raise TypeError(f"{cls.__name__}: lacks {sorted(lacking)}, has no {sorted(unknown)}")
        if checked:
            self.__post_init__()

    def equal(self: Any, other: Any) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def shown(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    counted = _getter(tuple(name for name in names if name not in shape.unhashed))

    def hashed(self: Any) -> int:
        return hash(counted(self))

    def refused(self: Any, name: str, *value: Any) -> None:
        from dataclasses import FrozenInstanceError

        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot change field {name!r}")
        (object.__setattr__ if value else object.__delattr__)(self, name, *value)

    methods: dict[str, Any] = {"__init__": begin, "__eq__": equal, "__repr__": shown}
    methods["__hash__"] = hashed if frozen else None
    if frozen:
        methods |= {"__setattr__": refused, "__delattr__": refused}
    return methods
