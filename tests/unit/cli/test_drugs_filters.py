"""``resistab drugs`` narrowed by name, class, target and tumour type."""

from __future__ import annotations

import re

import pytest
import typer
from typer.testing import CliRunner

from resistab.cli import drugs as command
from resistab.core.faults import InputError


def listed(*words: str) -> str:
    app = typer.Typer()
    command.register(app)
    done = CliRunner().invoke(app, list(words), catch_exceptions=False, env={"COLUMNS": "200"})
    assert done.exit_code == 0
    return done.stdout


def first_words(*words: str) -> set[str]:
    names = [line.split("  ")[0].strip() for line in listed(*words).splitlines() if re.match(r" \w", line)]
    # Brands stand in brackets.
    return {name.partition(" (")[0] for name in names} - {"Drug"}


@pytest.mark.parametrize(
    ("words", "there", "not_there"),
    [
        (["--name", "tagrisso"], "osimertinib", "erlotinib"),
        (["--class", "BRAF inhibitors"], "vemurafenib", "trametinib"),
        (["--target", "EGFR"], "cetuximab", "vemurafenib"),
        (["--target", "HER2"], "trastuzumab", "vemurafenib"),
        (["--target", "BRAF", "--tumour", "MEL"], "dabrafenib", "selumetinib"),
        (["--ruleset", "hiv1", "--class", "NNRTI"], "EFV", "DTG"),
        (["--ruleset", "hiv1", "--target", "IN"], "DTG", "EFV"),
        (["--ruleset", "hiv1", "--name", "dolutegravir"], "DTG", "RAL"),
        (["--ruleset", "pharmacogenomics", "--name", "abacavir"], "abacavir", "tamoxifen"),
    ],
)
def test_the_list_holds_what_is_asked_for(words: list[str], there: str, not_there: str) -> None:
    found = first_words(*words)
    assert there in found
    assert not_there not in found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "osimertinb"], "no drug is called 'osimertinb'.*did you mean osimertinib"),
        (["--class", "BRAF inhibitr"], "no drug has the class of drugs 'BRAF inhibitr'.*did you mean BRAF inhibitor"),
        (["--target", "EFGR"], "no drug has the target 'EFGR'.*did you mean EGFR"),
        (["--name", "osimertinib", "--target", "BRAF"], "no drug is all that is asked for"),
        (["--ruleset", "pharmacogenomics", "--target", "TPMT"], "no drug has the target 'TPMT'"),
        (["--tumour", "brest cancer"], "did you mean BRCA"),
    ],
)
def test_what_finds_no_drug_is_told(words: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        listed(*words)
