"""What a panel covers: a published one of the rule set, a BED file of its targets, or a list of genes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from resistab.core.faults import Fault, InputError, fault_in, shortened
from resistab.core.printable import printable
from resistab.core.records import dataclass
from resistab.core.said import said
from resistab.domains.oncology.inputs.assembly import GivenText
from resistab.domains.oncology.inputs.builds import Build, build_named
from resistab.domains.oncology.inputs.coverage import Covered
from resistab.domains.oncology.kinds.coding_exons import CodingExons
from resistab.domains.oncology.kinds.models import Panel, Rulebase
from resistab.files.beside import NotBesideError, file_beside
from resistab.files.opening import at_rest, head, is_folder, read_once, text_lines
from resistab.files.tables import MOST_FAULTS
from resistab.report.words import few

_BUILDS: tuple[Build, ...] = ("GRCh37", "GRCh38")
_BASE = re.compile(r"[0-9]{1,12}")
_LONGEST_LOCUS = 100
_MOST_LOCI = 100_000
_MOST_TARGETS = 5_000_000
_PLACE = re.compile(r"(?:chr)?(?:[0-9]{1,2}|X|Y|M|MT)[\t ]+[0-9]+[\t ]+[0-9]+(?:[\t ]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class GivenPanel:
    """What was assayed, as loci; the specimen and the limit of detection where the panel's definition states them.

    ``notes`` say what of a file could not be used.
    """

    name: str
    loci: tuple[GivenText, ...]
    specimen: Literal["tissue", "ctDNA"] | None = None
    limit_of_detection: float | None = None
    notes: tuple[str, ...] = ()


def read_panel(given: str, rulebase: Rulebase, exons: CodingExons | None) -> GivenPanel:
    """The panel that ``given``, which the user said, names: one of the rule set by its id or name, else a file.

    Raises ``InputError`` where there is none such, or the file is faulty.
    """
    if (panel := panel_named(rulebase, given)) is not None:
        return _published(panel, rulebase)
    path = Path(given)
    if not given.strip() or not _exists(path):
        raise _no_panel(given, rulebase, f"there is no panel and no file '{shortened(given, 80)}'")
    return _from_file(path, exons)


def read_panel_beside(given: str, folder: Path | None, rulebase: Rulebase, exons: CodingExons | None) -> GivenPanel:
    """The panel that a patient's file names: one of the rule set, else a regular file in the ``folder`` of that file.

    ``folder`` is None where the patient came through no file. Raises ``InputError``, which quotes nothing of a file
    that lies elsewhere.
    """
    if (panel := panel_named(rulebase, given)) is not None:
        return _published(panel, rulebase)
    shown = f"the panel '{shortened(given, 80)}'"
    if folder is None:
        raise _no_panel(given, rulebase, f"{shown} is none of the rule set, and there is no file beside which to look")
    try:
        path = file_beside(folder, given.strip())
    except NotBesideError as error:
        raise _no_panel(given, rulebase, f"{shown} is none of the rule set, and as a file it {error}") from error
    return _from_file(path, exons)


def _no_panel(given: str, rulebase: Rulebase, message: str) -> InputError:
    names = [panel.panel for panel in rulebase.panels]
    expected = f"one of {', '.join(names)}, a BED file, or a list of genes" if names else "a file"
    return InputError(
        [Fault(where="--panel", message=message, expected=expected, suggestion=_nearest(rulebase, given))]
    )


def _from_file(path: Path, exons: CodingExons | None) -> GivenPanel:
    with read_once(path):
        begin = head(path).decode("utf-8", "replace")
        first = next((line for line in begin.splitlines() if line.strip() and not _is_comment(line)), "")
        if _PLACE.match(first):
            return _bed(path, exons)
        return _genes(path)


def panel_named(rulebase: Rulebase, name: str) -> Panel | None:
    """The panel of the rule set with this id or name, whatever its case, hyphens, spaces and marks; None for none."""
    plain = _plain(name)
    return next((panel for panel in rulebase.panels if plain and plain in map(_plain, _names(panel))), None)


def _names(panel: Panel) -> tuple[str, ...]:
    return (panel.panel, panel.name, *panel.other_names)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", name.casefold())


def _nearest(rulebase: Rulebase, given: str) -> str | None:
    """The panels whose names are most like ``given``, by id; None where none is."""
    # Imported here: a start that has nothing to suggest does without it.
    from rapidfuzz import fuzz, process

    names = [(name, panel.panel) for panel in rulebase.panels for name in _names(panel)]
    spelled = [re.sub(r"[^a-z0-9.]+", " ", name.casefold()) for name, _ in names]
    asked = re.sub(r"[^a-z0-9.]+", " ", given.casefold()).strip()
    if len(asked) < 3:
        return None
    near = process.extract(asked, spelled, scorer=fuzz.token_sort_ratio, score_cutoff=70, limit=6)
    shared = process.extract(asked, spelled, scorer=fuzz.token_set_ratio, score_cutoff=95, limit=6)
    found = dict.fromkeys(names[index][1] for _, _, index in (*near, *shared))
    return " or ".join(list(found)[:3]) or None


def _exists(path: Path) -> bool:
    try:
        return at_rest(path).exists() and not is_folder(path)
    except (OSError, ValueError):
        # Longer than any name of a file can be.
        return False


def _is_comment(line: str) -> bool:
    return line.startswith(("#", "track", "browser"))


def _published(panel: Panel, rulebase: Rulebase) -> GivenPanel:
    def place(message: str, expected: str | None, suggestion: str | None) -> Fault:
        where = f"panels/{panel.panel}.yaml"
        return Fault(where=where, message=message, expected=expected, suggestion=suggestion)

    shown = f"panel {panel.name}"
    return GivenPanel(
        panel.name,
        tuple(GivenText(locus, place, shown) for locus in panel.loci(rulebase.genes)),
        panel.specimen,
        panel.limit_of_detection,
        (panel.note,) if panel.note else (),
    )


def _genes(path: Path) -> GivenPanel:
    """A gene or locus on each line, as after ``assayed``: a gene alone is its mutations and its copies."""
    loci: list[GivenText] = []
    name = printable(path.name)
    for number, line in text_lines(path):
        text = line.partition("#")[0].strip()
        if text:
            if len(loci) == _MOST_LOCI:
                message = f"names more than {_MOST_LOCI:,} genes or loci"
                raise InputError([Fault(where=str(path), line=number, message=message, expected="a gene on each line")])
            if len(text) > _LONGEST_LOCUS:
                message = f"'{shortened(text)}' is no gene or locus"
                raise InputError([Fault(where=str(path), line=number, message=message, expected="a gene on each line")])
            loci.append(GivenText(text, fault_in(str(path), number), f"{text}, by {name}"))
    if not loci:
        raise InputError([Fault(where=str(path), message="names no gene", expected="a gene on each line")])
    return GivenPanel(name, tuple(loci))


@dataclass(frozen=True)
class _Target:
    chromosome: str
    start: int
    end: int
    name: str


def _bed(path: Path, exons: CodingExons | None) -> GivenPanel:
    """A BED file: the residues whose codons lie in its targets, of the genes whose coding exons the rule set knows."""
    where = str(path)
    if exons is None:
        message = "this rule set does not know where exons lie, so that no BED file can be used"
        raise InputError([Fault(where=where, message=message, expected="a list of genes")])
    builds: set[Build] = set()
    targets = list(_targets(path, builds))
    covered = Covered()
    for target in targets:
        covered.add(target.chromosome, target.start + 1, target.end)
    if len(builds) > 1:
        raise InputError([Fault(where=where, message="names two genome builds", expected="one of them")])
    loci = {build: list(covered.loci(exons, build)) for build in (builds or _BUILDS)}
    build = max(loci, key=lambda name: len(loci[name]))
    others = [name for name in loci if name != build and 2 * len(loci[name]) >= len(loci[build])]
    if others or not loci[build]:
        message = (
            "fits both genome builds alike" if loci[build] else "covers no codon of a gene that the rule set knows"
        )
        expected = "a line '# GRCh37' or '# GRCh38' at its top" if loci[build] else "targets on GRCh37 or GRCh38"
        raise InputError([Fault(where=where, message=message, expected=expected)])
    place = fault_in(where, 1)
    file = printable(path.name)
    known = set(exons.genes(build))
    named = {re.split(r"[^A-Za-z0-9-]", target.name)[0] for target in targets if target.name}
    unknown = sorted(name for name in named if name and name not in known and name[:1].isalpha())
    on = "{file} was read on {build}; it says which residues were sequenced, not whether copies or fusions were"
    notes = [said(on, file=file, build=build)]
    if unknown:
        without = "of what {file} names, the rule set does not know the coding exons, and counts as unknown: {names}"
        notes.append(said(without, file=file, names=few(unknown, 10)))
    return GivenPanel(
        file,
        tuple(GivenText(locus, place, f"targets of {file}") for locus in loci[build]),
        notes=tuple(notes),
    )


def _targets(path: Path, said: set[Build]) -> Iterator[_Target]:
    faults: list[Fault] = []
    read = 0
    for number, line in text_lines(path):
        if not line.strip() or _is_comment(line):
            said |= {
                build for word in re.findall(r"(?:GRCh|hg)[0-9]+", line, re.IGNORECASE) if (build := build_named(word))
            }
            continue
        parts = line.split("\t") if "\t" in line else line.split()
        if len(parts) < 3 or not all(map(_BASE.fullmatch, parts[1:3])) or int(parts[1]) >= int(parts[2]):
            if len(faults) < MOST_FAULTS:
                expected = "chromosome, start (from 0) and end after it, separated by tabs"
                faults.append(Fault(where=str(path), line=number, message=f"found '{line[:60]}'", expected=expected))
            continue
        if (read := read + 1) > _MOST_TARGETS:
            message = f"has more than {_MOST_TARGETS:,} targets"
            raise InputError([Fault(where=str(path), line=number, message=message, expected="the targets of a panel")])
        yield _Target(parts[0], int(parts[1]), int(parts[2]), parts[3] if len(parts) > 3 else "")
    if faults:
        raise InputError(faults)
