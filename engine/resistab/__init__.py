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
    from resistab.core.faults import Fault, FaultsError, InputError, RulebaseError
    from resistab.domains.oncology.genotype import Genotype
    from resistab.domains.oncology.interpreter import Interpreter, load
    from resistab.domains.oncology.kinds.models import Rulebase
    from resistab.domains.oncology.report.model import Report
    from resistab.domains.virus.interpreter import ViralInterpreter, load_virus
    from resistab.domains.virus.report.model import ViralReport

_HOMES = {
    "Fault": "resistab.core.faults",
    "FaultsError": "resistab.core.faults",
    "InputError": "resistab.core.faults",
    "RulebaseError": "resistab.core.faults",
    "Genotype": "resistab.domains.oncology.genotype",
    "Interpreter": "resistab.domains.oncology.interpreter",
    "Report": "resistab.domains.oncology.report.model",
    "Rulebase": "resistab.domains.oncology.kinds.models",
    "ViralInterpreter": "resistab.domains.virus.interpreter",
    "ViralReport": "resistab.domains.virus.report.model",
    "load": "resistab.domains.oncology.interpreter",
    "load_virus": "resistab.domains.virus.interpreter",
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
