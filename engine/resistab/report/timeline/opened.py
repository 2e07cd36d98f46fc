"""What was open to a patient at each of its dated samples, and what is open now."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from resistab.report.options.model import Options
from resistab.report.options.patient import EarlierSample, OptionsAsked
from resistab.report.timeline.model import TakenSample, Therapy


class Regimens(Protocol):
    """What a pack's ``regimens`` gives."""

    def after(self, genotype: Any, therapies: Sequence[Therapy], rulebase: Any) -> Any:
        """The genotype after therapies."""
        ...

    def options(self, interpreter: Any, genotype: Any, report: Any, asked: OptionsAsked) -> Options | None:
        """What is open to a patient."""
        ...


def options_over_time(
    regimens: Regimens, interpreter: Any, samples: Sequence[TakenSample], therapies: Iterable[Therapy], seconds: float
) -> tuple[Options, ...]:
    """What was open at each of ``samples``, which stand in their order, by all that was found until then.

    Of the last one it is what is open now, after all therapies. For each the escapes are sought for so many
    ``seconds``. Empty where the rule set holds no regimens.
    """
    found: list[Options] = []
    earlier: list[EarlierSample] = []
    given = sorted(therapies, key=lambda therapy: therapy.start)
    for sample in samples:
        now = sample is samples[-1]
        known = given if now else _until(sample.date, given)
        genotype = regimens.after(sample.genotype, known, interpreter.rulebase) if known else sample.genotype
        report = sample.report if genotype == sample.genotype else interpreter.interpret(genotype)
        asked = OptionsAsked(seconds=seconds, history=tuple(earlier))
        options = regimens.options(interpreter, genotype, report, asked)
        if options is None:
            return ()
        found.append(options)
        earlier.append(EarlierSample(sample.genotype, sample.date))
    return tuple(found)


def _until(day: datetime.date, therapies: Iterable[Therapy]) -> list[Therapy]:
    """The therapies that had begun by a day, with what was known of them."""
    return [therapy.by(day) for therapy in therapies if therapy.start < day]
