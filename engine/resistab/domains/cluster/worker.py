"""What a worker does: it finds the rules by their digest, and makes of a part of a cohort what one machine would."""

from __future__ import annotations

import datetime
import signal
import threading
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from resistab import __version__
from resistab.core.agreement import DisagreementError
from resistab.core.faults import Fault, RulebaseError
from resistab.core.printable import printable
from resistab.core.records import dataclass
from resistab.core.rete import ReteError
from resistab.domains.cluster.partitions import PartsFolder, read_genotypes, require_cluster, write_rows
from resistab.domains.loading import load
from resistab.domains.pack import Pack
from resistab.domains.registry import pack_of
from resistab.rulesets.digest import ruleset_digest
from resistab.rulesets.find import ruleset_folder
from resistab.rulesets.overlay import overlaid_digest, overlay_kinds

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Rules:
    """A rule set by its digest, and where it may be found; ``version`` is that of the program that asks for it."""

    ruleset: str
    rulebase: Path | None
    overlay: Path | None
    digest: str
    version: str = __version__


@dataclass(frozen=True)
class Asked:
    """What is to be made of each genotype: its ``rows`` of a table, or its ``line`` of JSON of a date."""

    what: Literal["rows", "line"]
    all_drugs: bool
    on: datetime.date | None = None


@dataclass(frozen=True)
class Fitness:
    """What a worker has: the version of the program, the digest of the rules ("" where it has none), and the place.

    ``lacks`` says what is not installed there.
    """

    version: str
    digest: str
    sees_place: bool
    lacks: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of a part: the name of the table, or why there is none.

    Failures are told and not raised, for what is raised on a worker is written to its log, and may name a patient.
    """

    table: str = ""
    failure: Literal["", "disagreement", "rules", "other"] = ""
    message: str = ""


# The table that is in the place as long as the run lasts.
READY = "ready"
# One part at a time in a process, whatever the number of its threads; the rules are kept from part to part.
_lock = threading.Lock()
_loaded: tuple[Rules, Pack, Any] | None = None


def dask_setup(of: Any) -> None:
    """What Dask calls in a new process here, which ``Ctrl-C`` reaches too: the command alone is to answer that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def fitness(rules: Rules, place: str) -> Fitness:
    """What this worker has."""
    try:
        require_cluster()
        sees_place = PartsFolder(place).has(READY)
    except Exception as error:
        return Fitness(__version__, _digest_here(rules), False, f"{type(error).__name__}: {error}")
    return Fitness(__version__, _digest_here(rules), sees_place)


def answer(rules: Rules, asked: Asked, place: str, name: str) -> Answer:
    """Make of the genotypes in the table ``name`` what is ``asked``, and write that as another table.

    Raises only ``OSError``, where the place cannot be read or written.
    """
    if rules.version != __version__:
        return Answer(failure="other", message=other_version(rules, __version__))
    with _lock:
        try:
            pack, interpreter = _interpreter(rules)
            files = PartsFolder(place)
            genotypes = read_genotypes(files, name)
            # A worker that was given up may still be writing what it made of the same part.
            made = f"{asked.what}-{uuid.uuid4().hex}"
            if asked.what == "rows":
                rows = pack.report.cohort_rows(interpreter, genotypes, asked.all_drugs)
                write_rows(files, made, pack.report.TABLE_COLUMNS, _named(interpreter, genotypes, rows))
            else:
                lines = pack.report.lines(interpreter, genotypes, asked.on, asked.all_drugs)
                write_rows(files, made, ("line",), ([(line,)] for line in _named(interpreter, genotypes, lines)))
            if not files.has(READY):
                # The run has ended meanwhile and removed its parts; nothing of a patient is to stay behind.
                files.clear()
        except (DisagreementError, ReteError) as error:
            return Answer(failure="disagreement", message=str(error))
        except RulebaseError as error:
            return Answer(failure="rules", message=str(error))
        except OSError:
            raise
        except Exception as error:
            return Answer(failure="other", message=f"failed: {type(error).__name__}: {error}")
    return Answer(made)


def _named(interpreter: Any, genotypes: Sequence[Any], made: Iterator[_Made]) -> Iterator[_Made]:
    """What is ``made`` of each genotype; a ``DisagreementError`` names the sample, whoever raises it."""
    try:
        yield from made
    except (DisagreementError, ReteError) as error:
        if "sample '" in str(error):
            raise
        raise DisagreementError(f"sample {_failing(interpreter, genotypes)}: {error}") from error


def _failing(interpreter: Any, genotypes: Sequence[Any]) -> str:
    """The sample of which the evaluators disagree, in quotes; the first and the last where it is none of them alone."""
    for genotype in genotypes:
        try:
            interpreter.interpret(genotype)
        except (DisagreementError, ReteError):
            return f"'{printable(genotype.sample)}'"
    return f"'{printable(genotypes[0].sample)}' or one of those to '{printable(genotypes[-1].sample)}'"


def _interpreter(rules: Rules) -> tuple[Pack, Any]:
    """The pack and the interpreter of the rules; raises ``RulebaseError`` where they are not here."""
    global _loaded
    if _loaded is None or _loaded[0] != rules:
        for rulebase, folder in _folders(rules):
            if _digest_of(folder, rules.overlay) == rules.digest:
                interpreter = load(rules.ruleset, rulebase, rules.overlay)
                if interpreter.rulebase.digest == rules.digest:
                    _loaded = rules, pack_of(folder), interpreter
                    break
        else:
            raise RulebaseError([Fault(where="", message=other_digest(rules, _digest_here(rules)))])
    return _loaded[1:]


def other_digest(rules: Rules, digest: str) -> str:
    """That a worker has a rule set of another ``digest``, or none where that is ""."""
    has = f"has digest {digest} there" if digest else "is not found there"
    return f"rule set '{rules.ruleset}' {has}, and digest {rules.digest} here"


def other_version(rules: Rules, version: str) -> str:
    """That a worker has another version of the program."""
    return f"has resistab {version}, and {rules.version} is here"


def _digest_here(rules: Rules) -> str:
    """The digest of the rule set that this worker has: that which is asked for if it has it, "" where it has none."""
    found = [digest for _, folder in _folders(rules) if (digest := _digest_of(folder, rules.overlay))]
    return rules.digest if rules.digest in found else next(iter(found), "")


def _folders(rules: Rules) -> Iterator[tuple[Path | None, Path]]:
    """Where the rule set may be: where it is on the machine that asks, and among the shipped ones."""
    for rulebase in dict.fromkeys((rules.rulebase, None)):
        try:
            yield rulebase, ruleset_folder(rules.ruleset, rulebase)
        except RulebaseError:
            continue


def _digest_of(folder: Path, overlay: Path | None) -> str:
    """The digest of the rule set in ``folder`` with its overlay, as its loader gives it; "" where it cannot be read."""
    try:
        kinds = pack_of(folder).kinds.FILE_KINDS
        digest = ruleset_digest(folder, kinds)
        return digest if overlay is None else overlaid_digest(digest, overlay, overlay_kinds(kinds))
    except (RulebaseError, OSError):
        return ""
