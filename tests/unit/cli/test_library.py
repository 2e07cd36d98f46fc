"""What ``import resistab`` offers, and that a genotype made in Python is that of the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import resistab
from resistab.core.measured import MeasuredResponse
from tests.running import Run

PANEL = "foundationone-cdx"


def test_dir_lists_the_public_names_and_each_is_there() -> None:
    public = [name for name in dir(resistab) if not name.startswith("_")]
    assert public == sorted(resistab.__all__)
    assert all(getattr(resistab, name) is not None for name in public)


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(resistab.__file__).parent / "py.typed").is_file()


def test_a_tumour_genotype_takes_what_the_command_line_takes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("drug,assay,call\nosimertinib,organoid,resistant\n")
    interpreter = resistab.load("oncology")
    genotype = interpreter.genotype(
        "LUAD",
        ["EGFR L858R"],
        ["MET copy number"],
        ["none"],
        "one",
        panels=[PANEL],
        specimen="CTDNA",
        limit_of_detection=0.001,
        tumour_fraction=0.3,
        measured=tmp_path / "m.csv",
    )
    options = ("--tumour", "LUAD", "--finding", "EGFR L858R", "--assayed", "MET copy number", "--prior", "none",
               "--sample", "one", "--panel", PANEL, "--specimen", "CTDNA", "--limit-of-detection", "0.001",
               "--tumour-fraction", "0.3", "--measured", "m.csv", "--date", "2026-01-01")  # fmt: skip
    printed = json.loads(run("evaluate", *options, "--all-drugs", "--no-options", "--json", "-").stdout)
    made = json.loads(interpreter.interpret(genotype).to_json())
    assert made | {"generated_on": "2026-01-01"} == printed
    assert printed["measured"] and printed["sample"]["specimen"] == "ctDNA"


def test_measured_responses_may_be_given_as_they_are() -> None:
    response = MeasuredResponse(drug="Tagrisso", assay="organoid", measure="fold change", value=12, resistant_from=5)
    genotype = resistab.load("oncology").genotype("LUAD", ["EGFR L858R"], measured=[response])
    assert [(item.drug, item.call) for item in genotype.measured] == [("osimertinib", "resistant")]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"specimen": "blood"}, "--specimen 'blood' is neither tissue nor ctDNA"),
        ({"tumour_fraction": 5}, "--tumour-fraction 5 is no fraction from 0 to 1"),
        ({"panels": ["x"]}, "there is no panel and no file 'x'"),
        ({"measured": "no.csv"}, "no.csv: cannot be read"),
    ],
)
def test_what_cannot_be_taken_is_an_input_error(options: dict[str, object], said: str) -> None:
    with pytest.raises(resistab.InputError, match=said):
        resistab.load("oncology").genotype("LUAD", ["EGFR L858R"], **options)
