"""The small rule set of germline genotypes, loaded once, and copies of it that are changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from resistab.core.faults import Fault
from resistab.core.plain import PlainVerdict
from resistab.domains.pharmacogenomics import kinds
from resistab.domains.pharmacogenomics.interpreter import GermlineInterpreter, make
from tests.paths import SMALL_PHARMACOGENOMICS
from tests.rulesets import edited

Judge = Callable[..., PlainVerdict]
FaultsOf = Callable[[str, str, str], tuple[Fault, ...]]


@pytest.fixture(scope="session")
def germline() -> GermlineInterpreter:
    return make(kinds.read(SMALL_PHARMACOGENOMICS).validated())


@pytest.fixture(scope="session")
def judge(germline: GermlineInterpreter) -> Judge:
    """The verdict on a drug by results as laboratories write them."""

    def verdict(drug: str, *findings: str) -> PlainVerdict:
        report = germline.interpret(germline.genotype(findings))
        return next(verdict for verdict in report.verdicts if verdict.drug == drug)

    return verdict


@pytest.fixture
def faults_of(tmp_path: Path) -> FaultsOf:
    """The faults of the small rule set with one text of a file replaced by another."""

    def faults(file: str, old: str, new: str) -> tuple[Fault, ...]:
        return kinds.read(edited(SMALL_PHARMACOGENOMICS, tmp_path / "small", {file: (old, new)})).faults

    return faults
