"""Packages that not everyone needs: each extra of the project names some, ``pip install 'resistab[EXTRA]'``."""

from __future__ import annotations

import importlib

from resistab.core.faults import ExtraMissingError


def require(extra: str, *modules: str) -> None:
    """Raise ``ExtraMissingError`` with the packages of those ``modules`` of an extra that cannot be imported."""
    missing = []
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name.partition(".")[0] if not name.startswith("fhir.") else "fhir.resources")
    if missing:
        are, them = ("is", "it") if len(missing) == 1 else ("are", "them")
        raise ExtraMissingError(
            f"{' and '.join(missing)} {are} not installed; pip install 'resistab[{extra}]' installs {them}"
        )
