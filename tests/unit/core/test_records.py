"""Dataclasses that share their methods cannot be told from those of ``dataclasses``."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest

from resistab.core import records
from resistab.core.records import dataclass, field, replace


@dataclass(frozen=True)
class Plain:
    """Frozen, with a default."""

    known: ClassVar[int] = 3

    name: str
    size: int = 1


@dataclass(frozen=True)
class Larger(Plain):
    """Frozen, of another."""

    parts: tuple[str, ...] = ()
    noted: dict[str, int] = field(default_factory=dict, hash=False)


@dataclass
class Open:
    """Not frozen, with a list of its own."""

    name: str
    items: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.items.append(self.name)


@dataclass(frozen=True)
class Often:
    """Made more often than others."""

    number: int
    text: str = field(default="x")


def test_values_are_given_by_place_or_by_name() -> None:
    assert Plain("a", 2) == Plain(size=2, name="a")
    assert repr(Larger("a", parts=("b",))) == "Larger(name='a', size=1, parts=('b',), noted={})"
    assert Plain("a") != Larger("a")
    assert Plain.known == 3


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("a", 1, 2), {}), (("a",), {"name": "b"}), (("a",), {"more": 1}), ((), {"size": 1})],
)
def test_values_that_do_not_fit_are_refused(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Plain(*values, **named)


def test_what_is_frozen_does_not_change_and_has_a_hash() -> None:
    made = Larger("a", noted={"b": 1})
    assert hash(made) == hash(Larger("a"))
    for change in (lambda: setattr(made, "name", "b"), lambda: delattr(made, "parts")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()


def test_what_is_open_changes_and_shares_nothing() -> None:
    one, other = Open("a"), Open("b")
    one.name = "c"
    assert (one.items, other.items) == (["a"], ["b"])
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])
def test_copies_are_alike(again: Any) -> None:
    assert again(Larger("a", 2)) == Larger("a", 2)


def test_replacing_takes_the_other_values_along() -> None:
    assert replace(Larger("a", 2), name="b") == Larger("b", 2)
    assert dataclasses.replace(Open("a"), name="b").name == "b"


def test_a_pattern_takes_it_apart() -> None:
    match Plain("a", 2):
        case Plain(name, size):
            assert (name, size) == ("a", 2)


def test_fields_are_told_and_then_it_is_a_dataclass(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Asked:
        name: str
        size: int = field(default=4)

    before = Asked("a")
    assert [(item.name, item.default) for item in dataclasses.fields(Asked)][1] == ("size", 4)
    assert dataclasses.is_dataclass(Asked)
    assert before == Asked("a") == replace(before, size=4)
    assert dataclasses.asdict(before) == {"name": "a", "size": 4}


def test_what_is_made_often_gets_methods_of_its_own() -> None:
    first = Often(0)
    made = [Often(number % 3) for number in range(records._MOST + 10)]
    assert "begin" not in Often.__init__.__qualname__
    assert made[0] == made[-1 - (len(made) - 1) % 3] == first
    assert len(set(made)) == 3


def test_threads_may_make_records_while_their_class_is_finished() -> None:
    @dataclass(frozen=True)
    class Shared:
        number: int
        names: dict[str, str] = field(default_factory=dict)

    start = threading.Barrier(4)

    def work(number: int) -> bool:
        start.wait()
        return all(Shared(each).number == each for each in range(records._MOST))

    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            assert all(threads.map(work, range(4)))
    finally:
        sys.setswitchinterval(often)
    assert "begin" not in Shared.__init__.__qualname__
    with pytest.raises(dataclasses.FrozenInstanceError):
        Shared(1).number = 2  # type: ignore[misc]


def test_what_is_asked_for_beyond_that_is_left_to_dataclasses() -> None:
    @dataclass(frozen=True, order=True)
    class Ordered:
        number: int

    assert Ordered(1) < Ordered(2)
