"""A cohort of any size as a stream of genotypes: few of its samples are in memory at once.

Files are read twice. The first time everything that can be wrong is found, so that nothing is concluded of a cohort
with a fault; the second time the genotypes are made. A MAF file whose rows are not together by sample is put in order
in files of its own in between. What is of another kind than MAF is read as ever, and kept.
"""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from resistab.core.faults import Fault, InputError
from resistab.domains.oncology.genotype import Genotype
from resistab.domains.oncology.inputs.assembly import GivenSample
from resistab.domains.oncology.inputs.given import Intake, assembled, options_of
from resistab.domains.oncology.inputs.maf import MafReader, MafSample
from resistab.domains.oncology.inputs.recognition import Kind, recognise
from resistab.domains.pack import Given
from resistab.files.opening import read_once
from resistab.files.tables import read_records

if TYPE_CHECKING:
    from resistab.domains.oncology.interpreter import TumourInterpreter

# Of a file whose rows are scattered: how many samples are put in order at once, how many rows wait to be written.
_TOGETHER = 1_000
_WAITING = 50_000
_TOLD_EVERY = 100_000

# Between the fields of a row that is kept; no text holds it. So it is one string, until its sample's turn comes.
_BETWEEN = "\0"

# A row: its line in the file, and its fields.
_Row = tuple[int, list[str]]


class Genotypes(Protocol):
    """Genotypes, and how many they are; each time one goes through them they are made anew, or are at hand."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Genotype]: ...


@contextmanager
def cohort(interpreter: TumourInterpreter, given: Given) -> Iterator[Genotypes]:
    """The genotypes that ``genotypes`` of ``inputs`` gives, as a stream where all can be large; good while this lasts.

    Raises what that raises, before the first of them; ``given.set_aside`` is then complete too.
    """
    options = options_of(given)
    with read_once(*given.files):
        # Of one sample little is kept, and dated samples of one patient are few.
        if given.sample is not None or given.series or Kind.MAF not in map(_kind, given.files):
            yield assembled(interpreter, given, options)
            return
        with tempfile.TemporaryDirectory(prefix="resistab-") as folder:
            yield Stream(Intake(interpreter, given, options), given.files, Path(folder))


def _kind(path: Path) -> Kind | None:
    """The kind of a file, None where it is none that is understood."""
    try:
        return recognise(path)
    except InputError:
        return None


class Stream:
    """The genotypes of files of which some are MAF; raises ``InputError`` with every fault of all of them."""

    def __init__(self, intake: Intake, files: Sequence[Path], folder: Path) -> None:
        self._intake = intake
        self._parts: list[_MafFile | list[Genotype]] = []
        self._number = 0
        for number, path in enumerate(files):
            if _kind(path) is Kind.MAF:
                part = _MafFile(path, intake, folder / str(number))
                with intake.given.progress.reading(path) as progress:
                    self._number += part.check(progress)
                self._parts.append(part)
            else:
                taken = (intake.taken(sample, path) for sample in intake.samples_of(path))
                found = [genotype for genotype in taken if genotype is not None]
                self._number += len(found)
                self._parts.append(found)
        intake.close(self._number)

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Genotype]:
        for part in self._parts:
            if isinstance(part, list):
                yield from part
                continue
            for sample in part.samples():
                genotype = self._intake.again(sample)
                if genotype is not None:
                    yield genotype


class _MafFile:
    """A MAF file, whose samples are read whenever they are asked for; ``folder`` is where its rows may be kept."""

    def __init__(self, path: Path, intake: Intake, folder: Path) -> None:
        # An object of its own, by which one tells in which file a name came first, also of a file that is given twice.
        self.path = Path(path)
        self.intake, self.folder = intake, folder
        self.reader: MafReader | None = None
        self.build = ""
        # The files of its rows put in order, where they are scattered.
        self.ordered: list[Path] = []

    def check(self, progress: Callable[[int], None] | None) -> int:
        """The number of genotypes that the file gives; what is wrong with it or with its samples is kept."""
        intake, interpreter = self.intake, self.intake.interpreter
        begin = len(intake.names)
        faults: list[Fault] = []
        try:
            self.reader = MafReader(read_records(self.path), interpreter.rulebase, interpreter.knows_symbol)
        except InputError as error:
            intake.of_reading.extend(error.faults)
            return 0
        found: int | None = 0
        checked = intake.beside()
        for name, rows, plain in self._glanced(self.reader, faults, progress):
            if not intake.names.add(name, self.path):
                if intake.names.first(name) is self.path:
                    found = None
                else:
                    checked.given_twice(name, self.path)
            elif found is not None:
                found += (plain and not intake.responses.of(name)) or self._is_read(checked, name, rows)
        self.build = self.reader.build(faults)
        if faults:
            intake.of_reading.extend(faults)
            intake.names.forget(begin)
            return 0
        if found is None:
            checked = intake.beside()
            found = self._check_scattered(checked, begin)
        intake.add(checked)
        return found

    def _glanced(
        self, reader: MafReader, faults: list[Fault], progress: Callable[[int], None] | None
    ) -> Iterator[tuple[str, list[_Row], bool]]:
        """Rows that follow one another and are of the same sample, and whether they need no closer look.

        The faults of rows are added.
        """
        may_contradict = self.intake.interpreter.assembler.may_contradict
        clear: dict[object, bool] = {}
        current, plain = "", True
        rows: list[_Row] = []
        types: set[object] = set()

        def is_plain() -> bool:
            """Whether the rows name one tumour type, of which a sample without findings has no fault."""
            if not plain or len(types) > 1:
                return False
            (named,) = types
            if named not in clear:
                line, parts = rows[0]
                sample = MafSample(line)
                reader.take(sample, line, parts, [])
                bare = MafSample(line, tumours=sample.tumours)
                clear[named] = self.intake.again(reader.given(current, bare, "")) is not None
            return clear[named]

        for number, (name, line, parts) in enumerate(reader.rows(faults), 1):
            if name != current:
                if rows:
                    yield current, rows, is_plain()
                current, plain, rows, types = name, True, [], set()
            rows.append((line, parts))
            types.add(reader.typed(parts))
            plain = reader.glance(line, parts, faults, may_contradict) and plain
            if progress is not None and not number % _TOLD_EVERY:
                progress(number)
        if rows:
            yield current, rows, is_plain()

    def _is_read(self, checked: Intake, name: str, rows: list[_Row]) -> bool:
        """Whether a sample gives a genotype; what is wrong with it is kept by ``checked``."""
        return checked.checked(self._sample(name, rows, []), self.path) is not None

    def _sample(self, name: str, rows: list[_Row], faults: list[Fault]) -> GivenSample:
        """What the rows of a sample say together; faults are added."""
        assert self.reader is not None
        sample = MafSample(rows[0][0])
        for line, parts in rows:
            self.reader.take(sample, line, parts, faults)
        return self.reader.given(name, sample, self.build)

    def _check_scattered(self, checked: Intake, begin: int) -> int:
        """As ``check``, of a file whose rows are not together by sample: they are put in order first."""
        self._put_in_order(self.intake.names.order(begin))
        found = 0
        for sample in self.samples():
            if self.intake.names.first(sample.sample) is not self.path:
                checked.given_twice(sample.sample, self.path)
            else:
                found += checked.checked(sample, self.path) is not None
        return found

    def _put_in_order(self, order: Callable[[str], int]) -> None:
        """Write the rows to files, each of the samples that come first together; ``order`` tells a sample's place."""
        waiting: dict[int, list[str]] = {}
        files: set[int] = set()

        def written() -> None:
            files.update(waiting)
            for number, rows in waiting.items():
                with (self.folder / str(number)).open("ab") as file:
                    marshal.dump(rows, file)
            waiting.clear()

        try:
            self.folder.mkdir()
            for number, (name, line, parts) in enumerate(self._rows(), 1):
                waiting.setdefault(order(name) // _TOGETHER, []).append(_BETWEEN.join((name, str(line), *parts)))
                if not number % _WAITING:
                    written()
            written()
        except OSError as error:
            message = f"cannot be put in order by sample: {error.strerror}"
            expected = "room for temporary files, or rows that stand together by sample"
            raise InputError([Fault(where=str(self.path), message=message, expected=expected)]) from error
        self.ordered = [self.folder / str(number) for number in sorted(files)]

    def _rows(self) -> Iterator[tuple[str, int, list[str]]]:
        """The rows of a file that was checked."""
        assert self.reader is not None
        faults: list[Fault] = []
        yield from self.reader.again(read_records(self.path)).rows(faults)
        if faults:
            raise InputError(faults)

    def samples(self) -> Iterator[GivenSample]:
        """The samples of a file that was checked; raises ``InputError`` where it was changed since."""
        assert self.reader is not None
        faults: list[Fault] = []
        if self.ordered:
            for path in self.ordered:
                by_sample: dict[str, list[str]] = {}
                for kept in _kept(path):
                    by_sample.setdefault(kept.partition(_BETWEEN)[0], []).append(kept)
                for name, of_sample in by_sample.items():
                    split = (kept.split(_BETWEEN) for kept in of_sample)
                    yield self._sample(name, [(int(line), parts) for _, line, *parts in split], faults)
        else:
            reader = self.reader.again(read_records(self.path))
            sample = None
            current = ""
            for name, line, parts in reader.rows(faults):
                if sample is None or name != current:
                    if sample is not None:
                        yield reader.given(current, sample, self.build)
                    current, sample = name, MafSample(line)
                reader.take(sample, line, parts, faults)
            if sample is not None:
                yield reader.given(current, sample, self.build)
        if faults:
            raise InputError(faults)


def _kept(path: Path) -> Iterator[str]:
    """The rows of a file that was written here."""
    with path.open("rb") as file:
        while True:
            try:
                rows: list[str] = marshal.load(file)
            except EOFError:
                return
            yield from rows
