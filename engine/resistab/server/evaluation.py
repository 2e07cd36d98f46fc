"""What a worker does: the report on one patient, by the functions that the command line calls."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from resistab.core.agreement import DisagreementError
from resistab.core.faults import ExtraMissingError, Fault, FaultsError, InputError, RulebaseError
from resistab.core.rete import ReteError
from resistab.domains.loading import load
from resistab.domains.one_patient import report_on
from resistab.domains.pack import Given, Pack
from resistab.domains.registry import pack_of
from resistab.files.opening import in_memory
from resistab.files.sample_names import some_of
from resistab.report.language import ENGLISH, speaking
from resistab.rulesets.find import ruleset_folder
from resistab.server.asked import PatientAsked, Refused, ReportMade, fault
from resistab.server.settings import ServerSettings

_settings = ServerSettings()
_digests: dict[str, str] = {}


def prepare(settings: ServerSettings, digests: Mapping[str, str]) -> None:
    """Load the rule sets, which have these digests by their ids, once, before the first patient is asked of."""
    global _settings, _digests
    _settings, _digests = settings, dict(digests)
    _interpreter.cache_clear()
    for ruleset in digests:
        # What is wrong by now is told to whoever asks.
        with contextlib.suppress(RulebaseError):
            _interpreter(ruleset)


@cache
def _interpreter(ruleset: str) -> tuple[Pack, Any]:
    """The pack and interpreter of a rule set; raises ``RulebaseError`` where it is not what the server began with."""
    folder = ruleset_folder(ruleset, _settings.rulebase)
    interpreter = load(ruleset, _settings.rulebase, _settings.overlay)
    if interpreter.rulebase.digest != _digests[ruleset]:
        message = "the rules have changed since the server was started"
        raise RulebaseError([Fault(where=ruleset, message=message, expected="that it is started anew")])
    return pack_of(folder), interpreter


def made(asked: PatientAsked, faults: Sequence[Mapping[str, Any]] = ()) -> ReportMade | Refused:
    """The report that is asked for, or why there is none; raises nothing.

    Where there are ``faults`` already, those of what can be read stand behind them, and no report is made.
    """
    answer = _told(asked, _read if faults else _made)
    if isinstance(answer, Refused) and not answer.failed:
        return Refused([*faults, *answer.faults], answer.samples)
    if answer is None or faults:
        return Refused(faults)
    return answer


def _told(
    asked: PatientAsked, make: Callable[[PatientAsked], ReportMade | Refused | None]
) -> ReportMade | Refused | None:
    """What ``make`` makes, or why it does not; raises nothing."""
    try:
        return make(asked)
    except FaultsError as error:
        return Refused(error.as_data(), failed=isinstance(error, RulebaseError))
    except ExtraMissingError as error:
        return Refused([fault(str(error), where="format")])
    except (DisagreementError, ReteError) as error:
        return Refused([fault(f"no report was made: {error}")], failed=True)
    except MemoryError:
        return Refused([fault("no report was made: it would take more memory than there is")], failed=True)
    except Exception as error:
        # Nothing of the patient is told here, which the text of an error may hold.
        at = traceback.extract_tb(error.__traceback__)[-1]
        message = f"no report was made: resistab failed ({type(error).__name__}, {Path(at.filename).name}:{at.lineno})"
        return Refused([fault(message)], failed=True)


def looked_up(ruleset: str, text: str) -> dict[str, Any] | Refused:
    """What the rules say of ``text``, as data; see ``curate.looked_up`` of a pack."""
    from resistab.curation.kit.looked_up import as_data

    try:
        pack, interpreter = _interpreter(ruleset)
        found = pack.curate.looked_up(interpreter.rulebase, ruleset_folder(ruleset, _settings.rulebase), text, {})
    except FaultsError as error:
        return Refused(error.as_data(), failed=isinstance(error, RulebaseError))
    return {"text": text, **as_data(found), "suggestions": list(found.near)}


def _made(asked: PatientAsked) -> ReportMade | Refused:
    pack, interpreter = _interpreter(asked.ruleset)
    with in_memory(_contents(asked), _settings.most_unpacked_bytes):
        found = pack.inputs.genotypes(interpreter, _given(pack, asked))
        if len(found) > 1:
            return _several([str(genotype.sample) for genotype in found])
        report = report_on(pack, interpreter, found[0], asked.on, asked.all_drugs, asked.options)
    # Imported here: a worker needs it for its first report only.
    from resistab.report.page import report_id

    return ReportMade(_written(pack, interpreter, report, asked), report_id(report))


def _read(asked: PatientAsked) -> Refused | None:
    """Read what is given, and make nothing of it; raises ``InputError`` with every fault of it."""
    pack, interpreter = _interpreter(asked.ruleset)
    with in_memory(_contents(asked), _settings.most_unpacked_bytes):
        found = pack.inputs.genotypes(interpreter, _given(pack, asked))
    return _several([str(genotype.sample) for genotype in found]) if len(found) > 1 else None


def _several(names: Sequence[str]) -> Refused:
    message = f"{len(names):,} samples are given, and a report is on one"
    return Refused([fault(message, "sample", f"one of {some_of(names)}")], samples=tuple(names))


def _contents(asked: PatientAsked) -> dict[Path, bytes]:
    """What is in each file, by its name; raises ``InputError`` where two have the same."""
    contents: dict[Path, bytes] = {}
    faults = []
    for file in asked.files:
        path = Path(file.name)
        if path in contents:
            faults.append(Fault(where=file.name, message="is the name of two files", expected="each name once"))
        contents[path] = file.content
    if faults:
        raise InputError(faults)
    return contents


def _given(pack: Pack, asked: PatientAsked) -> Given:
    said = dict(asked.said)
    by_name = {field.option: field for field in pack.form}
    for file in asked.files:
        if file.option and file.option not in by_name:
            continue
        if file.option and by_name[file.option].file:
            said[file.option] = [*said.get(file.option, ()), Path(file.name)]
        elif file.option:
            if file.option in said:
                raise InputError([Fault(where=file.option, message="is given twice", expected="one file")])
            said[file.option] = Path(file.name)
    files = tuple(Path(file.name) for file in asked.files if not file.option)
    return Given(files, asked.sample, asked.keep_going, said, own_files=False)


def _written(pack: Pack, interpreter: Any, report: Any, asked: PatientAsked) -> bytes:
    """The report as a file of the form that is asked for holds it; raises ``ExtraMissingError``."""
    match asked.form:
        case "pdf":
            from resistab.report.pdf import pdf

            return pdf(_page(pack, report, asked.language), report.generated_on)
        case "html":
            text = _page(pack, report, asked.language)
        case "fhir":
            text = pack.report.fhir(report, interpreter.rulebase) + "\n"
        case "table":
            from resistab.report.table import csv_table

            text = "".join(csv_table(pack.report.TABLE_COLUMNS, [list(pack.report.table_rows(report))]))
        case _:
            text = report.to_json() + "\n"
    # Half a character, as JSON may name it, is written as the command line writes it into a file.
    return text.encode("utf-8", "backslashreplace")


def _page(pack: Pack, report: Any, language: str) -> str:
    from resistab.report.translations import language_named

    with speaking(language_named(language)):
        return pack.report.html(report)


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages in which pages can be made here, English first."""
    from resistab.report.translations import require_languages, shipped_languages

    try:
        require_languages()
    except ExtraMissingError:
        return (ENGLISH,)
    return (ENGLISH, *(code for code in shipped_languages() if code != ENGLISH))


def forms() -> tuple[str, ...]:
    """The forms of reports that can be made here, by what is installed."""
    from resistab.report.fhir import require_fhir
    from resistab.report.pdf import require_pdf

    found = ["html", "json"]
    for form, require in (("pdf", require_pdf), ("fhir", require_fhir)):
        try:
            require()
        except ExtraMissingError:
            continue
        found.append(form)
    return (*found, "table")
