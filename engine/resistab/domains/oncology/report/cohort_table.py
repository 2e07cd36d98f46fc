"""The rows of a table of many tumours, some of them also interpreted one by one."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from resistab.core.agreement import DisagreementError, is_checked
from resistab.core.printable import printable
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.policy.cohort.evaluator import TABLE, DrugLine
from resistab.domains.oncology.report import leading, table_row, table_rows
from resistab.files.processes import in_order

if TYPE_CHECKING:
    from resistab.domains.oncology.interpreter import TumourInterpreter

Row = tuple[str, ...]
_Told = TypeVar("_Told")

# Fewer tumours are interpreted sooner one by one.
FEW = 30
# From so many tumours on it pays to share the work.
_SHARED = 1000
# The tumours whose types tell how the work is shared.
_SEEN = 2000
# Of so many a process sends at once what it has, so that few whole reports are in memory.
_SENT = 64


class CohortDisagreementError(DisagreementError):
    """The evaluator for many tumours came to something else than both evaluators did of one tumour alone."""


def checked_rows(interpreter: TumourInterpreter, genotypes: Collection[Genotype]) -> Iterator[Sequence[Row]]:
    """The rows of each tumour, in order; shared among processes where there are many.

    Raises ``CohortDisagreementError``, naming the sample, where a tumour interpreted alone has other rows.
    """

    def teller() -> Callable[[Iterable[Genotype]], Iterator[Sequence[Row]]]:
        evaluator = interpreter.cohort

        def told(own: Iterable[Genotype]) -> Iterator[Sequence[Row]]:
            return ([_row(said.genotype, line) for line in said.lines] for said in evaluator.lines(own))

        return told

    yield from shared(genotypes, teller, lambda genotype, rows: _check(interpreter, genotype, rows))


def shared(
    genotypes: Collection[Genotype],
    teller: Callable[[], Callable[[Iterable[Genotype]], Iterator[_Told]]],
    check: Callable[[Genotype, _Told], None],
) -> Iterator[_Told]:
    """What is told of each tumour, in order; shared among processes where there are many.

    ``teller`` makes, in each process, what tells of the tumours that it is given; some are then checked by ``check``.
    """
    types = Counter(genotype.tumour_type for genotype in islice(genotypes, _SEEN))

    def share(worker: int, workers: int) -> Iterator[list[tuple[int, _Told]]]:
        mine, tell = _assignment(types, workers), teller()

        def of_table(own: list[tuple[int, Genotype]], end: int) -> Iterator[list[tuple[int, _Told]]]:
            told = zip(own, tell([genotype for _, genotype in own]), strict=True)
            ready = next(told, None)
            for sent in range((end - 1) // TABLE * TABLE + _SENT, end + _SENT, _SENT):
                part: list[tuple[int, _Told]] = []
                while ready is not None and ready[0][0] < sent:
                    (index, genotype), said = ready
                    if is_checked(index, genotype.sample):
                        check(genotype, said)
                    part.append((index, said))
                    ready = next(told, None)
                yield part

        own: list[tuple[int, Genotype]] = []
        index = -1
        for index, genotype in enumerate(genotypes):
            if mine(genotype.tumour_type, index) == worker:
                own.append((index, genotype))
            if (index + 1) % TABLE == 0:
                yield from of_table(own, index + 1)
                own = []
                # What is remembered stays; to look through it for garbage again and again would take most of the time.
                gc.freeze()
        if (index + 1) % TABLE:
            yield from of_table(own, index + 1)

    yield from in_order(share, None if len(genotypes) >= _SHARED else 1)


def _assignment(types: Counter[str], workers: int) -> Callable[[str, int], int]:
    """Which worker has a tumour: all of a type have the same, but for a type that most are of, which is shared out."""
    loads = [0] * workers
    assigned: dict[str, int | None] = {}
    for code, number in types.most_common():
        if number * workers > types.total() * 1.2:
            assigned[code] = None
            continue
        worker = loads.index(min(loads))
        assigned[code] = worker
        loads[worker] += number

    def worker_of(code: str, index: int) -> int:
        worker = assigned.get(code, crc32(code.encode()) % workers)
        return index // 64 % workers if worker is None else worker

    return worker_of


def _row(genotype: Genotype, line: DrugLine) -> Row:
    return table_row(genotype.sample, genotype.tumour_type, line)


def _check(interpreter: TumourInterpreter, genotype: Genotype, rows: Sequence[Row]) -> None:
    alone = list(table_rows(leading(interpreter.interpret(genotype))))
    if alone == rows:
        return
    differing = sorted({row[2] for row in {*alone}.symmetric_difference(rows)}) or ["the order of drugs"]
    raise CohortDisagreementError(
        f"sample '{printable(genotype.sample)}': interpreted alone and among others it has other rows: "
        f"{', '.join(differing[:5])}{' and more' if len(differing) > 5 else ''}"
    )
