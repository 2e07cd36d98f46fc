"""``docs/reference/commands.md`` says of each command what its ``--help`` says, as a user sees it."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.manual import PAGES, code
from tests.running import RESISTAB
from tools.commands_page import commands

SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGES["reference/commands.md"], re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_the_options_are_those_of_the_help(name: str) -> None:
    words = name.split()[1:]
    said = subprocess.run([*RESISTAB, *words, "--help"], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^  (-[\w-]+(?:, -[\w-]+)*)", said, re.MULTILINE)
    offered = {option for line in found for option in line.split(", ")} - {"-h", "--help"}
    table = re.findall(r"^\| (`-.*?`) \|", SECTIONS[name], re.MULTILINE)
    assert {option for cell in table for option in code(cell)} == offered


def test_every_command_has_its_section() -> None:
    assert set(SECTIONS) == {name for name, _ in commands()}
