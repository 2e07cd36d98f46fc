"""Fixtures shared by all tests. No test reads or writes the cache of the user who runs it."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

import resistab
from resistab.domains.oncology.interpreter import TumourInterpreter
from resistab.domains.oncology.kinds.loader import load_rulebase_folder
from resistab.domains.oncology.kinds.models import Rulebase
from resistab.domains.oncology.report.model import Report
from tests.paths import SMALL
from tests.rulesets import Edits, lay_over, replace_once

# A busy machine is no fault of an example.
settings.register_profile("resistab", deadline=None)
# What is accepted must not hang on luck: there the same examples are tried each time, everywhere else new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "resistab"))

ON = datetime.date(2026, 11, 21)

RulebaseCopy = Callable[..., Path]
MakeReport = Callable[..., Report]


@pytest.fixture(scope="session", autouse=True)
def cache_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """RESISTAB_CACHE, also for the processes that tests start, is a folder of this run."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("resistab-cache")
        patch.setenv("RESISTAB_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def oncology() -> TumourInterpreter:
    """The interpreter of the shipped oncology rules."""
    return resistab.load("oncology")


@pytest.fixture(scope="session")
def make_report(oncology: TumourInterpreter) -> MakeReport:
    def make(
        tumour: str,
        findings: Sequence[str] = (),
        assayed: Sequence[str] = (),
        sample: str = "S-1",
        keep_going: bool = False,
        prior: Sequence[str] | None = None,
    ) -> Report:
        genotype = oncology.genotype(tumour, findings, assayed, prior, sample, keep_going)
        return oncology.interpret(genotype, on=ON)

    return make


@pytest.fixture(scope="session")
def melanoma(make_report: MakeReport) -> Report:
    """BRAF V600E with NRAS Q61K, as after relapse on a BRAF inhibitor; nothing else was assayed."""
    return make_report("MEL", ["BRAF V600E", "NRAS Q61K"])


@pytest.fixture(scope="session")
def colon(make_report: MakeReport) -> Report:
    """NRAS and BRAF assayed, KRAS not; APC is a gene with no curated association."""
    return make_report("COAD", ["APC R213*"], ["NRAS", "BRAF"])


@pytest.fixture
def small_rulebase_copy(tmp_path: Path) -> RulebaseCopy:
    """Makes a folder ``small`` with the small rule set, changed as asked, and returns it.

    ``overlay`` is a folder that is laid over it (see ``lay_over``); ``replace`` maps a file to (old, new) texts.
    """

    def copy(overlay: Path | None = None, replace: Edits | None = None) -> Path:
        folder = tmp_path / "small"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(SMALL, folder)
        if overlay is not None:
            lay_over(overlay, folder)
        for name, (old, new) in (replace or {}).items():
            replace_once(folder / name, old, new)
        return folder

    return copy


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rulebase:
    """The small rule set, loaded and checked."""
    folder = tmp_path_factory.mktemp("rulebases") / "small"
    shutil.copytree(SMALL, folder)
    return load_rulebase_folder(folder)
