"""``--verify``: a third evaluator beside the two, for the time of one command."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from resistab.cli.exit_codes import usage
from resistab.core.domain import Interpreter


@contextmanager
def verifying(interpreter: Interpreter, wanted: bool) -> Iterator[None]:
    """Has all that is interpreted within verified where it is ``wanted``, and tells at the end that it was.

    What the third evaluator needs must be installed; else the command line is refused.
    """
    if not wanted:
        yield
        return
    # Imported here: most starts verify nothing.
    from resistab.core.faults import ExtraMissingError
    from resistab.core.verification import Verifier

    try:
        verifier = Verifier()
    except ExtraMissingError as error:
        usage(f"--verify: {error}")
    interpreter.verifier = verifier
    try:
        yield
    finally:
        interpreter.verifier = None
    print(f"verified: {verifier.rules} rules by clingo", file=sys.stderr)
