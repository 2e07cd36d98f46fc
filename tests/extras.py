"""What is installed beside the program, where a test needs it."""

from __future__ import annotations

import pytest


def pdf_lacks() -> str:
    """What is missing to write a PDF, "" where nothing is."""
    try:
        import weasyprint  # noqa: F401
    except ImportError:
        return "WeasyPrint is not installed"
    except OSError:
        return "WeasyPrint does not find Pango, a library of the system"
    return ""


def require_pdf() -> None:
    """Skip what follows, saying why, where no PDF can be written."""
    if lacks := pdf_lacks():
        pytest.skip(lacks, allow_module_level=True)
