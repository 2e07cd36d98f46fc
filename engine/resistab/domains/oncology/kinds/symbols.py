"""Symbols of genes: those known by name only (``symbols.txt``), and those given up (``former_symbols.tsv``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from resistab.core.cached import cached_property
from resistab.core.faults import Fault
from resistab.domains.oncology.kinds.models import Gene

FILE = "symbols.txt"
FORMER_FILE = "former_symbols.tsv"


def gene_symbols(folder: Path) -> frozenset[str]:
    """HGNC symbols of genes that findings may name without a curated association; empty where there is no file."""
    path = folder / FILE
    return frozenset(path.read_text(encoding="utf-8", errors="replace").split()) if path.is_file() else frozenset()


def former_symbols(folder: Path) -> dict[str, tuple[str, ...]]:
    """By a symbol that HGNC gave up, as it was written, the symbols of today of the genes that had it."""
    path = folder / FORMER_FILE
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    parts = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return {former: tuple(today.split()) for former, _, today in parts}


class GeneSymbols:
    """The symbols that a rule set knows beside those of its own genes; read when the first is asked for."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @cached_property
    def known(self) -> dict[str, str]:
        """Symbols of today, by upper case."""
        return {symbol.upper(): symbol for symbol in (gene_symbols(self._folder) if self._folder else ())}

    @cached_property
    def former(self) -> dict[str, tuple[str, ...]]:
        """By a former symbol in upper case the symbols of today of the genes that had it."""
        found = former_symbols(self._folder) if self._folder else {}
        return {former.upper(): today for former, today in found.items()}

    def symbol(self, name: str) -> str | None:
        """The symbol of today that ``name`` is, in whatever case, or None."""
        return self.known.get(name.upper())

    def had(self, name: str) -> tuple[str, ...]:
        """The symbols of today of the genes whose symbol ``name`` was, in whatever case."""
        return self.former.get(name.upper(), ())


def symbol_faults(folder: Path, genes: Iterable[Gene], symbols_where: str, former_where: str) -> Iterator[Fault]:
    """A fault for each alias of a gene that is another gene's symbol, and each former symbol of an unknown gene."""
    genes = tuple(genes)
    known = {symbol.upper() for symbol in gene_symbols(folder)} - {gene.symbol.upper() for gene in genes}
    for gene in genes:
        for alias in gene.aliases:
            if alias.upper() in known:
                message = f"'{alias}' is the symbol of a gene, and an alias of {gene.symbol} in genes.yaml"
                expected = "aliases that are no other gene's symbol"
                yield Fault(where=symbols_where, message=message, expected=expected, code="RT127")
    known |= {gene.symbol.upper() for gene in genes}
    for former, today in former_symbols(folder).items():
        unknown = [symbol for symbol in today if symbol.upper() not in known]
        if unknown or not today:
            message = f"'{former}' was the symbol of {' and '.join(unknown) or 'no gene'}, which is not known"
            yield Fault(
                where=former_where, message=message, expected="symbols of genes.yaml or symbols.txt", code="RT127"
            )
