"""Reports that need what is installed apart: refused before anything is read, written where it is there."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resistab.cli.exit_codes import usage
from resistab.files.output import write_whole

if TYPE_CHECKING:
    from resistab.domains.pack import Pack
    from resistab.report.spoken import SpokenLanguage


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


def language_asked(name: str, pages: bool, targets: str) -> SpokenLanguage | None:
    """The language of ``--language``, None for English; refuses the command line where none of ``pages`` is written.

    Raises ``InputError`` for a language that there is not, and with every fault of a translation.
    """
    from resistab.core.faults import ExtraMissingError
    from resistab.report.translations import language_named

    if not pages:
        usage(f"--language is for {targets}; JSON, tables, FHIR and the terminal are English")
    try:
        return language_named(name)
    except ExtraMissingError as error:
        usage(f"--language {name}: {error}")


def pages_in(
    name: str, html: str | None, pdf: str | None, reports: Path | None
) -> Callable[[Pack], Callable[[Any], str]]:
    """What makes, of a pack, what makes pages of its reports in a language; see ``language_asked``."""
    from resistab.report.language import speaking

    language = language_asked(name, bool(html or pdf or reports), "--html, --pdf and --reports")

    def of_pack(pack: Pack) -> Callable[[Any], str]:
        def page(report: Any) -> str:
            with speaking(language):
                return pack.report.html(report)

        return page

    return of_pack


def write_pdf(target: str, html: str, on: datetime.date | None) -> None:
    """Write a page as a PDF that bears the date ``on``."""
    from resistab.report.pdf import pdf

    write_whole(Path(target), [pdf(html, on)])
