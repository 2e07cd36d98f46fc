"""Where results go: whole or not at all, with the mode of what they replace, and never over an input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from resistab.files.output import clash, write_whole


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "private.json"
    path.write_text("x")
    for mode in (0o600, 0o640, 0o444):
        path.chmod(mode)
        write_whole(path, "{}")
        assert (path.read_text(), path.stat().st_mode & 0o777) == ("{}", mode)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit(143), RuntimeError])
def test_what_ends_the_writing_leaves_nothing_behind(tmp_path: Path, error: BaseException) -> None:
    def parts() -> Iterator[str]:
        yield "first"
        raise error

    (tmp_path / "report.json").write_text("earlier")
    with pytest.raises(type(error) if isinstance(error, BaseException) else error):
        write_whole(tmp_path / "report.json", parts())
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert (tmp_path / "report.json").read_text() == "earlier"


def test_an_output_that_is_an_input_is_told_by_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("x")
    (tmp_path / "link").symlink_to("a.yaml")
    (tmp_path / "hard").hardlink_to(tmp_path / "a.yaml")
    for name in ("a.yaml", "./a.yaml", str(tmp_path / "a.yaml"), "link", "hard"):
        assert clash([Path("a.yaml")], json=name) == f"--json {name} is a file that is read"
    assert clash([Path("a.yaml")], json="b.json", html=None, table="-") is None


def test_two_outputs_of_one_place_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("same")
    assert clash([], json="same", html="./same") == "--json and --html are both to go to the file ./same"
    assert clash([], json="link", html="same") == "--json and --html are both to go to the file same"
    for other in ("-", "/dev/stdout", "/dev/fd/1"):
        assert clash([], json="-", table=other) == "--json and --table are both to go to standard output"
    assert clash([], json="/dev/null", html="/dev/null") is None


def test_a_file_of_a_folder_that_is_read_is_no_place(tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    for name in ("data_mutations.txt", "earlier.json"):
        (study / name).write_text("x")
    data = str(study / "data_mutations.txt")
    assert clash([study], table=data) == f"--table {data} is a file of the folder that is read"
    assert clash([study], json=str(study / "earlier.json"), table=str(study / "new.csv")) is None
