"""Which drugs a report leads with."""

from __future__ import annotations

from resistab.domains.oncology.report.model import Report


def leading(report: Report) -> Report:
    """``report`` with the drugs used in the tumour type and those on which some row fired.

    The others are named in ``left_out``: nobody gives them there, and nothing was found for or against them.
    """
    kept = tuple(verdict for verdict in report.verdicts if verdict.relevant or verdict.contributions)
    left_out = [verdict.drug for verdict in report.verdicts if not (verdict.relevant or verdict.contributions)]
    return report.model_copy(update={"verdicts": kept, "left_out": (*report.left_out, *left_out)})
