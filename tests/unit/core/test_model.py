"""Models: what is trusted, what is checked, and that no one can tell them from pydantic's by what they say."""

from __future__ import annotations

import copy
import datetime
import pickle
import subprocess
import sys
from typing import Annotated, Any, Generic, Literal, TypeVar

import pydantic
import pytest

from resistab.core.cached import cached_property
from resistab.core.json_text import json_text
from resistab.core.model import BeforeValidator, ConfigDict, Field, Model, StringConstraints, adapter, model_of
from resistab.core.model import field_validator as checked
from resistab.core.model import model_validator as whole
from resistab.core.records import dataclass

Kind = TypeVar("Kind")
Name = Annotated[str, StringConstraints(pattern="^[a-z]+$")]


class Inner(Model):
    name: Name
    share: Annotated[float, Field(ge=0, le=1)] = 0.5


class Outer(Model):
    kind: Literal["outer"] = "outer"
    inner: Inner
    many: tuple[Inner, ...] = ()
    on: datetime.date | None = None
    said: dict[str, int] = Field(default_factory=dict)
    upper: Annotated[str, BeforeValidator(str.upper)] = "NONE"
    order: tuple[str, ...] = ()
    hidden: int = Field(default=3, exclude=True)

    @checked("order")
    @classmethod
    def _ordered(cls, order: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(order))

    @whole(mode="after")
    def _fits(self) -> Outer:
        if self.on is not None and not self.many:
            raise ValueError("a date without anything")
        return self

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return len(self.many)


class Ranged(Model):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, serialize_by_alias=True)

    low: int = Field(default=0, alias="from")


def test_what_is_made_in_code_runs_the_models_own_checks() -> None:
    assert Outer(inner=Inner(name="a"), order=("b", "a")).order == ("a", "b")
    with pytest.raises(ValueError, match="a date without anything"):
        Outer(inner=Inner(name="a"), on=datetime.date(2026, 1, 2))


def test_a_whole_number_is_a_number() -> None:
    class Measured(Model):
        value: float
        other: float | None = None

    assert Measured(value=0).model_dump_json() == '{"value":0.0,"other":null}'
    assert Measured(value=0, other=2).model_dump_json() == '{"value":0.0,"other":2.0}'


def test_a_field_that_lacks_or_is_unknown_is_refused() -> None:
    with pytest.raises(TypeError, match="lacks"):
        Outer()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="has no"):
        Inner(name="a", nonsense=1)  # type: ignore[call-arg]


def test_plain_data_is_checked_by_pydantic() -> None:
    found = Outer.model_validate({"inner": {"name": "a", "share": 1}, "upper": "x", "order": ["b", "a"]})
    assert found == Outer(inner=Inner(name="a", share=1.0), upper="X", order=("a", "b"))
    assert type(found.inner) is Inner
    faulty = {"inner": {"name": "A", "share": 2}, "more": 1}
    with pytest.raises(pydantic.ValidationError) as error:
        Outer.model_validate(faulty)
    assert {(item["loc"], item["type"]) for item in error.value.errors()} == {
        (("inner", "name"), "string_pattern_mismatch"),
        (("inner", "share"), "less_than_equal"),
        (("more",), "extra_forbidden"),
    }


def test_models_within_plain_data_are_taken_as_they_are() -> None:
    inner = Inner(name="a")
    assert Outer.model_validate({"inner": inner}).inner is inner


def test_equality_and_hash_are_of_the_fields() -> None:
    one, same = Outer(inner=Inner(name="a")), Outer(inner=Inner(name="a"), kind="outer", order=())
    assert one.count == 0
    assert one == same
    assert hash(Inner(name="a")) == hash(Inner(name="a", share=0.5))
    assert one != Outer(inner=Inner(name="b"))
    assert Inner(name="a") != Ranged()


def test_a_model_does_not_change() -> None:
    with pytest.raises(AttributeError, match="frozen"):
        Inner(name="a").name = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del Inner(name="a").name


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_are_the_same_without_what_was_asked(again: Any) -> None:
    model = Outer(inner=Inner(name="a"), many=(Inner(name="b"),))
    assert (model.count, hash(model.inner)) == (1, hash(Inner(name="a")))
    found = again(model)
    assert found == model
    assert "count" not in found.__dict__


def test_a_copy_with_changes_forgets_what_was_asked() -> None:
    model = Outer(inner=Inner(name="a"))
    assert model.count == 0
    assert model.model_copy(update={"many": (model.inner,)}).count == 1


def test_what_is_written_is_what_pydantic_writes() -> None:
    class Plain(pydantic.BaseModel):
        kind: str
        inner: dict[str, Any]
        many: list[dict[str, Any]]
        on: datetime.date
        said: dict[str, int]
        upper: str
        order: list[str]

    many = tuple(Inner(name="a", share=share) for share in (0.0, 1.0, 0.25, 0.1))
    model = Outer(inner=many[0], many=many, on=datetime.date(2026, 1, 2), said={"é\n\x7f\u2028": 1})
    plain = Plain(**model.model_dump(mode="json"))
    assert model.model_dump_json() == plain.model_dump_json()
    assert Outer.model_validate_json(model.model_dump_json()) == model
    assert model.model_dump()["on"] == datetime.date(2026, 1, 2)
    assert "inner" not in model.model_dump(exclude={"inner"})


NUMBERS = {
    "1e+16": 1e16, "-2.5e+300": -2.5e300, "0.00001": 1e-5, "-0.000015": -1.5e-5, "9.99e-6": 9.99e-6,
    "5e-324": 5e-324, "null": float("inf"), "0.1": 0.1, "-0.0": -0.0, "12345.0": 12345.0,
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_numbers_are_written_in_one_way(text: str, value: float) -> None:
    assert json_text({"value": value, "other": [None, True, 7]}) == f'{{"value":{text},"other":[null,true,7]}}'


def test_an_alias_is_read_and_where_so_configured_written() -> None:
    assert Ranged.model_validate({"from": 4}).low == 4
    assert Ranged(**{"from": 4}) == Ranged.model_construct(low=4)
    assert Ranged.model_construct(low=4).model_dump() == {"from": 4}


def test_fields_say_what_was_given() -> None:
    assert Inner(name="a").model_fields_set == {"name"}
    assert Inner.model_validate({"name": "a", "share": 0.5}).model_fields_set == {"name", "share"}
    assert list(Outer.model_fields)[:2] == ["kind", "inner"]
    assert Ranged.model_fields["low"].alias == "from"


def test_a_type_of_these_names_can_be_checked_alone() -> None:
    assert adapter(Name).validate_python("abc") == "abc"
    with pytest.raises(pydantic.ValidationError):
        adapter(tuple[Name, ...] | None).validate_python(["A"])


class Listed(Model, Generic[Kind]):
    """A model of others."""

    items: tuple[Kind, ...] = ()


class Holding(Model):
    listed: Listed[Inner]


def test_a_generic_model_is_filled_in() -> None:
    found = model_of(Listed[Inner])
    assert found is model_of(Listed[Inner])
    assert found is not None
    assert found.model_fields["items"].annotation == tuple[Inner, ...]
    assert (model_of(Inner), model_of(int), model_of(Inner | None)) == (Inner, None, None)
    made = Holding.model_validate({"listed": {"items": [{"name": "a"}]}})
    assert made == Holding(listed=Listed(items=(Inner(name="a"),)))
    assert pickle.loads(pickle.dumps(made)) == made


def test_the_schema_is_that_of_pydantic() -> None:
    schema = Outer.model_json_schema()
    assert schema["$defs"]["Inner"]["properties"]["name"] == {"pattern": "^[a-z]+$", "title": "Name", "type": "string"}
    assert schema["required"] == ["inner"]


@dataclass(frozen=True)
class Record:
    """A dataclass that is finished when it is first made."""

    name: str
    size: int = 1


@dataclass(frozen=True)
class Larger(Record):
    """One of another that was not made yet."""

    more: str = ""


def test_a_dataclass_is_finished_when_it_is_made() -> None:
    assert Larger("a", more="b") == Larger("a", 1, "b")
    assert repr(Record("a")) == "Record(name='a', size=1)"
    with pytest.raises(TypeError):
        Record()  # type: ignore[call-arg]


def test_a_plain_start_imports_neither_pydantic_nor_typer(tmp_path: Any) -> None:
    patient = tmp_path / "patient.yaml"
    patient.write_text("sample: one\ntumour_type: MEL\nfindings:\n  - NRAS Q61K\n")
    code = (
        "import sys; from resistab.cli.start import main\n"
        f"sys.argv = ['resistab', 'evaluate', {str(patient)!r}, '--json', {str(tmp_path / 'report.json')!r}]\n"
        "main(); print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    for _ in range(2):
        # The first may have to read the rules.
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pydantic", "typer", "rich", "jinja2", "ruamel"} & set(done.stdout.split())
