"""What validation needs and most installations do without: the extra ``resistab[validate]``."""

from __future__ import annotations

import importlib

from resistab.core.faults import ExtraMissingError


def require(*packages: str) -> None:
    """Raise ``ExtraMissingError`` with the names of those of ``packages`` that are not installed."""
    missing = []
    for name in packages:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise ExtraMissingError(
            f"{' and '.join(missing)} {verb} not installed; pip install 'resistab[validate]' installs what is missing"
        )
