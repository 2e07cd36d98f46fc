"""The one-way street: which module may import which, read from the source itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import resistab

PACKAGE = Path(resistab.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# A module imports from its own layer and from those above it in this list, never from one below.
LAYERS = (
    "resistab.core",
    "resistab.files",
    "resistab.rulesets",
    "resistab.report",
    "resistab.curation.kit",
    "resistab.domains",
    "resistab.curation",
    "resistab.cli",
)
# The package's own face names everything, and loads it when it is asked for.
FACE = PACKAGE / "__init__.py"
NETWORK = {"socket", "ssl", "http", "urllib", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "asyncio"}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports anywhere in it, under TYPE_CHECKING and inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module: str) -> int | None:
    """The layer of a module, or None for what is no module of the package."""
    found = [name for name in LAYERS if module == name or module.startswith(f"{name}.")]
    return LAYERS.index(max(found, key=len)) if found else None


@pytest.mark.parametrize("path", [path for path in FILES if path != FACE], ids=name_of)
def test_imports_flow_one_way(path: Path) -> None:
    own = layer(name_of(path))
    assert own is not None, f"{name_of(path)} belongs to no layer"
    for module in imports(path):
        other = layer(module)
        assert other is None or other <= own, f"{name_of(path)} imports {module}, which comes after it"


def test_only_one_module_imports_the_forward_chaining_engine() -> None:
    importers = [name_of(path) for path in FILES if any(m.split(".")[0].startswith("durable") for m in imports(path))]
    assert importers == ["resistab.core.rete"]


def test_the_second_evaluator_knows_nothing_of_the_first() -> None:
    """What both share is the program, what was observed, and the form of a result."""
    shared = {
        "resistab.core.condition",
        "resistab.core.program",
        "resistab.core.result",
        "resistab.core.truth",
    }
    of = {m for m in imports(PACKAGE / "core" / "fixpoint.py") if m.startswith("resistab.")}
    assert {".".join(module.split(".")[:3]) for module in of} == shared


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_module_imports_anything_of_the_network(path: Path) -> None:
    assert not {module.split(".")[0] for module in imports(path)} & NETWORK


def test_an_evaluation_opens_no_connection() -> None:
    """With every way to open one closed, the report is made all the same."""
    code = """
import socket
def closed(*arguments, **named):
    raise AssertionError("a connection was opened")
socket.socket = socket.create_connection = socket.getaddrinfo = closed
import resistab
interpreter = resistab.load("oncology")
report = interpreter.interpret(interpreter.genotype(tumour="LUAD", findings=["EGFR T790M"]))
print(len(report.verdicts))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


def test_the_package_itself_loads_nothing_until_it_is_asked() -> None:
    code = "import resistab, sys; print([m for m in sys.modules if m.startswith(('resistab.', 'pydantic', 'durable'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
