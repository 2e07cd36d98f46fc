"""Explained and cited interpretation of genotypes for drug resistance.

>>> import resistab
>>> interpreter = resistab.load("oncology")
>>> genotype = interpreter.genotype(tumour="LUAD", findings=["EGFR L858R", "EGFR T790M"])
>>> report = interpreter.interpret(genotype)
>>> {v.drug: v.verdict for v in report.verdicts}["gefitinib"]
'resistant'

The names below are loaded when they are first used, so that ``import resistab`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from resistab.faults import Fault, FaultsError, InputError, RulebaseError
    from resistab.interpreter import Interpreter, load
    from resistab.patient.genotype import Genotype
    from resistab.report.model import Report
    from resistab.report.viral_model import ViralReport
    from resistab.rulebase.models import Rulebase
    from resistab.viral_interpreter import ViralInterpreter, load_virus

_HOMES = {
    "Fault": "resistab.faults",
    "FaultsError": "resistab.faults",
    "InputError": "resistab.faults",
    "RulebaseError": "resistab.faults",
    "Genotype": "resistab.patient.genotype",
    "Interpreter": "resistab.interpreter",
    "Report": "resistab.report.model",
    "Rulebase": "resistab.rulebase.models",
    "ViralInterpreter": "resistab.viral_interpreter",
    "ViralReport": "resistab.report.viral_model",
    "load": "resistab.interpreter",
    "load_virus": "resistab.viral_interpreter",
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
    "ViralInterpreter",
    "ViralReport",
    "load",
    "load_virus",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'resistab' has no attribute '{name}'")
