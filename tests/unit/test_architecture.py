"""The one-way street: which module may import which, read from the source itself."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import resistab
from resistab.domains import pack as pack_module
from resistab.domains.loading import load_rules
from resistab.domains.pack import Pack
from resistab.domains.registry import NAMES, packs
from resistab.rulesets.find import data_folder, folders_of_rulesets

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
    "resistab.server",
    "resistab.cli",
)
# Shells that stand beside each other, and know nothing of one another.
BESIDE = {"resistab.curation", "resistab.server"}
# What every pack is made of, and what a pack may have beside it.
MODULES = {
    *("pack", "kinds", "atoms", "grammar", "checks", "genotype", "inputs", "observe", "compile", "policy"),
    *("interpreter", "report", "curate"),
}
MORE = {
    "commands": "commands of its own on the command line",
    "regimens": "what is open to a patient; not every domain has regimens",
    "measures": "what was measured of many samples; not every domain has measurements",
}
OF_ONE = {"virus": {"align", "asi"}}
OPTIONAL = {
    "--evidence": ("read_evidence", "check_evidence"),
    "--expectations": ("read_expectations", "expectation_judge"),
    "timeline": ("timeline",),
}
FACETS = ("kinds", "interpreter", "inputs", "report", "curate")
DOMAIN_WORDS = r"tumou?r|oncolog|virus|viral|hiv|pharmaco|germline"
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
        beside = BESIDE - {LAYERS[own]} if LAYERS[own] in BESIDE else set()
        assert other is None or LAYERS[other] not in beside, f"{name_of(path)} imports {module}, which stands beside it"


def domain_of(module: str) -> str | None:
    """The domain whose pack a module belongs to, None where it belongs to none."""
    parts = module.split(".")
    return parts[2] if module.startswith("resistab.domains.") and parts[2] in NAMES else None


@pytest.mark.parametrize("path", [path for path in FILES if path != FACE], ids=name_of)
def test_no_pack_imports_another_and_no_shell_a_pack(path: Path) -> None:
    """A shell gets a pack from the registry, and never knows which one it is."""
    own = domain_of(name_of(path))
    others = {module for module in imports(path) if domain_of(module) not in (None, own)}
    assert not others, f"{name_of(path)} imports {', '.join(sorted(others))}"


def test_every_domain_is_in_the_registry() -> None:
    folders = {path.name for path in (PACKAGE / "domains").iterdir() if (path / "pack.py").is_file()}
    assert folders == set(NAMES)


@pytest.mark.parametrize("domain", NAMES)
def test_every_pack_has_the_same_modules(domain: str) -> None:
    """And beside them only what is said here, with the reason."""
    folder = PACKAGE / "domains" / domain
    found = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert found - {"__init__"} >= MODULES
    assert found - {"__init__"} - MODULES <= set(MORE) | OF_ONE.get(domain, set())


def test_core_names_no_gene_drug_or_domain() -> None:
    """No symbol of a gene and no drug of a shipped rule set stands in the core, and no word for a domain's patients."""
    names = set()
    for folder in folders_of_rulesets(data_folder("rulebase")):
        rules = load_rules(folder)
        names |= {gene.symbol for gene in getattr(rules, "genes", ())} | {drug.name for drug in rules.drugs}
    assert {"EGFR", "osimertinib"} <= names
    for path in (PACKAGE / "core").rglob("*.py"):
        words = set(re.findall(r"[A-Za-z0-9/]+", path.read_text("utf-8")))
        assert not words & {name for name in names if len(name) > 3}, path
        assert not {word for word in words if re.match(DOMAIN_WORDS, word, re.IGNORECASE)}, path


@pytest.mark.parametrize("path", [path for path in FILES if domain_of(name_of(path)) is None], ids=name_of)
def test_nothing_outside_a_pack_is_called_after_a_domain(path: Path) -> None:
    """Neither a module, nor a class or function in it; nor does any ask for a kind of rule set."""
    assert not re.search(DOMAIN_WORDS, path.stem, re.IGNORECASE)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            assert not re.search(DOMAIN_WORDS, node.name, re.IGNORECASE), f"{path}: {node.name}"
        if isinstance(node, ast.Compare) and path.parent != PACKAGE / "domains":
            compared = {value.value for value in ast.walk(node) if isinstance(value, ast.Constant)}
            assert not compared & set(NAMES), f"{path}:{node.lineno} asks which domain it serves"


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
@pytest.mark.parametrize("facet", FACETS)
def test_every_facet_has_what_its_protocol_asks_for(pack: Pack, facet: str) -> None:
    module = getattr(pack, facet)
    protocol = getattr(pack_module, f"{facet.capitalize()}Module")
    wanted = {name for name in {*vars(protocol), *protocol.__annotations__} if not name.startswith("_")}
    assert wanted
    # What a domain says it cannot have, with the reason, it need not bring.
    spared = {*pack.cannot, *(name for option, names in OPTIONAL.items() if option in pack.cannot for name in names)}
    assert not {name for name in wanted - spared if not hasattr(module, name)}


@pytest.mark.parametrize(
    "pack", [pack for pack in packs() if "measures" not in pack.cannot], ids=lambda pack: pack.name
)
def test_measures_take_what_their_protocol_gives(pack: Pack) -> None:
    """Learning and validation call them by position and by name."""
    asked = {name: of for name, of in vars(pack_module.MeasuresModule).items() if not name.startswith("_")}
    assert {"read", "genotype", "judged", "drafted"} <= asked.keys()
    for name, of in asked.items():
        given = list(inspect.signature(of).parameters)[1:]
        assert list(inspect.signature(getattr(pack.measures, name)).parameters) == given, name


@pytest.mark.parametrize(
    ("library", "known"),
    [("durable", {"resistab.core.rete"}), ("clingo", {"resistab.core.escape", "resistab.core.verification"})],
)
def test_only_certain_modules_import_an_engine(library: str, known: set[str]) -> None:
    importers = {name_of(path) for path in FILES if any(m.split(".")[0].startswith(library) for m in imports(path))}
    assert importers == known


@pytest.mark.parametrize(("evaluator", "more"), [("fixpoint", {"result", "truth"}), ("answer_set", {"printable"})])
def test_an_evaluator_knows_nothing_of_the_others(evaluator: str, more: set[str]) -> None:
    """What they share is the program, what was observed, and the form of a result."""
    of = {m for m in imports(PACKAGE / "core" / f"{evaluator}.py") if m.startswith("resistab.")}
    assert {module.split(".")[2] for module in of} == {"condition", "program"} | more


@pytest.mark.parametrize("library", ["fastapi", "starlette", "uvicorn", "h11", "pebble", "anyio"])
def test_only_the_server_imports_what_listens(library: str) -> None:
    importers = {name_of(path) for path in FILES if any(m.split(".")[0] == library for m in imports(path))}
    assert importers and all(name.startswith("resistab.server.") for name in importers)


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
