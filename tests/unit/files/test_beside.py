"""What a file may name: regular files beside it, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from resistab.files.beside import NotBesideError, file_beside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "patients"
    (made / "panels").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (made / "genes.txt").write_text("EGFR")
    (made / "panels" / "own.bed").write_text("chr7\t1\t2")
    (made / "inside").symlink_to("genes.txt")
    (made / "outside").symlink_to(tmp_path / "secret")
    (made / "above").symlink_to(tmp_path)
    (made / "loop").symlink_to("loop")
    os.mkfifo(made / "pipe")
    return made


@pytest.mark.parametrize("name", ["genes.txt", "panels/own.bed", "inside", "./genes.txt"])
def test_a_regular_file_within_the_folder_is_found(folder: Path, name: str) -> None:
    assert file_beside(folder, name).is_file()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/etc/passwd", "leads out"),
        ("../secret", "leads out"),
        ("panels/../../secret", "leads out"),
        ("outside", "leads out"),
        ("above/secret", "leads out"),
        ("loop", "is not there"),
        ("missing", "is not there"),
        ("genes.txt/x", "is not there"),
        ("a" * 5000, "is not there"),
        ("pipe", "is no regular file"),
        ("panels", "is no regular file"),
        ("a\x00b", "is no name"),
        (" ", "is no name"),
    ],
)
def test_nothing_else_is_opened(folder: Path, name: str, why: str) -> None:
    with pytest.raises(NotBesideError, match=why):
        file_beside(folder, name)
