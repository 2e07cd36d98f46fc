"""The options of the commands: declared once, and a domain's own by its pack."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from resistab import cli
from resistab.cli.app import made_app
from resistab.cli.asked import plain_evaluation, refuse_command, refuse_foreign
from resistab.cli.evaluate import evaluate
from resistab.cli.options import with_options_of_packs
from resistab.domains.pack import Option, Pack
from resistab.domains.registry import packs


def by_name() -> dict[str, list[Option]]:
    found: dict[str, list[Option]] = {}
    for pack in packs():
        for option in pack.options:
            found.setdefault(option.name, []).append(option)
    return found


def foreign() -> list[tuple[Pack, str]]:
    return [
        (pack, name) for pack in packs() for name in by_name() if name not in {option.name for option in pack.options}
    ]


def test_packs_that_share_an_option_share_flags_and_type() -> None:
    shared = [options for options in by_name().values() if len(options) > 1]
    assert shared
    for options in shared:
        assert len({(option.flags, option.annotation, option.series == "each") for option in options}) == 1


def test_no_flag_is_declared_twice() -> None:
    parameters = inspect.signature(with_options_of_packs("patient")(evaluate)).parameters.values()
    flags = [
        flag
        for parameter in parameters
        for info in parameter.annotation.__metadata__
        if isinstance(info, typer.models.OptionInfo)
        for flag in (info.default, *info.param_decls)
        if isinstance(flag, str)
    ]
    assert {"--tumour", "--json", "--mutations"} <= set(flags)
    assert len(flags) == len(set(flags))


def test_an_option_of_another_domain_is_refused_with_whose_it_is() -> None:
    assert len(foreign()) > 5
    for pack, name in foreign():
        flag = by_name()[name][0].flags[0]
        with pytest.raises(typer.BadParameter, match=rf"^{flag} is for ") as refusal:
            refuse_foreign(pack, {name: "x"})
        assert str(refusal.value).endswith(pack.instead)


def test_an_own_option_is_not_refused() -> None:
    for pack in packs():
        refuse_foreign(pack, {option.name: "x" for option in pack.options})


def test_a_command_a_domain_lacks_is_refused_with_the_reason() -> None:
    pack = Pack(name="x", one="an x", many="xs", files="", options=(), only="", cannot={"timeline": "nothing changes"})
    with pytest.raises(typer.BadParameter, match="timeline: nothing changes"):
        refuse_command(pack, "timeline")
    refuse_command(pack, "cohort")


def test_of_a_series_an_option_speaks_of_all_files_or_of_each() -> None:
    parameters = inspect.signature(with_options_of_packs("series")(evaluate)).parameters
    assert "finding" not in parameters and "mutations" not in parameters
    assert parameters["tumour"].annotation.__origin__ == str | None
    assert parameters["specimen"].annotation.__origin__ == list[str] | None


def test_a_start_imports_the_command_asked_for_and_no_models() -> None:
    code = (
        "import sys; from resistab.cli.app import made_app; made_app(['evaluate']); "
        "print(*sorted(name for name in sys.modules if name.startswith('resistab.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = done.stdout.split()
    assert "resistab.cli.evaluate" in imported
    assert "resistab.cli.explain" not in imported
    assert {f"resistab.domains.{pack.name}.pack" for pack in packs()} <= set(imported)
    assert not [name for name in imported if ".kinds" in name or name.endswith(".interpreter")]


def test_every_module_that_registers_is_a_command() -> None:
    modules = [importlib.import_module(f"resistab.cli.{found.name}") for found in pkgutil.iter_modules(cli.__path__)]
    registering = {module.__name__.rpartition(".")[2] for module in modules if hasattr(module, "register")}
    app = made_app([])
    named = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    of_packs = {command.group or command.name for pack in packs() for command in pack.commands}
    assert named == (registering - {"of_packs"}) | of_packs
    assert {"evaluate", "conflicts", "import", "export"} <= named


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.name)
def test_each_command_of_a_pack_is_there_with_examples(pack: Pack) -> None:
    for command in pack.commands:
        assert callable(getattr(pack.module(command.module), command.function))
        assert command.examples and all(line.startswith("resistab ") for line in command.examples)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("one.yaml two.yaml --json -", {"files": [Path("one.yaml"), Path("two.yaml")], "json": "-"}),
        ("--json=a --json b", {"json": "b"}),
        ("-t LUAD --finding A -f B --all-drugs", {"tumour": "LUAD", "finding": ["A", "B"], "all_drugs": True}),
        ("--measured m.csv --reports out", {"measured": Path("m.csv"), "reports": Path("out")}),
        ("--verify --json -", {"verify": True, "json": "-"}),
        ("--sample --json", {"sample": "--json"}),
        ("", {}),
    ],
)
def test_a_plain_command_line_is_read_without_typer(words: str, said: dict[str, object]) -> None:
    assert plain_evaluation(["evaluate", *words.split()]) == said


@pytest.mark.parametrize(
    "words",
    [
        "--help",
        "-h",
        "--jso -",
        "--json",
        "--no-all-drugs",
        "-tLUAD",
        "--all-drugs=yes",
        "--tumour-fraction 0.5",
        "-- a",
    ],
)
def test_all_else_is_left_to_typer(words: str) -> None:
    assert plain_evaluation(["evaluate", *words.split()]) is None
    assert plain_evaluation(["explain"]) is None


def test_typer_reads_a_plain_command_line_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["evaluate", "a.yaml", "--json", "-", "-f", "A", "--rulebase", "here", "--keep-going", "--date=2026-01-02"]
    told: list[dict[str, object]] = []
    app = made_app(words)
    (command,) = app.registered_commands
    monkeypatch.setattr(command, "callback", functools.wraps(command.callback)(lambda **said: told.append(said)))
    with pytest.raises(SystemExit):
        app(words)
    plain = plain_evaluation(words)
    assert plain is not None
    assert {name: told[0][name] for name in plain} == plain
