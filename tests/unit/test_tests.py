"""What holds of every test: a short name, few cases in a decorator, no clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.cases import cases_beside
from tests.paths import TESTS

LONGEST_NAME = 60
MOST_CASES = 15
CLOCKS = {"perf_counter", "monotonic", "process_time", "time_ns"}
MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(TESTS.rglob("*.py"))}
SHOWN = {path: path.relative_to(TESTS).as_posix() for path in MODULES}


def functions(module: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]


def named_tests(path: Path) -> list[ast.FunctionDef]:
    return [function for function in functions(MODULES[path]) if function.name.startswith("test_")]


def written_lists(module: ast.Module) -> dict[str, int]:
    """How long the lists are that are written out under a name of the module."""
    named = [
        (node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value)
        for node in module.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
    ]
    return {
        name.id: len(value.elts)
        for name, value in named
        if isinstance(name, ast.Name) and isinstance(value, ast.List | ast.Tuple)
    }


def case_numbers(path: Path) -> Iterator[tuple[str, int]]:
    """The number of cases that are written out for each decorator of each test."""
    lists = written_lists(MODULES[path])
    for test in named_tests(path):
        for decorator in test.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.parametrize":
                values = decorator.args[1]
                if isinstance(values, ast.List | ast.Tuple):
                    yield f"{SHOWN[path]}: {test.name}", len(values.elts)
                elif isinstance(values, ast.Name):
                    yield f"{SHOWN[path]}: {test.name}", lists.get(values.id, 0)


def test_names_have_at_most_60_characters() -> None:
    names = {f"{SHOWN[path]}: {test.name}": len(test.name) for path in MODULES for test in named_tests(path)}
    assert len(names) > 1000
    assert [name for name, length in names.items() if length > LONGEST_NAME] == []


def test_a_decorator_holds_at_most_15_cases() -> None:
    numbers = [item for path in MODULES for item in case_numbers(path)]
    assert len(numbers) > 100
    assert [item for item in numbers if item[1] > MOST_CASES] == []


def test_no_time_is_measured_or_limited() -> None:
    asked = [
        f"{SHOWN[path]}:{node.lineno}"
        for path, module in MODULES.items()
        for node in ast.walk(module)
        if (isinstance(node, ast.Attribute) and node.attr in CLOCKS)
        or (isinstance(node, ast.Call) and any(keyword.arg == "timeout" for keyword in node.keywords))
    ]
    assert asked == []


def test_every_name_in_yaml_beside_a_test_is_a_test() -> None:
    files = [path.with_suffix(".yaml") for path in MODULES if path.with_suffix(".yaml").exists()]
    assert files
    for file in files:
        beside = {
            test.name
            for test in named_tests(file.with_suffix(".py"))
            if "cases_beside" in [ast.unparse(decorator) for decorator in test.decorator_list]
        }
        assert set(yaml.safe_load(file.read_text(encoding="utf-8"))) == beside, file


def test_cases_of_different_arguments_are_refused(tmp_path: Path) -> None:
    (tmp_path / "test_x.yaml").write_text("test_one:\n  - {a: 1, b: 2}\n  - {a: 1}\n", encoding="utf-8")
    source = "def test_one(a: int, b: int) -> None: ..."
    names: dict[str, object] = {}
    exec(compile(source, str(tmp_path / "test_x.py"), "exec"), names)
    with pytest.raises(ValueError, match=r"test_one: not the arguments \['a', 'b'\]: \{'a': 1\}"):
        cases_beside(names["test_one"])  # type: ignore[type-var]
