"""One report for each sample, in files that are named by it and lie in the folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resistab import Interpreter
from resistab.domains.oncology.report import html
from resistab.files.output import OutputError
from resistab.report.folder import file_stem, write_reports


@pytest.mark.parametrize(
    ("sample", "stem"),
    [
        ("TCGA-AB-2988", "TCGA-AB-2988"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("/etc/x", "_etc_x"),
        ("..", "_"),
        (".hidden", "hidden"),
        ("a b\\c:d", "a_b_c_d"),
        ("ü", "_"),
        ("x" * 300, "x" * 100),
    ],
)
def test_the_name_of_a_file_is_never_a_path(sample: str, stem: str) -> None:
    assert file_stem(sample) == stem
    assert Path(stem).name == stem


def test_each_sample_has_a_page_and_a_json_file(oncology: Interpreter, tmp_path: Path) -> None:
    names = ["../A", "B"]
    reports = [oncology.interpret(oncology.genotype("LUAD", ["EGFR L858R"], sample=name)) for name in names]
    assert list(write_reports(tmp_path / "new" / "out", reports, names, html)) == reports
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == [
        "B.html", "B.json", "_A.html", "_A.json",
    ]  # fmt: skip
    assert json.loads((tmp_path / "new" / "out" / "_A.json").read_text())["sample"]["id"] == "../A"


def test_two_samples_never_share_a_file_and_then_none_is_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"the samples 'a b' and 'a_b' would share the file a_b\.html"):
        write_reports(tmp_path / "out", [], ["a b", "a_b"], html)
    assert not (tmp_path / "out").exists()
