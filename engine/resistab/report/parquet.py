"""The verdicts of many samples as one table in Parquet: the rows of the table in CSV, as columns of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from resistab.core.extras import require
from resistab.report.set_aside import SampleSetAside, table_row

# So many rows are written together.
_ROWS = 100_000


class _Sink:
    """What was written since it was last asked."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        """Keep ``part``."""
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        """All that is kept, which is then let go of."""
        parts, self._parts = self._parts, []
        return b"".join(parts)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""


def require_parquet() -> None:
    """Raise ``ExtraMissingError`` where what writes Parquet is not installed."""
    require("cluster", "pyarrow.parquet")


def parquet_table(
    columns: Sequence[str], cohort: Iterable[Sequence[Sequence[str]]], aside: Iterable[SampleSetAside] = ()
) -> Iterator[bytes]:
    """The table part by part; ``cohort`` are the rows of each sample. An empty field is null.

    A row for each sample that was set aside comes last.
    """
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, pyarrow.string()) for name in columns])
    sink = _Sink()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        waiting: list[Sequence[str]] = []
        for rows in chain(cohort, ([table_row(item, columns)] for item in aside)):
            waiting += rows
            if len(waiting) >= _ROWS:
                writer.write_batch(_batch(waiting, schema))
                waiting = []
                yield sink.taken()
        writer.write_batch(_batch(waiting, schema))
    yield sink.taken()


def _batch(rows: Sequence[Sequence[str]], schema: Any) -> Any:
    import pyarrow

    fields = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pyarrow.array([field or None for field in column], pyarrow.string()) for column in fields]
    return pyarrow.record_batch(arrays, schema=schema)
