"""What a domain brings: a pack, a package of modules that every domain names alike.

The shells (command line, report frame, curation) never ask which domain they serve: they take its pack and call what
every pack has. ``Pack`` says what can be said without reading rules; its properties are the modules, imported when
they are first used, so that a start pays only for what it needs.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from resistab.rulesets.folder_reader import FolderReading
    from resistab.rulesets.kinds import FileKind


@dataclass(frozen=True)
class Option:
    """An option of the command line that describes a patient.

    ``name`` is the parameter's, ``flags`` are what is typed, ``annotation`` its type as typer understands it. Packs
    that share a name share flags and type; ``help`` is what it means in this domain.
    """

    name: str
    flags: tuple[str, ...]
    annotation: Any
    help: str
    default: Any = None


class KindsModule(Protocol):
    """``kinds``: the files that a rule set is made of, and from a folder of them to the rule set."""

    FILE_KINDS: tuple[FileKind, ...]
    Rulebase: type[Any]

    def read(self, folder: Path) -> FolderReading[Any]:
        """The rule set in ``folder`` or its faults; raises ``RulebaseError`` only where there is none."""
        ...

    def overlaid(self, rulebase: Any, folder: Path) -> Any:
        """``rulebase`` with the overlay in ``folder``; raises ``RulebaseError`` with every fault of it."""
        ...


class InterpreterModule(Protocol):
    """``interpreter``: a rule set, compiled once, applied to patients."""

    Compiled: type[Any]
    Interpreter: type[Any]


class InputsModule(Protocol):
    """``inputs``: what people have of a patient, read into genotypes."""


class ReportModule(Protocol):
    """``report``: from what was concluded to what people read."""


class CurateModule(Protocol):
    """``curate``: what curators of such rules have beside what all curators have."""


@dataclass(frozen=True)
class Pack:
    """A domain; ``name`` is that of its package and the ``kind`` of its manifests.

    ``one`` and ``many`` are what a patient's sample is called in messages ("a tumour", "tumours"). ``cannot`` gives for
    a command or option that such a rule set cannot have the reason, in words.
    """

    name: str
    one: str
    many: str
    options: tuple[Option, ...]
    cannot: Mapping[str, str] = field(default_factory=dict)

    def _module(self, name: str) -> Any:
        return importlib.import_module(f"resistab.domains.{self.name}.{name}")

    @cached_property
    def kinds(self) -> KindsModule:
        """The files of a rule set."""
        return cast(KindsModule, self._module("kinds"))

    @cached_property
    def interpreter(self) -> InterpreterModule:
        """The interpreter of a rule set."""
        return cast(InterpreterModule, self._module("interpreter"))

    @cached_property
    def inputs(self) -> InputsModule:
        """The readers of what is given of patients."""
        return cast(InputsModule, self._module("inputs"))

    @cached_property
    def report(self) -> ReportModule:
        """The report."""
        return cast(ReportModule, self._module("report"))

    @cached_property
    def curate(self) -> CurateModule:
        """What curators have."""
        return cast(CurateModule, self._module("curate"))
