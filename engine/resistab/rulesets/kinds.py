"""The kinds of files that a rule set is made of: one list a domain, which everything that reads or writes them follows."""

from __future__ import annotations

from dataclasses import dataclass

from resistab.rulesets.models import RulebaseModel


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its name, the files of a rule set that are of it, as a glob, and the model of their content."""

    name: str
    files: str
    model: type[RulebaseModel]
