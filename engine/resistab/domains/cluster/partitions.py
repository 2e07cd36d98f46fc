"""A cohort in parts, as Parquet on any path that fsspec knows: genotypes for workers, and what these made of them.

Of a part's genotypes each is a row with its sample and the genotype as a pickle, which refers to those before it. So
what genotypes share is written once and shared again where they are read, in their order. Only resistab's own classes
are read from it, as from the cache of rules.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator, Sequence
from typing import Any

from resistab.core.faults import ExtraMissingError
from resistab.rulesets.cache import DataUnpickler

# The column that says of which genotype of its part a row is.
_OF = "genotype"


def require_cluster() -> None:
    """Raise ``ExtraMissingError`` where what a cluster needs is not installed."""
    import importlib

    for module in ("distributed", "fsspec", "pyarrow.parquet"):
        try:
            importlib.import_module(module)
        except ImportError as error:
            name = module.partition(".")[0]
            raise ExtraMissingError(f"{name} is not installed; pip install 'resistab[cluster]' installs it") from error


class Place:
    """A folder for tables, by its address; raises ``ValueError`` and ``ImportError`` where no such address is known."""

    def __init__(self, address: str) -> None:
        from fsspec.core import url_to_fs

        self._files, self._folder = url_to_fs(address)
        self.address = str(self._files.unstrip_protocol(self._folder))

    def make(self) -> None:
        """Make the folder, where folders are made."""
        self._files.makedirs(self._folder, exist_ok=True)

    def has(self, name: str) -> bool:
        """Whether there is such a table."""
        return bool(self._files.exists(self._path(name)))

    def write(self, name: str, table: Any) -> None:
        """Write an Arrow table."""
        from pyarrow import parquet

        with self._files.open(self._path(name), "wb") as file:
            parquet.write_table(table, file, compression="zstd")

    def read(self, name: str) -> Any:
        """The Arrow table, columns of text with each text once."""
        from pyarrow import parquet

        with self._files.open(self._path(name), "rb") as file:
            whole = parquet.ParquetFile(file)
            texts = [field.name for field in whole.schema_arrow if str(field.type) == "string"]
            return parquet.ParquetFile(file, read_dictionary=texts).read()

    def remove(self, name: str) -> None:
        """Remove a table."""
        self._files.rm(self._path(name))

    def clear(self) -> None:
        """Remove the folder and all in it, if it is there."""
        if self._files.exists(self._folder):
            self._files.rm(self._folder, recursive=True)

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}.parquet"


def genotypes_table(genotypes: Sequence[Any]) -> Any:
    """The table of a part's genotypes."""
    import pyarrow

    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickles = []
    for genotype in genotypes:
        pickler.dump(genotype)
        pickles.append(buffer.getvalue())
        buffer.seek(0)
        buffer.truncate()
    samples = pyarrow.array([genotype.sample for genotype in genotypes], pyarrow.string())
    return pyarrow.table({"sample": samples, "genotype": pyarrow.array(pickles, pyarrow.binary())})


def genotypes_of(table: Any) -> list[Any]:
    """The genotypes that a table of ``genotypes_table`` holds; raises ``UnpicklingError`` where it holds others."""
    unpickler = DataUnpickler(io.BytesIO(b"".join(table.column("genotype").to_pylist())))
    return [unpickler.load() for _ in range(table.num_rows)]


def rows_table(columns: Sequence[str], made: Sequence[Sequence[Sequence[str]]]) -> Any:
    """The table of what was ``made`` of each genotype of a part: rows of a field for each of ``columns``."""
    import pyarrow

    numbers = [number for number, rows in enumerate(made) for _ in rows]
    fields = list(zip(*(row for rows in made for row in rows), strict=True)) or [()] * len(columns)
    texts = {
        f"field {name}": pyarrow.array(column, pyarrow.string()) for name, column in zip(columns, fields, strict=True)
    }
    return pyarrow.table({_OF: pyarrow.array(numbers, pyarrow.int32()), **texts})


def rows_of(table: Any, number: int) -> Iterator[list[tuple[str, ...]]]:
    """The rows that a table of ``rows_table`` holds for each of ``number`` genotypes."""
    whole = table.combine_chunks()
    numbers = whole.column(_OF).to_pylist()
    rows = list(zip(*(_texts(whole.column(name)) for name in whole.column_names if name != _OF), strict=True))
    first = 0
    for genotype in range(number):
        last = first
        while last < len(numbers) and numbers[last] == genotype:
            last += 1
        yield rows[first:last]
        first = last


def _texts(column: Any) -> Iterator[str]:
    """The texts of a column; each is one object wherever it stands."""
    for chunk in column.chunks:
        texts = chunk.dictionary.to_pylist()
        yield from (texts[number] for number in chunk.indices.to_pylist())
