"""What a condition can say: a tree of connectives over atoms, as frozen models, and its canonical text.

The connectives are closed; atoms are not. A domain defines its own by deriving from ``Atom``, which registers them. One
atom belongs to every domain: that a rule has concluded something.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, assert_never

from resistab.core.model import ConfigDict, Model, PlainValidator


class Node(Model):
    """Base of all nodes: frozen, and with no field that the language does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Atom(Node):
    """Base of what a domain can ask of a patient: one thing that is true, false or unknown.

    A subclass has a field ``kind`` with one literal value, which no other atom has.
    """

    _kinds: ClassVar[dict[str, type[Atom]]] = {}

    kind: str

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        if "kind" in cls.__dict__:
            Atom._kinds[cls.kind] = cls

    @property
    @abstractmethod
    def text(self) -> str:
        """The atom in its canonical spelling: what the domain's parser reads back as the same atom."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it speaks of, such as genes: the names by which a reader looks for it."""
        return ()

    @property
    def parts(self) -> tuple[Atom, ...]:
        """The atoms of which it says that they hold together; none for most."""
        return ()

    @property
    def normal(self) -> Atom:
        """The atom that stands for all that mean the same; itself for most."""
        return self

    @property
    def network_place(self) -> tuple[str, str]:
        """How the network of the forward-chaining engine is to branch: a group, and a place in it."""
        return (self.subjects[0] if self.subjects else self.kind), ""


class ConclusionAtom(Atom):
    """A rule has concluded this."""

    kind: Literal["conclusion"] = "conclusion"
    id: str

    @property
    def text(self) -> str:
        return f"conclusion {self.id}"


def condition_from(value: Any) -> Any:
    """``value`` where it is a condition; the condition that a mapping from our own JSON holds.

    Raises ``PydanticCustomError``, a ``ValueError``, for anything else.
    """
    if isinstance(value, (AllOf, AnyOf, Not, CountOf, Atom)):
        return value
    if isinstance(value, Mapping):
        found = _CONNECTIVES.get(value.get("kind", "")) or Atom._kinds.get(value.get("kind", ""))
        if found is not None:
            return found.model_validate(value)
    from pydantic_core import PydanticCustomError

    raise PydanticCustomError("not_a_sentence", "a condition, written as one sentence")


class AllOf(Node):
    """Every part holds."""

    kind: Literal["all"] = "all"
    of: tuple[Condition, ...]


class AnyOf(Node):
    """At least one part holds."""

    kind: Literal["any"] = "any"
    of: tuple[Condition, ...]


class Not(Node):
    """The part does not hold; ``none of (a, b)`` is ``Not(AnyOf(a, b))``."""

    kind: Literal["not"] = "not"
    of: Condition


class CountOf(Node):
    """Between ``at_least`` and ``at_most`` of the parts hold; a bound that is None is open."""

    kind: Literal["count"] = "count"
    at_least: int | None = None
    at_most: int | None = None
    of: tuple[Condition, ...]


if TYPE_CHECKING:
    Condition = AllOf | AnyOf | Not | CountOf | Atom
else:
    # To pydantic any object that is one: the atoms that there are come with the domains.
    Condition = Annotated[Any, PlainValidator(condition_from)]

_CONNECTIVES: dict[str, type[AllOf | AnyOf | Not | CountOf]] = {
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
    "count": CountOf,
}


def atoms(condition: Condition) -> Iterator[Atom]:
    """Every atom of ``condition``, left to right, repeated where it stands more than once."""
    match condition:
        case AllOf(of=parts) | AnyOf(of=parts) | CountOf(of=parts):
            for part in parts:
                yield from atoms(part)
        case Not(of=part):
            yield from atoms(part)
        case Atom():
            yield condition
        case _:
            assert_never(condition)


def every_atom(condition: Condition) -> Iterator[Atom]:
    """Every atom of ``condition``, denied ones too, and the atoms of which one says that they hold together."""
    for atom in atoms(condition):
        yield atom
        yield from atom.parts


def condition_subjects(condition: Condition) -> tuple[str, ...]:
    """The subjects of every atom, denied ones too, each once."""
    return tuple(dict.fromkeys(subject for atom in atoms(condition) for subject in atom.subjects))


def replace_atoms(condition: Condition, replacement: Mapping[Atom, Condition]) -> Condition:
    """``condition`` with every atom that is a key of ``replacement`` replaced."""
    match condition:
        case AllOf() | AnyOf() | CountOf():
            return condition.model_copy(update={"of": tuple(replace_atoms(part, replacement) for part in condition.of)})
        case Not():
            return Not(of=replace_atoms(condition.of, replacement))
        case Atom():
            return replacement.get(condition, condition)
        case _:
            assert_never(condition)


class Mention(NamedTuple):
    """An atom that must or may hold where the condition does; ``combined``: it does not do so alone."""

    atom: Atom
    combined: bool


def mentions(condition: Condition, combined: bool = False) -> Iterator[Mention]:
    """The atoms of ``condition`` that speak for it, left to right: those that it denies are left out."""
    match condition:
        case Not():
            return
        case AllOf(of=parts):
            for part in parts:
                yield from mentions(part, combined or len(parts) > 1)
        case AnyOf(of=parts):
            for part in parts:
                yield from mentions(part, combined)
        case CountOf(at_least=least, of=parts):
            if least:
                for part in parts:
                    yield from mentions(part, combined or least > 1)
        case Atom():
            yield Mention(condition, combined)
            for part in condition.parts:
                yield Mention(part, True)
        case _:
            assert_never(condition)


# --- text -----------------------------------------------------------------------------------------------------------


def condition_text(condition: Condition) -> str:
    """``condition`` in its canonical spelling: what the parser reads back as the same condition."""
    match condition:
        case AllOf(of=parts):
            return _joined(parts, "and", "all of")
        case AnyOf(of=parts):
            return _joined(parts, "or", "any of")
        case Not(of=AnyOf(of=parts)):
            return f"none of ({_listed(parts)})"
        case Not(of=part):
            return f"not {_bracketed(part)}"
        case CountOf(at_least=least, at_most=most, of=parts):
            if least is not None and least == most:
                return f"exactly {least} of ({_listed(parts)})"
            if most is None:
                return f"at least {least} of ({_listed(parts)})"
            if least is None:
                return f"at most {most} of ({_listed(parts)})"
            return f"between {least} and {most} of ({_listed(parts)})"
        case Atom():
            return condition.text
        case _:
            assert_never(condition)


def _listed(parts: tuple[Condition, ...]) -> str:
    return ", ".join(condition_text(part) for part in parts)


def _bracketed(part: Condition) -> str:
    text = condition_text(part)
    infix = isinstance(part, AllOf | AnyOf) and len(part.of) in (2, 3)
    return f"({text})" if infix else text


def _joined(parts: tuple[Condition, ...], infix: str, group: str) -> str:
    if len(parts) in (2, 3):
        return f" {infix} ".join(_bracketed(part) for part in parts)
    return f"{group} ({_listed(parts)})"


def number_text(value: float) -> str:
    """``value`` with all its digits and without an exponent, which the grammar does not know."""
    from decimal import Decimal

    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
