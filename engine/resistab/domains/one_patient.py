"""The report on one patient, as every shell makes it: command line, page and HTTP API."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from resistab.domains.pack import Pack

if TYPE_CHECKING:
    from resistab.report.options.patient import EarlierSample

# So many seconds may be looked for what defeats regimens: far more than it takes, since what is cut off by time differs
# from run to run.
_SECONDS = 30.0


def report_on(
    pack: Pack, interpreter: Any, genotype: Any, on: datetime.date | None, all_drugs: bool, options: bool
) -> Any:
    """The report that bears the date ``on``, without ``options`` without what is open to the patient.

    Raises what ``Interpreter.interpret`` raises.
    """
    report = pack.report.interpreted(interpreter, genotype, on, all_drugs)
    return with_options(pack, interpreter, genotype, report) if options else report


def with_options(
    pack: Pack, interpreter: Any, genotype: Any, report: Any, earlier: tuple[EarlierSample, ...] = ()
) -> Any:
    """The report with what is open to the patient, where the rule set holds regimens."""
    if "regimens" in pack.cannot or interpreter.rulebase.manifest.regimens is None:
        return report
    from resistab.report.options.patient import OptionsAsked

    asked = OptionsAsked(seconds=_SECONDS, history=earlier)
    return report.model_copy(update={"options": pack.regimens.options(interpreter, genotype, report, asked)})
