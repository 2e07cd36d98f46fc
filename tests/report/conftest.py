from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

import pytest

from resistab.domains.oncology.interpreter import Interpreter, load
from resistab.domains.oncology.report.model import Report

ON = datetime.date(2026, 11, 21)


@pytest.fixture(scope="session")
def interpreter() -> Interpreter:
    return load("oncology")


MakeReport = Callable[..., Report]


@pytest.fixture(scope="session")
def make_report(interpreter: Interpreter) -> MakeReport:
    def make(
        tumour: str,
        findings: Sequence[str] = (),
        assayed: Sequence[str] = (),
        sample: str = "S-1",
        keep_going: bool = False,
        prior: Sequence[str] | None = None,
    ) -> Report:
        genotype = interpreter.genotype(tumour, findings, assayed, prior, sample, keep_going)
        return interpreter.interpret(genotype, on=ON)

    return make


@pytest.fixture(scope="session")
def melanoma(make_report: MakeReport) -> Report:
    """BRAF V600E with NRAS Q61K, as after relapse on a BRAF inhibitor; nothing else was assayed."""
    return make_report("MEL", ["BRAF V600E", "NRAS Q61K"])


@pytest.fixture(scope="session")
def colon(make_report: MakeReport) -> Report:
    """NRAS and BRAF assayed, KRAS not; APC is a gene of which no rule speaks."""
    return make_report("COAD", ["APC R213*"], ["NRAS", "BRAF"])
