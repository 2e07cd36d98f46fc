"""A cohort in parts, as Parquet on any path that fsspec knows: genotypes for workers, and what these made of them.

Of a part's genotypes each is a row with its sample and the genotype as a pickle, which refers to those before it. So
what genotypes share is written once and shared again where they are read, in their order. Only resistab's own classes
are read from it, as from the cache of rules.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, TypeVar

from resistab.core.extras import require
from resistab.rulesets.cache import DataUnpickler

_Item = TypeVar("_Item")

# So many genotypes, or what was made of so many, are in memory at once as a table.
_TOGETHER = 256
# The column that says of which genotype of its part a row is.
_OF = "genotype"


def require_cluster() -> None:
    """Raise ``ExtraMissingError`` where what a cluster needs is not installed."""
    require("cluster", "distributed", "fsspec", "pyarrow.parquet")


class PartsFolder:
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

    def write(self, name: str, schema: Any, tables: Iterable[Any]) -> None:
        """Write Arrow tables of one schema as one, each as it comes."""
        from pyarrow import parquet

        with (
            self._files.open(self._path(name), "wb") as file,
            parquet.ParquetWriter(file, schema, compression="zstd") as writer,
        ):
            for table in tables:
                writer.write_table(table)

    def read(self, name: str) -> Iterator[Any]:
        """The tables that were written, columns of text with each text once."""
        from pyarrow import parquet

        with self._files.open(self._path(name), "rb") as file:
            texts = [field.name for field in parquet.read_schema(file) if str(field.type) == "string"]
            whole = parquet.ParquetFile(file, read_dictionary=texts)
            for group in range(whole.num_row_groups):
                yield whole.read_row_group(group)

    def remove(self, name: str) -> None:
        """Remove a table."""
        self._files.rm(self._path(name))

    def clear(self) -> None:
        """Remove the folder and all in it, if it is there."""
        if self._files.exists(self._folder):
            self._files.rm(self._folder, recursive=True)

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}.parquet"


def write_genotypes(place: PartsFolder, name: str, genotypes: Iterable[Any]) -> None:
    """Write the genotypes of a part."""
    import pyarrow

    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)

    def pickled(genotype: Any) -> bytes:
        pickler.dump(genotype)
        found = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return found

    schema = pyarrow.schema([("sample", pyarrow.string()), ("genotype", pyarrow.binary())])
    rows = ((genotype.sample, pickled(genotype)) for genotype in genotypes)
    place.write(name, schema, (_table(schema, some) for some in _batches(rows)))


def read_genotypes(place: PartsFolder, name: str) -> list[Any]:
    """The genotypes that ``write_genotypes`` wrote; raises ``UnpicklingError`` where there is something else."""
    buffer = io.BytesIO()
    unpickler = DataUnpickler(buffer)
    found = []
    for table in place.read(name):
        for pickled in table.column("genotype").to_pylist():
            buffer.seek(0)
            buffer.truncate()
            buffer.write(pickled)
            buffer.seek(0)
            found.append(unpickler.load())
    return found


def write_rows(place: PartsFolder, name: str, columns: Sequence[str], made: Iterable[Sequence[Sequence[str]]]) -> None:
    """Write what was ``made`` of each genotype of a part: rows of a field for each of ``columns``."""
    import pyarrow

    texts = [(f"field {column}", pyarrow.string()) for column in columns]
    schema = pyarrow.schema([(_OF, pyarrow.int32()), *texts])
    rows = ([(number, *row) for row in rows] for number, rows in enumerate(made))
    place.write(name, schema, (_table(schema, list(chain.from_iterable(some))) for some in _batches(rows)))


def read_rows(place: PartsFolder, name: str, number: int) -> Iterator[list[tuple[str, ...]]]:
    """What ``write_rows`` wrote for each of ``number`` genotypes."""
    genotype = 0
    for table in place.read(name):
        numbers, *fields = table.itercolumns()
        rows = zip(*map(_texts, fields), strict=True)
        # The rows of one genotype stand in one table.
        for of, same in groupby(zip(numbers.to_pylist(), rows, strict=True), itemgetter(0)):
            yield from ([] for _ in range(genotype, of))
            yield [row for _, row in same]
            genotype = of + 1
    yield from ([] for _ in range(genotype, number))


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    left = iter(items)
    while some := list(islice(left, _TOGETHER)):
        yield some


def _table(schema: Any, rows: Sequence[Sequence[Any]]) -> Any:
    import pyarrow

    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _texts(column: Any) -> Iterator[str]:
    """The texts of a column; each is one object wherever it stands."""
    for chunk in column.chunks:
        texts = chunk.dictionary.to_pylist()
        yield from (texts[number] for number in chunk.indices.to_pylist())
