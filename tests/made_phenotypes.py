"""Made-up phenotypes of HIV's reverse transcriptase under efavirenz, whose truth is known.

The logarithm of a fold is a sum: of what each mutation adds, of what two together take away, and of a little noise.
``PLAIN_EFFECTS`` and ``PAIR`` are that truth; of ``WITHOUT_EFFECT`` nothing follows.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PLAIN_EFFECTS: Mapping[str, float] = {"K103N": 1.6, "Y181C": 0.6, "G190A": 0.9, "K65R": 0.3, "M184V": 0.2}
PAIR, PAIR_EFFECT = ("K65R", "M184V"), -0.4
WITHOUT_EFFECT = "I135T"
CEILING, CUTOFF = 100.0, 3.0
NOISE = 0.1
# How many of a hundred patients have a mutation.
_OFTEN: Mapping[str, int] = {"K103N": 30, "Y181C": 25, "G190A": 20, "K65R": 35, "M184V": 40, "I135T": 40}
_STANFORD = "SeqID\tPtID\tPubYear\tEFV\tEFV_res\tNVP\tNVP_res\tCompMutList\n"
_PLAIN = "sample,patient,mutations,drug,measure,value,resistant_from\n"


@dataclass(frozen=True)
class MadeSample:
    """One isolate: whose it is, its mutations as written, and log10 of its fold under efavirenz, without a ceiling."""

    sample: str
    patient: str
    mutations: tuple[str, ...]
    log_fold: float

    @property
    def fold(self) -> float:
        """The fold as the assay tells it: with one decimal, at least 0.1 and at most the ceiling."""
        return min(max(round(10**self.log_fold, 1), 0.1), CEILING)


def made_samples(
    patients: int = 160, seed: int = 1, noise: float = NOISE, isolates: int = 1, often: Mapping[str, int] = _OFTEN
) -> list[MadeSample]:
    """So many isolates of each patient; all isolates of one patient have the same mutations."""
    chance = random.Random(seed)
    found = []
    for patient in range(patients):
        mutations = tuple(name for name, share in often.items() if chance.random() * 100 < share)
        truth = sum(PLAIN_EFFECTS.get(name, 0.0) for name in mutations)
        truth += PAIR_EFFECT if set(PAIR) <= set(mutations) else 0.0
        for _ in range(isolates):
            number = len(found) + 1
            found.append(MadeSample(f"{number}", f"P{patient + 1}", mutations, truth + chance.gauss(0, noise)))
    return found


def stanford_text(samples: Sequence[MadeSample]) -> str:
    """As Stanford's sets are written: folds and calls of EFV and NVP (of which nothing was measured)."""
    lines = [
        f"{one.sample}\t{one.patient}\t2020\t{one.fold:.1f}\t"
        f"{'Resistant' if one.fold >= CUTOFF else 'Susceptible'}\tNA\tNA\t{', '.join(one.mutations) or 'NA'}\n"
        for one in samples
    ]
    return _STANFORD + "".join(lines)


def plain_text(samples: Sequence[MadeSample], drug: str = "EFV") -> str:
    """As the plain table: what reaches the ceiling is told as above it."""
    lines = [
        f'{one.sample},{one.patient},"{"RT:" + " ".join(one.mutations) if one.mutations else "RT:none"}",{drug},'
        f"fold change,{'>' if one.fold == CEILING else ''}{one.fold:g},{CUTOFF:g}\n"
        for one in samples
    ]
    return _PLAIN + "".join(lines)
