"""The machine that has the cohort: it writes the parts, has workers answer for them, and puts the answers in order."""

from __future__ import annotations

import logging
import pickle
import tempfile
import time
import uuid
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from resistab.core.agreement import DisagreementError
from resistab.core.faults import Fault, RulebaseError
from resistab.domains.cluster import worker
from resistab.domains.cluster.partitions import PartsFolder, read_rows, require_cluster, write_genotypes
from resistab.domains.cluster.worker import READY, Answer, Asked, Fitness, Rules, fitness, other_digest, other_version
from resistab.files.output import OutputError
from resistab.files.processes import processors

if TYPE_CHECKING:
    import datetime

LOCAL = "local"

# So many genotypes are a part at most, since a part is lost with its worker; and at least.
_MOST, _FEWEST = 4096, 50
# So many parts a worker waits for at least, so that none is idle at the end, and has waiting at most.
_PARTS, _WAITING = 4, 3
# Seconds until a scheduler must have answered, and a worker must be there.
_ANSWERS, _WORKERS = 10, 60
_LOOKED_EVERY = 5
# So often a part is tried where the place of the parts failed; where workers were lost the scheduler counts.
_TRIES = 3


class ClusterError(RuntimeError):
    """The cluster did not do its work: it is not there, has no workers, or lost too many of them."""


class Cluster:
    """Workers that make of a cohort what one machine makes of it, as the functions of a pack's ``report`` do.

    ``address`` is that of a Dask scheduler, or ``LOCAL`` for processes of this machine, one for each processor.
    ``place`` is where parts of the cohort lie meanwhile, as fsspec knows it, by default a folder for temporary files.

    Raises ``ExtraMissingError`` where what it needs is not installed, ``ValueError`` or ``ImportError`` where the place
    is none that fsspec knows, or needs what is not installed.
    """

    def __init__(self, address: str, rules: Rules, place: str | None = None) -> None:
        require_cluster()
        self.address, self.rules = address, rules
        # Only the address is looked at yet.
        self._place = place
        if place is not None:
            PartsFolder(place)
        self._client: Any = None
        self._files: PartsFolder | None = None
        self._workers = 0

    def check(self) -> None:
        """Raise what ``shared`` raises so far as it can be told before; so one need not read a cohort in vain."""
        with self._parts() if self.address == LOCAL else self.shared():
            pass

    @contextmanager
    def _parts(self) -> Iterator[str]:
        """Makes the place for the parts, and removes them at the end; gives a folder for temporary files."""
        with tempfile.TemporaryDirectory(prefix="resistab-") as scratch:
            # A folder of its own, so that nothing else is removed at the end.
            self._files = files = PartsFolder(f"{self._place or scratch}/resistab-{uuid.uuid4().hex}")
            try:
                self._prepare(files)
                yield scratch
            finally:
                # What ended the run is to be told, not that its parts could not be removed.
                with suppress(Exception):
                    files.clear()

    @contextmanager
    def shared(self) -> Iterator[None]:
        """While this lasts there are workers; the parts are removed at its end.

        Raises ``ClusterError`` where there are none, or one that cannot take part, ``RulebaseError`` where one has
        another rule set, ``OutputError`` where the place cannot be written.
        """
        import dask
        from distributed import Client, LocalCluster

        with _quiet(), ExitStack() as stack:
            scratch = stack.enter_context(self._parts())
            scheduler: Any = self.address
            if self.address == LOCAL:
                stack.enter_context(dask.config.set({"temporary-directory": scratch}))
                # The memory of a process is not bounded, as that of the command itself is not.
                scheduler = stack.enter_context(
                    LocalCluster(
                        n_workers=processors(),
                        threads_per_worker=1,
                        host="127.0.0.1",
                        # Any free port of this machine alone, and no page of what is going on.
                        dashboard_address="127.0.0.1:0",
                        scheduler_kwargs={"dashboard": False},
                        memory_limit=0,
                        local_directory=scratch,
                        preload=[worker.__name__],
                        silence_logs=logging.CRITICAL,
                    )
                )
            try:
                self._client = stack.enter_context(Client(scheduler, timeout=_ANSWERS, set_as_default=False))
            except (OSError, ValueError) as error:
                raise ClusterError(f"no Dask scheduler answers at {self.address}") from error
            self._refuse_unfit()
            yield

    def cohort_rows(self, genotypes: Collection[Any], all_drugs: bool) -> Iterator[Sequence[tuple[str, ...]]]:
        """As ``ReportModule.cohort_rows``; raises also ``ClusterError``."""
        yield from self._made(genotypes, Asked("rows", all_drugs))

    def lines(self, genotypes: Collection[Any], on: datetime.date | None, all_drugs: bool) -> Iterator[str]:
        """As ``ReportModule.lines``; raises also ``ClusterError``."""
        for ((line,),) in self._made(genotypes, Asked("line", all_drugs, on)):
            yield line

    # --- before -------------------------------------------------------------------------------------------------

    def _prepare(self, files: PartsFolder) -> None:
        try:
            files.make()
            write_genotypes(files, READY, ())
        except Exception as error:
            # Each kind of place has its own errors.
            raise OutputError(f"{files.address}: cannot be written: {error}") from error

    def _refuse_unfit(self) -> None:
        assert self._files is not None
        place = self._files.address
        try:
            self._client.wait_for_workers(1, timeout=_WORKERS)
        except TimeoutError as error:
            raise ClusterError(f"the scheduler at {self.address} has no worker") from error
        found = self._client.run(fitness, self.rules, place, on_error="return")
        self._workers = len(found)
        others: dict[str, list[str]] = {}
        unfit: dict[str, list[str]] = {}
        for address, has in sorted(found.items()):
            if not isinstance(has, Fitness):
                unfit.setdefault(f"cannot take part: {type(has).__name__}: {has}", []).append(address)
            elif has.version != self.rules.version:
                unfit.setdefault(other_version(self.rules, has.version), []).append(address)
            elif has.digest != self.rules.digest:
                others.setdefault(other_digest(self.rules, has.digest), []).append(address)
            elif has.lacks:
                unfit.setdefault(f"cannot take part: {has.lacks}", []).append(address)
            elif not has.sees_place:
                unseen = f"does not see {place}; name with --partitions a place that all workers see"
                unfit.setdefault(unseen, []).append(address)
        if others:
            raise RulebaseError(
                Fault(where=f"worker {', '.join(workers)}", message=message) for message, workers in others.items()
            )
        if unfit:
            raise ClusterError("\n".join(f"worker {', '.join(of)} {message}" for message, of in unfit.items()))

    # --- the work -----------------------------------------------------------------------------------------------

    def _made(self, genotypes: Collection[Any], asked: Asked) -> Iterator[list[tuple[str, ...]]]:
        """What workers made of each genotype, in order; while they are at work the next parts are read."""
        assert self._files is not None
        files, run = self._files, uuid.uuid4().hex
        number = len(genotypes)
        size = min(_MOST, max(_FEWEST, -(-number // (_PARTS * self._workers))))
        waiting: deque[tuple[Any, str, int]] = deque()
        left = iter(genotypes)
        for first in range(0, number, size):
            # Names and keys say nothing of a patient: Dask logs them.
            name = f"genotypes-{run}-{first}"
            try:
                write_genotypes(files, name, islice(left, size))
            except OSError as error:
                raise OutputError(f"{files.address}: cannot be written: {error}") from error
            given = pickle.dumps((self.rules, asked, files.address, name))
            future = self._client.submit(_answering(), given, key=f"resistab-{run}-{first}", retries=_TRIES - 1)
            waiting.append((future, name, min(size, number - first)))
            if len(waiting) > _WAITING * self._workers:
                yield from self._taken(*waiting.popleft())
        while waiting:
            yield from self._taken(*waiting.popleft())

    def _taken(self, future: Any, name: str, number: int) -> Iterator[list[tuple[str, ...]]]:
        """What was made of a part of so many genotypes, which is then removed."""
        assert self._files is not None
        came = self._awaited(future)
        if came.failure == "disagreement":
            raise DisagreementError(came.message)
        if came.failure == "rules":
            raise RulebaseError([Fault(where="a worker", message=came.message)])
        if came.failure:
            raise ClusterError(f"a worker {came.message}")
        try:
            yield from read_rows(self._files, came.table, number)
            for done in (came.table, name):
                self._files.remove(done)
        except OSError as error:
            raise ClusterError(f"{self._files.address}: what a worker wrote cannot be read: {error}") from error

    def _awaited(self, future: Any) -> Answer:
        """The answer of a worker; raises ``ClusterError`` where none will come."""
        alone_since: float | None = None
        while True:
            try:
                found: Answer = future.result(timeout=_LOOKED_EVERY)
                return found
            except Exception as error:
                if not (isinstance(error, TimeoutError) and future.status in ("pending", "finished")):
                    raise ClusterError(self._why(error)) from error
            if self._client.status != "running":
                raise ClusterError(f"the scheduler at {self.address} is gone")
            if self._client.scheduler_info()["workers"]:
                alone_since = None
            elif alone_since is None:
                alone_since = time.monotonic()
            elif time.monotonic() - alone_since > _WORKERS:
                raise ClusterError(f"the scheduler at {self.address} has no worker left")

    def _why(self, error: Exception) -> str:
        """Why no answer comes, by what Dask raises."""
        from distributed import CancelledError, KilledWorker

        if isinstance(error, KilledWorker):
            return f"{error.allowed_failures + 1} workers were lost, one after another, each at work on the same part"
        if isinstance(error, CancelledError):
            return f"the scheduler at {self.address} is gone"
        return f"a worker failed: {type(error).__name__}: {' '.join(str(error).split())}"


def _answering() -> Callable[[bytes], Answer]:
    """``worker.answer``, for what ``pickle`` wrote.

    A function in a function is sent as it is, and imports nothing before it runs: so the scheduler, which looks into
    what it hands on, needs no resistab.
    """

    def answering(given: bytes) -> Answer:
        import importlib
        import pickle

        answer: Callable[..., Answer] = importlib.import_module("resistab.domains.cluster.worker").answer
        return answer(*pickle.loads(given))

    return answering


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask logs of lost workers and closed connections is not shown: what matters of it is raised."""
    known = logging.getLogger().manager.loggerDict.items()
    loggers = [
        logger for name, logger in known if name.startswith("distributed") and isinstance(logger, logging.Logger)
    ]
    shown = [logger for logger in loggers if not logger.disabled]
    for logger in shown:
        logger.disabled = True
    try:
        yield
    finally:
        for logger in shown:
            logger.disabled = False
