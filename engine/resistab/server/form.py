"""The form of a rule set: its fields, by the options of the pack, and what was filled in."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args

from resistab.core.faults import Fault, InputError
from resistab.core.numbers import plain_number
from resistab.domains.pack import FILES, FormField, Option, Pack
from resistab.report.language import ENGLISH
from resistab.server.asked import FORMATS, GivenFile, PatientAsked
from resistab.server.evaluation import languages

Kind = Literal["text", "list", "number", "file"]
# Beside what the packs ask for.
SAMPLE = FormField("sample", "Name of the sample", "Of a file with several samples, the one to report on.")
DATE = FormField("date", "Date of the report", "Year-month-day; today if not given.", "2026-11-21")
SWITCHES = {
    "keep_going": "Set aside what is not understood, and list it in the report",
    "all_drugs": "Report also drugs that are not used in the patient's disease and hit by no row",
    "no_options": "Leave out the section on regimens, which takes a few seconds",
}
LANGUAGE = "language"
KEPT = "kept"
_LINE_END = re.compile(r"\r\n|\r|\n")
_BETWEEN = re.compile(r"\r\n|\r|\n|;")
_FLAG = re.compile(r"--[a-z][a-z-]+")
_LONGEST_NAME = 200


def kinds_of(pack: Pack) -> dict[str, Kind]:
    """What kind of value each field of a pack's form takes, by its option."""
    return {option.name: _kind_of(option) for option in pack.options} | {FILES: "file"}


def _kind_of(option: Option) -> Kind:
    kinds = get_args(option.annotation)
    if Path in kinds:
        return "file"
    if float in kinds:
        return "number"
    return "text" if str in kinds else "list"


@dataclass(frozen=True)
class Filled:
    """A form as it was filled in: texts by field, files, and switches that are on."""

    texts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[GivenFile, ...] = ()
    on: frozenset[str] = frozenset()

    def kept(self) -> list[dict[str, str]]:
        """The files as a form brings them again: name, size in words, and all of it as a text."""
        return [{"name": file.name, "size": _size(len(file.content)), "value": packed(file)} for file in self.files]


def _size(number: int) -> str:
    return f"{number:,} bytes" if number < 1000 else f"{number / 1000:,.0f} kB"


def packed(file: GivenFile) -> str:
    """A file as a text in which nothing but letters, digits and a few marks stand."""
    head = json.dumps([file.name, file.option]).encode()
    return base64.urlsafe_b64encode(zlib.compress(head + b"\n" + file.content, 6)).decode("ascii")


def unpacked_file(text: str, most: int) -> GivenFile:
    """The file that ``packed`` made a text of; raises ``InputError`` where it is none, or larger than ``most``."""
    try:
        unzip = zlib.decompressobj()
        whole = unzip.decompress(base64.urlsafe_b64decode(text.encode("ascii")), most + 10_000)
        head, end, content = whole.partition(b"\n")
        name, option = json.loads(head)
        if not (unzip.eof and end and isinstance(name, str) and isinstance(option, str)):
            raise ValueError
    except (ValueError, binascii.Error, zlib.error, UnicodeError, RecursionError):
        _refuse(FILES, "a file that the page kept is damaged", "the file itself, chosen again")
    return GivenFile(file_name(name), content, option)


def file_name(name: str) -> str:
    """The name of a file without folders, as a message or report may show it."""
    last = re.split(r"[/\\]", name)[-1].strip()
    shown = "".join(c for c in last if c.isprintable())[-_LONGEST_NAME:]
    return shown if shown.strip(".") else "file"


def _refuse(where: str, message: str, expected: str | None = None) -> NoReturn:
    raise InputError([Fault(where=where, message=message, expected=expected)])


def listed(one: FormField, text: str) -> list[str]:
    """What stands in a field of several: on a line each, or in one line between semicolons."""
    separator = _LINE_END if one.rows > 1 else _BETWEEN
    return [part.strip() for part in separator.split(text) if part.strip()]


def examples(pack: Pack) -> dict[str, Any]:
    """A patient as the examples of a pack's form describe one, by option."""
    kinds = kinds_of(pack)
    read: dict[Kind, Callable[[FormField], Any]] = {
        "list": lambda one: listed(one, one.example),
        "number": lambda one: float(one.example),
        "text": lambda one: one.example,
    }
    return {one.option: read[kinds[one.option]](one) for one in pack.form if one.example}


def asked_by(pack: Pack, ruleset: str, filled: Filled, form: str) -> tuple[PatientAsked, list[Fault]]:
    """What a form asks for, but for fields that cannot be read, and the faults of these."""
    kinds = kinds_of(pack)
    flags = {option.name: option.flags[0] for option in pack.options}
    said: dict[str, Any] = {}
    faults: list[Fault] = []
    for one in pack.form:
        text = filled.texts.get(one.option, "")
        if not text.strip():
            continue
        match kinds[one.option]:
            case "list":
                if parts := listed(one, text):
                    said[one.option] = parts
            case "number":
                number = plain_number(text.strip())
                if number is not None:
                    said[one.option] = number
                else:
                    faults.append(Fault(where=flags[one.option], message=f"'{text}' is no number", expected="a number"))
            case "text":
                said[one.option] = text if one.rows > 1 else text.strip()
            case "file":
                faults.append(Fault(where=one.option, message="is no file", expected="a file"))
    on = datetime.date.today()
    if written := filled.texts.get(DATE.option, "").strip():
        try:
            on = datetime.date.fromisoformat(written)
        except ValueError:
            faults.append(Fault(where="--date", message=f"'{written}' is no date", expected="YYYY-MM-DD"))
    if form not in FORMATS:
        faults.append(Fault(where="format", message=f"'{form}' is no form of a report", expected=", ".join(FORMATS)))
    language = filled.texts.get(LANGUAGE, "").strip() or ENGLISH
    if language not in languages():
        known = ", ".join(languages())
        faults.append(Fault(where="--language", message=f"unknown language '{language}'", expected=f"one of {known}"))
    faults += file_faults(pack, filled.files)
    asked = PatientAsked(
        ruleset,
        on,
        said,
        filled.files,
        filled.texts.get(SAMPLE.option, "").strip() or None,
        "keep_going" in filled.on,
        "all_drugs" in filled.on,
        "no_options" not in filled.on,
        form,
        language,
    )
    return asked, faults


def file_faults(pack: Pack, files: Iterable[GivenFile]) -> list[Fault]:
    """What is wrong with what files are given for."""
    kinds = kinds_of(pack)
    known = {one.option for one in pack.form if one.file or (kinds[one.option] == "file" and one.option != FILES)}
    expected = f"one of {', '.join(sorted(known))}" if known else "a file of the patient"
    return [
        Fault(where=file.name, message=f"'{file.option}' takes no file", expected=expected)
        for file in files
        if file.option and file.option not in known
    ]


@dataclass(frozen=True)
class ShownFault:
    """A fault as a page lists it: its text, and the field to mend, "" where it is of none."""

    text: str
    field: str


def shown_faults(pack: Pack, filled: Filled, faults: Sequence[Mapping[str, Any]]) -> list[ShownFault]:
    """The faults with the fields of a form in place of the options of the command line that they speak of."""
    labels = {SAMPLE.option: SAMPLE.label, DATE.option: DATE.label, LANGUAGE: "Language", "ruleset": "rule set"}
    labels |= {one.option: one.label for one in pack.form}
    fields = {flag: option.name for option in pack.options for flag in option.flags}
    fields |= {f"--{name.replace('_', '-')}": name for name in labels}
    of_files = {file.name: file.option or FILES for file in filled.files}

    def label(match: re.Match[str]) -> str:
        name = fields.get(match[0])
        return f"“{labels[name]}”" if name in labels else match[0]

    found = []
    for one in faults:
        where = str(one["where"])
        name = fields.get(where) or (where if where in labels else of_files.get(where, ""))
        if not name:
            named = [fields[flag] for flag in _FLAG.findall(str(one["message"])) if flag in fields]
            name = named[0] if named else FILES if "file" in str(one["message"]) else ""
        place = labels.get(name, "") if where not in of_files else where
        said = Fault(**{**one, "where": place})
        found.append(ShownFault(_FLAG.sub(label, str(said)), "" if name == "ruleset" else name))
    return found
