"""Reports in formats that need what is installed apart: refused before anything is read, written where it is there."""

from __future__ import annotations

import datetime
from pathlib import Path

from resistab.cli.exit_codes import usage
from resistab.files.output import write_whole


def refuse_without(pdf: str | None, fhir: str | None) -> None:
    """Refuse the command line where a PDF or a Bundle is asked for and cannot be written here."""
    if pdf:
        refuse_pdf(pdf)
    if fhir:
        refuse_fhir(fhir)


def refuse_pdf(target: str) -> None:
    """Refuse ``--pdf`` where the target is no file, or nothing here can write a PDF."""
    from resistab.core.faults import ExtraMissingError
    from resistab.report.pdf import require_pdf

    if target == "-":
        usage("--pdf - is standard output; a PDF is no text and goes into a file")
    try:
        require_pdf()
    except ExtraMissingError as error:
        usage(f"--pdf {target}: {error}")


def refuse_fhir(target: str) -> None:
    """Refuse ``--fhir`` where nothing here can check a Bundle."""
    from resistab.core.faults import ExtraMissingError
    from resistab.report.fhir import require_fhir

    try:
        require_fhir()
    except ExtraMissingError as error:
        usage(f"--fhir {target}: {error}")


def write_pdf(target: str, html: str, on: datetime.date | None) -> None:
    """Write a page as a PDF that bears the date ``on``."""
    from resistab.report.pdf import pdf

    write_whole(Path(target), [pdf(html, on)])
