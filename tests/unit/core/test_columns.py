"""The evaluator of columns gives each patient what the fixpoint gives him alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from resistab.core.columns import CODES, ColumnProgram
from resistab.core.condition import Atom
from resistab.core.fixpoint import evaluate_by_fixpoint
from resistab.core.program import Program
from resistab.core.truth import Observation
from tests.random_rules import observations, programs

PROPERTY = settings(
    deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@settings(PROPERTY, max_examples=300)
@given(programs(), st.lists(observations, min_size=1, max_size=5))
def test_columns_hold_what_the_fixpoint_says_of_each_patient(
    program: Program, patients: list[dict[Atom, Observation]]
) -> None:
    columns = ColumnProgram(program)
    table = np.array([[CODES[seen[atom].truth] for seen in patients] for atom in columns.atoms], np.uint8)
    found = columns.evaluate(table.reshape(len(columns.atoms), len(patients)))
    for patient, seen in enumerate(patients):
        said = {head: found.values[found.codes[row, patient]] for row, head in enumerate(found.heads)}
        assert said == evaluate_by_fixpoint(program, seen)


def test_a_table_of_other_atoms_is_refused() -> None:
    with pytest.raises(ValueError, match="2 rows of observations for 0 atoms"):
        ColumnProgram(Program(digest="", strata=())).evaluate(np.zeros((2, 1), np.uint8))
