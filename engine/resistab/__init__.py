"""Explained and cited interpretation of genotypes for drug resistance.

>>> import resistab
>>> interpreter = resistab.load("oncology")
>>> genotype = interpreter.genotype(tumour="LUAD", findings=["EGFR L858R", "EGFR T790M"])
>>> report = interpreter.interpret(genotype)
>>> {v.drug: v.verdict for v in report.verdicts}["gefitinib"]
'resistant'

``load`` opens a rule set of any domain. The names below are loaded when they are first used, so that ``import
resistab`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from resistab.core.domain import Interpreter
    from resistab.core.faults import Fault, FaultsError, InputError, RulebaseError
    from resistab.domains.loading import load
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.domains.oncology.report.model import Report
    from resistab.domains.virus.report.model import ViralReport

_HOMES = {
    "Fault": "resistab.core.faults",
    "FaultsError": "resistab.core.faults",
    "InputError": "resistab.core.faults",
    "Genotype": "resistab.domains.oncology.genotype",
    "Interpreter": "resistab.core.domain",
    "Report": "resistab.domains.oncology.report.model",
    "Rulebase": "resistab.domains.oncology.kinds.models",
    "ViralReport": "resistab.domains.virus.report.model",
    "RulebaseError": "resistab.core.faults",
    "load": "resistab.domains.loading",
}

# Names of version 0.1.0 that ``load`` has made needless.
_FORMER = {
    "ViralInterpreter": ("resistab.domains.virus.interpreter", "ViralInterpreter"),
    "load_virus": ("resistab.domains.loading", "load"),
}

__all__ = [
    "Fault",
    "FaultsError",
    "Genotype",
    "InputError",
    "Interpreter",
    "Report",
    "Rulebase",
    "RulebaseError",
    "ViralReport",
    "load",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _FORMER:
        import importlib
        import warnings

        module, now = _FORMER[name]
        warnings.warn(f"resistab.{name}: use resistab.load", DeprecationWarning, stacklevel=2)
        found = getattr(importlib.import_module(module), now)
        # What it opened where it was called without a name.
        return (lambda ruleset="hiv1", *given, **named: found(ruleset, *given, **named)) if now == "load" else found
    raise AttributeError(f"module 'resistab' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
