"""Symbols of genes that a rule set knows by name only (``symbols.txt``)."""

from __future__ import annotations

from pathlib import Path

FILE = "symbols.txt"


def gene_symbols(folder: Path) -> frozenset[str]:
    """HGNC symbols of genes that findings may name without a curated association; empty where there is no file."""
    path = folder / FILE
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()
