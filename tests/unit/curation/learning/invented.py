"""Invented phenotypes of which it is known what each mutation does."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

HEAD = "sample,patient,mutations,drug,value,resistant_from\n"


def invented(
    path: Path,
    effects: Mapping[str, float],
    shares: Mapping[str, float],
    passengers: Mapping[str, str] | None = None,
    *,
    patients: int = 300,
    seed: int = 1,
    shuffled: bool = False,
    drug: str = "EFV",
) -> Path:
    """A plain table at ``path``: log10 folds are sums of ``effects``, with noise of 0.15.

    A mutation is in the share of patients that ``shares`` says. A passenger goes with the mutation that is named for
    it, in nine of ten who have that one, and in nobody else. Each tenth patient has two samples. ``shuffled`` values
    belong to nobody.
    """
    chance = random.Random(seed)
    lines: list[tuple[str, str, Sequence[str], float]] = []
    for number in range(patients):
        held = [name for name, share in shares.items() if chance.random() < share]
        held += [name for name, of in (passengers or {}).items() if of in held and chance.random() < 0.9]
        for again in range(2 if number % 10 == 0 else 1):
            value = sum(effects.get(name, 0.0) for name in held) + chance.gauss(0, 0.15)
            lines.append((f"s{number}-{again}", f"p{number}", held, value))
    values = [line[3] for line in lines]
    if shuffled:
        chance.shuffle(values)
    text = HEAD + "".join(
        f'{sample},{patient},"{", ".join(held) or "none"}",{drug},{10**value:.3g},3\n'
        for (sample, patient, held, _), value in zip(lines, values, strict=True)
    )
    path.write_text(text, encoding="utf-8")
    return path
