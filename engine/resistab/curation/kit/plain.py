"""What a pack without wishes of its own gives to curators.

A rule set that has tables of drugs with rows, each with ``id`` and ``when``, needs little more than these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resistab.files.yaml_source import Place
from resistab.rulesets.folder_reader import LoadedFile


def row_count(content: Any) -> int:
    """The number of ``rows`` and ``rules`` in a file."""
    return len(getattr(content, "rows", ())) + len(getattr(content, "rules", ()))


def row_places(file: LoadedFile) -> Mapping[str, Place]:
    """Nothing: all rows have an id."""
    return {}
