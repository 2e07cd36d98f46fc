"""``resistab`` without a command, its list of commands, and what every command line understands."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner, Result

from resistab import __version__
from resistab.cli.app import made_app
from resistab.cli.asked import plain_evaluation
from resistab.cli.top import beginning
from resistab.domains.registry import packs


def run(*words: str) -> Result:
    return CliRunner().invoke(made_app(list(words)), list(words), prog_name="resistab")


def test_without_a_command_the_five_things_people_do_are_shown() -> None:
    done = run()
    assert done.exit_code == 0
    shown = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("  resistab ")]
    assert shown == ["evaluate", "explain", "regimens", "lookup", "drugs", "evaluate", "evaluate"]
    assert done.stdout.splitlines() == beginning(packs())


@pytest.mark.parametrize("words", [["--version"], ["--version", "evaluate"]])
def test_the_version_is_told_by_an_option_too(words: list[str]) -> None:
    assert run(*words).stdout == f"resistab {__version__}\n"


def test_no_description_in_the_list_of_commands_is_cut() -> None:
    shown = run("--help").stdout
    listed = shown[shown.index("Commands:") : shown.index("Exit codes:")]
    assert "..." not in listed
    descriptions = re.split(r"\n  (?=[a-z])", listed)[1:]
    assert len(descriptions) > 20
    assert all(text.rstrip().endswith(".") for text in descriptions)


def test_completion_can_be_installed() -> None:
    assert "--install-completion" in run("--help").stdout


def test_a_tumour_is_spelled_as_one_likes() -> None:
    plain = plain_evaluation(["evaluate", "--tumor", "LUAD", "--finding", "EGFR T790M"])
    assert plain == {"tumour": "LUAD", "finding": ["EGFR T790M"]}
    assert run("drugs", "--tumor", "LUAD").stdout == run("drugs", "--tumour", "LUAD").stdout != ""
